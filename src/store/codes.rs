//! The codes that prove a mailbox, counted in the table and not in a process: every issue and every
//! try is a write that is conditional on the row that was read, so tries on many instances at once
//! are counted one by one.

use std::sync::Arc;

use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    error::StoreError,
    invitations::{Invitations, Outcome},
    rows,
    table::{ETag, Fields, Table, TableError, Write},
};
use crate::{
    domain::invitation::{
        Account, CodeRequest, CodeStatus, InvitationId, IssuedCodes, NotIssued, Tried,
    },
    seal::Sealer,
};

/// How often an issue or a try reads and decides anew.
const ATTEMPTS: usize = 16;

/// What became of a code that was entered.
#[derive(Debug)]
pub enum Entered {
    /// It was right; the account is bound, unless the invitation refuses.
    Right(Box<Outcome>),
    /// It was not.
    Wrong {
        /// How many tries are left.
        tries_left: u8,
    },
    /// It is an earlier code than the newest.
    Older,
    /// There is no code that this account could enter now.
    NoActiveCode,
}

#[derive(Default)]
struct StoredCodes {
    codes: IssuedCodes,
    /// `None`: there is no row yet.
    etag: Option<ETag>,
    fields: Fields,
}

/// The codes.
#[derive(Clone, Debug)]
pub struct Codes {
    table: Arc<dyn Table>,
    sealer: Sealer,
    invitations: Invitations,
}

impl Codes {
    /// Over a table; `sealer` makes the digests of the codes.
    pub(super) fn new(table: Arc<dyn Table>, sealer: Sealer, invitations: Invitations) -> Self {
        Self {
            table,
            sealer,
            invitations,
        }
    }

    /// Issues a code of six digits for the account, in place of any before.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn issue(
        &self,
        id: InvitationId,
        request: impl Into<CodeRequest>,
        now: OffsetDateTime,
    ) -> Result<Result<String, NotIssued>, StoreError> {
        let request = request.into();
        // The low half of a random UUID has 62 random bits; what the remainder prefers is far below
        // chance.
        let code = format!("{:06}", Uuid::new_v4().as_u128() % 1_000_000);
        let purpose = purpose(id, request.account, &code);
        let digest = self.sealer.digest(&purpose.each_ref().map(String::as_str));
        let mark = Uuid::new_v4().to_string();
        for _ in 0..ATTEMPTS {
            let stored = self.read_codes(id).await?;
            // The response to an earlier attempt was lost.
            if rows::is_marked(&stored.fields, &mark) {
                return Ok(Ok(code));
            }
            let codes = match stored.codes.issue(request, digest.clone(), now) {
                Ok(codes) => codes,
                Err(refused) => return Ok(Err(refused)),
            };
            if self.write_codes(id, stored.etag, &codes, &mark).await? {
                return Ok(Ok(code));
            }
        }
        Err(StoreError::contended("one code"))
    }

    /// Takes back a code that could not be mailed: it is not counted, and the one before works
    /// again.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn withdraw(
        &self,
        id: InvitationId,
        account: Account,
        code: &str,
    ) -> Result<(), StoreError> {
        let is_this = |digest: &str| is_digest(&self.sealer, id, account, code, digest);
        self.change(id, |codes| codes.withdraw(is_this)).await
    }

    /// Notes that a code was mailed: until then, no page says so.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn mailed(
        &self,
        id: InvitationId,
        account: Account,
        code: &str,
    ) -> Result<(), StoreError> {
        let is_this = |digest: &str| is_digest(&self.sealer, id, account, code, digest);
        self.change(id, |codes| codes.sent(is_this)).await
    }

    async fn change(
        &self,
        id: InvitationId,
        change: impl Fn(IssuedCodes) -> IssuedCodes,
    ) -> Result<(), StoreError> {
        let mark = Uuid::new_v4().to_string();
        for _ in 0..ATTEMPTS {
            let stored = self.read_codes(id).await?;
            let before = stored.codes.clone();
            let codes = change(stored.codes);
            if codes == before || self.write_codes(id, stored.etag, &codes, &mark).await? {
                return Ok(());
            }
        }
        Err(StoreError::contended("one code"))
    }

    /// The newest code of the account.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn status(
        &self,
        id: InvitationId,
        account: Account,
        now: OffsetDateTime,
    ) -> Result<Option<CodeStatus>, StoreError> {
        Ok(self.read_codes(id).await?.codes.status(account, now))
    }

    /// Tries a code. The right one is used up in the transaction that binds the account; a wrong
    /// one costs a try.
    ///
    /// # Errors
    /// Where the table fails. The error does not reveal whether the code is right.
    pub async fn enter(
        &self,
        id: InvitationId,
        account: Account,
        code: &str,
        now: OffsetDateTime,
    ) -> Result<Entered, StoreError> {
        let mark = Uuid::new_v4().to_string();
        let mut counted = None;
        for _ in 0..ATTEMPTS {
            let stored = self.read_codes(id).await?;
            // This very try, counted already: the response was lost.
            if let Some(tries_left) = counted
                && rows::is_marked(&stored.fields, &mark)
            {
                return Ok(Entered::Wrong { tries_left });
            }
            let matches = |digest: &str| is_digest(&self.sealer, id, account, code, digest);
            match stored.codes.try_code(account, now, matches) {
                Tried::NoActiveCode => return self.no_active_code(id, account).await,
                Tried::Older => return Ok(Entered::Older),
                Tried::Wrong { codes, tries_left } => {
                    if self.write_codes(id, stored.etag, &codes, &mark).await? {
                        return Ok(Entered::Wrong { tries_left });
                    }
                    counted = Some(tries_left);
                }
                Tried::Right => {
                    let used = Write::Delete {
                        key: rows::CODE.to_owned(),
                        if_match: stored
                            .etag
                            .ok_or_else(|| StoreError::contended("one code"))?,
                    };
                    if let Some(outcome) =
                        self.invitations.accept_with(id, account, now, used).await?
                    {
                        return Ok(Entered::Right(Box::new(outcome)));
                    }
                }
            }
        }
        Err(StoreError::contended("one code"))
    }

    /// Writes the row unless another writer was faster.
    async fn write_codes(
        &self,
        id: InvitationId,
        etag: Option<ETag>,
        codes: &IssuedCodes,
        mark: &str,
    ) -> Result<bool, StoreError> {
        let (key, fields) = (rows::CODE.to_owned(), marked(rows::codes(codes)?, mark));
        let write = match etag {
            Some(if_match) => Write::Replace {
                key,
                if_match,
                fields,
            },
            None => Write::Insert { key, fields },
        };
        match self.table.commit(&id.to_string(), &[write]).await {
            Ok(_) => Ok(true),
            Err(TableError::Exists | TableError::Changed) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// No code to enter: unless an earlier press, or a try whose answer was lost, has used it up
    /// for this account.
    async fn no_active_code(
        &self,
        id: InvitationId,
        account: Account,
    ) -> Result<Entered, StoreError> {
        let bound = self
            .invitations
            .find(id)
            .await?
            .filter(|invitation| invitation.owner() == Some(account));
        Ok(bound.map_or(Entered::NoActiveCode, |invitation| {
            Entered::Right(Box::new(Outcome::Done(invitation)))
        }))
    }

    async fn read_codes(&self, id: InvitationId) -> Result<StoredCodes, StoreError> {
        let Some(row) = self.table.get(&id.to_string(), rows::CODE).await? else {
            return Ok(StoredCodes::default());
        };
        Ok(StoredCodes {
            codes: rows::read_codes(&row.fields)?,
            etag: Some(row.etag),
            fields: row.fields,
        })
    }
}

/// A writer recognises its own row by the mark. The content is not enough: another writer's attempt
/// with the same count must count, too.
fn marked(mut fields: Fields, mark: &str) -> Fields {
    fields.insert("mark", mark);
    fields
}

fn purpose(id: InvitationId, account: Account, code: &str) -> [String; 5] {
    [
        "code".to_owned(),
        id.to_string(),
        account.tid.to_string(),
        account.oid.to_string(),
        code.to_owned(),
    ]
}

fn is_digest(
    sealer: &Sealer,
    id: InvitationId,
    account: Account,
    code: &str,
    digest: &str,
) -> bool {
    sealer.matches(
        &purpose(id, account, code).each_ref().map(String::as_str),
        digest,
    )
}
