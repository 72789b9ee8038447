//! The claims: which company a customer number belongs to.

use super::{
    Companies, Existing, Fields, Found, InvitationId, Place, Read, StoreError, Write, access,
    rows::{self, Claim},
};
use crate::{domain::invitation::State, store::table::ETag};

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
        if claim.invitation != id
            && let Read::Live(holder) = self.invitations.read(claim.invitation).await?
        {
            let has_completed = holder.invitation.is_completed();
            if has_completed || !self.invitations.fence(&holder).await? {
                return Ok(false);
            }
        }
        let replace = Write::Replace {
            key: CLAIM.to_owned(),
            if_match: etag.clone(),
            fields: own_claim(id),
        };
        self.write_claim(number, replace, id).await
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
        if self.find_created(claim.invitation).await?.is_some() {
            self.leave(claim.company, id).await?;
            if self.find_created(claim.invitation).await?.is_some() {
                return Ok(());
            }
            // Gone with its last member; an attempt without an answer has left the claim.
        }
        if claim.invitation != id && self.may_create(claim.invitation).await? {
            return Ok(());
        }
        access::commit_unless_changed(&*self.table, partition, &[access::deletion(&row)])
            .await
            .map(drop)
    }

    /// Deletes the claim that leads to a company which is deleted.
    pub(super) async fn delete_claim(&self, existing: &Existing) -> Result<(), StoreError> {
        let Some(number) = existing.customer_number.as_deref() else {
            return Ok(());
        };
        let partition = partition(number);
        let Some(row) = self.table.get(&partition, CLAIM).await? else {
            return Ok(());
        };
        if rows::read_claim(&row.fields)?.company != existing.id {
            return Ok(());
        }
        access::commit_unless_changed(&*self.table, &partition, &[access::deletion(&row)]).await?;
        // An earlier version may have created another company of this number.
        match self.find_unclaimed(number).await? {
            Some(creator) => self.insert_claim(number, creator).await.map(drop),
            None => Ok(()),
        }
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
