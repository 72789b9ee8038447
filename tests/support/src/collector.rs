//! An OpenTelemetry collector that keeps what it got.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use axum::{Router, body::Bytes, extract::State, http::HeaderMap, routing::post};
pub use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::{
    collector::{metrics::v1::ExportMetricsServiceRequest, trace::v1::ExportTraceServiceRequest},
    common::v1::{KeyValue, any_value::Value},
    metrics::v1::{Metric, metric::Data, number_data_point::Value as Number},
};
use prost::Message;

#[derive(Clone, Default)]
pub struct Collector {
    kept: Arc<Mutex<Kept>>,
    url: String,
}

#[derive(Default)]
struct Kept {
    spans: Vec<Span>,
    metrics: Vec<Metric>,
    headers: Vec<HeaderMap>,
    resource: BTreeMap<String, String>,
    bytes: Vec<u8>,
}

impl Collector {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let collector = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            ..Self::default()
        };
        let router = Router::new()
            .route("/v1/traces", post(traces))
            .route("/v1/metrics", post(metrics))
            .with_state(collector.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        collector
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// Every span so far.
    pub fn spans(&self) -> Vec<Span> {
        self.kept.lock().unwrap().spans.clone()
    }

    /// The spans, as soon as `enough` says so.
    pub async fn spans_when(&self, enough: impl Fn(&[Span]) -> bool) -> Vec<Span> {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let spans = self.spans();
            if enough(&spans) {
                return spans;
            }
            let names: Vec<_> = spans
                .iter()
                .map(|span| (hex(&span.trace_id), span.name.clone()))
                .collect();
            assert!(Instant::now() < deadline, "{names:#?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// What a counter has come to, for the value of an attribute.
    pub fn counter(&self, name: &str, attribute: &str, value: &str) -> u64 {
        let kept = self.kept.lock().unwrap();
        let points = kept
            .metrics
            .iter()
            .filter(|metric| metric.name == name)
            .flat_map(|metric| match &metric.data {
                Some(Data::Sum(sum)) => sum.data_points.clone(),
                _ => Vec::new(),
            });
        let matching =
            points.filter(|point| text(&point.attributes, attribute).as_deref() == Some(value));
        // Cumulative: the last is the sum.
        let numbers = matching.filter_map(|point| match point.value {
            Some(Number::AsInt(number)) => u64::try_from(number).ok(),
            _ => None,
        });
        numbers.max().unwrap_or_default()
    }

    pub fn has_metric(&self, name: &str) -> bool {
        self.kept
            .lock()
            .unwrap()
            .metrics
            .iter()
            .any(|metric| metric.name == name)
    }

    /// An attribute of the resource.
    pub fn resource(&self, name: &str) -> Option<String> {
        self.kept.lock().unwrap().resource.get(name).cloned()
    }

    pub fn headers(&self) -> Vec<HeaderMap> {
        self.kept.lock().unwrap().headers.clone()
    }

    /// All that ever arrived; texts stand in it as they are.
    pub fn all_text(&self) -> String {
        String::from_utf8_lossy(&self.kept.lock().unwrap().bytes).into_owned()
    }
}

/// A text attribute.
pub fn text(attributes: &[KeyValue], name: &str) -> Option<String> {
    let value = attributes
        .iter()
        .find(|attribute| attribute.key == name)?
        .value
        .clone()?
        .value?;
    if let Value::StringValue(text) = value {
        Some(text)
    } else {
        None
    }
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn traces(State(collector): State<Collector>, headers: HeaderMap, body: Bytes) {
    let request = ExportTraceServiceRequest::decode(body.clone()).unwrap();
    let mut kept = collector.kept.lock().unwrap();
    kept.headers.push(headers);
    kept.bytes.extend(body);
    for resource in request.resource_spans {
        let attributes = resource.resource.unwrap_or_default().attributes;
        kept.resource.extend(
            attributes
                .iter()
                .filter_map(|one| Some((one.key.clone(), text(&attributes, &one.key)?))),
        );
        kept.spans.extend(
            resource
                .scope_spans
                .into_iter()
                .flat_map(|scope| scope.spans),
        );
    }
}

async fn metrics(State(collector): State<Collector>, headers: HeaderMap, body: Bytes) {
    let request = ExportMetricsServiceRequest::decode(body.clone()).unwrap();
    let mut kept = collector.kept.lock().unwrap();
    kept.headers.push(headers);
    kept.bytes.extend(body);
    let scopes = request
        .resource_metrics
        .into_iter()
        .flat_map(|resource| resource.scope_metrics);
    kept.metrics.extend(scopes.flat_map(|scope| scope.metrics));
}
