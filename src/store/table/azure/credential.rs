//! The managed identity, for a library that is older than it.
//!
//! `azure_identity` 0.21 cannot use a user-assigned identity; 1.0 can, but speaks `azure_core` 1.x.
//! So its credential is bridged to the trait of the older library.

use std::sync::Arc;

use async_trait::async_trait;
use azure_core::credentials::TokenCredential;
use azure_core_legacy::{
    Error,
    auth::{AccessToken, TokenCredential as LegacyCredential},
    error::ErrorKind,
};

/// A credential of `azure_core` 1.x for the older library. The cache is the inner credential's.
#[derive(Debug)]
pub(super) struct CredentialAdapter(pub(super) Arc<dyn TokenCredential>);

#[async_trait]
impl LegacyCredential for CredentialAdapter {
    async fn get_token(&self, scopes: &[&str]) -> azure_core_legacy::Result<AccessToken> {
        let token = self
            .0
            .get_token(scopes, None)
            .await
            .map_err(|error| Error::new(ErrorKind::Credential, NoToken::of(&error)))?;
        Ok(AccessToken::new(
            token.token.secret().to_owned(),
            token.expires_on,
        ))
    }

    async fn clear_cache(&self) -> azure_core_legacy::Result<()> {
        Ok(())
    }
}

/// Why there is no token, without the texts of the library: they quote the answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoToken {
    #[error("no token for the managed identity: status {0}")]
    Answered(u16),
    #[error("no token for the managed identity: no answer")]
    NoAnswer,
}

impl NoToken {
    fn of(error: &azure_core::Error) -> Self {
        let mut source: Option<&(dyn std::error::Error + 'static)> = Some(error);
        while let Some(error) = source {
            match error
                .downcast_ref::<azure_core::Error>()
                .map(azure_core::Error::kind)
            {
                Some(azure_core::error::ErrorKind::HttpResponse { status, .. }) => {
                    return Self::Answered(u16::from(*status));
                }
                _ => source = error.source(),
            }
        }
        Self::NoAnswer
    }

    /// An identity that was just assigned is not known everywhere at once: 404 and 410 pass too.
    /// Source:
    /// <https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token#retry-guidance>
    pub(super) fn may_pass(&self) -> bool {
        matches!(
            self,
            Self::NoAnswer | Self::Answered(404 | 408 | 410 | 429 | 500..=599)
        )
    }
}
