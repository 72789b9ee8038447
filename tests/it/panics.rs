//! A bug in one request must not end the process, and must not leave the person with nothing.

use std::{process::Command, sync::Arc};

use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode, request},
};
use onboarding::{
    app::App,
    clock::Clock,
    http::observe::log_panics,
    router::{Answering, router},
};
use support::{
    Store,
    faulty::{self, Fault, FaultyTable},
    inside,
};
use tower::Service;

use crate::captured_log::CapturedLog;

/// A clock that only the page of the error asks, where the function finds nothing.
fn clock_with_a_bug() -> Clock {
    Clock::from_fn(|| panic!("the bug"))
}

/// The service over a table whose adapter has a bug.
async fn over_a_table_with_a_bug() -> impl Answering {
    let table = FaultyTable::start(Store::Embedded).await;
    table.plan(faulty::any(), Fault::Panic);
    service(Clock::system(), table)
}

fn service(clock: Clock, table: Arc<FaultyTable>) -> impl Answering {
    router(App::new(inside::config(&[]), clock, table).unwrap().0)
}

fn asks_for_an_invitation() -> request::Builder {
    Request::get("/api/InviteUser?invitationId=7d9c1f7e-52f7-4bd0-9a6e-3d8e5f1a2b3c")
        .header("x-azure-functions-invocationid", "invocation-1")
}

#[tokio::test]
async fn panic_yields_a_500_page_and_a_log_entry() {
    let (log, _guard) = CapturedLog::start();
    let mut service = over_a_table_with_a_bug().await;

    for (accept, kind, says) in [
        (
            "text/html",
            "text/html; charset=utf-8",
            "Something went wrong on our side",
        ),
        (
            "application/json",
            "application/problem+json",
            "The service failed because of a bug.",
        ),
    ] {
        let request = asks_for_an_invitation()
            .header("accept", accept)
            .body(Body::empty())
            .unwrap();
        let answer = service.call(request).await.unwrap();
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(answer.headers()["content-type"], kind);
        let body = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        let body = String::from_utf8(body.to_vec()).unwrap();
        assert!(body.contains(says) && !body.contains("the bug"), "{body}");
    }
    let logged = log.text();
    let line = logged
        .lines()
        .find(|line| line.contains("the bug"))
        .unwrap();
    assert!(
        line.contains("\"level\":\"ERROR\"") && line.contains("invocation-1"),
        "{line}"
    );

    let next = service
        .call(Request::get("/api/InviteUser").body(Body::empty()).unwrap())
        .await
        .unwrap();
    assert_eq!(
        next.status(),
        StatusCode::BAD_REQUEST,
        "the next request is served"
    );
}

#[tokio::test]
async fn panic_on_the_error_page_is_answered() {
    let (log, _guard) = CapturedLog::start();
    let table = FaultyTable::start(Store::Embedded).await;
    let mut service = service(clock_with_a_bug(), table);
    let request = asks_for_an_invitation().body(Body::empty()).unwrap();
    let answer = service.call(request).await.unwrap();
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in [
        ("content-type", "text/plain; charset=utf-8"),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(answer.headers()[name], value);
    }
    assert!(
        answer.headers()["content-security-policy"]
            .to_str()
            .unwrap()
            .starts_with("default-src 'none'")
    );
    let body = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
    let body = String::from_utf8(body.to_vec()).unwrap();
    assert!(
        body.starts_with("Something went wrong on our side") && !body.contains("the bug"),
        "{body}"
    );
    let logged = log.text();
    let line = logged
        .lines()
        .find(|line| line.contains("the bug"))
        .unwrap();
    assert!(
        line.contains("\"level\":\"ERROR\"") && line.contains("invocation-1"),
        "{line}"
    );
    assert!(
        logged
            .lines()
            .any(|line| line.contains("\"request completed\"") && line.contains("\"status\":500")),
        "{logged}"
    );
}

/// In a process of its own: the hook is the process's.
#[test]
fn panic_is_logged_and_not_on_stderr() {
    let output = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "panics::panics_in_a_process_of_its_own",
            "--ignored",
            "--nocapture",
        ])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let (stdout, stderr) = (
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    );
    assert!(
        !stderr.contains("the bug") && !stderr.contains("panicked"),
        "{stderr}"
    );
    let lines: Vec<_> = stdout
        .lines()
        .filter(|line| line.starts_with('{') && line.contains("\"level\":\"ERROR\""))
        .collect();
    assert!(
        lines.iter().all(|line| line.contains("invocation-1")),
        "{stdout}"
    );
    let hook = lines
        .iter()
        .find(|line| line.contains("\"message\":\"a panic occurred\""))
        .unwrap();
    assert!(
        hook.contains("tests/support/src/faulty.rs:") && !hook.contains("the bug"),
        "{hook}"
    );
    assert_eq!(
        lines.iter().filter(|line| line.contains("the bug")).count(),
        1,
        "its message is logged once: {stdout}"
    );
}

#[tokio::test]
#[ignore = "run by the test above"]
async fn panics_in_a_process_of_its_own() {
    let subscriber = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_writer(std::io::stdout)
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    log_panics();
    let mut service = over_a_table_with_a_bug().await;
    let request = asks_for_an_invitation().body(Body::empty()).unwrap();
    assert_eq!(
        service.call(request).await.unwrap().status(),
        StatusCode::INTERNAL_SERVER_ERROR
    );
}
