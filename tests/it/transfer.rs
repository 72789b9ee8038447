//! Export and import: every row in a file, into an empty table, and nothing delivered before an
//! operator says so.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use onboarding::{
    config::SETTINGS,
    domain::{
        company::{Company, CompanyForm},
        invitation::{Account, InvitationId, Link, Record},
    },
    store::{Conditions, table::Fields},
    transfer::{TransferError, export, import, resume_delivery},
};
use serde_json::Value;
use support::{
    KNOWN, Running, Store, WEBHOOK_SECRET, azurite as emulator,
    faulty::{self, Fault},
    handler,
    inside::Inside,
    invitation, invite_quietly, now, over_both_stores,
    people::Acts,
    start, start_with, whole_journey,
};
use tempfile::TempDir;
use uuid::Uuid;

const HOOK: [(&str, &str); 2] = [
    ("WEBHOOK_URL", "https://hook.example.com/"),
    ("WEBHOOK_SECRET", WEBHOOK_SECRET),
];

const ANNA: Account = Account {
    tid: Uuid::from_u128(1),
    oid: Uuid::from_u128(2),
};

over_both_stores! {
    restore_brings_back_every_row
    restore_delivers_nothing_by_itself
    erasures_since_the_export_are_applied
    used_table_is_refused
    interrupted_import_continues
}

/// A folder and a file in it, for an export.
fn file() -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("export.jsonl");
    (dir, path)
}

async fn exports(inside: &Inside, path: &Path) -> Result<(), TransferError> {
    let (config, store) = (&inside.app.config, inside.store());
    export(config, store, path, now(), &mut |_| {}).await
}

async fn imports(inside: &Inside, path: &Path) -> Result<(), TransferError> {
    let (config, store) = (&inside.app.config, inside.store());
    import(config, store, path, None, now(), &mut |_| {}).await
}

async fn resumes(inside: &Inside) -> Result<(), TransferError> {
    resume_delivery(inside.store(), now(), &mut |_| {}).await
}

/// Invitations in several states, with an event to deliver each.
async fn used(store: Store) -> (Inside, Vec<(Link, InvitationId)>) {
    let inside = Inside::start(store, now(), &HOOK).await;
    let mut invited = Vec::new();
    let mut posted = invitation(KNOWN, "Anna", "Meier");
    posted["sendEmail"] = false.into();
    for _ in 0..4 {
        invited.push(inside.invite(&posted).await);
    }
    let (repositories, now) = (inside.store(), inside.now());
    let [completed, revoked, accepting, _] = [0, 1, 2, 3].map(|at| invited[at].1);
    let values = [
        "Meier AG", "", "", "CH", "Weg 1", "8001", "Zürich", "", "Anna", "Meier", "",
    ];
    let company = Company::parse(&CompanyForm::of(values.map(str::to_owned))).unwrap();
    repositories
        .invitations
        .accept(completed, ANNA, now)
        .await
        .unwrap();
    repositories
        .companies
        .create(completed, ANNA, &company, now)
        .await
        .unwrap();
    repositories
        .invitations
        .revoke(revoked, None, Conditions::default(), now)
        .await
        .unwrap();
    repositories
        .codes
        .issue(accepting, ANNA, now)
        .await
        .unwrap()
        .unwrap();
    inside.use_state(accepting, "a state").await;
    (inside, invited)
}

type Rows = BTreeMap<(String, String), Fields>;

async fn rows(inside: &Inside) -> Rows {
    let rows = inside.table.rows().await.into_iter();
    rows.map(|(partition, row)| ((partition, row.key), row.fields))
        .collect()
}

/// What an import takes of these rows.
fn taken(rows: Rows) -> Rows {
    let is_of_the_moment = |partition: &str, key: &str| {
        let is_intent = partition.starts_with("outbox-") && !key.starts_with("feed-");
        is_intent || key == "code" || key.starts_with("state-")
    };
    rows.into_iter()
        .filter(|((partition, key), _)| !is_of_the_moment(partition, key))
        .collect()
}

async fn restore_brings_back_every_row(store: Store) {
    let ((old, invited), (_dir, path)) = (used(store).await, file());
    exports(&old, &path).await.unwrap();
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&path.metadata().unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);
    }
    let text = fs::read_to_string(&path).unwrap();
    let exported = text.lines().filter(|line| line.starts_with(r#"{"row""#));
    assert_eq!(exported.count(), rows(&old).await.len(), "every row");

    let new = Inside::start(store, now(), &HOOK).await;
    imports(&new, &path).await.unwrap();
    let mut restored = rows(&new).await;
    assert!(
        restored
            .remove(&("transfer".to_owned(), "import".to_owned()))
            .is_some()
    );
    assert_eq!(restored, taken(rows(&old).await));
    for (link, id) in invited {
        let history = new.store().invitations.history(id).await.unwrap().unwrap();
        assert_eq!(new.store().invitations.link(&history), Some(link));
    }
    imports(&new, &path).await.unwrap();
    assert_eq!(rows(&new).await.len(), restored.len() + 1, "again: nothing");
}

async fn restore_delivers_nothing_by_itself(store: Store) {
    let ((old, invited), (_dir, path)) = (used(store).await, file());
    exports(&old, &path).await.unwrap();
    let new = Inside::start(store, now(), &HOOK).await;
    imports(&new, &path).await.unwrap();
    let id = invited[3].1;
    new.store()
        .invitations
        .revoke(id, None, Conditions::default(), new.now())
        .await
        .unwrap();
    new.wait(time::Duration::MINUTE);
    assert_eq!(new.app.deliverer.tick().await.unwrap(), 0, "it is paused");
    resumes(&new).await.unwrap();
    let found = new.app.deliverer.tick().await.unwrap();
    assert!(found >= 4, "{found}: what was open before, and since");
}

async fn erasures_since_the_export_are_applied(store: Store) {
    let ((old, invited), (dir, path)) = (used(store).await, file());
    exports(&old, &path).await.unwrap();
    let (erased, kept) = (invited[0].1, invited[1].1);
    let list = dir.path().join("erased");
    fs::write(&list, format!("{erased}\n")).unwrap();
    let new = Inside::start(store, now(), &HOOK).await;
    let (config, repositories) = (&new.app.config, new.store());
    import(config, repositories, &path, Some(&list), now(), &mut |_| {})
        .await
        .unwrap();
    let record = async |id| repositories.invitations.find_record(id).await.unwrap();
    assert!(matches!(record(erased).await, Some(Record::Erased(_))));
    assert!(matches!(record(kept).await, Some(Record::Live(_))));
}

async fn used_table_is_refused(store: Store) {
    let ((old, _), (_dir, path)) = (used(store).await, file());
    exports(&old, &path).await.unwrap();
    let before = rows(&old).await;
    let refused = imports(&old, &path).await;
    assert!(
        matches!(refused, Err(TransferError::NotEmpty)),
        "{refused:?}"
    );
    assert_eq!(rows(&old).await, before);
    let again = exports(&old, &path).await;
    assert!(matches!(again, Err(TransferError::Complete)), "{again:?}");
}

async fn interrupted_import_continues(store: Store) {
    let ((old, _), (_dir, path)) = (used(store).await, file());
    exports(&old, &path).await.unwrap();
    let new = Inside::start(store, now(), &HOOK).await;
    for commits in [1, 5] {
        new.fail_after(commits, true);
        assert!(imports(&new, &path).await.is_err());
        new.table.recover();
        let early = resumes(&new).await;
        assert!(matches!(early, Err(TransferError::Importing)), "{early:?}");
    }
    imports(&new, &path).await.unwrap();
    let mut restored = rows(&new).await;
    restored.remove(&("transfer".to_owned(), "import".to_owned()));
    assert_eq!(restored, taken(rows(&old).await));
}

#[tokio::test]
async fn scan_with_empty_pages_or_cut_off_loses_no_row() {
    let ((old, _), (_dir, path)) = (used(Store::Embedded).await, file());
    let first = faulty::scans().when(|call| !call.continues);
    old.table.plan(first.clone().once(), Fault::Lost);
    old.table.plan(first, Fault::EmptyPage);
    assert!(exports(&old, &path).await.is_err());
    exports(&old, &path).await.unwrap();
    let new = Inside::start(Store::Embedded, now(), &HOOK).await;
    let empty = faulty::scans().when(|call| !call.continues);
    new.table.plan(empty, Fault::EmptyPage);
    imports(&new, &path).await.unwrap();
    assert!(old.table.recover() && new.table.recover());
    let mut restored = rows(&new).await;
    restored.remove(&("transfer".to_owned(), "import".to_owned()));
    assert_eq!(restored, taken(rows(&old).await));
}

#[tokio::test]
async fn interrupted_export_continues() {
    let inside = Inside::start(Store::Embedded, now(), &[]).await;
    let mut posted = invitation(KNOWN, "Anna", "Meier");
    posted["sendEmail"] = false.into();
    for _ in 0..2 {
        let many = Value::Array(vec![posted.clone(); 100]);
        inside
            .call(reqwest::Method::POST, "/api/Invitations", &many)
            .await;
    }
    let (_dir, path) = file();
    exports(&inside, &path).await.unwrap();
    let complete = fs::read(&path).unwrap();
    let text = String::from_utf8(complete.clone()).unwrap();
    let first_page = text.find("{\"next\"").unwrap();
    for cut in [first_page - 100, first_page + 5, first_page + 2000] {
        fs::write(&path, &complete[..cut]).unwrap();
        exports(&inside, &path).await.unwrap();
        assert_eq!(fs::read(&path).unwrap(), complete, "cut at {cut}");
    }
    fs::write(&path, &complete[..first_page + 2000]).unwrap();
    let refused = imports(&Inside::start(Store::Embedded, now(), &[]).await, &path).await;
    assert!(
        matches!(refused, Err(TransferError::Incomplete)),
        "{refused:?}"
    );
}

#[tokio::test]
async fn missing_key_is_named_and_no_key_is_exported() {
    let (old, _) = used(Store::Embedded).await;
    let (_dir, path) = file();
    exports(&old, &path).await.unwrap();
    let name = old.app.config.sealer.names().pop().unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.lines().next().unwrap().contains(&name));
    let encode =
        |byte: u8| base64::Engine::encode(&base64::engine::general_purpose::STANDARD, [byte; 64]);
    assert!(!text.contains(&encode(7)));
    let other = encode(8);
    let new = Inside::start(Store::Embedded, now(), &[("SESSION_KEYS", &other)]).await;
    match imports(&new, &path).await {
        Err(TransferError::MissingKeys(missing)) => assert_eq!(missing, name),
        answer => panic!("{answer:?}"),
    }
    assert!(rows(&new).await.is_empty());
    let both = format!("{other},{}", encode(7));
    let new = Inside::start(Store::Embedded, now(), &[("SESSION_KEYS", &both)]).await;
    imports(&new, &path).await.unwrap();
}

/// Runs the handler with the settings of a stack, and its table elsewhere.
async fn tool(stack: &Running, storage: &str, table: &str, arguments: &[&str]) {
    let settings = SETTINGS
        .iter()
        .filter_map(|name| Some((*name, stack.setting(name)?.to_owned())));
    let output = tokio::process::Command::new(handler())
        .args(arguments)
        .env_clear()
        .envs(settings)
        .env("INVITATION_STORAGE", storage)
        .env("INVITATION_TABLE", table)
        .output()
        .await
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{arguments:?}: {said}");
}

#[tokio::test]
async fn invitation_moves_from_store_to_store() {
    let old = start(Store::Azurite).await;
    let (link, _) = invite_quietly(&old).await;
    let key = old.setting("SESSION_KEYS").unwrap();
    let new = start_with(Store::Azurite, &[("SESSION_KEYS", key)]).await;
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).display().to_string();
    let (azure, embedded) = (
        emulator::azurite().await,
        format!("embedded:{}", path("table")),
    );
    let table = |stack: &Running| stack.setting("INVITATION_TABLE").unwrap().to_owned();

    tool(&old, &azure, &table(&old), &["export", &path("a")]).await;
    tool(&old, &embedded, "Invitations", &["import", &path("a")]).await;
    tool(&old, &embedded, "Invitations", &["export", &path("b")]).await;
    tool(&new, &azure, &table(&new), &["import", &path("b")]).await;
    tool(&new, &azure, &table(&new), &["resume-delivery"]).await;

    let link = link.replace(&old.url(), &new.url());
    let mut anna = new.person().unwrap();
    let welcome = whole_journey(&mut anna, &new, &link).await;
    assert_eq!(welcome.title(), "Welcome, Anna!");
    assert_eq!(anna.opens(&link).await.title(), "You are all set");
}
