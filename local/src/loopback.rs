//! Servers on 127.0.0.1 that can be stopped together with their open connections.

use std::{future::Future, net::Ipv4Addr, pin::pin, sync::Mutex, time::Duration};

use anyhow::Context;
use axum::Router;
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::{JoinHandle, JoinSet},
    time::timeout,
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
pub(crate) struct Server {
    task: Mutex<Option<JoinHandle<()>>>,
    closing: watch::Sender<bool>,
}

impl Server {
    /// Answers every connection with `session`.
    pub(crate) fn start<S, F>(listener: TcpListener, session: S) -> Self
    where
        S: Fn(TcpStream) -> F + Send + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        Self::start_on(listener, watch::Sender::new(false), session)
    }

    fn start_on<S, F>(listener: TcpListener, closing: watch::Sender<bool>, session: S) -> Self
    where
        S: Fn(TcpStream) -> F + Send + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        let task = tokio::spawn(accept(listener, closing.subscribe(), session));
        Self {
            task: Mutex::new(Some(task)),
            closing,
        }
    }

    /// Answers HTTP requests with `router`. The connections of `axum::serve` would outlive it, and
    /// clients with a connection pool would not notice that it was stopped.
    pub(crate) fn http(listener: TcpListener, router: Router) -> Self {
        let closing = watch::Sender::new(false);
        let closed = closing.subscribe();
        Self::start_on(listener, closing, move |stream| {
            let service = TowerToHyperService::new(router.clone());
            let mut closed = closed.clone();
            async move {
                let server = auto::Builder::new(TokioExecutor::new());
                let mut connection = pin!(server.serve_connection(TokioIo::new(stream), service));
                tokio::select! {
                    // A broken connection concerns its client only.
                    _ = connection.as_mut() => return,
                    _ = closed.wait_for(|closed| *closed) => {}
                }
                connection.as_mut().graceful_shutdown();
                let _ = connection.await;
            }
        })
    }

    /// Closes the listener at once, and each connection when its request is answered or the time
    /// is over.
    pub(crate) async fn shut_down(&self, limit: Duration) {
        let task = self.task.lock().ok().and_then(|mut task| task.take());
        self.closing.send_replace(true);
        if let Some(mut task) = task
            && timeout(limit, &mut task).await.is_err()
        {
            task.abort();
            let _ = task.await;
        }
    }

    /// Closes the listener and all its connections; the port is free afterwards.
    pub(crate) async fn stop(&self) {
        let task = self.task.lock().ok().and_then(|mut task| task.take());
        if let Some(task) = task {
            task.abort();
            let _ = task.await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(task) = self.task.get_mut().ok().and_then(Option::take) {
            task.abort();
        }
    }
}

async fn accept<S, F>(listener: TcpListener, mut closing: watch::Receiver<bool>, session: S)
where
    S: Fn(TcpStream) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    let mut sessions = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = closing.wait_for(|closing| *closing) => break,
        };
        if let Ok((stream, _)) = accepted {
            // Small answers one after another: without this, Nagle's algorithm makes each wait for
            // the last one's ACK.
            let _ = stream.set_nodelay(true);
            sessions.spawn(session(stream));
        }
        while sessions.try_join_next().is_some() {}
    }
    drop(listener);
    sessions.join_all().await;
}
