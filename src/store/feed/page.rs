//! Pages of the feed.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use futures::{StreamExt, TryStreamExt, stream};
use time::{Duration, OffsetDateTime};

use super::{
    DECIDED, Feed, Kinds, SETTLED,
    reference::{self, Stored, first_key, time_of},
};
use crate::{
    domain::invitation::{Event, InvitationId},
    store::{access, error::StoreError, history::History, merge::Merge, rows},
};

/// Invitations that are read at the same time.
const CONCURRENT_READS: usize = 16;
/// References that a page reads before it ends with fewer events than were asked for: per event
/// that was asked for, and at least.
const ROWS_PER_EVENT: usize = 4;
const MIN_ROWS: usize = 200;
/// How long an event waits that cannot be read: during an upgrade, an instance of the newer version
/// can.
const MAX_UPGRADE: Duration = Duration::HOUR;

/// A place in the feed: between two events.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FeedPosition(String);

/// A part of the feed.
#[derive(Debug)]
pub struct FeedPage {
    /// In the order of the feed, each with its invitation as it is now.
    pub events: Vec<(Arc<History>, Event)>,
    /// Where the next part begins.
    pub next: FeedPosition,
}

/// What a reference leads to.
enum Resolved {
    Event(Arc<History>, Event),
    /// Nothing that is wanted.
    Nothing,
    /// An event that may still come, or that only a newer version can read.
    Undecided,
}

/// An invitation, and which reference each of its events names.
struct Invitation {
    history: Option<Arc<History>>,
    references: HashMap<u32, Option<String>>,
}

impl FeedPosition {
    /// Before all events of this time.
    #[must_use]
    pub fn at(time: OffsetDateTime) -> Self {
        Self(first_key(time))
    }

    /// Behind a reference. Its key has no end that sorts before the hyphen.
    fn behind(key: &str) -> Self {
        Self(format!("{key}-"))
    }

    /// Its time.
    #[must_use]
    pub fn time(&self) -> OffsetDateTime {
        time_of(&self.0).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    /// As text, for the next request.
    #[must_use]
    pub fn cursor(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.0)
    }

    /// From such a text.
    #[must_use]
    pub fn parse(cursor: &str) -> Option<Self> {
        let position = Self(String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?);
        let is_of_time = |time| position.0.starts_with(&first_key(time));
        time_of(&position.0)
            .is_some_and(is_of_time)
            .then_some(position)
    }
}

impl Feed {
    /// At most `limit` events of these kinds from a position on, as far as their order is settled.
    /// There may be fewer, even none, while there are more.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn page(
        &self,
        from: &FeedPosition,
        kinds: &Kinds,
        limit: usize,
        now: OffsetDateTime,
    ) -> Result<FeedPage, StoreError> {
        let settled = now - SETTLED;
        let range = reference::range(&from.0, settled);
        let partitions = reference::partitions();
        let mut merge = Merge::open(&*self.table, partitions, range, 8 + limit / 8).await?;
        let mut rows_left = MIN_ROWS.max(ROWS_PER_EVENT * limit);
        let mut page = FeedPage {
            events: Vec::new(),
            next: from.clone(),
        };
        let mut known = HashMap::new();
        while page.events.len() < limit && rows_left > 0 {
            let wanted = limit - page.events.len();
            let rows = merge.take(wanted.min(rows_left)).await?;
            if rows.is_empty() {
                // A position of an instance whose clock is ahead stays.
                page.next = page.next.max(FeedPosition::at(settled));
                break;
            }
            rows_left -= rows.len();
            let references: Vec<_> = rows.into_iter().filter_map(Stored::read).collect();
            self.load(&references, kinds, &mut known).await?;
            if !page.extend(references, kinds, &known, now) {
                break;
            }
        }
        Ok(page)
    }

    /// Reads the invitations that are not known yet.
    async fn load(
        &self,
        references: &[Stored],
        kinds: &Kinds,
        known: &mut HashMap<InvitationId, Invitation>,
    ) -> Result<(), StoreError> {
        let ids: HashSet<_> = references
            .iter()
            .filter(|reference| kinds.admit(reference.kind))
            .map(|reference| reference.id)
            .filter(|id| !known.contains_key(id))
            .collect();
        let read = stream::iter(ids)
            .map(async |id| Ok::<_, StoreError>((id, self.read(id).await?)))
            .buffer_unordered(CONCURRENT_READS);
        known.extend(read.try_collect::<Vec<_>>().await?);
        Ok(())
    }

    async fn read(&self, id: InvitationId) -> Result<Invitation, StoreError> {
        let rows = access::rows_of_invitation(&*self.table, id).await?;
        let history = History::read(id, &rows).unwrap_or_else(|error| {
            tracing::error!(invitation = %id, %error, "an invitation is left out of the feed");
            None
        });
        let references = rows.iter().filter_map(|row| {
            let number = rows::event_number(&row.key)?;
            Some((number, row.fields.get(rows::FEED).map(str::to_owned)))
        });
        Ok(Invitation {
            history: history.map(Arc::new),
            references: references.collect(),
        })
    }
}

impl FeedPage {
    /// Adds the events of the next references; `false` where the feed does not go on yet.
    fn extend(
        &mut self,
        references: Vec<Stored>,
        kinds: &Kinds,
        known: &HashMap<InvitationId, Invitation>,
        now: OffsetDateTime,
    ) -> bool {
        for reference in references {
            let resolved = match known.get(&reference.id) {
                Some(invitation) if kinds.admit(reference.kind) => {
                    invitation.resolve(&reference, now)
                }
                Some(_) | None => Resolved::Nothing,
            };
            match resolved {
                Resolved::Event(history, event) => self.events.push((history, event)),
                Resolved::Nothing => {}
                Resolved::Undecided => {
                    self.next = FeedPosition(reference.key);
                    return false;
                }
            }
            self.next = FeedPosition::behind(&reference.key);
        }
        true
    }
}

impl Invitation {
    fn resolve(&self, reference: &Stored, now: OffsetDateTime) -> Resolved {
        let is_young = |for_long| now < reference.at + for_long;
        match (self.references.get(&reference.number), &self.history) {
            (None, _) if is_young(DECIDED) => Resolved::Undecided,
            // An attempt that failed; another one may have caused an event of that number.
            (None, _) => Resolved::Nothing,
            (Some(named), _) if named.as_ref() != Some(&reference.key) => Resolved::Nothing,
            // It cannot be read, which was logged, or is being purged.
            (Some(_), None) => Resolved::Nothing,
            (Some(_), Some(history)) => match history.event(reference.number) {
                Some(event) => Resolved::Event(Arc::clone(history), event.clone()),
                None if is_young(MAX_UPGRADE) => Resolved::Undecided,
                None => {
                    tracing::error!(invitation = %reference.id, event = reference.number, "an event that cannot be read is left out of the feed");
                    Resolved::Nothing
                }
            },
        }
    }
}
