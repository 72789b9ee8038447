//! Errors for programs: `application/problem+json`, RFC 9457.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

/// The kinds of problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "docs/API.md says what each of them means")]
pub enum Kind {
    MalformedJson,
    InvalidFields,
    InvalidParameters,
    BatchSize,
    UnsupportedMediaType,
    TooLarge,
    TooSlow,
    UnknownInvitation,
    ForbiddenByState,
    PreconditionFailed,
    IdempotencyKeyMalformed,
    IdempotencyKeyReused,
    IdempotencyKeyUnreadable,
    NotFound,
    MethodNotAllowed,
    FormMalformed,
    FormRefused,
    Throttled,
    Unavailable,
    Misconfigured,
    Internal,
    MalformedLink,
    Expired,
    Revoked,
    UsedByAnother,
    ConsentDeclined,
    SignInFailed,
    SignInRestart,
    WrongAccount,
    TooManyCodes,
    SessionOver,
}

impl Kind {
    /// In the order of docs/API.md.
    pub const ALL: [Self; 31] = [
        Self::MalformedJson,
        Self::InvalidFields,
        Self::InvalidParameters,
        Self::BatchSize,
        Self::UnsupportedMediaType,
        Self::TooLarge,
        Self::TooSlow,
        Self::UnknownInvitation,
        Self::ForbiddenByState,
        Self::PreconditionFailed,
        Self::IdempotencyKeyMalformed,
        Self::IdempotencyKeyReused,
        Self::IdempotencyKeyUnreadable,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::FormMalformed,
        Self::FormRefused,
        Self::Throttled,
        Self::Unavailable,
        Self::Misconfigured,
        Self::Internal,
        Self::MalformedLink,
        Self::Expired,
        Self::Revoked,
        Self::UsedByAnother,
        Self::ConsentDeclined,
        Self::SignInFailed,
        Self::SignInRestart,
        Self::WrongAccount,
        Self::TooManyCodes,
        Self::SessionOver,
    ];

    /// The name in the log, and the end of a problem's `type`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::MalformedJson => "malformed-json",
            Self::InvalidFields => "invalid-fields",
            Self::InvalidParameters => "invalid-parameters",
            Self::BatchSize => "batch-size",
            Self::UnsupportedMediaType => "unsupported-media-type",
            Self::TooLarge => "too-large",
            Self::TooSlow => "too-slow",
            Self::UnknownInvitation => "unknown-invitation",
            Self::ForbiddenByState => "forbidden-by-state",
            Self::PreconditionFailed => "precondition-failed",
            Self::IdempotencyKeyMalformed => "idempotency-key-malformed",
            Self::IdempotencyKeyReused => "idempotency-key-reused",
            Self::IdempotencyKeyUnreadable => "idempotency-key-unreadable",
            Self::NotFound => "not-found",
            Self::MethodNotAllowed => "method-not-allowed",
            Self::FormMalformed => "form-malformed",
            Self::FormRefused => "form-refused",
            Self::Throttled => "throttled",
            Self::Unavailable => "unavailable",
            Self::Misconfigured => "misconfigured",
            Self::Internal => "internal",
            Self::MalformedLink => "malformed-link",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::UsedByAnother => "used-by-another",
            Self::ConsentDeclined => "consent-declined",
            Self::SignInFailed => "sign-in-failed",
            Self::SignInRestart => "sign-in-restart",
            Self::WrongAccount => "wrong-account",
            Self::TooManyCodes => "too-many-codes",
            Self::SessionOver => "session-over",
        }
    }
}

/// What went wrong. `docs/API.md` lists every `type`.
#[derive(Debug, Serialize)]
pub struct Problem {
    r#type: String,
    title: String,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Wrong>,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Wrong {
    Field(FieldProblem),
    Parameter(ParameterProblem),
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldProblem {
    /// JSON pointer (RFC 6901) into the request.
    pub pointer: String,
    /// What to do about it.
    pub detail: String,
}

/// What is wrong with one parameter of the query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ParameterProblem {
    /// Its name.
    pub parameter: String,
    /// What to do about it.
    pub detail: String,
}

impl Problem {
    /// Of a documented kind.
    pub fn new(status: StatusCode, kind: Kind, title: impl Into<String>) -> Self {
        Self {
            r#type: format!("urn:onboarding:problem:{}", kind.code()),
            title: title.into(),
            status: status.as_u16(),
            detail: None,
            errors: Vec::new(),
        }
    }

    /// The status of the answer.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// With a sentence on this occurrence.
    #[must_use]
    pub fn detail(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }

    /// With the fields that are wrong.
    #[must_use]
    pub fn errors(self, errors: Vec<FieldProblem>) -> Self {
        Self { errors: errors.into_iter().map(Wrong::Field).collect(), ..self }
    }

    /// With the parameters that are wrong.
    #[must_use]
    pub fn parameters(self, parameters: Vec<ParameterProblem>) -> Self {
        Self { errors: parameters.into_iter().map(Wrong::Parameter).collect(), ..self }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_row_in_the_documentation_and_every_row_is_a_kind() {
        let page = include_str!("../docs/API.md");
        for kind in Kind::ALL {
            let row = format!("`{}`", kind.code());
            assert!(page.lines().any(|line| line.starts_with('|') && line.contains(&row)), "{row} is not in docs/API.md");
        }
        let documented = page.lines().skip_while(|line| *line != "## Errors").filter(|line| line.starts_with("| `")).count();
        assert_eq!(documented, Kind::ALL.len(), "docs/API.md lists a kind that is not");
    }
}
