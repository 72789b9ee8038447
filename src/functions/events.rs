//! `Events`: what is done about the events of all invitations at once, for integrators.

use axum::{
    Json,
    extract::{Path, RawQuery, State, rejection::PathRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use time::{
    OffsetDateTime,
    format_description::well_known::{Iso8601, Rfc3339},
};
use utoipa::ToSchema;

use crate::{
    app::{App, Shared},
    http::{
        error::AppError,
        failure::Failure,
        problem::{Kind, Problem},
        query::Parameters,
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

/// POST with an action.
///
/// # Errors
/// An unknown action; a store that is down.
pub async fn act(
    State(app): State<Shared>,
    path: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    match path.as_ref().map(|Path(action)| action.as_str()) {
        Ok("redeliver") => redeliver(&app, query.as_deref().unwrap_or_default()).await,
        Ok(_) | Err(_) => Err(AppError::NotFound.into()),
    }
}

/// POST without an action.
pub async fn no_action() -> Response {
    let detail = "An action is missing: POST Events/redeliver?since=.";
    Problem::new(Kind::InvalidParameters, detail).into_response()
}

/// All webhooks that were given up since then.
async fn redeliver(app: &App, query: &str) -> Result<Response, Failure> {
    let since = match parse(query) {
        Ok(since) => since,
        Err(problem) => return Ok(problem.into_response()),
    };
    let until = app.deliverer.redeliver_since(since).await?;
    let body = RedeliveryResponse { since, until };
    Ok((StatusCode::ACCEPTED, Json(body)).into_response())
}

fn parse(query: &str) -> Result<OffsetDateTime, Problem> {
    let mut parameters = Parameters::of(query);
    let since = parameters.parse("since", |text| {
        // The Python client of openapi-generator writes an offset without a colon.
        OffsetDateTime::parse(text, &Rfc3339)
            .or_else(|_| OffsetDateTime::parse(text, &Iso8601::DEFAULT))
            .map_err(|_| "must be a time such as 2026-11-22T12:00:00Z (RFC 3339)".to_owned())
    });
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
