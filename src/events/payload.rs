//! What a webhook and the feed say of an event.

use std::collections::BTreeMap;

use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use super::actor::Actor;
use crate::{
    domain::{
        company::ConfirmedCompany,
        email::Email,
        invitation::{
            Account, Channel, Event, EventKind, Invitation, Inviter, Recipient, Situation, State,
            Status,
        },
    },
    net::BaseUrl,
    store::History,
};

/// An event, as the webhook carries it (Standard Webhooks).
#[derive(Serialize, ToSchema)]
#[schema(as = WebhookEvent)]
pub(crate) struct Payload<'a> {
    /// What happened.
    #[schema(schema_with = EventKind::schema)]
    r#type: &'static str,
    /// When it happened.
    #[serde(with = "time::serde::rfc3339")]
    timestamp: OffsetDateTime,
    /// The invitation that it happened to.
    data: Data<'a>,
}

/// An event of the feed: what the webhook carries, with the id that it has there.
#[derive(Serialize, ToSchema)]
#[schema(as = FeedEvent)]
pub(crate) struct FeedEvent<'a> {
    /// The `webhook-id`: unique, and the same wherever the event is delivered.
    #[schema(pattern = "^[0-9a-f]{32}-[1-9][0-9]*$")]
    id: String,
    /// What happened.
    #[schema(schema_with = EventKind::schema)]
    r#type: &'static str,
    /// When it happened.
    #[serde(with = "time::serde::rfc3339")]
    timestamp: OffsetDateTime,
    /// The invitation that it happened to.
    data: Data<'a>,
}

/// Neither the link nor anything that opens it; of an erased invitation nothing that leads to a
/// person. People and your own data are as they are now.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WebhookData)]
pub(crate) struct Data<'a> {
    /// The id of the invitation.
    #[schema(pattern = "^[0-9a-f]{32}$")]
    invitation_id: String,
    /// Counts the events of the invitation from 1.
    #[schema(minimum = 1)]
    sequence: u32,
    /// The status right after the event.
    status: Status,
    /// The status before the event. Absent from the first one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    previous_status: Option<Status>,
    /// Who caused the event.
    actor: Actor<'a>,
    /// The invitation in the API.
    #[schema(format = "uri")]
    url: String,
    /// Absent once erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    recipient: Option<&'a Recipient>,
    /// Absent once erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    inviter: Option<&'a Inviter>,
    /// The seller's own number. Absent once erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    customer_number: Option<&'a str>,
    /// Your own data, as it is now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    metadata: Option<&'a BTreeMap<String, String>>,
    /// With `invitation.accepted` and `company.*`: the account of the recipient.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    account: Option<Account>,
    /// With `company.*`: the id of the company.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    company_id: Option<Uuid>,
    /// With `company.*`: the company, as the customer confirmed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    company: Option<ConfirmedCompany<'a>>,
    /// With `invitation.revoked`: the reason that was given. With `invitation.delivery_failed`:
    /// why the e-mail could not be sent, unless a later one was.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    reason: Option<&'a str>,
    /// With `invitation.help_requested`: what stopped the recipient.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    situation: Option<Situation>,
    /// With `invitation.declined`: who is the right person, as someone who opened the link says.
    /// Check the address before you invite it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    colleague: Option<&'a Email>,
    /// The tenant that an approval was reported for; it is not verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    tenant: Option<Uuid>,
}

impl<'a> Payload<'a> {
    pub(super) fn new(history: &'a History, event: &'a Event, public: &BaseUrl) -> Self {
        Self {
            r#type: event.kind.name(),
            timestamp: event.at,
            data: Data::new(history, event, public),
        }
    }
}

impl<'a> FeedEvent<'a> {
    pub(crate) fn new(history: &'a History, event: &'a Event, public: &BaseUrl) -> Self {
        let Payload {
            r#type,
            timestamp,
            data,
        } = Payload::new(history, event, public);
        Self {
            id: event.id(),
            r#type,
            timestamp,
            data,
        }
    }
}

impl<'a> Data<'a> {
    fn new(history: &'a History, event: &'a Event, public: &BaseUrl) -> Self {
        let id = history.record.id();
        let invitation = history.record.as_live();
        let is_completion = matches!(
            event.kind,
            EventKind::CompanyCreated | EventKind::CompanyJoined
        );
        let (status, previous_status) = statuses(&history.events, event.number);
        Self {
            invitation_id: id.to_string(),
            sequence: event.number,
            status,
            previous_status,
            actor: Actor::of(&history.record, event),
            url: public.api(&format!("Invitations/{id}")).to_string(),
            recipient: invitation.map(|own| &own.terms.recipient),
            inviter: invitation.map(|own| &own.terms.inviter),
            customer_number: invitation
                .and_then(|own| own.terms.company.customer_number.as_deref()),
            metadata: invitation
                .map(|own| &own.terms.metadata)
                .filter(|metadata| !metadata.is_empty()),
            account: invitation
                .and_then(Invitation::owner)
                .filter(|_| is_completion || event.kind == EventKind::Accepted),
            company_id: match event.kind {
                EventKind::CompanyCreated => Some(id.company_id()),
                // The event of an earlier version does not say it.
                EventKind::CompanyJoined => event
                    .details
                    .company
                    .or_else(|| invitation.and_then(Invitation::company_id)),
                _ => None,
            },
            company: history.confirmed_company().filter(|_| is_completion),
            reason: reason(history, event),
            situation: event.details.situation,
            colleague: event.details.colleague.as_ref(),
            tenant: event.details.tenant,
        }
    }
}

/// Of an erased invitation, none: it may name people.
fn reason<'a>(history: &'a History, event: &Event) -> Option<&'a str> {
    let invitation = history.record.as_live()?;
    match (event.kind, &invitation.state) {
        (EventKind::Revoked, State::Revoked { reason, .. }) => reason.as_deref(),
        (EventKind::DeliveryFailed, _) => {
            // Both were recorded together.
            let mut failed = history.progress(Channel::Mail).failed.iter();
            let own = failed.find(|failed| failed.at == event.at);
            own.map(|failed| failed.reason.as_str())
        }
        _ => None,
    }
}

/// The status after the event of this number and before it, not the current one: a late or repeated
/// delivery carries the same data.
fn statuses(events: &[Event], number: u32) -> (Status, Option<Status>) {
    let until = events.iter().filter(|event| event.number <= number);
    let first = (Status::Pending, None);
    until.fold(first, |(before, _), event| {
        let previous = (event.number > 1).then(|| status_before(before, event));
        (status_after(before, event), previous)
    })
}

/// The status before the event; `last` is the one after the event before it. They differ where the
/// time has run out in between, and [`EventKind::Expired`] is recorded later, or never.
fn status_before(last: Status, event: &Event) -> Status {
    match event.kind {
        EventKind::Expired => Status::Pending,
        EventKind::Updated if event.details.valid_again => Status::Expired,
        EventKind::RenewalRequested => status_after(last, event),
        _ => last,
    }
}

fn status_after(before: Status, event: &Event) -> Status {
    match event.kind {
        EventKind::Created | EventKind::Resent => Status::Pending,
        EventKind::Expired => Status::Expired,
        EventKind::Updated if event.details.valid_again => Status::Pending,
        EventKind::Sent
        | EventKind::DeliveryFailed
        | EventKind::Updated
        | EventKind::Reminded
        | EventKind::LinkRevealed
        | EventKind::HelpRequested
        | EventKind::Approved
        | EventKind::Declined => before,
        // Only for an invitation that was revoked or has expired can a new one be asked for.
        EventKind::RenewalRequested if before == Status::Revoked => before,
        EventKind::RenewalRequested => Status::Expired,
        EventKind::Accepted => Status::Accepted,
        EventKind::CompanyCreated | EventKind::CompanyJoined => Status::Completed,
        EventKind::Erased if before == Status::Completed => before,
        // An erasure revokes an invitation that could still be accepted or completed.
        EventKind::Revoked | EventKind::Erased => Status::Revoked,
    }
}

#[cfg(test)]
mod tests {

    use proptest::prelude::*;
    use time::macros::datetime;

    use super::*;
    use crate::domain::invitation::{EventDetails, Link};

    fn happened(kinds: &[EventKind]) -> Vec<Event> {
        let invitation = Link::random().id();
        let event = |(at, kind): (usize, &EventKind)| Event {
            invitation,
            number: u32::try_from(at).unwrap() + 1,
            kind: *kind,
            at: datetime!(2026-11-22 12:00 UTC),
            details: EventDetails::default(),
        };
        kinds.iter().enumerate().map(event).collect()
    }

    fn statuses_of(kinds: &[EventKind]) -> Vec<Status> {
        let events = happened(kinds);
        events
            .iter()
            .map(|event| statuses(&events, event.number).0)
            .collect()
    }

    #[test]
    fn an_event_carries_the_status_before_it() {
        let events = happened(&[EventKind::Created, EventKind::Accepted, EventKind::Revoked]);
        let previous = events.iter().map(|event| statuses(&events, event.number).1);
        assert_eq!(
            previous.collect::<Vec<_>>(),
            [None, Some(Status::Pending), Some(Status::Accepted)]
        );
    }

    #[test]
    fn expiry_always_follows_pending() {
        let events = happened(&[
            EventKind::Created,
            EventKind::RenewalRequested,
            EventKind::Expired,
            EventKind::Resent,
        ]);
        let carried = |number| statuses(&events, number);
        assert_eq!(carried(2), (Status::Expired, Some(Status::Expired)));
        assert_eq!(carried(3), (Status::Expired, Some(Status::Pending)));
        assert_eq!(carried(4), (Status::Pending, Some(Status::Expired)));
    }

    #[test]
    fn an_event_carries_the_status_it_led_to() {
        use {EventKind as Kind, Status::*};
        assert_eq!(
            statuses_of(&[
                Kind::Created,
                Kind::Sent,
                Kind::Accepted,
                Kind::CompanyCreated
            ]),
            [Pending, Pending, Accepted, Completed]
        );
        assert_eq!(
            statuses_of(&[
                Kind::Created,
                Kind::DeliveryFailed,
                Kind::Expired,
                Kind::RenewalRequested,
                Kind::DeliveryFailed,
                Kind::Resent,
                Kind::Sent
            ]),
            [
                Pending, Pending, Expired, Expired, Expired, Pending, Pending
            ]
        );
        assert_eq!(
            statuses_of(&[
                Kind::Created,
                Kind::Revoked,
                Kind::RenewalRequested,
                Kind::Sent
            ]),
            [Pending, Revoked, Revoked, Revoked]
        );
        assert_eq!(
            statuses_of(&[Kind::Created, Kind::Reminded, Kind::Expired, Kind::Updated]),
            [Pending, Pending, Expired, Expired]
        );
        // The e-mail was under way when the recipient accepted with the link of an earlier one.
        assert_eq!(
            statuses_of(&[Kind::Created, Kind::Accepted, Kind::Sent]),
            [Pending, Accepted, Accepted]
        );
    }

    #[test]
    fn an_update_can_make_an_invitation_valid_again() {
        // The second one before the timer has recorded the expiry.
        for before in [EventKind::Expired, EventKind::Sent] {
            let mut events = happened(&[EventKind::Created, before, EventKind::Updated]);
            events[2].details.valid_again = true;
            assert_eq!(
                statuses(&events, 3),
                (Status::Pending, Some(Status::Expired))
            );
        }
    }

    proptest! {
        #[test]
        fn later_events_do_not_change_the_payload(
            kinds in proptest::collection::vec(proptest::sample::select(EventKind::ALL), 1..12),
            until in 1..12_usize,
        ) {
            let until = until.min(kinds.len());
            prop_assert_eq!(&statuses_of(&kinds)[..until], statuses_of(&kinds[..until]));
        }
    }
}
