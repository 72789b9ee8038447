//! A receiver of webhooks that fails, hangs up, answers 410 and comes back.

use axum::http::Method;
use onboarding::{app::Shared, domain::invitation::InvitationId, store::Conditions};
use serde_json::Value;
use support::{
    KNOWN, Store, WEBHOOK_SECRET,
    faulty::{self, Fault},
    inside,
    inside::Inside,
    invitation,
    receiver::Receiver,
};
use time::{Duration, OffsetDateTime, macros::datetime};
use uuid::Uuid;

use crate::captured_log::CapturedLog;

const START: OffsetDateTime = datetime!(2026-11-22 12:00 UTC);
/// More than are sent at the same time.
const MANY: usize = 60;

async fn start(receiver: &Receiver) -> Inside {
    let settings = [
        ("WEBHOOK_URL", receiver.url()),
        ("WEBHOOK_SECRET", WEBHOOK_SECRET),
        ("WEBHOOK_ALLOW_PRIVATE", "true"),
    ];
    Inside::start(Store::Embedded, START, &settings).await
}

async fn invite(inside: &Inside) -> InvitationId {
    let mut posted = invitation(KNOWN, "Anna", "Meier");
    posted["sendEmail"] = false.into();
    inside.invite(&posted).await.1
}

async fn tick_after(inside: &Inside, pause: Duration) {
    inside.wait(pause);
    assert_eq!(inside.tick("DeliverEvents").await.0, 200);
}

async fn webhook_state(inside: &Inside, id: InvitationId) -> Value {
    let (_, mut shown) = inside.get(&format!("/api/Invitations/{id}")).await;
    shown["delivery"]["webhook"]["state"].take()
}

/// Many events, given up as the receiver answered 410; it would accept them now.
async fn gone(receiver: &Receiver) -> (Inside, Vec<InvitationId>) {
    given_up(receiver, MANY).await
}

async fn given_up(receiver: &Receiver, count: usize) -> (Inside, Vec<InvitationId>) {
    receiver.answer_next(&[410; 10_000]);
    let inside = start(receiver).await;
    let mut ids = Vec::new();
    for _ in 0..count {
        ids.push(invite(&inside).await);
    }
    tick_after(&inside, Duration::MINUTE).await;
    for id in &ids {
        assert_eq!(webhook_state(&inside, *id).await, "failed");
    }
    receiver.answer_only(&[]);
    (inside, ids)
}

async fn redeliver_since(inside: &Inside, since: &str) -> (u16, Value) {
    let path = format!("/api/Events/redeliver?since={since}");
    inside.call(Method::POST, &path, &Value::Null).await
}

/// With an open circuit, after a first tick.
async fn failing(receiver: &Receiver) -> (Inside, Vec<InvitationId>) {
    receiver.answer_next(&[503; 10_000]);
    let inside = start(receiver).await;
    let mut ids = Vec::new();
    for _ in 0..MANY {
        ids.push(invite(&inside).await);
    }
    tick_after(&inside, Duration::MINUTE).await;
    (inside, ids)
}

#[tokio::test]
async fn failing_receiver_gets_one_event_a_minute() {
    let receiver = Receiver::start().await;
    let (inside, _) = failing(&receiver).await;
    let tried = receiver.received().len();
    assert!((5..MANY).contains(&tried), "{tried}");
    tick_after(&inside, Duration::seconds(30)).await;
    assert_eq!(receiver.received().len(), tried, "a probe is not due");
    let second = inside.another();
    inside.wait(Duration::seconds(31));
    for app in [&inside.app, &second] {
        let (status, _) = inside::call(app, Method::POST, "/DeliverEvents", &Value::Null).await;
        assert_eq!(status, 200);
    }
    assert_eq!(receiver.received().len(), tried + 1, "one of all instances");
}

#[tokio::test]
async fn recovered_receiver_gets_everything_in_one_tick() {
    let receiver = Receiver::start().await;
    let (inside, ids) = failing(&receiver).await;
    receiver.answer_only(&[]);
    tick_after(&inside, Duration::seconds(61)).await;
    assert_eq!(receiver.types().len(), MANY);
    for id in ids {
        assert_eq!(webhook_state(&inside, id).await, "delivered");
    }
    assert_eq!(inside.table.intents().await, Vec::<String>::new());
    let left = inside.table.keys().await;
    assert!(!left.iter().any(|key| key.starts_with("webhook-gone")));
}

#[tokio::test]
async fn events_are_given_up_after_three_days() {
    let receiver = Receiver::start().await;
    let (inside, ids) = failing(&receiver).await;
    for _ in 0..20 {
        tick_after(&inside, Duration::hours(4)).await;
    }
    for id in ids {
        assert_eq!(webhook_state(&inside, id).await, "failed");
    }
    assert!(receiver.received().len() < 2 * MANY);
}

#[tokio::test]
async fn refused_event_does_not_hold_up_others() {
    let receiver = Receiver::start().await;
    receiver.answer_next(&[422; MANY]);
    let inside = start(&receiver).await;
    for _ in 0..MANY {
        invite(&inside).await;
    }
    tick_after(&inside, Duration::MINUTE).await;
    assert_eq!(receiver.received().len(), MANY);
}

#[tokio::test]
async fn gone_receiver_is_probed_daily() {
    let receiver = Receiver::start().await;
    receiver.answer_next(&[410]);
    let inside = start(&receiver).await;
    invite(&inside).await;
    tick_after(&inside, Duration::MINUTE).await;
    let given_up = invite(&inside).await;
    tick_after(&inside, Duration::MINUTE).await;
    assert_eq!(receiver.received().len(), 1);
    assert_eq!(webhook_state(&inside, given_up).await, "failed");
    inside.wait(Duration::DAY);
    for count in [2, 3] {
        let id = invite(&inside).await;
        tick_after(&inside, Duration::MINUTE).await;
        assert_eq!(receiver.received().len(), count);
        assert_eq!(webhook_state(&inside, id).await, "delivered");
    }
}

/// The alert `delivery-paused` goes by these lines.
#[tokio::test]
async fn each_tick_logs_a_failing_receiver() {
    const MESSAGE: &str = "the receiver of the webhook gets no events";
    let receiver = Receiver::start().await;
    let (log, _guard) = CapturedLog::start();
    let (inside, _) = failing(&receiver).await;
    tick_after(&inside, Duration::minutes(20)).await;
    let lines = log.lines_with(MESSAGE);
    let seconds: Vec<_> = lines.iter().map(|line| &line["failing_seconds"]).collect();
    assert_eq!(seconds, [0, 1200], "{lines:?}");
    assert_eq!(lines[1]["gone"], false);
    receiver.answer_only(&[]);
    tick_after(&inside, Duration::minutes(2)).await;
    assert_eq!(log.lines_with(MESSAGE).len(), 2, "it works again");

    let (inside, _) = gone(&receiver).await;
    tick_after(&inside, Duration::MINUTE).await;
    assert_eq!(log.lines_with(MESSAGE).pop().unwrap()["gone"], true);
}

#[tokio::test]
async fn resend_closes_the_circuit() {
    let receiver = Receiver::start().await;
    let (inside, ids) = failing(&receiver).await;
    receiver.answer_only(&[]);
    let tried = receiver.received()[0].json();
    let id = tried["data"]["invitationId"].as_str().unwrap();
    let path = format!("/api/Invitations/{id}/resend");
    let (status, _) = inside.call(Method::POST, &path, &Value::Null).await;
    assert_eq!(status, 200);
    tick_after(&inside, Duration::seconds(21)).await;
    assert_eq!(
        receiver.types().len(),
        ids.len() + 1,
        "with the event of the resend"
    );
}

/// The events of an invitation share one intent when the receiver has failed once.
#[tokio::test]
async fn later_intent_does_the_work_of_earlier_ones() {
    let receiver = Receiver::start().await;
    receiver.answer_next(&[503]);
    let inside = start(&receiver).await;
    let id = invite(&inside).await;
    let now = inside.now();
    let revoked = inside
        .store()
        .invitations
        .revoke(id, None, Conditions::default(), now)
        .await;
    assert!(revoked.unwrap().is_some());
    let intents = async || inside.table.intents().await.len();
    assert_eq!(intents().await, 2);
    tick_after(&inside, Duration::MINUTE).await;
    assert_eq!((intents().await, receiver.types().len()), (1, 0));
    tick_after(&inside, Duration::MINUTE).await;
    assert_eq!(intents().await, 0);
    assert_eq!(
        receiver.types(),
        ["invitation.created", "invitation.revoked"]
    );
}

#[tokio::test]
async fn one_call_redelivers_what_was_given_up() {
    let receiver = Receiver::start().await;
    let (inside, ids) = gone(&receiver).await;
    let (status, answer) = redeliver_since(&inside, "2026-11-22T12:00:00Z").await;
    assert_eq!(
        (status, answer["until"].as_str()),
        (202, Some("2026-11-22T12:01:00Z"))
    );
    for _ in 0..3 {
        tick_after(&inside, Duration::MINUTE).await;
    }
    assert_eq!(receiver.types().len(), MANY);
    for id in ids {
        assert_eq!(webhook_state(&inside, id).await, "delivered");
    }
    assert_eq!(inside.table.intents().await, Vec::<String>::new());
    let left = inside.table.keys().await;
    let is_work = |key: &&String| {
        ["given-up-", "redeliveries"]
            .iter()
            .any(|own| key.starts_with(own))
    };
    assert_eq!(left.iter().filter(is_work).count(), 0, "{left:?}");
}

/// The host repeats a request under the id of its invocation.
#[tokio::test]
async fn repeated_redelivery_is_one_request() {
    let receiver = Receiver::start().await;
    let (inside, _) = gone(&receiver).await;
    let (since, first) = (inside.now() - Duration::HOUR, inside.now());
    let mut until = Vec::new();
    // The later invocation has the lower id.
    for invocation in [7, 7, 3] {
        let invocation = Some(Uuid::from_u128(invocation));
        let requested = inside.app.deliverer.redeliver_since(since, invocation);
        until.push(requested.await.unwrap());
        inside.wait(Duration::SECOND);
    }
    let last = first + Duration::seconds(2);
    assert_eq!(until, [first, first, last]);
    let requested = inside.store().given_up.requested().await.unwrap();
    let requested: Vec<_> = requested.iter().map(|request| request.until).collect();
    assert_eq!(requested, [first, last], "the oldest first");
}

#[tokio::test]
async fn redelivery_begins_at_since() {
    let receiver = Receiver::start().await;
    let (inside, _) = gone(&receiver).await;
    assert_eq!(
        redeliver_since(&inside, "2026-11-22T12:01:00.001Z").await.0,
        202
    );
    for wrong in ["", "yesterday"] {
        assert_eq!(redeliver_since(&inside, wrong).await.0, 400);
    }
    tick_after(&inside, Duration::MINUTE).await;
    tick_after(&inside, Duration::MINUTE).await;
    assert_eq!(receiver.types(), [""; 0]);
}

#[tokio::test]
async fn redelivery_survives_a_kill() {
    for commits in (0..28).step_by(4) {
        let receiver = Receiver::start().await;
        let (inside, ids) = given_up(&receiver, 20).await;
        let (status, _) = redeliver_since(&inside, "2026-11-22T12:00:00Z").await;
        assert_eq!(status, 202);
        inside.wait(Duration::MINUTE);
        for landed in [false, true] {
            let crash = faulty::commits().after(commits).once();
            inside.table.plan(crash, Fault::Crash { landed });
            inside.tick("DeliverEvents").await;
            assert!(inside.table.recover(), "{commits}");
        }
        for _ in 0..4 {
            tick_after(&inside, Duration::MINUTE).await;
        }
        for id in ids {
            assert_eq!(webhook_state(&inside, id).await, "delivered", "{commits}");
        }
    }
}

#[tokio::test]
async fn test_event_brings_a_receiver_back() {
    let receiver = Receiver::start().await;
    let (inside, _) = gone(&receiver).await;
    let deliverer = &inside.app.deliverer;
    assert!(deliverer.receiver_outage().await.unwrap().is_some());
    assert_eq!(deliverer.test_receiver(None).await.unwrap(), Some(Ok(())));
    assert!(deliverer.receiver_outage().await.unwrap().is_none());
    assert_eq!(receiver.types(), ["webhook.test"]);
    let id = invite(&inside).await;
    tick_after(&inside, Duration::MINUTE).await;
    assert_eq!(webhook_state(&inside, id).await, "delivered");
}

/// The other instance last read that the receiver works.
#[tokio::test]
async fn test_event_on_another_instance_brings_it_back() {
    let receiver = Receiver::start().await;
    let inside = start(&receiver).await;
    let other = inside.another();
    let outage = async |app: &Shared| app.deliverer.receiver_outage().await.unwrap();
    assert!(outage(&other).await.is_none());
    receiver.answer_next(&[410]);
    invite(&inside).await;
    tick_after(&inside, Duration::MINUTE).await;
    assert!(outage(&inside.app).await.is_some());

    let tested = other.deliverer.test_receiver(None).await.unwrap();
    assert_eq!(tested, Some(Ok(())));
    inside.wait(Duration::MINUTE);
    assert!(outage(&inside.app).await.is_none());
}

#[tokio::test]
async fn redelivery_is_done_by_an_instance_that_knew_of_the_410() {
    let receiver = Receiver::start().await;
    let (inside, ids) = gone(&receiver).await;
    let timer = inside.another();
    assert!(timer.deliverer.receiver_outage().await.unwrap().is_some());
    assert_eq!(
        redeliver_since(&inside, "2026-11-22T12:00:00Z").await.0,
        202
    );
    let tick = async || {
        let ticked = inside::call(&timer, Method::POST, "/DeliverEvents", &Value::Null).await;
        assert_eq!(ticked.0, 200);
    };
    // While it still trusts what it has read, and after that.
    for _ in 0..4 {
        inside.wait(Duration::seconds(9));
        tick().await;
    }
    inside.wait(Duration::MINUTE);
    tick().await;
    for id in ids {
        assert_eq!(webhook_state(&inside, id).await, "delivered");
    }
}

/// The others follow in the same tick.
#[tokio::test]
async fn rejected_probe_closes_the_circuit() {
    let receiver = Receiver::start().await;
    let (inside, _) = failing(&receiver).await;
    receiver.answer_only(&[422]);
    tick_after(&inside, Duration::seconds(61)).await;
    assert_eq!(receiver.types().len(), MANY - 1);
}

#[tokio::test]
async fn health_names_a_failing_receiver() {
    let receiver = Receiver::start().await;
    let (inside, _) = failing(&receiver).await;
    inside.wait(Duration::hours(1));
    let (_, report) = inside.get("/api/Health").await;
    assert_eq!(report["checks"]["webhook"]["failingSeconds"], 3600);
    assert_eq!(
        report["checks"]["outbox"]["status"], "ok",
        "the timer is not late"
    );
}

/// Time passes as soon as no one does anything.
#[tokio::test(start_paused = true)]
async fn instance_that_is_awake_helps_with_a_backlog() {
    let receiver = Receiver::start().await;
    let inside = start(&receiver).await;
    let awake = invite(&inside).await;
    let killed = inside.another();
    let mut posted = invitation(KNOWN, "Anna", "Meier");
    posted["sendEmail"] = false.into();
    let mut left_behind = awake;
    while left_behind == awake || left_behind.shard() != awake.shard() {
        let (status, created) =
            inside::call(&killed, Method::POST, "/api/Invitations", &posted).await;
        assert_eq!(status, 201);
        left_behind = created["id"].as_str().unwrap().parse().unwrap();
    }
    inside.wait(Duration::MINUTE);
    inside.follow();
    let helped = async {
        while webhook_state(&inside, left_behind).await != "delivered" {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    };
    let limit = std::time::Duration::from_secs(60);
    tokio::time::timeout(limit, helped).await.unwrap();
}

#[tokio::test]
async fn one_invitation_is_redelivered() {
    let receiver = Receiver::start().await;
    let inside = start(&receiver).await;
    let (id, other) = (invite(&inside).await, invite(&inside).await);
    let path = format!("/api/Invitations/{id}/redeliver");
    tick_after(&inside, Duration::MINUTE).await;
    assert_eq!(receiver.types().len(), 2);
    for _ in 0..2 {
        let (status, shown) = inside.call(Method::POST, &path, &Value::Null).await;
        assert_eq!((status, &shown["id"]), (200, &id.to_string().into()));
        assert_eq!(webhook_state(&inside, id).await, "queued");
        tick_after(&inside, Duration::MINUTE).await;
    }
    let ids: Vec<String> = receiver
        .received()
        .iter()
        .map(|received| received.header("webhook-id").to_owned())
        .collect();
    let of = |id| ids.iter().filter(|own| **own == format!("{id}-1")).count();
    assert_eq!((of(id), of(other)), (3, 1));
    assert_eq!(inside.table.intents().await, Vec::<String>::new());
}

#[tokio::test]
async fn repeated_redelivery_does_nothing() {
    let receiver = Receiver::start().await;
    let inside = start(&receiver).await;
    let id = invite(&inside).await;
    tick_after(&inside, Duration::MINUTE).await;
    let (deliverer, invocation) = (&inside.app.deliverer, Some(Uuid::from_u128(7)));
    for _ in 0..2 {
        assert!(deliverer.redeliver_webhooks(id, invocation).await.unwrap());
        tick_after(&inside, Duration::MINUTE).await;
        assert_eq!(webhook_state(&inside, id).await, "delivered");
    }
    assert_eq!(receiver.types().len(), 2);
}

#[tokio::test]
async fn redelivery_needs_a_webhook_and_an_invitation() {
    let receiver = Receiver::start().await;
    let with = start(&receiver).await;
    let without = Inside::start(Store::Embedded, START, &[]).await;
    let unknown = "/api/Invitations/5b1f3f2504e04f8941d39a0c0305e82c/redeliver";
    let (_, problem) = with.call(Method::POST, unknown, &Value::Null).await;
    assert_eq!(problem["type"], "urn:onboarding:problem:unknown-invitation");
    let path = format!("/api/Invitations/{}/redeliver", invite(&without).await);
    for path in [path.as_str(), "/api/Events/test"] {
        let (status, problem) = without.call(Method::POST, path, &Value::Null).await;
        assert_eq!(status, 404, "{problem}");
        assert!(problem["detail"].as_str().unwrap().contains("WEBHOOK_URL"));
    }
}

#[tokio::test]
async fn test_event_reports_the_answer() {
    let receiver = Receiver::start().await;
    let inside = start(&receiver).await;
    let test = async || {
        let (status, answer) = inside
            .call(Method::POST, "/api/Events/test", &Value::Null)
            .await;
        assert_eq!(status, 200);
        answer
    };
    assert_eq!(test().await, serde_json::json!({"accepted": true}));
    assert_eq!(receiver.types(), ["webhook.test"]);
    receiver.answer_next(&[403]);
    let refused = test().await;
    assert_eq!(refused["accepted"], false);
    assert!(
        refused["reason"].as_str().unwrap().contains("403"),
        "{refused}"
    );
}
