//! The event of an expiry.

use reqwest::Method;
use serde_json::{Value, json};
use support::{Store, over_both_stores};
use time::Duration;

use super::{EXPIRY, Scene, at};

over_both_stores! {
    expiry_is_reported_once
}

async fn expiry_is_reported_once(store: Store) {
    let scene = Scene::with_reminders(store, "").await;
    let id = scene.invite().await;
    scene.tick_after(EXPIRY - Duration::MINUTE).await;
    assert_eq!(scene.count(id, "expired").await, 0);
    scene.tick_after(EXPIRY + Duration::MINUTE).await;
    scene.tick().await;
    assert_eq!(scene.timeline(id).await, ["created", "sent", "expired"]);
    let received = scene.receiver.received();
    let last = received.last().unwrap().json();
    assert_eq!(last["type"], "invitation.expired");
    assert_eq!(last["data"]["status"], "expired");
    assert_eq!(last["data"]["previousStatus"], "pending");
    assert_eq!(last["data"]["actor"], json!({"type": "system"}));
    assert!(scene.scheduled().await.is_empty());
}

#[tokio::test]
async fn another_expiry_replaces_the_first() {
    let scene = Scene::start(Store::Embedded).await;
    let id = scene.invite().await;
    scene
        .patch(id, &json!({"expiresAt": at(Duration::days(60))}))
        .await;
    scene.tick_after(Duration::days(31)).await;
    let timeline = scene.timeline(id).await;
    assert_eq!(timeline, ["created", "sent", "updated"]);
    scene
        .tick_after(Duration::days(53) + Duration::MINUTE)
        .await;
    assert_eq!(scene.count(id, "reminded").await, 1);
    scene
        .patch(id, &json!({"expiresAt": at(Duration::days(54))}))
        .await;
    scene
        .tick_after(Duration::days(54) + Duration::MINUTE)
        .await;
    assert_eq!(scene.count(id, "expired").await, 1);
    scene.tick_after(Duration::days(61)).await;
    assert_eq!(scene.count(id, "reminded").await, 1);
    assert_eq!(scene.count(id, "expired").await, 1);
    assert!(scene.scheduled().await.is_empty());
}

#[tokio::test]
async fn sent_again_it_expires_again() {
    let scene = Scene::start(Store::Embedded).await;
    let id = scene.invite().await;
    scene.tick_after(EXPIRY + Duration::MINUTE).await;
    scene.resend(id).await;
    scene.tick_after(EXPIRY * 3).await;
    assert_eq!(scene.count(id, "expired").await, 2);
}

#[tokio::test]
async fn extension_by_update_is_in_the_status() {
    let scene = Scene::with_reminders(Store::Embedded, "").await;
    let id = scene.invite().await;
    scene.tick_after(EXPIRY + Duration::MINUTE).await;
    scene
        .patch(id, &json!({"expiresAt": at(Duration::days(60))}))
        .await;
    scene.tick().await;
    let last = scene.receiver.received().pop().unwrap().json();
    assert_eq!(last["type"], "invitation.updated");
    assert_eq!(last["data"]["status"], "pending");
    assert_eq!(last["data"]["previousStatus"], "expired");
}

#[tokio::test]
async fn erasure_and_purge_leave_no_moment_behind() {
    let scene = Scene::start(Store::Embedded).await;
    let erased = scene.invite().await;
    let path = format!("/api/Invitations/{erased}/erase");
    let answer = scene.inside.call(Method::POST, &path, &Value::Null).await;
    assert!(answer.0 < 300, "{answer:?}");
    scene.tick_after(EXPIRY + Duration::MINUTE).await;
    assert_eq!(scene.count(erased, "expired").await, 0);
    assert!(scene.scheduled().await.is_empty());
}

#[tokio::test]
async fn purged_invitation_leaves_no_moment_behind() {
    let scene = Scene::start(Store::Embedded).await;
    let id = scene.invite().await;
    scene.inside.wait(Duration::days(800));
    assert_eq!(scene.inside.tick("PurgeInvitations").await.0, 200);
    let path = format!("/api/Invitations/{id}");
    assert_eq!(scene.inside.get(&path).await.0, 404);
    assert!(!scene.scheduled().await.is_empty());
    scene.tick().await;
    assert!(scene.scheduled().await.is_empty());
}
