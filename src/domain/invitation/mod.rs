//! An invitation: what it says, the state it is in, and the transitions between states. No I/O, no
//! clock.
//!
//! ```text
//! pending ──accept──▶ accepted ──complete, join──▶ completed
//!    │ └─renew─┐          │
//!    └─────────┴─revoke───┴──▶ revoked
//!
//! erase: completed, revoked ──▶ the same without the people; pending, accepted ──▶ revoked without the people
//! ```
//! `expired` is what a pending invitation is called after `expires_at`. A transition consumes the
//! invitation and gives back the next one with the one [`Event`] that it causes.

mod approval;
mod change;
mod code;
mod contact;
mod delivery;
mod erased;
mod event;
mod id;
mod schedule;
mod staff;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::{Uuid, uuid};

pub use approval::APPROVAL_PAUSE;
pub use change::{Former, MAX_RESENDS, RESEND_WINDOW};
pub use code::{
    CODE_LIFETIME, CODE_TRIES, CODES_PER_ACCOUNT, CodeRequest, CodeStatus, IssuedCodes, Known,
    NotIssued, Tried,
};
pub use contact::{CONTACT_PAUSE, ContactKind, Contacts, Situation};
pub use delivery::{Channel, FailedDelivery, Progress, RETRY_WINDOW, TryFailed};
pub use erased::{End, Erased, Record};
pub use event::{Event, EventDetails, EventKind};
pub use id::{InvitationId, Link, NotAnId};
pub use schedule::{Moment, Reminders};
pub use staff::caused_by;

use crate::domain::{
    company::{Company, RegisteredCompany},
    email::Email,
    staff::StaffMember,
};

/// Who is invited.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Recipient {
    /// The invited mailbox.
    pub email: Email,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// BCP 47 tag of the language to write in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub locale: Option<String>,
}

/// Who invites.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Inviter {
    /// The person's name.
    pub name: String,
    /// The selling company.
    pub organization: String,
    /// Where the inviter is written to.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub email: Option<Email>,
    /// International, as in E.164.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub phone: Option<String>,
    /// BCP 47 tag of the language to write to the inviter in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub locale: Option<String>,
}

/// An account of Microsoft Entra ID. The pair is the identity; an address never is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Account {
    /// The id of its tenant.
    pub tid: Uuid,
    /// Its object id in the tenant.
    pub oid: Uuid,
}

/// The tenant of all personal Microsoft accounts.
const PERSONAL_ACCOUNTS: Uuid = uuid!("9188040d-6c67-4c5b-b112-36a304b66dad");

impl Account {
    /// Whether it is a personal Microsoft account, and not one of an organisation.
    #[must_use]
    pub fn is_personal(&self) -> bool {
        self.tid == PERSONAL_ACCOUNTS
    }
}

/// The company that was created or joined, as far as the invitation remembers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatedCompany {
    /// Follows from the invitation that created it, so that a repeated creation creates nothing
    /// new.
    pub id: Uuid,
    /// The name that was entered.
    pub name: String,
}

/// What the seller said when the invitation was created.
#[derive(Clone, Debug)]
pub struct Terms {
    /// Who is invited.
    pub recipient: Recipient,
    /// Who invites.
    pub inviter: Inviter,
    /// The company data that the seller registered.
    pub company: RegisteredCompany,
    /// The company that the invitation invites into; `company` is what it was then.
    pub company_id: Option<Uuid>,
    /// A personal line for the e-mail and the page.
    pub message: Option<String>,
    /// Whether the recipient gets an e-mail when the invitation is created.
    pub send_email: bool,
    /// The integrator's own data.
    pub metadata: BTreeMap<String, String>,
}

/// The state, with what it carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Not accepted yet.
    Pending,
    /// An account is bound.
    Accepted {
        /// The bound account.
        by: Account,
        /// When.
        at: OffsetDateTime,
    },
    /// The company exists.
    Completed {
        /// The bound account.
        by: Account,
        /// When the account was bound.
        accepted_at: OffsetDateTime,
        /// The company.
        company: CreatedCompany,
        /// When it was created.
        at: OffsetDateTime,
    },
    /// Taken back by the seller.
    Revoked {
        /// When.
        at: OffsetDateTime,
        /// Why, in the seller's words.
        reason: Option<String>,
    },
}

/// Where an invitation is. `expired` follows from the time and is not stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Can be accepted.
    Pending,
    /// Was not accepted in time.
    Expired,
    /// Bound to an account.
    Accepted,
    /// The company was created.
    Completed,
    /// Taken back.
    Revoked,
}

impl Status {
    /// Every status.
    pub const ALL: &[Self] = &[
        Self::Pending,
        Self::Expired,
        Self::Accepted,
        Self::Completed,
        Self::Revoked,
    ];

    /// Its name in the API.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Expired => "expired",
            Self::Accepted => "accepted",
            Self::Completed => "completed",
            Self::Revoked => "revoked",
        }
    }

    /// By its name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|status| status.name() == name)
    }
}

/// Why a transition does not happen. Nothing changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The state forbids it.
    #[error("the invitation is {0:?}")]
    Status(Status),
    /// Another account is bound.
    #[error("the invitation is bound to another account")]
    AnotherAccount,
    /// The inviter was asked for the same less than a day ago.
    #[error("the inviter was asked for the same less than a day ago")]
    AskedToday,
    /// As many e-mails were sent as may be in a day; the next may be sent at this time.
    #[error("no further e-mail before {0}")]
    TooManyEmails(OffsetDateTime),
    /// An approval was recorded less than a day ago.
    #[error("an approval was recorded less than a day ago")]
    ApprovedToday,
}

/// An invitation.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// Its public name.
    pub id: InvitationId,
    /// What the seller said.
    pub terms: Terms,
    /// When it was created.
    pub created_at: OffsetDateTime,
    /// Until when it can be accepted.
    pub expires_at: OffsetDateTime,
    /// When the recipient last asked the inviter for something.
    pub contacts: Contacts,
    /// When e-mails were sent again, as far as that counts for [`MAX_RESENDS`].
    pub resends: Vec<OffsetDateTime>,
    /// What led to it before it was changed.
    pub former: Former,
    /// The employee who created it at the desk.
    pub created_by: Option<Uuid>,
    /// Everyone who has changed it at the desk, or created it there.
    pub staff: Vec<StaffMember>,
    /// When an administrator last approved the app.
    pub approved_at: Option<OffsetDateTime>,
    /// When another mailbox was last named.
    pub mailbox_changed_at: Option<OffsetDateTime>,
    /// The last [`Moment`] that was recorded.
    pub reached: Option<OffsetDateTime>,
    /// When the recipient was last reminded.
    pub reminded_at: Option<OffsetDateTime>,
    /// Its state.
    pub state: State,
    /// How many events it has caused.
    pub events: u32,
}

/// The next invitation and the event that led to it.
pub type Transition = (Invitation, Event);

impl Invitation {
    /// A new, pending invitation and its first event.
    #[must_use]
    pub fn create(
        id: InvitationId,
        terms: Terms,
        now: OffsetDateTime,
        expires_at: OffsetDateTime,
    ) -> Transition {
        Self {
            id,
            terms,
            created_at: now,
            expires_at,
            contacts: Contacts::default(),
            resends: Vec::new(),
            former: Former::default(),
            created_by: None,
            staff: Vec::new(),
            approved_at: None,
            mailbox_changed_at: None,
            reached: None,
            reminded_at: None,
            state: State::Pending,
            events: 0,
        }
        .caused(EventKind::Created, now)
    }

    /// The public state at `now`.
    #[must_use]
    pub fn status(&self, now: OffsetDateTime) -> Status {
        match self.state {
            State::Pending if now >= self.expires_at => Status::Expired,
            State::Pending => Status::Pending,
            State::Accepted { .. } => Status::Accepted,
            State::Completed { .. } => Status::Completed,
            State::Revoked { .. } => Status::Revoked,
        }
    }

    /// The bound account.
    #[must_use]
    pub fn owner(&self) -> Option<Account> {
        self.acceptance().map(|(by, _)| by)
    }

    /// Which account is bound, and since when.
    #[must_use]
    pub fn acceptance(&self) -> Option<(Account, OffsetDateTime)> {
        match self.state {
            State::Accepted { by, at } => Some((by, at)),
            State::Completed {
                by, accepted_at, ..
            } => Some((by, accepted_at)),
            State::Pending | State::Revoked { .. } => None,
        }
    }

    /// Whether the company exists.
    #[must_use]
    pub fn is_completed(&self) -> bool {
        matches!(self.state, State::Completed { .. })
    }

    /// Binds the account. The caller has proof that it owns the invited mailbox.
    ///
    /// # Errors
    /// Everything but a pending invitation that has not expired refuses.
    pub fn accept(self, by: Account, now: OffsetDateTime) -> Result<Transition, Refusal> {
        match self.status(now) {
            Status::Pending => Ok(Self {
                state: State::Accepted { by, at: now },
                ..self
            }
            .caused(EventKind::Accepted, now)),
            status => Err(self
                .owner()
                .filter(|owner| *owner != by)
                .map_or(Refusal::Status(status), |_| Refusal::AnotherAccount)),
        }
    }

    /// Records that the company was created.
    ///
    /// # Errors
    /// Everything but an accepted invitation that is bound to `by` refuses.
    pub fn complete(
        self,
        by: Account,
        company: &Company,
        now: OffsetDateTime,
    ) -> Result<Transition, Refusal> {
        let company = CreatedCompany {
            id: self.id.company_id(),
            name: company.name().to_owned(),
        };
        self.completed(by, company, EventKind::CompanyCreated, now)
    }

    /// Records that the recipient joined a company that a colleague had created.
    ///
    /// # Errors
    /// Everything but an accepted invitation that is bound to `by` refuses.
    pub fn join(
        self,
        by: Account,
        company: CreatedCompany,
        now: OffsetDateTime,
    ) -> Result<Transition, Refusal> {
        let id = company.id;
        let (next, event) = self.completed(by, company, EventKind::CompanyJoined, now)?;
        let details = EventDetails {
            company: Some(id),
            ..event.details
        };
        Ok((next, Event { details, ..event }))
    }

    /// The company that was created or joined.
    #[must_use]
    pub fn company_id(&self) -> Option<Uuid> {
        match &self.state {
            State::Completed { company, .. } => Some(company.id),
            State::Pending | State::Accepted { .. } | State::Revoked { .. } => None,
        }
    }

    /// The name of the company: as it was confirmed, by the recipient or by the colleague who created
    /// it; before that as the seller registered it.
    #[must_use]
    pub fn company_name(&self) -> &str {
        match &self.state {
            State::Completed { company, .. } => &company.name,
            State::Pending | State::Accepted { .. } | State::Revoked { .. } => {
                &self.terms.company.name
            }
        }
    }

    /// Whether the recipient joined a company that a colleague had created.
    #[must_use]
    pub fn has_joined(&self) -> bool {
        matches!(&self.state, State::Completed { company, .. } if company.id != self.id.company_id())
    }

    /// Takes the invitation back.
    ///
    /// # Errors
    /// A completed or revoked invitation refuses.
    pub fn revoke(
        self,
        reason: Option<String>,
        now: OffsetDateTime,
    ) -> Result<Transition, Refusal> {
        match self.state {
            State::Pending | State::Accepted { .. } => Ok(self.taken_back(reason, now)),
            State::Completed { .. } | State::Revoked { .. } => {
                Err(Refusal::Status(self.status(now)))
            }
        }
    }

    /// Whether the state lets the recipient ask the inviter for this.
    #[must_use]
    pub fn may_ask(&self, kind: ContactKind, now: OffsetDateTime) -> bool {
        match (kind, self.status(now)) {
            (ContactKind::Help | ContactKind::NotMe, Status::Pending | Status::Accepted)
            | (ContactKind::NewInvitation, Status::Expired | Status::Revoked) => true,
            (ContactKind::Help | ContactKind::NotMe, Status::Expired | Status::Revoked)
            | (ContactKind::NewInvitation, Status::Pending | Status::Accepted)
            | (_, Status::Completed) => false,
        }
    }

    /// The recipient asks the inviter for something; `details` go with the event.
    ///
    /// # Errors
    /// A state in which that makes no sense refuses, and so does a second request within
    /// [`CONTACT_PAUSE`].
    pub fn contact(
        self,
        kind: ContactKind,
        details: EventDetails,
        now: OffsetDateTime,
    ) -> Result<Transition, Refusal> {
        if !self.may_ask(kind, now) {
            return Err(Refusal::Status(self.status(now)));
        }
        if !self.contacts.allow(kind, now) {
            return Err(Refusal::AskedToday);
        }
        let event = match kind {
            ContactKind::Help => EventKind::HelpRequested,
            ContactKind::NotMe => EventKind::Declined,
            ContactKind::NewInvitation => EventKind::RenewalRequested,
        };
        let contacts = self.contacts.with(kind, now);
        let (next, event) = Self { contacts, ..self }.caused(event, now);
        Ok((next, Event { details, ..event }))
    }

    /// Records what became of an e-mail; the state stays.
    #[must_use]
    pub fn record_delivery(self, sent: bool, now: OffsetDateTime) -> Transition {
        self.caused(
            if sent {
                EventKind::Sent
            } else {
                EventKind::DeliveryFailed
            },
            now,
        )
    }

    fn completed(
        self,
        by: Account,
        company: CreatedCompany,
        kind: EventKind,
        now: OffsetDateTime,
    ) -> Result<Transition, Refusal> {
        match self.state {
            State::Accepted { by: owner, .. } | State::Completed { by: owner, .. }
                if owner != by =>
            {
                Err(Refusal::AnotherAccount)
            }
            State::Accepted {
                at: accepted_at, ..
            } => Ok(Self {
                state: State::Completed {
                    by,
                    accepted_at,
                    company,
                    at: now,
                },
                ..self
            }
            .caused(kind, now)),
            State::Pending | State::Completed { .. } | State::Revoked { .. } => {
                Err(Refusal::Status(self.status(now)))
            }
        }
    }

    fn taken_back(self, reason: Option<String>, now: OffsetDateTime) -> Transition {
        Self {
            state: State::Revoked { at: now, reason },
            ..self
        }
        .caused(EventKind::Revoked, now)
    }

    fn caused(mut self, kind: EventKind, at: OffsetDateTime) -> Transition {
        self.events += 1;
        let event = Event {
            invitation: self.id,
            number: self.events,
            kind,
            at,
            details: EventDetails::default(),
        };
        (self, event)
    }
}

#[cfg(test)]
mod tests;
