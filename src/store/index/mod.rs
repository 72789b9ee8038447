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

mod filter;

use std::sync::Arc;

use futures::{StreamExt, TryStreamExt, stream};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    access,
    error::StoreError,
    history::History,
    merge::Merge,
    rows::{self, Place},
    table::{Fields, Range, Row, Table, TableError, Write},
};
use crate::{
    domain::{
        email::Email,
        invitation::{Channel, Invitation, InvitationId, Record},
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
/// Begins the row keys of the list of an inviter, before the digest of the mailbox.
const INVITER: &str = "inviter-";
/// Begins the row keys of the list of an employee, before the digest of the object id.
const CREATOR: &str = "creator-";
/// Begins the row keys of the list of companies of one name, before its digest.
const NAMED: &str = "named-";
/// Begins the row keys of the list of invitations of which an event was given up.
const FAILED: &str = "failed-";
/// Begins the row keys of the list by age.
pub(super) const AGE: &str = "age-";
/// Thirteen digits of milliseconds, until the year 2286.
const LATEST: i128 = 9_999_999_999_999;

pub use filter::Filter;

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
        Self(format!("{}-{id}", Self::first_of(created_at)))
    }

    fn read(text: &str) -> Option<Self> {
        let position = Self(text.to_owned());
        let (time, _) = text.split_once('-')?;
        (time.len() == 13
            && time.bytes().all(|byte| byte.is_ascii_digit())
            && position.id().is_some())
        .then_some(position)
    }

    fn of_row(row: &Row, prefix: &str) -> Option<Self> {
        Self::read(row.key.strip_prefix(prefix)?)
    }

    /// Before all invitations that were created at this time.
    pub(super) fn first_of(created_at: OffsetDateTime) -> String {
        let millis = created_at.unix_timestamp_nanos() / 1_000_000;
        // Of 13 digits, whatever the time: a filter may name one at which nothing can be created.
        format!("{:013}", LATEST - millis.clamp(0, LATEST))
    }

    fn id(&self) -> Option<InvitationId> {
        self.0.split_once('-')?.1.parse().ok()
    }

    fn key(&self) -> String {
        format!("{LIST}{}", self.0)
    }

    /// Where the next one begins: all have the same length, so one more character comes before it.
    fn behind(&self) -> String {
        format!("{}-", self.0)
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
        let purpose = filter.purpose();
        let purpose: Vec<&str> = purpose.iter().map(String::as_str).collect();
        let opened = self.sealer.open(&purpose, cursor)?;
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
        let (partitions, prefix) = filter.places();
        // The ids are random: that a shard has more than this of a page's invitations happens once
        // in a million pages, and costs one more call then.
        let part = if partitions.len() == 1 {
            limit + 1
        } else {
            8 + limit / 8
        };
        let (from, below) = filter.range(&prefix, after);
        let range = Range {
            from: Some(from),
            below: Some(below),
        };
        let mut merge = Merge::open(&*self.table, partitions, range, part).await?;
        let (mut items, mut last) = (Vec::new(), after.cloned());
        let mut rows_left = MIN_ROWS.max(ROWS_PER_ITEM * limit);
        let mut more = true;
        while items.len() < limit && rows_left > 0 && more {
            let wanted = limit - items.len();
            // Where some will not be wanted, a few more at once are quicker than one after
            // the other.
            let some = if filter.is_selective() {
                wanted.max(CONCURRENT_READS)
            } else {
                wanted
            };
            let rows = merge.take(some.min(rows_left)).await?;
            rows_left -= rows.len();
            let places: Vec<_> = rows
                .iter()
                .filter_map(|row| Position::of_row(row, &prefix))
                .collect();
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
        let purpose = filter.purpose();
        let purpose: Vec<&str> = purpose.iter().map(String::as_str).collect();
        self.sealer.seal(&purpose, position.0.as_bytes())
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
        let found = match self.find(id, filter).await {
            Err(error @ StoreError::Corrupt(_)) => {
                tracing::error!(invitation = %id, %error, "an invitation is left out of the list");
                None
            }
            other => other?,
        };
        let own = found.filter(|(own, has_failed)| {
            Position::of(own.created_at(), id) == place && filter.admits(own, *has_failed, now)
        });
        Ok((place, own.map(|(own, _)| own)))
    }

    /// The invitation, and, where the filter asks for it, whether an event of it was given up.
    async fn find(
        &self,
        id: InvitationId,
        filter: &Filter,
    ) -> Result<Option<(Record, bool)>, StoreError> {
        if !filter.delivery_failed {
            let found = access::find_record(&*self.table, id).await?;
            return Ok(found.map(|own| (own, false)));
        }
        let rows = access::rows_of_invitation(&*self.table, id).await?;
        Ok(History::read(id, &rows)?.map(|history| {
            let has_failed = [Channel::Mail, Channel::Webhook]
                .iter()
                .any(|channel| !history.progress(*channel).failed.is_empty());
            (history.record, has_failed)
        }))
    }

    /// Writes the index row of an invitation of which an event is about to be given up.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn add_failed(&self, record: &Record) -> Result<(), StoreError> {
        let (partition, key) = of_failed(record);
        let fields = Fields::new();
        let row = [Write::Insert { key, fields }];
        Ok(access::insert_once(&*self.table, &partition, &row).await?)
    }

    /// Writes the index rows of an invitation, before the transaction that creates it.
    /// `scheduled` are rows of the schedule, in the same partition.
    pub(super) async fn add(
        &self,
        invitation: &Invitation,
        scheduled: Vec<(String, Fields)>,
    ) -> Result<(), TableError> {
        let (at, id) = (invitation.created_at, invitation.id);
        let listed = Position::of(at, id).key();
        let people = of_people(invitation);
        let aged = rows::aged(&listed, &people)?;
        let row = |key: String, fields| Write::Insert { key, fields };
        // First the one that the purge follows: it names the others, should the invitation never
        // come to be.
        let (beside, others): (Vec<Place>, Vec<Place>) = people
            .into_iter()
            .partition(|(partition, _)| *partition == of_invitation(id));
        let mut own = vec![row(listed, Fields::new()), row(age_key(at, id), aged)];
        own.extend(beside.into_iter().map(|(_, key)| row(key, Fields::new())));
        own.extend(
            scheduled
                .iter()
                .cloned()
                .map(|(key, fields)| row(key, fields)),
        );
        let partition = of_invitation(id);
        match self.table.commit(&partition, &own).await {
            Ok(_) => {}
            // By an earlier attempt, whose schedule may be over by now.
            Err(TableError::Exists) => {
                access::put_all(&*self.table, &partition, scheduled).await?;
            }
            Err(error) => return Err(error),
        }
        self.add_places(others).await
    }

    /// Writes the rows in the partitions that follow from what the seller said about people.
    pub(super) async fn add_people(&self, invitation: &Invitation) -> Result<(), TableError> {
        self.add_places(of_people(invitation)).await
    }

    async fn add_places(&self, places: Vec<Place>) -> Result<(), TableError> {
        let rows = places.into_iter().map(|(partition, key)| {
            let fields = Fields::new();
            (partition, Write::Insert { key, fields })
        });
        access::insert_all_once(&*self.table, rows).await
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

pub(super) fn of_invitation(id: InvitationId) -> String {
    shard_of_request(&id.to_string())
}

/// The partition of a shard.
pub(super) fn of_shard(shard: u8) -> String {
    format!("index-{shard:x}")
}

/// The partition of a request's entry in the list by age; the name is hexadecimal, as an id is.
pub(super) fn shard_of_request(name: &str) -> String {
    format!("index-{}", &name[..1])
}

/// The rows that follow from what the seller says, or has said, about people.
pub(super) fn of_people(invitation: &Invitation) -> Vec<Place> {
    let (terms, former) = (&invitation.terms, &invitation.former);
    let position = Position::of(invitation.created_at, invitation.id);
    let mailboxes = std::iter::once(&terms.recipient.email).chain(&former.mailboxes);
    let numbers = terms.company.customer_number.iter();
    let numbers = numbers.chain(&former.customer_numbers);
    let names = std::iter::once(&terms.company.name).chain(&former.companies);
    let inviters = terms.inviter.email.iter().chain(&former.inviters);
    let of_inviter = |email| {
        let digest = digest_of_inviter(email);
        let key = format!("{INVITER}{digest}-{}", position.0);
        (of_invitation(invitation.id), key)
    };
    let beside = |key: String| (of_invitation(invitation.id), key);
    let of_creator = |oid| {
        beside(format!(
            "{CREATOR}{}-{}",
            digest_of_creator(oid),
            position.0
        ))
    };
    let of_name = |name: &String| beside(format!("{NAMED}{}-{}", digest_of_name(name), position.0));
    let mut places: Vec<Place> = Vec::new();
    let all = mailboxes
        .map(of_mailbox)
        .chain(numbers.map(|number| of_customer(number)))
        .map(|partition| (partition, position.key()))
        .chain(inviters.map(of_inviter))
        .chain(names.map(of_name))
        .chain(invitation.created_by.map(of_creator));
    for place in all {
        if !places.contains(&place) {
            places.push(place);
        }
    }
    places
}

/// The row of an invitation of which an event was given up.
pub(super) fn of_failed(record: &Record) -> Place {
    let position = Position::of(record.created_at(), record.id());
    (
        of_invitation(record.id()),
        format!("{FAILED}{}", position.0),
    )
}

fn digest_of_inviter(email: &Email) -> String {
    rows::digest("inviter-index/1", email.normalised())
}

fn digest_of_creator(oid: Uuid) -> String {
    rows::digest("creator-index/1", &oid.to_string())
}

/// Letter case and white space make no difference.
fn digest_of_name(name: &str) -> String {
    rows::digest("name-index/1", &folded(name))
}

/// A name as it is compared.
fn folded(name: &str) -> String {
    let words: Vec<_> = name.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
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
