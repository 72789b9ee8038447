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

/// Defines [`Kind`] from one row for each kind: name, status, code, title, and meaning.
macro_rules! kinds {
    ($($name:ident $status:literal $code:literal: $title:literal = $meaning:literal;)*) => {
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

            /// A problem's `title`, the same each time (RFC 9457, 3.1.3).
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self {
                    $(Self::$name => $title,)*
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
    MalformedJson 400 "malformed-json": "The body is empty or not valid JSON." =
        "the body is empty or not JSON; `detail` says where";
    InvalidFields 422 "invalid-fields":
        "Some members are missing or invalid; nothing was changed." =
        "`errors` names every invalid member by JSON pointer and how to correct it; nothing \
         was changed";
    InvalidParameters 400 "invalid-parameters": "Some query parameters are invalid." =
        "`errors` names every invalid query `parameter` and how to correct it";
    BatchSize 422 "batch-size": "An array must have 1 to 100 invitations; nothing was created." =
        "an array must have 1 to 100 invitations";
    UnsupportedMediaType 415 "unsupported-media-type":
        "The content type or encoding of the body is not supported." =
        "the content type must be `application/json`, and the body not compressed";
    TooLarge 413 "too-large": "The body is too large." =
        "the body is larger than 1 MiB (64 KiB for pages)";
    TooSlow 408 "too-slow": "The body did not arrive in time." =
        "the body did not arrive within 10 seconds";
    UnknownInvitation 404 "unknown-invitation": "There is no invitation with this id." =
        "there is no invitation with this id";
    UnknownCompany 404 "unknown-company": "There is no company with this id." =
        "there is no company with this id";
    InvalidState 409 "invalid-state": "The state of the invitation does not allow this." =
        "the state of the invitation does not allow this, or it was erased; `detail` names \
         the state";
    PreconditionFailed 412 "precondition-failed": "The invitation has changed since you read it." =
        "`If-Match` does not match the current `ETag`, which is in the response";
    FeedExpired 410 "feed-expired": "The cursor is older than the events that the feed keeps." =
        "`after` is older than the events that the feed keeps (`EVENT_FEED_DAYS`); events were \
         missed. `detail` says how to go on";
    LinkUnreadable 409 "link-unreadable": "The link can no longer be read." =
        "the link was sealed with a session key that was retired";
    TooManyEmails 429 "too-many-emails": "The invitation was resent five times in 24 hours." =
        "the invitation was resent five times in 24 hours; wait for `Retry-After`, or resend \
         it without an e-mail";
    Contended 429 "contended": "Concurrent requests are changing the same invitation." =
        "concurrent requests change the same invitation; wait for `Retry-After`, then retry";
    IdempotencyKeyMalformed 400 "idempotency-key-malformed": "The Idempotency-Key is malformed." =
        "the `Idempotency-Key` is not 1 to 255 visible ASCII characters, or is repeated";
    IdempotencyKeyReused 422 "idempotency-key-reused":
        "This Idempotency-Key was used for another request." =
        "the `Idempotency-Key` was used with another body";
    IdempotencyKeyUnreadable 409 "idempotency-key-unreadable":
        "The response to this Idempotency-Key cannot be repeated." =
        "the response to this `Idempotency-Key` cannot be repeated, because a session key was \
         retired";
    NotFound 404 "not-found": "There is no such path or action." =
        "there is no such path or action";
    MethodNotAllowed 405 "method-not-allowed": "The path does not support this method." =
        "the path does not support this method";
    FormMalformed 400 "form-malformed": "The form is incomplete or malformed." =
        "the body is incomplete or malformed";
    FormRefused 403 "form-refused": "The form was not sent from a page of this service." =
        "the form was not sent from a page of this service";
    PageOutdated 410 "page-outdated": "The page was open for too long." =
        "the form is older than a day; its page has to be opened again";
    Throttled 429 "throttled": "The storage is overloaded." =
        "the storage is overloaded; wait for `Retry-After`, then retry at a lower rate";
    Unavailable 503 "unavailable": "A dependency is not available." =
        "a dependency is not available; wait for `Retry-After`, then retry";
    Misconfigured 503 "misconfigured": "The deployment is misconfigured." =
        "the deployment is misconfigured; its operator has to correct a setting";
    Internal 500 "internal": "The service failed because of a bug." =
        "a bug in this service; the log has the reason under the invocation id";
    MalformedLink 400 "malformed-link": "The link does not contain an invitation id." =
        "the link does not contain an invitation id";
    Expired 410 "expired": "The invitation has expired." = "the invitation has expired";
    Revoked 410 "revoked": "The invitation was revoked." = "the invitation was revoked";
    AlreadyAccepted 403 "already-accepted": "The invitation was accepted with another account." =
        "the invitation is bound to another account";
    ConsentDeclined 403 "consent-declined": "The user declined to give consent." =
        "the user declined at the sign-in service";
    SignInRefused 403 "sign-in-refused": "The sign-in service refused the sign-in." =
        "the sign-in service refused the sign-in without a known reason";
    ApprovalNeeded 403 "approval-needed": "An administrator has to allow the sign-in first." =
        "the organisation of the account has to allow the sign-in first";
    SignInFailed 400 "sign-in-failed": "The sign-in failed." = "the sign-in failed";
    SignInRestart 400 "sign-in-restart": "The sign-in has to be restarted." =
        "the sign-in was already used or is too old; it has to be restarted";
    WrongAccount 403 "wrong-account": "The account cannot be used for this invitation." =
        "the account cannot be used for this invitation";
    RoleMissing 403 "role-missing": "The account lacks the role that is needed." =
        "the account lacks the role that this page of the desk needs";
    ApprovalClosed 410 "approval-closed": "The request for approval is no longer open." =
        "the pass cannot be read, or its invitation is no longer pending";
    ApprovalUnmatched 400 "approval-unmatched": "The response matches no request for approval." =
        "no consent request from this browser matches the response, or it was already used";
    TooManyCodes 429 "too-many-codes": "The daily limit of codes is reached." =
        "the daily limit of codes is reached";
    SessionExpired 401 "session-expired": "There is no session, or it has expired." =
        "there is no session, or it has expired";
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
    /// What kind of problem it is, in plain words; always the same for a `type`.
    title: &'static str,
    /// The status code of the response.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What went wrong this time, and what to do about it.
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
    pub fn new(kind: Kind) -> Self {
        Self {
            r#type: kind.uri().into(),
            title: kind.title(),
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
        // The layer around all functions writes it again, with the id of the request.
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
