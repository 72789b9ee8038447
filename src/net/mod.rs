//! Helpers for requests to other hosts: base URL, SSRF guard, managed identity.

pub(crate) mod base_url;
pub(crate) mod error_chain;
pub(crate) mod loopback;
pub(crate) mod managed_identity;
pub(crate) mod ssrf_guard;

pub use base_url::BaseUrl;
