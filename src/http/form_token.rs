//! Tokens that only we can make, one for each thing that a form does.

use crate::{
    domain::invitation::{Account, Link},
    seal::Sealer,
};

/// What a form does, and for whom.
#[derive(Clone, Copy, Debug)]
pub enum FormToken<'a> {
    /// Starts the sign-in, or asks for a new invitation, on the page of the link.
    Start(&'a Link),
    /// The same on pages that must not show the link; by its ticket.
    Restart(&'a str),
    /// Sends or enters a code.
    ConfirmMailbox(&'a Link, Account),
    /// Creates the company. Belongs to the invitation and the account: a form of another tab, for
    /// another invitation, is refused.
    CreateCompany(&'a Link, Account),
    /// Leads an administrator to Microsoft; by the pass.
    AdminConsent(&'a str),
    /// Starts the sign-in of staff, and then returns to this page.
    StaffSignIn(&'a str),
    /// Does anything at the desk, for someone who is signed in there.
    Desk(Account),
}

impl FormToken<'_> {
    /// The token to put into the form.
    #[must_use]
    pub fn issue(self, sealer: &Sealer) -> String {
        sealer.token(&as_strs(&self.purpose()))
    }

    /// Whether a form carries the token that was issued for this.
    #[must_use]
    pub fn verify(self, sealer: &Sealer, token: &str) -> bool {
        sealer.verify(&as_strs(&self.purpose()), token)
    }

    fn purpose(self) -> Vec<String> {
        let of_account = |name: &str, link: &Link, account: Account| {
            let (tid, oid) = (account.tid.to_string(), account.oid.to_string());
            vec![name.to_owned(), link.reveal(), tid, oid]
        };
        match self {
            Self::Start(link) => vec!["start".to_owned(), link.reveal()],
            Self::Restart(ticket) => vec!["restart".to_owned(), ticket.to_owned()],
            Self::ConfirmMailbox(link, account) => of_account("confirm", link, account),
            Self::CreateCompany(link, account) => of_account("company", link, account),
            Self::AdminConsent(pass) => vec!["admin-consent".to_owned(), pass.to_owned()],
            Self::StaffSignIn(next) => vec!["desk-sign-in".to_owned(), next.to_owned()],
            Self::Desk(Account { tid, oid }) => {
                vec!["desk".to_owned(), tid.to_string(), oid.to_string()]
            }
        }
    }
}

fn as_strs(purpose: &[String]) -> Vec<&str> {
    purpose.iter().map(String::as_str).collect()
}
