//! The timer beside requests, other instances and crashes.

use std::sync::Arc;

use onboarding::{
    domain::invitation::InvitationId,
    store::table::{Table, Write},
};
use reqwest::Method;
use serde_json::{Value, json};
use support::{
    Store,
    faulty::{self, Fault},
    inside::{account, call},
};
use time::Duration;

use super::{EXPIRY, START, Scene, at};
use crate::captured_log::CapturedLog;

/// The process dies between the transaction and the deletion of the row.
#[tokio::test]
async fn expiry_is_reported_once_after_a_crash() {
    let scene = Scene::start(Store::Embedded).await;
    let id = scene.invite().await;
    scene.inside.wait(EXPIRY + Duration::MINUTE);
    let deletes = faulty::commits().when(|call| {
        call.partition.starts_with("index-") && call.keys.iter().any(|key| key.starts_with("due-"))
    });
    scene.inside.table.plan(deletes, Fault::Lost);
    scene.tick().await;
    assert!(scene.inside.table.recover());
    assert!(!scene.scheduled().await.is_empty());
    scene.tick().await;
    assert_eq!(scene.count(id, "expired").await, 1);
    assert!(scene.scheduled().await.is_empty());
}

/// Two instances whose timers run at the same moment.
#[tokio::test]
async fn two_instances_report_an_expiry_once() {
    let scene = Scene::start(Store::Embedded).await;
    let id = scene.invite().await;
    scene.inside.wait(EXPIRY + Duration::MINUTE);
    let another = scene.inside.another();
    let tick = |app| async move { call(app, Method::POST, "/DeliverEvents", &Value::Null).await };
    tokio::join!(tick(&scene.inside.app), tick(&another));
    assert_eq!(scene.count(id, "expired").await, 1);
}

/// What else happens just before the transaction that writes this row.
fn before<F>(
    scene: &Arc<Scene>,
    row: &'static str,
    change: impl Fn(Arc<Scene>) -> F + Send + Sync + 'static,
) where
    F: Future<Output = ()> + Send + 'static,
{
    let own = Arc::clone(scene);
    let hook = Fault::Hook(Arc::new(move |_, _| Box::pin(change(Arc::clone(&own)))));
    let transaction = faulty::commits().of_row(row).once();
    scene.inside.table.plan(transaction, hook);
}

#[tokio::test]
async fn acceptance_wins_over_expiry() {
    let scene = Arc::new(Scene::with_reminders(Store::Embedded, "").await);
    let id = scene.invite().await;
    before(&scene, "event-000003", move |scene| async move {
        // On an instance that decided it just in time.
        let in_time = START + EXPIRY - Duration::SECOND;
        let invitations = &scene.inside.store().invitations;
        invitations.accept(id, account(), in_time).await.unwrap();
    });
    scene.tick_after(EXPIRY + Duration::SECOND).await;
    assert!(scene.inside.table.recover());
    let timeline = scene.timeline(id).await;
    assert_eq!(timeline, ["created", "sent", "accepted"]);
    assert!(scene.scheduled().await.is_empty());
}

#[tokio::test]
async fn extension_wins_over_expiry() {
    let scene = Arc::new(Scene::with_reminders(Store::Embedded, "").await);
    let id = scene.invite().await;
    before(&scene, "event-000003", move |scene| async move {
        let patch = json!({"expiresAt": at(EXPIRY * 2)});
        scene.patch(id, &patch).await;
    });
    scene.tick_after(EXPIRY + Duration::SECOND).await;
    assert!(scene.inside.table.recover());
    let timeline = scene.timeline(id).await;
    assert_eq!(timeline, ["created", "sent", "updated"]);
    scene.tick_after(EXPIRY * 2 + Duration::SECOND).await;
    assert_eq!(scene.count(id, "expired").await, 1);
}

/// A change of the expiry whose row of the schedule is written, and its transaction is not.
async fn cut_off(scene: &Scene, id: InvitationId, expires_at: Duration) {
    let transaction = faulty::commits().of_row("event-000003");
    scene.inside.table.plan(transaction, Fault::Lost);
    let patch = json!({"expiresAt": at(expires_at)});
    assert_eq!(scene.try_patch(id, &patch).await, 503);
    assert!(scene.inside.table.recover());
    assert_eq!(scene.scheduled().await.len(), 2, "of both expiries");
}

#[tokio::test]
async fn due_row_waits_for_its_transaction() {
    let scene = Scene::with_reminders(Store::Embedded, "").await;
    let id = scene.invite().await;
    cut_off(&scene, id, Duration::MINUTE).await;
    scene.tick_after(Duration::seconds(61)).await;
    assert_eq!(scene.scheduled().await.len(), 2, "it may still come");
    scene.tick_after(Duration::minutes(3)).await;
    assert_eq!(scene.scheduled().await.len(), 1, "it has not come");
    assert_eq!(scene.timeline(id).await, ["created", "sent"]);
}

/// The timer runs just before the transaction of a later attempt.
#[tokio::test]
async fn due_row_waits_for_a_later_attempt() {
    let scene = Arc::new(Scene::with_reminders(Store::Embedded, "").await);
    let id = scene.invite().await;
    let expiry = Duration::minutes(5);
    cut_off(&scene, id, expiry).await;
    scene
        .inside
        .wait(START + expiry - Duration::SECOND - scene.inside.now());
    before(&scene, "event-000003", move |scene| async move {
        scene.tick_after(expiry + Duration::SECOND).await;
    });
    scene.patch(id, &json!({"expiresAt": at(expiry)})).await;
    assert!(scene.inside.table.recover());
    scene.tick().await;
    assert_eq!(scene.count(id, "expired").await, 1);
    assert_eq!(scene.scheduled().await.len(), 1, "of the first expiry");
}

#[tokio::test]
async fn unreadable_invitation_is_reported_once() {
    let scene = Scene::with_reminders(Store::Embedded, "").await;
    let (id, table) = (scene.invite().await, &scene.inside.table);
    let partition = id.to_string();
    let row = table.get(&partition, "invitation").await.unwrap().unwrap();
    let mut fields = row.fields;
    fields.insert("status", "unknown");
    let (key, if_match) = (row.key, row.etag);
    let spoilt = Write::Replace {
        key,
        if_match,
        fields,
    };
    table.commit(&partition, &[spoilt]).await.unwrap();
    let (log, _guard) = CapturedLog::start();
    scene.tick_after(EXPIRY + Duration::MINUTE).await;
    scene.tick().await;
    let message = "an expiry or reminder is left out: the invitation cannot be read";
    let lines = log.lines_with(message);
    assert_eq!(lines.len(), 1, "{}", log.text());
    assert_eq!(lines[0]["level"], "ERROR");
    assert!(scene.scheduled().await.is_empty());
}
