//! A refusal of the sign-in service as an error of ours: its status and its page.

use time::OffsetDateTime;

use super::problem::Kind;
use crate::{
    domain::{
        invitation::{Invitation, Status},
        situation::Situation,
    },
    identity::Refusal,
    views::StoppedInvitation,
};

/// A refusal, with what its page says about the invitation.
#[derive(Clone, Debug)]
pub struct SignInRefused {
    /// What it means.
    pub refusal: Refusal,
    /// The `error` of the response; for the log.
    pub error: &'static str,
    /// `None` where the invitation is not known.
    pub invitation: Option<Stopped>,
}

/// What the page says about the invitation.
#[derive(Clone, Debug)]
pub struct Stopped {
    inviter_name: String,
    inviter_organization: String,
    /// While it is pending.
    pub expires: Option<OffsetDateTime>,
}

impl Stopped {
    /// Of an invitation as it is now.
    #[must_use]
    pub fn of(invitation: &Invitation, now: OffsetDateTime) -> Self {
        let inviter = &invitation.terms.inviter;
        Self {
            inviter_name: inviter.name.clone(),
            inviter_organization: inviter.organization.clone(),
            expires: (invitation.status(now) == Status::Pending).then_some(invitation.expires_at),
        }
    }

    /// As the page takes it.
    #[must_use]
    pub fn view(&self) -> StoppedInvitation<'_> {
        StoppedInvitation {
            inviter_name: &self.inviter_name,
            inviter_organization: &self.inviter_organization,
            expires: self.expires,
        }
    }
}

impl SignInRefused {
    /// Of an invitation that is not known yet.
    #[must_use]
    pub fn new(refusal: Refusal, error: &'static str) -> Self {
        Self {
            refusal,
            error,
            invitation: None,
        }
    }

    /// What programs and the log call it.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self.refusal.situation {
            Situation::Declined => Kind::ConsentDeclined,
            Situation::Approval(_) => Kind::ApprovalNeeded,
            Situation::Account => Kind::WrongAccount,
            Situation::Configuration => Kind::Misconfigured,
            Situation::Unknown if self.error == "access_denied" => Kind::SignInRefused,
            Situation::Unknown => Kind::SignInFailed,
        }
    }

    /// Whether an operator has to act.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        self.refusal.situation == Situation::Configuration
    }
}
