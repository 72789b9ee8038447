use super::{ContactText, ContactedText, SituationText};
use crate::text::Message;

pub(in crate::text) const TEXT: ContactText = ContactText {
    heading: "La Sua persona di contatto",
    help: |name| format!("Contatta {name}"),
    not_me: "Non sono la persona giusta",
    not_me_body: |name| {
        format!(
            "Se dovrebbe occuparsene un’altra persona della Sua azienda, può indicarne \
             l’indirizzo e-mail. {name} decide chi invitare. Il link continua a funzionare."
        )
    },
    colleague: "Indirizzo e-mail della persona giusta",
    colleague_error: "Inserisca un indirizzo e-mail come nome@example.com, oppure lasci il campo vuoto.",
    not_me_button: |name| format!("Invia a {name}"),
    help_asked: |name, at| format!("Ha chiesto aiuto a {name} il {at}."),
    not_me_said: |at| format!("Il {at} ha indicato di non essere la persona giusta."),
    new_invitation_asked: |name, at| format!("Ha chiesto un nuovo invito a {name} il {at}."),
    help_requested: ContactedText {
        title: "Ha chiesto aiuto",
        body: |name| {
            format!(
                "Stiamo inviando a {name} un’e-mail che indica a che punto si è fermato il Suo \
                 accesso. L’invito resta valido, quindi può riprovare in qualsiasi momento."
            )
        },
    },
    declined: ContactedText {
        title: "Grazie per la segnalazione",
        body: |name| {
            format!(
                "Stiamo inviando un’e-mail a {name}. Non deve fare altro. Il link continua a \
                 funzionare."
            )
        },
    },
    declined_again: |name, at| {
        format!(
            "Ce lo ha già comunicato il {at} e possiamo inoltrarlo una sola volta in 24\u{a0}ore. Se \
             l’indirizzo appena inserito è nuovo, {name} non lo ha ricevuto: lo comunichi direttamente \
             a {name}."
        )
    },
    renewal_requested: ContactedText {
        title: "Ha chiesto un nuovo invito",
        body: |name| {
            format!(
                "Stiamo inviando un’e-mail a {name}. In caso di conferma, riceverà un nuovo \
                 invito via e-mail. Può chiudere questa pagina."
            )
        },
    },
    only_recorded: |name| {
        format!(
            "Ne abbiamo preso nota, ma da qui non possiamo inviare un’e-mail a {name}. Si metta \
             in contatto direttamente."
        )
    },
    page_outdated: Message {
        title: "Questa pagina è rimasta aperta troppo a lungo",
        body: "I pulsanti di una pagina valgono un solo giorno. Non è stato ancora inviato nulla. Prema di nuovo.",
    },
    no_address: Message {
        title: "Controlli l’indirizzo",
        body: "Quello che ha inserito qui sotto non è un indirizzo e-mail. Può anche lasciare il \
            campo vuoto. Non è stato inviato nulla.",
    },
    help_subject: |company| format!("{company} ha bisogno del Suo aiuto"),
    help_body: |who, company, platform| {
        format!("{who} ({company}) ha un invito a {platform} e Le chiede di mettersi in contatto.")
    },
    situation: SituationText {
        invitation: "Era aperta la pagina dell’invito.",
        sign_in: "L’accesso con Microsoft non è riuscito.",
        account: "L’account usato non è ammesso.",
        organization: "L’organizzazione deve prima consentire l’accesso.",
        mailbox: "Non è stato possibile confermare la casella invitata.",
        company: "L’inserimento dei dati aziendali non è completo.",
        service: "Il nostro servizio non ha funzionato.",
    },
    help_instructions: "Può trovare l’invito con questi dati:",
    declined_subject: |company| format!("{company}: non è la persona giusta"),
    declined_body: |who, company, platform| {
        format!(
            "L’invito a {platform} per {who} ({company}) è stato aperto da qualcuno che dichiara \
             di non essere la persona giusta."
        )
    },
    declined_colleague: "Qualcuno che ha aperto il link, senza dimostrare che la casella è sua, \
        indica questo indirizzo. Lo verifichi prima di invitarlo:",
    renewal_after_revocation: "Se è d’accordo, crei un nuovo invito nel Suo sistema: questo è \
        stato ritirato e non può essere inviato di nuovo. Può trovarlo con questi dati:",
};
