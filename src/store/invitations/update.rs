//! A change of what the seller said.
//!
//! Another mailbox or customer number puts the invitation into further partitions of the index. The
//! invitation notes them before they are written, so that an erasure finds them whatever is killed
//! in between.

use time::OffsetDateTime;
use uuid::Uuid;

use super::{Conditions, Invitations, Outcome, Read, Stored};
use crate::{
    domain::invitation::{Invitation, InvitationId, Terms, Transition, caused_by},
    store::{
        access::{self, Retries},
        error::StoreError,
        index, rows,
        table::{TableError, Write},
    },
};

impl Invitations {
    /// Changes a pending invitation under these conditions; `None` where it has another version,
    /// and the error of `patch` where that rejects what is there. `patch` gives the terms and the
    /// expiry, or nothing where nothing changes.
    ///
    /// # Errors
    /// Where the table fails, or people contend for the invitation.
    pub async fn update<E>(
        &self,
        id: InvitationId,
        conditions: Conditions<'_>,
        now: OffsetDateTime,
        patch: impl Fn(&Invitation) -> Result<Option<(Terms, OffsetDateTime)>, E>,
    ) -> Result<Result<Option<Outcome>, E>, StoreError> {
        let mark = conditions
            .invocation
            .unwrap_or_else(Uuid::new_v4)
            .to_string();
        let mut version = conditions.version.cloned();
        let (mut retries, mut answer_lost, mut tried) = (Retries::default(), false, None);
        loop {
            let stored = match self.read(id).await? {
                Read::Live(stored) => stored,
                Read::Erased => return Ok(Ok(Some(Outcome::Erased))),
                Read::Missing => return Ok(Ok(Some(Outcome::Missing))),
            };
            if self.is_event_of(id, tried, &mark).await? {
                return Ok(Ok(Some(Outcome::Done(stored.invitation))));
            }
            if version
                .as_ref()
                .is_some_and(|version| *version != stored.etag)
            {
                return Ok(Ok(None));
            }
            let (terms, expires_at) = match patch(&stored.invitation) {
                Ok(Some(patched)) => patched,
                Ok(None) => return Ok(Ok(Some(unchanged(stored.invitation, now)))),
                Err(error) => return Ok(Err(error)),
            };
            let next = match stored.invitation.clone().update(terms, expires_at, now) {
                Ok(next) => caused_by(next, conditions.staff),
                Err(refusal) => {
                    return Ok(Ok(Some(Outcome::Refused(refusal, stored.invitation))));
                }
            };
            tried = Some(next.1.number);
            let noted = self.note_places(*stored, &next.0).await?;
            version = version.and(noted.as_ref().map(|stored| stored.etag.clone()));
            if let Some(stored) = noted {
                match self.write_update(&stored, &next, &mark).await {
                    Ok(()) => return Ok(Ok(Some(Outcome::Done(next.0)))),
                    Err(TableError::Exists | TableError::Changed) => {}
                    // The write may have arrived: read once more.
                    Err(TableError::Unavailable { .. }) if !answer_lost => answer_lost = true,
                    Err(error) => return Err(error.into()),
                }
            } else if conditions.version.is_some() {
                return Ok(Ok(None));
            }
            if !retries.again().await {
                return Err(StoreError::Contended("one invitation"));
            }
        }
    }

    /// Notes in the invitation where its index rows will be; `None` where another writer was
    /// faster.
    async fn note_places(
        &self,
        stored: Stored,
        next: &Invitation,
    ) -> Result<Option<Stored>, StoreError> {
        let known = index::of_people(&stored.invitation);
        if index::of_people(next)
            .iter()
            .all(|place| known.contains(place))
        {
            return Ok(Some(stored));
        }
        let invitation = Invitation {
            former: stored.invitation.former.clone().with(&next.terms),
            ..stored.invitation.clone()
        };
        let fields = stored.fields_of(&invitation)?;
        let write = Write::Replace {
            key: rows::INVITATION.to_owned(),
            if_match: stored.etag.clone(),
            fields,
        };
        let partition = invitation.id.to_string();
        let written = access::commit_unless_changed(&*self.table, &partition, &[write]).await?;
        let etag = written.and_then(|etags| etags.into_iter().flatten().next());
        Ok(etag.map(|etag| Stored {
            invitation,
            etag,
            history: None,
            ..stored
        }))
    }

    /// The index rows, then the transaction, which also deletes the codes that were mailed to
    /// another mailbox.
    async fn write_update(
        &self,
        stored: &Stored,
        next: &Transition,
        mark: &str,
    ) -> Result<(), TableError> {
        self.index.add_people(&next.0).await?;
        let mut more = Vec::new();
        if next.1.details.mailbox_changed {
            let partition = next.0.id.to_string();
            let codes = self.table.get(&partition, rows::CODE).await?;
            more.extend(codes.iter().map(access::deletion));
        }
        self.write(stored, next, more, Some(mark)).await.map(drop)
    }
}

/// Nothing changes; but an invitation that cannot be changed refuses even that.
fn unchanged(invitation: Invitation, now: OffsetDateTime) -> Outcome {
    match invitation.require_pending(now) {
        Ok(()) => Outcome::Done(invitation),
        Err(refusal) => Outcome::Refused(refusal, invitation),
    }
}
