//! A table in memory, for thousands of rows. Its keys are not escaped.

use std::{
    collections::BTreeMap,
    ops::Bound,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use onboarding::store::table::{
    AnyPage, Continuation, ETag, Fields, Page, Range, Row, Table, TableError, Write,
};

/// The table.
#[derive(Debug, Default)]
pub struct MemoryTable {
    rows: Mutex<BTreeMap<(String, String), (ETag, Fields)>>,
    versions: AtomicU64,
    /// In microseconds.
    latency: AtomicU64,
}

impl MemoryTable {
    /// How long each call takes from now on.
    pub fn set_latency(&self, latency: Duration) {
        let latency = u64::try_from(latency.as_micros()).unwrap();
        self.latency.store(latency, Ordering::Relaxed);
    }

    async fn travel(&self) {
        let latency = self.latency.load(Ordering::Relaxed);
        if latency > 0 {
            tokio::time::sleep(Duration::from_micros(latency)).await;
        }
    }
}

fn row(((_, key), (etag, fields)): (&(String, String), &(ETag, Fields))) -> Row {
    Row {
        key: key.clone(),
        etag: etag.clone(),
        fields: fields.clone(),
    }
}

#[async_trait]
impl Table for MemoryTable {
    async fn get(&self, partition: &str, key: &str) -> Result<Option<Row>, TableError> {
        self.travel().await;
        Ok(self
            .rows
            .lock()
            .unwrap()
            .get_key_value(&(partition.to_owned(), key.to_owned()))
            .map(row))
    }

    async fn query(
        &self,
        partition: &str,
        range: &Range,
        limit: usize,
        after: Option<&Continuation>,
    ) -> Result<Page, TableError> {
        self.travel().await;
        let rows = self.rows.lock().unwrap();
        let at = |key: &str| (partition.to_owned(), key.to_owned());
        let begin = match (after, &range.from) {
            (Some(after), _) => Bound::Excluded(at(&after.0)),
            (None, from) => Bound::Included(at(from.as_deref().unwrap_or_default())),
        };
        let mut found: Vec<Row> = rows
            .range((begin, Bound::Unbounded))
            .take_while(|((other, _), _)| other == partition)
            .take_while(|((_, key), _)| range.below.as_ref().is_none_or(|below| key < below))
            .take(limit + 1)
            .map(row)
            .collect();
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found
            .last()
            .filter(|_| more)
            .map(|row| Continuation(row.key.clone()));
        Ok(Page { rows: found, next })
    }

    async fn scan(
        &self,
        limit: usize,
        after: Option<&Continuation>,
    ) -> Result<AnyPage, TableError> {
        self.travel().await;
        let rows = self.rows.lock().unwrap();
        let name = |(partition, key): &(String, String)| format!("{partition}\0{key}");
        let unread = rows.iter().filter(|(at, _)| match after {
            Some(after) => name(at) > after.0,
            None => true,
        });
        let page: Vec<_> = unread.take(limit).collect();
        let last = page.last().filter(|_| page.len() == limit);
        let next = last.map(|(at, _)| Continuation(name(at)));
        let rows = page
            .into_iter()
            .map(|stored| (stored.0.0.clone(), row(stored)));
        Ok(AnyPage {
            rows: rows.collect(),
            next,
        })
    }

    async fn commit(
        &self,
        partition: &str,
        writes: &[Write],
    ) -> Result<Vec<Option<ETag>>, TableError> {
        self.travel().await;
        let mut rows = self.rows.lock().unwrap();
        for write in writes {
            let there = rows
                .get(&(partition.to_owned(), write.key().to_owned()))
                .map(|(etag, _)| etag);
            match write {
                Write::Insert { .. } if there.is_some() => return Err(TableError::Exists),
                Write::Replace { if_match, .. } | Write::Delete { if_match, .. }
                    if there.is_none_or(|there| !if_match.admits(&there.0)) =>
                {
                    return Err(TableError::Changed);
                }
                Write::Insert { .. } | Write::Replace { .. } | Write::Delete { .. } => {}
            }
        }
        let mut etags = Vec::new();
        for write in writes {
            let at = (partition.to_owned(), write.key().to_owned());
            etags.push(match write {
                Write::Insert { fields, .. } | Write::Replace { fields, .. } => {
                    let etag = ETag(self.versions.fetch_add(1, Ordering::SeqCst).to_string());
                    rows.insert(at, (etag.clone(), fields.clone()));
                    Some(etag)
                }
                Write::Delete { .. } => {
                    rows.remove(&at);
                    None
                }
            });
        }
        Ok(etags)
    }
}
