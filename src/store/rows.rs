//! How an invitation lies in the table: columns that an operator can read, objects as JSON text.
//!
//! | row key | holds |
//! |---|---|
//! | `invitation` | the invitation and its state |
//! | `company` | the company that was created |
//! | `event-000001` … | the timeline |
//! | `colleague-000001` … | an address that someone named with the event of this number, until it is delivered |
//! | `code` | the digests of the codes that were mailed to prove the mailbox, and how often each was tried |
//! | `progress-mail`, `progress-webhook` | how far the events were delivered, and who delivers them now |
//! | `state-…` | whom a sign-in verified, sealed, under the digest of its state |
//!
//! A company that colleagues share has the partition `company-…`, with the row `company` and a row
//! `member-…` for each of them; the claim of its customer number is the row `claim` of the
//! partition `claim-…`. A request that bears an `Idempotency-Key` has a partition of its own, with
//! the one row `request`.

mod carried;
pub(super) mod uploads;

use std::str::FromStr;

use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use uuid::Uuid;

use super::{
    error::StoreError,
    table::{Fields, Range},
};
use crate::domain::{
    company::Company,
    email::Email,
    invitation::{
        Account, Channel, Contacts, CreatedCompany, End, Erased, Event, EventDetails, EventKind,
        Invitation, InvitationId, IssuedCodes, Progress, Record, Situation, State, Terms,
    },
};

pub(super) use carried::{FEED, carried, feed_reference, read_feed_reference};

/// Partitions of the outbox and of the index. An invitation's rows are all in one of each.
pub const SHARDS: u8 = 16;

pub(super) const INVITATION: &str = "invitation";
pub(super) const COMPANY: &str = "company";
pub(super) const CODE: &str = "code";
/// Begins the row keys of the channels' progress.
pub(super) const PROGRESS: &str = "progress-";
/// The column of a channel's progress with the end of its lease.
pub(super) const LEASED_UNTIL: &str = "leasedUntil";
/// Begins the row keys of used sign-in states.
pub(super) const STATES: &str = "state-";
/// Begins the row keys of addresses that were named with an event.
const COLLEAGUE: &str = "colleague-";
/// Begins the row keys of the members of a company.
const MEMBER: &str = "member-";
/// The column of an invitation that names the request it was created by, where that bore an
/// `Idempotency-Key`.
pub(super) const REQUEST: &str = "idempotency";
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
/// The column of an invitation with the employees who have changed it at the desk; that of an event
/// with the position of the one who caused it.
const STAFF: &str = "staff";
/// The columns of an event that say more than its kind.
const SENDS_NO_EMAIL: &str = "sendsNoEmail";
const MAILBOX_CHANGED: &str = "mailboxChanged";
const VALID_AGAIN: &str = "validAgain";
const JOINED: &str = "joined";
/// The column of a used state with the host's invocation that used it.
const INVOCATION: &str = "invocation";
/// Names the column that only an erased invitation has.
const ERASED: &str = "erasedAt";
/// Names the column that only a tombstone has.
const PURGED: &str = "purged";

/// Where a row is: partition and row key.
pub(super) type Place = (String, String);

/// Any text becomes a key of one length.
pub(super) fn digest(purpose: &str, text: &str) -> String {
    let hash = Sha256::new()
        .chain_update(purpose)
        .chain_update(text)
        .finalize();
    hash.iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

pub(super) fn progress_key(channel: Channel) -> String {
    format!("{PROGRESS}{}", channel.name())
}

pub(super) fn progress(
    progress: &Progress,
    leased_until: Option<OffsetDateTime>,
) -> Result<Fields, StoreError> {
    let mut row = Writer::default();
    row.json("progress", progress)?;
    row.time(LEASED_UNTIL, leased_until)?;
    Ok(row.0)
}

pub(super) fn read_progress(
    fields: &Fields,
) -> Result<(Progress, Option<OffsetDateTime>), StoreError> {
    let row = Reader(fields);
    Ok((row.json("progress")?, row.maybe_time(LEASED_UNTIL)?))
}

pub(super) fn intent(announced: OffsetDateTime) -> Result<Fields, StoreError> {
    let mut row = Writer::default();
    row.time("announcedAt", Some(announced))?;
    Ok(row.0)
}

pub(super) fn read_intent(fields: &Fields) -> Result<OffsetDateTime, StoreError> {
    Reader(fields).time("announcedAt")
}

/// The outage of a receiver of webhooks: since when, when it is probed next, and why.
pub(super) fn outage(
    since: OffsetDateTime,
    probe_at: OffsetDateTime,
    reason: &str,
) -> Result<Fields, StoreError> {
    let mut row = Writer::default();
    row.text("reason", reason);
    row.time("since", Some(since))?;
    row.time("probeAt", Some(probe_at))?;
    Ok(row.0)
}

pub(super) fn read_outage(
    fields: &Fields,
) -> Result<(OffsetDateTime, OffsetDateTime, &str), StoreError> {
    let row = Reader(fields);
    Ok((
        row.time("since")?,
        row.time("probeAt")?,
        row.text("reason")?,
    ))
}

/// A request to deliver again what was given up in this period.
pub(super) fn redelivery(
    since: OffsetDateTime,
    until: OffsetDateTime,
) -> Result<Fields, StoreError> {
    let mut row = Writer::default();
    row.time("since", Some(since))?;
    row.time("until", Some(until))?;
    Ok(row.0)
}

pub(super) fn read_redelivery(
    fields: &Fields,
) -> Result<(OffsetDateTime, OffsetDateTime), StoreError> {
    let row = Reader(fields);
    Ok((row.time("since")?, row.time("until")?))
}

/// The column of an event that names the channels for which it has intents.
const ANNOUNCED: &str = "announcedOn";

/// The event's row, with the channels for which its intents were written.
pub(super) fn announced_event(event: &Event, on: &[Channel]) -> Result<Fields, StoreError> {
    let mut fields = self::event(event)?;
    if !on.is_empty() {
        let names: Vec<_> = on.iter().map(|channel| channel.name()).collect();
        fields.insert(ANNOUNCED.to_owned(), names.join(" "));
    }
    Ok(fields)
}

/// The channels for which the event has intents; none of a row of an earlier version.
pub(super) fn read_announced(fields: &Fields) -> Vec<Channel> {
    let names = fields
        .get(ANNOUNCED)
        .map(String::as_str)
        .unwrap_or_default();
    names.split(' ').filter_map(Channel::parse).collect()
}

/// `None` for rows that are no events.
pub(super) fn event_number(key: &str) -> Option<u32> {
    key.strip_prefix("event-")?.parse().ok()
}

/// `None` for rows that are no events, or none that can be read.
pub(super) fn read_event(id: InvitationId, key: &str, fields: &Fields) -> Option<Event> {
    let number = event_number(key)?;
    let row = Reader(fields);
    let uuid = |name: &'static str| row.maybe(name).and_then(|text| text.parse().ok());
    Some(Event {
        invitation: id,
        number,
        kind: EventKind::parse(row.text("type").ok()?)?,
        at: row.time("at").ok()?,
        details: EventDetails {
            situation: row.maybe("situation").and_then(|name| situation(&name)),
            tenant: uuid("tenant"),
            company: uuid(JOINED),
            colleague: None,
            sends_no_email: fields.contains_key(SENDS_NO_EMAIL),
            mailbox_changed: fields.contains_key(MAILBOX_CHANGED),
            valid_again: fields.contains_key(VALID_AGAIN),
            staff: row.maybe(STAFF).and_then(|position| position.parse().ok()),
        },
    })
}

pub(super) fn read_company(fields: &Fields) -> Result<Company, StoreError> {
    Reader(fields).json("company")
}

/// The rows of all events.
pub(super) fn events() -> Range {
    Range {
        from: Some("event-".to_owned()),
        // The full stop is the next character after the hyphen.
        below: Some("event.".to_owned()),
    }
}

/// Sorts as the numbers do.
pub(super) fn event_key(number: u32) -> String {
    format!("event-{number:06}")
}

pub(super) fn invitation(invitation: &Invitation, sealed_link: &str) -> Result<Fields, StoreError> {
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

/// The row of an invitation that was erased.
pub(super) fn erased(erased: &Erased) -> Result<Fields, StoreError> {
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
pub(super) fn tombstone(secondary: &[Place]) -> Result<Fields, StoreError> {
    let mut row = Writer::default();
    row.json(PURGED, &secondary)?;
    Ok(row.0)
}

/// `None` where the row is no tombstone.
pub(super) fn read_tombstone(fields: &Fields) -> Result<Option<Vec<Place>>, StoreError> {
    if fields.contains_key(PURGED) {
        Reader(fields).json(PURGED).map(Some)
    } else {
        Ok(None)
    }
}

/// `None` where only a tombstone is left.
pub(super) fn read_record(id: InvitationId, fields: &Fields) -> Result<Option<Record>, StoreError> {
    if fields.contains_key(PURGED) {
        return Ok(None);
    }
    let row = Reader(fields);
    Ok(Some(match row.maybe_time(ERASED)? {
        Some(at) => Record::Erased(read_erased(id, &row, at)?),
        None => Record::Live(Box::new(read_invitation(id, &row)?)),
    }))
}

/// An entry of the list of erasures: when, and, sealed, where the secondary rows are.
pub(super) fn erasure(at: OffsetDateTime, sealed: &str) -> Result<Fields, StoreError> {
    let mut row = Writer::default();
    row.time(ERASED, Some(at))?;
    row.text("elsewhere", sealed);
    Ok(row.0)
}

pub(super) fn read_erasure(fields: &Fields) -> Result<(OffsetDateTime, &str), StoreError> {
    let row = Reader(fields);
    Ok((row.time(ERASED)?, row.text("elsewhere")?))
}

/// An entry of the list by age: where the entry of the list is, and, until it is known that the
/// invitation was created, where the rows are that lead from people to it.
pub(super) fn aged(listed: &str, people: &[Place]) -> Result<Fields, StoreError> {
    let mut row = Writer::default();
    row.text("listed", listed);
    if !people.is_empty() {
        row.json("people", &people)?;
    }
    Ok(row.0)
}

pub(super) fn read_aged(fields: &Fields) -> Result<(String, Vec<Place>), StoreError> {
    let row = Reader(fields);
    let people = if fields.contains_key("people") {
        row.json("people")?
    } else {
        Vec::new()
    };
    Ok((row.text("listed")?.to_owned(), people))
}

/// An entry of the list by age of a request with an `Idempotency-Key`: its time, and what it is to
/// create.
pub(super) fn aged_request(
    at: OffsetDateTime,
    invitations: &[InvitationId],
) -> Result<Fields, StoreError> {
    let mut row = Writer::default();
    row.time("at", Some(at))?;
    let ids: Vec<_> = invitations.iter().map(ToString::to_string).collect();
    row.text("invitations", &ids.join(" "));
    Ok(row.0)
}

pub(super) fn read_aged_request(
    fields: &Fields,
) -> Result<(OffsetDateTime, Vec<InvitationId>), StoreError> {
    let row = Reader(fields);
    let ids = row.text("invitations")?.split(' ').map(str::parse);
    let ids = ids.collect::<Result<_, _>>();
    Ok((
        row.time("at")?,
        ids.map_err(|_| StoreError::Corrupt("invitations"))?,
    ))
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

pub(super) fn event(event: &Event) -> Result<Fields, StoreError> {
    let mut row = Writer::default();
    row.text("id", &event.id());
    row.text("type", event.kind.name());
    row.time("at", Some(event.at))?;
    if let Some(situation) = event.details.situation {
        row.maybe("situation", situation_name(situation).as_deref());
    }
    let is_set = |set: bool| set.then_some("true");
    row.maybe(SENDS_NO_EMAIL, is_set(event.details.sends_no_email));
    row.maybe(MAILBOX_CHANGED, is_set(event.details.mailbox_changed));
    row.maybe(VALID_AGAIN, is_set(event.details.valid_again));
    let tenant = event.details.tenant.map(|tenant| tenant.to_string());
    row.maybe("tenant", tenant.as_deref());
    let company = event.details.company.map(|company| company.to_string());
    row.maybe(JOINED, company.as_deref());
    let staff = event.details.staff.map(|position| position.to_string());
    row.maybe(STAFF, staff.as_deref());
    Ok(row.0)
}

fn situation_name(situation: Situation) -> Option<String> {
    let name = serde_json::to_value(situation).ok()?;
    name.as_str().map(str::to_owned)
}

/// `None` of one that only a newer version knows.
fn situation(name: &str) -> Option<Situation> {
    serde_json::from_value(name.into()).ok()
}

/// Where the address is that was named with an event.
pub(super) fn colleague_key(number: u32) -> String {
    format!("{COLLEAGUE}{number:06}")
}

/// Whether the row is an address that was named with an event.
pub(super) fn is_colleague(key: &str) -> bool {
    key.starts_with(COLLEAGUE)
}

pub(super) fn colleague(email: &Email) -> Fields {
    let mut row = Writer::default();
    row.text("email", email.as_str());
    row.0
}

pub(super) fn read_colleague(fields: &Fields) -> Result<Email, StoreError> {
    Reader(fields).parse("email")
}

pub(super) fn company(id: &str, company: &Company) -> Result<Fields, StoreError> {
    let mut row = Writer::default();
    row.text("id", id);
    row.json("company", company)?;
    Ok(row.0)
}

/// Which company a customer number belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Claim {
    /// The invitation that creates the company, or did.
    pub(super) invitation: InvitationId,
    pub(super) company: Uuid,
}

pub(super) fn claim(claim: &Claim) -> Fields {
    let mut row = Writer::default();
    row.text("invitation", &claim.invitation.to_string());
    row.text("companyId", &claim.company.to_string());
    row.0
}

pub(super) fn read_claim(fields: &Fields) -> Result<Claim, StoreError> {
    let row = Reader(fields);
    Ok(Claim {
        invitation: row.parse("invitation")?,
        company: row.parse("companyId")?,
    })
}

/// The company that the members of a customer share; without people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SharedCompany {
    pub(super) company: Company,
    pub(super) customer_number: Option<String>,
    pub(super) created_by: InvitationId,
    pub(super) created_at: OffsetDateTime,
}

pub(super) fn shared_company(shared: &SharedCompany) -> Result<Fields, StoreError> {
    let mut row = Writer::default();
    row.json("company", &shared.company)?;
    row.maybe("customerNumber", shared.customer_number.as_deref());
    row.text("createdBy", &shared.created_by.to_string());
    row.time("createdAt", Some(shared.created_at))?;
    Ok(row.0)
}

pub(super) fn read_shared_company(fields: &Fields) -> Result<SharedCompany, StoreError> {
    let row = Reader(fields);
    Ok(SharedCompany {
        company: row.json("company")?,
        customer_number: row.maybe("customerNumber"),
        created_by: row.parse("createdBy")?,
        created_at: row.time("createdAt")?,
    })
}

/// The row of a member of a company.
pub(super) fn member_key(id: InvitationId) -> String {
    format!("{MEMBER}{id}")
}

/// `None` for rows that are no members.
pub(super) fn read_member_key(key: &str) -> Option<InvitationId> {
    key.strip_prefix(MEMBER)?.parse().ok()
}

/// A request with an `Idempotency-Key` as it is kept.
pub(super) struct KeptRequest {
    pub(super) body: String,
    pub(super) at: OffsetDateTime,
    pub(super) expires_at: OffsetDateTime,
    /// Sealed.
    pub(super) links: Vec<String>,
}

pub(super) fn request(
    body: &str,
    at: OffsetDateTime,
    expires_at: OffsetDateTime,
    links: &[String],
) -> Result<Fields, StoreError> {
    let mut row = Writer::default();
    row.text("body", body);
    row.time("at", Some(at))?;
    row.time("expiresAt", Some(expires_at))?;
    row.json("links", &links)?;
    Ok(row.0)
}

pub(super) fn read_request(fields: &Fields) -> Result<KeptRequest, StoreError> {
    let row = Reader(fields);
    let (at, expires_at) = (row.time("at")?, row.time("expiresAt")?);
    Ok(KeptRequest {
        body: row.text("body")?.to_owned(),
        at,
        expires_at,
        links: row.json("links")?,
    })
}

pub(super) fn codes(codes: &IssuedCodes) -> Result<Fields, StoreError> {
    let mut row = Writer::default();
    row.json("code", codes)?;
    Ok(row.0)
}

pub(super) fn read_codes(fields: &Fields) -> Result<IssuedCodes, StoreError> {
    Reader(fields).json("code")
}

/// Where the state of this digest is.
pub(super) fn state_key(digest: &str) -> String {
    format!("{STATES}{digest}")
}

pub(super) fn used_state(
    mark: &str,
    invocation: Option<Uuid>,
    at: OffsetDateTime,
) -> Result<Fields, StoreError> {
    let mut row = Writer::default();
    row.text("mark", mark);
    row.maybe(INVOCATION, invocation.map(|id| id.to_string()).as_deref());
    row.time("usedAt", Some(at))?;
    Ok(row.0)
}

/// Whether this invocation of the host has used the state.
pub(super) fn is_invoked_by(fields: &Fields, invocation: Option<Uuid>) -> bool {
    let kept = fields.get(INVOCATION).and_then(|id| id.parse().ok());
    kept.is_some() && kept == invocation
}

pub(super) fn is_marked(fields: &Fields, mark: &str) -> bool {
    fields.get("mark").is_some_and(|own| own == mark)
}

#[derive(Default)]
struct Writer(Fields);

impl Writer {
    fn text(&mut self, name: &str, value: &str) {
        self.0.insert(name.to_owned(), value.to_owned());
    }

    fn maybe(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(name, value);
        }
    }

    fn json(&mut self, name: &'static str, value: &impl Serialize) -> Result<(), StoreError> {
        let text = serde_json::to_string(value).map_err(|_| StoreError::Corrupt(name))?;
        self.text(name, &text);
        Ok(())
    }

    fn time(&mut self, name: &'static str, at: Option<OffsetDateTime>) -> Result<(), StoreError> {
        if let Some(at) = at {
            self.text(
                name,
                &at.format(&Rfc3339).map_err(|_| StoreError::Corrupt(name))?,
            );
        }
        Ok(())
    }
}

struct Reader<'a>(&'a Fields);

impl<'a> Reader<'a> {
    fn text(&self, name: &'static str) -> Result<&'a str, StoreError> {
        self.0
            .get(name)
            .map(String::as_str)
            .ok_or(StoreError::Corrupt(name))
    }

    fn parse<T: FromStr>(&self, name: &'static str) -> Result<T, StoreError> {
        self.text(name)?
            .parse()
            .map_err(|_| StoreError::Corrupt(name))
    }

    fn maybe(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned()
    }

    fn json<T: DeserializeOwned>(&self, name: &'static str) -> Result<T, StoreError> {
        serde_json::from_str(self.text(name)?).map_err(|_| StoreError::Corrupt(name))
    }

    fn json_or_default<T: DeserializeOwned + Default>(
        &self,
        name: &'static str,
    ) -> Result<T, StoreError> {
        if self.0.contains_key(name) {
            self.json(name)
        } else {
            Ok(T::default())
        }
    }

    fn maybe_time(&self, name: &'static str) -> Result<Option<OffsetDateTime>, StoreError> {
        self.0.get(name).map(|_| self.time(name)).transpose()
    }

    fn time(&self, name: &'static str) -> Result<OffsetDateTime, StoreError> {
        OffsetDateTime::parse(self.text(name)?, &Rfc3339).map_err(|_| StoreError::Corrupt(name))
    }
}

#[cfg(test)]
mod tests;
