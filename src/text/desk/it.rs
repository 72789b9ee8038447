use super::*;

pub(super) static TEXT: DeskText = DeskText {
    frame: DeskFrameText {
        desk: "Gestione degli inviti",
        invitations: "Inviti",
        new: "Nuovo invito",
        many: "Invita più persone",
        sign_out: "Esci",
        reads_only: "sola lettura",
    },
    notice: DeskNoticeText {
        sign_in: Message {
            title: "Acceda per gestire gli inviti",
            body: "Quest’area è riservata al personale che invita i clienti. Usi il Suo account \
                aziendale.",
        },
        sign_in_button: "Accedi con Microsoft",
        another_account: "Usa un altro account",
        signed_out: Message {
            title: "È uscito",
            body: "In questo browser potrebbe essere ancora connesso a Microsoft.",
        },
        session_over: Message {
            title: "La sessione è scaduta",
            body: "Non è stato modificato nulla. Questa pagina conserva quello che ha inserito: \
                acceda, torni qui e lo invii di nuovo.",
        },
        file_lost: "Dovrà scegliere di nuovo il file.",
        sign_in_first: "Accedi (in una nuova scheda)",
        send_again: "Invia di nuovo",
        no_role: Message {
            title: "Il Suo account non ha accesso a quest’area",
            body: "Chieda all’amministrazione di Microsoft Entra ID di assegnarLe uno di questi \
                ruoli nell’applicazione aziendale. Poi acceda di nuovo.",
        },
        signed_in_as: "Accesso effettuato come",
        to_manage: "per invitare e modificare gli inviti",
        to_read: "per vedere gli inviti",
        reads_only: Message {
            title: "Il Suo ruolo non lo consente",
            body: "Può vedere gli inviti, ma non modificarli. Chieda il ruolo Invitations.Manage \
                all’amministrazione di Microsoft Entra ID.",
        },
        sign_in_failed: Message {
            title: "L’accesso non è riuscito",
            body: "Riprovi. Se non basta, mostri questa pagina all’amministrazione di Microsoft \
                Entra ID.",
        },
        number: "Numero presso Microsoft",
        not_found: Message {
            title: "Questa pagina non esiste",
            body: "Controlli l’indirizzo.",
        },
        unknown_invitation: Message {
            title: "Questo invito non esiste",
            body: "Gli inviti vengono eliminati qualche tempo dopo l’ultima attività.",
        },
        form_refused: Message {
            title: "Questo modulo non può essere accettato",
            body: "Non è stato modificato nulla. Forse la pagina è vecchia o è stata aperta con un \
                altro account. La apra di nuovo.",
        },
        too_large: Message {
            title: "È troppo in una sola volta",
            body: "Non è stato modificato nulla. Accorci quello che ha inserito o scelga un file \
                più piccolo.",
        },
        try_again_later: Message {
            title: "Al momento non è possibile",
            body: "Riprovi tra un minuto. Non è certo che l’ultima modifica sia stata salvata: \
                controlli prima di ripeterla.",
        },
        internal_error: Message {
            title: "Si è verificato un errore da parte nostra",
            body: "L’errore è stato registrato. Riprovi più tardi.",
        },
        back: "Torna agli inviti",
    },
};
