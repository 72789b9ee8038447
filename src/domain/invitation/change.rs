//! What the seller does with a pending invitation: resend it, change it, retrieve its link.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::{
    Event, EventDetails, EventKind, Invitation, Refusal, State, Status, Terms, Transition,
};
use crate::domain::email::Email;

/// How many e-mails `resend` sends for an invitation in any [`RESEND_WINDOW`].
pub const MAX_RESENDS: usize = 5;
/// The period that [`MAX_RESENDS`] refers to.
pub const RESEND_WINDOW: Duration = Duration::DAY;

/// Mailboxes, customer numbers and inviters by which an invitation is, or was, found.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Former {
    /// Each mailbox once.
    pub mailboxes: Vec<Email>,
    /// Each number once.
    pub customer_numbers: Vec<String>,
    /// The mailbox of each inviter once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inviters: Vec<Email>,
    /// The name of each company once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub companies: Vec<String>,
}

impl Former {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.mailboxes.is_empty()
            && self.customer_numbers.is_empty()
            && self.inviters.is_empty()
            && self.companies.is_empty()
    }

    /// With those of these terms.
    #[must_use]
    pub fn with(mut self, terms: &Terms) -> Self {
        let mailbox = &terms.recipient.email;
        if !self.mailboxes.iter().any(|own| own.same_mailbox(mailbox)) {
            self.mailboxes.push(mailbox.clone());
        }
        if let Some(number) = &terms.company.customer_number
            && !self.customer_numbers.contains(number)
        {
            self.customer_numbers.push(number.clone());
        }
        if let Some(inviter) = &terms.inviter.email
            && !self.inviters.iter().any(|own| own.same_mailbox(inviter))
        {
            self.inviters.push(inviter.clone());
        }
        let company = &terms.company.name;
        if !self.companies.contains(company) {
            self.companies.push(company.clone());
        }
        self
    }
}

impl Invitation {
    /// Extends it until `expires_at`, unless it is valid longer already, and sends it again, if
    /// `sends_email`.
    ///
    /// # Errors
    /// Everything but a pending (or expired) invitation refuses, and so does one more e-mail than
    /// [`MAX_RESENDS`].
    pub fn renew(
        self,
        expires_at: OffsetDateTime,
        sends_email: bool,
        now: OffsetDateTime,
    ) -> Result<Transition, Refusal> {
        self.require_pending(now)?;
        let mut resends = self.resends.clone();
        if sends_email {
            resends.retain(|at| now < *at + RESEND_WINDOW);
            match resends.first() {
                Some(first) if resends.len() >= MAX_RESENDS => {
                    return Err(Refusal::TooManyEmails(*first + RESEND_WINDOW));
                }
                _ => resends.push(now),
            }
        }
        let (next, event) = Self {
            expires_at: expires_at.max(self.expires_at),
            resends,
            ..self
        }
        .caused(EventKind::Resent, now);
        let details = EventDetails {
            sends_no_email: !sends_email,
            ..event.details
        };
        Ok((next, Event { details, ..event }))
    }

    /// Replaces what the seller said. The link stays the same.
    ///
    /// # Errors
    /// Everything but a pending (or expired) invitation refuses.
    pub fn update(
        self,
        terms: Terms,
        expires_at: OffsetDateTime,
        now: OffsetDateTime,
    ) -> Result<Transition, Refusal> {
        self.require_pending(now)?;
        let mailbox_changed = !terms
            .recipient
            .email
            .same_mailbox(&self.terms.recipient.email);
        let valid_again = self.status(now) == Status::Expired && expires_at > now;
        let former = self.former.with(&self.terms);
        let (mut contacts, mut mailbox_changed_at) = (self.contacts, self.mailbox_changed_at);
        if mailbox_changed {
            mailbox_changed_at = Some(now);
            // The person at the former mailbox declined.
            contacts.not_me = None;
        }
        let (next, event) = Self {
            terms,
            expires_at,
            former,
            contacts,
            mailbox_changed_at,
            ..self
        }
        .caused(EventKind::Updated, now);
        let details = EventDetails {
            mailbox_changed,
            valid_again,
            ..event.details
        };
        Ok((next, Event { details, ..event }))
    }

    /// Records that the link was given to an integrator once more.
    #[must_use]
    pub fn reveal_link(self, now: OffsetDateTime) -> Transition {
        self.caused(EventKind::LinkRevealed, now)
    }

    /// Only a pending (or expired) invitation can be changed.
    ///
    /// # Errors
    /// With the status of any other.
    pub fn require_pending(&self, now: OffsetDateTime) -> Result<(), Refusal> {
        match self.state {
            State::Pending => Ok(()),
            State::Accepted { .. } | State::Completed { .. } | State::Revoked { .. } => {
                Err(Refusal::Status(self.status(now)))
            }
        }
    }
}
