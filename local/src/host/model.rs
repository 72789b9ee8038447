//! What the other files of the host share: the app as it was read, and what a caller may choose.

use std::time::Duration;

use axum::http::Method;

use super::route::RouteTemplate;

/// An app that the host would start.
#[derive(Debug, Clone)]
pub struct App {
    pub(super) functions: Vec<Function>,
    pub(super) arguments: Vec<String>,
    pub(super) function_timeout: Duration,
    pub(super) has_bundle: bool,
}

/// One function folder.
#[derive(Debug, Clone)]
pub struct Function {
    /// The name of the folder.
    pub name: String,
    /// Whether `function.json` switches it off.
    pub disabled: bool,
    /// What starts it.
    pub trigger: Trigger,
}

/// What starts a function.
#[derive(Debug, Clone)]
pub enum Trigger {
    /// A request to a route.
    Http(HttpTrigger),
    /// A schedule.
    Timer(TimerTrigger),
}

/// A route, its methods and who may call it.
#[derive(Debug, Clone)]
pub struct HttpTrigger {
    /// The route template with its prefix, without a leading slash: `api/Invitations/{id?}`.
    pub route: String,
    /// Empty: every method.
    pub methods: Vec<Method>,
    /// Who may call it.
    pub auth_level: AuthLevel,
    pub(super) template: RouteTemplate,
}

/// A schedule and the name under which it is delivered.
#[derive(Debug, Clone)]
pub struct TimerTrigger {
    /// The name of the binding, the key in `Data`.
    pub binding: String,
    /// NCRONTAB as written, or `%SETTING%` that holds it.
    pub schedule: String,
}

/// Who may call an HTTP function.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AuthLevel {
    /// Everyone.
    #[serde(alias = "Anonymous")]
    Anonymous,
    /// Callers with the host key or the master key.
    #[default]
    #[serde(alias = "Function")]
    Function,
    /// Callers with the master key.
    #[serde(alias = "Admin")]
    Admin,
}

/// How HTTP requests reach the handler.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mode {
    /// `enableProxyingHttpRequest`, newer hosts.
    #[default]
    Proxying,
    /// `enableForwardingHttpRequest`, older hosts.
    Forwarding,
}

/// The host's fixed limits, lower in tests.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How long the handler may take until `GET /` is answered.
    pub ready: Duration,
    /// How long a request may wait for the next byte of its answer.
    pub idle: Duration,
    /// The largest request body, in bytes.
    pub request_body: usize,
    /// How long requests in flight may take when the host ends.
    pub shutdown: Duration,
    /// How long the host tries to read its keys when its storage is gone.
    pub storage: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            ready: Duration::from_secs(30),
            idle: Duration::from_secs(240),
            request_body: 104_857_600,
            shutdown: Duration::from_secs(30),
            storage: Duration::from_secs(25),
        }
    }
}

impl App {
    /// The functions in the order in which their routes are tried: by name, ignoring case.
    pub fn functions(&self) -> &[Function] {
        &self.functions
    }

    /// The first HTTP function whose route and methods match.
    pub(super) fn route(&self, method: &Method, path: &str) -> Option<(&Function, &HttpTrigger)> {
        self.functions
            .iter()
            .find_map(|function| match &function.trigger {
                Trigger::Http(http) if http.allows(method) && http.template.matches(path) => {
                    Some((function, http))
                }
                _ => None,
            })
    }

    pub(super) fn timers(&self) -> impl Iterator<Item = (&Function, &TimerTrigger)> {
        self.functions
            .iter()
            .filter_map(|function| match &function.trigger {
                Trigger::Timer(timer) => Some((function, timer)),
                Trigger::Http(_) => None,
            })
    }
}

impl HttpTrigger {
    pub(super) fn allows(&self, method: &Method) -> bool {
        self.methods.is_empty() || self.methods.contains(method)
    }
}
