//! A reference of the feed, and how it lies in the table.

use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::{
    domain::invitation::{Channel, Event, EventKind, InvitationId},
    store::{
        outbox::{of_shard as outbox_of_shard, read_due, time_key},
        rows::{self, SHARDS},
        table::{Range, Row, Write},
    },
};

/// Begins the row keys of the feed. Intents, which are in the same partitions, begin with digits
/// and sort before it.
const PREFIX: &str = "feed-";
/// Sorts behind the keys that begin with [`PREFIX`]: the full stop follows the hyphen.
const END: &str = "feed.";

/// That an event may have happened, at a place in the order of the feed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::store) struct Reference {
    /// The row key: the time of its place, then what makes it unique.
    pub(in crate::store) key: String,
}

impl Reference {
    /// Of an event, now, and behind the reference of the event before it, whatever the clock of
    /// the instance that wrote that one.
    pub(super) fn new(event: &Event, before: Option<&str>, now: OffsetDateTime) -> Self {
        let before = before.and_then(time_of);
        let at = before.map_or(now, |before| now.max(before + Duration::MILLISECOND));
        let (time, mark) = (time_key(at), Uuid::new_v4().simple());
        let (id, number) = (event.invitation, event.number);
        Self {
            key: format!("{PREFIX}{time}-{id}-{number:06}-{mark}"),
        }
    }

    /// The row, which names the kind of event, so that a filter need not read the event.
    pub(super) fn insert(&self, kind: EventKind) -> Write {
        Write::Insert {
            key: self.key.clone(),
            fields: rows::feed_reference(kind),
        }
    }
}

/// A reference as it was read.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub(super) key: String,
    pub(super) id: InvitationId,
    pub(super) number: u32,
    pub(super) at: OffsetDateTime,
    /// `None` of a kind that only a newer version of the program knows.
    pub(super) kind: Option<EventKind>,
}

impl Stored {
    /// `None` of a row of another kind.
    pub(super) fn read(row: Row) -> Option<Self> {
        let mut parts = row.key.strip_prefix(PREFIX)?.split('-').skip(1);
        let (id, number) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        Some(Self {
            id,
            number,
            at: time_of(&row.key)?,
            kind: rows::read_feed_reference(&row.fields),
            key: row.key,
        })
    }
}

/// Whether the row is one of the feed.
pub(in crate::store) fn is_reference(key: &str) -> bool {
    key.starts_with(PREFIX)
}

/// The time of the place that a key names.
pub(super) fn time_of(key: &str) -> Option<OffsetDateTime> {
    read_due(key.strip_prefix(PREFIX)?)
}

/// The first key that a reference of this time can have.
pub(super) fn first_key(at: OffsetDateTime) -> String {
    format!("{PREFIX}{}", time_key(at))
}

/// The keys from `from` on that are before the time.
pub(super) fn range(from: &str, below: OffsetDateTime) -> Range {
    Range {
        from: Some(from.to_owned()),
        below: Some(first_key(below).min(END.to_owned())),
    }
}

/// The partition of a shard: that of the intents of its webhooks, so that both are written by one
/// transaction.
pub(super) fn of_shard(shard: u8) -> String {
    outbox_of_shard(shard, Channel::Webhook)
}

pub(super) fn partitions() -> Vec<String> {
    (0..SHARDS).map(of_shard).collect()
}
