//! An error with what is known about the request that it ends.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::{
    error::{AppError, LogLine},
    problem::{Kind, Problem},
};
use crate::{
    domain::{
        invitation::{Invitation, Link},
        sign_in_refusal::ErrorNumber,
    },
    text::Lang,
};

/// An error with what is known about the request that it ends.
#[derive(Clone, Debug)]
pub struct Failure {
    /// What went wrong.
    pub error: AppError,
    /// The invitation to go on with.
    pub link: Option<Link>,
    /// The same, where it was read.
    pub invitation: Option<Box<Invitation>>,
    /// The language that the person chose.
    pub lang: Option<Lang>,
    /// Whether what was typed is kept in the browser.
    pub draft_saved: bool,
    /// The fields of a form of the desk whose session is over.
    pub kept: Option<Box<KeptFields>>,
}

/// The fields of a form, to be sent again.
#[derive(Clone, Debug)]
pub struct KeptFields(pub Vec<(String, String)>);

impl Failure {
    /// Names the invitation, so that the page can offer to go on with it.
    #[must_use]
    pub fn for_link(self, link: Link) -> Self {
        Self {
            link: Some(link),
            ..self
        }
    }

    /// With the invitation, so that the page can name the inviter.
    #[must_use]
    pub fn about(self, invitation: &Invitation) -> Self {
        Self {
            invitation: Some(Box::new(invitation.clone())),
            ..self
        }
    }

    /// Sets the language, unless the request chooses another.
    #[must_use]
    pub fn in_lang(self, lang: Option<Lang>) -> Self {
        Self { lang, ..self }
    }

    /// Keeps the fields of a form of the desk on the page.
    #[must_use]
    pub fn keeping(self, fields: Vec<(String, String)>) -> Self {
        Self {
            kept: Some(Box::new(KeptFields(fields))),
            ..self
        }
    }

    /// The status of the page.
    #[must_use]
    pub fn page_status(&self) -> StatusCode {
        self.error.spec().page_status
    }

    /// What programs, traces and the log call the error.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.error.spec().kind
    }

    /// As a part of an answer to a program, with the delay in seconds before a retry; logs it.
    #[must_use]
    pub fn into_problem(self) -> (Problem, Option<u64>) {
        self.log();
        (self.error.problem(), self.error.spec().retry_after)
    }

    /// Logs the error.
    pub fn log(&self) {
        let spec = self.error.spec();
        let outcome = spec.kind.code();
        let aadsts = spec.aadsts.map(ErrorNumber::value);
        match spec.log {
            LogLine::Error(reason) => {
                tracing::error!(outcome, reason, aadsts, "the request failed");
            }
            LogLine::Dependency(reason) => {
                tracing::warn!(outcome, reason, "a dependency is not available");
            }
            LogLine::SignIn(reason) => {
                tracing::warn!(outcome, reason, aadsts, "the sign-in failed");
            }
            LogLine::Refused(Some(reason)) => tracing::info!(outcome, reason, "request rejected"),
            LogLine::Refused(None) => tracing::info!(outcome, "request rejected"),
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
            invitation: None,
            lang: None,
            draft_saved: false,
            kept: None,
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
