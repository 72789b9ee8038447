//! What the first of several equal requests chose, so that all of them create the same invitations.
//!
//! A request with an `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header) inserts one row,
//! once, before it creates anything: the digest of its body, its time, and a sealed link for each
//! invitation. A repetition, at the same moment on another instance or after a crash
//! between any two writes, reads the row and creates exactly these invitations, as of that time;
//! what exists already stays. The row is small: a hundred sealed links take 11 KB of the 64 KB that
//! a property may have.
//!
//! Each invitation remembers the row in its column `idempotency`, so that the purge takes it away
//! together with the invitation.

use std::{fmt::Write as _, sync::Arc};

use serde_json::Value;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use super::{
    access,
    error::StoreError,
    index::{self, AGE},
    rows,
    table::{ETag, Fields, Row, Table, TableError, Write},
};
use crate::{
    domain::invitation::{InvitationId, Link},
    seal::Sealer,
};

/// The one row of its partition.
const ROW: &str = "request";
/// Follows the time in the key of an entry of the list by age.
const AGED: &str = "request-";

/// A request that may be repeated. Neither the key nor the body can be read from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    key: String,
    body: String,
}

/// What the first request chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// When it came.
    pub at: OffsetDateTime,
    /// Until when its invitations are valid that do not say it themselves.
    pub expires_at: OffsetDateTime,
    /// A link for each invitation, in order.
    pub links: Vec<Link>,
}

/// What is known of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recalled {
    /// Nothing: it is the first.
    New,
    /// It came before.
    Same(Plan),
    /// The key came before, with another body.
    OtherBody,
    /// It came before, but its links were sealed with a key that is retired.
    Unreadable,
}

impl Request {
    /// Of an `Idempotency-Key` and a JSON body; the order of members and white space between them
    /// make no difference.
    #[must_use]
    pub fn new(key: &str, body: &Value) -> Self {
        // The members of a `Value` are sorted.
        Self {
            key: hex(key.as_bytes()),
            body: hex(body.to_string().as_bytes()),
        }
    }

    /// What an invitation of this request remembers, for the purge.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.key
    }
}

/// A request that the list by age names.
#[derive(Debug)]
pub struct AgedRequest {
    pub(super) name: String,
    pub(super) key: String,
    pub(super) etag: ETag,
    /// The time of the request that wrote the entry: another one with the same key may have been
    /// faster, and is named by an entry of its own.
    pub(super) at: OffsetDateTime,
    pub(super) invitations: Vec<InvitationId>,
}

/// The requests with an `Idempotency-Key`.
#[derive(Clone, Debug)]
pub struct Idempotency {
    table: Arc<dyn Table>,
    sealer: Sealer,
}

impl Idempotency {
    /// Over a table; `sealer` seals the links.
    pub(super) fn new(table: Arc<dyn Table>, sealer: Sealer) -> Self {
        Self { table, sealer }
    }

    /// What is known of a request: one point read.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn recall(&self, request: &Request) -> Result<Recalled, StoreError> {
        match self.table.get(&partition(request.name()), ROW).await? {
            Some(row) => self.read_plan(request, &row.fields),
            None => Ok(Recalled::New),
        }
    }

    /// Keeps the plan, unless another request with the same key was faster; then what that one
    /// chose comes back. Before, an entry for the purge: a plan of which nothing comes to be is
    /// found by no invitation.
    ///
    /// # Errors
    /// Where the table fails. The plan may have been kept all the same.
    pub async fn settle(&self, request: &Request, plan: Plan) -> Result<Recalled, StoreError> {
        let seal = |(index, link): (usize, &Link)| {
            self.sealer.seal(
                &["idempotency", request.name(), &index.to_string()],
                link.reveal().as_bytes(),
            )
        };
        let links: Option<Vec<String>> = plan.links.iter().enumerate().map(seal).collect();
        let links = links.ok_or(StoreError::Corrupt("links"))?;
        let fields = rows::request(&request.body, plan.at, plan.expires_at, &links)?;
        let invitations: Vec<_> = plan.links.iter().map(Link::id).collect();
        let entry = [aged(request.name(), plan.at, &invitations)?];
        let shard = index::shard_of_request(request.name());
        access::insert_once(&*self.table, &shard, &entry).await?;
        match self
            .table
            .commit(
                &partition(request.name()),
                &[Write::Insert {
                    key: ROW.to_owned(),
                    fields,
                }],
            )
            .await
        {
            Ok(_) => Ok(Recalled::Same(plan)),
            Err(TableError::Exists) => self.recall(request).await,
            Err(error) => Err(error.into()),
        }
    }

    fn read_plan(&self, request: &Request, fields: &Fields) -> Result<Recalled, StoreError> {
        let kept = rows::read_request(fields)?;
        if kept.body != request.body {
            return Ok(Recalled::OtherBody);
        }
        let open = |(index, sealed): (usize, &String)| {
            let opened = self
                .sealer
                .open(&["idempotency", request.name(), &index.to_string()], sealed)?;
            std::str::from_utf8(&opened).ok()?.parse().ok()
        };
        let links: Option<Vec<Link>> = kept.links.iter().enumerate().map(open).collect();
        Ok(links.map_or(Recalled::Unreadable, |links| {
            Recalled::Same(Plan {
                at: kept.at,
                expires_at: kept.expires_at,
                links,
            })
        }))
    }
}

/// The entry of the list by age, which is written before the request is kept.
fn aged(name: &str, at: OffsetDateTime, created: &[InvitationId]) -> Result<Write, StoreError> {
    Ok(Write::Insert {
        key: format!("{}{AGED}{name}", index::age_prefix(at)),
        fields: rows::aged_request(at, created)?,
    })
}

/// `None` where the row of the list by age is not of a request.
pub(super) fn read_aged(row: &Row) -> Option<AgedRequest> {
    let (_, name) = row.key.strip_prefix(AGE)?.split_once('-')?;
    let name = name.strip_prefix(AGED)?.to_owned();
    let (at, invitations) = rows::read_aged_request(&row.fields).ok()?;
    Some(AgedRequest {
        name,
        key: row.key.clone(),
        etag: row.etag.clone(),
        at,
        invitations,
    })
}

/// Where the request of this name ([`Request::name`]) is kept.
pub(super) fn place(name: &str) -> rows::Place {
    (partition(name), ROW.to_owned())
}

fn partition(name: &str) -> String {
    format!("idempotency-{name}")
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}
