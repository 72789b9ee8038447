//! The erasure of people's data. One transaction takes all of it out of the invitation's partition,
//! and from then on no reader finds any. What leads to the invitation from elsewhere follows; an
//! entry in the list of erasures, written before, lets the nightly purge finish what a crash has
//! left, and look again for what a request that was on its way has written behind the erasure.

use time::{Duration, OffsetDateTime};

use super::{
    Invitations, StoreError, elsewhere,
    invitations::{ATTEMPTS, contended},
    rows::{self, Place},
    table::{ETag, Fields, Range, Row, TableError, Write},
};
use crate::domain::invitation::{Channel, Erased, Invitation, InvitationId, Progress, Record};

/// The list of erasures that the purge has not looked after yet.
const ERASURES: &str = "erasures";
/// No request is on its way any more after this.
const GRACE: Duration = Duration::minutes(5);
/// The writes of one transaction.
pub(super) const WRITES: usize = 100;

impl Invitations {
    /// Erases what is known of people. `false` where there is no such invitation, `None` where it
    /// has another version than the one that is meant; a repetition finishes what the first call
    /// has left.
    ///
    /// # Errors
    /// Where the table fails, or people contend for the invitation.
    pub async fn erase(
        &self,
        id: InvitationId,
        version: Option<&ETag>,
        now: OffsetDateTime,
    ) -> Result<Option<bool>, StoreError> {
        let mut unheard = false;
        for _ in 0..ATTEMPTS {
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
                return Ok(Some(false));
            };
            let Some(record) = rows::read_record(id, &own.fields)? else {
                return Ok(Some(false));
            };
            let places = elsewhere::of_people(&record);
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
            match self.erase_rows(invitation, &rows, now).await {
                Ok(()) => tracing::info!(invitation = %id, "erased"),
                Err(TableError::Exists | TableError::Changed) => {}
                // It may have arrived: one more look tells.
                Err(TableError::Unavailable { .. }) if !unheard => unheard = true,
                Err(error) => return Err(error.into()),
            }
        }
        Err(contended())
    }

    /// Lets the purge know what there is to look after. Where the rows elsewhere are is sealed: it
    /// follows from people.
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
        match self
            .table
            .commit(
                ERASURES,
                &[Write::Insert {
                    key: name,
                    fields: rows::erasure(now, &sealed)?,
                }],
            )
            .await
        {
            Ok(_) | Err(TableError::Exists) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    async fn erase_rows(
        &self,
        invitation: Invitation,
        rows: &[Row],
        now: OffsetDateTime,
    ) -> Result<(), TableError> {
        let corrupt = |error: StoreError| TableError::Refused(error.to_string());
        let partition = invitation.id.to_string();
        let (erased, event) = invitation.erase(now);
        let intents = match &event {
            Some(event) => self.announce(self.channels.of_erased(), event, now).await?,
            None => Vec::new(),
        };
        let mut writes = Vec::new();
        for row in rows {
            let (key, if_match) = (row.key.clone(), row.etag.clone());
            match row.key.as_str() {
                rows::INVITATION => writes.push(Write::Replace {
                    key,
                    if_match,
                    fields: erased_row(&erased, row).map_err(corrupt)?,
                }),
                rows::COMPANY | rows::CODE => writes.push(Write::Delete { key, if_match }),
                _ => {}
            }
        }
        for channel in [Channel::Mail, Channel::Webhook] {
            writes.push(wordless(channel, rows).map_err(corrupt)?);
        }
        if let Some(event) = &event {
            writes.push(Write::Insert {
                key: rows::event_key(event.number),
                fields: rows::event(event).map_err(corrupt)?,
            });
        }
        self.table.commit(&partition, &writes).await?;
        self.nudge(intents);
        Ok(())
    }

    /// Deletes what leads to an erased invitation, and what was written behind the erasure.
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
        self.delete_elsewhere(&places).await?;
        self.forget_people(id, created_at).await?;
        for _ in 0..ATTEMPTS {
            match self.sweep(&name).await? {
                Ok(()) => return Ok(()),
                Err(TableError::Exists | TableError::Changed) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(contended())
    }

    /// Takes out of an erased invitation's partition what must not be there.
    async fn sweep(&self, partition: &str) -> Result<Result<(), TableError>, StoreError> {
        let rows = self.rows(partition, Range::default()).await?;
        let mut writes = Vec::new();
        for row in &rows {
            let (key, if_match) = (row.key.clone(), row.etag.clone());
            if key == rows::COMPANY || key == rows::CODE || key.starts_with("state-") {
                writes.push(Write::Delete { key, if_match });
            }
        }
        for channel in [Channel::Mail, Channel::Webhook] {
            if has_words(channel, &rows) {
                writes.push(wordless(channel, &rows)?);
            }
        }
        for part in writes.chunks(WRITES) {
            if let Err(error) = self.table.commit(partition, part).await {
                return Ok(Err(error));
            }
        }
        Ok(Ok(()))
    }

    async fn finish_if_erased(&self, id: InvitationId) -> Result<(), StoreError> {
        match self.find_record(id).await? {
            Some(Record::Erased(erased)) => self.finish_erasure(id, erased.created_at).await,
            // The erasure never happened, or the invitation is purged.
            Some(Record::Live(_)) | None => Ok(()),
        }
    }

    /// Looks after at most `limit` erasures that are over; answers how many. None is left where it
    /// is fewer than `limit`.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn finish_erasures(
        &self,
        limit: usize,
        now: OffsetDateTime,
    ) -> Result<usize, StoreError> {
        let page = self
            .table
            .query(ERASURES, &Range::default(), limit, None)
            .await?;
        let mut done = 0;
        for noted in page.rows {
            let (Ok((at, _)), Ok(id)) = (rows::read_erasure(&noted.fields), noted.key.parse())
            else {
                continue;
            };
            if now < at + GRACE {
                continue;
            }
            match self.finish_if_erased(id).await {
                Ok(()) => {}
                Err(error @ StoreError::Unavailable { .. }) => return Err(error),
                Err(error) => {
                    tracing::error!(invitation = %id, %error, "an erasure cannot be looked after");
                    continue;
                }
            }
            match self
                .table
                .commit(
                    ERASURES,
                    &[Write::Delete {
                        key: noted.key,
                        if_match: noted.etag,
                    }],
                )
                .await
            {
                Ok(_) | Err(TableError::Changed) => done += 1,
                Err(error) => return Err(error.into()),
            }
        }
        Ok(done)
    }
}

/// It still names the request that it was created by, for the purge.
fn erased_row(erased: &Erased, before: &Row) -> Result<Fields, StoreError> {
    let mut fields = rows::erased(erased)?;
    fields.extend(
        before
            .fields
            .get(rows::REQUEST)
            .map(|name| (rows::REQUEST.to_owned(), name.clone())),
    );
    Ok(fields)
}

fn has_words(channel: Channel, rows: &[Row]) -> bool {
    let Some(row) = rows
        .iter()
        .find(|row| row.key == rows::progress_key(channel))
    else {
        return false;
    };
    rows::read_progress(&row.fields).map_or(true, |(progress, _)| {
        progress.clone().wordless() != progress
    })
}

/// The progress of a channel without the words of servers. A new version in any case, so that who
/// tells events just now loses the lease and looks again.
fn wordless(channel: Channel, rows: &[Row]) -> Result<Write, StoreError> {
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
        fields: rows::progress(&progress.wordless(), leased_until)?,
    })
}
