//! Errors for programs: `application/problem+json`, RFC 9457.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

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
    pub fn new(status: StatusCode, code: &str, title: impl Into<String>) -> Self {
        Self {
            r#type: format!("urn:onboarding:problem:{code}"),
            title: title.into(),
            status: status.as_u16(),
            detail: None,
            errors: Vec::new(),
        }
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
