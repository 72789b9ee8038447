//! What is published: the function folders, `host.json` and what leads from them into the handler.

use std::{
    cell::RefCell,
    collections::BTreeSet,
    fs,
    path::Path,
    process::{Command, Stdio},
};

use local::host::{self, Trigger, read_app};
use onboarding::{
    config,
    router::{AuthLevel, FUNCTIONS, Function, TIMERS},
};
use reqwest::{Client, Method, StatusCode};
use serde_json::Value;
use support::{Store, api, handler, people::Acts, root, start};

const METHODS: [Method; 7] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
    Method::OPTIONS,
];

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap()
}

fn json(file: &str) -> Value {
    serde_json::from_str(&read(file)).unwrap()
}

#[test]
fn folders_and_routes_match() {
    let app = read_app(root()).unwrap();
    let in_folders: Vec<_> = app
        .functions()
        .iter()
        .filter_map(|function| match &function.trigger {
            Trigger::Http(http) => Some((
                function.name.clone(),
                http.route.clone(),
                http.methods
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>(),
                match http.auth_level {
                    host::AuthLevel::Anonymous => AuthLevel::Anonymous,
                    host::AuthLevel::Function => AuthLevel::Function,
                    host::AuthLevel::Admin => AuthLevel::Admin,
                },
            )),
            Trigger::Timer(_) => None,
        })
        .collect();
    let mut in_the_handler: Vec<_> = FUNCTIONS
        .iter()
        .map(|function| {
            let methods = function
                .methods
                .iter()
                .map(|method| method.to_uppercase())
                .collect::<Vec<_>>();
            (
                function.name.to_owned(),
                format!("api/{}", function.route),
                methods,
                function.auth,
            )
        })
        .collect();
    in_the_handler.sort_by_key(|(name, ..)| name.to_lowercase());
    assert_eq!(in_folders, in_the_handler);
    let mut timers: Vec<_> = app
        .functions()
        .iter()
        .filter_map(|function| match &function.trigger {
            Trigger::Timer(timer) => Some((function.name.as_str(), timer.schedule.as_str())),
            Trigger::Http(_) => None,
        })
        .collect();
    timers.sort_unstable();
    assert_eq!(
        timers,
        TIMERS
            .iter()
            .map(|timer| (timer.name, timer.schedule))
            .collect::<Vec<_>>()
    );
    for name in FUNCTIONS
        .iter()
        .map(|function| function.name)
        .chain(TIMERS.iter().map(|timer| timer.name))
    {
        let folder = fs::read_dir(root().join(name)).unwrap();
        let files: Vec<_> = folder.map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(files, ["function.json"], "{name}");
    }
}

/// The addresses of a route: with and without its optional parts.
fn paths(function: &Function) -> Vec<String> {
    let mut path = "/api".to_owned();
    let mut paths = Vec::new();
    for segment in function.route.split('/') {
        if segment.ends_with("?}") {
            paths.push(path.clone());
        }
        path.push('/');
        path.push_str(if segment.starts_with('{') {
            "00000000000000000000000000000000"
        } else {
            segment
        });
    }
    paths.push(path);
    paths
}

/// Whether the router itself says that there is nothing.
async fn is_routed(base: &str, method: &Method, path: &str) -> (StatusCode, bool) {
    let request = Client::new()
        .request(method.clone(), format!("{base}{path}"))
        .header("accept", "application/json");
    let answer = request.send().await.unwrap();
    let (status, body) = (answer.status(), answer.text().await.unwrap());
    let refused = body.ends_with(":not-found\"}")
        || ["method-not-allowed", "problem:not-found"]
            .iter()
            .any(|code| body.contains(code));
    // The OpenAPI document names these problems, too.
    (status, status.is_success() || !refused)
}

#[tokio::test]
async fn handler_answers_the_declared_methods_only() {
    let stack = start(Store::Embedded).await;
    let base = stack.host.handler_url();
    let base = base.trim_end_matches('/');
    for function in FUNCTIONS {
        for method in METHODS {
            let listed = function
                .methods
                .iter()
                .any(|own| own.eq_ignore_ascii_case(method.as_str()));
            // Where there is GET there is HEAD in HTTP (RFC 9110, 9.3.2); the host lets it through
            // only where it is listed.
            if !listed && method == Method::HEAD {
                continue;
            }
            let mut routed = false;
            for path in paths(function) {
                let (status, answered) = is_routed(base, &method, &path).await;
                assert!(
                    listed || status == StatusCode::METHOD_NOT_ALLOWED,
                    "{method} {path}: {status}"
                );
                routed |= answered && status != StatusCode::METHOD_NOT_ALLOWED;
            }
            assert_eq!(routed, listed, "{method} {}", function.name);
        }
    }
}

#[tokio::test]
async fn the_host_lets_nothing_else_through() {
    let stack = start(Store::Embedded).await;
    for function in FUNCTIONS
        .iter()
        .filter(|function| function.auth == AuthLevel::Anonymous)
    {
        for method in METHODS {
            let listed = function
                .methods
                .iter()
                .any(|own| own.eq_ignore_ascii_case(method.as_str()));
            let path = format!("/api/{}", function.route);
            let answer = Client::new()
                .request(method.clone(), format!("{}{path}", stack.host.url()))
                .send()
                .await
                .unwrap();
            let passed = answer.headers().contains_key("content-security-policy");
            assert_eq!(passed, listed, "{method} {path}: {}", answer.status());
            assert!(listed || answer.status() == 404, "{method} {path}");
        }
    }
    let outside = [
        "/",
        "/api",
        "/api/",
        "/Welcome",
        "/InviteUser",
        "/PurgeInvitations",
        "/DeliverEvents",
        "/api/../Welcome",
        "/admin/host/status",
        "/api/Nothing",
    ];
    for path in outside {
        for method in [Method::GET, Method::POST] {
            let answer = Client::new()
                .request(method.clone(), format!("{}{path}", stack.host.url()))
                .send()
                .await
                .unwrap();
            let passed = answer.headers().contains_key("content-security-policy");
            assert!(
                !passed && !answer.status().is_success(),
                "{method} {path}: {}",
                answer.status()
            );
        }
    }
}

#[tokio::test]
async fn paths_ignore_case_and_trailing_slash() {
    let stack = start(Store::Embedded).await;
    let mut anyone = stack.person().unwrap();
    for function in FUNCTIONS
        .iter()
        .filter(|function| function.auth == AuthLevel::Anonymous)
    {
        let path = format!("/api/{}", function.route);
        let expected = anyone.opens(&path).await;
        for spelling in [
            path.to_lowercase(),
            path.to_uppercase(),
            format!("{path}/"),
            format!("/API/{}/", function.route.to_lowercase()),
        ] {
            let page = anyone.opens(&spelling).await;
            assert_eq!(
                (page.status, page.title()),
                (expected.status, expected.title()),
                "{spelling}"
            );
        }
    }
}

#[tokio::test]
async fn the_api_requires_a_key() {
    let stack = start(Store::Embedded).await;
    let url = format!("{}/api/Invitations", stack.host.url());
    for key in [None, Some("wrong"), Some("")] {
        for (method, path) in [(Method::POST, ""), (Method::GET, "/x"), (Method::GET, "")] {
            let mut request = Client::new()
                .request(method.clone(), format!("{url}{path}"))
                .body("{}");
            if let Some(key) = key {
                request = request.header("x-functions-key", key);
            }
            let answer = request.send().await.unwrap();
            assert_eq!(
                (
                    answer.status().as_u16(),
                    answer.text().await.unwrap().as_str()
                ),
                (401, ""),
                "{method} {path} {key:?}"
            );
        }
    }
    assert_eq!(api::post(&stack, "{").await.status, 400);
    let by_code = Client::new()
        .get(format!("{url}/x?code=local-host-key"))
        .send()
        .await
        .unwrap();
    assert_eq!(by_code.status(), 404, "the key may stand in the address");
}

#[test]
fn only_what_runs_is_published() {
    let lines: Vec<String> = read(".funcignore")
        .lines()
        .map(str::trim)
        .map(str::to_owned)
        .collect();
    let mut patterns = lines
        .iter()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    assert_eq!(
        patterns.next().map(String::as_str),
        Some("*"),
        "everything is left out first"
    );
    let kept: BTreeSet<_> = patterns
        .map(|pattern| pattern.strip_prefix('!').unwrap().to_owned())
        .collect();
    let folders = read_app(root())
        .unwrap()
        .functions()
        .iter()
        .map(|function| function.name.clone())
        .collect::<Vec<_>>();
    let expected: BTreeSet<_> = ["host.json", "handler"]
        .map(str::to_owned)
        .into_iter()
        .chain(
            folders
                .iter()
                .flat_map(|folder| [format!("{folder}/"), format!("{folder}/function.json")]),
        )
        .collect();
    assert_eq!(kept, expected);
}

#[test]
fn host_json_says_what_the_host_needs() {
    let host = json("host.json");
    let handler = &host["customHandler"];
    assert_eq!(handler["description"]["defaultExecutablePath"], "handler");
    assert_eq!(
        (
            &handler["enableProxyingHttpRequest"],
            &handler["enableForwardingHttpRequest"]
        ),
        (&true.into(), &true.into())
    );
    assert!(handler.get("port").is_none() && handler.get("http").is_none());
    assert_eq!(host["extensions"]["http"]["routePrefix"], "api");
    // Without internet the host would not start with one, and HTTP and timers need none.
    assert!(host.get("extensionBundle").is_none());
    let insights = &host["logging"]["applicationInsights"];
    // A dependency record would hold the full URL: the link, or the sign-in's code.
    assert_eq!(insights["enableDependencyTracking"], false);
    // Alerts count lines, so that none may be sampled away.
    assert_eq!(
        insights["samplingSettings"]["excludedTypes"],
        "Request;Trace;Exception"
    );
    assert_eq!(
        insights["httpAutoCollectionOptions"]["enableResponseHeaderInjection"],
        false
    );
    // Timers end by themselves long before: after 240 seconds at most.
    assert_eq!(host["functionTimeout"], "00:05:00");
}

#[test]
fn example_settings_are_complete_and_commented() {
    let example = json("local.settings.json.example");
    let names = |member: &str| {
        example[member]
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<BTreeSet<_>>()
    };
    let mut known = asked_for();
    assert_eq!(
        known,
        config::SETTINGS
            .iter()
            .map(|name| (*name).to_owned())
            .collect(),
        "`handler settings` lists what is read"
    );
    // The host's own.
    known.insert("FUNCTIONS_WORKER_RUNTIME".to_owned());
    assert_eq!(names("Values"), known);
    assert_eq!(names("Comments"), known);
    assert!(
        example["Comments"]
            .as_object()
            .unwrap()
            .values()
            .all(|comment| comment.as_str().is_some_and(|text| text.len() > 10))
    );
}

/// The settings that a start asks for, some of them only where another has this or that value.
fn asked_for() -> BTreeSet<String> {
    // The platform sets these.
    const GIVEN: [&str; 3] = [
        "FUNCTIONS_CUSTOMHANDLER_PORT",
        "FUNCTIONS_CUSTOMHANDLER_WORKER_ID",
        "WEBSITE_HOSTNAME",
    ];
    // The exporter asks the environment for it by itself.
    let asked = RefCell::new(BTreeSet::from(["OTEL_SERVICE_NAME".to_owned()]));
    let ask = |set: Option<(&str, &str)>| {
        let lookup = |name: &str| {
            asked.borrow_mut().insert(name.to_owned());
            set.filter(|(own, _)| *own == name)
                .map(|(_, value)| value.to_owned())
        };
        config::Config::read(lookup).unwrap_err();
    };
    ask(None);
    let first = asked.borrow().clone();
    for name in &first {
        for value in ["account", "managed-identity", "http://127.0.0.1:1"] {
            ask(Some((name, value)));
        }
    }
    let mut asked = asked.into_inner();
    asked.retain(|name| !GIVEN.contains(&name.as_str()));
    asked
}

/// What is read past the settings is in no one's list.
#[test]
fn only_the_exporter_reads_the_environment() {
    let reads = |file: &fs::DirEntry| {
        fs::read_to_string(file.path()).is_ok_and(|text| text.contains("env::var"))
    };
    let mut readers: Vec<_> = sources(&root().join("src"))
        .into_iter()
        .filter(reads)
        .map(|file| file.file_name())
        .collect();
    readers.sort();
    assert_eq!(readers, ["export.rs", "main.rs"]);
    let main = read("src/main.rs");
    assert_eq!(
        main.matches("env::var").count(),
        1,
        "the lookup that the settings are read by"
    );
}

/// Every file below a folder.
fn sources(folder: &Path) -> Vec<fs::DirEntry> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries
        .flat_map(|entry| {
            if entry.path().is_dir() {
                sources(&entry.path())
            } else {
                vec![entry]
            }
        })
        .collect()
}

#[test]
fn what_fakes_a_sign_in_is_not_in_the_handler() {
    let cargo = option_env!("CARGO").unwrap_or("cargo");
    let tree = Command::new(cargo)
        .args([
            "tree",
            "--offline",
            "--locked",
            "-e",
            "normal",
            "-p",
            "onboarding",
            "--prefix",
            "none",
        ])
        .current_dir(root())
        .output()
        .unwrap();
    let tree = String::from_utf8(tree.stdout).unwrap();
    assert!(tree.lines().any(|line| line.starts_with("axum ")), "{tree}");
    assert!(
        !tree.lines().any(|line| line.starts_with("local ")),
        "{tree}"
    );
    let has = |text: &str| {
        let grep = Command::new("grep")
            .args(["-aqF", text])
            .arg(handler())
            .stdout(Stdio::null())
            .status()
            .unwrap();
        grep.success()
    };
    assert!(
        has("Please sign in again"),
        "the texts of the pages are in the binary"
    );
    for fake in [
        "local-client-secret",
        "local-host-key",
        "meier-praezision.example",
        "Delivered-To: ",
    ] {
        assert!(!has(fake), "{fake}");
    }
}
