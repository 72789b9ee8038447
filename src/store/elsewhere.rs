//! The rows outside of an invitation's own partition that lead from people to it. They go when the people go: at its
//! erasure and at its purge. Who adds such a row adds it here.

use futures::future;

use super::{
    Invitations, StoreError, index,
    rows::Place,
    table::{Fields, TableError, Write},
};
use crate::invitation::Record;

/// Where they are. `fields` is the row of the invitation, for what the domain does not know.
pub(super) fn of(record: &Record, _fields: &Fields) -> Vec<Place> {
    match record {
        Record::Live(invitation) => index::of_people(invitation),
        // They went when it was erased.
        Record::Erased(_) => Vec::new(),
    }
}

impl Invitations {
    /// Deletes rows wherever they are; those that are gone are no error.
    pub(super) async fn delete_elsewhere(&self, places: &[Place]) -> Result<(), StoreError> {
        future::try_join_all(places.iter().map(|(partition, key)| self.delete(partition, key))).await.map(drop)
    }

    async fn delete(&self, partition: &str, key: &str) -> Result<(), StoreError> {
        let Some(row) = self.table.get(partition, key).await? else { return Ok(()) };
        match self.table.commit(partition, &[Write::Delete { key: row.key, if_match: row.etag }]).await {
            // Somebody else was faster: such a row is never replaced.
            Ok(_) | Err(TableError::Changed) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
