//! Requests with an `Idempotency-Key`, codes, and used states of sign-ins.

use time::OffsetDateTime;
use uuid::Uuid;

use super::columns::{Reader, Writer};
use crate::{
    domain::invitation::IssuedCodes,
    store::{error::StoreError, table::Fields},
};

/// Begins the row keys of used sign-in states.
pub(in crate::store) const STATES: &str = "state-";
/// The column of a used state with the host's invocation that used it.
const INVOCATION: &str = "invocation";

/// A request with an `Idempotency-Key` as it is kept.
pub(in crate::store) struct KeptRequest {
    pub(in crate::store) body: String,
    pub(in crate::store) at: OffsetDateTime,
    pub(in crate::store) expires_at: OffsetDateTime,
    /// Sealed.
    pub(in crate::store) links: Vec<String>,
}

pub(in crate::store) fn request(
    body: &str,
    at: OffsetDateTime,
    expires_at: OffsetDateTime,
    links: &[String],
) -> Result<Fields, StoreError> {
    let mut row = Writer::default();
    row.text("body", body);
    row.time("at", Some(at))?;
    row.time("expiresAt", Some(expires_at))?;
    row.json("links", &links)?;
    Ok(row.0)
}

pub(in crate::store) fn read_request(fields: &Fields) -> Result<KeptRequest, StoreError> {
    let row = Reader(fields);
    let (at, expires_at) = (row.time("at")?, row.time("expiresAt")?);
    Ok(KeptRequest {
        body: row.text("body")?.to_owned(),
        at,
        expires_at,
        links: row.json("links")?,
    })
}

pub(in crate::store) fn codes(codes: &IssuedCodes) -> Result<Fields, StoreError> {
    let mut row = Writer::default();
    row.json("code", codes)?;
    Ok(row.0)
}

pub(in crate::store) fn read_codes(fields: &Fields) -> Result<IssuedCodes, StoreError> {
    Reader(fields).json("code")
}

/// Where the state of this digest is.
pub(in crate::store) fn state_key(digest: &str) -> String {
    format!("{STATES}{digest}")
}

pub(in crate::store) fn used_state(
    mark: &str,
    invocation: Option<Uuid>,
    at: OffsetDateTime,
) -> Result<Fields, StoreError> {
    let mut row = Writer::default();
    row.text("mark", mark);
    row.maybe(INVOCATION, invocation.map(|id| id.to_string()).as_deref());
    row.time("usedAt", Some(at))?;
    Ok(row.0)
}

/// Whether this invocation of the host has used the state.
pub(in crate::store) fn is_invoked_by(fields: &Fields, invocation: Option<Uuid>) -> bool {
    let kept = fields.get(INVOCATION).and_then(|id| id.parse().ok());
    kept.is_some() && kept == invocation
}

pub(in crate::store) fn is_marked(fields: &Fields, mark: &str) -> bool {
    fields.get("mark").is_some_and(|own| own == mark)
}
