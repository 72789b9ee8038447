//! What the seller's staff read at the desk: one file per language, as for [`Text`](super::Text).

mod de;
mod en;
mod es;
mod fr;
mod it;
mod ja;
mod zh_hans;
mod zh_hant;

use super::{Lang, Message};

/// Everything that the desk says in one language.
#[derive(Debug)]
#[expect(
    missing_docs,
    reason = "each field is named by where it is shown; en.rs says it in full"
)]
pub struct DeskText {
    pub frame: DeskFrameText,
    pub notice: DeskNoticeText,
    pub list: DeskListText,
    pub one: DeskOneText,
    pub correct: DeskCorrectText,
    pub delivery: DeskDeliveryText,
    pub event: DeskEventText,
}

/// What surrounds every page.
#[derive(Debug)]
#[expect(
    missing_docs,
    reason = "each field is named by where it is shown; en.rs says it in full"
)]
pub struct DeskFrameText {
    pub desk: &'static str,
    pub invitations: &'static str,
    pub new: &'static str,
    pub many: &'static str,
    pub sign_out: &'static str,
    pub reads_only: &'static str,
}

/// Why a page cannot be shown, and signing in.
#[derive(Debug)]
#[expect(
    missing_docs,
    reason = "each field is named by where it is shown; en.rs says it in full"
)]
pub struct DeskNoticeText {
    pub sign_in: Message,
    pub sign_in_button: &'static str,
    pub another_account: &'static str,
    pub signed_out: Message,
    pub session_over: Message,
    pub file_lost: &'static str,
    pub sign_in_first: &'static str,
    pub send_again: &'static str,
    pub no_role: Message,
    pub signed_in_as: &'static str,
    pub to_manage: &'static str,
    pub to_read: &'static str,
    pub reads_only: Message,
    pub sign_in_failed: Message,
    pub number: &'static str,
    pub not_found: Message,
    pub unknown_invitation: Message,
    pub form_refused: Message,
    pub too_large: Message,
    pub try_again_later: Message,
    pub internal_error: Message,
    pub back: &'static str,
}

/// The list of invitations.
#[derive(Debug)]
#[expect(
    missing_docs,
    reason = "each field is named by where it is shown; en.rs says it in full"
)]
pub struct DeskListText {
    pub title: &'static str,
    pub whose: &'static str,
    pub mine: &'static str,
    pub everyones: &'static str,
    pub status: &'static str,
    pub any: &'static str,
    pub pending: &'static str,
    pub expired: &'static str,
    pub accepted: &'static str,
    pub completed: &'static str,
    pub revoked: &'static str,
    pub erased: &'static str,
    pub delivery_failed: &'static str,
    pub search: &'static str,
    pub search_hint: &'static str,
    pub show: &'static str,
    pub reset: &'static str,
    pub recipient: &'static str,
    pub company: &'static str,
    pub created: &'static str,
    pub valid_until: &'static str,
    pub empty: Message,
    pub nothing_found: Message,
    pub searched_on: Message,
    pub older: &'static str,
    pub newest: &'static str,
}

/// One invitation and what is done with it.
#[derive(Debug)]
#[expect(
    missing_docs,
    reason = "each field is named by where it is shown; en.rs says it in full"
)]
pub struct DeskOneText {
    pub pending: fn(until: &str) -> String,
    pub expired: fn(at: &str) -> String,
    pub accepted: fn(at: &str) -> String,
    pub completed: fn(at: &str) -> String,
    pub joined: fn(at: &str) -> String,
    pub revoked: fn(at: &str) -> String,
    pub erased: fn(at: &str) -> String,
    pub reason: &'static str,
    pub invitation: &'static str,
    pub language: &'static str,
    pub inviter: &'static str,
    pub message: &'static str,
    pub registered: &'static str,
    pub confirmed: &'static str,
    pub delivery: &'static str,
    pub timeline: &'static str,
    pub by: fn(who: &str) -> String,
    pub by_staff: &'static str,
    pub by_integrator: &'static str,
    pub actions: &'static str,
    pub resend: &'static str,
    pub resend_hint: fn(until: &str) -> String,
    pub correct: &'static str,
    pub link: &'static str,
    pub link_body: &'static str,
    pub link_unreadable: &'static str,
    pub revoke: &'static str,
    pub revoke_question: &'static str,
    pub revoke_body: &'static str,
    pub revoke_reason: &'static str,
    pub erase: &'static str,
    pub erase_question: &'static str,
    pub erase_body: &'static str,
    pub cancel: &'static str,
    pub resent: &'static str,
    pub renewed: &'static str,
    pub corrected: &'static str,
    pub revoked_now: &'static str,
    pub erased_now: &'static str,
    pub too_many_emails: fn(next: &str) -> String,
    pub state_forbids: &'static str,
    pub conflict: &'static str,
}

/// The form that corrects an invitation.
#[derive(Debug)]
#[expect(
    missing_docs,
    reason = "each field is named by where it is shown; en.rs says it in full"
)]
pub struct DeskCorrectText {
    pub correct_title: &'static str,
    pub save: &'static str,
    pub not_mailed: &'static str,
    pub overtaken: &'static str,
}

/// How far e-mails and webhooks have come.
#[derive(Debug)]
#[expect(
    missing_docs,
    reason = "each field is named by where it is shown; en.rs says it in full"
)]
pub struct DeskDeliveryText {
    pub email: &'static str,
    pub webhook: &'static str,
    pub none: &'static str,
    pub queued: &'static str,
    pub retrying: fn(next: &str) -> String,
    pub delivered: fn(at: &str) -> String,
    pub failed: &'static str,
    pub no_mail_server: &'static str,
}

/// What has happened, in the timeline.
#[derive(Debug)]
#[expect(missing_docs, reason = "each field is named after its event")]
pub struct DeskEventText {
    pub created: &'static str,
    pub sent: &'static str,
    pub delivery_failed: &'static str,
    pub resent: &'static str,
    pub updated: &'static str,
    pub link_revealed: &'static str,
    pub reminded: &'static str,
    pub expired: &'static str,
    pub renewal_requested: &'static str,
    pub approved: &'static str,
    pub help_requested: &'static str,
    pub declined: &'static str,
    pub accepted: &'static str,
    pub revoked: &'static str,
    pub erased: &'static str,
    pub company_created: &'static str,
    pub company_joined: &'static str,
}

impl Lang {
    /// What the desk says in this language.
    #[must_use]
    pub const fn desk(self) -> &'static DeskText {
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
