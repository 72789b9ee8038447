//! Everything that can keep a request from its answer, and what people are told then.
//!
//! A function returns [`Failed`]; the layer around all functions turns it into a page that says
//! what to do next, or into a problem (RFC 9457) where JSON is wanted. What the log needs to know
//! is logged there, once.

mod next_step;

use std::time::Duration;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{
    app::App,
    identity::{FetchError, SignInError},
    invitation::{Account, Link},
    invite_user,
    mail::MailError,
    page::{self, FormTarget},
    problem::{Kind, Problem},
    store::StoreError,
    text::Lang,
    views::{Notice, NoticePage},
    visitor::Visitor,
};

/// Why there is no answer.
#[derive(Clone, Debug)]
pub enum AppError {
    /// The link names no invitation.
    MalformedLink,
    /// There is no such invitation.
    UnknownInvitation,
    /// It was not accepted in time.
    Expired {
        /// Whether the inviter can be asked for a new one now.
        can_renew: bool,
    },
    /// The seller took it back.
    Revoked {
        /// Whether the inviter can be asked for a new one now.
        can_renew: bool,
    },
    /// Bound to another account.
    UsedByAnother,
    /// The person declined at the sign-in service.
    ConsentDeclined,
    /// The sign-in came to nothing; another attempt may succeed.
    SignInFailed(String),
    /// The state is unknown, used or too old.
    SignInRestart(&'static str),
    /// The account does not prove that it owns the invited mailbox.
    WrongAccount {
        /// As the account calls itself.
        account_name: String,
        /// The invited mailbox, masked.
        masked_mailbox: String,
        /// The account, where it may prove the mailbox by a code.
        may_confirm: Option<Account>,
    },
    /// All codes of the day were sent.
    TooManyCodes,
    /// A neighbour is down or slow.
    Unavailable {
        /// For the log.
        reason: String,
        /// The pause the neighbour asked for.
        retry_after: Option<Duration>,
    },
    /// The table has more to do than it can: who calls should call less.
    Throttled {
        /// For the log.
        reason: String,
        /// The pause the table asked for.
        retry_after: Option<Duration>,
    },
    /// The sign-in service refuses this app; only an operator can mend that.
    Misconfigured(String),
    /// The form is not from a page of ours.
    FormRefused(&'static str),
    /// The form cannot be read.
    FormMalformed,
    /// The session is over or was never opened.
    SessionOver,
    /// The body is too large.
    TooLarge,
    /// The body did not come in time.
    TooSlow,
    /// No such page.
    NotFound,
    /// The page exists, but not for this method.
    MethodNotAllowed,
    /// Our fault.
    Internal(String),
}

/// An error with what is known of the one who meets it.
#[derive(Clone, Debug)]
pub struct Failed {
    error: AppError,
    /// The invitation to go on with.
    link: Option<Link>,
    lang: Option<Lang>,
    /// Said before, and logged then.
    again: bool,
}

impl Failed {
    /// Of this invitation, so that the page can offer to go on with it.
    #[must_use]
    pub fn about(self, link: Link) -> Self {
        Self {
            link: Some(link),
            ..self
        }
    }

    /// In this language, unless the request chooses another.
    #[must_use]
    pub fn in_lang(self, lang: Option<Lang>) -> Self {
        Self { lang, ..self }
    }

    /// The name in the log, the traces and a problem's `type`.
    #[must_use]
    pub fn outcome(&self) -> &'static str {
        self.error.kind().code()
    }

    /// What was said before under this name, in the log and in the address of the page.
    #[must_use]
    pub fn told_again(said: &str) -> Self {
        let error = match said {
            "used-by-another" => AppError::UsedByAnother,
            "consent-declined" => AppError::ConsentDeclined,
            "sign-in-failed" => AppError::SignInFailed(String::new()),
            "unavailable" | "throttled" | "misconfigured" => AppError::Unavailable {
                reason: String::new(),
                retry_after: None,
            },
            "internal" => AppError::Internal(String::new()),
            // Also the wrong account: whose it was, only that sign-in knew.
            _ => AppError::SignInRestart("told again"),
        };
        Self {
            again: true,
            ..Self::from(error)
        }
    }

    /// The address that shows this page in whatever language, and repeats nothing that a form or a
    /// sign-in did.
    fn here(&self, app: &App, visitor: &Visitor) -> String {
        match (&self.error, self.link) {
            // An id that names nothing is not echoed.
            (AppError::MalformedLink, _) => "/api/InviteUser".to_owned(),
            (AppError::UnknownInvitation, link) => match visitor.link().or(link) {
                Some(link) => invite_user::told_again(app, &link, self.error.kind().code()),
                None => "/api/InviteUser".to_owned(),
            },
            // The sign-in opened a session, whose page says the same.
            (
                AppError::WrongAccount {
                    may_confirm: Some(_),
                    ..
                },
                _,
            ) => "/api/ConfirmMailbox".to_owned(),
            (_, Some(link)) if !visitor.can_come_again() => {
                invite_user::told_again(app, &link, self.error.kind().code())
            }
            _ => visitor.here().to_owned(),
        }
    }

    /// The page, or the problem, and the line in the log.
    #[must_use]
    pub fn explain(self, app: &App, visitor: &Visitor) -> Response {
        if !self.again {
            self.log();
        }
        let lang = visitor.lang(self.lang, None);
        let notice = self.error.notice();
        let mut response = if visitor.wants_json {
            self.error.problem().into_response()
        } else {
            let next = next_step::after(&self, app, visitor, lang);
            let here = self.here(app, visitor);
            let page = NoticePage {
                frame: page::frame(app, lang, Some(&here)),
                notice,
                actions: &next.actions(),
            };
            page::html(
                self.error.status(),
                lang,
                page.render(),
                if next.starts_sign_in() {
                    FormTarget::SignIn
                } else {
                    FormTarget::Us
                },
            )
        };
        if let Some(seconds) = self.error.retry_after() {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }

    /// As a part of an answer to a program, with the pause in seconds before it is tried again;
    /// logs it.
    #[must_use]
    pub fn told(&self) -> (Problem, Option<u64>) {
        self.log();
        (self.error.problem(), self.error.retry_after())
    }

    fn log(&self) {
        let outcome = self.error.kind().code();
        match &self.error {
            AppError::Internal(reason) | AppError::Misconfigured(reason) => {
                tracing::error!(outcome, reason, "the request failed")
            }
            AppError::Unavailable { reason, .. } | AppError::Throttled { reason, .. } => {
                tracing::warn!(outcome, reason, "a neighbour is not available")
            }
            AppError::SignInFailed(reason) => tracing::warn!(outcome, reason, "the sign-in failed"),
            AppError::SignInRestart(reason) | AppError::FormRefused(reason) => {
                tracing::info!(outcome, reason, "refused")
            }
            AppError::MalformedLink
            | AppError::UnknownInvitation
            | AppError::Expired { .. }
            | AppError::Revoked { .. }
            | AppError::UsedByAnother
            | AppError::ConsentDeclined
            | AppError::WrongAccount { .. }
            | AppError::TooManyCodes
            | AppError::FormMalformed
            | AppError::SessionOver
            | AppError::TooLarge
            | AppError::TooSlow
            | AppError::NotFound
            | AppError::MethodNotAllowed => tracing::info!(outcome, "refused"),
        }
    }
}

impl AppError {
    /// For programs, which a table that throttles asks to call less.
    fn problem(&self) -> Problem {
        Problem::new(self.kind(), self.notice().title(Lang::En))
    }

    /// Of the page.
    fn status(&self) -> StatusCode {
        match self {
            Self::MalformedLink | Self::SignInRestart(_) | Self::FormMalformed => {
                StatusCode::BAD_REQUEST
            }
            Self::ConsentDeclined
            | Self::WrongAccount { .. }
            | Self::UsedByAnother
            | Self::FormRefused(_) => StatusCode::FORBIDDEN,
            Self::SignInFailed(_) => StatusCode::BAD_REQUEST,
            Self::UnknownInvitation | Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Expired { .. } | Self::Revoked { .. } => StatusCode::GONE,
            Self::SessionOver => StatusCode::UNAUTHORIZED,
            Self::TooManyCodes => StatusCode::TOO_MANY_REQUESTS,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Throttled { .. } | Self::Unavailable { .. } | Self::Misconfigured(_) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What it is called in the log and in a problem's `type`.
    fn kind(&self) -> Kind {
        match self {
            Self::MalformedLink => Kind::MalformedLink,
            Self::UnknownInvitation => Kind::UnknownInvitation,
            Self::Expired { .. } => Kind::Expired,
            Self::Revoked { .. } => Kind::Revoked,
            Self::UsedByAnother => Kind::UsedByAnother,
            Self::ConsentDeclined => Kind::ConsentDeclined,
            Self::SignInFailed(_) => Kind::SignInFailed,
            Self::SignInRestart(_) => Kind::SignInRestart,
            Self::WrongAccount { .. } => Kind::WrongAccount,
            Self::TooManyCodes => Kind::TooManyCodes,
            Self::Throttled { .. } => Kind::Throttled,
            Self::Unavailable { .. } => Kind::Unavailable,
            Self::Misconfigured(_) => Kind::Misconfigured,
            Self::FormRefused(_) => Kind::FormRefused,
            Self::FormMalformed => Kind::FormMalformed,
            Self::SessionOver => Kind::SessionOver,
            Self::TooLarge => Kind::TooLarge,
            Self::TooSlow => Kind::TooSlow,
            Self::NotFound => Kind::NotFound,
            Self::MethodNotAllowed => Kind::MethodNotAllowed,
            Self::Internal(_) => Kind::Internal,
        }
    }

    fn notice(&self) -> Notice {
        match self {
            Self::MalformedLink => Notice::MalformedLink,
            Self::UnknownInvitation => Notice::UnknownInvitation,
            Self::Expired { can_renew } => Notice::Expired {
                can_renew: *can_renew,
            },
            Self::Revoked { can_renew } => Notice::Revoked {
                can_renew: *can_renew,
            },
            Self::UsedByAnother => Notice::UsedByAnother,
            Self::ConsentDeclined => Notice::ConsentDeclined,
            Self::SignInFailed(_) => Notice::SignInFailed,
            Self::SignInRestart(_) => Notice::SignInRestart,
            Self::WrongAccount {
                account_name,
                masked_mailbox,
                may_confirm: _,
            } => Notice::WrongAccount {
                account_name: account_name.clone(),
                masked_mailbox: masked_mailbox.clone(),
            },
            Self::TooManyCodes => Notice::TooManyCodes,
            Self::Throttled { .. }
            | Self::Unavailable { .. }
            | Self::Misconfigured(_)
            | Self::TooSlow => Notice::TryAgainLater,
            Self::FormRefused(_) | Self::FormMalformed => Notice::FormRefused,
            Self::SessionOver => Notice::SessionOver,
            Self::TooLarge => Notice::TooLarge,
            Self::NotFound | Self::MethodNotAllowed => Notice::NotFound,
            Self::Internal(_) => Notice::InternalError,
        }
    }

    /// In whole seconds.
    fn retry_after(&self) -> Option<u64> {
        match self {
            Self::Throttled { retry_after, .. } | Self::Unavailable { retry_after, .. } => {
                Some(retry_after.map_or(10, |pause| pause.as_secs().clamp(1, 600)))
            }
            Self::Misconfigured(_) => Some(300),
            Self::MalformedLink
            | Self::UnknownInvitation
            | Self::Expired { .. }
            | Self::Revoked { .. }
            | Self::UsedByAnother
            | Self::ConsentDeclined
            | Self::SignInFailed(_)
            | Self::SignInRestart(_)
            | Self::WrongAccount { .. }
            | Self::TooManyCodes
            | Self::FormRefused(_)
            | Self::FormMalformed
            | Self::SessionOver
            | Self::TooLarge
            | Self::TooSlow
            | Self::NotFound
            | Self::MethodNotAllowed
            | Self::Internal(_) => None,
        }
    }
}

/// Carries the error to the layer that explains it.
impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let mut response = self.error.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<AppError> for Failed {
    fn from(error: AppError) -> Self {
        Self {
            error,
            link: None,
            lang: None,
            again: false,
        }
    }
}

impl<E: Into<AppError>> From<E> for Failed
where
    E: std::error::Error,
{
    fn from(error: E) -> Self {
        Self::from(error.into())
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable {
                reason,
                retry_after,
                throttled: true,
            } => Self::Throttled {
                reason,
                retry_after,
            },
            StoreError::Unavailable {
                reason,
                retry_after,
                throttled: false,
            } => Self::Unavailable {
                reason,
                retry_after,
            },
            StoreError::Refused(_) | StoreError::Corrupt(_) => Self::Internal(error.to_string()),
        }
    }
}

impl From<MailError> for AppError {
    fn from(error: MailError) -> Self {
        Self::Unavailable {
            reason: error.to_string(),
            retry_after: None,
        }
    }
}

impl From<SignInError> for AppError {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Unavailable(FetchError::Unavailable {
                reason,
                retry_after,
            }) => Self::Unavailable {
                reason,
                retry_after,
            },
            SignInError::Unavailable(FetchError::Unusable(reason)) => Self::Misconfigured(reason),
            SignInError::CodeRefused(_) => {
                Self::SignInRestart("the authorization code was refused")
            }
            SignInError::Misconfigured(reason) => Self::Misconfigured(reason),
            SignInError::Refused(reason) => Self::SignInFailed(reason),
        }
    }
}
