//! The claims of a verified ID token, and whether they prove that the invited mailbox is theirs.

use serde_json::Value;
use uuid::{Uuid, uuid};

use crate::domain::{email::Email, invitation::Account};

/// The tenant of all personal Microsoft accounts; it verifies the addresses of its accounts.
const PERSONAL_ACCOUNTS: Uuid = uuid!("9188040d-6c67-4c5b-b112-36a304b66dad");

/// The claims of a verified ID token. Only `account` identifies; anyone can set the others to
/// anything.
#[derive(Clone)]
pub struct Claims {
    /// The identity: `tid` and `oid`.
    pub account: Account,
    /// The account as its owner knows it: `preferred_username`, else `email`.
    pub display_name: String,
    pub(super) email: Option<String>,
    pub(super) email_domain_owner_verified: Option<Value>,
    pub(super) verified_emails: Vec<String>,
}

impl Claims {
    /// Whether the claims prove that the account owns the mailbox, by the rules of
    /// `docs/SECURITY.md`.
    ///
    /// `preferred_username` plays no part: its owner can change it.
    #[must_use]
    pub fn owns(&self, invited: &Email, trusted_tenants: &[Uuid]) -> bool {
        let is_invited = |claim: &String| {
            claim
                .parse()
                .is_ok_and(|email: Email| email.same_mailbox(invited))
        };
        let trusted = self.account.tid == PERSONAL_ACCOUNTS
            || self.domain_owner_verified()
            || trusted_tenants.contains(&self.account.tid);
        (trusted && self.email.as_ref().is_some_and(is_invited))
            || self.verified_emails.iter().any(is_invited)
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

    use super::*;

    const ORGANISATION: Uuid = Uuid::from_u128(1);

    fn claims(tid: Uuid, email: Option<&str>, edov: Option<Value>) -> Claims {
        Claims {
            account: Account {
                tid,
                oid: Uuid::from_u128(2),
            },
            display_name: "anna@example.com".to_owned(),
            email: email.map(str::to_owned),
            email_domain_owner_verified: edov,
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
