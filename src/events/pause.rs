//! After an import nothing is delivered until an operator resumes the delivery.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::store::{Store, StoreError};

/// Whether this process delivers. An import needs an empty table, so a process that was allowed to
/// deliver once need not ask again.
#[derive(Debug, Default)]
pub(super) struct Gate {
    is_open: AtomicBool,
}

impl Gate {
    pub(super) async fn is_open(&self, store: &Store) -> Result<bool, StoreError> {
        if self.is_open.load(Ordering::Relaxed) {
            return Ok(true);
        }
        if store.transfer.is_paused().await? {
            tracing::warn!("delivery is paused since an import: handler resume-delivery");
            return Ok(false);
        }
        self.is_open.store(true, Ordering::Relaxed);
        Ok(true)
    }
}
