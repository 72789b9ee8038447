//! What is said about the inviter, and to them: on the pages, and in the e-mails that a recipient
//! causes.

pub(super) mod de;
pub(super) mod en;
pub(super) mod es;
pub(super) mod fr;
pub(super) mod it;
pub(super) mod ja;
pub(super) mod zh_hans;
pub(super) mod zh_hant;

use super::Message;

/// The person behind every page.
#[derive(Debug, Clone, Copy)]
#[expect(
    missing_docs,
    reason = "each field is named by where it is shown; en.rs says it in full"
)]
pub struct ContactText {
    pub heading: &'static str,
    pub help: fn(name: &str) -> String,
    pub not_me: &'static str,
    pub not_me_body: fn(name: &str) -> String,
    pub colleague: &'static str,
    pub colleague_error: &'static str,
    pub not_me_button: fn(name: &str) -> String,
    /// What was asked for earlier; `at`: date, time and zone.
    pub help_asked: fn(name: &str, at: &str) -> String,
    pub not_me_said: fn(at: &str) -> String,
    pub new_invitation_asked: fn(name: &str, at: &str) -> String,
    pub help_requested: ContactedText,
    pub declined: ContactedText,
    /// The same once more within a day, with an address, which is not passed on. It may be the one that
    /// was; or the first, if none was given before. `at`: when it was said before.
    pub declined_again: fn(name: &str, at: &str) -> String,
    pub renewal_requested: ContactedText,
    /// Where no e-mail can be sent.
    pub only_recorded: fn(name: &str) -> String,
    pub page_outdated: Message,
    pub no_address: Message,
    /// E-mails to the inviter.
    pub help_subject: fn(company: &str) -> String,
    pub help_body: fn(who: &str, company: &str, platform: &str) -> String,
    pub situation: SituationText,
    pub help_instructions: &'static str,
    pub declined_subject: fn(company: &str) -> String,
    pub declined_body: fn(who: &str, company: &str, platform: &str) -> String,
    pub declined_colleague: &'static str,
    pub renewal_after_revocation: &'static str,
}

/// A page that follows a message to the inviter. It promises nothing.
#[derive(Debug, Clone, Copy)]
#[expect(
    missing_docs,
    reason = "each field is named by where it is shown; en.rs says it in full"
)]
pub struct ContactedText {
    pub title: &'static str,
    pub body: fn(name: &str) -> String,
}

/// What the inviter reads of the recipient's situation.
#[derive(Debug, Clone, Copy)]
#[expect(
    missing_docs,
    reason = "each field is named after the situation; en.rs says it in full"
)]
pub struct SituationText {
    pub invitation: &'static str,
    pub sign_in: &'static str,
    pub account: &'static str,
    pub organization: &'static str,
    pub mailbox: &'static str,
    pub company: &'static str,
    pub service: &'static str,
}
