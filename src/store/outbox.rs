//! The outbox: every event reaches the people and machines that it is meant for, whatever crashes.
//!
//! Before a transaction that causes an event, an *intent* is written for each channel into a
//! partition of its own, sorted by when it is due. Then comes the transaction with the change and
//! its event. A delivery reads the due intents, reads the invitation, delivers the events that are
//! still open, and deletes the intent:
//!
//! - a crash before the transaction leaves an intent of something that never happened: it is
//!   dropped when it is older than any request can be ([`GRACE`]);
//! - a crash after the transaction leaves an intent that leads to the event;
//! - so no event is lost, and no table is ever scanned: a tick costs what is due.

use std::sync::Arc;

use time::{Duration, OffsetDateTime};
use tokio::{sync::mpsc, time::Instant};
use uuid::Uuid;

use super::{
    access,
    channels::Channels,
    error::StoreError,
    rows::{self, SHARDS},
    table::{ETag, Range, Row, Table, TableError, Write},
};
use crate::domain::invitation::{Channel, Event, InvitationId, RETRY_WINDOW};

/// Begins the partitions of the intents.
const PREFIX: &str = "outbox-";
/// Receivers that answered 410.
const GONE: &str = "webhook-gone";
/// No transaction is still under way after this.
const GRACE: Duration = Duration::minutes(2);
/// How long a change may take to be recorded: well below [`GRACE`].
pub(super) const RECORD_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(60);
/// The process that wrote the intent has this long before other workers pick it up.
const HEAD_START: Duration = Duration::seconds(5);
/// Intents that one call returns.
const PAGE_SIZE: usize = 1000;
/// Calls that a shard may cost a tick.
const MAX_PAGES: usize = 10;
/// Intents that wait for this process's deliverer. The timer picks up those that do not fit.
const QUEUE_CAPACITY: usize = 1024;

/// The intents, and the receivers that want no more events.
#[derive(Clone, Debug)]
pub struct Outbox {
    table: Arc<dyn Table>,
    channels: Channels,
    notifications: mpsc::Sender<Intent>,
}

/// An intent: that the event of this number may have to be delivered.
#[derive(Clone, Debug)]
pub struct Intent {
    /// The invitation.
    pub id: InvitationId,
    /// The event's number.
    pub event: u32,
    /// Where to deliver it.
    pub channel: Channel,
    announced: OffsetDateTime,
    key: String,
    etag: ETag,
}

/// A used sign-in state that is to be deleted.
#[derive(Clone, Debug)]
pub struct DueState {
    /// The invitation.
    pub id: InvitationId,
    pub(super) digest: String,
    pub(super) key: String,
}

/// What is due in a shard, the oldest first.
#[derive(Debug, Default)]
pub struct Due {
    /// Events to deliver.
    pub intents: Vec<Intent>,
    /// Used sign-in states to delete.
    pub states: Vec<DueState>,
}

impl Intent {
    /// Whether what it announces is too old to be delivered.
    #[must_use]
    pub fn is_expired(&self, now: OffsetDateTime) -> bool {
        now > self.announced + RETRY_WINDOW
    }

    /// Sorts intents by when they are due.
    pub(crate) fn order(&self) -> &str {
        &self.key
    }

    /// Whether what it announces can no longer happen if it has not.
    #[must_use]
    pub fn is_stale(&self, now: OffsetDateTime) -> bool {
        now > self.announced + GRACE
    }
}

impl Outbox {
    /// Over a table. The intents of the events that this process causes come out of the receiver,
    /// to be delivered at once; the timer finds those that nothing receives.
    pub(super) fn new(table: Arc<dyn Table>, channels: Channels) -> (Self, mpsc::Receiver<Intent>) {
        let (notifications, receiver) = mpsc::channel(QUEUE_CAPACITY);
        let outbox = Self {
            table,
            channels,
            notifications,
        };
        (outbox, receiver)
    }

    /// The channels of this deployment.
    #[must_use]
    pub fn channels(&self) -> Channels {
        self.channels
    }

    /// Whether the receiver of this name has said that it wants no more events.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn is_gone(&self, receiver: &str) -> Result<bool, StoreError> {
        Ok(self.table.get(GONE, receiver).await?.is_some())
    }

    /// Records, for all instances, that the receiver wants no more events.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn mark_gone(&self, receiver: &str, now: OffsetDateTime) -> Result<(), StoreError> {
        let mark = Write::Insert {
            key: receiver.to_owned(),
            fields: rows::intent(now)?,
        };
        Ok(access::insert_once(&*self.table, GONE, &[mark]).await?)
    }

    /// Delivers to the receiver again, as an operator asked.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn unmark_gone(&self, receiver: &str) -> Result<(), StoreError> {
        access::delete_row(&*self.table, GONE, receiver).await
    }

    /// Announces that the events up to this one are to be delivered once more.
    pub(super) async fn announce_again(
        &self,
        id: InvitationId,
        event: u32,
        channel: Channel,
        now: OffsetDateTime,
    ) -> Result<Option<Intent>, StoreError> {
        let mark = Uuid::new_v4().simple().to_string();
        let key = key(now + HEAD_START, id, event, channel, &mark);
        let insert = Write::Insert {
            key: key.clone(),
            fields: rows::intent(now)?,
        };
        let etags = self.table.commit(&partition(id), &[insert]).await?;
        let etag = etags.into_iter().flatten().next();
        Ok(etag.map(|etag| Intent {
            id,
            event,
            channel,
            announced: now,
            key,
            etag,
        }))
    }

    /// Writes the intents of an event, before the transaction that causes it; `now`, since a
    /// repeated request causes again what may be older, and an intent that is as old is dropped.
    pub(super) async fn announce(
        &self,
        channels: Vec<Channel>,
        event: &Event,
        now: OffsetDateTime,
    ) -> Result<Vec<Intent>, TableError> {
        if channels.is_empty() {
            return Ok(Vec::new());
        }
        let started = Instant::now();
        let due = now + HEAD_START;
        // Two attempts of one transition may announce the same event: the mark keeps their intents
        // apart.
        let mark = Uuid::new_v4().simple().to_string();
        let keys: Vec<_> = channels
            .iter()
            .map(|channel| {
                (
                    *channel,
                    key(due, event.invitation, event.number, *channel, &mark),
                )
            })
            .collect();
        let fields = rows::intent(now)?;
        let writes: Vec<_> = keys
            .iter()
            .map(|(_, key)| Write::Insert {
                key: key.clone(),
                fields: fields.clone(),
            })
            .collect();
        let etags = match self
            .table
            .commit(&partition(event.invitation), &writes)
            .await
        {
            Ok(etags) => etags,
            // Ours, from an earlier attempt whose answer was lost; without their versions the timer
            // has to find them.
            Err(TableError::Exists) => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        // The process was suspended. By the time of the transaction, the intents may be gone.
        if started.elapsed() > RECORD_TIMEOUT {
            return Err(too_slow());
        }
        let intent = |((channel, key), etag): ((Channel, String), Option<ETag>)| {
            Some(Intent {
                id: event.invitation,
                event: event.number,
                channel,
                announced: now,
                key,
                etag: etag?,
            })
        };
        Ok(keys.into_iter().zip(etags).filter_map(intent).collect())
    }

    /// Hands the intents of what has happened to this process's own deliverer, so that they need
    /// not wait for the timer.
    pub(super) fn notify(&self, intents: impl IntoIterator<Item = Intent>) {
        for intent in intents {
            // A full queue is no loss: the timer finds the intent.
            let _ = self.notifications.try_send(intent);
        }
    }

    /// What is due in a shard, the oldest first: at most `enough` of each kind. One call, where
    /// little is due; it reads past those of one kind to find those of another, but not through all
    /// that a backlog of days may be.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn due(
        &self,
        shard: u8,
        now: OffsetDateTime,
        enough: usize,
    ) -> Result<Due, StoreError> {
        let range = Range {
            from: None,
            below: Some(time_key(now + Duration::SECOND)),
        };
        let (mut states, mut due, mut after) = (Vec::new(), [Vec::new(), Vec::new()], None);
        for _ in 0..MAX_PAGES {
            let page = self
                .table
                .query(
                    &format!("outbox-{shard:x}"),
                    &range,
                    PAGE_SIZE,
                    after.as_ref(),
                )
                .await?;
            let left = enough - states.len();
            let of_states = page.rows.iter().filter_map(|row| read_state(&row.key));
            states.extend(of_states.take(left));
            let read =
                |row: Row| read_intent(row.key, row.etag, rows::read_intent(&row.fields).ok()?);
            for intent in page.rows.into_iter().filter_map(read) {
                let of_channel = &mut due[usize::from(intent.channel == Channel::Webhook)];
                if of_channel.len() < enough {
                    of_channel.push(intent);
                }
            }
            after = page.next;
            if after.is_none() || due.iter().all(|of_channel| of_channel.len() >= enough) {
                break;
            }
        }
        Ok(Due {
            intents: due.concat(),
            states,
        })
    }

    /// Since when the oldest intent of all shards is due; `None` where nothing is.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn oldest_due(
        &self,
        now: OffsetDateTime,
    ) -> Result<Option<OffsetDateTime>, StoreError> {
        let shards: Vec<String> = (0..SHARDS)
            .map(|shard| format!("outbox-{shard:x}"))
            .collect();
        let range = Range {
            from: None,
            below: Some(time_key(now)),
        };
        let first = shards
            .iter()
            .map(|shard| self.table.query(shard, &range, 1, None));
        let pages = futures::future::try_join_all(first).await?;
        Ok(pages
            .iter()
            .filter_map(|page| read_time(&page.rows.first()?.key))
            .min())
    }

    /// Deletes the intent: what it announced is delivered, or never happened.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn drop_intent(&self, intent: &Intent) -> Result<(), StoreError> {
        let delete = Write::Delete {
            key: intent.key.clone(),
            if_match: intent.etag.clone(),
        };
        // Another worker may have deleted it.
        access::commit_unless_changed(&*self.table, &partition(intent.id), &[delete])
            .await
            .map(drop)
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
        let mark = Uuid::new_v4().simple().to_string();
        let writes = [
            Write::Delete {
                key: intent.key.clone(),
                if_match: intent.etag.clone(),
            },
            Write::Insert {
                key: key(until, intent.id, intent.event, intent.channel, &mark),
                fields: rows::intent(intent.announced)?,
            },
        ];
        access::commit_unless_changed(&*self.table, &partition(intent.id), &writes)
            .await
            .map(drop)
    }
}

pub(super) fn too_slow() -> TableError {
    TableError::Unavailable {
        reason: "it took too long".to_owned(),
        retry_after: None,
        throttled: false,
    }
}

pub(super) fn partition(id: InvitationId) -> String {
    let text = id.to_string();
    format!("{PREFIX}{}", &text[..1])
}

/// Whether the partition holds intents, or receivers that are gone.
pub(super) fn is_partition(name: &str) -> bool {
    name.starts_with(PREFIX) || name == GONE
}

/// Sorts by time: milliseconds since 1970, thirteen digits until the year 2286.
fn time_key(at: OffsetDateTime) -> String {
    format!("{:013}", at.unix_timestamp_nanos() / 1_000_000)
}

fn read_time(key: &str) -> Option<OffsetDateTime> {
    let milliseconds: i128 = key.split('-').next()?.parse().ok()?;
    OffsetDateTime::from_unix_timestamp_nanos(milliseconds * 1_000_000).ok()
}

fn key(due: OffsetDateTime, id: InvitationId, event: u32, channel: Channel, mark: &str) -> String {
    format!(
        "{}-{id}-{event:06}-{}-{mark}",
        time_key(due),
        channel.name()
    )
}

/// Begins as an intent does, so that one query finds both.
pub(super) fn state_key(due: OffsetDateTime, id: InvitationId, digest: &str) -> String {
    format!("{}-{id}-state-{digest}", time_key(due))
}

fn read_state(key: &str) -> Option<DueState> {
    let mut parts = key.split('-').skip(1);
    let id = parts.next()?.parse().ok()?;
    let digest = parts
        .next()
        .filter(|kind| *kind == "state")
        .and(parts.next())?;
    Some(DueState {
        id,
        digest: digest.to_owned(),
        key: key.to_owned(),
    })
}

fn read_intent(key: String, etag: ETag, announced: OffsetDateTime) -> Option<Intent> {
    let mut parts = key.split('-').skip(1);
    let id = parts.next()?.parse().ok()?;
    let event = parts.next()?.parse().ok()?;
    let channel = Channel::parse(parts.next()?)?;
    Some(Intent {
        id,
        event,
        channel,
        announced,
        key,
        etag,
    })
}
