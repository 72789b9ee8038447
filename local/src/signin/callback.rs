//! The redirect back to the app.

use axum::response::{IntoResponse, Redirect, Response};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use url::Url;
use uuid::Uuid;

use super::{
    accounts::Account,
    errors::Details,
    faults::{members, overlay},
    model::{Failure, Grant, Request},
    pages,
    service::Service,
};

/// Sends the browser back to the app with a code or an error.
pub(super) fn finish(
    service: &Service,
    request: &Request,
    outcome: Result<&Account, Failure>,
) -> Response {
    let outcome = outcome.map(|account| {
        let random: [[u8; 32]; 2] = rand::random();
        let code = format!("1.{}", URL_SAFE_NO_PAD.encode(random.concat()));
        let (request, account, at) = (request.clone(), account.clone(), service.now());
        service.grants().insert(
            code.clone(),
            Some(Grant {
                request,
                account,
                at,
            }),
        );
        code
    });
    send_back(
        service,
        &request.redirect_uri,
        request.state.as_deref(),
        outcome,
    )
}

pub(super) fn send_back(
    service: &Service,
    redirect_uri: &str,
    state: Option<&str>,
    outcome: Result<String, Failure>,
) -> Response {
    let mut answer = members(match outcome {
        Ok(code) => json!({ "code": code, "session_state": Uuid::new_v4() }),
        Err(Failure { error, description }) => {
            let details = Details::new(service.now()).to_text("\r\n");
            json!({ "error": error, "error_description": format!("{description}\r\n{details}") })
        }
    });
    if let Some(state) = state {
        answer.insert("state".into(), state.into());
    }
    overlay(&mut answer, &service.faults().callback);
    let text = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    match Url::parse(redirect_uri) {
        Ok(mut url) => {
            let pairs = answer.iter().map(|(name, value)| (name, text(value)));
            url.query_pairs_mut().extend_pairs(pairs);
            Redirect::to(url.as_str()).into_response()
        }
        Err(error) => pages::refused(&format!("The redirect URI is not valid: {error}")),
    }
}
