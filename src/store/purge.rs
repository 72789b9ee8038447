//! The deletion of what is kept long enough.
//!
//! Each shard of the index has a list by age: a row for each invitation, sorted by when something
//! last happened to it, as far as the list knows. A look begins with the oldest and ends where the
//! retention begins. What it finds either goes or is moved to where it belongs, so that it is not
//! looked at again before it is due: a look costs what is due and what was used meanwhile, not what
//! is there.
//!
//! A tombstone takes the place of the invitation, if nobody has changed it, and names the rows
//! elsewhere; then all the rows go, the tombstone behind them, and the rows of the two lists last.
//! Wherever that is cut off, the list leads the next look there, and whoever looks goes on.

use time::OffsetDateTime;

use super::{
    Invitations, StoreError, elsewhere,
    erasure::WRITES,
    index::{AGE, age_key, of_shard},
    invitations::{ATTEMPTS, contended},
    rows::{self, Place},
    table::{ETag, Range, Row, TableError, Write},
};
use crate::domain::invitation::{Event, InvitationId};

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
    /// It is kept: something has happened to it meanwhile.
    Kept,
    /// Somebody else changes it just now. The next look finds it.
    Contended,
}

impl Invitations {
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
        let rows = self.rows(&partition, Range::default()).await?;
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
                        return self.move_aged(aged, last).await.map(|()| Purged::Kept);
                    }
                    let places = elsewhere::of_all(&record, &own.fields);
                    if !self
                        .bury(&partition, own, &rows, rows::tombstone(&places)?)
                        .await?
                    {
                        return Ok(Purged::Contended);
                    }
                    places
                }
                (None, None) => Vec::new(),
            },
        };
        self.delete_elsewhere(&places).await?;
        self.delete_partition(&partition).await?;
        self.delete_aged(aged).await.map(|()| Purged::Gone)
    }

    /// Looks at it again at `until` plus the retention, not before.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn move_aged(&self, aged: &Aged, until: OffsetDateTime) -> Result<(), StoreError> {
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
            // There is one already, of a creation that was tried twice.
            Err(TableError::Exists) => match self.table.commit(&partition, &[delete]).await {
                Ok(_) | Err(TableError::Changed) => Ok(()),
                Err(error) => Err(error.into()),
            },
            Err(error) => Err(error.into()),
        }
    }

    /// The entry of an invitation that was erased must not lead to its people either.
    pub(super) async fn forget_people(
        &self,
        id: InvitationId,
        created_at: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let partition = of_shard(id);
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
        match self.table.commit(&partition, &[write]).await {
            Ok(_) | Err(TableError::Changed) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Puts the tombstone in the place of the invitation and deletes as many other rows as one
    /// transaction holds. `false` where something was changed meanwhile.
    async fn bury(
        &self,
        partition: &str,
        own: &Row,
        rows: &[Row],
        tombstone: super::table::Fields,
    ) -> Result<bool, StoreError> {
        let mut writes = vec![Write::Replace {
            key: own.key.clone(),
            if_match: own.etag.clone(),
            fields: tombstone,
        }];
        writes.extend(
            rows.iter()
                .filter(|row| row.key != own.key)
                .take(WRITES - 1)
                .map(delete),
        );
        match self.table.commit(partition, &writes).await {
            Ok(_) => Ok(true),
            Err(TableError::Exists | TableError::Changed) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Deletes all rows, the tombstone last.
    async fn delete_partition(&self, partition: &str) -> Result<(), StoreError> {
        let mut lost = 0;
        while lost < ATTEMPTS {
            let rows = self.rows(partition, Range::default()).await?;
            let (tombstone, others): (Vec<Row>, Vec<Row>) = rows
                .into_iter()
                .partition(|row| row.key == rows::INVITATION);
            let some: Vec<Write> = match (others.as_slice(), tombstone.as_slice()) {
                ([], []) => return Ok(()),
                ([], last) => last.iter().map(delete).collect(),
                (others, _) => others.iter().take(WRITES).map(delete).collect(),
            };
            match self.table.commit(partition, &some).await {
                Ok(_) => {}
                // Another instance is at the same work.
                Err(TableError::Exists | TableError::Changed) => lost += 1,
                Err(error) => return Err(error.into()),
            }
        }
        Err(contended())
    }

    /// The rows of the two lists, which led here: both or neither.
    async fn delete_aged(&self, aged: &Aged) -> Result<(), StoreError> {
        let partition = of_shard(aged.id);
        let listed = self.table.get(&partition, &aged.listed).await?;
        let own = Write::Delete {
            key: aged.key.clone(),
            if_match: aged.etag.clone(),
        };
        let writes: Vec<_> = listed.iter().map(delete).chain([own]).collect();
        match self.table.commit(&partition, &writes).await {
            Ok(_) | Err(TableError::Changed) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

fn delete(row: &Row) -> Write {
    Write::Delete {
        key: row.key.clone(),
        if_match: row.etag.clone(),
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
