//! What an invitation costs: calls of the storage service, counted on the wire, and lines of log.

use std::{
    net::Ipv4Addr,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    response::Response,
};
use onboarding::store::{
    SHARDS,
    table::{Range, Table, azure::AzureTable},
};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    KNOWN, Running, Store, WEBHOOK_SECRET, azurite, invitation, invite, link, log,
    receiver::Receiver, start_with, whole_journey,
};

/// A request that passed.
struct Seen {
    /// Method and URI.
    address: String,
    /// Rows that it writes, and those among them that belong to the webhooks' outbox.
    rows: usize,
    webhook_rows: usize,
}

/// A proxy between the app and Azurite that records what passes.
#[derive(Clone, Default)]
struct Meter {
    upstream: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    http: reqwest::Client,
}

impl Meter {
    /// The connection string that leads through a new meter.
    async fn before(connection: &str) -> (Self, String) {
        let upstream = connection
            .split("TableEndpoint=")
            .nth(1)
            .unwrap()
            .split("/devstoreaccount1")
            .next()
            .unwrap()
            .to_owned();
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .unwrap();
        let here = format!("http://{}", listener.local_addr().unwrap());
        let meter = Self {
            upstream: upstream.clone(),
            ..Self::default()
        };
        let service = Router::new().fallback(pass).with_state(meter.clone());
        tokio::spawn(async move { axum::serve(listener, service).await });
        (meter, connection.replace(&upstream, &here))
    }

    /// Storage calls, rows written, and rows of webhooks among them; without the timer's queries of
    /// the outbox, which do not belong to an invitation.
    fn read(&self) -> (usize, usize, usize) {
        let seen = self.seen.lock().unwrap();
        let of_invitations = seen
            .iter()
            .filter(|seen| !(seen.address.starts_with("GET ") && seen.address.contains("outbox-")));
        of_invitations.fold((0, 0, 0), |(calls, rows, webhook_rows), seen| {
            (
                calls + 1,
                rows + seen.rows,
                webhook_rows + seen.webhook_rows,
            )
        })
    }
}

fn seen(address: String, body: &[u8]) -> Seen {
    let body = String::from_utf8_lossy(body);
    let of_webhooks = |text: &str| text.contains("outbox-webhook-");
    let operations = body
        .split("\r\n--changeset")
        .filter(|part| part.contains(" HTTP/1.1\r\n"));
    let (mut rows, mut webhook_rows) = (0, 0);
    for operation in operations {
        rows += 1;
        webhook_rows += usize::from(of_webhooks(operation));
    }
    if rows == 0 && !address.starts_with("GET ") {
        webhook_rows = usize::from(of_webhooks(&address) || of_webhooks(&body));
    }
    Seen {
        address,
        rows,
        webhook_rows,
    }
}

async fn pass(State(meter): State<Meter>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    meter
        .seen
        .lock()
        .unwrap()
        .push(seen(format!("{} {}", head.method, head.uri), &body));
    let asked = meter
        .http
        .request(head.method, format!("{}{}", meter.upstream, head.uri))
        .headers(head.headers)
        .body(body);
    let answer = asked.send().await.unwrap();
    let mut passed = Response::builder().status(answer.status());
    passed
        .headers_mut()
        .unwrap()
        .extend(answer.headers().clone());
    passed.headers_mut().unwrap().remove("transfer-encoding");
    passed
        .body(Body::from(answer.bytes().await.unwrap()))
        .unwrap()
}

/// What was counted.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// Storage calls, and the rows that they wrote.
    pub calls: usize,
    pub rows: usize,
    /// The rows among them in the partitions of webhooks.
    pub webhook_rows: usize,
    /// Lines of log, and their bytes.
    pub lines: usize,
    pub bytes: usize,
}

/// The app over Azurite, with e-mail and webhook, that is counted.
pub struct Counted {
    pub stack: Running,
    meter: Meter,
    table: AzureTable,
}

impl Counted {
    /// With a table, in which there is nothing of an earlier version to be searched for.
    pub async fn start(settings: &[(&str, &str)]) -> Self {
        let direct = azurite::azurite().await;
        let (meter, metered) = Meter::before(&direct).await;
        let receiver = Receiver::start().await;
        let own = [
            ("INVITATION_STORAGE", metered.as_str()),
            ("WEBHOOK_URL", receiver.url()),
            ("WEBHOOK_SECRET", WEBHOOK_SECRET),
            ("WEBHOOK_ALLOW_PRIVATE", "true"),
        ];
        let stack = start_with(Store::Azurite, &[&own, settings].concat()).await;
        let table = AzureTable::from_connection_string(
            &direct,
            stack.setting("INVITATION_TABLE").unwrap(),
            Arc::new(reqwest::Client::new()),
        )
        .unwrap();
        stack.host.trigger("PurgeInvitations").await.unwrap();
        let counted = Self {
            stack,
            meter,
            table,
        };
        // The first write also makes the table.
        let other = invitation("somebody.else@example.com", "Some", "Body");
        invite(&counted.stack, &other).await;
        counted.settle().await;
        counted
    }

    /// An invitation from its creation to the welcome page, until all is delivered.
    pub async fn journey(&self, posted: &Value) -> Cost {
        let before = self.read();
        let link = link(&invite(&self.stack, posted).await);
        self.settle().await;
        let welcome = whole_journey(&mut self.stack.person().unwrap(), &self.stack, &link).await;
        assert_eq!(welcome.status, 200);
        self.settle().await;
        let after = self.read();
        Cost {
            calls: after.calls - before.calls,
            rows: after.rows - before.rows,
            webhook_rows: after.webhook_rows - before.webhook_rows,
            lines: after.lines - before.lines,
            bytes: after.bytes - before.bytes,
        }
    }

    fn read(&self) -> Cost {
        let (calls, rows, webhook_rows) = self.meter.read();
        let (lines, bytes) = log::size(&self.stack.host);
        Cost {
            calls,
            rows,
            webhook_rows,
            lines,
            bytes,
        }
    }

    /// Waits until all events are delivered.
    async fn settle(&self) {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let (mut open, all) = (0, Range::default());
            for partition in (0..SHARDS).flat_map(outbox_of_shard) {
                let page = self.table.query(&partition, &all, 100, None);
                let rows = page.await.unwrap().rows;
                let intents = rows.iter().filter(|row| !row.key.starts_with("feed-"));
                open += intents.count();
            }
            if open == 0 {
                return;
            }
            assert!(Instant::now() < deadline, "{open} intents are left");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// The invitation of the samples, with a customer number or without.
#[must_use]
pub fn posted(has_customer_number: bool) -> Value {
    let mut posted = invitation(KNOWN, "Anna", "Meier");
    // Of its own: a colleague would join the company instead.
    let customer = format!("C-{}", Uuid::new_v4().simple());
    posted["company"]["customerNumber"] = match has_customer_number {
        true => customer.into(),
        false => Value::Null,
    };
    posted
}

fn outbox_of_shard(shard: u8) -> [String; 2] {
    ["mail", "webhook"].map(|channel| format!("outbox-{channel}-{shard:x}"))
}
