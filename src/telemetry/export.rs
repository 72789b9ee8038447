//! The way out: OTLP over HTTP, protobuf, by the client that everything else uses; and W3C Trace
//! Context.
//!
//! The SDK reads the standard variables (endpoint, headers, service name, resource, sampler,
//! delays). What it cannot deliver it drops, after some tries, in threads of its own: no request
//! ever waits for it.

use std::{
    env,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use http::HeaderMap;
use opentelemetry::{
    Context, KeyValue,
    propagation::TextMapPropagator,
    trace::{SpanContext, TraceContextExt},
};
use opentelemetry_http::{
    Bytes, HeaderExtractor, HeaderInjector, HttpClient, HttpError, Request, Response,
};
use opentelemetry_otlp::{ExporterBuildError, MetricExporter, SpanExporter, WithHttpConfig};
use opentelemetry_sdk::{
    Resource,
    metrics::{PeriodicReader, SdkMeterProvider},
    propagation::TraceContextPropagator,
    trace::{BatchConfigBuilder, BatchSpanProcessor, SdkTracerProvider},
};
use tokio::runtime::Handle;
use uuid::Uuid;

use super::journey::Ids;

/// The platform kills without a word: what waits to be exported is lost then, so it does not wait
/// long.
const SPANS_WAIT: Duration = Duration::from_secs(1);
const METRICS_WAIT: Duration = Duration::from_secs(5);
/// For one request to the collector.
const TIMEOUT: Duration = Duration::from_secs(5);
/// A collector's answer says next to nothing.
const LARGEST_ANSWER: usize = 64 * 1024;
/// Between two lines in the log about a collector that is away.
const COMPLAIN_EVERY: Duration = Duration::from_secs(60);

/// Why nothing can be exported.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// A setting that the exporter refuses.
    #[error("{0}")]
    Exporter(#[from] ExporterBuildError),
    /// TLS.
    #[error("TLS cannot be set up: {0}")]
    Client(#[from] reqwest::Error),
}

pub(super) fn providers() -> Result<(SdkTracerProvider, SdkMeterProvider), SetupError> {
    let resource = resource();
    let spans = SpanExporter::builder()
        .with_http()
        .with_http_client(OverReqwest::new()?)
        .build()?;
    let mut batches = BatchConfigBuilder::default();
    if env::var_os("OTEL_BSP_SCHEDULE_DELAY").is_none() {
        batches = batches.with_scheduled_delay(SPANS_WAIT);
    }
    let spans = BatchSpanProcessor::builder(spans)
        .with_batch_config(batches.build())
        .build();
    let traces = SdkTracerProvider::builder()
        .with_id_generator(Ids::default())
        .with_resource(resource.clone())
        .with_span_processor(spans)
        .build();

    let metrics = MetricExporter::builder()
        .with_http()
        .with_http_client(OverReqwest::new()?)
        .build()?;
    let mut reader = PeriodicReader::builder(metrics);
    if env::var_os("OTEL_METRIC_EXPORT_INTERVAL").is_none() {
        reader = reader.with_interval(METRICS_WAIT);
    }
    Ok((
        traces,
        SdkMeterProvider::builder()
            .with_resource(resource)
            .with_reader(reader.build())
            .build(),
    ))
}

/// `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES`, and what they leave open.
fn resource() -> Resource {
    let given = env::var("OTEL_RESOURCE_ATTRIBUTES").unwrap_or_default();
    let mut usual = vec![KeyValue::new("service.version", env!("CARGO_PKG_VERSION"))];
    if env::var_os("OTEL_SERVICE_NAME").is_none_or(|name| name.is_empty())
        && !given.contains("service.name=")
    {
        usual.push(KeyValue::new("service.name", "onboarding"));
    }
    // Each process counts for itself; without this a collector takes the counters of two instances
    // for one.
    if !given.contains("service.instance.id=") {
        usual.push(KeyValue::new(
            "service.instance.id",
            Uuid::new_v4().to_string(),
        ));
    }
    Resource::builder().with_attributes(usual).build()
}

/// The span that the request names as its cause.
pub(super) fn cause(headers: &HeaderMap) -> Option<SpanContext> {
    let context = TraceContextPropagator::new()
        .extract_with_context(&Context::new(), &HeaderExtractor(headers));
    Some(context.span().span_context().clone()).filter(SpanContext::is_valid)
}

pub(super) fn inject(context: &Context, headers: &mut HeaderMap) {
    TraceContextPropagator::new().inject_context(context, &mut HeaderInjector(headers));
}

/// The exporter's own threads have no runtime: the request runs on ours.
#[derive(Debug)]
struct OverReqwest {
    client: reqwest::Client,
    runtime: Handle,
    complained: Mutex<Option<Instant>>,
}

impl OverReqwest {
    fn new() -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(TIMEOUT)
            .build()?;
        Ok(Self {
            client,
            runtime: Handle::current(),
            complained: Mutex::default(),
        })
    }

    fn complain(&self, reason: &str) {
        let mut complained = self
            .complained
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if complained.is_none_or(|at| at.elapsed() > COMPLAIN_EVERY) {
            *complained = Some(Instant::now());
            tracing::warn!(
                reason,
                "the telemetry collector does not take what it is sent"
            );
        }
    }
}

#[async_trait]
impl HttpClient for OverReqwest {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = self.client.clone();
        let answer = match self.runtime.spawn(send(client, request)).await {
            Ok(answer) => answer,
            Err(ended) => Err(ended.into()),
        };
        match &answer {
            Ok(answer) if answer.status().is_success() => {}
            Ok(answer) => self.complain(answer.status().as_str()),
            Err(_) => self.complain("no connection, or no answer in time"),
        }
        answer
    }
}

async fn send(
    client: reqwest::Client,
    request: Request<Bytes>,
) -> Result<Response<Bytes>, HttpError> {
    let request = reqwest::Request::try_from(request)?;
    let mut answer = client
        .execute(request)
        .await
        .map_err(reqwest::Error::without_url)?;
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(reqwest::Error::without_url)? {
        if body.len() + chunk.len() > LARGEST_ANSWER {
            return Err("the collector's answer is far too large".into());
        }
        body.extend_from_slice(&chunk);
    }
    let mut whole = Response::new(Bytes::from(body));
    *whole.status_mut() = answer.status();
    whole.headers_mut().clone_from(answer.headers());
    Ok(whole)
}
