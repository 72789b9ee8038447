//! `host.json` and `function.json` as they are written, before any rule is applied.

use std::path::Path;

use serde::{Deserialize, de::DeserializeOwned};

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct HostJson {
    pub(super) version: Option<String>,
    pub(super) custom_handler: Option<CustomHandler>,
    pub(super) extensions: Extensions,
    pub(super) function_timeout: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct CustomHandler {
    pub(super) description: Description,
    pub(super) enable_proxying_http_request: bool,
    pub(super) enable_forwarding_http_request: bool,
    pub(super) port: Option<serde_json::Value>,
    pub(super) http: Option<CustomHandlerHttp>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Description {
    pub(super) default_executable_path: Option<String>,
    pub(super) arguments: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CustomHandlerHttp {
    pub(super) routes: Option<serde_json::Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Extensions {
    pub(super) http: HttpExtension,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct HttpExtension {
    pub(super) route_prefix: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct FunctionJson {
    #[serde(default)]
    pub(super) disabled: bool,
    pub(super) bindings: Vec<Binding>,
}

/// Every member that a binding known here can have.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Binding {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) name: String,
    #[serde(default)]
    pub(super) direction: Direction,
    pub(super) auth_level: Option<String>,
    #[serde(default)]
    pub(super) methods: Vec<String>,
    pub(super) route: Option<String>,
    pub(super) schedule: Option<String>,
    #[serde(default)]
    pub(super) run_on_startup: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Direction {
    #[default]
    In,
    Out,
    Inout,
}

impl Binding {
    pub(super) fn is(&self, kind: &str) -> bool {
        self.kind.eq_ignore_ascii_case(kind)
    }
}

/// Reads one file; the error says what is wrong and where in it.
pub(super) fn read<T: DeserializeOwned>(path: &Path) -> Result<T, String> {
    let bytes = std::fs::read(path).map_err(|error| format!("cannot be read: {error}"))?;
    serde_json::from_slice(&bytes).map_err(|error| error.to_string())
}
