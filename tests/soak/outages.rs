//! A receiver of webhooks that hangs, fails, answers that it is gone, and comes back.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use local::{host::Keys, samples::invitation};
use onboarding::clock::Clock;
use reqwest::Client;
use support::{Running, Store, WEBHOOK_SECRET, api, receiver::Receiver, start_with};
use time::format_description::well_known::Rfc3339;
use tokio::time::sleep;

/// Between two invitations.
const INTERVAL: Duration = Duration::from_secs(1);
/// The receiver's bad times: what it answers, how long that takes, and for how long it goes on.
const OUTAGES: [(u16, Duration, Duration); 3] = [
    // It hangs for longer than the app waits.
    (500, Duration::from_secs(120), Duration::from_secs(70)),
    (500, Duration::ZERO, Duration::from_secs(70)),
    (410, Duration::ZERO, Duration::from_secs(20)),
];
/// No e-mail comes later, whatever the receiver does.
const LATEST_EMAIL: Duration = Duration::from_secs(10);
/// A probe a minute finds that the receiver is back; a tick a minute redelivers.
const RECOVERY: Duration = Duration::from_secs(180);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes: make soak"]
async fn receiver_outages_lose_nothing_and_delay_no_email() {
    let (receiver, since) = (Receiver::start().await, Clock::system().now());
    let settings = [
        ("WEBHOOK_URL", receiver.url()),
        ("WEBHOOK_SECRET", WEBHOOK_SECRET),
        ("WEBHOOK_ALLOW_PRIVATE", "true"),
    ];
    let stack = start_with(Store::Azurite, &settings).await;
    let second = stack.another_instance(&[]).await.unwrap();
    let (mut invited, mut slowest) = (BTreeSet::new(), Duration::ZERO);
    for (status, pause, lasts) in OUTAGES {
        receiver.answer_always(Some(status));
        receiver.take_time(pause);
        let until = Instant::now() + lasts;
        while Instant::now() < until {
            let (id, delay) = invite(&stack, invited.len()).await;
            invited.insert(id);
            slowest = slowest.max(delay);
            sleep(INTERVAL).await;
        }
    }
    receiver.answer_always(None);
    receiver.take_time(Duration::ZERO);
    let since = since.format(&Rfc3339).unwrap();
    // Through the other instance, which need not have seen the 410.
    let url = format!("{}/api/Events/redeliver", second.url());
    let redeliver = Client::new().post(url).query(&[("since", &since)]);
    let answer = api::send(redeliver.header("x-functions-key", Keys::default().host)).await;
    assert_eq!(answer.status, 202, "{}", answer.body);
    let back = Instant::now();
    while !has_all(&receiver, &invited) {
        assert!(
            back.elapsed() < RECOVERY,
            "{:?}",
            missing(&receiver, &invited)
        );
        sleep(Duration::from_millis(500)).await;
    }
    crate::say(&format!(
        "outages: invitations={} tries={} slowest e-mail={:.1} s; complete {} s after the return",
        invited.len(),
        receiver.received().len(),
        slowest.as_secs_f32(),
        back.elapsed().as_secs(),
    ));
}

/// The id of a new invitation, and how long its e-mail took.
async fn invite(stack: &Running, number: usize) -> (String, Duration) {
    let address = format!("anna{number}@example.com");
    let begun = Instant::now();
    let created = stack.invite(&invitation(&address, "Anna", "Meier")).await;
    let arrived = stack.mailbox.wait_for(&address, LATEST_EMAIL).await;
    arrived.unwrap();
    let id = created.unwrap()["id"].as_str().unwrap().to_owned();
    (id, begun.elapsed())
}

/// The events of each invitation that the receiver has accepted.
fn accepted(receiver: &Receiver) -> BTreeMap<String, BTreeSet<u64>> {
    let mut accepted: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for received in receiver.received().iter().filter(|own| own.status == 200) {
        let data = received.json()["data"].clone();
        if let (Some(id), Some(number)) = (data["invitationId"].as_str(), data["sequence"].as_u64())
        {
            accepted.entry(id.to_owned()).or_default().insert(number);
        }
    }
    accepted
}

/// Those of which not both events have arrived: created and sent.
fn missing(receiver: &Receiver, invited: &BTreeSet<String>) -> Vec<String> {
    let accepted = accepted(receiver);
    let is_complete = |id: &&String| {
        accepted
            .get(*id)
            .is_some_and(|own| *own == BTreeSet::from([1, 2]))
    };
    invited
        .iter()
        .filter(|id| !is_complete(id))
        .cloned()
        .collect()
}

fn has_all(receiver: &Receiver, invited: &BTreeSet<String>) -> bool {
    missing(receiver, invited).is_empty()
}
