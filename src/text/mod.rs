//! What people read, in every language: one file per language, each a [`Text`] with every field, so
//! that a missing text does not compile.
//!
//! To add a language: write its file, add a variant to [`Lang`] with a line each in [`Lang::ALL`]
//! and [`Lang::text`], add its tag to `countries.mjs` and run that.

pub mod address;
mod contact;
mod countries;
mod de;
mod desk;
mod en;
mod es;
mod fr;
mod invisible;
mod it;
mod ja;
mod lang;
mod localized;
pub mod names;
mod organisation;
mod upload;
mod zh_hans;
mod zh_hant;

use time::{Duration, OffsetDateTime, UtcOffset};

pub use contact::{ContactText, ContactedText, SituationText};
pub use countries::{countries, country_codes, country_name};
pub use desk::{
    DeskCorrectText, DeskDeliveryText, DeskEventText, DeskFrameText, DeskListText, DeskNoticeText,
    DeskOneText, DeskText,
};
pub use invisible::{
    NO_CONTROLS, is_foreign_punctuation, is_invisible, is_joiner, is_symbol, remove_invisible,
    shows_nothing,
};
pub use lang::Lang;
pub use localized::Localized;
pub use organisation::{ApprovalText, ApprovedMailText, OrganisationText, PassText, StoppedText};
pub use upload::{
    DraftFormText, FileText, ManyText, ProgressText, ResultsText, ReviewText, RowsText, UploadText,
    WrongText,
};

/// Keeps in one line what is read as one, such as a date or a phone number.
pub const NO_BREAK_SPACE: &str = "\u{a0}";

/// Date, time and zone (UTC) as the language writes them.
pub fn format_expiry(at: OffsetDateTime, lang: Lang) -> String {
    let (at, text) = (at.to_offset(UtcOffset::UTC), lang.text());
    let written = (text.expiry)(at);
    let year = at.year().to_string();
    // Between the day and the hour is room for a line break.
    let (day, hour) = written
        .find(&year)
        .and_then(|at| Some(written[at..].find(' ')? + at))
        .map_or((written.as_str(), ""), |end| written.split_at(end));
    let hour = hour
        .strip_prefix(' ')
        .map(|hour| format!(" {}", unbroken(hour.to_owned())));
    unbroken(day.to_owned()) + &hour.unwrap_or_default()
}

/// The day in UTC.
pub fn format_day(at: OffsetDateTime, lang: Lang) -> String {
    unbroken((lang.text().day)(at.to_offset(UtcOffset::UTC)))
}

/// In one line: a short text such as a date.
pub fn unbroken(text: String) -> String {
    if text.contains(' ') {
        text.replace(' ', NO_BREAK_SPACE)
    } else {
        text
    }
}

/// With less time than this left, an hour is named.
const LAST_DAYS: Duration = Duration::hours(72);
/// Earlier than a moment by this, a day is over in every time zone before the moment: the last zone
/// is 12 hours behind UTC.
const EVERYWHERE: Duration = Duration::hours(36);

/// Until when something works: the last day that is complete in every time zone; in the last days
/// the hour with its zone.
pub fn valid_until(expires: OffsetDateTime, now: OffsetDateTime, lang: Lang) -> String {
    if needs_hour(expires, now) {
        format_expiry(expires, lang)
    } else {
        format_day(expires - EVERYWHERE, lang)
    }
}

/// Whether so little time is left that a day alone would not do.
pub fn needs_hour(expires: OffsetDateTime, now: OffsetDateTime) -> bool {
    expires - now < LAST_DAYS
}

/// The text, isolated where its writing direction would affect the sentence around it (Unicode
/// UAX #9: U+2068 and U+2069).
pub fn isolated(text: String) -> String {
    let is_right_to_left = |c| {
        matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}'
            | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
    };
    if text.chars().any(is_right_to_left) {
        format!("\u{2068}{text}\u{2069}")
    } else {
        text
    }
}

/// The name of the month, of twelve that begin with January.
fn month(names: &'static [&'static str; 12], at: OffsetDateTime) -> &'static str {
    names[usize::from(u8::from(at.month())) - 1]
}

/// Whether the country writes German as in Switzerland, and has its VAT numbers.
fn is_swiss(country: &str) -> bool {
    matches!(country, "CH" | "LI")
}

/// Whether companies of the country have a VAT number of the European Union.
fn has_eu_vat_number(country: &str) -> bool {
    const EU: [&str; 27] = [
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE",
        "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
    ];
    EU.contains(&country)
}

/// The form for one, or for any other number, in languages that have these two.
const fn plural(number: u32, one: &'static str, other: &'static str) -> &'static str {
    if number == 1 { one } else { other }
}

/// Everything that is said in one language. The English file defines what each text means.
#[derive(Debug)]
#[expect(
    missing_docs,
    reason = "each field is named by where it is shown; en.rs says it in full"
)]
pub struct Text {
    pub tag: &'static str,
    pub native_name: &'static str,

    /// Gets UTC.
    pub expiry: fn(OffsetDateTime) -> String,
    /// A day without an hour. Gets UTC.
    pub day: fn(OffsetDateTime) -> String,
    /// The name that greets a person on a page.
    pub form_of_address: fn(first_name: &str, last_name: &str) -> String,
    pub frame: FrameText,
    pub invite: InviteText,
    pub company: CompanyText,
    pub problem: ProblemText,
    pub confirm: ConfirmText,
    pub join: JoinText,
    pub welcome: WelcomeText,
    pub notice: NoticeText,
    pub action: ActionText,
    pub contact: ContactText,
    pub upload: UploadText,
    pub mail: MailText,
}

/// What surrounds every page.
#[derive(Debug)]
#[expect(
    missing_docs,
    reason = "each field is named by where it is shown; en.rs says it in full"
)]
pub struct FrameText {
    pub progress: &'static str,
    /// Invitation, sign-in, company, welcome.
    pub steps: [&'static str; 4],
    /// Where there is no room for all of them.
    pub step: fn(step: &str, label: &str) -> String,
    pub help: &'static str,
    pub language: &'static str,
}

/// The invitation page.
#[derive(Debug)]
#[expect(
    missing_docs,
    reason = "each field is named by where it is shown; en.rs says it in full"
)]
pub struct InviteText {
    pub title: fn(platform: &str) -> String,
    pub greeting: fn(name: &str) -> String,
    pub lead: fn(inviter: &str, organization: &str, platform: &str) -> String,
    pub message_from: fn(inviter: &str) -> String,
    pub mailbox: &'static str,
    pub company: &'static str,
    pub expires: &'static str,
    pub next_steps: &'static str,
    pub have_account: &'static str,
    pub have_account_body: &'static str,
    pub no_account: &'static str,
    pub no_account_body: &'static str,
    pub create_one_hint: &'static str,
    pub afterwards: &'static str,
    pub get_started: &'static str,
    pub sign_up: &'static str,
    pub password: &'static str,
    pub unexpected: &'static str,
    pub accepted_title: &'static str,
    pub accepted_body: &'static str,
    pub accepted_button: &'static str,
    pub completed_title: &'static str,
    pub completed_body: fn(company: &str, platform: &str) -> String,
    pub completed_button: fn(platform: &str) -> String,
}

/// The company form.
#[derive(Debug)]
#[expect(
    missing_docs,
    reason = "each field is named by where it is shown; en.rs says it in full"
)]
pub struct CompanyText {
    pub title: &'static str,
    pub lead: fn(organization: &str) -> String,
    pub lead_empty: &'static str,
    pub customer_number: &'static str,
    pub company: &'static str,
    pub address: &'static str,
    pub contact: &'static str,
    pub company_name: &'static str,
    pub vat_number: fn(country: &str) -> &'static str,
    pub website: &'static str,
    pub country: &'static str,
    pub choose_country: &'static str,
    pub street: fn(country: &str) -> &'static str,
    pub postal_code: fn(country: &str) -> &'static str,
    pub city: fn(country: &str) -> &'static str,
    pub region: fn(country: &str) -> &'static str,
    pub first_name: &'static str,
    pub last_name: &'static str,
    pub phone: &'static str,
    pub phone_example: fn(example: &str) -> String,
    pub email: &'static str,
    pub email_note: &'static str,
    pub optional: &'static str,
    /// Before what the seller registered, where it was changed.
    pub registered_by: fn(organization: &str) -> String,
    /// Where nothing else is wrong.
    pub missing_entries: fn(is_one: bool, count: &str, names: &str) -> String,
    pub wrong_entries: fn(is_one: bool, count: &str, names: &str) -> String,
    /// Between names in a list.
    pub comma: &'static str,
    pub change: &'static str,
    pub create: &'static str,
    pub creating: &'static str,
    pub not_ready: &'static str,
    pub ready: &'static str,
}

/// What to do about a wrong entry.
#[derive(Debug)]
#[expect(
    missing_docs,
    reason = "each field is named by where it is shown; en.rs says it in full"
)]
pub struct ProblemText {
    pub missing: &'static str,
    pub too_long: fn(max: &str) -> String,
    pub invisible_characters: &'static str,
    pub unknown_country: &'static str,
    pub postal_code: fn(example: &str, country: &str) -> String,
    /// Of a country whose postal codes are not known.
    pub postal_code_any: fn(example: &str) -> String,
    pub phone: fn(example: &str) -> String,
    pub vat_number: fn(example: &str) -> String,
    pub website: &'static str,
    /// Between a field's name and what is wrong with it.
    pub colon: &'static str,
}

/// The page that asks for the code sent to the mailbox.
#[derive(Debug)]
#[expect(
    missing_docs,
    reason = "each field is named by where it is shown; en.rs says it in full"
)]
pub struct ConfirmText {
    pub title: &'static str,
    pub lead: fn(masked_mailbox: &str) -> String,
    pub sending: fn(masked_mailbox: &str) -> String,
    pub code: &'static str,
    pub not_a_code: &'static str,
    pub wrong_code: fn(tries_left: u8) -> String,
    pub earlier_code: &'static str,
    pub button: &'static str,
    pub send_again: &'static str,
    pub sent_again: fn(time: &str) -> String,
    pub nothing_arrived: &'static str,
    pub offer_title: &'static str,
    pub offer: fn(masked_mailbox: &str) -> String,
    pub offer_to_another: fn(account: &str, masked_mailbox: &str) -> String,
    pub offer_to_guest: fn(account: &str, masked_mailbox: &str) -> String,
    pub no_offer: fn(account: &str, masked_mailbox: &str) -> String,
    pub no_offer_unproven: fn(account: &str, masked_mailbox: &str) -> String,
    pub send_to: fn(masked_mailbox: &str) -> String,
    pub over_title: &'static str,
    pub over: fn(button: &str) -> String,
    pub next_code: fn(time: &str) -> String,
}

/// The page for colleagues of the person who created the company.
#[derive(Debug)]
#[expect(
    missing_docs,
    reason = "each field is named by where it is shown; en.rs says it in full"
)]
pub struct JoinText {
    pub title: fn(company: &str) -> String,
    pub lead: &'static str,
    pub created: fn(who: &str, when: &str) -> String,
    /// Where it is not known any more who created it.
    pub created_before: fn(when: &str) -> String,
    pub faster: &'static str,
    pub person: &'static str,
    /// Opens the fields of the person.
    pub change: &'static str,
    pub button: &'static str,
}

/// The welcome page.
#[derive(Debug)]
#[expect(
    missing_docs,
    reason = "each field is named by where it is shown; en.rs says it in full"
)]
pub struct WelcomeText {
    pub title: fn(name: &str) -> String,
    pub lead: fn(company: &str, platform: &str) -> String,
    pub lead_joined: fn(company: &str, platform: &str) -> String,
    /// Before links.
    pub start_here: &'static str,
    /// Where there are none.
    pub nothing_to_do: &'static str,
    pub links: &'static str,
    pub unsaved: fn(inviter: &str) -> String,
    pub registered: &'static str,
    pub correct: fn(inviter: &str) -> String,
    pub open_platform: fn(platform: &str) -> String,
}

/// What has happened, and what to do next.
#[derive(Debug, Clone, Copy)]
#[expect(
    missing_docs,
    reason = "each field is named by where it is shown; en.rs says it in full"
)]
pub struct Message {
    pub title: &'static str,
    pub body: &'static str,
}

/// Every page on which the journey stops.
#[derive(Debug)]
#[expect(
    missing_docs,
    reason = "each field is named by where it is shown; en.rs says it in full"
)]
pub struct NoticeText {
    pub malformed_link: Message,
    pub unknown_invitation: Message,
    pub expired: Message,
    pub revoked: Message,
    pub used_by_another: Message,
    pub consent_declined: Message,
    pub sign_in_failed: Message,
    pub sign_in_restart: Message,
    pub cookies_blocked: Message,
    pub wrong_account: Message,
    pub wrong_personal_account: &'static str,
    pub signed_in_as: &'static str,
    pub invited_mailbox: &'static str,
    pub accepted_on: &'static str,
    pub accepted_with: &'static str,
    pub work_account: &'static str,
    pub personal_account: &'static str,
    pub too_many_codes: Message,
    /// After it, for who signed in with another account.
    pub or_invited_account: &'static str,
    pub code_not_sent: Message,
    pub try_again_later: Message,
    pub form_refused: Message,
    /// Above the form with an address that was refused at another host name.
    pub address_kept: Message,
    pub session_over: Message,
    pub session_lost: Message,
    /// In place of what claims that the invitation works, where none is known.
    pub unknown_session: &'static str,
    /// With an error after a form was sent.
    pub draft_saved: &'static str,
    pub internal_error: Message,
    pub not_found: Message,
    pub too_large: Message,
    /// On a page without a button that leads on.
    pub next_step: &'static str,
}

/// Labels of what a notice offers.
#[derive(Debug)]
#[expect(
    missing_docs,
    reason = "each field is named by where it is shown; en.rs says it in full"
)]
pub struct ActionText {
    pub try_again: &'static str,
    pub use_another_account: &'static str,
    pub use_accepting_account: &'static str,
    pub enter_newest_code: &'static str,
    pub ask_for_new_invitation: &'static str,
    pub proceed: &'static str,
    pub get_help: &'static str,
}

/// E-mails.
#[derive(Debug)]
#[expect(
    missing_docs,
    reason = "each field is named by where it is shown; en.rs says it in full"
)]
pub struct MailText {
    pub subject: fn(organization: &str, platform: &str) -> String,
    pub greeting: fn(name: &str) -> String,
    pub steps: &'static str,
    pub copy_link: &'static str,
    pub valid_until: fn(expires: &str) -> String,
    pub help: &'static str,
    pub docs: &'static str,
    pub unexpected: &'static str,
    pub reminder_subject: fn(platform: &str) -> String,
    pub reminder_lead: fn(platform: &str) -> String,
    pub renewal_subject: fn(company: &str) -> String,
    pub renewal_body: fn(who: &str, company: &str, platform: &str) -> String,
    pub renewal_instructions: &'static str,
    pub company_subject: fn(company: &str, platform: &str) -> String,
    pub company_body: fn(who: &str, company: &str, platform: &str) -> String,
    pub joined_subject: fn(who: &str, company: &str) -> String,
    pub joined_body: fn(who: &str, company: &str, platform: &str) -> String,
    pub invitation_id: &'static str,
    pub customer_number: &'static str,
    pub invited_mailbox: &'static str,
    pub code_subject: fn(platform: &str) -> String,
    pub code_lead: fn(platform: &str) -> String,
    pub code_validity: fn(minutes: u32) -> String,
    pub code_unexpected: &'static str,
}

#[cfg(test)]
mod tests;
