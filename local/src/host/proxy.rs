//! One request on its way to the handler, and the answer on its way back.

use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::{
    body::Body,
    extract::Request,
    http::{StatusCode, Uri, Version, header::CONTENT_LENGTH, request::Parts},
    response::{IntoResponse, Response},
};
use http_body_util::BodyExt;
use hyper_util::{
    client::legacy::{Client, Error},
    rt::TokioExecutor,
};

use super::{
    body::{Activity, Inbound, Outbound},
    connector::PatientConnector,
    headers,
    log::Log,
    options::{Limits, Mode},
    query, routes,
};

#[derive(Debug)]
pub(super) struct Proxy {
    client: Client<PatientConnector, Body>,
    /// `127.0.0.1:port` of the handler.
    handler: String,
    mode: Mode,
    pub(super) limits: Limits,
    log: Log,
}

impl Proxy {
    pub(super) fn new(port: u16, mode: Mode, limits: Limits, log: Log) -> Self {
        let client = Client::builder(TokioExecutor::new()).build(PatientConnector(port));
        Self {
            client,
            handler: format!("127.0.0.1:{port}"),
            mode,
            limits,
            log,
        }
    }

    pub(super) fn handler_url(&self) -> String {
        format!("http://{}", self.handler)
    }

    /// Sends a request as it is; connections that are refused are retried for about two seconds.
    pub(super) async fn send(&self, request: Request) -> Result<Response, Error> {
        Ok(self.client.request(request).await?.map(Body::new))
    }

    /// Passes a caller's request on. What fails on the way is an empty 500, as from the host.
    pub(super) async fn pass(&self, peer: IpAddr, request: Request) -> Response {
        let (mut parts, body) = request.into_parts();
        let declared = content_length(&parts);
        if declared.is_some_and(|length| length > self.limits.request_body) {
            return StatusCode::PAYLOAD_TOO_LARGE.into_response();
        }
        let body = if self.mode == Mode::Forwarding && declared.is_none() {
            Body::empty()
        } else {
            body
        };
        if let Err(error) = self.address(&mut parts, peer) {
            return self.failed(&format!("the address cannot be passed on: {error}"));
        }
        let activity = Activity::new(self.limits.idle);
        let overrun = Arc::new(AtomicBool::new(false));
        let inbound = Inbound {
            inner: body,
            left: self.limits.request_body,
            overrun: overrun.clone(),
            activity: activity.clone(),
        };
        let sending = self.send(Request::from_parts(parts, Body::new(inbound)));
        match activity.or_idle(sending).await {
            Some(Ok(answer)) => self.answer(answer, activity).await,
            Some(Err(_)) if overrun.load(Ordering::Relaxed) => {
                StatusCode::PAYLOAD_TOO_LARGE.into_response()
            }
            Some(Err(error)) => self.failed(&with_causes(&error)),
            None => self.failed("it was idle for too long"),
        }
    }

    /// Turns the request that came in into the one that the handler sees.
    fn address(&self, parts: &mut Parts, peer: IpAddr) -> Result<(), axum::http::uri::InvalidUri> {
        headers::strip_hop_by_hop(&mut parts.headers);
        headers::set_invocation_id(&mut parts.headers);
        if self.mode == Mode::Proxying {
            headers::rewrite_for_proxying(&mut parts.headers, peer, &self.handler);
        }
        let path = routes::resolved(parts.uri.path());
        let query = match (self.mode, parts.uri.query()) {
            (Mode::Proxying, Some(query)) => format!("?{query}"),
            (Mode::Forwarding, Some(query)) => format!("?{}", query::comma_joined(query)),
            (_, None) => String::new(),
        };
        parts.uri = format!("http://{}{path}{query}", self.handler).parse::<Uri>()?;
        parts.version = Version::HTTP_11;
        parts.extensions.clear();
        Ok(())
    }

    async fn answer(&self, answer: Response, activity: Activity) -> Response {
        let (mut parts, body) = answer.into_parts();
        headers::strip_hop_by_hop(&mut parts.headers);
        let body = Body::new(Outbound::new(body, activity));
        match self.mode {
            Mode::Proxying => Response::from_parts(parts, body),
            Mode::Forwarding => match body.collect().await {
                Ok(whole) => Response::from_parts(parts, Body::from(whole.to_bytes())),
                Err(error) => self.failed(&error.to_string()),
            },
        }
    }

    fn failed(&self, why: &str) -> Response {
        self.log
            .error(format!("a request failed on its way to the handler: {why}"));
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    }
}

fn content_length(parts: &Parts) -> Option<u64> {
    parts
        .headers
        .get(CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

/// hyper's own text leaves out what the system said.
pub(super) fn with_causes(error: &dyn std::error::Error) -> String {
    std::iter::successors(error.source(), |cause| cause.source())
        .fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
