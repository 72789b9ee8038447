use proptest::prelude::*;
use time::{Duration, OffsetDateTime, macros::datetime};
use uuid::Uuid;

use super::*;

pub(super) const START: OffsetDateTime = datetime!(2026-11-22 12:00 UTC);

fn terms() -> Terms {
    Terms {
        recipient: Recipient {
            email: "anna@example.com".parse().unwrap(),
            first_name: "Anna".into(),
            last_name: "Meier".into(),
            locale: None,
        },
        inviter: Inviter { name: "Beat".into(), organization: "Example Machines".into(), email: None, phone: None, locale: None },
        company: serde_json::from_value(serde_json::json!({
            "name": "Meier AG", "street": "Seestrasse 1", "postalCode": "8000", "city": "Zürich", "country": "CH"
        }))
        .unwrap(),
        company_id: None,
        message: None,
        send_email: true,
        metadata: Default::default(),
    }
}

fn company() -> Company {
    let form = serde_json::from_value(serde_json::json!({
        "companyName": "Meier AG", "street": "Seestrasse 1", "postalCode": "8000", "city": "Zürich", "country": "CH",
        "firstName": "Anna", "lastName": "Meier"
    }))
    .unwrap();
    Company::parse(&form).unwrap()
}

pub(super) fn account(number: u128) -> Account {
    Account {
        tid: Uuid::from_u128(7),
        oid: Uuid::from_u128(number),
    }
}

pub(super) fn invitation() -> Invitation {
    Invitation::create(
        Link::random().id(),
        terms(),
        START,
        START + Duration::days(30),
    )
    .0
}

#[test]
fn an_accepted_invitation_does_not_expire() {
    let (accepted, _) = invitation().accept(account(1), START).unwrap();
    assert_eq!(
        accepted.status(START + Duration::days(400)),
        Status::Accepted
    );
}

#[test]
fn expiry_is_exact_and_renewal_revives() {
    let expires = START + Duration::days(30);
    assert_eq!(
        invitation().status(expires - Duration::SECOND),
        Status::Pending
    );
    assert_eq!(invitation().status(expires), Status::Expired);
    assert_eq!(
        invitation().accept(account(1), expires).unwrap_err(),
        Refusal::Status(Status::Expired)
    );
    let (renewed, event) = invitation()
        .renew(expires + Duration::DAY, true, expires)
        .unwrap();
    assert_eq!(
        (renewed.status(expires), event.kind),
        (Status::Pending, EventKind::Resent)
    );
}

#[test]
fn another_account_is_refused_after_acceptance() {
    let (accepted, _) = invitation().accept(account(1), START).unwrap();
    assert_eq!(
        accepted.clone().accept(account(2), START).unwrap_err(),
        Refusal::AnotherAccount
    );
    assert_eq!(
        accepted
            .clone()
            .complete(account(2), &company(), START)
            .unwrap_err(),
        Refusal::AnotherAccount
    );
    let (completed, _) = accepted.complete(account(1), &company(), START).unwrap();
    assert_eq!(
        completed.clone().accept(account(2), START).unwrap_err(),
        Refusal::AnotherAccount
    );
    assert_eq!(
        completed
            .clone()
            .complete(account(2), &company(), START)
            .unwrap_err(),
        Refusal::AnotherAccount
    );
    assert_eq!(
        completed
            .complete(account(1), &company(), START)
            .unwrap_err(),
        Refusal::Status(Status::Completed)
    );
}

fn ask(invitation: Invitation, now: OffsetDateTime) -> Result<Transition, Refusal> {
    invitation.contact(ContactKind::NewInvitation, EventDetails::default(), now)
}

#[test]
fn each_kind_of_message_is_sent_once_a_day() {
    let say =
        |invitation: Invitation, kind, at| invitation.contact(kind, EventDetails::default(), at);
    let (asked, event) = say(invitation(), ContactKind::Help, START).unwrap();
    assert_eq!(event.kind, EventKind::HelpRequested);
    let again = say(
        asked.clone(),
        ContactKind::Help,
        START + Duration::hours(23),
    );
    assert_eq!(again.unwrap_err(), Refusal::AskedToday);
    let (declined, event) = say(asked, ContactKind::NotMe, START).unwrap();
    assert_eq!(event.kind, EventKind::Declined);
    assert_eq!(
        declined.status(START),
        Status::Pending,
        "the link goes on working"
    );
    assert!(say(declined.clone(), ContactKind::Help, START + Duration::DAY).is_ok());
    let expired = START + Duration::days(31);
    assert!(say(declined.clone(), ContactKind::Help, expired).is_err());
    assert!(say(declined, ContactKind::NewInvitation, expired).is_ok());
}

#[test]
fn messages_to_the_inviter_do_not_move_retention() {
    let asked_at = START + Duration::days(29);
    let (asked, event) = invitation()
        .contact(ContactKind::Help, EventDetails::default(), asked_at)
        .unwrap();
    let (accepted, bound) = asked.accept(account(1), START).unwrap();
    let record = Record::Live(Box::new(accepted));
    assert_eq!(record.last_happened(&[event, bound]), START);
}

#[test]
fn the_inviter_is_asked_once_a_day_at_most() {
    let late = START + Duration::days(31);
    assert_eq!(
        ask(invitation(), START).unwrap_err(),
        Refusal::Status(Status::Pending)
    );
    let (asked, _) = ask(invitation(), late).unwrap();
    assert_eq!(
        ask(asked.clone(), late + Duration::hours(23)).unwrap_err(),
        Refusal::AskedToday
    );
    assert!(ask(asked, late + Duration::DAY).is_ok());
}

#[derive(Clone, Debug)]
enum Step {
    Accept(u128),
    Complete(u128),
    Revoke,
    Renew,
    RequestRenewal,
    RecordDelivery(bool),
    Wait(u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        (1..3u128).prop_map(Step::Accept),
        (1..3u128).prop_map(Step::Complete),
        Just(Step::Revoke),
        Just(Step::Renew),
        Just(Step::RequestRenewal),
        any::<bool>().prop_map(Step::RecordDelivery),
        (1..40u8).prop_map(Step::Wait),
    ];
    proptest::collection::vec(step, 0..24)
}

fn take(invitation: Invitation, step: &Step, now: OffsetDateTime) -> Result<Transition, Refusal> {
    match step {
        Step::Accept(who) => invitation.accept(account(*who), now),
        Step::Complete(who) => invitation.complete(account(*who), &company(), now),
        Step::Revoke => invitation.revoke(None, now),
        Step::Renew => invitation.renew(now + Duration::days(30), false, now),
        Step::RequestRenewal => ask(invitation, now),
        Step::RecordDelivery(sent) => Ok(invitation.record_delivery(*sent, now)),
        Step::Wait(_) => unreachable!("time is no transition"),
    }
}

#[test]
fn erasure_revokes_only_what_is_still_usable() {
    let later = START + Duration::DAY;
    let (accepted, _) = invitation().accept(account(1), START).unwrap();
    let (completed, _) = accepted
        .clone()
        .complete(account(1), &company(), START)
        .unwrap();
    let (revoked, _) = invitation().revoke(Some("why".into()), START).unwrap();
    for usable in [invitation(), accepted] {
        let (erased, event) = usable.clone().erase(later);
        assert_eq!(
            (erased.end, erased.status()),
            (End::Revoked { at: later }, Status::Revoked)
        );
        assert_eq!(
            (event.kind, event.number, erased.events),
            (EventKind::Erased, usable.events + 1, usable.events + 1)
        );
    }
    assert_eq!(
        completed.erase(later).0.end,
        End::Completed {
            accepted_at: START,
            at: START
        }
    );
    assert_eq!(
        revoked.clone().erase(later).0.end,
        End::Revoked { at: START }
    );
    assert_eq!(revoked.erase(later).1.kind, EventKind::Erased);
}

#[test]
fn retention_starts_at_the_last_event() {
    let expires = START + Duration::days(30);
    let kept_from = |invitation: &Invitation, events: &[Event]| {
        Record::Live(Box::new(invitation.clone())).last_happened(events)
    };
    assert_eq!(kept_from(&invitation(), &[]), expires);
    let (accepted, event) = invitation()
        .accept(account(1), START + Duration::DAY)
        .unwrap();
    assert_eq!(kept_from(&accepted, &[]), START + Duration::DAY);
    let delivered = Event {
        at: START + Duration::days(3),
        ..event
    };
    assert_eq!(
        kept_from(&accepted, &[delivered]),
        START + Duration::days(3)
    );
    let (erased, _) = accepted.erase(expires);
    assert_eq!(Record::Erased(erased).last_happened(&[]), expires);
}

/// The arrows of the picture in the module's documentation, and no others.
fn legal(before: &State, after: &State) -> bool {
    match (before, after) {
        (State::Pending, State::Completed { .. }) => false,
        (State::Pending, _) => true,
        (State::Accepted { by, .. }, State::Completed { by: later, .. }) => by == later,
        (State::Accepted { .. }, State::Revoked { .. }) => true,
        (before, after) => before == after,
    }
}

proptest! {
    #[test]
    fn transitions_keep_their_order_and_yield_one_event(steps in steps()) {
        let mut now = START;
        let mut current = invitation();
        let mut kinds = vec![EventKind::Created];
        for step in &steps {
            if let Step::Wait(days) = step {
                now += Duration::days(i64::from(*days));
                continue;
            }
            let Ok((next, event)) = take(current.clone(), step, now) else { continue };
            prop_assert!(legal(&current.state, &next.state), "{:?} -> {:?}", current.state, next.state);
            prop_assert_eq!(next.events, current.events + 1);
            prop_assert_eq!((event.number, event.at, event.invitation), (next.events, now, next.id));
            kinds.push(event.kind);
            current = next;
        }
        prop_assert_eq!(kinds.len(), current.events as usize);
        prop_assert!(kinds.iter().filter(|kind| **kind == EventKind::CompanyCreated).count() <= 1);
        prop_assert!(kinds.iter().filter(|kind| **kind == EventKind::Accepted).count() <= 1);
        if let Some(created) = kinds.iter().position(|kind| *kind == EventKind::CompanyCreated) {
            prop_assert!(kinds[..created].contains(&EventKind::Accepted));
        }
    }
}

proptest! {
    #[test]
    fn erasure_ends_every_state_and_removes_people(steps in steps()) {
        let (mut now, mut current) = (START, invitation());
        for step in &steps {
            match step {
                Step::Wait(days) => now += Duration::days(i64::from(*days)),
                step => current = take(current.clone(), step, now).map_or(current, |(next, _)| next),
            }
        }
        let completed = current.is_completed();
        let (erased, event) = current.clone().erase(now);
        prop_assert_eq!(erased.status() == Status::Completed, completed);
        prop_assert_eq!(event.kind, EventKind::Erased);
        prop_assert_eq!(erased.events, current.events + 1);
        prop_assert_eq!((erased.id, erased.created_at, erased.at), (current.id, current.created_at, now));
    }
}

#[test]
fn five_emails_a_day_are_sent_again() {
    let resend = |invitation: Invitation, now| invitation.renew(START, true, now);
    let mut invitation = invitation();
    for _ in 0..MAX_RESENDS {
        (invitation, _) = resend(invitation, START).unwrap();
    }
    let later = START + Duration::HOUR;
    let refused = resend(invitation.clone(), later).map(|(_, event)| event.number);
    let next_at = START + RESEND_WINDOW;
    assert_eq!(refused, Err(Refusal::TooManyEmails(next_at)));
    let (quiet, event) = invitation.clone().renew(START, false, later).unwrap();
    assert!(event.details.sends_no_email && quiet.resends == invitation.resends);
    assert!(resend(invitation, next_at).is_ok());
}
