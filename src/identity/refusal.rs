//! What a refusal of the sign-in service means.
//!
//! Microsoft warns that the numbers may change, so they only refine the words: a number that is not
//! in the table leads to the page that names all ways on. Sources:
//! - numbers: <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>, each
//!   also at `https://login.microsoftonline.com/error?code=NUMBER`
//! - consent: <https://learn.microsoft.com/entra/identity/enterprise-apps/application-sign-in-unexpected-user-consent-error>
//! - other tenants: <https://learn.microsoft.com/entra/external-id/cross-tenant-access-overview>,
//!   <https://learn.microsoft.com/entra/external-id/tenant-restrictions-v2>

use std::ops::RangeInclusive;

use crate::domain::sign_in_refusal::{AdminTask, ErrorNumber, RefusalReason, SignInRefusal};

/// One row for each meaning. The comment is Microsoft's name of the error, or what its message
/// says.
const TABLE: &[(RangeInclusive<u32>, RefusalReason)] = {
    use AdminTask::{Assignment, ConditionalAccess, Consent, CrossTenant};
    use RefusalReason::{Account, Approval, Configuration, Declined};
    &[
        // UserDeclinedConsent.
        (65004..=65004, Declined),
        // DelegationDoesNotExist: neither the user nor an administrator has consented.
        (65001..=65001, Approval(Consent)),
        // Permissions that the user may not grant; AdminConsentRequired;
        // AdminConsentRequiredRequestAccess.
        (90093..=90095, Approval(Consent)),
        // EntitlementGrantsNotFound: the user is not assigned to the app.
        (50105..=50105, Approval(Assignment)),
        // DeviceNotCompliant, DeviceNotDomainJoined, ApplicationUsedIsNotAnApprovedApp,
        // BlockedByConditionalAccess, ProofUpBlockedDueToRisk, blocked due to risk.
        (53000..=53011, Approval(ConditionalAccess)),
        // BlockedByConditionalAccessOnSecurityPolicy, security defaults, and their like.
        (530_000..=530_999, Approval(ConditionalAccess)),
        // Tenant restrictions: access to the tenant is denied.
        (500_021..=500_022, Approval(CrossTenant)),
        // Tenant restrictions v2.
        (5_000_211..=5_000_211, Approval(CrossTenant)),
        // NotAllowedByOutboundPolicyTenant, NotAllowedByInboundPolicyTenant.
        (500_212..=500_213, Approval(CrossTenant)),
        // UserUnauthorized: the account does not exist in the tenant.
        (50020..=50020, Account),
        // UserAccountNotFound.
        (50034..=50034, Account),
        // UserDisabled.
        (50057..=50057, Account),
        // UserAccountNotInDirectory.
        (51004..=51004, Account),
        // PassThroughUserMfaError: the external account does not exist in the tenant.
        (90072..=90072, Account),
        // Personal accounts cannot be used for this app.
        (500_200..=500_202, Account),
        // The type of account cannot be used, or its domain cannot sign in.
        (500_207..=500_208, Account),
        // UnauthorizedClient_DoesNotMatchRequest: the app is not known in the tenant.
        (700_016..=700_016, Configuration),
        // UnauthorizedClientApplicationDisabled.
        (7_000_112..=7_000_112, Configuration),
        // The client secret is wrong.
        (7_000_215..=7_000_215, Configuration),
        // The client secret or assertion is missing.
        (7_000_218..=7_000_218, Configuration),
        // InvalidClientSecretExpiredKeysProvided.
        (7_000_222..=7_000_222, Configuration),
        // The client assertion is not accepted.
        (700_021..=700_030, Configuration),
        // No federated credential matches the assertion.
        (700_211..=700_213, Configuration),
        // InvalidReplyTo: the redirect URI is not registered.
        (50011..=50011, Configuration),
        // The app is not registered for accounts of other tenants.
        (50194..=50194, Configuration),
        // The registration lacks a permission.
        (650_056..=650_056, Configuration),
    ]
};

impl SignInRefusal {
    /// By the description that came with an error.
    #[must_use]
    pub fn of_description(description: &str) -> Self {
        Self::of_number(ErrorNumber::find(description))
    }

    /// From an address: a number, or the name of a reason.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match RefusalReason::parse(text) {
            Some(reason) => reason.into(),
            None => Self::of_number(ErrorNumber::parse(text)),
        }
    }

    fn of_number(number: Option<ErrorNumber>) -> Self {
        Self {
            reason: number.and_then(reason_of).unwrap_or(RefusalReason::Unknown),
            number,
        }
    }
}

/// The errors of RFC 6749, OpenID Connect and Entra, for the log: anyone can send any other text.
const ERRORS: [&str; 16] = [
    "access_denied",
    "account_selection_required",
    "consent_required",
    "interaction_required",
    "invalid_client",
    "invalid_grant",
    "invalid_request",
    "invalid_resource",
    "invalid_scope",
    "login_required",
    "server_error",
    "temporarily_unavailable",
    "unauthorized_client",
    "unsupported_grant_type",
    "unsupported_response_type",
    "user_authentication_required",
];

/// An `error` that is known, for the log.
#[must_use]
pub fn known_error(error: &str) -> &'static str {
    ERRORS
        .into_iter()
        .find(|known| *known == error)
        .unwrap_or("another error")
}

fn reason_of(number: ErrorNumber) -> Option<RefusalReason> {
    TABLE
        .iter()
        .find(|(numbers, _)| numbers.contains(&number.value()))
        .map(|(_, reason)| *reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_people_type_it() {
        for typed in [
            "AADSTS50105",
            "50105",
            " aadsts 50105: sorry",
            "Error Code: 50105.",
        ] {
            let read = SignInRefusal::parse(typed);
            let task = RefusalReason::Approval(AdminTask::Assignment);
            let number = read.number.map(|number| number.to_string());
            assert_eq!(
                (read.reason, number.as_deref()),
                (task, Some("AADSTS50105")),
                "{typed}"
            );
        }
        let unknown = SignInRefusal::parse("no idea");
        assert_eq!(unknown, RefusalReason::Unknown.into());
    }

    #[test]
    fn no_number_has_two_meanings() {
        for (at, (numbers, _)) in TABLE.iter().enumerate() {
            let apart = |(other, _): &(RangeInclusive<u32>, _)| {
                other.end() < numbers.start() || numbers.end() < other.start()
            };
            assert!(TABLE[at + 1..].iter().all(apart), "{numbers:?}");
        }
    }

    #[test]
    fn the_name_of_a_reason_leads_back_to_it() {
        for reason in RefusalReason::ALL {
            assert_eq!(SignInRefusal::parse(reason.name()), reason.into());
        }
    }
}
