//! The public origin of the app. Every link that is built begins with it; no request can change it.

use std::{fmt, str::FromStr};

use url::Url;

use super::loopback::is_loopback;

use crate::domain::invitation::Link;

/// An origin: scheme, host and port.
#[derive(Clone, Debug)]
pub struct BaseUrl(Url);

impl BaseUrl {
    /// The absolute address of a function, e.g. `https://host/api/Welcome`.
    #[must_use]
    pub fn api(&self, function: &str) -> Url {
        let mut url = self.0.clone();
        url.set_path(&format!("/api/{function}"));
        url
    }

    /// The address in the invitation's e-mail.
    #[must_use]
    pub fn invitation(&self, link: &Link) -> Url {
        let mut url = self.api("InviteUser");
        url.query_pairs_mut()
            .append_pair("invitationId", &link.reveal());
        url
    }

    /// As browsers send it in `Origin`.
    #[must_use]
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// As text, without a path.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }

    /// Whether cookies can be `Secure` and carry the `__Host-` prefix.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }
}

impl FromStr for BaseUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        let url =
            Url::parse(text).map_err(|_| "is not a URL such as https://invite.example.com")?;
        if url.scheme() != "https" && !(url.scheme() == "http" && is_loopback(&url)) {
            return Err("must be an https URL (plain http only for a loopback host)");
        }
        if url.path() != "/"
            || url.query().is_some()
            || url.fragment().is_some()
            || !url.username().is_empty()
            || url.password().is_some()
        {
            return Err("must end after the host (or port): the functions are always at /api");
        }
        Ok(Self(url))
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin())
    }
}
