//! Storage connection strings. What is wrong with one is named without quoting it.

use azure_core_legacy::Url;
use azure_storage::{
    ConnectionString, EndpointProtocol, StorageCredentials,
    clients::{EMULATOR_ACCOUNT, EMULATOR_ACCOUNT_KEY},
};
use base64::{Engine, prelude::BASE64_STANDARD};

use super::error::refused;
use crate::store::table::TableError;

/// Whether the service can start with this connection string. The error does not quote it.
///
/// # Errors
/// What is wrong.
pub fn check_connection_string(connection: &str) -> Result<(), String> {
    let check = || {
        let parts = parts(connection)?;
        let (endpoint, _) = endpoint(&parts)?;
        credentials(&parts)?;
        address(&endpoint)
    };
    check().map(drop).map_err(|error| {
        if let TableError::Refused(why) = error {
            why
        } else {
            error.to_string()
        }
    })
}

pub(super) fn parts(connection: &str) -> Result<ConnectionString<'_>, TableError> {
    // The library's errors quote the string.
    ConnectionString::new(connection).map_err(|_| {
        refused("the storage connection string is malformed or has a part that is not known")
    })
}

pub(super) fn address(endpoint: &str) -> Result<Url, TableError> {
    let url = Url::parse(endpoint)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    url.ok_or_else(|| refused("the address of the table service is no http(s) URL"))
}

/// The address of the table service, and the account.
pub(super) fn endpoint<'a>(parts: &ConnectionString<'a>) -> Result<(String, &'a str), TableError> {
    if parts.use_development_storage == Some(true) {
        let host = parts
            .development_storage_proxy_uri
            .unwrap_or("http://127.0.0.1")
            .trim_end_matches('/');
        return Ok((format!("{host}:10002/{EMULATOR_ACCOUNT}"), EMULATOR_ACCOUNT));
    }
    let account = parts.account_name.unwrap_or_default();
    if let Some(endpoint) = parts.table_endpoint {
        return Ok((endpoint.to_owned(), account));
    }
    let address = default_endpoint(parts, "table").ok_or_else(|| {
        refused("the storage connection string needs an AccountName or a TableEndpoint")
    })?;
    Ok((address, account))
}

/// Where the account of a connection string has its blobs.
#[must_use]
pub fn blob_endpoint(connection: &str) -> Option<String> {
    let parts = parts(connection).ok()?;
    if parts.use_development_storage == Some(true) {
        let host = parts
            .development_storage_proxy_uri
            .unwrap_or("http://127.0.0.1")
            .trim_end_matches('/');
        return Some(format!("{host}:10000/{EMULATOR_ACCOUNT}"));
    }
    let named = parts.blob_endpoint.map(str::to_owned);
    named.or_else(|| default_endpoint(&parts, "blob"))
}

fn default_endpoint(parts: &ConnectionString<'_>, service: &str) -> Option<String> {
    let account = parts.account_name.filter(|account| {
        let is_host = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        !account.is_empty() && account.bytes().all(is_host)
    })?;
    let protocol = parts
        .default_endpoints_protocol
        .as_ref()
        .unwrap_or(&EndpointProtocol::Https);
    let suffix = parts.endpoint_suffix.unwrap_or("core.windows.net");
    Some(format!("{protocol}://{account}.{service}.{suffix}"))
}

pub(super) fn credentials(parts: &ConnectionString<'_>) -> Result<StorageCredentials, TableError> {
    if parts.use_development_storage == Some(true) {
        return Ok(StorageCredentials::access_key(
            EMULATOR_ACCOUNT,
            EMULATOR_ACCOUNT_KEY,
        ));
    }
    // The library notices a broken key only when it signs the first request.
    if parts
        .account_key
        .is_some_and(|key| BASE64_STANDARD.decode(key).is_err())
    {
        return Err(refused(
            "the AccountKey of the storage connection string is not base64",
        ));
    }
    parts
        .storage_credentials()
        .map_err(|_| refused("the storage connection string needs an AccountName and AccountKey, or a SharedAccessSignature"))
}
