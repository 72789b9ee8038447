//! Intents whose work is done. They are deleted together, or with the next intent that is written
//! to their partition: one call for many.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::store::table::{ETag, Write};

type Keys = BTreeMap<String, ETag>;

/// By partition.
#[derive(Clone, Debug, Default)]
pub(super) struct Finished(Arc<Mutex<BTreeMap<String, Keys>>>);

impl Finished {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Keys>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn put(&self, partition: String, key: &str, etag: &ETag) {
        let mut all = self.lock();
        let keys = all.entry(partition).or_default();
        keys.insert(key.to_owned(), etag.clone());
    }

    /// At most `limit` deletions of a partition, which are the caller's to make from now on.
    pub(super) fn take(&self, partition: &str, limit: usize) -> Vec<Write> {
        let mut all = self.lock();
        let Some(keys) = all.get_mut(partition) else {
            return Vec::new();
        };
        let taken = std::iter::from_fn(|| keys.pop_first()).take(limit);
        let taken = taken.map(|(key, if_match)| Write::Delete { key, if_match });
        let writes = taken.collect();
        if keys.is_empty() {
            all.remove(partition);
        }
        writes
    }

    pub(super) fn partitions(&self) -> Vec<String> {
        self.lock().keys().cloned().collect()
    }
}
