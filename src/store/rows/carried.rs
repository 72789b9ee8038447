//! Columns that are no part of the domain: what a row needs for other rows.

use super::REQUEST;
use crate::{domain::invitation::EventKind, store::table::Fields};

/// The column with the key of a reference of the feed: in the row of an event its own, in that of
/// an invitation that of the last event.
pub(in crate::store) const FEED: &str = "feed";
/// The column of a reference with the kind of event.
const TYPE: &str = "type";

/// The columns of an invitation that a change of it carries over.
pub(in crate::store) fn carried(own: &Fields) -> Fields {
    let names = [REQUEST, FEED];
    own.iter()
        .filter(|(name, _)| names.contains(name))
        .collect()
}

/// A row of the feed.
pub(in crate::store) fn feed_reference(kind: EventKind) -> Fields {
    [(TYPE, kind.name())].into()
}

/// `None` of a kind that only a newer version of the program knows.
pub(in crate::store) fn read_feed_reference(fields: &Fields) -> Option<EventKind> {
    EventKind::parse(fields.get(TYPE)?)
}
