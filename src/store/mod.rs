//! The store: the table port with its adapters ([`table`]), and one repository for each kind of
//! data over it, held together by [`Store`].

pub mod table;

mod access;
mod approvals;
mod channels;
mod codes;
mod companies;
mod deliveries;
mod error;
mod feed;
mod given_up;
mod history;
mod idempotency;
mod index;
mod invitations;
mod merge;
mod outbox;
mod receivers;
mod retention;
mod rows;
mod schedule;
mod secondary_rows;
mod states;
mod transfer;
mod uploads;

use std::sync::Arc;

use time::Duration;
use tokio::sync::mpsc;

use crate::{clock::Clock, domain::invitation::Reminders, seal::Sealer};
use table::Table;

pub use approvals::Approval;
pub use channels::Channels;
pub use codes::{Codes, Entered};
pub use companies::{Companies, Completion, Existing, Member};
pub use deliveries::{Deliveries, EmailOutcome, LEASE, Lease};
pub use error::StoreError;
pub use feed::{DECIDED, Feed, FeedPage, FeedPosition, Kinds, SETTLED};
pub use given_up::{GivenUp, GivenUpPage, GivenUpWebhook, Redelivery};
pub use history::History;
pub use idempotency::{AgedRequest, Idempotency, Plan, Recalled, Request};
pub use index::{Filter, Index, Listed, Position};
pub use invitations::{Conditions, Invitations, Outcome, VersionedInvitation};
pub use outbox::{Announced, Due, DueState, DueStates, Intent, Outbox};
pub use receivers::{Circuit, Outage, Receivers};
pub use retention::{Aged, AgedPage, Purged, Retention};
pub use rows::SHARDS;
pub use schedule::{DueMoment, DueMoments, Schedule};
pub use states::{StateUse, States, UsedState, Verified};
pub use transfer::{ExportedRow, Import, Transfer};
pub use uploads::{RowResult, RowState, Upload, UploadKind, UploadRow, Uploads};

/// Every repository, over one table.
#[derive(Clone, Debug)]
pub struct Store {
    /// The invitations and their transitions.
    pub invitations: Invitations,
    /// The list of invitations.
    pub index: Index,
    /// The events that are still to be delivered.
    pub outbox: Outbox,
    /// What is known of the receiver of webhooks.
    pub receivers: Receivers,
    /// The webhooks that were given up.
    pub given_up: GivenUp,
    /// How far the events were delivered.
    pub deliveries: Deliveries,
    /// The codes that prove a mailbox.
    pub codes: Codes,
    /// The sign-in states that were used.
    pub states: States,
    /// One company per customer number.
    pub companies: Companies,
    /// The requests with an `Idempotency-Key`.
    pub idempotency: Idempotency,
    /// The purge and the erasures.
    pub retention: Retention,
    /// The events of all invitations in one order.
    pub feed: Feed,
    /// When invitations expire and recipients are reminded.
    pub schedule: Schedule,
    /// Many invitations at once.
    pub uploads: Uploads,
    /// Imports.
    pub transfer: Transfer,
    table: Arc<dyn Table>,
}

/// What a deployment does with the store.
#[derive(Debug)]
pub struct Options {
    /// Where events are delivered to.
    pub channels: Channels,
    /// The clock of the feed.
    pub clock: Clock,
    /// How long the feed keeps events; `None`: there is no feed.
    pub feed_kept_for: Option<Duration>,
    /// When recipients are reminded.
    pub reminders: Reminders,
}

impl Options {
    /// Without a feed and reminders.
    #[must_use]
    pub fn new(channels: Channels, clock: Clock) -> Self {
        Self {
            channels,
            clock,
            feed_kept_for: None,
            reminders: Reminders::default(),
        }
    }
}

impl Store {
    /// Over a table; `sealer` seals the secrets in it. The intents of the events that this process
    /// causes come out of the receiver, to be delivered at once; the timer finds those that nothing
    /// receives.
    pub fn new(
        table: Arc<dyn Table>,
        sealer: Sealer,
        options: Options,
    ) -> (Self, mpsc::Receiver<Announced>) {
        let Options {
            channels,
            clock,
            feed_kept_for,
            reminders,
        } = options;
        // Without a mail server, no reminder is sent.
        let reminders = if channels.mail {
            reminders
        } else {
            Reminders::default()
        };
        let feed = Feed::new(Arc::clone(&table), clock, feed_kept_for);
        let (outbox, intents) = Outbox::new(Arc::clone(&table), channels, feed.clone());
        let index = Index::new(Arc::clone(&table), sealer.clone());
        let invitations = Invitations::new(
            Arc::clone(&table),
            sealer.clone(),
            index.clone(),
            outbox.clone(),
            reminders.clone(),
        );
        let companies = Companies::new(Arc::clone(&table), invitations.clone(), index.clone());
        let store = Self {
            deliveries: Deliveries::new(Arc::clone(&table), outbox.clone(), invitations.clone()),
            receivers: Receivers::new(Arc::clone(&table)),
            given_up: GivenUp::new(Arc::clone(&table)),
            codes: Codes::new(Arc::clone(&table), sealer.clone(), invitations.clone()),
            states: States::new(Arc::clone(&table), sealer.clone(), outbox.clone()),
            idempotency: Idempotency::new(Arc::clone(&table), sealer.clone()),
            schedule: Schedule::new(Arc::clone(&table), invitations.clone(), reminders),
            uploads: Uploads::new(Arc::clone(&table), sealer.clone()),
            transfer: Transfer::new(Arc::clone(&table), outbox.clone()),
            retention: Retention::new(
                Arc::clone(&table),
                sealer,
                outbox.clone(),
                companies.clone(),
            ),
            companies,
            feed,
            invitations,
            index,
            outbox,
            table,
        };
        (store, intents)
    }

    /// The table that all of it is in, for an operator's tools.
    #[must_use]
    pub fn table(&self) -> Arc<dyn Table> {
        Arc::clone(&self.table)
    }

    /// The channels that events are delivered to.
    #[must_use]
    pub fn channels(&self) -> Channels {
        self.outbox.channels()
    }

    /// Whether the table can be read: one point read, of a row that need not exist.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn ping(&self) -> Result<(), StoreError> {
        Ok(self.table.get("health", "probe").await.map(drop)?)
    }
}
