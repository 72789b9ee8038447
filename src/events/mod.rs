//! Delivery of events: e-mail to people, a webhook to machines; at least once, in order per
//! invitation.
//!
//! An intent names the invitation. The worker that holds the lease of the invitation's channel
//! delivers the events that are not settled, one after the other, and records each before the next.
//! See [`crate::store`] for what a crash leaves behind.

mod emails;
mod pause;
mod webhook;

use std::{panic::AssertUnwindSafe, pin::pin, sync::Arc};

use futures::{
    FutureExt, StreamExt,
    future::{Either, select},
};
use time::{Duration, OffsetDateTime};
use tokio::{
    sync::mpsc,
    time::{Instant, timeout},
};

use crate::{
    clock::Clock,
    config::Config,
    domain::invitation::{Channel, Event, InvitationId, Progress, State, TryFailed},
    mail::{MailError, Mailer},
    store::{DueState, History, Intent, LEASE, Lease, SHARDS, Store, StoreError},
    telemetry,
};
use pause::Gate;
use webhook::NotDelivered;
pub(crate) use webhook::Payload;
pub use webhook::{Webhook, WebhookError};

/// Intents that one tick takes from a shard, for each channel; what is left waits for the next tick
/// or another instance.
const INTENTS_PER_TICK: usize = 100;
/// Intents that wait to be delivered at once, for each channel.
const QUEUE_CAPACITY: usize = 1024;
/// Deliveries at the same time, for each channel.
const CONCURRENCY: usize = 8;
/// After this no further delivery is begun; the next tick is due then anyway.
const TICK_BUDGET: std::time::Duration = std::time::Duration::from_secs(50);
/// How often a redelivery is retried while a worker delivers events.
const ATTEMPTS: usize = 8;
/// When to retry where the channel is not configured here.
const CHANNEL_IS_OFF: Duration = Duration::HOUR;
/// When to retry what cannot be delivered for a reason of its own.
const POISON_DELAY: Duration = Duration::minutes(15);
/// How often a lease is renewed while an event is being delivered. Much less than [`LEASE`].
const RENEWAL_INTERVAL: std::time::Duration = std::time::Duration::from_secs(4);

/// Delivers.
#[derive(Debug)]
pub struct Deliverer {
    store: Store,
    mailer: Option<Mailer>,
    webhook: Option<Webhook>,
    config: Config,
    clock: Clock,
    gate: Gate,
}

/// What became of the delivery of one event.
enum Outcome {
    /// The channel has it.
    Delivered,
    /// The channel has it, and it was the invitation itself, which the timeline records.
    InvitationSent,
    /// Nothing is left to deliver.
    Superseded,
}

impl Outcome {
    fn log(&self, channel: Channel, event: &Event, took: std::time::Duration) {
        let (channel, kind) = (channel.name(), event.kind.name());
        let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        let (outcome, what) = match self {
            Self::Delivered | Self::InvitationSent => ("delivered", "delivered"),
            Self::Superseded => ("superseded", "superseded, so not delivered"),
        };
        tracing::info!(invitation = %event.invitation, event = event.number, kind, channel, ms, "{what}");
        telemetry::count_delivery(channel, outcome);
    }
}

impl From<MailError> for TryFailed {
    fn from(error: MailError) -> Self {
        match error {
            MailError::Refused(_) => Self::Never(error.to_string()),
            MailError::Unavailable(_) => Self::Later(error.to_string()),
        }
    }
}

impl Deliverer {
    /// Over the store and the settings.
    #[must_use]
    pub fn new(
        store: Store,
        mailer: Option<Mailer>,
        webhook: Option<Webhook>,
        config: Config,
        clock: Clock,
    ) -> Self {
        Self {
            store,
            mailer,
            webhook,
            config,
            clock,
            gate: Gate::default(),
        }
    }

    /// Delivers what this process causes, at once. Ends with the process.
    pub async fn follow(self: Arc<Self>, mut intents: mpsc::Receiver<Intent>) {
        let (mails, mail) = mpsc::channel(QUEUE_CAPACITY);
        let (hooks, webhook) = mpsc::channel(QUEUE_CAPACITY);
        // A receiver that hangs must not delay the e-mails, nor a mail server the webhooks.
        let sort = async move {
            while let Some(intent) = intents.recv().await {
                let queue = if intent.channel == Channel::Mail {
                    &mails
                } else {
                    &hooks
                };
                // A full queue is no loss: the timer finds the intent.
                let _ = queue.try_send(intent);
            }
        };
        tokio::join!(sort, self.work(mail), self.work(webhook));
    }

    async fn work(&self, mut intents: mpsc::Receiver<Intent>) {
        let intents = futures::stream::poll_fn(move |context| intents.poll_recv(context));
        intents
            .for_each_concurrent(CONCURRENCY, |intent| async move {
                // What is not delivered now is left to the timer.
                if self.gate.is_open(&self.store).await.unwrap_or(false) {
                    self.try_intent(&intent).await;
                }
            })
            .await;
    }

    /// Delivers what is due, of every shard: a bounded piece of work, whatever the number of
    /// invitations.
    ///
    /// # Errors
    /// Where the table fails; what could be read is delivered, and the shards that are left wait
    /// for the next tick.
    pub async fn tick(&self) -> Result<usize, StoreError> {
        if !self.gate.is_open(&self.store).await? {
            return Ok(0);
        }
        let (started, now) = (Instant::now(), self.clock.now());
        let reads = futures::stream::iter(0..SHARDS)
            .map(|shard| self.store.outbox.due(shard, now, INTENTS_PER_TICK));
        let shards: Vec<_> = reads.buffered(CONCURRENCY).collect().await;
        let (mut mails, mut hooks, mut failed) = (Vec::new(), Vec::new(), None);
        let mut states = Vec::new();
        for due in shards {
            match due {
                Ok(due) => {
                    states.extend(due.states);
                    let (mail, webhook): (Vec<_>, Vec<_>) = due
                        .intents
                        .into_iter()
                        .partition(|intent| intent.channel == Channel::Mail);
                    mails.extend(mail);
                    hooks.extend(webhook);
                }
                Err(error) => failed = Some(error),
            }
        }
        let found = mails.len() + hooks.len();
        // As in `follow`: neither channel waits for the other.
        tokio::join!(
            self.work_off(mails, started),
            self.work_off(hooks, started),
            self.forget_states(states, started)
        );
        failed.map_or(Ok(found), Err)
    }

    /// The oldest first, of whichever shard: a tick that ends early must not always leave the same
    /// ones.
    async fn work_off(&self, mut intents: Vec<Intent>, started: Instant) {
        intents.sort_unstable_by(|one, other| one.order().cmp(other.order()));
        let in_time = futures::stream::iter(&intents)
            .take_while(|_| std::future::ready(started.elapsed() < TICK_BUDGET));
        in_time
            .for_each_concurrent(CONCURRENCY, |intent| self.try_intent(intent))
            .await;
    }

    /// Deletes sign-in states that can no longer come back. What is left waits for the next tick.
    async fn forget_states(&self, states: Vec<DueState>, started: Instant) {
        let in_time = futures::stream::iter(&states)
            .take_while(|_| std::future::ready(started.elapsed() < TICK_BUDGET));
        in_time
            .for_each_concurrent(CONCURRENCY, |state| async move {
                if let Err(error) = self.store.states.forget(state).await {
                    tracing::warn!(invitation = %state.id, %error, "a used state is deleted later");
                }
            })
            .await;
    }

    /// A delivery that panics must not end the others, or the task that delivers at once.
    async fn try_intent(&self, intent: &Intent) {
        let (invitation, channel) = (intent.id, intent.channel.name());
        let result = telemetry::delivery(
            invitation,
            channel,
            AssertUnwindSafe(self.deliver(intent)).catch_unwind(),
        )
        .await;
        match result {
            Ok(Ok(())) => return,
            Ok(Err(error)) if error.is_temporary() => {
                tracing::warn!(%invitation, channel, %error, "a delivery waits for the next tick");
                return;
            }
            Ok(Err(error)) => {
                tracing::error!(%invitation, channel, %error, "a delivery cannot be made")
            }
            Err(_) => tracing::error!(%invitation, channel, "a delivery panicked"),
        }
        // Out of the way of the others, and not given up.
        if let Err(error) = self
            .store
            .outbox
            .reschedule(intent, self.clock.now() + POISON_DELAY)
            .await
        {
            tracing::warn!(%invitation, channel, %error, "a delivery stays at the head of the queue");
        }
    }

    /// Follows an intent as far as it leads now.
    ///
    /// After each round it reads again: whatever happened during the round met the lease and left
    /// its delivery to this worker.
    async fn deliver(&self, intent: &Intent) -> Result<(), StoreError> {
        loop {
            let now = self.clock.now();
            let Some(history) = self.store.invitations.history(intent.id).await? else {
                return self.drop_if_stale(intent).await;
            };
            let open = history.open_events(self.store.channels(), intent.channel);
            let progress = history.progress(intent.channel);
            let over = progress.settled >= intent.event;
            if open.is_empty() {
                self.store.deliveries.forget_colleagues(&history).await?;
                let happened = history
                    .events
                    .iter()
                    .any(|event| event.number == intent.event);
                return match (over, happened) {
                    // It must not be skipped, nor may what follows it be delivered before it.
                    (false, _)
                        if history
                            .unreadable(intent.channel)
                            .is_some_and(|number| number <= intent.event) =>
                    {
                        Err(StoreError::Corrupt("event"))
                    }
                    (false, false) => self.drop_if_stale(intent).await,
                    // This instance has no such channel. Another one may, or it comes back.
                    (false, true)
                        if !self.store.channels().have(intent.channel)
                            && !intent.is_expired(now) =>
                    {
                        self.store
                            .outbox
                            .reschedule(intent, now + CHANNEL_IS_OFF)
                            .await
                    }
                    // Delivered; or another event than the announced one got the number, and is not
                    // for this channel.
                    (true, _) | (false, true) => self.store.outbox.drop_intent(intent).await,
                };
            }
            // A superseded event delays nothing.
            let is_superseded = intent.channel == Channel::Mail
                && open
                    .first()
                    .is_some_and(|event| emails::is_superseded(&history, event, now));
            if !progress.is_due(now) && !is_superseded {
                return self
                    .reschedule(intent, over, progress.next_try.unwrap_or(now))
                    .await;
            }
            // Where another worker holds the lease, the intent stays due: that worker deletes it,
            // or was killed, and a later tick finds its lease expired.
            let Some(lease) = self
                .store
                .deliveries
                .lease(&history, intent.channel, self.clock.now())
                .await?
            else {
                return Ok(());
            };
            if let Some(next_try) = self.deliver_all(&history, &open, lease).await? {
                return self.reschedule(intent, false, next_try).await;
            }
        }
    }

    /// Leaves the rest to a later tick; an intent whose own event is settled is not needed for
    /// that.
    async fn reschedule(
        &self,
        intent: &Intent,
        over: bool,
        until: OffsetDateTime,
    ) -> Result<(), StoreError> {
        if over {
            self.store.outbox.drop_intent(intent).await
        } else {
            self.store.outbox.reschedule(intent, until).await
        }
    }

    /// Delivers the events in order and releases the lease. Returns the time of the next attempt
    /// where one failed.
    async fn deliver_all(
        &self,
        history: &History,
        open: &[&Event],
        mut lease: Lease,
    ) -> Result<Option<OffsetDateTime>, StoreError> {
        let channel = lease.channel();
        let mut progress = history.progress(channel).clone();
        for (at, event) in open.iter().enumerate() {
            let started = Instant::now();
            let delivery = self.deliver_event(channel, history, event);
            let Some(outcome) = self.while_leased(&mut lease, &progress, delivery).await else {
                return Ok(Some(self.clock.now() + Duration::SECOND));
            };
            let now = self.clock.now();
            if let Ok(outcome) = &outcome {
                outcome.log(channel, event, started.elapsed());
            }
            let (next, email) = match outcome {
                Ok(Outcome::Delivered) => (progress.settle(event.number, now), None),
                Ok(Outcome::Superseded) => (progress.skip(event.number), None),
                Ok(Outcome::InvitationSent) => (
                    progress
                        .settle(event.number, now)
                        .forget(|failed| is_compensated(history, failed)),
                    Some(true),
                ),
                Err(why) => self.failed(progress, channel, event, why, now),
            };
            progress = next;
            let over = at + 1 == open.len() || progress.settled < event.number;
            let lease_until = (!over).then(|| now + LEASE);
            let kept = match email {
                Some(sent) => {
                    self.store
                        .deliveries
                        .record_email(&mut lease, &progress, sent, lease_until, now)
                        .await?
                }
                None => {
                    self.store
                        .deliveries
                        .record(&mut lease, &progress, lease_until)
                        .await?
                }
            };
            if !kept {
                // Another worker took over.
                return Ok(Some(now + Duration::SECOND));
            }
            if over {
                break;
            }
        }
        Ok(progress.next_try)
    }

    /// Does the work and renews the lease while it lasts: so the lease need not be as long as the
    /// slowest receiver takes, and when the process is killed, another one takes over soon. `None`
    /// where the lease was lost: another worker does the work then.
    async fn while_leased<T>(
        &self,
        lease: &mut Lease,
        progress: &Progress,
        work: impl Future<Output = T>,
    ) -> Option<T> {
        let mut work = pin!(work);
        loop {
            if let Ok(done) = timeout(RENEWAL_INTERVAL, work.as_mut()).await {
                return Some(done);
            }
            match select(work.as_mut(), pin!(self.renew(lease, progress))).await {
                Either::Left((done, renewal)) => {
                    // What was done is recorded over the row as the renewal leaves it.
                    renewal.await;
                    return Some(done);
                }
                Either::Right((true, _)) => {}
                Either::Right((false, _)) => return None,
            }
        }
    }

    /// Answers whether the lease is still held.
    async fn renew(&self, lease: &mut Lease, progress: &Progress) -> bool {
        let (invitation, channel) = (lease.invitation(), lease.channel().name());
        let held = match self
            .store
            .deliveries
            .record(lease, progress, Some(self.clock.now() + LEASE))
            .await
        {
            Ok(held) => held,
            Err(error) => {
                tracing::warn!(%invitation, channel, %error, "a lease cannot be renewed");
                self.clock.now() < lease.until()
            }
        };
        if !held {
            tracing::warn!(%invitation, channel, "a lease was lost; its new holder delivers the event again");
        }
        held
    }

    /// An attempt failed: another one follows, or the event is given up, which for the invitation
    /// e-mail is an event of its own.
    fn failed(
        &self,
        progress: Progress,
        channel: Channel,
        event: &Event,
        why: TryFailed,
        now: OffsetDateTime,
    ) -> (Progress, Option<bool>) {
        let next = progress.fail(event.number, event.at, why, now);
        let given_up = next.settled >= event.number;
        telemetry::count_delivery(channel.name(), if given_up { "given_up" } else { "failed" });
        tracing::warn!(invitation = %event.invitation, event = event.number, kind = event.kind.name(), given_up, "a delivery failed");
        let invitation = given_up && channel == Channel::Mail && emails::is_invitation(event);
        (next, invitation.then_some(false))
    }

    async fn deliver_event(
        &self,
        channel: Channel,
        history: &History,
        event: &Event,
    ) -> Result<Outcome, TryFailed> {
        match (channel, &self.mailer, &self.webhook) {
            (Channel::Mail, Some(mailer), _) => {
                let email = emails::of(
                    &self.store.invitations,
                    &self.config,
                    history,
                    event,
                    self.clock.now(),
                )?;
                let Some((to, email)) = email else {
                    return Ok(Outcome::Superseded);
                };
                mailer.send(&to, &email, &event.id()).await?;
                Ok(if emails::is_invitation(event) {
                    Outcome::InvitationSent
                } else {
                    Outcome::Delivered
                })
            }
            (Channel::Webhook, _, Some(webhook)) => {
                self.send_webhook(webhook, history, event).await?;
                Ok(Outcome::Delivered)
            }
            // The channel was configured when the intent was written, and is not any more.
            (Channel::Mail, None, _) | (Channel::Webhook, _, None) => Ok(Outcome::Superseded),
        }
    }

    /// A receiver that answered 410 gets no more events, from any instance, until its address
    /// changes or an operator resends.
    async fn send_webhook(
        &self,
        webhook: &Webhook,
        history: &History,
        event: &Event,
    ) -> Result<(), TryFailed> {
        let gone = || {
            TryFailed::Never("the receiver has answered 410: it wants no more events".to_owned())
        };
        let later = |error: StoreError| TryFailed::Later(error.to_string());
        if self
            .store
            .outbox
            .is_gone(webhook.name())
            .await
            .map_err(later)?
        {
            return Err(gone());
        }
        match webhook.send(history, event, self.clock.now()).await {
            Ok(()) => Ok(()),
            Err(NotDelivered::Failed(why)) => Err(why),
            Err(NotDelivered::Gone) => {
                self.store
                    .outbox
                    .mark_gone(webhook.name(), self.clock.now())
                    .await
                    .map_err(later)?;
                Err(gone())
            }
        }
    }

    /// Delivers again what was given up, even to a receiver that answered 410, and at once what
    /// waits for its next attempt. `false` where there is nothing to deliver again; that includes
    /// the e-mails of an invitation that can be renewed, since the renewal sends one and supersedes
    /// the others.
    ///
    /// # Errors
    /// Where the table fails, or people contend for the invitation.
    pub async fn redeliver(&self, id: InvitationId) -> Result<bool, StoreError> {
        let mut again = [false; 2];
        for _ in 0..ATTEMPTS {
            let Some(history) = self.store.invitations.history(id).await? else {
                return Ok(false);
            };
            let mut overtaken = false;
            for (channel, done) in [Channel::Mail, Channel::Webhook]
                .into_iter()
                .zip(&mut again)
            {
                if !*done && let Some(first) = self.first_again(&history, channel, self.clock.now())
                {
                    *done = self.redeliver_on(&history, channel, first).await?;
                    overtaken |= !*done;
                }
            }
            if !overtaken {
                return Ok(again.contains(&true));
            }
        }
        Err(StoreError::contended("the progress of a delivery"))
    }

    /// `false` where the channel has advanced since.
    async fn redeliver_on(
        &self,
        history: &History,
        channel: Channel,
        first: u32,
    ) -> Result<bool, StoreError> {
        if let (Channel::Webhook, Some(webhook)) = (channel, &self.webhook) {
            self.store.outbox.unmark_gone(webhook.name()).await?;
        }
        self.store
            .deliveries
            .redeliver(history, channel, first, self.clock.now())
            .await
    }

    /// The first event that was given up or waits for its next attempt, and is still to be
    /// delivered.
    fn first_again(&self, history: &History, channel: Channel, now: OffsetDateTime) -> Option<u32> {
        let progress = history.progress(channel);
        let is_renewed = history
            .record
            .as_live()
            .is_some_and(|invitation| invitation.state == State::Pending);
        let is_wanted = |event: &&Event| match channel {
            Channel::Mail => !is_renewed && !emails::is_superseded(history, event, now),
            Channel::Webhook => true,
        };
        let open = history
            .open_events(self.store.channels(), channel)
            .into_iter();
        let tried = open.take(usize::from(progress.tries > 0));
        let given_up = history.events.iter().filter(|event| {
            progress
                .failed
                .iter()
                .any(|failed| failed.event == event.number)
        });
        given_up
            .chain(tried)
            .filter(is_wanted)
            .map(|event| event.number)
            .min()
    }

    /// An intent of something that has not happened: it may yet, for a while.
    async fn drop_if_stale(&self, intent: &Intent) -> Result<(), StoreError> {
        if intent.is_stale(self.clock.now()) {
            self.store.outbox.drop_intent(intent).await
        } else {
            Ok(())
        }
    }
}

/// Whether a later e-mail with the invitation makes up for the one that the event of this number
/// causes.
fn is_compensated(history: &History, number: u32) -> bool {
    history
        .events
        .iter()
        .any(|event| event.number == number && emails::is_about_the_link(event))
}
