//! What people read when Microsoft or their organisation does not let them sign in, and what their
//! administrator reads: one file per language, as for [`Text`](super::Text).

mod de;
mod en;
mod es;
mod fr;
mod it;
mod ja;
mod zh_hans;
mod zh_hant;

use super::{Lang, Message};

/// Everything about organisations that is said in one language.
#[derive(Debug)]
#[expect(
    missing_docs,
    reason = "each field is named by where it is shown; en.rs says it in full"
)]
pub struct OrganisationText {
    pub stopped: StoppedText,
    pub pass: PassText,
    pub approval: ApprovalText,
    pub approved_mail: ApprovedMailText,
}

/// The pages of the recipient.
#[derive(Debug)]
#[expect(
    missing_docs,
    reason = "each field is named by where it is shown; en.rs says it in full"
)]
pub struct StoppedText {
    /// The link on the invitation page.
    pub question: &'static str,
    pub unknown: Message,
    pub approval_title: &'static str,
    pub blameless: &'static str,
    pub consent: fn(platform: &str) -> String,
    pub assignment: fn(platform: &str) -> String,
    pub conditional_access: &'static str,
    pub cross_tenant: fn(platform: &str) -> String,
    pub refused_account: Message,
    pub configuration: Message,
    pub works_until: fn(expires: &str) -> String,
    pub number: &'static str,
    pub what_microsoft_says: &'static str,
    pub enter_number: &'static str,
    pub show_help: &'static str,
    pub cancelled_case: Message,
    pub approval_case: Message,
    pub account_case: Message,
    pub for_it: &'static str,
    pub copy: &'static str,
    pub send: &'static str,
    pub allowed_now: &'static str,
    pub later: &'static str,
}

/// The text for the IT department.
#[derive(Debug)]
#[expect(
    missing_docs,
    reason = "each field is named by where it is shown; en.rs says it in full"
)]
pub struct PassText {
    pub request: fn(platform: &str) -> String,
    pub situation: fn(platform: &str, organization: &str) -> String,
    pub app: &'static str,
    pub client_id: &'static str,
    pub operator: &'static str,
    pub support: &'static str,
    pub permissions: &'static str,
    pub only_identity: &'static str,
    pub to_consent: &'static str,
    pub to_consent_at: &'static str,
    pub to_assign: &'static str,
    pub to_exempt: &'static str,
    pub to_allow_tenant: &'static str,
    pub to_find_out: &'static str,
}

/// The pages of the administrator.
#[derive(Debug)]
#[expect(
    missing_docs,
    reason = "each field is named by where it is shown; en.rs says it in full"
)]
pub struct ApprovalText {
    pub heading: fn(platform: &str) -> String,
    pub introduction: fn(organization: &str, platform: &str) -> String,
    pub invited_by: &'static str,
    pub what_is_shared: &'static str,
    pub to_microsoft: &'static str,
    pub not_yet: &'static str,
    pub approved: Message,
    pub not_approved: Message,
    pub closed: Message,
    pub unmatched: Message,
}

/// To the recipient, after the approval.
#[derive(Debug)]
#[expect(
    missing_docs,
    reason = "each field is named by where it is shown; en.rs says it in full"
)]
pub struct ApprovedMailText {
    pub approved_subject: fn(platform: &str) -> String,
    pub approved_body: fn(platform: &str) -> String,
}

impl Lang {
    /// What this language says about organisations.
    #[must_use]
    pub const fn organisation(self) -> &'static OrganisationText {
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
}
