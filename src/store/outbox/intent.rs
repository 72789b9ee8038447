//! An intent, and how it lies in the table.

use time::{Duration, OffsetDateTime};

use crate::{
    domain::invitation::{Channel, InvitationId, RETRY_WINDOW},
    store::{
        error::StoreError,
        rows,
        table::{ETag, Range, Row, Write},
    },
};

/// Begins the partitions of the outbox.
pub(in crate::store) const PREFIX: &str = "outbox-";
/// No transaction is still under way after this.
pub(in crate::store) const GRACE: Duration = Duration::minutes(2);

/// An intent: that the event of this number may have to be delivered.
#[derive(Clone, Debug)]
pub struct Intent {
    /// The invitation.
    pub id: InvitationId,
    /// The event's number.
    pub event: u32,
    /// Where to deliver it.
    pub channel: Channel,
    pub(super) announced: OffsetDateTime,
    pub(super) key: String,
    pub(super) etag: ETag,
}

impl Intent {
    /// Whether what it announces is too old to be delivered.
    #[must_use]
    pub fn is_expired(&self, now: OffsetDateTime) -> bool {
        now > self.announced + RETRY_WINDOW
    }

    /// Whether what it announces can no longer happen if it has not.
    #[must_use]
    pub fn is_stale(&self, now: OffsetDateTime) -> bool {
        now > self.announced + GRACE
    }

    /// Whether an outage since `since` has lasted for as long as a delivery is retried.
    #[must_use]
    pub fn has_waited_since(&self, since: OffsetDateTime, now: OffsetDateTime) -> bool {
        now > since.max(self.announced) + RETRY_WINDOW
    }

    /// Whether this intent does the work of the other one, of the same invitation and channel.
    ///
    /// A number is announced once the event before has happened, so every event of a lower number
    /// is found by way of this intent. Not if it is the older one: then the other one announces a
    /// redelivery, and this one may be about to be deleted. Of two attempts at the same event, the
    /// later one may still be under way when the earlier one is stale, so neither supersedes.
    #[must_use]
    pub fn supersedes(&self, other: &Self) -> bool {
        self.event > other.event && self.announced >= other.announced
    }

    /// Sorts intents by when they are due.
    pub(crate) fn order(&self) -> &str {
        &self.key
    }

    pub(super) fn deletion(&self) -> Write {
        Write::Delete {
            key: self.key.clone(),
            if_match: self.etag.clone(),
        }
    }

    pub(super) fn partition(&self) -> String {
        of_invitation(self.id, self.channel)
    }
}

/// The intents of an event that are to be written on a channel.
pub(super) struct Draft {
    pub(super) id: InvitationId,
    pub(super) event: u32,
    pub(super) channel: Channel,
    pub(super) announced: OffsetDateTime,
}

impl Draft {
    /// The key; `mark` keeps the intents apart that several attempts write for the same event.
    pub(super) fn key(&self, due: OffsetDateTime, mark: &str) -> String {
        let (id, channel) = (self.id, self.channel.name());
        format!("{}-{id}-{:06}-{channel}-{mark}", time_key(due), self.event)
    }

    pub(super) fn insert(&self, key: &str) -> Result<Write, StoreError> {
        Ok(Write::Insert {
            key: key.to_owned(),
            fields: rows::intent(self.announced)?,
        })
    }

    pub(super) fn written(self, key: String, etag: ETag) -> Intent {
        Intent {
            id: self.id,
            event: self.event,
            channel: self.channel,
            announced: self.announced,
            key,
            etag,
        }
    }
}

/// The partition of a shard and channel.
pub(in crate::store) fn of_shard(shard: u8, channel: Channel) -> String {
    format!("{PREFIX}{}-{shard:x}", channel.name())
}

/// The partition of an invitation's intents on the channel.
pub(super) fn of_invitation(id: InvitationId, channel: Channel) -> String {
    of_shard(id.shard(), channel)
}

/// What is due before `until`.
pub(super) fn due_before(until: OffsetDateTime) -> Range {
    Range {
        from: None,
        below: Some(time_key(until)),
    }
}

/// Since when the row is due; `None` where it is no intent.
pub(in crate::store) fn read_due(key: &str) -> Option<OffsetDateTime> {
    let milliseconds: i128 = key.split('-').next()?.parse().ok()?;
    OffsetDateTime::from_unix_timestamp_nanos(milliseconds * 1_000_000).ok()
}

/// Gives back the row where it is no intent that this version of the program can read.
pub(super) fn read(row: Row) -> Result<Intent, Row> {
    let announced = rows::read_intent(&row.fields);
    let (Some((id, event, channel)), Ok(announced)) = (read_key(&row.key), announced) else {
        return Err(row);
    };
    Ok(Intent {
        id,
        event,
        channel,
        announced,
        key: row.key,
        etag: row.etag,
    })
}

fn read_key(key: &str) -> Option<(InvitationId, u32, Channel)> {
    let mut parts = key.split('-').skip(1);
    let id = parts.next()?.parse().ok()?;
    let event = parts.next()?.parse().ok()?;
    Some((id, event, Channel::parse(parts.next()?)?))
}

/// Whether an intent that cannot be read has been due for longer than any delivery is retried.
pub(super) fn is_abandoned(row: &Row, now: OffsetDateTime) -> bool {
    read_due(&row.key).is_none_or(|due| now > due + RETRY_WINDOW + Duration::DAY)
}

/// Sorts by time: milliseconds since 1970, thirteen digits until the year 2286.
pub(in crate::store) fn time_key(at: OffsetDateTime) -> String {
    format!("{:013}", at.unix_timestamp_nanos() / 1_000_000)
}
