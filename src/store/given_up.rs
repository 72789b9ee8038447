//! The webhooks that were given up, by time, so that one call can have all of them delivered again.
//!
//! A row is written before the record that gives an event up, and deleted after the event was
//! scheduled again: where a process is killed in between, a row leads to nothing, and no event is
//! missing. A redelivery of all is a row, too, so that it is continued by whatever instance.

use std::sync::Arc;

use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{
    access::{self, MAX_WRITES},
    error::StoreError,
    outbox::{read_due, time_key},
    rows,
    table::{Continuation, ETag, Fields, Range, Row, Table, TableError, Write},
};
use crate::domain::invitation::InvitationId;

/// The partition of the redeliveries that were requested.
pub(super) const REDELIVERIES: &str = "redeliveries";
/// Rows that one call of the table returns.
const PAGE_SIZE: usize = 1000;

/// An invitation with a webhook that was given up.
#[derive(Clone, Debug)]
pub struct GivenUpWebhook {
    /// The invitation.
    pub id: InvitationId,
    key: String,
    etag: ETag,
}

/// A request to deliver again what was given up in a period.
#[derive(Clone, Debug)]
pub struct Redelivery {
    /// Its begin.
    pub since: OffsetDateTime,
    /// Its end: the time of the request.
    pub until: OffsetDateTime,
    key: String,
    etag: ETag,
}

/// A part of what was given up.
#[derive(Debug)]
pub struct GivenUpPage {
    /// The oldest first; there may be none, though `next` leads to more.
    pub webhooks: Vec<GivenUpWebhook>,
    /// Where to continue; `None`: that was all.
    pub next: Option<Continuation>,
}

/// The webhooks that were given up.
#[derive(Clone, Debug)]
pub struct GivenUp {
    table: Arc<dyn Table>,
}

impl GivenUp {
    /// Over a table.
    pub(super) fn new(table: Arc<dyn Table>) -> Self {
        Self { table }
    }

    /// Records that a webhook of the invitation is about to be given up.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn note(&self, id: InvitationId, now: OffsetDateTime) -> Result<(), StoreError> {
        let insert = Write::Insert {
            key: format!("{}-{id}", time_key(now)),
            fields: Fields::new(),
        };
        access::insert_once(&*self.table, &of_shard(id.shard()), &[insert]).await?;
        Ok(())
    }

    /// A part of what was given up in this period, its end included, of one shard.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn page(
        &self,
        shard: u8,
        (since, until): (OffsetDateTime, OffsetDateTime),
        after: Option<&Continuation>,
    ) -> Result<GivenUpPage, StoreError> {
        let range = Range {
            from: Some(time_key(since)),
            below: Some(time_key(until + Duration::MILLISECOND)),
        };
        let page = self
            .table
            .query(&of_shard(shard), &range, PAGE_SIZE, after)
            .await?;
        Ok(GivenUpPage {
            webhooks: page.rows.into_iter().filter_map(read).collect(),
            next: page.next,
        })
    }

    /// Forgets webhooks of one shard.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn forget(&self, shard: u8, webhooks: &[GivenUpWebhook]) -> Result<(), StoreError> {
        let deletes: Vec<_> = webhooks
            .iter()
            .map(|webhook| delete(&webhook.key, &webhook.etag))
            .collect();
        for part in deletes.chunks(MAX_WRITES) {
            access::delete_all(&*self.table, &of_shard(shard), part).await?;
        }
        Ok(())
    }

    /// Forgets a page of what was given up before then; answers where to continue.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn forget_before(
        &self,
        shard: u8,
        before: OffsetDateTime,
        after: Option<&Continuation>,
    ) -> Result<Option<Continuation>, StoreError> {
        let period = (OffsetDateTime::UNIX_EPOCH, before);
        let page = self.page(shard, period, after).await?;
        self.forget(shard, &page.webhooks).await?;
        Ok(page.next)
    }

    /// Requests that what was given up since then is delivered again. Returns until when: once for
    /// an invocation of the host, whose repetition gets what that one was answered.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn request(
        &self,
        since: OffsetDateTime,
        invocation: Option<Uuid>,
        now: OffsetDateTime,
    ) -> Result<OffsetDateTime, StoreError> {
        let key = invocation.unwrap_or_else(Uuid::new_v4).to_string();
        let insert = Write::Insert {
            key: key.clone(),
            fields: rows::redelivery(since, now)?,
        };
        match self.table.commit(REDELIVERIES, &[insert]).await {
            Ok(_) => Ok(now),
            Err(TableError::Exists) => {
                let existing = self.table.get(REDELIVERIES, &key).await?;
                let read = existing.map(|row| rows::read_redelivery(&row.fields));
                Ok(read.transpose()?.map_or(now, |(_, until)| until))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The requests that are not finished, the oldest first.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn requested(&self) -> Result<Vec<Redelivery>, StoreError> {
        let rows = access::rows_of(&*self.table, REDELIVERIES, Range::default()).await?;
        let requests = rows
            .into_iter()
            .map(|row| {
                let (since, until) = rows::read_redelivery(&row.fields)?;
                Ok(Redelivery {
                    since,
                    until,
                    key: row.key,
                    etag: row.etag,
                })
            })
            .collect::<Result<Vec<_>, StoreError>>();
        let mut requests = requests?;
        requests.sort_by_key(|request| request.until);
        Ok(requests)
    }

    /// The request is finished.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn finish(&self, request: &Redelivery) -> Result<(), StoreError> {
        let delete = [delete(&request.key, &request.etag)];
        access::commit_unless_changed(&*self.table, REDELIVERIES, &delete)
            .await
            .map(drop)
    }
}

fn of_shard(shard: u8) -> String {
    format!("given-up-{shard:x}")
}

fn delete(key: &str, etag: &ETag) -> Write {
    Write::Delete {
        key: key.to_owned(),
        if_match: etag.clone(),
    }
}

/// `None` for a row of another kind.
fn read(row: Row) -> Option<GivenUpWebhook> {
    read_due(&row.key)?;
    let id = row.key.split_once('-')?.1.parse().ok()?;
    Some(GivenUpWebhook {
        id,
        key: row.key,
        etag: row.etag,
    })
}
