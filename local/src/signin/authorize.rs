//! The authorize endpoint: what a request must contain.

use std::sync::Arc;

use axum::{
    extract::{Path, RawQuery, State},
    http::HeaderMap,
    response::Response,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{
    accounts::Account,
    callback::{finish, send_back},
    flow,
    model::{Attempt, Failure, Prompt, Request, Step, Tenant},
    pages,
    parameters::Parameters,
    service::Service,
    session, words,
};

pub(super) async fn endpoint(
    State(service): State<Arc<Service>>,
    Path(segment): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    service.counts().authorize += 1;
    let query = match Parameters::parse(&query.unwrap_or_default()) {
        Ok(query) => query,
        Err(name) => {
            let text = format!("AADSTS9000411: The parameter '{name}' is duplicated.");
            return pages::refused(&text);
        }
    };
    let (tenant, redirect_uri) = match destination(&service, &segment, &query) {
        Ok(destination) => destination,
        Err(text) => return pages::refused(&text),
    };
    let fault = service.faults().authorize.clone();
    let request = match fault {
        Some((error, description)) => Err(Failure { error, description }),
        None => parse(tenant, &redirect_uri, &query, &headers),
    };
    match request {
        Ok(request) => begin(&service, request, &session::accounts(&service, &headers)),
        Err(failure) => send_back(&service, &redirect_uri, query.get("state"), Err(failure)),
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
            "AADSTS700016: Application '{client_id}' was not found."
        ));
    }
    let uri = query.required("redirect_uri")?;
    if !service
        .redirect_uris()
        .iter()
        .any(|registered| registered == uri)
    {
        return Err(format!(
            "AADSTS50011: The redirect URI '{uri}' is not configured."
        ));
    }
    Ok((tenant, uri.to_owned()))
}

fn parse(
    tenant: Tenant,
    redirect_uri: &str,
    query: &Parameters,
    headers: &HeaderMap,
) -> Result<Request, Failure> {
    let required = |name| {
        query
            .required(name)
            .map_err(|text| Failure::new("invalid_request", text))
    };
    let fail = |error, description| Err(Failure::new(error, description));
    if required("response_type")? != "code" {
        let text = "AADSTS70005: This response_type is not supported.";
        return fail("unsupported_response_type", text);
    }
    let request = Request {
        tenant,
        redirect_uri: redirect_uri.to_owned(),
        state: query.get("state").map(str::to_owned),
        nonce: query.get("nonce").map(str::to_owned),
        scope: required("scope")?.to_owned(),
        code_challenge: query.get("code_challenge").unwrap_or_default().to_owned(),
        login_hint: query.get("login_hint").unwrap_or_default().to_owned(),
        words: words::in_language_of(query.get("ui_locales"), headers),
        prompt: match query.get("prompt") {
            None => Prompt::Unset,
            Some("select_account") => Prompt::SelectAccount,
            Some("create") => Prompt::Create,
            Some(_) => return fail("invalid_request", "AADSTS90023: Unsupported prompt value."),
        },
    };
    let challenge = URL_SAFE_NO_PAD.decode(&request.code_challenge);
    let has_challenge = challenge.is_ok_and(|digest| digest.len() == 32);
    if query.get("code_challenge_method") != Some("S256") || !has_challenge {
        return fail(
            "invalid_request",
            "AADSTS9002325: PKCE with S256 is required.",
        );
    }
    if !request.has_scope("openid") {
        return fail("invalid_scope", "AADSTS70011: The scope lacks 'openid'.");
    }
    match query.get("response_mode") {
        None | Some("query") => Ok(request),
        Some(_) => fail(
            "invalid_request",
            "AADSTS70007: This response_mode is not supported.",
        ),
    }
}

/// Goes straight back where nothing has to be asked, and to the first page otherwise.
fn begin(service: &Service, request: Request, signed_in: &[Account]) -> Response {
    let hint = &request.login_hint;
    let is_candidate = |account: &&Account| {
        let hinted = hint.is_empty() || account.email.eq_ignore_ascii_case(hint);
        request.tenant.admits(account) && hinted
    };
    let candidates: Vec<_> = signed_in.iter().filter(is_candidate).collect();
    match (request.prompt, &candidates[..]) {
        (Prompt::Unset, [account]) if service.accounts.block_of(account).is_some() => {
            let step = flow::first_step(&request);
            flow::start(service, Attempt { request, step })
        }
        (Prompt::Unset, [account]) if service.accounts.consented(account) => {
            finish(service, &request, Ok(account))
        }
        (Prompt::Unset, [account]) => {
            let step = Step::Consent {
                account: (*account).clone(),
            };
            flow::start(service, Attempt { request, step })
        }
        _ => {
            let step = flow::first_step(&request);
            flow::start(service, Attempt { request, step })
        }
    }
}
