//! Used sign-in states that are to be deleted. They are due like intents, in partitions of their
//! own: neither can hide the other.

use time::OffsetDateTime;

use super::intent::{PREFIX, time_key};
use crate::{
    domain::invitation::InvitationId,
    store::table::{ETag, Row},
};

/// A used sign-in state that is to be deleted.
#[derive(Clone, Debug)]
pub struct DueState {
    /// The invitation.
    pub id: InvitationId,
    pub(in crate::store) digest: String,
    pub(super) key: String,
    pub(super) etag: ETag,
}

/// The partition of a shard.
pub(super) fn of_shard(shard: u8) -> String {
    format!("{PREFIX}state-{shard:x}")
}

pub(super) fn key(due: OffsetDateTime, id: InvitationId, digest: &str) -> String {
    format!("{}-{id}-state-{digest}", time_key(due))
}

/// Gives back the row where it is none.
pub(super) fn read(row: Row) -> Result<DueState, Row> {
    let Some((id, digest)) = read_key(&row.key) else {
        return Err(row);
    };
    Ok(DueState {
        id,
        digest,
        key: row.key,
        etag: row.etag,
    })
}

fn read_key(key: &str) -> Option<(InvitationId, String)> {
    let mut parts = key.split('-').skip(1);
    let id = parts.next()?.parse().ok()?;
    let is_state = parts.next()? == "state";
    let digest = parts.next()?.to_owned();
    is_state.then_some((id, digest))
}
