//! The host's own HTTP side: takes a request, finds its function, checks the key, passes it on.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
};

use anyhow::Context;
use axum::{
    Router,
    extract::{ConnectInfo, Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use rand::Rng;
use tokio::net::TcpListener;

use super::{
    app::App,
    keys::{self, Keys},
    log::Log,
    proxy::Proxy,
    routes,
};

#[derive(Debug)]
pub(super) struct Front {
    pub(super) app: App,
    /// `None`: every caller is admin.
    keys: Option<Keys>,
    pub(super) proxy: Proxy,
    pub(super) log: Log,
}

impl Front {
    pub(super) fn new(app: App, keys: Option<Keys>, proxy: Proxy, log: Log) -> Self {
        Self {
            app,
            keys,
            proxy,
            log,
        }
    }

    async fn answer(&self, peer: SocketAddr, request: Request) -> Response {
        let path = routes::resolved(request.uri().path());
        let Some((function, http)) = routes::find(self.app.functions(), request.method(), &path)
        else {
            return StatusCode::NOT_FOUND.into_response();
        };
        let presented = keys::presented(request.headers(), request.uri());
        if self
            .keys
            .as_ref()
            .is_some_and(|keys| !keys.admit(http.auth_level, &function.name, presented.as_deref()))
        {
            return StatusCode::UNAUTHORIZED.into_response();
        }
        self.proxy.pass(peer.ip(), request).await
    }
}

/// Binds the port; 0 picks a free one.
pub(super) async fn listen(port: u16) -> anyhow::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .with_context(|| format!("the host cannot listen on 127.0.0.1:{port}"))
}

/// A port for the handler. It is free when it is picked; the handler binds it a moment later. So it
/// is none of those that the system hands out meanwhile, to listeners without a port of their own
/// and to outgoing connections.
pub(super) async fn free_port() -> anyhow::Result<u16> {
    for _ in 0..100 {
        let port = rand::thread_rng().gen_range(16_000..32_000);
        if listen(port).await.is_ok() {
            return Ok(port);
        }
    }
    anyhow::bail!("no free port for the handler")
}

/// Serves until `over`, then lets what is in flight end.
pub(super) async fn serve(
    listener: TcpListener,
    front: Arc<Front>,
    over: impl Future<Output = ()> + Send + 'static,
) {
    let log = front.log.clone();
    let service = Router::new()
        .fallback(answer)
        .with_state(front)
        .into_make_service_with_connect_info::<SocketAddr>();
    if let Err(error) = axum::serve(listener, service)
        .with_graceful_shutdown(over)
        .await
    {
        log.error(format!("the host stopped serving: {error}"));
    }
}

async fn answer(
    State(front): State<Arc<Front>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    front.answer(peer, request).await
}
