use super::{
    DraftFormText, FileText, ManyText, ProgressText, ResultsText, ReviewText, RowsText, UploadText,
    WrongText,
};
use crate::text::plural;

pub(in crate::text) const TEXT: UploadText = UploadText {
    form: DraftFormText {
        new_title: "New invitation",
        new_lead: "Next, you see the e-mail. Nothing is sent before that.",
        recipient: "Recipient",
        mailbox: "E-mail address",
        language: "Language of the e-mail",
        any_language: "Not known (English)",
        message: "Personal message",
        message_hint: "It appears in the e-mail and on the invitation page.",
        last_day: "Valid until",
        last_day_hint: |days| format!("If you leave this empty: {days} days from now."),
        inviter: "Who invites",
        inviter_name: "Name",
        organization: "Organisation",
        inviter_mailbox: "E-mail address for replies",
        inviter_phone: "Phone with country code",
        preview: "Preview the e-mail",
    },
    review: ReviewText {
        review_title: "Check the invitation",
        review_lead: "This is the e-mail that the recipient will get.",
        no_mail_lead: "This service sends no e-mail. Create the invitation, then copy its link and \
            pass it on yourself. This is what the e-mail would say.",
        is_pending: |email, until| {
            format!("{email} already has an invitation, valid until {until}.")
        },
        show_pending: "Show that invitation",
        will_join: |company| {
            format!("The customer number belongs to {company}. The recipient will join it.")
        },
        subject: "Subject",
        sender: "From",
        email_title: "E-mail to the recipient",
        link_comes_later: "The button and the link work only in the e-mail itself.",
        send: "Send invitation",
        create_only: "Create invitation",
        edit: "Change something",
        gone_title: "This draft no longer exists",
        gone_body: "Drafts are deleted after a day, and uploads after a week. Please start again.",
    },
    many: ManyText {
        many_title: "Invite many",
        many_lead: "Upload a CSV file with one row for each person: up to 1,000 rows and 1 MiB.",
        template: "Download the template",
        required_columns: |columns| {
            format!(
                "Each row needs {columns}, a first or last name, and postalCode where the country has \
                 postal codes. The other columns may be empty or missing."
            )
        },
        save_as: "In Excel, save the file as “CSV UTF-8”. Format postal codes and numbers as text, \
            so that leading zeros are kept.",
        csv_file: "CSV file",
        check_file: "Check the file",
        nothing_sent: "Next, you see what is in the file. Nothing is sent before that.",
        earlier: "Your uploads",
        earlier_draft: |rows| {
            format!(
                "{rows} {}, not sent yet",
                if rows == "1" { "row" } else { "rows" }
            )
        },
        earlier_done: |done, rows| format!("{done} of {rows} rows done"),
        choose_again: "Choose the file again: for safety, the browser forgets it.",
    },
    file: FileText {
        refused_title: "This file cannot be used",
        no_file: "Please choose a file.",
        is_empty: "The file is empty.",
        too_large: "The file is larger than 1 MiB. Please split it.",
        workbook: "This is a workbook. Save it as “CSV UTF-8” in Excel, or as “Text CSV” in \
            LibreOffice, and upload that file.",
        not_utf8: "The file is in UTF-16 (“Unicode text”). Please save it as “CSV UTF-8”.",
        not_utf8_in: |line| {
            format!("Line {line} is not in UTF-8. Please save the file as “CSV UTF-8”.")
        },
        nul: |line| {
            format!(
                "Line {line} contains a character that no text has. Please save the file again."
            )
        },
        open_quote: "A quotation mark is never closed. Please save the file from your \
            spreadsheet again.",
        no_header: "The first row has none of the known column names. Please start from the \
            template.",
        unknown_columns: |columns| {
            format!(
                "These columns are unknown: {columns}. Please rename them as in the template, or \
                 remove them."
            )
        },
        duplicate_column: |column| {
            format!("The column {column} appears more than once. Please remove one of them.")
        },
        missing_columns: |columns| {
            format!("These columns are missing: {columns}. Please add them as in the template.")
        },
        no_rows: "There is no row below the column names.",
        too_many_rows: |rows| {
            format!("The file has {rows} rows. Please split it into files of up to 1,000.")
        },
        too_many_cells: |row| {
            format!(
                "Row {row} has more cells than there are columns. Please put text that contains \
                 the separator in quotation marks."
            )
        },
        row_too_long: |row| format!("Row {row} is longer than 16 KiB. Please shorten it."),
    },
    wrong: WrongText {
        email: "Please enter an e-mail address like name@example.com.",
        name: "Please enter a first or last name.",
        locale: "Please enter a language code like en, de or zh-Hant, or leave this empty.",
        international_phone: "Please enter a number with + and the country code, or leave this \
            empty.",
        date: "Please enter a day like 2030-01-31, or leave this empty.",
        not_in_time: "Please choose a day in the future, within ten years.",
        duplicate: |row| {
            format!("Row {row} has the same e-mail address. Please delete one of the two.")
        },
        country: "Please enter a country code such as DE or US.",
        unreadable: "This row can no longer be read. Please upload it again.",
        not_created: "This invitation could not be created. Please try it on its own.",
    },
    rows: RowsText {
        rows_title: "Check the file",
        all_valid: |count| format!("{count} {} valid.", plural(count, "row is", "rows are")),
        some_valid: |valid, all| format!("{valid} of {all} rows are valid."),
        none_valid: "No row is valid. Please correct the file and upload it again.",
        to_correct: "To correct",
        wrong_stay: "These rows are left out. Download them, correct them, and upload that file \
            later.",
        download_wrong: "Download the rows to correct",
        to_invite: "To invite",
        row: "Row",
        column: "Column",
        cell: "In the file",
        reason: "What to do",
        invite: |count| format!("Invite {count} {}", plural(count, "customer", "customers")),
        next_rows: "Further rows",
        first_rows: "First rows",
    },
    progress: ProgressText {
        progress_title: "Inviting",
        rows_done: |done, rows| format!("{done} of {rows} rows are done."),
        goes_on: "This page continues by itself. You may close it: the rest is done without it.",
        update: "Continue now",
    },
    results: ResultsText {
        results_title: "The file is done",
        were_invited: |count| {
            format!(
                "{count} {} invited.",
                plural(count, "customer was", "customers were")
            )
        },
        were_not: |count| {
            format!(
                "{count} {} not used.",
                plural(count, "row was", "rows were")
            )
        },
        download_results: "Download the results",
        kept_until: |day| {
            format!("This page is kept until {day}. “Invite many” lists your ten newest files.")
        },
        outcome: "Result",
        invited: "invited",
        not_invited: "not invited",
        erased: "erased",
    },
};
