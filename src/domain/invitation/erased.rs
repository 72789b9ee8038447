//! What is left of an invitation whose personal data was erased (GDPR, article 17): when things
//! happened, without the people.

use time::OffsetDateTime;

use super::{Event, EventKind, Invitation, InvitationId, State, Status};

/// An invitation without the people. Nothing happens to it any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erased {
    /// Its public name.
    pub id: InvitationId,
    /// When it was created.
    pub created_at: OffsetDateTime,
    /// Until when it could be accepted.
    pub expires_at: OffsetDateTime,
    /// When it was erased.
    pub at: OffsetDateTime,
    /// How it had ended.
    pub end: End,
    /// How many events it has caused.
    pub events: u32,
}

/// The two ends that an invitation can come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The company was created.
    Completed {
        /// When an account was bound.
        accepted_at: OffsetDateTime,
        /// When the company was created.
        at: OffsetDateTime,
    },
    /// It was taken back, at the latest by the erasure.
    Revoked {
        /// When.
        at: OffsetDateTime,
    },
}

/// What a table holds of an invitation.
#[derive(Clone, Debug)]
pub enum Record {
    /// All of it.
    Live(Box<Invitation>),
    /// What is left of it.
    Erased(Erased),
}

impl Invitation {
    /// Erases what is known of people. An invitation that could still be accepted or completed
    /// is revoked by that.
    #[must_use]
    pub fn erase(self, now: OffsetDateTime) -> (Erased, Event) {
        let end = match self.state {
            State::Completed {
                accepted_at, at, ..
            } => End::Completed { accepted_at, at },
            State::Revoked { at, .. } => End::Revoked { at },
            State::Pending | State::Accepted { .. } => End::Revoked { at: now },
        };
        let (last, event) = self.caused(EventKind::Erased, now);
        let Invitation {
            id,
            created_at,
            expires_at,
            events,
            ..
        } = last;
        (
            Erased {
                id,
                created_at,
                expires_at,
                at: now,
                end,
                events,
            },
            event,
        )
    }
}

impl Erased {
    /// The public state.
    #[must_use]
    pub fn status(&self) -> Status {
        match self.end {
            End::Completed { .. } => Status::Completed,
            End::Revoked { .. } => Status::Revoked,
        }
    }
}

impl Record {
    /// Its public name.
    #[must_use]
    pub fn id(&self) -> InvitationId {
        match self {
            Self::Live(invitation) => invitation.id,
            Self::Erased(erased) => erased.id,
        }
    }

    /// When it was created.
    #[must_use]
    pub fn created_at(&self) -> OffsetDateTime {
        match self {
            Self::Live(invitation) => invitation.created_at,
            Self::Erased(erased) => erased.created_at,
        }
    }

    /// The public state at `now`.
    #[must_use]
    pub fn status(&self, now: OffsetDateTime) -> Status {
        match self {
            Self::Live(invitation) => invitation.status(now),
            Self::Erased(erased) => erased.status(),
        }
    }

    /// The invitation, if it is all there.
    #[must_use]
    pub fn live(self) -> Option<Invitation> {
        match self {
            Self::Live(invitation) => Some(*invitation),
            Self::Erased(_) => None,
        }
    }

    /// The invitation, if it is all there.
    #[must_use]
    pub fn as_live(&self) -> Option<&Invitation> {
        match self {
            Self::Live(invitation) => Some(invitation),
            Self::Erased(_) => None,
        }
    }

    /// When something last happened: its last event, its erasure, or the end of the time in which
    /// it can be accepted. From then on it is kept for `RETENTION_DAYS`.
    #[must_use]
    pub fn last_happened(&self, events: &[Event]) -> OffsetDateTime {
        let own = match self {
            Self::Live(invitation) => match invitation.state {
                State::Pending => invitation.expires_at,
                State::Accepted { at, .. }
                | State::Completed { at, .. }
                | State::Revoked { at, .. } => at,
            },
            Self::Erased(erased) => erased.at,
        };
        events
            .iter()
            .filter(|event| event.kind.moves_retention())
            .map(|event| event.at)
            .chain([self.created_at()])
            .fold(own, OffsetDateTime::max)
    }
}
