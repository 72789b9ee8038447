//! What the outbox holds, when it is due and what becomes of it: the test says what time it is.

use std::sync::Arc;

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

#[tokio::test]
async fn only_the_writer_of_an_event_has_the_head_start() {
    let dir = tempfile::tempdir().unwrap();
    let table = Arc::new(EmbeddedTable::open(dir.path()).unwrap());
    let channels = Channels {
        mail: false,
        webhook: true,
    };
    let link = Link::random();
    for is_first in [true, false] {
        let sealer = Sealer::new(&[[1; 64]]);
        let (instance, mut announced) = Repositories::new(
            table.clone(),
            sealer,
            Options::new(channels, Clock::system()),
        );
        try_to_create(&instance, &link, START).await.unwrap();
        assert_eq!(announced.try_recv().unwrap().wrote_event, is_first);
    }
}

/// The recipient accepts while the mail server takes the e-mail.
#[tokio::test]
async fn acceptance_during_the_delivery_loses_no_event() {
    let dir = tempfile::tempdir().unwrap();
    let table = Arc::new(EmbeddedTable::open(dir.path()).unwrap());
    let channels = Channels {
        mail: true,
        webhook: false,
    };
    let (store, mut announced) = Repositories::new(
        table,
        Sealer::new(&[[1; 64]]),
        Options::new(channels, Clock::system()),
    );
    let id = create(&store).await;
    let history = announced.try_recv().unwrap().history.unwrap();
    let channel = Channel::Mail;
    let deliveries = &store.deliveries;
    let mut lease = deliveries
        .head_start(&history, &history.events[0], channel, START)
        .unwrap();
    let accepted = store.invitations.accept(id, account(), START).await;
    assert!(matches!(accepted, Ok(Outcome::Done(_))));
    let progress = history.progress(channel).clone().settle(1, START);
    let email = EmailOutcome {
        history: &history,
        sent: true,
    };
    let recorded = deliveries.record_email(&mut lease, email, &progress, None, START);
    assert!(recorded.await.unwrap());
    let history = store.invitations.history(id).await.unwrap().unwrap();
    let kinds: Vec<_> = history
        .events
        .iter()
        .map(|event| event.kind.name())
        .collect();
    let expected = [
        "invitation.created",
        "invitation.accepted",
        "invitation.sent",
    ];
    assert_eq!(kinds, expected);
    assert_eq!(history.progress(channel).settled, 1);
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

/// Another instance that found the intent before the progress is set back would take it away as
/// done.
#[tokio::test]
async fn retry_is_not_due_before_its_time() {
    let (store, _dir) = store();
    let id = create(&store).await;
    let history = store.invitations.history(id).await.unwrap().unwrap();
    let mut lease = store
        .deliveries
        .lease(&history, Channel::Webhook, START)
        .await
        .unwrap()
        .unwrap();
    let given_up = history.progress(Channel::Webhook).clone().fail(
        1,
        START,
        TryFailed::Never("410".to_owned()),
        START,
    );
    assert!(
        store
            .deliveries
            .record(&mut lease, &given_up, None)
            .await
            .unwrap()
    );
    let later = START + Duration::HOUR;
    for intent in due(&store, later).await {
        store.outbox.finish(&intent);
    }
    store.outbox.flush().await.unwrap();

    let history = store.invitations.history(id).await.unwrap().unwrap();
    assert!(
        store
            .deliveries
            .redeliver(&history, Channel::Webhook, (1, None), later)
            .await
            .unwrap()
    );
    assert!(due(&store, later).await.is_empty());
    let found = due(&store, later + Duration::minutes(1)).await;
    assert_eq!(
        found
            .iter()
            .map(|intent| (intent.id, intent.event))
            .collect::<Vec<_>>(),
        [(id, 1)]
    );
    assert_eq!(
        store
            .invitations
            .history(id)
            .await
            .unwrap()
            .unwrap()
            .progress(Channel::Webhook)
            .settled,
        0
    );
}

#[tokio::test]
async fn abandoned_lease_expires_within_seconds() {
    let (store, _dir) = store();
    let id = create(&store).await;
    let history = store.invitations.history(id).await.unwrap().unwrap();
    assert!(
        store
            .deliveries
            .lease(&history, Channel::Webhook, START)
            .await
            .unwrap()
            .is_some()
    );
    let history = store.invitations.history(id).await.unwrap().unwrap();
    assert!(
        store
            .deliveries
            .lease(&history, Channel::Webhook, START + Duration::seconds(5))
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        store
            .deliveries
            .lease(&history, Channel::Webhook, START + Duration::seconds(20))
            .await
            .unwrap()
            .is_some()
    );
}

#[tokio::test]
async fn resend_does_not_wait_for_the_retry() {
    let scene = Scene::start().await;
    scene.mailbox.refuse(RecipientRule::temporary(KNOWN));
    let id = scene.invite(KNOWN).await;
    scene.try_until_the_pauses_are_long(id, "mail").await;
    scene.mailbox.accept_all();
    scene.inside.follow();
    assert_eq!(scene.resend(id).await.0, 200);
    let shown = scene.becomes(id, "mail", "delivered").await;
    scene.settle().await;
    assert_eq!(
        api::timeline(&shown),
        ["invitation.created", "invitation.resent", "invitation.sent"]
    );
    assert_eq!(
        scene.mailbox.mails_to(KNOWN).len(),
        1,
        "the earlier e-mail is superseded"
    );
}

#[tokio::test]
async fn resend_delivers_the_waiting_webhook_at_once() {
    let scene = Scene::start().await;
    scene.receiver.answer_next(&[503; 7]);
    let id = scene.invite(KNOWN).await;
    scene.complete(id).await;
    scene.try_until_the_pauses_are_long(id, "webhook").await;
    scene.inside.follow();
    let (status, shown) = scene.resend(id).await;
    assert_eq!((status, shown["status"].as_str()), (200, Some("completed")));
    assert_eq!(
        scene.receiver.wait_for(3).await,
        [
            "invitation.created",
            "invitation.accepted",
            "company.created"
        ]
    );
    scene.becomes(id, "webhook", "delivered").await;
    assert_eq!(
        scene.resend(id).await.0,
        409,
        "there is nothing to redeliver"
    );
}

#[tokio::test]
async fn resend_notifies_the_inviter_at_once() {
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
async fn dead_inviter_mailbox_does_not_block_recipient() {
    let scene = Scene::start().await;
    scene.mailbox.refuse(RecipientRule::temporary(INVITER));
    let id = scene.invite(KNOWN).await;
    scene.settle().await;
    assert_eq!(scene.mailbox.mails_to(KNOWN).len(), 1);
    scene.inside.wait(Duration::days(31));
    scene
        .inside
        .store()
        .invitations
        .contact(
            id,
            ContactKind::NewInvitation,
            &EventDetails::default(),
            scene.inside.now(),
        )
        .await
        .unwrap();
    scene.try_until_the_pauses_are_long(id, "mail").await;
    scene.inside.follow();
    assert_eq!(scene.resend(id).await.0, 200);
    scene.mailbox.wait_for_count(KNOWN, 2, SOON).await.unwrap();
    scene.becomes(id, "mail", "delivered").await;
}

/// Who has the link from the seller's own hand can go all the way.
#[tokio::test]
async fn dead_recipient_mailbox_does_not_block_inviter() {
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
async fn superseded_email_is_not_shown_as_delivered() {
    for expires in [false, true] {
        let scene = Scene::start().await;
        scene.mailbox.refuse(RecipientRule::temporary(KNOWN));
        let id = scene.invite(KNOWN).await;
        scene.try_until_the_pauses_are_long(id, "mail").await;
        if !expires {
            let revoked = scene
                .inside
                .store()
                .invitations
                .revoke(id, None, Conditions::default(), scene.inside.now())
                .await
                .unwrap();
            assert!(revoked.is_some());
        }
        scene.mailbox.accept_all();
        scene.inside.wait(Duration::days(31));
        scene.settle().await;
        let mail = scene.shown(id).await["delivery"]["mail"].clone();
        assert_eq!(mail, json!({"state": "none"}), "nothing was delivered");
        assert!(scene.mailbox.mails().is_empty());
    }
}

#[tokio::test]
async fn deliveries_fail_after_three_days() {
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
    let failed: Vec<_> = items(&webhook["failed"])
        .map(|one| one["event"].as_u64().unwrap())
        .collect();
    assert_eq!(
        (webhook["state"].as_str(), failed),
        (Some("failed"), vec![1, 2, 3]),
        "{webhook}"
    );
    assert!(
        items(&webhook["failed"]).all(|one| one["reason"] == "the receiver is down or busy (503)")
    );
    assert_eq!(scene.intents().await, [""; 0], "no one tries any more");
}

/// However the ticks fall: one may come when the next try is not due yet, but nearly.
#[tokio::test]
async fn redelivery_survives_another_failure() {
    let scene = Scene::start().await;
    scene.receiver.answer_next(&[503; 1000]);
    let id = scene.invite_quietly().await;
    scene.complete(id).await;
    while scene.shown(id).await["delivery"]["webhook"]["state"] != "failed" {
        scene.inside.wait(Duration::hours(1));
        scene.tick().await;
    }
    scene.inside.wait(Duration::hours(5));
    scene.tick().await;
    assert_eq!(scene.intents().await, [""; 0], "no one tries any more");
    scene.receiver.answer_only(&[200, 503, 503, 503]);
    let before = scene.receiver.received().len();
    assert_eq!(scene.resend(id).await.0, 200);
    for _ in 0..600 {
        scene.inside.wait(Duration::milliseconds(500));
        scene.tick().await;
    }
    let delivered: Vec<_> = scene.receiver.received()[before..]
        .iter()
        .map(|one| one.json()["data"]["sequence"].as_u64().unwrap())
        .collect();
    assert_eq!(delivered, [1, 2, 2, 2, 2, 3]);
    assert_eq!(
        scene.shown(id).await["delivery"]["webhook"]["state"],
        "delivered"
    );
    assert_eq!(scene.intents().await, [""; 0]);
}

#[tokio::test]
async fn emails_do_not_wait_for_a_hanging_receiver() {
    let scene = Scene::start().await;
    scene.receiver.take_time(std::time::Duration::from_secs(20));
    for _ in 0..40 {
        scene.invite_quietly().await;
    }
    // Whichever shard is looked at first, this one is in another.
    for shard in ['0', '8'] {
        try_to_create(scene.inside.store(), &link_of_shard(shard), START)
            .await
            .unwrap();
    }
    scene.inside.wait(Duration::minutes(1));
    let tick = scene.begin_to_tick();
    scene.arrive(8).await;
    scene.mailbox.wait_for_count(KNOWN, 2, SOON).await.unwrap();
    assert!(!tick.is_finished(), "while the webhooks hang");
    tick.abort();
}

/// Intents of webhooks in one shard, as a receiver leaves them that has been down for long.
async fn fill_shard(scene: &Scene, partition: &str, count: usize) {
    let waiting = |number: usize| Write::Insert {
        key: format!(
            "{number:013}-{}-000001-webhook-{number:032x}",
            link_of_shard('a').id()
        ),
        fields: announced("2026-11-22T12:00:00Z"),
    };
    let writes: Vec<_> = (0..count).map(waiting).collect();
    for part in writes.chunks(50) {
        scene.inside.table.commit(partition, part).await.unwrap();
    }
}

fn announced(at: &str) -> Fields {
    [("announcedAt".to_owned(), at.to_owned())].into()
}

#[tokio::test]
async fn email_is_not_blocked_by_webhooks_of_its_shard() {
    let scene = Scene::start().await;
    let link = link_of_shard('a');
    fill_shard(&scene, "outbox-webhook-a", 1050).await;
    try_to_create(scene.inside.store(), &link, START)
        .await
        .unwrap();
    scene.inside.wait(Duration::minutes(1));
    scene.tick().await;
    assert_eq!(scene.mailbox.mails_to(KNOWN).len(), 1);
}

/// After an outage most invitations have several events.
#[tokio::test]
async fn events_of_an_invitation_are_delivered_by_one_intent() {
    let scene = Scene::start().await;
    let id = scene.invite_quietly().await;
    for _ in 0..3 {
        let (invitations, now) = (&scene.inside.store().invitations, scene.inside.now());
        let revealed = invitations.reveal_link(id, Conditions::default(), now);
        assert!(matches!(revealed.await, Ok(Some(Outcome::Done(_)))));
    }
    assert_eq!(scene.intents().await.len(), 4, "one for each event");
    scene.inside.wait(Duration::minutes(1));
    scene.inside.table.take_calls();
    let tick = scene
        .inside
        .call(Method::POST, "/DeliverEvents", &Value::Null);
    assert_eq!(tick.await.0, 200);
    let calls = scene.inside.table.take_calls();
    assert_eq!(scene.receiver.types().len(), 4);
    let of = |partition: &str| {
        calls
            .iter()
            .filter(|call| call.partition == partition)
            .count()
    };
    assert_eq!(
        of(&id.to_string()),
        1 + 1 + 4,
        "the reading, the lease, the progress after each event"
    );
    assert_eq!(scene.intents().await, [""; 0]);
}

/// Whose transaction was cut off.
#[tokio::test]
async fn newer_intent_of_what_never_happened_delivers_older_events() {
    let scene = Scene::start().await;
    let id = scene.invite_quietly().await;
    let outbox = format!("outbox-webhook-{}", &id.to_string()[..1]);
    let never = Write::Insert {
        key: format!("{:013}-{id}-000002-webhook-{:032x}", 1, 7),
        fields: announced("2026-11-22T12:00:00Z"),
    };
    scene.inside.table.commit(&outbox, &[never]).await.unwrap();
    scene.receiver.answer_always(Some(503));
    scene.inside.wait(Duration::minutes(3));
    scene.tick().await;
    assert_eq!(scene.intents().await.len(), 1, "the newer one is kept");
    // An instance without the webhook, as during a change of settings, leaves it.
    scene.inside.wait(Duration::minutes(10));
    let other = scene.inside.another_with(|config| config.webhook = None);
    let tick = inside::call(&other, Method::POST, "/DeliverEvents", &Value::Null);
    assert_eq!(tick.await.0, 200);
    assert_eq!(scene.intents().await.len(), 1, "the event is not delivered");
    scene.receiver.answer_always(None);
    scene.inside.wait(Duration::hours(2));
    scene.tick().await;
    assert_eq!(
        scene.shown(id).await["delivery"]["webhook"]["state"],
        "delivered"
    );
    assert_eq!(scene.intents().await, [""; 0]);
}

/// The older intent may be about to be deleted by another worker.
#[tokio::test]
async fn redelivery_keeps_its_intent_beside_an_older_one() {
    let scene = Scene::start().await;
    let id = scene.invite_quietly().await;
    scene.settle().await;
    let outbox = format!("outbox-webhook-{}", &id.to_string()[..1]);
    let never = Write::Insert {
        key: format!("{:013}-{id}-000002-webhook-{:032x}", 1, 7),
        fields: announced("2026-11-22T11:00:00Z"),
    };
    scene.inside.table.commit(&outbox, &[never]).await.unwrap();
    let path = format!("/api/Invitations/{id}/redeliver");
    let again = scene.inside.call(Method::POST, &path, &Value::Null).await;
    assert!((200..300).contains(&again.0), "{again:?}");
    scene.receiver.answer_always(Some(503));
    scene.inside.wait(Duration::minutes(1));
    scene.tick().await;
    let left = scene.intents().await;
    assert!(left.iter().any(|key| key.contains("-000001-")), "{left:?}");
}

/// The earlier one is too old, the later one is still under way.
#[tokio::test]
async fn later_attempt_at_an_event_keeps_its_intent() {
    let scene = Scene::start().await;
    let id = link_of_shard('a').id();
    let attempt = |at: &str, mark: u8| Write::Insert {
        key: format!("{:013}-{id}-000001-webhook-{mark:032x}", 1),
        fields: announced(at),
    };
    let attempts = [
        attempt("2026-11-22T12:02:30Z", 1),
        attempt("2026-11-22T12:00:00Z", 2),
    ];
    scene
        .inside
        .table
        .commit("outbox-webhook-a", &attempts)
        .await
        .unwrap();
    scene.inside.wait(Duration::minutes(3));
    scene.tick().await;
    let left = scene.intents().await;
    assert_eq!(left.len(), 1, "{left:?}");
    scene.inside.wait(Duration::minutes(2));
    scene.tick().await;
    assert_eq!(scene.intents().await, [""; 0]);
}

#[tokio::test]
async fn a_tick_reads_as_many_pages_as_there_are() {
    let scene = Scene::start().await;
    fill_shard(&scene, "outbox-webhook-a", 2100).await;
    // Of invitations that never came to be: the tick takes them all away.
    scene.inside.wait(Duration::minutes(3));
    scene.tick().await;
    assert_eq!(scene.intents().await, [""; 0]);
}

/// The rows as version 0.9 wrote them, both channels in one partition.
#[tokio::test]
async fn intents_of_earlier_versions_are_delivered() {
    let scene = Scene::start().await;
    let link = link_of_shard('a');
    let id = link.id();
    try_to_create(scene.inside.store(), &link, START)
        .await
        .unwrap();
    for intent in due(scene.inside.store(), START + Duration::HOUR).await {
        scene.inside.store().outbox.finish(&intent);
    }
    scene.inside.store().outbox.flush().await.unwrap();
    let mark = "0123456789abcdef0123456789abcdef";
    let old = |channel: &str| Write::Insert {
        key: format!("1795348805000-{id}-000001-{channel}-{mark}"),
        fields: announced("2026-11-22T12:00:00Z"),
    };
    let old = [old("mail"), old("webhook")];
    scene.inside.table.commit("outbox-a", &old).await.unwrap();
    scene.settle().await;
    assert_eq!(scene.mailbox.mails_to(KNOWN).len(), 1);
    assert_eq!(
        scene.receiver.types(),
        ["invitation.created", "invitation.sent"]
    );
    assert_eq!(scene.intents().await, [""; 0]);
}

#[tokio::test]
async fn unreadable_intents_are_deleted_after_days() {
    let scene = Scene::start().await;
    let fields = announced("2026-11-22T12:00:00Z");
    let row = |key: &str| Write::Insert {
        key: key.to_owned(),
        fields: fields.clone(),
    };
    let unreadable = [
        row("1795348805000-left-behind"),
        row("1795348805000-of-a-newer-version"),
    ];
    let table = &scene.inside.table;
    table.commit("outbox-webhook-3", &unreadable).await.unwrap();
    let outbox = &scene.inside.app.store.outbox;
    let oldest = || outbox.oldest_due(Channel::Webhook, scene.inside.now());
    scene.inside.wait(Duration::days(3));
    scene.tick().await;
    assert_eq!(scene.intents().await.len(), 2);
    assert!(oldest().await.unwrap().is_some(), "Health reports it");
    scene.inside.wait(Duration::days(2));
    scene.tick().await;
    assert_eq!(scene.intents().await, [""; 0]);
    assert_eq!(oldest().await.unwrap(), None, "but not for ever");
}

/// The time of the deliveries is not that of the machine: 15 seconds pass as soon as no one does
/// anything.
#[tokio::test(start_paused = true)]
async fn tick_ends_within_its_budget() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    let settings = [
        ("WEBHOOK_URL", url.as_str()),
        ("WEBHOOK_SECRET", WEBHOOK_SECRET),
        ("WEBHOOK_ALLOW_PRIVATE", "true"),
    ];
    let inside = Inside::start(Store::Embedded, START, &settings).await;
    let mut posted = invitation(KNOWN, "Anna", "Meier");
    posted["sendEmail"] = false.into();
    let mut ids = Vec::new();
    for _ in 0..100 {
        ids.push(inside.invite(&posted).await.1);
    }
    inside.wait(Duration::minutes(1));
    let started = tokio::time::Instant::now();
    assert_eq!(inside.tick("DeliverEvents").await.0, 200);
    assert!(
        started.elapsed() < std::time::Duration::from_secs(50 + 20),
        "{:?}",
        started.elapsed()
    );
    let mut tried = 0;
    for id in ids {
        let history = inside
            .store()
            .invitations
            .history(id)
            .await
            .unwrap()
            .unwrap();
        tried += usize::from(history.progress(Channel::Webhook).tries > 0);
    }
    assert!((5..=40).contains(&tried), "{tried}");
}

#[tokio::test]
async fn unreadable_event_blocks_later_ones() {
    for newer_kind in [true, false] {
        let scene = Scene::start().await;
        let id = scene.invite_quietly().await;
        scene.complete(id).await;
        let (table, partition) = (&scene.inside.table, id.to_string());
        let row = table
            .get(&partition, "event-000002")
            .await
            .unwrap()
            .unwrap();
        let (key, if_match, fields) = (row.key.clone(), row.etag, row.fields.clone());
        let mut unknown = fields.clone();
        unknown.insert("type".to_owned(), "invitation.teleported".to_owned());
        let hidden = if newer_kind {
            Write::Replace {
                key: key.clone(),
                if_match,
                fields: unknown,
            }
        } else {
            Write::Delete {
                key: key.clone(),
                if_match,
            }
        };
        let etag = table
            .commit(&partition, &[hidden])
            .await
            .unwrap()
            .pop()
            .unwrap();
        for _ in 0..30 {
            scene.inside.wait(Duration::minutes(1));
            scene.tick().await;
        }
        assert_eq!(
            scene.receiver.types(),
            ["invitation.created"],
            "neither it nor what follows it"
        );
        assert!(scene.mailbox.mails().is_empty(), "it might cause an e-mail");
        assert_eq!(
            api::timeline(&scene.shown(id).await),
            ["invitation.created", "company.created"],
            "what can be read is shown"
        );

        // A newer version works here, or an operator has put it back.
        let readable = match etag {
            Some(if_match) => Write::Replace {
                key,
                if_match,
                fields,
            },
            None => Write::Insert { key, fields },
        };
        table.commit(&partition, &[readable]).await.unwrap();
        scene.inside.wait(Duration::minutes(15));
        scene.settle().await;
        assert_eq!(
            scene.receiver.types(),
            [
                "invitation.created",
                "invitation.accepted",
                "company.created"
            ]
        );
        assert_eq!(scene.mailbox.mails_to(INVITER).len(), 1);
        assert_eq!(scene.intents().await, [""; 0]);
    }
}

/// Each write is the last one once, before it is done and after it. What happened until then is
/// delivered, and when people go on, so is the rest.
#[tokio::test]
async fn crash_at_any_write_loses_no_event() {
    for unheard in [false, true] {
        for commits in 0.. {
            let scene = Scene::start().await;
            let link = Link::random();
            scene.inside.fail_after(commits, unheard);
            scene.live(&link).await;
            let was_cut = scene.inside.table.recover();
            scene.assert_all_is_told(link.id(), commits).await;
            scene.live(&link).await;
            scene.assert_all_is_told(link.id(), commits).await;
            assert_eq!(scene.shown(link.id()).await["status"], "completed");
            if !was_cut {
                assert!(commits > 20, "{commits} writes");
                break;
            }
        }
    }
}

impl Scene {
    /// From the invitation to the company, as far as the table allows.
    async fn live(&self, link: &Link) {
        let (store, id) = (&self.inside.store(), link.id());
        drop(try_to_create(store, link, self.inside.now()).await);
        self.inside.wait(Duration::seconds(10));
        self.inside.tick("DeliverEvents").await;
        drop(
            store
                .invitations
                .accept(id, account(), self.inside.now())
                .await,
        );
        drop(
            store
                .companies
                .create(id, account(), &company(), self.inside.now())
                .await,
        );
        self.inside.wait(Duration::seconds(10));
        self.inside.tick("DeliverEvents").await;
    }

    /// After another process has taken over, and no request is on its way any more.
    async fn assert_all_is_told(&self, id: InvitationId, commits: usize) {
        let other = self.inside.another();
        // At once, while the lease of the one that is gone still holds; and then for good.
        for minutes in [0, 3, 1, 1, 1] {
            self.inside.wait(Duration::minutes(minutes));
            assert_eq!(
                inside::call(&other, Method::POST, "/DeliverEvents", &Value::Null)
                    .await
                    .0,
                200
            );
        }
        assert_eq!(
            self.intents().await,
            [""; 0],
            "after {commits}: {}",
            self.inside.table.dump().await
        );
        let shown = self.shown(id).await;
        let happened = if shown["timeline"].is_array() {
            api::timeline(&shown)
        } else {
            Vec::new()
        };
        let mut delivered = Vec::new();
        for received in self.receiver.received() {
            let sequence =
                usize::try_from(received.json()["data"]["sequence"].as_u64().unwrap()).unwrap();
            assert!(
                sequence <= delivered.len() + 1,
                "after {commits}: {sequence} after {delivered:?}"
            );
            if sequence > delivered.len() {
                delivered.push(received.json()["type"].as_str().unwrap().to_owned());
            }
        }
        assert_eq!(delivered, happened, "after {commits}");
        assert!(
            self.receiver.received().len() <= delivered.len() + 1,
            "after {commits}: one cut, one repetition"
        );
        for (reader, event) in [(KNOWN, "invitation.created"), (INVITER, "company.created")] {
            let (emails, wanted) = (
                self.mailbox.mails_to(reader).len(),
                usize::from(happened.contains(&event)),
            );
            assert!(
                (wanted..=2 * wanted).contains(&emails),
                "after {commits}: {emails} emails to {reader}"
            );
        }
    }
}

#[tokio::test]
async fn lease_is_renewed_during_a_slow_delivery() {
    let scene = Scene::start().await;
    scene.receiver.take_time(std::time::Duration::from_secs(12));
    let id = scene.invite_quietly().await;
    scene.inside.wait(Duration::seconds(6));
    let telling = scene.begin_to_tick();
    scene.arrive(1).await;
    for _ in 0..2 {
        scene.inside.wait(Duration::seconds(10));
        scene.is_renewed(id).await;
    }
    let other = scene.inside.another();
    assert_eq!(
        inside::call(&other, Method::POST, "/DeliverEvents", &Value::Null)
            .await
            .0,
        200
    );
    telling.await.unwrap();
    assert_eq!(
        scene.receiver.received().len(),
        1,
        "who does not hold the lease leaves it alone"
    );
    assert_eq!(
        scene.shown(id).await["delivery"]["webhook"]["state"],
        "delivered"
    );
}

impl Scene {
    /// Waits until the lease holds as long from now as a new one.
    async fn is_renewed(&self, id: InvitationId) {
        let renewed = async {
            let at = self.inside.now() + Duration::seconds(14);
            while !self
                .inside
                .store()
                .invitations
                .history(id)
                .await
                .unwrap()
                .unwrap()
                .is_leased(Channel::Webhook, at)
            {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(SOON, renewed).await.unwrap();
    }
}

#[tokio::test]
async fn lost_lease_stops_the_worker() {
    let scene = Scene::start().await;
    scene.receiver.take_time(std::time::Duration::from_secs(14));
    let id = scene.invite_quietly().await;
    scene.inside.wait(Duration::seconds(6));
    let telling = scene.begin_to_tick();
    scene.arrive(1).await;
    scene.inside.fail_after(0, false);
    scene.inside.wait(Duration::seconds(16));
    tokio::time::timeout(SOON, telling)
        .await
        .expect("it does not wait for the receiver")
        .unwrap();
    scene.inside.table.recover();
    scene.receiver.take_time(std::time::Duration::ZERO);
    scene.settle().await;
    assert_eq!(scene.receiver.received().len(), 2);
    assert_eq!(
        scene.shown(id).await["delivery"]["webhook"]["state"],
        "delivered"
    );
}

/// Its intent may be dropped by then, as one of something that never happened.
#[tokio::test(start_paused = true)]
async fn suspended_process_does_not_act_late() {
    let inside = Inside::start(
        Store::Embedded,
        START,
        &[
            ("SMTP_URL", "smtp://127.0.0.1:9"),
            ("MAIL_FROM", "no-reply@example.com"),
        ],
    )
    .await;
    let stalled = Fault::Slow(std::time::Duration::from_secs(90));
    inside.table.plan(faulty::commits(), stalled);
    let created = try_to_create(inside.store(), &Link::random(), START).await;
    assert!(
        matches!(created, Err(StoreError::Unavailable { .. })),
        "{created:?}"
    );
    assert!(
        !inside
            .table
            .keys()
            .await
            .iter()
            .any(|key| key.contains("/event-")),
        "{:?}",
        inside.table.keys().await
    );
}

#[tokio::test]
async fn states_of_approvals_go_after_an_hour() {
    let inside = Inside::start(Store::Embedded, START, &[]).await;
    let id = create(inside.store()).await;
    let approve = async || {
        let approval = inside
            .store()
            .approve(id, "a state", None, (None, inside.now()));
        approval.await.unwrap()
    };
    assert_eq!(approve().await, Approval::Recorded);
    inside.wait(Duration::minutes(61));
    inside.tick("DeliverEvents").await;
    assert_eq!(approve().await, Approval::Spent, "it may still come back");
    inside.wait(Duration::minutes(5));
    inside.tick("DeliverEvents").await;
    assert_eq!(approve().await, Approval::Recorded, "today already");
}

/// An earlier version kept the mark with the invitation, and another row had it deleted.
#[tokio::test]
async fn states_of_an_earlier_version_are_deleted() {
    let inside = Inside::start(Store::Embedded, START, &[]).await;
    let id = create(inside.store()).await;
    let write = |key: &str, fields: Fields| Write::Insert {
        key: key.to_owned(),
        fields,
    };
    let text = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let used = [
        text("mark", "6ba7b810-9dad-11d1-80b4-00c04fd430c8"),
        text("usedAt", "2026-11-22T12:00:00Z"),
    ];
    let (partition, table) = (id.to_string(), &inside.table);
    let state = write("state-0123456789abcdef0123456789abcdef", used.into());
    table.commit(&partition, &[state]).await.unwrap();
    let due = (START + Duration::minutes(65)).unix_timestamp() * 1000;
    let key = format!("{due:013}-{id}-state-0123456789abcdef0123456789abcdef");
    let shard = format!("outbox-state-{}", &partition[..1]);
    let deletion = write(&key, announced("2026-11-22T12:00:00Z"));
    table.commit(&shard, &[deletion]).await.unwrap();
    inside.wait(Duration::minutes(66));
    assert_eq!(inside.tick("DeliverEvents").await.0, 200);
    let keys = inside.table.keys().await;
    assert!(!keys.iter().any(|key| key.contains("state")), "{keys:?}");
}

#[tokio::test]
async fn used_states_go_after_an_hour() {
    let inside = Inside::start(Store::Embedded, START, &[]).await;
    let id = create(inside.store()).await;
    let use_once = async |state: String| {
        let states = &inside.store().states;
        let ends = START + Duration::HOUR;
        let used = states
            .use_once(id, (&state, ends), None, inside.now())
            .await;
        matches!(used.unwrap(), StateUse::First(_))
    };
    for n in 0..250 {
        assert!(use_once(n.to_string()).await);
    }
    inside.wait(Duration::minutes(61));
    inside.tick("DeliverEvents").await;
    assert!(
        !use_once("7".to_owned()).await,
        "its attempt may still come back"
    );
    inside.wait(Duration::minutes(5));
    inside.tick("DeliverEvents").await;
    for n in 0..250 {
        assert!(use_once(n.to_string()).await, "{n} is kept");
    }
}
