//! Why a request fails.
//!
//! A function returns a `Failure` with it (`failure.rs`); the layer around all functions logs it,
//! once, and renders it (`notice_page.rs`). What each error means is one row of
//! [`AppError::spec`].

use std::time::Duration;

use axum::http::StatusCode;
use time::OffsetDateTime;

use super::{
    next::{Label, Next},
    problem::{Kind, Problem},
    sign_in_refused::{SignInRefused, situation},
};
use crate::{
    domain::{
        invitation::{Account, ContactKind, Known, Situation},
        sign_in_refusal::{ErrorNumber, RefusalReason},
    },
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
    Expired,
    /// The seller withdrew it.
    Revoked,
    /// Bound to another account.
    AlreadyAccepted(Acceptance),
    /// Microsoft or the organisation of the account does not allow the sign-in.
    SignInRefused(SignInRefused),
    /// The sign-in failed; another attempt may succeed. The reason is for the log.
    SignInFailed(String),
    /// The state is unknown, used or too old. The reason is for the log.
    SignInRestart(&'static str),
    /// The cookie of an attempt is missing for the second time. The reason is for the log.
    CookiesBlocked(&'static str),
    /// Accounts of this tenant are not accepted.
    WrongAccount {
        /// The name that the account gives itself.
        account_name: String,
        /// The invited mailbox, masked.
        masked_mailbox: String,
        /// Whether it is a personal account.
        is_personal: bool,
    },
    /// The account lacks a role of the desk.
    RoleMissing {
        /// The name that the account gives itself.
        account_name: String,
        /// Whether it may see the desk.
        reads: bool,
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
        /// Whether the account shows the invited address.
        shows_invited: bool,
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
        /// Which one.
        of: Dependency,
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
    /// Others change the same at the same time. The reason is for the log.
    Contended(String),
    /// The sign-in service refuses this app; only an operator can fix that. The reason is for the
    /// log.
    Misconfigured(String),
    /// The form does not come from one of our pages. The reason is for the log.
    FormRefused(&'static str),
    /// The form with a colleague's address comes from our page at another host name.
    AddressRefused {
        /// What was typed.
        typed: String,
        /// Where the recipient was.
        situation: Situation,
    },
    /// The page of a form that asks the inviter was open for too long.
    PageOutdated {
        /// What was asked for.
        kind: ContactKind,
        /// What was typed as a colleague's address.
        typed: String,
        /// Where the recipient was.
        situation: Situation,
    },
    /// The form cannot be read.
    FormMalformed,
    /// The time of the session is over.
    SessionExpired,
    /// The browser holds no session for this invitation.
    SessionLost,
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

/// What a request depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dependency {
    /// The table; or a request that took too long, which is most likely its fault.
    Table,
    /// The sign-in service.
    SignIn,
}

/// The facts of an error.
#[derive(Debug)]
pub struct Spec<'a> {
    /// What programs and the log call it.
    pub kind: Kind,
    /// The status of its page; programs get that of `kind`.
    pub page_status: StatusCode,
    /// What its page says.
    pub notice: Notice,
    /// What its page offers.
    pub next: Next,
    /// What the inviter reads where the person asks for help.
    pub situation: Situation,
    /// The line in the log.
    pub log: LogLine<'a>,
    /// The number that the sign-in service gave.
    pub aadsts: Option<ErrorNumber>,
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

impl<'a> Spec<'a> {
    fn new(kind: Kind, notice: Notice, next: Next) -> Self {
        let status = StatusCode::from_u16(kind.status());
        Self {
            kind,
            page_status: status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            notice,
            next,
            situation: Situation::Invitation,
            log: LogLine::Refused(None),
            aadsts: None,
            retry_after: None,
        }
    }

    fn at(self, situation: Situation) -> Self {
        Self { situation, ..self }
    }

    fn log(self, log: LogLine<'a>) -> Self {
        Self { log, ..self }
    }

    /// A dependency that may be back soon.
    fn later(self, reason: &'a str, retry_after: Option<Duration>) -> Self {
        Self {
            situation: Situation::Service,
            log: LogLine::Dependency(reason),
            retry_after: Some(in_seconds(retry_after)),
            ..self
        }
    }
}

impl AppError {
    /// Whether the table does not answer well, so that a page does without it.
    #[must_use]
    pub fn is_of_table(&self) -> bool {
        matches!(
            self,
            Self::Throttled { .. }
                | Self::Contended(_)
                | Self::Unavailable {
                    of: Dependency::Table,
                    ..
                }
        )
    }

    /// One row for each error.
    #[must_use]
    pub fn spec(&self) -> Spec<'_> {
        use Situation::{Account, Company, Mailbox, Service, SignIn};
        let row = Spec::new;
        let sign_in = |label| Next::SignIn {
            label,
            other_account: false,
        };
        let other_account = |label| Next::SignIn {
            label,
            other_account: true,
        };
        match self {
            Self::MalformedLink => row(Kind::MalformedLink, Notice::MalformedLink, Next::Help),
            Self::UnknownInvitation => row(
                Kind::UnknownInvitation,
                Notice::UnknownInvitation,
                Next::Help,
            ),
            Self::Expired => row(Kind::Expired, Notice::Expired, Next::NewInvitation),
            Self::Revoked => row(Kind::Revoked, Notice::Revoked, Next::NewInvitation),
            Self::AlreadyAccepted(acceptance) => row(
                Kind::AlreadyAccepted,
                Notice::AlreadyAccepted(acceptance.clone()),
                other_account(Label::UseAcceptingAccount),
            )
            .at(Account),
            Self::SignInRefused(refused) => Spec {
                aadsts: refused.refusal.number,
                retry_after: refused.is_ours().then_some(AFTER_CORRECTION),
                ..row(
                    refused.kind(),
                    Notice::Stopped(refused.refusal),
                    Next::AfterRefusal,
                )
                .at(situation(refused.refusal.reason))
                .log(if refused.is_ours() {
                    LogLine::Error(refused.error)
                } else {
                    LogLine::SignIn(refused.error)
                })
            },
            Self::SignInFailed(why) => row(
                Kind::SignInFailed,
                Notice::SignInFailed,
                sign_in(Label::TryAgain),
            )
            .at(SignIn)
            .log(LogLine::SignIn(why)),
            Self::SignInRestart(why) => row(
                Kind::SignInRestart,
                Notice::SignInRestart,
                Next::RestartSignIn,
            )
            .at(SignIn)
            .log(LogLine::Refused(Some(why))),
            Self::CookiesBlocked(why) => row(
                Kind::SignInRestart,
                Notice::CookiesBlocked,
                Next::RestartSignIn,
            )
            .at(SignIn)
            .log(LogLine::Refused(Some(why))),
            Self::WrongAccount {
                account_name,
                masked_mailbox,
                is_personal,
            } => row(
                Kind::WrongAccount,
                Notice::WrongAccount {
                    account_name: account_name.clone(),
                    masked_mailbox: masked_mailbox.clone(),
                    is_personal: *is_personal,
                },
                other_account(Label::UseAnotherAccount),
            )
            .at(Account),
            Self::RoleMissing { account_name, .. } => row(
                Kind::RoleMissing,
                Notice::WrongAccount {
                    account_name: account_name.clone(),
                    masked_mailbox: String::new(),
                    is_personal: false,
                },
                Next::Help,
            ),
            Self::ApprovalClosed => row(
                Kind::ApprovalClosed,
                Notice::Approval(ApprovalNotice::Closed),
                Next::Help,
            ),
            Self::ApprovalUnmatched => row(
                Kind::ApprovalUnmatched,
                Notice::Approval(ApprovalNotice::Unmatched),
                Next::Help,
            ),
            &Self::TooManyCodes {
                next_at,
                is_alive,
                shows_invited,
            } => row(
                Kind::TooManyCodes,
                Notice::TooManyCodes {
                    next_at,
                    shows_invited,
                },
                if is_alive {
                    Next::Reload(Label::EnterNewestCode)
                } else if shows_invited {
                    Next::Help
                } else {
                    other_account(Label::UseAnotherAccount)
                },
            )
            .at(Mailbox),
            Self::CodeNotSent {
                reason,
                account,
                known,
            } => row(
                Kind::Unavailable,
                Notice::CodeNotSent,
                Next::SendCode {
                    account: *account,
                    known: *known,
                },
            )
            .later(reason, None)
            .at(Mailbox),
            Self::Unavailable {
                reason,
                retry_after,
                ..
            } => row(Kind::Unavailable, Notice::TryAgainLater, Next::Retry)
                .later(reason, *retry_after),
            // People did not call too often; programs did.
            Self::Throttled {
                reason,
                retry_after,
            } => Spec {
                page_status: StatusCode::SERVICE_UNAVAILABLE,
                ..row(Kind::Throttled, Notice::TryAgainLater, Next::Retry)
                    .later(reason, *retry_after)
            },
            // People did not contend; programs did.
            Self::Contended(why) => Spec {
                page_status: StatusCode::SERVICE_UNAVAILABLE,
                ..row(Kind::Contended, Notice::TryAgainLater, Next::Retry)
                    .later(why, Some(Duration::from_secs(1)))
            },
            Self::Misconfigured(why) => Spec {
                retry_after: Some(AFTER_CORRECTION),
                ..row(
                    Kind::Misconfigured,
                    Notice::Stopped(RefusalReason::Configuration.into()),
                    Next::AfterRefusal,
                )
                .at(Service)
                .log(LogLine::Error(why))
            },
            Self::FormRefused(why) => {
                row(Kind::FormRefused, Notice::FormRefused, Next::OpenInvitation)
                    .log(LogLine::Refused(Some(why)))
            }
            Self::AddressRefused { typed, situation } => row(
                Kind::FormRefused,
                Notice::AddressRefused {
                    typed: typed.clone(),
                },
                Next::ShowAtPublicName,
            )
            .at(*situation)
            .log(LogLine::Refused(Some("it was sent from another host name"))),
            Self::PageOutdated {
                kind,
                typed,
                situation,
            } => row(
                Kind::PageOutdated,
                Notice::PageOutdated {
                    kind: *kind,
                    typed: typed.clone(),
                },
                Next::Contact(*kind),
            )
            .at(*situation),
            Self::FormMalformed => row(
                Kind::FormMalformed,
                Notice::FormRefused,
                Next::Reload(Label::TryAgain),
            ),
            Self::SessionExpired => row(
                Kind::SessionExpired,
                Notice::SessionExpired,
                sign_in(Label::Proceed),
            )
            .at(SignIn),
            Self::SessionLost => row(
                Kind::SessionExpired,
                Notice::SessionLost,
                sign_in(Label::Proceed),
            )
            .at(SignIn),
            Self::TooLarge => row(
                Kind::TooLarge,
                Notice::TooLarge,
                Next::Reload(Label::TryAgain),
            )
            .at(Company),
            Self::TooSlow => row(
                Kind::TooSlow,
                Notice::TryAgainLater,
                Next::Reload(Label::TryAgain),
            )
            .at(Service),
            Self::NotFound => row(Kind::NotFound, Notice::NotFound, Next::Help),
            Self::MethodNotAllowed => row(Kind::MethodNotAllowed, Notice::NotFound, Next::Help),
            Self::Internal(why) => row(Kind::Internal, Notice::InternalError, Next::Retry)
                .at(Service)
                .log(LogLine::Error(why)),
        }
    }

    /// The error as programs get it.
    #[must_use]
    pub fn problem(&self) -> Problem {
        Problem::new(self.spec().kind)
    }
}

/// Between a second and ten minutes; ten seconds if the dependency did not say.
fn in_seconds(retry_after: Option<Duration>) -> u64 {
    retry_after.map_or(10, |delay| delay.as_secs().clamp(1, 600))
}
