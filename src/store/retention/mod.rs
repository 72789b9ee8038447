//! How long data is kept: the purge of what is past the retention period, and the erasure of
//! people's data on request.

mod erasure;
mod purge;
mod requests;

use std::sync::Arc;

use super::{companies::Companies, outbox::Outbox, table::Table};
use crate::seal::Sealer;

pub use purge::{Aged, AgedPage, Purged};

/// Deletes.
#[derive(Clone, Debug)]
pub struct Retention {
    table: Arc<dyn Table>,
    sealer: Sealer,
    outbox: Outbox,
    companies: Companies,
}

impl Retention {
    /// Without the pauses of contention, for a table that only a scheduler lets go on.
    #[cfg(test)]
    pub(super) fn counted(&self, attempts: usize) -> Self {
        Self {
            companies: self.companies.counted(attempts),
            ..self.clone()
        }
    }

    /// Over a table; `sealer` seals where the secondary rows of an erased invitation are.
    pub(super) fn new(
        table: Arc<dyn Table>,
        sealer: Sealer,
        outbox: Outbox,
        companies: Companies,
    ) -> Self {
        Self {
            table,
            sealer,
            outbox,
            companies,
        }
    }
}
