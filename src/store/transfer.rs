//! Imports: which rows of an export are taken, how far an import has come, and that nothing is
//! delivered after it until an operator resumes the delivery.
//!
//! An export was made at another time, often for another deployment. What it holds of work under
//! way (intents, leases, receivers that fail, codes, used states, uploads) means nothing after an import.
//! A kind of row that is new and like them is added to [`taken`].

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{
    access,
    companies::UPGRADES,
    error::StoreError,
    feed,
    given_up::REDELIVERIES,
    history::History,
    outbox::{self, Outbox},
    receivers, rows,
    table::{ETag, Fields, Row, Table, TableError, Write},
    uploads,
};
use crate::domain::invitation::{Channel, InvitationId};

const PARTITION: &str = "transfer";
/// While this row is there, nothing is delivered.
const IMPORT: &str = "import";
/// Rows of one call.
const PAGE_SIZE: usize = 1000;

/// A row of any partition.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ExportedRow {
    /// The partition.
    pub partition: String,
    /// The row key.
    pub key: String,
    /// The properties; sealed ones as they are.
    pub fields: Fields,
}

/// An import under way.
#[derive(Debug)]
pub struct Import {
    export: String,
    rows: u64,
    is_finished: bool,
    etag: ETag,
}

impl Import {
    /// How many rows of the export it has taken or left out for good.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Whether it has come to its end.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.is_finished
    }
}

/// Imports, and the pause of the delivery after them.
#[derive(Clone, Debug)]
pub struct Transfer {
    table: Arc<dyn Table>,
    outbox: Outbox,
}

impl Transfer {
    /// Over a table.
    pub(super) fn new(table: Arc<dyn Table>, outbox: Outbox) -> Self {
        Self { table, outbox }
    }

    /// Whether there is no row at all; a page may be empty and go on.
    async fn is_empty(&self) -> Result<bool, StoreError> {
        let mut after = None;
        loop {
            let page = self.table.scan(1, after.as_ref()).await?;
            if !page.rows.is_empty() {
                return Ok(false);
            }
            after = page.next;
            if after.is_none() {
                return Ok(true);
            }
        }
    }

    /// Begins the import of this export into an empty table, or continues it; `None` where the table
    /// has other rows. From now on nothing is delivered.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn begin(&self, export: &str) -> Result<Option<Import>, StoreError> {
        if let Some(row) = self.table.get(PARTITION, IMPORT).await? {
            return Ok(Some(read_import(&row)?).filter(|import| import.export == export));
        }
        if !self.is_empty().await? {
            return Ok(None);
        }
        let insert = Write::Insert {
            key: IMPORT.to_owned(),
            fields: import_row(export, 0, false),
        };
        access::insert_once(&*self.table, PARTITION, &[insert]).await?;
        let row = self.table.get(PARTITION, IMPORT).await?;
        row.map(|row| read_import(&row)).transpose()
    }

    /// Takes consecutive rows of one partition; rows that are there already stay.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn insert(&self, partition: &str, rows: Vec<ExportedRow>) -> Result<(), StoreError> {
        let inserts: Vec<Write> = rows.into_iter().filter_map(taken).collect();
        if inserts.is_empty() {
            return Ok(());
        }
        match self.table.commit(partition, &inserts).await {
            Ok(_) => return Ok(()),
            Err(TableError::Exists) => {}
            Err(error) => return Err(error.into()),
        }
        // An earlier run was interrupted here.
        for insert in inserts {
            access::insert_once(&*self.table, partition, &[insert]).await?;
        }
        Ok(())
    }

    /// Records how far the import has come.
    ///
    /// # Errors
    /// Where the table fails, or another process imports, too.
    pub async fn advance(
        &self,
        import: &mut Import,
        rows: u64,
        is_finished: bool,
    ) -> Result<(), StoreError> {
        let write = Write::Replace {
            key: IMPORT.to_owned(),
            if_match: import.etag.clone(),
            fields: import_row(&import.export, rows, is_finished),
        };
        let etags = self.table.commit(PARTITION, &[write]).await?;
        if let Some(etag) = etags.into_iter().flatten().next() {
            import.etag = etag;
        }
        (import.rows, import.is_finished) = (rows, is_finished);
        Ok(())
    }

    /// Whether the delivery waits for [`Transfer::resume`].
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn is_paused(&self) -> Result<bool, StoreError> {
        Ok(self.table.get(PARTITION, IMPORT).await?.is_some())
    }

    /// Whether an import has not come to its end.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn is_importing(&self) -> Result<bool, StoreError> {
        let row = self.table.get(PARTITION, IMPORT).await?;
        let import = row.map(|row| read_import(&row)).transpose()?;
        Ok(import.is_some_and(|import| !import.is_finished))
    }

    /// Has everything delivered that was not when the export was made, and what has happened since
    /// the import. Returns how many invitations have something to deliver. A repetition does no
    /// harm.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn resume(&self, now: OffsetDateTime) -> Result<usize, StoreError> {
        let (mut announced, mut after) = (0, None);
        loop {
            let page = self.table.scan(PAGE_SIZE, after.as_ref()).await?;
            let invitations = page
                .rows
                .iter()
                .filter(|(_, row)| row.key == rows::INVITATION)
                .filter_map(|(partition, _)| partition.parse().ok());
            for id in invitations {
                announced += usize::from(self.announce(id, now).await?);
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        access::delete_row(&*self.table, PARTITION, IMPORT).await?;
        Ok(announced)
    }

    /// Writes an intent for each channel that has events to deliver.
    async fn announce(&self, id: InvitationId, now: OffsetDateTime) -> Result<bool, StoreError> {
        let rows = access::rows_of_invitation(&*self.table, id).await?;
        let Some(history) = History::read(id, &rows)? else {
            return Ok(false);
        };
        let mut is_announced = false;
        for channel in [Channel::Mail, Channel::Webhook] {
            if !history
                .open_events(self.outbox.channels(), channel)
                .is_empty()
            {
                self.outbox
                    .announce_again(id, history.last(), channel, now)
                    .await?;
                is_announced = true;
            }
        }
        Ok(is_announced)
    }
}

/// Partitions that say nothing about the imported rows. Companies are searched anew: an export of a
/// running service may have some rows of a company and miss others.
const LEFT_OUT: [&str; 6] = [
    "check",
    receivers::PARTITION,
    REDELIVERIES,
    PARTITION,
    UPGRADES,
    uploads::UPLOADS,
];

/// The write that takes a row; `None` for a row that is left out.
fn taken(row: ExportedRow) -> Option<Write> {
    let ExportedRow {
        partition,
        key,
        mut fields,
    } = row;
    let is_intent = partition.starts_with(outbox::PREFIX) && !feed::is_reference(&key);
    let is_of_the_moment = is_intent
        || partition.starts_with(uploads::PREFIX)
        || LEFT_OUT.contains(&partition.as_str())
        || key == rows::CODE
        || key.starts_with(rows::STATES);
    if is_of_the_moment {
        return None;
    }
    if key.starts_with(rows::PROGRESS) {
        fields.remove(rows::LEASED_UNTIL);
    }
    Some(Write::Insert { key, fields })
}

fn import_row(export: &str, rows: u64, is_finished: bool) -> Fields {
    [
        ("export", export.to_owned()),
        ("rows", rows.to_string()),
        ("finished", is_finished.to_string()),
    ]
    .into()
}

fn read_import(row: &Row) -> Result<Import, StoreError> {
    let field = |name: &'static str| row.fields.get(name).ok_or(StoreError::Corrupt(name));
    let rows = field("rows")?.parse();
    Ok(Import {
        export: field("export")?.to_owned(),
        rows: rows.map_err(|_| StoreError::Corrupt("rows"))?,
        is_finished: field("finished")? == "true",
        etag: row.etag.clone(),
    })
}
