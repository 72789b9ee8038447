//! The deletion of what is kept long enough.
//!
//! Each shard of the index has a list by age: a row for each invitation, sorted by when something
//! last happened to it, as far as the list knows. A pass reads from the oldest up to the start of
//! the retention period. Each invitation that it finds is either deleted or moved to its new place
//! in the list, so that it is not read again before it is due: a pass costs what is due and what
//! was used since, not what is stored.
//!
//! A tombstone replaces the invitation, if it is unchanged, and names the secondary rows; then all
//! rows are deleted, the tombstone after the others, and the rows of the two lists last. Wherever
//! that is interrupted, the list leads the next pass there, which continues.

use futures::future;
use time::{Duration, OffsetDateTime};

use super::Retention;
use crate::domain::invitation::{Event, InvitationId};
use crate::store::{
    access::{self, ATTEMPTS, MAX_WRITES, deletion},
    error::StoreError,
    idempotency::{self, AgedRequest},
    index::{AGE, age_key, of_invitation, of_shard},
    outbox::{read_due, time_key},
    rows::{self, Place, SHARDS},
    secondary_rows,
    table::{Continuation, ETag, Fields, Range, Row, TableError, Write},
};

/// A row of the list by age.
#[derive(Debug)]
pub struct Aged {
    /// The invitation.
    pub id: InvitationId,
    key: String,
    etag: ETag,
    listed: String,
    /// Known until it is known that the invitation came to be.
    people: Vec<Place>,
}

/// A part of a shard's list by age.
#[derive(Debug)]
pub struct AgedPage {
    /// The invitations, the oldest first; there may be none, and yet more.
    pub invitations: Vec<Aged>,
    /// The requests with an `Idempotency-Key`.
    pub requests: Vec<AgedRequest>,
    /// Where to continue; `None`: that was all.
    pub next: Option<Continuation>,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purged {
    /// Nothing is left.
    Gone,
    /// It is kept: something has happened to it since.
    Kept,
    /// Another writer is changing it. The next pass finds it.
    Contended,
}

impl Retention {
    /// At most `limit` entries of a shard to whose invitations nothing has happened since `before`,
    /// as far as the list knows.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn aged(
        &self,
        shard: u8,
        before: OffsetDateTime,
        limit: usize,
        after: Option<&Continuation>,
    ) -> Result<AgedPage, StoreError> {
        let range = aged_before(before);
        let page = self
            .table
            .query(&of_shard(shard), &range, limit, after)
            .await?;
        Ok(AgedPage {
            requests: page
                .rows
                .iter()
                .filter_map(idempotency::read_aged)
                .collect(),
            invitations: page.rows.into_iter().filter_map(read_aged).collect(),
            next: page.next,
        })
    }

    /// How long the oldest invitation to which nothing has happened since `before` has been due to
    /// be deleted, as far as the lists know; zero where none is due.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn lag(&self, before: OffsetDateTime) -> Result<Duration, StoreError> {
        let range = aged_before(before);
        let first = (0..SHARDS).map(|shard| {
            let (table, range) = (&*self.table, &range);
            async move { access::first_of(table, &of_shard(shard), range).await }
        });
        let oldest = future::try_join_all(first).await?;
        let lags = oldest.into_iter().flatten().filter_map(|row| {
            let since = read_age(&row.key)?;
            Some(before - since)
        });
        Ok(lags.max().unwrap_or(Duration::ZERO))
    }

    /// Deletes the invitation with all its rows, unless something has happened to it since
    /// `before`.
    ///
    /// # Errors
    /// Where the table fails; what is left is found again.
    pub async fn purge(&self, aged: &Aged, before: OffsetDateTime) -> Result<Purged, StoreError> {
        let partition = aged.id.to_string();
        let rows = access::rows_of(&*self.table, &partition, Range::default()).await?;
        let own = rows.iter().find(|row| row.key == rows::INVITATION);
        let mut left = None;
        let places = match own {
            // It never happened, or is deleted already.
            None => aged.people.clone(),
            Some(own) => match (
                rows::read_tombstone(&own.fields)?,
                rows::read_record(aged.id, &own.fields)?,
            ) {
                (Some(places), _) => places,
                (None, Some(record)) => {
                    let events: Vec<Event> = rows
                        .iter()
                        .filter_map(|row| rows::read_event(aged.id, &row.key, &row.fields))
                        .collect();
                    let last = record.last_happened(&events);
                    if last >= before {
                        return self.reschedule(aged, last).await.map(|()| Purged::Kept);
                    }
                    let places = secondary_rows::of_all(&record, &own.fields, &rows);
                    let tombstone = rows::tombstone(&places)?;
                    let written = self.write_tombstone(&partition, own, &rows, tombstone);
                    let Some(etag) = written.await? else {
                        return Ok(Purged::Contended);
                    };
                    left = etag.filter(|_| rows.len() <= MAX_WRITES);
                    places
                }
                (None, None) => Vec::new(),
            },
        };
        let (beside, others): (Vec<Place>, Vec<Place>) = places
            .into_iter()
            .partition(|(partition, _)| *partition == of_invitation(aged.id));
        secondary_rows::delete(&self.companies, aged.id, &others).await?;
        match left {
            Some(etag) => self.delete_tombstone(&partition, etag).await?,
            None => self.delete_partition(&partition).await?,
        }
        let beside: Vec<_> = beside.into_iter().map(|(_, key)| key).collect();
        self.delete_aged(aged, &beside).await.map(|()| Purged::Gone)
    }

    /// Reads it again at `until` plus the retention, not before.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn reschedule(&self, aged: &Aged, until: OffsetDateTime) -> Result<(), StoreError> {
        let delete = Write::Delete {
            key: aged.key.clone(),
            if_match: aged.etag.clone(),
        };
        let insert = Write::Insert {
            key: age_key(until, aged.id),
            fields: rows::aged(&aged.listed, &[])?,
        };
        let partition = of_invitation(aged.id);
        match self
            .table
            .commit(&partition, &[delete.clone(), insert])
            .await
        {
            Ok(_) | Err(TableError::Changed) => Ok(()),
            // There is one already, of a creation that was attempted twice.
            Err(TableError::Exists) => match self.table.commit(&partition, &[delete]).await {
                Ok(_) | Err(TableError::Changed) => Ok(()),
                Err(error) => Err(error.into()),
            },
            Err(error) => Err(error.into()),
        }
    }

    /// Puts the tombstone in the place of the invitation and deletes as many other rows as one
    /// transaction holds; answers with the version of the tombstone. `None` where another writer
    /// was faster.
    async fn write_tombstone(
        &self,
        partition: &str,
        own: &Row,
        rows: &[Row],
        tombstone: Fields,
    ) -> Result<Option<Option<ETag>>, StoreError> {
        let mut writes = vec![Write::Replace {
            key: own.key.clone(),
            if_match: own.etag.clone(),
            fields: tombstone,
        }];
        writes.extend(
            rows.iter()
                .filter(|row| row.key != own.key)
                .take(MAX_WRITES - 1)
                .map(deletion),
        );
        let written = access::commit_unless_changed(&*self.table, partition, &writes).await?;
        Ok(written.map(|etags| etags.into_iter().next().flatten()))
    }

    /// Deletes the tombstone, where it is all that is left; a row that a request wrote since is
    /// found by [`Self::delete_partition`].
    async fn delete_tombstone(&self, partition: &str, etag: ETag) -> Result<(), StoreError> {
        let delete = Write::Delete {
            key: rows::INVITATION.to_owned(),
            if_match: etag,
        };
        let deleted = access::commit_unless_changed(&*self.table, partition, &[delete]).await?;
        match deleted {
            Some(_) => Ok(()),
            None => self.delete_partition(partition).await,
        }
    }

    /// Deletes all rows, the tombstone last: as many calls as there are hundreds of rows.
    async fn delete_partition(&self, partition: &str) -> Result<(), StoreError> {
        for _ in 0..ATTEMPTS {
            let rows = access::rows_of(&*self.table, partition, Range::default()).await?;
            if rows.is_empty() || self.delete_rows(partition, rows).await? {
                return Ok(());
            }
        }
        Err(StoreError::contended("one invitation"))
    }

    /// `false` where another worker has deleted some of them.
    async fn delete_rows(&self, partition: &str, rows: Vec<Row>) -> Result<bool, StoreError> {
        let (tombstone, others): (Vec<Row>, Vec<Row>) = rows
            .into_iter()
            .partition(|row| row.key == rows::INVITATION);
        for part in others.chunks(MAX_WRITES).chain([tombstone.as_slice()]) {
            let writes: Vec<_> = part.iter().map(deletion).collect();
            if !writes.is_empty()
                && access::commit_unless_changed(&*self.table, partition, &writes)
                    .await?
                    .is_none()
            {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The rows of the lists, which led here: the one that leads here last.
    async fn delete_aged(&self, aged: &Aged, beside: &[String]) -> Result<(), StoreError> {
        let partition = of_invitation(aged.id);
        let own = Write::Delete {
            key: aged.key.clone(),
            if_match: aged.etag.clone(),
        };
        let others = std::iter::once(&aged.listed).chain(beside);
        let all: Vec<_> = others
            .clone()
            .map(|key| access::deletion_of(key))
            .chain([own.clone()])
            .collect();
        let deleted = access::commit_unless_changed(&*self.table, &partition, &all).await?;
        if deleted.is_none() {
            for key in others {
                access::delete_row(&*self.table, &partition, key).await?;
            }
            access::commit_unless_changed(&*self.table, &partition, &[own]).await?;
        }
        Ok(())
    }
}

/// The entries of the list by age to whose invitations nothing has happened since then.
fn aged_before(before: OffsetDateTime) -> Range {
    Range {
        from: Some(AGE.to_owned()),
        below: Some(format!("{AGE}{}", time_key(before))),
    }
}

/// When something last happened, as far as the list knows.
fn read_age(key: &str) -> Option<OffsetDateTime> {
    read_due(key.strip_prefix(AGE)?)
}

fn read_aged(row: Row) -> Option<Aged> {
    let id = row.key.strip_prefix(AGE)?.split_once('-')?.1.parse().ok()?;
    let (listed, people) = rows::read_aged(&row.fields).ok()?;
    Some(Aged {
        id,
        key: row.key,
        etag: row.etag,
        listed,
        people,
    })
}
