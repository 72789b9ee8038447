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
