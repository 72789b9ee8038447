//! How an upload lies in the table.

use time::OffsetDateTime;
use uuid::Uuid;

use super::columns::{Reader, Writer};
use crate::{
    domain::invitation::InvitationId,
    store::{error::StoreError, table::Fields},
};

/// What is known of an upload. People's data in it is sealed.
#[derive(Clone, Debug)]
pub(in crate::store) struct UploadHeader {
    pub(in crate::store) owner: Uuid,
    pub(in crate::store) about: String,
    pub(in crate::store) created_at: OffsetDateTime,
    pub(in crate::store) rows: usize,
    /// The first row without a result.
    pub(in crate::store) next: usize,
    pub(in crate::store) started_at: Option<OffsetDateTime>,
    pub(in crate::store) ended_at: Option<OffsetDateTime>,
    pub(in crate::store) leased_until: Option<OffsetDateTime>,
}

/// A row of an upload.
pub(in crate::store) enum StoredRow<'a> {
    /// Sealed.
    Open(&'a str),
    Created(InvitationId),
    /// Sealed, and why.
    Failed(&'a str, &'a str),
}

pub(in crate::store) fn upload(header: &UploadHeader) -> Result<Fields, StoreError> {
    let mut row = Writer::default();
    row.text("owner", &header.owner.to_string());
    row.text("about", &header.about);
    row.time("createdAt", Some(header.created_at))?;
    row.text("rows", &header.rows.to_string());
    row.text("next", &header.next.to_string());
    row.time("startedAt", header.started_at)?;
    row.time("endedAt", header.ended_at)?;
    row.time(super::LEASED_UNTIL, header.leased_until)?;
    Ok(row.0)
}

pub(in crate::store) fn read_upload(fields: &Fields) -> Result<UploadHeader, StoreError> {
    let row = Reader(fields);
    Ok(UploadHeader {
        owner: row.parse("owner")?,
        about: row.text("about")?.to_owned(),
        created_at: row.time("createdAt")?,
        rows: row.parse("rows")?,
        next: row.parse("next")?,
        started_at: row.maybe_time("startedAt")?,
        ended_at: row.maybe_time("endedAt")?,
        leased_until: row.maybe_time(super::LEASED_UNTIL)?,
    })
}

/// With its number in the file.
pub(in crate::store) fn upload_row(number: usize, stored: &StoredRow<'_>) -> Fields {
    let mut row = Writer::default();
    row.text("number", &number.to_string());
    match stored {
        StoredRow::Open(text) => row.text("text", text),
        StoredRow::Created(id) => row.text("invitation", &id.to_string()),
        StoredRow::Failed(text, why) => {
            row.text("text", text);
            row.text("failed", why);
        }
    }
    row.0
}

pub(in crate::store) fn read_upload_row(
    fields: &Fields,
) -> Result<(usize, StoredRow<'_>), StoreError> {
    let row = Reader(fields);
    let number = row.parse("number")?;
    if fields.contains_key("invitation") {
        return Ok((number, StoredRow::Created(row.parse("invitation")?)));
    }
    let text = row.text("text")?;
    let stored = match fields.get("failed") {
        Some(why) => StoredRow::Failed(text, why),
        None => StoredRow::Open(text),
    };
    Ok((number, stored))
}

/// An entry of the list of one person.
pub(in crate::store) fn own_upload(kind: &str) -> Fields {
    let mut row = Writer::default();
    row.text("kind", kind);
    row.0
}

pub(in crate::store) fn is_of_kind(fields: &Fields, kind: &str) -> bool {
    fields.get("kind").is_some_and(|own| own == kind)
}

/// An entry of the list of uploads: whose it is, and when it was added or started.
pub(in crate::store) fn listed_upload(
    owner: Uuid,
    at: OffsetDateTime,
) -> Result<Fields, StoreError> {
    let mut row = Writer::default();
    row.text("owner", &owner.to_string());
    row.time("at", Some(at))?;
    Ok(row.0)
}

pub(in crate::store) fn read_listed_upload(
    fields: &Fields,
) -> Result<(Uuid, OffsetDateTime), StoreError> {
    let row = Reader(fields);
    Ok((row.parse("owner")?, row.time("at")?))
}
