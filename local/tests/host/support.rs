//! App folders to start, and what a test does with a started host.

use std::{path::Path, time::Duration};

use local::host::{Host, HostOptions};
use reqwest::{Client, Response, redirect::Policy};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A temporary app root, fit to start until a test changes it.
pub(crate) struct AppFolder(TempDir);

impl AppFolder {
    pub(crate) fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.write("host.json", &host_json());
        folder
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn host_json(self, change: impl FnOnce(&mut Value)) -> Self {
        let mut host = host_json();
        change(&mut host);
        self.write("host.json", &host);
        self
    }

    /// An anonymous GET and POST function, with other members for its trigger where a test needs
    /// them.
    pub(crate) fn http(self, name: &str, members: Value) -> Self {
        self.function(name, http_function(&members))
    }

    pub(crate) fn timer(self, name: &str, schedule: &str) -> Self {
        self.function(name, json!({"bindings": [{"type": "timerTrigger", "direction": "in", "name": "timer", "schedule": schedule}]}))
    }

    pub(crate) fn function(self, name: &str, json: Value) -> Self {
        self.raw_function(name, &json.to_string())
    }

    pub(crate) fn raw_function(self, name: &str, text: &str) -> Self {
        std::fs::create_dir(self.path().join(name)).unwrap();
        std::fs::write(self.path().join(name).join("function.json"), text).unwrap();
        self
    }

    /// Starts the echo handler with the storage that timers demand.
    pub(crate) fn options(&self) -> HostOptions {
        HostOptions {
            app_root: self.path().into(),
            handler: Some(env!("CARGO_BIN_EXE_echo-handler").into()),
            env: vec![(
                "AzureWebJobsStorage".into(),
                "UseDevelopmentStorage=true".into(),
            )],
            ..HostOptions::default()
        }
    }

    /// With a handler that misbehaves when it starts: `exit:CODE` or `sleep:MILLISECONDS`.
    pub(crate) fn options_at_start(&self, misbehaviour: &str) -> HostOptions {
        HostOptions {
            env: vec![("ECHO_AT_START".into(), misbehaviour.into())],
            ..self.options()
        }
    }

    fn write(&self, name: &str, json: &Value) {
        std::fs::write(self.path().join(name), json.to_string()).unwrap();
    }
}

fn host_json() -> Value {
    json!({
        "version": "2.0",
        "functionTimeout": "00:05:00",
        "extensions": {"http": {}},
        "customHandler": {
            "description": {"defaultExecutablePath": "handler"},
            "enableProxyingHttpRequest": true,
            "enableForwardingHttpRequest": true,
        },
    })
}

pub(crate) fn http_function(members: &Value) -> Value {
    let mut trigger = json!({"type": "httpTrigger", "direction": "in", "name": "req", "authLevel": "anonymous", "methods": ["get", "post"]});
    for (name, value) in members.as_object().unwrap() {
        trigger[name] = value.clone();
    }
    json!({"bindings": [trigger, {"type": "http", "direction": "out", "name": "res"}]})
}

/// GET, following nothing.
pub(crate) async fn called(host: &Host, path: &str) -> Response {
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    client
        .get(format!("{}{path}", host.url()))
        .send()
        .await
        .unwrap()
}

/// What the echo handler saw.
pub(crate) async fn echoed(answer: Response) -> Value {
    serde_json::from_slice(&answer.error_for_status().unwrap().bytes().await.unwrap()).unwrap()
}

pub(crate) fn headers_of(echo: &Value, name: &str) -> Vec<String> {
    let all: Vec<(String, String)> = serde_json::from_value(echo["headers"].clone()).unwrap();
    all.into_iter()
        .filter(|(known, _)| known == name)
        .map(|(_, value)| value)
        .collect()
}

pub(crate) fn header_of(echo: &Value, name: &str) -> Option<String> {
    headers_of(echo, name).pop()
}

/// Waits until something is so, at most ten seconds.
pub(crate) async fn wait_for(what: &str, is_so: impl Fn() -> bool) {
    for _ in 0..400 {
        if is_so() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("waited in vain for {what}");
}

/// One request, byte for byte, and everything that comes back until the host closes.
pub(crate) async fn raw(host: &Host, request: &str) -> String {
    let mut connection = TcpStream::connect(host.url().trim_start_matches("http://"))
        .await
        .unwrap();
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    answer
}
