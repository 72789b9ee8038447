//! How far the events of an invitation were delivered: one row for each channel in the invitation's
//! own partition, with a lease, so that one worker at a time delivers them, in order.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use time::{Duration, OffsetDateTime};
use tokio::time::timeout;

use super::{
    access::{self, too_slow},
    error::StoreError,
    history::{ChannelState, HEAD_START, History},
    invitations::Invitations,
    outbox::{Outbox, RECORD_TIMEOUT},
    rows,
    table::{ETag, Fields, Table, TableError, Write},
};
use crate::domain::invitation::{Channel, Event, InvitationId, Progress};

/// How long a lease lasts after it was last renewed. Longer than any write.
pub const LEASE: Duration = Duration::seconds(15);
/// Channels of which this process remembers what it has recorded.
const MAX_RECENT: usize = 4096;

/// The right to deliver the events of an invitation on one channel, for a while.
#[derive(Debug)]
pub struct Lease {
    id: InvitationId,
    channel: Channel,
    until: OffsetDateTime,
    /// The version of the row of the channel; `None`: there is none yet.
    etag: Option<ETag>,
}

/// What this process has recorded lately: a hint, since every write names the version it is based
/// on.
#[derive(Clone, Debug, Default)]
struct Recent(Arc<Mutex<HashMap<(InvitationId, Channel), ChannelState>>>);

impl Recent {
    fn put(&self, id: InvitationId, channel: Channel, state: ChannelState) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MAX_RECENT {
            all.clear();
        }
        all.insert((id, channel), state);
    }

    fn take(&self, id: InvitationId, channel: Channel) -> Option<ChannelState> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.remove(&(id, channel))
    }
}

/// What became of the e-mail with the invitation.
#[derive(Clone, Copy, Debug)]
pub struct EmailOutcome<'a> {
    /// The invitation, as it was read or written.
    pub history: &'a History,
    /// Whether the e-mail was sent, or given up.
    pub sent: bool,
}

/// The progress of every channel.
#[derive(Clone, Debug)]
pub struct Deliveries {
    table: Arc<dyn Table>,
    outbox: Outbox,
    invitations: Invitations,
    recent: Recent,
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

    fn continue_with(&mut self, etag: ETag, until: Option<OffsetDateTime>) {
        self.etag = Some(etag);
        self.until = until.unwrap_or(self.until);
    }

    /// The channel.
    #[must_use]
    pub fn channel(&self) -> Channel {
        self.channel
    }
}

impl Deliveries {
    /// Over a table.
    pub(super) fn new(table: Arc<dyn Table>, outbox: Outbox, invitations: Invitations) -> Self {
        Self {
            table,
            outbox,
            invitations,
            recent: Recent::default(),
        }
    }

    /// Has the events from `first` on delivered again on the channel; the intent is of the last
    /// one, so that it stays until all are delivered. A worker that is delivering them loses its
    /// lease by that, so the event in progress may be delivered twice. `false` where the channel
    /// has advanced further than `history`: decide anew.
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
        let intent = self
            .outbox
            .announce_again(id, history.last(), channel, now)
            .await?;
        let state = history.channel(channel);
        let again = state.progress.clone().again_from(first);
        let write = progress_write(channel, state.etag.clone(), rows::progress(&again, None)?);
        let written =
            access::commit_unless_changed(&*self.table, &id.to_string(), &[write]).await?;
        if written.is_none() {
            return Ok(false);
        }
        self.recent.take(id, channel);
        self.outbox.notify(intent, None, true);
        Ok(true)
    }

    /// The right of the process that caused the event to deliver it first, which is not written
    /// down: other workers respect it while the event has its head start
    /// ([`History::has_head_start`]). `None` where that is nearly over: the clocks of two instances
    /// are never quite the same.
    #[must_use]
    pub fn head_start(
        &self,
        history: &History,
        event: &Event,
        channel: Channel,
        now: OffsetDateTime,
    ) -> Option<Lease> {
        let until = event.at + HEAD_START;
        let free = !history.is_leased(channel, now);
        (free && now + HEAD_START / 2 < until).then(|| Lease {
            id: history.record.id(),
            channel,
            until,
            etag: history.channel(channel).etag.clone(),
        })
    }

    /// Remembers how far the channel came, for the next event that this process delivers.
    #[must_use]
    pub fn recall(&self, history: History, channel: Channel) -> History {
        match self.recent.take(history.record.id(), channel) {
            Some(state) => history.with_channel(channel, state),
            None => history,
        }
    }

    /// Deletes the addresses that were named with events, once every channel has delivered them or
    /// given them up.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn forget_colleagues(&self, history: &History) -> Result<(), StoreError> {
        let partition = history.record.id().to_string();
        for number in history.delivered_colleagues(self.outbox.channels()) {
            let key = rows::colleague_key(number);
            access::delete_row(&*self.table, &partition, &key).await?;
        }
        Ok(())
    }

    /// Takes the lease of a channel; `None` where another worker holds it.
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
        let state = history.channel(channel);
        let until = now + LEASE;
        let fields = rows::progress(&state.progress, Some(until))?;
        let write = progress_write(channel, state.etag.clone(), fields);
        match self
            .table
            .commit(&history.record.id().to_string(), &[write])
            .await
        {
            Ok(etags) => Ok(etags.into_iter().flatten().next().map(|etag| Lease {
                id: history.record.id(),
                channel,
                until,
                etag: Some(etag),
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
            lease.etag.clone(),
            rows::progress(progress, until)?,
        );
        match self.table.commit(&lease.id.to_string(), &[write]).await {
            Ok(etags) => {
                let etag = etags.into_iter().next().flatten();
                Ok(self.keep(lease, progress, etag, until))
            }
            Err(TableError::Exists | TableError::Changed) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Records what became of the invitation's e-mail: the event of it and the channel's progress,
    /// both or neither. Otherwise as [`Deliveries::record`].
    ///
    /// # Errors
    /// Where the table fails, or people contend for the invitation.
    pub async fn record_email(
        &self,
        lease: &mut Lease,
        email: EmailOutcome<'_>,
        progress: &Progress,
        until: Option<OffsetDateTime>,
        now: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        let write = progress_write(
            lease.channel,
            lease.etag.clone(),
            rows::progress(progress, until)?,
        );
        let recorded = timeout(
            RECORD_TIMEOUT,
            self.invitations
                .record_delivery_with(email.history, email.sent, now, write),
        )
        .await;
        let Some(etags) = recorded.map_err(|_| too_slow())?? else {
            return Ok(false);
        };
        Ok(self.keep(lease, progress, etags, until))
    }

    fn keep(
        &self,
        lease: &mut Lease,
        progress: &Progress,
        etag: Option<ETag>,
        until: Option<OffsetDateTime>,
    ) -> bool {
        let Some(etag) = etag else {
            return false;
        };
        if until.is_none() {
            let state = ChannelState::released(progress.clone(), etag.clone());
            self.recent.put(lease.id, lease.channel, state);
        }
        lease.continue_with(etag, until);
        true
    }
}

fn progress_write(channel: Channel, etag: Option<ETag>, fields: Fields) -> Write {
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
