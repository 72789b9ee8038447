//! What is written before the transaction of an event: its intents, and its place in the feed.

use std::time::Duration;

use tokio::time::Instant;

use super::Intent;
use crate::store::{
    access::too_slow,
    feed::Reference,
    rows,
    table::{Fields, TableError},
};

/// How much later than the place in the feed was chosen its event may be written. With the retries
/// of the table, it is there well before the feed goes on without it ([`crate::store::feed`]).
const WRITTEN_WITHIN: Duration = Duration::from_secs(10);

/// What was written for an event that is about to happen.
#[derive(Debug)]
pub(in crate::store) struct Announcement {
    /// They lead to the event.
    pub(in crate::store) intents: Vec<Intent>,
    pub(super) reference: Option<Reference>,
    /// When the place in the feed was chosen.
    pub(super) since: Instant,
}

impl Announcement {
    /// Names the place in the feed, in the row of the event or of the invitation.
    pub(in crate::store) fn mark(&self, fields: &mut Fields) {
        if let Some(Reference { key }) = &self.reference {
            fields.insert(rows::FEED, key);
        }
    }

    /// Whether the transaction may still be sent.
    ///
    /// # Errors
    /// Where so much time has passed that the feed may go on without the event.
    pub(in crate::store) fn check_time(&self) -> Result<(), TableError> {
        let is_late = self.reference.is_some() && self.since.elapsed() > WRITTEN_WITHIN;
        if is_late { Err(too_slow()) } else { Ok(()) }
    }
}
