//! `Health`: whether this instance works, for anonymous probes.
//!
//! - The store cannot be read: `down`, 503. Nothing works without it, and another instance may
//!   reach it.
//! - The sign-in keys are unknown, or their hourly refresh has failed repeatedly; or the outbox has
//!   overdue intents; or the receiver of the webhook fails; or the purge lags behind: `degraded`,
//!   200. Every instance would report the same, and signed-in users can continue, so removing
//!   instances would only do harm.
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
use time::OffsetDateTime;
use tokio::{
    sync::Mutex,
    time::{Instant, timeout},
};

use crate::{
    app::{App, Shared},
    build_info::COMMIT,
    domain::invitation::Channel,
    store::Outage,
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
/// The timer runs every hour, or every day where an operator wants it so.
const MAX_RETENTION_LAG: time::Duration = time::Duration::days(2);
/// How long the lag of the purge is cached: it changes slowly, and each shard is read for it.
const RETENTION_CACHE_TTL: Duration = Duration::from_secs(5 * 60);

/// The last report.
#[derive(Clone, Debug, Default)]
pub struct LastReport(Arc<Mutex<Cached>>);

/// What was found, and when.
#[derive(Debug, Default)]
struct Cached {
    report: Option<(Instant, Report)>,
    retention: Option<(Instant, Retention)>,
}

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
    webhook: Webhook,
    retention: Retention,
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

#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Webhook {
    status: Status,
    /// Since when the receiver fails or wants no more events. `null`: it does not, or it is unknown.
    failing_seconds: Option<i64>,
}

#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Retention {
    status: Status,
    /// How long the oldest invitation has been due to be deleted. `null`: unknown.
    lag_seconds: Option<i64>,
}

/// GET and HEAD.
pub async fn show(State(app): State<Shared>, Extension(last): Extension<LastReport>) -> Response {
    // Concurrent requests wait for the same report.
    let mut last = last.0.lock().await;
    let report = match last.report {
        Some((at, report)) if at.elapsed() < CACHE_TTL => report,
        _ => {
            let known = last
                .retention
                .filter(|(at, _)| at.elapsed() < RETENTION_CACHE_TTL);
            let report = run_checks(&app, known.map(|(_, retention)| retention)).await;
            last.retention = known.or(Some((Instant::now(), report.checks.retention)));
            last.report = Some((Instant::now(), report));
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

async fn run_checks(app: &App, known: Option<Retention>) -> Report {
    let retention = async {
        match known {
            Some(retention) => retention,
            None => retention(app).await,
        }
    };
    let (storage, sign_in, (outbox, webhook), retention) =
        tokio::join!(storage(app), sign_in(app), delivery(app), retention);
    let checks = Checks {
        storage,
        sign_in,
        outbox,
        webhook,
        retention,
    };
    let others = [
        sign_in.status,
        outbox.status,
        webhook.status,
        retention.status,
    ];
    Report {
        status: others.into_iter().fold(storage.status, Status::max),
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

/// While the receiver of the webhook fails, its events wait for it and not for the timer.
async fn delivery(app: &App) -> (Outbox, Webhook) {
    let (outbox, now) = (&app.store.outbox, app.clock.now());
    let (mail, webhook, outage) = tokio::join!(
        timeout(CHECK_TIMEOUT, outbox.oldest_due(Channel::Mail, now)),
        timeout(CHECK_TIMEOUT, outbox.oldest_due(Channel::Webhook, now)),
        timeout(CHECK_TIMEOUT, app.deliverer.receiver_outage())
    );
    let outage = outage.ok().and_then(Result::ok).flatten();
    let webhook = webhook.map(|webhook| webhook.map(|due| due.filter(|_| outage.is_none())));
    let oldest = match (mail, webhook) {
        (Ok(Ok(mail)), Ok(Ok(webhook))) => Some(mail.into_iter().chain(webhook).min()),
        _ => None,
    };
    (outbox_report(oldest, now), webhook_report(outage, now))
}

/// `None`: it is not known since when the oldest is due.
fn outbox_report(oldest: Option<Option<OffsetDateTime>>, now: OffsetDateTime) -> Outbox {
    let age = oldest.map(|oldest| oldest.map_or(time::Duration::ZERO, |due| now - due));
    let status = within(age, MAX_OUTBOX_DELAY);
    if status != Status::Ok {
        tracing::warn!(
            oldest_due_seconds = age.map(time::Duration::whole_seconds),
            "health: the outbox has overdue intents; does DeliverEvents run?"
        );
    }
    Outbox {
        status,
        oldest_due_seconds: age.map(time::Duration::whole_seconds),
    }
}

fn webhook_report(outage: Option<Outage>, now: OffsetDateTime) -> Webhook {
    if let Some(Outage { reason, .. }) = &outage {
        tracing::warn!(reason, "health: the receiver of the webhook fails");
    }
    let failing = outage.map(|outage| now - outage.since);
    Webhook {
        status: failing.map_or(Status::Ok, |_| Status::Degraded),
        failing_seconds: failing.map(time::Duration::whole_seconds),
    }
}

async fn retention(app: &App) -> Retention {
    let before = app.clock.now() - app.config.kept_for;
    let lag = timeout(CHECK_TIMEOUT, app.store.retention.lag(before)).await;
    let lag = lag.ok().and_then(Result::ok);
    let status = within(lag, MAX_RETENTION_LAG);
    let lag_seconds = lag.map(time::Duration::whole_seconds);
    if status != Status::Ok {
        tracing::warn!(
            lag_seconds,
            "health: the purge lags behind; does PurgeInvitations run often enough?"
        );
    }
    Retention {
        status,
        lag_seconds,
    }
}

/// `None` is unknown.
fn within(age: Option<time::Duration>, limit: time::Duration) -> Status {
    match age {
        Some(age) if age < limit => Status::Ok,
        Some(_) | None => Status::Degraded,
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
