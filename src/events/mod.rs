//! Delivery of events: e-mail to people, a webhook to machines; at least once, in order per
//! invitation.
//!
//! An intent names the invitation. The worker that holds the lease of the invitation's channel
//! delivers the events that are not settled, one after the other, and records each before the next.
//! See [`crate::store`] for what a crash leaves behind.

mod actor;
mod attempt;
mod breaker;
mod emails;
mod follow;
mod moments;
mod pause;
mod payload;
mod redelivery;
mod tick;
mod webhook;

use std::panic::AssertUnwindSafe;

use futures::FutureExt;
use time::{Duration, OffsetDateTime};

use crate::{
    clock::Clock,
    config::Config,
    domain::invitation::Channel,
    mail::Mailer,
    store::{History, Intent, Store, StoreError},
    telemetry,
};
pub(crate) use actor::{Actor, ActorType};
use breaker::Breaker;
use pause::Gate;
pub(crate) use payload::{FeedEvent, Payload};
pub use webhook::{Webhook, WebhookError};

/// When to retry where the channel is not configured here.
const DISABLED_CHANNEL_DELAY: Duration = Duration::HOUR;
/// When to retry what cannot be delivered for a reason of its own.
const POISON_DELAY: Duration = Duration::minutes(15);

/// Deliveries at the same time: a mail server limits connections, a receiver of webhooks serves
/// many.
fn concurrency(channel: Channel) -> usize {
    match channel {
        Channel::Mail => 8,
        Channel::Webhook => 32,
    }
}

/// Delivers.
#[derive(Debug)]
pub struct Deliverer {
    store: Store,
    mailer: Option<Mailer>,
    receiver: Option<Receiver>,
    config: Config,
    clock: Clock,
    turns: follow::PerKeyQueue,
    gate: Gate,
}

/// The receiver of webhooks, and whether it works.
#[derive(Debug)]
struct Receiver {
    webhook: Webhook,
    breaker: Breaker,
}

/// What became of an intent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum IntentOutcome {
    /// It is finished, or rescheduled, or stays due.
    Done,
    /// Another worker is delivering the events that come first.
    Busy,
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
        let receiver = webhook.map(|webhook| Receiver {
            breaker: Breaker::new(store.receivers.clone(), webhook.name()),
            webhook,
        });
        Self {
            store,
            mailer,
            receiver,
            config,
            clock,
            turns: follow::PerKeyQueue::default(),
            gate: Gate::default(),
        }
    }

    async fn try_intent(&self, intent: &Intent, wrote_event: bool) -> IntentOutcome {
        let delivery = self.deliver(intent, wrote_event);
        self.guarded(intent, delivery).await
    }

    /// A delivery that fails or panics must not end the others, or the task that delivers at once.
    async fn guarded(
        &self,
        intent: &Intent,
        delivery: impl Future<Output = Result<IntentOutcome, StoreError>>,
    ) -> IntentOutcome {
        let (invitation, channel) = (intent.id, intent.channel.name());
        let result = telemetry::delivery(
            invitation,
            channel,
            AssertUnwindSafe(delivery).catch_unwind(),
        )
        .await;
        match result {
            Ok(Ok(followed)) => return followed,
            Ok(Err(error)) if error.is_temporary() => {
                tracing::warn!(%invitation, channel, %error, "a delivery is deferred to the next tick");
                return IntentOutcome::Done;
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
            tracing::warn!(%invitation, channel, %error, "an unreadable event blocks the channel of an invitation");
        }
        IntentOutcome::Done
    }

    /// Follows an intent as far as it leads now. `wrote_event`: the transaction with its event is
    /// this process's own, which gives it the head start.
    async fn deliver(
        &self,
        intent: &Intent,
        wrote_event: bool,
    ) -> Result<IntentOutcome, StoreError> {
        if self.must_wait(intent).await? {
            return Ok(IntentOutcome::Done);
        }
        loop {
            let Some(history) = self.store.invitations.history(intent.id).await? else {
                return self.finish_if_stale(intent);
            };
            let delivery = self.deliver_open(intent, wrote_event, &history);
            if let Some(followed) = delivery.await? {
                return Ok(followed);
            }
        }
    }

    /// `None` where the invitation has to be read again: there may be more to deliver.
    async fn deliver_open(
        &self,
        intent: &Intent,
        wrote_event: bool,
        history: &History,
    ) -> Result<Option<IntentOutcome>, StoreError> {
        let (channel, now) = (intent.channel, self.clock.now());
        let open = history.open_events(self.store.channels(), channel);
        let Some(first) = open.first() else {
            return self.nothing_open(intent, history).await.map(Some);
        };
        let progress = history.progress(channel);
        // A superseded event delays nothing.
        let is_superseded = channel == Channel::Mail && emails::is_superseded(history, first, now);
        if !progress.is_due(now) && !is_superseded {
            let next_try = progress.next_try.unwrap_or(now);
            return self.reschedule(intent, history, next_try).await.map(Some);
        }
        let is_own = wrote_event && first.number == intent.event;
        let is_taken = !is_own && history.has_head_start(first, channel, now);
        // Where another worker holds the lease, the intent stays due: if that worker is killed, a
        // later tick finds its lease expired.
        let lease = match is_taken {
            true => None,
            false => self.store.deliveries.lease(history, channel, now).await?,
        };
        let Some(lease) = lease else {
            return Ok(Some(IntentOutcome::Busy));
        };
        if let Some(next_try) = self.deliver_all(history, &open, lease).await? {
            return self.reschedule(intent, history, next_try).await.map(Some);
        }
        let is_delivered = open.last().is_some_and(|last| last.number >= intent.event);
        // Once both channels have delivered an event, the address that was named with it goes.
        if !is_delivered || history.names_colleagues() {
            return Ok(None);
        }
        self.store.outbox.finish(intent);
        Ok(Some(IntentOutcome::Done))
    }

    /// Whether the receiver fails, so that the intent stays due; not for longer than a delivery is
    /// retried.
    async fn must_wait(&self, intent: &Intent) -> Result<bool, StoreError> {
        let (Channel::Webhook, Some(receiver)) = (intent.channel, &self.receiver) else {
            return Ok(false);
        };
        let now = self.clock.now();
        let outage = receiver.breaker.outage(now).await?;
        Ok(outage.is_some_and(|outage| {
            now < outage.probe_at && !intent.has_waited_since(outage.since, now)
        }))
    }

    /// What becomes of an intent whose invitation has no event to deliver on the channel.
    async fn nothing_open(
        &self,
        intent: &Intent,
        history: &History,
    ) -> Result<IntentOutcome, StoreError> {
        self.store.deliveries.forget_colleagues(history).await?;
        let now = self.clock.now();
        let is_over = history.progress(intent.channel).settled >= intent.event;
        let happened = history
            .events
            .iter()
            .any(|event| event.number == intent.event);
        let unreadable = history.unreadable(intent.channel);
        match (is_over, happened) {
            // It must not be skipped, nor may what follows it be delivered before it.
            (false, _) if unreadable.is_some_and(|number| number <= intent.event) => {
                Err(StoreError::Corrupt("event"))
            }
            // This instance has no such channel. Another one may, or it comes back. The intent may
            // be the only one that is left of any of these events.
            (false, _)
                if !self.store.channels().have(intent.channel)
                    && history.has_unsettled(intent.channel)
                    && !intent.is_expired(now) =>
            {
                let outbox = &self.store.outbox;
                outbox
                    .reschedule(intent, now + DISABLED_CHANNEL_DELAY)
                    .await?;
                Ok(IntentOutcome::Done)
            }
            (false, false) => self.finish_if_stale(intent),
            // Delivered; or another event than the announced one got the number, and is not for
            // this channel.
            (true, _) | (false, true) => {
                self.store.outbox.finish(intent);
                Ok(IntentOutcome::Done)
            }
        }
    }

    /// Leaves the rest to a later tick. An intent whose own event is settled is not needed for
    /// that, nor one whose work the intent of a later event does.
    async fn reschedule(
        &self,
        intent: &Intent,
        history: &History,
        until: OffsetDateTime,
    ) -> Result<IntentOutcome, StoreError> {
        let is_over = history.progress(intent.channel).settled >= intent.event;
        if is_over || history.has_later_intent(intent.channel, intent.event) {
            self.store.outbox.finish(intent);
        } else {
            self.store.outbox.reschedule(intent, until).await?;
        }
        Ok(IntentOutcome::Done)
    }

    /// An intent of something that has not happened: it may yet, for a while.
    fn finish_if_stale(&self, intent: &Intent) -> Result<IntentOutcome, StoreError> {
        if intent.is_stale(self.clock.now()) {
            self.store.outbox.finish(intent);
        }
        Ok(IntentOutcome::Done)
    }

    /// Deletes the intents that are finished.
    async fn flush(&self) {
        if let Err(error) = self.store.outbox.flush().await {
            tracing::warn!(%error, "finished intents could not be deleted; the timer deletes them");
        }
    }
}
