//! Which accounts are signed in at this service, in one browser.

use axum::http::{HeaderMap, HeaderValue, header};
use uuid::Uuid;

use super::{accounts::Account, service::Service};

const COOKIE: &str = "local-sign-in";

/// The accounts that this browser is signed in with.
pub(super) fn accounts(service: &Service, headers: &HeaderMap) -> Vec<Account> {
    let session = id(headers).unwrap_or_default();
    let signed_in = service
        .sessions()
        .get(&session)
        .cloned()
        .unwrap_or_default();
    let account = |oid| service.accounts.find(|account| account.oid == oid);
    signed_in.into_iter().filter_map(account).collect()
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
    format!("{COOKIE}={session}; Path=/; HttpOnly; SameSite=Lax")
        .parse()
        .ok()
}

/// Signs this browser out of all accounts.
pub(super) fn sign_out(service: &Service, headers: &HeaderMap) {
    service.sessions().remove(&id(headers).unwrap_or_default());
}

fn id(headers: &HeaderMap) -> Option<Uuid> {
    let cookies = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split("; "));
    pairs
        .find_map(|pair| pair.strip_prefix(COOKIE)?.strip_prefix('='))?
        .parse()
        .ok()
}
