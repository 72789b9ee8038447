//! An invitation with its state; one that was erased; and what is left while its rows are deleted.

use time::OffsetDateTime;

use super::{
    Place,
    columns::{Reader, Writer},
};
use crate::{
    domain::invitation::{
        Account, Contacts, CreatedCompany, End, Erased, Invitation, InvitationId, Record, State,
        Terms,
    },
    store::{error::StoreError, table::Fields},
};

/// The column of an invitation that names the request it was created by, where that bore an
/// `Idempotency-Key`.
pub(in crate::store) const REQUEST: &str = "idempotency";
/// The column of an invitation that names the company it invites into.
const INVITED_INTO: &str = "invitedInto";
/// The column of an invitation with the integrator's own data.
const METADATA: &str = "metadata";
/// The column of an invitation with the times at which it was sent again, in seconds since 1970.
const RESENDS: &str = "resentAt";
/// The column of an invitation with what led to it before it was changed.
const FORMER: &str = "former";
/// The column of an invitation with the time at which another mailbox was named.
const MAILBOX_CHANGED_AT: &str = "mailboxChangedAt";
/// The column of an invitation with the last time at which it expired or its recipient was
/// reminded, as planned.
const REACHED: &str = "reached";
/// The column of an invitation with the time at which its recipient was last reminded.
const REMINDED_AT: &str = "remindedAt";
/// The column of an invitation with the employee who created it at the desk.
const CREATED_BY: &str = "createdBy";
/// The column of an invitation with the employees who have changed it at the desk.
const STAFF: &str = "staff";
/// Names the column that only an erased invitation has.
pub(super) const ERASED: &str = "erasedAt";
/// Names the column that only a tombstone has.
const PURGED: &str = "purged";

pub(in crate::store) fn invitation(
    invitation: &Invitation,
    sealed_link: &str,
) -> Result<Fields, StoreError> {
    let Invitation {
        id: _,
        terms,
        created_at,
        expires_at,
        contacts,
        resends,
        former,
        created_by,
        staff,
        approved_at,
        mailbox_changed_at,
        reached,
        reminded_at,
        state,
        events,
    } = invitation;
    let mut row = Writer::default();
    row.text("link", sealed_link);
    row.json("recipient", &terms.recipient)?;
    row.json("inviter", &terms.inviter)?;
    row.json("registeredCompany", &terms.company)?;
    row.maybe(
        INVITED_INTO,
        terms.company_id.map(|id| id.to_string()).as_deref(),
    );
    row.maybe("message", terms.message.as_deref());
    row.text("sendEmail", if terms.send_email { "true" } else { "false" });
    if !terms.metadata.is_empty() {
        row.json(METADATA, &terms.metadata)?;
    }
    if !former.is_empty() {
        row.json(FORMER, former)?;
    }
    row.maybe(CREATED_BY, created_by.map(|oid| oid.to_string()).as_deref());
    if !staff.is_empty() {
        row.json(STAFF, staff)?;
    }
    if !resends.is_empty() {
        row.json(
            RESENDS,
            &resends
                .iter()
                .map(|at| at.unix_timestamp())
                .collect::<Vec<_>>(),
        )?;
    }
    row.time("createdAt", Some(*created_at))?;
    row.time("expiresAt", Some(*expires_at))?;
    row.time("renewalRequestedAt", contacts.new_invitation)?;
    row.time("helpRequestedAt", contacts.help)?;
    row.time("declinedAt", contacts.not_me)?;
    row.time("approvedAt", *approved_at)?;
    row.time(MAILBOX_CHANGED_AT, *mailbox_changed_at)?;
    row.time(REACHED, *reached)?;
    row.time(REMINDED_AT, *reminded_at)?;
    row.text("events", &events.to_string());
    write_state(&mut row, state)?;
    Ok(row.0)
}

fn write_state(row: &mut Writer, state: &State) -> Result<(), StoreError> {
    match state {
        State::Pending => row.text("status", "pending"),
        State::Accepted { by, at } => {
            row.text("status", "accepted");
            row.json("account", by)?;
            row.time("acceptedAt", Some(*at))?;
        }
        State::Completed {
            by,
            accepted_at,
            company,
            at,
        } => {
            row.text("status", "completed");
            row.json("account", by)?;
            row.time("acceptedAt", Some(*accepted_at))?;
            row.time("completedAt", Some(*at))?;
            row.text("companyId", &company.id.to_string());
            row.text("companyName", &company.name);
        }
        State::Revoked { at, reason } => {
            row.text("status", "revoked");
            row.time("revokedAt", Some(*at))?;
            row.maybe("revokeReason", reason.as_deref());
        }
    }
    Ok(())
}

fn read_invitation(id: InvitationId, row: &Reader) -> Result<Invitation, StoreError> {
    Ok(Invitation {
        id,
        terms: Terms {
            recipient: row.json("recipient")?,
            inviter: row.json("inviter")?,
            company: row.json("registeredCompany")?,
            company_id: match row.maybe(INVITED_INTO) {
                Some(_) => Some(row.parse(INVITED_INTO)?),
                None => None,
            },
            message: row.maybe("message"),
            send_email: row.text("sendEmail")? == "true",
            metadata: row.json_or_default(METADATA)?,
        },
        created_at: row.time("createdAt")?,
        expires_at: row.time("expiresAt")?,
        contacts: Contacts {
            help: row.maybe_time("helpRequestedAt")?,
            not_me: row.maybe_time("declinedAt")?,
            new_invitation: row.maybe_time("renewalRequestedAt")?,
        },
        former: row.json_or_default(FORMER)?,
        created_by: match row.maybe(CREATED_BY) {
            Some(_) => Some(row.parse(CREATED_BY)?),
            None => None,
        },
        staff: row.json_or_default(STAFF)?,
        resends: row
            .json_or_default::<Vec<i64>>(RESENDS)?
            .into_iter()
            .filter_map(|at| OffsetDateTime::from_unix_timestamp(at).ok())
            .collect(),
        approved_at: row.maybe_time("approvedAt")?,
        mailbox_changed_at: row.maybe_time(MAILBOX_CHANGED_AT)?,
        reached: row.maybe_time(REACHED)?,
        reminded_at: row.maybe_time(REMINDED_AT)?,
        state: read_state(row)?,
        events: row.parse("events")?,
    })
}

fn read_state(row: &Reader) -> Result<State, StoreError> {
    let account = || row.json::<Account>("account");
    Ok(match row.text("status")? {
        "pending" => State::Pending,
        "accepted" => State::Accepted {
            by: account()?,
            at: row.time("acceptedAt")?,
        },
        "completed" => State::Completed {
            by: account()?,
            accepted_at: row.time("acceptedAt")?,
            company: CreatedCompany {
                id: row.parse("companyId")?,
                name: row.text("companyName")?.to_owned(),
            },
            at: row.time("completedAt")?,
        },
        "revoked" => State::Revoked {
            at: row.time("revokedAt")?,
            reason: row.maybe("revokeReason"),
        },
        _ => return Err(StoreError::Corrupt("status")),
    })
}

/// The row of an invitation that was erased.
pub(in crate::store) fn erased(erased: &Erased) -> Result<Fields, StoreError> {
    let Erased {
        id: _,
        created_at,
        expires_at,
        at,
        end,
        events,
    } = erased;
    let mut row = Writer::default();
    row.time("createdAt", Some(*created_at))?;
    row.time("expiresAt", Some(*expires_at))?;
    row.time(ERASED, Some(*at))?;
    row.text("events", &events.to_string());
    row.text("status", erased.status().name());
    match end {
        End::Completed { accepted_at, at } => {
            row.time("acceptedAt", Some(*accepted_at))?;
            row.time("completedAt", Some(*at))?;
        }
        End::Revoked { at } => row.time("revokedAt", Some(*at))?,
    }
    Ok(row.0)
}

fn read_erased(id: InvitationId, row: &Reader, at: OffsetDateTime) -> Result<Erased, StoreError> {
    let end = match row.text("status")? {
        "completed" => End::Completed {
            accepted_at: row.time("acceptedAt")?,
            at: row.time("completedAt")?,
        },
        "revoked" => End::Revoked {
            at: row.time("revokedAt")?,
        },
        _ => return Err(StoreError::Corrupt("status")),
    };
    let events = row.parse("events")?;
    Ok(Erased {
        id,
        created_at: row.time("createdAt")?,
        expires_at: row.time("expiresAt")?,
        at,
        end,
        events,
    })
}

/// What replaces an invitation while its rows are being deleted: where its secondary rows are.
pub(in crate::store) fn tombstone(secondary: &[Place]) -> Result<Fields, StoreError> {
    let mut row = Writer::default();
    row.json(PURGED, &secondary)?;
    Ok(row.0)
}

/// `None` where the row is no tombstone.
pub(in crate::store) fn read_tombstone(fields: &Fields) -> Result<Option<Vec<Place>>, StoreError> {
    if fields.contains_key(PURGED) {
        Reader(fields).json(PURGED).map(Some)
    } else {
        Ok(None)
    }
}

/// `None` where only a tombstone is left.
pub(in crate::store) fn read_record(
    id: InvitationId,
    fields: &Fields,
) -> Result<Option<Record>, StoreError> {
    if fields.contains_key(PURGED) {
        return Ok(None);
    }
    let row = Reader(fields);
    Ok(Some(match row.maybe_time(ERASED)? {
        Some(at) => Record::Erased(read_erased(id, &row, at)?),
        None => Record::Live(Box::new(read_invitation(id, &row)?)),
    }))
}
