use super::{ContactText, ContactedText, SituationText};
use crate::text::Message;

pub(in crate::text) const TEXT: ContactText = ContactText {
    heading: "Ihre Kontaktperson",
    help: |name| format!("{name} kontaktieren"),
    not_me: "Ich bin nicht die richtige Person",
    not_me_body: |name| {
        format!(
            "Wenn jemand anderes in Ihrer Firma zuständig ist, können Sie die E-Mail-Adresse \
             angeben. {name} entscheidet, wer eingeladen wird. Der Link funktioniert weiterhin."
        )
    },
    colleague: "E-Mail-Adresse der zuständigen Person",
    colleague_error: "Bitte geben Sie eine E-Mail-Adresse wie name@example.com ein, oder lassen Sie das Feld leer.",
    not_me_button: |name| format!("An {name} senden"),
    help_asked: |name, at| format!("Sie haben {name} am {at} um Hilfe gebeten."),
    not_me_said: |at| format!("Am {at} haben Sie angegeben, nicht die richtige Person zu sein."),
    new_invitation_asked: |name, at| {
        format!("Sie haben bei {name} am {at} eine neue Einladung angefordert.")
    },
    help_requested: ContactedText {
        title: "Sie haben um Hilfe gebeten",
        body: |name| {
            format!(
                "Wir senden {name} eine E-Mail, in der steht, an welcher Stelle Sie nicht \
                 weiterkommen. Ihre Einladung gilt weiterhin, Sie können es also jederzeit noch \
                 einmal versuchen."
            )
        },
    },
    declined: ContactedText {
        title: "Danke für den Hinweis",
        body: |name| {
            format!(
                "Wir senden {name} eine E-Mail dazu. Sie müssen nichts weiter tun. Der Link \
                 funktioniert weiterhin."
            )
        },
    },
    declined_again: |name, at| {
        format!(
            "Das haben Sie uns bereits am {at} mitgeteilt, und wir können es nur einmal in \
             24\u{a0}Stunden weitergeben. Falls Sie jetzt eine neue Adresse eingegeben haben, hat {name} \
             sie nicht erhalten: Bitte teilen Sie sie {name} selbst mit."
        )
    },
    renewal_requested: ContactedText {
        title: "Sie haben eine neue Einladung angefordert",
        body: |name| {
            format!(
                "Wir senden {name} eine E-Mail dazu. Bei Zustimmung erhalten Sie eine neue \
                 Einladung per E-Mail. Diese Seite können Sie verlassen."
            )
        },
    },
    only_recorded: |name| {
        format!(
            "Wir haben dies festgehalten, können {name} von hier aus aber keine E-Mail senden. \
             Bitte nehmen Sie direkt Kontakt auf."
        )
    },
    page_outdated: Message {
        title: "Diese Seite war zu lange geöffnet",
        body: "Die Schaltflächen einer Seite gelten nur einen Tag. Es wurde noch nichts gesendet. Bitte drücken Sie noch einmal.",
    },
    no_address: Message {
        title: "Bitte prüfen Sie die Adresse",
        body: "Was Sie unten eingegeben haben, ist keine E-Mail-Adresse. Sie können das Feld auch \
            leer lassen. Es wurde nichts gesendet.",
    },
    help_subject: |company| format!("{company} braucht Ihre Hilfe"),
    help_body: |who, company, platform| {
        format!(
            "{who} ({company}) hat eine Einladung zu {platform} und bittet Sie, Kontakt \
             aufzunehmen."
        )
    },
    situation: SituationText {
        invitation: "Geöffnet war die Seite der Einladung.",
        sign_in: "Die Anmeldung bei Microsoft ist nicht gelungen.",
        account: "Das verwendete Konto ist nicht zugelassen.",
        organization: "Die Organisation muss die Anmeldung erst erlauben.",
        mailbox: "Das eingeladene Postfach konnte nicht bestätigt werden.",
        company: "Die Eingabe der Firmendaten ist nicht abgeschlossen.",
        service: "Unser Dienst hat nicht funktioniert.",
    },
    help_instructions: "Sie finden die Einladung anhand dieser Angaben:",
    declined_subject: |company| format!("{company}: nicht die richtige Person"),
    declined_body: |who, company, platform| {
        format!(
            "Die Einladung zu {platform} für {who} ({company}) hat jemand geöffnet, der nach \
             eigener Angabe nicht die richtige Person ist."
        )
    },
    declined_colleague: "Jemand, der den Link geöffnet und nicht nachgewiesen hat, dass ihm das \
        Postfach gehört, nennt diese Adresse. Prüfen Sie sie, bevor Sie sie einladen:",
    renewal_after_revocation: "Wenn Sie einverstanden sind, erstellen Sie in Ihrem System eine \
        neue Einladung: Diese wurde zurückgezogen und kann nicht erneut gesendet werden. Sie \
        finden sie anhand dieser Angaben:",
};
