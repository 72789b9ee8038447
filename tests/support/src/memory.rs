//! The store below a [`FaultyTable`](crate::faulty::FaultyTable) of thousands of rows: a table in
//! memory. Its keys are not escaped.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use async_trait::async_trait;
use onboarding::store::table::{
    AnyPage, Continuation, ETag, Fields, Page, Range, Row, Table, TableError, Write,
};

#[derive(Debug, Default)]
pub(crate) struct MemoryTable {
    rows: Mutex<BTreeMap<(String, String), (ETag, Fields)>>,
    versions: AtomicU64,
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
        let rows = self.rows.lock().unwrap();
        let from = range.from.clone().unwrap_or_default();
        let own = rows
            .range((partition.to_owned(), from)..)
            .take_while(|((other, _), _)| other == partition);
        let below =
            own.take_while(|((_, key), _)| range.below.as_ref().is_none_or(|below| key < below));
        let mut found: Vec<Row> = below
            .filter(|((_, key), _)| after.is_none_or(|after| *key > after.0))
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

    async fn scan(&self, _: usize, _: Option<&Continuation>) -> Result<AnyPage, TableError> {
        let rows = self.rows.lock().unwrap();
        let rows = rows.iter().map(|stored| (stored.0.0.clone(), row(stored)));
        Ok(AnyPage {
            rows: rows.collect(),
            next: None,
        })
    }

    async fn commit(
        &self,
        partition: &str,
        writes: &[Write],
    ) -> Result<Vec<Option<ETag>>, TableError> {
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
