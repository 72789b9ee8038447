//! What the passing of time alone causes: the expiry, and reminders.

use local::mailbox::{Mailbox, MailboxOptions};
use onboarding::domain::invitation::{ContactKind, EventDetails, InvitationId};
use reqwest::Method;
use serde_json::{Value, json};
use support::{
    KNOWN, Store, WEBHOOK_SECRET,
    faulty::{self, Fault},
    inside::{Inside, account, call},
    invitation, over_both_stores,
    receiver::Receiver,
};
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339, macros::datetime};

const START: OffsetDateTime = datetime!(2026-11-22 12:00 UTC);
/// When invitations of [`START`] expire.
const EXPIRY: Duration = Duration::days(30);
const OTHER: &str = "other@example.com";

over_both_stores! {
    expiry_is_reported_once
    recipients_are_reminded
}

struct Scene {
    inside: Inside,
    mailbox: Mailbox,
    receiver: Receiver,
}

impl Scene {
    async fn start(store: Store) -> Self {
        Self::with_reminders(store, "7, 1").await
    }

    async fn with_reminders(store: Store, days: &str) -> Self {
        let mailbox = Mailbox::start(MailboxOptions::default()).await.unwrap();
        let receiver = Receiver::start().await;
        let settings = [
            ("SMTP_URL", mailbox.smtp_url()),
            ("MAIL_FROM", "no-reply@example.com"),
            ("WEBHOOK_URL", receiver.url()),
            ("WEBHOOK_SECRET", WEBHOOK_SECRET),
            ("WEBHOOK_ALLOW_PRIVATE", "true"),
            ("REMIND_DAYS_BEFORE", days),
        ];
        let inside = Inside::start(store, START, &settings).await;
        Self {
            inside,
            mailbox,
            receiver,
        }
    }

    async fn invite(&self) -> InvitationId {
        let posted = invitation(KNOWN, "Anna", "Meier");
        let (_, id) = self.inside.invite(&posted).await;
        self.tick().await;
        id
    }

    /// One records what is due, the next delivers what the first has recorded.
    async fn tick(&self) {
        for _ in 0..2 {
            assert_eq!(self.inside.tick("DeliverEvents").await.0, 200);
            self.inside.wait(Duration::seconds(6));
        }
    }

    /// As if this much time had passed since the start.
    async fn tick_after(&self, time: Duration) {
        self.inside.wait(START + time - self.inside.now());
        self.tick().await;
    }

    async fn patch(&self, id: InvitationId, patch: &Value) {
        let path = format!("/api/Invitations/{id}");
        let answer = self.inside.call(Method::PATCH, &path, patch).await;
        assert_eq!(answer.0, 200, "{answer:?}");
    }

    async fn resend(&self, id: InvitationId) {
        let path = format!("/api/Invitations/{id}/resend");
        let answer = self.inside.call(Method::POST, &path, &Value::Null).await;
        assert_eq!(answer.0, 200, "{answer:?}");
    }

    async fn timeline(&self, id: InvitationId) -> Vec<String> {
        let (_, shown) = self.inside.get(&format!("/api/Invitations/{id}")).await;
        let events = shown["timeline"].as_array().unwrap().iter();
        let kinds = events.map(|event| event["type"].as_str().unwrap());
        kinds
            .map(|kind| kind.trim_start_matches("invitation.").to_owned())
            .collect()
    }

    async fn count(&self, id: InvitationId, kind: &str) -> usize {
        let timeline = self.timeline(id).await;
        timeline.iter().filter(|own| *own == kind).count()
    }

    fn emails(&self, to: &str) -> usize {
        self.mailbox.mails_to(to).len()
    }

    async fn scheduled(&self) -> Vec<String> {
        let keys = self.inside.table.keys().await;
        keys.into_iter()
            .filter(|key| key.contains("due-"))
            .collect()
    }
}

fn at(time: Duration) -> String {
    (START + time).format(&Rfc3339).unwrap()
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
