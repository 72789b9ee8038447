//! Reads `host.json` and the function folders, and refuses what the host or this product cannot
//! use.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use axum::http::Method;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{
    model::{App, AuthLevel, Function, HttpTrigger, TimerTrigger, Trigger},
    route::RouteTemplate,
    schedule::{Schedule, setting_in},
};

/// The host's own value where `host.json` has no `functionTimeout`.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30 * 60);

#[derive(Deserialize)]
struct FunctionJson {
    #[serde(default)]
    disabled: bool,
    bindings: Vec<Binding>,
}

/// The members of the bindings that are supported here.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Binding {
    #[serde(rename = "type")]
    kind: String,
    name: String,
    #[serde(default)]
    direction: String,
    #[serde(default)]
    auth_level: AuthLevel,
    #[serde(default)]
    methods: Vec<String>,
    route: Option<String>,
    schedule: Option<String>,
}

/// Reads `host.json` and every `*/function.json` of a folder, without starting anything.
///
/// # Errors
/// Every problem that keeps the app from starting, one line each, with its file. The host itself
/// starts with a broken function, but without that function.
pub fn read_app(root: &Path) -> Result<App, Vec<String>> {
    let mut problems = Vec::new();
    let host: Value = read(&root.join("host.json")).unwrap_or_else(|error| {
        problems.push(format!("host.json: {error}"));
        Value::Null
    });
    if problems.is_empty() {
        problems.extend(host_problems(&host).map(|problem| format!("host.json: {problem}")));
    }
    let prefix = host
        .pointer("/extensions/http/routePrefix")
        .and_then(Value::as_str);
    let prefix = prefix.unwrap_or("api").trim_matches('/');
    let mut functions = Vec::new();
    for folder in function_folders(root) {
        let name = folder
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        match read_function(&folder, &name, prefix) {
            Ok(function) => functions.push(function),
            Err(problem) => problems.push(format!("{name}/function.json: {problem}")),
        }
    }
    functions.sort_by_key(|function| function.name.to_ascii_lowercase());
    problems.extend(shared_routes(&functions));
    if !problems.is_empty() {
        return Err(problems);
    }
    let arguments = host
        .pointer("/customHandler/description/arguments")
        .cloned();
    Ok(App {
        functions,
        has_bundle: host.get("extensionBundle").is_some(),
        arguments: serde_json::from_value(arguments.unwrap_or_default()).unwrap_or_default(),
        function_timeout: timeout(&host)
            .unwrap_or(Some(DEFAULT_TIMEOUT))
            .unwrap_or_default(),
    })
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<T, String> {
    let bytes = fs::read(path).map_err(|error| format!("cannot be read: {error}"))?;
    serde_json::from_slice(&bytes).map_err(|error| error.to_string())
}

fn function_folders(root: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(root).into_iter().flatten().flatten();
    let mut folders: Vec<_> = entries.map(|entry| entry.path()).collect();
    folders.retain(|path| path.join("function.json").is_file());
    folders.sort();
    folders
}

/// What the app relies on. An extension bundle is not among it: HTTP and timer triggers are built
/// into the host.
fn host_problems(host: &Value) -> impl Iterator<Item = String> {
    let required = [
        ("/version", json!("2.0")),
        // The only name that publishing makes executable.
        (
            "/customHandler/description/defaultExecutablePath",
            json!("handler"),
        ),
        // Newer hosts proxy, older ones forward.
        ("/customHandler/enableProxyingHttpRequest", json!(true)),
        ("/customHandler/enableForwardingHttpRequest", json!(true)),
    ];
    let required = required
        .into_iter()
        .filter(|(at, value)| host.pointer(at) != Some(value));
    let forbidden = ["/customHandler/port", "/customHandler/http/routes"];
    let forbidden = forbidden
        .into_iter()
        .filter(|at| host.pointer(at).is_some());
    let timeout = (timeout(host) == Some(None)).then(|| "functionTimeout is not hh:mm:ss".into());
    required
        .map(|(at, value)| format!("{at} must be {value}"))
        .chain(forbidden.map(|at| format!("{at} must not be set")))
        .chain(timeout)
}

/// `functionTimeout`, `None` where it is not set, and `Some(None)` where it cannot be read.
fn timeout(host: &Value) -> Option<Option<Duration>> {
    let text = host.get("functionTimeout")?.as_str().unwrap_or_default();
    let parts: Option<Vec<u64>> = text.split(':').map(|part| part.parse().ok()).collect();
    Some(match parts.as_deref() {
        Some(&[hours @ 0..24, minutes @ 0..60, seconds @ 0..60]) => {
            Some(Duration::from_secs((hours * 60 + minutes) * 60 + seconds))
        }
        _ => None,
    })
}

fn read_function(folder: &Path, name: &str, prefix: &str) -> Result<Function, String> {
    let FunctionJson { disabled, bindings } = read(&folder.join("function.json"))?;
    if !is_name(name) || name.eq_ignore_ascii_case("host") {
        return Err(format!("\"{name}\" is not a function name"));
    }
    let trigger = match &bindings[..] {
        [http, out] if is(http, "httpTrigger", "in") && is(out, "http", "out") => {
            Trigger::Http(http_trigger(http, name, prefix)?)
        }
        [out, http] if is(http, "httpTrigger", "in") && is(out, "http", "out") => {
            Trigger::Http(http_trigger(http, name, prefix)?)
        }
        [timer] if is(timer, "timerTrigger", "in") => Trigger::Timer(timer_trigger(timer)?),
        _ => {
            return Err(
                "the bindings must be one httpTrigger in with one http out, or one \
                        timerTrigger in"
                    .into(),
            );
        }
    };
    Ok(Function {
        name: name.into(),
        disabled,
        trigger,
    })
}

fn is_name(text: &str) -> bool {
    text.len() <= 128
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
}

fn is(binding: &Binding, kind: &str, direction: &str) -> bool {
    let own = if binding.direction.is_empty() {
        "in"
    } else {
        &binding.direction
    };
    binding.kind.eq_ignore_ascii_case(kind) && own.eq_ignore_ascii_case(direction)
}

fn http_trigger(trigger: &Binding, name: &str, prefix: &str) -> Result<HttpTrigger, String> {
    let own = trigger
        .route
        .as_deref()
        .unwrap_or_default()
        .trim_matches('/');
    let own = if own.is_empty() { name } else { own };
    let lower = own.to_ascii_lowercase();
    if ["admin", "runtime"]
        .iter()
        .any(|reserved| lower.starts_with(reserved))
    {
        return Err(format!("the route \"{own}\" belongs to the host"));
    }
    let methods = trigger
        .methods
        .iter()
        .map(|text| match text.to_ascii_uppercase().parse() {
            Ok(method) if KNOWN_METHODS.contains(&method) => Ok(method),
            _ => Err(format!("\"{text}\" is not an HTTP method")),
        });
    let route = format!("{prefix}/{own}").trim_matches('/').to_owned();
    Ok(HttpTrigger {
        methods: methods.collect::<Result<_, _>>()?,
        auth_level: trigger.auth_level,
        template: RouteTemplate::parse(&route)
            .map_err(|problem| format!("the route \"{own}\" is wrong: {problem}"))?,
        route,
    })
}

const KNOWN_METHODS: [Method; 8] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
    Method::OPTIONS,
    Method::TRACE,
];

fn timer_trigger(trigger: &Binding) -> Result<TimerTrigger, String> {
    let schedule = trigger.schedule.clone().ok_or("schedule is missing")?;
    if setting_in(&schedule).is_none() {
        Schedule::parse(&schedule)?;
    }
    Ok(TimerTrigger {
        binding: trigger.name.clone(),
        schedule,
    })
}

fn shared_routes(functions: &[Function]) -> Vec<String> {
    let http = functions
        .iter()
        .filter_map(|function| match &function.trigger {
            Trigger::Http(http) => Some((&function.name, http)),
            Trigger::Timer(_) => None,
        });
    let routes: Vec<_> = http.collect();
    let mut problems = Vec::new();
    for (at, (name, this)) in routes.iter().enumerate() {
        for (earlier, other) in &routes[..at] {
            let method = this.methods.is_empty()
                || other.methods.is_empty()
                || other.methods.iter().any(|method| this.allows(method));
            if method && other.route.eq_ignore_ascii_case(&this.route) {
                problems.push(format!(
                    "{name}/function.json: the route \"{}\" is that of {earlier}",
                    this.route
                ));
            }
        }
    }
    problems
}
