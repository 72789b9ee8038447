//! Which deliveries are written down, and which of them are done.

use super::*;

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
