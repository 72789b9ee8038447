//! Many invitations at once: the rows of a file, each of which becomes one invitation exactly once.
//! `docs/STORE.md` has the algorithm.
//!
//! An upload has a partition of its own with a header and its rows. The header says how far it has
//! come, and changes in one transaction with the rows that have a result. A row says what to invite
//! until it names its invitation: from then on nothing about people is in it, so that an erasure of
//! the invitation has nothing to do here.

mod expiry;
mod model;

use std::sync::Arc;

use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{
    access::{self, ATTEMPTS, MAX_WRITES},
    error::StoreError,
    index::Position,
    rows::uploads::{self as stored, StoredRow, UploadHeader},
    table::{Range, Row, Table, Write},
};
use crate::seal::Sealer;
pub use model::{RowResult, RowState, Upload, UploadKind, UploadRow};

/// The list of uploads: a row for each that has to be deleted, and one for each that runs.
pub(super) const UPLOADS: &str = "uploads";
/// Begins the partitions.
pub(super) const PREFIX: &str = "upload-";
const HEADER: &str = "header";
const ROW: &str = "row-";
const RUNS: &str = "run-";
/// Begins the list of each person's uploads, before the object id and the inverted time.
const OWN: &str = "own-";
/// A draft is deleted after this.
const DRAFT_LIFETIME: Duration = Duration::days(1);
/// Another worker does not continue before.
const LEASE: Duration = Duration::seconds(30);
/// Rows that get their result in one transaction.
const BATCH: usize = 20;

/// The uploads.
#[derive(Clone, Debug)]
pub struct Uploads {
    table: Arc<dyn Table>,
    sealer: Sealer,
}

impl Uploads {
    /// Over a table; `sealer` seals what the rows say.
    pub(super) fn new(table: Arc<dyn Table>, sealer: Sealer) -> Self {
        Self { table, sealer }
    }

    /// Keeps an upload as a draft, each row with its number in the file. The id follows from what
    /// is uploaded, so a repetition changes nothing.
    ///
    /// # Errors
    /// Where the table fails; a repetition continues.
    pub async fn add(
        &self,
        id: Uuid,
        (owner, kind): (Uuid, UploadKind),
        (about, rows): (&[u8], &[(usize, Vec<u8>)]),
        now: OffsetDateTime,
    ) -> Result<(), StoreError> {
        self.list(id, owner, now + DRAFT_LIFETIME, now).await?;
        let own = Write::Insert {
            key: own_key(owner, now, id),
            fields: stored::own_upload(kind.name()),
        };
        access::insert_once(&*self.table, UPLOADS, &[own]).await?;
        let partition = partition(id);
        let mut inserts = Vec::new();
        for (index, (number, text)) in rows.iter().enumerate() {
            let text = self.seal(id, &(index + 1).to_string(), text)?;
            inserts.push(Write::Insert {
                key: row_key(index + 1),
                fields: stored::upload_row(*number, &StoredRow::Open(&text)),
            });
        }
        for part in inserts.chunks(MAX_WRITES) {
            access::insert_once(&*self.table, &partition, part).await?;
        }
        let header = UploadHeader {
            owner,
            about: self.seal(id, HEADER, about)?,
            created_at: now,
            rows: rows.len(),
            next: 1,
            started_at: None,
            ended_at: None,
            leased_until: None,
        };
        let insert = Write::Insert {
            key: HEADER.to_owned(),
            fields: stored::upload(&header)?,
        };
        Ok(access::insert_once(&*self.table, &partition, &[insert]).await?)
    }

    /// The upload: one point read. `None` also where its key is retired.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn find(&self, id: Uuid) -> Result<Option<Upload>, StoreError> {
        let Some(row) = self.table.get(&partition(id), HEADER).await? else {
            return Ok(None);
        };
        let header = stored::read_upload(&row.fields)?;
        let opened = self
            .sealer
            .open(&["upload", &id.to_string(), HEADER], &header.about);
        Ok(opened.map(|about| Upload {
            id,
            about,
            header,
            etag: row.etag,
        }))
    }

    /// At most `limit` rows from this position on.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn rows(
        &self,
        upload: &Upload,
        from: usize,
        limit: usize,
    ) -> Result<Vec<UploadRow>, StoreError> {
        let below = (from + limit).min(upload.rows() + 1);
        if from >= below {
            return Ok(Vec::new());
        }
        let range = Range {
            from: Some(row_key(from)),
            below: Some(row_key(below)),
        };
        let rows = access::rows_of(&*self.table, &partition(upload.id), range).await?;
        rows.iter()
            .map(|row| self.read_row(upload.id, row))
            .collect()
    }

    /// Starts a draft; one that is started stays as it is. `None` where there is none any more.
    ///
    /// # Errors
    /// Where the table fails; a repetition continues.
    pub async fn start(&self, id: Uuid, now: OffsetDateTime) -> Result<Option<Upload>, StoreError> {
        let mut listed = false;
        for _ in 0..ATTEMPTS {
            let Some(upload) = self.find(id).await? else {
                return Ok(None);
            };
            if upload.is_started() {
                return Ok(Some(upload));
            }
            if !listed {
                let insert = Write::Insert {
                    key: run_key(id),
                    fields: stored::listed_upload(upload.owner(), now)?,
                };
                access::insert_once(&*self.table, UPLOADS, &[insert]).await?;
                listed = true;
            }
            let header = UploadHeader {
                started_at: Some(now),
                ..upload.header.clone()
            };
            if let Some(started) = self.replace(upload, header, Vec::new()).await? {
                return Ok(Some(started));
            }
        }
        Err(StoreError::contended("one upload"))
    }

    /// Lets this worker continue, and no other for a while. `None` where there is nothing to do, or
    /// another worker is at it. What comes of two workers at once is the same as of one.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn lease(
        &self,
        upload: &Upload,
        now: OffsetDateTime,
    ) -> Result<Option<Upload>, StoreError> {
        if !upload.is_started() || upload.is_ended() || upload.is_leased(now) {
            return Ok(None);
        }
        let header = UploadHeader {
            leased_until: Some(now + LEASE),
            ..upload.header.clone()
        };
        self.replace(upload.clone(), header, Vec::new()).await
    }

    /// The next rows without a result.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn next(&self, upload: &Upload) -> Result<Vec<UploadRow>, StoreError> {
        self.rows(upload, upload.header.next, BATCH).await
    }

    /// Records what the next rows came to, and ends the lease unless this worker `continues`.
    /// `None` where another worker was faster.
    ///
    /// # Errors
    /// Where the table fails; the rows may have their results.
    pub async fn record(
        &self,
        upload: Upload,
        results: &[(UploadRow, RowResult)],
        continues: bool,
        now: OffsetDateTime,
    ) -> Result<Option<Upload>, StoreError> {
        let next = upload.header.next + results.len();
        let is_last = next > upload.rows();
        let header = UploadHeader {
            next,
            ended_at: is_last.then_some(now),
            leased_until: (continues && !is_last).then_some(now + LEASE),
            ..upload.header.clone()
        };
        let writes: Result<Vec<_>, _> = results
            .iter()
            .map(|(row, result)| self.result_of(upload.id, row, result))
            .collect();
        let recorded = self.replace(upload, header, writes?).await?;
        if let Some(upload) = recorded.as_ref().filter(|upload| upload.is_ended()) {
            access::delete_row(&*self.table, UPLOADS, &run_key(upload.id)).await?;
        }
        Ok(recorded)
    }

    /// Ends the lease, so that another worker may continue at once.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn release(&self, upload: Upload) -> Result<(), StoreError> {
        let header = UploadHeader {
            leased_until: None,
            ..upload.header.clone()
        };
        self.replace(upload, header, Vec::new()).await.map(drop)
    }

    /// The newest uploads of this person that are kept; of one kind, or of any.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn of_owner(
        &self,
        owner: Uuid,
        kind: Option<UploadKind>,
        limit: usize,
    ) -> Result<Vec<Upload>, StoreError> {
        let prefix = own_prefix(owner);
        let mut uploads: Vec<Upload> = Vec::new();
        for row in access::rows_of(&*self.table, UPLOADS, own_range(owner)).await? {
            let own = row.key.strip_prefix(&prefix);
            let id = own.and_then(|own| own.split_once('-')?.1.parse().ok());
            let is_wanted = kind.is_none_or(|kind| stored::is_of_kind(&row.fields, kind.name()));
            // One that was added twice is listed twice.
            let wanted = id.filter(|id| is_wanted && uploads.iter().all(|own| own.id != *id));
            if let Some(id) = wanted {
                uploads.extend(self.find(id).await?);
            }
            if uploads.len() == limit {
                break;
            }
        }
        Ok(uploads)
    }

    /// The header's next version, with other writes; `None` where another worker was faster.
    async fn replace(
        &self,
        upload: Upload,
        header: UploadHeader,
        mut writes: Vec<Write>,
    ) -> Result<Option<Upload>, StoreError> {
        writes.push(Write::Replace {
            key: HEADER.to_owned(),
            if_match: upload.etag.clone(),
            fields: stored::upload(&header)?,
        });
        let partition = partition(upload.id);
        let written = access::commit_unless_changed(&*self.table, &partition, &writes).await?;
        let etag = written.and_then(|etags| etags.into_iter().next_back().flatten());
        Ok(etag.map(|etag| Upload {
            header,
            etag,
            ..upload
        }))
    }

    fn result_of(
        &self,
        id: Uuid,
        row: &UploadRow,
        result: &RowResult,
    ) -> Result<Write, StoreError> {
        let sealed = match &row.state {
            RowState::Open(text) | RowState::Failed(text, _) => {
                self.seal(id, &row.position.to_string(), text)?
            }
            RowState::Created(_) | RowState::Unreadable => String::new(),
        };
        let fields = match result {
            RowResult::Created(id) => stored::upload_row(row.number, &StoredRow::Created(*id)),
            RowResult::Failed(why) => {
                stored::upload_row(row.number, &StoredRow::Failed(&sealed, why))
            }
        };
        Ok(Write::Replace {
            key: row_key(row.position),
            if_match: row.etag.clone(),
            fields,
        })
    }

    fn read_row(&self, id: Uuid, row: &Row) -> Result<UploadRow, StoreError> {
        let position = row.key.strip_prefix(ROW).and_then(|text| text.parse().ok());
        let position: usize = position.ok_or(StoreError::Corrupt("row"))?;
        let open = |text: &str| {
            self.sealer
                .open(&["upload", &id.to_string(), &position.to_string()], text)
        };
        let (number, stored) = stored::read_upload_row(&row.fields)?;
        let state = match stored {
            StoredRow::Open(text) => open(text).map(RowState::Open),
            StoredRow::Created(id) => Some(RowState::Created(id)),
            StoredRow::Failed(text, why) => {
                open(text).map(|text| RowState::Failed(text, why.to_owned()))
            }
        };
        Ok(UploadRow {
            position,
            number,
            state: state.unwrap_or(RowState::Unreadable),
            etag: row.etag.clone(),
        })
    }

    fn seal(&self, id: Uuid, part: &str, text: &[u8]) -> Result<String, StoreError> {
        self.sealer
            .seal(&["upload", &id.to_string(), part], text)
            .ok_or(StoreError::Corrupt("text"))
    }
}

fn partition(id: Uuid) -> String {
    format!("{PREFIX}{id}")
}

fn row_key(position: usize) -> String {
    format!("{ROW}{position:05}")
}

fn run_key(id: Uuid) -> String {
    format!("{RUNS}{id}")
}

fn own_prefix(owner: Uuid) -> String {
    format!("{OWN}{owner}-")
}

/// The list of a person.
fn own_range(owner: Uuid) -> Range {
    let prefix = own_prefix(owner);
    Range {
        below: Some(format!("{}.", prefix.trim_end_matches('-'))),
        from: Some(prefix),
    }
}

/// In the list of a person, the newest first.
fn own_key(owner: Uuid, added: OffsetDateTime, id: Uuid) -> String {
    format!("{}{}-{id}", own_prefix(owner), Position::first_of(added))
}
