//! Export by OTLP over HTTP (protobuf) with the app's HTTP client, and W3C Trace Context.
//!
//! The SDK reads the standard variables (endpoint, headers, service name, resource, sampler,
//! delays). It exports in threads of its own, and drops what it cannot deliver after some retries:
//! no request waits for it.

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

use super::journey::PredeterminedIds;

/// Azure kills a process without notice, and what has not been exported is lost: so the delay is
/// short.
const SPAN_EXPORT_DELAY: Duration = Duration::from_secs(1);
const METRIC_EXPORT_INTERVAL: Duration = Duration::from_secs(5);
/// For one request to the collector.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(5);
/// A collector's response is nearly empty.
const MAX_RESPONSE_BYTES: usize = 64 * 1024;
/// Between two warnings about a collector that does not respond.
const WARNING_INTERVAL: Duration = Duration::from_secs(60);

/// Why export cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The exporter refuses a setting.
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
        .with_http_client(ReqwestExporter::new()?)
        .build()?;
    let mut batches = BatchConfigBuilder::default();
    if env::var_os("OTEL_BSP_SCHEDULE_DELAY").is_none() {
        batches = batches.with_scheduled_delay(SPAN_EXPORT_DELAY);
    }
    let spans = BatchSpanProcessor::builder(spans)
        .with_batch_config(batches.build())
        .build();
    let traces = SdkTracerProvider::builder()
        .with_id_generator(PredeterminedIds::default())
        .with_resource(resource.clone())
        .with_span_processor(spans)
        .build();

    let metrics = MetricExporter::builder()
        .with_http()
        .with_http_client(ReqwestExporter::new()?)
        .build()?;
    let mut reader = PeriodicReader::builder(metrics);
    if env::var_os("OTEL_METRIC_EXPORT_INTERVAL").is_none() {
        reader = reader.with_interval(METRIC_EXPORT_INTERVAL);
    }
    Ok((
        traces,
        SdkMeterProvider::builder()
            .with_resource(resource)
            .with_reader(reader.build())
            .build(),
    ))
}

/// `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES`, with defaults.
fn resource() -> Resource {
    let given = env::var("OTEL_RESOURCE_ATTRIBUTES").unwrap_or_default();
    let mut defaults = vec![KeyValue::new("service.version", env!("CARGO_PKG_VERSION"))];
    if env::var_os("OTEL_SERVICE_NAME").is_none_or(|name| name.is_empty())
        && !given.contains("service.name=")
    {
        defaults.push(KeyValue::new("service.name", "onboarding"));
    }
    // Each process has its own counters; without this a collector would merge those of two
    // instances.
    if !given.contains("service.instance.id=") {
        defaults.push(KeyValue::new(
            "service.instance.id",
            Uuid::new_v4().to_string(),
        ));
    }
    Resource::builder().with_attributes(defaults).build()
}

/// The remote parent span in the headers (W3C Trace Context).
pub(super) fn remote_parent(headers: &HeaderMap) -> Option<SpanContext> {
    let context = TraceContextPropagator::new()
        .extract_with_context(&Context::new(), &HeaderExtractor(headers));
    Some(context.span().span_context().clone()).filter(SpanContext::is_valid)
}

pub(super) fn inject(context: &Context, headers: &mut HeaderMap) {
    TraceContextPropagator::new().inject_context(context, &mut HeaderInjector(headers));
}

/// The exporter's threads have no runtime: requests run on the app's.
#[derive(Debug)]
struct ReqwestExporter {
    client: reqwest::Client,
    runtime: Handle,
    last_warning: Mutex<Option<Instant>>,
}

impl ReqwestExporter {
    fn new() -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(REQUEST_TIMEOUT)
            .build()?;
        Ok(Self {
            client,
            runtime: Handle::current(),
            last_warning: Mutex::default(),
        })
    }

    fn warn(&self, reason: &str) {
        let mut last_warning = self
            .last_warning
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if last_warning.is_none_or(|at| at.elapsed() > WARNING_INTERVAL) {
            *last_warning = Some(Instant::now());
            tracing::warn!(reason, "the telemetry collector does not accept the export");
        }
    }
}

#[async_trait]
impl HttpClient for ReqwestExporter {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = self.client.clone();
        let answer = match self.runtime.spawn(send(client, request)).await {
            Ok(answer) => answer,
            Err(ended) => Err(ended.into()),
        };
        match &answer {
            Ok(answer) if answer.status().is_success() => {}
            Ok(answer) => self.warn(answer.status().as_str()),
            Err(_) => self.warn("no connection, or no response in time"),
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
        if body.len() + chunk.len() > MAX_RESPONSE_BYTES {
            return Err("the collector's response is too large".into());
        }
        body.extend_from_slice(&chunk);
    }
    let mut complete = Response::new(Bytes::from(body));
    *complete.status_mut() = answer.status();
    complete.headers_mut().clone_from(answer.headers());
    Ok(complete)
}
