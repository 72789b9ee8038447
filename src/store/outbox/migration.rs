//! Intents that earlier versions wrote: both channels of a shard shared a partition,
//! `outbox-0` … `outbox-f`.

use std::sync::{Arc, Mutex, PoisonError};

use futures::{StreamExt, TryStreamExt, stream};
use time::{Duration, OffsetDateTime};

use super::{Outbox, PAGE_SIZE, intent};
use crate::store::{
    access,
    error::StoreError,
    rows::SHARDS,
    table::{Range, Row, Write},
};

/// Calls at the same time.
const CONCURRENCY: usize = 8;
/// During an upgrade, instances of the earlier version may still write into the partitions.
const CHECK_AGAIN: Duration = Duration::HOUR;

/// When the partitions were last found empty.
#[derive(Clone, Debug, Default)]
pub(super) struct FoundEmpty(Arc<Mutex<Option<OffsetDateTime>>>);

impl FoundEmpty {
    fn is_recent(&self, now: OffsetDateTime) -> bool {
        let at = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        at.is_some_and(|at| now < at + CHECK_AGAIN)
    }

    fn record(&self, now: OffsetDateTime) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
    }
}

impl Outbox {
    /// Moves intents out of the partitions that both channels shared. Costs nothing for an hour
    /// after they were found empty.
    ///
    /// # Errors
    /// Where the table fails; what is left is moved by the next call.
    pub async fn migrate(&self, now: OffsetDateTime) -> Result<(), StoreError> {
        if self.found_empty.is_recent(now) {
            return Ok(());
        }
        let moved: Vec<bool> = stream::iter(0..SHARDS)
            .map(|shard| self.migrate_shard(shard))
            .buffer_unordered(CONCURRENCY)
            .try_collect()
            .await?;
        if !moved.contains(&true) {
            self.found_empty.record(now);
        }
        Ok(())
    }

    /// Whether there was anything to move.
    async fn migrate_shard(&self, shard: u8) -> Result<bool, StoreError> {
        let partition = format!("outbox-{shard:x}");
        let page = self
            .table
            .query(&partition, &Range::default(), PAGE_SIZE, None)
            .await?;
        let found = !page.rows.is_empty() || page.next.is_some();
        stream::iter(page.rows)
            .map(|row| self.migrate_row(&partition, shard, row))
            .buffer_unordered(CONCURRENCY)
            .try_collect::<()>()
            .await?;
        Ok(found)
    }

    /// Inserted before it is deleted: a crash in between leaves the intent twice, and the second
    /// one finds its event delivered.
    async fn migrate_row(&self, from: &str, shard: u8, row: Row) -> Result<(), StoreError> {
        let delete = access::deletion(&row);
        let fields = row.fields.clone();
        match intent::read(row) {
            Ok(intent) => {
                let key = intent.key;
                let to = intent::of_shard(shard, intent.channel);
                let insert = Write::Insert { key, fields };
                access::insert_once(&*self.table, &to, &[insert]).await?;
            }
            Err(row) => tracing::error!(key = row.key, "an unreadable intent is deleted"),
        }
        access::commit_unless_changed(&*self.table, from, &[delete])
            .await
            .map(drop)
    }
}
