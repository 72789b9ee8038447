//! Start, output, crashes and the end.

use std::{
    net::TcpStream,
    path::Path,
    time::{Duration, Instant},
};

use local::host::Level;
use reqwest::StatusCode;
use serde_json::json;
use tokio::task::JoinHandle;

use super::support::{AppFolder, Running, get, lines, post, wait_for};

fn runs(pid: u32) -> bool {
    Path::new(&format!("/proc/{pid}")).exists()
}

async fn misbehaving(at_start: &str, ready: Duration) -> anyhow::Result<Running> {
    let start = AppFolder::with(&["Echo"]).start_with(|options| {
        options.env.push(("ECHO_AT_START".into(), at_start.into()));
        options.limits.ready = ready;
    });
    start.await
}

/// "Spawned with `FUNCTIONS_CUSTOMHANDLER_PORT`, `FUNCTIONS_CUSTOMHANDLER_WORKER_ID` (and
/// `FUNCTIONS_HTTPWORKER_PORT`, `_ID`), `FUNCTIONS_APP_ROOT_PATH`, working directory the app root."
#[tokio::test]
async fn the_handler_gets_variables_and_settings() {
    let setting = ("PLATFORM_NAME".into(), "My Platform".into());
    let start = AppFolder::with(&["Environment"]).start_with(|options| options.env.push(setting));
    let host = start.await.unwrap();
    let folder = host.folder.path();
    let env: serde_json::Value = get(&host, "/api/Environment").await.json().await.unwrap();
    assert_eq!(env["PLATFORM_NAME"], "My Platform");
    let port = host.handler_url().rsplit(':').next().unwrap().to_owned();
    assert_eq!(env["FUNCTIONS_CUSTOMHANDLER_PORT"], port);
    assert_eq!(env["FUNCTIONS_HTTPWORKER_PORT"], port);
    assert_eq!(
        env["FUNCTIONS_CUSTOMHANDLER_WORKER_ID"],
        env["FUNCTIONS_HTTPWORKER_ID"]
    );
    assert_eq!(env["FUNCTIONS_APP_ROOT_PATH"], folder.to_str().unwrap());
    assert_eq!(
        env["working directory"],
        folder.canonicalize().unwrap().to_str().unwrap()
    );
    assert!(
        env.get("CARGO_MANIFEST_DIR").is_none(),
        "the environment of the test does not leak"
    );
}

#[tokio::test]
async fn a_slow_start_is_awaited_until_the_limit() {
    let host = misbehaving("sleep:600", Duration::from_secs(9))
        .await
        .unwrap();
    assert_eq!(get(&host, "/api/Echo").await.status(), StatusCode::OK);
    let error = misbehaving("sleep:60000", Duration::from_millis(300))
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("did not answer GET / within 0.3 s"),
        "{error}"
    );
}

/// "A wrong setting: exit 1 three times, host gone. Exit 0 is never restarted."
#[tokio::test]
async fn failures_at_start_end_the_host() {
    for (exit, part, starts) in [("exit:1", "third time", 3), ("exit:0", "exited with 0", 1)] {
        let error = misbehaving(exit, Duration::from_secs(9))
            .await
            .unwrap_err()
            .to_string();
        assert!(error.contains(part), "{error}");
        assert_eq!(
            error.matches("the echo handler starts").count(),
            starts,
            "{error}"
        );
    }
}

/// "First and second death: the next GET is answered. The third ends the host."
#[tokio::test]
async fn the_third_death_ends_the_host() {
    let host = AppFolder::with(&["Echo"]).start().await;
    let (url, first) = (host.handler_url(), host.handler_pid());
    for _ in 0..2 {
        host.kill_handler().await;
        assert_eq!(get(&host, "/api/Echo").await.status(), StatusCode::OK);
        assert_ne!(host.handler_pid(), first);
        assert_eq!(host.handler_url(), url);
    }
    host.kill_handler().await;
    tokio::time::timeout(Duration::from_secs(5), host.gave_up())
        .await
        .unwrap();
    assert_eq!(host.handler_pid(), None);
    let address = host.url().trim_start_matches("http://");
    wait_for("the port to close", || {
        std::net::TcpStream::connect(address).is_err()
    })
    .await;
    assert!(host.log().last().unwrap().text.contains("third time"));
}

async fn shut_down_within(limit: Duration) -> Running {
    let start =
        AppFolder::with(&["Slow", "Stream"]).start_with(|options| options.limits.shutdown = limit);
    start.await.unwrap()
}

/// A request, and the moment when the handler has it.
async fn in_flight(host: &Running, path: &str) -> JoinHandle<reqwest::Result<String>> {
    let url = format!("{}{path}", host.url());
    let request = tokio::spawn(async move { reqwest::get(url).await?.text().await });
    let arrived = format!("arrived: GET {path}");
    wait_for("the request", || lines(host, &arrived) == 1).await;
    request
}

fn is_closed(host: &str) -> bool {
    TcpStream::connect(host.trim_start_matches("http://")).is_err()
}

/// "Host shut down (SIGTERM): its port closes at once, requests in flight get up to 30 s, then the
/// handler gets SIGKILL."
#[tokio::test]
async fn requests_in_flight_are_finished_at_shutdown() {
    let host = shut_down_within(Duration::from_secs(20)).await;
    let request = in_flight(&host, "/api/Stream").await;
    let (url, pid) = (host.url().to_owned(), host.handler_pid().unwrap());
    let shut_down = tokio::spawn(host.host.shut_down());
    wait_for("the port to close", || is_closed(&url)).await;
    assert_eq!(request.await.unwrap().unwrap(), "onetwo");
    shut_down.await.unwrap();
    assert!(!runs(pid));
}

/// The same: "up to 30 s".
#[tokio::test]
async fn shutdown_does_not_wait_for_ever() {
    let host = shut_down_within(Duration::from_millis(500)).await;
    let request = in_flight(&host, "/api/Slow").await;
    let pid = host.handler_pid().unwrap();
    host.host.shut_down().await;
    assert!(request.await.unwrap().is_err(), "it is cut off");
    assert!(!runs(pid));
}

/// "The third ends the host, exit 0, a request meanwhile hangs 30 s."
#[tokio::test]
async fn a_request_at_the_third_death_hangs() {
    let host = shut_down_within(Duration::from_secs(4)).await;
    for _ in 0..2 {
        host.kill_handler().await;
        wait_for("a restart", || host.handler_pid().is_some()).await;
    }
    let asked = Instant::now();
    let request = in_flight(&host, "/api/Slow").await;
    host.kill_handler().await;
    assert!(request.await.unwrap().is_err(), "no answer at all");
    assert!(asked.elapsed() >= Duration::from_secs(3));
    assert!(is_closed(host.url()));
}

/// "With a bundle and no internet the host's state is `Error`, every request gets `503 Function host
/// is not running.`, the handler is never started."
#[tokio::test]
async fn an_extension_bundle_needs_the_internet() {
    let folder = AppFolder::with(&["Echo"]).host_json(|host| {
        host["extensionBundle"] = json!({"id": "Bundle", "version": "[4.*]"});
    });
    let error = folder.start_with(|_| {}).await.unwrap_err().to_string();
    assert!(
        error.contains("503 \"Function host is not running.\""),
        "{error}"
    );
    assert!(!error.contains("the echo handler starts"), "{error}");
}

/// "Exit 200 is restarted uncounted."
#[tokio::test]
async fn exit_200_is_not_counted() {
    let host = AppFolder::with(&["Exit", "Echo"]).start().await;
    for _ in 0..4 {
        let pid = host.handler_pid();
        post(&host, "/api/Exit", "200").await;
        wait_for("a restart", || {
            host.handler_pid().is_some_and(|new| Some(new) != pid)
        })
        .await;
        assert_eq!(get(&host, "/api/Echo").await.status(), StatusCode::OK);
    }
}

/// "Exit 0 is never restarted, every request is a 500 after 2 s for ever."
#[tokio::test]
async fn exit_0_is_never_restarted() {
    let host = AppFolder::with(&["Exit", "Echo"]).start().await;
    post(&host, "/api/Exit", "0").await;
    wait_for("the handler to exit", || host.handler_pid().is_none()).await;
    let asked = Instant::now();
    let answer = get(&host, "/api/Echo").await;
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(answer.text().await.unwrap(), "");
    assert!(asked.elapsed() > Duration::from_millis(1500));
    assert_eq!(host.handler_pid(), None);
}

/// "A function that outlives `functionTimeout`: the client gets 500, the handler is killed; GETs in
/// flight, the timed-out one included, arrive at the new handler."
#[tokio::test]
async fn a_timeout_kills_the_handler() {
    let folder =
        AppFolder::with(&["Slow"]).host_json(|host| host["functionTimeout"] = json!("00:00:01"));
    let host = folder.start().await;
    let pid = host.handler_pid();
    assert_eq!(
        get(&host, "/api/Slow").await.status(),
        StatusCode::INTERNAL_SERVER_ERROR
    );
    assert_ne!(host.handler_pid(), pid);
    wait_for("the repetition", || {
        lines(&host, "arrived: GET /api/Slow") == 2
    })
    .await;
}

/// "stdout is Information; stderr is Error (Warning where the line contains "warn")."
#[tokio::test]
async fn output_is_logged_by_level() {
    let host = AppFolder::with(&["Echo"]).start().await;
    wait_for("three lines", || host.log().len() >= 4).await;
    let level = |text| {
        host.log()
            .into_iter()
            .find(|line| line.text == text)
            .unwrap()
            .level
    };
    assert_eq!(level("the echo handler listens"), Level::Information);
    assert_eq!(level("a WARNING on stderr"), Level::Warning);
    assert_eq!(level("a failure on stderr"), Level::Error);
}

#[tokio::test]
async fn the_handler_ends_with_the_host() {
    let host = AppFolder::with(&["Echo"]).start().await.host;
    let pid = host.handler_pid().unwrap();
    host.stop().await;
    assert!(!runs(pid));
    let host = AppFolder::with(&["Echo"]).start().await;
    let pid = host.handler_pid().unwrap();
    drop(host);
    wait_for("the process to end", || !runs(pid)).await;
}
