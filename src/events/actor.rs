//! Who caused an event.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::invitation::{Event, EventKind, Record};

/// Who caused an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Actor)]
pub(crate) struct Actor<'a> {
    /// A recipient, an integrator, an employee of the seller or the service itself.
    pub(crate) r#type: ActorType,
    /// With `staff`: the name of the person. Absent once the invitation is erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) name: Option<&'a str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = ActorType)]
pub(crate) enum ActorType {
    /// Someone with the link, or an administrator of the recipient's organisation.
    Recipient,
    /// A caller of the API.
    Integrator,
    /// An employee of the seller at the desk.
    Staff,
    /// The service itself.
    System,
}

impl<'a> Actor<'a> {
    pub(crate) fn of(record: &'a Record, event: &Event) -> Self {
        if event.details.staff.is_none() {
            let r#type = usual(event.kind);
            return Self { r#type, name: None };
        }
        let member = record
            .as_live()
            .and_then(|invitation| invitation.staff_of(event));
        Self {
            r#type: ActorType::Staff,
            name: member.map(|member| member.name.as_str()),
        }
    }
}

/// Who causes such events, unless it is done at the desk.
fn usual(kind: EventKind) -> ActorType {
    match kind {
        EventKind::Created
        | EventKind::Resent
        | EventKind::Updated
        | EventKind::LinkRevealed
        | EventKind::Revoked
        | EventKind::Erased => ActorType::Integrator,
        EventKind::RenewalRequested
        | EventKind::Approved
        | EventKind::HelpRequested
        | EventKind::Declined
        | EventKind::Accepted
        | EventKind::CompanyCreated
        | EventKind::CompanyJoined => ActorType::Recipient,
        EventKind::Sent | EventKind::DeliveryFailed | EventKind::Reminded | EventKind::Expired => {
            ActorType::System
        }
    }
}
