//! `PurgeInvitations`: the timer, once a day, on any number of instances. It deletes what is past
//! `RETENTION_DAYS` and looks after the erasures of the day.
//!
//! A tick is a bounded piece of work; what is left waits for the next one.

use axum::{Json, extract::State};
use futures::{StreamExt, TryStreamExt};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};
use tokio::time::Instant;

use crate::{
    app::{App, Shared},
    http::error::Failure,
    store::{Aged, Purged, SHARDS, StoreError},
};

/// Well below `functionTimeout` in host.json.
const LONGEST: std::time::Duration = std::time::Duration::from_secs(120);
/// Invitations that are looked at in one go, and at the same time.
const A_PART: usize = 100;
const AT_ONCE: usize = 8;
/// Parts of a shard in one tick.
const MOST_PARTS: usize = 20;

/// POST of the host.
///
/// # Errors
/// Where the table fails; the host then counts the tick as failed, and the next one goes on.
pub async fn tick(State(app): State<Shared>) -> Result<Json<Value>, Failure> {
    let (started, now) = (Instant::now(), app.clock.now());
    let erasures = app
        .invitations
        .finish_erasures(A_PART * MOST_PARTS, now)
        .await?;
    let mut gone = 0;
    for shard in shards(now) {
        gone += purge(&app, shard, now - app.config.kept_for, started).await?;
    }
    tracing::info!(gone, erasures, "deleted what was kept long enough");
    Ok(Json(
        json!({"Outputs": {}, "Logs": [], "ReturnValue": null}),
    ))
}

/// All of them, from another one on each day: a tick that ends early must not always leave the same
/// ones.
fn shards(now: OffsetDateTime) -> impl Iterator<Item = u8> {
    let first = u8::try_from(now.ordinal() % u16::from(SHARDS)).unwrap_or_default();
    (0..SHARDS).map(move |at| (first + at) % SHARDS)
}

/// What is due of one shard, as far as the tick may go.
async fn purge(
    app: &App,
    shard: u8,
    before: OffsetDateTime,
    started: Instant,
) -> Result<usize, StoreError> {
    let mut gone = 0;
    for _ in 0..MOST_PARTS {
        if started.elapsed() > LONGEST {
            break;
        }
        let aged = app.invitations.aged(shard, before, A_PART).await?;
        let found = aged.len();
        let looks = futures::stream::iter(aged)
            .map(|aged| look(app, aged, before))
            .buffer_unordered(AT_ONCE);
        let results: Vec<_> = looks.try_collect().await?;
        gone += results
            .iter()
            .filter(|became| **became == Purged::Gone)
            .count();
        // Where nothing moves, another look finds the same.
        if found < A_PART || results.iter().all(|became| *became == Purged::Contended) {
            break;
        }
    }
    Ok(gone)
}

/// One that cannot be deleted for a reason of its own must not keep the others.
async fn look(app: &App, aged: Aged, before: OffsetDateTime) -> Result<Purged, StoreError> {
    match app.invitations.purge(&aged, before).await {
        Err(error @ (StoreError::Corrupt(_) | StoreError::Refused(_))) => {
            tracing::error!(invitation = %aged.id, %error, "an invitation cannot be deleted");
            app.invitations
                .move_aged(&aged, before + Duration::DAY)
                .await
                .map(|()| Purged::Kept)
        }
        other => other,
    }
}
