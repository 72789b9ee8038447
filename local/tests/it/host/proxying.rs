//! What happens to a request and its answer on the way.

use std::time::{Duration, Instant};

use local::host::{Limits, Mode};
use reqwest::{StatusCode, header::SET_COOKIE};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::support::{
    AppFolder, Running, connect, echoed, get, get_with, header, lines, post, raw, wait_for,
};

async fn forwarding(names: &[&str]) -> Running {
    let start = AppFolder::with(names).start_with(|options| options.mode = Mode::Forwarding);
    start.await.unwrap()
}

async fn limited(names: &[&str], limits: Limits) -> Running {
    AppFolder::with(names)
        .start_with(|options| options.limits = limits)
        .await
        .unwrap()
}

/// "`Host` becomes `127.0.0.1:port`; `X-Forwarded-For/-Host/-Proto` are overwritten,
/// `X-Forwarded-Prefix` and `Forwarded` removed; a client's `X-Azure-Functions-InvocationId` is
/// overwritten; `x-ms-client-principal` is forgeable."
#[tokio::test]
async fn headers_about_the_caller_are_overwritten() {
    let host = AppFolder::with(&["Echo"]).start().await;
    let forged = [
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-proto",
        "x-forwarded-prefix",
        "forwarded",
        "x-azure-functions-invocationid",
        "x-ms-client-principal",
    ];
    let mut headers = forged.map(|name| (name, "forged")).to_vec();
    headers.push(("host", "portal.example"));
    let seen = echoed(get_with(&host, "/api/Echo", &headers).await).await;
    let seen = |name| header(&seen, name).unwrap_or_default();
    assert_eq!(format!("http://{}", seen("host")), host.handler_url());
    assert_eq!(seen("x-forwarded-for"), "127.0.0.1");
    assert_eq!(seen("x-forwarded-host"), "portal.example");
    assert_eq!(seen("x-forwarded-proto"), "http");
    assert_eq!(seen("x-forwarded-prefix") + &seen("forwarded"), "");
    assert_eq!(seen("x-azure-functions-invocationid").len(), 36);
    assert_eq!(
        seen("x-azure-functions-invocationid"),
        seen("x-ms-invocation-id")
    );
    assert!(seen("x-azure-functions-hostversion").starts_with("4."));
    assert_eq!(seen("x-ms-client-principal"), "forged");
}

/// "Headers named in `Connection` are kept. Answers come through unchanged, but for
/// `Server: Kestrel`, and without `Keep-Alive` and `Alt-Svc`."
#[tokio::test]
async fn hop_by_hop_headers_stay_on_their_hop() {
    let host = AppFolder::with(&["Echo", "Answer"]).start().await;
    let headers = [
        ("connection", "x-mine"),
        ("x-mine", "1"),
        ("te", "trailers"),
    ];
    let seen = echoed(get_with(&host, "/api/Echo", &headers).await).await;
    assert_eq!(header(&seen, "x-mine").unwrap(), "1");
    assert_eq!(
        (header(&seen, "connection"), header(&seen, "te")),
        (None, None)
    );

    let answer = get(&host, "/api/Answer").await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let headers = answer.headers();
    assert!(!headers.contains_key("keep-alive") && !headers.contains_key("alt-svc"));
    assert_eq!(headers["location"], "/api/Echo");
    assert_eq!(headers["server"], "Kestrel");
    assert_eq!(
        headers.get_all(SET_COOKIE).iter().collect::<Vec<_>>(),
        ["a=1", "b=2"]
    );
}

/// "A chunked body is sent on chunked."
#[tokio::test]
async fn bodies_stream_in_both_directions() {
    let host = AppFolder::with(&["Mirror"]).start().await;
    let mut connection = connect(&host).await;
    for (sent, expected) in [
        (
            "POST /api/Mirror HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n",
            "",
        ),
        ("3\r\none\r\n", "3\r\none\r\n"),
        ("3\r\ntwo\r\n0\r\n\r\n", "3\r\ntwo\r\n0\r\n\r\n"),
    ] {
        connection.write_all(sent.as_bytes()).await.unwrap();
        let mut seen = Vec::new();
        while !seen.ends_with(expected.as_bytes()) {
            assert_ne!(
                connection.read_buf(&mut seen).await.unwrap(),
                0,
                "closed early"
            );
        }
    }
}

/// "Request line over 8 KiB 414, headers over 32 KiB 431, body over 104,857,600 bytes an empty
/// 500."
#[tokio::test]
async fn large_requests_are_refused() {
    let host = AppFolder::with(&["Echo"]).start().await;
    let request = |query: usize, header: usize, length: &str| {
        let (query, header) = ("q".repeat(query), "h".repeat(header));
        format!(
            "POST /api/Echo?{query} HTTP/1.1\r\nHost: h\r\nConnection: close\r\nX: {header}\r\n\
             Content-Length: {length}\r\n\r\n"
        )
    };
    for (request, status) in [
        (request(8 * 1024 - 50, 0, "0"), "200"),
        (request(8 * 1024, 0, "0"), "414"),
        (request(0, 32 * 1024 - 100, "0"), "200"),
        (request(0, 32 * 1024, "0"), "431"),
        (request(0, 0, "104857601"), "500"),
    ] {
        let answer = raw(&host, &request).await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}")),
            "{status}: {answer}"
        );
    }
    let host = limited(
        &["Echo"],
        Limits {
            request_body: 10,
            ..Limits::default()
        },
    )
    .await;
    let head = "POST /api/Echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\
                Connection: close\r\n\r\n";
    let answer = raw(&host, &format!("{head}b\r\n12345678901\r\n0\r\n\r\n")).await;
    assert!(answer.starts_with("HTTP/1.1 500"), "{answer}");
    let answer = raw(&host, &format!("{head}a\r\n1234567890\r\n0\r\n\r\n")).await;
    assert!(answer.contains("\"body\":\"1234567890\""), "{answer}");
}

/// "HTTP/1.0 without `Host`: 500."
#[tokio::test]
async fn http_1_0_needs_a_host() {
    let host = AppFolder::with(&["Echo"]).start().await;
    for (header, status) in [("", "500"), ("Host: example.com\r\n", "200")] {
        let request = format!("GET /api/Echo HTTP/1.0\r\n{header}\r\n");
        let answer = raw(&host, &request).await;
        assert_eq!(answer.split(' ').nth(1), Some(status), "{answer}");
    }
}

/// "240 s idle: 500, one arrival, handler not restarted."
#[tokio::test]
async fn an_idle_request_is_ended() {
    let limits = Limits {
        idle: Duration::from_millis(300),
        ..Limits::default()
    };
    let host = limited(&["Slow", "Stream"], limits).await;
    let pid = host.handler_pid();
    assert_eq!(
        get(&host, "/api/Slow").await.status(),
        StatusCode::INTERNAL_SERVER_ERROR
    );
    assert_eq!(lines(&host, "arrived: GET /api/Slow"), 1);
    let mut answer = get(&host, "/api/Stream").await;
    assert_eq!(answer.chunk().await.unwrap().unwrap(), "one");
    assert!(
        answer.chunk().await.is_err(),
        "the second chunk comes too late"
    );
    assert_eq!(host.handler_pid(), pid);
}

#[tokio::test]
async fn a_caller_that_leaves_cancels_the_request() {
    let host = AppFolder::with(&["Slow"]).start().await;
    let mut connection = connect(&host).await;
    connection
        .write_all(b"GET /api/Slow HTTP/1.1\r\nHost: h\r\n\r\n")
        .await
        .unwrap();
    wait_for("the call", || lines(&host, "arrived: GET /api/Slow") == 1).await;
    drop(connection);
    wait_for("the handler to notice", || {
        lines(&host, "Slow was cancelled") == 1
    })
    .await;
}

/// "A GET, or a POST without a body, that fails in any way, a reset after the handler had it
/// included, is sent again, with the same invocation id; the client sees 200."
#[tokio::test]
async fn requests_without_a_body_are_repeated() {
    for method in ["GET", "POST"] {
        let host = AppFolder::with(&["CrashOnce"]).start().await;
        let head = "Host: h\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        let answer = raw(
            &host,
            &format!("{method} /api/CrashOnce HTTP/1.1\r\n{head}"),
        )
        .await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        let arrived = |line: &String| line.starts_with("arrived") && line.contains("CrashOnce");
        let lines = host.log().into_iter().map(|line| line.text);
        let arrivals: Vec<_> = lines.filter(arrived).collect();
        assert_eq!(arrivals.len(), 2, "{arrivals:?}");
        assert_eq!(arrivals[0], arrivals[1], "the same invocation id");
    }
}

/// "A request with a body is never sent again: empty 500."
#[tokio::test]
async fn requests_with_a_body_are_not_repeated() {
    let host = AppFolder::with(&["CrashOnce", "Echo"]).start().await;
    let answer = post(&host, "/api/CrashOnce", "body").await;
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(answer.text().await.unwrap(), "");
    assert_eq!(lines(&host, "arrived: POST"), 1);
    host.kill_handler().await;
    let seen = echoed(post(&host, "/api/Echo", "while it restarts").await).await;
    assert_eq!(seen["body"], "while it restarts");
}

/// "Original `Host`; `X-Forwarded-*` come from the client unchanged; the invocation id is appended
/// to a forged one; `User-Agent` is extended; duplicate query keys are comma-joined, `+` becomes
/// `%20`, `e` becomes `e=`; `Content-Encoding` is dropped."
#[tokio::test]
async fn forwarding_changes_other_headers() {
    let host = forwarding(&["Echo"]).await;
    let headers = [
        ("host", "portal.example"),
        ("x-forwarded-for", "forged"),
        ("x-azure-functions-invocationid", "forged"),
        ("user-agent", "browser"),
        ("content-encoding", "gzip"),
    ];
    let seen = echoed(get_with(&host, "/api/Echo?a=1&b=x+y&A=3&e", &headers).await).await;
    assert_eq!(seen["query"], "a=1%2C3&b=x%20y&e=");
    let seen = |name| header(&seen, name).unwrap_or_default();
    assert_eq!(
        (seen("host"), seen("x-forwarded-for")),
        (headers[0].1.into(), "forged".into())
    );
    assert!(seen("x-azure-functions-invocationid").starts_with("forged, "));
    assert!(seen("user-agent").starts_with("browser "));
    assert_eq!(seen("content-encoding"), "");
}

/// "A body without `Content-Length` is a 500; a crash is a 500 at once, without repetition."
#[tokio::test]
async fn forwarding_buffers_and_never_repeats() {
    let host = forwarding(&["Echo", "Stream", "CrashOnce"]).await;
    let head = "POST /api/Echo HTTP/1.1\r\nHost: h\r\nConnection: close\r\n";
    let chunked = format!("{head}Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n0\r\n\r\n");
    assert!(raw(&host, &chunked).await.starts_with("HTTP/1.1 500"));
    assert_eq!(
        echoed(post(&host, "/api/Echo", "one").await).await["body"],
        "one"
    );
    let asked = Instant::now();
    let answer = get(&host, "/api/Stream").await;
    assert!(
        asked.elapsed() >= Duration::from_millis(600),
        "the head comes with the end"
    );
    assert_eq!(answer.text().await.unwrap(), "onetwo");
    let crash = get(&host, "/api/CrashOnce").await;
    assert_eq!(crash.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(lines(&host, "arrived: GET /api/CrashOnce"), 1);
}
