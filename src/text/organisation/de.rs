use super::*;

pub(super) static TEXT: OrganisationText = OrganisationText {
    stopped: StoppedText {
        question: "Lässt Microsoft Sie nicht weiter?",
        unknown: Message {
            title: "Sie sind noch nicht angemeldet",
            body: "Microsoft hat die Anmeldung nicht abgeschlossen. Es wurde nichts geändert, und \
                Ihre Einladung gilt weiterhin.",
        },
        approval_title: "Ihre Organisation muss das zuerst erlauben",
        blameless: "Sie haben nichts falsch gemacht.",
        consent: |platform| {
            format!(
                "Ihre Organisation bestimmt, für welche Apps ihre Konten verwendet werden dürfen. \
                 {platform} muss zuerst von der Administration genehmigt werden."
            )
        },
        assignment: |platform| {
            format!(
                "Ihre Organisation gibt {platform} nur für ausgewählte Personen frei. Die \
                 Administration muss Sie hinzufügen."
            )
        },
        conditional_access: "Diese Anmeldung entspricht nicht den Sicherheitsregeln Ihrer Organisation. \
                 Versuchen Sie es auf einem Gerät oder in einem Netzwerk Ihrer Organisation.",
        cross_tenant: |platform| {
            format!(
                "Ihre Organisation schränkt die Anmeldung bei Apps anderer Organisationen ein. Die \
                 Administration muss {platform} zuerst erlauben."
            )
        },
        refused_account: Message {
            title: "Dieses Konto kann hier nicht verwendet werden",
            body: "Microsoft akzeptiert dieses Konto für die Anmeldung nicht. Bitte verwenden Sie \
                ein anderes, zum Beispiel das Konto des eingeladenen Postfachs.",
        },
        configuration: Message {
            title: "Die Anmeldung funktioniert zurzeit nicht",
            body: "Das ist unser Fehler: Bei uns ist etwas falsch eingerichtet. Ein neuer Versuch \
                hilft jetzt nicht. Der Fehler wurde für den Betrieb dieses Dienstes aufgezeichnet.",
        },
        works_until: |expires| format!("Ihre Einladung gilt bis {expires}."),
        number: "Nummer bei Microsoft",
        what_microsoft_says: "Was steht auf der Seite von Microsoft?",
        enter_number: "Steht dort eine Nummer wie AADSTS50105? Geben Sie sie hier ein:",
        show_help: "Zeigen, was hilft",
        cancelled_case: Message {
            title: "Sie haben abgebrochen oder abgelehnt",
            body: "Sie können die Anmeldung jederzeit neu beginnen.",
        },
        approval_case: Message {
            title: "Genehmigung erforderlich oder Zugriff blockiert",
            body: "Ihre Organisation muss die Anmeldung erlauben. Senden Sie den Text unten an \
                Ihre IT-Abteilung.",
        },
        account_case: Message {
            title: "Das Konto gibt es nicht oder es darf nicht verwendet werden",
            body: "Verwenden Sie ein anderes Konto, zum Beispiel das des eingeladenen Postfachs.",
        },
        for_it: "Für Ihre IT-Abteilung",
        copy: "Kopieren Sie diesen Text oder senden Sie ihn per E-Mail. Er enthält keinen Link zu \
            Ihrer Einladung.",
        send: "An die IT-Abteilung senden",
        allowed_now: "Jetzt ist es erlaubt: anmelden",
        later: "Später erneut versuchen",
    },
    pass: PassText {
        request: |platform| format!("Bitte die Anmeldung bei {platform} erlauben"),
        situation: |platform, organization| {
            format!(
                "{organization} hat mich zu {platform} eingeladen. Ich möchte mich dort mit meinem \
                 Firmenkonto anmelden, aber Microsoft lässt das nicht zu."
            )
        },
        app: "Anwendung",
        client_id: "Anwendungs-ID (Client)",
        operator: "Betrieben unter",
        support: "Hilfe",
        permissions: "Berechtigungen",
        only_identity: "openid profile email (Name und E-Mail-Adresse, sonst nichts)",
        to_consent: "Was zu tun ist: Im Microsoft Entra Admin Center unter „Unternehmensanwendungen“ \
            die Administratoreinwilligung für diese App erteilen.",
        to_consent_at: "Was zu tun ist: Die Administration genehmigt die App. Diese Seite zeigt, \
            was sie verlangt, und führt zu Microsoft:",
        to_assign: "Was zu tun ist: mich im Microsoft Entra Admin Center unter \
            „Unternehmensanwendungen“ dieser App zuweisen oder „Zuweisung erforderlich“ \
            ausschalten.",
        to_exempt: "Was zu tun ist: Eine Richtlinie für bedingten Zugriff blockiert die Anmeldung. \
            Die Anmeldeprotokolle von Microsoft Entra nennen sie; bitte ändern oder diese App davon \
            ausnehmen.",
        to_allow_tenant: "Was zu tun ist: diese App in den Einstellungen für den \
            mandantenübergreifenden Zugriff oder in den Mandanteneinschränkungen von Microsoft \
            Entra zulassen.",
        to_find_out: "Was zu tun ist: Die Anmeldeprotokolle von Microsoft Entra nennen den Grund. \
            Muss die App genehmigt werden, zeigt diese Seite, was sie verlangt, und führt zu \
            Microsoft:",
    },
    approval: ApprovalText {
        heading: |platform| format!("Anmeldung bei {platform} genehmigen"),
        introduction: |organization, platform| {
            format!(
                "{organization} hat jemanden aus Ihrer Organisation zu {platform} eingeladen. Für \
                 die Anmeldung mit dem Firmenkonto muss die Administration die App zuerst \
                 genehmigen."
            )
        },
        invited_by: "Einladung von",
        what_is_shared: "Die App erfährt Namen und E-Mail-Adresse der Personen, die sich anmelden. \
            Sie erhält keinen Zugriff auf Postfächer, Dateien oder andere Daten und kann nichts \
            ändern.",
        to_microsoft: "Weiter zu Microsoft",
        not_yet: "Microsoft verlangt die Anmeldung als Administrator und zeigt dieselben \
            Berechtigungen. Vorher wird nichts genehmigt.",
        approved: Message {
            title: "Vielen Dank für die Genehmigung",
            body: "Die Person, die darauf wartet, kann sich jetzt anmelden. \
                Hier ist nichts weiter zu tun: Sie können diese Seite verlassen.",
        },
        not_approved: Message {
            title: "Die App ist nicht genehmigt",
            body: "Microsoft meldet, dass die Genehmigung nicht erteilt wurde. Es wurde nichts \
                geändert. Nötig ist ein Administratorkonto Ihrer Organisation.",
        },
        closed: Message {
            title: "Hier gibt es nichts mehr zu genehmigen",
            body: "Die Einladung zu dieser Anfrage wurde angenommen oder ist beendet. Kann sich \
                jemand trotzdem nicht anmelden, bitten Sie um einen neuen Text.",
        },
        unmatched: Message {
            title: "Wir können diese Antwort nicht zuordnen",
            body: "Sie wurde bereits gezählt, kam nach mehr als einer Stunde oder begann in einem \
                anderen Browser. Was Sie bei Microsoft genehmigt haben, gilt: Bitte lassen Sie die \
                Person, die Sie gebeten hat, die Anmeldung wiederholen.",
        },
    },
    approved_mail: ApprovedMailText {
        approved_subject: |platform| format!("Sie können sich jetzt bei {platform} anmelden"),
        approved_body: |platform| {
            format!(
                "Gute Nachricht: Uns wurde gemeldet, dass Ihre Organisation die Anmeldung bei \
                 {platform} genehmigt hat. Sie können mit demselben Link fortfahren."
            )
        },
    },
};
