//! The work of the timer: what is due, of every shard.

use futures::{StreamExt, future, stream};
use time::OffsetDateTime;
use tokio::time::Instant;

use super::{Deliverer, concurrency};
use crate::{
    domain::invitation::Channel,
    store::{Due, Intent, SHARDS, StoreError, table::Continuation},
};

/// After this no further delivery is begun: the next tick is due then anyway, and the host ends a
/// tick that exceeds `functionTimeout`.
const TICK_BUDGET: std::time::Duration = std::time::Duration::from_secs(50);

/// The shards of a channel, each as far as it was read.
struct Pass {
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
        let (now, until) = (self.clock.now(), Instant::now() + TICK_BUDGET);
        let migrated = self.store.outbox.migrate(now).await;
        // A receiver that hangs must not delay the e-mails, nor a mail server the webhooks.
        let (mails, webhooks) = tokio::join!(
            self.pass(Pass::new(Channel::Mail, now, until)),
            self.pass(Pass::new(Channel::Webhook, now, until))
        );
        migrated?;
        Ok(mails? + webhooks?)
    }

    async fn pass(&self, mut pass: Pass) -> Result<usize, StoreError> {
        let mut found = 0;
        while pass.has_more() {
            let intents = self.read_round(&mut pass).await;
            found += intents.len();
            self.work_off(&pass, intents).await;
        }
        pass.failed.map_or(Ok(found), Err)
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

    async fn work_off(&self, pass: &Pass, intents: Vec<Intent>) {
        stream::iter(&intents)
            .take_while(|_| future::ready(pass.is_in_time()))
            .for_each_concurrent(concurrency(pass.channel), |intent| self.try_intent(intent))
            .await;
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
