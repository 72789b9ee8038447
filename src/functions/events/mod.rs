//! `Events`: the events of all invitations, for integrators.

mod feed;

pub(crate) use feed::EventPage;
pub use feed::list;

use axum::{
    Json,
    extract::{Path, RawQuery, State, rejection::PathRejection},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    app::{App, Shared},
    http::{
        error::AppError,
        failure::Failure,
        invocation,
        problem::{Kind, Problem},
        query::{Parameters, parse_time},
    },
};

/// What is delivered again.
#[derive(Serialize, ToSchema)]
#[schema(as = Redelivery)]
pub(crate) struct RedeliveryResponse {
    /// The webhooks that were given up from then on
    #[serde(with = "time::serde::rfc3339")]
    since: OffsetDateTime,
    /// until the time of the request.
    #[serde(with = "time::serde::rfc3339")]
    until: OffsetDateTime,
}

/// What the receiver answered to `webhook.test`.
#[derive(Serialize, ToSchema)]
#[schema(as = WebhookTest)]
pub(crate) struct TestResponse {
    /// Whether it answered 2xx.
    accepted: bool,
    /// Why it did not accept the event, with the status code if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    reason: Option<String>,
}

/// POST with an action.
///
/// # Errors
/// An unknown action; a store that is down.
pub async fn act(
    State(app): State<Shared>,
    path: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let invocation = invocation::id(&headers);
    match path.as_ref().map(|Path(action)| action.as_str()) {
        Ok("redeliver") => redeliver(&app, query.as_deref().unwrap_or_default(), invocation).await,
        Ok("test") => test(&app, invocation).await,
        Ok(_) | Err(_) => Err(AppError::NotFound.into()),
    }
}

/// POST without an action.
pub async fn no_action() -> Response {
    let detail = "An action is missing: POST Events/redeliver?since= or Events/test.";
    Problem::new(Kind::InvalidParameters)
        .detail(detail)
        .into_response()
}

/// Sends an event to the receiver, and reports its answer.
async fn test(app: &App, invocation: Option<Uuid>) -> Result<Response, Failure> {
    Ok(match app.deliverer.test_receiver(invocation).await? {
        None => no_receiver().into_response(),
        Some(answer) => Json(TestResponse {
            accepted: answer.is_ok(),
            reason: answer.err(),
        })
        .into_response(),
    })
}

/// There is nothing to deliver webhooks to.
pub(crate) fn no_receiver() -> Problem {
    Problem::new(Kind::NotFound).detail(
        "This deployment has no webhook. Its operator can set WEBHOOK_URL and WEBHOOK_SECRET.",
    )
}

/// All webhooks that were given up since then.
async fn redeliver(app: &App, query: &str, invocation: Option<Uuid>) -> Result<Response, Failure> {
    let since = match parse(query) {
        Ok(since) => since,
        Err(problem) => return Ok(problem.into_response()),
    };
    let until = app.deliverer.redeliver_since(since, invocation).await?;
    let body = RedeliveryResponse { since, until };
    Ok((StatusCode::ACCEPTED, Json(body)).into_response())
}

fn parse(query: &str) -> Result<OffsetDateTime, Problem> {
    let mut parameters = Parameters::of(query);
    let since = parameters.parse("since", parse_time);
    parameters.require("since");
    parameters.finish("known is since")?;
    Ok(since.unwrap_or(OffsetDateTime::UNIX_EPOCH))
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn a_time_is_read_as_clients_write_it() {
        for time in [
            "2026-11-22T12:00:00Z",
            "2026-11-22T13:00:00%2B01:00",
            "2026-11-22T12%3A00%3A00.000000%2B0000",
        ] {
            let since = parse(&format!("since={time}")).ok();
            assert_eq!(since, Some(datetime!(2026-11-22 12:00 UTC)), "{time}");
        }
        for wrong in [
            "",
            "since=",
            "since=yesterday",
            "since=2026-11-22",
            "until=2026-11-22T12:00:00Z",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
