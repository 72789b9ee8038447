//! Intents that earlier versions wrote: all of a shard shared a partition, `outbox-0` … `outbox-f`.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::{StreamExt, TryStreamExt, stream};
use time::{Duration, OffsetDateTime};

use super::{
    intent::{self, PREFIX},
    state,
};
use crate::store::{
    access,
    error::StoreError,
    rows::SHARDS,
    table::{Range, Row, Table, Write},
};

/// Intents that one call of the table returns.
const PAGE_SIZE: usize = 1000;
/// Calls at the same time.
const CONCURRENCY: usize = 8;
/// During an upgrade, instances of the earlier version may still write into the partitions.
const CHECK_AGAIN: Duration = Duration::HOUR;

/// Moves them.
#[derive(Clone, Debug)]
pub(super) struct Migration {
    table: Arc<dyn Table>,
    /// When the partitions were last found empty.
    found_empty: Arc<Mutex<Option<OffsetDateTime>>>,
}

impl Migration {
    pub(super) fn new(table: Arc<dyn Table>) -> Self {
        let found_empty = Arc::default();
        Self { table, found_empty }
    }

    /// Costs nothing for an hour after the partitions were found empty.
    pub(super) async fn run(&self, now: OffsetDateTime) -> Result<(), StoreError> {
        let found_empty = *self.found_empty();
        if found_empty.is_some_and(|at| now < at + CHECK_AGAIN) {
            return Ok(());
        }
        let moved: Vec<bool> = stream::iter(0..SHARDS)
            .map(|shard| self.move_shard(shard))
            .buffer_unordered(CONCURRENCY)
            .try_collect()
            .await?;
        if !moved.contains(&true) {
            *self.found_empty() = Some(now);
        }
        Ok(())
    }

    fn found_empty(&self) -> MutexGuard<'_, Option<OffsetDateTime>> {
        self.found_empty
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether there was anything to move.
    async fn move_shard(&self, shard: u8) -> Result<bool, StoreError> {
        let partition = format!("{PREFIX}{shard:x}");
        let page = self.first_page(&partition).await?;
        let found = !page.is_empty();
        stream::iter(page)
            .map(|row| self.move_row(&partition, shard, row))
            .buffer_unordered(CONCURRENCY)
            .try_collect::<()>()
            .await?;
        Ok(found)
    }

    /// The first page that is not empty; none: there is nothing.
    async fn first_page(&self, partition: &str) -> Result<Vec<Row>, StoreError> {
        let (all, mut after) = (Range::default(), None);
        loop {
            let page = self
                .table
                .query(partition, &all, PAGE_SIZE, after.as_ref())
                .await?;
            after = page.next;
            if !page.rows.is_empty() || after.is_none() {
                return Ok(page.rows);
            }
        }
    }

    /// Inserted before it is deleted: a crash in between leaves the row twice, and what the second
    /// one announces is found done.
    async fn move_row(&self, from: &str, shard: u8, row: Row) -> Result<(), StoreError> {
        let delete = access::deletion(&row);
        let (key, fields) = (row.key.clone(), row.fields.clone());
        match destination(shard, row) {
            Some(to) => {
                let insert = Write::Insert { key, fields };
                access::insert_once(&*self.table, &to, &[insert]).await?;
            }
            None => tracing::error!(key, "an unreadable intent is deleted"),
        }
        access::commit_unless_changed(&*self.table, from, &[delete])
            .await
            .map(drop)
    }
}

/// The partition that the row belongs to now; `None` where no version can read it.
fn destination(shard: u8, row: Row) -> Option<String> {
    match intent::read(row) {
        Ok(intent) => Some(intent::of_shard(shard, intent.channel)),
        Err(row) => state::read(row).ok().map(|_| state::of_shard(shard)),
    }
}
