//! A bug in one request must not end the process, and must not leave the person with nothing.

#![expect(clippy::unwrap_used, reason = "these are tests")]

mod support;

use std::{
    io::Write,
    process::Command,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode},
};
use onboarding::{
    app::App,
    clock::Clock,
    http::observe::log_panics,
    router::router,
    store::table::{Continuation, ETag, Page, Range, Row, Table, TableError, Write as TableWrite},
};
use tower::Service;

/// A table with a bug.
#[derive(Debug)]
struct Panicking;

#[async_trait]
impl Table for Panicking {
    async fn get(&self, _: &str, _: &str) -> Result<Option<Row>, TableError> {
        panic!("the bug")
    }

    async fn query(
        &self,
        _: &str,
        _: &Range,
        _: usize,
        _: Option<&Continuation>,
    ) -> Result<Page, TableError> {
        panic!("the bug")
    }

    async fn commit(&self, _: &str, _: &[TableWrite]) -> Result<Vec<Option<ETag>>, TableError> {
        panic!("the bug")
    }
}

/// A table with nothing in it.
#[derive(Debug)]
struct Empty;

#[async_trait]
impl Table for Empty {
    async fn get(&self, _: &str, _: &str) -> Result<Option<Row>, TableError> {
        Ok(None)
    }

    async fn query(
        &self,
        _: &str,
        _: &Range,
        _: usize,
        _: Option<&Continuation>,
    ) -> Result<Page, TableError> {
        Ok(Page {
            rows: Vec::new(),
            next: None,
        })
    }

    async fn commit(&self, _: &str, _: &[TableWrite]) -> Result<Vec<Option<ETag>>, TableError> {
        Err(TableError::Changed)
    }
}

/// A clock that only the page of the error asks, where the function finds nothing.
fn clock_with_a_bug() -> Clock {
    Clock::from_fn(|| panic!("the bug"))
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_panic_is_answered_with_a_page_and_logged_with_the_invocation() {
    let lines = Lines::default();
    let own = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_writer(move || own.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let config = support::inside::config(&[]);
    let mut service = router(
        App::new(config, Clock::system(), Arc::new(Panicking))
            .unwrap()
            .0,
    );

    for (accept, kind) in [
        ("text/html", "text/html; charset=utf-8"),
        ("application/json", "application/problem+json"),
    ] {
        let request =
            Request::get("/api/InviteUser?invitationId=7d9c1f7e-52f7-4bd0-9a6e-3d8e5f1a2b3c")
                .header("x-azure-functions-invocationid", "invocation-1")
                .header("accept", accept)
                .body(Body::empty())
                .unwrap();
        let answer = service.call(request).await.unwrap();
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(answer.headers()["content-type"], kind);
        let body = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        let body = String::from_utf8(body.to_vec()).unwrap();
        assert!(
            body.contains("Something went wrong on our side") && !body.contains("the bug"),
            "{body}"
        );
    }
    let logged = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
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
async fn a_panic_on_the_page_of_an_error_is_answered_too() {
    let lines = Lines::default();
    let own = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_writer(move || own.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let config = support::inside::config(&[]);
    let mut service = router(
        App::new(config, clock_with_a_bug(), Arc::new(Empty))
            .unwrap()
            .0,
    );
    let request = Request::get("/api/InviteUser?invitationId=7d9c1f7e-52f7-4bd0-9a6e-3d8e5f1a2b3c")
        .header("x-azure-functions-invocationid", "invocation-1")
        .body(Body::empty())
        .unwrap();
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
    let logged = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
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
            .any(|line| line.contains("\"answered\"") && line.contains("\"status\":500")),
        "{logged}"
    );
}

/// In a process of its own: the hook is the process's.
#[test]
fn a_panic_is_a_line_of_the_log_and_nothing_on_stderr() {
    let output = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "panics_in_a_process_of_its_own",
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
        hook.contains("tests/panics.rs:") && !hook.contains("the bug"),
        "{hook}"
    );
    assert_eq!(
        lines.iter().filter(|line| line.contains("the bug")).count(),
        1,
        "its message is told once: {stdout}"
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
    let mut service = router(
        App::new(
            support::inside::config(&[]),
            Clock::system(),
            Arc::new(Panicking),
        )
        .unwrap()
        .0,
    );
    let request = Request::get("/api/InviteUser?invitationId=7d9c1f7e-52f7-4bd0-9a6e-3d8e5f1a2b3c")
        .header("x-azure-functions-invocationid", "invocation-1")
        .body(Body::empty())
        .unwrap();
    assert_eq!(
        service.call(request).await.unwrap().status(),
        StatusCode::INTERNAL_SERVER_ERROR
    );
}
