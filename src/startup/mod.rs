//! Starts the service: state, socket and background tasks.

mod orphan;

use std::{convert::Infallible, net::Ipv4Addr, sync::Arc, time::Duration};

use axum::ServiceExt;
use tokio::net::TcpListener;
use tower::Layer;
use tower::util::MapRequestLayer;

use crate::{
    app::{App, SetupError, Shared},
    clock::Clock,
    config::Config,
    router::{canonical_path, router},
    store::table::{Table, TableError},
    telemetry,
};
use orphan::LastRequest;

/// Why the service ends, and what to do about it: the last line that the operator sees.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The storage is not usable.
    #[error(
        "INVITATION_STORAGE (or AzureWebJobsStorage in its place) cannot be used: {0}; correct it, then run `handler check`"
    )]
    Storage(#[from] TableError),
    /// A setting of the exporter is not usable.
    #[error(
        "OTEL_EXPORTER_OTLP_ENDPOINT, or another of the OTEL settings, cannot be used: {0}; correct or remove it"
    )]
    Telemetry(#[from] telemetry::SetupError),
    /// The shared state cannot be built.
    #[error("{0}; correct the settings, then run `handler check`")]
    Setup(#[from] SetupError),
    /// The port is not available.
    #[error(
        "cannot listen on 127.0.0.1:{port}: {source}; end the process that uses the port, or set FUNCTIONS_CUSTOMHANDLER_PORT"
    )]
    Listen {
        /// The port from the settings.
        port: u16,
        /// The error of the system.
        source: std::io::Error,
    },
    /// The server failed.
    #[error("the server failed: {0}; the Functions host starts it again, elsewhere start it again")]
    Serve(#[from] std::io::Error),
    /// The server ended without an error.
    #[error("the server ended; the Functions host starts it again, elsewhere start it again")]
    Ended,
    /// The host is gone.
    #[error(
        "the Functions host is gone and no request has arrived for minutes; nothing is to be done"
    )]
    Orphaned,
}

/// Serves until the process is killed. Answers requests before any dependency has responded. Never
/// ends without an error: the host does not restart a handler that exits with 0.
///
/// # Errors
/// See [`StartError`].
pub async fn serve(config: Config) -> Result<Infallible, StartError> {
    let (port, table) = (config.port, config.storage.open(&config.table)?);
    let is_hosted = config.is_hosted;
    if config.telemetry {
        telemetry::start()?;
    }
    let (app, intents) = App::new(config, Clock::system(), Arc::clone(&table))?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(|source| StartError::Listen { port, source })?;
    tracing::info!(port, public = %app.config.public, "ready");
    let last = LastRequest::new();
    let arrived = last.clone();
    let on_arrival = move |request| {
        arrived.record();
        canonical_path(request)
    };
    let service = MapRequestLayer::new(on_arrival).layer(router(Arc::clone(&app)));
    tokio::spawn(Arc::clone(&app.deliverer).follow(intents));
    tokio::spawn(keep_keys_fresh(app));
    tokio::spawn(warm_up(table));
    tokio::spawn(keep_timer_armed());
    let server = axum::serve(
        listener,
        ServiceExt::<axum::extract::Request>::into_make_service(service),
    );
    ended(server.into_future(), orphan::orphaned(last), is_hosted).await
}

/// Why it ends. Only a process of the Functions host can be an orphan: others are started by hand,
/// and outlive the shell.
async fn ended(
    server: impl Future<Output = std::io::Result<()>>,
    orphaned: impl Future<Output = ()>,
    is_hosted: bool,
) -> Result<Infallible, StartError> {
    tokio::select! {
        ended = server => {
            ended?;
            Err(StartError::Ended)
        }
        () = orphaned, if is_hosted => Err(StartError::Orphaned),
    }
}

/// Keeps metadata and keys of each sign-in fresh. Never returns.
async fn keep_keys_fresh(app: Shared) {
    match &app.desk {
        Some(desk) => tokio::join!(app.entra.keep_fresh(), desk.entra.keep_fresh()).0,
        None => app.entra.keep_fresh().await,
    }
}

/// Opens a connection to the table, with TLS and the token of the managed identity, while the host
/// still probes the port, so that the first recipient does not wait for it.
async fn warm_up(table: Arc<dyn Table>) {
    // The row does not exist. If the table is not usable, requests report it.
    let _ = table.get("warm-up", "nothing").await;
}

/// Keeps an early timer in the runtime. Without it, the timeout of each request would be the
/// earliest timer, and registering it would wake another thread, twice for each request.
async fn keep_timer_armed() {
    let mut ticks = tokio::time::interval(Duration::from_secs(1));
    loop {
        ticks.tick().await;
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use tokio::time::timeout;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn only_a_hosted_process_ends_as_an_orphan() {
        let hosted = ended(pending(), ready(()), true).await;
        assert!(matches!(hosted, Err(StartError::Orphaned)));
        let by_hand = ended(pending(), ready(()), false);
        let hour = Duration::from_secs(60 * 60);
        assert!(timeout(hour, by_hand).await.is_err());
    }

    #[tokio::test]
    async fn a_server_that_ends_is_an_error() {
        let server = ended(ready(Ok(())), pending(), true).await;
        assert!(matches!(server, Err(StartError::Ended)));
    }
}
