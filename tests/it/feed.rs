//! The feed: every event of every invitation, in one order, whatever is under way.

use std::sync::{Arc, Mutex};

use axum::http::Method;
use onboarding::{
    app::Shared,
    domain::invitation::InvitationId,
    store::{Conditions, DECIDED, SETTLED},
};
use serde_json::{Value, json};
use support::{
    KNOWN, Store, WEBHOOK_SECRET,
    faulty::{self, Fault, FaultyTable},
    inside::{self, Inside, account, call, company},
    invitation, over_both_stores,
    receiver::Receiver,
};
use time::{Duration, OffsetDateTime, macros::datetime};

const START: OffsetDateTime = datetime!(2026-11-22 12:00 UTC);
const EVENTS: &str = "/api/Events";

over_both_stores! {
    every_event_comes_once_and_in_order
    event_under_way_is_waited_for
    place_of_a_failed_attempt_is_passed
}

async fn start(store: Store) -> Inside {
    Inside::start(store, START, &[]).await
}

async fn invite(inside: &Inside) -> InvitationId {
    let mut posted = invitation(KNOWN, "Anna", "Meier");
    posted["sendEmail"] = false.into();
    inside.invite(&posted).await.1
}

async fn accept(app: &Shared, id: InvitationId) {
    let now = app.clock.now();
    app.store
        .invitations
        .accept(id, account(), now)
        .await
        .unwrap();
}

async fn revoke(inside: &Inside, id: InvitationId) {
    let invitations = &inside.store().invitations;
    let revoked = invitations.revoke(id, None, Conditions::default(), inside.now());
    revoked.await.unwrap();
}

async fn read(app: &Shared, query: &str) -> Value {
    let (status, page) = call(app, Method::GET, &format!("{EVENTS}{query}"), &Value::Null).await;
    assert_eq!(status, 200, "{page}");
    page
}

fn cursor(page: &Value) -> &str {
    page["nextCursor"].as_str().unwrap()
}

fn ids(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().unwrap().iter();
    items
        .map(|item| item["id"].as_str().unwrap().to_owned())
        .collect()
}

/// Follows the feed to its present end; answers with what came, and where it goes on.
async fn follow(app: &Shared, mut after: String) -> (Vec<String>, String) {
    let mut seen = Vec::new();
    loop {
        let page = read(app, &format!("?limit=2&after={after}")).await;
        after = cursor(&page).to_owned();
        let came = ids(&page);
        if came.is_empty() {
            return (seen, after);
        }
        seen.extend(came);
    }
}

async fn every_event_comes_once_and_in_order(store: Store) {
    let inside = start(store).await;
    let mut recorded = Vec::new();
    for _ in 0..3 {
        let id = invite(&inside).await;
        inside.wait(Duration::SECOND);
        accept(&inside.app, id).await;
        inside.wait(Duration::SECOND);
        recorded.extend([format!("{id}-1"), format!("{id}-2")]);
    }
    inside.wait(SETTLED);
    let (seen, after) = follow(&inside.app, String::new()).await;
    assert_eq!(seen, recorded);
    let id = invite(&inside).await;
    let (seen, after) = follow(&inside.app, after).await;
    assert_eq!(seen, Vec::<String>::new(), "its order is not settled yet");
    inside.wait(SETTLED + Duration::MILLISECOND);
    let (seen, after) = follow(&inside.app, after).await;
    assert_eq!(seen, [format!("{id}-1")]);
    assert_eq!(follow(&inside.another(), after).await.0.len(), 0);
    assert_eq!(follow(&inside.another(), String::new()).await.0.len(), 7);
}

#[tokio::test]
async fn clocks_apart_keep_the_order_of_an_invitation() {
    let inside = start(Store::Embedded).await;
    let behind = inside.another_behind(Duration::seconds(8));
    let id = invite(&inside).await;
    accept(&behind, id).await;
    revoke(&inside, id).await;
    inside.wait(SETTLED + Duration::SECOND);
    let (seen, _) = follow(&inside.app, String::new()).await;
    assert_eq!(seen, [1, 2, 3].map(|number| format!("{id}-{number}")));
}

/// Reads the feed while a transaction is under way, some time after its place was chosen and after
/// another event was recorded.
async fn event_under_way_is_waited_for(store: Store) {
    let inside = Arc::new(start(store).await);
    let (id, other) = (invite(&inside).await, invite(&inside).await);
    inside.wait(Duration::MINUTE);
    let (_, after) = follow(&inside.app, String::new()).await;
    let meanwhile = Arc::new(Mutex::new(None));
    let (found, reader) = (Arc::clone(&meanwhile), Arc::clone(&inside));
    let hook = Fault::Hook(Arc::new(move |_, _| {
        let (inside, after, found) = (Arc::clone(&reader), after.clone(), Arc::clone(&found));
        Box::pin(async move {
            inside.wait(Duration::SECOND);
            accept(&inside.app, other).await;
            inside.wait(SETTLED + Duration::SECOND);
            *found.lock().unwrap() = Some(follow(&inside.app, after).await);
        })
    }));
    let transaction = faulty::commits().of_row("event-000002").once();
    inside.table.plan(transaction, hook);
    accept(&inside.app, id).await;
    let (seen, after) = meanwhile.lock().unwrap().take().unwrap();
    assert_eq!(seen, Vec::<String>::new(), "the first may still come");
    let (seen, _) = follow(&inside.app, after).await;
    assert_eq!(seen, [format!("{id}-2"), format!("{other}-2")]);
}

async fn place_of_a_failed_attempt_is_passed(store: Store) {
    let inside = start(store).await;
    let id = invite(&inside).await;
    let transaction = faulty::commits().of_row("event-000002").once();
    inside
        .table
        .plan(transaction, Fault::Crash { landed: false });
    let now = inside.now();
    let accepted = inside.store().invitations.accept(id, account(), now).await;
    assert!(accepted.is_err(), "the process ends here");
    inside.table.recover();
    inside.wait(Duration::SECOND);
    let other = invite(&inside).await;
    inside.wait(SETTLED + Duration::SECOND);
    let (seen, after) = follow(&inside.app, String::new()).await;
    assert_eq!(seen, [format!("{id}-1")]);
    inside.wait(DECIDED);
    let (seen, _) = follow(&inside.app, after).await;
    assert_eq!(seen, [format!("{other}-1")]);
}

#[tokio::test]
async fn second_attempt_takes_the_place() {
    let inside = start(Store::Embedded).await;
    let id = invite(&inside).await;
    let lost = faulty::commits().of_row("event-000002").once();
    inside.table.plan(lost, Fault::Lost);
    accept(&inside.app, id).await;
    inside.wait(SETTLED + Duration::SECOND);
    let (seen, _) = follow(&inside.app, String::new()).await;
    assert_eq!(seen, [format!("{id}-1"), format!("{id}-2")]);
}

/// A reader may have passed the place that was stored late.
#[tokio::test(start_paused = true)]
async fn late_place_is_replaced() {
    let table = FaultyTable::in_memory();
    let (app, _) = inside::over(table.clone(), START);
    let slow = Fault::Slow(std::time::Duration::from_secs(6));
    let is_place = |call: &faulty::Call| call.keys.iter().any(|key| key.starts_with("feed-"));
    table.plan(faulty::commits().when(is_place).once(), slow);
    let posted = invitation(KNOWN, "Anna", "Meier");
    let (status, _) = call(&app, Method::POST, "/api/Invitations", &posted).await;
    assert_eq!(status, 201);
    let keys = table.keys().await;
    let places: Vec<_> = keys.iter().filter(|key| key.contains("/feed-")).collect();
    assert_eq!(places.len(), 2, "{keys:?}");
    let rows = table.rows().await;
    let event = rows.iter().find(|(_, row)| row.key == "event-000001");
    let named = &event.unwrap().1.fields["feed"];
    assert!(places[1].ends_with(named), "the later one");
}

/// The transaction would come after readers have passed its place.
#[tokio::test(start_paused = true)]
async fn late_transaction_is_not_sent() {
    let table = FaultyTable::in_memory();
    let (app, _) = inside::over(table.clone(), START);
    let slow = Fault::Slow(std::time::Duration::from_secs(11));
    let is_list = |call: &faulty::Call| call.partition.starts_with("index-");
    table.plan(faulty::commits().when(is_list).once(), slow);
    let posted = invitation(KNOWN, "Anna", "Meier");
    let (status, _) = call(&app, Method::POST, "/api/Invitations", &posted).await;
    assert_eq!(status, 503);
    let keys = table.keys().await;
    assert!(!keys.iter().any(|key| key.ends_with("/invitation")));
}

#[tokio::test]
async fn feed_says_what_the_webhook_says() {
    let receiver = Receiver::start().await;
    let settings = [
        ("WEBHOOK_URL", receiver.url()),
        ("WEBHOOK_SECRET", WEBHOOK_SECRET),
        ("WEBHOOK_ALLOW_PRIVATE", "true"),
    ];
    let inside = Inside::start(Store::Embedded, START, &settings).await;
    let id = invite(&inside).await;
    accept(&inside.app, id).await;
    let (companies, now) = (&inside.store().companies, inside.now());
    companies
        .create(id, account(), &company(), now)
        .await
        .unwrap();
    inside.wait(Duration::MINUTE);
    inside.tick("DeliverEvents").await;
    let page = read(&inside.app, "").await;
    let sent: Vec<Value> = receiver
        .received()
        .iter()
        .map(|received| {
            let mut event = received.json();
            event["id"] = received.header("webhook-id").into();
            event
        })
        .collect();
    assert_eq!(sent.len(), 3);
    assert_eq!(page["items"], json!(sent));
    let last = &page["items"][2]["data"];
    assert_eq!(last["previousStatus"], "accepted");
    assert_eq!(last["actor"], json!({"type": "recipient"}));
    assert_eq!(last["recipient"]["email"], KNOWN);
    let url = format!("https://invite.example.com/api/Invitations/{id}");
    assert_eq!(last["url"], url);
}

#[tokio::test]
async fn types_are_filtered_and_latest_begins_now() {
    let inside = start(Store::Embedded).await;
    let id = invite(&inside).await;
    inside.wait(Duration::MINUTE);
    let latest = read(&inside.app, "?after=latest").await;
    assert_eq!(ids(&latest), Vec::<String>::new());
    accept(&inside.app, id).await;
    revoke(&inside, id).await;
    inside.wait(Duration::MINUTE);
    let after = cursor(&latest);
    let both = read(&inside.app, &format!("?after={after}")).await;
    assert_eq!(ids(&both), [format!("{id}-2"), format!("{id}-3")]);
    for query in [
        format!("?after={after}&type=invitation.revoked"),
        "?type=invitation.revoked,company.created".to_owned(),
        "?type=invitation.revoked&type=company.created&limit=1".to_owned(),
    ] {
        let page = read(&inside.app, &query).await;
        assert_eq!(ids(&page), [format!("{id}-3")], "{query}");
    }
}

#[tokio::test]
async fn erasure_takes_people_out_of_the_feed() {
    let inside = start(Store::Embedded).await;
    let id = invite(&inside).await;
    let rows = inside.table.rows().await;
    let reference = rows.iter().find(|(_, row)| row.key.starts_with("feed-"));
    let fields = &reference.unwrap().1.fields;
    assert_eq!(
        fields.iter().map(|(name, _)| name).collect::<Vec<_>>(),
        ["type"],
        "no people"
    );
    let (_, _) = inside
        .call(
            Method::POST,
            &format!("/api/Invitations/{id}/erase"),
            &Value::Null,
        )
        .await;
    inside.wait(Duration::MINUTE);
    let page = read(&inside.app, "").await;
    assert_eq!(ids(&page).len(), 2);
    assert!(!page.to_string().contains(KNOWN), "{page}");
}

#[tokio::test]
async fn feed_goes_back_as_far_as_its_days() {
    let settings = [("EVENT_FEED_DAYS", "2")];
    let inside = Inside::start(Store::Embedded, START, &settings).await;
    invite(&inside).await;
    inside.wait(Duration::HOUR);
    let first = read(&inside.app, "").await;
    assert_eq!(ids(&first).len(), 1);
    inside.wait(Duration::days(2));
    let late = format!("{EVENTS}?after={}", cursor(&first));
    let (status, problem) = inside.get(&late).await;
    assert_eq!(status, 410, "{problem}");
    assert_eq!(problem["type"], "urn:onboarding:problem:feed-expired");
    assert_eq!(ids(&read(&inside.app, "").await).len(), 0);
    inside.tick("PurgeInvitations").await;
    let keys = inside.table.keys().await;
    assert!(!keys.iter().any(|key| key.contains("/feed-")), "{keys:?}");
}

#[tokio::test]
async fn idle_cursor_does_not_expire() {
    let inside = start(Store::Embedded).await;
    let mut after = "latest".to_owned();
    for _ in 0..4 {
        after = cursor(&read(&inside.app, &format!("?after={after}")).await).to_owned();
        inside.wait(Duration::days(20));
    }
}

#[tokio::test]
async fn feed_of_no_days_is_not_found() {
    let settings = [("EVENT_FEED_DAYS", "0")];
    let inside = Inside::start(Store::Embedded, START, &settings).await;
    invite(&inside).await;
    let keys = inside.table.keys().await;
    assert!(!keys.iter().any(|key| key.contains("feed-")), "{keys:?}");
    assert_eq!(inside.get(EVENTS).await.0, 404);
}

#[tokio::test]
async fn page_costs_what_it_holds() {
    let inside = start(Store::Embedded).await;
    for _ in 0..30 {
        invite(&inside).await;
    }
    inside.wait(Duration::MINUTE);
    for (query, items) in [("?limit=5", 5), ("?type=company.created", 0)] {
        let path = format!("{EVENTS}{query}");
        let (_, calls) = inside.table.count(inside.get(&path)).await;
        assert_eq!(calls, 16 + items, "{query}");
    }
}
