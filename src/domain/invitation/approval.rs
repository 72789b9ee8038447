//! An administrator has approved the app for the recipient's organisation.

use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{Event, EventDetails, EventKind, Invitation, Refusal, Status, Transition};

/// Between two approvals that are recorded, each of which is mailed to the recipient.
pub const APPROVAL_PAUSE: Duration = Duration::DAY;

impl Invitation {
    /// Records the approval that was reported for a tenant. It is not verified and changes nothing
    /// else.
    ///
    /// # Errors
    /// Everything but a pending invitation refuses, and so does a second approval within
    /// [`APPROVAL_PAUSE`].
    pub fn approve(self, tenant: Option<Uuid>, now: OffsetDateTime) -> Result<Transition, Refusal> {
        match (self.status(now), self.approved_at) {
            (Status::Pending, Some(before)) if now < before + APPROVAL_PAUSE => {
                Err(Refusal::ApprovedToday)
            }
            (Status::Pending, _) => {
                let approved_at = Some(now);
                let (invitation, event) = Self {
                    approved_at,
                    ..self
                }
                .caused(EventKind::Approved, now);
                let details = EventDetails {
                    tenant,
                    ..EventDetails::default()
                };
                Ok((invitation, Event { details, ..event }))
            }
            (status, _) => Err(Refusal::Status(status)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::invitation::tests::{START, account, invitation};

    #[test]
    fn an_approval_is_recorded_once_a_day() {
        let tenant = Some(Uuid::from_u128(7));
        let (approved, event) = invitation().approve(tenant, START).unwrap();
        assert_eq!(event.kind, EventKind::Approved);
        assert_eq!(event.details.tenant, tenant);
        assert_eq!(approved.status(START), Status::Pending);
        let early = START + APPROVAL_PAUSE - Duration::SECOND;
        let again = approved.clone().approve(tenant, early).map(drop);
        assert_eq!(again, Err(Refusal::ApprovedToday));
        assert!(approved.approve(None, START + APPROVAL_PAUSE).is_ok());
    }

    #[test]
    fn only_a_pending_invitation_is_approved() {
        let (accepted, _) = invitation().accept(account(1), START).unwrap();
        let expired = invitation();
        let late = expired.expires_at;
        for (invitation, now) in [(accepted, START), (expired, late)] {
            let status = invitation.status(now);
            let refused = invitation.approve(None, now).map(drop);
            assert_eq!(refused, Err(Refusal::Status(status)));
        }
    }
}
