//! What is too much: bodies that are too large or too slow, heads that are too large, and a table
//! that has too much to do.

use std::{
    fs,
    time::{Duration, Instant},
};

use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, Request},
};
use local::stack::Stack;
use onboarding::{app::App, clock::Clock, router::router};
use support::{
    KNOWN, Store,
    faulty::{self, Fault, FaultyTable},
    inside, invitation, invite, start,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tower::Service;

/// The handler's own socket, as the host reaches it.
async fn handler(stack: &Stack) -> TcpStream {
    let url = stack.host.handler_url();
    TcpStream::connect(url.trim_start_matches("http://").trim_end_matches('/'))
        .await
        .unwrap()
}

/// The most memory that the handler ever had, in KiB.
fn peak(stack: &Stack) -> u64 {
    let status = fs::read_to_string(format!(
        "/proc/{}/status",
        stack.host.handler_pid().unwrap()
    ))
    .unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// The answer, read to its end: a client that still writes and is reset has none.
async fn answer(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

fn head(path: &str, more: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n{more}\r\n\r\n"
    )
}

#[tokio::test]
async fn a_body_of_100_mib_is_refused_and_takes_no_memory() {
    let stack = start(Store::Embedded).await;
    let before = peak(&stack);
    let megabyte = vec![b'x'; 1 << 20];
    for (path, chunked) in [
        ("/api/Invitations", false),
        ("/api/Invitations", true),
        ("/api/CreateCompany", false),
        ("/DeliverEvents", true),
    ] {
        let mut stream = handler(&stack).await;
        let length = if chunked {
            "transfer-encoding: chunked".to_owned()
        } else {
            format!("content-length: {}", 100 << 20)
        };
        stream
            .write_all(head(path, &length).as_bytes())
            .await
            .unwrap();
        for _ in 0..100 {
            if chunked {
                stream.write_all(b"100000\r\n").await.unwrap();
            }
            stream.write_all(&megabyte).await.unwrap();
            if chunked {
                stream.write_all(b"\r\n").await.unwrap();
            }
        }
        if chunked {
            stream.write_all(b"0\r\n\r\n").await.unwrap();
        }
        let answer = answer(&mut stream).await;
        assert!(answer.starts_with("HTTP/1.1 413 "), "{path}: {answer}");
        assert!(
            path != "/api/Invitations" || answer.contains("too-large"),
            "{answer}"
        );
    }
    let grown = peak(&stack) - before;
    assert!(grown < 16 * 1024, "{grown} KiB");
}

/// Through the host, as a browser that reads its answer only when it has written all.
#[tokio::test]
async fn a_form_that_is_far_too_large_is_answered_by_a_page() {
    let stack = start(Store::Embedded).await;
    let answer = reqwest::Client::new()
        .post(format!("{}/api/CreateCompany", stack.url()))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(vec![b'a'; 5 << 20])
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 413);
    assert!(answer.text().await.unwrap().contains("<main"));
}

#[tokio::test]
async fn a_body_that_trickles_is_given_up_within_seconds() {
    let stack = start(Store::Embedded).await;
    let before = peak(&stack);
    let begun = Instant::now();
    let slow = (0..50).map(|_| async {
        let (mut read, mut write) = handler(&stack).await.into_split();
        write.write_all(head("/api/Invitations", "content-length: 1000").as_bytes()).await.unwrap();
        let trickle = async {
            loop {
                // Fails once the other side has had enough.
                if write.write_all(b"x").await.is_err() {
                    std::future::pending::<()>().await;
                }
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
        };
        let mut answer = [0; 4096];
        let length = tokio::select! { length = read.read(&mut answer) => length.unwrap(), () = trickle => 0 };
        String::from_utf8_lossy(&answer[..length]).into_owned()
    });
    for answer in futures::future::join_all(slow).await {
        assert!(
            answer.starts_with("HTTP/1.1 408 ") && answer.contains("too-slow"),
            "{answer}"
        );
    }
    assert!(
        begun.elapsed() < Duration::from_secs(25),
        "{:?}",
        begun.elapsed()
    );
    assert!(peak(&stack) - before < 16 * 1024);
    invite(&stack, &invitation(KNOWN, "Anna", "Meier")).await;
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let stack = start(Store::Embedded).await;
    for headers in [
        format!("x: {}", "y".repeat(1 << 20)),
        (0..1000)
            .map(|n| format!("x-{n}: y\r\n"))
            .collect::<String>()
            + "z: z",
    ] {
        let mut stream = handler(&stack).await;
        // It may be refused before all of it is written.
        let _ = stream
            .write_all(head("/api/Invitations", &headers).as_bytes())
            .await;
        let mut answer = [0; 64];
        let length = stream.read(&mut answer).await.unwrap_or_default();
        let answer = String::from_utf8_lossy(&answer[..length]).into_owned();
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 431 "),
            "{answer}"
        );
    }
    invite(&stack, &invitation(KNOWN, "Anna", "Meier")).await;
}

async fn asked(busy: &Fault, method: &str, path: &str, body: &str) -> (u16, HeaderMap, String) {
    let table = FaultyTable::start(Store::Embedded).await;
    table.plan(faulty::any(), busy.clone());
    let (app, _intents) = App::new(inside::config(&[]), Clock::system(), table).unwrap();
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", "application/json");
    let request = request
        .header("idempotency-key", "k")
        .body(Body::from(body.to_owned()))
        .unwrap();
    let (head, body) = router(app).call(request).await.unwrap().into_parts();
    (
        head.status.as_u16(),
        head.headers,
        String::from_utf8(to_bytes(body, 1 << 20).await.unwrap().to_vec()).unwrap(),
    )
}

#[tokio::test]
async fn throttled_table_yields_429_or_503() {
    let mut posted = invitation(KNOWN, "Anna", "Meier");
    posted["sendEmail"] = false.into();
    let posted = posted.to_string();
    let id = "0".repeat(32);
    let one = format!("/api/Invitations/{id}");
    let link = "/api/InviteUser?invitationId=3f2504e0-4f89-41d3-9a0c-0305e82c3301";
    for (throttled, retry_after, seconds, status, code) in [
        (true, Some(7), "7", 429, "throttled"),
        (true, None, "10", 429, "throttled"),
        (false, Some(7), "7", 503, "unavailable"),
        (false, None, "10", 503, "unavailable"),
    ] {
        let busy = Fault::Busy {
            throttled,
            retry_after: retry_after.map(Duration::from_secs),
        };
        for (method, path, body) in [
            ("GET", one.as_str(), ""),
            ("POST", "/api/Invitations", posted.as_str()),
        ] {
            let (answered, headers, body) = asked(&busy, method, path, body).await;
            assert_eq!(
                (answered, headers["retry-after"].to_str().unwrap()),
                (status, seconds),
                "{method} {path}"
            );
            assert!(
                body.contains(&format!(":{code}\""))
                    && body.contains(&format!("\"status\":{status}")),
                "{body}"
            );
        }
        let (answered, headers, body) = asked(&busy, "GET", link, "").await;
        assert_eq!(
            (answered, headers["retry-after"].to_str().unwrap()),
            (503, seconds),
            "a page"
        );
        assert!(body.contains("<main"));
    }
}
