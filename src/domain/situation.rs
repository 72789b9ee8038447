//! Why Microsoft, or the organisation of an account, does not let someone sign in.

/// A situation with a page of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Situation {
    /// The person declined or cancelled.
    Declined,
    /// The organisation of the account has to allow the sign-in first.
    Approval(AdminTask),
    /// The account cannot be used here.
    Account,
    /// Our app registration or its credential is wrong.
    Configuration,
    /// No reason is known.
    Unknown,
}

/// What an administrator of the organisation has to change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdminTask {
    /// Consent to the app for the organisation.
    Consent,
    /// Assign the person to the app.
    Assignment,
    /// Let the sign-in pass the Conditional Access policies.
    ConditionalAccess,
    /// Allow the app of another tenant.
    CrossTenant,
}

impl Situation {
    /// Every situation.
    pub const ALL: [Self; 8] = [
        Self::Declined,
        Self::Approval(AdminTask::Consent),
        Self::Approval(AdminTask::Assignment),
        Self::Approval(AdminTask::ConditionalAccess),
        Self::Approval(AdminTask::CrossTenant),
        Self::Account,
        Self::Configuration,
        Self::Unknown,
    ];

    /// Its name in addresses and in the log.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Declined => "declined",
            Self::Approval(AdminTask::Consent) => "consent",
            Self::Approval(AdminTask::Assignment) => "assignment",
            Self::Approval(AdminTask::ConditionalAccess) => "conditional-access",
            Self::Approval(AdminTask::CrossTenant) => "cross-tenant",
            Self::Account => "account",
            Self::Configuration => "configuration",
            Self::Unknown => "unknown",
        }
    }

    /// By its name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|situation| situation.name() == name)
    }

    /// Whether an approval of the app may help: also where no reason is known.
    #[must_use]
    pub fn may_need_consent(self) -> bool {
        matches!(self, Self::Approval(AdminTask::Consent) | Self::Unknown)
    }
}
