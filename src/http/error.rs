//! Why a request fails.
//!
//! A function returns a [`Failure`]; the layer around all functions renders it (`error_page.rs`)
//! and logs it, once. What each error means is one row of [`AppError::spec`].

use std::time::Duration;

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use time::OffsetDateTime;

use super::{
    problem::{Kind, Problem},
    sign_in_refused::SignInRefused,
};
use crate::{
    domain::{
        invitation::{Account, Known, Link},
        situation::Situation,
    },
    identity::Number,
    text::Lang,
    views::{Acceptance, ApprovalNotice, Notice},
};

/// Until a corrected setting may have taken effect, in seconds.
const AFTER_CORRECTION: u64 = 300;

/// Why a request failed.
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
    /// The seller withdrew it.
    Revoked {
        /// Whether the inviter can be asked for a new one now.
        can_renew: bool,
    },
    /// Bound to another account.
    UsedByAnother(Acceptance),
    /// Microsoft or the organisation of the account does not allow the sign-in.
    SignInRefused(SignInRefused),
    /// The sign-in failed; another attempt may succeed. The reason is for the log.
    SignInFailed(String),
    /// The state is unknown, used or too old. The reason is for the log.
    SignInRestart(&'static str),
    /// Accounts of this tenant are not accepted.
    WrongAccount {
        /// The name that the account gives itself.
        account_name: String,
        /// The invited mailbox, masked.
        masked_mailbox: String,
    },
    /// The pass of an administrator is not, or no longer, open.
    ApprovalClosed,
    /// An administrator's answer belongs to no approval that began in this browser.
    ApprovalUnmatched,
    /// As many codes were sent as may be in one day.
    TooManyCodes {
        /// When the next may be sent.
        next_at: OffsetDateTime,
        /// Whether the newest still works.
        is_alive: bool,
    },
    /// The mail server did not take the code.
    CodeNotSent {
        /// For the log.
        reason: String,
        /// The account that asked for it.
        account: Account,
        /// The newest code that was sent before.
        known: Known,
    },
    /// A dependency is down or slow.
    Unavailable {
        /// For the log.
        reason: String,
        /// The delay that the dependency asked for.
        retry_after: Option<Duration>,
    },
    /// The table throttles: callers should slow down.
    Throttled {
        /// For the log.
        reason: String,
        /// The delay that the table asked for.
        retry_after: Option<Duration>,
    },
    /// The sign-in service refuses this app; only an operator can fix that. The reason is for the
    /// log.
    Misconfigured(String),
    /// The form does not come from one of our pages. The reason is for the log.
    FormRefused(&'static str),
    /// The form cannot be read.
    FormMalformed,
    /// The session is over or was never opened.
    SessionOver,
    /// The body is too large.
    TooLarge,
    /// The body did not arrive in time.
    TooSlow,
    /// No such page.
    NotFound,
    /// The page exists, but not for this method.
    MethodNotAllowed,
    /// Our fault. The reason is for the log.
    Internal(String),
}

/// The facts of an error.
#[derive(Debug)]
pub struct Spec<'a> {
    /// What programs and the log call it.
    pub kind: Kind,
    /// What the page says.
    pub notice: Notice,
    /// The line in the log.
    pub log: LogLine<'a>,
    /// The number that the sign-in service gave.
    pub aadsts: Option<u32>,
    /// In whole seconds.
    pub retry_after: Option<u64>,
}

/// How an error is logged.
#[derive(Clone, Copy, Debug)]
pub enum LogLine<'a> {
    /// The caller's mistake.
    Refused(Option<&'a str>),
    /// A sign-in that an operator may want to investigate.
    SignIn(&'a str),
    /// A dependency failed.
    Dependency(&'a str),
    /// An operator has to act.
    Error(&'a str),
}

impl AppError {
    /// One row for each error.
    #[must_use]
    pub fn spec(&self) -> Spec<'_> {
        use LogLine::{Dependency, Error, Refused, SignIn};
        let row = |kind, notice, log| Spec {
            kind,
            notice,
            log,
            aadsts: None,
            retry_after: None,
        };
        let refused = |kind, notice| row(kind, notice, Refused(None));
        match self {
            Self::MalformedLink => refused(Kind::MalformedLink, Notice::MalformedLink),
            Self::UnknownInvitation => refused(Kind::UnknownInvitation, Notice::UnknownInvitation),
            &Self::Expired { can_renew } => refused(Kind::Expired, Notice::Expired { can_renew }),
            &Self::Revoked { can_renew } => refused(Kind::Revoked, Notice::Revoked { can_renew }),
            Self::UsedByAnother(acceptance) => refused(
                Kind::UsedByAnother,
                Notice::UsedByAnother(acceptance.clone()),
            ),
            Self::SignInRefused(it) => Spec {
                aadsts: it.refusal.number.map(Number::value),
                retry_after: it.is_ours().then_some(AFTER_CORRECTION),
                ..row(
                    it.kind(),
                    Notice::Stopped(it.refusal.situation),
                    if it.is_ours() {
                        Error(it.error)
                    } else {
                        SignIn(it.error)
                    },
                )
            },
            Self::SignInFailed(why) => row(Kind::SignInFailed, Notice::SignInFailed, SignIn(why)),
            Self::SignInRestart(why) => row(
                Kind::SignInRestart,
                Notice::SignInRestart,
                Refused(Some(why)),
            ),
            Self::WrongAccount {
                account_name,
                masked_mailbox,
            } => refused(
                Kind::WrongAccount,
                Notice::WrongAccount {
                    account_name: account_name.clone(),
                    masked_mailbox: masked_mailbox.clone(),
                },
            ),
            Self::ApprovalClosed => refused(
                Kind::ApprovalClosed,
                Notice::Approval(ApprovalNotice::Closed),
            ),
            Self::ApprovalUnmatched => refused(
                Kind::ApprovalUnmatched,
                Notice::Approval(ApprovalNotice::Unmatched),
            ),
            &Self::TooManyCodes { next_at, .. } => {
                refused(Kind::TooManyCodes, Notice::TooManyCodes { next_at })
            }
            Self::CodeNotSent { reason, .. } => Spec {
                retry_after: Some(in_seconds(None)),
                ..row(Kind::Unavailable, Notice::CodeNotSent, Dependency(reason))
            },
            Self::Unavailable {
                reason,
                retry_after,
            } => Spec {
                retry_after: Some(in_seconds(*retry_after)),
                ..row(Kind::Unavailable, Notice::TryAgainLater, Dependency(reason))
            },
            Self::Throttled {
                reason,
                retry_after,
            } => Spec {
                retry_after: Some(in_seconds(*retry_after)),
                ..row(Kind::Throttled, Notice::TryAgainLater, Dependency(reason))
            },
            Self::Misconfigured(why) => Spec {
                retry_after: Some(AFTER_CORRECTION),
                ..row(
                    Kind::Misconfigured,
                    Notice::Stopped(Situation::Configuration),
                    Error(why),
                )
            },
            Self::FormRefused(why) => {
                row(Kind::FormRefused, Notice::FormRefused, Refused(Some(why)))
            }
            Self::FormMalformed => refused(Kind::FormMalformed, Notice::FormRefused),
            Self::SessionOver => refused(Kind::SessionOver, Notice::SessionOver),
            Self::TooLarge => refused(Kind::TooLarge, Notice::TooLarge),
            Self::TooSlow => refused(Kind::TooSlow, Notice::TryAgainLater),
            Self::NotFound => refused(Kind::NotFound, Notice::NotFound),
            Self::MethodNotAllowed => refused(Kind::MethodNotAllowed, Notice::NotFound),
            Self::Internal(why) => row(Kind::Internal, Notice::InternalError, Error(why)),
        }
    }

    /// The status of the page.
    #[must_use]
    pub fn page_status(&self) -> StatusCode {
        match self {
            // People did not call too often; programs did.
            Self::Throttled { .. } => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::from_u16(self.spec().kind.status())
                .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        }
    }

    /// The error as programs get it.
    #[must_use]
    pub fn problem(&self) -> Problem {
        let Spec { kind, notice, .. } = self.spec();
        Problem::new(kind, notice.title(Lang::En))
    }
}

/// Between a second and ten minutes; ten seconds if the dependency did not say.
fn in_seconds(retry_after: Option<Duration>) -> u64 {
    retry_after.map_or(10, |delay| delay.as_secs().clamp(1, 600))
}

/// An error with what is known about the request that it ends.
#[derive(Clone, Debug)]
pub struct Failure {
    /// What went wrong.
    pub error: AppError,
    /// The invitation to go on with.
    pub link: Option<Link>,
    /// The language of the page, unless the request chooses another.
    pub lang: Option<Lang>,
    /// Whether this page is shown again and was logged the first time.
    pub is_repeated: bool,
}

impl Failure {
    /// Names the invitation, so that the page can offer to go on with it.
    #[must_use]
    pub fn for_link(self, link: Link) -> Self {
        Self {
            link: Some(link),
            ..self
        }
    }

    /// Sets the language, unless the request chooses another.
    #[must_use]
    pub fn in_lang(self, lang: Option<Lang>) -> Self {
        Self { lang, ..self }
    }

    /// The status of the page. One that is shown again, in another language, is no error.
    #[must_use]
    pub fn page_status(&self) -> StatusCode {
        if self.is_repeated {
            StatusCode::OK
        } else {
            self.error.page_status()
        }
    }

    /// In whole seconds.
    #[must_use]
    pub fn retry_after(&self) -> Option<u64> {
        self.error.spec().retry_after.filter(|_| !self.is_repeated)
    }

    /// The error's name in the log, in traces and in a problem's `type`.
    #[must_use]
    pub fn outcome(&self) -> &'static str {
        self.error.spec().kind.code()
    }

    /// An error that was shown before, from its name in the page's address.
    #[must_use]
    pub fn repeated(code: &str) -> Self {
        let error = match code {
            "sign-in-failed" => AppError::SignInFailed(String::new()),
            "unavailable" | "throttled" => AppError::Unavailable {
                reason: String::new(),
                retry_after: None,
            },
            "internal" => AppError::Internal(String::new()),
            // The wrong account too: only that sign-in knew whose account it was.
            _ => AppError::SignInRestart("shown again"),
        };
        Self {
            is_repeated: true,
            ..Self::from(error)
        }
    }

    /// As a part of an answer to a program, with the delay in seconds before a retry; logs it.
    #[must_use]
    pub fn into_problem(self) -> (Problem, Option<u64>) {
        self.log();
        (self.error.problem(), self.error.spec().retry_after)
    }

    /// Logs the error, unless it was logged before.
    pub fn log(&self) {
        if self.is_repeated {
            return;
        }
        let outcome = self.outcome();
        let Spec { log, aadsts, .. } = self.error.spec();
        match log {
            LogLine::Error(reason) => {
                tracing::error!(outcome, reason, aadsts, "the request failed");
            }
            LogLine::Dependency(reason) => {
                tracing::warn!(outcome, reason, "a dependency is not available");
            }
            LogLine::SignIn(reason) => {
                tracing::warn!(outcome, reason, aadsts, "the sign-in failed");
            }
            LogLine::Refused(Some(reason)) => tracing::info!(outcome, reason, "refused"),
            LogLine::Refused(None) => tracing::info!(outcome, "refused"),
        }
    }
}

/// Carries the error to the layer that renders it.
impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.page_status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        Self {
            error,
            link: None,
            lang: None,
            is_repeated: false,
        }
    }
}

impl<E: Into<AppError>> From<E> for Failure
where
    E: std::error::Error,
{
    fn from(error: E) -> Self {
        Self::from(error.into())
    }
}
