use time::OffsetDateTime;

use crate::{
    domain::invitation::{Record, Status},
    text::DeskListText,
};

/// How far an invitation has come, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusBadge {
    /// As in the API.
    Of(Status),
    /// Its personal data was erased.
    Erased,
}

impl StatusBadge {
    /// That of an invitation at this time.
    #[must_use]
    pub fn of(record: &Record, now: OffsetDateTime) -> Self {
        match record {
            Record::Live(invitation) => Self::Of(invitation.status(now)),
            Record::Erased(_) => Self::Erased,
        }
    }

    /// Its class in the style sheet.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Of(status) => status.name(),
            Self::Erased => "erased",
        }
    }

    pub(super) fn label(self, text: &DeskListText) -> &'static str {
        match self {
            Self::Of(Status::Pending) => text.pending,
            Self::Of(Status::Expired) => text.expired,
            Self::Of(Status::Accepted) => text.accepted,
            Self::Of(Status::Completed) => text.completed,
            Self::Of(Status::Revoked) => text.revoked,
            Self::Erased => text.erased,
        }
    }
}
