//! A handler for the tests of the host: echoes requests, misbehaves on request, and reports what
//! happens to it on stdout.

use std::{collections::BTreeMap, env, fs::OpenOptions, io::Write, process::exit, time::Duration};

use axum::{
    Json, Router,
    body::Body,
    extract::Request,
    http::{
        HeaderMap, StatusCode,
        header::{ALT_SVC, CONTENT_TYPE, LOCATION, SET_COOKIE},
    },
    middleware::{self, Next},
    response::{AppendHeaders, IntoResponse, Response},
    routing::{any, get, post},
};
use http_body_util::{BodyExt, channel::Channel};
use serde_json::{Value, json};
use tokio::time::sleep;

const DONE: &str = r#"{"Outputs":{},"Logs":["logged by the answer"],"ReturnValue":null}"#;
const JSON: &str = "application/json";

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    misbehave_at_start().await?;
    let port: u16 = env::var("FUNCTIONS_CUSTOMHANDLER_PORT")?.parse()?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    print("the echo handler listens");
    let _ = writeln!(
        std::io::stderr(),
        "a WARNING on stderr\na failure on stderr"
    );
    axum::serve(listener, http().merge(timers())).await?;
    Ok(())
}

/// `ECHO_AT_START`: `exit:CODE`, `sleep:MILLISECONDS`, or nothing.
async fn misbehave_at_start() -> anyhow::Result<()> {
    print("the echo handler starts");
    match env::var("ECHO_AT_START")
        .unwrap_or_default()
        .split_once(':')
    {
        Some(("exit", code)) => exit(code.parse()?),
        Some(("sleep", milliseconds)) => sleep(Duration::from_millis(milliseconds.parse()?)).await,
        _ => {}
    }
    Ok(())
}

fn http() -> Router {
    let headers = [
        (LOCATION, "/api/Echo"),
        (SET_COOKIE, "a=1"),
        (SET_COOKIE, "b=2"),
        (ALT_SVC, "clear"),
    ];
    Router::new()
        .route("/api/CrashOnce", any(crash_once))
        .route(
            "/api/Exit",
            post(async |code: String| -> () { exit(code.parse().unwrap_or(1)) }),
        )
        .route(
            "/api/Answer",
            get(async move || (StatusCode::SEE_OTHER, AppendHeaders(headers))),
        )
        .route("/api/Environment", get(environment))
        .route("/api/Slow", any(slow))
        .route(
            "/api/Mirror",
            post(async |request: Request| Response::new(request.into_body())),
        )
        .route("/api/Stream", get(stream))
        .fallback(echo)
        .layer(middleware::from_fn(report_arrival))
}

async fn report_arrival(request: Request, next: Next) -> Response {
    let id = request
        .headers()
        .get("x-azure-functions-invocationid")
        .cloned();
    print(&format!(
        "arrived: {} {} {id:?}",
        request.method(),
        request.uri()
    ));
    next.run(request).await
}

fn timers() -> Router {
    let answer = |content_type: &'static str, body: &'static str| {
        post(async move || ([(CONTENT_TYPE, content_type)], body))
    };
    Router::new()
        .route("/Sweep", post(sweep))
        .route(
            "/Empty",
            post(async || {
                print("an empty answer");
                ([(CONTENT_TYPE, JSON)], "")
            }),
        )
        .route("/Object", answer(JSON, "{}"))
        .route("/Null", answer(JSON, "null"))
        .route("/Text", answer("text/plain", DONE))
        .route("/Array", answer(JSON, "[1]"))
        .route("/NoContent", post(async || StatusCode::NO_CONTENT))
        .route("/Fails", post(async || StatusCode::INTERNAL_SERVER_ERROR))
        .route("/Never", post(std::future::pending::<StatusCode>))
}

async fn echo(request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = body.collect().await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let text = |value: &axum::http::HeaderValue| value.to_str().unwrap_or_default().to_owned();
    let headers = parts
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), text(value)));
    Json(json!({
        "path": parts.uri.path(),
        "query": parts.uri.query(),
        "headers": headers.collect::<Vec<_>>(),
        "body": String::from_utf8_lossy(&body.to_bytes()),
    }))
    .into_response()
}

async fn environment() -> Json<BTreeMap<String, String>> {
    let mut all: BTreeMap<_, _> = env::vars().collect();
    let at = env::current_dir()
        .map(|at| at.display().to_string())
        .unwrap_or_default();
    all.insert("working directory".into(), at);
    Json(all)
}

/// Crashes at the first call, and answers those of the next processes.
async fn crash_once() -> &'static str {
    let first = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open("crashed")
        .is_ok();
    if first {
        exit(1)
    }
    "answered"
}

async fn sweep(headers: HeaderMap, Json(body): Json<Value>) -> Response {
    print(&format!("swept: {body}"));
    let chunked = headers
        .get("transfer-encoding")
        .is_some_and(|value| value == "chunked");
    if chunked && headers.contains_key("x-azure-functions-invocationid") {
        print("chunked, invocation id");
    }
    ([(CONTENT_TYPE, JSON)], DONE).into_response()
}

/// Answers after a long time; reports on stdout when the caller left before.
async fn slow() -> &'static str {
    struct Cancelled;
    impl Drop for Cancelled {
        fn drop(&mut self) {
            print("Slow was cancelled");
        }
    }
    let cancelled = Cancelled;
    sleep(Duration::from_secs(20)).await;
    std::mem::forget(cancelled);
    "at last"
}

/// One chunk at once, and the second a good while later.
async fn stream() -> Body {
    let (mut chunks, body) = Channel::<_, std::convert::Infallible>::new(1);
    tokio::spawn(async move {
        let _ = chunks.send_data("one".into()).await;
        sleep(Duration::from_millis(700)).await;
        let _ = chunks.send_data("two".into()).await;
    });
    Body::new(body)
}

fn print(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}
