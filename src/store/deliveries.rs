//! How far the events of an invitation were delivered: one row for each channel in the invitation's
//! own partition, with a lease, so that one worker at a time delivers them, in order.

use std::sync::Arc;

use time::{Duration, OffsetDateTime};
use tokio::time::timeout;

use super::{
    access,
    error::StoreError,
    history::History,
    invitations::Invitations,
    outbox::{Outbox, RECORD_TIMEOUT, too_slow},
    rows,
    table::{ETag, Fields, Table, TableError, Write},
};
use crate::domain::invitation::{Channel, InvitationId, Progress};

/// How long a lease lasts after it was last renewed. Longer than any write.
pub const LEASE: Duration = Duration::seconds(15);

/// The right to deliver the events of an invitation on one channel, for a while.
#[derive(Debug)]
pub struct Lease {
    id: InvitationId,
    channel: Channel,
    until: OffsetDateTime,
    etag: ETag,
}

/// The progress of every channel.
#[derive(Clone, Debug)]
pub struct Deliveries {
    table: Arc<dyn Table>,
    outbox: Outbox,
    invitations: Invitations,
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
        self.etag = etag;
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
        self.outbox.notify(intent);
        Ok(true)
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
                .map(|etag| lease.continue_with(etag, until))
                .is_some()),
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
            RECORD_TIMEOUT,
            self.invitations
                .record_delivery_with(lease.id, sent, now, write),
        )
        .await;
        let Some(etags) = recorded.map_err(|_| too_slow())?? else {
            return Ok(false);
        };
        Ok(etags.map(|etag| lease.continue_with(etag, until)).is_some())
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
