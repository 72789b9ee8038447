//! The token endpoint: a code, once, for an id token.

use std::{collections::HashMap, sync::Arc, time::Duration};

use axum::{
    Json,
    extract::{OriginalUri, Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use time::{OffsetDateTime, macros::format_description};
use url::form_urlencoded;
use uuid::Uuid;

use super::{
    Service,
    authorize::{Grant, Request},
    faults::{TokenFault, count},
    id_token, lock,
    metadata::Tenant,
};

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const CODE_LIFETIME: time::Duration = time::Duration::seconds(60);
const HUGE: usize = 10 * 1024 * 1024;

/// An error in the shape of Entra ID's.
#[derive(Debug)]
pub(super) struct TokenError {
    status: StatusCode,
    error: &'static str,
    code: u32,
    text: String,
}

impl TokenError {
    fn new(status: StatusCode, error: &'static str, code: u32, text: impl Into<String>) -> Self {
        Self {
            status,
            error,
            code,
            text: text.into(),
        }
    }

    pub(super) fn invalid_request(code: u32, text: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_request", code, text)
    }

    fn invalid_grant(code: u32, text: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_grant", code, text)
    }

    fn invalid_client(code: u32, text: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "invalid_client", code, text)
    }

    pub(super) fn named(self, error: &'static str) -> Self {
        Self { error, ..self }
    }

    pub(super) fn into_response_at(self, now: OffsetDateTime) -> Response {
        let timestamp = timestamp(now);
        let (trace, correlation) = (Uuid::new_v4(), Uuid::new_v4());
        let Self {
            status,
            error,
            code,
            text,
        } = self;
        let body = json!({
            "error": error,
            "error_description": format!("AADSTS{code}: {text} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {timestamp}"),
            "error_codes": [code],
            "timestamp": timestamp,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": format!("https://login.microsoftonline.com/error?code={code}"),
        });
        (
            status,
            [(header::CACHE_CONTROL, "no-store, no-cache")],
            Json(body),
        )
            .into_response()
    }
}

pub(super) fn timestamp(now: OffsetDateTime) -> String {
    now.format(format_description!(
        "[year]-[month]-[day] [hour]:[minute]:[second]Z"
    ))
    .unwrap_or_default()
}

pub(super) async fn endpoint(
    State(service): State<Arc<Service>>,
    Path(segment): Path<String>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: String,
) -> Response {
    count(&service.counters.token);
    let fault = service.faults.token();
    if let Some(answer) = misbehave(&service, fault.as_ref(), uri.path()).await {
        return answer;
    }
    match redeem(&service, &segment, &headers, &body) {
        Ok(mut answer) => {
            distort(&mut answer, fault.as_ref());
            (
                [
                    (header::CACHE_CONTROL, "no-store, no-cache"),
                    (header::PRAGMA, "no-cache"),
                ],
                Json(answer),
            )
                .into_response()
        }
        Err(error) => error.into_response_at(service.now()),
    }
}

/// The faults that answer before the request was looked at, so that its code stays valid.
pub(super) async fn misbehave(
    service: &Service,
    fault: Option<&TokenFault>,
    path: &str,
) -> Option<Response> {
    let answer = match fault? {
        TokenFault::NoIdToken | TokenFault::Terse => return None,
        TokenFault::InvalidGrant => {
            TokenError::invalid_grant(70008, "The provided authorization code has expired.")
                .into_response_at(service.now())
        }
        TokenFault::InvalidClient => {
            TokenError::invalid_client(7000222, "The provided client secret keys are expired.")
                .into_response_at(service.now())
        }
        TokenFault::TooManyRequests { retry_after } => throttled(*retry_after),
        TokenFault::ServerError => {
            (StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error").into_response()
        }
        TokenFault::Unavailable { .. } => {
            (StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable").into_response()
        }
        TokenFault::Hang => std::future::pending().await,
        TokenFault::Html => {
            Html("<!doctype html><title>Sorry</title><p>We are down for maintenance.")
                .into_response()
        }
        TokenFault::HugeBody => {
            Json(json!({ "token_type": "Bearer", "padding": "x".repeat(HUGE) })).into_response()
        }
        TokenFault::Redirect => {
            Redirect::temporary(&format!("{}{path}", service.base)).into_response()
        }
    };
    Some(answer)
}

fn throttled(retry_after: Duration) -> Response {
    (
        StatusCode::TOO_MANY_REQUESTS,
        [(header::RETRY_AFTER, retry_after.as_secs().to_string())],
        "Too many requests",
    )
        .into_response()
}

fn distort(answer: &mut Value, fault: Option<&TokenFault>) {
    let Some(answer) = answer.as_object_mut() else {
        return;
    };
    match fault {
        Some(TokenFault::NoIdToken) => drop(answer.remove("id_token")),
        Some(TokenFault::Terse) => {
            answer.remove("expires_in");
            answer.insert("token_type".into(), "bearer".into());
        }
        _ => {}
    }
}

fn redeem(
    service: &Service,
    segment: &str,
    headers: &HeaderMap,
    body: &str,
) -> Result<Value, TokenError> {
    let tenant = Tenant::parse(segment).ok_or_else(|| {
        TokenError::invalid_request(90002, format!("Tenant '{segment}' not found."))
    })?;
    let form = Form::parse(headers, body)?;
    *lock(&service.token_request) = form.0.clone();
    match form.required("grant_type")? {
        "authorization_code" => {}
        other => {
            let text = format!("The app requested an unsupported grant type '{other}'.");
            return Err(TokenError::invalid_request(70003, text).named("unsupported_grant_type"));
        }
    }
    authenticate(service, headers, &form)?;
    let grant = take_grant(service, &form)?;
    if !tenant.admits(&grant.account) {
        return Err(TokenError::invalid_grant(
            700005,
            "The code was issued for another tenant.",
        ));
    }
    check_binding(&grant.request, &form)?;
    answer(service, &grant).map_err(|error| {
        TokenError::invalid_request(90033, error.to_string()).named("temporarily_unavailable")
    })
}

fn answer(service: &Service, grant: &Grant) -> anyhow::Result<Value> {
    Ok(json!({
        "token_type": "Bearer",
        "scope": grant.request.granted_scope(),
        "expires_in": 3600,
        "ext_expires_in": 3600,
        "access_token": URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()),
        "id_token": id_token::issue(service, &grant.account, &grant.request)?,
    }))
}

/// The parameters of a token request; each may occur once (RFC 6749, 3.2).
struct Form(HashMap<String, String>);

impl Form {
    fn parse(headers: &HeaderMap, body: &str) -> Result<Self, TokenError> {
        let content_type = headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        if !content_type.starts_with("application/x-www-form-urlencoded") {
            return Err(TokenError::invalid_request(
                900144,
                "The request body must be a form.",
            ));
        }
        let mut form = HashMap::new();
        for (name, value) in form_urlencoded::parse(body.as_bytes()).into_owned() {
            if let Some(value) = form.insert(name, value) {
                return Err(TokenError::invalid_request(
                    90100,
                    format!("A parameter occurs twice, once as '{value}'."),
                ));
            }
        }
        Ok(Self(form))
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    fn required(&self, name: &str) -> Result<&str, TokenError> {
        let text = || format!("The request body must contain the following parameter: '{name}'.");
        self.get(name)
            .ok_or_else(|| TokenError::invalid_request(900144, text()))
    }
}

fn authenticate(service: &Service, headers: &HeaderMap, form: &Form) -> Result<(), TokenError> {
    let basic = basic_credentials(headers);
    let client_id = match &basic {
        Some((id, _)) => id,
        None => form.required("client_id")?,
    };
    if client_id != service.options.client_id {
        let text =
            format!("Application with identifier '{client_id}' was not found in the directory.");
        return Err(TokenError::invalid_request(700016, text).named("unauthorized_client"));
    }
    let secret = basic
        .as_ref()
        .map(|(_, secret)| secret.as_str())
        .or(form.get("client_secret"));
    match (secret, form.get("client_assertion")) {
        (Some(secret), None) if secret == service.options.client_secret => Ok(()),
        (Some(_), None) => Err(TokenError::invalid_client(
            7000215,
            "Invalid client secret provided.",
        )),
        (None, Some(assertion)) => check_assertion(service, form, assertion),
        (Some(_), Some(_)) => Err(TokenError::invalid_request(
            90014,
            "The request has two client credentials.",
        )),
        (None, None) => {
            let text = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.";
            Err(TokenError::invalid_client(7000218, text))
        }
    }
}

/// Takes any JWT for an assertion if told to: its issuer, a managed identity, does not exist here.
fn check_assertion(service: &Service, form: &Form, assertion: &str) -> Result<(), TokenError> {
    if form.get("client_assertion_type") != Some(ASSERTION_TYPE) {
        return Err(TokenError::invalid_request(
            900144,
            "The client_assertion_type is not supported.",
        ));
    }
    let parts: Vec<&str> = assertion.split('.').collect();
    let object = |part: &str| {
        let json = URL_SAFE_NO_PAD.decode(part).ok()?;
        serde_json::from_slice::<serde_json::Map<String, Value>>(&json).ok()
    };
    let well_formed = match parts[..] {
        [head, claims, signature] => {
            object(head).is_some_and(|head| head.contains_key("alg"))
                && object(claims).is_some()
                && !signature.is_empty()
        }
        _ => false,
    };
    if well_formed && service.options.accept_assertions {
        Ok(())
    } else {
        Err(TokenError::invalid_client(
            700027,
            "The client assertion failed signature validation.",
        ))
    }
}

fn basic_credentials(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .strip_prefix("Basic ")?;
    let decoded = String::from_utf8(STANDARD.decode(value).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    // Both are form-encoded before they are joined (RFC 6749, 2.3.1).
    let plain = |text: &str| {
        form_urlencoded::parse(text.as_bytes())
            .next()
            .map(|(name, _)| name.into_owned())
            .unwrap_or_default()
    };
    Some((plain(id), plain(secret)))
}

fn take_grant(service: &Service, form: &Form) -> Result<Grant, TokenError> {
    let code = form.required("code")?;
    let mut grants = service.grants();
    let Some(entry) = grants.get_mut(code) else {
        return Err(TokenError::invalid_grant(
            70000,
            "The provided value for the 'code' parameter is not valid.",
        ));
    };
    let Some(grant) = entry.take() else {
        let text =
            "OAuth2 Authorization code was already redeemed, please retry with a new valid code.";
        return Err(TokenError::invalid_grant(54005, text));
    };
    if service.now() - grant.at > CODE_LIFETIME {
        return Err(TokenError::invalid_grant(
            70008,
            "The provided authorization code or refresh token has expired.",
        ));
    }
    Ok(grant)
}

fn check_binding(request: &Request, form: &Form) -> Result<(), TokenError> {
    if form.required("redirect_uri")? != request.redirect_uri {
        let text = "The reply address does not match the reply address provided when requesting Authorization code.";
        return Err(TokenError::invalid_client(500112, text));
    }
    let verifier = form.required("code_verifier")?;
    if URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) != request.code_challenge {
        let text = "The Code_Verifier does not match the code_challenge supplied in the authorization request.";
        return Err(TokenError::invalid_grant(501481, text));
    }
    Ok(())
}
