//! The sign-in states that were used. A state is used once, on however many instances; only the
//! host's repetition of the very invocation that used it goes on where that one ended.
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
    table::{ETag, Fields, Row, Table, TableError, Write},
};
use crate::{domain::invitation::InvitationId, seal::Sealer};

/// The column with what the sign-in service vouched for, sealed.
const VERIFIED: &str = "verified";
/// Longer than the cookie of an attempt, which alone can bring the state back, by the difference
/// between two clocks.
const LIFETIME: Duration = Duration::minutes(65);

/// The used states.
#[derive(Clone, Debug)]
pub struct States {
    table: Arc<dyn Table>,
    sealer: Sealer,
}

/// What the use of a state came to.
#[derive(Debug)]
pub enum StateUse {
    /// This is the first use.
    First(UsedState),
    /// The host repeats the invocation that used it; with what that one had recorded.
    Repeated(Option<Vec<u8>>),
    /// Another request has used it.
    Spent,
}

/// The row of a state that was used just now.
#[derive(Debug)]
pub struct UsedState {
    id: InvitationId,
    key: String,
    etag: ETag,
    fields: Fields,
}

impl States {
    /// Over a table; `sealer` seals what is recorded.
    pub(super) fn new(table: Arc<dyn Table>, sealer: Sealer) -> Self {
        Self { table, sealer }
    }

    /// Marks a state as used, by this invocation of the host where its id is known.
    ///
    /// # Errors
    /// Where the table fails. It may have been marked all the same.
    pub async fn use_once(
        &self,
        id: InvitationId,
        state: &str,
        invocation: Option<Uuid>,
        now: OffsetDateTime,
    ) -> Result<StateUse, StoreError> {
        let (partition, mark) = (id.to_string(), Uuid::new_v4().to_string());
        let digest = digest(state);
        let key = rows::state_key(&digest);
        self.schedule_deletion(id, &digest, now).await?;
        let fields = rows::used_state(&mark, invocation, now)?;
        let insert = Write::Insert {
            key: key.clone(),
            fields: fields.clone(),
        };
        let etag = match self.table.commit(&partition, &[insert]).await {
            Ok(etags) => etags.into_iter().flatten().next(),
            Err(TableError::Exists) => None,
            Err(error) => return Err(error.into()),
        };
        let first = |etag| {
            StateUse::First(UsedState {
                id,
                key: key.clone(),
                etag,
                fields,
            })
        };
        if let Some(etag) = etag {
            return Ok(first(etag));
        }
        Ok(match self.table.get(&partition, &key).await? {
            // Ours, where the adapter tried again after a first try that had arrived although its
            // answer was lost.
            Some(row) if rows::is_marked(&row.fields, &mark) => first(row.etag),
            Some(row) if rows::is_invoked_by(&row.fields, invocation) => {
                StateUse::Repeated(self.recorded(id, &row))
            }
            Some(_) | None => StateUse::Spent,
        })
    }

    /// The write that marks a state as used, for a transaction with what that use causes. `None`
    /// where it was used before.
    pub(super) async fn mark(
        &self,
        id: InvitationId,
        state: &str,
        now: OffsetDateTime,
    ) -> Result<Option<Write>, StoreError> {
        let digest = digest(state);
        let key = rows::state_key(&digest);
        if self.table.get(&id.to_string(), &key).await?.is_some() {
            return Ok(None);
        }
        self.schedule_deletion(id, &digest, now).await?;
        let fields = rows::used_state(&Uuid::new_v4().to_string(), None, now)?;
        Ok(Some(Write::Insert { key, fields }))
    }

    /// Records what the sign-in service vouched for, so that a repetition needs no second token
    /// request. Nothing is recorded where the invitation was erased since.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn record(&self, used: UsedState, verified: &[u8]) -> Result<(), StoreError> {
        let UsedState {
            id,
            key,
            etag: if_match,
            mut fields,
        } = used;
        let partition = id.to_string();
        let sealed = self
            .sealer
            .seal(&[VERIFIED, &partition, &key], verified)
            .ok_or(StoreError::Corrupt(VERIFIED))?;
        fields.insert(VERIFIED.to_owned(), sealed);
        let write = Write::Replace {
            key,
            if_match,
            fields,
        };
        access::commit_unless_changed(&*self.table, &partition, &[write])
            .await
            .map(drop)
    }

    fn recorded(&self, id: InvitationId, row: &Row) -> Option<Vec<u8>> {
        let sealed = row.fields.get(VERIFIED)?;
        self.sealer
            .open(&[VERIFIED, &id.to_string(), &row.key], sealed)
    }

    /// Before the state is marked: what is marked is deleted, whatever is cut off.
    async fn schedule_deletion(
        &self,
        id: InvitationId,
        digest: &str,
        now: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let deletion = Write::Insert {
            key: outbox::state_key(now + LIFETIME, id, digest),
            fields: rows::intent(now)?,
        };
        access::insert_once(&*self.table, &outbox::partition(id), &[deletion]).await?;
        Ok(())
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

/// Only a digest is stored: the state names the invitation.
fn digest(state: &str) -> String {
    let digest = Sha256::digest(state);
    digest
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
