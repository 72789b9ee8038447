//! Connections to the handler, patient while it restarts.

use std::{
    io,
    net::Ipv4Addr,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::http::Uri;
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, time::sleep};
use tower::Service;

const RETRIES: u32 = 10;
const FIRST_DELAY: Duration = Duration::from_millis(50);
const LONGEST_DELAY: Duration = Duration::from_millis(250);

/// Connects to one port of this machine and retries while the connection is refused. Retrying here,
/// below HTTP, leaves a streaming request body untouched.
#[derive(Debug, Clone, Copy)]
pub(super) struct PatientConnector(pub(super) u16);

impl Service<Uri> for PatientConnector {
    type Response = TokioIo<TcpStream>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        Box::pin(connect(self.0))
    }
}

async fn connect(port: u16) -> io::Result<TokioIo<TcpStream>> {
    let mut delay = FIRST_DELAY;
    for _ in 0..RETRIES {
        match TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await {
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => sleep(delay).await,
            other => return other.and_then(ready),
        }
        delay = (delay * 2).min(LONGEST_DELAY);
    }
    TcpStream::connect((Ipv4Addr::LOCALHOST, port))
        .await
        .and_then(ready)
}

fn ready(stream: TcpStream) -> io::Result<TokioIo<TcpStream>> {
    stream.set_nodelay(true)?;
    Ok(TokioIo::new(stream))
}
