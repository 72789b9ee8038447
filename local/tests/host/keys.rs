//! Who may call what.

use local::host::{Host, HostOptions, Keys};
use reqwest::{Client, StatusCode};
use serde_json::json;

use crate::support::{AppFolder, echoed, header_of};

fn folder() -> AppFolder {
    AppFolder::new()
        .http("Closed", json!({"authLevel": "function"}))
        .http("Open", json!({}))
        .http("Root", json!({"authLevel": "admin"}))
}

fn some_keys() -> Keys {
    let functions = [
        ("Closed".to_owned(), "own".to_owned()),
        ("Open".to_owned(), "others".to_owned()),
    ];
    Keys {
        master: "master".into(),
        host: "host".into(),
        functions: functions.into(),
    }
}

async fn status(host: &Host, path: &str, header: Option<&str>) -> StatusCode {
    let mut request = Client::new().get(format!("{}{path}", host.url()));
    if let Some(key) = header {
        request = request.header("x-functions-key", key);
    }
    let answer = request.send().await.unwrap();
    let status = answer.status();
    if status == StatusCode::UNAUTHORIZED {
        assert_eq!(
            answer.text().await.unwrap(),
            "",
            "a refusal has an empty body"
        );
    }
    status
}

#[tokio::test]
async fn level_function_takes_the_master_the_host_and_its_own_key() {
    let host = Host::start(HostOptions {
        keys: some_keys(),
        ..folder().options()
    })
    .await
    .unwrap();
    for key in ["master", "host", "own"] {
        assert_eq!(
            status(&host, "/api/Closed", Some(key)).await,
            StatusCode::OK,
            "{key} in the header"
        );
        assert_eq!(
            status(&host, &format!("/api/Closed?code={key}"), None).await,
            StatusCode::OK,
            "{key} in the query"
        );
    }
    for key in ["others", "OWN", ""] {
        assert_eq!(
            status(&host, "/api/Closed", Some(key)).await,
            StatusCode::UNAUTHORIZED,
            "{key}"
        );
    }
    assert_eq!(
        status(&host, "/api/Closed", None).await,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn the_header_beats_the_query() {
    let host = Host::start(HostOptions {
        keys: some_keys(),
        ..folder().options()
    })
    .await
    .unwrap();
    assert_eq!(
        status(&host, "/api/Closed?code=own", Some("wrong")).await,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        status(&host, "/api/Closed?code=wrong", Some("own")).await,
        StatusCode::OK
    );
}

#[tokio::test]
async fn anonymous_is_open_and_admin_takes_the_master_key_only() {
    let host = Host::start(HostOptions {
        keys: some_keys(),
        ..folder().options()
    })
    .await
    .unwrap();
    assert_eq!(status(&host, "/api/Open", None).await, StatusCode::OK);
    assert_eq!(
        status(&host, "/api/Open", Some("wrong")).await,
        StatusCode::OK
    );
    assert_eq!(
        status(&host, "/api/Root", Some("host")).await,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        status(&host, "/api/Root", Some("master")).await,
        StatusCode::OK
    );
}

#[tokio::test]
async fn without_auth_every_caller_is_admin() {
    let host = Host::start(HostOptions {
        auth: false,
        ..folder().options()
    })
    .await
    .unwrap();
    assert_eq!(status(&host, "/api/Closed", None).await, StatusCode::OK);
    assert_eq!(
        status(&host, "/api/Root", Some("wrong")).await,
        StatusCode::OK
    );
}

#[tokio::test]
async fn the_key_reaches_the_handler_too() {
    let host = Host::start(HostOptions {
        keys: some_keys(),
        ..folder().options()
    })
    .await
    .unwrap();
    let url = format!("{}/api/Closed?code=own", host.url());
    let answer = echoed(
        Client::new()
            .get(url)
            .header("x-functions-key", "own")
            .send()
            .await
            .unwrap(),
    )
    .await;
    assert_eq!(answer["query"], "code=own");
    assert_eq!(header_of(&answer, "x-functions-key").unwrap(), "own");
}

#[test]
fn keys_and_settings_are_not_shown_by_debug() {
    let options = HostOptions {
        keys: some_keys(),
        env: vec![("SECRET".into(), "hush".into())],
        ..HostOptions::default()
    };
    let shown = format!("{options:?} {:?}", options.keys);
    assert!(
        !shown.contains("hush") && !shown.contains("master"),
        "{shown}"
    );
}
