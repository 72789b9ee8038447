//! Where `make run` sends its events.

use std::io::Read;

use serde_json::Value;
use support::{WEBHOOK_SECRET, receiver::Receiver};

use super::{GREETED, Running, SAMPLES};

#[tokio::test]
async fn webhook_page_shows_every_event() {
    let dir = tempfile::tempdir().unwrap();
    let running = Running::greeted(dir.path());
    let page = running.address("Every event is shown");
    let events = reqwest::get(format!("{page}/api/events")).await.unwrap();
    let events: Value = serde_json::from_str(&events.text().await.unwrap()).unwrap();
    let events = events.as_array().unwrap();
    assert!(events.len() >= SAMPLES.len(), "{events:?}");
    assert!(
        events
            .iter()
            .all(|event| event["signature_error"].is_null())
    );
    let shown = reqwest::get(&page).await.unwrap().text().await.unwrap();
    for part in ["invitation.created", "signature right", "webhook-signature"] {
        assert!(shown.contains(part), "{part}");
    }
    let http = reqwest::Client::new();
    let forged = http.post(format!("{page}/hook")).body("{}").send().await;
    assert_eq!(forged.unwrap().status().as_u16(), 401);
    let shown = reqwest::get(&page).await.unwrap().text().await.unwrap();
    assert!(shown.contains("signature wrong"));
    assert!(running.stops("-INT"));
}

#[tokio::test]
async fn own_receiver_gets_the_events_instead() {
    let (dir, receiver) = (tempfile::tempdir().unwrap(), Receiver::start().await);
    let settings = [
        ("WEBHOOK_URL", receiver.url()),
        ("WEBHOOK_SECRET", WEBHOOK_SECRET),
    ];
    let mut running = Running::start_with(dir.path(), &settings);
    running.says(GREETED);
    let types = receiver.wait_for(SAMPLES.len()).await;
    assert!(
        types.contains(&"invitation.created".to_owned()),
        "{types:?}"
    );
    assert!(running.stops("-INT"));
}

#[test]
fn own_receiver_needs_address_and_secret() {
    let dir = tempfile::tempdir().unwrap();
    for (given, missing) in [
        (("WEBHOOK_URL", "http://127.0.0.1:9"), "WEBHOOK_SECRET"),
        (("WEBHOOK_SECRET", WEBHOOK_SECRET), "WEBHOOK_URL"),
    ] {
        let mut running = Running::start_with(dir.path(), &[given]);
        let mut errors = String::new();
        let mut stderr = running.child.stderr.take().unwrap();
        stderr.read_to_string(&mut errors).unwrap();
        assert!(!running.child.wait().unwrap().success());
        assert_eq!(
            errors,
            format!(
                "make run: {} is set, and {missing} is not: set both to send the events to your own \
                 receiver, or neither to see them on a page\n",
                given.0
            )
        );
    }
}
