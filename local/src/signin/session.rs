//! Who is signed in at this service, in one browser.

use axum::http::{HeaderMap, HeaderValue, header};
use uuid::Uuid;

use super::{Service, accounts::Account};

const COOKIE: &str = "local-sign-in";

/// The accounts that this browser is signed in with.
pub(super) fn accounts(service: &Service, headers: &HeaderMap) -> Vec<Account> {
    let Some(session) = id(headers) else {
        return Vec::new();
    };
    let signed_in = service
        .sessions()
        .get(&session)
        .cloned()
        .unwrap_or_default();
    signed_in
        .into_iter()
        .filter_map(|oid| service.accounts.by_oid(oid))
        .collect()
}

/// Adds an account; the header sets the cookie of the session.
pub(super) fn sign_in(
    service: &Service,
    headers: &HeaderMap,
    account: &Account,
) -> Option<HeaderValue> {
    let session = id(headers).unwrap_or_else(Uuid::new_v4);
    let mut sessions = service.sessions();
    let signed_in = sessions.entry(session).or_default();
    signed_in.retain(|oid| *oid != account.oid);
    signed_in.push(account.oid);
    HeaderValue::try_from(format!(
        "{COOKIE}={session}; Path=/; HttpOnly; SameSite=Lax"
    ))
    .ok()
}

/// Signs everybody out in this browser.
pub(super) fn sign_out(service: &Service, headers: &HeaderMap) {
    if let Some(session) = id(headers) {
        service.sessions().remove(&session);
    }
}

fn id(headers: &HeaderMap) -> Option<Uuid> {
    let cookies = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let mut pairs = cookies
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE)?.1.parse().ok()
}
