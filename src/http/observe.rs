//! The layer around each request: its body, a time limit, a net for panics, error pages, and a log
//! line where nothing else says what came of the request.

use std::{panic::AssertUnwindSafe, time::Duration};

use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures::FutureExt;
use tracing::{Instrument, Span, field, info_span};

use super::{
    body,
    error::{AppError, Dependency},
    failure::Failure,
    function_info::{self, FunctionInfos},
    invocation, notice_page, page,
    problem::{Kind, Problem},
    request_info::RequestInfo,
};
use crate::{
    app::Shared,
    domain::invitation::InvitationId,
    store::table::{metered, request_deadline},
    telemetry,
};

/// The id under which the log has the request.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Longer than any dependency may take with all retries; Azure's front end gives up after 230 s.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// An answer that takes longer is logged, whatever it is.
const SLOW: Duration = Duration::from_secs(2);
/// A timer bounds its own work; this is below `functionTimeout` in host.json.
pub(crate) const TIMER_TIMEOUT: Duration = Duration::from_secs(240);

/// The outcome of a 4xx that is no [`Failure`], and so has no line of its own.
const REFUSED: &str = "refused";

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

/// The layer: bounds the time, catches panics, renders errors, and logs.
pub async fn observe(
    State(Observed { app, functions }): State<Observed>,
    mut request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    let is_timer = !path.starts_with("/api/");
    let known = function_info::of_path(functions, path);
    let function = known
        .map_or(function_info::segment(path), |known| known.name)
        .to_owned();
    // Anyone can request any path: metrics count unknown ones under one name.
    let metric_name = known.map_or("other", |known| known.name);
    let request_id = invocation::text(request.headers()).to_owned();
    let span = info_span!(
        "request",
        function,
        invocation = request_id,
        invitation = field::Empty
    );
    let parent = telemetry::remote_parent(request.headers());
    let mut info = RequestInfo::of(request.method(), request.uri(), request.headers());
    // Programs call these, whatever `Accept` says.
    info.wants_json |= known.is_some_and(|known| known.is_api);
    request.extensions_mut().insert(info.clone());
    // Boxed, since each of the futures around it holds it twice, and is moved.
    let response = Box::pin(async move {
        match body::buffered(known, request).await {
            Ok(request) => next.run(request).await,
            Err(error) => Failure::from(error).into_response(),
        }
    });
    // Boxed for the same reason.
    Box::pin(async move {
        let started = tokio::time::Instant::now();
        let work = metered::count(async {
            let mut response = bounded(is_timer, response).await;
            if let Some(failure) = response.extensions_mut().get_mut::<Failure>()
                && !info.wants_json
            {
                notice_page::complete(failure, &app, &info).await;
            }
            rendered(&app, &info, response)
        });
        let result = |((response, outcome), _): &((Response, &'static str), u32)| {
            (*outcome, response.status().as_u16())
        };
        let ((response, outcome), storage_calls) =
            telemetry::request(metric_name, parent, work, result).await;
        if !function.is_empty() {
            log_response(response.status(), outcome, started.elapsed(), storage_calls);
        }
        identified(response, &request_id)
    })
    .instrument(span)
    .await
}

/// The response with the id under which the log has the request, also in its problem. A 405 says
/// which methods there are.
fn identified(mut response: Response, id: &str) -> Response {
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        let allowed = response.headers().get(header::ALLOW);
        let problem = match allowed.and_then(|allowed| allowed.to_str().ok()) {
            Some(allowed) => problem.detail(format!("The methods are {allowed}.")),
            None => problem,
        };
        // That of the body before.
        response.headers_mut().remove(header::CONTENT_LENGTH);
        *response.body_mut() = problem.of_request(id).into_response().into_body();
    }
    if let Ok(value) = HeaderValue::from_str(id)
        && !id.is_empty()
    {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// What no other line says: changes of state and failures have lines of their own. A healthy request
/// has none, by default: a line costs the host as much processor time as our own response, and
/// storing logs costs money.
fn log_response(status: StatusCode, outcome: &str, elapsed: Duration, storage_calls: u32) {
    let ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
    let status = status.as_u16();
    if outcome == REFUSED || elapsed > SLOW {
        tracing::info!(status, outcome, ms, storage_calls, "request completed");
    } else {
        tracing::debug!(status, outcome, ms, storage_calls, "request completed");
    }
}

/// While a caller waits for the response, all its calls to the table share one deadline.
async fn bounded(is_timer: bool, response: impl Future<Output = Response>) -> Response {
    if is_timer {
        guarded(TIMER_TIMEOUT, response).await
    } else {
        request_deadline::of_request(guarded(REQUEST_TIMEOUT, response)).await
    }
}

/// The response, or an error in its place after a panic or a timeout.
async fn guarded(limit: Duration, response: impl Future<Output = Response>) -> Response {
    match tokio::time::timeout(limit, AssertUnwindSafe(response).catch_unwind()).await {
        Ok(Ok(response)) => response,
        Ok(Err(panic)) => Failure::from(AppError::Internal(format!(
            "the handler panicked: {}",
            message(&*panic)
        )))
        .into_response(),
        Err(_) => Failure::from(AppError::Unavailable {
            of: Dependency::Table,
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

/// As [`render_failure`]; a panic while an error page is rendered does not drop the connection.
fn rendered(app: &Shared, request: &RequestInfo, response: Response) -> (Response, &'static str) {
    std::panic::catch_unwind(AssertUnwindSafe(|| render_failure(app, request, response)))
        .unwrap_or_else(|panic| {
            let reason = format!("rendering the error page panicked: {}", message(&*panic));
            tracing::error!(outcome = "internal", reason, "the request failed");
            (page::last_resort(), "internal")
        })
}

/// Logs a panic as one structured line, in the span of its request, instead of plain text on stderr.
/// The message is left out here, since it may hold what people typed: `guarded` logs it.
pub fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map(ToString::to_string)
            .unwrap_or_default();
        tracing::error!(place, "a panic occurred");
    }));
}

/// The response, with a failure logged and rendered as a page or a problem, and the name of the
/// outcome.
fn render_failure(
    app: &Shared,
    request: &RequestInfo,
    mut response: Response,
) -> (Response, &'static str) {
    match response.extensions_mut().remove::<Failure>() {
        Some(failure) => {
            let kind = failure.kind();
            if matches!(kind, Kind::WrongAccount | Kind::AlreadyAccepted) {
                telemetry::step(telemetry::Step::Mismatched);
            }
            failure.log();
            let mut page = notice_page::render(&failure, app, request);
            // The failure's cookies are kept: those of a finished sign-in are removed. A 405 names
            // the allowed methods.
            for name in [header::SET_COOKIE, header::ALLOW] {
                for value in response.headers().get_all(&name) {
                    page.headers_mut().append(&name, value.clone());
                }
            }
            (page, kind.code())
        }
        None => {
            let outcome =
                if response.status().is_client_error() || response.status().is_server_error() {
                    REFUSED
                } else {
                    "ok"
                };
            (response, outcome)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The host kills the process with all its requests where a function takes longer.
    #[test]
    fn nothing_comes_near_the_hosts_timeout() {
        let host: serde_json::Value =
            serde_json::from_str(include_str!("../../host.json")).unwrap();
        let timeout = host["functionTimeout"].as_str().unwrap();
        let parts: Vec<u64> = timeout
            .split(':')
            .map(|part| part.parse().unwrap())
            .collect();
        let [hours, minutes, seconds] = parts[..] else {
            panic!("{timeout}");
        };
        let host = Duration::from_secs((hours * 60 + minutes) * 60 + seconds);
        assert!(TIMER_TIMEOUT + Duration::from_secs(60) <= host);
        assert!(REQUEST_TIMEOUT * 2 <= TIMER_TIMEOUT);
    }
}
