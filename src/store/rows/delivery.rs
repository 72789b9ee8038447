//! How far events were delivered, what is to be delivered, and receivers that are down.

use time::OffsetDateTime;

use super::columns::{Reader, Writer};
use crate::{
    domain::invitation::{Channel, Progress},
    store::{error::StoreError, table::Fields},
};

/// Begins the row keys of the channels' progress.
pub(in crate::store) const PROGRESS: &str = "progress-";
/// The column of a channel's progress with the end of its lease.
pub(in crate::store) const LEASED_UNTIL: &str = "leasedUntil";

pub(in crate::store) fn progress_key(channel: Channel) -> String {
    format!("{PROGRESS}{}", channel.name())
}

pub(in crate::store) fn progress(
    progress: &Progress,
    leased_until: Option<OffsetDateTime>,
) -> Result<Fields, StoreError> {
    let mut row = Writer::default();
    row.json("progress", progress)?;
    row.time(LEASED_UNTIL, leased_until)?;
    Ok(row.0)
}

pub(in crate::store) fn read_progress(
    fields: &Fields,
) -> Result<(Progress, Option<OffsetDateTime>), StoreError> {
    let row = Reader(fields);
    Ok((row.json("progress")?, row.maybe_time(LEASED_UNTIL)?))
}

pub(in crate::store) fn intent(announced: OffsetDateTime) -> Result<Fields, StoreError> {
    let mut row = Writer::default();
    row.time("announcedAt", Some(announced))?;
    Ok(row.0)
}

pub(in crate::store) fn read_intent(fields: &Fields) -> Result<OffsetDateTime, StoreError> {
    Reader(fields).time("announcedAt")
}

/// The outage of a receiver of webhooks: since when, when it is probed next, and why.
pub(in crate::store) fn outage(
    since: OffsetDateTime,
    probe_at: OffsetDateTime,
    reason: &str,
) -> Result<Fields, StoreError> {
    let mut row = Writer::default();
    row.text("reason", reason);
    row.time("since", Some(since))?;
    row.time("probeAt", Some(probe_at))?;
    Ok(row.0)
}

pub(in crate::store) fn read_outage(
    fields: &Fields,
) -> Result<(OffsetDateTime, OffsetDateTime, &str), StoreError> {
    let row = Reader(fields);
    Ok((
        row.time("since")?,
        row.time("probeAt")?,
        row.text("reason")?,
    ))
}

/// A request to deliver again what was given up in this period.
pub(in crate::store) fn redelivery(
    since: OffsetDateTime,
    until: OffsetDateTime,
) -> Result<Fields, StoreError> {
    let mut row = Writer::default();
    row.time("since", Some(since))?;
    row.time("until", Some(until))?;
    Ok(row.0)
}

pub(in crate::store) fn read_redelivery(
    fields: &Fields,
) -> Result<(OffsetDateTime, OffsetDateTime), StoreError> {
    let row = Reader(fields);
    Ok((row.time("since")?, row.time("until")?))
}
