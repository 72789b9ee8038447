//! Traces and metrics by OpenTelemetry, where `OTEL_EXPORTER_OTLP_ENDPOINT` is set; otherwise
//! nothing of this happens.
//!
//! **An invitation is a trace.** Its trace id is the invitation's id (32 hexadecimal digits both),
//! its root span begins when it is created. Each request about the invitation is a child of that
//! root, on whichever instance, and so is each delivery of its events: who has the id from a log,
//! the table or a webhook can look at the whole journey, and nothing has to travel through the
//! browser for that. The `traceparent` that a request brings (W3C Trace Context; the Functions host
//! sends one of its own) becomes a link of such a span. It is the parent where a request is about
//! no invitation.
//!
//! The tracing crate's spans are not used for this: which trace a request belongs to is only known
//! after its link or cookie was read, and a span there has its parent from the start.
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
use journey::Current;

static ON: OnceLock<Telemetry> = OnceLock::new();

tokio::task_local! {
    static CURRENT: Current;
}

/// What is measured, and by what.
struct Telemetry {
    tracer: SdkTracer,
    steps: Counter<u64>,
    deliveries: Counter<u64>,
    requests: Histogram<f64>,
    calls: Histogram<f64>,
    /// Ends the export when it is dropped.
    _meters: SdkMeterProvider,
}

/// A step of the journey, counted each time it is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The link was opened, by the person or by a scanner.
    LookedUp,
    /// The sign-in began.
    Started,
    /// Somebody signed in.
    SignedIn,
    /// The account belongs to the invitation: by its token, or by a code.
    Matched,
    /// The account does not.
    Mismatched,
    /// The company was created, or was found created.
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

/// Begins to export. Needs the runtime; asks nothing of the network yet.
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
            .with_description("steps that people take")
            .build(),
        deliveries: meter
            .u64_counter("onboarding.deliveries")
            .with_description("events that are told, or not")
            .build(),
        requests: seconds("http.server.request.duration", "answers of the functions"),
        calls: seconds(
            "onboarding.call.duration",
            "answers of the neighbours: storage, sign-in, mail, webhook",
        ),
        _meters: meters,
    };
    // A second start in one process changes nothing.
    let _ = ON.set(telemetry);
    Ok(())
}

/// Counts a step.
pub(crate) fn step(step: Step) {
    if let Some(on) = ON.get() {
        on.steps.add(1, &[KeyValue::new("step", step.name())]);
    }
}

/// Counts what became of an event that was to be told: `told`, `failed` (it is tried again) or
/// `given_up`.
pub(crate) fn delivery_counted(channel: &'static str, outcome: &'static str) {
    if let Some(on) = ON.get() {
        on.deliveries.add(
            1,
            &[
                KeyValue::new("channel", channel),
                KeyValue::new("outcome", outcome),
            ],
        );
    }
}

/// The root of an invitation's trace, when it is created.
pub(crate) fn born(id: InvitationId) {
    if let Some(on) = ON.get() {
        journey::begin(&on.tracer, id);
    }
}

/// The request is about this invitation: so it belongs to its trace.
pub(crate) fn about(id: InvitationId) {
    if let Some(on) = ON.get() {
        let _ = CURRENT.try_with(|current| current.join(&on.tracer, id));
    }
}

/// The span that a request names as its cause.
pub(crate) fn cause(headers: &HeaderMap) -> Option<SpanContext> {
    ON.get().and_then(|_| export::cause(headers))
}

/// Surrounds a request. `outcome` names what the answer came to, and its status.
pub(crate) async fn request<T>(
    function: &'static str,
    cause: Option<SpanContext>,
    work: impl Future<Output = T>,
    outcome: impl FnOnce(&T) -> (&'static str, u16),
) -> T {
    let Some(on) = ON.get() else {
        return work.await;
    };
    let started = Instant::now();
    let current = Current::of_request(function, cause);
    CURRENT
        .scope(current, async {
            let answer = work.await;
            let (outcome, status) = outcome(&answer);
            let attributes = [
                KeyValue::new("function", function),
                KeyValue::new("outcome", outcome),
                KeyValue::new("http.response.status_code", i64::from(status)),
            ];
            on.requests
                .record(started.elapsed().as_secs_f64(), &attributes);
            let context = CURRENT.with(|current| current.context(&on.tracer));
            context.span().set_attributes(attributes);
            if status >= 500 {
                context.span().set_status(Status::error(outcome));
            }
            context.span().end();
            answer
        })
        .await
}

/// Surrounds a delivery of an invitation's events.
pub(crate) async fn delivery<T>(
    id: InvitationId,
    channel: &'static str,
    work: impl Future<Output = T>,
) -> T {
    let Some(on) = ON.get() else {
        return work.await;
    };
    let around = CURRENT.try_with(|current| current.context(&on.tracer)).ok();
    let current = Current::of_delivery(&on.tracer, id, channel, around);
    CURRENT
        .scope(current, async {
            let done = work.await;
            CURRENT
                .with(|current| current.context(&on.tracer))
                .span()
                .end();
            done
        })
        .await
}

/// Surrounds a call to a neighbour. `outcome` names what it came to; anything but `ok` marks the
/// span as failed.
pub(crate) async fn call<T>(
    neighbour: &'static str,
    operation: &'static str,
    work: impl Future<Output = T>,
    outcome: impl FnOnce(&T) -> &'static str,
) -> T {
    let Some(on) = ON.get() else {
        return work.await;
    };
    let started = Instant::now();
    let parent = CURRENT
        .try_with(|current| current.context(&on.tracer))
        .unwrap_or_default();
    let current = Current::of_call(&on.tracer, format!("{neighbour} {operation}"), &parent);
    CURRENT
        .scope(current, async {
            let answer = work.await;
            let outcome = outcome(&answer);
            let attributes = [
                KeyValue::new("neighbour", neighbour),
                KeyValue::new("operation", operation),
                KeyValue::new("outcome", outcome),
            ];
            on.calls
                .record(started.elapsed().as_secs_f64(), &attributes);
            let context = CURRENT.with(|current| current.context(&on.tracer));
            context.span().set_attributes(attributes);
            if outcome != "ok" {
                context.span().set_status(Status::error(outcome));
            }
            context.span().end();
            answer
        })
        .await
}

/// For a request to a neighbour: the `traceparent` of the current span, where there is one.
pub(crate) fn propagate(headers: &mut HeaderMap) {
    if let Some(on) = ON.get() {
        let _ = CURRENT.try_with(|current| export::inject(&current.context(&on.tracer), headers));
    }
}
