//! The one table of functions, as routes, and the layer around them.

use std::{
    convert::Infallible,
    sync::{Arc, LazyLock},
};

use axum::{
    Extension, Router,
    extract::Request,
    middleware,
    response::Response,
    routing::{MethodRouter, get, post},
};
use tower::{Layer, Service};

use crate::{
    app::Shared,
    functions::{
        accept_callback, admin_consent, check, companies, confirm_mailbox, contact_inviter,
        create_company, deliver_events, desk, events, health, invitations, invite_user, open_api,
        purge_invitations, welcome,
    },
    http::{
        canonical_path,
        error::AppError,
        failure::Failure,
        function_info::{FunctionInfo, FunctionInfos},
        observe::{self, Observed},
    },
};

/// The authorization level of a function, as in its function.json.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthLevel {
    /// No key.
    Anonymous,
    /// A function key, which the Functions host checks.
    Function,
    /// The master key, which the Functions host checks.
    Admin,
}

/// A function of the app: a folder with a function.json at the root, and a module of the same name.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    /// The folder.
    pub name: &'static str,
    /// The route under `/api`, as in function.json.
    pub route: &'static str,
    /// In the order of function.json.
    pub methods: &'static [&'static str],
    /// The authorization level.
    pub auth: AuthLevel,
    /// Whether errors are problem+json rather than pages.
    pub is_api: bool,
    handlers: fn() -> Vec<(&'static str, MethodRouter<Shared>)>,
}

/// All functions.
pub const FUNCTIONS: &[Function] = &[
    Function {
        name: "InviteUser",
        route: "InviteUser",
        methods: &["get", "head", "post"],
        auth: AuthLevel::Anonymous,
        is_api: false,
        handlers: || {
            vec![(
                "/api/InviteUser",
                get(invite_user::show).post(invite_user::submit),
            )]
        },
    },
    Function {
        name: "AcceptCallback",
        route: "AcceptCallback",
        methods: &["get"],
        auth: AuthLevel::Anonymous,
        is_api: false,
        handlers: || vec![("/api/AcceptCallback", get(accept_callback::receive))],
    },
    Function {
        name: "ConfirmMailbox",
        route: "ConfirmMailbox",
        methods: &["get", "post"],
        auth: AuthLevel::Anonymous,
        is_api: false,
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
        is_api: false,
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
        is_api: false,
        handlers: || vec![("/api/Welcome", get(welcome::show))],
    },
    Function {
        name: "AdminConsent",
        // The host keeps every route that begins with "admin" for itself.
        route: "AppConsent",
        methods: &["get", "post"],
        auth: AuthLevel::Anonymous,
        is_api: false,
        handlers: || {
            vec![(
                "/api/AppConsent",
                get(admin_consent::show).post(admin_consent::submit),
            )]
        },
    },
    Function {
        name: "ContactInviter",
        route: "ContactInviter",
        methods: &["get", "post"],
        auth: AuthLevel::Anonymous,
        is_api: false,
        handlers: || {
            vec![(
                "/api/ContactInviter",
                get(contact_inviter::show).post(contact_inviter::submit),
            )]
        },
    },
    Function {
        name: "Desk",
        route: "desk/{*path}",
        methods: &["get", "post"],
        auth: AuthLevel::Anonymous,
        is_api: false,
        handlers: desk::routes,
    },
    Function {
        name: "Invitations",
        route: "Invitations/{id?}/{action?}",
        methods: &["get", "post", "patch"],
        auth: AuthLevel::Function,
        is_api: true,
        handlers: || {
            vec![
                (
                    "/api/Invitations",
                    get(invitations::list).post(invitations::create),
                ),
                (
                    "/api/Invitations/{id}",
                    get(invitations::get)
                        .post(invitations::create_batch)
                        .patch(invitations::update),
                ),
                ("/api/Invitations/{id}/{action}", post(invitations::act)),
            ]
        },
    },
    Function {
        name: "Companies",
        route: "Companies/{id?}",
        methods: &["get"],
        auth: AuthLevel::Function,
        is_api: true,
        handlers: || {
            vec![
                ("/api/Companies", get(companies::list)),
                ("/api/Companies/{id}", get(companies::get)),
            ]
        },
    },
    Function {
        name: "Events",
        route: "Events/{action?}",
        methods: &["get", "post"],
        auth: AuthLevel::Function,
        is_api: true,
        handlers: || {
            vec![
                ("/api/Events", get(events::list).post(events::no_action)),
                ("/api/Events/{action}", post(events::act)),
            ]
        },
    },
    Function {
        name: "OpenApi",
        route: "openapi.json",
        methods: &["get"],
        auth: AuthLevel::Anonymous,
        is_api: true,
        handlers: || {
            vec![(
                "/api/openapi.json",
                get(open_api::show).layer(Extension(open_api::Cached::default())),
            )]
        },
    },
    Function {
        name: "Check",
        route: "Check",
        methods: &["get"],
        auth: AuthLevel::Admin,
        is_api: true,
        handlers: || vec![("/api/Check", get(check::show))],
    },
    Function {
        name: "Health",
        route: "Health",
        methods: &["get", "head"],
        auth: AuthLevel::Anonymous,
        is_api: false,
        handlers: || {
            vec![(
                "/api/Health",
                get(health::show).layer(Extension(health::LastReport::default())),
            )]
        },
    },
];

/// A function that the host calls on a schedule: `POST /<name>`, which only the host can reach.
#[derive(Clone, Copy, Debug)]
pub struct Timer {
    /// The folder.
    pub name: &'static str,
    /// As in its function.json: the setting with the schedule.
    pub schedule: &'static str,
    handler: fn() -> MethodRouter<Shared>,
}

/// All timers.
pub const TIMERS: &[Timer] = &[
    Timer {
        name: "DeliverEvents",
        schedule: "%DELIVER_SCHEDULE%",
        handler: || post(deliver_events::tick),
    },
    Timer {
        name: "PurgeInvitations",
        schedule: "%PURGE_SCHEDULE%",
        handler: || post(purge_invitations::tick),
    },
];

/// The properties of each function that the layer uses.
static INFOS: LazyLock<Vec<FunctionInfo>> = LazyLock::new(|| {
    let functions = FUNCTIONS.iter().map(|function| FunctionInfo {
        name: function.name,
        segment: function.route.split('/').next().unwrap_or_default(),
        is_api: function.is_api,
        takes_files: function.name == "Desk",
    });
    let timers = TIMERS.iter().map(|timer| FunctionInfo {
        name: timer.name,
        segment: timer.name,
        is_api: true,
        takes_files: false,
    });
    functions.chain(timers).collect()
});

/// A service that answers every request.
pub trait Answering:
    Service<Request, Response = Response, Error = Infallible, Future: Send + 'static>
    + Clone
    + Send
    + Sync
    + 'static
{
}

impl<S> Answering for S where
    S: Service<Request, Response = Response, Error = Infallible, Future: Send + 'static>
        + Clone
        + Send
        + Sync
        + 'static
{
}

/// The service: every function and timer, with the layer around them.
pub fn router(app: Shared) -> impl Answering {
    let functions = FUNCTIONS.iter().flat_map(|function| (function.handlers)());
    let timers = TIMERS
        .iter()
        .map(|timer| (format!("/{}", timer.name), (timer.handler)()));
    let routes = functions
        .map(|(path, methods)| (path.to_owned(), methods))
        .chain(timers)
        .fold(Router::new(), |router, (path, methods)| {
            router.route(&path, methods)
        });
    let routes = routes
        // The host polls `/` until the process is ready. Only the host can reach it.
        .route("/", get(async || ""))
        .fallback(async || Failure::from(AppError::NotFound))
        .method_not_allowed_fallback(async || Failure::from(AppError::MethodNotAllowed))
        .with_state(Arc::clone(&app));
    let functions: FunctionInfos = &INFOS;
    // Around the router: `Router::layer` would wrap each route, and clone the layer for each
    // request.
    let observed = Observed { app, functions };
    middleware::from_fn_with_state(observed, observe::observe).layer(routes)
}

/// Rewrites the path of a request in the letter case of the route table. Belongs around the router,
/// which is case-sensitive.
pub fn canonical_path(request: Request) -> Request {
    canonical_path::canonical_path(&INFOS, request)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::function_info::of_path;

    #[test]
    fn lines_name_the_function_not_its_route() {
        for (path, name) in [
            ("/api/openapi.json", "OpenApi"),
            ("/api/AppConsent", "AdminConsent"),
            ("/api/Invitations/7/resend", "Invitations"),
            ("/DeliverEvents", "DeliverEvents"),
        ] {
            let function = of_path(&INFOS, path);
            assert_eq!(function.map(|function| function.name), Some(name), "{path}");
        }
    }
}
