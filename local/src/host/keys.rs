//! Function keys: who may call what.

use std::{collections::BTreeMap, fmt};

use axum::http::{HeaderMap, Uri};
use url::form_urlencoded;

use super::app::AuthLevel;

/// The keys of an app. The default ones are well known and fit for one's own machine only.
#[derive(Clone)]
pub struct Keys {
    /// Opens every function, the admin level included.
    pub master: String,
    /// Opens every function of level `function`.
    pub host: String,
    /// Opens one function, by its name.
    pub functions: BTreeMap<String, String>,
}

impl Default for Keys {
    fn default() -> Self {
        Self {
            master: "local-master-key".into(),
            host: "local-host-key".into(),
            functions: BTreeMap::new(),
        }
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").finish_non_exhaustive()
    }
}

impl Keys {
    pub(super) fn admit(&self, level: AuthLevel, function: &str, presented: Option<&str>) -> bool {
        let is = |key: &str| !key.is_empty() && presented == Some(key);
        match level {
            AuthLevel::Anonymous => true,
            AuthLevel::Function => {
                is(&self.master) || is(&self.host) || self.of(function).is_some_and(is)
            }
            AuthLevel::Admin => is(&self.master),
        }
    }

    fn of(&self, function: &str) -> Option<&str> {
        self.functions
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(function))
            .map(|(_, key)| key.as_str())
    }
}

/// The key that a request presents: the header beats the query, even when it is wrong.
pub(super) fn presented(headers: &HeaderMap, uri: &Uri) -> Option<String> {
    match headers.get("x-functions-key") {
        Some(value) => value.to_str().ok().map(str::to_owned),
        None => in_query(uri.query().unwrap_or_default()),
    }
}

/// ASP.NET compares the names of query parameters without case.
fn in_query(query: &str) -> Option<String> {
    form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name.eq_ignore_ascii_case("code"))
        .map(|(_, value)| value.into_owned())
}
