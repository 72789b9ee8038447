//! Which function a request reaches, and who may call it.

use std::time::{Duration, Instant};

use local::host::{HostOptions, Keys};
use reqwest::{Client, StatusCode};
use serde_json::json;

use super::support::{AppFolder, echoed, get, get_with, header, http_function, lines, post, raw};

const MASTER: &[(&str, &str)] = &[("x-functions-key", "local-master-key")];
const HOST: &[(&str, &str)] = &[("x-functions-key", "local-host-key")];
const WRONG: &[(&str, &str)] = &[("x-functions-key", "wrong")];

/// "Case-insensitive, a trailing slash tolerated."
#[tokio::test]
async fn path_and_query_arrive_as_sent() {
    let route = json!({"route": "Invitations/{id?}/{action?}"});
    let host = AppFolder::new().http("Invitations", route).start().await;
    for path in [
        "/API/invitations/",
        "/api/Invitations/1/resend?x=%20y&x=+&e",
    ] {
        let seen = echoed(get(&host, path).await).await;
        let query = seen["query"]
            .as_str()
            .map(|query| format!("?{query}"))
            .unwrap_or_default();
        assert_eq!(format!("{}{query}", seen["path"].as_str().unwrap()), path);
    }
}

/// "Wrong method, unknown route, one segment too many: 404, empty. HEAD passes only where `methods`
/// lists it."
#[tokio::test]
async fn unmatched_requests_are_empty_404s() {
    let folder = AppFolder::with(&["Echo"])
        .http("Head", json!({"methods": ["head"]}))
        .timer("Sweep", "0 0 3 * * *");
    let host = folder.start().await;
    for (method, path) in [
        ("GET", "/"),
        ("POST", "/Sweep"),
        ("POST", "/api/Sweep"),
        ("POST", "/api/../Sweep"),
        ("POST", "/api/%2e%2e/Sweep"),
        ("GET", "/api/Echo/more"),
        ("PUT", "/api/Echo"),
        ("HEAD", "/api/Echo"),
        ("OPTIONS", "/api/Echo"),
    ] {
        let head = "HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        let answer = raw(&host, &format!("{method} {path} {head}")).await;
        assert!(
            answer.starts_with("HTTP/1.1 404"),
            "{method} {path}: {answer}"
        );
        assert!(answer.ends_with("\r\n\r\n"), "{method} {path}: {answer}");
    }
    assert_eq!(lines(&host, "swept"), 0);
    let head = Client::new()
        .head(format!("{}/api/Head", host.url()))
        .send()
        .await
        .unwrap();
    assert_eq!(head.status(), StatusCode::OK);
}

/// "A `{x}` route of function `Aaa` beats the literal routes of all others."
#[tokio::test]
async fn the_first_function_by_name_wins() {
    let folder = AppFolder::new()
        .http("B", json!({"route": "thing", "authLevel": "function"}))
        .http("a", json!({"route": "{any}", "methods": ["get"]}));
    let host = folder.start().await;
    assert_eq!(get(&host, "/api/thing").await.status(), StatusCode::OK);
    assert_eq!(
        post(&host, "/api/thing", "").await.status(),
        StatusCode::UNAUTHORIZED
    );
}

/// "A disabled function is 404, but the master key still runs it."
#[tokio::test]
async fn disabled_functions_need_the_master_key() {
    let mut json = http_function(&json!({}));
    json["disabled"] = json!(true);
    let host = AppFolder::new()
        .function("Echo", &json.to_string())
        .start()
        .await;
    assert_eq!(
        get_with(&host, "/api/Echo", HOST).await.status(),
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        get_with(&host, "/api/Echo", MASTER).await.status(),
        StatusCode::OK
    );
}

/// "Header beats `?code=`. Missing, wrong: 401, empty. OAuth's `?code=` on an anonymous function
/// passes whatever it is."
#[tokio::test]
async fn keys_open_their_levels() {
    let folder = AppFolder::with(&["Open"])
        .http("Closed", json!({"authLevel": "function"}))
        .http("Root", json!({"authLevel": "admin"}));
    let host = folder.start().await;
    for (path, key, status) in [
        ("/api/Closed", MASTER, 200),
        ("/api/Closed", HOST, 200),
        ("/api/Closed?Code=local-host-key", &[], 200),
        ("/api/Closed?code=wrong", HOST, 200),
        ("/api/Closed?code=local-host-key", WRONG, 401),
        ("/api/Closed", &[("x-functions-key", "")], 401),
        ("/api/Closed", &[], 401),
        ("/api/Open?code=1.oauth", &[], 200),
        ("/api/Open", WRONG, 200),
        ("/api/Root", HOST, 401),
        ("/api/Root", MASTER, 200),
    ] {
        let answer = get_with(&host, path, key).await;
        assert_eq!(answer.status(), status, "{path} {key:?}");
        assert!(status == 200 || answer.text().await.unwrap().is_empty());
    }
    let seen = echoed(get_with(&host, "/api/Closed?code=c", HOST).await).await;
    assert_eq!(seen["query"], "code=c");
    assert_eq!(header(&seen, "x-functions-key").unwrap(), "local-host-key");
}

/// "A host key at `/admin`: 403."
#[tokio::test]
async fn admin_paths_need_the_master_key() {
    let host = AppFolder::with(&["Echo"]).start().await;
    for (key, status) in [
        ("local-host-key", 403),
        ("wrong", 401),
        // The host's own API is not here.
        ("local-master-key", 404),
    ] {
        let answer = get_with(&host, "/admin/host/status", &[("x-functions-key", key)]).await;
        assert_eq!(answer.status(), status, "{key}");
        assert_eq!(answer.text().await.unwrap(), "");
    }
    assert_eq!(get(&host, "/admin/host/status").await.status(), 401);
}

/// "An unmatched key or code makes the host read its secrets again: with the host's storage gone
/// that is an empty 500 after about 25 s"; instances that run "answer what needs no key".
#[tokio::test]
async fn keys_and_codes_fail_without_the_hosts_storage() {
    let folder = AppFolder::with(&["Echo"]).http("Keyed", json!({"authLevel": "function"}));
    let start = folder.start_with(|options| options.limits.storage = Duration::from_millis(300));
    let host = start.await.unwrap();
    host.lose_storage();
    let asked = Instant::now();
    for path in [
        "/api/Echo?code=of-the-sign-in",
        "/api/Keyed?code=local-host-key",
    ] {
        let answer = get(&host, path).await;
        assert_eq!(answer.status(), 500, "{path}");
        assert_eq!(answer.text().await.unwrap(), "");
    }
    assert!(asked.elapsed() >= Duration::from_millis(600));
    assert_eq!(get(&host, "/api/Echo").await.status(), 200);
}

#[tokio::test]
async fn a_taken_port_is_named() {
    let first = AppFolder::with(&["Echo"]).start().await;
    let url = first.url().to_owned();
    let port = url.rsplit(':').next().unwrap().parse().unwrap();
    let start = || AppFolder::with(&["Echo"]).start_with(|options| options.port = port);
    let error = start().await.unwrap_err().to_string();
    assert!(error.contains(&format!("127.0.0.1:{port}")), "{error}");
    first.host.stop().await;
    assert_eq!(start().await.unwrap().url(), url);
}

#[test]
fn debug_output_has_no_keys_and_settings() {
    let env = vec![("SECRET".into(), "hush".into())];
    let options = HostOptions {
        env,
        ..HostOptions::default()
    };
    let shown = format!("{options:?} {:?}", Keys::default());
    assert!(
        !shown.contains("hush") && !shown.contains("local-"),
        "{shown}"
    );
}
