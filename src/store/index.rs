//! The list of invitations: how a page is found without looking at the table.
//!
//! For each invitation there is a row in an index partition of its shard, and one in the partition
//! of its recipient's mailbox and of its customer number. The row key begins with the inverted time
//! of creation, so that a range query begins with the newest and a page begins with a seek, however
//! many rows there are.
//!
//! Each row of the list has a counterpart in the list by age, for the purge: see `retention/purge.rs`.
//!
//! The rows are written *before* the transaction that creates the invitation, as the outbox's
//! intents are: a reader checks each against the invitation and leaves out what never happened, and
//! what happened is never missing.

use std::{collections::VecDeque, sync::Arc};

use futures::{StreamExt, TryStreamExt, future, stream};
use time::OffsetDateTime;

use super::{
    access,
    error::StoreError,
    rows::{self, Place, SHARDS},
    table::{Continuation, Fields, Range, Table, TableError, Write},
};
use crate::{
    domain::{
        email::Email,
        invitation::{Invitation, InvitationId, Record, Status},
    },
    seal::Sealer,
};

/// Invitations that are read at the same time.
const CONCURRENT_READS: usize = 16;
/// Index rows that a page reads before it ends with fewer items than were asked for: per item that
/// was asked for, and at least.
const ROWS_PER_ITEM: usize = 4;
const MIN_ROWS: usize = 200;
/// Begins the row keys of the list.
const LIST: &str = "list-";
/// Begins the row keys of the list by age.
pub(super) const AGE: &str = "age-";
/// Thirteen digits of milliseconds, until the year 2286.
const LATEST: i128 = 9_999_999_999_999;

/// Which invitations are wanted. What is `None` is not asked about.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this status now.
    pub status: Option<Status>,
    /// For this mailbox.
    pub email: Option<Email>,
    /// With this customer number.
    pub customer_number: Option<String>,
}

/// A place in the list: between an invitation and the next older one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position(String);

/// A page of the list.
#[derive(Debug)]
pub struct Listed {
    /// The invitations, newest first.
    pub items: Vec<Record>,
    /// Where the next page begins; `None` at the end. Opaque, and of use with the same filter only.
    pub next_cursor: Option<String>,
}

impl Position {
    fn of(created_at: OffsetDateTime, id: InvitationId) -> Self {
        Self(format!(
            "{:013}-{id}",
            LATEST - created_at.unix_timestamp_nanos() / 1_000_000
        ))
    }

    fn read(text: &str) -> Option<Self> {
        let position = Self(text.to_owned());
        let (time, _) = text.split_once('-')?;
        (time.len() == 13
            && time.bytes().all(|byte| byte.is_ascii_digit())
            && position.id().is_some())
        .then_some(position)
    }

    fn id(&self) -> Option<InvitationId> {
        self.0.split_once('-')?.1.parse().ok()
    }

    fn key(&self) -> String {
        format!("{LIST}{}", self.0)
    }

    /// The keys behind it: all have the same length, so one more character comes before the next.
    fn behind(after: Option<&Self>) -> Range {
        let from = after.map_or(LIST.to_owned(), |position| format!("{}-", position.key()));
        Range {
            from: Some(from),
            below: Some("list.".to_owned()),
        }
    }
}

impl Filter {
    fn partitions(&self) -> Vec<String> {
        match (&self.email, &self.customer_number) {
            (Some(email), _) => vec![of_mailbox(email)],
            (None, Some(number)) => vec![of_customer(number)],
            (None, None) => (0..SHARDS)
                .map(|shard| format!("index-{shard:x}"))
                .collect(),
        }
    }

    fn admits(&self, record: &Record, now: OffsetDateTime) -> bool {
        let terms = record.as_live().map(|invitation| &invitation.terms);
        let is_for =
            |email: &Email| terms.is_some_and(|terms| terms.recipient.email.same_mailbox(email));
        let is_of = |number: &String| {
            terms.is_some_and(|terms| terms.company.customer_number.as_ref() == Some(number))
        };
        self.status
            .is_none_or(|status| record.status(now) == status)
            && self.email.as_ref().is_none_or(is_for)
            && self.customer_number.as_ref().is_none_or(is_of)
    }

    /// Binds a cursor to the filter.
    fn purpose(&self) -> [String; 4] {
        let status = self
            .status
            .map(|status| status.name().to_owned())
            .unwrap_or_default();
        let email = self
            .email
            .as_ref()
            .map(|email| email.normalised().to_owned())
            .unwrap_or_default();
        [
            "list-cursor".to_owned(),
            status,
            email,
            self.customer_number.clone().unwrap_or_default(),
        ]
    }
}

/// The list of invitations.
#[derive(Clone, Debug)]
pub struct Index {
    table: Arc<dyn Table>,
    sealer: Sealer,
}

impl Index {
    /// Over a table; `sealer` seals the cursors.
    pub(super) fn new(table: Arc<dyn Table>, sealer: Sealer) -> Self {
        Self { table, sealer }
    }

    /// The place that a cursor names; `None` where it is not one of ours or belongs to another
    /// filter.
    #[must_use]
    pub fn position(&self, filter: &Filter, cursor: &str) -> Option<Position> {
        let opened = self
            .sealer
            .open(&filter.purpose().each_ref().map(String::as_str), cursor)?;
        Position::read(std::str::from_utf8(&opened).ok()?)
    }

    /// At most `limit` invitations behind a place, newest first. It may be fewer, even none, while
    /// there are more: the search for a rare status ends after a while, and the next page continues.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn list(
        &self,
        filter: &Filter,
        limit: usize,
        after: Option<&Position>,
        now: OffsetDateTime,
    ) -> Result<Listed, StoreError> {
        let mut merge = Merge::open(&*self.table, filter.partitions(), after, limit).await?;
        let (mut items, mut last) = (Vec::new(), after.cloned());
        let mut rows_left = MIN_ROWS.max(ROWS_PER_ITEM * limit);
        let mut more = true;
        while items.len() < limit && rows_left > 0 && more {
            let wanted = limit - items.len();
            // Where some will not be of the status, a few more at once are quicker than one after
            // the other.
            let some = if filter.status.is_some() {
                wanted.max(CONCURRENT_READS)
            } else {
                wanted
            };
            let places = merge.take(some.min(rows_left)).await?;
            rows_left -= places.len();
            let resolved = stream::iter(places)
                .map(|place| self.resolve(place, filter, now))
                .buffered(CONCURRENT_READS);
            let mut each = resolved.try_collect::<Vec<_>>().await?.into_iter();
            while items.len() < limit
                && let Some((place, item)) = each.next()
            {
                items.extend(item);
                last = Some(place);
            }
            more = each.next().is_some() || merge.has_more().await?;
        }
        let next_cursor = last
            .filter(|_| more)
            .and_then(|last| self.cursor(filter, &last));
        Ok(Listed { items, next_cursor })
    }

    fn cursor(&self, filter: &Filter, position: &Position) -> Option<String> {
        self.sealer.seal(
            &filter.purpose().each_ref().map(String::as_str),
            position.0.as_bytes(),
        )
    }

    /// The invitation of an index row, if there is one, the row is its own, and it is wanted. One
    /// that cannot be read must not hide the others.
    async fn resolve(
        &self,
        place: Position,
        filter: &Filter,
        now: OffsetDateTime,
    ) -> Result<(Position, Option<Record>), StoreError> {
        let Some(id) = place.id() else {
            return Ok((place, None));
        };
        let found = match access::find_record(&*self.table, id).await {
            Err(error @ StoreError::Corrupt(_)) => {
                tracing::error!(invitation = %id, %error, "an invitation is left out of the list");
                None
            }
            other => other?,
        };
        let own = found
            .filter(|own| Position::of(own.created_at(), id) == place && filter.admits(own, now));
        Ok((place, own))
    }

    /// Writes the index rows of an invitation, before the transaction that creates it.
    pub(super) async fn add(&self, invitation: &Invitation) -> Result<(), TableError> {
        let (at, id) = (invitation.created_at, invitation.id);
        let listed = Position::of(at, id).key();
        let people = of_people(invitation);
        let aged = rows::aged(&listed, &people)?;
        let row = |key: String, fields| Write::Insert { key, fields };
        // First the one that the purge follows: it names the others, should the invitation never
        // come to be.
        let own = [row(listed, Fields::new()), row(age_key(at, id), aged)];
        access::insert_once(&*self.table, &of_shard(id), &own).await?;
        self.add_people(invitation).await
    }

    /// Writes the rows in the partitions that follow from what the seller said about people.
    pub(super) async fn add_people(&self, invitation: &Invitation) -> Result<(), TableError> {
        let others = of_people(invitation)
            .into_iter()
            .map(async |(partition, key)| {
                let fields = Fields::new();
                let row = [Write::Insert { key, fields }];
                access::insert_once(&*self.table, &partition, &row).await
            });
        future::try_join_all(others).await.map(drop)
    }
}

/// Sorts by time, the oldest first.
pub(super) fn age_key(at: OffsetDateTime, id: InvitationId) -> String {
    format!("{}{id}", age_prefix(at))
}

/// Begins the key of an entry of the list by age.
pub(super) fn age_prefix(at: OffsetDateTime) -> String {
    format!("{AGE}{:013}-", at.unix_timestamp_nanos() / 1_000_000)
}

pub(super) fn of_shard(id: InvitationId) -> String {
    shard_of_request(&id.to_string())
}

/// The partition of a request's entry in the list by age; the name is hexadecimal, as an id is.
pub(super) fn shard_of_request(name: &str) -> String {
    format!("index-{}", &name[..1])
}

/// The rows in the partitions that follow from what the seller says, or has said, about people.
pub(super) fn of_people(invitation: &Invitation) -> Vec<Place> {
    let (terms, key) = (
        &invitation.terms,
        Position::of(invitation.created_at, invitation.id).key(),
    );
    let customer = terms.company.customer_number.as_deref().map(of_customer);
    let former = &invitation.former;
    let own: Vec<_> = std::iter::once(of_mailbox(&terms.recipient.email))
        .chain(customer)
        .collect();
    let former = former
        .mailboxes
        .iter()
        .map(of_mailbox)
        .chain(
            former
                .customer_numbers
                .iter()
                .map(|number| of_customer(number)),
        )
        .filter(|partition| !own.contains(partition));
    own.iter()
        .cloned()
        .chain(former)
        .map(|partition| (partition, key.clone()))
        .collect()
}

fn of_mailbox(email: &Email) -> String {
    format!(
        "email-{}",
        rows::digest("email-index/1", email.normalised())
    )
}

fn of_customer(number: &str) -> String {
    format!("customer-{}", rows::digest("customer-index/1", number))
}

/// The places of several partitions in one order, fetched in small parts.
struct Merge<'a> {
    table: &'a dyn Table,
    range: Range,
    part: usize,
    sources: Vec<Source>,
}

struct Source {
    partition: String,
    fetched: VecDeque<Position>,
    rest: Rest,
}

enum Rest {
    Unread,
    From(Continuation),
    None,
}

impl<'a> Merge<'a> {
    /// Fetches the first part of each partition.
    async fn open(
        table: &'a dyn Table,
        partitions: Vec<String>,
        after: Option<&Position>,
        limit: usize,
    ) -> Result<Self, StoreError> {
        // The ids are random: that a shard has more than this of a page's invitations happens once
        // in a million pages, and costs one more call then.
        let part = if partitions.len() == 1 {
            limit + 1
        } else {
            8 + limit / 8
        };
        let range = Position::behind(after);
        let unread = |partition| Source {
            partition,
            fetched: VecDeque::new(),
            rest: Rest::Unread,
        };
        let mut sources: Vec<_> = partitions.into_iter().map(unread).collect();
        future::try_join_all(
            sources
                .iter_mut()
                .map(|source| source.fetch(table, &range, part)),
        )
        .await?;
        Ok(Self {
            table,
            range,
            part,
            sources,
        })
    }

    async fn take(&mut self, count: usize) -> Result<Vec<Position>, StoreError> {
        let mut places = Vec::with_capacity(count);
        while places.len() < count
            && let Some(source) = self.newest().await?
        {
            places.extend(source.fetched.pop_front());
        }
        Ok(places)
    }

    async fn has_more(&mut self) -> Result<bool, StoreError> {
        Ok(self.newest().await?.is_some())
    }

    /// The source with the newest place.
    async fn newest(&mut self) -> Result<Option<&mut Source>, StoreError> {
        for source in &mut self.sources {
            while source.fetched.is_empty() && !matches!(source.rest, Rest::None) {
                source.fetch(self.table, &self.range, self.part).await?;
            }
        }
        Ok(self
            .sources
            .iter_mut()
            .filter(|source| !source.fetched.is_empty())
            .min_by(|a, b| a.fetched.front().cmp(&b.fetched.front())))
    }
}

impl Source {
    /// One more part, which may be empty.
    async fn fetch(
        &mut self,
        table: &dyn Table,
        range: &Range,
        part: usize,
    ) -> Result<(), StoreError> {
        let after = match &self.rest {
            Rest::Unread => None,
            Rest::From(continuation) => Some(continuation),
            Rest::None => return Ok(()),
        };
        let page = table.query(&self.partition, range, part, after).await?;
        self.fetched.extend(
            page.rows
                .iter()
                .filter_map(|row| Position::read(row.key.strip_prefix(LIST)?)),
        );
        self.rest = page.next.map_or(Rest::None, Rest::From);
        Ok(())
    }
}
