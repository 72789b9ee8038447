//! The sign-in states that were used: each once, on however many instances.
//!
//! A state is kept for as long as its attempt can come back. What deletes it is a row of the
//! outbox, written before it, that is due then: so a flood of callbacks leaves nothing behind, and
//! costs what is due.

use std::sync::Arc;

use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{
    access,
    error::StoreError,
    outbox::{self, DueState},
    rows,
    table::{Table, TableError, Write},
};
use crate::domain::invitation::InvitationId;

/// Longer than the cookie of an attempt, which alone can bring the state back, by the difference
/// between two clocks.
const LIFETIME: Duration = Duration::minutes(65);

/// The used states.
#[derive(Clone, Debug)]
pub struct States {
    table: Arc<dyn Table>,
}

impl States {
    /// Over a table.
    pub(super) fn new(table: Arc<dyn Table>) -> Self {
        Self { table }
    }

    /// Marks a sign-in state as used. `true` for the first caller only, on however many instances.
    ///
    /// # Errors
    /// Where the table fails. It may have been marked all the same.
    pub async fn use_once(
        &self,
        id: InvitationId,
        state: &str,
        now: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        let (partition, mark) = (id.to_string(), Uuid::new_v4().to_string());
        let digest = digest(state);
        let key = rows::state_key(&digest);
        let deletion = Write::Insert {
            key: outbox::state_key(now + LIFETIME, id, &digest),
            fields: rows::intent(now)?,
        };
        access::insert_once(&*self.table, &outbox::partition(id), &[deletion]).await?;
        let insert = Write::Insert {
            key: key.clone(),
            fields: rows::used_state(&mark, now)?,
        };
        match self.table.commit(&partition, &[insert]).await {
            Ok(_) => Ok(true),
            // Ours, where the adapter tried again after a first try that had arrived although its
            // answer was lost.
            Err(TableError::Exists) => Ok(self
                .table
                .get(&partition, &key)
                .await?
                .is_some_and(|row| rows::is_marked(&row.fields, &mark))),
            Err(error) => Err(error.into()),
        }
    }

    /// Deletes a state that can no longer come back, and the row that led to it.
    ///
    /// # Errors
    /// Where the table fails; a later tick finds it again.
    pub async fn forget(&self, due: &DueState) -> Result<(), StoreError> {
        let (partition, key) = (due.id.to_string(), rows::state_key(&due.digest));
        access::delete_row(&*self.table, &partition, &key).await?;
        access::delete_row(&*self.table, &outbox::partition(due.id), &due.key).await
    }
}

fn digest(state: &str) -> String {
    let digest = Sha256::digest(state);
    digest
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
