//! A toy handler for the tests of the host: echoes, misbehaves on request, and reports what happens
//! to it on stdout.

use std::{
    convert::Infallible,
    io::Write,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::Request,
    http::{
        StatusCode,
        header::{CONTENT_TYPE, LOCATION, SET_COOKIE},
    },
    response::{AppendHeaders, IntoResponse, Response},
    routing::{any, get, post},
};
use http_body::Frame;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tokio::{sync::mpsc, time::sleep};

const DONE: &str = r#"{"Outputs":{},"Logs":["logged by the answer"],"ReturnValue":null}"#;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    misbehave_at_start().await?;
    let port: u16 = std::env::var("FUNCTIONS_CUSTOMHANDLER_PORT")?.parse()?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    say("the echo handler listens");
    complain("a warning on stderr");
    complain("a failure on stderr");
    axum::serve(listener, http().merge(timers())).await?;
    Ok(())
}

/// `ECHO_AT_START`: `exit:CODE`, `sleep:MILLISECONDS`, or nothing.
async fn misbehave_at_start() -> anyhow::Result<()> {
    say("the echo handler starts");
    match std::env::var("ECHO_AT_START")
        .unwrap_or_default()
        .split_once(':')
    {
        Some(("exit", code)) => std::process::exit(code.parse()?),
        Some(("sleep", milliseconds)) => sleep(Duration::from_millis(milliseconds.parse()?)).await,
        _ => {}
    }
    Ok(())
}

fn http() -> Router {
    Router::new()
        .route(
            "/api/Crash",
            any(async || -> StatusCode { std::process::exit(1) }),
        )
        .route(
            "/api/Leave",
            any(async || -> StatusCode { std::process::exit(0) }),
        )
        .route(
            "/api/Redirect",
            get(async || (StatusCode::SEE_OTHER, [(LOCATION, "/api/Echo")])),
        )
        .route(
            "/api/Cookies",
            get(async || AppendHeaders([(SET_COOKIE, "a=1"), (SET_COOKIE, "b=2")])),
        )
        .route(
            "/api/HopByHop",
            get(async || [("keep-alive", "timeout=5"), ("x-kept", "yes")]),
        )
        .route(
            "/api/Environment",
            get(async || Json(std::env::vars().collect::<std::collections::BTreeMap<_, _>>())),
        )
        .route(
            "/api/Directory",
            get(async || {
                std::env::current_dir()
                    .map(|at| at.display().to_string())
                    .unwrap_or_default()
            }),
        )
        .route("/api/Slow", any(slow))
        .route(
            "/api/Mirror",
            post(async |request: Request| Response::new(request.into_body())),
        )
        .route("/api/Stream", get(stream))
        .fallback(echo)
}

fn timers() -> Router {
    let answer = |content_type: &'static str, body: &'static str| {
        post(async move || ([(CONTENT_TYPE, content_type)], body))
    };
    Router::new()
        .route("/Sweep", post(sweep))
        .route("/Empty", answer("application/json", ""))
        .route("/Null", answer("application/json", "null"))
        .route("/Text", answer("text/plain", DONE))
        .route("/Shapeless", answer("application/json", "{\"ok\":true}"))
        .route("/NoContent", post(async || StatusCode::NO_CONTENT))
        .route("/Fails", post(async || StatusCode::INTERNAL_SERVER_ERROR))
        .route("/Never", post(std::future::pending::<StatusCode>))
}

async fn echo(request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = body.collect().await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let headers: Vec<(&str, &str)> = parts
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.to_str().unwrap_or_default()))
        .collect();
    Json(json!({
        "method": parts.method.as_str(),
        "path": parts.uri.path(),
        "query": parts.uri.query(),
        "headers": headers,
        "body_length": body.to_bytes().len(),
    }))
    .into_response()
}

async fn sweep(headers: axum::http::HeaderMap, Json(body): Json<Value>) -> Response {
    say(&format!("swept: {body}"));
    say(&format!(
        "invocation: {}",
        headers.contains_key("x-azure-functions-invocationid")
    ));
    ([(CONTENT_TYPE, "application/json")], DONE).into_response()
}

/// Answers after a long time; says so on stdout when the caller went away before.
async fn slow() -> &'static str {
    struct Gone;
    impl Drop for Gone {
        fn drop(&mut self) {
            say("the caller of Slow went away");
        }
    }
    let gone = Gone;
    say("Slow was called");
    sleep(Duration::from_secs(20)).await;
    std::mem::forget(gone);
    "at last"
}

/// One chunk at once, and the second a good while later.
async fn stream() -> Body {
    let (chunks, received) = mpsc::channel(1);
    tokio::spawn(async move {
        let _ = chunks.send(Bytes::from_static(b"one")).await;
        sleep(Duration::from_millis(700)).await;
        let _ = chunks.send(Bytes::from_static(b"two")).await;
    });
    Body::new(Chunks(received))
}

struct Chunks(mpsc::Receiver<Bytes>);

impl http_body::Body for Chunks {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0
            .poll_recv(cx)
            .map(|chunk| chunk.map(|chunk| Ok(Frame::data(chunk))))
    }
}

fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

fn complain(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
