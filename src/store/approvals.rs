//! The answers of administrators, each of which counts once.

use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    Store,
    error::StoreError,
    invitations::{Decision, Outcome},
};
use crate::domain::invitation::InvitationId;

impl Store {
    /// Records an approval in one transaction with the mark of its `state`. `None` where the state
    /// was used before.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn approve(
        &self,
        id: InvitationId,
        state: &str,
        tenant: Option<Uuid>,
        now: OffsetDateTime,
    ) -> Result<Option<Outcome>, StoreError> {
        let Some(used) = self.states.mark(id, state, now).await? else {
            return Ok(None);
        };
        let outcome = self
            .invitations
            .change(id, |invitation| match invitation.approve(tenant, now) {
                Ok(done) => Decision::Write(Box::new(done), vec![used.clone()]),
                Err(refusal) => Decision::Refuse(refusal),
            })
            .await?;
        Ok(Some(outcome))
    }
}
