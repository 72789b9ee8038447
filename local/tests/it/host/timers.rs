//! Schedules, deliveries and what counts as done.

use local::host::{Host, Level};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::support::{AppFolder, Running, get, lines, wait_for};

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

/// "`{}` will do; non-2xx or another content type fails it."
#[tokio::test]
async fn other_answers_are_failures() {
    let answers = [
        ("Text", "\"text/plain\", not application/json"),
        ("Array", "its answer is wrong"),
        ("Fails", "it answered 500"),
    ];
    let folder = AppFolder::new().timer("Object", "0 0 3 * * *");
    let folder = answers.iter().fold(folder, |folder, (name, _)| {
        folder.timer(name, "0 0 3 * * *")
    });
    let host = folder.start().await;
    host.trigger("Object").await.unwrap();
    for (name, part) in answers {
        let error = host.trigger(name).await.unwrap_err().to_string();
        assert!(error.contains(part), "{name}: {error}");
    }
}

fn impatient(folder: AppFolder) -> AppFolder {
    folder.host_json(|host| host["functionTimeout"] = json!("00:00:01"))
}

/// "An empty body, 204 or `null` leaves the invocation hanging until `functionTimeout`, then the
/// handler is restarted."
#[tokio::test]
async fn a_hanging_timer_restarts_the_handler() {
    for (name, part) in [
        ("Empty", "answered 200 OK without a JSON object"),
        ("Null", "answered 200 OK without a JSON object"),
        ("NoContent", "answered 204 No Content without a JSON object"),
        ("Never", "Never failed"),
    ] {
        let folder = AppFolder::with(&["Echo"]).timer(name, "0 0 3 * * *");
        let host = impatient(folder).start().await;
        let pid = host.handler_pid();
        let error = host.trigger(name).await.unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
        assert!(
            error.ends_with("no answer within functionTimeout, 1 s"),
            "{error}"
        );
        assert_eq!(get(&host, "/api/Echo").await.status(), StatusCode::OK);
        assert_ne!(host.handler_pid(), pid, "{name}");
    }
}

/// A daily timer, and what the host remembers of it.
async fn daily(name: &str, next: &str) -> (Running, TempDir) {
    let state = tempfile::tempdir().unwrap();
    let status = json!({"Last": "2026-11-21T03:00:00.000Z", "Next": next});
    std::fs::write(
        state.path().join(format!("{name}.json")),
        status.to_string(),
    )
    .unwrap();
    let start = impatient(AppFolder::new().timer(name, "0 0 3 * * *")).start_with(|options| {
        options.timers = true;
        options.timer_state = Some(state.path().into());
    });
    (start.await.unwrap(), state)
}

/// "Then the handler is restarted and the timer fires again at once."
#[tokio::test]
async fn a_timer_that_hung_fires_again_at_once() {
    let (host, _state) = daily("Empty", "2026-11-22T03:00:00.000Z").await;
    wait_for("a second run", || lines(&host, "an empty answer") >= 2).await;
}

/// "A past-due daily timer fires at the next start with `IsPastDue: true`."
#[tokio::test]
async fn a_past_due_timer_fires_at_the_start() {
    let (host, state) = daily("Sweep", "2026-11-22T03:00:00.000Z").await;
    wait_for("the run", || !swept(&host).is_empty()).await;
    let timer = swept(&host)[0]["Data"]["timer"].clone();
    assert_eq!(timer["IsPastDue"], true);
    assert_eq!(timer["ScheduleStatus"]["Last"], "2026-11-21T03:00:00.000Z");
    let file = state.path().join("Sweep.json");
    let remembered = || std::fs::read_to_string(&file).unwrap();
    wait_for("the host to remember it", || {
        remembered().contains(r#""Last":"2026-11-22T03:00:00.000Z""#)
    })
    .await;
    assert_eq!(swept(&host).len(), 1);
}

#[tokio::test]
async fn a_timer_that_is_not_due_waits() {
    let (host, _state) = daily("Sweep", "9999-11-22T03:00:00.000Z").await;
    host.trigger("Sweep").await.unwrap();
    wait_for("the run", || !swept(&host).is_empty()).await;
    assert_eq!(swept(&host).len(), 1, "by hand alone");
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
