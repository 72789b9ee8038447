//! What people read, in every language: one file per language, each a [`Text`] with every field, so
//! that a missing text does not compile.
//!
//! A new language is one file, one variant of [`Lang`], and one line each in [`Lang::ALL`] and
//! [`Lang::text`].

pub mod countries;
mod de;
mod en;
mod es;
mod fr;
mod it;
mod ja;
pub mod names;
mod zh_hans;
mod zh_hant;

use time::{OffsetDateTime, UtcOffset};

/// A language that the product speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lang {
    /// English, the language of last resort.
    En,
    /// Chinese in traditional characters, in the business usage of Taiwan and Hong Kong.
    ZhHant,
    /// Chinese in simplified characters, in the usage of mainland China and Singapore.
    ZhHans,
    /// German, with Sie.
    De,
    /// French, with vous.
    Fr,
    /// Italian, with Lei.
    It,
    /// Spanish, with usted.
    Es,
    /// Japanese, in the polite style.
    Ja,
}

impl Lang {
    /// Every language, in the order in which a reader is offered them.
    pub const ALL: [Lang; 8] = [
        Lang::En,
        Lang::De,
        Lang::Fr,
        Lang::It,
        Lang::Es,
        Lang::Ja,
        Lang::ZhHans,
        Lang::ZhHant,
    ];

    /// Everything the product says in this language.
    pub const fn text(self) -> &'static Text {
        match self {
            Lang::En => &en::TEXT,
            Lang::ZhHant => &zh_hant::TEXT,
            Lang::ZhHans => &zh_hans::TEXT,
            Lang::De => &de::TEXT,
            Lang::Fr => &fr::TEXT,
            Lang::It => &it::TEXT,
            Lang::Es => &es::TEXT,
            Lang::Ja => &ja::TEXT,
        }
    }

    /// The BCP 47 tag, as in `<html lang>`.
    pub const fn tag(self) -> &'static str {
        self.text().tag
    }

    /// The name in the language itself.
    pub const fn native_name(self) -> &'static str {
        self.text().native_name
    }

    /// The language that serves a reader of the BCP 47 `tag`: `zh-TW` is served by `zh-Hant`,
    /// `en-GB` by `en`.
    pub fn parse(tag: &str) -> Option<Lang> {
        let mut subtags = tag.trim().split(['-', '_']);
        let primary = subtags.next()?;
        let wanted = if primary.eq_ignore_ascii_case("zh") {
            chinese_script(subtags)
        } else {
            primary
        };
        Lang::ALL
            .into_iter()
            .find(|lang| lang.tag().eq_ignore_ascii_case(wanted))
    }

    /// The person's choice on the page, else the invitation's language, else what the browser
    /// prefers, else English.
    pub fn negotiate(
        explicit: Option<&str>,
        invitation_locale: Option<&str>,
        accept_language: Option<&str>,
    ) -> Lang {
        explicit
            .and_then(Lang::parse)
            .or_else(|| invitation_locale.and_then(Lang::parse))
            .or_else(|| accept_language.and_then(preferred))
            .unwrap_or(Lang::En)
    }
}

/// The script decides; without one the region says which script its readers use.
fn chinese_script<'a>(mut subtags: impl Iterator<Item = &'a str>) -> &'static str {
    let traditional = |subtag: &str| match subtag.to_ascii_lowercase().as_str() {
        "hant" | "tw" | "hk" | "mo" => Some("zh-Hant"),
        "hans" | "cn" | "sg" | "my" => Some("zh-Hans"),
        _ => None,
    };
    subtags.find_map(traditional).unwrap_or("zh-Hans")
}

/// The best served range of an `Accept-Language` header (RFC 9110, 12.5.4). Parsed here because the
/// quality values are compared: a `q=NaN` must not reach a sort.
fn preferred(header: &str) -> Option<Lang> {
    let mut best: Option<(f32, Lang)> = None;
    for range in header.split(',').take(32) {
        let (tag, quality) = match range.split_once(';') {
            None => (range, 1.0),
            Some((tag, parameter)) => {
                let weight = parameter.trim();
                let quality = weight
                    .strip_prefix("q=")
                    .or_else(|| weight.strip_prefix("Q="))
                    .and_then(|value| value.trim().parse::<f32>().ok());
                (
                    tag,
                    quality.filter(|q| (0.0..=1.0).contains(q)).unwrap_or(0.0),
                )
            }
        };
        if quality > best.map_or(0.0, |(quality, _)| quality)
            && let Some(lang) = Lang::parse(tag)
        {
            best = Some((quality, lang));
        }
    }
    best.map(|(_, lang)| lang)
}

/// Date, time and zone (UTC) as the language writes them.
pub fn format_expiry(at: OffsetDateTime, lang: Lang) -> String {
    (lang.text().expiry)(at.to_offset(UtcOffset::UTC))
}

/// The name of the month, of twelve that begin with January.
fn month(names: &'static [&'static str; 12], at: OffsetDateTime) -> &'static str {
    names[usize::from(u8::from(at.month())) - 1]
}

/// The form for one, or for any other number, in languages that have these two.
const fn counted(number: u32, one: &'static str, other: &'static str) -> &'static str {
    if number == 1 { one } else { other }
}

/// ISO 3166-1 alpha-2 codes with their names, in the order of the language.
pub fn countries(lang: Lang) -> &'static [(&'static str, &'static str)] {
    lang.text().countries
}

/// The ISO 3166-1 alpha-2 codes of the countries that have a name here, sorted.
pub fn country_codes() -> Vec<&'static str> {
    let mut codes: Vec<_> = countries(Lang::En).iter().map(|(code, _)| *code).collect();
    codes.sort_unstable();
    codes
}

/// The name of the country with this alpha-2 code.
pub fn country_name(code: &str, lang: Lang) -> Option<&'static str> {
    countries(lang)
        .iter()
        .find(|(known, _)| *known == code)
        .map(|(_, name)| *name)
}

/// Whether the character shows nothing but changes what is shown around it: controls, bidi
/// overrides, isolates and marks, zero-width and tag characters. Joiners (U+200C, U+200D) stay:
/// Persian and Indic names need them.
pub const fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The same as a regular expression of JSON Schema, for text whose white space is collapsed or
/// trimmed: nothing that [`is_unseen`], white space aside. Tag characters are left out, since
/// dialects differ in how they write them.
pub const VISIBLE: &str = concat!(
    r"^[^\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f",
    r"\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]*$"
);

/// Everything that is said in one language. The English file defines what each text means.
#[derive(Debug)]
#[expect(
    missing_docs,
    reason = "each field is named by where it is shown; en.rs says it in full"
)]
pub struct Text {
    pub tag: &'static str,
    pub native_name: &'static str,
    pub countries: &'static [(&'static str, &'static str)],
    /// Gets UTC.
    pub expiry: fn(OffsetDateTime) -> String,
    /// The name by which pages address a person.
    pub called: fn(first_name: &str, last_name: &str) -> String,
    pub frame: FrameText,
    pub invite: InviteText,
    pub company: CompanyText,
    pub problem: ProblemText,
    pub confirm: ConfirmText,
    pub welcome: WelcomeText,
    pub notice: NoticeText,
    pub action: ActionText,
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
    pub next: &'static str,
    pub have_account: &'static str,
    pub have_account_body: &'static str,
    pub no_account: &'static str,
    pub no_account_body: &'static str,
    pub no_account_create_one: &'static str,
    pub then: &'static str,
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
    pub vat_number: &'static str,
    pub website: &'static str,
    pub country: &'static str,
    pub choose_country: &'static str,
    pub street: &'static str,
    pub postal_code: &'static str,
    pub city: &'static str,
    pub region: &'static str,
    pub first_name: &'static str,
    pub last_name: &'static str,
    pub phone: &'static str,
    pub phone_example: &'static str,
    pub email: &'static str,
    pub email_note: &'static str,
    pub optional: &'static str,
    /// What the seller registered, beside what was changed.
    pub registered: fn(value: &str) -> String,
    pub check: &'static str,
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
    pub unseen_characters: &'static str,
    pub unknown_country: &'static str,
    pub postal_code: fn(example: &str) -> String,
    pub phone: &'static str,
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
    pub code: &'static str,
    pub wrong: &'static str,
    pub expired: &'static str,
    pub button: &'static str,
    pub send_again: &'static str,
    pub spam: &'static str,
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
    pub links: &'static str,
    pub open: fn(platform: &str) -> String,
}

/// What happened, and what to do next.
#[derive(Debug, Clone, Copy)]
#[expect(
    missing_docs,
    reason = "each field is named by where it is shown; en.rs says it in full"
)]
pub struct Said {
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
    pub malformed_link: Said,
    pub unknown_invitation: Said,
    pub expired: Said,
    pub expired_renewable: Said,
    pub revoked: Said,
    pub revoked_renewable: Said,
    pub renewal_requested: Said,
    pub used_by_another: Said,
    pub consent_declined: Said,
    pub sign_in_failed: Said,
    pub sign_in_restart: Said,
    pub wrong_account: Said,
    pub signed_in_as: &'static str,
    pub invited_mailbox: &'static str,
    pub too_many_codes: Said,
    pub try_again_later: Said,
    pub form_refused: Said,
    pub session_over: Said,
    pub internal_error: Said,
    pub not_found: Said,
    pub too_large: Said,
    pub already_done: Said,
    /// When a page has nothing to press.
    pub forward: &'static str,
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
    pub send_code: &'static str,
    pub ask_for_new_invitation: &'static str,
    pub go_on: &'static str,
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
    pub works_until: fn(expires: &str) -> String,
    pub help: &'static str,
    pub unexpected: &'static str,
    pub renewal_subject: fn(company: &str) -> String,
    pub renewal_body: fn(who: &str, company: &str, platform: &str) -> String,
    pub renewal_how: &'static str,
    pub company_subject: fn(company: &str, platform: &str) -> String,
    pub company_body: fn(who: &str, company: &str, platform: &str) -> String,
    pub renewal_id: &'static str,
    pub renewal_customer: &'static str,
    pub renewal_mailbox: &'static str,
    pub code_subject: fn(platform: &str) -> String,
    pub code_lead: fn(platform: &str) -> String,
    pub code_works: fn(minutes: u32) -> String,
    pub code_unexpected: &'static str,
}

#[cfg(test)]
mod tests;
