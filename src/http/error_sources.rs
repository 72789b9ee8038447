//! The errors of the store and of the sign-in, as those of a request.

use super::{
    error::{AppError, Dependency},
    sign_in_refused::SignInRefused,
};
use crate::{
    identity::{FetchError, SignInError},
    store::StoreError,
};

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable {
                reason,
                retry_after,
                throttled: true,
            } => Self::Throttled {
                reason,
                retry_after,
            },
            StoreError::Unavailable {
                reason,
                retry_after,
                throttled: false,
            } => Self::Unavailable {
                of: Dependency::Table,
                reason,
                retry_after,
            },
            StoreError::Contended(_) => Self::Contended(error.to_string()),
            StoreError::Refused(_) | StoreError::Corrupt(_) => Self::Internal(error.to_string()),
        }
    }
}

impl From<SignInError> for AppError {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Unavailable(FetchError::Unavailable {
                reason,
                retry_after,
            }) => Self::Unavailable {
                of: Dependency::SignIn,
                reason,
                retry_after,
            },
            SignInError::Unavailable(FetchError::Unusable(reason)) => Self::Misconfigured(reason),
            SignInError::CodeRefused(_) => {
                Self::SignInRestart("the authorization code was refused")
            }
            SignInError::Denied { error, refusal } => {
                Self::SignInRefused(SignInRefused { refusal, error })
            }
            SignInError::Refused(reason) => Self::SignInFailed(reason),
        }
    }
}
