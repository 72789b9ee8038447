use super::*;

const MONTHS: [&str; 12] = [
    "gennaio",
    "febbraio",
    "marzo",
    "aprile",
    "maggio",
    "giugno",
    "luglio",
    "agosto",
    "settembre",
    "ottobre",
    "novembre",
    "dicembre",
];

pub(super) static TEXT: Text = Text {
    tag: "it",
    native_name: "Italiano",
    expiry: |at| {
        let day = if at.day() == 1 {
            "1º".to_owned()
        } else {
            at.day().to_string()
        };
        format!(
            "{day} {} {}, ore {:02}:{:02} (UTC)",
            month(&MONTHS, at),
            at.year(),
            at.hour(),
            at.minute()
        )
    },
    day: |at| {
        let day = if at.day() == 1 {
            "1º".to_owned()
        } else {
            at.day().to_string()
        };
        format!("{day} {} {}", month(&MONTHS, at), at.year())
    },
    form_of_address: names::full,
    frame: FrameText {
        progress: "Avanzamento",
        steps: ["Invito", "Accesso", "Azienda", "Benvenuto"],
        step: |step, label| format!("Passaggio {step} di 4: {label}"),
        help: "Assistenza",
        language: "Lingua",
    },
    invite: InviteText {
        title: |platform| format!("Il Suo invito a {platform}"),
        greeting: |name| format!("Buongiorno {name},"),
        lead: |inviter, organization, platform| {
            format!("{inviter} di {organization} La invita ad accedere a {platform}.")
        },
        message_from: |inviter| format!("Messaggio di {inviter}"),
        mailbox: "Invito per",
        company: "Azienda",
        expires: "Scadenza",
        next_steps: "Come proseguire",
        have_account: "Ha già un account Microsoft per questo indirizzo",
        have_account_body: "Acceda con questo account: Microsoft La riporterà subito qui. Se ha \
            già eseguito l’accesso, basta un attimo.",
        no_account: "Non ne ha ancora uno",
        no_account_body: "Può crearne uno gratuitamente presso Microsoft, che invierà un codice \
            alla Sua casella di posta per verificare che sia Sua e poi La riporterà qui.",
        create_one_hint: "Nella pagina di accesso di Microsoft scelga il collegamento per creare \
            un account.",
        afterwards: "Poi verificherà i dati della Sua azienda e potrà iniziare.",
        get_started: "Inizia ora",
        sign_up: "Non ho ancora un account Microsoft",
        password: "La password si inserisce solo sul sito di Microsoft. Noi non la vediamo mai.",
        unexpected: "Non si aspettava questo invito? Chiuda pure questa pagina: nulla è stato \
            modificato.",
        accepted_title: "È un piacere ritrovarLa",
        accepted_body: "Ha già accettato questo invito. Acceda con lo stesso account Microsoft per \
            riprendere da dove aveva lasciato.",
        accepted_button: "Accedi e continua",
        completed_title: "È tutto pronto",
        completed_body: |company, platform| {
            format!(
                "{company} è già attiva su {platform}. Acceda con lo stesso account Microsoft per \
                 continuare."
            )
        },
        completed_button: |platform| format!("Accedi a {platform}"),
    },
    company: CompanyText {
        title: "Verifichi i dati della Sua azienda",
        lead: |organization| {
            format!(
                "Questi dati provengono da {organization}. Li verifichi e corregga \
                 eventuali errori."
            )
        },
        lead_empty: "Inserisca i dati della Sua azienda.",
        customer_number: "Codice cliente",
        company: "Azienda",
        address: "Indirizzo",
        contact: "Referente",
        company_name: "Ragione sociale",
        vat_number: |country| match country {
            "CH" | "LI" => "Numero IVA",
            "US" => "Codice fiscale (EIN)",
            _ if has_eu_vat_number(country) => "Partita IVA",
            _ => "Numero di identificazione fiscale",
        },
        website: "Sito web",
        country: "Paese o area geografica",
        choose_country: "Selezionare",
        street: |_| "Via e numero civico",
        postal_code: |_| "CAP",
        city: |_| "Città",
        region: |country| match country {
            "US" | "BR" | "MX" | "AU" => "Stato",
            "CA" | "IT" => "Provincia",
            "CH" => "Cantone",
            _ => "Regione, provincia o cantone",
        },
        first_name: "Nome",
        last_name: "Cognome",
        phone: "Telefono",
        phone_example: |example| format!("Ad esempio {example}"),
        email: "E-mail",
        email_note: "L’invito è stato inviato a questo indirizzo, che quindi non può essere \
            modificato qui.",
        optional: "(facoltativo)",
        registered_by: |organization| format!("Registrato da {organization}"),
        missing_entries: |is_one, count, names| {
            if is_one {
                format!("Manca un dato: {names}")
            } else {
                format!("Mancano {count}\u{a0}dati: {names}")
            }
        },
        wrong_entries: |is_one, count, names| {
            if is_one {
                format!("Verifichi un dato: {names}")
            } else {
                format!("Verifichi {count}\u{a0}dati: {names}")
            }
        },
        comma: ", ",
        change: "Modifica i dati",
        create: "Crea azienda",
        creating: "Creazione in corso…",
        not_ready: "C’è ancora qualcosa da completare o correggere.",
        ready: "È tutto in ordine.",
    },
    problem: ProblemText {
        missing: "Compili questo campo.",
        too_long: |max| format!("Riduca il testo a un massimo di {max} caratteri."),
        invisible_characters: "Il testo contiene caratteri invisibili, forse dovuti a un copia e \
            incolla. Lo digiti di nuovo.",
        unknown_country: "Scelga un Paese dall’elenco.",
        postal_code: |example, country| format!("Un CAP ha questo aspetto: {example} ({country})."),
        postal_code_any: |example| {
            format!(
                "Inserisca un CAP come {example}. Se il Paese non ha CAP, lasci vuoto questo campo."
            )
        },
        phone: |example| {
            format!(
                "Inserisca un numero come {example}, oppure con + e il prefisso internazionale. Può anche lasciare vuoto questo campo."
            )
        },
        vat_number: |example| format!("Usi il formato {example} oppure lasci vuoto questo campo."),
        website: "Inserisca un indirizzo web come www.example.com oppure lasci vuoto questo campo.",
        colon: ": ",
    },
    confirm: ConfirmText {
        title: "Confermi la Sua casella di posta",
        lead: |mailbox| {
            format!(
                "Abbiamo inviato un codice di 6\u{a0}cifre a {mailbox}. Lo inserisca qui per confermare \
                 che la casella è Sua. Vale 10\u{a0}minuti."
            )
        },
        sending: |mailbox| {
            format!(
                "Stiamo inviando un codice di verifica di 6\u{a0}cifre a {mailbox}. Lo inserisca qui appena lo riceve; è valido per 10\u{a0}minuti."
            )
        },
        code: "Codice di verifica ricevuto via e-mail",
        not_a_code: "Inserisca le 6\u{a0}cifre indicate nell’e-mail.",
        wrong_code: |tries_left| {
            format!(
                "Non è il codice che abbiamo inviato. Controlli l’e-mail più recente. Tentativi \
                 rimasti:\u{a0}{tries_left}."
            )
        },
        earlier_code: "È un codice precedente. Inserisca quello dell’e-mail più recente.",
        button: "Conferma",
        send_again: "Invia un nuovo codice",
        sent_again: |time| {
            format!("Abbiamo inviato un nuovo codice alle {time}. È valido solo il più recente.")
        },
        nothing_arrived: "Non è arrivato nulla? Può volerci un minuto. Controlli anche la cartella \
            della posta indesiderata.",
        offer_title: "Ancora un passo: confermi la Sua casella di posta",
        offer: |mailbox| {
            format!(
                "Il Suo account non ci dimostra che la casella {mailbox} è Sua. Inviamo lì un \
                 codice: lo inserisca qui e continuerà a usare questo account."
            )
        },
        offer_to_another: |account, mailbox| {
            format!(
                "Ha eseguito l’accesso come {account}. L’invito è stato inviato a {mailbox}. Se \
                 anche questa casella è Sua, inviamo lì un codice e continuerà a usare questo \
                 account."
            )
        },
        offer_to_guest: |account, mailbox| {
            format!(
                "Ha eseguito l’accesso come {account}, che è un ospite in quella organizzazione e \
                 quindi non ci dimostra che la casella {mailbox} è Sua. Inviamo lì un codice; lo \
                 inserisca qui e continuerà a usare questo account."
            )
        },
        no_offer: |account, mailbox| {
            format!(
                "Ha eseguito l’accesso come {account}. L’invito è stato inviato a {mailbox}. \
                 Acceda con l’account di questa casella oppure contatti la persona che L’ha \
                 invitata."
            )
        },
        no_offer_unproven: |account, mailbox| {
            format!(
                "Ha eseguito l’accesso come {account}. Questo accesso non ci dimostra che la \
                 casella {mailbox} è Sua. Contatti la persona che L’ha invitata."
            )
        },
        send_to: |mailbox| format!("Invia un codice a {mailbox}"),
        over_title: "Questo codice non è più valido",
        over: |button| {
            format!(
                "Ha più di 10\u{a0}minuti oppure è stato inserito in modo errato troppe volte. Per \
                 riceverne uno nuovo, prema «{button}»."
            )
        },
        next_code: |time| format!("Il prossimo codice potrà essere inviato dal {time}."),
    },
    join: JoinText {
        title: |company| format!("Entri a far parte di {company}"),
        lead: "Si unisce all’azienda con il Suo account. I dati dell’azienda restano invariati; verifichi i Suoi.",
        created: |who, when| format!("{who} ha creato questa azienda il {when}."),
        created_before: |when| {
            format!("Questa azienda è stata creata il {when} da un’altra persona.")
        },
        faster: "Un’altra persona ha appena creato l’azienda mentre il Suo modulo era aperto. I dati che ha inserito su di Lei sono ancora qui.",
        person: "I Suoi dati",
        change: "Modifica i miei dati",
        button: "Unisciti all’azienda",
    },
    welcome: WelcomeText {
        title: |name| format!("Le diamo il benvenuto, {name}!"),
        lead: |company, platform| format!("{company} è ora su {platform}."),
        lead_joined: |company, platform| format!("Ora fa parte di {company} su {platform}."),
        start_here: "Ecco da dove iniziare.",
        nothing_to_do: "Può chiudere questa pagina.",
        links: "Primi passi",
        unsaved: |inviter| {
            format!(
                "Aveva già completato tutto in un’altra scheda, quindi l’ultimo inserimento non è \
                 stato salvato. Per eventuali modifiche si rivolga a {inviter}."
            )
        },
        registered: "Dati registrati",
        correct: |inviter| format!("Per far correggere un dato, contatti {inviter}."),
        open_platform: |platform| format!("Apri {platform}"),
    },
    notice: NoticeText {
        malformed_link: Message {
            title: "Questo link è incompleto",
            body: "Sembra mancare una parte dell’indirizzo. Prema di nuovo il pulsante nell’e-mail \
                di invito oppure copi l’intero link nel browser.",
        },
        unknown_invitation: Message {
            title: "Invito non trovato",
            body: "Verifichi di aver aperto il link dell’e-mail di invito più recente. Se il \
                problema persiste, si rivolga alla persona che L’ha invitata.",
        },
        expired: Message {
            title: "Questo invito è scaduto",
            body: "Per la Sua sicurezza, un invito è valido solo per un periodo limitato. La \
                persona che L’ha invitata può inviarne uno nuovo.",
        },
        revoked: Message {
            title: "Questo invito è stato ritirato",
            body: "L’azienda che L’ha invitata ha ritirato l’invito. Se Le serve ancora \
                l’accesso, la persona che L’ha invitata può crearne uno nuovo.",
        },
        used_by_another: Message {
            title: "Questo invito è già in uso",
            body: "È stato accettato con un altro account Microsoft. Se quell’account è Suo, lo \
                usi per accedere. In caso contrario, chieda un invito personale alla persona che \
                L’ha invitata.",
        },
        consent_declined: Message {
            title: "Ha annullato o rifiutato",
            body: "Senza il Suo consenso Microsoft non ci comunica chi è Lei e non possiamo \
                proseguire. Nulla è stato modificato e l’invito resta valido. Può riprovare in \
                qualsiasi momento.",
        },
        sign_in_failed: Message {
            title: "Accesso non riuscito",
            body: "Microsoft non è riuscita a completare l’accesso. Nulla è stato modificato e \
                l’invito resta valido. La preghiamo di riprovare.",
        },
        sign_in_restart: Message {
            title: "Ripetiamo l’accesso",
            body: "Abbiamo perso il Suo accesso: forse ha richiesto troppo tempo oppure è stato \
                aperto in due schede o in un altro browser. L’invito resta valido. Acceda ancora \
                una volta.",
        },
        cookies_blocked: Message {
            title: "Il Suo browser non conserva i nostri cookie",
            body: "Abbiamo perso il Suo accesso per la seconda volta. Forse questo browser blocca \
                i cookie. Li consenta per questo sito oppure apra l’invito in un altro browser.",
        },
        wrong_account: Message {
            title: "Questo account non può essere usato qui",
            body: "Gli account di questa organizzazione non sono ammessi per questo invito. Usi un \
                altro account oppure contatti la persona che L’ha invitata.",
        },
        wrong_personal_account: "Gli account Microsoft personali non sono ammessi per questo invito. Usi \
            l’account della Sua organizzazione oppure contatti la persona che L’ha \
            invitata.",
        signed_in_as: "Accesso eseguito come",
        invited_mailbox: "Casella dell’invito",
        accepted_on: "Accettato il",
        accepted_with: "Accettato con",
        work_account: "un account aziendale o dell’istituto di istruzione",
        personal_account: "un account Microsoft personale",
        too_many_codes: Message {
            title: "Per ora non possiamo inviare altri codici",
            body: "Per la Sua sicurezza inviamo solo pochi codici al giorno.",
        },
        or_invited_account: "Può anche accedere con l’account della casella che ha ricevuto l’invito.",
        code_not_sent: Message {
            title: "Non è stato possibile inviare il codice",
            body: "L’e-mail non ha potuto essere recapitata alla casella dell’invito. Nessun \
                tentativo è stato consumato. Riprovi tra qualche istante.",
        },
        try_again_later: Message {
            title: "Riprovi tra qualche istante",
            body: "Uno dei nostri servizi non è al momento raggiungibile. Nulla è andato perduto e \
                l’invito resta valido.",
        },
        form_refused: Message {
            title: "Ricominci da qui",
            body: "Per la Sua sicurezza non abbiamo accettato questo modulo, perché non avevamo la \
                certezza che provenisse dalla nostra pagina. Nulla è stato modificato.",
        },
        address_kept: Message {
            title: "Invii l’indirizzo da questa pagina",
            body: "Quello che ha inserito si trova qui sotto. Non è stato ancora inviato nulla. Prema di \
                nuovo il pulsante.",
        },
        session_over: Message {
            title: "Acceda di nuovo",
            body: "Per la Sua sicurezza, la sessione si chiude dopo 30\u{a0}minuti. Acceda ancora una \
                volta con lo stesso account Microsoft e continuerà da dove era rimasto.",
        },
        session_lost: Message {
            title: "Abbiamo perso il Suo accesso",
            body: "In questo browser non c’è un accesso per il Suo invito: forse ha usato un \
                altro browser oppure i cookie sono stati eliminati. L’invito resta valido.",
        },
        unknown_session: "Non sappiamo di quale invito si tratta: forse l’accesso ha richiesto troppo \
            tempo, ha usato un altro browser oppure i cookie sono stati eliminati. Apra \
            il link nell’e-mail di invito.",
        draft_saved: "Il modulo è salvato: lo ritroverà come l’ha lasciato.",
        internal_error: Message {
            title: "Si è verificato un problema da parte nostra",
            body: "Ci scusiamo. Non dipende da Lei e l’invito resta valido. La preghiamo di \
                riprovare tra qualche minuto.",
        },
        not_found: Message {
            title: "Questa pagina non esiste",
            body: "L’indirizzo potrebbe contenere un errore. Prema di nuovo il pulsante \
                nell’e-mail di invito.",
        },
        too_large: Message {
            title: "Il modulo è troppo grande",
            body: "Il modulo inviato supera la dimensione consentita. Torni indietro e abbrevi i \
                testi inseriti.",
        },
        next_step: "Apra il link nell’e-mail di invito oppure si rivolga alla persona che L’ha \
            invitata.",
    },
    action: ActionText {
        try_again: "Riprova",
        use_another_account: "Usa un altro account",
        use_accepting_account: "Accedi con quell’account",
        enter_newest_code: "Inserisci il codice più recente",
        ask_for_new_invitation: "Richiedi un nuovo invito",
        proceed: "Continua",
        get_help: "Richiedi assistenza",
    },
    contact: contact::it::TEXT,
    upload: upload::it::TEXT,
    mail: MailText {
        subject: |organization, platform| {
            format!("{organization} La invita ad accedere a {platform}")
        },
        greeting: |name| format!("Buongiorno {name},"),
        steps: "Acceda con il Suo account Microsoft (può crearne uno lungo il percorso), verifichi \
            i dati della Sua azienda e potrà iniziare. Bastano pochi minuti.",
        copy_link: "Se il pulsante non funziona, copi questo link nel browser:",
        valid_until: |expires| format!("Il link è strettamente personale. Scadenza: {expires}."),
        help: "Domande? Qui trova assistenza:",
        docs: "Qui trova la documentazione:",
        unexpected: "Non si aspettava questo invito? Ignori pure questa e-mail.",
        reminder_subject: |platform| format!("Promemoria: il Suo invito a {platform}"),
        reminder_lead: |platform| {
            format!(
                "Il Suo invito a {platform} è ancora valido. Se non ha ancora avuto tempo, può accettarlo qui."
            )
        },
        renewal_subject: |company| format!("{company} richiede un nuovo invito"),
        renewal_body: |who, company, platform| {
            format!(
                "{who} ({company}) ha aperto un invito a {platform} non più valido e Le chiede di \
                 inviarne uno nuovo."
            )
        },
        renewal_instructions: "Se è d’accordo, invii di nuovo l’invito dal Suo sistema. Può \
            trovarlo con questi dati:",
        company_subject: |company, platform| format!("{company} è ora su {platform}"),
        company_body: |who, company, platform| {
            format!(
                "{who} ha accettato il Suo invito, verificato i dati aziendali e creato {company} \
                 su {platform}."
            )
        },
        joined_subject: |who, company| format!("{who} fa ora parte di {company}"),
        joined_body: |who, company, platform| {
            format!(
                "{who} ha accettato il Suo invito ed è entrato a far parte di {company} su {platform}. L’azienda era già stata creata."
            )
        },
        invitation_id: "Invito",
        customer_number: "Codice cliente",
        invited_mailbox: "Casella dell’invito",
        code_subject: |platform| format!("Il Suo codice di verifica per {platform}"),
        code_lead: |platform| {
            format!(
                "Con questo codice di verifica conferma a {platform} che questa casella di posta è \
                 Sua:"
            )
        },
        code_validity: |minutes| {
            format!(
                "È valido per {minutes} {}. Non lo comunichi a nessuno.",
                plural(minutes, "minuto", "minuti")
            )
        },
        code_unexpected: "Non ha richiesto alcun codice? Ignori pure questa e-mail.",
    },
};
