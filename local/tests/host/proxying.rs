//! The way of newer hosts.

use std::time::{Duration, Instant};

use local::host::{Host, HostOptions, Limits};
use reqwest::header::{HeaderValue, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{AppFolder, called, echoed, header_of, headers_of, raw, wait_for};

#[tokio::test]
async fn host_and_forwarding_headers_are_the_hosts_own() {
    let host = Host::start(AppFolder::new().http("Echo", json!({})).options())
        .await
        .unwrap();
    let mut request = Client::new()
        .get(format!("{}/api/Echo", host.url()))
        .header("host", "portal.example");
    for name in [
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-proto",
        "x-forwarded-prefix",
        "forwarded",
        "x-azure-functions-invocationid",
    ] {
        request = request.header(name, "spoofed");
    }
    let answer = echoed(
        request
            .header("x-ms-client-principal", "forged")
            .send()
            .await
            .unwrap(),
    )
    .await;
    assert_eq!(
        format!("http://{}", header_of(&answer, "host").unwrap()),
        host.handler_url()
    );
    assert_eq!(headers_of(&answer, "x-forwarded-for"), ["127.0.0.1"]);
    assert_eq!(headers_of(&answer, "x-forwarded-host"), ["portal.example"]);
    assert_eq!(headers_of(&answer, "x-forwarded-proto"), ["http"]);
    assert_eq!(header_of(&answer, "x-forwarded-prefix"), None);
    assert_eq!(header_of(&answer, "forwarded"), None);
    assert_eq!(
        header_of(&answer, "x-azure-functions-invocationid")
            .unwrap()
            .len(),
        36
    );
    assert_eq!(
        header_of(&answer, "x-ms-client-principal").unwrap(),
        "forged",
        "the host lets it through"
    );
}

#[tokio::test]
async fn hop_by_hop_headers_stay_on_their_hop() {
    let host = Host::start(
        AppFolder::new()
            .http("Echo", json!({}))
            .http("HopByHop", json!({}))
            .options(),
    )
    .await
    .unwrap();
    let url = format!("{}/api/Echo", host.url());
    let request = Client::new()
        .get(url)
        .header("connection", "x-mine")
        .header("x-mine", "1")
        .header("te", "trailers")
        .header("x-kept", "1");
    let answer = echoed(request.send().await.unwrap()).await;
    for name in ["connection", "x-mine", "te"] {
        assert_eq!(header_of(&answer, name), None, "{name}");
    }
    assert_eq!(header_of(&answer, "x-kept").unwrap(), "1");
    let back = called(&host, "/api/HopByHop").await;
    assert!(back.headers().get("keep-alive").is_none());
    assert_eq!(back.headers()["x-kept"], "yes");
}

#[tokio::test]
async fn redirects_and_several_cookies_pass_through() {
    let host = Host::start(
        AppFolder::new()
            .http("Redirect", json!({}))
            .http("Cookies", json!({}))
            .options(),
    )
    .await
    .unwrap();
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    let redirect = client
        .get(format!("{}/api/Redirect", host.url()))
        .send()
        .await
        .unwrap();
    assert_eq!(
        (redirect.status(), &redirect.headers()["location"]),
        (
            StatusCode::SEE_OTHER,
            &HeaderValue::from_static("/api/Echo")
        )
    );
    let cookies = called(&host, "/api/Cookies").await;
    assert_eq!(
        cookies
            .headers()
            .get_all(SET_COOKIE)
            .iter()
            .collect::<Vec<_>>(),
        ["a=1", "b=2"]
    );
}

#[tokio::test]
async fn answers_stream() {
    let host = Host::start(AppFolder::new().http("Stream", json!({})).options())
        .await
        .unwrap();
    let mut answer = called(&host, "/api/Stream").await;
    let started = Instant::now();
    assert_eq!(answer.chunk().await.unwrap().unwrap(), "one");
    assert!(
        started.elapsed() < Duration::from_millis(500),
        "the first chunk does not wait for the second"
    );
    assert_eq!(answer.chunk().await.unwrap().unwrap(), "two");
}

#[tokio::test]
async fn request_bodies_stream_even_without_a_length() {
    let host = Host::start(AppFolder::new().http("Mirror", json!({})).options())
        .await
        .unwrap();
    let mut connection = TcpStream::connect(host.url().trim_start_matches("http://"))
        .await
        .unwrap();
    connection.write_all(b"POST /api/Mirror HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n").await.unwrap();
    read_until(&mut connection, "3\r\none\r\n").await;
    connection
        .write_all(b"3\r\ntwo\r\n0\r\n\r\n")
        .await
        .unwrap();
    read_until(&mut connection, "3\r\ntwo\r\n0\r\n\r\n").await;
}

#[tokio::test]
async fn a_body_over_the_limit_is_413_whether_its_length_is_told_or_not() {
    let folder = AppFolder::new().http("Echo", json!({}));
    let host = Host::start(folder.options()).await.unwrap();
    let told = raw(&host, "POST /api/Echo HTTP/1.1\r\nHost: h\r\nContent-Length: 104857601\r\nConnection: close\r\n\r\n").await;
    assert!(told.starts_with("HTTP/1.1 413"), "{told}");
    host.stop().await;

    let limits = Limits {
        request_body: 10,
        ..Limits::default()
    };
    let host = Host::start(HostOptions {
        limits,
        ..folder.options()
    })
    .await
    .unwrap();
    let head = "POST /api/Echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
    let untold = raw(&host, &format!("{head}b\r\n12345678901\r\n0\r\n\r\n")).await;
    assert!(untold.starts_with("HTTP/1.1 413"), "{untold}");
    let fits = raw(&host, &format!("{head}a\r\n1234567890\r\n0\r\n\r\n")).await;
    assert!(fits.contains("\"body_length\":10"), "{fits}");
}

#[tokio::test]
async fn a_request_that_stands_still_is_ended() {
    let folder = AppFolder::new()
        .http("Slow", json!({}))
        .http("Stream", json!({}));
    let limits = Limits {
        idle: Duration::from_millis(300),
        ..Limits::default()
    };
    let host = Host::start(HostOptions {
        limits,
        ..folder.options()
    })
    .await
    .unwrap();
    assert_eq!(
        called(&host, "/api/Slow").await.status(),
        StatusCode::INTERNAL_SERVER_ERROR
    );
    let mut halting = called(&host, "/api/Stream").await;
    assert_eq!(halting.chunk().await.unwrap().unwrap(), "one");
    assert!(
        halting.chunk().await.is_err(),
        "the second chunk comes too late"
    );
}

#[tokio::test]
async fn a_caller_who_goes_away_cancels_the_request() {
    let host = Host::start(AppFolder::new().http("Slow", json!({})).options())
        .await
        .unwrap();
    let mut connection = TcpStream::connect(host.url().trim_start_matches("http://"))
        .await
        .unwrap();
    connection
        .write_all(b"GET /api/Slow HTTP/1.1\r\nHost: h\r\n\r\n")
        .await
        .unwrap();
    wait_for("the call to arrive", || {
        host.log().iter().any(|line| line.text == "Slow was called")
    })
    .await;
    drop(connection);
    wait_for("the handler to notice", || {
        host.log()
            .iter()
            .any(|line| line.text == "the caller of Slow went away")
    })
    .await;
}

#[tokio::test]
async fn duplicate_query_keys_stay_apart() {
    let host = Host::start(AppFolder::new().http("Echo", json!({})).options())
        .await
        .unwrap();
    assert_eq!(
        echoed(called(&host, "/api/Echo?a=1&b=2&a=3").await).await["query"],
        "a=1&b=2&a=3"
    );
}

async fn read_until(connection: &mut TcpStream, end: &str) {
    let mut seen = Vec::new();
    let reading = async {
        while !seen.ends_with(end.as_bytes()) {
            assert_ne!(
                connection.read_buf(&mut seen).await.unwrap(),
                0,
                "the host closed early"
            );
        }
    };
    tokio::time::timeout(Duration::from_secs(5), reading)
        .await
        .unwrap();
}
