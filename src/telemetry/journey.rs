//! The spans, and which trace they belong to.

use std::{cell::RefCell, time::SystemTime};

use opentelemetry::{
    Context, KeyValue,
    trace::{
        Link, Span, SpanBuilder, SpanContext, SpanId, SpanKind, TraceContextExt, TraceFlags,
        TraceId, TraceState, Tracer,
    },
};
use opentelemetry_sdk::trace::{IdGenerator, RandomIdGenerator, SdkTracer};

use crate::domain::invitation::InvitationId;

thread_local! {
    /// The ids of the span that is built next on this thread, where they are given.
    static GIVEN: RefCell<Option<(TraceId, SpanId)>> = const { RefCell::new(None) };
}

/// Random ids, unless they are given: the root of an invitation's trace can be named by whoever
/// knows the invitation.
#[derive(Debug, Default)]
pub(super) struct Ids(RandomIdGenerator);

impl IdGenerator for Ids {
    fn new_trace_id(&self) -> TraceId {
        GIVEN
            .with_borrow(|given| given.map(|(trace, _)| trace))
            .unwrap_or_else(|| self.0.new_trace_id())
    }

    fn new_span_id(&self) -> SpanId {
        GIVEN
            .with_borrow(|given| given.map(|(_, span)| span))
            .unwrap_or_else(|| self.0.new_span_id())
    }
}

/// What the task is doing.
pub(super) struct Current {
    /// The span; for a request it begins when it is known what it is about, or when something
    /// happens in it.
    context: RefCell<Option<Context>>,
    name: &'static str,
    started: SystemTime,
    cause: Option<SpanContext>,
}

impl Current {
    pub(super) fn of_request(function: &'static str, cause: Option<SpanContext>) -> Self {
        Self {
            context: RefCell::default(),
            name: function,
            started: opentelemetry::time::now(),
            cause,
        }
    }

    pub(super) fn of_delivery(
        tracer: &SdkTracer,
        id: InvitationId,
        channel: &'static str,
        around: Option<Context>,
    ) -> Self {
        let links = around
            .map(|context| Link::with_context(context.span().span_context().clone()))
            .into_iter()
            .collect();
        let builder = SpanBuilder::from_name(format!("deliver {channel}"))
            .with_kind(SpanKind::Internal)
            .with_links(links);
        Self::begun(start(tracer, builder, &root(id)))
    }

    pub(super) fn of_call(tracer: &SdkTracer, name: String, parent: &Context) -> Self {
        Self::begun(start(
            tracer,
            SpanBuilder::from_name(name).with_kind(SpanKind::Client),
            parent,
        ))
    }

    fn begun(context: Context) -> Self {
        Self {
            context: RefCell::new(Some(context)),
            name: "",
            started: SystemTime::UNIX_EPOCH,
            cause: None,
        }
    }

    /// The span; it begins here if it has not.
    pub(super) fn context(&self, tracer: &SdkTracer) -> Context {
        let begin = || {
            let parent = self
                .cause
                .clone()
                .map(|cause| Context::new().with_remote_span_context(cause))
                .unwrap_or_default();
            start(tracer, self.builder(), &parent)
        };
        self.context.borrow_mut().get_or_insert_with(begin).clone()
    }

    /// A request that is about an invitation; one that has begun already says so only by an
    /// attribute.
    pub(super) fn join(&self, tracer: &SdkTracer, id: InvitationId) {
        let mut context = self.context.borrow_mut();
        let begin = || {
            let links = self
                .cause
                .clone()
                .map(Link::with_context)
                .into_iter()
                .collect();
            start(tracer, self.builder().with_links(links), &root(id))
        };
        context
            .get_or_insert_with(begin)
            .span()
            .set_attribute(KeyValue::new("invitation", id.to_string()));
    }

    fn builder(&self) -> SpanBuilder {
        SpanBuilder::from_name(self.name)
            .with_kind(SpanKind::Server)
            .with_start_time(self.started)
    }
}

/// The root span itself, which says no more than that and when there is an invitation.
pub(super) fn begin(tracer: &SdkTracer, id: InvitationId) {
    GIVEN.set(Some(ids(id)));
    let mut span = tracer.build_with_context(SpanBuilder::from_name("invitation"), &Context::new());
    GIVEN.set(None);
    span.set_attribute(KeyValue::new("invitation", id.to_string()));
    span.end();
}

fn start(tracer: &SdkTracer, builder: SpanBuilder, parent: &Context) -> Context {
    Context::new().with_span(tracer.build_with_context(builder, parent))
}

/// The context under which everything about the invitation is.
fn root(id: InvitationId) -> Context {
    let (trace, span) = ids(id);
    Context::new().with_remote_span_context(SpanContext::new(
        trace,
        span,
        TraceFlags::SAMPLED,
        true,
        TraceState::NONE,
    ))
}

/// The trace is the id, the root span its first half.
fn ids(id: InvitationId) -> (TraceId, SpanId) {
    let text = id.to_string();
    let trace = TraceId::from_hex(&text).unwrap_or(TraceId::INVALID);
    (
        trace,
        SpanId::from_hex(&text[..16]).unwrap_or(SpanId::INVALID),
    )
}
