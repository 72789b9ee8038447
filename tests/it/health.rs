//! What `Health` says of an instance whose dependencies are well, down, silent or behind.

use std::{
    net::{Ipv4Addr, TcpListener},
    time::{Duration, Instant},
};

use local::stack::Stack;
use onboarding::store::table::{Table, Write};
use reqwest::Client;
use serde_json::Value;
use support::{
    Store, api::Answer, azurite::connection_string, dead_port, log, over_both_stores, start,
    start_with, table::table,
};

async fn health(stack: &Stack) -> Answer {
    support::api::send(Client::new().get(format!("{}/api/Health", stack.host.url()))).await
}

fn statuses(answer: &Answer) -> [String; 6] {
    let json = answer.json();
    let checks = &json["checks"];
    [
        &json["status"],
        &checks["storage"]["status"],
        &checks["signIn"]["status"],
        &checks["outbox"]["status"],
        &checks["webhook"]["status"],
        &checks["retention"]["status"],
    ]
    .map(|status| status.as_str().unwrap().to_owned())
}

async fn with_everything_well_it_is_ok(store: Store) {
    let stack = start(store).await;
    support::invite_known(&stack).await;
    let answer = health(&stack).await;
    assert_eq!(
        (answer.status, statuses(&answer)),
        (200, ["ok"; 6].map(str::to_owned)),
        "{}",
        answer.body
    );
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("content-type"), "application/json");
    let checks = &answer.json()["checks"];
    assert!(
        checks["signIn"]["keysAgeSeconds"].as_u64().unwrap() < 600
            && checks["outbox"]["oldestDueSeconds"].as_i64().unwrap() < 600
    );
}

over_both_stores! { with_everything_well_it_is_ok }

#[tokio::test]
async fn deployed_commit_is_named() {
    let stack = start(Store::Embedded).await;
    let commit = option_env!("ONBOARDING_COMMIT").unwrap_or("unknown");
    assert_eq!(health(&stack).await.json()["commit"], commit);
}

/// Uptime monitors ask so.
#[tokio::test]
async fn head_is_answered_without_a_body() {
    let stack = start(Store::Embedded).await;
    let url = format!("{}/api/Health", stack.host.url());
    let answer = support::api::send(Client::new().head(url)).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, ""));
}

#[tokio::test]
async fn asking_often_costs_the_storage_nothing() {
    let stack = start(Store::Embedded).await;
    let answers = futures::future::join_all((0..50).map(|_| health(&stack))).await;
    assert!(answers.iter().all(|answer| answer.status == 200));
    let lines = log::answered(&stack.host, 50).await;
    let asked: Vec<u64> = lines
        .iter()
        .filter(|line| line["span"]["function"] == "Health")
        .map(|line| line["storage_calls"].as_u64().unwrap())
        .collect();
    assert_eq!(asked.len(), 50);
    // One report is one read, and one of each channel of the sixteen shards, and of each shard how
    // far the purge lags behind; a slow machine may need another.
    let reports = asked.iter().filter(|calls| **calls > 0).count();
    assert!(
        reports <= 3 && asked.iter().all(|calls| [0, 33, 49].contains(calls)),
        "{asked:?}"
    );
}

#[tokio::test]
async fn storage_outage_is_503_with_retry_after() {
    let dead = connection_string(dead_port());
    let stack = start_with(Store::Azurite, &[("INVITATION_STORAGE", &dead)]).await;
    let answer = health(&stack).await;
    assert_eq!(
        (answer.status, statuses(&answer)),
        (
            503,
            ["down", "down", "ok", "degraded", "ok", "degraded"].map(str::to_owned)
        ),
        "{}",
        answer.body
    );
    assert!(answer.header("retry-after").parse::<u32>().unwrap() > 0);
    assert!(answer.json()["checks"]["outbox"]["oldestDueSeconds"].is_null());
    assert!(
        !answer.body.contains("devstoreaccount1") && !answer.body.contains("127.0.0.1"),
        "{}",
        answer.body
    );
    let logged = log::json_lines(&stack.host);
    assert!(logged.iter().any(|line| {
        line["level"] == "WARN"
            && line["message"]
                .as_str()
                .unwrap_or_default()
                .starts_with("health:")
    }));
}

#[tokio::test]
async fn silent_storage_does_not_block_health() {
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let connection = connection_string(silent.local_addr().unwrap().port());
    let stack = start_with(Store::Azurite, &[("INVITATION_STORAGE", &connection)]).await;
    let asked = Instant::now();
    let answer = health(&stack).await;
    assert_eq!(
        (answer.status, statuses(&answer)[1].as_str()),
        (503, "down")
    );
    // The store itself waits longer than eight seconds.
    assert!(
        asked.elapsed() < Duration::from_secs(6),
        "{:?}",
        asked.elapsed()
    );
}

#[tokio::test]
async fn sign_in_outage_only_degrades() {
    let authority = format!("http://127.0.0.1:{}/common/v2.0", dead_port());
    let stack = start_with(Store::Embedded, &[("ENTRA_AUTHORITY", &authority)]).await;
    let answer = health(&stack).await;
    assert_eq!(
        (answer.status, statuses(&answer)),
        (
            200,
            ["degraded", "ok", "degraded", "ok", "ok", "ok"].map(str::to_owned)
        )
    );
    assert_eq!(
        answer.json()["checks"]["signIn"]["keysAgeSeconds"],
        Value::Null
    );
}

#[tokio::test]
async fn silent_sign_in_does_not_block_health() {
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let authority = format!("http://{}/common/v2.0", silent.local_addr().unwrap());
    let stack = start_with(Store::Embedded, &[("ENTRA_AUTHORITY", &authority)]).await;
    let asked = Instant::now();
    assert_eq!(
        statuses(&health(&stack).await)[..3],
        ["degraded", "ok", "degraded"]
    );
    assert!(
        asked.elapsed() < Duration::from_secs(6),
        "{:?}",
        asked.elapsed()
    );
}

#[tokio::test]
async fn overdue_outbox_is_noticed_in_any_shard() {
    let stack = start(Store::Azurite).await;
    let minutes_ago =
        |minutes: i64| (support::now() - time::Duration::minutes(minutes)).unix_timestamp() * 1000;
    // Not the form that the timer reads, so that it does not take them away.
    for (shard, minutes) in [("outbox-mail-3", 5), ("outbox-webhook-e", 20)] {
        let key = format!("{:013}-left-behind", minutes_ago(minutes));
        table(&stack)
            .commit(
                shard,
                &[Write::Insert {
                    key,
                    fields: Default::default(),
                }],
            )
            .await
            .unwrap();
    }
    let answer = health(&stack).await;
    assert_eq!(
        (answer.status, statuses(&answer)),
        (
            200,
            ["degraded", "ok", "ok", "degraded", "ok", "ok"].map(str::to_owned)
        )
    );
    let age = answer.json()["checks"]["outbox"]["oldestDueSeconds"]
        .as_i64()
        .unwrap();
    assert!((1200..1500).contains(&age), "{age}");
}
