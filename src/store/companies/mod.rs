//! One company per customer number, however many colleagues are invited.
//!
//! A *claim* names, for each customer number, the company and the invitation that creates it. The
//! rules, which `docs/STORE.md` derives:
//!
//! 1. An invitation creates only after its own row was read and then the claim was written, in this
//!    order; it joins only after its own row was read and then the company's was written. Either
//!    completion is conditional on the row that was read.
//! 2. A claim is taken over only after the invitation that it names was read as not completed and
//!    then *fenced*, which gives its row a new version; or, where it is erased or purged, after it
//!    left its company, which then did not exist. The takeover is conditional on the claim as it was
//!    read before that.
//! 3. A company is deleted with its last member, after everyone who is about to join was fenced;
//!    the deletion is conditional on the company as it was read before that. A claim that leads to
//!    no company, and to no invitation that may still create one, is taken over like any other.

mod claims;
mod members;
mod older;

use std::{
    collections::BTreeSet,
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use time::OffsetDateTime;
use tokio::time::Instant;
use uuid::Uuid;

use super::{
    access::{self, Retries},
    error::StoreError,
    index::Index,
    invitations::{Invitations, Outcome, Read, Stored, VersionedInvitation},
    rows::{self, Claim, Place, SharedCompany},
    table::{ETag, Fields, Row, Table, TableError, Write},
};
use crate::domain::{
    company::{Company, Person},
    invitation::{Account, CreatedCompany, Event, Invitation, InvitationId, Refusal},
};
pub use members::Member;
pub(super) use older::UPGRADES;

/// How long a claim is left to a colleague who has not completed: far longer than the few writes
/// that this takes.
const HOLDING: Duration = Duration::from_millis(500);

/// The companies and their members.
#[derive(Clone, Debug)]
pub struct Companies {
    table: Arc<dyn Table>,
    invitations: Invitations,
    index: Index,
    /// Whether the timer has written the rows for all companies of earlier versions.
    is_upgraded: Arc<AtomicBool>,
    /// How often a contended step is tried, where that is counted.
    attempts: Option<usize>,
}

/// What became of a creation.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "returned once, and matched at once"
)]
pub enum Completion {
    /// As any transition.
    Done(Outcome),
    /// A colleague has created the company: it can be joined.
    Exists(Existing),
}

/// A company that exists, without people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Existing {
    /// Its id.
    pub id: Uuid,
    /// As its creator confirmed it.
    pub company: Company,
    /// How the seller knows the customer.
    pub customer_number: Option<String>,
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
    Company(Existing),
}

impl Companies {
    /// Over a table.
    pub(super) fn new(table: Arc<dyn Table>, invitations: Invitations, index: Index) -> Self {
        Self {
            table,
            invitations,
            index,
            is_upgraded: Arc::default(),
            attempts: None,
        }
    }

    /// Creates the company and completes the invitation, once; a repetition finds it done. Where a
    /// colleague has created the company, nothing changes.
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
        self.create_from(None, id, by, (company, now)).await
    }

    /// As [`Companies::create`], without reading the invitation again unless it has changed.
    ///
    /// # Errors
    /// As [`Companies::create`].
    pub async fn create_if_unchanged(
        &self,
        VersionedInvitation(stored): VersionedInvitation,
        by: Account,
        company: &Company,
        now: OffsetDateTime,
    ) -> Result<Completion, StoreError> {
        let id = stored.invitation.id;
        self.create_from(Some(stored), id, by, (company, now)).await
    }

    /// The first round decides on `known`, if it is given.
    async fn create_from(
        &self,
        mut known: Option<Box<Stored>>,
        id: InvitationId,
        by: Account,
        (company, now): (&Company, OffsetDateTime),
    ) -> Result<Completion, StoreError> {
        let (mut retries, mut progress) = (self.retries(), Progress::default());
        loop {
            let read = match known.take() {
                Some(stored) => Read::Live(stored),
                None => self.invitations.read(id).await?,
            };
            let stored = match to_complete(read, by) {
                Ok(stored) => stored,
                Err(outcome) => return Ok(Completion::Done(*outcome)),
            };
            let round = self.create_once(stored, by, (company, now), &mut progress);
            match round.await? {
                Some(completion) => return Ok(completion),
                None if retries.again().await => {}
                None => return Err(StoreError::contended("one customer number")),
            }
        }
    }

    /// One round; `None` where it has to be decided anew.
    async fn create_once(
        &self,
        stored: Box<Stored>,
        by: Account,
        (company, now): (&Company, OffsetDateTime),
        progress: &mut Progress,
    ) -> Result<Option<Completion>, StoreError> {
        let id = stored.invitation.id;
        let next = match stored.invitation.clone().complete(by, company, now) {
            Ok(next) => next,
            Err(refusal) => return Ok(Some(Completion::Done(refused(refusal, *stored)))),
        };
        match self.claim(&stored.invitation, progress).await? {
            Claimed::Mine => {}
            Claimed::Taken => return Ok(None),
            // Another press of the same recipient completed it since it was read. Where that is
            // not so, either, the table was restored from an export of a running service.
            Claimed::Exists(existing) if existing.created_by == id => {
                if !std::mem::replace(&mut progress.is_own_seen, true) {
                    return Ok(None);
                }
            }
            Claimed::Exists(existing) => return Ok(Some(Completion::Exists(existing))),
        }
        let Some(member) = self.enter(id.company_id(), id).await? else {
            return Ok(None);
        };
        let row = rows::company(&id.company_id().to_string(), company)?;
        let finished = self.finish(&stored, next, row, &mut progress.answer_lost);
        let Some(created) = finished.await? else {
            return Ok(None);
        };
        // Without a number it is found by its id alone, which few look for: the first reader writes
        // the row.
        if number_of(&created).is_some() {
            self.record(&created, company, member).await?;
        }
        Ok(Some(Completion::Done(Outcome::Done(created))))
    }

    /// With so many attempts at contended steps, without pauses.
    #[cfg(test)]
    pub(super) fn counted(&self, attempts: usize) -> Self {
        Self {
            attempts: Some(attempts),
            ..self.clone()
        }
    }

    /// Whether the claim may be taken over. Who holds it may be completing: where all colleagues
    /// took it at once, none would come to an end.
    fn may_take(
        &self,
        claim: &Claim,
        etag: &ETag,
        invitation: &Invitation,
        progress: &mut Progress,
    ) -> bool {
        if claim.invitation == invitation.id || self.attempts.is_some() {
            return true;
        }
        let now = Instant::now();
        let (seen, since) = progress.held.get_or_insert_with(|| (etag.clone(), now));
        if seen != etag {
            (*seen, *since) = (etag.clone(), now);
        }
        now.duration_since(*since) >= HOLDING
    }

    fn retries(&self) -> Retries {
        self.attempts
            .map_or_else(Retries::default, Retries::counted)
    }

    /// Joins the company that a colleague has created and completes the invitation, once; a
    /// repetition finds it done. `with_person` adds the person who joins to the company. `None`
    /// where there is no company to join: it can be created.
    ///
    /// # Errors
    /// Where the table fails, or too many colleagues contend.
    pub async fn join(
        &self,
        id: InvitationId,
        by: Account,
        shown: Uuid,
        with_person: impl Fn(&Company) -> Company,
        now: OffsetDateTime,
    ) -> Result<Option<Outcome>, StoreError> {
        let (mut retries, mut answer_lost) = (self.retries(), false);
        loop {
            let stored = match to_complete(self.invitations.read(id).await?, by) {
                Ok(stored) => stored,
                Err(outcome) => return Ok(Some(*outcome)),
            };
            let found = self.find_for(&stored.invitation).await?;
            let Some(existing) = found.filter(|existing| existing.id == shown) else {
                return Ok(None);
            };
            let company = CreatedCompany {
                id: existing.id,
                name: existing.company.name().to_owned(),
            };
            let next = match stored.invitation.clone().join(by, company, now) {
                Ok(next) => next,
                Err(refusal) => return Ok(Some(refused(refusal, *stored))),
            };
            if self.add_member(existing.id, id).await? {
                let own = with_person(&existing.company);
                let row = rows::company(&existing.id.to_string(), &own)?;
                if let Some(joined) = self.finish(&stored, next, row, &mut answer_lost).await? {
                    return Ok(Some(Outcome::Done(joined)));
                }
            }
            if !retries.again().await {
                return Err(StoreError::contended("one customer number"));
            }
        }
    }

    /// The company with this id.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn find(&self, id: Uuid) -> Result<Option<Existing>, StoreError> {
        let rows = self.rows_of_company(id).await?;
        if let Some(row) = rows.iter().find(|row| row.key == rows::COMPANY) {
            return existing(id, row).map(Some);
        }
        let mut members = rows
            .iter()
            .filter_map(|row| rows::read_member_key(&row.key));
        match members.find(|member| member.company_id() == id) {
            Some(creator) => self.find_created(creator).await,
            None => Ok(None),
        }
    }

    /// The company of this customer number.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn find_by_number(&self, number: &str) -> Result<Option<Existing>, StoreError> {
        Ok(match self.find_claimed(number).await? {
            Found::Company(existing) => Some(existing),
            Found::Unclaimed | Found::Claimed(..) => None,
        })
    }

    /// The company that the recipient of this invitation would join.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn find_for(&self, invitation: &Invitation) -> Result<Option<Existing>, StoreError> {
        if let Some(id) = invitation.terms.company_id
            && let Some(existing) = self.find(id).await?
        {
            return Ok(Some(existing));
        }
        let Some(number) = number_of(invitation) else {
            return Ok(None);
        };
        // Where there is no claim yet, the creation searches companies of earlier versions.
        Ok(match self.read_claim(number).await? {
            Some(Found::Company(existing)) => Some(existing),
            Some(Found::Unclaimed | Found::Claimed(..)) | None => None,
        })
    }

    /// Who created the company; `None` where it is not known any more.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn creator(&self, existing: &Existing) -> Result<Option<Person>, StoreError> {
        let partition = existing.created_by.to_string();
        let row = self.table.get(&partition, rows::COMPANY).await?;
        let company = row.map(|row| rows::read_company(&row.fields)).transpose()?;
        Ok(company.map(|company| company.contact().clone()))
    }

    /// The claim of the customer number, where the invitation has one.
    async fn claim(
        &self,
        invitation: &Invitation,
        progress: &mut Progress,
    ) -> Result<Claimed, StoreError> {
        if let Some(id) = invitation.terms.company_id
            && let Some(existing) = self.find(id).await?
        {
            return Ok(Claimed::Exists(existing));
        }
        let Some(number) = number_of(invitation) else {
            return Ok(Claimed::Mine);
        };
        // Most customer numbers have none: it is read only where there is one already.
        if self.is_upgraded().await? && self.insert_new_claim(number, invitation.id).await? {
            return Ok(Claimed::Mine);
        }
        let is_mine = match self.find_claimed(number).await? {
            Found::Company(existing) => return Ok(Claimed::Exists(existing)),
            Found::Unclaimed => self.insert_claim(number, invitation.id).await?,
            Found::Claimed(claim, etag) if self.may_take(&claim, &etag, invitation, progress) => {
                self.take_claim(number, &claim, &etag, invitation.id)
                    .await?
            }
            Found::Claimed(..) => false,
        };
        Ok(if is_mine {
            Claimed::Mine
        } else {
            Claimed::Taken
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
}

/// What the rounds of a creation have seen.
#[derive(Debug, Default)]
struct Progress {
    /// A write that had no answer: it may have arrived.
    answer_lost: bool,
    /// The company that this invitation has created.
    is_own_seen: bool,
    /// The claim of a colleague, and since when it is the same.
    held: Option<(ETag, Instant)>,
}

/// Whether an invitation may create the company of its customer number.
#[expect(
    clippy::large_enum_variant,
    reason = "returned once, and matched at once"
)]
enum Claimed {
    /// It may.
    Mine,
    /// A colleague was faster: decide anew.
    Taken,
    /// There is one already.
    Exists(Existing),
}

/// Where the rows of a company can be that an invitation has left, whatever it came to.
pub(super) fn places(invitation: &Invitation) -> Vec<Place> {
    let id = invitation.id;
    let member_of = [invitation.terms.company_id, invitation.company_id()];
    let others = member_of.into_iter().flatten();
    let companies: BTreeSet<_> = others.chain([id.company_id()]).collect();
    let claim = number_of(invitation).map(claims::place);
    companies
        .into_iter()
        .map(|company| (members::partition(company), rows::member_key(id)))
        .chain(claim)
        .collect()
}

/// The invitation, if it is to be completed by this account; otherwise what that comes to.
fn to_complete(read: Read, by: Account) -> Result<Box<Stored>, Box<Outcome>> {
    match read {
        Read::Live(stored)
            if stored.invitation.owner() == Some(by) && stored.invitation.is_completed() =>
        {
            Err(Box::new(Outcome::Done(stored.invitation)))
        }
        Read::Live(stored) => Ok(stored),
        Read::Erased => Err(Box::new(Outcome::Erased)),
        Read::Missing => Err(Box::new(Outcome::Missing)),
    }
}

fn refused(refusal: Refusal, stored: Stored) -> Outcome {
    Outcome::Refused(refusal, stored.invitation)
}

fn existing(id: Uuid, row: &Row) -> Result<Existing, StoreError> {
    let SharedCompany {
        company,
        customer_number,
        created_by,
        created_at,
    } = rows::read_shared_company(&row.fields)?;
    Ok(Existing {
        id,
        company,
        customer_number,
        created_by,
        created_at,
    })
}

fn number_of(invitation: &Invitation) -> Option<&str> {
    invitation.terms.company.customer_number.as_deref()
}

/// The same row in a new version, so that a transaction that was decided on the old one fails.
fn renewed(row: &Row) -> Write {
    Write::Replace {
        key: row.key.clone(),
        if_match: row.etag.clone(),
        fields: row.fields.clone(),
    }
}

#[cfg(test)]
mod tests;
