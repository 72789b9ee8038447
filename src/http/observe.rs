//! Around each request: time limits, a net for panics, the page of an error, the headers of a page,
//! one log line.

use std::{panic::AssertUnwindSafe, time::Duration};

use axum::{
    extract::{Request, State},
    http::header,
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures::FutureExt;
use tracing::{Instrument, Span, field, info_span};

use super::{
    error::{AppError, Failure},
    error_page,
    function_info::{self, FunctionInfos},
    page,
    request_info::RequestInfo,
};
use crate::{
    app::Shared,
    domain::invitation::InvitationId,
    store::table::{metered, request_deadline},
    telemetry,
};

/// Longer than any neighbour may take with all retries; the front end cuts at 230 s.
const LONGEST: Duration = Duration::from_secs(30);
/// A timer bounds its own work; this is below `functionTimeout` in host.json.
const LONGEST_TIMER: Duration = Duration::from_secs(240);

/// Names the invitation in every log line of the request.
pub(crate) fn record_invitation(id: InvitationId) {
    Span::current().record("invitation", field::display(id));
    telemetry::join_trace(id);
}

/// What the layer around all functions needs.
#[derive(Clone, Debug)]
pub struct Observed {
    /// The state of the app.
    pub app: Shared,
    /// Every function.
    pub functions: FunctionInfos,
}

/// The outermost layer: bounds the time, catches panics, renders errors, and writes one log line.
pub async fn observe(
    State(Observed { app, functions }): State<Observed>,
    mut request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    let is_timer = !path.starts_with("/api/");
    let known = function_info::of_path(functions, path);
    let segment = function_info::segment(path);
    let function = known.map_or(segment, |known| known.name).to_owned();
    let invocation = request
        .headers()
        .get("x-azure-functions-invocationid")
        .and_then(|id| id.to_str().ok())
        .unwrap_or_default();
    let span = info_span!("request", function, invocation, invitation = field::Empty);
    let cause = telemetry::remote_parent(request.headers());
    let mut visitor = RequestInfo::of(request.method(), request.uri(), request.headers());
    // Programs call these, whatever they say they accept.
    visitor.wants_json |= known.is_some_and(|known| known.is_api);
    request.extensions_mut().insert(visitor.clone());
    // Boxed, since each of the futures around it holds it twice, and is moved.
    let answer = Box::pin(next.run(request));
    // Anybody can request any path: metrics count unknown ones under one name.
    let counted_as = known.map_or("other", |known| known.name);
    async move {
        let started = tokio::time::Instant::now();
        let work = metered::count(async { shown(&app, &visitor, bounded(is_timer, answer).await) });
        let seen = |((answer, outcome), _): &((Response, &'static str), u32)| {
            (*outcome, answer.status().as_u16())
        };
        let ((answer, outcome), storage_calls) =
            telemetry::request(counted_as, cause, work, seen).await;
        if !function.is_empty() {
            let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
            tracing::info!(
                status = answer.status().as_u16(),
                outcome,
                ms,
                storage_calls,
                "answered"
            );
        }
        answer
    }
    .instrument(span)
    .await
}

/// Where people or programs wait for the answer, all its calls to the table share one time.
async fn bounded(is_timer: bool, answer: impl Future<Output = Response>) -> Response {
    if is_timer {
        guarded(LONGEST_TIMER, answer).await
    } else {
        request_deadline::of_request(guarded(LONGEST, answer)).await
    }
}

/// The answer, or what takes its place after a panic or too long a time.
async fn guarded(longest: Duration, answer: impl Future<Output = Response>) -> Response {
    match tokio::time::timeout(longest, AssertUnwindSafe(answer).catch_unwind()).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(panic)) => {
            Failure::from(AppError::Internal(format!("a panic: {}", message(&*panic))))
                .into_response()
        }
        Err(_) => Failure::from(AppError::Unavailable {
            reason: "the request took too long".to_owned(),
            retry_after: None,
        })
        .into_response(),
    }
}

fn message(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without a message")
}

/// As [`explained`]; a bug on the page of an error does not cut the connection off either.
fn shown(app: &Shared, visitor: &RequestInfo, answer: Response) -> (Response, &'static str) {
    std::panic::catch_unwind(AssertUnwindSafe(|| explained(app, visitor, answer))).unwrap_or_else(
        |panic| {
            let reason = format!("a panic on the page of an error: {}", message(&*panic));
            tracing::error!(outcome = "internal", reason, "the request failed");
            (page::last_resort(), "internal")
        },
    )
}

/// A panic is a line of the log like any other, in the span of its request. Its message, which may
/// hold what people typed, is left to the answer that it becomes; by itself it would go to stderr
/// as it is, beside the log.
pub fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map(ToString::to_string)
            .unwrap_or_default();
        tracing::error!(place, "a panic");
    }));
}

/// An error as the page or the problem that the caller can read, and the name of what it came to.
fn explained(
    app: &Shared,
    visitor: &RequestInfo,
    mut answer: Response,
) -> (Response, &'static str) {
    match answer.extensions_mut().remove::<Failure>() {
        Some(failed) => {
            let outcome = failed.outcome();
            if matches!(outcome, "wrong-account" | "used-by-another") {
                telemetry::step(telemetry::Step::Mismatched);
            }
            let mut page = error_page::render(&failed, app, visitor);
            // An error takes its cookies along: those of a sign-in that is over are taken out. A
            // 405 names what is allowed.
            for name in [header::SET_COOKIE, header::ALLOW] {
                for value in answer.headers().get_all(&name) {
                    page.headers_mut().append(&name, value.clone());
                }
            }
            (page, outcome)
        }
        None => {
            let outcome = if answer.status().is_client_error() || answer.status().is_server_error()
            {
                "refused"
            } else {
                "ok"
            };
            (answer, outcome)
        }
    }
}
