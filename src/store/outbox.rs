//! The outbox: how an event finds its way to the people and machines that must hear of it, whatever
//! crashes.
//!
//! Before a transaction that causes an event, an *intent* is written for each channel into a
//! partition of its own, sorted by when it is due. Then comes the transaction with the change and
//! its event. Whoever delivers reads the due intents, looks at the invitation, tells what is not
//! told yet, and takes the intent away:
//!
//! - a crash before the transaction leaves an intent of something that never happened: it is
//!   dropped when it is older than any request can be ([`GRACE`]);
//! - a crash after the transaction leaves an intent that leads to the event;
//! - so nothing that happened is lost, and no table is ever scanned: a tick costs what is due.
//!
//! How far an invitation's events were told stands in its own partition, one row for each channel,
//! with a lease, so that one process at a time tells them, in order.

use time::{Duration, OffsetDateTime};
use tokio::time::{Instant, timeout};
use uuid::Uuid;

use super::{
    Invitations, StoreError, rows,
    table::{ETag, Range, Row, TableError, Write},
};
use crate::domain::{
    company::Company,
    invitation::{
        Channel, Event, EventKind, Invitation, InvitationId, Link, PATIENCE, Progress, Record,
        Transition,
    },
};

/// Partitions of the outbox. An invitation's intents are all in one.
pub const SHARDS: u8 = 16;
/// Receivers that answered 410.
const GONE: &str = "webhook-gone";
/// No transaction is still on its way after this.
const GRACE: Duration = Duration::minutes(2);
/// So long a change may take to be recorded: well below [`GRACE`].
const RECORDING: std::time::Duration = std::time::Duration::from_secs(60);
/// How long who tells events has the right to, from when they last said that they are alive. Longer
/// than any write.
pub const LEASE: Duration = Duration::seconds(15);
/// The process that wrote the intent has this long before others look.
const HEAD_START: Duration = Duration::seconds(5);
/// Intents that one call gives.
const A_LOOK: usize = 1000;
/// Calls that a shard may cost a tick.
const LOOKS: usize = 10;

/// The channels that this deployment has.
#[derive(Clone, Copy, Debug, Default)]
pub struct Channels {
    /// There is a mail server.
    pub mail: bool,
    /// There is a webhook.
    pub webhook: bool,
}

/// An intent: that the event of this number may have to be told.
#[derive(Clone, Debug)]
pub struct Intent {
    /// The invitation.
    pub id: InvitationId,
    /// The event's number.
    pub event: u32,
    /// Where to tell it.
    pub channel: Channel,
    announced: OffsetDateTime,
    key: String,
    etag: ETag,
}

/// All that is known of an invitation.
#[derive(Debug)]
pub struct History {
    /// As it stands.
    pub record: Record,
    /// Its events, in order, as far as this version of the program can read them.
    pub events: Vec<Event>,
    /// The number of the last one that is there, whether it can be read or not.
    last: u32,
    /// The company that was created.
    pub company: Option<Company>,
    sealed_link: String,
    etag: Option<ETag>,
    mail: Told,
    webhook: Told,
}

/// The row of a channel.
#[derive(Clone, Debug, Default)]
struct Told {
    progress: Progress,
    leased_until: Option<OffsetDateTime>,
    etag: Option<ETag>,
}

/// The right to tell the events of an invitation on one channel, for a while.
#[derive(Debug)]
pub struct Lease {
    id: InvitationId,
    channel: Channel,
    until: OffsetDateTime,
    etag: ETag,
}

impl Channels {
    /// Whether this deployment has the channel.
    #[must_use]
    pub fn have(self, channel: Channel) -> bool {
        match channel {
            Channel::Mail => self.mail,
            Channel::Webhook => self.webhook,
        }
    }

    /// Where this event must be told. Of an invitation that was erased, nobody is written letters
    /// any more.
    #[must_use]
    pub fn of(self, record: &Record, event: &Event) -> Vec<Channel> {
        match record {
            Record::Live(invitation) => self.of_live(invitation, event),
            Record::Erased(_) => self.of_erased(),
        }
    }

    pub(super) fn of_erased(self) -> Vec<Channel> {
        self.webhook
            .then_some(Channel::Webhook)
            .into_iter()
            .collect()
    }

    pub(super) fn of_live(self, invitation: &Invitation, event: &Event) -> Vec<Channel> {
        let terms = &invitation.terms;
        let letter = match event.kind {
            EventKind::Created => terms.send_email,
            EventKind::Resent => true,
            EventKind::RenewalRequested | EventKind::CompanyCreated => {
                terms.inviter.email.is_some()
            }
            EventKind::Sent
            | EventKind::DeliveryFailed
            | EventKind::Accepted
            | EventKind::Revoked => false,
        };
        let mail = (self.mail && letter).then_some(Channel::Mail);
        mail.into_iter()
            .chain(self.webhook.then_some(Channel::Webhook))
            .collect()
    }
}

impl Intent {
    /// Whether it announces more than anybody would still be told.
    #[must_use]
    pub fn is_forgotten(&self, now: OffsetDateTime) -> bool {
        now > self.announced + PATIENCE
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

impl Lease {
    /// The invitation.
    #[must_use]
    pub fn invitation(&self) -> InvitationId {
        self.id
    }

    /// When it runs out.
    #[must_use]
    pub fn until(&self) -> OffsetDateTime {
        self.until
    }

    fn goes_on(&mut self, etag: ETag, until: Option<OffsetDateTime>) {
        self.etag = etag;
        self.until = until.unwrap_or(self.until);
    }

    /// The channel.
    #[must_use]
    pub fn channel(&self) -> Channel {
        self.channel
    }
}

impl History {
    /// Of an invitation that was just created.
    #[must_use]
    pub fn of_new((invitation, event): Transition) -> Self {
        let (mail, webhook) = (Told::default(), Told::default());
        let record = Record::Live(Box::new(invitation));
        Self {
            record,
            last: event.number,
            events: vec![event],
            company: None,
            sealed_link: String::new(),
            etag: None,
            mail,
            webhook,
        }
    }

    /// The version of the invitation that was read; `None` of one that was not.
    #[must_use]
    pub fn version(&self) -> Option<&ETag> {
        self.etag.as_ref()
    }

    /// How far the channel has come.
    #[must_use]
    pub fn progress(&self, channel: Channel) -> &Progress {
        &self.told(channel).progress
    }

    /// The first event after the settled ones that cannot be read: it is broken or missing, though
    /// a later one is there, or of a kind that only a newer version of the program knows, which
    /// works beside this one.
    #[must_use]
    pub fn unreadable(&self, channel: Channel) -> Option<u32> {
        let is_missing = |number: &u32| !self.events.iter().any(|event| event.number == *number);
        (self.progress(channel).settled + 1..=self.last).find(is_missing)
    }

    /// Whether somebody tells the events of the channel just now.
    #[must_use]
    pub fn is_leased(&self, channel: Channel, now: OffsetDateTime) -> bool {
        self.told(channel)
            .leased_until
            .is_some_and(|until| now < until)
    }

    fn told(&self, channel: Channel) -> &Told {
        match channel {
            Channel::Mail => &self.mail,
            Channel::Webhook => &self.webhook,
        }
    }
}

impl Invitations {
    /// The channels that are told what happens.
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

    /// Remembers, for all instances, that the receiver wants no more events.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn mark_gone(&self, receiver: &str, now: OffsetDateTime) -> Result<(), StoreError> {
        match self
            .table
            .commit(
                GONE,
                &[Write::Insert {
                    key: receiver.to_owned(),
                    fields: rows::intent(now)?,
                }],
            )
            .await
        {
            Ok(_) | Err(TableError::Exists) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// An operator asks the receiver again.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn ask_again(&self, receiver: &str) -> Result<(), StoreError> {
        let Some(row) = self.table.get(GONE, receiver).await? else {
            return Ok(());
        };
        match self
            .table
            .commit(
                GONE,
                &[Write::Delete {
                    key: row.key,
                    if_match: row.etag,
                }],
            )
            .await
        {
            Ok(_) | Err(TableError::Changed) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Has the events from `first` on told again on the channel; the intent is of the last one, so
    /// that it stays until all are told. Who tells them just now loses the lease by that, so the
    /// event that they are at may be told twice. `false` where the channel has come further than
    /// `history`: decide anew.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn redeliver(
        &self,
        history: &History,
        channel: Channel,
        first: u32,
        now: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        let id = history.record.id();
        let key = key(
            now + HEAD_START,
            id,
            history.last,
            channel,
            &Uuid::new_v4().simple().to_string(),
        );
        let etags = self
            .table
            .commit(
                &partition(id),
                &[Write::Insert {
                    key: key.clone(),
                    fields: rows::intent(now)?,
                }],
            )
            .await?;
        let told = history.told(channel);
        let write = progress_write(
            channel,
            told.etag.clone(),
            rows::progress(&told.progress.clone().again_from(first), None)?,
        );
        match self.table.commit(&id.to_string(), &[write]).await {
            Ok(_) => {}
            Err(TableError::Exists | TableError::Changed) => return Ok(false),
            Err(error) => return Err(error.into()),
        }
        let etag = etags.into_iter().flatten().next();
        self.nudge(
            etag.map(|etag| Intent {
                id,
                event: history.last,
                channel,
                announced: now,
                key,
                etag,
            })
            .into_iter()
            .collect(),
        );
        Ok(true)
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
        let begun = Instant::now();
        let due = now + HEAD_START;
        // Two tries of one transition may announce the same event: the mark keeps their intents
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
        let fields = rows::intent(now).map_err(|error| TableError::Refused(error.to_string()))?;
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
            // Ours, from a first try that arrived unheard; without their versions the timer has to
            // find them.
            Err(TableError::Exists) => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        // The process stood still meanwhile. By the time of the transaction, the intents may be
        // gone.
        if begun.elapsed() > RECORDING {
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

    /// Hands the intents of what has happened to this process's own deliverer, which need not wait
    /// for the timer.
    pub(super) fn nudge(&self, intents: Vec<Intent>) {
        for intent in intents {
            // A full queue is no loss: the timer finds the intent.
            let _ = self.nudges.try_send(intent);
        }
    }

    /// Intents of a shard that are due, the oldest first: at most `enough` of each channel. One
    /// call, where few are due; it looks behind those of one channel for those of the other, but
    /// not through all that a backlog of days may be.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn due(
        &self,
        shard: u8,
        now: OffsetDateTime,
        enough: usize,
    ) -> Result<Vec<Intent>, StoreError> {
        let range = Range {
            from: None,
            below: Some(time_key(now + Duration::SECOND)),
        };
        let (mut due, mut after) = ([Vec::new(), Vec::new()], None);
        for _ in 0..LOOKS {
            let page = self
                .table
                .query(&format!("outbox-{shard:x}"), &range, A_LOOK, after.as_ref())
                .await?;
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
        Ok(due.concat())
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

    /// Takes the intent away: what it announced is told, or never happened.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn drop_intent(&self, intent: &Intent) -> Result<(), StoreError> {
        let delete = Write::Delete {
            key: intent.key.clone(),
            if_match: intent.etag.clone(),
        };
        match self.table.commit(&partition(intent.id), &[delete]).await {
            // Somebody else has taken it away.
            Ok(_) | Err(TableError::Changed) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Makes the intent due at another time.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn postpone(&self, intent: &Intent, until: OffsetDateTime) -> Result<(), StoreError> {
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
        match self.table.commit(&partition(intent.id), &writes).await {
            Ok(_) | Err(TableError::Changed) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// The invitation with all that has happened to it.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn history(&self, id: InvitationId) -> Result<Option<History>, StoreError> {
        // The used states sort last, tell nothing, and are as many as there were attempts.
        let rows = self
            .rows(
                &id.to_string(),
                Range {
                    from: None,
                    below: Some("state-".to_owned()),
                },
            )
            .await?;
        let Some(own) = rows.iter().find(|row| row.key == rows::INVITATION) else {
            return Ok(None);
        };
        let Some(record) = rows::read_record(id, &own.fields)? else {
            return Ok(None);
        };
        let told = |channel: Channel| -> Result<Told, StoreError> {
            let Some(row) = rows
                .iter()
                .find(|row| row.key == rows::progress_key(channel))
            else {
                return Ok(Told::default());
            };
            let (progress, leased_until) = rows::read_progress(&row.fields)?;
            Ok(Told {
                progress,
                leased_until,
                etag: Some(row.etag.clone()),
            })
        };
        let company = rows
            .iter()
            .find(|row| row.key == rows::COMPANY)
            .map(|row| rows::read_company(&row.fields))
            .transpose()?;
        Ok(Some(History {
            record,
            events: rows
                .iter()
                .filter_map(|row| rows::read_event(id, &row.key, &row.fields))
                .collect(),
            last: rows
                .iter()
                .filter_map(|row| rows::event_number(&row.key))
                .max()
                .unwrap_or_default(),
            company,
            sealed_link: own.fields.get("link").cloned().unwrap_or_default(),
            etag: Some(own.etag.clone()),
            mail: told(Channel::Mail)?,
            webhook: told(Channel::Webhook)?,
        }))
    }

    /// Every row of a range.
    pub(super) async fn rows(&self, partition: &str, range: Range) -> Result<Vec<Row>, StoreError> {
        let (mut rows, mut after) = (Vec::new(), None);
        loop {
            let page = self
                .table
                .query(partition, &range, 1000, after.as_ref())
                .await?;
            rows.extend(page.rows);
            after = page.next;
            if after.is_none() {
                return Ok(rows);
            }
        }
    }

    /// The events that the channel has still to tell, in order, up to one that cannot be read.
    #[must_use]
    pub fn open_events<'a>(&self, history: &'a History, channel: Channel) -> Vec<&'a Event> {
        let settled = history.progress(channel).settled;
        let end = history.unreadable(channel).unwrap_or(u32::MAX);
        let wanted = |event: &&Event| {
            event.number > settled
                && event.number < end
                && self.channels.of(&history.record, event).contains(&channel)
        };
        history.events.iter().filter(wanted).collect()
    }

    /// The link, for the e-mail; `None` where it was sealed with a key that is retired.
    #[must_use]
    pub fn link(&self, history: &History) -> Option<Link> {
        let opened = self.sealer.open(
            &["link", &history.record.id().to_string()],
            &history.sealed_link,
        )?;
        std::str::from_utf8(&opened).ok()?.parse().ok()
    }

    /// Takes the lease of a channel; `None` where somebody else has it.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn lease(
        &self,
        history: &History,
        channel: Channel,
        now: OffsetDateTime,
    ) -> Result<Option<Lease>, StoreError> {
        if history.is_leased(channel, now) {
            return Ok(None);
        }
        let told = history.told(channel);
        let until = now + LEASE;
        let fields = rows::progress(&told.progress, Some(until))?;
        let write = progress_write(channel, told.etag.clone(), fields);
        match self
            .table
            .commit(&history.record.id().to_string(), &[write])
            .await
        {
            Ok(etags) => Ok(etags.into_iter().flatten().next().map(|etag| Lease {
                id: history.record.id(),
                channel,
                until,
                etag,
            })),
            Err(TableError::Exists | TableError::Changed) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Records how far the channel has come, and renews the lease or, with `until` `None`, gives it
    /// back. `false` where the lease was lost.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn record(
        &self,
        lease: &mut Lease,
        progress: &Progress,
        until: Option<OffsetDateTime>,
    ) -> Result<bool, StoreError> {
        let write = progress_write(
            lease.channel,
            Some(lease.etag.clone()),
            rows::progress(progress, until)?,
        );
        match self.table.commit(&lease.id.to_string(), &[write]).await {
            Ok(etags) => Ok(etags
                .into_iter()
                .flatten()
                .next()
                .map(|etag| lease.goes_on(etag, until))
                .is_some()),
            Err(TableError::Exists | TableError::Changed) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Records what became of the invitation's e-mail: the event of it and the channel's progress,
    /// both or neither. Otherwise as [`Invitations::record`].
    ///
    /// # Errors
    /// Where the table fails, or people contend for the invitation.
    pub async fn record_letter(
        &self,
        lease: &mut Lease,
        progress: &Progress,
        sent: bool,
        until: Option<OffsetDateTime>,
        now: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        let write = progress_write(
            lease.channel,
            Some(lease.etag.clone()),
            rows::progress(progress, until)?,
        );
        let recorded = timeout(
            RECORDING,
            self.record_delivery_with(lease.id, sent, now, write),
        )
        .await;
        let Some(etags) = recorded.map_err(|_| too_slow())?? else {
            return Ok(false);
        };
        Ok(etags.map(|etag| lease.goes_on(etag, until)).is_some())
    }
}

fn too_slow() -> TableError {
    TableError::Unavailable {
        reason: "it took too long".to_owned(),
        retry_after: None,
        throttled: false,
    }
}

fn progress_write(channel: Channel, etag: Option<ETag>, fields: super::table::Fields) -> Write {
    let key = rows::progress_key(channel);
    match etag {
        Some(if_match) => Write::Replace {
            key,
            if_match,
            fields,
        },
        None => Write::Insert { key, fields },
    }
}

fn partition(id: InvitationId) -> String {
    let text = id.to_string();
    format!("outbox-{}", &text[..1])
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
