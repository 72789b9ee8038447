//! `handler check`: tries everything that the settings name, and says what works and how to mend
//! what does not.
//!
//! It changes nothing that lasts: two rows are written into a partition of their own and taken
//! away, no letter is sent, no event is told, nobody signs in. Each check has a time limit; all run
//! at once.

mod probes;

use std::{fmt, time::Duration};

use futures::{FutureExt, future::BoxFuture};

use crate::config::Config;

/// For one check: more than a neighbour with all its retries takes to fail by itself.
const LONGEST: Duration = Duration::from_secs(20);

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// It works; some words on it.
    Works(String),
    /// It does not; why, and what to do.
    Fails(String, &'static str),
    /// It is not configured, or cannot be told from here.
    Unknown(String),
}

/// What was found, to be printed.
#[derive(Debug)]
pub struct Report(Vec<(&'static str, Found)>);

impl Report {
    /// Whether nothing fails.
    #[must_use]
    pub fn is_fine(&self) -> bool {
        !self
            .0
            .iter()
            .any(|(_, found)| matches!(found, Found::Fails(..)))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, found) in &self.0 {
            match found {
                Found::Works(what) => writeln!(f, "ok     {name:20}  {what}")?,
                Found::Fails(why, mend) => {
                    writeln!(f, "FAILS  {name:20}  {why}\n       {:20}  -> {mend}", "")?
                }
                Found::Unknown(why) => writeln!(f, "-      {name:20}  {why}")?,
            }
        }
        Ok(())
    }
}

/// Tries everything. `session_keys` is the text of that setting: what was made of it cannot be
/// looked at any more.
pub async fn run(config: Config, session_keys: &str) -> Report {
    let checks: Vec<(&'static str, BoxFuture<'_, Found>)> = vec![
        (
            "session keys",
            async { probes::session_keys(session_keys) }.boxed(),
        ),
        ("storage", probes::storage(&config).boxed()),
        ("sign-in metadata", probes::metadata(&config).boxed()),
        ("sign-in keys", probes::keys(&config).boxed()),
        (
            "managed identity",
            probes::managed_identity(&config).boxed(),
        ),
        ("client credential", probes::credential(&config).boxed()),
        ("mail server", probes::mail(&config).boxed()),
        ("webhook", probes::webhook(&config).boxed()),
    ];
    let limited = checks.into_iter().map(async |(name, check)| {
        let late = |_| {
            Found::Fails(
                "no end in time".to_owned(),
                "see whether a firewall or a proxy is in between",
            )
        };
        (
            name,
            tokio::time::timeout(LONGEST, check)
                .await
                .unwrap_or_else(late),
        )
    });
    Report(futures::future::join_all(limited).await)
}
