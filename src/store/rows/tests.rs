//! Rows as they are stored today: they must stay readable.

use serde_json::{Value, json};
use time::macros::datetime;

use super::*;
use crate::{
    domain::invitation::{EventKind, Invitation, InvitationId, Record, State},
    store::table::Fields,
};

const ID: &str = "0123456789abcdef0123456789abcdef";
const COMPANY_ID: &str = "6f2c4a3e-1b5d-4c8f-9a7e-0d1c2b3a4f5e";

fn id() -> InvitationId {
    ID.parse().unwrap()
}

fn fields(row: &Value) -> Fields {
    let columns = row.as_object().unwrap().iter();
    columns
        .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
        .collect()
}

fn with(mut row: Value, more: &Value) -> Fields {
    let columns = row.as_object_mut().unwrap();
    columns.extend(more.as_object().unwrap().clone());
    fields(&row)
}

fn stored_invitation(state: &Value) -> Invitation {
    let row = json!({
        "link": "sealed",
        "recipient": r#"{"email":"anna@example.com","firstName":"Anna","lastName":"Meier","locale":"de"}"#,
        "inviter": r#"{"name":"Tamer","organization":"GFMS","email":"tamer@example.com"}"#,
        "registeredCompany": r#"{"name":"Meier GmbH","customerNumber":"C-500"}"#,
        "message": "Welcome",
        "sendEmail": "true",
        "createdAt": "2026-11-22T12:00:00Z",
        "expiresAt": "2026-12-22T12:00:00Z",
        "events": "3",
        "idempotency": "digest",
    });
    match read_record(id(), &with(row, state)).unwrap() {
        Some(Record::Live(invitation)) => *invitation,
        other => panic!("{other:?}"),
    }
}

fn account() -> Value {
    json!(
        r#"{"tid":"9188040d-6c67-4c5b-b112-36a304b66dad","oid":"00000000-0000-0000-0000-000000000001"}"#
    )
}

#[test]
fn stored_invitations_are_readable_in_every_state() {
    let pending = stored_invitation(&json!({"status": "pending"}));
    assert_eq!(pending.state, State::Pending);
    assert_eq!(pending.terms.recipient.email.as_str(), "anna@example.com");
    assert_eq!(
        pending.terms.company.customer_number.as_deref(),
        Some("C-500")
    );
    assert_eq!(
        (pending.events, pending.expires_at),
        (3, datetime!(2026-12-22 12:00 UTC))
    );

    let asked = json!({"status": "pending", "renewalRequestedAt": "2026-12-23T12:00:00Z"});
    let asked_at = stored_invitation(&asked).contacts.new_invitation;
    assert_eq!(asked_at, Some(datetime!(2026-12-23 12:00 UTC)));

    let approved = json!({"status": "pending", "approvedAt": "2026-11-24T12:00:00Z"});
    let approved_at = stored_invitation(&approved).approved_at;
    assert_eq!(approved_at, Some(datetime!(2026-11-24 12:00 UTC)));

    let accepted = json!({
        "status": "accepted", "account": account(), "acceptedAt": "2026-11-23T12:00:00Z",
    });
    assert!(stored_invitation(&accepted).owner().is_some());

    let completed = stored_invitation(&json!({
        "status": "completed", "account": account(), "acceptedAt": "2026-11-23T12:00:00Z",
        "completedAt": "2026-11-23T12:05:00Z", "companyId": COMPANY_ID, "companyName": "Meier GmbH",
    }));
    assert_eq!(completed.company_id(), Some(COMPANY_ID.parse().unwrap()));

    let revoked = json!({
        "status": "revoked", "revokedAt": "2026-11-24T12:00:00Z", "revokeReason": "left",
    });
    let reason = Some("left".to_owned());
    assert_eq!(
        stored_invitation(&revoked).state,
        State::Revoked {
            at: datetime!(2026-11-24 12:00 UTC),
            reason
        }
    );
}

#[test]
fn stored_erasures_and_tombstones_are_readable() {
    let common = json!({
        "createdAt": "2026-11-22T12:00:00Z", "expiresAt": "2026-12-22T12:00:00Z",
        "erasedAt": "2026-11-25T12:00:00Z", "events": "4",
    });
    let ends = [
        json!({
            "status": "completed", "acceptedAt": "2026-11-23T12:00:00Z",
            "completedAt": "2026-11-23T12:05:00Z",
        }),
        json!({"status": "revoked", "revokedAt": "2026-11-24T12:00:00Z"}),
    ];
    for end in ends {
        let record = read_record(id(), &with(common.clone(), &end)).unwrap();
        assert!(matches!(record, Some(Record::Erased(_))), "{end}");
    }
    let tombstone = fields(&json!({"purged": r#"[["email-1","list-2"]]"#}));
    assert!(read_record(id(), &tombstone).unwrap().is_none());
    let places = vec![("email-1".to_owned(), "list-2".to_owned())];
    assert_eq!(read_tombstone(&tombstone).unwrap(), Some(places));
    let erasure = fields(&json!({"erasedAt": "2026-11-25T12:00:00Z", "elsewhere": "sealed"}));
    assert_eq!(read_erasure(&erasure).unwrap().1, "sealed");
}

#[test]
fn stored_events_and_progress_are_readable() {
    for kind in EventKind::ALL {
        let row = fields(&json!({
            "id": format!("{ID}-7"), "type": kind.name(), "at": "2026-11-22T12:00:00Z",
        }));
        let event = read_event(id(), "event-000007", &row).unwrap();
        assert_eq!((event.number, event.kind), (7, *kind));
    }
    let row = fields(&json!({
        "progress": r#"{"settled":2,"lastTold":"2026-11-22T12:00:00Z","tries":1,"tryingSince":"2026-11-22T13:00:00Z","nextTry":"2026-11-22T14:00:00Z","lastError":"no answer","failed":[{"event":1,"at":"2026-11-22T12:30:00Z","reason":"550"}]}"#,
        "leasedUntil": "2026-11-22T13:00:15Z",
    }));
    let (read, leased_until) = read_progress(&row).unwrap();
    assert_eq!(read.last_delivered, Some(datetime!(2026-11-22 12:00 UTC)));
    assert_eq!((read.settled, read.tries, read.failed.len()), (2, 1, 1));
    assert!(leased_until.is_some());
    assert_eq!(
        progress(&read, leased_until).unwrap(),
        row,
        "written as read"
    );
    let intent = fields(&json!({"announcedAt": "2026-11-22T12:00:00Z"}));
    assert_eq!(
        read_intent(&intent).unwrap(),
        datetime!(2026-11-22 12:00 UTC)
    );
}

#[test]
fn a_stored_code_is_readable() {
    let code = json!({
        "account": {
            "tid": "9188040d-6c67-4c5b-b112-36a304b66dad",
            "oid": "00000000-0000-0000-0000-000000000001",
        },
        "digest": "digest", "expiresAt": "2026-11-22T12:10:00Z", "wrong": 1,
        "day": [2026, 326], "issuedToday": 2,
    });
    let row = fields(&json!({"code": code.to_string(), "mark": "mark"}));
    let codes = serde_json::to_value(read_codes(&row).unwrap()).unwrap();
    assert_eq!(codes[0]["digest"], "digest");
    assert!(is_marked(&row, "mark"));
}

#[test]
fn stored_indexes_requests_and_companies_are_readable() {
    let aged = fields(&json!({"listed": "list-1", "people": r#"[["email-1","list-1"]]"#}));
    assert_eq!(read_aged(&aged).unwrap().1.len(), 1);
    let moved = fields(&json!({"listed": "list-1"}));
    assert!(read_aged(&moved).unwrap().1.is_empty());
    let request = read_request(&fields(&json!({
        "body": "digest", "at": "2026-11-22T12:00:00Z", "expiresAt": "2026-12-22T12:00:00Z",
        "links": r#"["sealed"]"#,
    })));
    assert_eq!(request.unwrap().links, ["sealed"]);
    let company = read_company(&fields(&json!({
        "id": COMPANY_ID,
        "company": r#"{"companyName":"Meier GmbH","street":"Lindwurmstraße 80","postalCode":"80337","city":"München","country":"DE","firstName":"Anna","lastName":"Meier"}"#,
    })));
    assert_eq!(company.unwrap().name(), "Meier GmbH");
}
