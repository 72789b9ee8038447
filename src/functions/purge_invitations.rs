//! `PurgeInvitations`: the timer that deletes invitations past `RETENTION_DAYS` and uploads that are
//! done, and completes erasures and upgrades. Any number of instances may run it concurrently.
//!
//! A tick works until its time is up; the next one continues.

use axum::{Json, extract::State};
use futures::{StreamExt, future, stream};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};
use tokio::time::Instant;

use crate::{
    app::{App, Shared},
    http::{failure::Failure, observe::TIMER_TIMEOUT},
    store::{Aged, AgedRequest, Purged, SHARDS, StoreError},
    telemetry,
};

/// Well below `functionTimeout` in host.json.
const TICK_BUDGET: std::time::Duration = std::time::Duration::from_secs(120);
const _: () = assert!(TICK_BUDGET.as_secs() * 2 <= TIMER_TIMEOUT.as_secs());
/// The part of it for companies that an earlier version of the program created.
const UPGRADE_BUDGET: std::time::Duration = std::time::Duration::from_secs(60);
/// Invitations that one query returns.
const PAGE_SIZE: usize = 100;
/// Invitations of a shard that are purged concurrently.
const CONCURRENCY: usize = 4;

/// What a tick did in a shard.
#[derive(Default)]
struct Tally {
    deleted: usize,
    failed: Option<StoreError>,
}

/// POST by the host.
///
/// # Errors
/// If the table fails: the host records a failed run, and the next one continues. What can be
/// deleted is deleted.
pub async fn tick(State(app): State<Shared>) -> Result<Json<Value>, Failure> {
    let (started, now) = (Instant::now(), app.clock.now());
    let (before, until) = (now - app.config.kept_for, started + TICK_BUDGET);
    // Side by side, so that much work of one kind leaves time for the others.
    let shards = (0..SHARDS).map(|shard| purge_shard(&app, shard, before, until));
    let (tallies, erasures, upgraded, forgotten, feed, uploads) = tokio::join!(
        future::join_all(shards),
        app.store.retention.finish_erasures(now, until),
        upgrade_companies(&app, now, started + UPGRADE_BUDGET),
        forget_given_up(&app, before, until),
        forget_old_events(&app, now, until),
        app.store.uploads.purge(now, until),
    );
    let deleted: usize = tallies.iter().map(|tally| tally.deleted).sum();
    let lag = app.store.retention.lag(before).await?;
    telemetry::retention_lag(lag);
    let lag_seconds = lag.whole_seconds();
    tracing::info!(
        deleted,
        lag_seconds,
        "purged invitations past their retention"
    );
    let erasures = erasures?;
    if erasures > 0 {
        tracing::info!(erasures, "finished erasures");
    }
    upgraded.and(forgotten).and(feed)?;
    uploads?;
    if let Some(failed) = tallies.into_iter().find_map(|tally| tally.failed) {
        return Err(failed.into());
    }
    Ok(Json(
        json!({"Outputs": {}, "Logs": [], "ReturnValue": null}),
    ))
}

/// Webhooks that were given up so long ago are not delivered again.
async fn forget_given_up(
    app: &App,
    before: OffsetDateTime,
    until: Instant,
) -> Result<(), StoreError> {
    let shards = (0..SHARDS).map(async |shard| {
        let (given_up, mut after) = (&app.store.given_up, None);
        while Instant::now() < until {
            after = given_up
                .forget_before(shard, before, after.as_ref())
                .await?;
            if after.is_none() {
                break;
            }
        }
        Ok(())
    });
    future::join_all(shards).await.into_iter().collect()
}

/// Events that the feed no longer keeps.
async fn forget_old_events(
    app: &App,
    now: OffsetDateTime,
    until: Instant,
) -> Result<(), StoreError> {
    let shards = (0..SHARDS).map(async |shard| {
        let (feed, mut after) = (&app.store.feed, None);
        while Instant::now() < until {
            after = feed.forget_old(shard, now, after.as_ref()).await?;
            if after.is_none() {
                break;
            }
        }
        Ok(())
    });
    future::join_all(shards).await.into_iter().collect()
}

async fn upgrade_companies(
    app: &App,
    now: OffsetDateTime,
    until: Instant,
) -> Result<(), StoreError> {
    while Instant::now() < until && !app.store.companies.upgrade_some(now).await? {}
    Ok(())
}

/// Purges what is due in one shard. An invitation that cannot be deleted does not hold up the
/// others: the next tick finds it again.
async fn purge_shard(app: &App, shard: u8, before: OffsetDateTime, until: Instant) -> Tally {
    let (mut tally, mut after) = (Tally::default(), None);
    while Instant::now() < until {
        let aged = app
            .store
            .retention
            .aged(shard, before, PAGE_SIZE, after.as_ref());
        let page = match aged.await {
            Ok(page) => page,
            Err(error) => {
                tally.failed = Some(error);
                break;
            }
        };
        purge_page(app, page.requests, page.invitations, before, &mut tally).await;
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    tally
}

async fn purge_page(
    app: &App,
    requests: Vec<AgedRequest>,
    invitations: Vec<Aged>,
    before: OffsetDateTime,
    tally: &mut Tally,
) {
    let requests = stream::iter(requests)
        .map(|request| purge_request(app, request))
        .buffer_unordered(CONCURRENCY);
    for result in requests.collect::<Vec<_>>().await {
        tally.failed = result.err().or(tally.failed.take());
    }
    let purges = stream::iter(invitations)
        .map(|aged| purge_one(app, aged, before))
        .buffer_unordered(CONCURRENCY);
    for result in purges.collect::<Vec<_>>().await {
        match result {
            Ok(purged) => tally.deleted += usize::from(purged == Purged::Gone),
            Err(error) => tally.failed = Some(error),
        }
    }
}

async fn purge_request(app: &App, request: AgedRequest) -> Result<(), StoreError> {
    app.store.retention.purge_request(&request).await
}

/// Purges one invitation. One that cannot be read must not block the others: it is postponed.
async fn purge_one(app: &App, aged: Aged, before: OffsetDateTime) -> Result<Purged, StoreError> {
    match app.store.retention.purge(&aged, before).await {
        Err(error @ (StoreError::Corrupt(_) | StoreError::Refused(_))) => {
            tracing::error!(invitation = %aged.id, %error, "an invitation cannot be deleted");
            app.store
                .retention
                .reschedule(&aged, before + Duration::DAY)
                .await
                .map(|()| Purged::Kept)
        }
        other => other,
    }
}
