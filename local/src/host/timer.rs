//! Timers: when they are due, how they are delivered, and what counts as done.

use std::sync::Arc;

use anyhow::{Context, bail};
use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::{StatusCode, header::CONTENT_TYPE},
};
use chrono::{DateTime, SecondsFormat, Utc};
use http_body_util::BodyExt;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use super::{
    app::{App, Function, TimerTrigger, Trigger, setting_in},
    headers,
    process::Handler,
    proxy::with_causes,
    schedule::Schedule,
    server::Front,
};

type Env = [(String, String)];

/// What the settings lack for the timers of an app.
pub(super) fn settings_problems(app: &App, env: &Env) -> Vec<String> {
    let mut problems = Vec::new();
    for (function, timer) in timers(app) {
        if !has_storage(env) {
            problems.push(format!(
                "{}: a timer needs the setting AzureWebJobsStorage",
                function.name
            ));
        }
        if let Err(problem) = schedule(timer, env) {
            problems.push(format!("{}: {problem}", function.name));
        }
    }
    problems
}

/// Every timer that is switched on, with its schedule.
pub(super) fn schedules(app: &App, env: &Env) -> Vec<(String, Schedule)> {
    let enabled = timers(app).filter(|(function, _)| !function.disabled);
    enabled
        .filter_map(|(function, timer)| Some((function.name.clone(), schedule(timer, env).ok()?)))
        .collect()
}

/// Runs every schedule until the handler's life is over.
pub(super) fn run_all(front: &Arc<Front>, schedules: Vec<(String, Schedule)>, handler: &Handler) {
    for (name, schedule) in schedules {
        let (front, over) = (front.clone(), handler.over());
        tokio::spawn(async move {
            tokio::select! {
                () = over => {}
                () = run(&front, &name, &schedule) => {}
            }
        });
    }
}

/// Delivers one timer by hand.
pub(super) async fn trigger(front: &Front, name: &str) -> anyhow::Result<()> {
    let function = front
        .app
        .function(name)
        .with_context(|| format!("there is no function {name}"))?;
    let Trigger::Timer(timer) = &function.trigger else {
        bail!("{name} is not a timer")
    };
    deliver(front, &function.name, &timer.binding, &Value::Null).await
}

fn timers(app: &App) -> impl Iterator<Item = (&Function, &TimerTrigger)> {
    app.functions()
        .iter()
        .filter_map(|function| match &function.trigger {
            Trigger::Timer(timer) => Some((function, timer)),
            Trigger::Http(_) => None,
        })
}

/// A connection string, or the parts of an identity-based connection.
fn has_storage(env: &Env) -> bool {
    env.iter().any(|(name, value)| {
        (name == "AzureWebJobsStorage" || name.starts_with("AzureWebJobsStorage__"))
            && !value.is_empty()
    })
}

fn schedule(timer: &TimerTrigger, env: &Env) -> Result<Schedule, String> {
    match setting_in(&timer.schedule) {
        None => Schedule::parse(&timer.schedule),
        Some(setting) => match env.iter().find(|(name, _)| name == setting) {
            Some((_, value)) => Schedule::parse(value),
            None => Err(format!(
                "the schedule is in the setting {setting}, which is not set"
            )),
        },
    }
}

async fn run(front: &Front, name: &str, schedule: &Schedule) {
    let Some(Function {
        trigger: Trigger::Timer(timer),
        ..
    }) = front.app.function(name)
    else {
        return;
    };
    let deliver_and_log = async |status: &Value| {
        if let Err(error) = deliver(front, name, &timer.binding, status).await {
            front.log.error(format!("{error:#}"));
        }
    };
    let mut status = Value::Null;
    if timer.run_on_startup {
        deliver_and_log(&status).await;
    }
    let mut last = Utc::now();
    while let Some(due) = schedule.next_after(last.max(Utc::now())) {
        sleep((due - Utc::now()).to_std().unwrap_or_default()).await;
        deliver_and_log(&status).await;
        status = json!({ "Last": text(due), "Next": schedule.next_after(due).map(text), "LastUpdated": text(Utc::now()) });
        last = due;
    }
}

async fn deliver(front: &Front, name: &str, binding: &str, status: &Value) -> anyhow::Result<()> {
    let payload = json!({
        "Data": { binding: { "Schedule": { "AdjustForDST": true }, "ScheduleStatus": status, "IsPastDue": false } },
        "Metadata": { "sys": { "MethodName": name, "UtcNow": text(Utc::now()), "RandGuid": Uuid::new_v4() } },
    });
    let mut request = Request::post(format!("{}/{name}", front.proxy.handler_url()))
        .header(CONTENT_TYPE, "application/json; charset=utf-8")
        .body(Body::from(payload.to_string()))?;
    headers::set_invocation_id(request.headers_mut());
    let limit = front.app.function_timeout();
    let answer = timeout(limit, exchange(front, request)).await;
    let answer = answer.with_context(|| {
        format!(
            "{name} did not answer within its functionTimeout, {} s",
            limit.as_secs()
        )
    })??;
    match judge(&answer) {
        Verdict::Done(lines) => lines
            .into_iter()
            .for_each(|line| front.log.information(line)),
        Verdict::Failed(why) => bail!("{name} failed: {why}"),
        Verdict::Hanging(why) => {
            sleep(limit.min(front.proxy.limits.hanging)).await;
            bail!("{name} hangs until its functionTimeout: {why}");
        }
    }
    Ok(())
}

struct Answer {
    status: StatusCode,
    content_type: String,
    body: Bytes,
}

async fn exchange(front: &Front, request: Request) -> anyhow::Result<Answer> {
    let (parts, body) = front
        .proxy
        .send(request)
        .await
        .map_err(|error| anyhow::anyhow!(with_causes(&error)))?
        .into_parts();
    let content_type = parts
        .headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    Ok(Answer {
        status: parts.status,
        content_type,
        body: body.collect().await?.to_bytes(),
    })
}

#[derive(Debug, PartialEq)]
enum Verdict {
    /// With the lines that the handler wants logged.
    Done(Vec<String>),
    Failed(String),
    /// The host waits for more until the invocation times out.
    Hanging(String),
}

/// The shape of an answer. The host forgives missing members; this stand-in does not, to keep
/// handlers on the documented shape.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Invoked {
    #[serde(rename = "Outputs")]
    _outputs: Option<serde_json::Map<String, Value>>,
    logs: Option<Vec<String>>,
    #[serde(rename = "ReturnValue")]
    _return_value: Value,
}

fn judge(answer: &Answer) -> Verdict {
    if !answer.status.is_success() {
        return Verdict::Failed(format!("it answered {}", answer.status));
    }
    if answer.body.is_empty() {
        return Verdict::Hanging(format!("it answered {} with an empty body", answer.status));
    }
    let media_type = answer
        .content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim();
    if !media_type.eq_ignore_ascii_case("application/json") {
        return Verdict::Failed(format!(
            "its answer is \"{media_type}\", not application/json"
        ));
    }
    match serde_json::from_slice::<Option<Invoked>>(&answer.body) {
        Ok(None) => Verdict::Hanging("it answered null".into()),
        Ok(Some(invoked)) => Verdict::Done(invoked.logs.unwrap_or_default()),
        Err(error) => Verdict::Failed(format!(
            "its answer is not an object with Outputs, Logs and ReturnValue: {error}"
        )),
    }
}

fn text(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(status: u16, content_type: &str, body: &str) -> Verdict {
        judge(&Answer {
            status: StatusCode::from_u16(status).unwrap(),
            content_type: content_type.into(),
            body: Bytes::from(body.to_owned()),
        })
    }

    #[test]
    fn an_object_with_the_three_members_is_success() {
        let body = r#"{"Outputs":{},"Logs":["swept"],"ReturnValue":null}"#;
        assert_eq!(
            judged(200, "application/json", body),
            Verdict::Done(vec!["swept".into()])
        );
        assert_eq!(
            judged(200, "application/json; charset=utf-8", body),
            Verdict::Done(vec!["swept".into()])
        );
    }

    #[test]
    fn everything_else_fails_or_hangs() {
        let good = r#"{"Outputs":{},"Logs":[],"ReturnValue":null}"#;
        assert!(matches!(
            judged(500, "application/json", good),
            Verdict::Failed(_)
        ));
        assert!(matches!(
            judged(302, "application/json", good),
            Verdict::Failed(_)
        ));
        assert!(matches!(
            judged(200, "text/plain", good),
            Verdict::Failed(_)
        ));
        for wrong in [
            "{}",
            "[]",
            "1",
            r#"{"Outputs":[],"Logs":[],"ReturnValue":1}"#,
            r#"{"Outputs":{},"Logs":[]}"#,
            "{",
        ] {
            assert!(
                matches!(judged(200, "application/json", wrong), Verdict::Failed(_)),
                "{wrong}"
            );
        }
        assert!(matches!(
            judged(200, "application/json", ""),
            Verdict::Hanging(_)
        ));
        assert!(matches!(judged(204, "", ""), Verdict::Hanging(_)));
        assert!(matches!(
            judged(200, "application/json", "null"),
            Verdict::Hanging(_)
        ));
    }
}
