//! The seller's staff, who use the desk.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What someone may do at the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// See everything but links, and change nothing.
    Read,
    /// Invite, and change invitations.
    Manage,
}

impl Role {
    /// As the app role is called in Microsoft Entra ID.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "Invitations.Read",
            Self::Manage => "Invitations.Manage",
        }
    }

    /// The greatest of the roles that a token names.
    #[must_use]
    pub fn of(names: &[String]) -> Option<Self> {
        let is_named = |role: &Self| names.iter().any(|name| name == role.name());
        [Self::Manage, Self::Read].into_iter().find(is_named)
    }
}

/// An employee who has changed an invitation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffMember {
    /// The object id of the account in the seller's tenant.
    pub oid: Uuid,
    /// The name of the person.
    pub name: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn role(names: &[&str]) -> Option<Role> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        Role::of(&names)
    }

    #[test]
    fn the_greatest_role_counts() {
        let (read, manage) = (Role::Read.name(), Role::Manage.name());
        assert_eq!(role(&[read]), Some(Role::Read));
        assert_eq!(role(&[read, manage]), Some(Role::Manage));
        for other in [&[][..], &["invitations.manage"], &["Invitations.Manage "]] {
            assert_eq!(role(other), None, "{other:?}");
        }
    }
}
