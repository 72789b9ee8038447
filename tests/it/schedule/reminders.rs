//! Reminders of an invitation that is still pending.

use local::mailbox::RecipientRule;
use onboarding::{
    config::Config,
    domain::invitation::{ContactKind, EventDetails, Reminders},
};
use serde_json::json;
use support::{KNOWN, Store, inside::account, invitation, over_both_stores};
use time::Duration;

use super::{EXPIRY, OTHER, START, Scene, at};

over_both_stores! {
    recipients_are_reminded
}

async fn recipients_are_reminded(store: Store) {
    let scene = Scene::start(store).await;
    let id = scene.invite().await;
    let sent = scene.emails(KNOWN);
    scene.tick_after(Duration::days(22)).await;
    assert_eq!(scene.emails(KNOWN), sent);
    scene
        .tick_after(Duration::days(23) + Duration::MINUTE)
        .await;
    scene.tick().await;
    assert_eq!(scene.emails(KNOWN), sent + 1);
    let reminder = scene.mailbox.mails_to(KNOWN).pop().unwrap();
    assert!(
        reminder.subject.starts_with("Reminder"),
        "{}",
        reminder.subject
    );
    assert!(reminder.text.contains("/api/InviteUser?invitationId="));
    scene
        .tick_after(Duration::days(29) + Duration::MINUTE)
        .await;
    assert_eq!(scene.emails(KNOWN), sent + 2);
    scene.tick_after(EXPIRY + Duration::MINUTE).await;
    assert_eq!(
        scene.timeline(id).await,
        ["created", "sent", "reminded", "reminded", "expired"]
    );
}

#[tokio::test]
async fn who_has_accepted_is_left_alone() {
    let scene = Scene::start(Store::Embedded).await;
    let id = scene.invite().await;
    let invitations = &scene.inside.store().invitations;
    let accepted = invitations.accept(id, account(), scene.inside.now()).await;
    accepted.unwrap();
    scene.tick_after(EXPIRY + Duration::days(1)).await;
    let timeline = scene.timeline(id).await;
    assert_eq!(timeline, ["created", "sent", "accepted"]);
    assert!(scene.scheduled().await.is_empty());
}

#[tokio::test]
async fn who_has_declined_is_left_alone() {
    let scene = Scene::start(Store::Embedded).await;
    let id = scene.invite().await;
    let (invitations, now) = (&scene.inside.store().invitations, scene.inside.now());
    let details = EventDetails::default();
    let declined = invitations.contact(id, ContactKind::NotMe, &details, now);
    declined.await.unwrap();
    scene
        .tick_after(Duration::days(23) + Duration::MINUTE)
        .await;
    assert_eq!(scene.count(id, "reminded").await, 0);
    // A colleague takes over, who is invited by the resend.
    let patch = json!({"recipient": {"email": OTHER}});
    scene.patch(id, &patch).await;
    let last = Duration::days(29) + Duration::MINUTE;
    scene.tick_after(last).await;
    assert_eq!(scene.count(id, "reminded").await, 0);
    assert_eq!(scene.emails(OTHER), 0);
    scene.resend(id).await;
    scene.tick().await;
    let next = Duration::days(53) + Duration::MINUTE;
    scene.tick_after(next).await;
    assert_eq!(scene.count(id, "reminded").await, 1);
    assert_eq!(scene.emails(OTHER), 2);
}

#[tokio::test]
async fn reminders_missed_in_an_outage_are_left_out() {
    let scene = Scene::start(Store::Embedded).await;
    let id = scene.invite().await;
    scene
        .tick_after(Duration::days(29) + Duration::MINUTE)
        .await;
    assert_eq!(scene.count(id, "reminded").await, 1);
}

#[tokio::test]
async fn no_reminder_where_the_seller_sends_the_link() {
    let scene = Scene::start(Store::Embedded).await;
    let mut posted = invitation(KNOWN, "Anna", "Meier");
    posted["sendEmail"] = false.into();
    let (_, id) = scene.inside.invite(&posted).await;
    scene.tick_after(EXPIRY + Duration::MINUTE).await;
    assert_eq!(scene.timeline(id).await, ["created", "expired"]);
}

#[tokio::test]
async fn changed_setting_applies_to_planned_reminders() {
    let scene = Scene::start(Store::Embedded).await;
    let id = scene.invite().await;
    for (days, reminders) in [(23, vec![Duration::DAY]), (29, Vec::new())] {
        let change = |config: &mut Config| config.reminders = Reminders(reminders);
        let restarted = scene.inside.another_with(change);
        let due = START + Duration::days(days) + Duration::MINUTE;
        scene.inside.wait(due - scene.inside.now());
        scene.tick_of(&restarted).await;
    }
    assert_eq!(scene.timeline(id).await, ["created", "sent"]);
    assert_eq!(scene.scheduled().await.len(), 1, "the expiry");
}

#[tokio::test]
async fn no_reminder_right_after_the_invitation() {
    let scene = Scene::start(Store::Embedded).await;
    let mut posted = invitation(KNOWN, "Anna", "Meier");
    posted["expiresAt"] = at(Duration::days(7) + Duration::MINUTE).into();
    let (_, id) = scene.inside.invite(&posted).await;
    scene.tick_after(Duration::minutes(2)).await;
    assert_eq!(scene.timeline(id).await, ["created", "sent"]);
    scene
        .tick_after(Duration::days(6) + Duration::minutes(2))
        .await;
    assert_eq!(scene.count(id, "reminded").await, 1);
}

#[tokio::test]
async fn failed_reminder_is_recorded() {
    let scene = Scene::start(Store::Embedded).await;
    let id = scene.invite().await;
    let refusal = RecipientRule::permanent(KNOWN).times(1);
    scene.mailbox.refuse(refusal);
    scene
        .tick_after(Duration::days(23) + Duration::MINUTE)
        .await;
    scene.tick().await;
    let timeline = scene.timeline(id).await;
    assert_eq!(timeline, ["created", "sent", "reminded", "delivery_failed"]);
    let last = scene.receiver.received().pop().unwrap().json();
    assert_eq!(last["type"], "invitation.delivery_failed");
    let reason = last["data"]["reason"].as_str().unwrap();
    assert!(reason.contains("there is no such mailbox"), "{reason}");
    let path = format!("/api/Invitations/{id}");
    let failed = async || scene.inside.get(&path).await.1["delivery"]["mail"]["failed"].clone();
    assert_eq!(failed().await[0]["event"], 3);
    scene.resend(id).await;
    scene.tick().await;
    assert!(failed().await.is_null(), "a later e-mail was sent");
}

/// It brings the link, as a reminder does.
#[tokio::test]
async fn failed_email_after_an_approval_is_recorded() {
    let scene = Scene::start(Store::Embedded).await;
    let id = scene.invite().await;
    scene
        .mailbox
        .refuse(RecipientRule::permanent(KNOWN).times(1));
    let (store, now) = (scene.inside.store(), scene.inside.now());
    store
        .approve(id, "a state", None, (None, now))
        .await
        .unwrap();
    scene.tick().await;
    let timeline = scene.timeline(id).await;
    assert_eq!(timeline, ["created", "sent", "approved", "delivery_failed"]);
}
