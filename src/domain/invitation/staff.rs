//! Which employees have changed an invitation at the desk.

use uuid::Uuid;

use super::{Event, EventDetails, EventKind, Invitation, Transition};
use crate::domain::staff::StaffMember;

/// The transition as one that this employee caused; without one, as an integrator caused it.
///
/// The invitation keeps who they are and the event only refers to them, so that an erasure of the
/// invitation takes the names along.
#[must_use]
pub fn caused_by(transition: Transition, staff: Option<&StaffMember>) -> Transition {
    let (mut invitation, event) = transition;
    let Some(staff) = staff else {
        return (invitation, event);
    };
    let known = invitation
        .staff
        .iter()
        .position(|known| known.oid == staff.oid);
    let position = match known {
        Some(position) => {
            // The name may have changed.
            invitation.staff[position].name.clone_from(&staff.name);
            position
        }
        None => {
            invitation.staff.push(staff.clone());
            invitation.staff.len() - 1
        }
    };
    if event.kind == EventKind::Created {
        invitation.created_by = Some(staff.oid);
    }
    let details = EventDetails {
        staff: Some(position),
        ..event.details
    };
    (invitation, Event { details, ..event })
}

impl Invitation {
    /// The employee who caused an event at the desk, unless it was not caused there.
    #[must_use]
    pub fn staff_of(&self, event: &Event) -> Option<&StaffMember> {
        self.staff.get(event.details.staff?)
    }

    /// Whether this employee created it.
    #[must_use]
    pub fn was_created_by(&self, oid: Uuid) -> bool {
        self.created_by == Some(oid)
    }
}
