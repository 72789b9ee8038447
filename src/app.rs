//! The state that every function shares, the one table of functions, and what surrounds each request.

mod canonical;
mod observe;

pub(crate) use observe::about;

use std::sync::Arc;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{MethodRouter, get, post},
};

use crate::{
    accept_callback,
    clock::Clock,
    config::Config,
    confirm_mailbox, create_company,
    error::{AppError, Failed},
    identity::{Entra, FetchError},
    invitations, invite_user,
    mail::Mailer,
    seal::Sealer,
    session::Cookies,
    store::Invitations,
    welcome,
};

/// No form and no invitation comes near this.
const LARGEST_BODY: usize = 64 * 1024;

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
}

/// Shared by all requests.
pub type Shared = Arc<App>;

impl App {
    /// Puts the parts together. Nothing is asked of the network.
    ///
    /// # Errors
    /// Where TLS or the managed identity cannot be set up.
    pub fn new(config: Config, clock: Clock, invitations: Invitations) -> Result<Shared, FetchError> {
        let entra = Entra::new(&config.entra, config.public.api("AcceptCallback"))?;
        let mailer = config.mail.as_ref().and_then(Mailer::new);
        let cookies = Cookies::new(config.sealer.clone(), config.public.is_https());
        Ok(Arc::new(Self { config, clock, invitations, entra, cookies, mailer }))
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

/// A function of the app: a folder with a function.json at the root, a module of the same name here.
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
        handlers: || vec![("/api/InviteUser", get(invite_user::show).post(invite_user::press))],
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
        handlers: || vec![("/api/ConfirmMailbox", get(confirm_mailbox::show).post(confirm_mailbox::submit))],
    },
    Function {
        name: "CreateCompany",
        route: "CreateCompany",
        methods: &["get", "post"],
        auth: AuthLevel::Anonymous,
        handlers: || vec![("/api/CreateCompany", get(create_company::show).post(create_company::submit))],
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
        route: "Invitations/{id?}",
        methods: &["get", "post"],
        auth: AuthLevel::Function,
        handlers: || vec![("/api/Invitations", post(invitations::create)), ("/api/Invitations/{id}", get(invitations::get))],
    },
];

/// The whole service.
pub fn router(app: Shared) -> axum::routing::RouterIntoService<axum::body::Body> {
    let functions = FUNCTIONS.iter().flat_map(|function| (function.handlers)());
    let router = functions.fold(Router::new(), |router, (path, methods)| router.route(path, methods));
    router
        // The host asks for `/` to learn that the process is ready. Nothing but the host can reach it.
        .route("/", get(async || ""))
        .fallback(async || Failed::from(AppError::NotFound))
        .method_not_allowed_fallback(async || Failed::from(AppError::MethodNotAllowed))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(middleware::from_fn_with_state(Arc::clone(&app), observe::around))
        .with_state(app)
        .into_service()
}

/// Spells a path as the route table does; see [`canonical`]. Goes around the router, which matches by letter.
pub fn canonical_path(request: axum::extract::Request) -> axum::extract::Request {
    canonical::path(request)
}
