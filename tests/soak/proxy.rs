//! A proxy between the app and an HTTP dependency that spoils some of the exchanges.

use std::{
    collections::BTreeMap,
    io,
    net::Ipv4Addr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
    time::Duration,
};

use axum::{
    body::{Body, Bytes, to_bytes},
    http::{Request, Response, StatusCode, header},
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use rand::{Rng, SeedableRng, rngs::StdRng};
use tokio::{net::TcpListener, time::sleep};

/// What happens to an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mishap {
    /// The answer comes late.
    Late(Duration),
    /// The connection ends before the dependency has heard of it.
    CutBefore,
    /// The dependency does it; the connection ends before the answer.
    CutAfter,
    /// An error of a server in front of the dependency.
    Status(u16),
    /// Half of the answer comes, and then no more.
    Torn,
    /// Nothing comes back, ever, and the connection stays open.
    BlackHole,
}

#[derive(Debug)]
pub(crate) struct Proxy {
    /// Where the app is to look for the dependency; without a slash at the end.
    pub(crate) url: String,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    upstream: String,
    http: reqwest::Client,
    /// Mishaps among a thousand exchanges.
    per_mille: AtomicU32,
    dice: Mutex<StdRng>,
    counts: Mutex<BTreeMap<&'static str, usize>>,
}

impl Mishap {
    fn any(rng: &mut StdRng) -> Self {
        match rng.gen_range(0..100) {
            0..40 => Self::Late(Duration::from_millis(rng.gen_range(20..1500))),
            40..55 => Self::CutBefore,
            55..65 => Self::CutAfter,
            65..75 => Self::Status(500),
            75..85 => Self::Status(503),
            85..97 => Self::Torn,
            _ => Self::BlackHole,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Late(_) => "late",
            Self::CutBefore => "cut_before",
            Self::CutAfter => "cut_after",
            Self::Status(_) => "status_5xx",
            Self::Torn => "torn",
            Self::BlackHole => "black_hole",
        }
    }
}

impl Proxy {
    /// In front of `upstream`, an address without a slash at the end. It is calm.
    pub(crate) async fn start(upstream: &str, seed: u64) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            upstream: upstream.to_owned(),
            http: reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .unwrap(),
            per_mille: AtomicU32::new(0),
            dice: Mutex::new(StdRng::seed_from_u64(seed)),
            counts: Mutex::default(),
        });
        tokio::spawn(serve(listener, Arc::clone(&shared)));
        Self { url, shared }
    }

    /// From now on so many exchanges among a thousand are spoiled.
    pub(crate) fn spoil(&self, per_mille: u32) {
        self.shared.per_mille.store(per_mille, Relaxed);
    }

    /// How often each mishap happened.
    pub(crate) fn mishaps(&self) -> BTreeMap<&'static str, usize> {
        self.shared.counts.lock().unwrap().clone()
    }
}

async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let shared = Arc::clone(&shared);
        let service = service_fn(move |request| exchange(Arc::clone(&shared), request));
        // An error is what ends the connection without an answer.
        tokio::spawn(async move {
            http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await
        });
    }
}

async fn exchange(
    shared: Arc<Shared>,
    request: Request<Incoming>,
) -> Result<Response<Body>, io::Error> {
    match shared.next_mishap() {
        None => shared.forward(request).await,
        Some(Mishap::Late(by)) => {
            sleep(by).await;
            shared.forward(request).await
        }
        Some(Mishap::CutBefore) => Err(io::ErrorKind::ConnectionReset.into()),
        Some(Mishap::CutAfter) => {
            shared.forward(request).await?;
            Err(io::ErrorKind::ConnectionReset.into())
        }
        Some(Mishap::Status(status)) => Ok(refusal(status)),
        Some(Mishap::Torn) => torn(shared.forward(request).await?).await,
        Some(Mishap::BlackHole) => std::future::pending().await,
    }
}

impl Shared {
    fn next_mishap(&self) -> Option<Mishap> {
        let mut dice = self.dice.lock().unwrap();
        let spoiled = dice.gen_range(0..1000) < self.per_mille.load(Relaxed);
        let mishap = spoiled.then(|| Mishap::any(&mut dice))?;
        *self
            .counts
            .lock()
            .unwrap()
            .entry(mishap.name())
            .or_default() += 1;
        Some(mishap)
    }

    /// The exchange with the dependency, undisturbed.
    async fn forward(&self, request: Request<Incoming>) -> Result<Response<Body>, io::Error> {
        let (head, body) = request.into_parts();
        let body = to_bytes(Body::new(body), usize::MAX)
            .await
            .map_err(io::Error::other)?;
        let mut headers = head.headers;
        for own in [
            header::HOST,
            header::CONNECTION,
            header::TRANSFER_ENCODING,
            header::CONTENT_LENGTH,
        ] {
            headers.remove(own);
        }
        let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
        let sent = self
            .http
            .request(head.method, format!("{}{path}", self.upstream))
            .headers(headers)
            .body(body)
            .send()
            .await;
        let answer = sent.map_err(io::Error::other)?;
        let mut response = Response::builder().status(answer.status());
        for (name, value) in answer.headers() {
            if *name != header::TRANSFER_ENCODING && *name != header::CONNECTION {
                response = response.header(name, value);
            }
        }
        let body = answer.bytes().await.map_err(io::Error::other)?;
        response.body(Body::from(body)).map_err(io::Error::other)
    }
}

fn refusal(status: u16) -> Response<Body> {
    let mut response = Response::new(Body::from("<html>The service is unavailable.</html>"));
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    response
}

/// Says how long it is, and ends in the middle.
async fn torn(complete: Response<Body>) -> Result<Response<Body>, io::Error> {
    let (head, body) = complete.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.map_err(io::Error::other)?;
    let half: Result<Bytes, io::Error> = Ok(bytes.slice(..bytes.len() / 2));
    let halves = futures::stream::iter([half, Err(io::ErrorKind::ConnectionReset.into())]);
    Ok(Response::from_parts(head, Body::from_stream(halves)))
}
