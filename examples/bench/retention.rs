//! How many invitations a second the purge deletes, on one instance, where each call to the table
//! takes five milliseconds.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use futures::{StreamExt, TryStreamExt, stream};
use onboarding::{
    app::{App, Shared},
    clock::Clock,
    domain::invitation::{Invitation, Link},
};
use reqwest::Method;
use serde_json::Value;
use support::{
    inside::{account, call, company, config},
    memory::MemoryTable,
};
use time::OffsetDateTime;

use super::{
    list_page::terms,
    measure::{Bound, Row, Spread},
};

/// Half of them have created a company.
const INVITATIONS: u32 = 10_000;
const TABLE_LATENCY: Duration = Duration::from_millis(5);
/// Of the design.
const LEAST: f64 = 300.0;

pub(crate) async fn rows() -> anyhow::Result<Vec<Row>> {
    let table = Arc::new(MemoryTable::default());
    let now = Arc::new(Mutex::new(Clock::system().now()));
    let clock = {
        let now = Arc::clone(&now);
        Clock::from_fn(move || now.lock().map_or(OffsetDateTime::UNIX_EPOCH, |now| *now))
    };
    let app = App::new(config(&[]), clock, table.clone())?.0;
    stream::iter(0..INVITATIONS)
        .map(|number| create(&app, number % 2 == 0))
        .buffer_unordered(16)
        .try_collect::<()>()
        .await?;
    // Notes that there is nothing of an earlier version.
    purge(&app).await?;
    *now.lock().map_err(|_| anyhow::anyhow!("poisoned"))? += time::Duration::days(800);
    table.set_latency(TABLE_LATENCY);
    let started = Instant::now();
    purge(&app).await?;
    let took = started.elapsed();
    let lag = app
        .store
        .retention
        .lag(app.clock.now() - app.config.kept_for);
    anyhow::ensure!(lag.await?.is_zero(), "some are left");
    Ok(vec![Row::new(
        "retention: invitations that are due, deletions a second",
        Spread::one(f64::from(INVITATIONS), "due"),
        Spread::one(f64::from(INVITATIONS) / took.as_secs_f64(), "/s"),
        Bound::TotalAtLeast(LEAST),
    )])
}

async fn create(app: &Shared, completes: bool) -> anyhow::Result<()> {
    let (store, link, at) = (&app.store, Link::random(), app.clock.now());
    let id = link.id();
    let mut terms = terms()?;
    terms.company.customer_number = Some(id.to_string());
    let invitation = Invitation::create(id, terms, at, at + time::Duration::days(30));
    store
        .invitations
        .create(&link, &invitation, None, at)
        .await?;
    if completes {
        store.invitations.accept(id, account(), at).await?;
        store
            .companies
            .create(id, account(), &company(), at)
            .await?;
    }
    Ok(())
}

async fn purge(app: &Shared) -> anyhow::Result<()> {
    let (status, answer) = call(app, Method::POST, "/PurgeInvitations", &Value::Null).await;
    anyhow::ensure!(status == 200, "{status}: {answer}");
    Ok(())
}
