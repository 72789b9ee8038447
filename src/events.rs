//! Telling the world what happened: letters to people, a webhook to machines; at least once, in order per invitation.
//!
//! An intent says where to look. The one who holds the lease of the invitation's channel tells the events that are not
//! settled, one after the other, and records each before the next. See [`crate::store`] for what a crash leaves behind.

mod letters;
mod public_only;
mod webhook;

use std::sync::Arc;

use futures::StreamExt;
use time::{Duration, OffsetDateTime};
use tokio::{sync::mpsc, time::Instant};

use crate::{
    clock::Clock,
    config::Config,
    invitation::{Channel, Event, InvitationId, Progress, TryFailed},
    mail::{MailError, Mailer},
    store::{History, Intent, Invitations, Lease, SHARDS, StoreError},
};
pub(crate) use public_only::is_public;
use webhook::NotTold;
pub use webhook::{Webhook, WebhookError};

/// Intents that one tick takes from a shard; what is left waits for the next tick or another instance.
const A_TICK: usize = 100;
/// Deliveries at the same time.
const AT_ONCE: usize = 8;
/// After this no further shard is begun; the next tick is due then anyway.
const LONGEST_TICK: std::time::Duration = std::time::Duration::from_secs(50);
/// When to look again at what somebody else is doing.
const LOOK_AGAIN: Duration = Duration::seconds(30);

/// Delivers.
#[derive(Debug)]
pub struct Deliverer {
    invitations: Invitations,
    mailer: Option<Mailer>,
    webhook: Option<Webhook>,
    config: Config,
    clock: Clock,
}

/// What became of telling one event.
enum Told {
    /// Told, or nothing to tell on this channel.
    Done,
    /// The invitation itself was sent: the timeline says so.
    Letter,
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
    pub fn new(invitations: Invitations, mailer: Option<Mailer>, webhook: Option<Webhook>, config: Config, clock: Clock) -> Self {
        Self { invitations, mailer, webhook, config, clock }
    }

    /// Delivers what this process causes, at once. Ends with the process.
    pub async fn follow(self: Arc<Self>, mut intents: mpsc::Receiver<Intent>) {
        let deliverer = &self;
        let intents = futures::stream::poll_fn(move |context| intents.poll_recv(context));
        intents.for_each_concurrent(AT_ONCE, |intent| async move { deliverer.try_intent(&intent).await }).await;
    }

    /// Delivers what is due, of every shard: a bounded piece of work, whatever the number of invitations.
    ///
    /// # Errors
    /// Where the table fails before anything was found.
    pub async fn tick(&self) -> Result<usize, StoreError> {
        let (started, mut found) = (Instant::now(), 0);
        for shard in self.shards() {
            if started.elapsed() > LONGEST_TICK {
                break;
            }
            let due = self.invitations.due(shard, self.clock.now(), A_TICK).await?;
            found += due.len();
            futures::stream::iter(&due).for_each_concurrent(AT_ONCE, |intent| self.try_intent(intent)).await;
        }
        Ok(found)
    }

    /// All of them, from another one on each minute: a tick that ends early must not always leave the same ones.
    fn shards(&self) -> impl Iterator<Item = u8> + use<> {
        let first = self.clock.now().minute() % SHARDS;
        (0..SHARDS).map(move |at| (first + at) % SHARDS)
    }

    async fn try_intent(&self, intent: &Intent) {
        if let Err(error) = self.deliver(intent).await {
            tracing::warn!(invitation = %intent.id, channel = intent.channel.name(), %error, "a delivery waits for the next tick");
        }
    }

    /// Follows an intent as far as it leads now.
    ///
    /// After each round it looks again: what happened meanwhile met the lease and left its telling to this one.
    async fn deliver(&self, intent: &Intent) -> Result<(), StoreError> {
        loop {
            let now = self.clock.now();
            let Some(history) = self.invitations.history(intent.id).await? else { return self.drop_if_stale(intent).await };
            let open = self.invitations.open_events(&history, intent.channel);
            let progress = history.progress(intent.channel);
            let over = progress.settled >= intent.event;
            if open.is_empty() {
                return if over { self.invitations.drop_intent(intent).await } else { self.drop_if_stale(intent).await };
            }
            if !progress.is_due(now) {
                return self.leave(intent, over, progress.next_try.unwrap_or(now)).await;
            }
            let Some(lease) = self.invitations.lease(&history, intent.channel, now).await? else {
                return self.leave(intent, over, now + LOOK_AGAIN).await;
            };
            if let Some(next_try) = self.tell_all(&history, &open, lease).await? {
                return self.leave(intent, false, next_try).await;
            }
        }
    }

    /// Leaves the rest to a later look; an intent whose own event is settled is not needed for that.
    async fn leave(&self, intent: &Intent, over: bool, until: OffsetDateTime) -> Result<(), StoreError> {
        if over { self.invitations.drop_intent(intent).await } else { self.invitations.postpone(intent, until).await }
    }

    /// Tells the events in order and gives the lease back. Answers with the time of the next try where one failed.
    async fn tell_all(&self, history: &History, open: &[&Event], mut lease: Lease) -> Result<Option<OffsetDateTime>, StoreError> {
        let mut progress = history.progress(lease.channel()).clone();
        for (at, event) in open.iter().enumerate() {
            let told = self.tell(lease.channel(), history, event).await;
            let now = self.clock.now();
            let (next, letter) = match told {
                Ok(Told::Done) => (progress.settle(event.number), None),
                Ok(Told::Letter) => (progress.settle(event.number), Some(true)),
                Err(why) => self.failed(progress, lease.channel(), event, why, now),
            };
            progress = next;
            let over = at + 1 == open.len() || progress.settled < event.number;
            let lease_until = (!over).then(|| Invitations::lease_until(now));
            let kept = match letter {
                Some(sent) => self.invitations.record_letter(&mut lease, &progress, sent, lease_until, now).await?,
                None => self.invitations.record(&mut lease, &progress, lease_until).await?,
            };
            if !kept {
                return Ok(Some(now + LOOK_AGAIN));
            }
            if over {
                break;
            }
        }
        Ok(progress.next_try)
    }

    /// A try failed: another one follows, or the event is given up, which for a letter is an event of its own.
    fn failed(&self, progress: Progress, channel: Channel, event: &Event, why: TryFailed, now: OffsetDateTime) -> (Progress, Option<bool>) {
        let next = progress.fail(event.number, why, now);
        let given_up = next.settled >= event.number;
        tracing::warn!(invitation = %event.invitation, event = event.number, kind = event.kind.name(), given_up, "a delivery failed");
        let letter = given_up && channel == Channel::Mail && letters::is_invitation(event);
        (next, letter.then_some(false))
    }

    async fn tell(&self, channel: Channel, history: &History, event: &Event) -> Result<Told, TryFailed> {
        match (channel, &self.mailer, &self.webhook) {
            (Channel::Mail, Some(mailer), _) => {
                let Some((to, letter)) = letters::of(&self.invitations, &self.config, history, event, self.clock.now()) else {
                    return Ok(Told::Done);
                };
                mailer.send(&to, &letter, &event.id()).await?;
                Ok(if letters::is_invitation(event) { Told::Letter } else { Told::Done })
            }
            (Channel::Webhook, _, Some(webhook)) => {
                self.tell_webhook(webhook, history, event).await?;
                Ok(Told::Done)
            }
            // The channel was configured when the intent was written, and is not any more.
            (Channel::Mail, None, _) | (Channel::Webhook, _, None) => Ok(Told::Done),
        }
    }

    /// A receiver that answered 410 is left alone, on all instances, until its address changes or somebody resends.
    async fn tell_webhook(&self, webhook: &Webhook, history: &History, event: &Event) -> Result<(), TryFailed> {
        let gone = || TryFailed::Never("the receiver has answered 410: it wants no more events".to_owned());
        let later = |error: StoreError| TryFailed::Later(error.to_string());
        if self.invitations.is_gone(webhook.name()).await.map_err(later)? {
            return Err(gone());
        }
        match webhook.send(history, event, self.clock.now()).await {
            Ok(()) => Ok(()),
            Err(NotTold::Failed(why)) => Err(why),
            Err(NotTold::Gone) => {
                self.invitations.mark_gone(webhook.name(), self.clock.now()).await.map_err(later)?;
                Err(gone())
            }
        }
    }

    /// Tells the webhook again what was given up, even one that wanted nothing more. `false` where nothing was.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn redeliver(&self, id: InvitationId) -> Result<bool, StoreError> {
        if let Some(webhook) = &self.webhook {
            self.invitations.ask_again(webhook.name()).await?;
        }
        self.invitations.redeliver(id, self.clock.now()).await
    }

    /// An intent of something that has not happened: it may yet, for a while.
    async fn drop_if_stale(&self, intent: &Intent) -> Result<(), StoreError> {
        if intent.is_stale(self.clock.now()) { self.invitations.drop_intent(intent).await } else { Ok(()) }
    }
}
