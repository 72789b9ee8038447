//! Schedules, deliveries and what counts as done.

use local::host::{Host, HostOptions, Level};
use serde_json::{Value, json};

use crate::support::{AppFolder, wait_for};

#[tokio::test]
async fn a_timer_is_delivered_as_the_host_does() {
    let host = Host::start(AppFolder::new().timer("Sweep", "0 0 3 * * *").options())
        .await
        .unwrap();
    host.trigger("sweep").await.unwrap();
    wait_for("the delivery", || {
        host.log()
            .iter()
            .any(|line| line.text == "invocation: true")
    })
    .await;
    let line = host
        .log()
        .into_iter()
        .find_map(|line| line.text.strip_prefix("swept: ").map(str::to_owned))
        .unwrap();
    let body: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(
        body["Data"]["timer"],
        json!({"Schedule": {"AdjustForDST": true}, "ScheduleStatus": null, "IsPastDue": false})
    );
    assert_eq!(body["Metadata"]["sys"]["MethodName"], "Sweep");
    assert!(
        host.log()
            .iter()
            .any(|line| line.text == "logged by the answer")
    );
}

#[tokio::test]
async fn other_answers_are_failures_that_say_why() {
    let names = [
        "Empty",
        "Null",
        "NoContent",
        "Text",
        "Shapeless",
        "Fails",
        "Never",
    ];
    let folder = names
        .iter()
        .fold(AppFolder::new(), |folder, name| {
            folder.timer(name, "0 0 3 * * *")
        })
        .host_json(|host| host["functionTimeout"] = json!("00:00:01"));
    let host = Host::start(folder.options()).await.unwrap();
    for (name, part) in [
        (
            "Empty",
            "hangs until its functionTimeout: it answered 200 OK with an empty body",
        ),
        ("Null", "hangs until its functionTimeout: it answered null"),
        (
            "NoContent",
            "hangs until its functionTimeout: it answered 204",
        ),
        ("Text", "\"text/plain\", not application/json"),
        (
            "Shapeless",
            "not an object with Outputs, Logs and ReturnValue",
        ),
        ("Fails", "it answered 500"),
        ("Never", "did not answer within its functionTimeout, 1 s"),
    ] {
        let error = host.trigger(name).await.unwrap_err().to_string();
        assert!(error.contains(part), "{name}: {error}");
    }
}

#[tokio::test]
async fn only_timers_can_be_triggered() {
    let host = Host::start(AppFolder::new().http("Echo", json!({})).options())
        .await
        .unwrap();
    assert_eq!(
        host.trigger("Echo").await.unwrap_err().to_string(),
        "Echo is not a timer"
    );
    assert_eq!(
        host.trigger("Nothing").await.unwrap_err().to_string(),
        "there is no function Nothing"
    );
}

#[tokio::test]
async fn schedules_run_by_themselves_and_tell_when_they_last_ran() {
    let host = Host::start(HostOptions {
        timers: true,
        ..AppFolder::new().timer("Sweep", "* * * * * *").options()
    })
    .await
    .unwrap();
    let swept = || {
        host.log()
            .into_iter()
            .filter_map(|line| line.text.strip_prefix("swept: ").map(str::to_owned))
            .collect::<Vec<_>>()
    };
    wait_for("two runs", || swept().len() >= 2).await;
    let status = |at: usize| {
        serde_json::from_str::<Value>(&swept()[at]).unwrap()["Data"]["timer"]["ScheduleStatus"]
            .clone()
    };
    assert_eq!(status(0), Value::Null);
    assert!(status(1)["Last"].as_str() < status(1)["Next"].as_str());
}

#[tokio::test]
async fn a_scheduled_failure_is_an_error_in_the_log_and_disabled_timers_do_not_run() {
    let disabled = json!({"disabled": true, "bindings": [{"type": "timerTrigger", "direction": "in", "name": "timer", "schedule": "* * * * * *"}]});
    let folder = AppFolder::new()
        .timer("Fails", "* * * * * *")
        .function("Sweep", disabled);
    let host = Host::start(HostOptions {
        timers: true,
        ..folder.options()
    })
    .await
    .unwrap();
    wait_for("two failures", || {
        host.log()
            .iter()
            .filter(|line| line.level == Level::Error && line.text.contains("Fails failed"))
            .count()
            >= 2
    })
    .await;
    assert!(!host.log().iter().any(|line| line.text.starts_with("swept")));
}

#[tokio::test]
async fn a_timer_can_run_at_start() {
    let schedule = "0 0 3 * * *";
    let trigger = json!({"type": "timerTrigger", "direction": "in", "name": "timer", "schedule": schedule, "runOnStartup": true});
    let folder = AppFolder::new().function("Sweep", json!({"bindings": [trigger]}));
    let host = Host::start(HostOptions {
        timers: true,
        ..folder.options()
    })
    .await
    .unwrap();
    wait_for("the run", || {
        host.log().iter().any(|line| line.text.starts_with("swept"))
    })
    .await;
}
