//! What every repository does with the table: read one record, read a range, write unless another
//! writer was faster.

use std::time::Duration;

use futures::future;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use super::{
    error::StoreError,
    rows,
    table::{ETag, Fields, Range, Row, Table, TableError, Write},
};
use crate::domain::invitation::{InvitationId, Record};

/// How often a conditional change is retried before it is given up: more than the participants of
/// any real race.
pub(super) const ATTEMPTS: usize = 8;
/// How long a change is retried while others change the same row.
const RETRY_WINDOW: Duration = Duration::from_secs(5);
/// The most writes that a transaction may hold.
pub(super) const MAX_WRITES: usize = 100;

/// The retries of a change that others contend for: for a while, with growing, random pauses.
pub(super) struct Retries {
    until: Instant,
    longest: u64,
    /// Where they are counted instead: without pauses.
    left: Option<usize>,
}

impl Default for Retries {
    fn default() -> Self {
        Self {
            until: Instant::now() + RETRY_WINDOW,
            longest: 10,
            left: None,
        }
    }
}

impl Retries {
    /// So many attempts, without pauses.
    pub(super) fn counted(attempts: usize) -> Self {
        Self {
            left: Some(attempts),
            ..Self::default()
        }
    }

    /// Pauses; `false` where the time is up.
    pub(super) async fn again(&mut self) -> bool {
        if let Some(left) = &mut self.left {
            *left -= 1;
            return *left > 0;
        }
        // The low half of a random UUID has 62 random bits.
        let random = Uuid::new_v4().as_u64_pair().1;
        sleep(Duration::from_millis(random % self.longest)).await;
        self.longest = (self.longest * 2).min(500);
        Instant::now() < self.until
    }
}

/// The invitation or what is left of it: one point read.
pub(super) async fn find_record(
    table: &dyn Table,
    id: InvitationId,
) -> Result<Option<Record>, StoreError> {
    let Some(row) = table.get(&id.to_string(), rows::INVITATION).await? else {
        return Ok(None);
    };
    rows::read_record(id, &row.fields)
}

/// Every row of a range.
pub(super) async fn rows_of(
    table: &dyn Table,
    partition: &str,
    range: Range,
) -> Result<Vec<Row>, StoreError> {
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let page = table.query(partition, &range, 1000, after.as_ref()).await?;
        rows.extend(page.rows);
        after = page.next;
        if after.is_none() {
            return Ok(rows);
        }
    }
}

/// The first row of a range. A page may be empty and still lead to another.
pub(super) async fn first_of(
    table: &dyn Table,
    partition: &str,
    range: &Range,
) -> Result<Option<Row>, StoreError> {
    let mut after = None;
    loop {
        let page = table.query(partition, range, 1, after.as_ref()).await?;
        if let Some(row) = page.rows.into_iter().next() {
            return Ok(Some(row));
        }
        after = page.next;
        if after.is_none() {
            return Ok(None);
        }
    }
}

/// The rows of an invitation without the used sign-in states, which sort last, do not matter here
/// and are as many as there were attempts.
pub(super) async fn rows_of_invitation(
    table: &dyn Table,
    id: InvitationId,
) -> Result<Vec<Row>, StoreError> {
    let range = Range {
        from: None,
        below: Some("state-".to_owned()),
    };
    rows_of(table, &id.to_string(), range).await
}

/// The new versions of the rows; `None` where another writer was faster, and nothing was written.
pub(super) async fn commit_unless_changed(
    table: &dyn Table,
    partition: &str,
    writes: &[Write],
) -> Result<Option<Vec<Option<ETag>>>, StoreError> {
    match table.commit(partition, writes).await {
        Ok(etags) => Ok(Some(etags)),
        Err(TableError::Exists | TableError::Changed) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Deletes rows of a partition, as many as a transaction holds; those that another worker has
/// deleted or replaced do not matter.
pub(super) async fn delete_all(
    table: &dyn Table,
    partition: &str,
    deletes: &[Write],
) -> Result<(), StoreError> {
    let together = commit_unless_changed(table, partition, deletes).await?;
    if together.is_none() && deletes.len() > 1 {
        for delete in deletes {
            commit_unless_changed(table, partition, std::slice::from_ref(delete)).await?;
        }
    }
    Ok(())
}

/// Inserts a row; one that exists already is ours, from an earlier attempt.
pub(super) async fn insert_once(
    table: &dyn Table,
    partition: &str,
    rows: &[Write],
) -> Result<(), TableError> {
    match table.commit(partition, rows).await {
        Ok(_) | Err(TableError::Exists) => Ok(()),
        Err(error) => Err(error),
    }
}

/// As [`insert_once`], of rows in any partitions.
pub(super) async fn insert_all_once(
    table: &dyn Table,
    rows: impl IntoIterator<Item = (String, Write)>,
) -> Result<(), TableError> {
    let inserts = rows
        .into_iter()
        .map(async |(partition, row)| insert_once(table, &partition, &[row]).await);
    future::try_join_all(inserts).await.map(drop)
}

/// Writes rows of a partition, one call each. An existing row is replaced, so that a deletion that
/// was decided on its earlier version fails.
pub(super) async fn put_all(
    table: &dyn Table,
    partition: &str,
    rows: Vec<(String, Fields)>,
) -> Result<(), TableError> {
    let puts = rows
        .into_iter()
        .map(|(key, fields)| put(table, partition, key, fields));
    future::try_join_all(puts).await.map(drop)
}

async fn put(
    table: &dyn Table,
    partition: &str,
    key: String,
    fields: Fields,
) -> Result<(), TableError> {
    let mut has_changed = false;
    for _ in 0..ATTEMPTS {
        let (own, fields) = (key.clone(), fields.clone());
        let write = match table.get(partition, &key).await? {
            // By another attempt, a moment ago.
            Some(_) if has_changed => return Ok(()),
            Some(row) => Write::Replace {
                key: own,
                if_match: row.etag,
                fields,
            },
            None => Write::Insert { key: own, fields },
        };
        match table.commit(partition, &[write]).await {
            Err(TableError::Exists | TableError::Changed) => has_changed = true,
            done => return done.map(drop),
        }
    }
    Err(TableError::Changed)
}

/// Deletes a row that is never replaced; one that is gone is no error.
pub(super) async fn delete_row(
    table: &dyn Table,
    partition: &str,
    key: &str,
) -> Result<(), StoreError> {
    commit_unless_changed(table, partition, &[deletion_of(key)])
        .await
        .map(drop)
}

/// The write that deletes a row that is never replaced and was not read.
pub(super) fn deletion_of(key: &str) -> Write {
    Write::Delete {
        key: key.to_owned(),
        if_match: ETag::any(),
    }
}

/// The write that deletes a row as it was read.
pub(super) fn deletion(row: &Row) -> Write {
    Write::Delete {
        key: row.key.clone(),
        if_match: row.etag.clone(),
    }
}

/// The process was suspended, or the table is slow: what was decided may no longer hold.
pub(super) fn too_slow() -> TableError {
    TableError::Unavailable {
        reason: "it took too long".to_owned(),
        retry_after: None,
        throttled: false,
    }
}
