//! An upload and its rows.

use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::{
    domain::invitation::InvitationId,
    store::{rows::uploads::UploadHeader, table::ETag},
};

/// How long an upload is kept after its end.
pub(super) const KEPT_FOR: Duration = Duration::days(7);

/// An upload as it was read.
#[derive(Clone, Debug)]
pub struct Upload {
    /// Its name.
    pub id: Uuid,
    /// What its owner said about all rows.
    pub about: Vec<u8>,
    pub(super) header: UploadHeader,
    pub(super) etag: ETag,
}

/// What an upload was made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UploadKind {
    /// A form, for one invitation.
    Form,
    /// A file.
    File,
}

impl UploadKind {
    /// Its name in the table.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::File => "file",
        }
    }
}

/// A row of an upload.
#[derive(Clone, Debug)]
pub struct UploadRow {
    /// From 1.
    pub position: usize,
    /// Its number in the file.
    pub number: usize,
    /// What became of it.
    pub state: RowState,
    pub(super) etag: ETag,
}

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowState {
    /// Nothing yet: what it says.
    Open(Vec<u8>),
    /// The invitation.
    Created(InvitationId),
    /// No invitation was created: the row's contents, and a code for the reason.
    Failed(Vec<u8>, String),
    /// The key that it was sealed with is retired.
    Unreadable,
}

/// What a row came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowResult {
    /// The invitation.
    Created(InvitationId),
    /// A code for why it is none.
    Failed(String),
}

impl Upload {
    /// The object id of the person whose it is.
    #[must_use]
    pub fn owner(&self) -> Uuid {
        self.header.owner
    }

    /// When it was made.
    #[must_use]
    pub fn created_at(&self) -> OffsetDateTime {
        self.header.created_at
    }

    /// How many rows it has.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.header.rows
    }

    /// How many rows have a result.
    #[must_use]
    pub fn done(&self) -> usize {
        self.header.next - 1
    }

    /// Whether it was started.
    #[must_use]
    pub fn is_started(&self) -> bool {
        self.header.started_at.is_some()
    }

    /// Whether each row has a result.
    #[must_use]
    pub fn is_ended(&self) -> bool {
        self.header.ended_at.is_some()
    }

    /// Until when it is kept; `None` before its end.
    #[must_use]
    pub fn kept_until(&self) -> Option<OffsetDateTime> {
        Some(self.header.ended_at? + KEPT_FOR)
    }

    /// Whether a worker may be at it.
    pub(super) fn is_leased(&self, now: OffsetDateTime) -> bool {
        self.header.leased_until.is_some_and(|until| now < until)
    }
}

impl UploadRow {
    /// Whether it is an invitation.
    #[must_use]
    pub fn is_created(&self) -> bool {
        matches!(self.state, RowState::Created(_))
    }
}
