use super::{
    DraftFormText, FileText, ManyText, ProgressText, ResultsText, ReviewText, RowsText, UploadText,
    WrongText,
};
use crate::text::plural;

pub(in crate::text) const TEXT: UploadText = UploadText {
    form: DraftFormText {
        new_title: "Nuovo invito",
        new_lead: "Nel passaggio successivo vedrà l’e-mail. Prima non viene inviato nulla.",
        recipient: "Destinatario",
        mailbox: "Indirizzo e-mail",
        language: "Lingua dell’e-mail",
        any_language: "Non nota (inglese)",
        message: "Messaggio personale",
        message_hint: "Compare nell’e-mail e nella pagina dell’invito.",
        last_day: "Valido fino al",
        last_day_hint: |days| format!("Se non indica nulla: {days} giorni da oggi."),
        inviter: "Chi invita",
        inviter_name: "Nome",
        organization: "Organizzazione",
        inviter_mailbox: "Indirizzo e-mail per le risposte",
        inviter_phone: "Telefono con prefisso internazionale",
        preview: "Vedere l’e-mail",
    },
    review: ReviewText {
        review_title: "Controlli l’invito",
        review_lead: "Questa è l’e-mail che riceverà il destinatario.",
        no_mail_lead: "Questo servizio non invia e-mail. Crei l’invito, poi copi il link e lo \
            inoltri personalmente. L’e-mail direbbe quanto segue.",
        is_pending: |email, until| format!("{email} ha già un invito, valido fino al {until}."),
        show_pending: "Vedere quell’invito",
        will_join: |company| {
            format!("Il numero cliente è quello di {company}. Il destinatario vi si unirà.")
        },
        subject: "Oggetto",
        sender: "Da",
        email_title: "E-mail al destinatario",
        link_comes_later: "Il pulsante e il link funzionano solo nell’e-mail vera e propria.",
        send: "Inviare l’invito",
        create_only: "Creare l’invito",
        edit: "Modificare",
        gone_title: "Questa bozza non esiste più",
        gone_body: "Le bozze vengono eliminate dopo un giorno, i file dopo una settimana. \
            Ricominci da capo.",
    },
    many: ManyText {
        many_title: "Invitare più persone",
        many_lead: "Carichi un file CSV con una riga per ogni persona: al massimo 1000 righe e \
            1 MiB.",
        template: "Scaricare il modello",
        required_columns: |columns| {
            format!(
                "Ogni riga deve contenere {columns}, un nome o un cognome, e postalCode se il Paese ha \
                 codici postali. Le altre colonne possono essere vuote o mancare."
            )
        },
        save_as: "In Excel, salvi il file come «CSV UTF-8». Imposti i codici postali e i numeri \
            come testo, per conservare gli zeri iniziali.",
        csv_file: "File CSV",
        check_file: "Controllare il file",
        nothing_sent: "Nel passaggio successivo vedrà il contenuto del file. Prima non viene \
            inviato nulla.",
        earlier: "I Suoi file",
        earlier_draft: |rows| format!("{rows} righe, non ancora inviate"),
        earlier_done: |done, rows| format!("{done} righe elaborate su {rows}"),
        choose_again: "Scelga di nuovo il file: per sicurezza il browser lo dimentica.",
    },
    file: FileText {
        refused_title: "Questo file non può essere usato",
        no_file: "Scelga un file.",
        is_empty: "Il file è vuoto.",
        too_large: "Il file supera 1 MiB. Lo divida.",
        workbook: "Questa è una cartella di lavoro. La salvi come «CSV UTF-8» in Excel o come \
            «Testo CSV» in LibreOffice, poi carichi quel file.",
        not_utf8: "Il file è in UTF-16 («testo Unicode»). Lo salvi come «CSV UTF-8».",
        not_utf8_in: |line| {
            format!("La riga {line} non è in UTF-8. Salvi il file come «CSV UTF-8».")
        },
        nul: |line| {
            format!(
                "La riga {line} contiene un carattere che non compare in nessun testo. Salvi di \
                 nuovo il file."
            )
        },
        open_quote: "Le virgolette non vengono mai chiuse. Salvi di nuovo il file dal foglio di \
            calcolo.",
        no_header: "La prima riga non contiene nessuno dei nomi di colonna noti. Parta dal \
            modello.",
        unknown_columns: |columns| {
            format!(
                "Queste colonne sono sconosciute: {columns}. Le rinomini come nel modello o le \
                 elimini."
            )
        },
        duplicate_column: |column| {
            format!("La colonna {column} compare più volte. Ne elimini una.")
        },
        missing_columns: |columns| {
            format!("Mancano queste colonne: {columns}. Le aggiunga come nel modello.")
        },
        no_rows: "Sotto i nomi delle colonne non c’è nessuna riga.",
        too_many_rows: |rows| {
            format!("Il file ha {rows} righe. Lo divida in file di al massimo 1000 righe.")
        },
        too_many_cells: |row| {
            format!(
                "La riga {row} ha più celle delle colonne previste. Metta tra virgolette i testi \
                 che contengono il separatore."
            )
        },
        row_too_long: |row| format!("La riga {row} supera 16 KiB. La abbrevi."),
    },
    wrong: WrongText {
        email: "Inserisca un indirizzo e-mail come nome@example.com.",
        name: "Inserisca un nome o un cognome.",
        locale: "Inserisca un codice di lingua come en, de o zh-Hant, oppure lasci vuoto.",
        international_phone: "Inserisca un numero con + e il prefisso del paese, oppure lasci \
            vuoto.",
        date: "Inserisca un giorno come 2030-01-31, oppure lasci vuoto.",
        not_in_time: "Scelga un giorno futuro, entro dieci anni.",
        duplicate: |row| {
            format!("La riga {row} ha lo stesso indirizzo e-mail. Elimini una delle due.")
        },
        country: "Inserisca un codice Paese come IT o CH.",
        unreadable: "Questa riga non è più leggibile. La carichi di nuovo.",
        not_created: "Non è stato possibile creare questo invito. Lo provi singolarmente.",
    },
    rows: RowsText {
        rows_title: "Controlli il file",
        all_valid: |count| {
            format!(
                "{count} {}.",
                plural(count, "riga è valida", "righe sono valide")
            )
        },
        some_valid: |valid, all| format!("{valid} righe su {all} sono valide."),
        none_valid: "Nessuna riga è valida. Corregga il file e lo carichi di nuovo.",
        to_correct: "Da correggere",
        wrong_stay: "Queste righe vengono tralasciate. Le scarichi, le corregga e carichi quel \
            file più tardi.",
        download_wrong: "Scaricare le righe da correggere",
        to_invite: "Da invitare",
        row: "Riga",
        column: "Colonna",
        cell: "Nel file",
        reason: "Che cosa fare",
        invite: |count| format!("Invitare {count} {}", plural(count, "cliente", "clienti")),
        next_rows: "Righe successive",
        first_rows: "Prime righe",
    },
    progress: ProgressText {
        progress_title: "Inviti in corso",
        rows_done: |done, rows| format!("{done} righe su {rows} sono elaborate."),
        goes_on: "Questa pagina prosegue da sola. Può chiuderla: il resto viene completato \
            comunque.",
        update: "Proseguire ora",
    },
    results: ResultsText {
        results_title: "Il file è stato elaborato",
        were_invited: |count| {
            format!(
                "{count} {}.",
                plural(
                    count,
                    "cliente è stato invitato",
                    "clienti sono stati invitati"
                )
            )
        },
        were_not: |count| {
            format!(
                "{count} {}.",
                plural(
                    count,
                    "riga non è stata usata",
                    "righe non sono state usate"
                )
            )
        },
        download_results: "Scaricare i risultati",
        kept_until: |day| {
            format!(
                "Questa pagina è disponibile fino al {day}. «Invitare più persone» elenca i Suoi dieci file più recenti."
            )
        },
        outcome: "Risultato",
        invited: "invitato",
        not_invited: "non invitato",
        erased: "cancellato",
    },
};
