//! The delivery of what this process causes, at once and without reading again what its
//! transaction has just written.

use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU8, Ordering},
    },
    time::Duration,
};

use futures::StreamExt;
use tokio::{
    sync::{Notify, mpsc},
    time::{Instant, sleep},
};

use super::{Deliverer, IntentOutcome, concurrency, tick::Pass};
use crate::{
    domain::invitation::{Channel, InvitationId},
    store::{Announced, History, Intent, StoreError},
};

/// Intents that wait to be delivered at once, for each channel.
const QUEUE_CAPACITY: usize = 1024;
/// How often finished intents are deleted: together, and before others find them due.
const FLUSH_INTERVAL: Duration = Duration::from_secs(3);
/// The pause before an intent is tried again whose lease another worker holds.
const BUSY_PAUSE: Duration = Duration::from_secs(1);
/// How often it is tried again before it is left to the timer.
const BUSY_ATTEMPTS: usize = 5;
/// An instance that handles requests helps with the backlog this often …
const HELP_INTERVAL: Duration = Duration::from_secs(10);
/// … and for this long.
const HELP_BUDGET: Duration = Duration::from_secs(5);

type Key = (InvitationId, Channel);

/// One task of this process at a time delivers the events of an invitation on a channel; the others
/// leave theirs here.
#[derive(Debug, Default)]
pub(super) struct PerKeyQueue(Mutex<HashMap<Key, VecDeque<Announced>>>);

impl PerKeyQueue {
    fn lock(&self) -> MutexGuard<'_, HashMap<Key, VecDeque<Announced>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `None` where another task will deliver it.
    fn begin(&self, announced: Announced) -> Option<Announced> {
        let mut turns = self.lock();
        let key = (announced.intent.id, announced.intent.channel);
        if let Some(waiting) = turns.get_mut(&key) {
            waiting.push_back(announced);
            return None;
        }
        turns.insert(key, VecDeque::new());
        Some(announced)
    }

    /// What another task has left; `None` ends the turn.
    fn next(&self, key: Key) -> Option<Announced> {
        let mut turns = self.lock();
        let next = turns.get_mut(&key)?.pop_front();
        if next.is_none() {
            turns.remove(&key);
        }
        next
    }
}

impl Deliverer {
    /// Delivers what this process causes, at once. Ends with the process.
    pub async fn follow(self: Arc<Self>, mut announced: mpsc::Receiver<Announced>) {
        let (mails, mail) = mpsc::channel(QUEUE_CAPACITY);
        let (hooks, webhook) = mpsc::channel(QUEUE_CAPACITY);
        let (active, shard) = (Notify::new(), AtomicU8::new(0));
        // A receiver that hangs must not delay the e-mails, nor a mail server the webhooks.
        let sort = async {
            while let Some(announced) = announced.recv().await {
                shard.store(announced.intent.id.shard(), Ordering::Relaxed);
                let queue = match announced.intent.channel {
                    Channel::Mail => &mails,
                    Channel::Webhook => &hooks,
                };
                // A full queue is no loss: the timer finds the intent.
                let _ = queue.try_send(announced);
                active.notify_one();
            }
        };
        tokio::join!(
            sort,
            self.work(Channel::Mail, mail),
            self.work(Channel::Webhook, webhook),
            self.flush_regularly(),
            self.help_regularly(&active, &shard)
        );
    }

    async fn work(&self, channel: Channel, mut queue: mpsc::Receiver<Announced>) {
        futures::stream::poll_fn(move |context| queue.poll_recv(context))
            .for_each_concurrent(concurrency(channel), |announced| async move {
                let key = (announced.intent.id, announced.intent.channel);
                let mut next = self.turns.begin(announced);
                while let Some(announced) = next {
                    self.follow_intent(announced).await;
                    next = self.turns.next(key);
                }
            })
            .await;
    }

    async fn follow_intent(&self, announced: Announced) {
        let Announced {
            intent,
            history,
            wrote_event,
        } = announced;
        // What is not delivered now is left to the timer.
        if !self.gate.is_open(&self.store).await.unwrap_or(false) {
            return;
        }
        let fresh = history.map(|history| History::clone(&history));
        let first = self.deliver_fresh(&intent, fresh, wrote_event);
        let mut followed = self.guarded(&intent, first).await;
        for _ in 0..BUSY_ATTEMPTS {
            if followed != IntentOutcome::Busy {
                return;
            }
            sleep(BUSY_PAUSE).await;
            followed = self.try_intent(&intent, wrote_event).await;
        }
    }

    /// Delivers without reading anything, if the event is the only open one and has its head start.
    async fn deliver_fresh(
        &self,
        intent: &Intent,
        history: Option<History>,
        wrote_event: bool,
    ) -> Result<IntentOutcome, StoreError> {
        let Some(history) = history else {
            return self.deliver(intent, wrote_event).await;
        };
        let channel = intent.channel;
        if self.must_wait(intent).await? {
            return Ok(IntentOutcome::Done);
        }
        let history = self.store.deliveries.recall(history, channel);
        let open = history.open_events(self.store.channels(), channel);
        let [event] = open.as_slice() else {
            return self.deliver(intent, true).await;
        };
        let now = self.clock.now();
        let is_own = event.number == intent.event && history.progress(channel).is_due(now);
        let deliveries = &self.store.deliveries;
        let Some(lease) = deliveries
            .head_start(&history, event, channel, now)
            .filter(|_| is_own)
        else {
            return self.deliver(intent, true).await;
        };
        match self.deliver_all(&history, &open, lease).await? {
            Some(next_try) => self.store.outbox.reschedule(intent, next_try).await?,
            // The address that was named with an event may have to go.
            None if history.names_colleagues() => return self.deliver(intent, true).await,
            None => self.store.outbox.finish(intent),
        }
        Ok(IntentOutcome::Done)
    }

    async fn flush_regularly(&self) {
        loop {
            sleep(FLUSH_INTERVAL).await;
            self.flush().await;
        }
    }

    /// The timer alone keeps up with the outbox; an instance that is awake anyway shares the work
    /// of a backlog, in the shard of the last event. The leases keep it apart from the others.
    async fn help_regularly(&self, active: &Notify, shard: &AtomicU8) {
        loop {
            active.notified().await;
            sleep(HELP_INTERVAL).await;
            if !self.gate.is_open(&self.store).await.unwrap_or(false) {
                continue;
            }
            let shard = shard.load(Ordering::Relaxed);
            let (now, until) = (self.clock.now(), Instant::now() + HELP_BUDGET);
            let (mails, webhooks) = tokio::join!(
                self.pass(Pass::of_shard(Channel::Mail, shard, now, until)),
                self.pass(Pass::of_shard(Channel::Webhook, shard, now, until))
            );
            if let Err(error) = mails.and(webhooks) {
                tracing::warn!(%error, "could not help with the backlog");
            }
        }
    }
}
