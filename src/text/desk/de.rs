use super::*;

pub(super) static TEXT: DeskText = DeskText {
    frame: DeskFrameText {
        desk: "Einladungen verwalten",
        invitations: "Einladungen",
        new: "Neue Einladung",
        many: "Mehrere einladen",
        sign_out: "Abmelden",
        reads_only: "nur Ansicht",
    },
    notice: DeskNoticeText {
        sign_in: Message {
            title: "Anmelden, um Einladungen zu verwalten",
            body: "Dieser Bereich ist für Mitarbeitende, die Kunden einladen. Verwenden Sie Ihr \
                Firmenkonto.",
        },
        sign_in_button: "Mit Microsoft anmelden",
        another_account: "Anderes Konto verwenden",
        signed_out: Message {
            title: "Sie sind abgemeldet",
            body: "Bei Microsoft sind Sie in diesem Browser möglicherweise noch angemeldet.",
        },
        session_over: Message {
            title: "Ihre Sitzung ist abgelaufen",
            body: "Es wurde nichts geändert. Ihre Eingaben bleiben auf dieser Seite erhalten: \
                Melden Sie sich an, kehren Sie hierher zurück und senden Sie sie noch einmal.",
        },
        file_lost: "Die Datei müssen Sie noch einmal auswählen.",
        sign_in_first: "Anmelden (in neuem Tab)",
        send_again: "Noch einmal senden",
        no_role: Message {
            title: "Ihr Konto hat hier keinen Zugang",
            body: "Bitten Sie die Administration von Microsoft Entra ID, Ihnen in der \
                Unternehmensanwendung eine dieser Rollen zuzuweisen. Melden Sie sich danach neu an.",
        },
        signed_in_as: "Angemeldet als",
        to_manage: "um einzuladen und Einladungen zu ändern",
        to_read: "um Einladungen zu sehen",
        reads_only: Message {
            title: "Ihre Rolle erlaubt das nicht",
            body: "Sie können Einladungen sehen, aber nicht ändern. Bitten Sie die Administration \
                von Microsoft Entra ID um die Rolle Invitations.Manage.",
        },
        sign_in_failed: Message {
            title: "Die Anmeldung ist nicht gelungen",
            body: "Bitte versuchen Sie es noch einmal. Hilft das nicht, zeigen Sie diese Seite der \
                Administration von Microsoft Entra ID.",
        },
        number: "Nummer bei Microsoft",
        not_found: Message {
            title: "Diese Seite gibt es nicht",
            body: "Bitte prüfen Sie die Adresse.",
        },
        unknown_invitation: Message {
            title: "Diese Einladung gibt es nicht",
            body: "Einladungen werden einige Zeit nach der letzten Aktivität gelöscht.",
        },
        form_refused: Message {
            title: "Dieses Formular kann nicht angenommen werden",
            body: "Es wurde nichts geändert. Die Seite ist vielleicht alt oder wurde mit einem \
                anderen Konto geöffnet. Bitte öffnen Sie sie neu.",
        },
        too_large: Message {
            title: "Das ist zu viel auf einmal",
            body: "Es wurde nichts geändert. Bitte kürzen Sie Ihre Eingaben oder wählen Sie eine \
                kleinere Datei.",
        },
        try_again_later: Message {
            title: "Das geht gerade nicht",
            body: "Bitte versuchen Sie es in einer Minute noch einmal. Ob Ihre letzte Änderung \
                gespeichert wurde, ist nicht sicher: Prüfen Sie das, bevor Sie sie wiederholen.",
        },
        internal_error: Message {
            title: "Bei uns ist etwas schiefgegangen",
            body: "Der Fehler wurde aufgezeichnet. Bitte versuchen Sie es später noch einmal.",
        },
        back: "Zurück zu den Einladungen",
    },
    list: DeskListText {
        title: "Einladungen",
        whose: "Erstellt von",
        mine: "mir",
        everyones: "allen",
        status: "Status",
        any: "Alle",
        pending: "Offen",
        expired: "Abgelaufen",
        accepted: "Angenommen",
        completed: "Abgeschlossen",
        revoked: "Widerrufen",
        erased: "Gelöscht",
        delivery_failed: "Zustellung fehlgeschlagen",
        search: "E-Mail-Adresse, Kundennummer oder Firma",
        search_hint: "Vollständig, wie in der Einladung",
        show: "Anzeigen",
        reset: "Zurücksetzen",
        recipient: "Eingeladen",
        company: "Firma",
        created: "Erstellt",
        valid_until: "Gültig bis",
        empty: Message {
            title: "Noch keine Einladungen",
            body: "Sobald eine Einladung erstellt wurde, erscheint sie hier.",
        },
        nothing_found: Message {
            title: "Nichts gefunden",
            body: "Keine Einladung passt dazu. Die Suche findet E-Mail-Adresse, Kundennummer oder \
                Firma nur, wenn sie vollständig eingegeben sind.",
        },
        searched_on: Message {
            title: "Bisher nichts gefunden",
            body: "Ältere Einladungen wurden noch nicht durchsucht.",
        },
        older: "Ältere",
        newest: "Zurück zu den neuesten",
    },
    one: DeskOneText {
        pending: |until| format!("Kann bis {until} angenommen werden."),
        expired: |at| format!("Abgelaufen am {at}. Noch einmal senden verlängert die Einladung."),
        accepted: |at| {
            format!(
                "Angenommen am {at}. Der letzte Schritt fehlt noch: die Firma anlegen oder ihr beitreten."
            )
        },
        completed: |at| format!("Abgeschlossen am {at}: Die Firma wurde angelegt."),
        joined: |at| {
            format!("Abgeschlossen am {at}: der Firma beigetreten, die ein Kollege angelegt hat.")
        },
        revoked: |at| format!("Widerrufen am {at}."),
        erased: |at| format!("Die personenbezogenen Daten wurden am {at} gelöscht."),
        reason: "Grund",
        invitation: "Einladung",
        language: "Sprache",
        inviter: "Einladende Person",
        message: "Nachricht",
        registered: "Firma, wie erfasst",
        confirmed: "Firma, wie vom Kunden bestätigt",
        delivery: "Zustellung",
        timeline: "Verlauf",
        by: |who| format!("durch {who}"),
        by_staff: "durch eine Mitarbeiterin oder einen Mitarbeiter",
        by_integrator: "durch ein angebundenes System",
        actions: "Aktionen",
        resend: "Noch einmal senden",
        resend_hint: |until| {
            format!("Sendet denselben Link noch einmal und verlängert die Einladung bis {until}.")
        },
        correct: "Korrigieren",
        link: "Link anzeigen",
        link_body: "Behandeln Sie ihn wie ein Passwort und geben Sie ihn nur der eingeladenen \
            Person. Der Verlauf hält fest, dass Sie ihn gesehen haben.",
        link_unreadable: "Der Link kann nicht mehr gelesen werden, weil sein Schlüssel entfernt \
            wurde. Erstellen Sie eine neue Einladung.",
        revoke: "Widerrufen",
        revoke_question: "Diese Einladung widerrufen?",
        revoke_body: "Der Link funktioniert dann sofort nicht mehr. Das lässt sich nicht rückgängig \
            machen.",
        revoke_reason: "Grund (die eingeladene Person sieht ihn nicht)",
        erase: "Personenbezogene Daten löschen",
        erase_question: "Die personenbezogenen Daten dieser Einladung löschen?",
        erase_body: "Namen, Adressen und Firmendaten werden endgültig gelöscht, und eine offene \
            Einladung wird widerrufen. Das lässt sich nicht rückgängig machen.",
        cancel: "Abbrechen",
        resent: "Die Einladung wird noch einmal gesendet.",
        renewed: "Die Einladung wurde verlängert. Es wird keine E-Mail gesendet.",
        corrected: "Die Änderungen sind gespeichert. Mit „Noch einmal senden“ verschicken Sie die \
            Einladung neu.",
        revoked_now: "Die Einladung wurde widerrufen.",
        erased_now: "Die personenbezogenen Daten wurden gelöscht.",
        too_many_emails: |next| {
            format!(
                "An einem Tag wurden bereits fünf E-Mails gesendet. Die nächste ist möglich ab \
                 {next}."
            )
        },
        state_forbids: "Es wurde nichts geändert: Der Status der Einladung lässt das nicht zu.",
        conflict: "Es wurde nichts geändert: Die Einladung ist anders als zu dem Zeitpunkt, an dem \
            Sie sie geöffnet haben. So ist sie jetzt.",
    },
    correct: DeskCorrectText {
        correct_title: "Einladung korrigieren",
        save: "Speichern",
        not_mailed: "Der Link bleibt gleich. Beim Speichern wird keine E-Mail gesendet.",
        overtaken: "Die Einladung wurde geändert, seit Sie diese Seite geöffnet haben. Unten stehen \
            Ihre Eingaben; Speichern ersetzt die Änderungen der anderen.",
    },
    delivery: DeskDeliveryText {
        email: "E-Mail",
        webhook: "Angebundene Systeme",
        none: "Nichts zuzustellen.",
        queued: "Wird zugestellt.",
        retrying: |next| {
            format!("Konnte noch nicht zugestellt werden; nächster Versuch am {next}.")
        },
        delivered: |at| format!("Zugestellt, zuletzt am {at}."),
        failed: "Konnte nicht zugestellt werden:",
        no_mail_server: "Dieser Dienst sendet keine E-Mails.",
    },
    event: DeskEventText {
        created: "Einladung erstellt",
        sent: "E-Mail gesendet",
        delivery_failed: "E-Mail konnte nicht gesendet werden",
        resent: "Noch einmal gesendet oder verlängert",
        updated: "Korrigiert",
        link_revealed: "Link angezeigt",
        reminded: "Erinnerung gesendet",
        expired: "Abgelaufen",
        renewal_requested: "Eingeladene Person bittet um eine neue Einladung",
        approved: "Administration meldet, dass die App genehmigt ist",
        help_requested: "Eingeladene Person bittet um Hilfe",
        declined: "Eingeladene Person gibt an, nicht die richtige zu sein",
        accepted: "Angenommen",
        revoked: "Widerrufen",
        erased: "Personenbezogene Daten gelöscht",
        company_created: "Firma angelegt",
        company_joined: "Der Firma eines Kollegen beigetreten",
    },
};
