//! The recipient's mail server and mailbox: an SMTP server that takes mail for every address, and a
//! page to read it.

mod mail;
mod rules;
mod smtp;
mod store;
mod tls;
mod web;

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::Context;

pub use self::{mail::Mail, rules::RecipientRule, tls::TlsListener};
use self::{smtp::Wire, store::Store};
use crate::loopback::{self, Server};

/// Where to listen, and where to keep the mails.
#[derive(Clone, Debug, Default)]
pub struct MailboxOptions {
    /// 0: any free port.
    pub smtp_port: u16,
    /// 0: any free port.
    pub web_port: u16,
    /// Keeps the mails over a restart, one `.eml` file each.
    pub dir: Option<PathBuf>,
}

/// A running mailbox. It ends when it is stopped or dropped.
#[derive(Debug)]
pub struct Mailbox {
    store: Arc<Store>,
    smtp_url: String,
    url: String,
    servers: [Server; 2],
}

impl Mailbox {
    /// Starts both servers. Fails if a port is taken or the directory cannot be read.
    pub async fn start(options: MailboxOptions) -> anyhow::Result<Self> {
        let store = Arc::new(Store::open(options.dir)?);
        let smtp = loopback::listen(options.smtp_port, "the mail server").await?;
        let web = loopback::listen(options.web_port, "the mailbox page").await?;
        let smtp_url = format!("smtp://{}", smtp.local_addr()?);
        let url = format!("http://{}", web.local_addr()?);
        let sink = store.clone();
        let servers = [
            Server::start(smtp, move |stream| {
                smtp::session(stream, sink.clone(), Wire::Clear)
            }),
            Server::http(web, web::router(store.clone())),
        ];
        Ok(Self {
            store,
            smtp_url,
            url,
            servers,
        })
    }

    /// Where to send mail to: `smtp://127.0.0.1:PORT`.
    pub fn smtp_url(&self) -> &str {
        &self.smtp_url
    }

    /// Where to read it: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// All mails, oldest first.
    pub fn mails(&self) -> Vec<Mail> {
        self.store
            .mails()
            .iter()
            .map(|mail| Mail::clone(mail))
            .collect()
    }

    /// The mails to one address, oldest first.
    pub fn mails_to(&self, address: &str) -> Vec<Mail> {
        let mut mails = self.mails();
        mails.retain(|mail| mail.to.eq_ignore_ascii_case(address));
        mails
    }

    /// The newest mail to `address`, as soon as there is one.
    pub async fn wait_for(&self, address: &str, timeout: Duration) -> anyhow::Result<Mail> {
        self.wait_for_count(address, 1, timeout).await
    }

    /// The newest mail to `address`, as soon as `count` of them have come.
    pub async fn wait_for_count(
        &self,
        address: &str,
        count: usize,
        timeout: Duration,
    ) -> anyhow::Result<Mail> {
        let mut arrivals = self.store.arrivals();
        let arrival = async {
            loop {
                let mut mails = self.mails_to(address);
                if mails.len() >= count.max(1)
                    && let Some(newest) = mails.pop()
                {
                    return Ok(newest);
                }
                arrivals.changed().await?;
            }
        };
        tokio::time::timeout(timeout, arrival)
            .await
            .with_context(|| {
                let came = self.mails_to(address).len();
                format!("{came} of {count} mails to {address} came within {timeout:?}")
            })?
    }

    /// How many connections the mail server has had.
    pub fn sessions(&self) -> usize {
        self.store.sessions()
    }

    /// Takes mail for this mailbox over TLS, too.
    pub async fn open_tls(&self) -> anyhow::Result<TlsListener> {
        TlsListener::open(&self.store).await
    }

    /// Refuses mail for a recipient from now on.
    pub fn refuse(&self, rule: RecipientRule) {
        self.store.refuse(rule);
    }

    /// Takes mail for everyone again.
    pub fn accept_all(&self) {
        self.store.accept_all();
    }

    /// Closes both servers and all their connections.
    pub async fn stop(&self) {
        for server in &self.servers {
            server.stop().await;
        }
    }
}
