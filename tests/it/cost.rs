//! What one invitation costs: executions of functions and calls of the storage service, counted on
//! the wire.

use std::{
    fs,
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
use support::{
    KNOWN, Store, WEBHOOK_SECRET, azurite, invitation, invite, link, log, receiver::Receiver, root,
    start_with, whole_journey,
};

/// Of the design, with the claim of the customer number.
const MAX_CALLS: usize = 42;

/// Stands between the app and Azurite and writes down what passes: method, address, and how many
/// rows a batch writes.
#[derive(Clone, Default)]
struct Meter {
    upstream: String,
    seen: Arc<Mutex<Vec<(String, usize)>>>,
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

    /// Storage calls and rows written; without the timer's look into the outbox, which does not
    /// belong to an invitation.
    fn read(&self) -> (usize, usize) {
        let seen = self.seen.lock().unwrap();
        let of_invitations = seen
            .iter()
            .filter(|(address, _)| !(address.starts_with("GET ") && address.contains("outbox-")));
        of_invitations.fold((0, 0), |(calls, rows), (_, written)| {
            (calls + 1, rows + written)
        })
    }
}

async fn pass(State(meter): State<Meter>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let rows = String::from_utf8_lossy(&body)
        .lines()
        .filter(|line| line.ends_with("HTTP/1.1"))
        .count();
    meter
        .seen
        .lock()
        .unwrap()
        .push((format!("{} {}", head.method, head.uri), rows));
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

fn outbox_of_shard(shard: u8) -> [String; 2] {
    ["mail", "webhook"].map(|channel| format!("outbox-{channel}-{shard:x}"))
}

/// Waits until all events are delivered.
async fn settled(table: &AzureTable) {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let mut open = 0;
        for partition in (0..SHARDS).flat_map(outbox_of_shard) {
            let page = table.query(&partition, &Range::default(), 100, None).await;
            let rows = page.unwrap().rows;
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn operations_page_states_the_storage_calls() {
    let direct = azurite::azurite().await;
    let (meter, metered) = Meter::before(&direct).await;
    let receiver = Receiver::start().await;
    let settings = [
        ("INVITATION_STORAGE", metered.as_str()),
        ("WEBHOOK_URL", receiver.url()),
        ("WEBHOOK_SECRET", WEBHOOK_SECRET),
        ("WEBHOOK_ALLOW_PRIVATE", "true"),
    ];
    let stack = start_with(Store::Azurite, &settings).await;
    let table = AzureTable::from_connection_string(
        &direct,
        stack.setting("INVITATION_TABLE").unwrap(),
        Arc::new(reqwest::Client::new()),
    )
    .unwrap();
    // There is nothing of an earlier version to be searched for.
    stack.host.trigger("PurgeInvitations").await.unwrap();
    // The first write also makes the table.
    invite(
        &stack,
        &invitation("somebody.else@example.com", "Some", "Body"),
    )
    .await;
    settled(&table).await;
    let (calls, rows) = meter.read();
    let requests = log::answered(&stack.host, 2).await.len();

    let link = link(&invite(&stack, &invitation(KNOWN, "Anna", "Meier")).await);
    settled(&table).await;
    let welcome = whole_journey(&mut stack.person().unwrap(), &stack, &link).await;
    assert_eq!(welcome.status, 200);
    settled(&table).await;
    let (all_calls, all_rows) = meter.read();
    let (calls, rows) = (all_calls - calls, all_rows - rows);

    let answered: Vec<_> = log::answered(&stack.host, requests + 7)
        .await
        .split_off(requests);
    let lines = answered
        .iter()
        .filter(|line| line["span"]["function"] != "DeliverEvents");
    let table_lines: Vec<_> = lines
        .map(|line| {
            format!(
                "| {} | {} |",
                line["span"]["function"].as_str().unwrap(),
                line["storage_calls"]
            )
        })
        .collect();
    let delivery = calls
        - answered
            .iter()
            .map(|line| usize::try_from(line["storage_calls"].as_u64().unwrap()).unwrap())
            .sum::<usize>();
    let found = format!(
        "{}\n| delivery of e-mail and webhook | {delivery} |\n| all | {calls} calls, {rows} rows |",
        table_lines.join("\n")
    );
    let page = fs::read_to_string(root().join("docs/OPERATIONS.md")).unwrap();
    assert_eq!(table_lines.len(), 7, "executions of functions: {found}");
    for line in &table_lines {
        assert!(
            page.contains(line),
            "docs/OPERATIONS.md says otherwise than\n{found}"
        );
    }
    let said = |before: &str| {
        page.split(before)
            .nth(1)
            .unwrap()
            .split([' ', '|'])
            .next()
            .unwrap()
            .parse::<usize>()
            .unwrap()
    };
    // A tick of the timer in between may read what is being delivered.
    assert!(
        delivery <= said("| delivery of e-mail and webhook | "),
        "docs/OPERATIONS.md says less than\n{found}"
    );
    assert!(
        calls <= said("| all | "),
        "docs/OPERATIONS.md says less than\n{found}"
    );
    assert!(calls <= MAX_CALLS, "{found}");
}
