//! What the outbox holds, when it is due and what becomes of it: the test says what time it is.

mod faults;
mod intents;
mod leases;
mod retries;
mod states;

use local::mailbox::{Mailbox, MailboxOptions, RecipientRule};
use onboarding::{
    clock::Clock,
    domain::invitation::{
        Channel, ContactKind, EventDetails, Invitation, InvitationId, Inviter, Link, Recipient,
        Terms, TryFailed,
    },
    seal::Sealer,
    store::{
        Approval, Channels, Conditions, EmailOutcome, Intent, Options, Outcome, SHARDS, StateUse,
        Store as Repositories, StoreError,
        table::{Fields, Table, Write, embedded::EmbeddedTable},
    },
};
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::Arc;
use support::{
    KNOWN, Store, WEBHOOK_SECRET, api,
    faulty::{self, Fault},
    inside::{self, Inside, account, company},
    invitation, items,
    receiver::Receiver,
};
use tempfile::TempDir;
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339, macros::datetime};

const START: OffsetDateTime = datetime!(2026-11-22 12:00 UTC);

fn store() -> (Repositories, TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let table = Arc::new(EmbeddedTable::open(dir.path()).unwrap());
    let (store, _) = Repositories::new(
        table,
        Sealer::new(&[[1; 64]]),
        Options::new(
            Channels {
                mail: false,
                webhook: true,
            },
            Clock::system(),
        ),
    );
    (store, dir)
}

fn terms() -> Terms {
    let person = |name: &str| (name.to_owned(), name.to_owned());
    let (first_name, last_name) = person("Anna");
    let (name, organization) = person("Beat");
    Terms {
        recipient: Recipient {
            email: KNOWN.parse().unwrap(),
            first_name,
            last_name,
            locale: None,
        },
        inviter: Inviter {
            name,
            organization,
            email: Some(INVITER.parse().unwrap()),
            phone: None,
            locale: None,
        },
        company: serde_json::from_value(serde_json::json!({"name": "Meier AG"})).unwrap(),
        company_id: None,
        message: None,
        send_email: true,
        metadata: Default::default(),
    }
}

/// The same invitation however often, and whenever.
async fn try_to_create(
    store: &Repositories,
    link: &Link,
    now: OffsetDateTime,
) -> Result<(), StoreError> {
    let created = Invitation::create(link.id(), terms(), START, START + Duration::days(30));
    store.invitations.create(link, &created, None, now).await
}

async fn create(store: &Repositories) -> InvitationId {
    let link = Link::random();
    try_to_create(store, &link, START).await.unwrap();
    link.id()
}

/// A link whose invitation is in that shard.
fn link_of_shard(shard: char) -> Link {
    std::iter::repeat_with(Link::random)
        .find(|link| link.id().to_string().starts_with(shard))
        .unwrap()
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
        let (mailbox, receiver) = (
            Mailbox::start(MailboxOptions::default()).await.unwrap(),
            Receiver::start().await,
        );
        let settings = [
            ("SMTP_URL", mailbox.smtp_url()),
            ("MAIL_FROM", "no-reply@example.com"),
            ("WEBHOOK_URL", receiver.url()),
            ("WEBHOOK_SECRET", WEBHOOK_SECRET),
            ("WEBHOOK_ALLOW_PRIVATE", "true"),
        ];
        let inside = Inside::start(Store::Embedded, START, &settings).await;
        Self {
            inside,
            mailbox,
            receiver,
        }
    }

    /// Nothing of it is delivered before a tick.
    async fn invite(&self, recipient: &str) -> InvitationId {
        self.inside
            .invite(&invitation(recipient, "Anna", "Meier"))
            .await
            .1
    }

    /// Only the webhook gets it.
    async fn invite_quietly(&self) -> InvitationId {
        let mut quiet = invitation(KNOWN, "Anna", "Meier");
        quiet["sendEmail"] = false.into();
        self.inside.invite(&quiet).await.1
    }

    /// A tick that goes on beside the test.
    fn begin_to_tick(&self) -> tokio::task::JoinHandle<()> {
        let app = self.inside.app.clone();
        tokio::spawn(async move {
            drop(inside::call(&app, Method::POST, "/DeliverEvents", &Value::Null).await)
        })
    }

    /// Waits until the receiver has got so many requests, whether it has answered or not.
    async fn arrive(&self, count: usize) {
        let arrive = async {
            while self.receiver.received().len() < count {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(SOON, arrive).await.unwrap();
    }

    async fn intents(&self) -> Vec<String> {
        self.inside.table.intents().await
    }

    async fn accept(&self, id: InvitationId) {
        self.inside
            .store()
            .invitations
            .accept(id, account(), self.inside.now())
            .await
            .unwrap();
    }

    async fn complete(&self, id: InvitationId) {
        self.accept(id).await;
        self.inside
            .store()
            .companies
            .create(id, account(), &company(), self.inside.now())
            .await
            .unwrap();
    }

    async fn shown(&self, id: InvitationId) -> Value {
        self.inside.get(&format!("/api/Invitations/{id}")).await.1
    }

    async fn resend(&self, id: InvitationId) -> (u16, Value) {
        self.inside
            .call(
                Method::POST,
                &format!("/api/Invitations/{id}/resend"),
                &Value::Null,
            )
            .await
    }

    async fn tick(&self) {
        assert_eq!(self.inside.tick("DeliverEvents").await.0, 200);
    }

    /// Waits until the channel's state is `state`, while the clock is stopped.
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
            let next =
                OffsetDateTime::parse(delivery["nextAttempt"].as_str().unwrap(), &Rfc3339).unwrap();
            if next > self.inside.now() + Duration::HOUR {
                return;
            }
            self.inside.wait(next - self.inside.now());
        }
        panic!("the pauses stay short");
    }
}

async fn due(store: &Repositories, now: OffsetDateTime) -> Vec<Intent> {
    let mut all = Vec::new();
    for shard in 0..SHARDS {
        for channel in [Channel::Mail, Channel::Webhook] {
            let due = store.outbox.due(shard, channel, now, None).await.unwrap();
            all.extend(due.intents);
        }
    }
    all
}

/// The columns of an intent.
fn announced(at: &str) -> Fields {
    [("announcedAt".to_owned(), at.to_owned())].into()
}
