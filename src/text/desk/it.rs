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
    list: DeskListText {
        title: "Inviti",
        whose: "Creati da",
        mine: "me",
        everyones: "tutti",
        status: "Stato",
        any: "Tutti",
        pending: "In attesa",
        expired: "Scaduto",
        accepted: "Accettato",
        completed: "Completato",
        revoked: "Revocato",
        erased: "Cancellato",
        delivery_failed: "Recapito non riuscito",
        search: "Indirizzo e-mail, numero cliente o azienda",
        search_hint: "Per intero, come nell’invito",
        show: "Mostra",
        reset: "Reimposta",
        recipient: "Destinatario",
        company: "Azienda",
        created: "Creato il",
        valid_until: "Valido fino al",
        empty: Message {
            title: "Ancora nessun invito",
            body: "Gli inviti compaiono qui appena ne viene creato uno.",
        },
        nothing_found: Message {
            title: "Nessun risultato",
            body: "Nessun invito corrisponde. La ricerca trova un indirizzo e-mail, un numero \
                cliente o il nome di un’azienda solo se sono scritti per intero.",
        },
        searched_on: Message {
            title: "Finora nessun risultato",
            body: "Gli inviti meno recenti non sono ancora stati esaminati.",
        },
        older: "Meno recenti",
        newest: "Torna ai più recenti",
    },
    one: DeskOneText {
        pending: |until| format!("Può essere accettato fino al {until}."),
        expired: |at| format!("Scaduto il {at}. Lo invii di nuovo per prolungarlo."),
        accepted: |at| {
            format!(
                "Accettato il {at}. Manca l’ultimo passaggio: creare l’azienda o entrarne a far parte."
            )
        },
        completed: |at| format!("Completato il {at}: l’azienda è stata creata."),
        joined: |at| {
            format!("Completato il {at}: il destinatario è entrato nell’azienda di un collega.")
        },
        revoked: |at| format!("Revocato il {at}."),
        erased: |at| format!("I dati personali sono stati cancellati il {at}."),
        reason: "Motivo",
        invitation: "Invito",
        language: "Lingua",
        inviter: "Invitato da",
        message: "Messaggio",
        registered: "Azienda, come registrata",
        confirmed: "Azienda, come confermata dal cliente",
        delivery: "Recapito",
        timeline: "Cronologia",
        by: |who| format!("da {who}"),
        by_staff: "da un membro del personale",
        by_integrator: "da un sistema collegato",
        actions: "Azioni",
        resend: "Invia di nuovo",
        resend_hint: |until| {
            format!("Invia di nuovo lo stesso link e prolunga l’invito fino al {until}.")
        },
        correct: "Correggi",
        link: "Mostra il link",
        link_body: "Lo tratti come una password e lo dia solo al destinatario. La cronologia \
            registra che Lei lo ha visto.",
        link_unreadable: "Il link non può più essere letto, perché la sua chiave è stata \
            ritirata. Crei un nuovo invito.",
        revoke: "Revoca",
        revoke_question: "Revocare questo invito?",
        revoke_body: "Il link smette subito di funzionare. L’operazione è definitiva.",
        revoke_reason: "Motivo (il destinatario non lo vede)",
        erase: "Cancella i dati personali",
        erase_question: "Cancellare i dati personali di questo invito?",
        erase_body: "Nomi, indirizzi e dati dell’azienda vengono eliminati per sempre, e un invito \
            aperto viene revocato. L’operazione è definitiva.",
        cancel: "Annulla",
        resent: "L’invito viene inviato di nuovo.",
        renewed: "L’invito è stato prolungato. Non viene inviata alcuna e-mail.",
        corrected: "Le modifiche sono salvate. Per inviare di nuovo l’invito, prema «Invia di \
            nuovo».",
        revoked_now: "L’invito è stato revocato.",
        erased_now: "I dati personali sono stati cancellati.",
        too_many_emails: |next| {
            format!(
                "In un giorno sono state inviate cinque e-mail. La prossima può partire il {next}."
            )
        },
        state_forbids: "Non è stato modificato nulla: lo stato dell’invito non lo consente.",
        conflict: "Non è stato modificato nulla: l’invito è cambiato da quando lo ha aperto. Ecco \
            com’è ora.",
    },
    correct: DeskCorrectText {
        correct_title: "Correggi l’invito",
        save: "Salva",
        not_mailed: "Il link resta lo stesso. Non viene inviata alcuna e-mail.",
        overtaken: "L’invito è cambiato da quando ha aperto questa pagina. Qui sotto trova quello \
            che ha inserito; salvandolo sostituisce le modifiche degli altri.",
    },
    delivery: DeskDeliveryText {
        email: "E-mail",
        webhook: "Sistemi collegati",
        none: "Nulla da recapitare.",
        queued: "Recapito in corso.",
        retrying: |next| format!("Non ancora recapitato; prossimo tentativo il {next}."),
        delivered: |at| format!("Recapitato, l’ultima volta il {at}."),
        failed: "Non è stato possibile recapitare:",
        no_mail_server: "Questo servizio non invia e-mail.",
    },
    event: DeskEventText {
        created: "Invito creato",
        sent: "E-mail inviata",
        delivery_failed: "Non è stato possibile inviare l’e-mail",
        resent: "Inviato di nuovo o prolungato",
        updated: "Corretto",
        link_revealed: "Link mostrato",
        reminded: "Promemoria inviato",
        expired: "Scaduto",
        renewal_requested: "Il destinatario ha chiesto un nuovo invito",
        approved: "L’amministrazione segnala che l’app è approvata",
        help_requested: "Il destinatario ha chiesto aiuto",
        declined: "Il destinatario dice di non essere la persona giusta",
        accepted: "Accettato",
        revoked: "Revocato",
        erased: "Dati personali cancellati",
        company_created: "Azienda creata",
        company_joined: "Entrato nell’azienda di un collega",
    },
};
