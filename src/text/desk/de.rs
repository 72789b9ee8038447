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
};
