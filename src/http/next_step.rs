//! The next actions that an error page offers: there is always one.

use super::{
    error::{AppError, Failure},
    links::{self, Fields},
    page,
    request_info::RequestInfo,
};
use crate::{
    app::App,
    domain::invitation::{Account, Known, Link},
    text::Lang,
    views::Action,
};

/// The buttons of a page, with what they refer to.
pub(crate) struct NextStep {
    lang: Lang,
    kind: Kind,
    support: Option<String>,
}

enum Kind {
    /// Start the sign-in for the invitation again.
    SignIn {
        url: String,
        fields: Fields,
        label: &'static str,
    },
    /// Ask the inviter for a new invitation.
    Renew { url: String, fields: Fields },
    /// Send a code to the invited mailbox.
    SendCode { url: String, fields: Fields },
    /// Open an address again.
    Reload { url: String, label: &'static str },
    /// Only a person can help.
    Help,
}

/// What the buttons are made from.
struct Context<'a> {
    app: &'a App,
    request: &'a RequestInfo,
    failure: &'a Failure,
    lang: Lang,
}

impl NextStep {
    /// What can be done after this error.
    pub(crate) fn after(failure: &Failure, app: &App, request: &RequestInfo, lang: Lang) -> Self {
        let context = Context {
            app,
            request,
            failure,
            lang,
        };
        let support = app.config.platform.support_url.as_ref();
        Self {
            lang,
            kind: context.kind(),
            support: support.map(ToString::to_string),
        }
    }

    /// Whether a form on the page leads to the sign-in service.
    pub(crate) fn starts_sign_in(&self) -> bool {
        matches!(self.kind, Kind::SignIn { .. })
    }

    pub(crate) fn actions(&self) -> Vec<Action<'_>> {
        let text = &self.lang.text().action;
        let first = match &self.kind {
            Kind::SignIn { url, fields, label } => Some(post(label, url, fields, true)),
            Kind::Renew { url, fields } => {
                Some(post(text.ask_for_new_invitation, url, fields, true))
            }
            Kind::SendCode { url, fields } => {
                Some(post(self.lang.text().confirm.send_again, url, fields, true))
            }
            Kind::Reload { url, label } => Some(Action::Link {
                label,
                url,
                primary: true,
            }),
            Kind::Help => None,
        };
        let primary = first.is_none();
        let help = self.support.as_deref().map(|url| Action::Link {
            label: text.get_help,
            url,
            primary,
        });
        first.into_iter().chain(help).collect()
    }
}

fn post<'a>(label: &'a str, url: &'a str, fields: &Fields, primary: bool) -> Action<'a> {
    Action::Post {
        label,
        url,
        fields: fields.clone(),
        primary,
    }
}

impl Context<'_> {
    fn kind(&self) -> Kind {
        let text = &self.lang.text().action;
        match &self.failure.error {
            AppError::UsedByAnother(_) => {
                self.sign_in(text.use_accepting_account, "select_account")
            }
            AppError::WrongAccount { .. } => {
                self.sign_in(text.use_another_account, "select_account")
            }
            AppError::SignInFailed(_) | AppError::SignInRestart(_) => {
                self.sign_in(text.try_again, "")
            }
            AppError::SessionOver => self.sign_in(text.proceed, ""),
            AppError::Expired { can_renew: true } | AppError::Revoked { can_renew: true } => self
                .failure
                .link
                .as_ref()
                .map_or(Kind::Help, |link| self.renew(link)),
            AppError::Throttled { .. } | AppError::Unavailable { .. } | AppError::Internal(_) => {
                self.retry()
            }
            AppError::FormRefused(_) => self.open_invitation(),
            AppError::TooManyCodes { is_alive: true, .. } => self.reload(text.enter_newest_code),
            AppError::TooManyCodes { .. } => {
                self.sign_in(text.use_another_account, "select_account")
            }
            &AppError::CodeNotSent { account, known, .. } => self.send_code(account, known),
            AppError::FormMalformed | AppError::TooLarge | AppError::TooSlow => {
                self.reload(text.try_again)
            }
            // Their page has actions of its own.
            AppError::SignInRefused(_)
            | AppError::Misconfigured(_)
            | AppError::ApprovalClosed
            | AppError::ApprovalUnmatched
            | AppError::MalformedLink
            | AppError::UnknownInvitation
            | AppError::Expired { can_renew: false }
            | AppError::Revoked { can_renew: false }
            | AppError::NotFound
            | AppError::MethodNotAllowed => Kind::Help,
        }
    }

    fn sign_in(&self, label: &'static str, prompt: &str) -> Kind {
        match &self.failure.link {
            Some(link) => Kind::SignIn {
                url: links::invite_url(self.app).to_string(),
                fields: links::restart_fields(self.app, link, self.lang, prompt),
                label,
            },
            None => Kind::Help,
        }
    }

    fn renew(&self, link: &Link) -> Kind {
        // The page of the link is the same page each time it is opened; elsewhere the link must not
        // be shown.
        if self.request.link().as_ref() == Some(link) {
            Kind::Renew {
                url: self.request.here().to_owned(),
                fields: links::renewal_fields(self.app, link, self.lang),
            }
        } else {
            Kind::Renew {
                url: links::invite_url(self.app).to_string(),
                fields: links::renewal_fields_without_link(self.app, link, self.lang),
            }
        }
    }

    /// A page of the session is opened again, and what was typed comes back with it. The address of
    /// the callback holds a code that is used up: it takes a new sign-in.
    fn retry(&self) -> Kind {
        if is_session_page(self.request) || self.failure.link.is_none() {
            self.reload(self.lang.text().action.try_again)
        } else {
            self.sign_in(self.lang.text().action.try_again, "")
        }
    }

    /// The link at our own host name: the form may have been opened at another, where it is always
    /// refused.
    fn open_invitation(&self) -> Kind {
        let Some(link) = self.request.link() else {
            return self.reload(self.lang.text().action.try_again);
        };
        let url = self.app.config.public.invitation(&link);
        let chosen = self.request.chosen_lang().or(self.failure.lang);
        Kind::Reload {
            url: page::in_lang(url, chosen).to_string(),
            label: self.lang.text().action.try_again,
        }
    }

    /// This address again, in the language that was chosen, if any was: what an error page guessed
    /// from the browser must not outrank the invitation's language.
    fn reload(&self, label: &'static str) -> Kind {
        let here = self.request.here();
        let separator = if here.contains('?') { '&' } else { '?' };
        let url = match self.request.chosen_lang().or(self.failure.lang) {
            Some(chosen) => format!("{here}{separator}lang={}", chosen.tag()),
            None => here.to_owned(),
        };
        Kind::Reload { url, label }
    }

    fn send_code(&self, account: Account, known: Known) -> Kind {
        match &self.failure.link {
            Some(link) => Kind::SendCode {
                url: links::confirm_url(self.app),
                fields: links::send_code_fields(self.app, (link, account), known, self.lang),
            },
            None => Kind::Help,
        }
    }
}

/// Whether the page can be opened again for as long as the session lasts.
fn is_session_page(request: &RequestInfo) -> bool {
    matches!(
        request.here().split('?').next(),
        Some("/api/CreateCompany" | "/api/ConfirmMailbox" | "/api/Welcome")
    )
}
