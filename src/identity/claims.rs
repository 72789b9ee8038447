//! The claims of a verified ID token, and whether they prove that the invited mailbox is theirs.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::domain::{email::Email, invitation::Account};

/// The claims of a verified ID token. Only `account` identifies; anyone can set the others to
/// anything.
#[derive(Clone, Serialize, Deserialize)]
pub struct Claims {
    /// The identity: `tid` and `oid`.
    pub account: Account,
    /// The account as its owner knows it: `preferred_username`, else `email`.
    pub display_name: String,
    /// The name of the person. Not kept with what was verified: only the desk uses it.
    #[serde(skip)]
    pub name: Option<String>,
    /// The app roles that the tenant has assigned to the account. Not kept either.
    #[serde(skip)]
    pub roles: Vec<String>,
    pub(super) user_name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) email_domain_owner_verified: Option<Value>,
    pub(super) membership: Membership,
    pub(super) verified_emails: Vec<String>,
}

/// Whether an account is a member of its tenant, by the optional claim `acct`. The address of a
/// guest belongs to another organisation, so the tenant cannot vouch for it.
/// <https://learn.microsoft.com/entra/identity-platform/optional-claims-reference>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Membership {
    /// `acct` is 0.
    Member,
    /// `acct` is 1.
    Guest,
    /// The registration does not request the claim.
    Unknown,
}

impl Membership {
    pub(super) fn of(acct: Option<&Value>) -> Self {
        let number = match acct {
            Some(Value::String(text)) => text.parse().ok(),
            Some(value) => value.as_u64(),
            None => return Self::Unknown,
        };
        match number {
            Some(0) => Self::Member,
            _ => Self::Guest,
        }
    }
}

impl Claims {
    /// Whether the claims prove that the account owns the mailbox, by the rules of
    /// `docs/SECURITY.md`.
    ///
    /// `preferred_username` plays no part: its owner can change it.
    #[must_use]
    pub fn owns(&self, invited: &Email, trusted_tenants: &[Uuid]) -> bool {
        let is_invited = |claim: &String| is_mailbox(claim, invited);
        let is_trusted = trusted_tenants.contains(&self.account.tid);
        // Microsoft verifies the addresses of personal accounts.
        let trusted = self.account.is_personal()
            || match self.membership {
                Membership::Member => self.domain_owner_verified() || is_trusted,
                Membership::Unknown => self.domain_owner_verified(),
                Membership::Guest => false,
            };
        (trusted && self.email.as_ref().is_some_and(is_invited))
            || self.verified_emails.iter().any(is_invited)
    }

    /// Whether the account shows the invited address. Anyone can make it do so: this chooses words
    /// and reserves codes, and proves nothing.
    #[must_use]
    pub fn shows(&self, invited: &Email) -> bool {
        [&self.email, &self.user_name]
            .into_iter()
            .flatten()
            .any(|claim| is_mailbox(claim, invited))
    }

    /// Whether the account is a guest of its tenant, and belongs to another organisation.
    #[must_use]
    pub fn is_guest(&self) -> bool {
        self.membership == Membership::Guest
    }

    /// Whether a trusted tenant does not count because the token lacks `acct`.
    pub(super) fn lacks_membership(&self, trusted_tenants: &[Uuid]) -> bool {
        self.membership == Membership::Unknown && trusted_tenants.contains(&self.account.tid)
    }

    /// `xms_edov`, in the spellings that Entra uses.
    fn domain_owner_verified(&self) -> bool {
        match &self.email_domain_owner_verified {
            Some(Value::Bool(verified)) => *verified,
            Some(Value::Number(number)) => number.as_u64() == Some(1),
            Some(Value::String(text)) => matches!(text.as_str(), "1" | "true"),
            _ => false,
        }
    }
}

fn is_mailbox(claim: &str, invited: &Email) -> bool {
    claim
        .parse()
        .is_ok_and(|email: Email| email.same_mailbox(invited))
}

impl std::fmt::Debug for Claims {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Claims")
            .field("account", &self.account)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::uuid;

    use super::*;

    const PERSONAL_ACCOUNTS: Uuid = uuid!("9188040d-6c67-4c5b-b112-36a304b66dad");
    const ORGANISATION: Uuid = Uuid::from_u128(1);

    fn claims(tid: Uuid, email: Option<&str>, edov: Option<Value>) -> Claims {
        Claims {
            account: Account {
                tid,
                oid: Uuid::from_u128(2),
            },
            display_name: "anna@example.com".to_owned(),
            name: None,
            roles: Vec::new(),
            user_name: Some("anna@example.com".to_owned()),
            email: email.map(str::to_owned),
            email_domain_owner_verified: edov,
            membership: Membership::Member,
            verified_emails: Vec::new(),
        }
    }

    fn owns(claims: &Claims) -> bool {
        claims.owns(&"anna@example.com".parse().unwrap(), &[])
    }

    #[test]
    fn a_personal_account_owns_its_address() {
        assert!(owns(&claims(
            PERSONAL_ACCOUNTS,
            Some("Anna@Example.com"),
            None
        )));
        assert!(!owns(&claims(
            PERSONAL_ACCOUNTS,
            Some("bob@example.com"),
            None
        )));
        assert!(!owns(&claims(PERSONAL_ACCOUNTS, None, None)));
    }

    #[test]
    fn an_organisation_must_have_verified_the_domain() {
        for proof in [json!(true), json!(1), json!("1"), json!("true")] {
            assert!(
                owns(&claims(
                    ORGANISATION,
                    Some("anna@example.com"),
                    Some(proof.clone())
                )),
                "{proof}"
            );
            assert!(
                !owns(&claims(ORGANISATION, Some("anna@examрle.com"), Some(proof))),
                "homoglyph"
            );
        }
        for none in [
            json!(false),
            json!(0),
            json!("0"),
            json!("yes"),
            json!("True "),
            json!([true]),
            json!({}),
            json!(null),
            json!(1.5),
        ] {
            assert!(
                !owns(&claims(
                    ORGANISATION,
                    Some("anna@example.com"),
                    Some(none.clone())
                )),
                "{none}"
            );
        }
        assert!(!owns(&claims(ORGANISATION, Some("anna@example.com"), None)));
    }

    #[test]
    fn a_trusted_tenant_and_a_verified_list_prove_too() {
        let mut claims = claims(ORGANISATION, Some("anna@example.com"), None);
        assert!(claims.owns(&"anna@example.com".parse().unwrap(), &[ORGANISATION]));
        claims.email = None;
        claims.verified_emails = vec!["x@example.com".into(), "ANNA@example.com".into()];
        assert!(owns(&claims));
    }

    #[test]
    fn a_guest_proves_nothing_by_its_tenant() {
        let mut guest = claims(ORGANISATION, Some("anna@example.com"), Some(json!(true)));
        let invited = "anna@example.com".parse().unwrap();
        for acct in [json!(1), json!("1"), json!(null), json!(true), json!("x")] {
            guest.membership = Membership::of(Some(&acct));
            assert!(!guest.owns(&invited, &[ORGANISATION]), "{acct}");
        }
        guest.verified_emails = vec!["anna@example.com".into()];
        assert!(guest.owns(&invited, &[]), "Microsoft verified it");
    }

    #[test]
    fn a_trusted_tenant_needs_a_known_member() {
        let mut member = claims(ORGANISATION, Some("anna@example.com"), None);
        let invited = "anna@example.com".parse().unwrap();
        for acct in [json!(0), json!("0")] {
            member.membership = Membership::of(Some(&acct));
            assert!(member.owns(&invited, &[ORGANISATION]), "{acct}");
        }
        member.membership = Membership::of(None);
        assert!(!member.owns(&invited, &[ORGANISATION]));
        assert!(member.lacks_membership(&[ORGANISATION]));
        member.email_domain_owner_verified = Some(json!(true));
        assert!(member.owns(&invited, &[]));
    }

    #[test]
    fn preferred_username_proves_nothing() {
        assert!(
            !owns(&claims(
                PERSONAL_ACCOUNTS,
                Some("mallory@example.org"),
                Some(json!(true))
            )),
            "display_name is the invited address"
        );
    }
}
