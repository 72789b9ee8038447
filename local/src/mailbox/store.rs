//! The mails of all recipients: in memory, and as one file each if there is a directory.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use anyhow::Context;
use tokio::sync::watch;

use super::{
    mail::Mail,
    rules::{RecipientRule, Refusal},
};
use crate::clock;

#[derive(Debug)]
pub(super) struct Store {
    dir: Option<PathBuf>,
    mails: Mutex<Vec<Arc<Mail>>>,
    rules: Mutex<Vec<RecipientRule>>,
    arrivals: watch::Sender<usize>,
    sessions: AtomicUsize,
}

impl Store {
    /// Reads the mails of the last run back in.
    pub(super) fn open(dir: Option<PathBuf>) -> anyhow::Result<Self> {
        let mails = match &dir {
            Some(dir) => load(dir)
                .with_context(|| format!("the mails in {} cannot be read", dir.display()))?,
            None => Vec::new(),
        };
        let arrivals = watch::Sender::new(mails.len());
        Ok(Self {
            dir,
            mails: Mutex::new(mails),
            rules: Mutex::default(),
            arrivals,
            sessions: AtomicUsize::new(0),
        })
    }

    /// Oldest first.
    pub(super) fn mails(&self) -> Vec<Arc<Mail>> {
        lock(&self.mails).clone()
    }

    pub(super) fn mail(&self, n: usize) -> Option<Arc<Mail>> {
        lock(&self.mails).iter().find(|mail| mail.n == n).cloned()
    }

    pub(super) fn deliver(&self, from: &str, to: &str, data: &[u8]) -> io::Result<()> {
        let raw = Mail::envelope(from, to, data, clock::now());
        let mut mails = lock(&self.mails);
        let n = mails.last().map_or(1, |last| last.n + 1);
        if let Some(dir) = &self.dir {
            fs::write(dir.join(format!("{n:06}.eml")), &raw)?;
        }
        mails.push(Arc::new(Mail::parse(n, raw)));
        self.arrivals.send_replace(n);
        Ok(())
    }

    /// Changes with every delivery.
    pub(super) fn arrivals(&self) -> watch::Receiver<usize> {
        self.arrivals.subscribe()
    }

    pub(super) fn count_session(&self) {
        self.sessions.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn sessions(&self) -> usize {
        self.sessions.load(Ordering::Relaxed)
    }

    pub(super) fn refuse(&self, rule: RecipientRule) {
        lock(&self.rules).push(rule);
    }

    pub(super) fn accept_all(&self) {
        lock(&self.rules).clear();
    }

    /// The latest rule that applies wins.
    pub(super) fn refusal(&self, address: &str) -> Option<Refusal> {
        let mut rules = lock(&self.rules);
        rules
            .iter_mut()
            .rev()
            .find_map(|rule| rule.applies(address).then_some(rule.refusal))
    }
}

fn load(dir: &Path) -> io::Result<Vec<Arc<Mail>>> {
    fs::create_dir_all(dir)?;
    let mut mails = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        let stem = path.file_stem().and_then(|stem| stem.to_str());
        if let Some(n) = stem.and_then(|stem| stem.parse().ok()) {
            mails.push(Arc::new(Mail::parse(n, fs::read(&path)?)));
        }
    }
    mails.sort_by_key(|mail| mail.n);
    Ok(mails)
}

// A panic elsewhere leaves a list of mails as good as it was.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
