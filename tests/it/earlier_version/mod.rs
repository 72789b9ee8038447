//! A table that an earlier version has written is read, and goes on, without a step by the
//! operator.
//!
//! `rows.jsonl` is what the version before companies were shared left in its table, row by row, as
//! it was read there: invitations in every state, two companies of one customer number (which that
//! version allowed), erasures, codes, used states, deliveries that failed or were still due, and a
//! request with an `Idempotency-Key`. It is never changed.

use std::collections::BTreeMap;

use local::mailbox::{Mailbox, MailboxOptions};
use onboarding::{
    domain::invitation::{Account, InvitationId},
    store::{
        Completion, ExportedRow,
        table::{Table, Write},
    },
};
use reqwest::Method;
use serde_json::{Value, json};
use support::{
    Store, WEBHOOK_SECRET,
    inside::{Inside, company, page},
    over_both_stores,
    receiver::Receiver,
};
use time::{Duration, OffsetDateTime, macros::datetime};
use uuid::Uuid;

over_both_stores! {
    every_invitation_is_read
    colleague_joins_the_oldest_company
    what_was_due_is_delivered
    what_is_old_enough_is_purged
}

/// After the last thing that happened to the rows.
const NOW: OffsetDateTime = datetime!(2026-12-24 13:00 UTC);

const EMMA: &str = "e8de84f5d68adf83861f20cad91086b8";
const FELIX: &str = "76f49bd495eecccf6da22ae8113a0522";
const GRETA: &str = "6657f4515c8bb9ef3f858c93dfced177";
const HUGO: &str = "c5ff58c85e5a547fc3b40395f5831df7";
const IDA: &str = "5e40f548820febaf300fc34b6b6d2a87";
const JAN: &str = "941a9b807cd8ab7de6c137e2fd79462d";
const KIM: &str = "7a511866ee843a1dc2c54ba8e31d71a4";
const LEA: &str = "94aa8b94fd0faa0e7bd02d759c15ec3b";
const MAX: &str = "ef9c719461595eed41b8e65a2e93a1a3";
const NORA: &str = "2726639552e133e2cd22c1e2329ce34c";
const OLGA: &str = "a8b7fa50ab48b9e4c67cb7fd3c3f4b4f";

/// The link that Greta got.
const GRETAS_LINK: &str = "/api/InviteUser?invitationId=78fe9bef-8d84-40f6-ad2f-c1ebc0062a72";

struct Scene {
    inside: Inside,
    mailbox: Mailbox,
    receiver: Receiver,
}

impl Scene {
    async fn start(store: Store) -> Self {
        let mailbox = Mailbox::start(MailboxOptions::default()).await.unwrap();
        let receiver = Receiver::start().await;
        let settings = [
            ("SMTP_URL", mailbox.smtp_url()),
            ("MAIL_FROM", "no-reply@example.com"),
            ("WEBHOOK_URL", receiver.url()),
            ("WEBHOOK_SECRET", WEBHOOK_SECRET),
            ("WEBHOOK_ALLOW_PRIVATE", "true"),
        ];
        let inside = Inside::start(store, NOW, &settings).await;
        for line in include_str!("rows.jsonl").lines() {
            let ExportedRow {
                partition,
                key,
                fields,
            } = serde_json::from_str(line).unwrap();
            let insert = [Write::Insert { key, fields }];
            inside.table.commit(&partition, &insert).await.unwrap();
        }
        Self {
            inside,
            mailbox,
            receiver,
        }
    }

    async fn shown(&self, id: &str) -> Value {
        let (status, shown) = self.inside.get(&format!("/api/Invitations/{id}")).await;
        assert_eq!(status, 200, "{id}: {shown}");
        shown
    }

    async fn resend(&self, id: &str) {
        let path = format!("/api/Invitations/{id}/resend");
        let (status, answer) = self.inside.call(Method::POST, &path, &Value::Null).await;
        assert_eq!(status, 200, "{answer}");
    }

    async fn count(&self, query: &str) -> usize {
        let (_, page) = self.inside.get(&format!("/api/Invitations?{query}")).await;
        page["items"].as_array().unwrap().len()
    }
}

fn id(text: &str) -> InvitationId {
    text.parse().unwrap()
}

async fn every_invitation_is_read(store: Store) {
    let scene = Scene::start(store).await;
    let statuses = [
        (EMMA, "completed"),
        (FELIX, "completed"),
        (GRETA, "expired"),
        (HUGO, "accepted"),
        (IDA, "revoked"),
        (JAN, "expired"),
        (KIM, "completed"),
        (LEA, "revoked"),
        (MAX, "expired"),
        (NORA, "expired"),
        (OLGA, "pending"),
    ];
    for (id, status) in statuses {
        assert_eq!(scene.shown(id).await["status"], status, "{id}");
    }
    assert_eq!(scene.shown(IDA).await["revokeReason"], "left");
    assert_eq!(
        scene.shown(MAX).await["delivery"]["mail"]["state"],
        "failed"
    );
    assert!(scene.shown(KIM).await.get("recipient").is_none());
    assert_eq!(scene.count("limit=100").await, statuses.len());
    assert_eq!(scene.count("customerNumber=C-500").await, 3);
    assert_eq!(scene.count("email=hugo@example.com").await, 1);
    let (status, body) = page(&scene.inside.app, GRETAS_LINK, "").await;
    assert_eq!(status, 410, "{body}");
    scene.resend(GRETA).await;
    let (status, body) = page(&scene.inside.app, GRETAS_LINK, "").await;
    assert_eq!(status, 200, "{body}");
}

async fn colleague_joins_the_oldest_company(store: Store) {
    let scene = Scene::start(store).await;
    let (inside, greta) = (&scene.inside, id(GRETA));
    let by = Account {
        tid: Uuid::from_u128(1),
        oid: Uuid::from_u128(3),
    };
    scene.resend(GRETA).await;
    let (invitations, companies) = (&inside.store().invitations, &inside.store().companies);
    invitations.accept(greta, by, NOW).await.unwrap();
    let created = companies.create(greta, by, &company(), NOW).await.unwrap();
    let Completion::Exists(existing) = created else {
        panic!("a third company of one customer: {created:?}");
    };
    assert_eq!(existing.id, id(EMMA).company_id());
    let joined = companies.join(greta, by, existing.id, Clone::clone, NOW);
    joined.await.unwrap();
    assert_eq!(scene.shown(GRETA).await["companyId"], json!(existing.id));

    assert_eq!(inside.tick("PurgeInvitations").await.0, 200);
    let (_, found) = inside.get("/api/Companies?customerNumber=C-500").await;
    let found: Vec<_> = found["items"].as_array().unwrap().iter().collect();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["id"], json!(existing.id));
    let path = format!("/api/Companies/{}", id(FELIX).company_id());
    assert_eq!(inside.get(&path).await.0, 200, "Felix keeps his");
}

async fn what_was_due_is_delivered(store: Store) {
    let scene = Scene::start(store).await;
    for _ in 0..4 {
        assert_eq!(scene.inside.tick("DeliverEvents").await.0, 200);
        scene.inside.wait(Duration::MINUTE);
    }
    let left = scene.inside.table.intents().await;
    assert_eq!(left, Vec::<String>::new());
    let mut last = BTreeMap::new();
    for event in scene.receiver.received() {
        let data = event.json()["data"].clone();
        let invitation = data["invitationId"].as_str().unwrap().to_owned();
        let sequence = data["sequence"].as_u64().unwrap();
        assert!(last.insert(invitation, sequence) < Some(sequence), "{data}");
    }
    // Only of what happened in the last three days is an e-mail still sent.
    assert_eq!(scene.mailbox.mails_to("olga@example.com").len(), 1);
}

async fn what_is_old_enough_is_purged(store: Store) {
    let scene = Scene::start(store).await;
    scene.inside.wait(Duration::days(800));
    for _ in 0..6 {
        assert_eq!(scene.inside.tick("DeliverEvents").await.0, 200);
        assert_eq!(scene.inside.tick("PurgeInvitations").await.0, 200);
        scene.inside.wait(Duration::HOUR);
    }
    let mut left = scene.inside.table.keys().await;
    left.retain(|key| key != "upgrade/companies");
    assert_eq!(left, Vec::<String>::new());
}
