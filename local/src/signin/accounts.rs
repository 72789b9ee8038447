//! Who can sign in, and what they have consented to.

use std::{
    collections::BTreeSet,
    fs,
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
};

use anyhow::Context;
use serde::{Deserialize, Serialize};
use uuid::{Uuid, uuid};

use super::block::Block;

/// The tenant of all personal Microsoft accounts.
pub const PERSONAL_TENANT: Uuid = uuid!("9188040d-6c67-4c5b-b112-36a304b66dad");

/// A person who can sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The address that is entered to sign in.
    pub email: String,
    /// The display name.
    pub name: String,
    /// Its organisation, or [`PERSONAL_TENANT`].
    pub tid: Uuid,
    /// The person within that tenant.
    pub oid: Uuid,
    /// The claim of that name: whether the organisation proved to own the address's domain. `None`
    /// sends no claim.
    #[serde(default)]
    pub xms_edov: Option<bool>,
    /// Whether the account is a guest in its organisation.
    #[serde(default)]
    pub is_guest: bool,
    /// Sent as `email` instead of the address; an empty one sends no claim.
    #[serde(default)]
    pub email_claim: Option<String>,
    /// Sent as `preferred_username` instead of the address.
    #[serde(default)]
    pub preferred_username: Option<String>,
    /// Why its organisation does not let it in.
    #[serde(default)]
    pub block: Option<Block>,
    /// Whether it may approve apps for its organisation.
    #[serde(default)]
    pub is_admin: bool,
    /// The app roles that its organisation has assigned to it.
    #[serde(default)]
    pub roles: Vec<String>,
}

impl Account {
    /// A personal account, as people create it for themselves.
    pub fn personal(email: impl Into<String>, name: impl Into<String>) -> Self {
        // Their object ids are 64 bits wide.
        let oid = Uuid::from_u128(u128::from(rand::random::<u64>()));
        Self {
            oid,
            ..Self::organisation(email, name, PERSONAL_TENANT)
        }
    }

    /// An account of an organisation.
    pub fn organisation(email: impl Into<String>, name: impl Into<String>, tid: Uuid) -> Self {
        Self {
            email: email.into(),
            name: name.into(),
            tid,
            oid: Uuid::new_v4(),
            xms_edov: None,
            is_guest: false,
            email_claim: None,
            preferred_username: None,
            block: None,
            is_admin: false,
            roles: Vec::new(),
        }
    }

    /// Whether it is a personal one.
    pub fn is_personal(&self) -> bool {
        self.tid == PERSONAL_TENANT
    }
}

/// All accounts; written to a file at every change if there is one.
#[derive(Debug)]
pub(super) struct Accounts {
    file: Option<PathBuf>,
    book: Mutex<AccountStore>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct AccountStore {
    accounts: Vec<Account>,
    consents: BTreeSet<Uuid>,
    /// Tenants whose administrator has approved the app.
    #[serde(default)]
    approvals: BTreeSet<Uuid>,
}

impl Accounts {
    /// The accounts of the last run, with `seed` taking precedence.
    pub(super) fn open(file: Option<PathBuf>, seed: Vec<Account>) -> anyhow::Result<Self> {
        let mut book = match &file {
            Some(file) if file.exists() => serde_json::from_slice(&fs::read(file)?)
                .with_context(|| format!("{}", file.display()))?,
            _ => AccountStore::default(),
        };
        for account in seed {
            book.put(account);
        }
        Ok(Self {
            file,
            book: Mutex::new(book),
        })
    }

    pub(super) fn all(&self) -> Vec<Account> {
        self.book().accounts.clone()
    }

    pub(super) fn find(&self, is_wanted: impl Fn(&Account) -> bool) -> Option<Account> {
        self.book()
            .accounts
            .iter()
            .find(|account| is_wanted(account))
            .cloned()
    }

    pub(super) fn by_email(&self, email: &str) -> Option<Account> {
        self.find(|account| account.email.eq_ignore_ascii_case(email))
    }

    /// Adds an account, or replaces the one with its address.
    pub(super) fn put(&self, account: Account) {
        self.change(|book| book.put(account));
    }

    /// Whether the account, or an administrator for it, has consented.
    pub(super) fn consented(&self, account: &Account) -> bool {
        let book = self.book();
        book.consents.contains(&account.oid) || book.approvals.contains(&account.tid)
    }

    /// What keeps the account out: an approval ends that of its kind.
    pub(super) fn block_of(&self, account: &Account) -> Option<Block> {
        let is_approved = || self.book().approvals.contains(&account.tid);
        account
            .block
            .filter(|block| *block != Block::Approval || !is_approved())
    }

    pub(super) fn approve(&self, tid: Uuid) {
        self.change(|book| book.approvals.insert(tid));
    }

    pub(super) fn consent(&self, oid: Uuid) {
        self.change(|book| book.consents.insert(oid));
    }

    fn change<T>(&self, change: impl FnOnce(&mut AccountStore) -> T) {
        let mut book = self.book();
        change(&mut book);
        if let (Some(file), Ok(json)) = (&self.file, serde_json::to_vec_pretty(&*book)) {
            // The accounts of a stand-in are not worth failing for.
            let _ = fs::write(file, json);
        }
    }

    fn book(&self) -> MutexGuard<'_, AccountStore> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl AccountStore {
    fn put(&mut self, account: Account) {
        self.accounts
            .retain(|other| !other.email.eq_ignore_ascii_case(&account.email));
        self.accounts.push(account);
    }
}
