//! The integrator's receiver of webhooks, and a page that shows what it received.

mod inbox;
mod web;

use std::{path::PathBuf, sync::Arc};

use anyhow::Context;

pub use inbox::Received;

use self::inbox::Inbox;
use crate::loopback::{self, Server};

/// Where to listen, and what the receiver knows.
#[derive(Clone, Debug)]
pub struct WebhookOptions {
    /// 0: any free port.
    pub port: u16,
    /// `whsec_…`, as `WEBHOOK_SECRET`.
    pub secret: String,
    /// Keeps the events over a restart, one `.json` file each.
    pub dir: Option<PathBuf>,
}

/// A running receiver. It ends when it is stopped or dropped.
#[derive(Debug)]
pub struct WebhookReceiver {
    inbox: Arc<Inbox>,
    url: String,
    server: Server,
}

impl WebhookReceiver {
    /// Starts it.
    ///
    /// # Errors
    /// A port that is taken, a secret that is not base64, a directory that cannot be read.
    pub async fn start(options: WebhookOptions) -> anyhow::Result<Self> {
        let inbox = Inbox::open(&options.secret, options.dir)
            .context("the receiver of webhooks cannot be set up")?;
        let inbox = Arc::new(inbox);
        let listener = loopback::listen(options.port, "the webhook page").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let server = Server::http(listener, web::router(Arc::clone(&inbox)));
        Ok(Self { inbox, url, server })
    }

    /// The page: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where to send events to, as `WEBHOOK_URL`.
    pub fn hook(&self) -> String {
        format!("{}/hook", self.url)
    }

    /// All events, oldest first.
    pub fn received(&self) -> Vec<Received> {
        self.inbox.received()
    }

    /// Closes the server and all its connections.
    pub async fn stop(&self) {
        self.server.stop().await;
    }
}
