//! What happens to an invitation, under the names that the timeline, the webhook and the log use.

use time::OffsetDateTime;
use utoipa::openapi::{ObjectBuilder, Schema, Type};
use uuid::Uuid;

use super::{InvitationId, Situation};
use crate::domain::email::Email;

macro_rules! event_kinds {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),+ $(,)?) => {
        /// The kinds of event.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum EventKind { $($(#[$doc])* $variant),+ }

        impl EventKind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Its name everywhere outside this program.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// Its names.
            #[must_use]
            pub fn schema() -> Schema {
                ObjectBuilder::new().schema_type(Type::String).enum_values(Some(Self::ALL.iter().map(|kind| kind.name()))).into()
            }

            /// By its name.
            #[must_use]
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.name() == name)
            }
        }
    };
}

event_kinds! {
    /// The seller created the invitation.
    Created = "invitation.created",
    /// The e-mail was handed to the mail server.
    Sent = "invitation.sent",
    /// The e-mail could not be handed over.
    DeliveryFailed = "invitation.delivery_failed",
    /// The seller sent it again.
    Resent = "invitation.resent",
    /// The seller changed what it says.
    Updated = "invitation.updated",
    /// The recipient was reminded by e-mail.
    Reminded = "invitation.reminded",
    /// It was not accepted in time.
    Expired = "invitation.expired",
    /// The link was given to an integrator once more.
    LinkRevealed = "invitation.link_revealed",
    /// The recipient asked for a new one.
    RenewalRequested = "invitation.renewal_requested",
    /// An administrator approved the app for the recipient's organisation.
    Approved = "invitation.approved",
    /// The recipient asked the inviter for help.
    HelpRequested = "invitation.help_requested",
    /// Someone with the link says not to be the right person. The state stays.
    Declined = "invitation.declined",
    /// An account was bound.
    Accepted = "invitation.accepted",
    /// The seller took it back.
    Revoked = "invitation.revoked",
    /// What is known of people was erased.
    Erased = "invitation.erased",
    /// The company was created.
    CompanyCreated = "company.created",
    /// The recipient joined the company that a colleague had created.
    CompanyJoined = "company.joined",
}

impl EventKind {
    /// Whether the retention period begins anew. What anyone with the link can cause any number of
    /// times does not, nor what time alone causes.
    #[must_use]
    pub fn moves_retention(self) -> bool {
        match self {
            Self::RenewalRequested
            | Self::HelpRequested
            | Self::Declined
            | Self::LinkRevealed
            | Self::Reminded
            | Self::Expired
            // What an administrator reports is not verified.
            | Self::Approved => false,
            Self::Created
            | Self::Sent
            | Self::DeliveryFailed
            | Self::Resent
            | Self::Updated
            | Self::Accepted
            | Self::Revoked
            | Self::Erased
            | Self::CompanyCreated
            | Self::CompanyJoined => true,
        }
    }
}

/// Something that happened. Its id follows from the invitation and the number, so a repetition is
/// recognisable.
#[derive(Clone, Debug)]
pub struct Event {
    /// The invitation it happened to.
    pub invitation: InvitationId,
    /// Counts from 1, without gaps.
    pub number: u32,
    /// What.
    pub kind: EventKind,
    /// When.
    pub at: OffsetDateTime,
    /// What else was said.
    pub details: EventDetails,
}

/// What an event says besides its kind.
#[derive(Clone, Debug, Default)]
pub struct EventDetails {
    /// What stopped the recipient.
    pub situation: Option<Situation>,
    /// The tenant that an approval was reported for. It is not verified.
    pub tenant: Option<Uuid>,
    /// With [`EventKind::CompanyJoined`]: which. It outlives an erasure.
    pub company: Option<Uuid>,
    /// Who is the right person, as someone with the link says. Kept until it is delivered.
    pub colleague: Option<Email>,
    /// With [`EventKind::Resent`]: only the validity was extended.
    pub sends_no_email: bool,
    /// With [`EventKind::Updated`]: another mailbox is invited, so e-mails that wait are not sent.
    pub mailbox_changed: bool,
    /// With [`EventKind::Updated`]: it had expired, and can be accepted again.
    pub valid_again: bool,
    /// Which of the invitation's employees caused it at the desk.
    pub staff: Option<usize>,
}

impl Event {
    /// Unique, and the same however often the event is delivered.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}-{}", self.invitation, self.number)
    }
}
