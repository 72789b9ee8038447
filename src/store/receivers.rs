//! What all instances know of a receiver of webhooks: that it fails, or that it answered 410.
//!
//! Both are rows of one partition, since one query then reads what is known. No row: it works.

use std::sync::Arc;

use time::{Duration, OffsetDateTime};

use super::{
    access,
    error::StoreError,
    rows,
    table::{ETag, Fields, Range, Row, Table, TableError, Write},
};

/// The partition. Its name is from the time when it recorded nothing but the answer 410.
pub(super) const PARTITION: &str = "webhook-gone";
/// A receiver that fails is probed at this interval.
const PROBE_INTERVAL: Duration = Duration::MINUTE;
/// A receiver that answered 410 is probed at this interval.
const GONE_PROBE_INTERVAL: Duration = Duration::DAY;

const GONE: &str = "the receiver has answered 410: it wants no more events";

/// Whether a receiver gets events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Circuit {
    /// It does.
    Closed,
    /// It fails: its events wait, but for one probe at a time.
    Open(Outage),
    /// It answered 410: it wants no more events, and is probed daily.
    Gone(Outage),
}

/// Since when a receiver gets no events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outage {
    /// When the circuit was opened; of a receiver that is gone, when it was last probed.
    pub since: OffsetDateTime,
    /// When the next probe is due.
    pub probe_at: OffsetDateTime,
    /// How the receiver failed.
    pub reason: String,
    etag: ETag,
}

/// The receivers.
#[derive(Clone, Debug)]
pub struct Receivers {
    table: Arc<dyn Table>,
}

impl Receivers {
    /// Over a table.
    pub(super) fn new(table: Arc<dyn Table>) -> Self {
        Self { table }
    }

    /// What is known of the receiver of this name: one query.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn circuit(&self, receiver: &str) -> Result<Circuit, StoreError> {
        let rows = access::rows_of(&*self.table, PARTITION, Range::default()).await?;
        let find = |key: &str| rows.iter().find(|row| row.key == key);
        if let Some(row) = find(receiver) {
            return Ok(Circuit::Gone(gone(row)?));
        }
        match find(&open_key(receiver)) {
            Some(row) => Ok(Circuit::Open(open(row)?)),
            None => Ok(Circuit::Closed),
        }
    }

    /// Opens the circuit for all instances.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn open(
        &self,
        receiver: &str,
        reason: &str,
        now: OffsetDateTime,
    ) -> Result<Circuit, StoreError> {
        let insert = Write::Insert {
            key: open_key(receiver),
            fields: rows::outage(now, now + PROBE_INTERVAL, reason)?,
        };
        access::insert_once(&*self.table, PARTITION, &[insert]).await?;
        self.circuit(receiver).await
    }

    /// Records that the receiver answered 410.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn record_gone(
        &self,
        receiver: &str,
        now: OffsetDateTime,
    ) -> Result<Circuit, StoreError> {
        let insert = Write::Insert {
            key: receiver.to_owned(),
            fields: rows::intent(now)?,
        };
        access::insert_once(&*self.table, PARTITION, &[insert]).await?;
        self.circuit(receiver).await
    }

    /// Takes the right to send the probe that is due. `None` where another worker was faster.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn claim_probe(
        &self,
        receiver: &str,
        circuit: &Circuit,
        now: OffsetDateTime,
    ) -> Result<Option<Circuit>, StoreError> {
        let claim = |key: String, outage: &Outage, fields: Fields| Write::Replace {
            key,
            if_match: outage.etag.clone(),
            fields,
        };
        let (claim, next): (Write, fn(Outage) -> Circuit) = match circuit {
            Circuit::Closed => return Ok(None),
            Circuit::Open(outage) => {
                let fields = rows::outage(outage.since, now + PROBE_INTERVAL, &outage.reason)?;
                (claim(open_key(receiver), outage, fields), Circuit::Open)
            }
            Circuit::Gone(outage) => {
                let key = receiver.to_owned();
                (claim(key, outage, rows::intent(now)?), Circuit::Gone)
            }
        };
        let etags = match self.table.commit(PARTITION, &[claim]).await {
            Ok(etags) => etags,
            Err(TableError::Exists | TableError::Changed) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let etag = etags.into_iter().next().flatten();
        Ok(etag.map(|etag| next(circuit.probed(now, etag))))
    }

    /// The receiver gets events again.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn close(&self, receiver: &str) -> Result<(), StoreError> {
        access::delete_row(&*self.table, PARTITION, receiver).await?;
        access::delete_row(&*self.table, PARTITION, &open_key(receiver)).await
    }
}

impl Circuit {
    /// Why it is not closed.
    #[must_use]
    pub fn outage(&self) -> Option<&Outage> {
        match self {
            Self::Closed => None,
            Self::Open(outage) | Self::Gone(outage) => Some(outage),
        }
    }

    fn probed(&self, now: OffsetDateTime, etag: ETag) -> Outage {
        match self {
            Self::Open(outage) => Outage {
                since: outage.since,
                probe_at: now + PROBE_INTERVAL,
                reason: outage.reason.clone(),
                etag,
            },
            Self::Closed | Self::Gone(_) => Outage {
                since: now,
                probe_at: now + GONE_PROBE_INTERVAL,
                reason: GONE.to_owned(),
                etag,
            },
        }
    }
}

fn open_key(receiver: &str) -> String {
    format!("circuit-{receiver}")
}

fn gone(row: &Row) -> Result<Outage, StoreError> {
    let since = rows::read_intent(&row.fields)?;
    Ok(Outage {
        since,
        probe_at: since + GONE_PROBE_INTERVAL,
        reason: GONE.to_owned(),
        etag: row.etag.clone(),
    })
}

fn open(row: &Row) -> Result<Outage, StoreError> {
    let (since, probe_at, reason) = rows::read_outage(&row.fields)?;
    Ok(Outage {
        since,
        probe_at,
        reason: reason.to_owned(),
        etag: row.etag.clone(),
    })
}
