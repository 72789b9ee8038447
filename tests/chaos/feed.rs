//! An integrator that follows the feed, on any instance, while they are killed.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::Value;
use tokio::{
    task::JoinHandle,
    time::{Instant, sleep},
};

use crate::{snapshot::Snapshot, world::World};

/// Between two requests that found nothing.
const PAUSE: Duration = Duration::from_secs(1);
/// By then, every event must have come.
const SOON: Duration = Duration::from_secs(60);

/// Invitation and number of each event, in the order of the feed.
type Seen = Arc<Mutex<Vec<(String, u64)>>>;

pub(crate) struct Follower {
    seen: Seen,
    task: JoinHandle<()>,
}

/// What became of the recorded events.
#[derive(Debug, Default)]
pub(crate) struct FeedReport {
    pub(crate) recorded: usize,
    pub(crate) seen: usize,
    pub(crate) missed: Vec<String>,
    pub(crate) repeated: Vec<String>,
    /// Behind a later one of the same invitation.
    pub(crate) out_of_order: Vec<String>,
}

impl Follower {
    pub(crate) fn start(world: Arc<World>) -> Self {
        let seen = Seen::default();
        let task = tokio::spawn(follow(world, Arc::clone(&seen)));
        Self { seen, task }
    }

    /// Waits until nothing is missing, for a while.
    pub(crate) async fn finish(self, world: &World) -> FeedReport {
        let until = Instant::now() + SOON;
        loop {
            let snapshot = Snapshot::open(world).await;
            let report = FeedReport::of(&snapshot, &self.seen.lock().unwrap());
            if report.missed.is_empty() || Instant::now() > until {
                self.task.abort();
                return report;
            }
            sleep(PAUSE).await;
        }
    }
}

async fn follow(world: Arc<World>, seen: Seen) {
    let (http, mut after) = (reqwest::Client::new(), String::new());
    loop {
        let instance = world.an_instance();
        let url = format!("{instance}/api/Events?limit=100&after={after}");
        let Some(page) = get(&http, &url).await else {
            sleep(PAUSE / 4).await;
            continue;
        };
        after = page["nextCursor"].as_str().unwrap().to_owned();
        let items = page["items"].as_array().unwrap();
        seen.lock().unwrap().extend(items.iter().map(|item| {
            let data = &item["data"];
            let invitation = data["invitationId"].as_str().unwrap().to_owned();
            (invitation, data["sequence"].as_u64().unwrap())
        }));
        if items.is_empty() {
            sleep(PAUSE).await;
        }
    }
}

/// `None` where the instance was killed, or is busy.
async fn get(http: &reqwest::Client, url: &str) -> Option<Value> {
    let answer = http.get(url).send().await.ok()?;
    let text = answer.error_for_status().ok()?.text().await.ok()?;
    serde_json::from_str(&text).ok()
}

impl FeedReport {
    fn of(snapshot: &Snapshot, seen: &[(String, u64)]) -> Self {
        let mut report = Self {
            seen: seen.len(),
            ..Self::default()
        };
        let mut came: BTreeMap<&str, BTreeSet<u64>> = BTreeMap::new();
        for (id, number) in seen {
            let own = came.entry(id).or_default();
            if own.last().is_some_and(|last| number < last) {
                report.out_of_order.push(format!("{id}-{number}"));
            }
            if !own.insert(*number) {
                report.repeated.push(format!("{id}-{number}"));
            }
        }
        for (id, entry) in &snapshot.invitations {
            let own = came.get(id.as_str());
            report.recorded += entry.events.len();
            let missed = entry
                .events
                .keys()
                .filter(|number| own.is_none_or(|own| !own.contains(number)));
            report
                .missed
                .extend(missed.map(|number| format!("{id}-{number}")));
        }
        report
    }

    pub(crate) fn is_good(&self) -> bool {
        self.missed.is_empty() && self.repeated.is_empty() && self.out_of_order.is_empty()
    }
}
