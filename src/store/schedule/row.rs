//! The rows of the schedule: `due-<time>-<id>-<expiry>`.

use time::OffsetDateTime;

use crate::{
    domain::invitation::{Invitation, InvitationId, Moment, Reminders},
    store::{
        error::StoreError,
        outbox::{read_due, time_key},
        rows,
        table::{ETag, Fields, Range, Row},
    },
};

/// Begins the row keys.
const DUE: &str = "due-";

/// A moment that has come.
#[derive(Clone, Debug)]
pub struct DueMoment {
    /// The invitation.
    pub id: InvitationId,
    pub(super) moment: Moment,
    pub(super) written: OffsetDateTime,
    pub(super) key: String,
    pub(super) etag: ETag,
}

/// What is due before `now`.
pub(super) fn due_before(now: OffsetDateTime) -> Range {
    Range {
        from: Some(DUE.to_owned()),
        below: Some(format!("{DUE}{}", time_key(now))),
    }
}

/// The rows of the moments that lie ahead of an invitation.
pub(in crate::store) fn planned(
    invitation: &Invitation,
    reminders: &Reminders,
    now: OffsetDateTime,
) -> Result<Vec<(String, Fields)>, StoreError> {
    let moments = invitation.moments(reminders, now);
    let row = |moment| Ok((key(invitation.id, moment), rows::intent(now)?));
    moments.iter().map(row).collect()
}

fn key(id: InvitationId, moment: &Moment) -> String {
    let Moment { at, expires_at } = *moment;
    format!("{DUE}{}-{id}-{}", time_key(at), time_key(expires_at))
}

/// `None` if the key is not that of a scheduled row.
pub(super) fn read(row: Row) -> Option<DueMoment> {
    let mut parts = row.key.strip_prefix(DUE)?.split('-');
    let at = read_due(parts.next()?)?;
    let id = parts.next()?.parse().ok()?;
    let expires_at = read_due(parts.next()?)?;
    Some(DueMoment {
        id,
        moment: Moment { at, expires_at },
        written: rows::read_intent(&row.fields).ok()?,
        key: row.key,
        etag: row.etag,
    })
}
