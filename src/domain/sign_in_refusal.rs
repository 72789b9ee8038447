//! Why Microsoft, or the organisation of an account, does not let someone sign in.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A refusal, and its number where one is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInRefusal {
    /// What it means.
    pub reason: RefusalReason,
    /// Also one that this program does not know.
    pub number: Option<ErrorNumber>,
}

/// The number of an error of Microsoft Entra ID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorNumber(u32);

/// A reason with a page of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RefusalReason {
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

impl RefusalReason {
    /// Every reason.
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
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }

    /// Whether approving the app may help; also where no reason is known.
    #[must_use]
    pub fn may_need_consent(self) -> bool {
        matches!(self, Self::Approval(AdminTask::Consent) | Self::Unknown)
    }
}

impl SignInRefusal {
    /// The reason whose page is shown. Without a number a person may have cancelled, with a personal
    /// account, or an organisation may have refused: the page of no known reason is true for both,
    /// and names all ways on.
    #[must_use]
    pub fn reason_shown(self) -> RefusalReason {
        match self.reason {
            RefusalReason::Declined if self.number.is_none() => RefusalReason::Unknown,
            reason => reason,
        }
    }
}

impl From<RefusalReason> for SignInRefusal {
    fn from(reason: RefusalReason) -> Self {
        Self {
            reason,
            number: None,
        }
    }
}

impl ErrorNumber {
    /// The first one of an `error_description`.
    #[must_use]
    pub fn find(description: &str) -> Option<Self> {
        description
            .split("AADSTS")
            .skip(1)
            .find_map(|after| Self::of_digits(&leading_digits(after)))
    }

    /// As a person types it: `AADSTS50105`, `50105`, `Error code: 50105`.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let start = typed.find(|c: char| c.is_ascii_digit())?;
        Self::of_digits(&leading_digits(&typed[start..]))
    }

    /// For a field of the log that a query can compare.
    #[must_use]
    pub fn value(self) -> u32 {
        self.0
    }

    fn of_digits(digits: &str) -> Option<Self> {
        (4..=8)
            .contains(&digits.len())
            .then(|| digits.parse().ok().map(Self))?
    }
}

/// As Microsoft writes it.
impl fmt::Display for ErrorNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AADSTS{}", self.0)
    }
}

fn leading_digits(text: &str) -> String {
    text.chars().take_while(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_in_a_description() {
        let found = |description| ErrorNumber::find(description).map(ErrorNumber::value);
        assert_eq!(found("AADSTS90094: The grant"), Some(90094));
        assert_eq!(found("AADSTS: AADSTS7000222: expired"), Some(7_000_222));
        for nothing in [
            "",
            "90094",
            "AADSTS",
            "AADSTS12",
            "AADSTS123456789",
            "aadsts90094",
        ] {
            assert_eq!(found(nothing), None, "{nothing}");
        }
    }
}
