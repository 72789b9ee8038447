//! The app under load for long, and among dependencies that misbehave.
//!
//! `make test` runs the faults for some seconds; `make soak` runs them and the load for
//! SOAK_SECONDS each.

#![expect(clippy::unwrap_used, reason = "these are tests")]

mod outages;
mod people;
mod proxy;
mod vitals;
mod world;

use std::{
    env,
    io::Write,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use local::host::Keys;
use onboarding::store::table::Table;
use people::Journey;
use serde_json::Value;
use tokio::{
    task::JoinSet,
    time::{sleep, timeout},
};
use vitals::{Vitals, median};
use world::World;

/// People who are on their way at the same time.
const PEOPLE: usize = 6;
/// Of a thousand exchanges with storage and sign-in service, so many are spoiled; and for how long,
/// in turn.
const WEATHER: [(u32, Duration); 3] = [
    (250, Duration::from_secs(4)),
    (950, Duration::from_millis(1500)),
    (0, Duration::from_millis(500)),
];
/// No request takes longer, whatever the dependencies do.
const LONGEST: Duration = Duration::from_secs(30);
/// No one is on the way for longer.
const PATIENCE: Duration = Duration::from_secs(180);
/// Azurite reads all its rows for each query: with more, the soak would measure Azurite.
const MOST_JOURNEYS: u32 = 1500;

type Journeys = Vec<(Instant, anyhow::Result<Journey>)>;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn journeys_survive_faulty_dependencies() {
    let seed = setting("SOAK_SEED").unwrap_or_else(rand::random);
    let world = Arc::new(World::start(seed).await);
    let weather = tokio::spawn(weather(Arc::clone(&world)));
    let begun = Instant::now();
    let journeys = let_people_travel(
        &world,
        Duration::from_secs(setting("SOAK_SECONDS").unwrap_or(12)),
        Duration::ZERO,
    )
    .await;

    weather.abort();
    world.spoil(0);
    let calm = Instant::now();
    people::travel(&world).await.unwrap();
    let recovery = calm.elapsed();

    let ended = ended_well(journeys);
    let waits: Vec<Duration> = ended
        .iter()
        .flat_map(|journey| journey.waits.iter().copied())
        .collect();
    let slowest = waits.iter().max().copied().unwrap_or_default();
    say(&format!(
        "faults: SOAK_SEED={seed} journeys={} requests={} failures={} slowest={:.1} s recovery={:.1} s in {} s; storage {:?}, sign-in {:?}",
        ended.len(),
        waits.len(),
        ended.iter().map(|journey| journey.failures).sum::<usize>(),
        slowest.as_secs_f32(),
        recovery.as_secs_f32(),
        begun.elapsed().as_secs(),
        world.storage.mishaps(),
        world.sign_in.mishaps(),
    ));
    assert!(!ended.is_empty(), "no journey ended");
    assert!(slowest < LONGEST, "a request took {slowest:?}");
    assert!(
        world.storage.mishaps().len() >= 4,
        "{:?} is no test",
        world.storage.mishaps()
    );
    for journey in &ended {
        let shown = shown(&world, &journey.id).await;
        let companies = shown["timeline"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|event| event["type"] == "company.created")
            .count();
        assert_eq!(
            (shown["status"].as_str(), companies),
            (Some("completed"), 1),
            "{shown:#}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes long: make soak"]
async fn sustained_load_neither_fails_nor_leaks() {
    let world = Arc::new(World::start(1).await);
    let long = Duration::from_secs(setting("SOAK_SECONDS").unwrap_or(600));
    let rest = long * u32::try_from(PEOPLE).unwrap() / MOST_JOURNEYS;
    let watch = tokio::spawn(watch(Arc::clone(&world), Instant::now() + long));
    let begun = Instant::now();
    let journeys = let_people_travel(&world, long, rest).await;
    let samples = watch.await.unwrap();

    // The first third warms up; the second is compared with the last.
    let third = |number: u32| begun + long * number / 3..begun + long * (number + 1) / 3;
    let (middle, last) = (third(1), third(2));
    let latency = |during: &std::ops::Range<Instant>| {
        let during = journeys
            .iter()
            .filter(|(at, _)| during.contains(at))
            .filter_map(|(_, journey)| journey.as_ref().ok());
        median(during.flat_map(|journey| journey.waits.iter().copied())).unwrap()
    };
    let of = |during: &std::ops::Range<Instant>, what: fn(&Sample) -> u64| {
        median(
            samples
                .iter()
                .filter(|sample| during.contains(&sample.at))
                .map(what),
        )
        .unwrap()
    };
    let ratio = |what: fn(&Sample) -> u64| of(&last, what) as f64 / of(&middle, what) as f64;
    let (memory, descriptors, bare) = (
        ratio(|sample| sample.memory),
        ratio(|sample| sample.descriptors),
        ratio(|sample| sample.bare),
    );
    // What Azurite itself has become slower by is not the app's.
    let slowdown = latency(&last).as_secs_f64() / latency(&middle).as_secs_f64() / bare;
    let (count, most) = (
        journeys.len(),
        samples.iter().map(|sample| sample.memory).max().unwrap(),
    );
    let ended = ended_well(journeys);
    let failures: usize = ended.iter().map(|journey| journey.failures).sum();
    say(&format!(
        "soak: journeys={count} failures={failures} memory={most} KiB at most, x{memory:.2}; descriptors x{descriptors:.2}; latency x{slowdown:.2} (Azurite x{bare:.2}) in {} s",
        begun.elapsed().as_secs(),
    ));
    assert_eq!(failures, 0, "no step failed");
    assert!(
        memory < 1.15 && descriptors < 1.25 && slowdown < 1.5,
        "something grows"
    );
}

/// Changes until it is stopped.
async fn weather(world: Arc<World>) {
    for (spoiled, long) in WEATHER.into_iter().cycle() {
        world.spoil(spoiled);
        sleep(long).await;
    }
}

/// One look at both instances.
struct Sample {
    at: Instant,
    /// Of the larger one, resident, in KiB.
    memory: u64,
    descriptors: u64,
    /// What eight point reads take without the app, in microseconds.
    bare: u64,
}

async fn watch(world: Arc<World>, until: Instant) -> Vec<Sample> {
    let mut samples = Vec::new();
    while Instant::now() < until {
        sleep(Duration::from_millis(500)).await;
        let vitals: Vec<Vitals> = world
            .instances()
            .into_iter()
            .filter_map(|host| Vitals::of(host.handler_pid()?))
            .collect();
        let begun = Instant::now();
        for _ in 0..8 {
            assert!(
                world
                    .bare
                    .get("nobody", "invitation")
                    .await
                    .unwrap()
                    .is_none()
            );
        }
        samples.push(Sample {
            at: Instant::now(),
            memory: vitals.iter().map(|vitals| vitals.memory).max().unwrap(),
            descriptors: vitals
                .iter()
                .map(|vitals| vitals.descriptors as u64)
                .max()
                .unwrap(),
            bare: u64::try_from(begun.elapsed().as_micros()).unwrap().max(1),
        });
    }
    samples
}

async fn let_people_travel(world: &Arc<World>, long: Duration, rest: Duration) -> Journeys {
    let (closing, journeys) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(Mutex::new(Vec::new())),
    );
    let come = |_| {
        let (world, closing, journeys) = (
            Arc::clone(world),
            Arc::clone(&closing),
            Arc::clone(&journeys),
        );
        async move {
            while !closing.load(Relaxed) {
                let begun = Instant::now();
                let journey = timeout(PATIENCE, people::travel(&world))
                    .await
                    .unwrap_or_else(|_| Err(anyhow::anyhow!("it takes for ever")));
                journeys.lock().unwrap().push((begun, journey));
                sleep(rest).await;
            }
        }
    };
    let people: JoinSet<()> = (0..PEOPLE).map(come).collect();
    sleep(long).await;
    closing.store(true, Relaxed);
    people.join_all().await;
    std::mem::take(&mut *journeys.lock().unwrap())
}

fn ended_well(journeys: Journeys) -> Vec<Journey> {
    journeys
        .into_iter()
        .map(|(_, journey)| journey.unwrap_or_else(|error| panic!("{error:#}")))
        .collect()
}

/// What the API shows of the invitation.
async fn shown(world: &World, id: &str) -> Value {
    let url = format!("{}/api/Invitations/{id}", world.stack.host.url());
    let answer = reqwest::Client::new()
        .get(url)
        .header("x-functions-key", Keys::default().host)
        .send()
        .await
        .unwrap();
    serde_json::from_str(&answer.text().await.unwrap()).unwrap()
}

fn setting<T: std::str::FromStr>(name: &str) -> Option<T> {
    env::var(name).ok()?.parse().ok()
}

/// Past the test harness, which shows only what a test that failed has printed.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
