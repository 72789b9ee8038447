use super::{
    DraftFormText, FileText, ManyText, ProgressText, ResultsText, ReviewText, RowsText, UploadText,
    WrongText,
};
use crate::text::plural;

pub(in crate::text) const TEXT: UploadText = UploadText {
    form: DraftFormText {
        new_title: "Neue Einladung",
        new_lead: "Im nächsten Schritt sehen Sie die E-Mail. Vorher wird nichts versendet.",
        recipient: "Empfänger",
        mailbox: "E-Mail-Adresse",
        language: "Sprache der E-Mail",
        any_language: "Nicht bekannt (Englisch)",
        message: "Persönliche Nachricht",
        message_hint: "Sie erscheint in der E-Mail und auf der Einladungsseite.",
        last_day: "Gültig bis",
        last_day_hint: |days| format!("Wenn Sie nichts angeben: {days} Tage ab heute."),
        inviter: "Wer einlädt",
        inviter_name: "Name",
        organization: "Organisation",
        inviter_mailbox: "E-Mail-Adresse für Antworten",
        inviter_phone: "Telefon mit Ländervorwahl",
        preview: "E-Mail ansehen",
    },
    review: ReviewText {
        review_title: "Einladung prüfen",
        review_lead: "Diese E-Mail wird der Empfänger erhalten.",
        no_mail_lead: "Dieser Dienst versendet keine E-Mails. Erstellen Sie die Einladung, \
            kopieren Sie dann ihren Link und geben Sie ihn selbst weiter. So würde die E-Mail \
            lauten.",
        is_pending: |email, until| {
            format!("{email} hat bereits eine Einladung, gültig bis {until}.")
        },
        show_pending: "Diese Einladung ansehen",
        will_join: |company| {
            format!("Die Kundennummer gehört zu {company}. Der Empfänger wird dort beitreten.")
        },
        subject: "Betreff",
        sender: "Von",
        email_title: "E-Mail an den Empfänger",
        link_comes_later: "Schaltfläche und Link funktionieren erst in der E-Mail selbst.",
        send: "Einladung senden",
        create_only: "Einladung erstellen",
        edit: "Etwas ändern",
        gone_title: "Diesen Entwurf gibt es nicht mehr",
        gone_body: "Entwürfe werden nach einem Tag gelöscht, hochgeladene Dateien nach einer \
            Woche. Bitte beginnen Sie von vorn.",
    },
    many: ManyText {
        many_title: "Viele einladen",
        many_lead: "Laden Sie eine CSV-Datei mit einer Zeile je Person hoch: bis zu 1.000 Zeilen \
            und 1 MiB.",
        template: "Vorlage herunterladen",
        required_columns: |columns| {
            format!(
                "Jede Zeile braucht {columns}, einen Vor- oder Nachnamen sowie postalCode, wenn das \
                 Land Postleitzahlen hat. Die übrigen Spalten dürfen leer sein oder fehlen."
            )
        },
        save_as: "Speichern Sie die Datei in Excel als „CSV UTF-8“. Formatieren Sie Postleitzahlen \
            und Nummern als Text, damit führende Nullen erhalten bleiben.",
        csv_file: "CSV-Datei",
        check_file: "Datei prüfen",
        nothing_sent: "Im nächsten Schritt sehen Sie den Inhalt der Datei. Vorher wird nichts \
            versendet.",
        earlier: "Ihre Dateien",
        earlier_draft: |rows| {
            format!(
                "{rows} {}, noch nicht versendet",
                if rows == "1" { "Zeile" } else { "Zeilen" }
            )
        },
        earlier_done: |done, rows| format!("{done} von {rows} Zeilen erledigt"),
        choose_again: "Wählen Sie die Datei bitte noch einmal aus: Der Browser vergisst sie zur \
            Sicherheit.",
    },
    file: FileText {
        refused_title: "Diese Datei kann nicht verwendet werden",
        no_file: "Bitte wählen Sie eine Datei aus.",
        is_empty: "Die Datei ist leer.",
        too_large: "Die Datei hat mehr als 1\u{a0}MiB. Bitte teilen Sie sie auf.",
        workbook: "Das ist eine Arbeitsmappe. Speichern Sie sie in Excel als „CSV UTF-8“ oder in \
            LibreOffice als „Text CSV“ und laden Sie diese Datei hoch.",
        not_utf8: "Die Datei liegt in UTF-16 vor („Unicode-Text“). Bitte speichern Sie sie als \
            „CSV UTF-8“.",
        not_utf8_in: |line| {
            format!(
                "Zeile {line} liegt nicht in UTF-8 vor. Bitte speichern Sie die Datei als „CSV \
                 UTF-8“."
            )
        },
        nul: |line| {
            format!(
                "Zeile {line} enthält ein Zeichen, das in keinem Text vorkommt. Bitte speichern \
                 Sie die Datei neu."
            )
        },
        open_quote: "Ein Anführungszeichen wird nie geschlossen. Bitte speichern Sie die \
            Datei aus Ihrer Tabelle neu.",
        no_header: "Die erste Zeile enthält keinen der bekannten Spaltennamen. Bitte beginnen Sie \
            mit der Vorlage.",
        unknown_columns: |columns| {
            format!(
                "Diese Spalten sind unbekannt: {columns}. Bitte benennen Sie sie wie in der \
                 Vorlage, oder entfernen Sie sie."
            )
        },
        duplicate_column: |column| {
            format!("Die Spalte {column} kommt mehrfach vor. Bitte entfernen Sie eine davon.")
        },
        missing_columns: |columns| {
            format!("Diese Spalten fehlen: {columns}. Bitte ergänzen Sie sie wie in der Vorlage.")
        },
        no_rows: "Unter den Spaltennamen steht keine Zeile.",
        too_many_rows: |rows| {
            format!(
                "Die Datei hat {rows} Zeilen. Bitte teilen Sie sie in Dateien mit bis zu 1.000 auf."
            )
        },
        too_many_cells: |row| {
            format!(
                "Zeile {row} hat mehr Zellen, als es Spalten gibt. Bitte setzen Sie Text, der das \
                 Trennzeichen enthält, in Anführungszeichen."
            )
        },
        row_too_long: |row| format!("Zeile {row} ist länger als 16 KiB. Bitte kürzen Sie sie."),
    },
    wrong: WrongText {
        email: "Bitte geben Sie eine E-Mail-Adresse wie name@example.com an.",
        name: "Bitte geben Sie einen Vor- oder Nachnamen an.",
        locale: "Bitte geben Sie ein Sprachkürzel wie en, de oder zh-Hant an, oder lassen Sie das \
            Feld leer.",
        international_phone: "Bitte geben Sie eine Nummer mit + und Ländervorwahl an, oder lassen \
            Sie das Feld leer.",
        date: "Bitte geben Sie einen Tag wie 2030-01-31 an, oder lassen Sie das Feld leer.",
        not_in_time: "Bitte wählen Sie einen Tag in der Zukunft, innerhalb von zehn Jahren.",
        duplicate: |row| {
            format!("Zeile {row} hat dieselbe E-Mail-Adresse. Bitte löschen Sie eine der beiden.")
        },
        country: "Bitte geben Sie einen Ländercode wie DE oder CH an.",
        unreadable: "Diese Zeile kann nicht mehr gelesen werden. Bitte laden Sie sie noch einmal \
            hoch.",
        not_created: "Diese Einladung konnte nicht erstellt werden. Bitte versuchen Sie es \
            einzeln.",
    },
    rows: RowsText {
        rows_title: "Datei prüfen",
        all_valid: |count| {
            format!(
                "{count} {} gültig.",
                plural(count, "Zeile ist", "Zeilen sind")
            )
        },
        some_valid: |valid, all| format!("{valid} von {all} Zeilen sind gültig."),
        none_valid: "Keine Zeile ist gültig. Bitte korrigieren Sie die Datei und laden Sie sie \
            noch einmal hoch.",
        to_correct: "Zu korrigieren",
        wrong_stay: "Diese Zeilen werden ausgelassen. Laden Sie sie herunter, korrigieren Sie sie \
            und laden Sie diese Datei später hoch.",
        download_wrong: "Zu korrigierende Zeilen herunterladen",
        to_invite: "Einzuladen",
        row: "Zeile",
        column: "Spalte",
        cell: "In der Datei",
        reason: "Was zu tun ist",
        invite: |count| format!("{count} Kunden einladen"),
        next_rows: "Weitere Zeilen",
        first_rows: "Erste Zeilen",
    },
    progress: ProgressText {
        progress_title: "Einladungen werden erstellt",
        rows_done: |done, rows| format!("{done} von {rows} Zeilen sind erledigt."),
        goes_on: "Diese Seite läuft von selbst weiter. Sie können sie verlassen: Der Rest wird \
            auch ohne sie erledigt.",
        update: "Jetzt fortfahren",
    },
    results: ResultsText {
        results_title: "Die Datei ist erledigt",
        were_invited: |count| {
            format!(
                "{count} {} eingeladen.",
                plural(count, "Kunde wurde", "Kunden wurden")
            )
        },
        were_not: |count| {
            format!(
                "{count} {} nicht verwendet.",
                plural(count, "Zeile wurde", "Zeilen wurden")
            )
        },
        download_results: "Ergebnisse herunterladen",
        kept_until: |day| {
            format!(
                "Diese Seite bleibt bis {day} erhalten. „Viele einladen“ zeigt Ihre zehn neuesten Dateien."
            )
        },
        outcome: "Ergebnis",
        invited: "eingeladen",
        not_invited: "nicht eingeladen",
        erased: "gelöscht",
    },
};
