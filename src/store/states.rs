//! The sign-in states that were used. A state is used once, on however many instances; only the
//! host's repetition of the very invocation that used it goes on where that one ended.
//!
//! What marks a state as used is a row of the outbox, whose key follows from the state and from when
//! its attempt ends, and which is due shortly after that. So the row that says that a state was used
//! is also the one that has it forgotten: a flood of callbacks leaves nothing behind, and costs what
//! is due. What the sign-in service vouched for is kept with the invitation.

use std::sync::Arc;

use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{
    access,
    error::StoreError,
    outbox::{DueState, Outbox},
    rows,
    table::{Fields, Table, Write},
};
use crate::{domain::invitation::InvitationId, seal::Sealer};

/// The column with what the sign-in service vouched for, sealed.
const VERIFIED: &str = "verified";
/// How long an attempt may take, as the cookie says that alone can bring its state back.
const ATTEMPT: Duration = Duration::hours(1);
/// The difference between two clocks.
const SKEW: Duration = Duration::minutes(5);

/// The used states.
#[derive(Clone, Debug)]
pub struct States {
    table: Arc<dyn Table>,
    sealer: Sealer,
    outbox: Outbox,
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

/// The result of marking a state as used, where the caller writes the mark in its own transaction.
#[derive(Debug)]
pub(super) enum Mark {
    /// The write that marks it: this is the first use.
    First(Write),
    /// The host repeats the invocation that used it.
    Repeated,
    /// Another request has used it.
    Spent,
}

/// A state that was used just now.
#[derive(Debug)]
pub struct UsedState {
    id: InvitationId,
    digest: String,
}

/// What the sign-in service vouched for when a state was used, to be kept for a repetition.
#[derive(Clone, Debug)]
pub struct Verified {
    id: InvitationId,
    pub(super) write: Write,
}

impl States {
    /// Over a table; `sealer` seals what is recorded.
    pub(super) fn new(table: Arc<dyn Table>, sealer: Sealer, outbox: Outbox) -> Self {
        Self {
            table,
            sealer,
            outbox,
        }
    }

    /// Marks a state, whose attempt ends at `ends`, as used: one call. By this invocation of the
    /// host where its id is known.
    ///
    /// # Errors
    /// Where the table fails. It may have been marked all the same.
    pub async fn use_once(
        &self,
        id: InvitationId,
        (state, ends): (&str, OffsetDateTime),
        invocation: Option<Uuid>,
        now: OffsetDateTime,
    ) -> Result<StateUse, StoreError> {
        let (digest, mark) = (digest(state), Uuid::new_v4().to_string());
        let fields = rows::used_state(&mark, invocation, now)?;
        let existing = self
            .outbox
            .mark_state(id, &digest, ends + SKEW, fields)
            .await?;
        let Some(row) = existing else {
            return Ok(StateUse::First(UsedState { id, digest }));
        };
        Ok(if rows::is_marked(&row.fields, &mark) {
            // Ours, where the adapter tried again after a first try that had arrived although its
            // answer was lost.
            StateUse::First(UsedState { id, digest })
        } else if rows::is_invoked_by(&row.fields, invocation) {
            StateUse::Repeated(self.recorded(id, &digest).await?)
        } else {
            StateUse::Spent
        })
    }

    /// The write that marks a state as used by this invocation, for a transaction with what that
    /// use causes.
    pub(super) async fn mark(
        &self,
        id: InvitationId,
        state: &str,
        invocation: Option<Uuid>,
        now: OffsetDateTime,
    ) -> Result<Mark, StoreError> {
        let digest = digest(state);
        let key = rows::state_key(&digest);
        if let Some(row) = self.table.get(&id.to_string(), &key).await? {
            let is_ours = rows::is_invoked_by(&row.fields, invocation);
            return Ok(if is_ours { Mark::Repeated } else { Mark::Spent });
        }
        self.outbox
            .schedule_deletion(id, &digest, now + ATTEMPT + SKEW, now)
            .await?;
        let fields = rows::used_state(&Uuid::new_v4().to_string(), invocation, now)?;
        Ok(Mark::First(Write::Insert { key, fields }))
    }

    /// What the sign-in service vouched for, so that a repetition needs no second token request: for
    /// the transaction with what it causes ([`super::Invitations::accept_if_unchanged`]), or for
    /// [`States::record`].
    ///
    /// # Errors
    /// Where it cannot be sealed.
    pub fn verified(&self, used: UsedState, verified: &[u8]) -> Result<Verified, StoreError> {
        let UsedState { id, digest } = used;
        let key = rows::state_key(&digest);
        let sealed = self
            .sealer
            .seal(&[VERIFIED, &id.to_string(), &key], verified)
            .ok_or(StoreError::Corrupt(VERIFIED))?;
        let fields = Fields::from([(VERIFIED.to_owned(), sealed)]);
        let write = Write::Insert { key, fields };
        Ok(Verified { id, write })
    }

    /// Records what the sign-in service vouched for, where nothing else is written.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn record(&self, verified: Verified) -> Result<(), StoreError> {
        let Verified { id, write } = verified;
        Ok(access::insert_once(&*self.table, &id.to_string(), &[write]).await?)
    }

    async fn recorded(
        &self,
        id: InvitationId,
        digest: &str,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let (partition, key) = (id.to_string(), rows::state_key(digest));
        let row = self.table.get(&partition, &key).await?;
        let sealed = row.as_ref().and_then(|row| row.fields.get(VERIFIED));
        Ok(sealed.and_then(|sealed| self.sealer.open(&[VERIFIED, &partition, &key], sealed)))
    }

    /// Deletes a state that can no longer come back, and soon the row that led to it.
    ///
    /// # Errors
    /// Where the table fails; a later tick finds it again.
    pub async fn forget(&self, due: &DueState) -> Result<(), StoreError> {
        let (partition, key) = (due.id.to_string(), rows::state_key(&due.digest));
        access::delete_row(&*self.table, &partition, &key).await?;
        self.outbox.finish_state(due);
        Ok(())
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
