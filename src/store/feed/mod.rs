//! The feed: the events of all invitations in one order, for integrators that fetch them.
//!
//! Before the transaction of an event, a *reference* is stored, whose key is its place in the
//! order: the time, then the invitation and the number of the event. The row of the event names
//! the reference, so that one of an attempt that failed leads to nothing. Readers merge the
//! references of all shards, and stop in time for what may still be under way; `docs/STORE.md`
//! says why they miss nothing.

mod page;
mod reference;

use std::sync::Arc;

use time::{Duration, OffsetDateTime};

use self::reference::first_key;
use super::{
    access::{self, MAX_WRITES, deletion},
    error::StoreError,
    table::{Continuation, Table, Write},
};
use crate::{
    clock::Clock,
    domain::invitation::{Event, EventKind},
};

pub use page::{FeedPage, FeedPosition};
pub(super) use reference::{Reference, is_reference};

/// A reference must be stored this soon after its time was read; otherwise another one is stored.
pub(super) const STORED_WITHIN: std::time::Duration = std::time::Duration::from_secs(5);
/// References of this age are all stored: 5 s, within which one is stored, and as much as the clocks
/// of instances may differ.
pub const SETTLED: Duration = Duration::seconds(15);
/// The event of a reference of this age is there, or never comes.
pub const DECIDED: Duration = Duration::seconds(30);

/// The feed.
#[derive(Clone, Debug)]
pub struct Feed {
    table: Arc<dyn Table>,
    clock: Clock,
    kept_for: Option<Duration>,
}

impl Feed {
    /// Over a table. Events are kept for this long; `None`: there is no feed.
    pub(super) fn new(table: Arc<dyn Table>, clock: Clock, kept_for: Option<Duration>) -> Self {
        Self {
            table,
            clock,
            kept_for,
        }
    }

    /// A place for an event that is about to happen, behind that of the event before it; `None`
    /// where there is no feed.
    pub(super) fn place(&self, event: &Event, before: Option<&str>) -> Option<Reference> {
        self.kept_for
            .map(|_| Reference::new(event, before, self.clock.now()))
    }

    /// The row of the place of an event, and its partition.
    pub(super) fn row(reference: &Reference, event: &Event) -> (String, Write) {
        let partition = reference::of_shard(event.invitation.shard());
        (partition, reference.insert(event.kind))
    }

    /// Since when events are kept; `None` where there is no feed.
    #[must_use]
    pub fn begin(&self, now: OffsetDateTime) -> Option<OffsetDateTime> {
        self.kept_for.map(|kept_for| now - kept_for)
    }

    /// Forgets a part of the events of a shard that are older than they are kept, all where there
    /// is no feed; answers where to continue.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn forget_old(
        &self,
        shard: u8,
        now: OffsetDateTime,
        after: Option<&Continuation>,
    ) -> Result<Option<Continuation>, StoreError> {
        // Without a feed, what another instance, which still has one, writes just now is left.
        let before = self.begin(now).unwrap_or(now - Duration::HOUR);
        let range = reference::range(&first_key(OffsetDateTime::UNIX_EPOCH), before);
        let partition = reference::of_shard(shard);
        let page = self.table.query(&partition, &range, 1000, after).await?;
        let deletes: Vec<Write> = page.rows.iter().map(deletion).collect();
        for part in deletes.chunks(MAX_WRITES) {
            access::delete_all(&*self.table, &partition, part).await?;
        }
        Ok(page.next)
    }
}

/// Which events are wanted: these kinds, or all.
#[derive(Clone, Debug, Default)]
pub struct Kinds(pub Vec<EventKind>);

impl Kinds {
    /// Also one that is not known here: the version that knows it decides.
    fn admit(&self, kind: Option<EventKind>) -> bool {
        self.0.is_empty() || kind.is_none_or(|kind| self.0.contains(&kind))
    }
}
