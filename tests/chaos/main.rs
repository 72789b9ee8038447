//! The crash test. Two instances of the app work over one table; one of them is killed at any
//! moment, again and again, while people walk through it and its mail server and webhook receiver
//! fail at random. At the end every event was delivered, in order, and nothing is left over.
//!
//! `CHAOS_SECONDS` says how long (a short while, unless it is set), `CHAOS_SEED` repeats the random
//! numbers of a run, though not the time that the machine took for each step.

#![expect(clippy::unwrap_used, reason = "these are tests")]

mod feed;
mod instance;
mod people;
mod receiver;
mod report;
mod snapshot;
mod world;

use std::{
    env,
    io::Write,
    str::FromStr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use people::Flow;
use rand::{Rng, SeedableRng, rngs::StdRng};
use receiver::Outage;
use report::Report;
use tokio::{
    task::{JoinHandle, JoinSet},
    time::{sleep, timeout},
};
use world::World;

/// Pairs of an integrator and a recipient that work at the same time.
const PEOPLE: usize = 8;
/// A run goes on until it has seen so much, on a machine that is busy.
const LEAST_KILLS: usize = 40;
const LEAST_FLOWS: usize = 60;
/// Azurite reads the whole table for every query: more than this and the test measures Azurite.
const MOST_FLOWS: u32 = 1200;
/// Between two kills, in milliseconds: a process needs some of them to start.
const KILL_PAUSES: std::ops::Range<u64> = 200..900;
/// The longest that a run may go on to see enough, and that a person may take to finish.
const TIMEOUT: Duration = Duration::from_secs(180);

/// What the run is to be.
#[derive(Clone, Copy)]
struct Plan {
    seed: u64,
    killing: Duration,
    is_long: bool,
}

impl Plan {
    fn from_env() -> Self {
        let seed = setting("CHAOS_SEED").unwrap_or_else(|| rand::thread_rng().r#gen());
        let seconds: Option<u64> = setting("CHAOS_SECONDS");
        Self {
            seed,
            killing: Duration::from_secs(seconds.unwrap_or(10)),
            is_long: seconds.is_some_and(|seconds| seconds > 60),
        }
    }

    fn rng(&self, of: u64) -> StdRng {
        StdRng::seed_from_u64(self.seed ^ of.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// How long people rest between two journeys, in milliseconds.
    fn rest(&self) -> u64 {
        let mean = self.killing * u32::try_from(PEOPLE).unwrap() / MOST_FLOWS;
        u64::try_from(mean.as_millis()).unwrap()
    }
}

/// What happens while people work.
#[derive(Default)]
struct Score {
    kills: AtomicUsize,
    flows: AtomicUsize,
    closing: AtomicBool,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_event_is_delivered_despite_kills() {
    let (plan, begun) = (Plan::from_env(), Instant::now());
    say(&format!(
        "chaos: CHAOS_SEED={} repeats these random numbers",
        plan.seed
    ));
    // Pauses after failures grow: 5 s, 20 s, 60 s.
    let world = Arc::new(World::start(plan.rng(0), if plan.is_long { 3 } else { 2 }).await);
    let score = Arc::new(Score::default());

    let follower = feed::Follower::start(Arc::clone(&world));
    let people = let_people_in(plan, &world, &score);
    let killer = let_the_killer_in(plan, &world, &score);
    tokio::join!(watch(plan, &score), receiver_outages(plan, &world));
    let flows = timeout(TIMEOUT, people.join_all())
        .await
        .unwrap()
        .into_iter()
        .flatten()
        .collect::<Vec<Flow>>();
    killer.abort();
    world.calm();

    let quiet_since = Instant::now();
    let mut report = settle(&world, &flows, plan.is_long).await;
    let recovery = quiet_since.elapsed();
    report.ask_the_api(&world, &flows).await;
    let feed = follower.finish(&world).await;
    report.illegal.extend(
        world
            .instances
            .iter()
            .flat_map(instance::Instance::own_deaths),
    );

    let kills = score.kills.load(Relaxed);
    say(&format!(
        "chaos: flows={} kills={kills} events={} lost={} out_of_order={} duplicates={} stuck={} in {} s",
        flows.len(),
        report.events,
        report.lost.len(),
        report.out_of_order.len(),
        report.duplicates,
        report.stuck.len(),
        begun.elapsed().as_secs(),
    ));
    say(&format!(
        "chaos: receiver_mishaps={} duplicate_emails={} intents_in_grace={} quiet_after={} s",
        world.receiver.mishaps(),
        report.duplicate_emails,
        report.abandoned,
        recovery.as_secs(),
    ));
    let customers = &report.customers;
    say(&format!(
        "chaos: customers={} shared={} joined={} companies_per_customer_number={}",
        customers.all, customers.shared, customers.joined, customers.most_companies,
    ));
    say(&format!(
        "chaos: feed: recorded={} seen={} missed={} repeated={} out_of_order_per_invitation={}",
        feed.recorded,
        feed.seen,
        feed.missed.len(),
        feed.repeated.len(),
        feed.out_of_order.len(),
    ));
    assert!(report.is_good(), "{report:#?}");
    assert!(feed.is_good() && feed.recorded > 0, "{feed:#?}");
    assert!(
        !plan.is_long || world.receiver.in_outages() > 0,
        "no event came during an outage"
    );
    assert!(customers.shared > 0, "no customer was shared");
    assert!(
        report.is_frugal(kills, world.receiver.mishaps()),
        "more repetitions than {kills} kills explain"
    );
    assert!(
        kills >= LEAST_KILLS && flows.len() >= LEAST_FLOWS,
        "{kills} kills and {} flows are no test",
        flows.len()
    );
}

fn let_people_in(plan: Plan, world: &Arc<World>, score: &Arc<Score>) -> JoinSet<Vec<Flow>> {
    let come = |number: usize| {
        let (world, score, mut rng) = (
            Arc::clone(world),
            Arc::clone(score),
            plan.rng(number as u64 + 1),
        );
        async move {
            let mut flows = Vec::new();
            while !score.closing.load(Relaxed) {
                flows.push(people::walk(&world, &mut rng).await.unwrap());
                score.flows.fetch_add(1, Relaxed);
                sleep(Duration::from_millis(rng.gen_range(0..=2 * plan.rest()))).await;
            }
            flows
        }
    };
    (0..PEOPLE).map(come).collect()
}

fn let_the_killer_in(plan: Plan, world: &Arc<World>, score: &Arc<Score>) -> JoinHandle<()> {
    let (world, score, mut rng) = (Arc::clone(world), Arc::clone(score), plan.rng(1000));
    tokio::spawn(async move {
        loop {
            sleep(Duration::from_millis(rng.gen_range(KILL_PAUSES))).await;
            world.kill_one().await;
            score.kills.fetch_add(1, Relaxed);
        }
    })
}

/// In a long run the receiver hangs for a twelfth of the time, fails for another, and answers 410
/// for a third, after which an operator has delivered again what was given up.
async fn receiver_outages(plan: Plan, world: &World) {
    if !plan.is_long {
        return;
    }
    for outage in [Outage::Hangs, Outage::Fails] {
        sleep(plan.killing / 4).await;
        world.receiver.set_outage(Some(outage));
        sleep(plan.killing / 12).await;
        world.receiver.set_outage(None);
    }
    sleep(plan.killing / 12).await;
    let since = world.clock.now();
    world.receiver.set_outage(Some(Outage::Gone));
    sleep(plan.killing / 12).await;
    world.receiver.set_outage(None);
    people::redeliver_since(world, since).await;
    world.receiver.was_gone((since, world.clock.now()));
}

/// Closes the doors when the time is over and enough was seen.
async fn watch(plan: Plan, score: &Score) {
    let begun = Instant::now();
    let is_enough =
        || score.kills.load(Relaxed) >= LEAST_KILLS && score.flows.load(Relaxed) >= LEAST_FLOWS;
    while begun.elapsed() < plan.killing || (!is_enough() && begun.elapsed() < TIMEOUT) {
        sleep(Duration::from_millis(100)).await;
    }
    score.closing.store(true, Relaxed);
}

/// The clock of the host goes on ticking; all that is open must come to its end. A long run also
/// waits for the intents of what never happened to be swept up.
async fn settle(world: &World, flows: &[Flow], with_grace: bool) -> Report {
    let begun = Instant::now();
    loop {
        let report = Report::of(world, flows).await;
        if (report.is_quiet() && (report.abandoned == 0 || !with_grace))
            || begun.elapsed() > TIMEOUT
        {
            return report;
        }
        sleep(Duration::from_millis(500)).await;
    }
}

fn setting<T: FromStr>(name: &str) -> Option<T> {
    env::var(name).ok()?.parse().ok()
}

/// Past the test harness, which shows only what a test that failed has printed.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
