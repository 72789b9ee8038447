//! The rows of a company: what its members share, and one row for each of them.
//!
//! A member's row is written before the invitation completes, as an intent: a reader checks it
//! against the invitation. The row of the company is written after its creator has completed, in
//! one transaction with a new version of the creator's row, so that it cannot appear after the
//! creator has left.

use futures::{StreamExt, TryStreamExt, future, stream};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    Companies, Company, Existing, Fields, Invitation, InvitationId, Place, Read, Row,
    SharedCompany, StoreError, TableError, Write, access, claims, existing, number_of, renewed,
    rows,
};
use crate::{
    domain::invitation::{Record, State},
    store::{
        access::{MAX_WRITES, deletion},
        history::History,
        table::{ETag, Range},
    },
};

/// Begins the partition of a company.
const COMPANIES: &str = "company-";
/// Members that are read at the same time.
const CONCURRENT_READS: usize = 16;

/// A member of a company.
#[derive(Clone, Debug)]
pub struct Member {
    /// The invitation, which is completed.
    pub invitation: Invitation,
    /// The company with this person, as confirmed.
    pub company: Option<Company>,
    /// When the person created or joined the company.
    pub at: OffsetDateTime,
}

/// Whether a company goes on without a member.
enum Others {
    /// It has others.
    Remain,
    /// It has none, and no one who is about to join.
    Gone,
    /// A colleague was faster: decide anew.
    Changed,
}

impl Companies {
    /// The members of a company, the first to complete first.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn members(&self, company: Uuid) -> Result<Vec<Member>, StoreError> {
        let rows = self.rows_of_company(company).await?;
        let ids = rows
            .iter()
            .filter_map(|row| rows::read_member_key(&row.key));
        let found = stream::iter(ids.collect::<Vec<_>>())
            .map(|id| self.invitations.history(id))
            .buffered(CONCURRENT_READS);
        let histories: Vec<Option<History>> = found.try_collect().await?;
        let members = histories.into_iter().flatten();
        let mut members: Vec<_> = members.filter_map(|own| member_of(company, own)).collect();
        members.sort_by_key(|member| member.at);
        Ok(members)
    }

    /// Notes that the invitation is about to belong to the company; the version of the note. `None`
    /// where it was removed at the same moment.
    pub(super) async fn enter(
        &self,
        company: Uuid,
        id: InvitationId,
    ) -> Result<Option<ETag>, StoreError> {
        let partition = partition(company);
        match self.table.commit(&partition, &[member(id)]).await {
            Ok(etags) => Ok(etags.into_iter().next().flatten()),
            // From an earlier attempt.
            Err(TableError::Exists) => {
                let row = self.table.get(&partition, &rows::member_key(id)).await?;
                Ok(row.map(|row| row.etag))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Writes what the members share, unless the creator has left; `member` is the version of the
    /// creator's row from before the creator was known to have completed.
    pub(super) async fn record(
        &self,
        creator: &Invitation,
        company: &Company,
        member: ETag,
    ) -> Result<(), StoreError> {
        let State::Completed { at, .. } = &creator.state else {
            return Ok(());
        };
        let shared = SharedCompany {
            company: company.clone().without_person(),
            customer_number: number_of(creator).map(str::to_owned),
            created_by: creator.id,
            created_at: *at,
        };
        let writes = [
            Write::Insert {
                key: rows::COMPANY.to_owned(),
                fields: rows::shared_company(&shared)?,
            },
            Write::Replace {
                key: rows::member_key(creator.id),
                if_match: member,
                fields: Fields::new(),
            },
        ];
        let partition = partition(creator.id.company_id());
        access::commit_unless_changed(&*self.table, &partition, &writes)
            .await
            .map(drop)
    }

    /// The company that an invitation has created. What the request has not written yet is written.
    pub(super) async fn find_created(
        &self,
        creator: InvitationId,
    ) -> Result<Option<Existing>, StoreError> {
        let (id, partition) = (creator.company_id(), partition(creator.company_id()));
        if let Some(row) = self.table.get(&partition, rows::COMPANY).await? {
            return existing(id, &row).map(Some);
        }
        if self.read_created(creator).await?.is_none() {
            return Ok(None);
        }
        let Some(member) = self.enter(id, creator).await? else {
            return Ok(None);
        };
        let Some((invitation, company)) = self.read_created(creator).await? else {
            // It was erased or purged at the same moment.
            self.leave(id, creator).await?;
            return Ok(None);
        };
        self.record(&invitation, &company, member).await?;
        let row = self.table.get(&partition, rows::COMPANY).await?;
        row.map(|row| existing(id, &row)).transpose()
    }

    /// The invitation and the company that it has created; `None` where it has not.
    async fn read_created(
        &self,
        id: InvitationId,
    ) -> Result<Option<(Invitation, Company)>, StoreError> {
        let found = self.invitations.find(id).await?;
        let Some(creator) = found.filter(|own| own.company_id() == Some(id.company_id())) else {
            return Ok(None);
        };
        let row = self.table.get(&id.to_string(), rows::COMPANY).await?;
        let company = row.map(|row| rows::read_company(&row.fields)).transpose()?;
        Ok(company.map(|company| (creator, company)))
    }

    /// Notes that the invitation is about to join. `false` where the company was deleted.
    pub(super) async fn add_member(
        &self,
        company: Uuid,
        id: InvitationId,
    ) -> Result<bool, StoreError> {
        let partition = partition(company);
        let (mut retries, mut known) = (self.retries(), None::<ETag>);
        loop {
            let Some(row) = self.table.get(&partition, rows::COMPANY).await? else {
                return Ok(false);
            };
            // Changed since it was read, by an earlier attempt whose answer was lost or by a
            // colleague: that is as good for a member who is noted.
            let has_changed = known
                .replace(row.etag.clone())
                .is_some_and(|own| own != row.etag);
            let own = rows::member_key(id);
            if has_changed && self.table.get(&partition, &own).await?.is_some() {
                return Ok(true);
            }
            let writes = [renewed(&row), member(id)];
            let written = match self.table.commit(&partition, &writes).await {
                // From an earlier attempt.
                Err(TableError::Exists) => self.table.commit(&partition, &writes[..1]).await,
                other => other,
            };
            match written {
                Ok(_) => return Ok(true),
                Err(TableError::Exists | TableError::Changed) if retries.again().await => {}
                Err(TableError::Exists | TableError::Changed) => {
                    return Err(StoreError::contended("one company"));
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Removes an invitation that is erased or purged from a company; the last one takes the
    /// company and its claim along.
    pub(super) async fn leave(&self, company: Uuid, id: InvitationId) -> Result<(), StoreError> {
        let mut retries = self.retries();
        while !self.leave_once(company, id).await? {
            if !retries.again().await {
                return Err(StoreError::contended("one company"));
            }
        }
        Ok(())
    }

    /// One round; `false` where it has to be decided anew.
    async fn leave_once(&self, company: Uuid, id: InvitationId) -> Result<bool, StoreError> {
        let rows = self.rows_of_company(company).await?;
        let own: Vec<_> = rows
            .iter()
            .filter(|row| row.key == rows::member_key(id))
            .collect();
        let shared = rows.iter().find(|row| row.key == rows::COMPANY);
        let (going, ending) = match shared {
            None => (own, None),
            Some(shared) => match self.others(company, id, &rows).await? {
                Others::Remain => (own, None),
                Others::Gone => (company_first(&rows), Some(existing(company, shared)?)),
                Others::Changed => return Ok(false),
            },
        };
        if going.is_empty() {
            return Ok(true);
        }
        let deletions = going.iter().take(MAX_WRITES).copied().map(deletion);
        let mut writes: Vec<_> = deletions.collect();
        if going.len() > MAX_WRITES
            && let Some(shared) = shared
        {
            // A colleague who is about to join notices this, too.
            writes[0] = renewed(shared);
        }
        if let Some(existing) = &ending {
            // Before the deletion, so that a crash between the two loses no other company.
            self.pass_claim_on(existing).await?;
        }
        let partition = partition(company);
        let written = access::commit_unless_changed(&*self.table, &partition, &writes).await?;
        if written.is_none() || going.len() > MAX_WRITES {
            return Ok(false);
        }
        if let Some(existing) = ending {
            self.delete_claim(&existing).await?;
        }
        Ok(true)
    }

    /// Deletes what an invitation that is erased or purged has left: its membership of companies
    /// and claims, and any other row.
    pub(in crate::store) async fn release_all(
        &self,
        places: &[Place],
        id: InvitationId,
    ) -> Result<(), StoreError> {
        let mut others = Vec::new();
        for (partition, key) in places {
            let company = partition.strip_prefix(COMPANIES);
            if let Some(company) = company.and_then(|company| company.parse().ok()) {
                self.leave(company, id).await?;
            } else if claims::is_claim(partition) {
                self.release_claim(partition, id).await?;
            } else {
                others.push(access::delete_row(&*self.table, partition, key));
            }
        }
        future::try_join_all(others).await.map(drop)
    }

    /// Whether others belong to the company. If none do, those who are about to join are fenced.
    async fn others(
        &self,
        company: Uuid,
        id: InvitationId,
        rows: &[Row],
    ) -> Result<Others, StoreError> {
        let mut joining = Vec::new();
        let members = rows
            .iter()
            .filter_map(|row| rows::read_member_key(&row.key));
        for other in members.filter(|other| *other != id) {
            let Read::Live(stored) = self.invitations.read(other).await? else {
                continue;
            };
            match &stored.invitation.state {
                State::Completed { company: own, .. } if own.id == company => {
                    return Ok(Others::Remain);
                }
                State::Accepted { .. } => joining.push(stored),
                State::Pending | State::Completed { .. } | State::Revoked { .. } => {}
            }
        }
        for stored in joining {
            if !self.invitations.fence(&stored).await? {
                return Ok(Others::Changed);
            }
        }
        Ok(Others::Gone)
    }

    pub(super) async fn rows_of_company(&self, company: Uuid) -> Result<Vec<Row>, StoreError> {
        access::rows_of(&*self.table, &partition(company), Range::default()).await
    }
}

/// The member of the company, if the invitation is one.
fn member_of(company: Uuid, history: History) -> Option<Member> {
    let History {
        record: Record::Live(invitation),
        company: confirmed,
        ..
    } = history
    else {
        return None;
    };
    match invitation.state {
        State::Completed {
            company: ref own,
            at,
            ..
        } if own.id == company => Some(Member {
            invitation: *invitation,
            company: confirmed,
            at,
        }),
        _ => None,
    }
}

/// The row of the company, and then those of its members.
fn company_first(rows: &[Row]) -> Vec<&Row> {
    let (shared, members): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.key == rows::COMPANY);
    shared.into_iter().chain(members).collect()
}

fn member(id: InvitationId) -> Write {
    Write::Insert {
        key: rows::member_key(id),
        fields: Fields::new(),
    }
}

pub(super) fn partition(company: Uuid) -> String {
    format!("{COMPANIES}{company}")
}
