//! A bug in one request must not end the process, and must not leave the person with nothing.

#![expect(clippy::unwrap_used, reason = "these are tests")]

mod support;

use std::{
    io::Write,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode},
};
use onboarding::{
    app::{App, router},
    clock::Clock,
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

    async fn query(&self, _: &str, _: &Range, _: usize, _: Option<&Continuation>) -> Result<Page, TableError> {
        panic!("the bug")
    }

    async fn commit(&self, _: &str, _: &[TableWrite]) -> Result<Vec<Option<ETag>>, TableError> {
        panic!("the bug")
    }
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
    let subscriber = tracing_subscriber::fmt().json().flatten_event(true).with_writer(move || own.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let config = support::inside::config(&[]);
    let mut service = router(App::new(config, Clock::system(), Arc::new(Panicking)).unwrap().0);

    for (accept, kind) in [("text/html", "text/html; charset=utf-8"), ("application/json", "application/problem+json")] {
        let request = Request::get("/api/InviteUser?invitationId=7d9c1f7e-52f7-4bd0-9a6e-3d8e5f1a2b3c")
            .header("x-azure-functions-invocationid", "invocation-1")
            .header("accept", accept)
            .body(Body::empty())
            .unwrap();
        let answer = service.call(request).await.unwrap();
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(answer.headers()["content-type"], kind);
        let body = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        let body = String::from_utf8(body.to_vec()).unwrap();
        assert!(body.contains("Something went wrong on our side") && !body.contains("the bug"), "{body}");
    }
    let logged = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    let line = logged.lines().find(|line| line.contains("the bug")).unwrap();
    assert!(line.contains("\"level\":\"ERROR\"") && line.contains("invocation-1"), "{line}");

    let next = service.call(Request::get("/api/InviteUser").body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(next.status(), StatusCode::BAD_REQUEST, "the next request is served");
}
