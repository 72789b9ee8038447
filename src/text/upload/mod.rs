//! What the desk says where people are invited: one of them by a form, many by a file.

pub(super) mod de;
pub(super) mod en;
pub(super) mod es;
pub(super) mod fr;
pub(super) mod it;
pub(super) mod ja;
pub(super) mod zh_hans;
pub(super) mod zh_hant;

/// Inviting one person, or many.
#[derive(Debug)]
#[expect(
    missing_docs,
    reason = "each field is named by where it is shown; en.rs says it in full"
)]
pub struct UploadText {
    pub form: DraftFormText,
    pub review: ReviewText,
    pub many: ManyText,
    pub file: FileText,
    pub wrong: WrongText,
    pub rows: RowsText,
    pub progress: ProgressText,
    pub results: ResultsText,
}

/// The form for one invitation.
#[derive(Debug)]
#[expect(
    missing_docs,
    reason = "each field is named by where it is shown; en.rs says it in full"
)]
pub struct DraftFormText {
    pub new_title: &'static str,
    pub new_lead: &'static str,
    pub recipient: &'static str,
    pub mailbox: &'static str,
    pub language: &'static str,
    pub any_language: &'static str,
    pub message: &'static str,
    pub message_hint: &'static str,
    pub last_day: &'static str,
    pub last_day_hint: fn(days: &str) -> String,
    pub inviter: &'static str,
    pub inviter_name: &'static str,
    pub organization: &'static str,
    pub inviter_mailbox: &'static str,
    pub inviter_phone: &'static str,
    pub preview: &'static str,
}

/// The invitation before it is sent.
#[derive(Debug)]
#[expect(
    missing_docs,
    reason = "each field is named by where it is shown; en.rs says it in full"
)]
pub struct ReviewText {
    pub review_title: &'static str,
    pub review_lead: &'static str,
    pub no_mail_lead: &'static str,
    pub is_pending: fn(email: &str, until: &str) -> String,
    pub show_pending: &'static str,
    pub will_join: fn(company: &str) -> String,
    pub subject: &'static str,
    pub sender: &'static str,
    pub email_title: &'static str,
    pub link_comes_later: &'static str,
    pub send: &'static str,
    pub create_only: &'static str,
    pub edit: &'static str,
    pub gone_title: &'static str,
    pub gone_body: &'static str,
}

/// The page that takes a file.
#[derive(Debug)]
#[expect(
    missing_docs,
    reason = "each field is named by where it is shown; en.rs says it in full"
)]
pub struct ManyText {
    pub many_title: &'static str,
    pub many_lead: &'static str,
    pub template: &'static str,
    pub required_columns: fn(columns: &str) -> String,
    pub save_as: &'static str,
    pub csv_file: &'static str,
    pub check_file: &'static str,
    pub nothing_sent: &'static str,
    pub earlier: &'static str,
    pub earlier_draft: fn(rows: &str) -> String,
    pub earlier_done: fn(done: &str, rows: &str) -> String,
    pub choose_again: &'static str,
}

/// Why a file is refused, and what to do.
#[derive(Debug)]
#[expect(
    missing_docs,
    reason = "each field is named by where it is shown; en.rs says it in full"
)]
pub struct FileText {
    pub refused_title: &'static str,
    pub no_file: &'static str,
    pub is_empty: &'static str,
    pub too_large: &'static str,
    pub workbook: &'static str,
    pub not_utf8: &'static str,
    pub not_utf8_in: fn(line: &str) -> String,
    pub nul: fn(line: &str) -> String,
    pub open_quote: &'static str,
    pub no_header: &'static str,
    pub unknown_columns: fn(columns: &str) -> String,
    pub duplicate_column: fn(column: &str) -> String,
    pub missing_columns: fn(columns: &str) -> String,
    pub no_rows: &'static str,
    pub too_many_rows: fn(rows: &str) -> String,
    pub too_many_cells: fn(row: &str) -> String,
    pub row_too_long: fn(row: &str) -> String,
}

/// What is wrong with a value that the form of the company does not have.
#[derive(Debug)]
#[expect(
    missing_docs,
    reason = "each field is named by where it is shown; en.rs says it in full"
)]
pub struct WrongText {
    pub email: &'static str,
    pub name: &'static str,
    pub locale: &'static str,
    pub international_phone: &'static str,
    pub date: &'static str,
    pub not_in_time: &'static str,
    pub duplicate: fn(row: &str) -> String,
    pub country: &'static str,
    pub unreadable: &'static str,
    pub not_created: &'static str,
}

/// A file before anyone is invited.
#[derive(Debug)]
#[expect(
    missing_docs,
    reason = "each field is named by where it is shown; en.rs says it in full"
)]
pub struct RowsText {
    pub rows_title: &'static str,
    pub all_valid: fn(count: u32) -> String,
    pub some_valid: fn(valid: &str, all: &str) -> String,
    pub none_valid: &'static str,
    pub to_correct: &'static str,
    pub wrong_stay: &'static str,
    pub download_wrong: &'static str,
    pub to_invite: &'static str,
    pub row: &'static str,
    pub column: &'static str,
    pub cell: &'static str,
    pub reason: &'static str,
    pub invite: fn(count: u32) -> String,
    pub next_rows: &'static str,
    pub first_rows: &'static str,
}

/// While invitations are created.
#[derive(Debug)]
#[expect(
    missing_docs,
    reason = "each field is named by where it is shown; en.rs says it in full"
)]
pub struct ProgressText {
    pub progress_title: &'static str,
    pub rows_done: fn(done: &str, rows: &str) -> String,
    pub goes_on: &'static str,
    pub update: &'static str,
}

/// What became of a file.
#[derive(Debug)]
#[expect(
    missing_docs,
    reason = "each field is named by where it is shown; en.rs says it in full"
)]
pub struct ResultsText {
    pub results_title: &'static str,
    pub were_invited: fn(count: u32) -> String,
    pub were_not: fn(count: u32) -> String,
    pub download_results: &'static str,
    pub kept_until: fn(day: &str) -> String,
    pub outcome: &'static str,
    pub invited: &'static str,
    pub not_invited: &'static str,
    pub erased: &'static str,
}
