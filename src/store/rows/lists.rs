//! Entries of the lists: of erasures, and of invitations and requests by age.

use time::OffsetDateTime;

use super::{
    Place,
    columns::{Reader, Writer},
    invitation::ERASED,
};
use crate::{
    domain::invitation::InvitationId,
    store::{error::StoreError, table::Fields},
};

/// An entry of the list of erasures: when, and, sealed, where the secondary rows are.
pub(in crate::store) fn erasure(at: OffsetDateTime, sealed: &str) -> Result<Fields, StoreError> {
    let mut row = Writer::default();
    row.time(ERASED, Some(at))?;
    row.text("elsewhere", sealed);
    Ok(row.0)
}

pub(in crate::store) fn read_erasure(
    fields: &Fields,
) -> Result<(OffsetDateTime, &str), StoreError> {
    let row = Reader(fields);
    Ok((row.time(ERASED)?, row.text("elsewhere")?))
}

/// An entry of the list by age: the place of the entry in the list; and, until the invitation is
/// known to exist, the places of the rows that lead from people to it.
pub(in crate::store) fn aged(listed: &str, people: &[Place]) -> Result<Fields, StoreError> {
    let mut row = Writer::default();
    row.text("listed", listed);
    if !people.is_empty() {
        row.json("people", &people)?;
    }
    Ok(row.0)
}

pub(in crate::store) fn read_aged(fields: &Fields) -> Result<(String, Vec<Place>), StoreError> {
    let row = Reader(fields);
    let people = if fields.contains_key("people") {
        row.json("people")?
    } else {
        Vec::new()
    };
    Ok((row.text("listed")?.to_owned(), people))
}

/// An entry of the list by age of a request with an `Idempotency-Key`: its time, and what it is to
/// create.
pub(in crate::store) fn aged_request(
    at: OffsetDateTime,
    invitations: &[InvitationId],
) -> Result<Fields, StoreError> {
    let mut row = Writer::default();
    row.time("at", Some(at))?;
    let ids: Vec<_> = invitations.iter().map(ToString::to_string).collect();
    row.text("invitations", &ids.join(" "));
    Ok(row.0)
}

pub(in crate::store) fn read_aged_request(
    fields: &Fields,
) -> Result<(OffsetDateTime, Vec<InvitationId>), StoreError> {
    let row = Reader(fields);
    let ids = row.text("invitations")?.split(' ').map(str::parse);
    let ids = ids.collect::<Result<_, _>>();
    Ok((
        row.time("at")?,
        ids.map_err(|_| StoreError::Corrupt("invitations"))?,
    ))
}
