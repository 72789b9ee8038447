//! What the outbox holds, when it is due and what becomes of it: the test says what time it is.

#![expect(clippy::unwrap_used, reason = "these are tests")]

mod support;

use std::sync::Arc;

use local::mailbox::{Mailbox, MailboxOptions, RecipientRule};
use onboarding::{
    company::Company,
    invitation::{Account, Channel, Invitation, InvitationId, Inviter, Link, Recipient, Terms, TryFailed},
    seal::Sealer,
    store::{Channels, Intent, Invitations, SHARDS, embedded::EmbeddedTable},
};
use reqwest::Method;
use serde_json::{Value, json};
use support::{KNOWN, Store, api, inside::Inside, invitation, receiver::Receiver};
use tempfile::TempDir;
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339, macros::datetime};
use uuid::Uuid;

const START: OffsetDateTime = datetime!(2026-11-22 12:00 UTC);

fn store() -> (Invitations, TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let table = Arc::new(EmbeddedTable::open(dir.path()).unwrap());
    let (invitations, _) = Invitations::new(table, Sealer::new(&[[1; 64]]), Channels { mail: false, webhook: true });
    (invitations, dir)
}

async fn create(invitations: &Invitations) -> InvitationId {
    let person = |name: &str| (name.to_owned(), name.to_owned());
    let (first_name, last_name) = person("Anna");
    let (name, organization) = person("Beat");
    let terms = Terms {
        recipient: Recipient { email: "anna@example.com".parse().unwrap(), first_name, last_name, locale: None },
        inviter: Inviter { name, organization, email: None },
        company: serde_json::from_value(serde_json::json!({"name": "Meier AG"})).unwrap(),
        message: None,
        send_email: true,
    };
    let link = Link::random();
    invitations.create(&link, &Invitation::create(link.id(), terms, START, START + Duration::DAY), None, START).await.unwrap();
    link.id()
}

/// The inviter's address in the sample.
const INVITER: &str = "thomas.keller@gfms.example";
const SOON: std::time::Duration = std::time::Duration::from_secs(10);

/// The service with a mailbox and a receiver of its webhook.
struct Scene {
    inside: Inside,
    mailbox: Mailbox,
    receiver: Receiver,
}

impl Scene {
    async fn start() -> Self {
        let (mailbox, receiver) = (Mailbox::start(MailboxOptions::default()).await.unwrap(), Receiver::start().await);
        let settings = [
            ("SMTP_URL", mailbox.smtp_url()),
            ("MAIL_FROM", "no-reply@example.com"),
            ("WEBHOOK_URL", receiver.url()),
            ("WEBHOOK_SECRET", "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="),
            ("WEBHOOK_ALLOW_PRIVATE", "true"),
        ];
        let inside = Inside::start(Store::Embedded, START, &settings).await;
        Self { inside, mailbox, receiver }
    }

    /// Nothing is told of it before a tick.
    async fn invite(&self, recipient: &str) -> InvitationId {
        self.inside.invite(&invitation(recipient, "Anna", "Meier")).await.1
    }

    async fn accept(&self, id: InvitationId) {
        self.inside.app.invitations.accept(id, account(), self.inside.now()).await.unwrap();
    }

    async fn complete(&self, id: InvitationId) {
        self.accept(id).await;
        self.inside.app.invitations.complete(id, account(), &company(), self.inside.now()).await.unwrap();
    }

    async fn shown(&self, id: InvitationId) -> Value {
        self.inside.call(Method::GET, &format!("/api/Invitations/{id}"), &Value::Null).await.1
    }

    async fn resend(&self, id: InvitationId) -> (u16, Value) {
        self.inside.call(Method::POST, &format!("/api/Invitations/{id}/resend"), &Value::Null).await
    }

    async fn tick(&self) {
        assert_eq!(self.inside.tick("DeliverEvents").await.0, 200);
    }

    /// Waits until the channel's state is `state`, while the time stands still.
    async fn becomes(&self, id: InvitationId, channel: &str, state: &str) -> Value {
        let becomes = async {
            loop {
                let shown = self.shown(id).await;
                if shown["delivery"][channel]["state"] == state {
                    return shown;
                }
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(SOON, becomes).await.unwrap()
    }

    /// Lets the time come at which the others look too, and ticks until nothing moves any more.
    async fn settle(&self) {
        for _ in 0..3 {
            self.inside.wait(Duration::minutes(1));
            self.tick().await;
        }
    }

    /// Ticks until the channel rests for hours between two tries.
    async fn try_until_the_pauses_are_long(&self, id: InvitationId, channel: &str) {
        self.inside.wait(Duration::minutes(1));
        for _ in 0..20 {
            self.tick().await;
            let delivery = self.shown(id).await["delivery"][channel].clone();
            assert_eq!(delivery["state"], "retrying", "{delivery}");
            let next = OffsetDateTime::parse(delivery["nextTry"].as_str().unwrap(), &Rfc3339).unwrap();
            if next > self.inside.now() + Duration::HOUR {
                return;
            }
            self.inside.wait(next - self.inside.now());
        }
        panic!("the pauses stay short");
    }
}

fn account() -> Account {
    Account { tid: Uuid::from_u128(1), oid: Uuid::from_u128(2) }
}

fn company() -> Company {
    let form = json!({
        "companyName": "Meier AG", "street": "Seestrasse 12", "postalCode": "8002", "city": "Zürich", "country": "CH",
        "firstName": "Anna", "lastName": "Meier"
    });
    Company::parse(&serde_json::from_value(form).unwrap()).unwrap()
}

async fn due(invitations: &Invitations, now: OffsetDateTime) -> Vec<Intent> {
    let mut all = Vec::new();
    for shard in 0..SHARDS {
        all.extend(invitations.due(shard, now, 100).await.unwrap());
    }
    all
}

/// Another instance that found the intent before the progress is set back would take it away as done.
#[tokio::test]
async fn what_is_to_be_told_again_is_not_due_before_that_is_known() {
    let (invitations, _dir) = store();
    let id = create(&invitations).await;
    let history = invitations.history(id).await.unwrap().unwrap();
    let mut lease = invitations.lease(&history, Channel::Webhook, START).await.unwrap().unwrap();
    let given_up = history.progress(Channel::Webhook).clone().fail(1, START, TryFailed::Never("410".to_owned()), START);
    assert!(invitations.record(&mut lease, &given_up, None).await.unwrap());
    let later = START + Duration::HOUR;
    for intent in due(&invitations, later).await {
        invitations.drop_intent(&intent).await.unwrap();
    }

    let history = invitations.history(id).await.unwrap().unwrap();
    assert!(invitations.redeliver(&history, Channel::Webhook, 1, later).await.unwrap());
    assert!(due(&invitations, later).await.is_empty());
    let found = due(&invitations, later + Duration::minutes(1)).await;
    assert_eq!(found.iter().map(|intent| (intent.id, intent.event)).collect::<Vec<_>>(), [(id, 1)]);
    assert_eq!(invitations.history(id).await.unwrap().unwrap().progress(Channel::Webhook).settled, 0);
}

#[tokio::test]
async fn the_lease_of_one_who_is_gone_runs_out_within_seconds() {
    let (invitations, _dir) = store();
    let id = create(&invitations).await;
    let history = invitations.history(id).await.unwrap().unwrap();
    assert!(invitations.lease(&history, Channel::Webhook, START).await.unwrap().is_some());
    let history = invitations.history(id).await.unwrap().unwrap();
    assert!(invitations.lease(&history, Channel::Webhook, START + Duration::seconds(5)).await.unwrap().is_none());
    assert!(invitations.lease(&history, Channel::Webhook, START + Duration::seconds(20)).await.unwrap().is_some());
}

#[tokio::test]
async fn a_resend_does_not_wait_for_the_next_try_of_the_letter_before() {
    let scene = Scene::start().await;
    scene.mailbox.refuse(RecipientRule::temporary(KNOWN));
    let id = scene.invite(KNOWN).await;
    scene.try_until_the_pauses_are_long(id, "mail").await;
    scene.mailbox.accept_all();
    scene.inside.follow();
    assert_eq!(scene.resend(id).await.0, 200);
    let shown = scene.becomes(id, "mail", "delivered").await;
    scene.settle().await;
    assert_eq!(api::timeline(&shown), ["invitation.created", "invitation.resent", "invitation.sent"]);
    assert_eq!(scene.mailbox.mails_to(KNOWN).len(), 1, "the letter before is not needed beside it");
}

#[tokio::test]
async fn a_resend_has_the_webhook_told_at_once_what_it_waits_for_in_any_state() {
    let scene = Scene::start().await;
    scene.receiver.answer_next(&[503; 7]);
    let id = scene.invite(KNOWN).await;
    scene.complete(id).await;
    scene.try_until_the_pauses_are_long(id, "webhook").await;
    scene.inside.follow();
    let (status, shown) = scene.resend(id).await;
    assert_eq!((status, shown["status"].as_str()), (200, Some("completed")));
    assert_eq!(scene.receiver.wait_for(3).await, ["invitation.created", "invitation.accepted", "company.created"]);
    scene.becomes(id, "webhook", "delivered").await;
    assert_eq!(scene.resend(id).await.0, 409, "there is nothing to tell again");
}

#[tokio::test]
async fn a_resend_has_the_inviter_told_at_once_that_the_company_was_created() {
    let scene = Scene::start().await;
    scene.mailbox.refuse(RecipientRule::temporary(INVITER));
    let id = scene.invite(KNOWN).await;
    scene.complete(id).await;
    scene.try_until_the_pauses_are_long(id, "mail").await;
    scene.mailbox.accept_all();
    scene.inside.follow();
    assert_eq!(scene.resend(id).await.0, 200);
    scene.mailbox.wait_for(INVITER, SOON).await.unwrap();
}

#[tokio::test]
async fn a_dead_mailbox_of_the_inviter_does_not_keep_the_new_invitation_from_the_recipient() {
    let scene = Scene::start().await;
    scene.mailbox.refuse(RecipientRule::temporary(INVITER));
    let id = scene.invite(KNOWN).await;
    scene.settle().await;
    assert_eq!(scene.mailbox.mails_to(KNOWN).len(), 1);
    scene.inside.wait(Duration::days(31));
    scene.inside.app.invitations.request_renewal(id, scene.inside.now()).await.unwrap();
    scene.try_until_the_pauses_are_long(id, "mail").await;
    scene.inside.follow();
    assert_eq!(scene.resend(id).await.0, 200);
    scene.mailbox.wait_for_count(KNOWN, 2, SOON).await.unwrap();
    scene.becomes(id, "mail", "delivered").await;
}

/// Who has the link from the seller's own hand can go all the way.
#[tokio::test]
async fn a_dead_mailbox_of_the_recipient_does_not_keep_from_the_inviter_that_the_company_was_created() {
    let scene = Scene::start().await;
    scene.mailbox.refuse(RecipientRule::temporary(KNOWN));
    let id = scene.invite(KNOWN).await;
    scene.try_until_the_pauses_are_long(id, "mail").await;
    scene.inside.follow();
    scene.complete(id).await;
    scene.mailbox.wait_for(INVITER, SOON).await.unwrap();
    assert!(scene.mailbox.mails_to(KNOWN).is_empty());
}

#[tokio::test]
async fn a_letter_that_came_to_nothing_is_not_shown_as_delivered() {
    for expires in [false, true] {
        let scene = Scene::start().await;
        scene.mailbox.refuse(RecipientRule::temporary(KNOWN));
        let id = scene.invite(KNOWN).await;
        scene.try_until_the_pauses_are_long(id, "mail").await;
        if !expires {
            let revoked = scene.inside.app.invitations.revoke(id, None, None, scene.inside.now()).await.unwrap();
            assert!(revoked.is_some());
        }
        scene.mailbox.accept_all();
        scene.inside.wait(Duration::days(31));
        scene.settle().await;
        let mail = scene.shown(id).await["delivery"]["mail"].clone();
        assert_eq!(mail, json!({"state": "none"}), "nobody was told anything");
        assert!(scene.mailbox.mails().is_empty());
    }
}

#[tokio::test]
async fn a_receiver_that_is_down_for_days_has_all_it_missed_shown_as_failed_after_three() {
    let scene = Scene::start().await;
    scene.receiver.answer_next(&[503; 1000]);
    let id = scene.invite(KNOWN).await;
    scene.complete(id).await;
    // The last of the growing pauses is 4 hours.
    while scene.inside.now() < START + Duration::days(3) + Duration::hours(9) {
        scene.inside.wait(Duration::hours(1));
        scene.tick().await;
    }
    let webhook = scene.shown(id).await["delivery"]["webhook"].clone();
    let failed: Vec<_> = webhook["failed"].as_array().unwrap().iter().map(|one| one["event"].as_u64().unwrap()).collect();
    assert_eq!((webhook["state"].as_str(), failed), (Some("failed"), vec![1, 2, 3]), "{webhook}");
    assert!(webhook["failed"].as_array().unwrap().iter().all(|one| one["reason"] == "the receiver answered 503"));
    assert!(!scene.inside.table.keys().iter().any(|key| key.starts_with("outbox-")), "nobody tries any more");
}
