//! An invitation with all that has happened to it, and how far its events were delivered.

use time::{Duration, OffsetDateTime};

use super::{
    channels::Channels,
    error::StoreError,
    rows,
    table::{ETag, Fields, Row, Write},
};
use crate::domain::{
    company::{Company, ConfirmedCompany},
    invitation::{Channel, Event, InvitationId, Progress, Record, Transition},
};

/// The process that causes an event has this long before other workers deliver it.
pub(super) const HEAD_START: Duration = Duration::seconds(5);

/// All that is known of an invitation.
#[derive(Clone, Debug)]
pub struct History {
    /// As stored.
    pub record: Record,
    /// Its events, in order, as far as this version of the program can read them.
    pub events: Vec<Event>,
    /// The number of the last one that is there, whether it can be read or not.
    last: u32,
    /// The company that was created.
    pub company: Option<Company>,
    sealed_link: String,
    /// Columns of the invitation that a change of it carries over.
    carried: Fields,
    /// The events with an intent, each with its channel.
    announced: Vec<(u32, Channel)>,
    etag: Option<ETag>,
    mail: ChannelState,
    webhook: ChannelState,
}

/// The row of a channel.
#[derive(Clone, Debug, Default)]
pub(super) struct ChannelState {
    pub(super) progress: Progress,
    leased_until: Option<OffsetDateTime>,
    pub(super) etag: Option<ETag>,
}

impl History {
    /// Of an invitation that was just created.
    #[must_use]
    pub fn of_new((invitation, event): Transition) -> Self {
        let (mail, webhook) = (ChannelState::default(), ChannelState::default());
        let record = Record::Live(Box::new(invitation));
        Self {
            record,
            last: event.number,
            events: vec![event],
            company: None,
            sealed_link: String::new(),
            carried: Fields::new(),
            announced: Vec::new(),
            etag: None,
            mail,
            webhook,
        }
    }

    /// As stored, with this version of the row of the invitation.
    pub(super) fn stored(self, own: &Fields, etag: Option<ETag>) -> Self {
        Self {
            sealed_link: own.get("link").unwrap_or_default().to_owned(),
            carried: rows::carried(own),
            etag,
            ..self
        }
    }

    /// After a transaction that wrote the row of the invitation with these columns, in this
    /// version, and `more`, too.
    pub(super) fn after(
        self,
        (invitation, event): &Transition,
        (own, etag): (&Fields, Option<ETag>),
        more: &[Write],
    ) -> Self {
        let company = more.iter().find_map(|write| match write {
            Write::Insert { key, fields } if key == rows::COMPANY => {
                rows::read_company(fields).ok()
            }
            Write::Insert { .. } | Write::Replace { .. } | Write::Delete { .. } => None,
        });
        let mut events = self.events;
        events.push(event.clone());
        let mail = match recorded_progress(more, Channel::Mail) {
            Some(progress) => ChannelState {
                progress,
                ..self.mail
            },
            None => self.mail,
        };
        Self {
            record: Record::Live(Box::new(invitation.clone())),
            events,
            last: event.number,
            company: company.or(self.company),
            carried: rows::carried(own),
            etag,
            mail,
            ..self
        }
    }

    /// With a channel as this process has just recorded it, if that is newer.
    pub(super) fn with_channel(mut self, channel: Channel, state: ChannelState) -> Self {
        let own = match channel {
            Channel::Mail => &mut self.mail,
            Channel::Webhook => &mut self.webhook,
        };
        if state.progress.settled > own.progress.settled {
            *own = state;
        }
        self
    }

    /// The company as the customer confirmed it.
    #[must_use]
    pub fn confirmed_company(&self) -> Option<ConfirmedCompany<'_>> {
        let invitation = self.record.as_live()?;
        let number = invitation.terms.company.customer_number.as_deref();
        let company = self.company.as_ref()?;
        Some(ConfirmedCompany::new(company, number))
    }

    /// The version of the invitation that was read; `None` of one that was not.
    #[must_use]
    pub fn version(&self) -> Option<&ETag> {
        self.etag.as_ref()
    }

    /// How far the channel has come.
    #[must_use]
    pub fn progress(&self, channel: Channel) -> &Progress {
        &self.channel(channel).progress
    }

    /// The first event after the settled ones that cannot be read: it is broken or missing, though
    /// a later one is there, or of a kind that only a newer version of the program knows, which
    /// works beside this one.
    #[must_use]
    pub fn unreadable(&self, channel: Channel) -> Option<u32> {
        let is_missing = |number: &u32| !self.events.iter().any(|event| event.number == *number);
        (self.progress(channel).settled + 1..=self.last).find(is_missing)
    }

    /// Whether there are events that the channel has not come to, if it delivers them at all.
    #[must_use]
    pub fn has_unsettled(&self, channel: Channel) -> bool {
        let settled = self.progress(channel).settled;
        self.events.iter().any(|event| event.number > settled)
    }

    /// Whether a later event than this one that is still to be delivered on the channel has an
    /// intent of its own, which then does the work of the intent of this one. Such an intent is
    /// written before its event, and lasts until the event is settled.
    #[must_use]
    pub fn has_later_intent(&self, channel: Channel, event: u32) -> bool {
        let settled = self.progress(channel).settled;
        let is_later =
            |(number, on): &(u32, Channel)| *on == channel && *number > event && *number > settled;
        self.announced.iter().any(is_later)
    }

    /// Whether the process that caused this event, the first open one, may still be delivering it
    /// without a lease: that process has a head start, during which it needs none.
    #[must_use]
    pub fn has_head_start(&self, event: &Event, channel: Channel, now: OffsetDateTime) -> bool {
        self.progress(channel).tries == 0 && now < event.at + HEAD_START
    }

    /// Whether a worker holds the lease of the channel.
    #[must_use]
    pub fn is_leased(&self, channel: Channel, now: OffsetDateTime) -> bool {
        self.channel(channel)
            .leased_until
            .is_some_and(|until| now < until)
    }

    pub(super) fn channel(&self, channel: Channel) -> &ChannelState {
        match channel {
            Channel::Mail => &self.mail,
            Channel::Webhook => &self.webhook,
        }
    }

    /// The link as it is stored: sealed.
    pub(super) fn sealed_link(&self) -> &str {
        &self.sealed_link
    }

    /// The columns of the invitation that a change of it carries over.
    pub(super) fn carried(&self) -> &Fields {
        &self.carried
    }

    /// The event of this number, if this version of the program can read it.
    pub(super) fn event(&self, number: u32) -> Option<&Event> {
        self.events.iter().find(|event| event.number == number)
    }

    /// The number of the last event, whether it can be read or not.
    pub(super) fn last(&self) -> u32 {
        self.last
    }

    /// The events that the channel has still to deliver, in order, up to one that cannot be read.
    #[must_use]
    pub fn open_events(&self, channels: Channels, channel: Channel) -> Vec<&Event> {
        let settled = self.progress(channel).settled;
        let end = self.unreadable(channel).unwrap_or(u32::MAX);
        let wanted = |event: &&Event| {
            event.number > settled
                && event.number < end
                && channels.of(&self.record, event).contains(&channel)
        };
        self.events.iter().filter(wanted).collect()
    }

    /// Whether an address that was named with an event is still kept.
    #[must_use]
    pub fn names_colleagues(&self) -> bool {
        let mut events = self.events.iter();
        events.any(|event| event.details.colleague.is_some())
    }

    /// The events with an address that no channel has still to deliver.
    pub fn delivered_colleagues(&self, channels: Channels) -> impl Iterator<Item = u32> {
        let named = self
            .events
            .iter()
            .filter(|event| event.details.colleague.is_some());
        let open: Vec<u32> = [Channel::Mail, Channel::Webhook]
            .into_iter()
            .flat_map(|channel| self.open_events(channels, channel))
            .map(|event| event.number)
            .collect();
        named
            .map(|event| event.number)
            .filter(move |number| !open.contains(number))
    }

    /// From the rows of the invitation; `None` where there is none.
    pub(super) fn read(id: InvitationId, rows: &[Row]) -> Result<Option<Self>, StoreError> {
        let Some(own) = rows.iter().find(|row| row.key == rows::INVITATION) else {
            return Ok(None);
        };
        let Some(record) = rows::read_record(id, &own.fields)? else {
            return Ok(None);
        };
        let company = rows
            .iter()
            .find(|row| row.key == rows::COMPANY)
            .map(|row| rows::read_company(&row.fields))
            .transpose()?;
        Ok(Some(History {
            record,
            events: events_of(id, rows),
            last: rows
                .iter()
                .filter_map(|row| rows::event_number(&row.key))
                .max()
                .unwrap_or_default(),
            company,
            sealed_link: own.fields.get("link").unwrap_or_default().to_owned(),
            carried: rows::carried(&own.fields),
            announced: rows.iter().flat_map(announced).collect(),
            etag: Some(own.etag.clone()),
            mail: ChannelState::read(rows, Channel::Mail)?,
            webhook: ChannelState::read(rows, Channel::Webhook)?,
        }))
    }
}

/// The progress of a channel that was recorded, if it was: an event of a failure is about it.
fn recorded_progress(writes: &[Write], channel: Channel) -> Option<Progress> {
    let key = rows::progress_key(channel);
    let written = writes.iter().find(|write| write.key() == key)?;
    match written {
        Write::Insert { fields, .. } | Write::Replace { fields, .. } => rows::read_progress(fields)
            .ok()
            .map(|(progress, _)| progress),
        Write::Delete { .. } => None,
    }
}

fn announced(row: &Row) -> Vec<(u32, Channel)> {
    let number = rows::event_number(&row.key);
    let of_event = |number| {
        let channels = rows::read_announced(&row.fields);
        channels.into_iter().map(move |channel| (number, channel))
    };
    number.into_iter().flat_map(of_event).collect()
}

/// The events, each with what was named with it and is still kept.
fn events_of(id: InvitationId, rows: &[Row]) -> Vec<Event> {
    let mut events: Vec<_> = rows
        .iter()
        .filter_map(|row| rows::read_event(id, &row.key, &row.fields))
        .collect();
    for event in &mut events {
        let key = rows::colleague_key(event.number);
        let named = rows.iter().find(|row| row.key == key);
        event.details.colleague = named.and_then(|row| rows::read_colleague(&row.fields).ok());
    }
    events
}

impl ChannelState {
    /// After its worker released the lease.
    pub(super) fn released(progress: Progress, etag: ETag) -> Self {
        Self {
            progress,
            leased_until: None,
            etag: Some(etag),
        }
    }

    fn read(rows: &[Row], channel: Channel) -> Result<Self, StoreError> {
        let key = rows::progress_key(channel);
        let Some(row) = rows.iter().find(|row| row.key == key) else {
            return Ok(Self::default());
        };
        let (progress, leased_until) = rows::read_progress(&row.fields)?;
        Ok(Self {
            progress,
            leased_until,
            etag: Some(row.etag.clone()),
        })
    }
}
