//! The expiries and reminders that are due: recorded by the timer, and then delivered as all events
//! are.

use futures::{StreamExt, future, stream};
use time::OffsetDateTime;
use tokio::time::Instant;

use super::Deliverer;
use crate::store::{DueMoment, DueMoments, SHARDS, StoreError};

/// Moments of a shard that are recorded at the same time.
const CONCURRENCY: usize = 4;

impl Deliverer {
    /// Records what is due, of all shards side by side, until the time is up.
    pub(super) async fn reach_moments(
        &self,
        now: OffsetDateTime,
        until: Instant,
    ) -> Result<(), StoreError> {
        let shards = (0..SHARDS).map(|shard| self.reach_moments_of(shard, now, until));
        future::join_all(shards).await.into_iter().collect()
    }

    async fn reach_moments_of(
        &self,
        shard: u8,
        now: OffsetDateTime,
        until: Instant,
    ) -> Result<(), StoreError> {
        let mut after = None;
        while Instant::now() < until {
            let due = self.store.schedule.due(shard, now, after.as_ref());
            let DueMoments { moments, next } = due.await?;
            stream::iter(&moments)
                .take_while(|_| future::ready(Instant::now() < until))
                .for_each_concurrent(CONCURRENCY, |due| self.reach_moment(due))
                .await;
            after = next;
            if after.is_none() {
                break;
            }
        }
        Ok(())
    }

    async fn reach_moment(&self, due: &DueMoment) {
        let invitation = due.id;
        match self.store.schedule.reach(due, self.clock.now()).await {
            Ok(()) => {}
            Err(error @ StoreError::Corrupt(_)) => {
                tracing::error!(%invitation, %error, "an expiry or reminder is left out: the invitation cannot be read");
            }
            Err(error) => {
                tracing::warn!(%invitation, %error, "an expiry or reminder could not be recorded yet");
            }
        }
    }
}
