//! The authorize endpoint: what a request must look like, and the way back to the app.

use std::{collections::HashMap, sync::Arc};

use axum::{
    extract::{Path, RawQuery, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};
use time::OffsetDateTime;
use url::{Url, form_urlencoded};
use uuid::Uuid;

use super::{
    Service,
    accounts::Account,
    faults::{Fault, count, overlay},
    flow::{self, Attempt},
    metadata::Tenant,
    pages, session,
    token::timestamp,
};

/// A valid authorization request.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) tenant: Tenant,
    pub(super) redirect_uri: String,
    pub(super) state: Option<String>,
    pub(super) nonce: Option<String>,
    pub(super) scope: String,
    pub(super) code_challenge: String,
    pub(super) login_hint: String,
    pub(super) prompt: Prompt,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prompt {
    Unset,
    Login,
    SelectAccount,
    Create,
    None,
    Consent,
}

/// What a code stands for.
#[derive(Clone, Debug)]
pub(super) struct Grant {
    pub(super) request: Request,
    pub(super) account: Account,
    pub(super) at: OffsetDateTime,
}

/// An error that the app hears of.
#[derive(Debug)]
pub(super) struct Failure {
    error: String,
    description: String,
}

impl Failure {
    fn new(error: &str, description: &str) -> Self {
        Self {
            error: error.to_owned(),
            description: description.to_owned(),
        }
    }

    pub(super) fn declined() -> Self {
        Self::new(
            "access_denied",
            "AADSTS65004: User declined to consent to access the app.",
        )
    }

    pub(super) fn cancelled() -> Self {
        Self::new("access_denied", "The user has cancelled the sign-in.")
    }

    fn login_required() -> Self {
        Self::new(
            "login_required",
            "AADSTS50058: A silent sign-in request was sent but no user is signed in.",
        )
    }

    fn interaction_required() -> Self {
        Self::new(
            "interaction_required",
            "AADSTS16000: Select an account; silent sign-in failed.",
        )
    }

    fn consent_required() -> Self {
        Self::new(
            "consent_required",
            "AADSTS65001: The user has not consented to use the application.",
        )
    }
}

impl Request {
    pub(super) fn has_scope(&self, scope: &str) -> bool {
        self.scope.split(' ').any(|one| one == scope)
    }

    /// What an answer says was granted.
    pub(super) fn granted_scope(&self) -> String {
        self.scope
            .split(' ')
            .filter(|scope| !scope.is_empty() && *scope != "offline_access")
            .collect::<Vec<_>>()
            .join(" ")
    }
}

pub(super) async fn endpoint(
    State(service): State<Arc<Service>>,
    Path(segment): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    count(&service.counters.authorize);
    let query = match Parameters::parse(&query.unwrap_or_default()) {
        Ok(query) => query,
        Err(name) => {
            return pages::refused(&format!(
                "AADSTS9000411: The parameter '{name}' is duplicated."
            ));
        }
    };
    let (tenant, redirect_uri) = match destination(&service, &segment, &query) {
        Ok(destination) => destination,
        Err(text) => return pages::refused(&text),
    };
    let failed = |failure| send_back(&service, &redirect_uri, query.get("state"), Err(failure));
    let fault = service.faults.find(|fault| match fault {
        Fault::Authorize { error, description } => Some(Failure::new(error, description)),
        _ => None,
    });
    if let Some(failure) = fault {
        return failed(failure);
    }
    match parse(tenant, &redirect_uri, &query) {
        Ok(request) => begin(&service, request, &session::accounts(&service, &headers)),
        Err(failure) => failed(failure),
    }
}

/// Where to send errors to; without that, none is sent anywhere.
fn destination(
    service: &Service,
    segment: &str,
    query: &Parameters,
) -> Result<(Tenant, String), String> {
    let tenant = Tenant::parse(segment)
        .ok_or_else(|| format!("AADSTS90002: Tenant '{segment}' not found."))?;
    let client_id = query.required("client_id")?;
    if client_id != service.options.client_id {
        return Err(format!(
            "AADSTS700016: Application with identifier '{client_id}' was not found in the directory."
        ));
    }
    let uri = query.required("redirect_uri")?;
    if !service.may_return_to(uri) {
        return Err(format!(
            "AADSTS50011: The redirect URI '{uri}' specified in the request does not match the redirect URIs configured for the application."
        ));
    }
    Ok((tenant, uri.to_owned()))
}

fn parse(tenant: Tenant, redirect_uri: &str, query: &Parameters) -> Result<Request, Failure> {
    let invalid = |text: String| Failure::new("invalid_request", &text);
    match query.required("response_type").map_err(invalid)? {
        "code" => {}
        other => {
            let text = format!("AADSTS70005: The response_type '{other}' is not supported.");
            return Err(Failure::new("unsupported_response_type", &text));
        }
    }
    let request = Request {
        tenant,
        redirect_uri: redirect_uri.to_owned(),
        state: query.get("state").map(str::to_owned),
        nonce: query.get("nonce").map(str::to_owned),
        scope: query.required("scope").map_err(invalid)?.to_owned(),
        code_challenge: challenge(query)?,
        login_hint: query.get("login_hint").unwrap_or_default().to_owned(),
        prompt: prompt(query.get("prompt"))?,
    };
    if !request.has_scope("openid") {
        return Err(Failure::new(
            "invalid_scope",
            "AADSTS70011: The provided value for the 'scope' parameter lacks 'openid'.",
        ));
    }
    match query.get("response_mode") {
        None | Some("query") => Ok(request),
        Some(other) => Err(invalid(format!(
            "AADSTS70007: '{other}' is not a supported value of 'response_mode'."
        ))),
    }
}

fn challenge(query: &Parameters) -> Result<String, Failure> {
    let challenge = query.get("code_challenge").unwrap_or_default();
    let well_formed = URL_SAFE_NO_PAD
        .decode(challenge)
        .is_ok_and(|digest| digest.len() == 32);
    if query.get("code_challenge_method") == Some("S256") && well_formed {
        return Ok(challenge.to_owned());
    }
    Err(Failure::new(
        "invalid_request",
        "AADSTS9002325: Proof Key for Code Exchange with S256 is required.",
    ))
}

fn prompt(value: Option<&str>) -> Result<Prompt, Failure> {
    match value {
        None => Ok(Prompt::Unset),
        Some("login") => Ok(Prompt::Login),
        Some("select_account") => Ok(Prompt::SelectAccount),
        Some("create") => Ok(Prompt::Create),
        Some("none") => Ok(Prompt::None),
        Some("consent") => Ok(Prompt::Consent),
        Some(other) => Err(Failure::new(
            "invalid_request",
            &format!("AADSTS90023: Unsupported prompt value '{other}'."),
        )),
    }
}

/// Goes straight back where nothing has to be asked, and to the first page otherwise.
fn begin(service: &Service, request: Request, signed_in: &[Account]) -> Response {
    let mut candidates = signed_in.iter().filter(|account| {
        request.tenant.admits(account)
            && (request.login_hint.is_empty()
                || account.email.eq_ignore_ascii_case(&request.login_hint))
    });
    let only = match (candidates.next(), candidates.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => Err(Failure::login_required()),
        (Some(_), Some(_)) => Err(Failure::interaction_required()),
    };
    match (request.prompt, only) {
        (Prompt::None, Err(failure)) => finish(service, &request, Err(failure)),
        (Prompt::None, Ok(account)) if !service.accounts.consented(account.oid) => {
            finish(service, &request, Err(Failure::consent_required()))
        }
        (Prompt::None | Prompt::Unset, Ok(account)) if service.accounts.consented(account.oid) => {
            finish(service, &request, Ok(account))
        }
        (Prompt::Unset | Prompt::Consent, Ok(account)) => {
            flow::start(service, Attempt::for_account(request, account))
        }
        _ => flow::start(service, Attempt::new(request)),
    }
}

/// Sends the browser back to the app with a code or an error.
pub(super) fn finish(
    service: &Service,
    request: &Request,
    outcome: Result<&Account, Failure>,
) -> Response {
    let outcome = outcome.map(|account| {
        let code = format!(
            "1.{}",
            URL_SAFE_NO_PAD.encode([rand::random::<[u8; 32]>(), rand::random()].concat())
        );
        let grant = Grant {
            request: request.clone(),
            account: account.clone(),
            at: service.now(),
        };
        service.grants().insert(code.clone(), Some(grant));
        code
    });
    send_back(
        service,
        &request.redirect_uri,
        request.state.as_deref(),
        outcome,
    )
}

fn send_back(
    service: &Service,
    redirect_uri: &str,
    state: Option<&str>,
    outcome: Result<String, Failure>,
) -> Response {
    let mut answer: Map<String, Value> = Map::new();
    match outcome {
        Ok(code) => {
            answer.insert("code".into(), code.into());
            answer.insert("session_state".into(), Uuid::new_v4().to_string().into());
        }
        Err(Failure { error, description }) => {
            let details = format!(
                "{description}\r\nTrace ID: {}\r\nCorrelation ID: {}\r\nTimestamp: {}",
                Uuid::new_v4(),
                Uuid::new_v4(),
                timestamp(service.now())
            );
            answer.insert("error".into(), error.into());
            answer.insert("error_description".into(), details.into());
        }
    }
    if let Some(state) = state {
        answer.insert("state".into(), state.into());
    }
    let changes = service.faults.find(|fault| match fault {
        Fault::Callback(changes) => Some(changes.clone()),
        _ => None,
    });
    overlay(&mut answer, &changes.unwrap_or_default());
    match Url::parse(redirect_uri) {
        Ok(mut url) => {
            let text = |value: &Value| {
                value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned)
            };
            url.query_pairs_mut()
                .extend_pairs(answer.iter().map(|(name, value)| (name, text(value))));
            Redirect::to(url.as_str()).into_response()
        }
        Err(error) => pages::refused(&format!("The registered redirect URI is not one: {error}")),
    }
}

/// The query of an authorization request; each parameter may occur once (RFC 6749, 3.1).
struct Parameters(HashMap<String, String>);

impl Parameters {
    fn parse(query: &str) -> Result<Self, String> {
        let mut parameters = HashMap::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()).into_owned() {
            if parameters.insert(name.clone(), value).is_some() {
                return Err(name);
            }
        }
        Ok(Self(parameters))
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    fn required(&self, name: &str) -> Result<&str, String> {
        self.get(name).ok_or_else(|| {
            format!("AADSTS900144: The request must contain the following parameter: '{name}'.")
        })
    }
}
