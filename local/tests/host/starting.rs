//! From the folder to a handler that answers.

use std::path::Path;
use std::time::Duration;

use local::host::{Host, HostOptions, Limits};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::support::{AppFolder, called};

#[tokio::test]
async fn the_handler_gets_the_hosts_variables_the_settings_and_nothing_else() {
    let folder = AppFolder::new()
        .http("Environment", json!({}))
        .http("Directory", json!({}));
    let options = HostOptions {
        env: vec![("PLATFORM_NAME".into(), "My Platform".into())],
        ..folder.options()
    };
    let host = Host::start(options).await.unwrap();
    let env: Value = called(&host, "/api/Environment")
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(env["PLATFORM_NAME"], "My Platform");
    assert_eq!(
        host.handler_url(),
        format!(
            "http://127.0.0.1:{}",
            env["FUNCTIONS_CUSTOMHANDLER_PORT"].as_str().unwrap()
        )
    );
    assert!(
        !env["FUNCTIONS_CUSTOMHANDLER_WORKER_ID"]
            .as_str()
            .unwrap()
            .is_empty()
    );
    assert_eq!(
        Path::new(env["FUNCTIONS_APP_ROOT_PATH"].as_str().unwrap()),
        folder.path()
    );
    assert!(
        env.get("CARGO_MANIFEST_DIR").is_none(),
        "the environment of the test must not leak"
    );
    let directory = called(&host, "/api/Directory").await.text().await.unwrap();
    assert_eq!(Path::new(&directory), folder.path().canonicalize().unwrap());
}

#[tokio::test]
async fn a_taken_port_is_one_clear_error_that_names_it() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = taken.local_addr().unwrap().port();
    let folder = AppFolder::new().http("Echo", json!({}));
    let error = Host::start(HostOptions {
        port,
        ..folder.options()
    })
    .await
    .unwrap_err();
    assert!(
        error.to_string().contains(&format!("127.0.0.1:{port}")),
        "{error}"
    );
}

#[tokio::test]
async fn a_free_port_of_ones_choice_is_taken() {
    let port = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let folder = AppFolder::new().http("Echo", json!({}));
    let host = Host::start(HostOptions {
        port,
        ..folder.options()
    })
    .await
    .unwrap();
    assert_eq!(host.url(), format!("http://127.0.0.1:{port}"));
    assert_eq!(host.functions()[0].name, "Echo");
}

#[tokio::test]
async fn problems_of_the_folder_the_settings_and_the_handler_come_together() {
    let folder = AppFolder::new().timer("Sweep", "%SWEEP_AT%");
    let error = Host::start(HostOptions {
        env: vec![],
        handler: Some("/nowhere/handler".into()),
        ..folder.options()
    })
    .await
    .unwrap_err()
    .to_string();
    for part in [
        "AzureWebJobsStorage",
        "SWEEP_AT",
        "/nowhere/handler does not exist",
    ] {
        assert!(error.contains(part), "{part}: {error}");
    }
}

#[tokio::test]
async fn a_timer_is_content_with_a_storage_identity() {
    let folder = AppFolder::new().timer("Sweep", "%SWEEP_AT%");
    let env = vec![
        ("AzureWebJobsStorage__accountName".into(), "account".into()),
        ("SWEEP_AT".into(), "0 0 3 * * *".into()),
    ];
    Host::start(HostOptions {
        env,
        ..folder.options()
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_handler_that_needs_a_moment_is_waited_for() {
    let folder = AppFolder::new().http("Echo", json!({}));
    let host = Host::start(folder.options_at_start("sleep:600"))
        .await
        .unwrap();
    assert_eq!(called(&host, "/api/Echo").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_handler_that_never_answers_is_given_up() {
    let folder = AppFolder::new().http("Echo", json!({}));
    let limits = Limits {
        ready: Duration::from_millis(300),
        ..Limits::default()
    };
    let error = Host::start(HostOptions {
        limits,
        ..folder.options_at_start("sleep:60000")
    })
    .await
    .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("did not answer GET / within 0.3 s"),
        "{error}"
    );
}

#[tokio::test]
async fn a_handler_that_leaves_with_0_at_start_is_not_restarted() {
    let folder = AppFolder::new().http("Echo", json!({}));
    let error = Host::start(folder.options_at_start("exit:0"))
        .await
        .unwrap_err()
        .to_string();
    assert!(error.contains("exited with 0"), "{error}");
    assert_eq!(
        error.matches("the echo handler starts").count(),
        1,
        "{error}"
    );
}

#[tokio::test]
async fn a_handler_that_crashes_at_start_is_tried_three_times() {
    let folder = AppFolder::new().http("Echo", json!({}));
    let error = Host::start(folder.options_at_start("exit:3"))
        .await
        .unwrap_err()
        .to_string();
    assert!(error.contains("third time"), "{error}");
    assert_eq!(
        error.matches("the echo handler starts").count(),
        3,
        "{error}"
    );
}
