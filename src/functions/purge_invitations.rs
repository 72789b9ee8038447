//! `PurgeInvitations`: the timer that deletes, once an hour, invitations past `RETENTION_DAYS`, and
//! completes erasures and upgrades. Any number of instances may run it concurrently.
//!
//! A tick does a limited amount of work; the next one continues.

use axum::{Json, extract::State};
use futures::{StreamExt, TryStreamExt};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};
use tokio::time::Instant;

use crate::{
    app::{App, Shared},
    http::failure::Failure,
    store::{Aged, Purged, SHARDS, StoreError},
};

/// Well below `functionTimeout` in host.json.
const TICK_BUDGET: std::time::Duration = std::time::Duration::from_secs(120);
/// The part of it for companies that an earlier version of the program created.
const UPGRADE_BUDGET: std::time::Duration = std::time::Duration::from_secs(60);
/// Invitations that one query returns.
const BATCH_SIZE: usize = 100;
/// Invitations of a batch that are purged concurrently.
const CONCURRENCY: usize = 8;
/// Batches of a shard in one tick.
const MAX_BATCHES: usize = 20;

/// POST by the host.
///
/// # Errors
/// If the table fails: the host records a failed run, and the next one continues.
pub async fn tick(State(app): State<Shared>) -> Result<Json<Value>, Failure> {
    let (started, now) = (Instant::now(), app.clock.now());
    let erasures = app
        .store
        .retention
        .finish_erasures(BATCH_SIZE * MAX_BATCHES, now)
        .await?;
    while started.elapsed() < UPGRADE_BUDGET && !app.store.companies.upgrade_some().await? {}
    let mut deleted = 0;
    for shard in shards(now) {
        deleted += purge(&app, shard, now - app.config.kept_for, started).await?;
    }
    tracing::info!(deleted, erasures, "purged invitations past their retention");
    Ok(Json(
        json!({"Outputs": {}, "Logs": [], "ReturnValue": null}),
    ))
}

/// All shards, beginning with a different one each hour, so that a tick that ends early does not
/// always skip the same ones.
fn shards(now: OffsetDateTime) -> impl Iterator<Item = u8> {
    let hour = now.unix_timestamp() / 3600;
    let first = u8::try_from(hour.rem_euclid(SHARDS.into())).unwrap_or_default();
    (0..SHARDS).map(move |at| (first + at) % SHARDS)
}

/// Purges what is due in one shard, within the limits of a tick. Returns the number of deletions.
async fn purge(
    app: &App,
    shard: u8,
    before: OffsetDateTime,
    started: Instant,
) -> Result<usize, StoreError> {
    let mut deleted = 0;
    for _ in 0..MAX_BATCHES {
        if started.elapsed() > TICK_BUDGET {
            break;
        }
        let aged = app.store.retention.aged(shard, before, BATCH_SIZE).await?;
        let found = aged.len();
        let purges = futures::stream::iter(aged)
            .map(|aged| purge_one(app, aged, before))
            .buffer_unordered(CONCURRENCY);
        let results: Vec<_> = purges.try_collect().await?;
        deleted += results
            .iter()
            .filter(|result| **result == Purged::Gone)
            .count();
        // Without any progress, another query would return the same batch.
        if found < BATCH_SIZE || results.iter().all(|result| *result == Purged::Contended) {
            break;
        }
    }
    Ok(deleted)
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
