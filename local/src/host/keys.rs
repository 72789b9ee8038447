//! Function keys: who may call what.

use std::fmt;

use axum::http::{HeaderMap, StatusCode, Uri};
use url::form_urlencoded;

use super::model::AuthLevel;

/// The keys of an app. The default ones are well known, for use on one's own machine only.
#[derive(Clone)]
pub struct Keys {
    /// Opens every function, the admin level included.
    pub master: String,
    /// Opens every function of level `function`.
    pub host: String,
}

impl Default for Keys {
    fn default() -> Self {
        Self {
            master: "local-master-key".into(),
            host: "local-host-key".into(),
        }
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").finish_non_exhaustive()
    }
}

impl Keys {
    /// What the host itself answers below `/admin`: its API needs the master key, and is not here.
    pub(super) fn at_admin(&self, presented: Option<&str>) -> StatusCode {
        match presented {
            Some(key) if key == self.master => StatusCode::NOT_FOUND,
            Some(key) if key == self.host => StatusCode::FORBIDDEN,
            Some(_) | None => StatusCode::UNAUTHORIZED,
        }
    }

    /// Whether a request with this key may call a function of this level.
    pub(super) fn admit(&self, level: AuthLevel, presented: Option<&str>) -> bool {
        let is = |key: &str| presented == Some(key);
        match level {
            AuthLevel::Anonymous => true,
            AuthLevel::Function => is(&self.master) || is(&self.host),
            AuthLevel::Admin => is(&self.master),
        }
    }
}

/// The key that a request presents: the header beats the query, even when it is wrong.
pub(super) fn presented(headers: &HeaderMap, uri: &Uri) -> Option<String> {
    if let Some(value) = headers.get("x-functions-key") {
        return value.to_str().ok().map(str::to_owned);
    }
    // ASP.NET ignores case in the names of query parameters.
    form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
        .find(|(name, _)| name.eq_ignore_ascii_case("code"))
        .map(|(_, value)| value.into_owned())
}
