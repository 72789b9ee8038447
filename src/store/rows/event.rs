//! Events, and the addresses that were named with them.

use super::columns::{Reader, Writer};
use crate::{
    domain::{
        email::Email,
        invitation::{Channel, Event, EventDetails, EventKind, InvitationId, Situation},
    },
    store::{
        error::StoreError,
        table::{Fields, Range},
    },
};

/// Begins the row keys of addresses that were named with an event.
const COLLEAGUE: &str = "colleague-";
/// The column of an event with the position, among those who have changed the invitation at the
/// desk, of the employee who caused it.
const STAFF: &str = "staff";
/// The columns of an event that say more than its kind.
const SENDS_NO_EMAIL: &str = "sendsNoEmail";
const MAILBOX_CHANGED: &str = "mailboxChanged";
const VALID_AGAIN: &str = "validAgain";
const JOINED: &str = "joined";
/// The column of an event that names the channels for which it has intents.
const ANNOUNCED: &str = "announcedOn";

/// Sorts as the numbers do.
pub(in crate::store) fn event_key(number: u32) -> String {
    format!("event-{number:06}")
}

/// `None` for rows that are no events.
pub(in crate::store) fn event_number(key: &str) -> Option<u32> {
    key.strip_prefix("event-")?.parse().ok()
}

/// The rows of all events.
pub(in crate::store) fn events() -> Range {
    Range {
        from: Some("event-".to_owned()),
        // The full stop is the next character after the hyphen.
        below: Some("event.".to_owned()),
    }
}

pub(in crate::store) fn event(event: &Event) -> Result<Fields, StoreError> {
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

/// The event's row, with the channels for which its intents were written.
pub(in crate::store) fn announced_event(
    event: &Event,
    on: &[Channel],
) -> Result<Fields, StoreError> {
    let mut fields = self::event(event)?;
    if !on.is_empty() {
        let names: Vec<_> = on.iter().map(|channel| channel.name()).collect();
        fields.insert(ANNOUNCED, &names.join(" "));
    }
    Ok(fields)
}

/// The channels for which the event has intents; none of a row of an earlier version.
pub(in crate::store) fn read_announced(fields: &Fields) -> Vec<Channel> {
    let names = fields.get(ANNOUNCED).unwrap_or_default();
    names.split(' ').filter_map(Channel::parse).collect()
}

/// `None` for rows that are no events, or none that can be read.
pub(in crate::store) fn read_event(id: InvitationId, key: &str, fields: &Fields) -> Option<Event> {
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

fn situation_name(situation: Situation) -> Option<String> {
    let name = serde_json::to_value(situation).ok()?;
    name.as_str().map(str::to_owned)
}

/// `None` of one that only a newer version knows.
fn situation(name: &str) -> Option<Situation> {
    serde_json::from_value(name.into()).ok()
}

/// The key of the row with the address that was named with an event.
pub(in crate::store) fn colleague_key(number: u32) -> String {
    format!("{COLLEAGUE}{number:06}")
}

/// Whether the row is an address that was named with an event.
pub(in crate::store) fn is_colleague(key: &str) -> bool {
    key.starts_with(COLLEAGUE)
}

pub(in crate::store) fn colleague(email: &Email) -> Fields {
    let mut row = Writer::default();
    row.text("email", email.as_str());
    row.0
}

pub(in crate::store) fn read_colleague(fields: &Fields) -> Result<Email, StoreError> {
    Reader(fields).parse("email")
}
