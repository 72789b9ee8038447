//! How long data is kept: the purge of what is past the retention period, and the erasure of
//! people's data on request.

mod erasure;
mod purge;

use std::sync::Arc;

use super::{outbox::Outbox, table::Table};
use crate::seal::Sealer;

pub use purge::{Aged, Purged};

/// Deletes.
#[derive(Clone, Debug)]
pub struct Retention {
    table: Arc<dyn Table>,
    sealer: Sealer,
    outbox: Outbox,
}

impl Retention {
    /// Over a table; `sealer` seals where the secondary rows of an erased invitation are.
    pub(super) fn new(table: Arc<dyn Table>, sealer: Sealer, outbox: Outbox) -> Self {
        Self {
            table,
            sealer,
            outbox,
        }
    }
}
