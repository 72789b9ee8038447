//! Companies: of one invitation, of several members, and who has claimed a customer number.

use time::OffsetDateTime;
use uuid::Uuid;

use super::columns::{Reader, Writer};
use crate::{
    domain::{company::Company, invitation::InvitationId},
    store::{error::StoreError, table::Fields},
};

/// Begins the row keys of the members of a company.
const MEMBER: &str = "member-";

pub(in crate::store) fn company(id: &str, company: &Company) -> Result<Fields, StoreError> {
    let mut row = Writer::default();
    row.text("id", id);
    row.json("company", company)?;
    Ok(row.0)
}

pub(in crate::store) fn read_company(fields: &Fields) -> Result<Company, StoreError> {
    Reader(fields).json("company")
}

/// Which company a customer number belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::store) struct Claim {
    /// The invitation that creates the company, or did.
    pub(in crate::store) invitation: InvitationId,
    pub(in crate::store) company: Uuid,
}

pub(in crate::store) fn claim(claim: &Claim) -> Fields {
    let mut row = Writer::default();
    row.text("invitation", &claim.invitation.to_string());
    row.text("companyId", &claim.company.to_string());
    row.0
}

pub(in crate::store) fn read_claim(fields: &Fields) -> Result<Claim, StoreError> {
    let row = Reader(fields);
    Ok(Claim {
        invitation: row.parse("invitation")?,
        company: row.parse("companyId")?,
    })
}

/// The company that the members of a customer share; without people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::store) struct SharedCompany {
    pub(in crate::store) company: Company,
    pub(in crate::store) customer_number: Option<String>,
    pub(in crate::store) created_by: InvitationId,
    pub(in crate::store) created_at: OffsetDateTime,
}

pub(in crate::store) fn shared_company(shared: &SharedCompany) -> Result<Fields, StoreError> {
    let mut row = Writer::default();
    row.json("company", &shared.company)?;
    row.maybe("customerNumber", shared.customer_number.as_deref());
    row.text("createdBy", &shared.created_by.to_string());
    row.time("createdAt", Some(shared.created_at))?;
    Ok(row.0)
}

pub(in crate::store) fn read_shared_company(fields: &Fields) -> Result<SharedCompany, StoreError> {
    let row = Reader(fields);
    Ok(SharedCompany {
        company: row.json("company")?,
        customer_number: row.maybe("customerNumber"),
        created_by: row.parse("createdBy")?,
        created_at: row.time("createdAt")?,
    })
}

/// The row of a member of a company.
pub(in crate::store) fn member_key(id: InvitationId) -> String {
    format!("{MEMBER}{id}")
}

/// `None` for rows that are no members.
pub(in crate::store) fn read_member_key(key: &str) -> Option<InvitationId> {
    key.strip_prefix(MEMBER)?.parse().ok()
}
