//! A sign-in service that behaves as Microsoft Entra ID does at its v2.0 endpoints, without
//! passwords: whoever names an account may use it. Besides the ways that work, it can be told to go
//! wrong in the ways a client has to survive.

mod accounts;
mod authorize;
mod client;
mod code_mail;
mod faults;
mod flow;
mod id_token;
mod keys;
mod metadata;
mod pages;
mod session;
mod token;

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, Ordering::Relaxed},
    },
    time::Duration,
};

use axum::{
    Router,
    routing::{get, post},
};
use time::OffsetDateTime;
use uuid::Uuid;

use self::{
    accounts::Accounts,
    authorize::Grant,
    client::Person,
    faults::{Counters, Faults},
    flow::Attempt,
    keys::Keys,
};
pub use self::{
    accounts::{Account, PERSONAL_TENANT},
    faults::{Counts, Fault, Signature, SigningKey, Tamper, TokenFault},
};
use crate::{
    loopback::{self, Server},
    mailbox::Mailbox,
};

/// How long a scripted person looks for the mail with the code.
const MAIL_PATIENCE: Duration = Duration::from_secs(10);

/// Where to listen, for which app, and who can sign in.
#[derive(Clone, Debug, Default)]
pub struct SignInOptions {
    /// 0: any free port.
    pub port: u16,
    /// The app's id.
    pub client_id: String,
    /// The app's secret.
    pub client_secret: String,
    /// Where the app may be returned to; compared as they stand.
    pub redirect_uris: Vec<String>,
    /// Who can sign in from the start.
    pub accounts: Vec<Account>,
    /// Where the codes for new accounts are mailed to (`smtp://host:port`). Without it the page
    /// shows the code.
    pub smtp_url: Option<String>,
    /// Keeps accounts, consents and keys over a restart.
    pub dir: Option<PathBuf>,
    /// Takes any well-formed JWT as the app's `client_assertion`, instead of none.
    pub accept_assertions: bool,
}

/// A running sign-in service. It ends when it is stopped or dropped.
#[derive(Debug)]
pub struct SignIn {
    service: Arc<Service>,
    server: Server,
}

/// What all requests share.
#[derive(Debug)]
struct Service {
    base: String,
    options: SignInOptions,
    accounts: Accounts,
    redirect_uris: Mutex<Vec<String>>,
    keys: Mutex<Keys>,
    /// By the id in the address of its pages.
    attempts: Mutex<HashMap<Uuid, Attempt>>,
    /// By code; `None` once it was redeemed.
    grants: Mutex<HashMap<String, Option<Grant>>>,
    /// Who is signed in, by the cookie's value.
    sessions: Mutex<HashMap<Uuid, Vec<Uuid>>>,
    faults: Faults,
    counters: Counters,
    token_request: Mutex<HashMap<String, String>>,
    seconds_ahead: AtomicI64,
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

    /// Everybody who can sign in, those included who created their account here.
    pub fn accounts(&self) -> Vec<Account> {
        self.service.accounts.all()
    }

    /// Adds an account, or replaces the one with its address.
    pub fn add_account(&self, account: Account) {
        self.service.accounts.put(account);
    }

    /// Lets the app be returned to this address too.
    pub fn register_redirect(&self, uri: impl Into<String>) {
        lock(&self.service.redirect_uris).push(uri.into());
    }

    /// Makes everybody be asked for consent again.
    pub fn withdraw_consents(&self) {
        self.service.accounts.withdraw_consents();
    }

    /// Goes wrong from now on.
    pub fn set_fault(&self, fault: impl Into<Fault>) {
        self.service.faults.set(fault.into());
    }

    /// Behaves again.
    pub fn clear_faults(&self) {
        self.service.faults.clear();
    }

    /// How many requests there have been since the start.
    pub fn counts(&self) -> Counts {
        self.service.counters.read()
    }

    /// The parameters of the latest token request that was well-formed.
    pub fn last_token_request(&self) -> HashMap<String, String> {
        lock(&self.service.token_request).clone()
    }

    /// Replaces the signing keys; the old ones are no longer published.
    pub async fn rotate_keys(&self) -> anyhow::Result<()> {
        let keys = Keys::generate().await?;
        if let Some(dir) = keys_dir(&self.service.options) {
            keys.save(&dir)?;
        }
        *lock(&self.service.keys) = keys;
        Ok(())
    }

    /// Sets this service's clock ahead, so that codes expire.
    pub fn advance_clock(&self, by: Duration) {
        let seconds = i64::try_from(by.as_secs()).unwrap_or(i64::MAX);
        self.service.seconds_ahead.fetch_add(seconds, Relaxed);
    }

    /// Signs in as an existing account, consenting where asked, and returns the address that the
    /// browser is sent back to. `http` must not follow redirects.
    pub async fn sign_in_as(
        &self,
        http: &reqwest::Client,
        authorize_url: &str,
        email: &str,
    ) -> anyhow::Result<String> {
        let code =
            || async { anyhow::bail!("the account does not exist: the page asks for a code") };
        Person {
            http,
            email,
            name: "",
            accepts: true,
            code,
        }
        .walk(self.url(), authorize_url)
        .await
    }

    /// As [`sign_in_as`](Self::sign_in_as), but declines to consent.
    pub async fn decline_as(
        &self,
        http: &reqwest::Client,
        authorize_url: &str,
        email: &str,
    ) -> anyhow::Result<String> {
        let code =
            || async { anyhow::bail!("the account does not exist: the page asks for a code") };
        Person {
            http,
            email,
            name: "",
            accepts: false,
            code,
        }
        .walk(self.url(), authorize_url)
        .await
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
        let code = || async { client::digits(&mailbox.wait_for(email, MAIL_PATIENCE).await?.text) };
        Person {
            http,
            email,
            name,
            accepts: true,
            code,
        }
        .walk(self.url(), authorize_url)
        .await
    }

    /// Closes the listener and all connections.
    pub async fn stop(&self) {
        self.server.stop().await;
    }
}

/// Somebody without an account.
#[derive(Clone, Copy, Debug)]
pub struct NewPerson<'a> {
    /// The address to create the account for.
    pub email: &'a str,
    /// The display name.
    pub name: &'a str,
}

impl Service {
    fn new(base: String, options: SignInOptions, accounts: Accounts, keys: Keys) -> Self {
        Self {
            base,
            redirect_uris: Mutex::new(options.redirect_uris.clone()),
            options,
            accounts,
            keys: Mutex::new(keys),
            attempts: Mutex::default(),
            grants: Mutex::default(),
            sessions: Mutex::default(),
            faults: Faults::default(),
            counters: Counters::default(),
            token_request: Mutex::default(),
            seconds_ahead: AtomicI64::default(),
        }
    }

    fn now(&self) -> OffsetDateTime {
        crate::now() + time::Duration::seconds(self.seconds_ahead.load(Relaxed))
    }

    fn may_return_to(&self, uri: &str) -> bool {
        lock(&self.redirect_uris)
            .iter()
            .any(|registered| registered == uri)
    }

    fn keys(&self) -> Keys {
        lock(&self.keys).clone()
    }

    fn attempts(&self) -> MutexGuard<'_, HashMap<Uuid, Attempt>> {
        lock(&self.attempts)
    }

    fn grants(&self) -> MutexGuard<'_, HashMap<String, Option<Grant>>> {
        lock(&self.grants)
    }

    fn sessions(&self) -> MutexGuard<'_, HashMap<Uuid, Vec<Uuid>>> {
        lock(&self.sessions)
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
        .route("/{tenant}/oauth2/v2.0/logout", get(pages::sign_out))
        .route("/flow/{id}", get(flow::show).post(flow::answer))
        .route("/", get(pages::home))
        .with_state(service)
}

fn keys_dir(options: &SignInOptions) -> Option<PathBuf> {
    options.dir.as_deref().map(|dir: &Path| dir.join("keys"))
}

// Each critical section is a single change of a map: a panic elsewhere cannot leave one half done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
