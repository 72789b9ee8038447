//! The spans, and the trace that they belong to.

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
    /// The ids of the next span that is built on this thread, if they are predetermined.
    static NEXT_IDS: RefCell<Option<(TraceId, SpanId)>> = const { RefCell::new(None) };
}

/// Random ids, unless they are predetermined: the root of an invitation's trace follows from the id of
/// the invitation.
#[derive(Debug, Default)]
pub(super) struct PredeterminedIds(RandomIdGenerator);

impl IdGenerator for PredeterminedIds {
    fn new_trace_id(&self) -> TraceId {
        NEXT_IDS
            .with_borrow(|ids| ids.map(|(trace, _)| trace))
            .unwrap_or_else(|| self.0.new_trace_id())
    }

    fn new_span_id(&self) -> SpanId {
        NEXT_IDS
            .with_borrow(|ids| ids.map(|(_, span)| span))
            .unwrap_or_else(|| self.0.new_span_id())
    }
}

/// The span of the current task.
pub(super) struct CurrentSpan {
    /// `None` until a request is known to belong to an invitation, or needs a span.
    context: RefCell<Option<Context>>,
    name: &'static str,
    started: SystemTime,
    remote_parent: Option<SpanContext>,
}

impl CurrentSpan {
    pub(super) fn of_request(function: &'static str, remote_parent: Option<SpanContext>) -> Self {
        Self {
            context: RefCell::default(),
            name: function,
            started: opentelemetry::time::now(),
            remote_parent,
        }
    }

    pub(super) fn of_delivery(
        tracer: &SdkTracer,
        id: InvitationId,
        channel: &'static str,
        request: Option<Context>,
    ) -> Self {
        let links = request
            .map(|context| Link::with_context(context.span().span_context().clone()))
            .into_iter()
            .collect();
        let builder = SpanBuilder::from_name(format!("deliver {channel}"))
            .with_kind(SpanKind::Internal)
            .with_links(links);
        Self::started(start(tracer, builder, &root(id)))
    }

    pub(super) fn of_call(tracer: &SdkTracer, name: String, parent: &Context) -> Self {
        Self::started(start(
            tracer,
            SpanBuilder::from_name(name).with_kind(SpanKind::Client),
            parent,
        ))
    }

    fn started(context: Context) -> Self {
        Self {
            context: RefCell::new(Some(context)),
            name: "",
            started: SystemTime::UNIX_EPOCH,
            remote_parent: None,
        }
    }

    /// The span; started if it is not.
    pub(super) fn context(&self, tracer: &SdkTracer) -> Context {
        let begin = || {
            let parent = self
                .remote_parent
                .clone()
                .map(|parent| Context::new().with_remote_span_context(parent))
                .unwrap_or_default();
            start(tracer, self.builder(), &parent)
        };
        self.context.borrow_mut().get_or_insert_with(begin).clone()
    }

    /// Makes the request part of the trace of an invitation. A span that is started already only gets
    /// the attribute.
    pub(super) fn join(&self, tracer: &SdkTracer, id: InvitationId) {
        let mut context = self.context.borrow_mut();
        let begin = || {
            let links = self
                .remote_parent
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

/// Records the root span, which has the id of the invitation and its creation time.
pub(super) fn record_root(tracer: &SdkTracer, id: InvitationId) {
    NEXT_IDS.set(Some(ids(id)));
    let mut span = tracer.build_with_context(SpanBuilder::from_name("invitation"), &Context::new());
    NEXT_IDS.set(None);
    span.set_attribute(KeyValue::new("invitation", id.to_string()));
    span.end();
}

fn start(tracer: &SdkTracer, builder: SpanBuilder, parent: &Context) -> Context {
    Context::new().with_span(tracer.build_with_context(builder, parent))
}

/// The parent of all spans of the invitation.
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

/// The trace id is the id of the invitation, the id of the root span its first half.
fn ids(id: InvitationId) -> (TraceId, SpanId) {
    let text = id.to_string();
    let trace = TraceId::from_hex(&text).unwrap_or(TraceId::INVALID);
    (
        trace,
        SpanId::from_hex(&text[..16]).unwrap_or(SpanId::INVALID),
    )
}
