//! The answers of administrators, each of which counts once.

use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    error::StoreError,
    invitations::{Decision, Invitations, Outcome},
    rows,
    table::Write,
};
use crate::domain::invitation::InvitationId;

impl Invitations {
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
        let key = rows::state_key(state);
        if self.is_there(id, &key).await? {
            return Ok(None);
        }
        let used = Write::Insert {
            key,
            fields: rows::used_state(&Uuid::new_v4().to_string(), now)?,
        };
        let outcome = self
            .change(id, |invitation| match invitation.approve(tenant, now) {
                Ok(done) => Decision::Write(Box::new(done), vec![used.clone()]),
                Err(refusal) => Decision::Refuse(refusal),
            })
            .await?;
        Ok(Some(outcome))
    }
}
