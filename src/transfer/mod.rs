//! `handler export`, `handler import` and `handler resume-delivery`: a copy of the table in a file,
//! for backups and for moves from one store to another.
//!
//! The file has a JSON object on each line: a header, the rows, after each page of rows the place
//! where the export goes on, and an end. Sealed values stay sealed: the header names the keys that
//! they need, by names from which nothing of a key follows.

mod export;
mod file;
mod import;

use std::io;

use time::OffsetDateTime;

use crate::store::{Store, StoreError};

pub use export::export;
pub use import::import;

/// Why a transfer ends early, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// The file.
    #[error("the file cannot be used: {0}")]
    File(#[from] io::Error),
    /// The table.
    #[error("{0}; run the command again to continue")]
    Store(#[from] StoreError),
    /// The file is complete.
    #[error("the file holds a complete export already: name another one")]
    Complete,
    /// The file is no export, or one of another table.
    #[error("line {0} is not of an export of this table: name another file")]
    Malformed(usize),
    /// The list of erasures.
    #[error("line {0} of the list is not the id of an invitation: correct it")]
    NoId(usize),
    /// The export was interrupted.
    #[error("the export did not come to its end: run `handler export` with this file again")]
    Incomplete,
    /// Keys are missing.
    #[error(
        "SESSION_KEYS lacks {0}, with which values in the file are sealed: add these keys behind the first"
    )]
    MissingKeys(String),
    /// The table has rows.
    #[error("the table is not empty: set INVITATION_TABLE to one that is")]
    NotEmpty,
    /// The import has to end first.
    #[error("the import has not come to its end: run `handler import` again first")]
    Importing,
}

/// Prints one line of progress.
pub type Report<'a> = &'a mut (dyn FnMut(String) + Send);

/// Has the events delivered that wait since an import.
///
/// # Errors
/// See [`TransferError`].
pub async fn resume_delivery(
    store: &Store,
    now: OffsetDateTime,
    report: Report<'_>,
) -> Result<(), TransferError> {
    if store.transfer.is_importing().await? {
        return Err(TransferError::Importing);
    }
    let announced = store.transfer.resume(now).await?;
    report(format!(
        "delivery is resumed: {announced} invitations have events to deliver; DeliverEvents delivers them"
    ));
    Ok(())
}
