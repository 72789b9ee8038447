//! Errors for programs: `application/problem+json`, RFC 9457.

use axum::{
    Json,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::{
    ToSchema,
    openapi::{ObjectBuilder, Schema, Type},
};

/// Defines [`Kind`] from one row for each kind: name, status, code, and meaning.
macro_rules! kinds {
    ($($name:ident $status:literal $code:literal = $meaning:literal;)*) => {
        /// The kinds of problems.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Kind {
            $(#[doc = $meaning] $name,)*
        }

        impl Kind {
            /// In the order of docs/API.md.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The name in the log, and the end of a problem's `type`.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                }
            }

            /// The status of the answer to a program.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self {
                    $(Self::$name => $status,)*
                }
            }

            /// What it means, in Markdown: its row in docs/API.md and in the OpenAPI document.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self {
                    $(Self::$name => $meaning,)*
                }
            }
        }
    };
}

kinds! {
    MalformedJson 400 "malformed-json" = "the body is empty or not JSON; `detail` says where";
    InvalidFields 422 "invalid-fields" =
        "`errors` names every invalid member by JSON pointer and how to correct it; nothing \
         was changed";
    InvalidParameters 400 "invalid-parameters" =
        "`errors` names every invalid query `parameter` and how to correct it";
    BatchSize 422 "batch-size" = "an array must have 1 to 100 invitations";
    UnsupportedMediaType 415 "unsupported-media-type" =
        "the content type must be `application/json`, and the body not compressed";
    TooLarge 413 "too-large" = "the body is larger than 1 MiB (64 KiB for pages)";
    TooSlow 408 "too-slow" = "the body did not arrive within 10 seconds";
    UnknownInvitation 404 "unknown-invitation" = "there is no invitation with this id";
    UnknownCompany 404 "unknown-company" = "there is no company with this id";
    InvalidState 409 "invalid-state" =
        "the state of the invitation does not allow this, or it was erased; `detail` names \
         the state";
    PreconditionFailed 412 "precondition-failed" =
        "`If-Match` does not match the current `ETag`, which is in the response";
    FeedExpired 410 "feed-expired" =
        "`after` is older than the events that the feed keeps (`EVENT_FEED_DAYS`); events were \
         missed. `detail` says how to go on";
    LinkUnreadable 409 "link-unreadable" =
        "the link was sealed with a session key that was retired";
    TooManyEmails 429 "too-many-emails" =
        "the invitation was resent five times in 24 hours; wait for `Retry-After`, or resend \
         it without an e-mail";
    Contended 429 "contended" =
        "concurrent requests change the same invitation; wait for `Retry-After`, then retry";
    IdempotencyKeyMalformed 400 "idempotency-key-malformed" =
        "the `Idempotency-Key` is not 1 to 255 visible ASCII characters, or is repeated";
    IdempotencyKeyReused 422 "idempotency-key-reused" =
        "the `Idempotency-Key` was used with another body";
    IdempotencyKeyUnreadable 409 "idempotency-key-unreadable" =
        "the response to this `Idempotency-Key` cannot be repeated, because a session key was \
         retired";
    NotFound 404 "not-found" = "there is no such path or action";
    MethodNotAllowed 405 "method-not-allowed" = "the path does not support this method";
    FormMalformed 400 "form-malformed" = "the body is incomplete or malformed";
    FormRefused 403 "form-refused" = "the form was not sent from a page of this service";
    PageOutdated 410 "page-outdated" =
        "the form is older than a day; its page has to be opened again";
    Throttled 429 "throttled" =
        "the storage is overloaded; wait for `Retry-After`, then retry at a lower rate";
    Unavailable 503 "unavailable" =
        "a dependency is not available; wait for `Retry-After`, then retry";
    Misconfigured 503 "misconfigured" =
        "the deployment is misconfigured; its operator has to correct a setting";
    Internal 500 "internal" =
        "a bug in this service; the log has the reason under the invocation id";
    MalformedLink 400 "malformed-link" = "the link does not contain an invitation id";
    Expired 410 "expired" = "the invitation has expired";
    Revoked 410 "revoked" = "the invitation was revoked";
    AlreadyAccepted 403 "already-accepted" = "the invitation is bound to another account";
    ConsentDeclined 403 "consent-declined" = "the user declined at the sign-in service";
    SignInRefused 403 "sign-in-refused" =
        "the sign-in service refused the sign-in without a known reason";
    ApprovalNeeded 403 "approval-needed" =
        "the organisation of the account has to allow the sign-in first";
    SignInFailed 400 "sign-in-failed" = "the sign-in failed";
    SignInRestart 400 "sign-in-restart" =
        "the sign-in was already used or is too old; it has to be restarted";
    WrongAccount 403 "wrong-account" =
        "the account cannot be used for this invitation";
    RoleMissing 403 "role-missing" = "the account lacks the role that this page of the desk needs";
    ApprovalClosed 410 "approval-closed" =
        "the pass cannot be read, or its invitation is no longer pending";
    ApprovalUnmatched 400 "approval-unmatched" =
        "no consent request from this browser matches the response, or it was already used";
    TooManyCodes 429 "too-many-codes" = "the daily limit of codes is reached";
    SessionExpired 401 "session-expired" = "there is no session, or it has expired";
}

impl Kind {
    /// A problem's `type`.
    #[must_use]
    pub fn uri(self) -> String {
        format!("urn:onboarding:problem:{}", self.code())
    }
}

/// What went wrong. `docs/API.md` lists every `type`.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(description = "What went wrong (RFC 9457); `components/x-problems` lists the types.")]
pub struct Problem {
    /// Which kind of problem it is.
    #[schema(schema_with = types)]
    r#type: Box<str>,
    /// What went wrong, in plain words.
    title: String,
    /// The status code of the response.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// About this occurrence.
    #[schema(nullable = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// What is wrong, one by one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<InvalidInput>,
    /// As `x-request-id` of the response; quote it when you report a problem.
    #[schema(value_type = String, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<Box<str>>,
    /// A further header of the response.
    #[serde(skip)]
    header: Option<Box<(HeaderName, HeaderValue)>>,
}

/// One member of the body or one parameter of the query that is invalid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct InvalidInput {
    /// JSON pointer (RFC 6901) into the body.
    #[schema(nullable = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pointer: Option<String>,
    /// The name of the parameter.
    #[schema(nullable = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    parameter: Option<String>,
    /// How to correct it.
    detail: String,
}

impl InvalidInput {
    /// Whether it is about this member of the body, or about one that contains it.
    pub(crate) fn covers(&self, pointer: &str) -> bool {
        let rest = self
            .pointer
            .as_deref()
            .and_then(|own| pointer.strip_prefix(own));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// The JSON pointer of the member.
    pub(crate) fn pointer(&self) -> Option<&str> {
        self.pointer.as_deref()
    }

    /// How to correct it.
    pub(crate) fn detail(&self) -> &str {
        &self.detail
    }

    /// A member of the body, by JSON pointer.
    pub fn member(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            pointer: Some(pointer.into()),
            parameter: None,
            detail: detail.into(),
        }
    }

    /// A parameter of the query, by name.
    pub fn parameter(name: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            pointer: None,
            parameter: Some(name.into()),
            detail: detail.into(),
        }
    }
}

/// Every `type`.
fn types() -> Schema {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(Kind::ALL.iter().map(|kind| kind.uri())))
        .into()
}

impl Problem {
    /// Of a documented kind.
    pub fn new(kind: Kind, title: impl Into<String>) -> Self {
        Self {
            r#type: kind.uri().into(),
            title: title.into(),
            status: kind.status(),
            detail: None,
            errors: Vec::new(),
            request_id: None,
            header: None,
        }
    }

    /// With a header of the response.
    #[must_use]
    pub fn header(self, name: HeaderName, value: HeaderValue) -> Self {
        Self {
            header: Some(Box::new((name, value))),
            ..self
        }
    }

    /// With the id of the request that it answers.
    #[must_use]
    pub fn of_request(self, id: &str) -> Self {
        Self {
            request_id: Some(id.into()).filter(|_| !id.is_empty()),
            ..self
        }
    }

    /// The end of its `type`.
    pub(crate) fn code(&self) -> &str {
        self.r#type.rsplit(':').next().unwrap_or_default()
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

    /// With everything that is invalid.
    #[must_use]
    pub fn errors(self, errors: Vec<InvalidInput>) -> Self {
        Self { errors, ..self }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(&self)).into_response();
        let headers = response.headers_mut();
        headers.extend(self.header.as_deref().cloned());
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        // The outermost layer writes it again, with the id of the request.
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documentation_lists_exactly_the_problem_types() {
        let page = include_str!("../../docs/API.md");
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
