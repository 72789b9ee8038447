//! One company per customer number, however many colleagues are invited.
//!
//! A *claim* names, for each customer number, the company and the invitation that creates it. The
//! rules, which `docs/STORE.md` derives:
//!
//! 1. An invitation completes only after its own row was read and then the claim was written, in
//!    this order; the completion is conditional on the row that was read.
//! 2. A claim is taken over only after the invitation that it names was read as not completed and
//!    then *fenced*, which gives its row a new version; the takeover is conditional on the claim as
//!    it was read before that.
//! 3. A company is deleted with its last member. A claim that leads to no company, and to no
//!    invitation that may still create one, is taken over like any other.

use std::sync::Arc;

use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    access::{self, ATTEMPTS, MAX_WRITES, deletion},
    error::StoreError,
    invitations::{Invitations, Outcome, Read, Stored},
    rows::{self, Claim, SharedCompany},
    table::{ETag, Fields, Range, Row, Table, TableError, Write},
};
use crate::domain::{
    company::Company,
    invitation::{Account, CreatedCompany, Event, Invitation, InvitationId, Refusal, State},
};

/// The one row of a claim's partition.
const CLAIM: &str = "claim";
/// Begins the partition of a claim.
const CLAIMS: &str = "claim-";
/// Begins the partition of a company.
const COMPANIES: &str = "company-";

/// The companies and their members.
#[derive(Clone, Debug)]
pub struct Companies {
    table: Arc<dyn Table>,
    invitations: Invitations,
    /// How often a completion is retried before it is given up.
    attempts: usize,
}

/// What became of a completion.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "returned once, and matched at once"
)]
pub enum Completion {
    /// As any transition.
    Done(Outcome),
    /// A colleague has created the company of this customer number: it can be joined.
    Exists(Existing),
    /// There is no company to join: it can be created.
    Absent,
}

/// A company that exists, without people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Existing {
    /// Its id.
    pub id: Uuid,
    /// As its creator confirmed it.
    pub company: Company,
    /// The invitation of its creator.
    pub created_by: InvitationId,
    /// When it was created.
    pub created_at: OffsetDateTime,
}

/// What the claim of a customer number leads to.
#[expect(
    clippy::large_enum_variant,
    reason = "returned once, and matched at once"
)]
enum Found {
    /// Nothing.
    Unclaimed,
    /// This invitation may create the company, or another one once it is fenced.
    Claimed(Claim, ETag),
    /// The company exists.
    Company(Existing, Claim, ETag),
}

impl Companies {
    /// Over a table.
    pub(super) fn new(table: Arc<dyn Table>, invitations: Invitations) -> Self {
        Self {
            table,
            invitations,
            attempts: ATTEMPTS,
        }
    }

    /// Creates the company and completes the invitation, once; a repetition finds it done. Where a
    /// colleague has created the company of this customer number, nothing changes.
    ///
    /// # Errors
    /// Where the table fails, or too many colleagues contend.
    pub async fn create(
        &self,
        id: InvitationId,
        by: Account,
        company: &Company,
        now: OffsetDateTime,
    ) -> Result<Completion, StoreError> {
        let mut answer_lost = false;
        for _ in 0..self.attempts {
            let stored = match self.read_for(id, by).await? {
                Ok(stored) => stored,
                Err(outcome) => return Ok(Completion::Done(outcome)),
            };
            let next = match stored.invitation.clone().complete(by, company, now) {
                Ok(next) => next,
                Err(refusal) => return Ok(refused(refusal, *stored)),
            };
            if let Some(partition) = claim_of(&stored.invitation) {
                match self.find_claimed(&partition).await? {
                    Found::Company(existing, ..) => return Ok(Completion::Exists(existing)),
                    Found::Unclaimed if self.insert_claim(&partition, id).await? => {}
                    Found::Claimed(claim, etag)
                        if self.take_claim(&partition, &claim, &etag, id).await? => {}
                    Found::Unclaimed | Found::Claimed(..) => continue,
                }
            }
            let row = rows::company(&id.company_id().to_string(), company)?;
            match self.finish(&stored, next, row, &mut answer_lost).await? {
                None => {}
                Some(invitation) => {
                    self.record_created(&invitation, company).await?;
                    return Ok(Completion::Done(Outcome::Done(invitation)));
                }
            }
        }
        Err(StoreError::contended("one customer number"))
    }

    /// Joins the company of the customer number and completes the invitation, once; a repetition
    /// finds it done. `company` is the shared company with the person who joins.
    ///
    /// # Errors
    /// Where the table fails, or too many colleagues contend.
    pub async fn join(
        &self,
        id: InvitationId,
        by: Account,
        with_person: impl Fn(&Company) -> Company,
        now: OffsetDateTime,
    ) -> Result<Completion, StoreError> {
        let mut answer_lost = false;
        for _ in 0..self.attempts {
            let stored = match self.read_for(id, by).await? {
                Ok(stored) => stored,
                Err(outcome) => return Ok(Completion::Done(outcome)),
            };
            let Some(partition) = claim_of(&stored.invitation) else {
                return Ok(Completion::Absent);
            };
            let Found::Company(existing, claim, etag) = self.find_claimed(&partition).await? else {
                return Ok(Completion::Absent);
            };
            let company = CreatedCompany {
                id: existing.id,
                name: existing.company.name().to_owned(),
            };
            let next = match stored.invitation.clone().join(by, company, now) {
                Ok(next) => next,
                Err(refusal) => return Ok(refused(refusal, *stored)),
            };
            if !self.add_member(existing.id, id).await? {
                continue;
            }
            if !self.write_claim(&partition, &claim, &etag).await? {
                self.leave(existing.id, id).await?;
                continue;
            }
            let own = with_person(&existing.company);
            let row = rows::company(&existing.id.to_string(), &own)?;
            if let Some(invitation) = self.finish(&stored, next, row, &mut answer_lost).await? {
                return Ok(Completion::Done(Outcome::Done(invitation)));
            }
        }
        Err(StoreError::contended("one customer number"))
    }

    /// The company that an invitation of this customer number would join.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn find_for(&self, invitation: &Invitation) -> Result<Option<Existing>, StoreError> {
        let Some(partition) = claim_of(invitation) else {
            return Ok(None);
        };
        Ok(match self.find_claimed(&partition).await? {
            Found::Company(existing, ..) => Some(existing),
            Found::Unclaimed | Found::Claimed(..) => None,
        })
    }

    /// The invitations that belong to a company.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn members(&self, company: Uuid) -> Result<Vec<Invitation>, StoreError> {
        let rows = self.rows_of_company(company).await?;
        let mut members = Vec::new();
        for id in rows
            .iter()
            .filter_map(|row| rows::read_member_key(&row.key))
        {
            let found = self.invitations.find(id).await?;
            members.extend(found.filter(|member| member.company_id() == Some(company)));
        }
        Ok(members)
    }

    /// The invitation, if it is to be completed by this account; otherwise what that comes to.
    async fn read_for(
        &self,
        id: InvitationId,
        by: Account,
    ) -> Result<Result<Box<Stored>, Outcome>, StoreError> {
        Ok(match self.invitations.read(id).await? {
            Read::Live(stored)
                if stored.invitation.owner() == Some(by) && stored.invitation.is_completed() =>
            {
                Err(Outcome::Done(stored.invitation))
            }
            Read::Live(stored) => Ok(stored),
            Read::Erased => Err(Outcome::Erased),
            Read::Missing => Err(Outcome::Missing),
        })
    }

    /// The transaction that completes the invitation; `None` where it has to be decided anew.
    async fn finish(
        &self,
        stored: &Stored,
        next: (Invitation, Event),
        company: Fields,
        answer_lost: &mut bool,
    ) -> Result<Option<Invitation>, StoreError> {
        let row = Write::Insert {
            key: rows::COMPANY.to_owned(),
            fields: company,
        };
        match self.invitations.write(stored, &next, vec![row], None).await {
            Ok(_) => Ok(Some(next.0)),
            Err(TableError::Exists | TableError::Changed) => Ok(None),
            // The write may have arrived: read once more.
            Err(TableError::Unavailable { .. }) if !*answer_lost => {
                *answer_lost = true;
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn find_claimed(&self, partition: &str) -> Result<Found, StoreError> {
        let Some(row) = self.table.get(partition, CLAIM).await? else {
            return Ok(Found::Unclaimed);
        };
        let claim = rows::read_claim(&row.fields)?;
        Ok(match self.find_company(&claim).await? {
            Some(existing) => Found::Company(existing, claim, row.etag),
            None => Found::Claimed(claim, row.etag),
        })
    }

    /// The company of a claim. The row that its creator has not written yet is written.
    async fn find_company(&self, claim: &Claim) -> Result<Option<Existing>, StoreError> {
        let partition = partition(claim.company);
        if let Some(row) = self.table.get(&partition, rows::COMPANY).await? {
            return existing(claim.company, &row).map(Some);
        }
        let Read::Live(stored) = self.invitations.read(claim.invitation).await? else {
            return Ok(None);
        };
        let creator = stored.invitation;
        if creator.company_id() != Some(claim.company) {
            return Ok(None);
        }
        let own = creator.id.to_string();
        let Some(row) = self.table.get(&own, rows::COMPANY).await? else {
            // It was erased after it was read.
            return Ok(None);
        };
        self.record_created(&creator, &rows::read_company(&row.fields)?)
            .await?;
        let row = self.table.get(&partition, rows::COMPANY).await?;
        row.map(|row| existing(claim.company, &row)).transpose()
    }

    /// Writes the rows of a company that an invitation has created.
    async fn record_created(
        &self,
        creator: &Invitation,
        company: &Company,
    ) -> Result<(), StoreError> {
        let State::Completed { at, .. } = &creator.state else {
            return Ok(());
        };
        if creator.has_joined() || claim_of(creator).is_none() {
            return Ok(());
        }
        let shared = SharedCompany {
            company: company.clone().without_person(),
            created_by: creator.id,
            created_at: *at,
        };
        let writes = [
            Write::Insert {
                key: rows::COMPANY.to_owned(),
                fields: rows::shared_company(&shared)?,
            },
            member(creator.id),
        ];
        let partition = partition(creator.id.company_id());
        Ok(access::insert_once(&*self.table, &partition, &writes).await?)
    }

    /// `false` where a colleague was faster.
    async fn insert_claim(&self, partition: &str, id: InvitationId) -> Result<bool, StoreError> {
        let insert = Write::Insert {
            key: CLAIM.to_owned(),
            fields: rows::claim(&own_claim(id)),
        };
        let written = access::commit_unless_changed(&*self.table, partition, &[insert]).await?;
        Ok(written.is_some())
    }

    /// Takes a claim, whose company does not exist, over from the invitation that it names, which
    /// is fenced before; or affirms the own one. `false` where a colleague was faster.
    async fn take_claim(
        &self,
        partition: &str,
        claim: &Claim,
        etag: &ETag,
        id: InvitationId,
    ) -> Result<bool, StoreError> {
        if claim.invitation != id
            && let Read::Live(holder) = self.invitations.read(claim.invitation).await?
        {
            let has_completed = holder.invitation.is_completed();
            if has_completed || !self.invitations.fence(&holder).await? {
                return Ok(false);
            }
        }
        self.write_claim(partition, &own_claim(id), etag).await
    }

    /// `false` where a colleague was faster.
    async fn write_claim(
        &self,
        partition: &str,
        claim: &Claim,
        if_match: &ETag,
    ) -> Result<bool, StoreError> {
        let replace = Write::Replace {
            key: CLAIM.to_owned(),
            if_match: if_match.clone(),
            fields: rows::claim(claim),
        };
        let written = access::commit_unless_changed(&*self.table, partition, &[replace]).await?;
        Ok(written.is_some())
    }

    /// `false` where the company was changed or deleted.
    async fn add_member(&self, company: Uuid, id: InvitationId) -> Result<bool, StoreError> {
        let partition = partition(company);
        let Some(row) = self.table.get(&partition, rows::COMPANY).await? else {
            return Ok(false);
        };
        let writes = [renewed(&row), member(id)];
        match self.table.commit(&partition, &writes).await {
            // From an earlier attempt.
            Ok(_) | Err(TableError::Exists) => Ok(true),
            Err(TableError::Changed) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes a member; the last one takes the company along.
    pub(super) async fn leave(&self, company: Uuid, id: InvitationId) -> Result<(), StoreError> {
        let partition = partition(company);
        for _ in 0..ATTEMPTS {
            let rows = self.rows_of_company(company).await?;
            let Some(own) = rows.iter().find(|row| row.key == rows::COMPANY) else {
                return Ok(());
            };
            let (gone, left) = self.without(company, id, &rows).await?;
            if left > 0 && gone.is_empty() {
                return Ok(());
            }
            let ends = left == 0 && gone.len() < MAX_WRITES;
            let first = if ends { deletion(own) } else { renewed(own) };
            let others = gone.into_iter().map(deletion).take(MAX_WRITES - 1);
            let writes: Vec<_> = std::iter::once(first).chain(others).collect();
            let written = access::commit_unless_changed(&*self.table, &partition, &writes).await?;
            if written.is_some() && (ends || left > 0) {
                return Ok(());
            }
        }
        Err(StoreError::contended("one company"))
    }

    /// The rows of the members that no longer belong to the company, this one among them, and how
    /// many others belong to it, or are about to.
    async fn without<'a>(
        &self,
        company: Uuid,
        id: InvitationId,
        rows: &'a [Row],
    ) -> Result<(Vec<&'a Row>, usize), StoreError> {
        let (mut gone, mut left) = (Vec::new(), 0);
        for row in rows {
            let Some(member) = rows::read_member_key(&row.key) else {
                continue;
            };
            if member != id && self.belongs(member, company).await? {
                left += 1;
            } else {
                gone.push(row);
            }
        }
        Ok((gone, left))
    }

    /// Whether the member completed with the company, or is about to.
    async fn belongs(&self, id: InvitationId, company: Uuid) -> Result<bool, StoreError> {
        let member = self.invitations.find(id).await?;
        Ok(member.is_some_and(|member| match &member.state {
            State::Accepted { .. } => true,
            State::Completed { company: own, .. } => own.id == company,
            State::Pending | State::Revoked { .. } => false,
        }))
    }

    async fn rows_of_company(&self, company: Uuid) -> Result<Vec<Row>, StoreError> {
        access::rows_of(&*self.table, &partition(company), Range::default()).await
    }
}

fn refused(refusal: Refusal, stored: Stored) -> Completion {
    Completion::Done(Outcome::Refused(refusal, stored.invitation))
}

fn existing(id: Uuid, row: &Row) -> Result<Existing, StoreError> {
    let SharedCompany {
        company,
        created_by,
        created_at,
    } = rows::read_shared_company(&row.fields)?;
    Ok(Existing {
        id,
        company,
        created_by,
        created_at,
    })
}

fn own_claim(id: InvitationId) -> Claim {
    Claim {
        invitation: id,
        company: id.company_id(),
    }
}

fn member(id: InvitationId) -> Write {
    Write::Insert {
        key: rows::member_key(id),
        fields: Fields::new(),
    }
}

/// The same row in a new version, so that a transaction that was decided on the old one fails.
fn renewed(row: &Row) -> Write {
    Write::Replace {
        key: row.key.clone(),
        if_match: row.etag.clone(),
        fields: row.fields.clone(),
    }
}

fn partition(company: Uuid) -> String {
    format!("{COMPANIES}{company}")
}

/// The partition of the claim of the invitation's customer number; `None` without a number.
fn claim_of(invitation: &Invitation) -> Option<String> {
    let number = invitation.terms.company.customer_number.as_deref()?;
    Some(format!(
        "{CLAIMS}{}",
        rows::digest("customer-claim/1", number)
    ))
}

#[cfg(test)]
mod tests;
