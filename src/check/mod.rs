//! `handler check` and the function `Check`: test everything that the settings name, and report how to
//! correct what fails.
//!
//! They leave nothing behind: three rows are written into a partition of their own and deleted, no
//! e-mail is sent, no event is delivered, no account signs in. Each probe has a time limit; all run
//! concurrently.

mod host_storage;
mod probes;

use std::{fmt, sync::Arc, time::Duration};

use futures::{FutureExt, future::BoxFuture};

use crate::{
    config::Config,
    store::table::{Table, TableError},
};

/// For one probe: longer than any dependency with all its retries takes to fail by itself.
const PROBE_TIMEOUT: Duration = Duration::from_secs(20);

/// The result of a probe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It works; details.
    Works(String),
    /// It fails; the reason and the remedy.
    Fails(String, &'static str),
    /// It is not configured, or cannot be determined.
    Unknown(String),
}

/// The results, to be printed.
#[derive(Debug)]
pub struct Report(Vec<(&'static str, Outcome)>);

impl Report {
    /// Whether nothing fails.
    #[must_use]
    pub fn passed(&self) -> bool {
        !self
            .0
            .iter()
            .any(|(_, outcome)| matches!(outcome, Outcome::Fails(..)))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, outcome) in &self.0 {
            match outcome {
                Outcome::Works(what) => writeln!(f, "ok     {name:20}  {what}")?,
                Outcome::Fails(reason, remedy) => writeln!(
                    f,
                    "FAILS  {name:20}  {reason}\n       {:20}  -> {remedy}",
                    ""
                )?,
                Outcome::Unknown(reason) => writeln!(f, "-      {name:20}  {reason}")?,
            }
        }
        Ok(())
    }
}

/// Runs all probes; `table` is that of the invitations, if it could be opened.
pub async fn run(config: &Config, table: Result<Arc<dyn Table>, TableError>) -> Report {
    let probes: Vec<(&'static str, BoxFuture<'_, Outcome>)> = vec![
        (
            "session keys",
            async { probes::session_keys(config) }.boxed(),
        ),
        ("storage", probes::storage(config, table).boxed()),
        ("host storage", host_storage::probe(config).boxed()),
        ("sign-in metadata", probes::metadata(config).boxed()),
        ("sign-in keys", probes::keys(config).boxed()),
        ("managed identity", probes::managed_identity(config).boxed()),
        ("desk", probes::desk(config).boxed()),
        ("client credential", probes::credential(config).boxed()),
        ("mail server", probes::mail(config).boxed()),
        ("webhook", probes::webhook(config).boxed()),
    ];
    let limited = probes.into_iter().map(async |(name, probe)| {
        let timed_out = |_| {
            Outcome::Fails(
                "it did not finish in time".to_owned(),
                "check for a firewall or proxy in between",
            )
        };
        (
            name,
            tokio::time::timeout(PROBE_TIMEOUT, probe)
                .await
                .unwrap_or_else(timed_out),
        )
    });
    Report(futures::future::join_all(limited).await)
}
