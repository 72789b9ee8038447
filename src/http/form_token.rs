//! Tokens that only we can make, one for each thing that a form does.

use crate::{
    domain::invitation::{Account, Link},
    seal::{Purpose, Sealer},
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
        self.with_purpose(|purpose| sealer.token(purpose))
    }

    /// Whether a form carries the token that was issued for this.
    #[must_use]
    pub fn verify(self, sealer: &Sealer, token: &str) -> bool {
        self.with_purpose(|purpose| sealer.verify(purpose, token))
    }

    fn with_purpose<T>(self, use_it: impl FnOnce(Purpose) -> T) -> T {
        match self {
            Self::Start(link) => use_it(&["start", &link.reveal()]),
            Self::Restart(ticket) => use_it(&["restart", ticket]),
            Self::ConfirmMailbox(link, Account { tid, oid }) => use_it(&[
                "confirm",
                &link.reveal(),
                &tid.to_string(),
                &oid.to_string(),
            ]),
            Self::CreateCompany(link, Account { tid, oid }) => use_it(&[
                "company",
                &link.reveal(),
                &tid.to_string(),
                &oid.to_string(),
            ]),
            Self::AdminConsent(pass) => use_it(&["admin-consent", pass]),
            Self::StaffSignIn(next) => use_it(&["desk-sign-in", next]),
            Self::Desk(Account { tid, oid }) => {
                use_it(&["desk", &tid.to_string(), &oid.to_string()])
            }
        }
    }
}
