//! The state that every function shares, the one table of functions, and what surrounds each
//! request.

mod bodies;
mod canonical;
mod observe;

pub(crate) use observe::about;
pub use observe::log_panics;

use std::sync::Arc;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{MethodRouter, get, post},
};
use tokio::sync::mpsc;
use tower::ServiceBuilder;

use crate::{
    accept_callback,
    clock::Clock,
    config::Config,
    confirm_mailbox, create_company, deliver_events,
    error::{AppError, Failed},
    events::{Deliverer, Webhook, WebhookError},
    health,
    identity::{Entra, FetchError},
    invitations, invite_user,
    mail::Mailer,
    openapi, purge_invitations,
    seal::Sealer,
    session::Cookies,
    store::{Channels, Intent, Invitations, table::Table},
    welcome,
};

/// What every function has at hand.
#[derive(Debug)]
pub struct App {
    /// The settings.
    pub config: Config,
    /// Tells the time.
    pub clock: Clock,
    /// The store.
    pub invitations: Invitations,
    /// The sign-in service.
    pub entra: Entra,
    /// The cookies.
    pub cookies: Cookies,
    /// The mail server; `None`: no e-mail goes out.
    pub mailer: Option<Mailer>,
    /// Tells the world what happened.
    pub deliverer: Arc<Deliverer>,
    /// What `Health` said last.
    pub health: health::LastReport,
    /// What the API can do.
    pub openapi: openapi::Served,
}

/// Why the parts cannot be put together.
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
    /// Puts the parts together over a table. Nothing is asked of the network. The intents of what
    /// this process causes come out of the receiver; [`Deliverer::follow`] delivers them.
    ///
    /// # Errors
    /// Where TLS or the managed identity cannot be set up.
    pub fn new(
        config: Config,
        clock: Clock,
        table: Arc<dyn Table>,
    ) -> Result<(Shared, mpsc::Receiver<Intent>), SetupError> {
        let channels = Channels {
            mail: config.mail.is_some(),
            webhook: config.webhook.is_some(),
        };
        let (invitations, intents) = Invitations::new(table, config.sealer.clone(), channels);
        let entra = Entra::new(&config.entra, config.public.api("AcceptCallback"))?;
        let mailer = config.mail.as_ref().and_then(Mailer::new);
        let webhook = config.webhook.as_ref().map(Webhook::new).transpose()?;
        let cookies = Cookies::new(config.sealer.clone(), config.public.is_https());
        let deliverer = Deliverer::new(
            invitations.clone(),
            mailer.clone(),
            webhook,
            config.clone(),
            clock.clone(),
        );
        Ok((
            Arc::new(Self {
                config,
                clock,
                invitations,
                entra,
                cookies,
                mailer,
                deliverer: Arc::new(deliverer),
                health: health::LastReport::default(),
                openapi: openapi::Served::default(),
            }),
            intents,
        ))
    }

    /// Seals and makes tokens.
    #[must_use]
    pub fn sealer(&self) -> &Sealer {
        &self.config.sealer
    }
}

/// Who may call a function, as in its function.json.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthLevel {
    /// Anyone.
    Anonymous,
    /// Who has a key; the Functions host checks it.
    Function,
}

/// A function of the app: a folder with a function.json at the root, a module of the same name
/// here.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    /// The folder.
    pub name: &'static str,
    /// Under `/api`, in the words of function.json.
    pub route: &'static str,
    /// In the order of function.json.
    pub methods: &'static [&'static str],
    /// Who may call it.
    pub auth: AuthLevel,
    handlers: fn() -> Vec<(&'static str, MethodRouter<Shared>)>,
}

/// Every function there is.
pub const FUNCTIONS: &[Function] = &[
    Function {
        name: "InviteUser",
        route: "InviteUser",
        methods: &["get", "head", "post"],
        auth: AuthLevel::Anonymous,
        handlers: || {
            vec![(
                "/api/InviteUser",
                get(invite_user::show).post(invite_user::press),
            )]
        },
    },
    Function {
        name: "AcceptCallback",
        route: "AcceptCallback",
        methods: &["get"],
        auth: AuthLevel::Anonymous,
        handlers: || vec![("/api/AcceptCallback", get(accept_callback::receive))],
    },
    Function {
        name: "ConfirmMailbox",
        route: "ConfirmMailbox",
        methods: &["get", "post"],
        auth: AuthLevel::Anonymous,
        handlers: || {
            vec![(
                "/api/ConfirmMailbox",
                get(confirm_mailbox::show).post(confirm_mailbox::submit),
            )]
        },
    },
    Function {
        name: "CreateCompany",
        route: "CreateCompany",
        methods: &["get", "post"],
        auth: AuthLevel::Anonymous,
        handlers: || {
            vec![(
                "/api/CreateCompany",
                get(create_company::show).post(create_company::submit),
            )]
        },
    },
    Function {
        name: "Welcome",
        route: "Welcome",
        methods: &["get"],
        auth: AuthLevel::Anonymous,
        handlers: || vec![("/api/Welcome", get(welcome::show))],
    },
    Function {
        name: "Invitations",
        route: "Invitations/{id?}/{action?}",
        methods: &["get", "post"],
        auth: AuthLevel::Function,
        handlers: || {
            vec![
                (
                    "/api/Invitations",
                    get(invitations::list).post(invitations::create),
                ),
                ("/api/Invitations/{id}", get(invitations::get)),
                ("/api/Invitations/{id}/{action}", post(invitations::act)),
            ]
        },
    },
    Function {
        name: "OpenApi",
        route: "openapi.json",
        methods: &["get"],
        auth: AuthLevel::Anonymous,
        handlers: || vec![("/api/openapi.json", get(openapi::show))],
    },
    Function {
        name: "Health",
        route: "Health",
        methods: &["get"],
        auth: AuthLevel::Anonymous,
        handlers: || vec![("/api/Health", get(health::show))],
    },
];

/// A function that the host's clock starts: `POST /<name>`, which only the host can reach.
#[derive(Clone, Copy, Debug)]
pub struct Timer {
    /// The folder.
    pub name: &'static str,
    /// NCRONTAB, as in its function.json.
    pub schedule: &'static str,
    handler: fn() -> MethodRouter<Shared>,
}

/// Every timer there is.
pub const TIMERS: &[Timer] = &[
    Timer {
        name: "DeliverEvents",
        schedule: "0 * * * * *",
        handler: || post(deliver_events::tick),
    },
    Timer {
        name: "PurgeInvitations",
        schedule: "0 17 3 * * *",
        handler: || post(purge_invitations::tick),
    },
];

/// The whole service.
pub fn router(app: Shared) -> axum::routing::RouterIntoService<axum::body::Body> {
    let functions = FUNCTIONS.iter().flat_map(|function| (function.handlers)());
    let router = functions.fold(Router::new(), |router, (path, methods)| {
        router.route(path, methods)
    });
    let router = TIMERS.iter().fold(router, |router, timer| {
        router.route(&format!("/{}", timer.name), (timer.handler)())
    });
    let router = router
        // The host asks for `/` to learn that the process is ready. Nothing but the host can reach
        // it.
        .route("/", get(async || ""))
        .fallback(async || Failed::from(AppError::NotFound))
        .method_not_allowed_fallback(async || Failed::from(AppError::MethodNotAllowed))
        .with_state(Arc::clone(&app));
    // Around the router as a whole: `Router::layer` puts them around each route, and copies them
    // all for each request.
    let around = ServiceBuilder::new()
        .layer(middleware::from_fn_with_state(app, observe::around))
        .layer(middleware::from_fn(bodies::whole))
        .layer(DefaultBodyLimit::max(bodies::LARGEST_ARRAY));
    Router::new()
        .fallback_service(around.service(router))
        .into_service()
}

/// Spells a path as the route table does. Goes around the router, which matches by letter.
pub fn canonical_path(request: axum::extract::Request) -> axum::extract::Request {
    canonical::path(request)
}
