//! Errors in the shape of Entra ID's.

use axum::{
    Json,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;
use time::{OffsetDateTime, macros::format_description};
use uuid::Uuid;

use super::service::Service;

/// An error of an endpoint that apps call: its status, its `error`, its AADSTS code and its text.
#[derive(Debug)]
pub(super) struct EntraError(
    pub(super) u16,
    pub(super) &'static str,
    pub(super) u32,
    pub(super) String,
);

impl EntraError {
    pub(super) fn unknown_tenant(segment: &str) -> Self {
        Self(
            400,
            "invalid_tenant",
            90002,
            format!("Tenant '{segment}' not found."),
        )
    }

    pub(super) fn into_response(self, service: &Service) -> Response {
        let Self(status, error, code, text) = self;
        let details = Details::new(service.now());
        let body = json!({
            "error": error,
            "error_description": format!("AADSTS{code}: {text} {}", details.to_text(" ")),
            "error_codes": [code],
            "timestamp": details.timestamp,
            "trace_id": details.trace,
            "correlation_id": details.correlation,
            "error_uri": format!("https://login.microsoftonline.com/error?code={code}"),
        });
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
        (
            status,
            [(header::CACHE_CONTROL, "no-store, no-cache")],
            Json(body),
        )
            .into_response()
    }
}

/// What Entra ID adds to a description.
pub(super) struct Details {
    trace: Uuid,
    correlation: Uuid,
    timestamp: String,
}

impl Details {
    pub(super) fn new(now: OffsetDateTime) -> Self {
        let format = format_description!("[year]-[month]-[day] [hour]:[minute]:[second]Z");
        let timestamp = now.format(format).unwrap_or_default();
        Self {
            trace: Uuid::new_v4(),
            correlation: Uuid::new_v4(),
            timestamp,
        }
    }

    pub(super) fn to_text(&self, separator: &str) -> String {
        let Self {
            trace,
            correlation,
            timestamp,
        } = self;
        format!(
            "Trace ID: {trace}{separator}Correlation ID: {correlation}{separator}Timestamp: \
             {timestamp}"
        )
    }
}
