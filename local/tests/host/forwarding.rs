//! The way of older hosts.

use std::time::{Duration, Instant};

use local::host::{Host, HostOptions, Mode};
use reqwest::header::SET_COOKIE;
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use serde_json::json;

use crate::support::{AppFolder, called, echoed, header_of, raw};

async fn host(folder: AppFolder) -> Host {
    Host::start(HostOptions {
        mode: Mode::Forwarding,
        ..folder.options()
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn the_original_host_arrives_and_duplicate_query_keys_are_joined() {
    let host = host(AppFolder::new().http("Echo", json!({}))).await;
    let url = format!("{}/api/Echo?a=1&b=2&a=3", host.url());
    let answer = echoed(
        Client::new()
            .get(url)
            .header("host", "portal.example")
            .send()
            .await
            .unwrap(),
    )
    .await;
    assert_eq!(header_of(&answer, "host").unwrap(), "portal.example");
    assert_eq!(answer["query"], "a=1%2C3&b=2");
    assert_eq!(
        header_of(&answer, "x-azure-functions-invocationid")
            .unwrap()
            .len(),
        36
    );
}

#[tokio::test]
async fn a_body_without_a_length_is_lost_and_one_with_a_length_is_not() {
    let host = host(AppFolder::new().http("Echo", json!({}))).await;
    let head = "POST /api/Echo HTTP/1.1\r\nHost: h\r\nConnection: close\r\n";
    let chunked = raw(
        &host,
        &format!("{head}Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n0\r\n\r\n"),
    )
    .await;
    assert!(chunked.contains("\"body_length\":0"), "{chunked}");
    let sized = raw(&host, &format!("{head}Content-Length: 3\r\n\r\none")).await;
    assert!(sized.contains("\"body_length\":3"), "{sized}");
}

#[tokio::test]
async fn answers_are_buffered_and_cookies_and_redirects_pass() {
    let host = host(
        AppFolder::new()
            .http("Stream", json!({}))
            .http("Cookies", json!({}))
            .http("Redirect", json!({})),
    )
    .await;
    let asked = Instant::now();
    let answer = called(&host, "/api/Stream").await;
    assert!(
        asked.elapsed() >= Duration::from_millis(600),
        "not even the head comes before the end"
    );
    assert_eq!(answer.headers()["content-length"], "6");
    assert_eq!(answer.text().await.unwrap(), "onetwo");
    assert_eq!(
        called(&host, "/api/Cookies")
            .await
            .headers()
            .get_all(SET_COOKIE)
            .iter()
            .count(),
        2
    );
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    let redirect = client
        .get(format!("{}/api/Redirect", host.url()))
        .send()
        .await
        .unwrap();
    assert_eq!(redirect.status(), StatusCode::SEE_OTHER);
}
