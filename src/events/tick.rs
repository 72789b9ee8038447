//! The work of the timer: what is due, of every shard.

use std::{collections::HashMap, mem};

use futures::{StreamExt, future, stream};
use time::OffsetDateTime;
use tokio::time::Instant;

use super::{Deliverer, concurrency};
use crate::{
    domain::invitation::Channel,
    store::{Due, DueStates, Intent, Outage, SHARDS, StoreError, table::Continuation},
};

/// After this no further delivery is begun: the next tick is due then anyway, and the host ends a
/// tick that exceeds `functionTimeout`.
const TICK_BUDGET: std::time::Duration = std::time::Duration::from_secs(50);

/// Used sign-in states of a shard that are deleted at the same time.
const STATE_CONCURRENCY: usize = 4;

/// The shards of a channel, each as far as it was read.
pub(super) struct Pass {
    channel: Channel,
    /// What became due later is left to the next tick.
    now: OffsetDateTime,
    until: Instant,
    unread: Vec<(u8, Option<Continuation>)>,
    failed: Option<StoreError>,
}

impl Deliverer {
    /// Delivers what is due, until nothing is or the time is up. Returns the number of intents.
    ///
    /// # Errors
    /// Where the table fails; what could be read is delivered, and the rest waits for the next
    /// tick.
    pub async fn tick(&self) -> Result<usize, StoreError> {
        if !self.gate.is_open(&self.store).await? {
            return Ok(0);
        }
        let (now, until) = (self.clock.now(), Instant::now() + TICK_BUDGET);
        let migrated = self.store.outbox.migrate(now).await;
        // A receiver that hangs must not delay the e-mails, nor a mail server the webhooks.
        let (mails, webhooks, states, redelivered, schedule) = tokio::join!(
            self.pass(Pass::new(Channel::Mail, now, until)),
            self.pass(Pass::new(Channel::Webhook, now, until)),
            self.forget_states(now, until),
            self.redeliver_given_up(until),
            self.reach_moments(now, until)
        );
        if let Some(receiver) = &self.receiver {
            receiver.breaker.log_outage(self.clock.now()).await?;
        }
        migrated.and(states).and(redelivered).and(schedule)?;
        Ok(mails? + webhooks?)
    }

    /// Deletes the used sign-in states that can no longer come back.
    async fn forget_states(&self, now: OffsetDateTime, until: Instant) -> Result<(), StoreError> {
        let shards = (0..SHARDS).map(|shard| self.forget_states_of(shard, now, until));
        future::join_all(shards).await.into_iter().collect()
    }

    async fn forget_states_of(
        &self,
        shard: u8,
        now: OffsetDateTime,
        until: Instant,
    ) -> Result<(), StoreError> {
        let mut after = None;
        while Instant::now() < until {
            let due = self.store.outbox.due_states(shard, now, after.as_ref());
            let DueStates { states, next } = due.await?;
            stream::iter(&states)
                .take_while(|_| future::ready(Instant::now() < until))
                .for_each_concurrent(STATE_CONCURRENCY, |state| async move {
                    if let Err(error) = self.store.states.forget(state).await {
                        tracing::warn!(invitation = %state.id, %error, "a used state could not be deleted yet");
                    }
                })
                .await;
            self.flush().await;
            after = next;
            if after.is_none() {
                break;
            }
        }
        Ok(())
    }

    pub(super) async fn pass(&self, mut pass: Pass) -> Result<usize, StoreError> {
        let mut found = 0;
        while pass.has_more() {
            let intents = self.read_round(&mut pass).await;
            found += intents.len();
            let intents = self.after_probe(&mut pass, intents).await?;
            self.process_batch(&pass, intents).await;
            self.flush().await;
        }
        pass.failed.map_or(Ok(found), Err)
    }

    /// What is to be worked off now. Of a receiver that fails, that is one event a minute, before
    /// all others; if it is accepted, the others follow. Otherwise they stay due, but for those
    /// that have waited for too long.
    async fn after_probe(
        &self,
        pass: &mut Pass,
        intents: Vec<Intent>,
    ) -> Result<Vec<Intent>, StoreError> {
        let mut left = intents.into_iter();
        let mut outage = self.outage_of(pass.channel).await?;
        while let Some(one) = &outage
            && self.clock.now() >= one.probe_at
            && pass.is_in_time()
            && let Some(intent) = left.next()
        {
            self.try_intent(&intent, false).await;
            outage = self.outage_of(pass.channel).await?;
        }
        let Some(outage) = outage else {
            return Ok(left.collect());
        };
        let now = self.clock.now();
        let overdue: Vec<_> = left
            .filter(|intent| intent.has_waited_since(outage.since, now))
            .collect();
        if overdue.is_empty() {
            pass.unread.clear();
        }
        Ok(overdue)
    }

    async fn outage_of(&self, channel: Channel) -> Result<Option<Outage>, StoreError> {
        match (channel, &self.receiver) {
            (Channel::Webhook, Some(receiver)) => receiver.breaker.outage(self.clock.now()).await,
            (Channel::Mail, _) | (Channel::Webhook, None) => Ok(None),
        }
    }

    /// One page of each shard. The oldest intent of whichever shard comes first: a tick that ends
    /// early must not always leave the same ones.
    async fn read_round(&self, pass: &mut Pass) -> Vec<Intent> {
        let (channel, now) = (pass.channel, pass.now);
        let pages = pass.unread.drain(..).map(async |(shard, after)| {
            let due = self.store.outbox.due(shard, channel, now, after.as_ref());
            (shard, due.await)
        });
        let mut intents = Vec::new();
        for (shard, page) in future::join_all(pages.collect::<Vec<_>>()).await {
            intents.extend(pass.take(shard, page));
        }
        intents.sort_unstable_by(|one, other| one.order().cmp(other.order()));
        intents
    }

    async fn process_batch(&self, pass: &Pass, intents: Vec<Intent>) {
        stream::iter(&self.newest_of_each(intents))
            .take_while(|_| future::ready(pass.is_in_time()))
            .for_each_concurrent(concurrency(pass.channel), |intent| async move {
                self.try_intent(intent, false).await;
            })
            .await;
    }
}

impl Deliverer {
    /// The newest intent of each invitation, in the place of the oldest. It leads to every event
    /// that is open, so those that it supersedes are finished.
    fn newest_of_each(&self, intents: Vec<Intent>) -> Vec<Intent> {
        let mut newest: Vec<Intent> = Vec::with_capacity(intents.len());
        let mut places = HashMap::new();
        for intent in intents {
            let place = *places.entry(intent.id).or_insert(newest.len());
            match newest.get_mut(place) {
                Some(kept) if intent.supersedes(kept) => {
                    self.store.outbox.finish(&mem::replace(kept, intent));
                }
                Some(kept) if kept.supersedes(&intent) => self.store.outbox.finish(&intent),
                Some(_) | None => newest.push(intent),
            }
        }
        newest
    }
}

impl Pass {
    fn new(channel: Channel, now: OffsetDateTime, until: Instant) -> Self {
        Self {
            channel,
            now,
            until,
            unread: (0..SHARDS).map(|shard| (shard, None)).collect(),
            failed: None,
        }
    }

    pub(super) fn of_shard(
        channel: Channel,
        shard: u8,
        now: OffsetDateTime,
        until: Instant,
    ) -> Self {
        Self {
            unread: vec![(shard, None)],
            ..Self::new(channel, now, until)
        }
    }

    fn is_in_time(&self) -> bool {
        Instant::now() < self.until
    }

    fn has_more(&self) -> bool {
        !self.unread.is_empty() && self.is_in_time()
    }

    /// A shard that cannot be read must not hold up the others.
    fn take(&mut self, shard: u8, page: Result<Due, StoreError>) -> Vec<Intent> {
        match page {
            Ok(Due { intents, next }) => {
                self.unread.extend(next.map(|next| (shard, Some(next))));
                intents
            }
            Err(error) => {
                self.failed = Some(error);
                Vec::new()
            }
        }
    }
}
