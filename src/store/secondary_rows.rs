//! The rows outside of an invitation's own partition. Those that lead from people to it are deleted
//! with its people, by erasure and purge; the others by the purge. A new kind of secondary row is
//! added here.

use futures::future;

use super::{
    access,
    error::StoreError,
    idempotency, index,
    rows::{self, Place},
    table::{Fields, Table},
};
use crate::domain::invitation::Record;

/// Those that lead from people to the invitation.
pub(super) fn of_people(record: &Record) -> Vec<Place> {
    match record {
        Record::Live(invitation) => index::of_people(invitation),
        // They were deleted when it was erased.
        Record::Erased(_) => Vec::new(),
    }
}

/// All of them; `fields` is the row of the invitation. The request that created it holds no
/// personal data and outlives an erasure, so that a repetition of the request does not undo it.
pub(super) fn of_all(record: &Record, fields: &Fields) -> Vec<Place> {
    let request = fields
        .get(rows::REQUEST)
        .map(|name| idempotency::place(name));
    of_people(record).into_iter().chain(request).collect()
}

/// Deletes rows wherever they are; those that are gone are no error.
pub(super) async fn delete(table: &dyn Table, places: &[Place]) -> Result<(), StoreError> {
    let each = places
        .iter()
        .map(|(partition, key)| access::delete_row(table, partition, key));
    future::try_join_all(each).await.map(drop)
}
