//! Servers on 127.0.0.1 that can be stopped together with their open connections.

use std::{future::Future, net::Ipv4Addr, sync::Mutex};

use anyhow::Context;
use axum::Router;
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
};

/// Takes `port` (0: any free one) for `what`, a noun phrase for the error message.
pub(crate) async fn listen(port: u16, what: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .with_context(|| {
            format!("{what} cannot listen on 127.0.0.1:{port}; is something else running there?")
        })
}

/// A running accept loop. Dropping it ends it.
#[derive(Debug)]
pub(crate) struct Server(Mutex<Option<JoinHandle<()>>>);

impl Server {
    /// Answers every connection with `session`.
    pub(crate) fn start<S, F>(listener: TcpListener, session: S) -> Self
    where
        S: Fn(TcpStream) -> F + Send + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        Self(Mutex::new(Some(tokio::spawn(accept(listener, session)))))
    }

    /// Answers HTTP requests with `router`. The connections of `axum::serve` would outlive it, and
    /// clients with a connection pool would not notice that it was stopped.
    pub(crate) fn http(listener: TcpListener, router: Router) -> Self {
        Self::start(listener, move |stream| {
            let service = TowerToHyperService::new(router.clone());
            async move {
                // A broken connection concerns its client only.
                let _ = auto::Builder::new(TokioExecutor::new())
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
            }
        })
    }

    /// Closes the listener and all its connections; the port is free afterwards.
    pub(crate) async fn stop(&self) {
        let task = self.0.lock().ok().and_then(|mut task| task.take());
        if let Some(task) = task {
            task.abort();
            let _ = task.await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(task) = self.0.get_mut().ok().and_then(Option::take) {
            task.abort();
        }
    }
}

async fn accept<S, F>(listener: TcpListener, session: S)
where
    S: Fn(TcpStream) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    let mut sessions = JoinSet::new();
    loop {
        if let Ok((stream, _)) = listener.accept().await {
            // Small answers one after another: without this, Nagle's algorithm makes each wait for
            // the last one's ACK.
            let _ = stream.set_nodelay(true);
            sessions.spawn(session(stream));
        }
        while sessions.try_join_next().is_some() {}
    }
}
