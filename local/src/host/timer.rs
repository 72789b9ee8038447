//! Timers: when they are due, how they are delivered, and what counts as done.

use anyhow::{Context, anyhow, bail};
use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::{
        StatusCode,
        header::{CONTENT_TYPE, TRANSFER_ENCODING},
    },
};
use chrono::{DateTime, SecondsFormat, Utc};
use http_body_util::BodyExt;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::sleep;
use uuid::Uuid;

use super::{
    log::Log,
    model::{App, TimerTrigger},
    proxy::{Proxy, Trigger, error_chain},
    schedule::{Schedule, setting_in},
};

type Env = [(String, String)];

/// What the settings lack for the timers of an app.
pub(super) fn settings_problems(app: &App, env: &Env) -> Vec<String> {
    let mut problems = Vec::new();
    for (function, timer) in app.timers() {
        let storage = |(name, _): &(String, String)| name.starts_with("AzureWebJobsStorage");
        if !env.iter().any(storage) {
            problems.push(format!(
                "{}: a timer needs AzureWebJobsStorage",
                function.name
            ));
        }
        if let Err(problem) = schedule(timer, env) {
            problems.push(format!("{}: {problem}", function.name));
        }
    }
    problems
}

/// The schedule as it is, or as the setting says that it names.
pub(super) fn schedule(timer: &TimerTrigger, env: &Env) -> Result<Schedule, String> {
    let Some(setting) = setting_in(&timer.schedule) else {
        return Schedule::parse(&timer.schedule);
    };
    let value = env.iter().find(|(name, _)| name == setting);
    Schedule::parse(&value.ok_or(format!("the setting {setting} is missing"))?.1)
}

/// Delivers a timer whenever it is due, and never at the start.
pub(super) async fn run(
    name: String,
    binding: String,
    schedule: Schedule,
    proxy: &Proxy,
    log: &Log,
) {
    let (mut status, mut last) = (Value::Null, Utc::now());
    while let Some(due) = schedule.next_after(last.max(Utc::now())) {
        sleep((due - Utc::now()).to_std().unwrap_or_default()).await;
        if let Err(error) = deliver(&name, &binding, &status, proxy, log).await {
            log.error(format!("{error:#}"));
        }
        let next = schedule.next_after(due).map(text);
        status = json!({ "Last": text(due), "Next": next, "LastUpdated": text(Utc::now()) });
        last = due;
    }
}

/// Delivers one timer by hand.
pub(super) async fn trigger(app: &App, name: &str, proxy: &Proxy, log: &Log) -> anyhow::Result<()> {
    let timer = app
        .timers()
        .find(|(function, _)| function.name.eq_ignore_ascii_case(name));
    let (function, timer) = timer.with_context(|| format!("there is no timer {name}"))?;
    deliver(&function.name, &timer.binding, &Value::Null, proxy, log).await
}

async fn deliver(
    name: &str,
    binding: &str,
    status: &Value,
    proxy: &Proxy,
    log: &Log,
) -> anyhow::Result<()> {
    let payload = json!({
        "Data": { binding: {
            "Schedule": { "AdjustForDST": true }, "ScheduleStatus": status, "IsPastDue": false
        } },
        "Metadata": { "sys": {
            "MethodName": name, "UtcNow": text(Utc::now()), "RandGuid": Uuid::new_v4()
        } },
    });
    let request = Request::post(proxy.uri(name))
        .header(CONTENT_TYPE, "application/json; charset=utf-8")
        .header(TRANSFER_ENCODING, "chunked")
        .header("x-azure-functions-invocationid", Uuid::new_v4().to_string())
        .body(Body::from(payload.to_string()))?;
    let (head, body) = request.into_parts();
    let answer = proxy
        .invoke(Trigger::Timer, head, body)
        .await
        .map_err(|why| anyhow!("{name} failed: {why}"))?;
    let (head, body) = answer.into_parts();
    let content_type = head
        .headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let body = body
        .collect()
        .await
        .map_err(|error| anyhow!(error_chain(&error)))?;
    match check_answer(
        head.status,
        content_type.unwrap_or_default(),
        &body.to_bytes(),
    ) {
        Ok(lines) => lines.into_iter().for_each(|line| log.information(line)),
        Err(why) => bail!("{name} failed: {why}"),
    }
    Ok(())
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Invoked {
    #[serde(default)]
    logs: Vec<String>,
}

/// The lines that the handler wants logged, or why the host would call the invocation failed.
fn check_answer(
    status: StatusCode,
    content_type: &str,
    body: &Bytes,
) -> Result<Vec<String>, String> {
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    if !status.is_success() {
        return Err(format!("it answered {status}"));
    }
    if body.is_empty() || &body[..] == b"null" {
        // The host waits until functionTimeout, restarts the handler and fires again at once.
        return Err(format!(
            "it answered {status} without a JSON object, so the host waits on"
        ));
    }
    if !media_type.eq_ignore_ascii_case("application/json") {
        return Err(format!(
            "its answer is \"{media_type}\", not application/json"
        ));
    }
    let invoked = serde_json::from_slice::<Invoked>(body);
    invoked
        .map(|invoked| invoked.logs)
        .map_err(|error| format!("its answer is wrong: {error}"))
}

fn text(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}
