//! Which headers pass the host, and which it sets.

use std::net::IpAddr;

use axum::http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{self, FORWARDED, HOST},
};
use uuid::Uuid;

/// Headers of one connection (RFC 9110, 7.6.1), which no proxy passes on.
const HOP_BY_HOP: [HeaderName; 9] = [
    header::CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// Removes the headers of one connection, and those that `Connection` names.
pub(super) fn strip_hop_by_hop(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named.iter().chain(&HOP_BY_HOP) {
        headers.remove(name);
    }
}

/// The id under which the host logs this request.
pub(super) fn set_invocation_id(headers: &mut HeaderMap) {
    if let Ok(id) = HeaderValue::try_from(Uuid::new_v4().to_string()) {
        headers.insert("x-azure-functions-invocationid", id);
    }
}

/// What proxying does to the headers about the caller: whatever the caller claimed is gone.
pub(super) fn rewrite_for_proxying(headers: &mut HeaderMap, peer: IpAddr, handler: &str) {
    headers.remove(FORWARDED);
    headers.remove("x-forwarded-prefix");
    headers.insert("x-forwarded-proto", HeaderValue::from_static("http"));
    if let Some(host) = headers.remove(HOST) {
        headers.insert("x-forwarded-host", host);
    } else {
        headers.remove("x-forwarded-host");
    }
    if let (Ok(peer), Ok(host)) = (
        HeaderValue::try_from(peer.to_string()),
        HeaderValue::try_from(handler),
    ) {
        headers.insert("x-forwarded-for", peer);
        headers.insert(HOST, host);
    }
}
