//! The token endpoint: a code, once, for an id token.

use std::sync::Arc;

use axum::{
    Json,
    extract::{OriginalUri, Path, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::{
    errors::EntraError,
    faults::TokenFault,
    id_token,
    misbehave::misbehave,
    model::{Grant, Request, Tenant},
    parameters::Parameters,
    service::Service,
};

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const CODE_LIFETIME: time::Duration = time::Duration::seconds(60);

pub(super) async fn endpoint(
    State(service): State<Arc<Service>>,
    Path(segment): Path<String>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: String,
) -> Response {
    service.counts().token += 1;
    let fault = service.faults().next_token_fault();
    if let Some(answer) = misbehave(&service, fault.as_ref(), uri.path()).await {
        return answer;
    }
    match redeem(&service, &segment, &headers, &body) {
        Ok(mut answer) => {
            match fault {
                Some(TokenFault::NoIdToken) => drop(answer.remove("id_token")),
                Some(TokenFault::Terse) => {
                    answer.remove("expires_in");
                    answer.insert("token_type".into(), "bearer".into());
                }
                _ => {}
            }
            (
                [(header::CACHE_CONTROL, "no-store, no-cache")],
                Json(answer),
            )
                .into_response()
        }
        Err(error) => error.into_response(&service),
    }
}

fn error<T>(
    status: u16,
    error: &'static str,
    code: u32,
    text: impl Into<String>,
) -> Result<T, EntraError> {
    Err(EntraError(status, error, code, text.into()))
}

fn redeem(
    service: &Service,
    segment: &str,
    headers: &HeaderMap,
    body: &str,
) -> Result<Map<String, Value>, EntraError> {
    let tenant = Tenant::parse(segment).ok_or_else(|| EntraError::unknown_tenant(segment))?;
    let form = parse(headers, body)?;
    service.token_request().clone_from(&form);
    if required(&form, "grant_type")? != "authorization_code" {
        return error(
            400,
            "unsupported_grant_type",
            70003,
            "Unsupported grant type.",
        );
    }
    authenticate(service, &form)?;
    let grant = take_grant(service, &form)?;
    if !tenant.admits(&grant.account) {
        return error(
            400,
            "invalid_grant",
            700005,
            "The code was issued for another tenant.",
        );
    }
    check_binding(&grant.request, &form)?;
    let id_token = id_token::issue(service, &grant.account, &grant.request)
        .or_else(|wrong| error(400, "temporarily_unavailable", 90033, wrong.to_string()))?;
    let scopes = grant
        .request
        .scope
        .split(' ')
        .filter(|scope| *scope != "offline_access");
    let answer = json!({
        "token_type": "Bearer",
        "scope": scopes.collect::<Vec<_>>().join(" "),
        "expires_in": 3600,
        "ext_expires_in": 3600,
        "access_token": URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()),
        "id_token": id_token,
    });
    Ok(answer.as_object().cloned().unwrap_or_default())
}

fn parse(headers: &HeaderMap, body: &str) -> Result<Parameters, EntraError> {
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    if content_type != Some("application/x-www-form-urlencoded") {
        return error(
            400,
            "invalid_request",
            900144,
            "The request body must be a form.",
        );
    }
    Parameters::parse(body).or_else(|name| {
        error(
            400,
            "invalid_request",
            90100,
            format!("'{name}' occurs twice."),
        )
    })
}

fn required<'a>(form: &'a Parameters, name: &str) -> Result<&'a str, EntraError> {
    form.required(name).or_else(|text| {
        let text = text.trim_start_matches("AADSTS900144: ");
        error(400, "invalid_request", 900144, text)
    })
}

fn authenticate(service: &Service, form: &Parameters) -> Result<(), EntraError> {
    let client_id = required(form, "client_id")?;
    if client_id != service.options.client_id {
        let text = format!("Application '{client_id}' was not found in the directory.");
        return error(400, "unauthorized_client", 700016, text);
    }
    match (form.get("client_secret"), form.get("client_assertion")) {
        (Some(secret), None) if secret == service.options.client_secret => Ok(()),
        (Some(_), None) => error(401, "invalid_client", 7000215, "Invalid client secret."),
        (None, Some(assertion)) => check_assertion(service, form, assertion),
        (Some(_), Some(_)) => error(400, "invalid_request", 90014, "Two client credentials."),
        (None, None) => error(401, "invalid_client", 7000218, "No client credential."),
    }
}

/// Takes any JWT for an assertion if the options allow it: its issuer, a managed identity, does not
/// exist here.
fn check_assertion(
    service: &Service,
    form: &Parameters,
    assertion: &str,
) -> Result<(), EntraError> {
    let object = |part: &str| {
        let json = URL_SAFE_NO_PAD.decode(part).ok()?;
        serde_json::from_slice::<Map<String, Value>>(&json).ok()
    };
    let well_formed = match assertion.split('.').collect::<Vec<_>>()[..] {
        [head, claims, signature] => {
            object(head).is_some_and(|head| head.contains_key("alg"))
                && object(claims).is_some()
                && !signature.is_empty()
        }
        _ => false,
    };
    let typed = form.get("client_assertion_type") == Some(ASSERTION_TYPE);
    if well_formed && typed && service.options.accept_assertions {
        return Ok(());
    }
    error(
        401,
        "invalid_client",
        700027,
        "The client assertion failed signature validation.",
    )
}

fn take_grant(service: &Service, form: &Parameters) -> Result<Grant, EntraError> {
    let code = required(form, "code")?;
    match service.grants().get_mut(code).map(Option::take) {
        None => error(
            400,
            "invalid_grant",
            70000,
            "The provided code is not valid.",
        ),
        Some(None) => error(
            400,
            "invalid_grant",
            54005,
            "The code was already redeemed.",
        ),
        Some(Some(grant)) if service.now() - grant.at > CODE_LIFETIME => error(
            400,
            "invalid_grant",
            70008,
            "The provided code has expired.",
        ),
        Some(Some(grant)) => Ok(grant),
    }
}

fn check_binding(request: &Request, form: &Parameters) -> Result<(), EntraError> {
    if required(form, "redirect_uri")? != request.redirect_uri {
        return error(
            401,
            "invalid_client",
            500112,
            "The reply address does not match.",
        );
    }
    let verifier = required(form, "code_verifier")?;
    if URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) != request.code_challenge {
        let text = "The Code_Verifier does not match the code_challenge.";
        return error(400, "invalid_grant", 501481, text);
    }
    Ok(())
}
