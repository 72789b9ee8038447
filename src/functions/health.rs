//! `Health`: whether this instance can do its work, for a probe that anyone may send.
//!
//! - The store cannot be read: `down`, 503. Nothing works without it, and another instance may
//!   reach it.
//! - The sign-in's keys are not known, or their hourly refresh has failed for a while; or the
//!   outbox waits for the timer longer than it should: `degraded`, 200. Every instance would say
//!   the same, and whoever is signed in can go on: to take instances away would only do harm.
//!
//! The answer says which check fails, never why: that stands in the log. It is remembered for some
//! seconds, so that asking often costs nothing.

use std::{sync::Arc, time::Duration};

use axum::{
    Extension, Json,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use tokio::{
    sync::Mutex,
    time::{Instant, timeout},
};

use crate::app::{App, Shared};

/// What a probe may take.
const PROBE: Duration = Duration::from_secs(2);
/// How long a report is given again.
const REMEMBERED: Duration = Duration::from_secs(10);
/// Keys are fetched hourly and trusted for a day: a refresh that was missed twice is worth a look,
/// a day ahead.
const KEYS_ARE_STALE: Duration = Duration::from_secs(3 * 60 * 60);
/// The timer looks each minute.
const OUTBOX_IS_STUCK: time::Duration = time::Duration::minutes(15);

/// The last report, with its time.
#[derive(Clone, Debug, Default)]
pub struct LastReport(Arc<Mutex<Option<(Instant, Report)>>>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    Ok,
    Degraded,
    Down,
}

#[derive(Clone, Copy, Debug, Serialize)]
struct Report {
    status: Status,
    checks: Checks,
}

#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Checks {
    storage: Storage,
    sign_in: SignIn,
    outbox: Outbox,
}

#[derive(Clone, Copy, Debug, Serialize)]
struct Storage {
    status: Status,
    milliseconds: u64,
}

#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SignIn {
    status: Status,
    /// `null`: not known.
    keys_age_seconds: Option<u64>,
}

#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Outbox {
    status: Status,
    /// `null`: not known. 0: nothing is due.
    oldest_due_seconds: Option<i64>,
}

/// GET.
pub async fn show(State(app): State<Shared>, Extension(last): Extension<LastReport>) -> Response {
    // Who asks meanwhile waits for the same report.
    let mut last = last.0.lock().await;
    let report = match *last {
        Some((at, report)) if at.elapsed() < REMEMBERED => report,
        _ => {
            let report = examine(&app).await;
            *last = Some((Instant::now(), report));
            report
        }
    };
    drop(last);
    answer(report)
}

fn answer(report: Report) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
    );
    if report.status == Status::Down {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(REMEMBERED.as_secs()));
        return (StatusCode::SERVICE_UNAVAILABLE, headers, Json(report)).into_response();
    }
    (headers, Json(report)).into_response()
}

async fn examine(app: &App) -> Report {
    let (storage, sign_in, outbox) = tokio::join!(storage(app), sign_in(app), outbox(app));
    let checks = Checks {
        storage,
        sign_in,
        outbox,
    };
    Report {
        status: storage.status.max(sign_in.status).max(outbox.status),
        checks,
    }
}

async fn storage(app: &App) -> Storage {
    let started = Instant::now();
    let status = match timeout(PROBE, app.invitations.ping()).await {
        Ok(Ok(())) => Status::Ok,
        Ok(Err(error)) => {
            tracing::warn!(%error, "health: the store cannot be read");
            Status::Down
        }
        Err(_) => {
            tracing::warn!("health: the store does not answer in time");
            Status::Down
        }
    };
    Storage {
        status,
        milliseconds: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
    }
}

/// What the background has fetched; right after the start, it is fetched here.
async fn sign_in(app: &App) -> SignIn {
    let age = match app.entra.keys_age() {
        Some(age) => Some(age),
        None => timeout(PROBE, app.entra.fetch_keys())
            .await
            .ok()
            .and_then(|fetched| fetched.ok().map(|()| Duration::ZERO)),
    };
    let status = of_keys(age);
    if status != Status::Ok {
        tracing::warn!(
            keys_age_seconds = age.map(|age| age.as_secs()),
            "health: the sign-in keys are not known or old"
        );
    }
    SignIn {
        status,
        keys_age_seconds: age.map(|age| age.as_secs()),
    }
}

fn of_keys(age: Option<Duration>) -> Status {
    if age.is_some_and(|age| age < KEYS_ARE_STALE) {
        Status::Ok
    } else {
        Status::Degraded
    }
}

async fn outbox(app: &App) -> Outbox {
    let now = app.clock.now();
    let Ok(Ok(oldest)) = timeout(PROBE, app.invitations.oldest_due(now)).await else {
        return Outbox {
            status: Status::Degraded,
            oldest_due_seconds: None,
        };
    };
    let age = oldest.map_or(time::Duration::ZERO, |due| now - due);
    let status = if age < OUTBOX_IS_STUCK {
        Status::Ok
    } else {
        Status::Degraded
    };
    if status != Status::Ok {
        tracing::warn!(
            oldest_due_seconds = age.whole_seconds(),
            "health: the outbox waits: does DeliverEvents run?"
        );
    }
    Outbox {
        status,
        oldest_due_seconds: Some(age.whole_seconds()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_whose_refresh_fails_are_noticed_long_before_they_run_out() {
        let hours = |hours: u64| of_keys(Some(Duration::from_secs(hours * 60 * 60)));
        assert_eq!(
            (hours(0), hours(2)),
            (Status::Ok, Status::Ok),
            "one refresh may fail"
        );
        assert_eq!(
            (hours(4), hours(23), of_keys(None)),
            (Status::Degraded, Status::Degraded, Status::Degraded)
        );
    }
}
