//! Errors for programs: `application/problem+json`, RFC 9457.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::{
    ToSchema,
    openapi::{ObjectBuilder, Schema, Type},
};

/// The kinds of problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "`Kind::meaning` says what each of them means")]
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

    /// A problem's `type`.
    #[must_use]
    pub fn uri(self) -> String {
        format!("urn:onboarding:problem:{}", self.code())
    }

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

    /// The status of the answer to a program.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::MalformedJson
            | Self::InvalidParameters
            | Self::IdempotencyKeyMalformed
            | Self::FormMalformed
            | Self::MalformedLink
            | Self::SignInFailed
            | Self::SignInRestart => 400,
            Self::SessionOver => 401,
            Self::FormRefused
            | Self::UsedByAnother
            | Self::ConsentDeclined
            | Self::WrongAccount => 403,
            Self::UnknownInvitation | Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::TooSlow => 408,
            Self::ForbiddenByState | Self::IdempotencyKeyUnreadable => 409,
            Self::Expired | Self::Revoked => 410,
            Self::PreconditionFailed => 412,
            Self::TooLarge => 413,
            Self::UnsupportedMediaType => 415,
            Self::InvalidFields | Self::BatchSize | Self::IdempotencyKeyReused => 422,
            Self::Throttled | Self::TooManyCodes => 429,
            Self::Internal => 500,
            Self::Unavailable | Self::Misconfigured => 503,
        }
    }

    /// What it means, in Markdown: its row in docs/API.md and in the OpenAPI document.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::MalformedJson => "the body is not JSON; `detail` says where",
            Self::InvalidFields => {
                "`errors` names every wrong field by JSON pointer and says what to do; nothing was created"
            }
            Self::BatchSize => "an array has 1 to 100 invitations",
            Self::InvalidParameters => {
                "`errors` names every wrong `parameter` of the query and says what to do"
            }
            Self::UnsupportedMediaType => "send `application/json`",
            Self::TooLarge => "the body is larger than 1 MiB (64 KiB at the pages)",
            Self::TooSlow => "the body did not come within 10 seconds",
            Self::UnknownInvitation => "there is no invitation with this id",
            Self::ForbiddenByState => {
                "the state of the invitation forbids this, or it was erased; `detail` says which"
            }
            Self::PreconditionFailed => {
                "`If-Match` names another state than the present one, whose `ETag` is in the answer"
            }
            Self::IdempotencyKeyMalformed => {
                "the `Idempotency-Key` is not 1 to 255 visible ASCII characters, or stands twice"
            }
            Self::IdempotencyKeyReused => "the `Idempotency-Key` was used with another body",
            Self::IdempotencyKeyUnreadable => {
                "the answer to this `Idempotency-Key` cannot be given again, since a session key was retired"
            }
            Self::NotFound => "no such address or action",
            Self::MethodNotAllowed => "no such action",
            Self::FormMalformed => "the body broke off",
            Self::FormRefused => "the form is not from a page of this service",
            Self::Throttled => {
                "the storage has more to do than it can; `Retry-After` says when to try again, more slowly"
            }
            Self::Unavailable => {
                "the storage does not answer; `Retry-After` says when to try again"
            }
            Self::Misconfigured => {
                "a setting of the deployment is wrong; its operator must mend it"
            }
            Self::Internal => "our fault; the log has the reason under the invocation id",
            Self::MalformedLink => "the link has no invitation",
            Self::Expired => "the invitation has expired",
            Self::Revoked => "the invitation was taken back",
            Self::UsedByAnother => "the invitation is bound to another account",
            Self::ConsentDeclined => "the person declined at the sign-in service",
            Self::SignInFailed => "the sign-in came to nothing",
            Self::SignInRestart => "the sign-in is used or too old",
            Self::WrongAccount => "the account does not prove to own the invited mailbox",
            Self::TooManyCodes => "all codes of the day were sent",
            Self::SessionOver => "the session is over",
        }
    }
}

/// What went wrong. `docs/API.md` lists every `type`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(description = "What went wrong (RFC 9457); `components/x-problems` lists the types.")]
pub struct Problem {
    #[schema(schema_with = types)]
    r#type: String,
    /// In plain words.
    title: String,
    /// That of the answer.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// About this occurrence.
    #[schema(nullable = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// What is wrong, one by one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<Wrong>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = Wrong)]
pub(crate) enum Wrong {
    Field(FieldProblem),
    Parameter(ParameterProblem),
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldProblem {
    /// JSON pointer (RFC 6901) into the request.
    pub pointer: String,
    /// What to do about it.
    pub detail: String,
}

/// What is wrong with one parameter of the query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ParameterProblem {
    /// Its name.
    pub parameter: String,
    /// What to do about it.
    pub detail: String,
}

/// Every `type`.
fn types() -> Schema {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(Kind::ALL.map(Kind::uri)))
        .into()
}

impl Problem {
    /// Of a documented kind.
    pub fn new(kind: Kind, title: impl Into<String>) -> Self {
        Self {
            r#type: kind.uri(),
            title: title.into(),
            status: kind.status(),
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
        Self {
            detail: Some(detail.into()),
            ..self
        }
    }

    /// With the fields that are wrong.
    #[must_use]
    pub fn errors(self, errors: Vec<FieldProblem>) -> Self {
        Self {
            errors: errors.into_iter().map(Wrong::Field).collect(),
            ..self
        }
    }

    /// With the parameters that are wrong.
    #[must_use]
    pub fn parameters(self, parameters: Vec<ParameterProblem>) -> Self {
        Self {
            errors: parameters.into_iter().map(Wrong::Parameter).collect(),
            ..self
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
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
            let row = format!(
                "| `{}` | {} | {} |",
                kind.code(),
                kind.status(),
                kind.meaning()
            );
            assert!(
                page.lines().any(|line| line == row),
                "{row} is not in docs/API.md"
            );
        }
        let documented = page
            .lines()
            .skip_while(|line| *line != "## Errors")
            .filter(|line| line.starts_with("| `"))
            .count();
        assert_eq!(
            documented,
            Kind::ALL.len(),
            "docs/API.md lists a kind that is not"
        );
    }
}
