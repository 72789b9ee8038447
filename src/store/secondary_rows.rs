//! The rows outside of an invitation's own partition. Those that lead from people to it are deleted
//! with its people, by erasure and purge, and so is its membership of a company; the others by the
//! purge. A new kind of secondary row is added here.

use super::{
    companies::{self, Companies},
    error::StoreError,
    idempotency, index,
    rows::{self, Place},
    table::{Fields, Row},
};
use crate::domain::invitation::{InvitationId, Record, State};

/// Those that lead from people to the invitation, and from its company.
pub(super) fn of_people(record: &Record) -> Vec<Place> {
    match record {
        Record::Live(invitation) => index::of_people(invitation)
            .into_iter()
            .chain(companies::places(invitation))
            .collect(),
        // They were deleted when it was erased.
        Record::Erased(_) => Vec::new(),
    }
}

/// All of them; `fields` is the row of the invitation, `rows` are those of its partition. The request that created it holds no
/// personal data and outlives an erasure, so that a repetition of the request does not undo it.
pub(super) fn of_all(record: &Record, fields: &Fields, rows: &[Row]) -> Vec<Place> {
    let request = fields.get(rows::REQUEST).map(idempotency::place);
    let of_people = match record {
        // It has never come near a company.
        Record::Live(invitation) if invitation.state == State::Pending => {
            index::of_people(invitation)
        }
        Record::Live(_) | Record::Erased(_) => of_people(record),
    };
    let failed = has_failed(rows).then(|| index::of_failed(record));
    of_people.into_iter().chain(request).chain(failed).collect()
}

/// Whether the index has a row of an event that was given up.
fn has_failed(rows: &[Row]) -> bool {
    rows.iter()
        .filter(|row| row.key.starts_with(rows::PROGRESS))
        .any(|row| rows::read_progress(&row.fields).is_ok_and(|(progress, _)| progress.has_failed))
}

/// Deletes rows of an invitation that is erased or purged, wherever they are; those that are gone
/// are no error.
pub(super) async fn delete(
    companies: &Companies,
    id: InvitationId,
    places: &[Place],
) -> Result<(), StoreError> {
    companies.release_all(places, id).await
}
