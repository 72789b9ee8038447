//! The state that every function shares.

use std::sync::Arc;

use tokio::sync::mpsc;
use uuid::Uuid;

use crate::{
    clock::Clock,
    config::Config,
    events::{Deliverer, Webhook, WebhookError},
    identity::{Entra, FetchError},
    mail::Mailer,
    seal::Sealer,
    store::{Announced, Store, table::Table},
};

/// The shared state.
#[derive(Debug)]
pub struct App {
    /// The settings.
    pub config: Config,
    /// The clock.
    pub clock: Clock,
    /// The store.
    pub store: Store,
    /// The sign-in service.
    pub entra: Entra,
    /// The sign-in of the seller's staff; `None`: there is no desk.
    pub desk: Option<Desk>,
    /// The mail server; `None`: no e-mail is sent.
    pub mailer: Option<Mailer>,
    /// Delivers events as e-mails and webhooks.
    pub deliverer: Arc<Deliverer>,
}

/// Where the seller's staff sign in.
#[derive(Debug)]
pub struct Desk {
    /// The seller's tenant.
    pub tenant: Uuid,
    /// The sign-in service of that tenant.
    pub entra: Entra,
}

impl Desk {
    fn new(config: &Config) -> Result<Option<Self>, FetchError> {
        let Some(desk) = &config.desk else {
            return Ok(None);
        };
        let entra = Entra::new(&desk.entra, config.public.api("desk/signed-in"))?;
        let tenant = desk.tenant;
        Ok(Some(Self { tenant, entra }))
    }
}

/// Why the state cannot be built.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The sign-in.
    #[error("the sign-in cannot be set up: {0}")]
    Identity(#[from] FetchError),
    /// The webhook.
    #[error("the webhook cannot be set up: {0}")]
    Webhook(#[from] WebhookError),
}

/// Shared by all requests.
pub type Shared = Arc<App>;

impl App {
    /// Builds the state over a table, without any request. The receiver yields the intents that
    /// this process writes; [`Deliverer::follow`] delivers them.
    ///
    /// # Errors
    /// Where TLS or the managed identity cannot be set up.
    pub fn new(
        config: Config,
        clock: Clock,
        table: Arc<dyn Table>,
    ) -> Result<(Shared, mpsc::Receiver<Announced>), SetupError> {
        let options = config.store_options(clock.clone());
        let (store, intents) = Store::new(table, config.sealer.clone(), options);
        let entra = Entra::new(&config.entra, config.public.api("AcceptCallback"))?;
        let desk = Desk::new(&config)?;
        let mailer = config.mail.as_ref().and_then(Mailer::new);
        let webhook = config.webhook.as_ref().map(Webhook::new).transpose()?;
        let deliverer = Deliverer::new(
            store.clone(),
            mailer.clone(),
            webhook,
            config.clone(),
            clock.clone(),
        );
        Ok((
            Arc::new(Self {
                config,
                clock,
                store,
                entra,
                desk,
                mailer,
                deliverer: Arc::new(deliverer),
            }),
            intents,
        ))
    }

    /// Seals values and makes tokens.
    #[must_use]
    pub fn sealer(&self) -> &Sealer {
        &self.config.sealer
    }
}
