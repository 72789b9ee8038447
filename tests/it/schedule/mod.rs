//! What the passing of time alone causes: the expiry, and reminders.

mod expiry;
mod races;
mod reminders;

use local::mailbox::{Mailbox, MailboxOptions};
use onboarding::{app::Shared, domain::invitation::InvitationId};
use reqwest::Method;
use serde_json::Value;
use support::{
    KNOWN, Store, WEBHOOK_SECRET,
    inside::{Inside, call},
    invitation,
    receiver::Receiver,
};
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339, macros::datetime};

const START: OffsetDateTime = datetime!(2026-11-22 12:00 UTC);
/// When invitations of [`START`] expire.
const EXPIRY: Duration = Duration::days(30);
const OTHER: &str = "other@example.com";

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
        self.tick_of(&self.inside.app).await;
    }

    async fn tick_of(&self, app: &Shared) {
        for _ in 0..2 {
            let (status, _) = call(app, Method::POST, "/DeliverEvents", &Value::Null).await;
            assert_eq!(status, 200);
            self.inside.wait(Duration::seconds(6));
        }
    }

    /// As if this much time had passed since the start.
    async fn tick_after(&self, time: Duration) {
        self.inside.wait(START + time - self.inside.now());
        self.tick().await;
    }

    async fn patch(&self, id: InvitationId, patch: &Value) {
        assert_eq!(self.try_patch(id, patch).await, 200);
    }

    async fn try_patch(&self, id: InvitationId, patch: &Value) -> u16 {
        let path = format!("/api/Invitations/{id}");
        self.inside.call(Method::PATCH, &path, patch).await.0
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
