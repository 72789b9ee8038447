//! Why a sign-in fails.

use super::http::FetchError;
use crate::domain::sign_in_refusal::SignInRefusal;

/// Why a sign-in failed.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Entra does not respond, or not usefully. A retry may help.
    #[error("the sign-in service is not available: {0}")]
    Unavailable(#[from] FetchError),
    /// The code is used, expired or of another client: a new attempt may succeed.
    #[error("the authorization code was refused: {0}")]
    CodeRefused(String),
    /// Entra names a reason, or rejects our credential or request.
    #[error("the sign-in service refuses: {error}")]
    Denied {
        /// The code of RFC 6749, 5.2, if it is one.
        error: &'static str,
        /// What it means.
        refusal: SignInRefusal,
    },
    /// The response is invalid. Fail closed.
    #[error("the response of the sign-in service is invalid: {0}")]
    Refused(String),
}
