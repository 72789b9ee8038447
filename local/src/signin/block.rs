//! Organisations that do not let their people in, as Microsoft's pages show it.

use serde::{Deserialize, Serialize};

use super::words::Words;

/// Why an organisation does not let an account in, by Microsoft's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Block {
    /// AADSTS90094: an administrator has to approve the app.
    Approval,
    /// AADSTS50105: the account is not assigned to the app.
    Assignment,
    /// AADSTS53003: a Conditional Access policy.
    ConditionalAccess,
    /// AADSTS50020: the account does not exist in the tenant.
    UnknownUser,
    /// AADSTS700016: the app does not exist in the tenant.
    UnknownApp,
}

impl Block {
    /// AADSTS…
    pub fn number(self) -> u32 {
        match self {
            Self::Approval => 90094,
            Self::Assignment => 50105,
            Self::ConditionalAccess => 53003,
            Self::UnknownUser => 50020,
            Self::UnknownApp => 700_016,
        }
    }

    /// Whether the page leads back to the app. The others end there.
    pub(super) fn returns(self) -> bool {
        self == Self::Approval
    }

    pub(super) fn description(self) -> String {
        format!("AADSTS{}: {}", self.number(), self.message())
    }

    /// What its page says.
    pub(super) fn sentence(self, words: &Words) -> &'static str {
        let blocks = &words.blocks;
        match self {
            Self::Approval => blocks.approval,
            Self::Assignment => blocks.assignment,
            Self::ConditionalAccess => blocks.conditional_access,
            Self::UnknownUser => blocks.unknown_user,
            Self::UnknownApp => blocks.unknown_app,
        }
    }

    fn message(self) -> &'static str {
        match self {
            Self::Approval => "The app needs an approval that only an administrator can give.",
            Self::Assignment => "The signed-in user is not assigned to a role for the application.",
            Self::ConditionalAccess => "Access has been blocked by Conditional Access policies.",
            Self::UnknownUser => "The user account does not exist in the tenant.",
            Self::UnknownApp => "The application was not found in the directory.",
        }
    }
}
