//! Mail scanners open every link first, some of them in a browser that runs scripts.

use serde_json::Value;

use support::{
    Store,
    chrome::{Browser, Screen},
    invite_known, start,
};

#[tokio::test]
async fn scanner_browser_changes_nothing() {
    let stack = start(Store::Embedded).await;
    let link = invite_known(&stack).await;
    let browser = Browser::start().await;

    for _ in 0..3 {
        browser.open(&link).await;
        browser.sees("You are invited to My rConnect").await;
        browser.screen(Screen::PHONE).await;
    }

    assert!(browser.cookies().await.is_empty());
    assert_eq!(
        browser
            .value("document.cookie.length + localStorage.length + sessionStorage.length")
            .await,
        0
    );
    let requests = browser.requests().await;
    assert!(
        requests
            .iter()
            .all(|request| request.method == "GET" && request.url.as_str() == link),
        "{requests:?}"
    );
    let status = reqwest::Client::new()
        .get(&link)
        .header("accept", "application/json")
        .send()
        .await
        .unwrap();
    let status: Value = serde_json::from_str(&status.text().await.unwrap()).unwrap();
    assert_eq!(status["status"], "pending");
    browser.end(&[]).await;
}
