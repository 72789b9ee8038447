//! The next action that a notice offers, as a value that an error names and a page renders.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{
    contact,
    links::{self, Fields},
    page,
    request_info::{RequestInfo, is_session_page, is_welcome},
};
use crate::{
    app::App,
    domain::invitation::{Account, ContactKind, Invitation, Known, Link, Situation},
    text::{ActionText, Lang},
    views::{Action, clean},
};

/// The next action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Next {
    /// Start the sign-in for the invitation again.
    SignIn {
        /// What the button says.
        label: Label,
        /// Whether the person chooses another account.
        other_account: bool,
    },
    /// The same where the cookie of a sign-in is missing.
    RestartSignIn,
    /// Ask the inviter for a new invitation.
    NewInvitation,
    /// Ask the inviter for this, as their block on the page does.
    Contact(ContactKind),
    /// Go on with the company data.
    Company,
    /// Go on with the code.
    Code,
    /// Send a code to the invited mailbox.
    SendCode {
        /// The account that asks for it.
        account: Account,
        /// The newest code that was sent before.
        known: Known,
    },
    /// Open this page again.
    Reload(Label),
    /// Open this page again, or start the sign-in again where it cannot be opened again.
    Retry,
    /// Open the link of the invitation.
    OpenInvitation,
    /// Open this page at our own host name, where its forms work. There, if the form is closed by
    /// now: open the link of the invitation.
    ShowAtPublicName,
    /// What the page of a refused sign-in offers (`stopped_page.rs`).
    AfterRefusal,
    /// Only a person can help.
    Help,
}

/// What a button says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each is a field of `ActionText`")]
pub enum Label {
    TryAgain,
    UseAnotherAccount,
    UseAcceptingAccount,
    EnterNewestCode,
    Proceed,
}

impl Label {
    fn of(self, text: &'static ActionText) -> &'static str {
        match self {
            Self::TryAgain => text.try_again,
            Self::UseAnotherAccount => text.use_another_account,
            Self::UseAcceptingAccount => text.use_accepting_account,
            Self::EnterNewestCode => text.enter_newest_code,
            Self::Proceed => text.proceed,
        }
    }
}

/// What the buttons are made from.
pub(super) struct Context<'a> {
    pub(super) app: &'a App,
    pub(super) request: &'a RequestInfo,
    pub(super) link: Option<&'a Link>,
    /// Path and query of the page that can be opened again.
    pub(super) page: Option<&'a str>,
    pub(super) invitation: Option<&'a Invitation>,
    /// What the inviter reads where the person asks for help.
    pub(super) situation: Situation,
    /// The language that was chosen on a page.
    pub(super) chosen: Option<Lang>,
    pub(super) lang: Lang,
    /// Path and query that show this page.
    pub(super) here: &'a str,
}

/// The buttons of a page, with what they refer to.
pub(super) struct Buttons {
    lang: Lang,
    first: Option<First>,
    support: Option<String>,
    pub(super) starts_sign_in: bool,
}

struct First {
    label: Cow<'static, str>,
    url: String,
    /// `None`: a link.
    fields: Option<Fields>,
}

impl Buttons {
    /// Where a form on the page leads on: no button stands above it, and help is in the foot.
    pub(super) fn none(lang: Lang) -> Self {
        Self {
            lang,
            first: None,
            support: None,
            starts_sign_in: false,
        }
    }

    pub(super) fn actions(&self) -> Vec<Action<'_>> {
        let first = self.first.as_ref().map(|first| match &first.fields {
            Some(fields) => Action::Post {
                label: &first.label,
                url: &first.url,
                fields: fields.clone(),
                primary: true,
            },
            None => Action::Link {
                label: &first.label,
                url: &first.url,
                primary: true,
            },
        });
        let help = self.support.as_deref().map(|url| Action::Link {
            label: self.lang.text().action.get_help,
            url,
            primary: first.is_none(),
        });
        first.into_iter().chain(help).collect()
    }
}

impl Context<'_> {
    pub(super) fn buttons(&self, next: Next) -> Buttons {
        let first = self.first(next);
        let invite = links::invite_url(self.app);
        let support = self.app.config.platform.support_url.as_ref();
        Buttons {
            lang: self.lang,
            starts_sign_in: first
                .as_ref()
                .is_some_and(|first| first.fields.is_some() && first.url == invite.as_str()),
            first,
            support: support.map(ToString::to_string),
        }
    }

    fn first(&self, next: Next) -> Option<First> {
        let text = &self.lang.text().action;
        match next {
            Next::SignIn {
                label,
                other_account,
            } => self
                .sign_in(label, if other_account { "select_account" } else { "" })
                .or_else(|| self.platform()),
            Next::RestartSignIn => self.link.map(|link| First {
                label: text.try_again.into(),
                url: links::invite_url(self.app).to_string(),
                fields: Some(links::restart_fields_after_loss(self.app, link, self.lang)),
            }),
            Next::NewInvitation => self.contact(ContactKind::NewInvitation),
            Next::Contact(kind) => self.contact(kind),
            Next::Company => self.session_page("CreateCompany"),
            Next::Code => self.session_page("ConfirmMailbox"),
            Next::SendCode { account, known } => self.link.map(|link| First {
                label: self.lang.text().confirm.send_again.into(),
                url: links::session_path("ConfirmMailbox", link.id(), self.chosen),
                fields: Some(links::send_code_fields(self.app, (link, account), known)),
            }),
            Next::Reload(label) => self.reload(label).or_else(|| self.open_invitation()),
            Next::Retry if self.link.is_none() || self.page.is_some_and(is_session_page) => {
                self.reload(Label::TryAgain)
            }
            Next::Retry => self.sign_in(Label::TryAgain, ""),
            Next::OpenInvitation => self.open_invitation(),
            Next::ShowAtPublicName if self.request.reads => self.open_invitation(),
            Next::ShowAtPublicName => Some(self.at_public_name(self.here)),
            Next::AfterRefusal | Next::Help => None,
        }
    }

    fn session_page(&self, function: &str) -> Option<First> {
        self.link.map(|link| First {
            label: self.lang.text().action.proceed.into(),
            url: links::session_path(function, link.id(), self.chosen),
            fields: None,
        })
    }

    fn sign_in(&self, label: Label, prompt: &str) -> Option<First> {
        self.link.map(|link| First {
            label: label.of(&self.lang.text().action).into(),
            url: links::invite_url(self.app).to_string(),
            fields: Some(links::restart_fields(self.app, link, self.lang, prompt)),
        })
    }

    /// Nothing, where it was asked for less than a day ago, or where the block of the inviter has
    /// a field for it.
    fn contact(&self, kind: ContactKind) -> Option<First> {
        let (link, invitation) = self.link.zip(self.invitation)?;
        let text = self.lang.text();
        let label = match kind {
            ContactKind::NewInvitation => text.action.ask_for_new_invitation.into(),
            ContactKind::Help => (text.contact.help)(&invitation.terms.inviter.name).into(),
            ContactKind::NotMe => return None,
        };
        contact::is_open(invitation, kind, self.app.clock.now()).then(|| First {
            label,
            url: contact::PATH.to_owned(),
            fields: Some(contact::fields(
                self.app,
                (link, self.situation),
                kind,
                self.lang,
            )),
        })
    }

    /// The link at our own host name: the form may have been opened at another, where it is always
    /// refused.
    fn open_invitation(&self) -> Option<First> {
        let is_session_page = self.page.is_some_and(is_session_page);
        let known = self.link.copied().filter(|_| !is_session_page);
        let Some(link) = self.request.link().or(known) else {
            return Some(self.at_public_name(self.page?));
        };
        Some(First {
            label: self.lang.text().action.try_again.into(),
            url: links::invitation_url(self.app, &link, self.chosen).to_string(),
            fields: None,
        })
    }

    /// A page at our own host name, in the language that was chosen.
    fn at_public_name(&self, path: &str) -> First {
        let public = self.app.config.public.as_str();
        First {
            label: self.lang.text().action.try_again.into(),
            url: format!("{public}{}", page::path_in_lang(path, self.chosen)),
            fields: None,
        }
    }

    /// For those who kept the address of the welcome page. It names the invitation one-way, so that
    /// without a cookie only the e-mail leads on there.
    fn platform(&self) -> Option<First> {
        let platform = &self.app.config.platform;
        let url = platform
            .url
            .as_ref()
            .filter(|_| self.page.is_some_and(is_welcome))?;
        let open = self.lang.text().welcome.open_platform;
        Some(First {
            label: open(&clean(&platform.name)).into(),
            url: url.to_string(),
            fields: None,
        })
    }

    /// The page again, in the language that was chosen, if any was: what an error page guessed from
    /// the browser must not outrank the invitation's language.
    fn reload(&self, label: Label) -> Option<First> {
        let page = self.page?;
        Some(First {
            label: label.of(&self.lang.text().action).into(),
            url: page::path_in_lang(page, self.chosen),
            fields: None,
        })
    }
}
