//! The same point read with the same client, and around it nothing but axum: what InviteUser cannot
//! be quicker than.

use std::{net::Ipv4Addr, sync::Arc, time::Duration};

use anyhow::Context;
use axum::{Router, body::Bytes, http::StatusCode, routing::get};
use onboarding::store::table::{Table, azure::AzureTable};
use tokio::net::TcpListener;

/// The table as the handler opens it.
pub(crate) fn table(connection: &str, table: &str) -> anyhow::Result<AzureTable> {
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(Duration::from_secs(3))
        .pool_idle_timeout(Duration::from_secs(90))
        .build()?;
    Ok(AzureTable::from_connection_string(
        connection,
        table,
        Arc::new(client),
    )?)
}

/// Serves; `arguments`: connection string, table, partition, size of the page.
pub(crate) async fn serve(arguments: &[String]) -> anyhow::Result<()> {
    let [connection, name, partition, size] = arguments else {
        anyhow::bail!("four arguments")
    };
    let (table, partition) = (Arc::new(table(connection, name)?), partition.clone());
    let page = Bytes::from(vec![b'x'; size.parse()?]);
    let read = move || {
        let (table, partition, page) = (Arc::clone(&table), partition.clone(), page.clone());
        async move {
            match table.get(&partition, "invitation").await {
                Ok(Some(_)) => Ok(page),
                _ => Err(StatusCode::SERVICE_UNAVAILABLE),
            }
        }
    };
    let port = std::env::var("FUNCTIONS_CUSTOMHANDLER_PORT")
        .context("a port")?
        .parse()?;
    let router = Router::new()
        .route("/", get(async || ""))
        .route("/page", get(read));
    Ok(axum::serve(
        TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?,
        router,
    )
    .await?)
}
