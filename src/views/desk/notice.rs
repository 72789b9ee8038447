use askama::Template;

use super::DeskFrame;
use crate::{
    domain::staff::Role,
    text::{DeskNoticeText, Message},
    views::{Html, filters},
};

/// Why a page of the desk cannot be shown.
#[derive(Debug, Clone, Copy)]
pub enum DeskNotice<'a> {
    /// No one is signed in.
    SignIn,
    /// The session was ended by its owner.
    SignedOut,
    /// The session was over when a form was sent.
    SessionOver {
        /// The fields of the form.
        kept: &'a [(String, String)],
    },
    /// The account has no role.
    NoRole {
        /// As the account calls itself, where it is known.
        account_name: Option<&'a str>,
    },
    /// The role does not allow it.
    ReadsOnly,
    /// Microsoft or we refused the sign-in.
    SignInFailed {
        /// Microsoft's number.
        number: Option<u32>,
    },
    /// No such page.
    NotFound,
    /// No such invitation.
    UnknownInvitation,
    /// The form did not come from a page of this person.
    FormRefused,
    /// The request is too large.
    TooLarge,
    /// A dependency is down.
    TryAgainLater,
    /// An internal error.
    InternalError,
}

/// The form that starts the sign-in.
#[derive(Debug, Clone)]
pub struct SignInForm {
    /// Where it leads.
    pub action: String,
    /// The page to return to.
    pub next: String,
    /// Its token.
    pub token: String,
}

/// A notice of the desk.
#[derive(Debug, Template)]
#[template(path = "desk/notice.html")]
pub struct DeskNoticePage<'a> {
    /// What surrounds the page.
    pub desk: DeskFrame<'a>,
    /// What it says.
    pub notice: &'a DeskNotice<'a>,
    /// The form that starts the sign-in, where that helps.
    pub sign_in: Option<SignInForm>,
    /// The address of this page.
    pub here: &'a str,
}

impl DeskNotice<'_> {
    /// Whether a sign-in helps.
    #[must_use]
    pub fn offers_sign_in(&self) -> bool {
        matches!(
            self,
            Self::SignIn | Self::SignedOut | Self::NoRole { .. } | Self::SignInFailed { .. }
        )
    }

    fn message(&self, text: &DeskNoticeText) -> Message {
        match self {
            Self::SignIn => text.sign_in,
            Self::SignedOut => text.signed_out,
            Self::SessionOver { .. } => text.session_over,
            Self::NoRole { .. } => text.no_role,
            Self::ReadsOnly => text.reads_only,
            Self::SignInFailed { .. } => text.sign_in_failed,
            Self::NotFound => text.not_found,
            Self::UnknownInvitation => text.unknown_invitation,
            Self::FormRefused => text.form_refused,
            Self::TooLarge => text.too_large,
            Self::TryAgainLater => text.try_again_later,
            Self::InternalError => text.internal_error,
        }
    }
}

impl DeskNoticePage<'_> {
    /// The page as HTML.
    pub fn render(&self) -> Html {
        Html::of(self, self.desk.sheet())
    }

    fn t(&self) -> &'static DeskNoticeText {
        &self.desk.t().notice
    }

    fn title(&self) -> &'static str {
        self.notice.message(self.t()).title
    }

    fn body(&self) -> &'static str {
        self.notice.message(self.t()).body
    }

    /// The account that signed in without a role.
    fn account_name(&self) -> Option<&str> {
        match self.notice {
            DeskNotice::NoRole { account_name } => *account_name,
            _ => None,
        }
    }

    /// The roles to ask for, and what they are for.
    fn roles(&self) -> Vec<(&'static str, &'static str)> {
        match self.notice {
            DeskNotice::NoRole { .. } => vec![
                (Role::Manage.name(), self.t().to_manage),
                (Role::Read.name(), self.t().to_read),
            ],
            _ => Vec::new(),
        }
    }

    /// The button that chooses another account, where one may be signed in at Microsoft already.
    fn offers_another_account(&self) -> bool {
        !matches!(self.notice, DeskNotice::SignIn)
    }

    /// The fields to send again.
    fn kept(&self) -> Option<&[(String, String)]> {
        match self.notice {
            DeskNotice::SessionOver { kept } => Some(kept),
            _ => None,
        }
    }

    fn number(&self) -> Option<u32> {
        match self.notice {
            DeskNotice::SignInFailed { number } => *number,
            _ => None,
        }
    }
}
