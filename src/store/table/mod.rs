//! The table port: the few semantics of Azure Table Storage that the store is built on.
//!
//! A table holds rows; a row is found by its partition and its row key, carries text properties and
//! an [`ETag`] that changes with every write. Writes happen only as a transaction on one partition,
//! so what belongs together is written together or not at all. Source:
//! <https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions>

pub mod azure;
pub mod embedded;
mod fields;
mod key;
mod limits;
pub mod metered;
pub mod request_deadline;

use std::{fmt, time::Duration};

use async_trait::async_trait;

pub use fields::Fields;

/// The version of a row, as the adapter that stored it writes it. Compared, never interpreted.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ETag(pub String);

impl ETag {
    /// Any version, for a [`Write::Delete`] of a row that is never replaced and was not read.
    #[must_use]
    pub fn any() -> Self {
        Self("*".to_owned())
    }

    /// Whether a row of this version is meant.
    #[must_use]
    pub fn admits(&self, version: &str) -> bool {
        self.0 == "*" || self.0 == version
    }
}

impl fmt::Debug for ETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A row as it was read.
#[derive(Clone, PartialEq, Eq)]
pub struct Row {
    /// The row key, as it was given to the write.
    pub key: String,
    /// The version that was read; hand it to [`Write::Replace`] or [`Write::Delete`].
    pub etag: ETag,
    /// The properties.
    pub fields: Fields,
}

/// Shows the key and the version: the properties hold people's data.
impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Row")
            .field("key", &self.key)
            .field("etag", &self.etag)
            .finish_non_exhaustive()
    }
}

/// Row keys from `from` (inclusive) to `below` (exclusive), in the byte order of the *escaped* keys
/// (the same on every adapter; for ASCII letters, digits, `-`, `.` and `_` it is the order of the
/// keys themselves).
#[derive(Clone, Debug, Default)]
pub struct Range {
    /// The first key, or the start of the partition.
    pub from: Option<String>,
    /// The key to stop before, or the end of the partition.
    pub below: Option<String>,
}

/// Where a query goes on. Opaque text of the adapter that gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Continuation(pub String);

/// A part of a query's answer. It may hold fewer rows than asked for, even none, and still go on.
#[derive(Clone, Debug)]
pub struct Page {
    /// The rows, in key order.
    pub rows: Vec<Row>,
    /// Where to go on; `None` at the end of the range.
    pub next: Option<Continuation>,
}

/// A part of the rows of all partitions.
#[derive(Clone, Debug)]
pub struct AnyPage {
    /// The rows, each with its partition.
    pub rows: Vec<(String, Row)>,
    /// Where to go on; `None` at the end of the table.
    pub next: Option<Continuation>,
}

/// One write of a transaction. A row may appear only once in a transaction.
#[derive(Clone)]
pub enum Write {
    /// Fails with [`TableError::Exists`] where the row is there already.
    Insert {
        /// The row key.
        key: String,
        /// The properties.
        fields: Fields,
    },
    /// Replaces all properties; fails with [`TableError::Changed`] where the row is gone or has
    /// another version.
    Replace {
        /// The row key.
        key: String,
        /// The version that was read.
        if_match: ETag,
        /// The properties.
        fields: Fields,
    },
    /// Fails with [`TableError::Changed`] where the row is gone or has another version.
    Delete {
        /// The row key.
        key: String,
        /// The version that was read, or [`ETag::any`].
        if_match: ETag,
    },
}

impl Write {
    /// The key of the row that is written.
    #[must_use]
    pub fn key(&self) -> &str {
        match self {
            Self::Insert { key, .. } | Self::Replace { key, .. } | Self::Delete { key, .. } => key,
        }
    }
}

impl fmt::Debug for Write {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Insert { key, .. } => write!(f, "Insert({key})"),
            Self::Replace { key, if_match, .. } => write!(f, "Replace({key}, {if_match:?})"),
            Self::Delete { key, if_match } => write!(f, "Delete({key}, {if_match:?})"),
        }
    }
}

/// Why the table did not do what was asked. Nothing of a failed transaction was written, but for
/// [`TableError::Unavailable`], after which it may have been: read again, then decide.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// An [`Write::Insert`] met a row.
    #[error("a row with this key exists already")]
    Exists,
    /// A [`Write::Replace`] or [`Write::Delete`] met another version, or no row.
    #[error("another writer changed the row")]
    Changed,
    /// The table throttles, fails or does not answer, also after the retries of the adapter.
    #[error("the table is not available: {reason}")]
    Unavailable {
        /// What happened, without addresses or keys.
        reason: String,
        /// The pause the table asked for.
        retry_after: Option<Duration>,
        /// Whether it has more to do than it can, rather than being broken.
        throttled: bool,
    },
    /// The request itself is wrong: refused credentials, a property that is too large, a broken
    /// file.
    #[error("the table refused the request: {0}")]
    Refused(String),
}

/// The port. Partition and row keys are any non-empty text of at most 256 bytes; adapters escape
/// what their table cannot hold.
#[async_trait]
pub trait Table: Send + Sync + fmt::Debug {
    /// One point read.
    async fn get(&self, partition: &str, key: &str) -> Result<Option<Row>, TableError>;

    /// At most `limit` (1 to 1000) rows of a range of one partition, from `after` on.
    async fn query(
        &self,
        partition: &str,
        range: &Range,
        limit: usize,
        after: Option<&Continuation>,
    ) -> Result<Page, TableError>;

    /// At most `limit` (1 to 1000) rows of any partitions, from `after` on, in the order of the
    /// escaped partitions and keys. It reads the entire table: for an operator's tools only.
    async fn scan(&self, limit: usize, after: Option<&Continuation>)
    -> Result<AnyPage, TableError>;

    /// Writes all (1 to 100) or nothing; answers with the new version of each row, in order (`None`
    /// for a delete).
    async fn commit(
        &self,
        partition: &str,
        writes: &[Write],
    ) -> Result<Vec<Option<ETag>>, TableError>;
}
