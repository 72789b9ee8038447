//! Traces and metrics by OpenTelemetry, if `OTEL_EXPORTER_OTLP_ENDPOINT` is set.
//!
//! **An invitation is a trace.** Its trace id is the invitation's id (32 hexadecimal digits both),
//! its root span begins when it is created. Each request about the invitation is a child of that
//! root, on any instance, and so is each delivery of its events: the id from a log, the table or a
//! webhook finds the complete journey, and nothing is passed through the browser for that. The
//! `traceparent` of a request (W3C Trace Context; the Functions host sends its own) becomes a link
//! of such a span, or its parent if the request is about no invitation.
//!
//! The spans of the tracing crate are not used: their parent is fixed at the start, but the trace
//! of a request is only known after its link or cookie was read.
//!
//! Attributes are names of functions, steps, outcomes, and numbers: no people's data, no addresses,
//! no codes.

mod export;
mod journey;
pub mod log;

use std::{sync::OnceLock, time::Instant};

use http::HeaderMap;
use opentelemetry::{
    KeyValue,
    metrics::{Counter, Histogram, MeterProvider},
    trace::{SpanContext, Status, TraceContextExt, TracerProvider},
};
use opentelemetry_sdk::{metrics::SdkMeterProvider, trace::SdkTracer};

pub use export::SetupError;

use crate::domain::invitation::InvitationId;
use journey::CurrentSpan;

static TELEMETRY: OnceLock<Telemetry> = OnceLock::new();

tokio::task_local! {
    static CURRENT: CurrentSpan;
}

/// The tracer and the instruments.
struct Telemetry {
    tracer: SdkTracer,
    steps: Counter<u64>,
    deliveries: Counter<u64>,
    rejected_codes: Counter<u64>,
    requests: Histogram<f64>,
    calls: Histogram<f64>,
    /// Ends the export when it is dropped.
    _meters: SdkMeterProvider,
}

/// A step of the journey, counted each time it is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The link was opened, by the recipient or a scanner.
    LookedUp,
    /// The sign-in began.
    Started,
    /// A sign-in succeeded.
    SignedIn,
    /// The account was proven to own the mailbox, by its token or a code.
    Matched,
    /// The account was not proven to own the mailbox.
    Mismatched,
    /// The company was created, or existed already.
    Created,
}

impl Step {
    fn name(self) -> &'static str {
        match self {
            Self::LookedUp => "looked_up",
            Self::Started => "started",
            Self::SignedIn => "signed_in",
            Self::Matched => "matched",
            Self::Mismatched => "mismatched",
            Self::Created => "created",
        }
    }
}

/// A code by which someone proves who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeKind {
    /// The authorization code of a callback.
    Authorization,
    /// The code that was mailed to the invited mailbox.
    Mailbox,
}

impl CodeKind {
    fn name(self) -> &'static str {
        match self {
            Self::Authorization => "authorization",
            Self::Mailbox => "mailbox",
        }
    }
}

/// Starts the export. Needs the Tokio runtime; sends nothing yet.
///
/// # Errors
/// Where the exporter refuses its settings.
pub fn start() -> Result<(), SetupError> {
    let (traces, meters) = export::providers()?;
    let meter = meters.meter("onboarding");
    let seconds = |name, what| {
        meter
            .f64_histogram(name)
            .with_unit("s")
            .with_description(what)
            .build()
    };
    let telemetry = Telemetry {
        tracer: traces.tracer("onboarding"),
        steps: meter
            .u64_counter("onboarding.journey.steps")
            .with_description("steps of the journey that recipients take")
            .build(),
        deliveries: meter
            .u64_counter("onboarding.deliveries")
            .with_description("deliveries of events, by outcome")
            .build(),
        rejected_codes: meter
            .u64_counter("onboarding.rejected_codes")
            .with_description("codes that did not prove anything, by kind")
            .build(),
        requests: seconds(
            "http.server.request.duration",
            "duration of requests to the functions",
        ),
        calls: seconds(
            "onboarding.call.duration",
            "duration of calls to the dependencies: storage, sign-in, mail, webhook",
        ),
        _meters: meters,
    };
    // A second start in one process has no effect.
    let _ = TELEMETRY.set(telemetry);
    Ok(())
}

/// Counts a step of the journey.
pub(crate) fn step(step: Step) {
    if let Some(telemetry) = TELEMETRY.get() {
        telemetry
            .steps
            .add(1, &[KeyValue::new("step", step.name())]);
    }
}

/// Logs and counts a code that was not accepted. Many for one invitation are guesses: an alert
/// reads the line.
pub(crate) fn count_rejected_code(kind: CodeKind) {
    tracing::info!(kind = kind.name(), "a code was rejected");
    if let Some(telemetry) = TELEMETRY.get() {
        telemetry
            .rejected_codes
            .add(1, &[KeyValue::new("kind", kind.name())]);
    }
}

/// Counts an attempt to deliver an event: `delivered`, `superseded`, `failed` (retried later) or
/// `given_up`.
pub(crate) fn count_delivery(channel: &'static str, outcome: &'static str) {
    if let Some(telemetry) = TELEMETRY.get() {
        telemetry.deliveries.add(
            1,
            &[
                KeyValue::new("channel", channel),
                KeyValue::new("outcome", outcome),
            ],
        );
    }
}

/// Records the root of an invitation's trace.
pub(crate) fn start_trace(id: InvitationId) {
    if let Some(telemetry) = TELEMETRY.get() {
        journey::record_root(&telemetry.tracer, id);
    }
}

/// Makes the current request part of the invitation's trace.
pub(crate) fn join_trace(id: InvitationId) {
    if let Some(telemetry) = TELEMETRY.get() {
        let _ = CURRENT.try_with(|current| current.join(&telemetry.tracer, id));
    }
}

/// The remote parent span of a request.
pub(crate) fn remote_parent(headers: &HeaderMap) -> Option<SpanContext> {
    TELEMETRY.get().and_then(|_| export::remote_parent(headers))
}

/// Traces and measures a request. `outcome` returns the name of the outcome and the status.
pub(crate) async fn request<T>(
    function: &'static str,
    remote_parent: Option<SpanContext>,
    work: impl Future<Output = T>,
    outcome: impl FnOnce(&T) -> (&'static str, u16),
) -> T {
    let Some(telemetry) = TELEMETRY.get() else {
        return work.await;
    };
    let started = Instant::now();
    let current = CurrentSpan::of_request(function, remote_parent);
    CURRENT
        .scope(current, async {
            let answer = work.await;
            let (outcome, status) = outcome(&answer);
            let attributes = [
                KeyValue::new("function", function),
                KeyValue::new("outcome", outcome),
                KeyValue::new("http.response.status_code", i64::from(status)),
            ];
            telemetry
                .requests
                .record(started.elapsed().as_secs_f64(), &attributes);
            let context = CURRENT.with(|current| current.context(&telemetry.tracer));
            context.span().set_attributes(attributes);
            if status >= 500 {
                context.span().set_status(Status::error(outcome));
            }
            context.span().end();
            answer
        })
        .await
}

/// Traces a delivery of an invitation's events.
pub(crate) async fn delivery<T>(
    id: InvitationId,
    channel: &'static str,
    work: impl Future<Output = T>,
) -> T {
    let Some(telemetry) = TELEMETRY.get() else {
        return work.await;
    };
    let request = CURRENT
        .try_with(|current| current.context(&telemetry.tracer))
        .ok();
    let current = CurrentSpan::of_delivery(&telemetry.tracer, id, channel, request);
    CURRENT
        .scope(current, async {
            let done = work.await;
            CURRENT
                .with(|current| current.context(&telemetry.tracer))
                .span()
                .end();
            done
        })
        .await
}

/// Traces and measures a call to a dependency. `outcome` returns the name of the outcome; any other
/// than `ok` marks the span as failed.
pub(crate) async fn call<T>(
    dependency: &'static str,
    operation: &'static str,
    work: impl Future<Output = T>,
    outcome: impl FnOnce(&T) -> &'static str,
) -> T {
    let Some(telemetry) = TELEMETRY.get() else {
        return work.await;
    };
    let started = Instant::now();
    let parent = CURRENT
        .try_with(|current| current.context(&telemetry.tracer))
        .unwrap_or_default();
    let current = CurrentSpan::of_call(
        &telemetry.tracer,
        format!("{dependency} {operation}"),
        &parent,
    );
    CURRENT
        .scope(current, async {
            let answer = work.await;
            let outcome = outcome(&answer);
            let attributes = [
                KeyValue::new("dependency", dependency),
                KeyValue::new("operation", operation),
                KeyValue::new("outcome", outcome),
            ];
            telemetry
                .calls
                .record(started.elapsed().as_secs_f64(), &attributes);
            let context = CURRENT.with(|current| current.context(&telemetry.tracer));
            context.span().set_attributes(attributes);
            if outcome != "ok" {
                context.span().set_status(Status::error(outcome));
            }
            context.span().end();
            answer
        })
        .await
}

/// Adds the `traceparent` of the current span, if there is one, to a request to a dependency.
pub(crate) fn propagate(headers: &mut HeaderMap) {
    if let Some(telemetry) = TELEMETRY.get() {
        let _ = CURRENT
            .try_with(|current| export::inject(&current.context(&telemetry.tracer), headers));
    }
}
