//! The rows outside of an invitation's own partition. Those that lead from people to it go when the
//! people go: at its erasure and at its purge; the others at its purge. Who adds such a row adds it
//! here.

use futures::future;

use super::{
    Invitations, StoreError, idempotency, index,
    rows::{self, Place},
    table::{Fields, TableError, Write},
};
use crate::domain::invitation::Record;

/// Those that lead from people to the invitation.
pub(super) fn of_people(record: &Record) -> Vec<Place> {
    match record {
        Record::Live(invitation) => index::of_people(invitation),
        // They went when it was erased.
        Record::Erased(_) => Vec::new(),
    }
}

/// All of them; `fields` is the row of the invitation. The request that created it holds nobody's
/// data and outlives an erasure, so that a repetition of the request does not undo it.
pub(super) fn of_all(record: &Record, fields: &Fields) -> Vec<Place> {
    let request = fields
        .get(rows::REQUEST)
        .map(|name| idempotency::place(name));
    of_people(record).into_iter().chain(request).collect()
}

impl Invitations {
    /// Deletes rows wherever they are; those that are gone are no error.
    pub(super) async fn delete_elsewhere(&self, places: &[Place]) -> Result<(), StoreError> {
        future::try_join_all(
            places
                .iter()
                .map(|(partition, key)| self.delete(partition, key)),
        )
        .await
        .map(drop)
    }

    async fn delete(&self, partition: &str, key: &str) -> Result<(), StoreError> {
        let Some(row) = self.table.get(partition, key).await? else {
            return Ok(());
        };
        match self
            .table
            .commit(
                partition,
                &[Write::Delete {
                    key: row.key,
                    if_match: row.etag,
                }],
            )
            .await
        {
            // Somebody else was faster: such a row is never replaced.
            Ok(_) | Err(TableError::Changed) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
