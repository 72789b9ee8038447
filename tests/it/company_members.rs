//! The members of a company: it ends with the last one, whatever they ended by, and companies of
//! earlier versions have members too.

use futures::future::join_all;
use local::samples::colleague;
use onboarding::{
    domain::{
        company::{Company, CompanyForm},
        invitation::{Account, InvitationId, State},
    },
    store::{
        Completion, Outcome,
        table::{Table, Write},
    },
};
use reqwest::Method;
use serde_json::{Value, json};
use support::{Store, inside::Inside, items, over_both_stores};
use time::{Duration, OffsetDateTime, macros::datetime};
use uuid::Uuid;

over_both_stores! {
    erased_member_leaves_the_company_to_others
    last_member_takes_company_and_claim_along
    purged_members_leave_nothing
    unfinished_creation_blocks_no_colleague
    older_companies_are_found_and_joined
    colleagues_at_the_same_moment_share_one_company
    company_created_beside_the_first_pass_is_found
    member_leaves_a_company_that_lost_its_claim
    rows_missed_by_an_export_are_written
    creator_completes_after_a_partial_export
}

const START: OffsetDateTime = datetime!(2026-11-22 12:00 UTC);
const NAMES: [(&str, &str); 2] = [("Emma", "Weber"), ("Felix", "Brandt")];

fn account(number: usize) -> Account {
    Account {
        tid: Uuid::from_u128(1),
        oid: Uuid::from_u128(number as u128),
    }
}

fn company() -> Company {
    let form = CompanyForm {
        company_name: "Weber Formenbau GmbH".into(),
        street: "Industriestraße 7".into(),
        postal_code: "70565".into(),
        city: "Stuttgart".into(),
        country: "DE".into(),
        first_name: "Emma".into(),
        last_name: "Weber".into(),
        ..CompanyForm::default()
    };
    Company::parse(&form).unwrap()
}

/// An accepted invitation of the one customer.
async fn accepted(inside: &Inside, number: usize) -> InvitationId {
    let (first, last) = NAMES[number % 2];
    let mut posted = colleague(&format!("colleague{number}@example.com"), first, last);
    posted["sendEmail"] = false.into();
    let (_, id) = inside.invite(&posted).await;
    let invitations = &inside.store().invitations;
    let by = account(number);
    invitations.accept(id, by, inside.now()).await.unwrap();
    id
}

/// Presses the button; whether the company was created.
async fn creates(inside: &Inside, number: usize, id: InvitationId) -> bool {
    let confirmed = company();
    let companies = &inside.store().companies;
    let created = companies.create(id, account(number), &confirmed, inside.now());
    match created.await.unwrap() {
        Completion::Done(Outcome::Done(_)) => true,
        Completion::Exists(_) => false,
        other @ Completion::Done(_) => panic!("{other:?}"),
    }
}

/// Presses the button; whether the company was joined.
async fn joins(inside: &Inside, number: usize, id: InvitationId) -> bool {
    let (companies, now) = (&inside.store().companies, inside.now());
    let found = inside.store().invitations.find(id).await.unwrap().unwrap();
    let Some(shown) = companies.find_for(&found).await.unwrap() else {
        return false;
    };
    let joined = companies.join(id, account(number), shown.id, Company::clone, now);
    matches!(joined.await.unwrap(), Some(Outcome::Done(_)))
}

async fn erase(inside: &Inside, id: InvitationId) {
    let path = format!("/api/Invitations/{id}/erase");
    let (status, body) = inside.call(Method::POST, &path, &Value::Null).await;
    assert_eq!(status, 200, "{body}");
}

async fn members(inside: &Inside, id: InvitationId) -> usize {
    let (status, company) = inside
        .get(&format!("/api/Companies/{}", id.company_id()))
        .await;
    match status {
        200 => items(&company["members"]).len(),
        404 => 0,
        other => panic!("{other} {company}"),
    }
}

/// The rows of companies and claims.
async fn left(inside: &Inside) -> Vec<String> {
    let keys = inside.table.keys().await.into_iter();
    let is_of_company = |key: &String| key.starts_with("company-") || key.starts_with("claim-");
    keys.filter(is_of_company).collect()
}

async fn erased_member_leaves_the_company_to_others(store: Store) {
    let inside = Inside::start(store, START, &[]).await;
    let (first, second) = (accepted(&inside, 0).await, accepted(&inside, 1).await);
    assert!(creates(&inside, 0, first).await);
    assert!(!creates(&inside, 1, second).await && joins(&inside, 1, second).await);
    assert_eq!(members(&inside, first).await, 2);
    erase(&inside, first).await;
    assert_eq!(members(&inside, first).await, 1);
    let (_, shown) = inside.get(&format!("/api/Invitations/{second}")).await;
    assert_eq!(shown["companyId"], json!(first.company_id()));
    let third = accepted(&inside, 2).await;
    assert!(!creates(&inside, 2, third).await && joins(&inside, 2, third).await);
    let dump = inside.table.dump().await;
    let shared = dump.lines().filter(|line| line.starts_with("company-"));
    assert!(!shared.collect::<String>().contains("Emma"), "{dump}");
}

async fn last_member_takes_company_and_claim_along(store: Store) {
    let inside = Inside::start(store, START, &[]).await;
    let (first, second) = (accepted(&inside, 0).await, accepted(&inside, 1).await);
    assert!(creates(&inside, 0, first).await && joins(&inside, 1, second).await);
    erase(&inside, first).await;
    erase(&inside, second).await;
    assert_eq!(left(&inside).await, [""; 0]);
    let third = accepted(&inside, 2).await;
    assert!(!joins(&inside, 2, third).await, "there is nothing to join");
    assert!(creates(&inside, 2, third).await);
    assert_eq!(members(&inside, third).await, 1);
}

async fn purged_members_leave_nothing(store: Store) {
    let inside = Inside::start(store, START, &[("RETENTION_DAYS", "10")]).await;
    let (first, second) = (accepted(&inside, 0).await, accepted(&inside, 1).await);
    assert!(creates(&inside, 0, first).await);
    inside.wait(Duration::days(5));
    assert!(joins(&inside, 1, second).await);
    inside.wait(Duration::days(6));
    assert_eq!(inside.tick("PurgeInvitations").await.0, 200);
    assert_eq!(
        inside.get(&format!("/api/Invitations/{first}")).await.0,
        404
    );
    assert_eq!(members(&inside, first).await, 1, "a colleague is left");
    inside.wait(Duration::days(5));
    assert_eq!(inside.tick("PurgeInvitations").await.0, 200);
    assert_eq!(left(&inside).await, [""; 0]);
}

/// The claim is held by an invitation that has gone no further.
async fn unfinished_creation_blocks_no_colleague(store: Store) {
    for end in ["revoke", "erase", "purge", "expire", "nothing"] {
        let inside = Inside::start(store, START, &[("RETENTION_DAYS", "10")]).await;
        let first = accepted(&inside, 0).await;
        // The claim and the member row are written, and then the process dies.
        inside.fail_after(2, false);
        let confirmed = company();
        let companies = &inside.store().companies;
        let created = companies.create(first, account(0), &confirmed, START).await;
        assert!(created.is_err(), "{end}");
        inside.table.recover();
        assert_eq!(left(&inside).await.len(), 2, "{end}");
        match end {
            "purge" => {
                inside.wait(Duration::days(11));
                assert_eq!(inside.tick("PurgeInvitations").await.0, 200);
                assert_eq!(left(&inside).await, [""; 0]);
            }
            "erase" => {
                erase(&inside, first).await;
                assert_eq!(left(&inside).await, [""; 0]);
            }
            "expire" => inside.wait(Duration::days(31)),
            "revoke" => {
                let path = format!("/api/Invitations/{first}/revoke");
                assert_eq!(inside.call(Method::POST, &path, &Value::Null).await.0, 200);
            }
            _ => {}
        }
        let second = accepted(&inside, 1).await;
        assert!(creates(&inside, 1, second).await, "{end}");
        assert_eq!(members(&inside, second).await, 1, "{end}");
    }
}

/// Completes as the version before claims did.
async fn completes_as_before(inside: &Inside, number: usize, id: InvitationId) {
    let partition = id.to_string();
    let stored = inside
        .table
        .get(&partition, "invitation")
        .await
        .unwrap()
        .unwrap();
    let mut fields = stored.fields;
    let at = "2026-11-22T12:05:00Z";
    for (name, value) in [
        ("status", "completed".to_owned()),
        (
            "completedAt",
            at.replace("05", &format!("{:02}", 10 - number)),
        ),
        ("companyId", id.company_id().to_string()),
        ("companyName", "Weber Formenbau GmbH".to_owned()),
        ("events", "3".to_owned()),
    ] {
        fields.insert(name, &value);
    }
    let event = [
        ("id", format!("{id}-3")),
        ("type", "company.created".to_owned()),
        ("at", at.to_owned()),
    ];
    let company = json!({
        "companyName": "Weber Formenbau GmbH", "street": "Industriestraße 7", "postalCode": "70565", "city": "Stuttgart",
        "country": "DE", "phone": "+497116680", "firstName": "Emma", "lastName": "Weber"
    });
    let company = [
        ("id", id.company_id().to_string()),
        ("company", company.to_string()),
    ];
    let row = |key: &str, fields: &[(&str, String)]| Write::Insert {
        key: key.to_owned(),
        fields: fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect(),
    };
    let replace = Write::Replace {
        key: "invitation".to_owned(),
        if_match: stored.etag,
        fields,
    };
    let writes = [
        replace,
        row("event-000003", &event),
        row("company", &company),
    ];
    inside.table.commit(&partition, &writes).await.unwrap();
}

async fn older_companies_are_found_and_joined(store: Store) {
    let inside = Inside::start(store, START, &[]).await;
    let (newer, oldest) = (accepted(&inside, 0).await, accepted(&inside, 1).await);
    completes_as_before(&inside, 0, newer).await;
    completes_as_before(&inside, 1, oldest).await;
    assert_eq!(left(&inside).await, [""; 0], "no rows of companies yet");
    let (_, found) = inside.get("/api/Companies?customerNumber=C-40711").await;
    assert_eq!(found["items"][0]["id"], json!(oldest.company_id()));
    let third = accepted(&inside, 2).await;
    assert!(!creates(&inside, 2, third).await && joins(&inside, 2, third).await);
    let joined = inside
        .store()
        .invitations
        .find(third)
        .await
        .unwrap()
        .unwrap();
    assert!(matches!(joined.state, State::Completed { .. }));
    assert_eq!(joined.company_id(), Some(oldest.company_id()));

    assert_eq!(members(&inside, newer).await, 0, "not before the timer");
    assert_eq!(inside.tick("PurgeInvitations").await.0, 200);
    assert_eq!(members(&inside, newer).await, 1, "it keeps its own company");
    assert_eq!(members(&inside, oldest).await, 2);
    erase(&inside, oldest).await;
    erase(&inside, third).await;
    let (_, found) = inside.get("/api/Companies?customerNumber=C-40711").await;
    assert_eq!(found["items"][0]["id"], json!(newer.company_id()));
    erase(&inside, newer).await;
    assert_eq!(left(&inside).await, [""; 0]);
}

/// While an upgrade rolls on, an instance of the earlier version creates a company that the first
/// pass of the timer has not seen.
async fn company_created_beside_the_first_pass_is_found(store: Store) {
    let inside = Inside::start(store, START, &[]).await;
    let (early, late) = (accepted(&inside, 1).await, accepted(&inside, 0).await);
    completes_as_before(&inside, 1, early).await;
    assert_eq!(inside.tick("PurgeInvitations").await.0, 200);
    erase(&inside, early).await;
    completes_as_before(&inside, 0, late).await;
    inside.wait(Duration::minutes(59));
    assert_eq!(inside.tick("PurgeInvitations").await.0, 200);
    assert_eq!(left(&inside).await, [""; 0], "too early for the second");
    inside.wait(Duration::MINUTE);
    assert_eq!(inside.tick("PurgeInvitations").await.0, 200);
    assert_eq!(members(&inside, late).await, 1);
    let second = accepted(&inside, 1).await;
    assert!(!creates(&inside, 1, second).await && joins(&inside, 1, second).await);
}

#[tokio::test]
async fn crash_at_the_end_of_a_company_loses_no_older_one() {
    for commits in 0..12 {
        let inside = Inside::start(Store::Embedded, START, &[]).await;
        let (newer, oldest) = (accepted(&inside, 0).await, accepted(&inside, 1).await);
        completes_as_before(&inside, 0, newer).await;
        completes_as_before(&inside, 1, oldest).await;
        for _ in 0..2 {
            assert_eq!(inside.tick("PurgeInvitations").await.0, 200);
            inside.wait(Duration::HOUR);
        }
        inside.fail_after(commits, false);
        let path = format!("/api/Invitations/{oldest}/erase");
        inside.call(Method::POST, &path, &Value::Null).await;
        inside.table.recover();
        erase(&inside, oldest).await;
        let third = accepted(&inside, 2).await;
        assert!(!creates(&inside, 2, third).await, "{commits}");
        assert!(joins(&inside, 2, third).await, "{commits}");
        assert_eq!(members(&inside, newer).await, 2, "{commits}");
    }
}

async fn member_leaves_a_company_that_lost_its_claim(store: Store) {
    let inside = Inside::start(store, START, &[]).await;
    let (first, second) = (accepted(&inside, 0).await, accepted(&inside, 1).await);
    assert!(creates(&inside, 0, first).await && joins(&inside, 1, second).await);
    for (partition, row) in inside.table.rows().await {
        if partition.starts_with("claim-") {
            let write = Write::Delete {
                key: row.key,
                if_match: row.etag,
            };
            inside.table.commit(&partition, &[write]).await.unwrap();
        }
    }
    erase(&inside, first).await;
    erase(&inside, second).await;
    assert_eq!(left(&inside).await, [""; 0]);
}

async fn colleagues_at_the_same_moment_share_one_company(store: Store) {
    const COLLEAGUES: usize = 12;
    let inside = Inside::start(store, START, &[]).await;
    let ids = join_all((0..COLLEAGUES).map(|number| accepted(&inside, number))).await;
    let each = || ids.iter().enumerate();
    let created = join_all(each().map(|(number, id)| creates(&inside, number, *id))).await;
    assert_eq!(created.iter().filter(|created| **created).count(), 1);
    let creator = created.iter().position(|created| *created).unwrap();
    let joined = join_all(each().map(|(number, id)| joins(&inside, number, *id))).await;
    assert_eq!(joined, [true; COLLEAGUES]);
    assert_eq!(members(&inside, ids[creator]).await, COLLEAGUES);
    let leaving = ids.iter().map(|id| erase(&inside, *id));
    join_all(leaving).await;
    assert_eq!(left(&inside).await, [""; 0]);
}

/// An export of a running service has the invitations as completed, and came too late for nothing
/// else.
async fn rows_missed_by_an_export_are_written(store: Store) {
    let inside = Inside::start(store, START, &[]).await;
    let (first, second) = (accepted(&inside, 0).await, accepted(&inside, 1).await);
    assert!(creates(&inside, 0, first).await && joins(&inside, 1, second).await);
    for (partition, row) in inside.table.rows().await {
        if partition.starts_with("company-") || partition.starts_with("claim-") {
            let write = Write::Delete {
                key: row.key,
                if_match: row.etag,
            };
            inside.table.commit(&partition, &[write]).await.unwrap();
        }
    }
    let third = accepted(&inside, 2).await;
    assert!(!creates(&inside, 2, third).await && joins(&inside, 2, third).await);
    assert_eq!(inside.tick("PurgeInvitations").await.0, 200);
    assert_eq!(members(&inside, first).await, 3);
}

/// An export of a running service has the company, and the invitation as it was before.
async fn creator_completes_after_a_partial_export(store: Store) {
    let inside = Inside::start(store, START, &[]).await;
    let first = accepted(&inside, 0).await;
    let partition = first.to_string();
    let before = inside.table.rows().await;
    assert!(creates(&inside, 0, first).await);
    for (of, row) in inside.table.rows().await {
        if of != partition {
            continue;
        }
        let exported = before
            .iter()
            .find(|(of, own)| *of == partition && own.key == row.key);
        let (key, if_match) = (row.key, row.etag);
        let write = match exported {
            Some((_, own)) => Write::Replace {
                key,
                if_match,
                fields: own.fields.clone(),
            },
            None => Write::Delete { key, if_match },
        };
        inside.table.commit(&partition, &[write]).await.unwrap();
    }
    let second = accepted(&inside, 1).await;
    assert!(!creates(&inside, 1, second).await && joins(&inside, 1, second).await);
    assert!(creates(&inside, 0, first).await);
    assert_eq!(members(&inside, first).await, 2);
}
