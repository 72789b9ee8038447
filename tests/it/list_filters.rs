//! The filters of the list: alone, combined, and at the cost of a page.

use axum::http::Method;
use onboarding::domain::invitation::InvitationId;
use serde_json::{Value, json};
use support::{
    Store, WEBHOOK_SECRET,
    inside::{Inside, account, call},
    invitation, over_both_stores,
    receiver::Receiver,
};
use time::{Duration, OffsetDateTime, macros::datetime};

const START: OffsetDateTime = datetime!(2026-11-22 12:00 UTC);

over_both_stores! {
    filters_find_what_they_name
    failed_deliveries_are_found
}

async fn invite(inside: &Inside, recipient: &str, inviter: &str) -> InvitationId {
    let mut posted = invitation(recipient, "Anna", "Meier");
    posted["sendEmail"] = false.into();
    posted["inviter"]["email"] = inviter.into();
    inside.invite(&posted).await.1
}

async fn listed(inside: &Inside, query: &str) -> Vec<String> {
    let (status, page) = inside.get(&format!("/api/Invitations?{query}")).await;
    assert_eq!(status, 200, "{page}");
    let items = page["items"].as_array().unwrap().iter();
    items
        .map(|item| item["id"].as_str().unwrap().to_owned())
        .collect()
}

fn texts<const N: usize>(ids: [InvitationId; N]) -> Vec<String> {
    ids.map(|id| id.to_string()).into()
}

async fn filters_find_what_they_name(store: Store) {
    let inside = Inside::start(store, START, &[]).await;
    let first = invite(&inside, "a@example.com", "tom@gfms.example").await;
    inside.wait(Duration::HOUR);
    let second = invite(&inside, "b@example.com", "ana@gfms.example").await;
    inside.wait(Duration::HOUR);
    let third = invite(&inside, "c@example.com", "Tom@GFMS.example").await;
    let now = inside.now();
    let invitations = &inside.store().invitations;
    invitations.accept(second, account(), now).await.unwrap();
    for (query, expected) in [
        ("inviterEmail=tom@gfms.example", texts([third, first])),
        (
            "inviterEmail=tom@gfms.example&createdBefore=2026-11-22T13:00:00Z",
            texts([first]),
        ),
        (
            "inviterEmail=tom@gfms.example&email=a@example.com",
            texts([first]),
        ),
        ("inviterEmail=nobody@gfms.example", texts([])),
        ("createdAfter=2026-11-22T12:00:00Z", texts([third, second])),
        (
            "createdAfter=0001-01-01T00:00:00Z",
            texts([third, second, first]),
        ),
        (
            "createdAfter=1969-12-31T23:59:59.999Z&email=b@example.com",
            texts([second]),
        ),
        (
            "createdBefore=9999-12-31T23:59:59Z",
            texts([third, second, first]),
        ),
        ("createdBefore=1969-12-31T23:59:59Z", texts([])),
        ("createdAfter=9999-12-31T23:59:59Z", texts([])),
        ("email=%E2%80%8Bb@example.com%20", texts([second])),
        ("createdBefore=2026-11-22T14:00:00Z", texts([second, first])),
        (
            "createdAfter=2026-11-22T12:00:00Z&createdBefore=2026-11-22T14:00:00Z",
            texts([second]),
        ),
        ("status=pending", texts([third, first])),
        (
            "status=pending&status=accepted",
            texts([third, second, first]),
        ),
        ("status=accepted,revoked", texts([second])),
    ] {
        assert_eq!(listed(&inside, query).await, expected, "{query}");
    }
}

async fn with_webhook(store: Store, receiver: &Receiver) -> Inside {
    let settings = [
        ("WEBHOOK_URL", receiver.url()),
        ("WEBHOOK_SECRET", WEBHOOK_SECRET),
        ("WEBHOOK_ALLOW_PRIVATE", "true"),
    ];
    Inside::start(store, START, &settings).await
}

async fn failed_deliveries_are_found(store: Store) {
    let receiver = Receiver::start().await;
    let inside = with_webhook(store, &receiver).await;
    receiver.answer_next(&[422]);
    let failed = invite(&inside, "a@example.com", "tom@gfms.example").await;
    inside.wait(Duration::MINUTE);
    // The circuit stays closed: the receiver rejects this event for good, after three days.
    for _ in 0..30 {
        receiver.answer_only(&[422; 3]);
        inside.tick("DeliverEvents").await;
        inside.wait(Duration::hours(4));
    }
    receiver.answer_only(&[]);
    invite(&inside, "b@example.com", "tom@gfms.example").await;
    inside.wait(Duration::MINUTE);
    inside.tick("DeliverEvents").await;
    assert_eq!(listed(&inside, "delivery=failed").await, texts([failed]));
    let by = "delivery=failed&inviterEmail=tom@gfms.example";
    assert_eq!(listed(&inside, by).await, texts([failed]));
    let path = format!("/api/Invitations/{failed}/redeliver");
    let (status, _) = inside.call(Method::POST, &path, &Value::Null).await;
    assert_eq!(status, 200);
    assert_eq!(listed(&inside, "delivery=failed").await, texts([]));
}

#[tokio::test]
async fn patch_moves_to_the_list_of_the_new_inviter() {
    let inside = Inside::start(Store::Embedded, START, &[]).await;
    let id = invite(&inside, "a@example.com", "tom@gfms.example").await;
    let patch = json!({"inviter": {"email": "ana@gfms.example"}});
    let path = format!("/api/Invitations/{id}");
    let (status, changed) = call(&inside.app, Method::PATCH, &path, &patch).await;
    assert_eq!(status, 200, "{changed}");
    assert_eq!(
        listed(&inside, "inviterEmail=tom@gfms.example").await,
        texts([])
    );
    assert_eq!(
        listed(&inside, "inviterEmail=ana@gfms.example").await,
        texts([id])
    );
}

#[tokio::test]
async fn erasure_and_purge_leave_no_row_of_a_filter() {
    let receiver = Receiver::start().await;
    let inside = with_webhook(Store::Embedded, &receiver).await;
    receiver.answer_next(&[410]);
    let id = invite(&inside, "a@example.com", "tom@gfms.example").await;
    inside.wait(Duration::MINUTE);
    inside.tick("DeliverEvents").await;
    let rows = async |prefix: &str| {
        let keys = inside.table.keys().await;
        keys.iter().filter(|key| key.contains(prefix)).count()
    };
    assert_eq!((rows("/inviter-").await, rows("/failed-").await), (1, 1));
    let path = format!("/api/Invitations/{id}/erase");
    inside.call(Method::POST, &path, &Value::Null).await;
    assert_eq!(rows("/inviter-").await, 0, "it leads from a person");
    inside.wait(Duration::days(400));
    inside.tick("DeliverEvents").await;
    inside.tick("PurgeInvitations").await;
    assert_eq!((rows("/inviter-").await, rows("/failed-").await), (0, 0));
}

#[tokio::test]
async fn filters_cost_what_a_page_holds() {
    let inside = Inside::start(Store::Embedded, START, &[]).await;
    for number in 0..40 {
        let inviter = format!("tom{}@gfms.example", number % 4);
        invite(&inside, &format!("a{number}@example.com"), &inviter).await;
        inside.wait(Duration::MINUTE);
    }
    for (query, items) in [
        ("inviterEmail=tom1@gfms.example", 10),
        ("createdBefore=2026-11-22T12:05:00Z", 5),
        ("createdAfter=2026-11-22T12:36:00Z", 3),
        ("delivery=failed", 0),
    ] {
        let path = format!("/api/Invitations?{query}");
        let (_, calls) = inside.table.count(inside.get(&path)).await;
        assert!(calls <= 16 + items + 1, "{query}: {calls}");
    }
}
