//! The receiver of webhooks, over a restart.

use std::{fs, path::Path};

use local::webhook::{WebhookOptions, WebhookReceiver};

async fn start(dir: &Path) -> WebhookReceiver {
    let options = WebhookOptions {
        port: 0,
        secret: "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=".to_owned(),
        dir: Some(dir.to_owned()),
    };
    WebhookReceiver::start(options).await.unwrap()
}

async fn send(receiver: &WebhookReceiver, body: &'static str) {
    let http = reqwest::Client::new();
    let sent = http.post(receiver.hook()).body(body).send().await.unwrap();
    assert_eq!(sent.status(), 401, "it is not signed");
}

fn bodies(receiver: &WebhookReceiver) -> Vec<String> {
    let received = receiver.received().into_iter();
    received.map(|event| event.body).collect()
}

#[tokio::test]
async fn events_survive_a_restart_and_a_spoilt_file() {
    let dir = tempfile::tempdir().unwrap();
    let receiver = start(dir.path()).await;
    send(&receiver, "first").await;
    send(&receiver, "second").await;
    receiver.stop().await;
    fs::write(dir.path().join("000002.json"), "{\"n\": 2, \"at").unwrap();
    fs::write(dir.path().join("000003.tmp"), "{\"n\"").unwrap();
    let receiver = start(dir.path()).await;
    assert_eq!(bodies(&receiver), ["first"]);
    send(&receiver, "third").await;
    receiver.stop().await;
    assert_eq!(bodies(&start(dir.path()).await), ["first", "third"]);
    let unfinished = dir.path().join("000002.tmp");
    assert!(!unfinished.exists(), "it was renamed");
}
