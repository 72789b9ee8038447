use askama::Template;
use time::OffsetDateTime;

use super::{ApprovalNotice, Frame, Html, Sheet, SheetKind, filters, rendered};
use crate::{
    domain::situation::Situation,
    text::{Lang, Message, NoticeText, format_expiry},
};

/// Why the journey cannot continue, or that it is complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// The link has no well-formed invitation id.
    MalformedLink,
    /// No such invitation.
    UnknownInvitation,
    /// It was not accepted in time.
    Expired {
        /// Whether the page offers to ask for a new one.
        can_renew: bool,
    },
    /// It was withdrawn.
    Revoked {
        /// Whether the page offers to ask for a new one.
        can_renew: bool,
    },
    /// The inviter was notified.
    RenewalRequested,
    /// Bound to another account.
    UsedByAnother(Acceptance),
    /// Microsoft or an organisation does not allow the sign-in: see
    /// [`StoppedPage`](super::StoppedPage).
    Stopped(Situation),
    /// Microsoft or we refused the sign-in.
    SignInFailed,
    /// The sign-in's state is unknown or too old, or cookies are blocked.
    SignInRestart,
    /// What became of an administrator's approval.
    Approval(ApprovalNotice),
    /// Accounts of this tenant are not accepted.
    WrongAccount {
        /// Straight from the token; cleaned here.
        account_name: String,
        /// See [`mask_email`](super::mask_email).
        masked_mailbox: String,
    },
    /// The limit of codes in a day is reached.
    TooManyCodes {
        /// When the next may be sent.
        next_at: OffsetDateTime,
    },
    /// The mail server did not take the code.
    CodeNotSent,
    /// Storage or Entra is down.
    TryAgainLater,
    /// The form did not come from our page.
    FormRefused,
    /// The session has ended.
    SessionOver,
    /// An internal error.
    InternalError,
    /// No such page.
    NotFound,
    /// The request is too large.
    TooLarge,
    /// The company exists already.
    AlreadyDone,
}

/// How an invitation was accepted, for someone who is signed in with another account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acceptance {
    /// The account that is signed in now, straight from the token; empty if it is not known.
    pub account_name: String,
    /// When the invitation was accepted.
    pub at: OffsetDateTime,
    /// Whether by a personal account, and not by one of an organisation.
    pub is_personal: bool,
}

impl Notice {
    fn message(&self, lang: Lang) -> Message {
        let text = &lang.text().notice;
        match self {
            Notice::Stopped(situation) => situation.message(lang),
            Notice::Approval(notice) => notice.message(lang),
            Notice::MalformedLink => text.malformed_link,
            Notice::UnknownInvitation => text.unknown_invitation,
            Notice::Expired { can_renew: false } => text.expired,
            Notice::Expired { can_renew: true } => text.expired_renewable,
            Notice::Revoked { can_renew: false } => text.revoked,
            Notice::Revoked { can_renew: true } => text.revoked_renewable,
            Notice::RenewalRequested => text.renewal_requested,
            Notice::UsedByAnother(_) => text.used_by_another,
            Notice::SignInFailed => text.sign_in_failed,
            Notice::SignInRestart => text.sign_in_restart,
            Notice::WrongAccount { .. } => text.wrong_account,
            Notice::TooManyCodes { .. } => text.too_many_codes,
            Notice::CodeNotSent => text.code_not_sent,
            Notice::TryAgainLater => text.try_again_later,
            Notice::FormRefused => text.form_refused,
            Notice::SessionOver => text.session_over,
            Notice::InternalError => text.internal_error,
            Notice::NotFound => text.not_found,
            Notice::TooLarge => text.too_large,
            Notice::AlreadyDone => text.already_done,
        }
    }

    /// The title of the page.
    #[must_use]
    pub fn title(&self, lang: Lang) -> &'static str {
        self.message(lang).title
    }

    /// The step of the journey, counted from 1; 0 if the notice belongs to none.
    fn step(&self) -> usize {
        match self {
            Notice::MalformedLink
            | Notice::UnknownInvitation
            | Notice::Expired { .. }
            | Notice::Revoked { .. }
            | Notice::RenewalRequested
            | Notice::UsedByAnother(_) => 1,
            Notice::Stopped(_)
            | Notice::SignInFailed
            | Notice::SignInRestart
            | Notice::WrongAccount { .. }
            | Notice::TooManyCodes { .. }
            | Notice::CodeNotSent
            | Notice::SessionOver => 2,
            Notice::AlreadyDone => 4,
            Notice::Approval(_)
            | Notice::TryAgainLater
            | Notice::FormRefused
            | Notice::InternalError
            | Notice::NotFound
            | Notice::TooLarge => 0,
        }
    }
}

/// A link or button on a notice. Labels come from [`ActionText`](crate::text::ActionText).
#[derive(Debug, Clone)]
pub enum Action<'a> {
    /// A link.
    Link {
        /// From the language's texts.
        label: &'a str,
        /// Same site or the settings' support page.
        url: &'a str,
        /// Whether it is the main action.
        primary: bool,
    },
    /// A form with one button.
    Post {
        /// From the language's texts.
        label: &'a str,
        /// Same site.
        url: &'a str,
        /// Hidden fields.
        fields: Vec<(&'a str, String)>,
        /// Whether it is the main action.
        primary: bool,
    },
}

impl Action<'_> {
    /// Whether it is the main action.
    #[must_use]
    pub fn is_primary(&self) -> bool {
        match self {
            Action::Link { primary, .. } | Action::Post { primary, .. } => *primary,
        }
    }
}

/// A page that reports a problem or a result, with the next actions.
#[derive(Debug, Template)]
#[template(path = "notice.html")]
pub struct NoticePage<'a> {
    /// The parts that all pages share.
    pub frame: Frame<'a>,
    /// The problem or result.
    pub notice: Notice,
    /// The next actions. Without any, the text explains how to continue.
    pub actions: &'a [Action<'a>],
}

impl NoticePage<'_> {
    /// The page as HTML.
    pub fn render(&self) -> Html {
        Html {
            document: rendered(self),
            style: self.sheet().hash.clone(),
        }
    }

    fn sheet(&self) -> &Sheet {
        self.frame.sheet(SheetKind::Text)
    }

    fn t(&self) -> &'static NoticeText {
        &self.frame.text().notice
    }

    fn step(&self) -> usize {
        self.notice.step()
    }

    fn title(&self) -> &'static str {
        self.notice.message(self.frame.lang).title
    }

    /// When it was accepted.
    fn accepted_on(&self, acceptance: &Acceptance) -> String {
        format_expiry(acceptance.at, self.frame.lang)
    }

    /// When the next code may be sent.
    fn next_code(&self) -> Option<String> {
        let Notice::TooManyCodes { next_at } = self.notice else {
            return None;
        };
        let time = format_expiry(next_at, self.frame.lang);
        Some((self.frame.text().confirm.next_code)(&time))
    }

    /// No action continues the journey: the text points to the link in the e-mail.
    fn points_to_email(&self) -> bool {
        let continues = |action: &Action<'_>| matches!(action, Action::Post { primary: true, .. });
        let helps = self.frame.support_url.is_some() || !self.actions.is_empty();
        let waits = matches!(self.notice, Notice::TooManyCodes { .. });
        let is_recipient = !matches!(self.notice, Notice::Approval(_));
        is_recipient && !helps || self.step() == 2 && !waits && !self.actions.iter().any(continues)
    }

    fn body(&self) -> &'static str {
        self.notice.message(self.frame.lang).body
    }
}
