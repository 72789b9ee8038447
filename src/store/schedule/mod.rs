//! When invitations expire and recipients are reminded.
//!
//! Before the transaction that gives an invitation its expiry, a row for each of its moments is
//! written to the index partition of its shard, sorted by time. The timer reads what is due, and has
//! the invitation record it, if it is still pending and has that expiry. What is recorded is noted
//! in the invitation by the same transaction, so that it happens once; then the row is deleted.

mod row;

use std::sync::Arc;

use time::OffsetDateTime;

use super::{
    access,
    error::StoreError,
    index,
    invitations::{Decision, Invitations, Outcome},
    outbox::GRACE,
    table::{Continuation, Table, Write},
};
use crate::domain::invitation::{Invitation, Reminders};

pub use row::DueMoment;
pub(super) use row::planned;

/// Rows of one call.
const PAGE_SIZE: usize = 1000;

/// The moments of all invitations.
#[derive(Clone, Debug)]
pub struct Schedule {
    table: Arc<dyn Table>,
    invitations: Invitations,
    reminders: Reminders,
}

/// A part of what is due.
#[derive(Debug)]
pub struct DueMoments {
    /// The oldest first; there may be none, though `next` leads to more.
    pub moments: Vec<DueMoment>,
    /// Where to continue; `None`: that was all.
    pub next: Option<Continuation>,
}

impl Schedule {
    /// Over a table.
    pub(super) fn new(
        table: Arc<dyn Table>,
        invitations: Invitations,
        reminders: Reminders,
    ) -> Self {
        Self {
            table,
            invitations,
            reminders,
        }
    }

    /// A part of the moments of a shard that have come: one query.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn due(
        &self,
        shard: u8,
        now: OffsetDateTime,
        after: Option<&Continuation>,
    ) -> Result<DueMoments, StoreError> {
        let range = row::due_before(now);
        let partition = index::of_shard(shard);
        let page = self
            .table
            .query(&partition, &range, PAGE_SIZE, after)
            .await?;
        Ok(DueMoments {
            moments: page.rows.into_iter().filter_map(row::read).collect(),
            next: page.next,
        })
    }

    /// Records what has come, unless it no longer applies, and deletes the row.
    ///
    /// # Errors
    /// Where the table fails; the row leads here again. Where the invitation cannot be read; that
    /// is found once, since the row is deleted.
    pub async fn reach(&self, due: &DueMoment, now: OffsetDateTime) -> Result<(), StoreError> {
        // The setting may have changed since the row was written.
        let applies = due.moment.is_expiry() || self.reminders.include(&due.moment);
        let decide = |invitation: Invitation| match invitation.reach(&due.moment, now) {
            Some(transition) if applies => Ok(transition).into(),
            Some(_) | None => Decision::Already,
        };
        let outcome = match self.invitations.change(due.id, decide).await {
            Err(error @ StoreError::Corrupt(_)) => {
                self.delete(due).await?;
                return Err(error);
            }
            outcome => outcome?,
        };
        let is_recorded =
            matches!(outcome, Outcome::Done(invitation) if invitation.has(&due.moment));
        // A clock that was set back finds it again.
        let is_done = is_recorded && now >= due.moment.at;
        // Otherwise the transaction that this row was written for may be under way.
        if is_done || now > due.written + GRACE {
            self.delete(due).await?;
        }
        Ok(())
    }

    /// Unless it was written anew.
    async fn delete(&self, due: &DueMoment) -> Result<(), StoreError> {
        let delete = Write::Delete {
            key: due.key.clone(),
            if_match: due.etag.clone(),
        };
        let partition = index::of_invitation(due.id);
        access::commit_unless_changed(&*self.table, &partition, &[delete]).await?;
        Ok(())
    }
}
