//! One request on its way to the handler, and the answer on its way back.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    body::Body,
    extract::Request,
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode,
        header::{self, CONTENT_LENGTH, HOST, USER_AGENT},
        request::Parts,
    },
    response::{IntoResponse, Response},
};
use http_body_util::{BodyExt, Limited};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use tokio::{
    net::TcpStream,
    time::{Instant, sleep, sleep_until, timeout},
};
use tower_http::timeout::TimeoutBody;
use url::form_urlencoded;
use uuid::Uuid;

use super::{
    log::Log,
    model::{Limits, Mode},
    process::Handler,
    route,
};

/// Between the first attempt and up to ten further ones; about two seconds in all.
const PAUSES: [u64; 10] = [50, 100, 200, 250, 250, 250, 250, 250, 250, 250];

/// Headers of one connection. Headers that `Connection` names are kept, unlike RFC 9110 demands.
const HOP_BY_HOP: [HeaderName; 8] = [
    header::CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    HeaderName::from_static("alt-svc"),
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

const INVOCATION_ID: &str = "x-azure-functions-invocationid";

type HttpClient = Client<HttpConnector, Body>;

#[derive(Debug)]
pub(super) struct Proxy {
    client: HttpClient,
    handler: Handler,
    mode: Mode,
    limits: Limits,
    function_timeout: Duration,
    log: Log,
    drops_next_response: Arc<AtomicBool>,
}

impl Proxy {
    pub(super) fn new(
        handler: Handler,
        mode: Mode,
        limits: Limits,
        function_timeout: Duration,
        log: Log,
    ) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        Self {
            client: Client::builder(TokioExecutor::new()).build(connector),
            handler,
            mode,
            limits,
            function_timeout,
            log,
            drops_next_response: Arc::default(),
        }
    }

    /// Has the handler killed when it has answered the next HTTP request, before anyone gets the
    /// answer.
    pub(super) fn drop_next_response(&self) {
        self.drops_next_response.store(true, Ordering::SeqCst);
    }

    /// Where the handler answers a path of its own.
    pub(super) fn uri(&self, path: &str) -> String {
        format!("http://{}/{path}", self.handler.address())
    }

    /// Passes a caller's request on. What fails on the way is an empty 500; when the host is ending,
    /// there is no answer at all until it has ended.
    pub(super) async fn pass(&self, path: &str, request: Request) -> Response {
        let answer = match self.mode {
            Mode::Proxying => self.proxy(path, request).await,
            Mode::Forwarding => self.forward(path, request).await,
        };
        let why = match answer {
            Ok(answer) => return answer,
            Err(why) => why,
        };
        self.log
            .error(format!("a request failed on its way to the handler: {why}"));
        if self.handler.is_over() {
            std::future::pending::<()>().await;
        }
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    }

    /// What follows when an invocation is open at `functionTimeout`.
    async fn time_out(&self) -> String {
        self.handler.kill().await;
        let seconds = self.function_timeout.as_secs();
        format!("no answer within functionTimeout, {seconds} s")
    }

    /// Whether an invocation that began then has been open for that long.
    pub(super) fn has_timed_out(&self, begun: Instant) -> bool {
        begun.elapsed() >= self.function_timeout
    }

    /// Waits until `functionTimeout` for an invocation that began then and was not answered well.
    pub(super) async fn hang(&self, begun: Instant) -> String {
        sleep_until(begun + self.function_timeout).await;
        self.time_out().await
    }

    async fn proxy(&self, path: &str, request: Request) -> Result<Response, String> {
        let (mut head, body) = request.into_parts();
        let query = head
            .uri
            .query()
            .map(|query| format!("?{query}"))
            .unwrap_or_default();
        rewrite_for_proxying(&mut head.headers, &self.handler.address())?;
        let body = self.checked_body(&mut head, path, &query, body)?;
        let answer = self.invoke(Trigger::Http, head, body).await?;
        let (mut head, body) = answer.into_parts();
        remove_hop_by_hop(&mut head.headers);
        head.headers
            .insert(header::SERVER, HeaderValue::from_static("Kestrel"));
        let body = TimeoutBody::new(self.limits.idle, body);
        Ok(Response::from_parts(head, Body::new(body)))
    }

    /// As older hosts do it: the request is sent once, and the answer is buffered.
    async fn forward(&self, path: &str, request: Request) -> Result<Response, String> {
        let (mut head, body) = request.into_parts();
        if !head.headers.contains_key(CONTENT_LENGTH) && !http_body::Body::is_end_stream(&body) {
            return Err("a body without Content-Length cannot be forwarded".into());
        }
        let query = head.uri.query().map(comma_joined).unwrap_or_default();
        rewrite_for_forwarding(&mut head.headers)?;
        let body = self.checked_body(&mut head, path, &query, body)?;
        let answer = self.client.request(Request::from_parts(head, body)).await;
        let (mut head, body) = answer.map_err(|error| error_chain(&error))?.into_parts();
        remove_hop_by_hop(&mut head.headers);
        let body = body.collect().await.map_err(|error| error_chain(&error))?;
        Ok(Response::from_parts(head, Body::from(body.to_bytes())))
    }

    /// Addresses the request to the handler and limits its body.
    fn checked_body(
        &self,
        head: &mut Parts,
        path: &str,
        query: &str,
        body: Body,
    ) -> Result<Body, String> {
        let length = head
            .headers
            .get(CONTENT_LENGTH)
            .and_then(|value| value.to_str().ok());
        let length: usize = length
            .and_then(|text| text.parse().ok())
            .unwrap_or_default();
        if length > self.limits.request_body {
            return Err("the request body is too large".into());
        }
        let uri = format!(
            "http://{}{}{query}",
            self.handler.address(),
            route::encoded(path)
        );
        head.uri = uri
            .parse()
            .map_err(|error| format!("the address is wrong: {error}"))?;
        remove_hop_by_hop(&mut head.headers);
        if http_body::Body::is_end_stream(&body) {
            return Ok(Body::empty());
        }
        Ok(Body::new(Limited::new(body, self.limits.request_body)))
    }

    /// Has the handler answer within `functionTimeout`, at whose end it is killed. A request
    /// without a body goes on then: it is sent to the next handler, and its answer is dropped.
    pub(super) async fn invoke(
        &self,
        trigger: Trigger,
        head: Parts,
        body: Body,
    ) -> Result<Response, String> {
        let address = self.handler.address();
        let sender = Sender {
            client: self.client.clone(),
            handler: self.handler.clone(),
            drops_next_response: match trigger {
                Trigger::Http => Arc::clone(&self.drops_next_response),
                Trigger::Timer => Arc::default(),
            },
        };
        let mut sending = Box::pin(sender.send(address, head, body));
        let limit = self.function_timeout.min(self.limits.idle);
        match timeout(limit, &mut sending).await {
            Ok(answer) => answer,
            Err(_) if limit < self.function_timeout => Err("it was idle for too long".into()),
            Err(_) => {
                tokio::spawn(sending);
                Err(self.time_out().await)
            }
        }
    }
}

/// The trigger of an invocation.
#[derive(Debug, Clone, Copy)]
pub(super) enum Trigger {
    Http,
    Timer,
}

/// Sends one request to the handler, as often as it takes.
struct Sender {
    client: HttpClient,
    handler: Handler,
    drops_next_response: Arc<AtomicBool>,
}

impl Sender {
    /// Sends a request without a body again, whatever failed, with the same headers. A request with
    /// a body waits until the handler listens, and is sent once.
    async fn send(self, address: String, head: Parts, body: Body) -> Result<Response, String> {
        if !http_body::Body::is_end_stream(&body) {
            for pause in PAUSES {
                if TcpStream::connect(&address).await.is_ok() {
                    break;
                }
                sleep(Duration::from_millis(pause)).await;
            }
            return self.send_once(Request::from_parts(head, body)).await;
        }
        let mut pauses = PAUSES.into_iter();
        loop {
            let request = Request::from_parts(head.clone(), Body::empty());
            match (self.send_once(request).await, pauses.next()) {
                (Ok(answer), _) => return Ok(answer),
                (Err(_), Some(pause)) => sleep(Duration::from_millis(pause)).await,
                (Err(error), None) => return Err(error),
            }
        }
    }

    async fn send_once(&self, request: Request) -> Result<Response, String> {
        let answer = self.client.request(request).await;
        let answer = answer.map_err(|error| error_chain(&error))?;
        if self.drops_next_response.swap(false, Ordering::SeqCst) {
            self.handler.kill().await;
            return Err("the handler was killed".to_owned());
        }
        Ok(answer.map(Body::new))
    }
}

fn remove_hop_by_hop(headers: &mut HeaderMap) {
    for name in &HOP_BY_HOP {
        headers.remove(name);
    }
}

fn value(text: &str) -> Result<HeaderValue, String> {
    HeaderValue::try_from(text).map_err(|error| error.to_string())
}

/// Whatever the caller claimed about itself is gone.
fn rewrite_for_proxying(headers: &mut HeaderMap, handler: &str) -> Result<(), String> {
    let id = value(&Uuid::new_v4().to_string())?;
    let host = headers.insert(HOST, value(handler)?);
    headers.remove(header::FORWARDED);
    headers.remove("x-forwarded-prefix");
    headers.insert("x-forwarded-for", HeaderValue::from_static("127.0.0.1"));
    headers.insert("x-forwarded-proto", HeaderValue::from_static("http"));
    headers.insert(
        "x-forwarded-host",
        host.unwrap_or(HeaderValue::from_static("")),
    );
    headers.insert(
        "x-azure-functions-hostversion",
        HeaderValue::from_static("4.1037.0.0"),
    );
    headers.insert("x-ms-invocation-id", id.clone());
    headers.insert(INVOCATION_ID, id);
    Ok(())
}

/// Whatever the caller claimed arrives, a forged invocation id in front of the host's own.
fn rewrite_for_forwarding(headers: &mut HeaderMap) -> Result<(), String> {
    for (name, own) in [
        (
            HeaderName::from_static(INVOCATION_ID),
            Uuid::new_v4().to_string(),
        ),
        (USER_AGENT, "Azure-Functions-Host/4".to_owned()),
    ] {
        let separator = if name == USER_AGENT { " " } else { ", " };
        let claimed = headers.get(&name).and_then(|value| value.to_str().ok());
        let joined = claimed.map_or(own.clone(), |claimed| format!("{claimed}{separator}{own}"));
        headers.insert(name, value(&joined)?);
    }
    headers.remove(header::CONTENT_ENCODING);
    Ok(())
}

/// A query as older hosts pass it on: values of one name are joined, `+` becomes `%20`, `e` becomes
/// `e=`.
fn comma_joined(query: &str) -> String {
    let mut joined: Vec<(String, String)> = Vec::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match joined
            .iter_mut()
            .find(|(known, _)| known.eq_ignore_ascii_case(&name))
        {
            Some((_, values)) => *values = format!("{values},{value}"),
            None => joined.push((name.into_owned(), value.into_owned())),
        }
    }
    let mut query = form_urlencoded::Serializer::new(String::new());
    format!(
        "?{}",
        query.extend_pairs(joined).finish().replace('+', "%20")
    )
}

/// hyper's own text leaves out what the system reported.
fn error_chain(error: &dyn std::error::Error) -> String {
    std::iter::successors(error.source(), |cause| cause.source())
        .fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
