//! What `make bench` measures the handler against: axum, a port, and a page that is always the
//! same. `BARE_SIZE` is its length in bytes.

use std::{env, io, net::Ipv4Addr, str::FromStr};

use axum::{Router, body::Bytes, routing::get};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> io::Result<()> {
    let page = Bytes::from(vec![b'x'; setting("BARE_SIZE").unwrap_or(0)]);
    let router = Router::new()
        .route("/", get(async || ""))
        .route("/page", get(move || std::future::ready(page.clone())));
    let port: u16 = setting("FUNCTIONS_CUSTOMHANDLER_PORT").unwrap_or(0);
    axum::serve(
        TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?,
        router,
    )
    .await
}

fn setting<T: FromStr>(name: &str) -> Option<T> {
    env::var(name).ok()?.parse().ok()
}
