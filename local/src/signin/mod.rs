//! A sign-in service that behaves as Microsoft Entra ID does at its v2.0 endpoints, without
//! passwords: naming an account is enough to use it. Tests switch on the faults that an app has to
//! survive.

mod accounts;
mod admin_consent;
mod authorize;
mod block;
mod callback;
mod code_mail;
mod errors;
mod faults;
mod flow;
mod id_token;
mod keys;
mod metadata;
mod misbehave;
mod model;
mod pages;
mod parameters;
mod service;
mod session;
mod token;
mod visitor;
mod words;

use std::{collections::HashMap, path::PathBuf, sync::Arc, time::Duration};

use axum::{
    Router,
    routing::{get, post},
};

use self::{accounts::Accounts, faults::Faults, keys::Keys, service::Service, visitor::Visitor};
pub use self::{
    accounts::{Account, PERSONAL_TENANT},
    block::Block,
    faults::{Fault, Signature, SigningKey, Tamper, TokenFault},
    service::{Counts, SignInOptions},
};
use crate::{
    loopback::{self, Server},
    mailbox::Mailbox,
};

/// A running sign-in service. It ends when it is stopped or dropped.
#[derive(Debug)]
pub struct SignIn {
    service: Arc<Service>,
    server: Server,
}

/// A person without an account.
#[derive(Clone, Copy, Debug)]
pub struct NewPerson<'a> {
    /// The address to create the account for.
    pub email: &'a str,
    /// The display name.
    pub name: &'a str,
}

impl SignIn {
    /// Starts it. Fails if the port is taken or the directory cannot be used.
    pub async fn start(options: SignInOptions) -> anyhow::Result<Self> {
        if let Some(dir) = &options.dir {
            std::fs::create_dir_all(dir)?;
        }
        let keys = Keys::open(keys_dir(&options).as_deref()).await?;
        let file = options.dir.as_ref().map(|dir| dir.join("accounts.json"));
        let accounts = Accounts::open(file, options.accounts.clone())?;
        let listener = loopback::listen(options.port, "the sign-in service").await?;
        let base = format!("http://{}", listener.local_addr()?);
        let service = Arc::new(Service::new(base, options, accounts, keys));
        let server = Server::http(listener, router(service.clone()));
        Ok(Self { service, server })
    }

    /// An authority: `tenant` is `common`, `organizations`, `consumers` or a tenant's GUID.
    pub fn authority(&self, tenant: &str) -> String {
        format!("{}/{tenant}/v2.0", self.service.base)
    }

    /// `http://127.0.0.1:PORT`, with a page that lists the accounts.
    pub fn url(&self) -> &str {
        &self.service.base
    }

    /// All accounts, also those that were created at the pages.
    pub fn accounts(&self) -> Vec<Account> {
        self.service.accounts.all()
    }

    /// Adds an account, or replaces the one with its address.
    pub fn add_account(&self, account: Account) {
        self.service.accounts.put(account);
    }

    /// Lets the app be returned to this address too.
    pub fn register_redirect(&self, uri: impl Into<String>) {
        self.service.redirect_uris().push(uri.into());
    }

    /// Misbehaves like this from now on.
    pub fn set_fault(&self, fault: impl Into<Fault>) {
        self.service.faults().set(fault.into());
    }

    /// Behaves again.
    pub fn clear_faults(&self) {
        *self.service.faults() = Faults::default();
    }

    /// How many requests there have been since the start.
    pub fn counts(&self) -> Counts {
        *self.service.counts()
    }

    /// The parameters of the latest token request that was well-formed.
    pub fn last_token_request(&self) -> HashMap<String, String> {
        self.service.token_request().0.clone()
    }

    /// Replaces the signing keys; the old ones are no longer published.
    pub async fn rotate_keys(&self) -> anyhow::Result<()> {
        let keys = Keys::generate().await?;
        if let Some(dir) = keys_dir(&self.service.options) {
            keys.save(&dir)?;
        }
        *self.service.keys() = keys;
        Ok(())
    }

    /// Sets this service's clock ahead, so that codes expire.
    pub fn advance_clock(&self, by: Duration) {
        self.service.advance_clock(by.as_secs().cast_signed());
    }

    /// Signs in as an existing account, consenting where asked, and returns the address that the
    /// browser is sent back to. `http` must not follow redirects.
    pub async fn sign_in_as(
        &self,
        http: &reqwest::Client,
        authorize_url: &str,
        email: &str,
    ) -> anyhow::Result<String> {
        let visitor = Visitor {
            http,
            email,
            name: "",
            accepts: true,
            mailbox: None,
        };
        visitor.walk(self.url(), authorize_url).await
    }

    /// As [`sign_in_as`](Self::sign_in_as), but declines to consent.
    pub async fn decline_as(
        &self,
        http: &reqwest::Client,
        authorize_url: &str,
        email: &str,
    ) -> anyhow::Result<String> {
        let visitor = Visitor {
            http,
            email,
            name: "",
            accepts: false,
            mailbox: None,
        };
        visitor.walk(self.url(), authorize_url).await
    }

    /// Creates an account on the way, with the code from its mailbox, and consents.
    pub async fn create_account_as(
        &self,
        http: &reqwest::Client,
        authorize_url: &str,
        new: NewPerson<'_>,
        mailbox: &Mailbox,
    ) -> anyhow::Result<String> {
        let NewPerson { email, name } = new;
        let visitor = Visitor {
            http,
            email,
            name,
            accepts: true,
            mailbox: Some(mailbox),
        };
        visitor.walk(self.url(), authorize_url).await
    }

    /// Closes the listener and all connections.
    pub async fn stop(&self) {
        self.server.stop().await;
    }
}

fn router(service: Arc<Service>) -> Router {
    Router::new()
        .route(
            "/{tenant}/v2.0/.well-known/openid-configuration",
            get(metadata::document),
        )
        .route("/{tenant}/discovery/v2.0/keys", get(metadata::keys))
        .route("/{tenant}/oauth2/v2.0/authorize", get(authorize::endpoint))
        .route("/{tenant}/oauth2/v2.0/token", post(token::endpoint))
        .route(
            "/{tenant}/v2.0/adminconsent",
            get(admin_consent::show).post(admin_consent::answer),
        )
        .route("/{tenant}/oauth2/v2.0/logout", get(pages::sign_out))
        .route("/flow/{id}", get(flow::show).post(flow::answer))
        .route("/", get(pages::home))
        .with_state(service)
}

fn keys_dir(options: &SignInOptions) -> Option<PathBuf> {
    options.dir.as_ref().map(|dir| dir.join("keys"))
}
