//! What the tests stand on: the real handler behind the stand-in host, with its dependencies, over
//! either store.

#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a helper of a test fails the test"
)]

pub mod api;
pub mod azurite;
pub mod chrome;
pub mod collector;
pub mod contract;
pub mod faulty;
pub mod gallery;
pub mod gallery_stopped;
pub mod inside;
pub mod log;
pub mod memory;
pub mod meter;
pub mod people;
pub mod power_platform;
pub mod receiver;
pub mod site;
pub mod sparse;
pub mod table;

use std::{
    net::{Ipv4Addr, TcpListener},
    ops::Deref,
    path::{Path, PathBuf},
    time::Duration,
};

use local::{
    browser::{Page, ScriptedBrowser},
    mailbox::Mail,
    samples,
    signin::Account,
    stack::{Ports, Stack, StackOptions},
};
use serde_json::Value;
use tempfile::TempDir;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use uuid::Uuid;

use crate::people::Acts;

/// The account of case 1.
pub use local::samples::{KNOWN, UNKNOWN, invitation};

/// Of a webhook; any will do.
pub const WEBHOOK_SECRET: &str = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

/// Each sentence as two tests, `embedded::…` and `azurite::…`.
#[macro_export]
macro_rules! over_both_stores {
    ($($test:ident)*) => {
        $crate::over_both_stores!(@on embedded Embedded $($test)*);
        $crate::over_both_stores!(@on azurite Azurite $($test)*);
    };
    (@on $module:ident $store:ident $($test:ident)*) => {
        mod $module {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $test() {
                    super::$test($crate::Store::$store).await;
                }
            )*
        }
    };
}

/// A running app with its dependencies; ends with the test.
pub struct Running {
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
pub enum Store {
    Embedded,
    Azurite,
}

/// Over a fresh store, with the usual settings. Timers run only when a test triggers them: a tick by
/// the clock would add calls to what is counted, and lines to the log.
pub async fn start(store: Store) -> Running {
    start_with(store, &[]).await
}

/// Over a fresh store, with further settings; an empty value takes one away. Unless `RUST_LOG` is
/// among them, every request is logged.
pub async fn start_with(store: Store, settings: &[(&str, &str)]) -> Running {
    let dir = tempfile::tempdir().unwrap();
    let storage = match store {
        Store::Embedded => format!("embedded:{}", dir.path().join("table").display()),
        Store::Azurite => sparse::before(&azurite::azurite().await).await,
    };
    let mut settings: Vec<(String, String)> = settings
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    settings.push(("INVITATION_TABLE".to_owned(), azurite::table_name()));
    if !settings.iter().any(|(name, _)| name == "RUST_LOG") {
        settings.push(("RUST_LOG".to_owned(), log::EVERY_REQUEST.to_owned()));
    }
    let options = StackOptions {
        app_root: root().to_owned(),
        handler: handler(),
        storage,
        dir: None,
        ports: Ports::default(),
        accounts: samples::accounts(),
        settings,
        timers: false,
        echo_logs: std::env::var_os("SHOW_LOGS").is_some(),
    };
    Running {
        stack: Stack::start(options).await.unwrap(),
        _dir: dir,
    }
}

/// The folder with `host.json`.
pub fn root() -> &'static Path {
    // Two levels above this crate, without `..`: the path is compared with what a binary names.
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap()
}

/// In memory where the machine has such a folder: thousands of transactions take their time on a
/// disk.
pub fn quick_dir() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        tempfile::tempdir_in(memory)
    } else {
        tempfile::tempdir()
    }
    .unwrap()
}

/// The handler that was built for the tests.
pub fn handler() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    // target/debug/deps/it-0123456789abcdef
    test.ancestors().nth(2).unwrap().join("handler")
}

/// The link of an invitation that was just created.
pub fn link(created: &Value) -> String {
    created["link"].as_str().unwrap().to_owned()
}

/// The answer to an invitation that is accepted.
pub async fn invite(stack: &Stack, posted: &Value) -> Value {
    stack.invite(posted).await.unwrap()
}

/// The next e-mail to this address.
pub async fn email_to(stack: &Stack, address: &str) -> Mail {
    let arrived = stack.mailbox.wait_for(address, Duration::from_secs(20));
    arrived.await.unwrap()
}

/// The items of an array.
pub fn items(array: &Value) -> std::slice::Iter<'_, Value> {
    array.as_array().unwrap().iter()
}

/// Invites the recipient with the account of case 1 and answers with the link.
pub async fn invite_known(stack: &Stack) -> String {
    link(&invite(stack, &invitation(KNOWN, "Anna", "Meier")).await)
}

/// Invites the recipient with the account of case 1 so that no one is mailed: nothing goes on in
/// the background. Answers with the link and the id.
pub async fn invite_quietly(stack: &Stack) -> (String, String) {
    let mut posted = invitation(KNOWN, "Anna", "Meier");
    posted["sendEmail"] = false.into();
    posted["inviter"]["email"] = Value::Null;
    posted["company"]["customerNumber"] = format!("C-{}", Uuid::new_v4().simple()).into();
    let created = stack.invite(&posted).await.unwrap();
    (link(&created), created["id"].as_str().unwrap().to_owned())
}

/// The keys of the rows in a partition of a table.
pub async fn table_of(connection: &str, table: &str, partition: &str) -> Vec<String> {
    let client = std::sync::Arc::new(reqwest::Client::new());
    let table = onboarding::store::table::azure::AzureTable::from_connection_string(
        connection, table, client,
    )
    .unwrap();
    let page =
        onboarding::store::table::Table::query(&table, partition, &Default::default(), 1000, None)
            .await
            .unwrap();
    page.rows.into_iter().map(|row| row.key).collect()
}

/// A port of this machine at which no one listens.
pub fn dead_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

/// So many seconds from now, as `expiresAt`.
pub fn in_seconds(seconds: i64) -> String {
    (now() + time::Duration::seconds(seconds))
        .format(&Rfc3339)
        .unwrap()
}

#[expect(
    clippy::disallowed_methods,
    reason = "an integrator has a clock of its own"
)]
pub fn now() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}

/// Another account that proves to own the mailbox of `of`; it signs in by the address that comes
/// back.
pub fn second_account_for(stack: &Stack, of: &str) -> String {
    let email = format!(
        "second_account_for-{}@elsewhere.example",
        Uuid::new_v4().simple()
    );
    let account = Account::organisation(&email, "Twin", Uuid::new_v4());
    stack.sign_in.add_account(Account {
        email_claim: Some(of.to_owned()),
        xms_edov: Some(true),
        ..account
    });
    email
}

/// From the link to the form with the company data.
pub async fn company_form(person: &mut ScriptedBrowser, stack: &Stack, link: &str) -> Page {
    let callback = person.signs_in(link, &stack.sign_in, KNOWN).await;
    let form = person.opens(&callback.location().unwrap()).await;
    assert!(
        form.has("#create-company"),
        "{} «{}»",
        form.status,
        form.title()
    );
    form
}

/// From the link to the welcome page.
pub async fn whole_journey(person: &mut ScriptedBrowser, stack: &Stack, link: &str) -> Page {
    let form = company_form(person, stack, link).await;
    let welcome = person
        .presses(&form, "#create-company", &[])
        .await
        .location()
        .unwrap();
    person.opens(&welcome).await
}
