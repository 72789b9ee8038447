//! Which function a request reaches.

use local::host::Host;
use reqwest::{Client, StatusCode};
use serde_json::json;

use crate::support::{AppFolder, called, echoed, http_function, raw};

#[tokio::test]
async fn routes_match_in_any_case_with_a_trailing_slash_and_without_optional_segments() {
    let folder = AppFolder::new().http(
        "Invitations",
        json!({"route": "Invitations/{id?}/{action?}"}),
    );
    let host = Host::start(folder.options()).await.unwrap();
    for path in [
        "/api/Invitations",
        "/API/invitations/",
        "/api/Invitations/1",
        "/api/Invitations/1/resend?x=%20y",
    ] {
        let answer = echoed(called(&host, path).await).await;
        let query = answer["query"]
            .as_str()
            .map(|query| format!("?{query}"))
            .unwrap_or_default();
        assert_eq!(
            format!("{}{query}", answer["path"].as_str().unwrap()),
            path,
            "the original path and query arrive"
        );
    }
}

#[tokio::test]
async fn unmatched_paths_and_methods_are_empty_404s() {
    let folder = AppFolder::new()
        .http("Echo", json!({}))
        .http("Number", json!({"route": "Number/{n:int}"}))
        .timer("Sweep", "0 0 3 * * *");
    let host = Host::start(folder.options()).await.unwrap();
    for (method, path) in [
        ("GET", "/"),
        ("POST", "/Sweep"),
        ("POST", "/api/Sweep"),
        ("POST", "/api/../Sweep"),
        ("POST", "/api/%2e%2e/Sweep"),
        ("GET", "/Echo"),
        ("GET", "/api"),
        ("GET", "/api/Echo/more"),
        ("GET", "/api/Number/seven"),
        ("PUT", "/api/Echo"),
        ("HEAD", "/api/Echo"),
        ("OPTIONS", "/api/Echo"),
    ] {
        let answer = raw(&host, &format!("{method} {path} HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")).await;
        assert!(
            answer.starts_with("HTTP/1.1 404"),
            "{method} {path}: {answer}"
        );
        assert!(
            answer.ends_with("\r\n\r\n"),
            "{method} {path} has an empty body: {answer}"
        );
    }
    assert!(
        !host.log().iter().any(|line| line.text.starts_with("swept")),
        "no timer was reached from outside"
    );
}

#[tokio::test]
async fn head_passes_where_it_is_listed() {
    let folder = AppFolder::new().http("Echo", json!({"methods": ["get", "head"]}));
    let host = Host::start(folder.options()).await.unwrap();
    let answer = Client::new()
        .head(format!("{}/api/Echo", host.url()))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.text().await.unwrap().is_empty());
}

#[tokio::test]
async fn the_first_function_by_name_wins_and_a_wrong_method_goes_on_to_the_next() {
    let folder = AppFolder::new()
        .http("B", json!({"route": "thing", "authLevel": "function"}))
        .http("a", json!({"route": "{any}", "methods": ["get"]}));
    let host = Host::start(folder.options()).await.unwrap();
    assert_eq!(
        called(&host, "/api/thing").await.status(),
        StatusCode::OK,
        "a comes first and is open"
    );
    let posted = Client::new()
        .post(format!("{}/api/thing", host.url()))
        .send()
        .await
        .unwrap();
    assert_eq!(
        posted.status(),
        StatusCode::UNAUTHORIZED,
        "B takes POST and is closed"
    );
}

#[tokio::test]
async fn a_disabled_function_is_not_there() {
    let mut json = http_function(&json!({}));
    json["disabled"] = json!(true);
    let host = Host::start(AppFolder::new().function("Echo", json).options())
        .await
        .unwrap();
    assert_eq!(
        called(&host, "/api/Echo").await.status(),
        StatusCode::NOT_FOUND
    );
}
