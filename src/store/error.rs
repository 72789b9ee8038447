//! Why the store did not answer.

use std::time::Duration;

use super::table::TableError;

/// Why the store did not answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The table does not answer, or too many writers contend for one row: retry later.
    #[error("the table is not available: {reason}")]
    Unavailable {
        /// What happened.
        reason: String,
        /// The pause that the table asked for.
        retry_after: Option<Duration>,
        /// Whether the table is overloaded: every caller should slow down.
        throttled: bool,
    },
    /// Too many concurrent writers contend for this: retry soon.
    #[error("too many concurrent writers of {0}")]
    Contended(&'static str),
    /// The table rejects our requests: an operator has to act.
    #[error("the table refused the request: {0}")]
    Refused(String),
    /// A column that cannot be read.
    #[error("the column `{0}` is missing or malformed")]
    Corrupt(&'static str),
}

impl StoreError {
    /// Too many writers contend for `what`.
    pub(crate) fn contended(what: &'static str) -> Self {
        Self::Contended(what)
    }

    /// Whether a later attempt may succeed.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Unavailable { .. } | Self::Contended(_))
    }
}

impl From<TableError> for StoreError {
    fn from(error: TableError) -> Self {
        match error {
            TableError::Unavailable {
                reason,
                retry_after,
                throttled,
            } => Self::Unavailable {
                reason,
                retry_after,
                throttled,
            },
            TableError::Refused(reason) => Self::Refused(reason),
            TableError::Exists | TableError::Changed => Self::Contended("one row"),
        }
    }
}

/// A row that cannot be written fails the transaction for good.
impl From<StoreError> for TableError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable {
                reason,
                retry_after,
                throttled,
            } => Self::Unavailable {
                reason,
                retry_after,
                throttled,
            },
            StoreError::Contended(_) => Self::Changed,
            error @ (StoreError::Refused(_) | StoreError::Corrupt(_)) => {
                Self::Refused(error.to_string())
            }
        }
    }
}
