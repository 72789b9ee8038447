//! Answers of a faulty endpoint.

use axum::{
    Json,
    http::{StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use serde_json::json;

use super::{errors::EntraError, faults::TokenFault, service::Service};

const HUGE: usize = 10 * 1024 * 1024;

/// The faults that answer before the request is read, so that its code stays valid.
pub(super) async fn misbehave(
    service: &Service,
    fault: Option<&TokenFault>,
    path: &str,
) -> Option<Response> {
    let error = |status, error, code, text: &str| {
        EntraError(status, error, code, text.to_owned()).into_response(service)
    };
    Some(match fault? {
        TokenFault::NoIdToken | TokenFault::Terse => return None,
        TokenFault::InvalidGrant => error(
            400,
            "invalid_grant",
            70008,
            "The provided authorization code has expired.",
        ),
        TokenFault::InvalidClient => error(
            401,
            "invalid_client",
            7000222,
            "The provided client secret keys are expired.",
        ),
        TokenFault::Refused {
            error: name,
            number,
        } => error(400, name, *number, "The sign-in is refused."),
        TokenFault::TooManyRequests { retry_after } => {
            let retry_after = [(header::RETRY_AFTER, retry_after.as_secs().to_string())];
            (
                StatusCode::TOO_MANY_REQUESTS,
                retry_after,
                "Too many requests",
            )
                .into_response()
        }
        TokenFault::ServerError => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        TokenFault::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        TokenFault::Hang => std::future::pending().await,
        TokenFault::Html => Html("<!doctype html><title>Sorry</title><p>Down.").into_response(),
        TokenFault::HugeBody => {
            Json(json!({ "token_type": "Bearer", "padding": "x".repeat(HUGE) })).into_response()
        }
        TokenFault::Redirect => {
            Redirect::temporary(&format!("{}{path}", service.base)).into_response()
        }
    })
}
