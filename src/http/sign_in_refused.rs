//! A refusal of the sign-in service as an error of ours.

use super::problem::Kind;
use crate::domain::{
    invitation::Situation,
    sign_in_refusal::{RefusalReason, SignInRefusal},
};

/// A refusal of the sign-in service.
#[derive(Clone, Copy, Debug)]
pub struct SignInRefused {
    /// What it means.
    pub refusal: SignInRefusal,
    /// The `error` of the response; for the log.
    pub error: &'static str,
}

impl SignInRefused {
    /// Whether an operator has to act.
    pub(super) fn is_ours(&self) -> bool {
        self.refusal.reason == RefusalReason::Configuration
    }

    pub(super) fn kind(&self) -> Kind {
        match self.refusal.reason {
            RefusalReason::Declined => Kind::ConsentDeclined,
            RefusalReason::Approval(_) => Kind::ApprovalNeeded,
            RefusalReason::Account => Kind::WrongAccount,
            RefusalReason::Configuration => Kind::Misconfigured,
            RefusalReason::Unknown if self.error == "access_denied" => Kind::SignInRefused,
            RefusalReason::Unknown => Kind::SignInFailed,
        }
    }
}

/// What the inviter reads where the person asks for help.
#[must_use]
pub fn situation(reason: RefusalReason) -> Situation {
    match reason {
        RefusalReason::Declined | RefusalReason::Unknown => Situation::SignIn,
        RefusalReason::Approval(_) => Situation::Organization,
        RefusalReason::Account => Situation::Account,
        RefusalReason::Configuration => Situation::Service,
    }
}
