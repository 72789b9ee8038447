//! Starts the service: state, socket and background tasks.

use std::{net::Ipv4Addr, sync::Arc, time::Duration};

use axum::ServiceExt;
use secrecy::ExposeSecret;
use tokio::net::TcpListener;
use tower::Layer;
use tower::util::MapRequestLayer;

use crate::{
    app::{App, SetupError},
    clock::Clock,
    config::{Config, Storage},
    router::{canonical_path, router},
    store::table::{
        Table, TableError, azure::AzureTable, embedded::EmbeddedTable, metered::Metered,
    },
    telemetry,
};

/// Why the service ends.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The storage is not usable.
    #[error("INVITATION_STORAGE (or AzureWebJobsStorage in its place) cannot be used: {0}")]
    Storage(#[from] TableError),
    /// A setting of the exporter is not usable.
    #[error("OTEL_EXPORTER_OTLP_ENDPOINT, or another of the OTEL settings, cannot be used: {0}")]
    Telemetry(#[from] telemetry::SetupError),
    /// The shared state cannot be built.
    #[error("{0}")]
    Setup(#[from] SetupError),
    /// The port is not available.
    #[error("cannot listen on 127.0.0.1:{port}: {source}")]
    Listen {
        /// The port from the settings.
        port: u16,
        /// The error of the system.
        source: std::io::Error,
    },
    /// The server failed.
    #[error("the server failed: {0}")]
    Serve(#[from] std::io::Error),
}

/// Serves until the process is killed. Answers requests before any dependency has responded.
///
/// # Errors
/// See [`StartError`].
pub async fn serve(config: Config) -> Result<(), StartError> {
    let (port, table) = (config.port, table(&config)?);
    if config.telemetry {
        telemetry::start()?;
    }
    let (app, intents) = App::new(config, Clock::system(), Arc::clone(&table))?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(|source| StartError::Listen { port, source })?;
    tracing::info!(port, public = %app.config.public, "ready");
    let service = MapRequestLayer::new(canonical_path).layer(router(Arc::clone(&app)));
    tokio::spawn(Arc::clone(&app.deliverer).follow(intents));
    tokio::spawn(async move { app.entra.keep_fresh().await });
    tokio::spawn(warm_up(table));
    tokio::spawn(keep_timer_armed());
    axum::serve(
        listener,
        ServiceExt::<axum::extract::Request>::into_make_service(service),
    )
    .await?;
    Ok(())
}

/// Opens a connection to the table, with TLS and the token of the managed identity, while the host
/// still probes the port, so that the first recipient does not wait for it.
async fn warm_up(table: Arc<dyn Table>) {
    // The row does not exist. If the table is not usable, requests report it.
    let _ = table.get("warm-up", "nothing").await;
}

/// Keeps an early timer in the runtime. Without it, the timeout of each request would be the earliest
/// timer, and registering it would wake another thread, twice for each request.
async fn keep_timer_armed() {
    let mut ticks = tokio::time::interval(Duration::from_secs(1));
    loop {
        ticks.tick().await;
    }
}

/// The table that the settings name. Sends no request; the embedded table is opened.
pub(crate) fn table(config: &Config) -> Result<Arc<dyn Table>, TableError> {
    Ok(match &config.storage {
        Storage::Embedded(dir) => Arc::new(Metered(EmbeddedTable::open(dir)?)),
        Storage::ConnectionString(connection) => {
            let transport = Arc::new(storage_client()?);
            Arc::new(Metered(AzureTable::from_connection_string(
                connection.expose_secret(),
                &config.table,
                transport,
            )?))
        }
        Storage::ManagedIdentity { service, client_id } => {
            Arc::new(Metered(AzureTable::with_managed_identity(
                service.as_str(),
                client_id.as_deref(),
                &config.table,
                storage_client()?,
            )?))
        }
    })
}

/// A client with a connection pool: the library's own opens a new connection, with TLS, for every
/// call.
fn storage_client() -> Result<reqwest::Client, TableError> {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(Duration::from_secs(3))
        .pool_idle_timeout(Duration::from_secs(90))
        .build()
        .map_err(|error| TableError::Refused(format!("TLS cannot be set up: {error}")))
}
