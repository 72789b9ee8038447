//! What happens to an invitation, under the names that the timeline, the webhook and the log use.

use time::OffsetDateTime;
use utoipa::openapi::{ObjectBuilder, Schema, Type};
use uuid::Uuid;

use super::InvitationId;

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
    /// The recipient asked for a new one.
    RenewalRequested = "invitation.renewal_requested",
    /// An administrator approved the app for the recipient's organisation.
    Approved = "invitation.approved",
    /// An account was bound.
    Accepted = "invitation.accepted",
    /// The seller took it back.
    Revoked = "invitation.revoked",
    /// The company was created.
    CompanyCreated = "company.created",
    /// The recipient joined the company that a colleague had created.
    CompanyJoined = "company.joined",
}

/// Something that happened. Its id follows from the invitation and the number, so a repetition is
/// recognisable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The invitation it happened to.
    pub invitation: InvitationId,
    /// Counts from 1, without gaps.
    pub number: u32,
    /// What.
    pub kind: EventKind,
    /// When.
    pub at: OffsetDateTime,
    /// The tenant that an approval was reported for. It is not verified.
    pub tenant: Option<Uuid>,
}

impl Event {
    /// Unique, and the same however often the event is delivered.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}-{}", self.invitation, self.number)
    }
}
