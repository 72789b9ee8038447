//! The person who signed in, and whether the invited mailbox is theirs.

use serde_json::Value;
use uuid::{Uuid, uuid};

use crate::domain::{email::Email, invitation::Account};

/// The tenant of all personal Microsoft accounts; it verifies the addresses of its accounts.
const PERSONAL_ACCOUNTS: Uuid = uuid!("9188040d-6c67-4c5b-b112-36a304b66dad");

/// Who signed in. What is not the account is a claim, which anyone can set to anything, until it is
/// proven.
#[derive(Clone)]
pub struct Claims {
    /// The identity.
    pub account: Account,
    /// A name of the account to show to its owner.
    pub shown_name: String,
    pub(super) user_name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) email_domain_owner_verified: Option<Value>,
    pub(super) verified_emails: Vec<String>,
}

impl Claims {
    /// Whether the person has proven that the mailbox is theirs, by the rules of
    /// `docs/SECURITY.md`.
    ///
    /// `preferred_username` plays no part: its owner can change it.
    #[must_use]
    pub fn owns(&self, invited: &Email, trusted_tenants: &[Uuid]) -> bool {
        let is_invited = |claim: &String| is_mailbox(claim, invited);
        let trusted = self.account.tid == PERSONAL_ACCOUNTS
            || self.domain_owner_verified()
            || trusted_tenants.contains(&self.account.tid);
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

    use super::*;

    const ORGANISATION: Uuid = Uuid::from_u128(1);

    fn person(tid: Uuid, email: Option<&str>, edov: Option<Value>) -> Claims {
        Claims {
            account: Account {
                tid,
                oid: Uuid::from_u128(2),
            },
            shown_name: "anna@example.com".to_owned(),
            user_name: Some("anna@example.com".to_owned()),
            email: email.map(str::to_owned),
            email_domain_owner_verified: edov,
            verified_emails: Vec::new(),
        }
    }

    fn owns(person: &Claims) -> bool {
        person.owns(&"anna@example.com".parse().unwrap(), &[])
    }

    #[test]
    fn a_personal_account_owns_its_address() {
        assert!(owns(&person(
            PERSONAL_ACCOUNTS,
            Some("Anna@Example.com"),
            None
        )));
        assert!(!owns(&person(
            PERSONAL_ACCOUNTS,
            Some("bob@example.com"),
            None
        )));
        assert!(!owns(&person(PERSONAL_ACCOUNTS, None, None)));
    }

    #[test]
    fn an_organisation_must_have_verified_the_domain() {
        for proof in [json!(true), json!(1), json!("1"), json!("true")] {
            assert!(
                owns(&person(
                    ORGANISATION,
                    Some("anna@example.com"),
                    Some(proof.clone())
                )),
                "{proof}"
            );
            assert!(
                !owns(&person(ORGANISATION, Some("anna@examрle.com"), Some(proof))),
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
                !owns(&person(
                    ORGANISATION,
                    Some("anna@example.com"),
                    Some(none.clone())
                )),
                "{none}"
            );
        }
        assert!(!owns(&person(ORGANISATION, Some("anna@example.com"), None)));
    }

    #[test]
    fn a_trusted_tenant_and_a_verified_list_prove_too() {
        let mut someone = person(ORGANISATION, Some("anna@example.com"), None);
        assert!(someone.owns(&"anna@example.com".parse().unwrap(), &[ORGANISATION]));
        someone.email = None;
        someone.verified_emails = vec!["x@example.com".into(), "ANNA@example.com".into()];
        assert!(owns(&someone));
    }

    #[test]
    fn the_preferred_user_name_proves_nothing() {
        assert!(
            !owns(&person(
                PERSONAL_ACCOUNTS,
                Some("mallory@example.org"),
                Some(json!(true))
            )),
            "shown_name is the invited address"
        );
    }
}
