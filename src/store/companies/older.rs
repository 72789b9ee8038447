//! Companies without their rows, which a version without claims created, or which an export of a
//! running service has missed: they get them where their customer number is first asked for, and in
//! any case by the timer. It goes through them twice, since instances of an earlier version may have
//! created companies beside the first pass.

use std::sync::atomic::Ordering::Relaxed;

use futures::{StreamExt, TryStreamExt, stream};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Companies, Fields, InvitationId, StoreError, Write, access};
use crate::{
    domain::invitation::{Invitation, Record, State, Status},
    store::index::{Filter, Position},
};

/// Where it is noted how far the timer has come.
pub(in crate::store) const UPGRADES: &str = "upgrade";
const COMPANIES: &str = "companies";
/// The row in a pass: the cursor of the next page, which is empty before the first one.
const CURSOR: &str = "cursor";
/// The row before the second pass and in it: when it begins, in seconds since 1970.
const SECOND: &str = "second";
/// From the end of the first pass to the second. By then, no instance of an earlier version runs.
const BEFORE_SECOND: time::Duration = time::Duration::HOUR;
/// Invitations that are read at once.
const PAGE_SIZE: usize = 100;
/// Companies that get their rows at the same time.
const CONCURRENCY: usize = 8;

impl Companies {
    /// The oldest company of this customer number that has no claim.
    pub(super) async fn find_unclaimed(
        &self,
        number: &str,
    ) -> Result<Option<InvitationId>, StoreError> {
        let filter = completed(Some(number));
        let (mut oldest, mut after) = (None, None);
        loop {
            let (page, next) = self.page(&filter, after.as_ref()).await?;
            let creators = page.iter().filter(|own| !own.has_joined());
            let page = creators.filter_map(|creator| match creator.state {
                State::Completed { at, .. } => Some((at, creator.id.to_string(), creator.id)),
                _ => None,
            });
            oldest = page
                .chain(oldest)
                .min_by(|one, other| (one.0, &one.1).cmp(&(other.0, &other.1)));
            match next.and_then(|cursor| self.index.position(&filter, &cursor)) {
                Some(position) => after = Some(position),
                None => return Ok(oldest.map(|(_, _, id)| id)),
            }
        }
    }

    /// Whether there is nothing to search for any more.
    pub(super) async fn is_upgraded(&self) -> Result<bool, StoreError> {
        if self.is_upgraded.load(Relaxed) {
            return Ok(true);
        }
        let noted = self.table.get(UPGRADES, COMPANIES).await?;
        let is_over = noted.is_some_and(|row| row.fields.is_empty());
        self.is_upgraded.store(is_over, Relaxed);
        Ok(is_over)
    }

    /// Writes the rows of a page of companies without them. `true` where none is left, or none
    /// before the second pass.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn upgrade_some(&self, now: OffsetDateTime) -> Result<bool, StoreError> {
        if self.is_upgraded.load(Relaxed) {
            return Ok(true);
        }
        let noted = self.table.get(UPGRADES, COMPANIES).await?;
        let before = noted.as_ref().map(|row| row.fields.clone());
        let before = before.unwrap_or_else(first_pass);
        if before.is_empty() {
            self.is_upgraded.store(true, Relaxed);
            return Ok(true);
        }
        if begins_later(&before, now) {
            return Ok(true);
        }
        let filter = completed(None);
        let cursor = before.get(CURSOR);
        let after = cursor.and_then(|cursor| self.index.position(&filter, cursor));
        let (members, next) = self.page(&filter, after.as_ref()).await?;
        let is_new_table = noted.is_none() && members.is_empty();
        stream::iter(members)
            .map(|member| self.upgrade(member))
            .buffer_unordered(CONCURRENCY)
            .try_collect::<Vec<()>>()
            .await?;
        let is_last = next.is_none();
        let fields = if is_last && is_new_table {
            // No earlier version has created a company here.
            Fields::new()
        } else {
            after_page(before, next, now)
        };
        let is_over = fields.is_empty();
        let key = COMPANIES.to_owned();
        let note = match noted {
            None => Write::Insert { key, fields },
            Some(row) => Write::Replace {
                key,
                if_match: row.etag,
                fields,
            },
        };
        // Where another instance was faster, it has done the same.
        let written = access::commit_unless_changed(&*self.table, UPGRADES, &[note]).await?;
        if is_over && written.is_some() {
            self.is_upgraded.store(true, Relaxed);
        }
        Ok(is_last)
    }

    async fn upgrade(&self, member: Invitation) -> Result<(), StoreError> {
        let written = self.write_missing(&member).await;
        match written {
            // Would stop the timer at this page for good.
            Err(StoreError::Corrupt(what)) => {
                tracing::error!(invitation = %member.id, what, "a company cannot be read");
                Ok(())
            }
            other => other,
        }
    }

    async fn write_missing(&self, member: &Invitation) -> Result<(), StoreError> {
        if member.has_joined() {
            return match member.company_id() {
                Some(company) => self.reenter(company, member.id).await,
                None => Ok(()),
            };
        }
        self.find_created(member.id).await?;
        match member.terms.company.customer_number.as_deref() {
            Some(number) => self.find_claimed(number).await.map(drop),
            None => Ok(()),
        }
    }

    /// A member that is erased or purged at the same moment is taken out again.
    async fn reenter(&self, company: Uuid, id: InvitationId) -> Result<(), StoreError> {
        self.enter(company, id).await?;
        let member = self.invitations.find(id).await?;
        if member.is_some_and(|own| own.company_id() == Some(company)) {
            return Ok(());
        }
        self.leave(company, id).await
    }

    /// The completed invitations of a page, and the cursor of the next page.
    async fn page(
        &self,
        filter: &Filter,
        after: Option<&Position>,
    ) -> Result<(Vec<Invitation>, Option<String>), StoreError> {
        // Whether an invitation is completed does not depend on the time.
        let any_time = OffsetDateTime::UNIX_EPOCH;
        let page = self.index.list(filter, PAGE_SIZE, after, any_time).await?;
        let live = page.items.into_iter().filter_map(Record::live);
        Ok((live.collect(), page.next_cursor))
    }
}

fn completed(number: Option<&str>) -> Filter {
    Filter {
        statuses: vec![Status::Completed],
        customer_number: number.map(str::to_owned),
        ..Filter::default()
    }
}

fn first_pass() -> Fields {
    Fields::from([(CURSOR, "")])
}

/// Whether the first pass has ended, and it is too early for the second.
fn begins_later(noted: &Fields, now: OffsetDateTime) -> bool {
    let second = noted.get(SECOND).and_then(|text| text.parse().ok());
    !noted.contains_key(CURSOR) && second.is_some_and(|second| now.unix_timestamp() < second)
}

/// What is noted once a page is done; nothing after the last of the second pass.
fn after_page(mut noted: Fields, next: Option<String>, now: OffsetDateTime) -> Fields {
    if let Some(cursor) = next {
        noted.insert(CURSOR, &cursor);
        return noted;
    }
    if noted.contains_key(SECOND) {
        return Fields::new();
    }
    let second = (now + BEFORE_SECOND).unix_timestamp();
    Fields::from([(SECOND, second.to_string())])
}
