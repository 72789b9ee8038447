//! A webhook receiver that keeps what it got and can be made to fail.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode, header::LOCATION},
    response::{IntoResponse, Response},
};

/// A request that arrived.
#[derive(Clone, Debug)]
pub struct Received {
    pub headers: HeaderMap,
    pub body: String,
    /// What the receiver answered.
    pub status: u16,
}

impl Received {
    pub fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

#[derive(Clone, Default)]
pub struct Receiver {
    received: Arc<Mutex<Vec<Received>>>,
    /// The next answers; 200 when there are none left. 0 hangs up.
    answers: Arc<Mutex<VecDeque<u16>>>,
    /// What is answered instead of 200 when there are none left.
    always: Arc<Mutex<Option<u16>>>,
    /// How long each answer takes.
    pause: Arc<Mutex<Duration>>,
    url: String,
}

impl Receiver {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receiver = Self {
            url: format!("http://{}/hook", listener.local_addr().unwrap()),
            ..Self::default()
        };
        let router = Router::new().fallback(take).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        receiver
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn answer_next(&self, statuses: &[u16]) {
        self.answers.lock().unwrap().extend(statuses);
    }

    /// Instead of what was to come.
    pub fn answer_only(&self, statuses: &[u16]) {
        *self.answers.lock().unwrap() = statuses.iter().copied().collect();
    }

    /// Instead of 200, until it is set again.
    pub fn answer_always(&self, status: Option<u16>) {
        *self.always.lock().unwrap() = status;
    }

    pub fn take_time(&self, pause: Duration) {
        *self.pause.lock().unwrap() = pause;
    }

    pub fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// The types of the events that were taken, in order of arrival.
    pub fn types(&self) -> Vec<String> {
        let taken = self
            .received()
            .into_iter()
            .filter(|received| received.status == 200);
        taken
            .map(|received| received.json()["type"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Waits until `count` events were taken.
    pub async fn wait_for(&self, count: usize) -> Vec<String> {
        for _ in 0..400 {
            if self.types().len() >= count {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        self.types()
    }
}

async fn take(State(receiver): State<Receiver>, headers: HeaderMap, body: String) -> Response {
    let next = receiver.answers.lock().unwrap().pop_front();
    let status = next.or(*receiver.always.lock().unwrap()).unwrap_or(200);
    receiver.received.lock().unwrap().push(Received {
        headers,
        body,
        status,
    });
    let pause = *receiver.pause.lock().unwrap();
    tokio::time::sleep(pause).await;
    (
        StatusCode::from_u16(status).unwrap(),
        [(LOCATION, "/elsewhere")],
    )
        .into_response()
}
