use askama::Template;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::markup::{Markup, bdi, moment, sentence};
use super::{ApprovalNotice, Contact, Frame, Html, Sheet, SheetKind, filters};
use crate::{
    domain::{invitation::ContactKind, sign_in_refusal::SignInRefusal},
    text::{ContactText, ContactedText, Lang, Message, NoticeText, Text},
};

/// Why the journey cannot continue, or that it is complete.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Notice {
    /// The link has no well-formed invitation id.
    MalformedLink,
    /// No such invitation.
    UnknownInvitation,
    /// It was not accepted in time.
    Expired,
    /// It was withdrawn.
    Revoked,
    /// The inviter was asked for something.
    Contacted(Contacted),
    /// What was typed as a colleague's address is none.
    NoAddress {
        /// What was typed.
        typed: String,
    },
    /// The page with the form that asks the inviter was open for too long.
    PageOutdated {
        /// What was asked for.
        kind: ContactKind,
        /// What was typed as a colleague's address.
        typed: String,
    },
    /// Bound to another account.
    AlreadyAccepted(Acceptance),
    /// Microsoft or an organisation does not allow the sign-in: see
    /// [`StoppedPage`](super::StoppedPage).
    Stopped(SignInRefusal),
    /// Microsoft or we refused the sign-in.
    SignInFailed,
    /// The sign-in's state is unknown or too old.
    SignInRestart,
    /// What became of an administrator's approval.
    Approval(ApprovalNotice),
    /// The cookie of a sign-in is missing for the second time.
    CookiesBlocked,
    /// Accounts of this tenant are not accepted.
    WrongAccount {
        /// Straight from the token; cleaned here.
        account_name: String,
        /// See [`mask_email`](super::mask_email).
        masked_mailbox: String,
        /// Whether it is a personal account.
        #[serde(default)]
        is_personal: bool,
    },
    /// The limit of codes in a day is reached.
    TooManyCodes {
        /// When the next may be sent.
        #[serde(with = "time::serde::rfc3339")]
        next_at: OffsetDateTime,
        /// Whether the account that is signed in shows the invited address: then no other one helps.
        #[serde(default)]
        shows_invited: bool,
    },
    /// The mail server did not take the code.
    CodeNotSent,
    /// Storage or Entra is down.
    TryAgainLater,
    /// The form did not come from our page.
    FormRefused,
    /// The form with a colleague's address came from our page at another host name.
    AddressRefused {
        /// What was typed.
        typed: String,
    },
    /// The same once the page is at our host name, where the form with the address can be sent.
    AddressKept {
        /// What was typed.
        typed: String,
    },
    /// The time of the session is over.
    SessionExpired,
    /// The browser holds no session.
    SessionLost,
    /// The same where no invitation is known.
    SessionUnknown,
    /// The sign-in's state is unknown or too old, and no invitation is known.
    SignInUnknown,
    /// An internal error.
    InternalError,
    /// No such page.
    NotFound,
    /// The request is too large.
    TooLarge,
}

/// How an invitation was accepted, for someone who is signed in with another account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acceptance {
    /// The account that is signed in now, straight from the token; empty if it is not known.
    pub account_name: String,
    /// When the invitation was accepted.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// Whether by a personal account, and not by one of an organisation.
    pub is_personal: bool,
}

impl Notice {
    fn message(&self, lang: Lang) -> Message {
        let Text {
            notice: text,
            contact,
            ..
        } = lang.text();
        match self {
            Notice::Stopped(refusal) => refusal.reason_shown().message(lang),
            Notice::Approval(notice) => notice.message(lang),
            Notice::MalformedLink => text.malformed_link,
            Notice::UnknownInvitation => text.unknown_invitation,
            Notice::Expired => text.expired,
            Notice::Revoked => text.revoked,
            Notice::Contacted(contacted) => Message {
                title: contacted.text(contact).title,
                // Names the inviter.
                body: "",
            },
            Notice::NoAddress { .. } => contact.no_address,
            Notice::PageOutdated { .. } => contact.page_outdated,
            Notice::AlreadyAccepted(_) => text.used_by_another,
            Notice::SignInFailed => text.sign_in_failed,
            Notice::SignInRestart => text.sign_in_restart,
            Notice::CookiesBlocked => text.cookies_blocked,
            Notice::WrongAccount { is_personal, .. } => Message {
                body: if *is_personal {
                    text.wrong_personal_account
                } else {
                    text.wrong_account.body
                },
                ..text.wrong_account
            },
            Notice::TooManyCodes { .. } => text.too_many_codes,
            Notice::CodeNotSent => text.code_not_sent,
            Notice::TryAgainLater => text.try_again_later,
            Notice::FormRefused | Notice::AddressRefused { .. } => text.form_refused,
            Notice::AddressKept { .. } => text.address_kept,
            Notice::SessionExpired => text.session_over,
            Notice::SessionLost => text.session_lost,
            Notice::SessionUnknown => Message {
                body: text.unknown_session,
                ..text.session_lost
            },
            Notice::SignInUnknown => Message {
                body: text.unknown_session,
                ..text.sign_in_restart
            },
            Notice::InternalError => text.internal_error,
            Notice::NotFound => text.not_found,
            Notice::TooLarge => text.too_large,
        }
    }

    /// The title of the page.
    #[must_use]
    pub fn title(&self, lang: Lang) -> &'static str {
        self.message(lang).title
    }

    /// The step of the journey, counted from 1; 0 if the notice belongs to none.
    #[must_use]
    pub fn step(&self) -> usize {
        match self {
            Notice::MalformedLink
            | Notice::UnknownInvitation
            | Notice::Expired
            | Notice::Revoked
            | Notice::Contacted(_)
            | Notice::NoAddress { .. }
            | Notice::PageOutdated { .. }
            | Notice::AlreadyAccepted(_) => 1,
            Notice::Stopped(_)
            | Notice::SignInFailed
            | Notice::SignInRestart
            | Notice::SignInUnknown
            | Notice::CookiesBlocked
            | Notice::WrongAccount { .. }
            | Notice::TooManyCodes { .. }
            | Notice::CodeNotSent => 2,
            // They may happen at any step, or belong to none.
            Notice::Approval(_)
            | Notice::SessionExpired
            | Notice::SessionLost
            | Notice::SessionUnknown
            | Notice::TryAgainLater
            | Notice::FormRefused
            | Notice::AddressRefused { .. }
            | Notice::AddressKept { .. }
            | Notice::InternalError
            | Notice::NotFound
            | Notice::TooLarge => 0,
        }
    }
}

/// What the inviter was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contacted {
    /// What for.
    pub kind: ContactKind,
    /// The inviter's name; cleaned here.
    pub inviter: String,
    /// Whether an e-mail is on its way. Otherwise it is only recorded.
    pub is_mailed: bool,
    /// When it was said before, where an address came too late to be passed on.
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub said_before: Option<OffsetDateTime>,
}

impl Contacted {
    fn text(&self, text: &ContactText) -> ContactedText {
        match self.kind {
            ContactKind::Help => text.help_requested,
            ContactKind::NotMe => text.declined,
            ContactKind::NewInvitation => text.renewal_requested,
        }
    }

    fn body(&self, lang: Lang) -> Markup {
        let (text, name) = (&lang.text().contact, bdi(&self.inviter));
        sentence(match self.said_before {
            Some(at) => (text.declined_again)(&name, &moment(at, lang)),
            None if self.is_mailed => (self.text(text).body)(&name),
            None => (text.only_recorded)(&name),
        })
    }
}

impl Notice {
    /// What was typed as a colleague's address and is not sent yet.
    #[must_use]
    pub fn colleague(&self) -> Option<&str> {
        match self {
            Notice::NoAddress { typed }
            | Notice::AddressRefused { typed }
            | Notice::AddressKept { typed }
            | Notice::PageOutdated {
                kind: ContactKind::NotMe,
                typed,
            } => Some(typed),
            _ => None,
        }
    }

    /// Whether that is no address.
    #[must_use]
    pub fn refuses_colleague(&self) -> bool {
        matches!(self, Notice::NoAddress { .. })
    }

    /// Whether the open form in this block below it is what leads on: no button stands above it.
    #[must_use]
    pub fn is_led_on_by(&self, contact: Option<&Contact<'_>>) -> bool {
        let leads_to_form = matches!(
            self,
            Notice::NoAddress { .. }
                | Notice::AddressKept { .. }
                | Notice::PageOutdated {
                    kind: ContactKind::NotMe,
                    ..
                }
        );
        leads_to_form && contact.is_some_and(|contact| contact.not_me.is_open)
    }

    /// Whether a button would only lead away from what is to be done: a form below it; or nothing, by
    /// who is not the right person.
    #[must_use]
    pub fn needs_no_button(&self, contact: Option<&Contact<'_>>) -> bool {
        let has_declined = matches!(
            self,
            Notice::Contacted(Contacted {
                kind: ContactKind::NotMe,
                ..
            })
        );
        has_declined || self.is_led_on_by(contact)
    }

    /// Whether its text says how to go on, so that the page does not say it once more.
    fn explains_next_step(&self) -> bool {
        matches!(
            self,
            Notice::MalformedLink
                | Notice::UnknownInvitation
                | Notice::NotFound
                | Notice::Expired
                | Notice::Revoked
                | Notice::Contacted(_)
                | Notice::NoAddress { .. }
                | Notice::AddressRefused { .. }
                | Notice::AddressKept { .. }
                | Notice::SessionUnknown
                | Notice::SignInUnknown
                | Notice::PageOutdated { .. }
                | Notice::TooManyCodes { .. }
                | Notice::Approval(_)
        )
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
    /// The step of the journey, from 1; 0: none.
    pub step: usize,
    /// Whether what was typed is kept in the browser.
    pub draft_saved: bool,
    /// The inviter, and what can be asked of them.
    pub contact: Option<&'a Contact<'a>>,
}

impl NoticePage<'_> {
    /// The page as HTML.
    pub fn render(&self) -> Html {
        Html::of(self, self.sheet())
    }

    fn sheet(&self) -> &Sheet {
        self.frame.sheet(SheetKind::Text)
    }

    fn t(&self) -> &'static NoticeText {
        &self.frame.text().notice
    }

    fn step(&self) -> usize {
        self.step
    }

    fn title(&self) -> &'static str {
        self.notice.title(self.frame.lang)
    }

    /// When it was accepted.
    fn accepted_on(&self, acceptance: &Acceptance) -> Markup {
        sentence(moment(acceptance.at, self.frame.lang))
    }

    /// When the next code may be sent.
    fn next_code(&self) -> Option<Markup> {
        let Notice::TooManyCodes { next_at, .. } = self.notice else {
            return None;
        };
        let time = moment(next_at, self.frame.lang);
        Some(sentence((self.frame.text().confirm.next_code)(&time)))
    }

    /// No action continues the journey: the text points to the link in the e-mail.
    fn points_to_email(&self) -> bool {
        let continues = |action: &Action<'_>| match action {
            Action::Post { primary, .. } => *primary,
            Action::Link { url, primary, .. } => *primary && Some(*url) != self.frame.support_url,
        };
        !self.notice.explains_next_step() && !self.actions.iter().any(continues)
    }

    fn needs_no_button(&self) -> bool {
        self.notice.needs_no_button(self.contact)
    }

    fn body(&self) -> Markup {
        match &self.notice {
            Notice::Contacted(contacted) => contacted.body(self.frame.lang),
            Notice::TooManyCodes {
                shows_invited: false,
                ..
            } => {
                let text = &self.frame.text().notice;
                let blank = self.frame.space();
                sentence([text.too_many_codes.body, blank, text.or_invited_account].concat())
            }
            notice => sentence(notice.message(self.frame.lang).body.to_owned()),
        }
    }
}
