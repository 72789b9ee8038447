//! Timers: when they are due, how they are delivered, and what counts as done.

use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
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
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use super::{
    log::Log,
    model::{App, TimerTrigger},
    proxy::{Proxy, Trigger},
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

/// Delivers a timer whenever it is due: at the start only if a run is past due, and again at once if
/// it hung.
pub(super) async fn run(
    name: String,
    binding: String,
    schedule: Schedule,
    state: Option<PathBuf>,
    proxy: &Proxy,
    log: &Log,
) {
    let file = state.map(|folder| folder.join(format!("{name}.json")));
    let mut status = file.as_deref().map(read_status).unwrap_or_default();
    let missed = status["Next"].as_str().and_then(|next| next.parse().ok());
    let missed = missed.filter(|next: &DateTime<Utc>| *next <= Utc::now());
    let (mut is_past_due, mut next) = (missed.is_some(), missed);
    loop {
        let Some(due) = next.take().or_else(|| schedule.next_after(Utc::now())) else {
            return;
        };
        sleep((due - Utc::now()).to_std().unwrap_or_default()).await;
        let timer = timer_object(&status, is_past_due);
        match deliver(&name, &binding, &timer, proxy, log).await {
            Ok(()) => {}
            Err(Failed { why, hung }) => {
                log.error(format!("{why:#}"));
                if hung {
                    next = Some(due);
                    continue;
                }
            }
        }
        is_past_due = false;
        let following = schedule.next_after(due.max(Utc::now())).map(text);
        status = json!({ "Last": text(due), "Next": following, "LastUpdated": text(Utc::now()) });
        if let Some(file) = &file
            && let Err(error) = std::fs::write(file, status.to_string())
        {
            log.error(format!("{}: {error}", file.display()));
        }
    }
}

fn read_status(file: &Path) -> Value {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

fn timer_object(status: &Value, is_past_due: bool) -> Value {
    json!({
        "Schedule": { "AdjustForDST": true }, "ScheduleStatus": status, "IsPastDue": is_past_due
    })
}

/// Delivers one timer by hand.
pub(super) async fn trigger(app: &App, name: &str, proxy: &Proxy, log: &Log) -> anyhow::Result<()> {
    let timer = app
        .timers()
        .find(|(function, _)| function.name.eq_ignore_ascii_case(name));
    let (function, timer) = timer.with_context(|| format!("there is no timer {name}"))?;
    let object = timer_object(&Value::Null, false);
    let delivered = deliver(&function.name, &timer.binding, &object, proxy, log).await;
    delivered.map_err(|failed| failed.why)
}

/// An invocation that failed.
struct Failed {
    why: anyhow::Error,
    /// Whether it was open at `functionTimeout`.
    hung: bool,
}

impl<E: Into<anyhow::Error>> From<E> for Failed {
    fn from(why: E) -> Self {
        let (why, hung) = (why.into(), false);
        Self { why, hung }
    }
}

async fn deliver(
    name: &str,
    binding: &str,
    timer: &Value,
    proxy: &Proxy,
    log: &Log,
) -> Result<(), Failed> {
    let payload = json!({
        "Data": { binding: timer },
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
    let begun = Instant::now();
    let invoked = proxy.invoke(Trigger::Timer, head, body).await;
    let answer = invoked.map_err(|why| Failed {
        hung: proxy.has_timed_out(begun),
        why: anyhow!("{name} failed: {why}"),
    })?;
    let (head, body) = answer.into_parts();
    let content_type = head
        .headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let body = body.collect().await?.to_bytes();
    if head.status.is_success() && (body.is_empty() || &body[..] == b"null") {
        let why = proxy.hang(begun).await;
        return Err(Failed {
            why: anyhow!(
                "{name} answered {} without a JSON object: {why}",
                head.status
            ),
            hung: true,
        });
    }
    match check_answer(head.status, content_type.unwrap_or_default(), &body) {
        Ok(lines) => lines.into_iter().for_each(|line| log.information(line)),
        Err(why) => return Err(anyhow!("{name} failed: {why}").into()),
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
