//! What all requests to the sign-in service share.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, Ordering::Relaxed},
    },
};

use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{
    accounts::{Account, Accounts},
    faults::Faults,
    keys::Keys,
    model::{Attempt, Grant},
    parameters::Parameters,
};
use crate::clock;

/// Where to listen, for which app, and who can sign in.
#[derive(Clone, Debug, Default)]
pub struct SignInOptions {
    /// 0: any free port.
    pub port: u16,
    /// The app's id.
    pub client_id: String,
    /// The app's secret.
    pub client_secret: String,
    /// Where the app may be returned to, compared as text.
    pub redirect_uris: Vec<String>,
    /// Who can sign in from the start.
    pub accounts: Vec<Account>,
    /// Where the codes for new accounts are mailed to (`smtp://host:port`). Without it, none can be
    /// created.
    pub smtp_url: Option<String>,
    /// Keeps accounts, consents and keys over a restart.
    pub dir: Option<PathBuf>,
    /// Takes any well-formed JWT as the app's `client_assertion`, instead of none.
    pub accept_assertions: bool,
}

/// How many requests each endpoint has had, faulty answers included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Metadata documents.
    pub metadata: usize,
    /// Key sets.
    pub keys: usize,
    /// Authorization requests; not the pages that follow.
    pub authorize: usize,
    /// Token requests.
    pub token: usize,
}

#[derive(Debug)]
pub(super) struct Service {
    pub(super) base: String,
    pub(super) options: SignInOptions,
    pub(super) accounts: Accounts,
    redirect_uris: Mutex<Vec<String>>,
    keys: Mutex<Keys>,
    /// By the id in the address of its pages.
    attempts: Mutex<HashMap<Uuid, Attempt>>,
    /// By code; `None` once it was redeemed.
    grants: Mutex<HashMap<String, Option<Grant>>>,
    /// Object ids of the accounts that are signed in, by the cookie's value.
    sessions: Mutex<HashMap<Uuid, Vec<Uuid>>>,
    faults: Mutex<Faults>,
    counts: Mutex<Counts>,
    token_request: Mutex<Parameters>,
    seconds_ahead: AtomicI64,
}

impl Service {
    pub(super) fn new(
        base: String,
        options: SignInOptions,
        accounts: Accounts,
        keys: Keys,
    ) -> Self {
        Self {
            base,
            redirect_uris: Mutex::new(options.redirect_uris.clone()),
            options,
            accounts,
            keys: Mutex::new(keys),
            attempts: Mutex::default(),
            grants: Mutex::default(),
            sessions: Mutex::default(),
            faults: Mutex::default(),
            counts: Mutex::default(),
            token_request: Mutex::default(),
            seconds_ahead: AtomicI64::default(),
        }
    }

    pub(super) fn now(&self) -> OffsetDateTime {
        clock::now() + Duration::seconds(self.seconds_ahead.load(Relaxed))
    }

    pub(super) fn advance_clock(&self, seconds: i64) {
        self.seconds_ahead.fetch_add(seconds, Relaxed);
    }

    pub(super) fn redirect_uris(&self) -> MutexGuard<'_, Vec<String>> {
        lock(&self.redirect_uris)
    }

    pub(super) fn keys(&self) -> MutexGuard<'_, Keys> {
        lock(&self.keys)
    }

    pub(super) fn attempts(&self) -> MutexGuard<'_, HashMap<Uuid, Attempt>> {
        lock(&self.attempts)
    }

    pub(super) fn grants(&self) -> MutexGuard<'_, HashMap<String, Option<Grant>>> {
        lock(&self.grants)
    }

    pub(super) fn sessions(&self) -> MutexGuard<'_, HashMap<Uuid, Vec<Uuid>>> {
        lock(&self.sessions)
    }

    pub(super) fn faults(&self) -> MutexGuard<'_, Faults> {
        lock(&self.faults)
    }

    pub(super) fn counts(&self) -> MutexGuard<'_, Counts> {
        lock(&self.counts)
    }

    pub(super) fn token_request(&self) -> MutexGuard<'_, Parameters> {
        lock(&self.token_request)
    }
}

// Each critical section is a single change: a panic elsewhere cannot leave one half done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
