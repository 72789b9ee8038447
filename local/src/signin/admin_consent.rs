//! The endpoint at which an administrator approves the app for an organisation. Source:
//! <https://learn.microsoft.com/entra/identity-platform/v2-admin-consent>

use std::sync::Arc;

use askama::Template;
use axum::{
    Form,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use url::Url;
use uuid::Uuid;

use super::{
    accounts::Account,
    model::{Failure, Tenant},
    pages,
    parameters::Parameters,
    service::Service,
    words::{self, Words},
};

/// What the app asks for.
struct Request {
    tenant: Tenant,
    redirect_uri: Url,
    state: String,
    scope: String,
}

#[derive(Template)]
#[template(path = "signin/pages/admin_consent.html")]
struct AdminConsentPage<'a> {
    administrators: &'a [Account],
    app: &'a str,
    scope: &'a str,
    words: &'static Words,
}

/// The button that was pressed, and for whom.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Answer {
    action: String,
    admin: Uuid,
}

pub(super) async fn show(
    State(service): State<Arc<Service>>,
    Path(segment): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let request = match Request::parse(&service, &segment, &query.unwrap_or_default()) {
        Ok(request) => request,
        Err(text) => return pages::refused(&text),
    };
    pages::render(
        StatusCode::OK,
        &AdminConsentPage {
            administrators: &request.administrators(&service),
            app: &service.options.client_id,
            scope: &request.scope,
            words: words::in_language_of(None, &headers),
        },
    )
}

pub(super) async fn answer(
    State(service): State<Arc<Service>>,
    Path(segment): Path<String>,
    RawQuery(query): RawQuery,
    Form(answer): Form<Answer>,
) -> Response {
    let request = match Request::parse(&service, &segment, &query.unwrap_or_default()) {
        Ok(request) => request,
        Err(text) => return pages::refused(&text),
    };
    let administrators = request.administrators(&service);
    let admin = administrators
        .iter()
        .find(|account| account.oid == answer.admin);
    match (answer.action.as_str(), admin) {
        ("accept", Some(admin)) => {
            service.accounts.approve(admin.tid);
            request.approved(admin.tid)
        }
        _ => request.refused(&Failure::new(
            "access_denied",
            "AADSTS65004: User declined to consent to access the app.",
        )),
    }
}

impl Request {
    fn parse(service: &Service, segment: &str, query: &str) -> Result<Self, String> {
        let query = Parameters::parse(query)
            .map_err(|name| format!("AADSTS9000411: The parameter '{name}' is duplicated."))?;
        let tenant = match Tenant::parse(segment) {
            Some(tenant @ (Tenant::Organizations | Tenant::One(_))) => tenant,
            _ => return Err("AADSTS900144: An organisation has to be named.".to_owned()),
        };
        let client_id = query.required("client_id")?;
        if client_id != service.options.client_id {
            return Err(format!(
                "AADSTS700016: Application '{client_id}' was not found."
            ));
        }
        let uri = query.required("redirect_uri")?;
        let is_registered = service.redirect_uris().iter().any(|known| known == uri);
        let redirect_uri = Url::parse(uri).ok().filter(|_| is_registered);
        Ok(Self {
            tenant,
            redirect_uri: redirect_uri.ok_or_else(|| {
                format!("AADSTS50011: The redirect URI '{uri}' is not configured.")
            })?,
            state: query.get("state").unwrap_or_default().to_owned(),
            scope: query.required("scope")?.to_owned(),
        })
    }

    fn administrators(&self, service: &Service) -> Vec<Account> {
        let accounts = service.accounts.all().into_iter();
        accounts
            .filter(|account| account.is_admin && self.tenant.admits(account))
            .collect()
    }

    fn approved(mut self, tenant: Uuid) -> Response {
        self.redirect_uri
            .query_pairs_mut()
            .append_pair("admin_consent", "True")
            .append_pair("tenant", &tenant.to_string())
            .append_pair("state", &self.state)
            .append_pair("scope", &self.scope);
        Redirect::to(self.redirect_uri.as_str()).into_response()
    }

    /// Microsoft sends `admin_consent=True` with an error, too.
    fn refused(mut self, failure: &Failure) -> Response {
        self.redirect_uri
            .query_pairs_mut()
            .append_pair("admin_consent", "True")
            .append_pair("error", &failure.error)
            .append_pair("error_description", &failure.description)
            .append_pair("state", &self.state);
        Redirect::to(self.redirect_uri.as_str()).into_response()
    }
}
