//! The webhook receiver in docs/INTEGRATE.md: it runs as written.

use std::{fs, path::PathBuf, process::Stdio, time::Duration};

use reqwest::{Client, Method};
use support::{
    KNOWN, Store, WEBHOOK_SECRET,
    api::{self, request, send},
    dead_port, invitation, root, start_with,
};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use crate::walkthrough::blocks;

/// The program of the page at this port; ends with the test.
async fn receiver(port: u16) -> Child {
    let blocks = blocks("docs/INTEGRATE.md");
    let program = blocks.iter().find(|block| block.language == "js").unwrap();
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("receiver.cjs");
    fs::write(&file, &program.text).unwrap();
    let child = Command::new("node")
        .arg(file)
        .env("NODE_PATH", root().join("tests/tools/node_modules"))
        .env("PORT", port.to_string())
        .env("WEBHOOK_SECRET", WEBHOOK_SECRET)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    while Client::new().get(address(port)).send().await.is_err() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    child
}

fn address(port: u16) -> String {
    format!("http://127.0.0.1:{port}/")
}

#[tokio::test]
async fn receiver_of_the_recipe_takes_each_event_once() {
    let port = dead_port();
    let mut receiver = receiver(port).await;
    let unsigned = send(Client::new().post(address(port)).body("{}")).await;
    assert_eq!(unsigned.status, 401);
    let settings = [
        ("WEBHOOK_URL", address(port)),
        ("WEBHOOK_SECRET", WEBHOOK_SECRET.to_owned()),
        ("WEBHOOK_ALLOW_PRIVATE", "true".to_owned()),
    ];
    let settings: Vec<_> = settings
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let stack = start_with(Store::Embedded, &settings).await;
    let mut posted = invitation(KNOWN, "Anna", "Meier");
    posted["sendEmail"] = false.into();
    let created = api::post(&stack, posted.to_string()).await.json();
    let id = created["id"].as_str().unwrap();
    let mut lines = BufReader::new(receiver.stdout.take().unwrap()).lines();
    let mut next = async || lines.next_line().await.unwrap().unwrap();
    assert_eq!(next().await, format!("invitation.created {id} pending"));
    let again = api::act(&stack, id, "redeliver", &serde_json::Value::Null).await;
    assert_eq!(again.status, 200);
    let tested = send(request(&stack, Method::POST, "/api/Events/test")).await;
    assert_eq!(tested.json()["accepted"], true);
    let revoked = api::act(&stack, id, "revoke", &serde_json::json!({})).await;
    assert_eq!(revoked.status, 200);
    let rest = [next().await, next().await];
    assert!(
        rest.contains(&format!("invitation.revoked {id} revoked")),
        "{rest:?}"
    );
    assert!(
        rest.iter().any(|line| line.starts_with("webhook.test")),
        "{rest:?}"
    );
}
