//! What the tests stand on: the real handler behind the stand-in host, with its neighbours, over either store.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]
#![allow(dead_code, unused_imports, clippy::allow_attributes, reason = "each test binary uses another part")]

pub(crate) mod azurite;
pub(crate) mod receiver;

use std::{
    ops::Deref,
    path::{Path, PathBuf},
};

use local::{
    samples,
    stack::{Ports, Stack, StackOptions},
};
use serde_json::Value;
use tempfile::TempDir;

/// The account of case 1.
pub(crate) use local::samples::{KNOWN, UNKNOWN, invitation};

/// A running app with its neighbours; ends with the test.
pub(crate) struct Running {
    stack: Stack,
    _dir: TempDir,
}

impl Deref for Running {
    type Target = Stack;

    fn deref(&self) -> &Stack {
        &self.stack
    }
}

/// Which store the app runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Store {
    Embedded,
    Azurite,
}

/// Over a fresh store, with the usual settings.
pub(crate) async fn start(store: Store) -> Running {
    start_with(store, &[]).await
}

/// Over a fresh store, with further settings; an empty value takes one away.
pub(crate) async fn start_with(store: Store, settings: &[(&str, &str)]) -> Running {
    let dir = tempfile::tempdir().unwrap();
    let storage = match store {
        Store::Embedded => format!("embedded:{}", dir.path().join("table").display()),
        Store::Azurite => azurite::azurite().await,
    };
    let mut settings: Vec<(String, String)> = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    settings.push(("INVITATION_TABLE".to_owned(), azurite::table_name()));
    let options = StackOptions {
        app_root: root().to_owned(),
        handler: handler(),
        storage,
        dir: None,
        ports: Ports::default(),
        accounts: samples::accounts(),
        settings,
        echo_logs: std::env::var_os("SHOW_LOGS").is_some(),
    };
    Running { stack: Stack::start(options).await.unwrap(), _dir: dir }
}

/// The folder with `host.json`.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The handler that was built for the tests.
pub(crate) fn handler() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_handler"))
}

/// The link of an invitation that was just created.
pub(crate) fn link(created: &Value) -> String {
    created["link"].as_str().unwrap().to_owned()
}

/// Invites the recipient with the account of case 1 and answers with the link.
pub(crate) async fn invite_known(stack: &Stack) -> String {
    link(&stack.invite(&invitation(KNOWN, "Anna", "Meier")).await.unwrap())
}
