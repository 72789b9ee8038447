//! What an invitation still allows, as results for the recipient's pages.

use time::OffsetDateTime;

use crate::{
    domain::invitation::{Account, Invitation, Refusal, Status},
    http::error::AppError,
    store::Outcome,
    views::{Acceptance, InviteState, mask_email},
};

/// How far the invitation has come.
///
/// # Errors
/// An invitation that can no longer be used.
pub fn invite_state(invitation: &Invitation, now: OffsetDateTime) -> Result<InviteState, AppError> {
    match invitation.status(now) {
        Status::Pending => Ok(InviteState::Pending),
        Status::Accepted => Ok(InviteState::Accepted),
        Status::Completed => Ok(InviteState::Completed),
        Status::Expired => Err(AppError::Expired),
        Status::Revoked => Err(AppError::Revoked),
    }
}

/// Another account accepted the invitation than the one that is signed in.
#[must_use]
pub fn used_by_another(invitation: &Invitation, account_name: &str) -> AppError {
    match invitation.acceptance() {
        Some((by, at)) => AppError::AlreadyAccepted(Acceptance {
            account_name: account_name.to_owned(),
            at,
            is_personal: by.is_personal(),
        }),
        None => AppError::SessionExpired,
    }
}

/// Accounts of this tenant are not accepted.
#[must_use]
pub fn not_allowed(invitation: &Invitation, account: Account, account_name: &str) -> AppError {
    AppError::WrongAccount {
        account_name: account_name.to_owned(),
        masked_mailbox: mask_email(invitation.terms.recipient.email.as_str()),
        is_personal: account.is_personal(),
    }
}

/// The invitation after a change that its recipient asked for.
///
/// # Errors
/// Why the change was refused, as the recipient reads it.
pub fn changed(
    outcome: Outcome,
    account_name: &str,
    now: OffsetDateTime,
) -> Result<Invitation, AppError> {
    match outcome {
        Outcome::Done(invitation) => Ok(invitation),
        Outcome::Refused(Refusal::AnotherAccount, invitation) => {
            Err(used_by_another(&invitation, account_name))
        }
        Outcome::Refused(_, invitation) => Err(invite_state(&invitation, now)
            .err()
            .unwrap_or(AppError::SessionExpired)),
        Outcome::Erased | Outcome::Missing => Err(AppError::UnknownInvitation),
    }
}
