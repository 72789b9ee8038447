//! When invitations expire and recipients are reminded.
//!
//! Before the transaction that gives an invitation its expiry, a row for each of its moments is
//! written to the index partition of its shard, sorted by time. The timer reads what is due, and has
//! the invitation record it, if it is still pending and has that expiry. What is recorded is noted
//! in the invitation by the same transaction, so that it happens once; then the row is deleted.

use std::sync::Arc;

use time::OffsetDateTime;

use super::{
    access,
    channels::Channels,
    error::StoreError,
    index,
    invitations::{Decision, Invitations, Outcome},
    outbox::{GRACE, read_due, time_key},
    rows,
    table::{Continuation, ETag, Range, Row, Table, Write},
};
use crate::domain::invitation::{Invitation, InvitationId, Moment, Reminders};

/// Begins the row keys.
const DUE: &str = "due-";
/// Rows of one call.
const PAGE_SIZE: usize = 1000;

/// The moments of all invitations.
#[derive(Clone, Debug)]
pub struct Schedule {
    table: Arc<dyn Table>,
    invitations: Invitations,
    channels: Channels,
}

/// A moment that has come.
#[derive(Clone, Debug)]
pub struct DueMoment {
    /// The invitation.
    pub id: InvitationId,
    moment: Moment,
    written: OffsetDateTime,
    key: String,
    etag: ETag,
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
    pub(super) fn new(table: Arc<dyn Table>, invitations: Invitations, channels: Channels) -> Self {
        Self {
            table,
            invitations,
            channels,
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
        let range = Range {
            from: Some(DUE.to_owned()),
            below: Some(format!("{DUE}{}", time_key(now))),
        };
        let partition = index::of_shard(shard);
        let page = self
            .table
            .query(&partition, &range, PAGE_SIZE, after)
            .await?;
        Ok(DueMoments {
            moments: page.rows.into_iter().filter_map(read).collect(),
            next: page.next,
        })
    }

    /// Records what has come, unless it no longer applies, and deletes the row.
    ///
    /// # Errors
    /// Where the table fails; the row leads here again.
    pub async fn reach(&self, due: &DueMoment, now: OffsetDateTime) -> Result<(), StoreError> {
        // Without a mail server, nobody is reminded.
        let applies = due.moment.is_expiry() || self.channels.mail;
        let decide = |invitation: Invitation| match invitation.reach(&due.moment, now) {
            Some(transition) if applies => Ok(transition).into(),
            Some(_) | None => Decision::Already,
        };
        let outcome = self.invitations.change(due.id, decide).await?;
        let is_done = matches!(outcome, Outcome::Done(invitation) if invitation.has(&due.moment));
        // Otherwise the transaction that this row was written for may be under way.
        if is_done || now > due.written + GRACE {
            let delete = Write::Delete {
                key: due.key.clone(),
                if_match: due.etag.clone(),
            };
            let partition = index::of_invitation(due.id);
            access::commit_unless_changed(&*self.table, &partition, &[delete]).await?;
        }
        Ok(())
    }
}

/// The rows of the moments that lie ahead of an invitation.
pub(super) fn planned(
    invitation: &Invitation,
    reminders: &Reminders,
    now: OffsetDateTime,
) -> Result<Vec<Write>, StoreError> {
    let moments = invitation.moments(reminders, now);
    let inserts = moments.iter().map(|moment| {
        let key = key(invitation.id, moment);
        let fields = rows::intent(now)?;
        Ok(Write::Insert { key, fields })
    });
    inserts.collect()
}

fn key(id: InvitationId, moment: &Moment) -> String {
    let Moment { at, expires_at } = *moment;
    format!("{DUE}{}-{id}-{}", time_key(at), time_key(expires_at))
}

fn read(row: Row) -> Option<DueMoment> {
    let mut parts = row.key.strip_prefix(DUE)?.split('-');
    let at = read_due(parts.next()?)?;
    let id = parts.next()?.parse().ok()?;
    let expires_at = read_due(parts.next()?)?;
    Some(DueMoment {
        id,
        moment: Moment { at, expires_at },
        written: rows::read_intent(&row.fields).ok()?,
        key: row.key,
        etag: row.etag,
    })
}
