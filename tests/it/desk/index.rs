//! How invitations are found by the employee who created them, and by the name of a company.

use axum::http::Method;
use onboarding::{
    domain::{
        invitation::{Invitation, InvitationId, Link, caused_by},
        staff::StaffMember,
    },
    store::Filter,
};
use serde_json::{Value, json};
use support::{Store, inside::Inside, invitation, over_both_stores};
use time::{Duration, OffsetDateTime, macros::datetime};
use uuid::Uuid;

const START: OffsetDateTime = datetime!(2026-11-22 12:00 UTC);

over_both_stores! {
    filters_of_the_desk_find_what_they_name
}

fn thomas() -> StaffMember {
    StaffMember {
        oid: Uuid::from_u128(7),
        name: "Thomas Keller".to_owned(),
    }
}

/// Creates an invitation at the desk, for the company of this name.
async fn create(inside: &Inside, company: &str) -> InvitationId {
    let mut posted = invitation("a@example.com", "Anna", "Meier");
    posted["sendEmail"] = false.into();
    let (_, model) = inside.invite(&posted).await;
    let invitations = &inside.store().invitations;
    let mut terms = invitations.find(model).await.unwrap().unwrap().terms;
    terms.company.name = company.to_owned();
    let (link, now) = (Link::random(), inside.now());
    let created = Invitation::create(link.id(), terms, now, now + Duration::days(30));
    let created = caused_by(created, Some(&thomas()));
    let stored = invitations.create(&link, &created, None, now);
    stored.await.unwrap();
    link.id()
}

async fn found(inside: &Inside, filter: Filter) -> Vec<InvitationId> {
    let index = &inside.store().index;
    let listed = index.list(&filter, 10, None, inside.now()).await.unwrap();
    listed.items.iter().map(|record| record.id()).collect()
}

fn by(oid: Uuid) -> Filter {
    Filter {
        created_by: Some(oid),
        ..Filter::default()
    }
}

fn of(name: &str) -> Filter {
    Filter {
        company_name: Some(name.to_owned()),
        ..Filter::default()
    }
}

async fn filters_of_the_desk_find_what_they_name(store: Store) {
    let inside = Inside::start(store, START, &[]).await;
    let first = create(&inside, "Carter Tooling").await;
    inside.wait(Duration::HOUR);
    let second = create(&inside, "Huber Werkzeug").await;
    let thomas = thomas().oid;
    assert_eq!(found(&inside, by(thomas)).await, [second, first]);
    assert_eq!(found(&inside, by(Uuid::from_u128(8))).await, []);
    assert_eq!(found(&inside, of(" carter  TOOLING ")).await, [first]);
    assert_eq!(found(&inside, of("carter")).await, []);
    let both = Filter {
        created_by: Some(thomas),
        ..of("Huber Werkzeug")
    };
    assert_eq!(found(&inside, both).await, [second]);
}

#[tokio::test]
async fn correction_moves_to_the_list_of_the_new_name() {
    let inside = Inside::start(Store::Embedded, START, &[]).await;
    let id = create(&inside, "Carter Tooling").await;
    let patch = json!({"company": {"name": "Carter Tools"}});
    let path = format!("/api/Invitations/{id}");
    let (status, changed) = inside.call(Method::PATCH, &path, &patch).await;
    assert_eq!(status, 200, "{changed}");
    assert_eq!(found(&inside, of("Carter Tooling")).await, []);
    assert_eq!(found(&inside, of("Carter Tools")).await, [id]);
    assert_eq!(found(&inside, by(thomas().oid)).await, [id]);
}

#[tokio::test]
async fn erasure_takes_names_and_index_rows_along() {
    let inside = Inside::start(Store::Embedded, START, &[]).await;
    let id = create(&inside, "Carter Tooling").await;
    let path = format!("/api/Invitations/{id}");
    let (_, shown) = inside.get(&path).await;
    let actor = &shown["timeline"][0]["actor"];
    assert_eq!(*actor, json!({"type": "staff", "name": "Thomas Keller"}));
    let rows = async || {
        let keys = inside.table.keys().await;
        let own = keys.iter().filter(|key| key.contains(&id.to_string()));
        own.filter(|key| key.contains("/named-") || key.contains("/creator-"))
            .count()
    };
    assert_eq!(rows().await, 2);
    let erase = format!("{path}/erase");
    inside.call(Method::POST, &erase, &Value::Null).await;
    assert_eq!(rows().await, 0);
    let (_, shown) = inside.get(&path).await;
    assert_eq!(shown["timeline"][0]["actor"], json!({"type": "staff"}));
    assert!(!shown.to_string().contains("Keller"), "{shown}");
}
