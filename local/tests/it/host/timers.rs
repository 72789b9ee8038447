//! Schedules, deliveries and what counts as done.

use local::host::{Host, Level};
use serde_json::{Value, json};

use super::support::{AppFolder, Running, lines, wait_for};

/// The timer objects that arrived.
fn swept(host: &Host) -> Vec<Value> {
    let lines = host.log().into_iter().map(|line| line.text);
    lines
        .filter_map(|line| serde_json::from_str(line.strip_prefix("swept: ")?).ok())
        .collect()
}

async fn scheduled(folder: AppFolder) -> Running {
    folder
        .start_with(|options| options.timers = true)
        .await
        .unwrap()
}

/// "Timers arrive as `POST /<FunctionName>`, chunked JSON; the timer object has `Schedule`,
/// `ScheduleStatus` (or null), `IsPastDue`."
#[tokio::test]
async fn a_timer_is_delivered_as_by_the_host() {
    let host = AppFolder::new().timer("Sweep", "0 0 3 * * *").start().await;
    host.trigger("sweep").await.unwrap();
    wait_for("the delivery", || {
        lines(&host, "chunked, invocation id") == 1
    })
    .await;
    let body = swept(&host).remove(0);
    let timer = json!({
        "Schedule": {"AdjustForDST": true}, "ScheduleStatus": null, "IsPastDue": false
    });
    assert_eq!(body["Data"]["timer"], timer);
    assert_eq!(body["Metadata"]["sys"]["MethodName"], "Sweep");
    assert_eq!(lines(&host, "logged by the answer"), 1);
    let error = host.trigger("Nothing").await.unwrap_err();
    assert_eq!(error.to_string(), "there is no timer Nothing");
}

/// "`{}` will do: an empty body, 204 or `null` leaves the invocation hanging until
/// `functionTimeout`; non-2xx or another content type fails it."
#[tokio::test]
async fn other_answers_are_failures() {
    let answers = [
        ("Empty", "answered 200 OK without a JSON object"),
        ("Null", "answered 200 OK without a JSON object"),
        ("NoContent", "answered 204 No Content without a JSON object"),
        ("Text", "\"text/plain\", not application/json"),
        ("Array", "its answer is wrong"),
        ("Fails", "it answered 500"),
        ("Never", "no answer within functionTimeout, 1 s"),
    ];
    let folder = AppFolder::new().timer("Object", "0 0 3 * * *");
    let folder = answers.iter().fold(folder, |folder, (name, _)| {
        folder.timer(name, "0 0 3 * * *")
    });
    let host = folder.host_json(|host| host["functionTimeout"] = json!("00:00:01"));
    let host = host.start().await;
    host.trigger("Object").await.unwrap();
    for (name, part) in answers {
        let error = host.trigger(name).await.unwrap_err().to_string();
        assert!(error.contains(part), "{name}: {error}");
    }
}

/// "No run at the start."
#[tokio::test]
async fn schedules_run_by_themselves() {
    let host = scheduled(AppFolder::new().timer("Sweep", "* * * * * *")).await;
    wait_for("two runs", || swept(&host).len() >= 2).await;
    let status = |at: usize| swept(&host)[at]["Data"]["timer"]["ScheduleStatus"].clone();
    assert_eq!(status(0), Value::Null);
    assert!(status(1)["Last"].as_str() < status(1)["Next"].as_str());
}

#[tokio::test]
async fn a_failed_run_is_logged_and_disabled_ones_rest() {
    let disabled = r#"{"disabled": true, "bindings": [
        {"type": "timerTrigger", "name": "timer", "schedule": "* * * * * *"}]}"#;
    let host = scheduled(
        AppFolder::new()
            .timer("Fails", "* * * * * *")
            .function("Sweep", disabled),
    )
    .await;
    let failures = || {
        let log = host.log();
        let errors = log.iter().filter(|line| line.level == Level::Error);
        errors
            .filter(|line| line.text.starts_with("Fails failed"))
            .count()
    };
    wait_for("two failures", || failures() >= 2).await;
    assert!(swept(&host).is_empty());
}
