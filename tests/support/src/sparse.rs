//! A table service that answers with a page without rows wherever it may: before, between and after
//! the pages with rows. Callers must follow the continuation.
//!
//! Source: <https://learn.microsoft.com/rest/api/storageservices/query-timeout-and-pagination>

use std::net::Ipv4Addr;

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, header},
    response::{IntoResponse, Response},
};

const NEXT_PARTITION: HeaderName = HeaderName::from_static("x-ms-continuation-nextpartitionkey");
const NEXT_ROW: HeaderName = HeaderName::from_static("x-ms-continuation-nextrowkey");
/// Begins a continuation that leads to a page with rows; the rest is the service's own.
const FULL: &str = "full.";
/// The continuation that leads to the empty page after the last one.
const END: &str = "end";

#[derive(Clone)]
struct Service {
    upstream: String,
    http: reqwest::Client,
}

/// The connection string that leads to Azurite through such a service, which ends with the test.
pub async fn before(connection: &str) -> String {
    let endpoint = connection.split("TableEndpoint=").nth(1).unwrap();
    let upstream = endpoint.split("/devstoreaccount1").next().unwrap();
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .unwrap();
    let here = format!("http://{}", listener.local_addr().unwrap());
    let service = Service {
        upstream: upstream.to_owned(),
        // Azurite may close a connection that waits to be used again.
        http: reqwest::Client::builder()
            .pool_max_idle_per_host(0)
            .build()
            .unwrap(),
    };
    let router = Router::new().fallback(pass).with_state(service);
    tokio::spawn(async move { axum::serve(listener, router).await });
    connection.replace(upstream, &here)
}

async fn pass(State(service): State<Service>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let query = request.uri().query().unwrap_or_default().to_owned();
    if request.method() != Method::GET || !path.ends_with("()") {
        return service.forward(request, &path, &query).await;
    }
    let parameter = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(own, _)| *own == name).map(|(_, value)| value)
    };
    let next = parameter("NextPartitionKey").unwrap_or_default();
    if next == END {
        return empty_page(None);
    }
    let Some(partition) = next.strip_prefix(FULL) else {
        return empty_page(Some((next, parameter("NextRowKey"))));
    };
    let own = format!("NextPartitionKey={partition}");
    let query: Vec<&str> = query
        .split('&')
        .filter(|pair| !pair.starts_with("NextPartitionKey="))
        .chain((!partition.is_empty()).then_some(own.as_str()))
        .collect();
    let mut page = service.forward(request, &path, &query.join("&")).await;
    if page.status().is_success() && !page.headers().contains_key(&NEXT_PARTITION) {
        let end = HeaderValue::from_static(END);
        page.headers_mut().insert(NEXT_PARTITION, end);
    }
    page
}

/// A page without rows that leads to the page with rows of this continuation.
fn empty_page(next: Option<(&str, Option<&str>)>) -> Response {
    let always = [
        ("content-type", "application/json;odata=minimalmetadata"),
        ("x-ms-request-id", "6fbc1fb6-0002-0000-0000-000000000000"),
        ("x-ms-version", "2022-11-02"),
        ("date", "Wed, 01 Jan 2025 00:00:00 GMT"),
        ("server", "Windows-Azure-Table/1.0 Microsoft-HTTPAPI/2.0"),
    ];
    let mut headers = HeaderMap::new();
    for (name, value) in always {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Some((partition, row)) = next {
        let partition = format!("{FULL}{partition}").parse().unwrap();
        headers.insert(NEXT_PARTITION, partition);
        if let Some(row) = row {
            headers.insert(NEXT_ROW, row.parse().unwrap());
        }
    }
    (headers, r#"{"odata.metadata":"none","value":[]}"#).into_response()
}

impl Service {
    async fn forward(&self, request: Request, path: &str, query: &str) -> Response {
        let (head, body) = request.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let url = format!("{}{path}?{query}", self.upstream);
        let sent = self.http.request(head.method, url).headers(head.headers);
        let answer = sent.body(body).send().await.unwrap();
        let mut passed = Response::builder().status(answer.status());
        let headers = passed.headers_mut().unwrap();
        headers.extend(answer.headers().clone());
        headers.remove(header::TRANSFER_ENCODING);
        let body = answer.bytes().await.unwrap();
        passed.body(Body::from(body)).unwrap()
    }
}
