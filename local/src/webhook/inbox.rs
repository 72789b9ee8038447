//! The events that were received: in memory, and as one file each if there is a directory.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use standardwebhooks::Webhook;
use time::OffsetDateTime;

use crate::clock;

/// A request to the receiver.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Received {
    /// Counts from 1.
    pub n: usize,
    /// When it came.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// Every header in order.
    pub headers: Vec<(String, String)>,
    /// As it came.
    pub body: String,
    /// What is wrong with the signature; `None` if it is valid.
    pub signature_error: Option<String>,
}

pub(super) struct Inbox {
    verifier: Webhook,
    dir: Option<PathBuf>,
    received: Mutex<Vec<Received>>,
}

impl Received {
    /// The type of the event.
    #[must_use]
    pub fn kind(&self) -> String {
        let body: Value = serde_json::from_str(&self.body).unwrap_or_default();
        body["type"].as_str().unwrap_or("no event").to_owned()
    }

    /// The body with line breaks, if it is JSON.
    #[must_use]
    pub fn pretty(&self) -> String {
        serde_json::from_str::<Value>(&self.body)
            .and_then(|body| serde_json::to_string_pretty(&body))
            .unwrap_or_else(|_| self.body.clone())
    }
}

impl Inbox {
    /// Reads the events of the last run back in.
    pub(super) fn open(secret: &str, dir: Option<PathBuf>) -> anyhow::Result<Self> {
        let received = dir.as_deref().map(load).transpose()?.unwrap_or_default();
        Ok(Self {
            verifier: Webhook::new(secret)?,
            dir,
            received: Mutex::new(received),
        })
    }

    pub(super) fn received(&self) -> Vec<Received> {
        self.lock().clone()
    }

    /// Answers whether the signature is valid.
    pub(super) fn take(&self, headers: &HeaderMap, body: String) -> io::Result<bool> {
        let signature = self.verifier.verify(body.as_bytes(), headers);
        let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
        let mut received = self.lock();
        let event = Received {
            n: received.last().map_or(1, |last| last.n + 1),
            at: clock::now(),
            headers: headers
                .iter()
                .map(|(name, value)| (name.to_string(), text(value.as_bytes())))
                .collect(),
            body,
            signature_error: signature.err().map(|error| error.to_string()),
        };
        if let Some(dir) = &self.dir {
            write(dir, &event)?;
        }
        let is_valid = event.signature_error.is_none();
        received.push(event);
        Ok(is_valid)
    }

    // The list is valid even if a thread panicked while it held the lock.
    fn lock(&self) -> MutexGuard<'_, Vec<Received>> {
        self.received.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Under another name first, so that a process that is killed leaves no half of an event.
fn write(dir: &Path, event: &Received) -> io::Result<()> {
    let file = dir.join(format!("{:06}.json", event.n));
    let unfinished = file.with_extension("tmp");
    fs::write(&unfinished, serde_json::to_vec(event)?)?;
    fs::rename(unfinished, file)
}

/// What cannot be read is left out.
fn load(dir: &Path) -> io::Result<Vec<Received>> {
    fs::create_dir_all(dir)?;
    let mut received = Vec::<Received>::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            match read(&path) {
                Ok(event) => received.push(event),
                Err(error) => warn(&path, &error),
            }
        }
    }
    received.sort_by_key(|event| event.n);
    Ok(received)
}

fn read(path: &Path) -> io::Result<Received> {
    Ok(serde_json::from_slice(&fs::read(path)?)?)
}

#[expect(clippy::print_stderr, reason = "`make run` shows it at a command line")]
fn warn(path: &Path, error: &io::Error) {
    eprintln!("left out {}, which is no event: {error}", path.display());
}

impl std::fmt::Debug for Inbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Inbox({} events)", self.lock().len())
    }
}
