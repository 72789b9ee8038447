//! The head of a request as the functions use it: parameters, cookies, language, and the kind of
//! response that is wanted.

use std::{convert::Infallible, sync::Arc};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, Method, Uri, header, request::Parts},
};
use axum_extra::extract::cookie::CookieJar;
use url::form_urlencoded;
use uuid::Uuid;

use super::{invocation, link_query::find_link, links};
use crate::{
    domain::invitation::{InvitationId, Link, NotAnId},
    text::Lang,
};

/// A parameter is given more than once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repeated;

/// The head of a request. Cheap to clone when there are no cookies.
#[derive(Clone, Debug)]
pub struct RequestInfo {
    /// The cookies that came along.
    pub jar: CookieJar,
    /// Whether JSON is preferred to a page.
    pub wants_json: bool,
    /// Whether the request is a GET or HEAD, so that its address can be opened again.
    pub reads: bool,
    /// The host's id of this invocation, the same when the host repeats it.
    pub invocation: Option<Uuid>,
    head: Arc<Head>,
}

#[derive(Debug)]
struct Head {
    parameters: Vec<(String, String)>,
    link: Option<Link>,
    invitation: Result<Option<InvitationId>, NotAnId>,
    accept_language: Option<String>,
    here: String,
}

impl RequestInfo {
    /// From the head of a request.
    #[must_use]
    pub fn of(method: &Method, uri: &Uri, headers: &HeaderMap) -> Self {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let parameters: Vec<(String, String)> =
            form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
                .into_owned()
                .collect();
        let link = uri.query().and_then(find_link);
        let invitation = selected(&parameters);
        // Two slashes, or a backslash that browsers take for one, would begin the name of another
        // host.
        let path = uri.path().trim_start_matches(['/', '\\']);
        Self {
            jar: CookieJar::from_headers(headers),
            wants_json: text(header::ACCEPT).is_some_and(prefers_json),
            reads: method == Method::GET || method == Method::HEAD,
            invocation: invocation::id(headers),
            head: Arc::new(Head {
                accept_language: text(header::ACCEPT_LANGUAGE).map(str::to_owned),
                here: match (link, invitation) {
                    (Some(link), _) => ["/", path, "?invitationId=", &link.reveal()].concat(),
                    (None, Ok(Some(id))) => format!("/{path}?invitation={id}"),
                    (None, Ok(None) | Err(NotAnId)) => match pass(path, &parameters) {
                        Some(pass) => format!("/{path}?{pass}"),
                        None => format!("/{path}"),
                    },
                },
                link,
                invitation,
                parameters,
            }),
        }
    }

    /// From the head of a request, which the layer around all functions has parsed already.
    #[must_use]
    pub fn from_parts(parts: &Parts) -> Self {
        let parsed = parts.extensions.get::<Self>().cloned();
        parsed.unwrap_or_else(|| Self::of(&parts.method, &parts.uri, &parts.headers))
    }

    /// A parameter of the query.
    ///
    /// # Errors
    /// If it is given more than once.
    pub fn parameter(&self, name: &str) -> Result<Option<&str>, Repeated> {
        let mut values = self
            .head
            .parameters
            .iter()
            .filter(|(own, _)| own == name)
            .map(|(_, value)| value.as_str());
        let first = values.next();
        if values.next().is_some() {
            Err(Repeated)
        } else {
            Ok(first)
        }
    }

    /// The invitation of the link, also of a damaged one.
    #[must_use]
    pub fn link(&self) -> Option<Link> {
        self.head.link
    }

    /// The invitation whose session the page is about; `None`: the newest.
    ///
    /// # Errors
    /// If the address names none that could be.
    pub fn invitation(&self) -> Result<Option<InvitationId>, NotAnId> {
        self.head.invitation
    }

    /// What stopped the sign-in, where the request asks for help with that: a number that Microsoft
    /// shows, or a reason.
    #[must_use]
    pub fn stopped(&self) -> Option<&str> {
        self.parameter("stopped").ok().flatten()
    }

    /// The language that was chosen on a page, by its link or in its form.
    #[must_use]
    pub fn chosen_lang(&self) -> Option<Lang> {
        self.parameter("lang").ok().flatten().and_then(Lang::parse)
    }

    /// The language to answer in: chosen, the invitation's, the browser's, English.
    #[must_use]
    pub fn lang(&self, chosen: Option<Lang>, locale: Option<&str>) -> Lang {
        Lang::negotiate(
            self.chosen_lang().or(chosen).map(Lang::tag),
            locale,
            self.head.accept_language.as_deref(),
        )
    }

    /// Whether the address, opened again, leads to the same invitation: the callback's is used up,
    /// and some forms keep the link out of it.
    #[must_use]
    pub fn is_reloadable(&self) -> bool {
        match self.function() {
            "AcceptCallback" | "InviteUser" | "ContactInviter" => self.link().is_some(),
            links::ADMIN_CONSENT => self.head.here.contains('?'),
            _ => true,
        }
    }

    /// The step of the journey that the page belongs to, from 1; 0: none.
    #[must_use]
    pub fn step(&self) -> usize {
        match self.function() {
            "InviteUser" | "ContactInviter" => 1,
            "AcceptCallback" | "ConfirmMailbox" => 2,
            "CreateCompany" => 3,
            "Welcome" => 4,
            _ => 0,
        }
    }

    fn function(&self) -> &str {
        function(&self.head.here)
    }

    /// Whether it is a page of the desk.
    #[must_use]
    pub fn is_desk(&self) -> bool {
        let rest = self.head.here.strip_prefix(links::DESK);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
    }

    /// Path and query of a page of the desk, without the language.
    #[must_use]
    pub fn desk_address(&self) -> String {
        let parameters = self.head.parameters.iter();
        let kept = parameters.filter(|(name, _)| self.reads && name != "lang");
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(kept)
            .finish();
        let path = self.head.here.split('?').next().unwrap_or_default();
        match query.as_str() {
            "" => path.to_owned(),
            query => format!("{path}?{query}"),
        }
    }

    /// Path and query of this page, without what must not be repeated.
    #[must_use]
    pub fn here(&self) -> &str {
        &self.head.here
    }
}

/// Whether a page can be opened again for as long as the session lasts.
#[must_use]
pub fn is_session_page(path_and_query: &str) -> bool {
    ["CreateCompany", "ConfirmMailbox", "Welcome"].contains(&function(path_and_query))
}

/// Whether it is the page at the end of the journey.
#[must_use]
pub fn is_welcome(path_and_query: &str) -> bool {
    function(path_and_query) == "Welcome"
}

/// The last segment of the path.
fn function(path_and_query: &str) -> &str {
    let path = path_and_query.split('?').next().unwrap_or_default();
    path.rsplit('/').next().unwrap_or_default()
}

/// What the page for administrators is about, as a query.
fn pass(path: &str, parameters: &[(String, String)]) -> Option<String> {
    let given = parameters.iter().find(|(name, _)| name == "pass");
    let pass = given.filter(|_| function(path) == links::ADMIN_CONSENT);
    pass.map(|pair| {
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs([pair])
            .finish()
    })
}

fn selected(parameters: &[(String, String)]) -> Result<Option<InvitationId>, NotAnId> {
    let mut ids = parameters
        .iter()
        .filter(|(name, _)| name == "invitation")
        .map(|(_, id)| id.parse());
    match (ids.next(), ids.next()) {
        (None, _) => Ok(None),
        (Some(id), None) => id.map(Some),
        (Some(_), Some(_)) => Err(NotAnId),
    }
}

/// Whether JSON is named before any kind of page.
fn prefers_json(accept: &str) -> bool {
    let kinds = accept
        .split(',')
        .map(|kind| kind.split(';').next().unwrap_or_default().trim());
    kinds
        .into_iter()
        .find(|kind| {
            matches!(
                *kind,
                "application/json"
                    | "application/problem+json"
                    | "text/html"
                    | "application/xhtml+xml"
            )
        })
        .is_some_and(|kind| kind.ends_with("json"))
}

impl<S: Sync> FromRequestParts<S> for RequestInfo {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::from_parts(parts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_return_address_stays_on_this_host() {
        let here = |uri: &str| {
            RequestInfo::of(&Method::GET, &uri.parse().unwrap(), &HeaderMap::new())
                .here()
                .to_owned()
        };
        assert_eq!(here("/api/Welcome?lang=de"), "/api/Welcome");
        let clean = "/api/InviteUser?invitationId=2ae1f0ab-4f89-41d3-9a0c-0305e82cab62";
        assert_eq!(here(&format!("{clean}&lang=de&code=2")), clean);
        assert_eq!(here(&format!("{clean}%3E")), clean);
        assert_eq!(here("/api/InviteUser?invitationId=1"), "/api/InviteUser");
        assert_eq!(here("//evil.example/a"), "/evil.example/a");
        assert_eq!(here("/\\evil.example/a"), "/evil.example/a");
    }
}
