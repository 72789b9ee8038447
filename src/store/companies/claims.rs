//! The claims: which company a customer number belongs to.

use super::{
    Companies, Existing, Fields, Found, InvitationId, Place, Read, StoreError, Write, access,
    rows::{self, Claim},
};
use crate::{
    domain::invitation::State,
    store::table::{ETag, Row},
};

/// The one row of a claim's partition.
const CLAIM: &str = "claim";
/// Begins the partition of a claim.
const CLAIMS: &str = "claim-";

impl Companies {
    /// What the claim leads to. A company that an earlier version created without a claim gets one.
    pub(super) async fn find_claimed(&self, number: &str) -> Result<Found, StoreError> {
        if let Some(found) = self.read_claim(number).await? {
            return Ok(found);
        }
        if self.is_upgraded().await? {
            return Ok(Found::Unclaimed);
        }
        let Some(creator) = self.find_unclaimed(number).await? else {
            return Ok(Found::Unclaimed);
        };
        self.insert_claim(number, creator).await?;
        let found = self.read_claim(number).await?;
        Ok(found.unwrap_or(Found::Unclaimed))
    }

    /// What the claim leads to; `None` where there is none.
    pub(super) async fn read_claim(&self, number: &str) -> Result<Option<Found>, StoreError> {
        let Some(row) = self.table.get(&partition(number), CLAIM).await? else {
            return Ok(None);
        };
        let claim = rows::read_claim(&row.fields)?;
        Ok(Some(match self.find_created(claim.invitation).await? {
            Some(existing) => Found::Company(existing),
            None => Found::Claimed(claim, row.etag),
        }))
    }

    /// `false` where there is one, whose ever it is.
    pub(super) async fn insert_new_claim(
        &self,
        number: &str,
        id: InvitationId,
    ) -> Result<bool, StoreError> {
        let (partition, insert) = (partition(number), [new_claim(id)]);
        let written = access::commit_unless_changed(&*self.table, &partition, &insert).await?;
        Ok(written.is_some())
    }

    /// `false` where a colleague was faster, not where an earlier attempt of this call was.
    pub(super) async fn insert_claim(
        &self,
        number: &str,
        id: InvitationId,
    ) -> Result<bool, StoreError> {
        self.write_claim(number, new_claim(id), id).await
    }

    /// Writes the claim, unless it changed since it was read. A change that names the invitation
    /// is as good: it came after the reading, and so after that of the invitation's own row. It is
    /// an earlier attempt, whose answer was lost, or another request of the same recipient.
    async fn write_claim(
        &self,
        number: &str,
        write: Write,
        id: InvitationId,
    ) -> Result<bool, StoreError> {
        let partition = partition(number);
        let written = access::commit_unless_changed(&*self.table, &partition, &[write]).await?;
        if written.is_some() {
            return Ok(true);
        }
        let Some(row) = self.table.get(&partition, CLAIM).await? else {
            return Ok(false);
        };
        Ok(rows::read_claim(&row.fields)?.invitation == id)
    }

    /// Takes a claim, whose company does not exist, over from the invitation that it names, which
    /// is fenced before; or affirms the own one. `false` where a colleague was faster.
    pub(super) async fn take_claim(
        &self,
        number: &str,
        claim: &Claim,
        etag: &ETag,
        id: InvitationId,
    ) -> Result<bool, StoreError> {
        if claim.invitation != id && !self.exclude(claim).await? {
            return Ok(false);
        }
        let replace = Write::Replace {
            key: CLAIM.to_owned(),
            if_match: etag.clone(),
            fields: own_claim(id),
        };
        self.write_claim(number, replace, id).await
    }

    /// Makes sure that the invitation which a claim names will not create the company any more.
    /// `false` where it has, or where that has to be decided anew.
    async fn exclude(&self, claim: &Claim) -> Result<bool, StoreError> {
        match self.invitations.read(claim.invitation).await? {
            Read::Live(holder) if holder.invitation.is_completed() => Ok(false),
            Read::Live(holder) => self.invitations.fence(&holder).await,
            Read::Erased | Read::Missing => Ok(!self.survives(claim).await?),
        }
    }

    /// Whether the company of a claim exists though its creator is erased or purged. If it does
    /// not, it never will: once the creator has left, no one can write its row.
    async fn survives(&self, claim: &Claim) -> Result<bool, StoreError> {
        self.leave(claim.company, claim.invitation).await?;
        let found = self.find_created(claim.invitation).await?;
        Ok(found.is_some())
    }

    /// Lets an invitation that is erased or purged go: out of the company that its customer number
    /// leads to, or out of the claim, which is deleted if no one can create the company any more.
    pub(super) async fn release_claim(
        &self,
        partition: &str,
        id: InvitationId,
    ) -> Result<(), StoreError> {
        let Some(row) = self.table.get(partition, CLAIM).await? else {
            return Ok(());
        };
        let claim = rows::read_claim(&row.fields)?;
        let may_create = claim.invitation != id && self.may_create(claim.invitation).await?;
        let exists = if may_create {
            self.find_created(claim.invitation).await?.is_some()
        } else {
            self.survives(&claim).await?
        };
        // The company may end with this member, and its claim with it, unless an attempt without an
        // answer has left the claim.
        if exists {
            self.leave(claim.company, id).await?;
        }
        if may_create || (exists && self.find_created(claim.invitation).await?.is_some()) {
            return Ok(());
        }
        access::commit_unless_changed(&*self.table, partition, &[access::deletion(&row)])
            .await
            .map(drop)
    }

    /// Passes the claim of a company that is about to be deleted on to another company of this
    /// number, which an earlier version may have created.
    pub(super) async fn pass_claim_on(&self, existing: &Existing) -> Result<(), StoreError> {
        let Some(number) = existing.customer_number.as_deref() else {
            return Ok(());
        };
        let Some(creator) = self.find_unclaimed(number).await? else {
            return Ok(());
        };
        let Some(row) = self.claim_of(number, existing).await? else {
            return Ok(());
        };
        let replace = Write::Replace {
            key: CLAIM.to_owned(),
            if_match: row.etag,
            fields: own_claim(creator),
        };
        let partition = partition(number);
        access::commit_unless_changed(&*self.table, &partition, &[replace])
            .await
            .map(drop)
    }

    /// Deletes the claim that leads to a company which is deleted.
    pub(super) async fn delete_claim(&self, existing: &Existing) -> Result<(), StoreError> {
        let Some(number) = existing.customer_number.as_deref() else {
            return Ok(());
        };
        let Some(row) = self.claim_of(number, existing).await? else {
            return Ok(());
        };
        let deletion = [access::deletion(&row)];
        access::commit_unless_changed(&*self.table, &partition(number), &deletion)
            .await
            .map(drop)
    }

    /// The claim of this number, if it leads to the company.
    async fn claim_of(&self, number: &str, existing: &Existing) -> Result<Option<Row>, StoreError> {
        let Some(row) = self.table.get(&partition(number), CLAIM).await? else {
            return Ok(None);
        };
        let claim = rows::read_claim(&row.fields)?;
        Ok((claim.company == existing.id).then_some(row))
    }

    async fn may_create(&self, id: InvitationId) -> Result<bool, StoreError> {
        let holder = self.invitations.find(id).await?;
        Ok(holder.is_some_and(|holder| match holder.state {
            State::Accepted { .. } | State::Completed { .. } => true,
            State::Pending | State::Revoked { .. } => false,
        }))
    }
}

fn own_claim(id: InvitationId) -> Fields {
    rows::claim(&Claim {
        invitation: id,
        company: id.company_id(),
    })
}

fn new_claim(id: InvitationId) -> Write {
    Write::Insert {
        key: CLAIM.to_owned(),
        fields: own_claim(id),
    }
}

fn partition(number: &str) -> String {
    format!("{CLAIMS}{}", rows::digest("customer-claim/1", number))
}

/// Where the claim of a customer number is.
pub(super) fn place(number: &str) -> Place {
    (partition(number), CLAIM.to_owned())
}

/// Whether the partition is that of a claim.
pub(super) fn is_claim(partition: &str) -> bool {
    partition.starts_with(CLAIMS)
}
