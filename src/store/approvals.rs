//! The answers of administrators, each of which counts once.

use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    Store,
    error::StoreError,
    invitations::{Decision, Outcome},
    states::Mark,
};
use crate::domain::invitation::{InvitationId, Refusal};

/// What became of an approval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Approval {
    /// It is recorded: now, by the invocation that the host repeats, or earlier on this day.
    Recorded,
    /// The invitation needs none any more.
    Closed,
    /// Another request has used its state.
    Spent,
}

impl Store {
    /// Records an approval in one transaction with the mark of its `state`, which keeps the host's
    /// invocation id, if there is one.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn approve(
        &self,
        id: InvitationId,
        state: &str,
        tenant: Option<Uuid>,
        (invocation, now): (Option<Uuid>, OffsetDateTime),
    ) -> Result<Approval, StoreError> {
        let used = match self.states.mark(id, state, invocation, now).await? {
            Mark::First(used) => used,
            Mark::Repeated => return Ok(Approval::Recorded),
            Mark::Spent => return Ok(Approval::Spent),
        };
        let outcome = self
            .invitations
            .change(id, |invitation| match invitation.approve(tenant, now) {
                Ok(done) => Decision::Write(Box::new(done), vec![used.clone()]),
                Err(refusal) => Decision::Refuse(refusal),
            })
            .await?;
        Ok(match outcome {
            Outcome::Done(_) | Outcome::Refused(Refusal::ApprovedToday, _) => Approval::Recorded,
            Outcome::Refused(..) | Outcome::Erased | Outcome::Missing => Approval::Closed,
        })
    }
}
