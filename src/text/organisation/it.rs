use super::*;

pub(super) static TEXT: OrganisationText = OrganisationText {
    stopped: StoppedText {
        question: "Microsoft La blocca?",
        unknown: Message {
            title: "L’accesso non è ancora avvenuto",
            body: "Microsoft non ha completato l’accesso. Non è stato modificato nulla e il Suo \
                invito resta valido.",
        },
        approval_title: "La Sua organizzazione deve prima autorizzarlo",
        blameless: "Lei non ha sbagliato nulla.",
        consent: |platform| {
            format!(
                "La Sua organizzazione decide per quali app si possono usare i suoi account. Un \
                 amministratore deve prima approvare {platform}."
            )
        },
        assignment: |platform| {
            format!(
                "La Sua organizzazione apre {platform} solo a determinate persone. Un \
                 amministratore deve aggiungere anche Lei."
            )
        },
        conditional_access: "Questo accesso non rispetta le regole di sicurezza della Sua organizzazione. \
                 Provi con un dispositivo o una rete della Sua organizzazione.",
        cross_tenant: |platform| {
            format!(
                "La Sua organizzazione limita l’accesso alle app di altre organizzazioni. Un \
                 amministratore deve prima autorizzare {platform}."
            )
        },
        refused_account: Message {
            title: "Questo account non può essere usato qui",
            body: "Microsoft non accetta questo account per l’accesso. Ne usi un altro, ad esempio \
                quello della casella invitata.",
        },
        configuration: Message {
            title: "Al momento l’accesso non funziona",
            body: "È colpa nostra: qualcosa non è configurato correttamente. Riprovare ora non \
                serve. L’errore è stato registrato per chi gestisce questo servizio.",
        },
        works_until: |expires| format!("Il Suo invito è valido fino al {expires}."),
        number: "Numero presso Microsoft",
        what_microsoft_says: "Che cosa dice la pagina di Microsoft?",
        enter_number: "Mostra un numero come AADSTS50105? Lo inserisca qui:",
        show_help: "Mostra la soluzione",
        cancelled_case: Message {
            title: "Ha annullato o rifiutato",
            body: "Può ricominciare l’accesso in qualsiasi momento.",
        },
        approval_case: Message {
            title: "Approvazione necessaria o accesso bloccato",
            body: "La Sua organizzazione deve autorizzare l’accesso. Invii il testo qui sotto al \
                reparto IT.",
        },
        account_case: Message {
            title: "L’account non esiste o non può essere usato",
            body: "Usi un altro account, ad esempio quello della casella invitata.",
        },
        for_it: "Per il Suo reparto IT",
        copy: "Copi questo testo o lo invii per e-mail. Non contiene alcun link al Suo invito.",
        send: "Invia al reparto IT",
        allowed_now: "Ora è autorizzato: accedi",
        later: "Riprova più tardi",
    },
    pass: PassText {
        request: |platform| format!("Richiesta di autorizzare l’accesso a {platform}"),
        situation: |platform, organization| {
            format!(
                "{organization} mi ha invitato su {platform}. Vorrei accedere con il mio account \
                 aziendale, ma Microsoft non lo consente."
            )
        },
        app: "Applicazione",
        client_id: "ID applicazione (client)",
        operator: "Indirizzo del servizio",
        support: "Assistenza",
        permissions: "Autorizzazioni",
        only_identity: "openid profile email (nome e indirizzo e-mail, nient’altro)",
        to_consent: "Che cosa fare: concedere il consenso amministratore a questa app \
            nell’interfaccia di amministrazione di Microsoft Entra, in Applicazioni aziendali.",
        to_consent_at: "Che cosa fare: un amministratore approva l’app. Questa pagina mostra che \
            cosa chiede e porta a Microsoft:",
        to_assign: "Che cosa fare: nell’interfaccia di amministrazione di Microsoft Entra, in \
            Applicazioni aziendali, assegnarmi a questa app o disattivare «Assegnazione \
            obbligatoria».",
        to_exempt: "Che cosa fare: un criterio di accesso condizionale blocca l’accesso. I log di \
            accesso di Microsoft Entra indicano quale; modificarlo o prevedere un’eccezione per \
            questa app.",
        to_allow_tenant: "Che cosa fare: consentire questa app nelle impostazioni di accesso tra \
            tenant o nelle restrizioni del tenant di Microsoft Entra.",
        to_find_out: "Che cosa fare: i log di accesso di Microsoft Entra indicano il motivo. Se \
            l’app deve essere approvata, questa pagina mostra che cosa chiede e porta a Microsoft:",
    },
    approval: ApprovalText {
        heading: |platform| format!("Approvare l’accesso a {platform}"),
        introduction: |organization, platform| {
            format!(
                "{organization} ha invitato una persona della Sua organizzazione su {platform}. \
                 Perché possa accedere con il suo account aziendale, un amministratore deve prima \
                 approvare l’app."
            )
        },
        invited_by: "Invito da parte di",
        what_is_shared: "L’app riceve il nome e l’indirizzo e-mail di chi accede. Non ha accesso a \
            caselle di posta, file o altri dati e non può modificare nulla.",
        to_microsoft: "Continua su Microsoft",
        not_yet: "Microsoft chiede di accedere come amministratore e mostra le stesse \
            autorizzazioni. Prima di allora non viene approvato nulla.",
        approved: Message {
            title: "Grazie per l’approvazione",
            body: "La persona in attesa ora può accedere. Qui non c’è altro da \
                fare: può chiudere questa pagina.",
        },
        not_approved: Message {
            title: "L’app non è stata approvata",
            body: "Microsoft comunica che l’approvazione non è stata concessa. Non è stato \
                modificato nulla. Serve un amministratore della Sua organizzazione.",
        },
        closed: Message {
            title: "Non c’è più nulla da approvare",
            body: "L’invito a cui si riferisce questa richiesta è stato accettato o non è più \
                attivo. Se qualcuno non riesce ancora ad accedere, chieda un nuovo testo.",
        },
        unmatched: Message {
            title: "Non possiamo attribuire questa risposta",
            body: "È già stata registrata, ha richiesto più di un’ora o è iniziata in un altro \
                browser. Quanto approvato presso Microsoft è valido: chieda alla persona \
                interessata di accedere di nuovo.",
        },
    },
    approved_mail: ApprovedMailText {
        approved_subject: |platform| format!("Ora può accedere a {platform}"),
        approved_body: |platform| {
            format!(
                "Buone notizie: ci è stato comunicato che la Sua organizzazione ha approvato \
                 l’accesso a {platform}. Può continuare con lo stesso link."
            )
        },
    },
};
