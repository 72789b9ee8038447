//! The outbox: every event reaches the people and machines that it is meant for, whatever crashes.
//!
//! Before a transaction that causes an event, an *intent* is written for each channel into a
//! partition of its own, sorted by when it is due. Then comes the transaction with the change and
//! its event. A delivery reads the due intents, reads the invitation, delivers the events that are
//! still open, and deletes the intent:
//!
//! - a crash before the transaction leaves an intent of something that never happened: it is
//!   dropped when it is older than any request can be ([`intent::GRACE`]);
//! - a crash after the transaction leaves an intent that leads to the event;
//! - so no event is lost, and no table is ever scanned: a tick costs what is due.

mod announcement;
mod finished;
mod intent;
mod migration;
mod state;

use std::sync::Arc;

use futures::future;
use time::{Duration, OffsetDateTime};
use tokio::{sync::mpsc, time::Instant};
use uuid::Uuid;

use self::{announcement::Announcement, finished::Finished, intent::Draft, migration::Migration};
use super::{
    access::{self, MAX_WRITES, too_slow},
    channels::Channels,
    error::StoreError,
    feed::{Feed, STORED_WITHIN},
    history::{HEAD_START, History},
    rows::{self, SHARDS},
    table::{Continuation, Fields, Row, Table, TableError, Write},
};
use crate::domain::invitation::{Channel, Event, InvitationId};

pub use intent::Intent;
pub(super) use intent::{GRACE, PREFIX, of_shard, read_due, time_key};
pub use state::DueState;

/// How long a change may take to be recorded: well below [`intent::GRACE`].
pub(super) const RECORD_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(60);
/// Intents that one call of the table returns.
const PAGE_SIZE: usize = 1000;
/// Intents that wait for this process's deliverer. The timer picks up those that do not fit.
const QUEUE_CAPACITY: usize = 1024;
/// References of the feed that are written for one event before its transaction is given up.
const MAX_REFERENCES: usize = 3;

/// The intents.
#[derive(Clone, Debug)]
pub struct Outbox {
    table: Arc<dyn Table>,
    channels: Channels,
    feed: Feed,
    notifications: mpsc::Sender<Announced>,
    finished: Finished,
    migration: Migration,
}

/// An intent of an event that this process has just caused.
#[derive(Debug)]
pub struct Announced {
    /// The intent.
    pub intent: Intent,
    /// The invitation as the transaction of the event left it; `None`: unknown.
    pub history: Option<Arc<History>>,
    /// Whether the transaction was this process's own, which gives it the head start; otherwise it
    /// may be that of another attempt, perhaps of another instance.
    pub wrote_event: bool,
}

/// A part of what is due.
#[derive(Debug)]
pub struct Due {
    /// The intents, the oldest first; there may be none, though `next` leads to more.
    pub intents: Vec<Intent>,
    /// Where to continue; `None`: that was all.
    pub next: Option<Continuation>,
}

/// A part of the used sign-in states that are to be deleted.
#[derive(Debug)]
pub struct DueStates {
    /// The oldest first; there may be none, though `next` leads to more.
    pub states: Vec<DueState>,
    /// Where to continue; `None`: that was all.
    pub next: Option<Continuation>,
}

impl Outbox {
    /// Over a table. The intents of the events that this process causes come out of the receiver,
    /// to be delivered at once; the timer finds those that nothing receives.
    pub(super) fn new(
        table: Arc<dyn Table>,
        channels: Channels,
        feed: Feed,
    ) -> (Self, mpsc::Receiver<Announced>) {
        let (notifications, receiver) = mpsc::channel(QUEUE_CAPACITY);
        let outbox = Self {
            migration: Migration::new(Arc::clone(&table)),
            table,
            channels,
            feed,
            notifications,
            finished: Finished::default(),
        };
        (outbox, receiver)
    }

    /// The channels of this deployment.
    #[must_use]
    pub fn channels(&self) -> Channels {
        self.channels
    }

    /// Announces that the events up to this one are to be delivered once more.
    pub(super) async fn announce_again(
        &self,
        id: InvitationId,
        event: u32,
        channel: Channel,
        now: OffsetDateTime,
    ) -> Result<Option<Intent>, TableError> {
        let draft = Draft {
            id,
            event,
            channel,
            announced: now,
        };
        self.insert(draft, now + HEAD_START, None).await
    }

    /// Writes the intents of an event, and its reference in the feed, which comes behind the one
    /// `before`, before the transaction that causes it; `now`, since a repeated request causes
    /// again what may be older, and an intent that is as old is dropped.
    pub(super) async fn announce(
        &self,
        channels: Vec<Channel>,
        event: &Event,
        before: Option<&str>,
        now: OffsetDateTime,
    ) -> Result<Announcement, TableError> {
        let since = Instant::now();
        let reference = self.feed.place(event, before);
        let row = reference.as_ref().map(|own| Feed::row(own, event));
        let with_intent = |channel| row.clone().filter(|_| channel == Channel::Webhook);
        let alone = row
            .clone()
            .filter(|_| !channels.contains(&Channel::Webhook));
        let inserts = channels.iter().map(|&channel| {
            let draft = Draft {
                id: event.invitation,
                event: event.number,
                channel,
                announced: now,
            };
            let reference = with_intent(channel).map(|(_, insert)| insert);
            self.insert(draft, now + HEAD_START, reference)
        });
        let (intents, ()) = future::try_join(
            future::try_join_all(inserts),
            access::insert_all_once(&*self.table, alone),
        )
        .await?;
        // The process was suspended. By the time of the transaction, the intents may be gone.
        if since.elapsed() > RECORD_TIMEOUT {
            return Err(too_slow());
        }
        let announcement = Announcement {
            intents: intents.into_iter().flatten().collect(),
            reference,
            since,
        };
        self.in_time(announcement, event).await
    }

    /// A reference that was stored too late may be behind those who read the feed: another one
    /// takes its place.
    async fn in_time(
        &self,
        mut announcement: Announcement,
        event: &Event,
    ) -> Result<Announcement, TableError> {
        for _ in 0..MAX_REFERENCES {
            let Some(reference) = &announcement.reference else {
                return Ok(announcement);
            };
            if announcement.since.elapsed() <= STORED_WITHIN {
                return Ok(announcement);
            }
            let since = Instant::now();
            let another = self.feed.place(event, Some(&reference.key));
            let row = another.as_ref().map(|own| Feed::row(own, event));
            access::insert_all_once(&*self.table, row).await?;
            (announcement.reference, announcement.since) = (another, since);
        }
        Err(too_slow())
    }

    /// Two attempts of one transition may announce the same event: a mark keeps their intents
    /// apart. Along with it, finished intents of the same partition are deleted, and a `reference`
    /// of the feed is written.
    async fn insert(
        &self,
        draft: Draft,
        due: OffsetDateTime,
        reference: Option<Write>,
    ) -> Result<Option<Intent>, TableError> {
        let key = draft.key(due, &Uuid::new_v4().simple().to_string());
        let partition = intent::of_invitation(draft.id, draft.channel);
        let inserts: Vec<_> = std::iter::once(draft.insert(&key)?)
            .chain(reference)
            .collect();
        let finished = self.finished.take(&partition, MAX_WRITES - inserts.len());
        let writes: Vec<_> = inserts.iter().chain(&finished).cloned().collect();
        let written = match self.table.commit(&partition, &writes).await {
            // Another worker deleted one of them.
            Err(TableError::Changed) if !finished.is_empty() => {
                access::delete_all(&*self.table, &partition, &finished).await?;
                self.table.commit(&partition, &inserts).await
            }
            other => other,
        };
        match written {
            Ok(etags) => {
                let etag = etags.into_iter().flatten().next();
                Ok(etag.map(|etag| draft.written(key, etag)))
            }
            // Ours, from an earlier attempt whose answer was lost; without its version the timer
            // has to find it.
            Err(TableError::Exists) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Hands the intents of what has happened to this process's own deliverer, so that they need
    /// not wait for the timer; `history` as the transaction left it, where that is known, and whether
    /// that transaction was this process's own.
    pub(super) fn notify(
        &self,
        intents: impl IntoIterator<Item = Intent>,
        history: Option<History>,
        wrote_event: bool,
    ) {
        let history = history.map(Arc::new);
        for intent in intents {
            let announced = Announced {
                intent,
                history: history.clone(),
                wrote_event,
            };
            // A full queue is no loss: the timer finds the intent.
            let _ = self.notifications.try_send(announced);
        }
    }

    /// Moves the intents that earlier versions wrote to where [`Outbox::due`] finds them.
    ///
    /// # Errors
    /// Where the table fails; what is left is moved by the next call.
    pub async fn migrate(&self, now: OffsetDateTime) -> Result<(), StoreError> {
        self.migration.run(now).await
    }

    /// A part of the intents of a shard and channel that are due, the oldest first: one query.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn due(
        &self,
        shard: u8,
        channel: Channel,
        now: OffsetDateTime,
        after: Option<&Continuation>,
    ) -> Result<Due, StoreError> {
        let partition = intent::of_shard(shard, channel);
        let range = intent::due_before(now + Duration::SECOND);
        let page = self
            .table
            .query(&partition, &range, PAGE_SIZE, after)
            .await?;
        let mut intents = Vec::with_capacity(page.rows.len());
        for row in page.rows {
            match intent::read(row) {
                Ok(intent) => intents.push(intent),
                Err(row) => self.delete_if_abandoned(&partition, &row, now).await?,
            }
        }
        Ok(Due {
            intents,
            next: page.next,
        })
    }

    /// Has a used sign-in state deleted when it is due.
    pub(super) async fn schedule_deletion(
        &self,
        id: InvitationId,
        digest: &str,
        due: OffsetDateTime,
        now: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let insert = Write::Insert {
            key: state::key(due, id, digest),
            fields: rows::intent(now)?,
        };
        access::insert_once(&*self.table, &state::of_shard(id.shard()), &[insert]).await?;
        Ok(())
    }

    /// Marks a used sign-in state, until it is due, by the row that is due then; the row of an
    /// earlier use, if there is one.
    pub(super) async fn mark_state(
        &self,
        id: InvitationId,
        digest: &str,
        due: OffsetDateTime,
        fields: Fields,
    ) -> Result<Option<Row>, StoreError> {
        let (partition, key) = (state::of_shard(id.shard()), state::key(due, id, digest));
        let insert = Write::Insert {
            key: key.clone(),
            fields,
        };
        match self.table.commit(&partition, &[insert]).await {
            Ok(_) => Ok(None),
            Err(TableError::Exists) => Ok(self.table.get(&partition, &key).await?),
            Err(error) => Err(error.into()),
        }
    }

    /// A part of the used states of a shard that are to be deleted, the oldest first: one query.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn due_states(
        &self,
        shard: u8,
        now: OffsetDateTime,
        after: Option<&Continuation>,
    ) -> Result<DueStates, StoreError> {
        let partition = state::of_shard(shard);
        let range = intent::due_before(now + Duration::SECOND);
        let page = self
            .table
            .query(&partition, &range, PAGE_SIZE, after)
            .await?;
        let mut states = Vec::with_capacity(page.rows.len());
        for row in page.rows {
            match state::read(row) {
                Ok(state) => states.push(state),
                Err(row) => self.delete_if_abandoned(&partition, &row, now).await?,
            }
        }
        Ok(DueStates {
            states,
            next: page.next,
        })
    }

    /// The used state is deleted: what led to it is deleted by the next [`Outbox::flush`].
    pub(super) fn finish_state(&self, state: &DueState) {
        let partition = state::of_shard(state.id.shard());
        self.finished.put(partition, &state.key, &state.etag);
    }

    /// A newer version, which works beside this one during an upgrade, may read what this one
    /// cannot. After some days, no version does.
    async fn delete_if_abandoned(
        &self,
        partition: &str,
        row: &Row,
        now: OffsetDateTime,
    ) -> Result<(), StoreError> {
        if !intent::is_abandoned(row, now) {
            return Ok(());
        }
        tracing::error!(key = row.key, "an unreadable intent is deleted");
        let delete = [access::deletion(row)];
        access::commit_unless_changed(&*self.table, partition, &delete)
            .await
            .map(drop)
    }

    /// Since when the oldest intent of the channel is due, of all shards; `None` where nothing is.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn oldest_due(
        &self,
        channel: Channel,
        now: OffsetDateTime,
    ) -> Result<Option<OffsetDateTime>, StoreError> {
        let partitions: Vec<String> = (0..SHARDS)
            .map(|shard| intent::of_shard(shard, channel))
            .collect();
        let range = intent::due_before(now);
        let first = partitions
            .iter()
            .map(|partition| access::first_of(&*self.table, partition, &range));
        let rows = future::try_join_all(first).await?;
        Ok(rows
            .into_iter()
            .flatten()
            .filter_map(|row| intent::read_due(&row.key))
            .min())
    }

    /// What the intent announced is delivered, or never happened: it is deleted by the next
    /// [`Outbox::flush`], or before. If the process is killed first, the timer finds it again.
    pub fn finish(&self, intent: &Intent) {
        let Intent { key, etag, .. } = intent;
        self.finished.put(intent.partition(), key, etag);
    }

    /// Deletes the finished intents.
    ///
    /// # Errors
    /// Where the table fails; the timer finds those that are left.
    pub async fn flush(&self) -> Result<(), StoreError> {
        for partition in self.finished.partitions() {
            loop {
                let writes = self.finished.take(&partition, MAX_WRITES);
                if writes.is_empty() {
                    break;
                }
                access::delete_all(&*self.table, &partition, &writes).await?;
            }
        }
        Ok(())
    }

    /// Makes the intent due at another time.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn reschedule(
        &self,
        intent: &Intent,
        until: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let draft = Draft {
            id: intent.id,
            event: intent.event,
            channel: intent.channel,
            announced: intent.announced,
        };
        let key = draft.key(until, &Uuid::new_v4().simple().to_string());
        let writes = [intent.deletion(), draft.insert(&key)?];
        access::commit_unless_changed(&*self.table, &intent.partition(), &writes)
            .await
            .map(drop)
    }
}
