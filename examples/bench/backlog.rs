//! A receiver of webhooks that was down for three days and comes back, with a hundred thousand
//! invitations a day in the outbox: how long the timer alone takes, and how late e-mails are in the
//! same time. Measured on a tenth of it.

use std::{
    collections::HashMap,
    net::Ipv4Addr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use axum::{Router, extract::State, http::StatusCode};
use futures::{StreamExt, TryStreamExt, stream};
use local::mailbox::{Mailbox, MailboxOptions};
use onboarding::{
    app::{App, Shared},
    clock::Clock,
    domain::invitation::{Channel, Invitation, Link},
    store::Conditions,
};
use support::{
    WEBHOOK_SECRET,
    inside::{account, company, config},
    memory::MemoryTable,
};
use time::OffsetDateTime;

use super::{
    list_page::terms,
    measure::{Bound, Row, Spread},
};

const INVITATIONS: u32 = 30_000;
/// The share of three days that is measured.
const SHARE: f64 = 0.1;
/// What happened to each while the receiver was down: created, revealed, accepted, completed.
const EVENTS: usize = 4;
/// The oldest event: webhooks are given up after three days.
const DOWN_FOR: time::Duration = time::Duration::hours(70);
const TABLE_LATENCY: Duration = Duration::from_millis(5);
const RECEIVER_LATENCY: Duration = Duration::from_millis(50);
const TICK: Duration = Duration::from_secs(60);
/// Between two invitations with an e-mail, each left behind by a process that was killed.
const EMAIL_INTERVAL: Duration = Duration::from_secs(2);
/// Of the design.
const MOST_MINUTES: f64 = 60.0;
const MOST_DELAY: f64 = 120.0;

#[derive(Default)]
struct Receiver {
    is_up: AtomicBool,
    accepted: AtomicUsize,
}

impl Receiver {
    /// With its address.
    async fn start() -> anyhow::Result<(Arc<Self>, String)> {
        let receiver = Arc::new(Self::default());
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let url = format!("http://{}/", listener.local_addr()?);
        let router = Router::new()
            .fallback(take)
            .with_state(Arc::clone(&receiver));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok((receiver, url))
    }
}

async fn take(State(receiver): State<Arc<Receiver>>) -> StatusCode {
    tokio::time::sleep(RECEIVER_LATENCY).await;
    if !receiver.is_up.load(Relaxed) {
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    receiver.accepted.fetch_add(1, Relaxed);
    StatusCode::OK
}

pub(crate) async fn rows() -> anyhow::Result<Vec<Row>> {
    let (receiver, url) = Receiver::start().await?;
    let mailbox = Mailbox::start(MailboxOptions::default()).await?;
    let table = Arc::new(MemoryTable::default());
    let instance = || {
        let config = config(&[
            ("WEBHOOK_URL", url.as_str()),
            ("WEBHOOK_SECRET", WEBHOOK_SECRET),
            ("WEBHOOK_ALLOW_PRIVATE", "true"),
            ("SMTP_URL", mailbox.smtp_url()),
            ("MAIL_FROM", "no-reply@example.com"),
        ]);
        anyhow::Ok(App::new(config, Clock::system(), table.clone())?.0)
    };
    let (timer, other) = (instance()?, instance()?);
    fill(&other).await?;
    table.set_latency(TABLE_LATENCY);

    // The circuit opens.
    timer.deliverer.tick().await?;
    receiver.is_up.store(true, Relaxed);
    let drained = AtomicBool::new(false);
    let (durations, delays) = tokio::join!(
        drain(&timer, &receiver, &drained),
        email_delays(&other, &mailbox, &drained)
    );
    let (Drained { noticed, worked }, delays) = (durations?, delays?);
    // That the receiver is back is noticed as late, however much is due.
    let minutes = (noticed + worked.div_f64(SHARE)).as_secs_f64() / 60.0;
    let accepted = receiver.accepted.load(Relaxed);
    let expected = usize::try_from(INVITATIONS)? * EVENTS;
    anyhow::ensure!(accepted >= expected, "{accepted} of {expected} webhooks");
    Ok(vec![
        Row::new(
            "webhooks of three days at 10⁵ a day: a tenth, drained (all)",
            Spread::one(f64::from(u32::try_from(accepted)?), "webhooks"),
            Spread::one(minutes, "min"),
            Bound::Total(MOST_MINUTES),
        ),
        Row::new(
            "e-mails in the same time: how many, the greatest delay",
            Spread::one(f64::from(u32::try_from(delays.len())?), "e-mails"),
            Spread::one(delays.iter().copied().fold(0.0, f64::max), "s"),
            Bound::Total(MOST_DELAY),
        ),
    ])
}

/// Invitations that went all the way, spread over the outage.
async fn fill(app: &Shared) -> anyhow::Result<()> {
    let begin = app.clock.now() - DOWN_FOR;
    let step = DOWN_FOR / INVITATIONS;
    stream::iter(0..INVITATIONS)
        .map(|number| complete(app, begin + step * number))
        .buffer_unordered(16)
        .try_collect()
        .await
}

async fn complete(app: &Shared, at: OffsetDateTime) -> anyhow::Result<()> {
    let (store, link) = (&app.store, Link::random());
    let id = link.id();
    let invitation = Invitation::create(id, terms()?, at, at + time::Duration::days(30));
    store
        .invitations
        .create(&link, &invitation, None, at)
        .await?;
    let unconditional = Conditions::default();
    store.invitations.reveal_link(id, unconditional, at).await?;
    store.invitations.accept(id, account(), at).await?;
    store
        .companies
        .create(id, account(), &company(), at)
        .await?;
    Ok(())
}

/// How long the timer takes: until the receiver is asked again, and from then on.
struct Drained {
    noticed: Duration,
    worked: Duration,
}

async fn drain(app: &Shared, receiver: &Receiver, drained: &AtomicBool) -> anyhow::Result<Drained> {
    let (started, mut noticed) = (Instant::now(), Duration::ZERO);
    loop {
        let next = tokio::time::Instant::now() + TICK;
        if receiver.accepted.load(Relaxed) == 0 {
            noticed = started.elapsed();
        }
        app.deliverer.tick().await?;
        let due = app
            .store
            .outbox
            .oldest_due(Channel::Webhook, app.clock.now());
        if due.await?.is_none() {
            drained.store(true, Relaxed);
            let worked = started.elapsed().saturating_sub(noticed);
            return Ok(Drained { noticed, worked });
        }
        tokio::time::sleep_until(next).await;
    }
}

/// How many seconds after its invitation was created each e-mail arrived.
async fn email_delays(
    app: &Shared,
    mailbox: &Mailbox,
    drained: &AtomicBool,
) -> anyhow::Result<Vec<f64>> {
    let (mut created, mut delays) = (HashMap::new(), Vec::new());
    let mut next = Instant::now();
    while !drained.load(Relaxed) {
        if Instant::now() >= next {
            next += EMAIL_INTERVAL;
            let address = format!("anna{}@example.com", created.len());
            invite(app, &address).await?;
            created.insert(address, Some(Instant::now()));
        }
        for mail in mailbox.mails() {
            if let Some(at) = created.get_mut(&mail.to).and_then(Option::take) {
                delays.push(at.elapsed().as_secs_f64());
            }
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    // Those that are still under way have waited so long.
    let waiting = created.into_values().flatten();
    delays.extend(waiting.map(|at| at.elapsed().as_secs_f64()));
    Ok(delays)
}

async fn invite(app: &Shared, address: &str) -> anyhow::Result<()> {
    let (link, at, mut terms) = (Link::random(), app.clock.now(), terms()?);
    terms.recipient.email = address.parse()?;
    terms.send_email = true;
    let invitation = Invitation::create(link.id(), terms, at, at + time::Duration::days(30));
    Ok(app
        .store
        .invitations
        .create(&link, &invitation, None, at)
        .await?)
}
