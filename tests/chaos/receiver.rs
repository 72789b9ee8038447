//! A webhook receiver on a bad day: it refuses, hangs up and dawdles, before or after it has taken
//! the event. In a long run it has outages, too.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::Value;
use time::OffsetDateTime;
use tokio::{net::TcpListener, time::sleep};

/// How often it goes wrong.
const PROBABILITY: f64 = 0.15;

/// An event that was taken.
#[derive(Clone, Debug)]
pub(crate) struct Reception {
    pub(crate) invitation: String,
    pub(crate) sequence: u64,
    pub(crate) kind: String,
}

#[derive(Clone)]
pub(crate) struct Receiver(Arc<Inner>);

struct Inner {
    taken: Mutex<Vec<Reception>>,
    mood: Mutex<Behaviour>,
}

struct Behaviour {
    rng: StdRng,
    calm: bool,
    outage: Option<Outage>,
    /// When it answered 410, and until when.
    gone: Option<(OffsetDateTime, OffsetDateTime)>,
    /// The events that came during outages.
    in_outages: u32,
    /// No event is failed more often: a delivery that is tried for minutes is not what this is
    /// about.
    most_per_event: u32,
    failed: HashMap<String, u32>,
}

/// No event is taken while it lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outage {
    /// Each request waits for longer than the app does.
    Hangs,
    /// Each request is refused.
    Fails,
    /// Each is answered with 410: events are given up at once.
    Gone,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mishap {
    Refuse,
    HangUp,
    Dawdle(Duration),
}

impl Receiver {
    /// With its address.
    pub(crate) async fn start(seed: u64, most_per_event: u32) -> (Self, String) {
        let mood = Behaviour {
            rng: StdRng::seed_from_u64(seed),
            calm: false,
            outage: None,
            gone: None,
            in_outages: 0,
            most_per_event,
            failed: HashMap::new(),
        };
        let receiver = Self(Arc::new(Inner {
            taken: Mutex::default(),
            mood: Mutex::new(mood),
        }));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let router = Router::new().fallback(take).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (receiver, url)
    }

    /// Nothing goes wrong any more.
    pub(crate) fn calm(&self) {
        let mut mood = self.0.mood.lock().unwrap();
        (mood.calm, mood.outage) = (true, None);
    }

    /// An outage begins, or the last one ends.
    pub(crate) fn set_outage(&self, outage: Option<Outage>) {
        self.0.mood.lock().unwrap().outage = outage;
    }

    /// It answered 410 in this period, until all that was given up was requested again.
    pub(crate) fn was_gone(&self, period: (OffsetDateTime, OffsetDateTime)) {
        self.0.mood.lock().unwrap().gone = Some(period);
    }

    /// When it answered 410, and until when.
    pub(crate) fn gone(&self) -> Option<(OffsetDateTime, OffsetDateTime)> {
        self.0.mood.lock().unwrap().gone
    }

    /// How many events came during outages.
    pub(crate) fn in_outages(&self) -> u32 {
        self.0.mood.lock().unwrap().in_outages
    }

    fn outage(&self) -> Option<Outage> {
        let mut mood = self.0.mood.lock().unwrap();
        mood.in_outages += u32::from(mood.outage.is_some());
        mood.outage
    }

    /// What was taken, in the order of arrival.
    pub(crate) fn taken(&self) -> Vec<Reception> {
        self.0.taken.lock().unwrap().clone()
    }

    /// How often it went wrong.
    pub(crate) fn mishaps(&self) -> u32 {
        self.0.mood.lock().unwrap().failed.values().sum()
    }

    fn record(&self, body: &str) {
        let payload: Value = serde_json::from_str(body).unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let data = &payload["data"];
        let (sequence, kind) = (data["sequence"].as_u64().unwrap(), text(&payload["type"]));
        self.0.taken.lock().unwrap().push(Reception {
            invitation: text(&data["invitationId"]),
            sequence,
            kind,
        });
    }

    /// What goes wrong with this event now, and whether it is taken before that.
    fn mishap(&self, event: &str) -> Option<(Mishap, bool)> {
        let mut mood = self.0.mood.lock().unwrap();
        let before = mood.failed.get(event).copied().unwrap_or_default();
        if mood.calm || before >= mood.most_per_event || !mood.rng.gen_bool(PROBABILITY) {
            return None;
        }
        mood.failed.insert(event.to_owned(), before + 1);
        let mishap = match mood.rng.gen_range(0..3) {
            0 => Mishap::Refuse,
            1 => Mishap::HangUp,
            _ => Mishap::Dawdle(Duration::from_millis(mood.rng.gen_range(100..1500))),
        };
        Some((mishap, mood.rng.r#gen()))
    }
}

async fn take(State(receiver): State<Receiver>, headers: HeaderMap, body: String) -> StatusCode {
    match receiver.outage() {
        None => {}
        Some(Outage::Hangs) => {
            sleep(Duration::from_secs(60)).await;
            return StatusCode::SERVICE_UNAVAILABLE;
        }
        Some(Outage::Fails) => return StatusCode::SERVICE_UNAVAILABLE,
        Some(Outage::Gone) => return StatusCode::GONE,
    }
    let mishap = receiver.mishap(headers["webhook-id"].to_str().unwrap());
    if mishap.is_none_or(|(_, taken)| taken) {
        receiver.record(&body);
    }
    match mishap {
        None => StatusCode::OK,
        Some((Mishap::Refuse, _)) => StatusCode::INTERNAL_SERVER_ERROR,
        // Ends the connection's task, and so the connection, without a word.
        Some((Mishap::HangUp, _)) => std::panic::resume_unwind(Box::new("hang up")),
        Some((Mishap::Dawdle(pause), taken)) => {
            sleep(pause).await;
            if !taken {
                receiver.record(&body);
            }
            StatusCode::OK
        }
    }
}
