//! `Health`: whether this instance works, for anonymous probes.
//!
//! - The store cannot be read: `down`, 503. Nothing works without it, and another instance may
//!   reach it.
//! - The sign-in keys are unknown, or their hourly refresh has failed repeatedly; or the outbox has
//!   overdue intents: `degraded`, 200. Every instance would report the same, and signed-in users
//!   can continue, so removing instances would only do harm.
//!
//! The response says which check failed; the log says why. A report is cached for some seconds, so
//! frequent probes cost nothing.

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

use crate::{
    app::{App, Shared},
    build_info::COMMIT,
};

/// The time limit of each check.
const CHECK_TIMEOUT: Duration = Duration::from_secs(2);
/// How long a report is cached.
const CACHE_TTL: Duration = Duration::from_secs(10);
/// Keys are refreshed hourly and trusted for a day: this is two failed refreshes, long before
/// sign-ins fail.
const MAX_KEYS_AGE: Duration = Duration::from_secs(3 * 60 * 60);
/// The timer runs every minute.
const MAX_OUTBOX_DELAY: time::Duration = time::Duration::minutes(15);

/// The last report and its time.
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
    /// A deployment waits until it sees its own.
    commit: &'static str,
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
    /// `null`: unknown.
    keys_age_seconds: Option<u64>,
}

#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Outbox {
    status: Status,
    /// `null`: unknown. 0: nothing is due.
    oldest_due_seconds: Option<i64>,
}

/// GET and HEAD.
pub async fn show(State(app): State<Shared>, Extension(last): Extension<LastReport>) -> Response {
    // Concurrent requests wait for the same report.
    let mut last = last.0.lock().await;
    let report = match *last {
        Some((at, report)) if at.elapsed() < CACHE_TTL => report,
        _ => {
            let report = run_checks(&app).await;
            *last = Some((Instant::now(), report));
            report
        }
    };
    drop(last);
    respond(report)
}

fn respond(report: Report) -> Response {
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
        headers.insert(header::RETRY_AFTER, HeaderValue::from(CACHE_TTL.as_secs()));
        return (StatusCode::SERVICE_UNAVAILABLE, headers, Json(report)).into_response();
    }
    (headers, Json(report)).into_response()
}

async fn run_checks(app: &App) -> Report {
    let (storage, sign_in, outbox) = tokio::join!(storage(app), sign_in(app), outbox(app));
    let checks = Checks {
        storage,
        sign_in,
        outbox,
    };
    Report {
        status: storage.status.max(sign_in.status).max(outbox.status),
        commit: COMMIT,
        checks,
    }
}

async fn storage(app: &App) -> Storage {
    let started = Instant::now();
    let status = match timeout(CHECK_TIMEOUT, app.store.ping()).await {
        Ok(Ok(())) => Status::Ok,
        Ok(Err(error)) => {
            tracing::warn!(%error, "health: the store cannot be read");
            Status::Down
        }
        Err(_) => {
            tracing::warn!("health: the store does not respond in time");
            Status::Down
        }
    };
    Storage {
        status,
        milliseconds: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
    }
}

/// The age of the keys. Before the background task has fetched them, they are fetched here.
async fn sign_in(app: &App) -> SignIn {
    let age = match app.entra.keys_age() {
        Some(age) => Some(age),
        None => timeout(CHECK_TIMEOUT, app.entra.fetch_keys())
            .await
            .ok()
            .and_then(|fetched| fetched.ok().map(|()| Duration::ZERO)),
    };
    let status = keys_status(age);
    if status != Status::Ok {
        tracing::warn!(
            keys_age_seconds = age.map(|age| age.as_secs()),
            "health: the sign-in keys are unknown or old"
        );
    }
    SignIn {
        status,
        keys_age_seconds: age.map(|age| age.as_secs()),
    }
}

fn keys_status(age: Option<Duration>) -> Status {
    if age.is_some_and(|age| age < MAX_KEYS_AGE) {
        Status::Ok
    } else {
        Status::Degraded
    }
}

async fn outbox(app: &App) -> Outbox {
    let now = app.clock.now();
    let Ok(Ok(oldest)) = timeout(CHECK_TIMEOUT, app.store.outbox.oldest_due(now)).await else {
        return Outbox {
            status: Status::Degraded,
            oldest_due_seconds: None,
        };
    };
    let age = oldest.map_or(time::Duration::ZERO, |due| now - due);
    let status = if age < MAX_OUTBOX_DELAY {
        Status::Ok
    } else {
        Status::Degraded
    };
    if status != Status::Ok {
        tracing::warn!(
            oldest_due_seconds = age.whole_seconds(),
            "health: the outbox has overdue intents; does DeliverEvents run?"
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
    fn stale_keys_degrade_before_they_expire() {
        let hours = |hours: u64| keys_status(Some(Duration::from_secs(hours * 60 * 60)));
        assert_eq!(
            (hours(0), hours(2)),
            (Status::Ok, Status::Ok),
            "one refresh may fail"
        );
        assert_eq!(
            (hours(4), hours(23), keys_status(None)),
            (Status::Degraded, Status::Degraded, Status::Degraded)
        );
    }
}
