//! Crashes, exits, output and the end.

use std::path::Path;
use std::time::{Duration, Instant};

use local::host::{Host, Level};
use reqwest::{Client, StatusCode};
use serde_json::json;
use tokio::net::TcpListener;

use crate::support::{AppFolder, called, echoed, wait_for};

#[tokio::test]
async fn a_crash_fails_its_request_and_the_next_one_finds_the_restarted_handler() {
    let folder = AppFolder::new()
        .http("Crash", json!({}))
        .http("Echo", json!({}));
    let host = Host::start(folder.options()).await.unwrap();
    let before = host.handler_pid();
    let crash = called(&host, "/api/Crash").await;
    assert_eq!(
        (crash.status(), crash.text().await.unwrap().as_str()),
        (StatusCode::INTERNAL_SERVER_ERROR, "")
    );
    // Until the process is gone its port may still take a connection and reset it, as with the host
    // itself.
    wait_for("the crash to be noticed", || host.handler_pid() != before).await;
    assert_eq!(called(&host, "/api/Echo").await.status(), StatusCode::OK);
    assert!(
        host.log()
            .iter()
            .any(|line| line.level == Level::Error && line.text.contains("exit status: 1"))
    );
}

#[tokio::test]
async fn a_killed_handler_is_restarted_on_the_same_port_and_the_third_death_ends_the_host() {
    let folder = AppFolder::new().http("Echo", json!({}));
    let host = Host::start(folder.options()).await.unwrap();
    let (url, first) = (host.handler_url(), host.handler_pid());
    for _ in 0..2 {
        host.kill_handler().await;
        assert_eq!(called(&host, "/api/Echo").await.status(), StatusCode::OK);
        assert_ne!(host.handler_pid(), first);
        assert_eq!(host.handler_url(), url);
    }
    host.kill_handler().await;
    tokio::time::timeout(Duration::from_secs(5), host.gave_up())
        .await
        .unwrap();
    assert_eq!(host.handler_pid(), None);
    wait_for("the port to close", || {
        std::net::TcpStream::connect(host.url().trim_start_matches("http://")).is_err()
    })
    .await;
    assert!(host.log().last().unwrap().text.contains("third time"));
}

#[tokio::test]
async fn a_body_sent_while_the_handler_restarts_arrives_whole() {
    let folder = AppFolder::new().http("Echo", json!({}));
    let host = Host::start(folder.options()).await.unwrap();
    called(&host, "/api/Echo").await;
    host.kill_handler().await;
    let answer = Client::new()
        .post(format!("{}/api/Echo", host.url()))
        .body(vec![b'x'; 1_000_000])
        .send()
        .await
        .unwrap();
    assert_eq!(echoed(answer).await["body_length"], 1_000_000);
}

#[tokio::test]
async fn a_handler_that_leaves_with_0_is_not_restarted_and_requests_fail() {
    let folder = AppFolder::new()
        .http("Leave", json!({}))
        .http("Echo", json!({}));
    let host = Host::start(folder.options()).await.unwrap();
    assert_eq!(
        called(&host, "/api/Leave").await.status(),
        StatusCode::INTERNAL_SERVER_ERROR
    );
    // Until it is gone, its port resets a connection instead of refusing it.
    wait_for("the handler to be gone", || host.handler_pid().is_none()).await;
    let asked = Instant::now();
    let answer = called(&host, "/api/Echo").await;
    assert_eq!(
        (answer.status(), answer.text().await.unwrap().as_str()),
        (StatusCode::INTERNAL_SERVER_ERROR, "")
    );
    assert!(
        asked.elapsed() > Duration::from_millis(1500),
        "a refused connection is retried ten times first"
    );
    assert_eq!(host.handler_pid(), None);
}

#[tokio::test]
async fn stdout_is_information_and_stderr_is_error_or_warning() {
    let folder = AppFolder::new().http("Echo", json!({}));
    let host = Host::start(folder.options()).await.unwrap();
    wait_for("three lines", || host.log().len() >= 4).await;
    let level = |text: &str| {
        host.log()
            .into_iter()
            .find(|line| line.text == text)
            .map(|line| line.level)
    };
    assert_eq!(level("the echo handler listens"), Some(Level::Information));
    assert_eq!(level("a warning on stderr"), Some(Level::Warning));
    assert_eq!(level("a failure on stderr"), Some(Level::Error));
}

#[tokio::test]
async fn stopping_kills_the_handler_and_frees_the_port() {
    let folder = AppFolder::new().http("Echo", json!({}));
    let host = Host::start(folder.options()).await.unwrap();
    let (pid, url) = (host.handler_pid().unwrap(), host.url().to_owned());
    called(&host, "/api/Echo").await;
    host.stop().await;
    assert!(!Path::new(&format!("/proc/{pid}")).exists());
    TcpListener::bind(url.trim_start_matches("http://"))
        .await
        .unwrap();
}

#[tokio::test]
async fn dropping_the_host_kills_the_handler() {
    let folder = AppFolder::new().http("Echo", json!({}));
    let host = Host::start(folder.options()).await.unwrap();
    let pid = host.handler_pid().unwrap();
    drop(host);
    wait_for("the process to end", || {
        !Path::new(&format!("/proc/{pid}")).exists()
    })
    .await;
}
