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

use time::OffsetDateTime;

use super::Retention;
use crate::domain::invitation::{Event, InvitationId};
use crate::store::{
    access::{self, ATTEMPTS, MAX_WRITES, deletion},
    error::StoreError,
    index::{AGE, age_key, of_shard},
    rows::{self, Place},
    secondary_rows,
    table::{ETag, Fields, Range, Row, TableError, Write},
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
    /// At most `limit` invitations of a shard to which nothing has happened since `before`, as far
    /// as the list knows.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn aged(
        &self,
        shard: u8,
        before: OffsetDateTime,
        limit: usize,
    ) -> Result<Vec<Aged>, StoreError> {
        let below = format!("{AGE}{:013}", before.unix_timestamp_nanos() / 1_000_000);
        let range = Range {
            from: Some(AGE.to_owned()),
            below: Some(below),
        };
        let page = self
            .table
            .query(&format!("index-{shard:x}"), &range, limit, None)
            .await?;
        Ok(page.rows.into_iter().filter_map(read_aged).collect())
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
                    let places = secondary_rows::of_all(&record, &own.fields);
                    if !self
                        .write_tombstone(&partition, own, &rows, rows::tombstone(&places)?)
                        .await?
                    {
                        return Ok(Purged::Contended);
                    }
                    places
                }
                (None, None) => Vec::new(),
            },
        };
        secondary_rows::delete(&self.companies, aged.id, &places).await?;
        self.delete_partition(&partition).await?;
        self.delete_aged(aged).await.map(|()| Purged::Gone)
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
        let partition = of_shard(aged.id);
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
    /// transaction holds. `false` where another writer was faster.
    async fn write_tombstone(
        &self,
        partition: &str,
        own: &Row,
        rows: &[Row],
        tombstone: Fields,
    ) -> Result<bool, StoreError> {
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
        Ok(written.is_some())
    }

    /// Deletes all rows, the tombstone last.
    async fn delete_partition(&self, partition: &str) -> Result<(), StoreError> {
        let mut lost = 0;
        while lost < ATTEMPTS {
            let rows = access::rows_of(&*self.table, partition, Range::default()).await?;
            let (tombstone, others): (Vec<Row>, Vec<Row>) = rows
                .into_iter()
                .partition(|row| row.key == rows::INVITATION);
            let some: Vec<Write> = match (others.as_slice(), tombstone.as_slice()) {
                ([], []) => return Ok(()),
                ([], last) => last.iter().map(deletion).collect(),
                (others, _) => others.iter().take(MAX_WRITES).map(deletion).collect(),
            };
            match self.table.commit(partition, &some).await {
                Ok(_) => {}
                // Another instance does the same work.
                Err(TableError::Exists | TableError::Changed) => lost += 1,
                Err(error) => return Err(error.into()),
            }
        }
        Err(StoreError::contended("one invitation"))
    }

    /// The rows of the two lists, which led here: both or neither.
    async fn delete_aged(&self, aged: &Aged) -> Result<(), StoreError> {
        let partition = of_shard(aged.id);
        let listed = self.table.get(&partition, &aged.listed).await?;
        let own = Write::Delete {
            key: aged.key.clone(),
            if_match: aged.etag.clone(),
        };
        let writes: Vec<_> = listed.iter().map(deletion).chain([own]).collect();
        match self.table.commit(&partition, &writes).await {
            Ok(_) | Err(TableError::Changed) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
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
