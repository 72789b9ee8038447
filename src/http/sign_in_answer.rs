//! What the sign-in service sends back with the browser (RFC 6749, 4.1.2).

use super::{
    error::AppError,
    request_info::{Repeated, RequestInfo},
};
use crate::{
    domain::sign_in_refusal::{RefusalReason, SignInRefusal},
    identity::known_error,
};

/// The response of the authorization endpoint.
#[derive(Debug)]
pub struct SignInAnswer {
    /// Names the attempt.
    pub state: String,
    /// The code.
    pub outcome: Result<String, Denied>,
    /// The issuer, where it is named (RFC 9207).
    pub iss: Option<String>,
}

/// What comes instead of a code. The description is never shown and never logged.
#[derive(Clone, Copy, Debug)]
pub struct Denied {
    /// One of the known errors.
    pub error: &'static str,
    /// What it means.
    pub refusal: SignInRefusal,
}

impl Denied {
    /// What the refusal means: its number decides; without one that is known, the code of the error
    /// does. `None`: the sign-in service is down.
    #[must_use]
    pub fn meaning(&self) -> Option<SignInRefusal> {
        let refusal = self.refusal;
        match self.error {
            _ if refusal.reason != RefusalReason::Unknown => Some(refusal),
            // An organisation's refusal has a number; where a person cancels, personal accounts
            // send none.
            "access_denied" if refusal.number.is_none() => Some(RefusalReason::Declined.into()),
            "server_error" | "temporarily_unavailable" => None,
            "unauthorized_client"
            | "invalid_request"
            | "invalid_scope"
            | "unsupported_response_type"
            | "invalid_client" => Some(SignInRefusal {
                reason: RefusalReason::Configuration,
                ..refusal
            }),
            _ => Some(refusal),
        }
    }

    /// Whether only a sign-in without a prompt was refused.
    #[must_use]
    pub fn asks_for_interaction(&self) -> bool {
        self.refusal.reason == RefusalReason::Unknown
            && matches!(
                self.error,
                "login_required"
                    | "interaction_required"
                    | "consent_required"
                    | "account_selection_required"
            )
    }
}

impl SignInAnswer {
    /// From the query.
    ///
    /// # Errors
    /// Parameters that are missing, repeated or contradictory.
    pub fn read(request: &RequestInfo) -> Result<Self, AppError> {
        let bad = |what| AppError::SignInRestart(what);
        let one = |name| {
            request
                .parameter(name)
                .map_err(|Repeated| bad("a parameter is repeated"))
        };
        let state = one("state")?
            .filter(|state| !state.is_empty())
            .ok_or(bad("no state"))?
            .to_owned();
        let (description, iss) = (
            one("error_description")?.unwrap_or_default(),
            one("iss")?.map(str::to_owned),
        );
        let outcome = match (one("code")?, one("error")?) {
            (Some(code), None) if !code.is_empty() => Ok(code.to_owned()),
            (None, Some(error)) => Err(Denied {
                error: known_error(error),
                refusal: SignInRefusal::of_description(description),
            }),
            _ => return Err(bad("neither a code nor an error, or both")),
        };
        Ok(Self {
            state,
            outcome,
            iss,
        })
    }
}
