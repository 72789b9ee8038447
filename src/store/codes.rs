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
    domain::invitation::{Account, InvitationId, IssuedCode, TooManyCodes, Tried},
    seal::Sealer,
};

/// How often an issue or a try reads and decides anew.
const ATTEMPTS: usize = 16;

/// What became of a code that was entered.
#[derive(Debug)]
pub enum Entered {
    /// It was right; the account is bound, unless the invitation refuses.
    Right(Box<Outcome>),
    /// It was not; another try is left or not.
    Wrong,
    /// There is no code that this account could enter now.
    Useless,
}

struct StoredCode {
    code: IssuedCode,
    etag: ETag,
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
        account: Account,
        now: OffsetDateTime,
    ) -> Result<Result<String, TooManyCodes>, StoreError> {
        // The low half of a random UUID has 62 random bits; what the remainder prefers is far below
        // chance.
        let code = format!("{:06}", Uuid::new_v4().as_u128() % 1_000_000);
        let digest = self
            .sealer
            .token(&purpose(id, account, &code).each_ref().map(String::as_str));
        let mark = Uuid::new_v4().to_string();
        for _ in 0..ATTEMPTS {
            let stored = self.read_code(id).await?;
            if stored
                .as_ref()
                .is_some_and(|stored| rows::is_marked(&stored.fields, &mark))
            {
                return Ok(Ok(code));
            }
            let Ok(issued) = IssuedCode::issue(
                stored.as_ref().map(|stored| &stored.code),
                account,
                digest.clone(),
                now,
            ) else {
                return Ok(Err(TooManyCodes));
            };
            let fields = marked(rows::code(&issued)?, &mark);
            let write = match stored {
                Some(StoredCode { etag, .. }) => Write::Replace {
                    key: rows::CODE.to_owned(),
                    if_match: etag,
                    fields,
                },
                None => Write::Insert {
                    key: rows::CODE.to_owned(),
                    fields,
                },
            };
            match self.table.commit(&id.to_string(), &[write]).await {
                Ok(_) => return Ok(Ok(code)),
                Err(TableError::Exists | TableError::Changed) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(StoreError::contended("one code"))
    }

    /// Whether there is a code that the account could enter now.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn has(
        &self,
        id: InvitationId,
        account: Account,
        now: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        Ok(self
            .read_code(id)
            .await?
            .is_some_and(|stored| stored.code.works(account, now)))
    }

    /// Tries a code. The right one is used up in the transaction that binds the account; a wrong
    /// one costs a try.
    ///
    /// # Errors
    /// Where the table fails; whether the code is right remains unknown then.
    pub async fn enter(
        &self,
        id: InvitationId,
        account: Account,
        code: &str,
        now: OffsetDateTime,
    ) -> Result<Entered, StoreError> {
        let mark = Uuid::new_v4().to_string();
        for _ in 0..ATTEMPTS {
            let Some(StoredCode {
                code: issued,
                etag,
                fields,
            }) = self.read_code(id).await?
            else {
                return self.useless(id, account).await;
            };
            // This very try, counted already: its answer was lost on the way.
            if rows::is_marked(&fields, &mark) {
                return Ok(Entered::Wrong);
            }
            match issued.try_code(account, now, |digest| {
                is_digest(&self.sealer, id, account, code, digest)
            }) {
                Tried::Useless => return self.useless(id, account).await,
                Tried::Wrong(next) => {
                    let write = Write::Replace {
                        key: rows::CODE.to_owned(),
                        if_match: etag,
                        fields: marked(rows::code(&next)?, &mark),
                    };
                    match self.table.commit(&id.to_string(), &[write]).await {
                        Ok(_) => return Ok(Entered::Wrong),
                        Err(TableError::Changed) => {}
                        Err(error) => return Err(error.into()),
                    }
                }
                Tried::Right => {
                    let used = Write::Delete {
                        key: rows::CODE.to_owned(),
                        if_match: etag,
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

    /// No code to enter: unless an earlier press, or a try whose answer was lost, has used it up
    /// for this account.
    async fn useless(&self, id: InvitationId, account: Account) -> Result<Entered, StoreError> {
        let bound = self
            .invitations
            .find(id)
            .await?
            .filter(|invitation| invitation.owner() == Some(account));
        Ok(bound.map_or(Entered::Useless, |invitation| {
            Entered::Right(Box::new(Outcome::Done(invitation)))
        }))
    }

    async fn read_code(&self, id: InvitationId) -> Result<Option<StoredCode>, StoreError> {
        let Some(row) = self.table.get(&id.to_string(), rows::CODE).await? else {
            return Ok(None);
        };
        Ok(Some(StoredCode {
            code: rows::read_code(&row.fields)?,
            etag: row.etag,
            fields: row.fields,
        }))
    }
}

/// A writer recognises its own row by the mark. The content is not enough: another writer's attempt
/// with the same count must count, too.
fn marked(mut fields: Fields, mark: &str) -> Fields {
    fields.insert("mark".to_owned(), mark.to_owned());
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
    sealer.verify(
        &purpose(id, account, code).each_ref().map(String::as_str),
        digest,
    )
}
