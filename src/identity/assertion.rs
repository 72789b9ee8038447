//! A token of the managed identity in place of a client secret (workload identity federation).
//! Source:
//! <https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity>

use std::{fmt, sync::Arc, time::Duration};

use azure_core::credentials::TokenCredential;
use secrecy::SecretString;

use super::FetchError;
use crate::{config::ClientCredential, net::managed_identity::managed_identity};

/// The audience that Entra expects of such a token.
const SCOPE: &str = "api://AzureADTokenExchange/.default";

/// The credential itself retries for a minute, which is too long for a request.
const TIMEOUT: Duration = Duration::from_secs(8);

pub(super) struct Assertion(Arc<dyn TokenCredential>);

impl Assertion {
    /// `None` where the client has a secret. Sends no request yet.
    pub(super) fn from_config(
        credential: &ClientCredential,
        client: reqwest::Client,
    ) -> Result<Option<Self>, FetchError> {
        let ClientCredential::ManagedIdentity { client_id } = credential else {
            return Ok(None);
        };
        let unusable =
            |_| FetchError::Unusable("this host has no supported managed identity".to_owned());
        let identity = managed_identity(client_id.as_deref(), client).map_err(unusable)?;
        Ok(Some(Self(identity)))
    }

    /// The token; the credential keeps it until shortly before it expires.
    pub(super) async fn token(&self) -> Result<SecretString, FetchError> {
        let unavailable = |reason: &str| {
            Err(FetchError::Unavailable {
                reason: reason.to_owned(),
                retry_after: None,
            })
        };
        match tokio::time::timeout(TIMEOUT, self.0.get_token(&[SCOPE], None)).await {
            Ok(Ok(token)) => Ok(token.token.secret().to_owned().into()),
            // The error quotes the response of the identity endpoint.
            Ok(Err(_)) => unavailable("the managed identity gave no token"),
            Err(_) => unavailable("the managed identity gave no token in time"),
        }
    }
}

impl fmt::Debug for Assertion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Assertion")
    }
}
