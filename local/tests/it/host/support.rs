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
#[derive(Debug)]
pub(crate) struct AppFolder(TempDir);

impl AppFolder {
    pub(crate) fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.host_json(|_| {})
    }

    /// With an open GET and POST function for each name.
    pub(crate) fn with(names: &[&str]) -> Self {
        names
            .iter()
            .fold(Self::new(), |folder, name| folder.http(name, json!({})))
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn host_json(self, change: impl FnOnce(&mut Value)) -> Self {
        let mut host = json!({
            "version": "2.0",
            "functionTimeout": "00:05:00",
            "customHandler": {
                "description": {"defaultExecutablePath": "handler"},
                "enableProxyingHttpRequest": true,
                "enableForwardingHttpRequest": true,
            },
        });
        change(&mut host);
        std::fs::write(self.path().join("host.json"), host.to_string()).unwrap();
        self
    }

    /// An open GET and POST function, with other members for its trigger.
    pub(crate) fn http(self, name: &str, members: Value) -> Self {
        self.function(name, &http_function(&members).to_string())
    }

    pub(crate) fn timer(self, name: &str, schedule: &str) -> Self {
        let trigger = json!({"type": "timerTrigger", "name": "timer", "schedule": schedule});
        self.function(name, &json!({"bindings": [trigger]}).to_string())
    }

    pub(crate) fn function(self, name: &str, json: &str) -> Self {
        std::fs::create_dir(self.path().join(name)).unwrap();
        std::fs::write(self.path().join(name).join("function.json"), json).unwrap();
        self
    }

    pub(crate) async fn start(self) -> Running {
        self.start_with(|_| {}).await.unwrap()
    }

    /// Starts the echo handler with the storage that timers demand.
    pub(crate) async fn start_with(
        self,
        change: impl FnOnce(&mut HostOptions),
    ) -> anyhow::Result<Running> {
        let storage = (
            "AzureWebJobsStorage".into(),
            "UseDevelopmentStorage=true".into(),
        );
        let mut options = HostOptions {
            app_root: self.path().into(),
            handler: Some(env!("CARGO_BIN_EXE_echo-handler").into()),
            env: vec![storage],
            ..HostOptions::default()
        };
        change(&mut options);
        Ok(Running {
            host: Host::start(options).await?,
            folder: self,
        })
    }
}

/// A host with the folder that its handler runs in.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) host: Host,
    pub(crate) folder: AppFolder,
}

impl std::ops::Deref for Running {
    type Target = Host;

    fn deref(&self) -> &Host {
        &self.host
    }
}

pub(crate) fn http_function(members: &Value) -> Value {
    let mut trigger = json!({
        "type": "httpTrigger", "direction": "in", "name": "req", "authLevel": "anonymous",
        "methods": ["get", "post"]
    });
    for (name, value) in members.as_object().unwrap() {
        trigger[name] = value.clone();
    }
    json!({"bindings": [trigger, {"type": "http", "direction": "out", "name": "res"}]})
}

fn client() -> Client {
    Client::builder().redirect(Policy::none()).build().unwrap()
}

/// GET, following nothing.
pub(crate) async fn get(host: &Host, path: &str) -> Response {
    get_with(host, path, &[]).await
}

pub(crate) async fn get_with(host: &Host, path: &str, headers: &[(&str, &str)]) -> Response {
    let request = client().get(format!("{}{path}", host.url()));
    let request = headers.iter().fold(request, |request, (name, value)| {
        request.header(*name, *value)
    });
    request.send().await.unwrap()
}

pub(crate) async fn post(host: &Host, path: &str, body: &'static str) -> Response {
    client()
        .post(format!("{}{path}", host.url()))
        .body(body)
        .send()
        .await
        .unwrap()
}

/// What the echo handler saw.
pub(crate) async fn echoed(answer: Response) -> Value {
    serde_json::from_slice(&answer.error_for_status().unwrap().bytes().await.unwrap()).unwrap()
}

/// The header of the request that the echo handler saw, once or not at all.
pub(crate) fn header(echo: &Value, name: &str) -> Option<String> {
    let all: Vec<(String, String)> = serde_json::from_value(echo["headers"].clone()).unwrap();
    let mut all = all.into_iter().filter(|(known, _)| known == name);
    let found = all.next().map(|(_, value)| value);
    assert_eq!(all.next(), None);
    found
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

/// How many lines of the log begin like this.
pub(crate) fn lines(host: &Host, start: &str) -> usize {
    host.log()
        .iter()
        .filter(|line| line.text.starts_with(start))
        .count()
}

pub(crate) async fn connect(host: &Host) -> TcpStream {
    TcpStream::connect(host.url().trim_start_matches("http://"))
        .await
        .unwrap()
}

/// One request, byte for byte, and everything that comes back until the host closes.
pub(crate) async fn raw(host: &Host, request: &str) -> String {
    let mut connection = connect(host).await;
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    answer
}
