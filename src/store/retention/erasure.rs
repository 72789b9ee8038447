//! The erasure of people's data. One transaction takes all of it out of the invitation's partition,
//! and from then on no reader finds any. The secondary rows that lead to the invitation follow; an
//! entry in the list of erasures, written before, lets the purge finish what a crash has left, and
//! check again for what a request that was under way has written after the erasure.

use futures::{StreamExt, future, stream};
use time::{Duration, OffsetDateTime};
use tokio::time::Instant;

use super::Retention;
use crate::domain::invitation::{Channel, Erased, Invitation, InvitationId, Progress, Record};
use crate::store::{
    access::{self, ATTEMPTS, MAX_WRITES},
    error::StoreError,
    index::{age_key, of_invitation},
    invitations::Conditions,
    rows::{self, Place},
    secondary_rows,
    table::{Fields, Range, Row, TableError, Write},
};

/// The list of erasures that the purge has not finished yet.
const ERASURES: &str = "erasures";
/// No request is still under way after this.
const GRACE: Duration = Duration::minutes(5);
/// Erasures that are finished concurrently.
const CONCURRENCY: usize = 16;

impl Retention {
    /// Erases what is known of people, under these conditions. `false` where there is no such
    /// invitation, `None` where it has another version than the one that is meant; a repetition
    /// finishes what the first call has left.
    ///
    /// # Errors
    /// Where the table fails, or people contend for the invitation.
    pub async fn erase(
        &self,
        id: InvitationId,
        Conditions { version, staff, .. }: Conditions<'_>,
        now: OffsetDateTime,
    ) -> Result<Option<bool>, StoreError> {
        let mut answer_lost = false;
        for _ in 0..ATTEMPTS {
            let rows = access::rows_of_invitation(&*self.table, id).await?;
            let Some(own) = rows.iter().find(|row| row.key == rows::INVITATION) else {
                return Ok(Some(false));
            };
            let Some(record) = rows::read_record(id, &own.fields)? else {
                return Ok(Some(false));
            };
            let places = secondary_rows::of_people(&record);
            let created_at = record.created_at();
            let Some(invitation) = record.live() else {
                return self
                    .finish_erasure(id, created_at)
                    .await
                    .map(|()| Some(true));
            };
            if version.is_some_and(|version| *version != own.etag) {
                return Ok(None);
            }
            self.note_erasure(id, &places, now).await?;
            match self
                .erase_rows((invitation, staff.is_some()), &rows, now)
                .await
            {
                Ok(()) => tracing::info!(invitation = %id, "erased"),
                Err(TableError::Exists | TableError::Changed) => {}
                // The write may have arrived: read once more.
                Err(TableError::Unavailable { .. }) if !answer_lost => answer_lost = true,
                Err(error) => return Err(error.into()),
            }
        }
        Err(StoreError::contended("one invitation"))
    }

    /// Records what the purge has to finish. The places of the secondary rows are sealed, as they
    /// follow from people's data.
    async fn note_erasure(
        &self,
        id: InvitationId,
        places: &[Place],
        now: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let name = id.to_string();
        let text = serde_json::to_vec(places).map_err(|_| StoreError::Corrupt("elsewhere"))?;
        let sealed = self
            .sealer
            .seal(&["erasure", &name], &text)
            .ok_or(StoreError::Corrupt("elsewhere"))?;
        let note = Write::Insert {
            key: name,
            fields: rows::erasure(now, &sealed)?,
        };
        Ok(access::insert_once(&*self.table, ERASURES, &[note]).await?)
    }

    async fn erase_rows(
        &self,
        (invitation, is_by_staff): (Invitation, bool),
        rows: &[Row],
        now: OffsetDateTime,
    ) -> Result<(), TableError> {
        let partition = invitation.id.to_string();
        let (erased, mut event) = invitation.erase(now);
        // All that is kept of the employee is that it was one.
        event.details.staff = is_by_staff.then_some(0);
        let own = rows.iter().find(|row| row.key == rows::INVITATION);
        let before = own.and_then(|own| own.fields.get(rows::FEED));
        let (outbox, channels) = (&self.outbox, self.outbox.channels().of_erased());
        let announced = outbox.announce(channels, &event, before, now).await?;
        let mut writes = Vec::new();
        for row in rows {
            let (key, if_match) = (row.key.clone(), row.etag.clone());
            match row.key.as_str() {
                rows::INVITATION => writes.push(Write::Replace {
                    key,
                    if_match,
                    fields: erased_row(&erased, row)?,
                }),
                rows::COMPANY | rows::CODE => writes.push(Write::Delete { key, if_match }),
                key if rows::is_colleague(key) => writes.push(access::deletion(row)),
                _ => {}
            }
        }
        for channel in [Channel::Mail, Channel::Webhook] {
            writes.push(redacted(channel, rows)?);
        }
        let mut recorded = rows::event(&event)?;
        announced.mark(&mut recorded);
        writes.push(Write::Insert {
            key: rows::event_key(event.number),
            fields: recorded,
        });
        announced.check_time()?;
        self.table.commit(&partition, &writes).await?;
        self.outbox.notify(announced.intents, None, true);
        Ok(())
    }

    /// Deletes what leads to an erased invitation, and what was written after the erasure.
    async fn finish_erasure(
        &self,
        id: InvitationId,
        created_at: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let name = id.to_string();
        let Some(noted) = self.table.get(ERASURES, &name).await? else {
            return Ok(());
        };
        let (_, sealed) = rows::read_erasure(&noted.fields)?;
        // Where its key is retired, the first call has long done it.
        let opened = self.sealer.open(&["erasure", &name], sealed);
        let places: Vec<Place> = opened
            .and_then(|text| serde_json::from_slice(&text).ok())
            .unwrap_or_default();
        secondary_rows::delete(&self.companies, id, &places).await?;
        self.forget_people(id, created_at).await?;
        for _ in 0..ATTEMPTS {
            match self.sweep(&name).await? {
                Ok(()) => return Ok(()),
                Err(TableError::Exists | TableError::Changed) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(StoreError::contended("one invitation"))
    }

    /// Takes out of an erased invitation's partition what must not be there.
    async fn sweep(&self, partition: &str) -> Result<Result<(), TableError>, StoreError> {
        let rows = access::rows_of(&*self.table, partition, Range::default()).await?;
        let mut writes = Vec::new();
        for row in &rows {
            let (key, if_match) = (row.key.clone(), row.etag.clone());
            let is_left_over = [rows::COMPANY, rows::CODE].contains(&key.as_str())
                || rows::is_colleague(&key)
                || key.starts_with("state-");
            if is_left_over {
                writes.push(Write::Delete { key, if_match });
            }
        }
        for channel in [Channel::Mail, Channel::Webhook] {
            if has_error_texts(channel, &rows) {
                writes.push(redacted(channel, &rows)?);
            }
        }
        for part in writes.chunks(MAX_WRITES) {
            if let Err(error) = self.table.commit(partition, part).await {
                return Ok(Err(error));
            }
        }
        Ok(Ok(()))
    }

    /// The entry of an invitation that was erased must not lead to its people either.
    async fn forget_people(
        &self,
        id: InvitationId,
        created_at: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let partition = of_invitation(id);
        // Where it was moved, it has forgotten them.
        let Some(row) = self.table.get(&partition, &age_key(created_at, id)).await? else {
            return Ok(());
        };
        let (listed, people) = rows::read_aged(&row.fields)?;
        if people.is_empty() {
            return Ok(());
        }
        let write = Write::Replace {
            key: row.key,
            if_match: row.etag,
            fields: rows::aged(&listed, &[])?,
        };
        access::commit_unless_changed(&*self.table, &partition, &[write])
            .await
            .map(drop)
    }

    async fn finish_if_erased(&self, id: InvitationId) -> Result<(), StoreError> {
        match access::find_record(&*self.table, id).await? {
            Some(Record::Erased(erased)) => self.finish_erasure(id, erased.created_at).await,
            // The erasure never happened, or the invitation is purged.
            Some(Record::Live(_)) | None => Ok(()),
        }
    }

    /// Finishes erasures that are over, until the time is up; answers how many.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn finish_erasures(
        &self,
        now: OffsetDateTime,
        until: Instant,
    ) -> Result<usize, StoreError> {
        let (mut done, mut after, mut failed) = (0, None, None);
        while Instant::now() < until {
            let page = self
                .table
                .query(ERASURES, &Range::default(), 1000, after.as_ref())
                .await?;
            let finished = stream::iter(page.rows)
                .take_while(|_| future::ready(Instant::now() < until))
                .map(|noted| self.finish_noted(noted, now))
                .buffer_unordered(CONCURRENCY);
            for result in finished.collect::<Vec<_>>().await {
                match result {
                    Ok(finished) => done += usize::from(finished),
                    Err(error) => failed = Some(error),
                }
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        failed.map_or(Ok(done), Err)
    }

    /// Whether the erasure is finished now. One that cannot be finished must not hold up the
    /// others.
    async fn finish_noted(&self, noted: Row, now: OffsetDateTime) -> Result<bool, StoreError> {
        let (Ok((at, _)), Ok(id)) = (rows::read_erasure(&noted.fields), noted.key.parse()) else {
            return Ok(false);
        };
        if now < at + GRACE {
            return Ok(false);
        }
        match self.finish_if_erased(id).await {
            Ok(()) => {}
            Err(error) if error.is_temporary() => return Err(error),
            Err(error) => {
                tracing::error!(invitation = %id, %error, "an erasure cannot be finished");
                return Ok(false);
            }
        }
        let finished = [access::deletion(&noted)];
        access::commit_unless_changed(&*self.table, ERASURES, &finished).await?;
        Ok(true)
    }
}

/// It still names the request that it was created by, for the purge.
fn erased_row(erased: &Erased, before: &Row) -> Result<Fields, StoreError> {
    let mut fields = rows::erased(erased)?;
    fields.extend(
        before
            .fields
            .get(rows::REQUEST)
            .map(|name| (rows::REQUEST, name)),
    );
    Ok(fields)
}

fn has_error_texts(channel: Channel, rows: &[Row]) -> bool {
    let Some(row) = rows
        .iter()
        .find(|row| row.key == rows::progress_key(channel))
    else {
        return false;
    };
    rows::read_progress(&row.fields).map_or(true, |(progress, _)| {
        progress.clone().redacted() != progress
    })
}

/// The progress of a channel without the texts of servers. It gets a new version in any case, so
/// that a worker that is delivering loses its lease and reads again.
fn redacted(channel: Channel, rows: &[Row]) -> Result<Write, StoreError> {
    let key = rows::progress_key(channel);
    let Some(row) = rows.iter().find(|row| row.key == key) else {
        return Ok(Write::Insert {
            key,
            fields: rows::progress(&Progress::default(), None)?,
        });
    };
    // One that cannot be read must not keep people's data.
    let (progress, leased_until) = rows::read_progress(&row.fields).unwrap_or_default();
    Ok(Write::Replace {
        key,
        if_match: row.etag.clone(),
        fields: rows::progress(&progress.redacted(), leased_until)?,
    })
}
