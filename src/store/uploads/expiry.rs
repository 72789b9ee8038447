//! Which uploads run, and when each is deleted: a draft after a day, one that was started seven
//! days after its last row got its result.

use time::{Duration, OffsetDateTime};
use tokio::time::Instant;
use uuid::Uuid;

use super::{
    DRAFT_LIFETIME, HEADER, ROW, RUNS, UPLOADS, Uploads,
    model::{KEPT_FOR, Upload},
    own_range, partition,
};
use crate::store::{
    access::{self, MAX_WRITES},
    error::StoreError,
    outbox::time_key,
    rows::uploads as stored,
    table::{Range, Row, Write},
};

/// Begins the rows of the list by the time at which an upload may be deleted.
const DUE: &str = "due-";
/// No request is still under way after this.
const GRACE: Duration = Duration::minutes(5);

impl Uploads {
    /// Lists the upload, to be deleted when it is `due`.
    pub(super) async fn list(
        &self,
        id: Uuid,
        owner: Uuid,
        due: OffsetDateTime,
        added: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let insert = Write::Insert {
            key: format!("{DUE}{}-{id}", time_key(due)),
            fields: stored::listed_upload(owner, added)?,
        };
        Ok(access::insert_once(&*self.table, UPLOADS, &[insert]).await?)
    }

    /// The uploads that were started and have not come to their end.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn running(&self, now: OffsetDateTime) -> Result<Vec<Upload>, StoreError> {
        let rows = access::rows_of(&*self.table, UPLOADS, beginning_with(RUNS)).await?;
        let mut running = Vec::new();
        for row in rows {
            let id = row.key.strip_prefix(RUNS).and_then(|id| id.parse().ok());
            let upload = match id {
                Some(id) => self.find(id).await?,
                None => None,
            };
            match upload {
                Some(upload) if upload.is_started() && !upload.is_ended() => running.push(upload),
                // It is about to be started, or was when its process died.
                Some(upload) if !upload.is_ended() && is_young(&row, now) => {}
                None if is_young(&row, now) => {}
                Some(_) | None => self.unlist(&row).await?,
            }
        }
        Ok(running)
    }

    /// Deletes what is kept long enough, until the time is up. Returns how many uploads.
    ///
    /// # Errors
    /// Where the table fails; the next call continues.
    pub async fn purge(&self, now: OffsetDateTime, until: Instant) -> Result<usize, StoreError> {
        let range = Range {
            from: Some(DUE.to_owned()),
            below: Some(format!("{DUE}{}", time_key(now))),
        };
        let mut purged = 0;
        for row in access::rows_of(&*self.table, UPLOADS, range).await? {
            if Instant::now() >= until {
                break;
            }
            let Some(id) = due_id(&row) else {
                self.unlist(&row).await?;
                continue;
            };
            let (owner, added) = stored::read_listed_upload(&row.fields)?;
            match self.keep_until(id, now).await? {
                Some(due) => self.list(id, owner, due, added).await?,
                None if self.delete(id).await? => {
                    self.forget_own(owner, id).await?;
                    purged += 1;
                }
                // Someone has started it just now.
                None => continue,
            }
            self.unlist(&row).await?;
        }
        Ok(purged)
    }

    /// An upload that was added twice is listed twice.
    async fn forget_own(&self, owner: Uuid, id: Uuid) -> Result<(), StoreError> {
        let end = format!("-{id}");
        for row in access::rows_of(&*self.table, UPLOADS, own_range(owner)).await? {
            if row.key.ends_with(&end) {
                access::delete_row(&*self.table, UPLOADS, &row.key).await?;
            }
        }
        Ok(())
    }

    /// Until when it is kept, if that is later.
    async fn keep_until(
        &self,
        id: Uuid,
        now: OffsetDateTime,
    ) -> Result<Option<OffsetDateTime>, StoreError> {
        let Some(row) = self.table.get(&partition(id), HEADER).await? else {
            return Ok(None);
        };
        let header = stored::read_upload(&row.fields)?;
        let until = match (header.started_at, header.ended_at) {
            (_, Some(ended)) => ended + KEPT_FOR,
            // A started upload is kept until it has ended.
            (Some(_), None) => now + DRAFT_LIFETIME,
            (None, None) => header.created_at + DRAFT_LIFETIME,
        };
        Ok((until > now).then_some(until))
    }

    /// Deletes the header as it is now, then the rows. `false` where it has changed.
    async fn delete(&self, id: Uuid) -> Result<bool, StoreError> {
        let partition = partition(id);
        if let Some(header) = self.table.get(&partition, HEADER).await? {
            let header_row = stored::read_upload(&header.fields)?;
            if header_row.started_at.is_some() && header_row.ended_at.is_none() {
                return Ok(false);
            }
            let delete = [access::deletion(&header)];
            if access::commit_unless_changed(&*self.table, &partition, &delete)
                .await?
                .is_none()
            {
                return Ok(false);
            }
        }
        let rows = access::rows_of(&*self.table, &partition, beginning_with(ROW)).await?;
        let deletes: Vec<_> = rows.iter().map(access::deletion).collect();
        for part in deletes.chunks(MAX_WRITES) {
            access::delete_all(&*self.table, &partition, part).await?;
        }
        Ok(true)
    }

    async fn unlist(&self, row: &Row) -> Result<(), StoreError> {
        access::commit_unless_changed(&*self.table, UPLOADS, &[access::deletion(row)])
            .await
            .map(drop)
    }
}

fn due_id(row: &Row) -> Option<Uuid> {
    let (_, id) = row.key.strip_prefix(DUE)?.split_once('-')?;
    id.parse().ok()
}

fn is_young(row: &Row, now: OffsetDateTime) -> bool {
    stored::read_listed_upload(&row.fields).is_ok_and(|(_, at)| now < at + GRACE)
}

fn beginning_with(prefix: &str) -> Range {
    Range {
        from: Some(prefix.to_owned()),
        below: Some(format!("{}.", prefix.trim_end_matches('-'))),
    }
}
