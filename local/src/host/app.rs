//! An app as the host sees it after every rule was applied, and those rules.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    time::Duration,
};

use axum::http::Method;

use super::{
    manifest::{self, Binding, CustomHandler, Direction, FunctionJson, HostJson},
    routes,
    schedule::Schedule,
    template::RouteTemplate,
};

/// The only name that publishing makes executable.
pub(super) const EXECUTABLE: &str = "handler";

/// The host's own, when `functionTimeout` is not written (it is for the stand-in).
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30 * 60);

/// An app that the host would start.
#[derive(Debug, Clone)]
pub struct App {
    functions: Vec<Function>,
    arguments: Vec<String>,
    function_timeout: Duration,
}

/// One function folder.
#[derive(Debug, Clone)]
pub struct Function {
    /// The name of the folder.
    pub name: String,
    /// Whether `function.json` switches it off; it is not routed or scheduled then.
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
    /// The methods as written, in upper case; empty: every method.
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
    /// Whether it also runs when the host starts.
    pub run_on_startup: bool,
}

/// Who may call an HTTP function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthLevel {
    /// Everyone.
    Anonymous,
    /// Who has the function's, the host's or the master key.
    Function,
    /// Who has the master key.
    Admin,
}

impl App {
    /// The functions in the order in which their routes are tried: by name, case-insensitive.
    pub fn functions(&self) -> &[Function] {
        &self.functions
    }

    /// A function by its name, case-insensitive.
    pub fn function(&self, name: &str) -> Option<&Function> {
        self.functions
            .iter()
            .find(|function| function.name.eq_ignore_ascii_case(name))
    }

    /// How long one invocation may take.
    pub fn function_timeout(&self) -> Duration {
        self.function_timeout
    }

    pub(super) fn arguments(&self) -> &[String] {
        &self.arguments
    }
}

impl HttpTrigger {
    pub(super) fn allows(&self, method: &Method) -> bool {
        self.methods.is_empty() || self.methods.contains(method)
    }
}

impl AuthLevel {
    /// A function without a level is closed.
    fn parse(text: Option<&str>) -> Result<Self, String> {
        match text.map(str::to_ascii_lowercase).as_deref() {
            None | Some("function") => Ok(Self::Function),
            Some("anonymous") => Ok(Self::Anonymous),
            Some("admin") => Ok(Self::Admin),
            Some(other) => Err(format!(
                "authLevel \"{other}\" is not anonymous, function or admin"
            )),
        }
    }
}

/// Reads `host.json` and every `*/function.json` of a folder, without starting anything.
///
/// # Errors
/// Every problem that keeps the app from starting, one line each, with the file it is in.
pub fn read_app(root: &Path) -> Result<App, Vec<String>> {
    let mut problems = Vec::new();
    let host = manifest::read(&root.join("host.json")).unwrap_or_else(|error| {
        problems.push(format!("host.json: {error}"));
        HostJson::default()
    });
    if problems.is_empty() {
        problems.extend(
            host_problems(&host)
                .into_iter()
                .map(|problem| format!("host.json: {problem}")),
        );
    }
    let prefix = host
        .extensions
        .http
        .route_prefix
        .as_deref()
        .unwrap_or("api")
        .trim_matches('/');
    let mut functions = Vec::new();
    for folder in function_folders(root) {
        let name = folder
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        match read_function(&folder, &name, prefix) {
            Ok(function) => functions.push(function),
            Err(found) => problems.extend(
                found
                    .into_iter()
                    .map(|problem| format!("{name}/function.json: {problem}")),
            ),
        }
    }
    functions.sort_by_key(|function| function.name.to_ascii_lowercase());
    problems.extend(problems_between(&functions, prefix));
    if !problems.is_empty() {
        return Err(problems);
    }
    let arguments = host
        .custom_handler
        .map(|custom| custom.description.arguments)
        .unwrap_or_default();
    let function_timeout = host
        .function_timeout
        .as_deref()
        .and_then(timeout)
        .unwrap_or(DEFAULT_TIMEOUT);
    Ok(App {
        functions,
        arguments,
        function_timeout,
    })
}

fn function_folders(root: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root).into_iter().flatten().flatten();
    let mut folders: Vec<_> = entries
        .map(|entry| entry.path())
        .filter(|path| path.join("function.json").is_file())
        .collect();
    folders.sort();
    folders
}

fn host_problems(host: &HostJson) -> Vec<String> {
    let mut problems = Vec::new();
    if host.version.as_deref() != Some("2.0") {
        problems.push("version must be \"2.0\"".into());
    }
    match &host.custom_handler {
        Some(custom) => problems.extend(handler_problems(custom)),
        None => problems.push("customHandler is missing".into()),
    }
    match host.function_timeout.as_deref() {
        Some(text) if timeout(text).is_some() => {}
        Some(text) => problems.push(format!("functionTimeout \"{text}\" is not hh:mm:ss")),
        None => problems.push("functionTimeout is missing".into()),
    }
    problems
}

fn handler_problems(custom: &CustomHandler) -> Vec<String> {
    let mut problems = Vec::new();
    match custom.description.default_executable_path.as_deref() {
        Some(EXECUTABLE) => {}
        Some(other) => {
            problems.push(format!(
                "customHandler.description.defaultExecutablePath is \"{other}\"; only \"{EXECUTABLE}\" is made executable by publishing"
            ));
        }
        None => problems.push("customHandler.description.defaultExecutablePath is missing".into()),
    }
    for (name, on) in [
        (
            "enableProxyingHttpRequest",
            custom.enable_proxying_http_request,
        ),
        (
            "enableForwardingHttpRequest",
            custom.enable_forwarding_http_request,
        ),
    ] {
        if !on {
            problems.push(format!(
                "customHandler.{name} must be true: newer hosts proxy, older ones forward"
            ));
        }
    }
    if custom.port.is_some() {
        problems.push("customHandler.port must not be set: the host picks the port".into());
    }
    if custom
        .http
        .as_ref()
        .is_some_and(|http| http.routes.is_some())
    {
        problems.push(
            "customHandler.http.routes must not be set: the function folders are the routes".into(),
        );
    }
    problems
}

/// `hh:mm:ss`.
fn timeout(text: &str) -> Option<Duration> {
    let parts: Vec<u64> = text
        .split(':')
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    match parts[..] {
        [hours @ 0..24, minutes @ 0..60, seconds @ 0..60] if hours + minutes + seconds > 0 => {
            Some(Duration::from_secs((hours * 60 + minutes) * 60 + seconds))
        }
        _ => None,
    }
}

fn read_function(folder: &Path, name: &str, prefix: &str) -> Result<Function, Vec<String>> {
    let json: FunctionJson =
        manifest::read(&folder.join("function.json")).map_err(|error| vec![error])?;
    let mut problems = binding_problems(&json.bindings);
    if !is_name(name, "-_") || name.eq_ignore_ascii_case("host") {
        problems.push(format!(
            "\"{name}\" is not a function name: a letter, then letters, digits, - and _"
        ));
    }
    match trigger(&json.bindings, name, prefix) {
        Ok(trigger) if problems.is_empty() => Ok(Function {
            name: name.into(),
            disabled: json.disabled,
            trigger,
        }),
        Ok(_) => Err(problems),
        Err(more) => Err(problems.into_iter().chain(more).collect()),
    }
}

fn is_name(text: &str, signs: &str) -> bool {
    text.len() <= 128
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || signs.contains(c))
}

fn binding_problems(bindings: &[Binding]) -> Vec<String> {
    let mut problems = Vec::new();
    let mut names = BTreeSet::new();
    for binding in bindings {
        if !["httpTrigger", "http", "timerTrigger"]
            .iter()
            .any(|kind| binding.is(kind))
        {
            problems.push(format!(
                "the binding type \"{}\" is not known to this stand-in",
                binding.kind
            ));
        }
        if !(is_name(&binding.name, "_") || binding.name == "$return") {
            problems.push(format!("\"{}\" is not a binding name", binding.name));
        }
        if !names.insert(binding.name.to_ascii_lowercase()) {
            problems.push(format!("two bindings have the name \"{}\"", binding.name));
        }
    }
    problems
}

fn trigger(bindings: &[Binding], name: &str, prefix: &str) -> Result<Trigger, Vec<String>> {
    let triggers: Vec<_> = bindings
        .iter()
        .filter(|binding| binding.kind.to_ascii_lowercase().ends_with("trigger"))
        .collect();
    match triggers[..] {
        [one] if one.direction != Direction::In => Err(vec![format!(
            "the direction of {} must be \"in\"",
            one.kind
        )]),
        [one] if one.is("httpTrigger") => {
            http_trigger(one, bindings, name, prefix).map(Trigger::Http)
        }
        [one] if one.is("timerTrigger") => timer_trigger(one, bindings).map(Trigger::Timer),
        [_] => Err(Vec::new()), // its type was reported already
        _ => Err(vec![format!(
            "it must have exactly one trigger, not {}",
            triggers.len()
        )]),
    }
}

fn http_trigger(
    trigger: &Binding,
    bindings: &[Binding],
    name: &str,
    prefix: &str,
) -> Result<HttpTrigger, Vec<String>> {
    let mut problems = Vec::new();
    let outputs = bindings
        .iter()
        .filter(|binding| binding.is("http") && binding.direction == Direction::Out)
        .count();
    if outputs != 1 || bindings.len() != 2 {
        problems.push(
            "an HTTP function must have exactly one httpTrigger and one http out binding".into(),
        );
    }
    let auth_level =
        AuthLevel::parse(trigger.auth_level.as_deref()).map_err(|problem| problems.push(problem));
    let methods = methods(&trigger.methods).map_err(|problem| problems.push(problem));
    let own = trigger
        .route
        .as_deref()
        .map(|route| route.trim_matches('/'))
        .filter(|route| !route.is_empty())
        .unwrap_or(name);
    if ["admin", "runtime"]
        .iter()
        .any(|reserved| own.to_ascii_lowercase().starts_with(reserved))
    {
        problems.push(format!(
            "the route \"{own}\" begins with admin or runtime, which belong to the host"
        ));
    }
    let route = if prefix.is_empty() {
        own.to_owned()
    } else {
        format!("{prefix}/{own}")
    };
    let template = RouteTemplate::parse(&route)
        .map_err(|problem| problems.push(format!("the route \"{own}\" is wrong: {problem}")));
    match (auth_level, methods, template) {
        (Ok(auth_level), Ok(methods), Ok(template)) if problems.is_empty() => Ok(HttpTrigger {
            route,
            methods,
            auth_level,
            template,
        }),
        _ => Err(problems),
    }
}

fn methods(written: &[String]) -> Result<Vec<Method>, String> {
    const KNOWN: [Method; 8] = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
        Method::TRACE,
    ];
    let known = |text: &String| {
        KNOWN
            .into_iter()
            .find(|method| method.as_str().eq_ignore_ascii_case(text))
    };
    written
        .iter()
        .map(|text| known(text).ok_or_else(|| format!("\"{text}\" is not an HTTP method")))
        .collect()
}

fn timer_trigger(trigger: &Binding, bindings: &[Binding]) -> Result<TimerTrigger, Vec<String>> {
    if bindings.len() != 1 {
        return Err(vec![
            "a timer function has one binding, its timerTrigger".into(),
        ]);
    }
    let Some(schedule) = trigger.schedule.clone() else {
        return Err(vec!["schedule is missing".into()]);
    };
    if setting_in(&schedule).is_none() {
        Schedule::parse(&schedule).map_err(|problem| vec![problem])?;
    }
    Ok(TimerTrigger {
        binding: trigger.name.clone(),
        schedule,
        run_on_startup: trigger.run_on_startup,
    })
}

/// The setting's name, if a schedule is `%SETTING%`.
pub(super) fn setting_in(schedule: &str) -> Option<&str> {
    schedule
        .trim()
        .strip_prefix('%')
        .and_then(|rest| rest.strip_suffix('%'))
}

fn problems_between(functions: &[Function], prefix: &str) -> Vec<String> {
    let mut problems = same_routes(functions);
    let mut names = BTreeSet::new();
    for function in functions {
        if !names.insert(function.name.to_ascii_lowercase()) {
            problems.push(format!(
                "{}: another function has this name in other case",
                function.name
            ));
        }
        if !matches!(function.trigger, Trigger::Timer(_)) {
            continue;
        }
        if routes::find(functions, &Method::POST, &format!("/{}", function.name)).is_some() {
            problems.push(format!(
                "host.json: with routePrefix \"{prefix}\" the timer {} can be called from outside",
                function.name
            ));
        }
    }
    problems
}

fn same_routes(functions: &[Function]) -> Vec<String> {
    let http = |function: &Function| match &function.trigger {
        Trigger::Http(http) => Some((function.name.clone(), http.clone())),
        Trigger::Timer(_) => None,
    };
    let routes: Vec<_> = functions.iter().filter_map(http).collect();
    let mut problems = Vec::new();
    for (at, (name, this)) in routes.iter().enumerate() {
        let same = |other: &HttpTrigger| {
            let method = other.methods.is_empty()
                || this.methods.is_empty()
                || other.methods.iter().any(|method| this.allows(method));
            method && other.route.eq_ignore_ascii_case(&this.route)
        };
        for (earlier, _) in routes[..at].iter().filter(|(_, other)| same(other)) {
            problems.push(format!(
                "{name}/function.json: the route \"{}\" is that of {earlier}",
                this.route
            ));
        }
    }
    problems
}
