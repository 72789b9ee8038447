//! Tokens of the app's managed identity, for the storage account and the sign-in.
//!
//! azure_identity 1.x runs over the app's own reqwest client: the one that it brings is another
//! version of reqwest, with a second TLS stack.

use std::sync::Arc;

use async_trait::async_trait;
use azure_core::http::{
    AsyncRawResponse, Body, ClientOptions, HttpClient, Request, Transport, headers::Headers,
};
use azure_identity::{ManagedIdentityCredential, ManagedIdentityCredentialOptions, UserAssignedId};

/// The identity that Azure assigns to the app: the user-assigned one with that client id, or
/// the system-assigned one. Its tokens are cached until five minutes before they expire. Sends no
/// request yet.
///
/// # Errors
/// Where the host has no supported identity.
pub(crate) fn managed_identity(
    client_id: Option<&str>,
    client: reqwest::Client,
) -> azure_core::Result<Arc<ManagedIdentityCredential>> {
    ManagedIdentityCredential::new(Some(ManagedIdentityCredentialOptions {
        user_assigned_id: client_id.map(|id| UserAssignedId::ClientId(id.to_owned())),
        client_options: ClientOptions {
            transport: Some(Transport::new(Arc::new(ReqwestTransport(client)))),
            ..ClientOptions::default()
        },
    }))
}

/// The transport of `azure_core` 1.x over the app's client.
#[derive(Debug)]
struct ReqwestTransport(reqwest::Client);

#[async_trait]
impl HttpClient for ReqwestTransport {
    async fn execute_request(&self, request: &Request) -> azure_core::Result<AsyncRawResponse> {
        use azure_core::error::{Error, ErrorKind};

        let Body::Bytes(body) = request.body() else {
            return Err(Error::with_message(
                ErrorKind::Other,
                "a token request cannot be a stream",
            ));
        };
        let method = reqwest::Method::from_bytes(request.method().as_str().as_bytes())
            .map_err(|error| Error::with_error(ErrorKind::Other, error, "method"))?;
        let mut outgoing = self
            .0
            .request(method, request.url().clone())
            .body(body.clone());
        for (name, value) in request.headers().iter() {
            outgoing = outgoing.header(name.as_str(), value.as_str());
        }
        // Without its URL the error may be logged.
        let io = |error: reqwest::Error| {
            Error::with_error(
                ErrorKind::Io,
                error.without_url(),
                "the identity endpoint did not respond",
            )
        };
        let response = outgoing.send().await.map_err(io)?;
        let status = response.status().as_u16();
        let mut headers = Headers::new();
        for (name, value) in response.headers() {
            if let Ok(value) = value.to_str() {
                headers.insert(name.as_str().to_owned(), value.to_owned());
            }
        }
        let body = response.bytes().await.map_err(io)?;
        Ok(AsyncRawResponse::from_bytes(status.into(), headers, body))
    }
}
