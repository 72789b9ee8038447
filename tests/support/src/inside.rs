//! The service in this process, over either store: the test says what time it is, sees every row
//! that was written, and can let the writes fail.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use async_trait::async_trait;
use axum::{
    body::{Body, to_bytes},
    http::{Method, Request},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use onboarding::{
    app::{App, Shared, canonical_path, router},
    clock::Clock,
    config::Config,
    invitation::{InvitationId, Link},
    store::{
        Intent,
        azure::AzureTable,
        embedded::EmbeddedTable,
        table::{Continuation, ETag, Fields, Page, Range, Row, Table, TableError, Write},
    },
};
use serde_json::{Value, json};
use tempfile::TempDir;
use time::{Duration, OffsetDateTime};
use tokio::sync::mpsc;
use tower::Service;

use crate::{Store, azurite};

/// A table, and what is in it: every row that was written and not deleted.
#[derive(Debug)]
pub struct Watched {
    table: Arc<dyn Table>,
    rows: Arc<Mutex<BTreeMap<(String, String), Fields>>>,
    /// One write after the other, or what is known of the rows would not follow their order.
    turns: Arc<tokio::sync::Mutex<()>>,
    calls: AtomicUsize,
    /// So many commits still succeed; all others fail, before they write or after it.
    pub commits_left: AtomicUsize,
    was_cut: AtomicBool,
    pub fail_unheard: AtomicBool,
    /// How long a commit takes to be answered.
    pub pause: Mutex<std::time::Duration>,
    /// Before the next write to this invitation's row, somebody else writes it.
    pub somebody_is_faster: AtomicBool,
}

impl Watched {
    /// Every row as text: what an intruder would read.
    pub fn dump(&self) -> String {
        format!("{:#?}", self.rows.lock().unwrap())
    }

    /// The keys of the rows, `partition/row`.
    pub fn keys(&self) -> Vec<String> {
        self.rows
            .lock()
            .unwrap()
            .keys()
            .map(|(partition, key)| format!("{partition}/{key}"))
            .collect()
    }

    /// Goes on where the one who asked does not wait for it, as a request on the wire does.
    async fn write(
        &self,
        partition: &str,
        writes: &[Write],
    ) -> Result<Vec<Option<ETag>>, TableError> {
        let (table, rows, partition, writes) = (
            self.table.clone(),
            self.rows.clone(),
            partition.to_owned(),
            writes.to_vec(),
        );
        let turns = self.turns.clone();
        let written = tokio::spawn(async move {
            let _turn = turns.lock().await;
            let etags = table.commit(&partition, &writes).await?;
            let mut rows = rows.lock().unwrap();
            for write in &writes {
                let at = (partition.clone(), write.key().to_owned());
                match write {
                    Write::Insert { fields, .. } | Write::Replace { fields, .. } => {
                        drop(rows.insert(at, fields.clone()))
                    }
                    Write::Delete { .. } => drop(rows.remove(&at)),
                }
            }
            Ok(etags)
        });
        written.await.unwrap()
    }

    fn one_more(&self) {
        self.calls.fetch_add(1, Ordering::SeqCst);
    }
}

#[async_trait]
impl Table for Watched {
    async fn get(&self, partition: &str, key: &str) -> Result<Option<Row>, TableError> {
        self.one_more();
        self.table.get(partition, key).await
    }

    async fn query(
        &self,
        partition: &str,
        range: &Range,
        limit: usize,
        after: Option<&Continuation>,
    ) -> Result<Page, TableError> {
        self.one_more();
        self.table.query(partition, range, limit, after).await
    }

    async fn commit(
        &self,
        partition: &str,
        writes: &[Write],
    ) -> Result<Vec<Option<ETag>>, TableError> {
        self.one_more();
        let is_invitation = writes.iter().any(|write| write.key() == "invitation");
        if is_invitation && self.somebody_is_faster.swap(false, Ordering::SeqCst) {
            let row = self.table.get(partition, "invitation").await?.unwrap();
            self.table
                .commit(
                    partition,
                    &[Write::Replace {
                        key: row.key,
                        if_match: row.etag,
                        fields: row.fields,
                    }],
                )
                .await?;
        }
        let may = self
            .commits_left
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
                left.checked_sub(1)
            })
            .is_ok();
        let cut = || TableError::Unavailable {
            reason: "cut off".to_owned(),
            retry_after: None,
            throttled: false,
        };
        self.was_cut.fetch_or(!may, Ordering::SeqCst);
        if !may && !self.fail_unheard.swap(false, Ordering::SeqCst) {
            return Err(cut());
        }
        let etags = self.write(partition, writes).await?;
        let pause = *self.pause.lock().unwrap();
        tokio::time::sleep(pause).await;
        if may { Ok(etags) } else { Err(cut()) }
    }
}

/// The service.
pub struct Inside {
    pub app: Shared,
    pub table: Arc<Watched>,
    now: Arc<Mutex<OffsetDateTime>>,
    config: Config,
    intents: Mutex<Option<mpsc::Receiver<Intent>>>,
    _dir: TempDir,
}

impl Inside {
    /// At `now`, with further settings.
    pub async fn start(store: Store, now: OffsetDateTime, settings: &[(&str, &str)]) -> Self {
        let dir = quick_dir();
        let table: Arc<dyn Table> = match store {
            Store::Embedded => Arc::new(EmbeddedTable::open(dir.path()).unwrap()),
            Store::Azurite => {
                let transport = Arc::new(reqwest::Client::new());
                let connection = azurite::azurite().await;
                Arc::new(
                    AzureTable::from_connection_string(
                        &connection,
                        &azurite::table_name(),
                        transport,
                    )
                    .unwrap(),
                )
            }
        };
        let table = Watched {
            table,
            rows: Arc::default(),
            turns: Arc::default(),
            calls: AtomicUsize::new(0),
            commits_left: AtomicUsize::new(usize::MAX),
            was_cut: AtomicBool::new(false),
            fail_unheard: AtomicBool::new(false),
            pause: Mutex::default(),
            somebody_is_faster: AtomicBool::new(false),
        };
        let (table, now, config) = (Arc::new(table), Arc::new(Mutex::new(now)), config(settings));
        let (app, intents) = instance(&config, &now, table.clone());
        Self {
            app,
            table,
            now,
            config,
            intents: Mutex::new(Some(intents)),
            _dir: dir,
        }
    }

    pub fn now(&self) -> OffsetDateTime {
        *self.now.lock().unwrap()
    }

    pub fn wait(&self, time: Duration) {
        *self.now.lock().unwrap() += time;
    }

    /// Only so many writes from now on.
    pub fn cut_after(&self, commits: usize, unheard: bool) {
        self.table.fail_unheard.store(unheard, Ordering::SeqCst);
        self.table.commits_left.store(commits, Ordering::SeqCst);
    }

    /// The table works again. Whether it had been cut.
    pub fn mend(&self) -> bool {
        self.table.fail_unheard.store(false, Ordering::SeqCst);
        self.table.commits_left.store(usize::MAX, Ordering::SeqCst);
        self.table.was_cut.swap(false, Ordering::SeqCst)
    }

    /// Another instance over the same table.
    pub fn another(&self) -> Shared {
        instance(&self.config, &self.now, self.table.clone()).0
    }

    /// From now on what happens is delivered at once, as the process does it, and not by the timer
    /// alone.
    pub fn follow(&self) {
        let intents = self.intents.lock().unwrap().take().unwrap();
        tokio::spawn(self.app.deliverer.clone().follow(intents));
    }

    pub async fn call(&self, method: Method, path: &str, body: &Value) -> (u16, Value) {
        call(&self.app, method, path, body).await
    }

    /// A tick of the timer, and how many storage calls it took.
    pub async fn tick(&self, timer: &str) -> (u16, usize) {
        let before = self.table.calls.load(Ordering::SeqCst);
        let (status, _) = self
            .call(Method::POST, &format!("/{timer}"), &Value::Null)
            .await;
        (status, self.table.calls.load(Ordering::SeqCst) - before)
    }

    /// A new invitation, as posted; nobody is told of it.
    pub async fn invite(&self, posted: &Value) -> (Link, InvitationId) {
        let (status, created) = self.call(Method::POST, "/api/Invitations", posted).await;
        assert_eq!(status, 201, "{created}");
        let link: Link = created["link"]
            .as_str()
            .unwrap()
            .rsplit('=')
            .next()
            .unwrap()
            .parse()
            .unwrap();
        (link, link.id())
    }
}

/// The service over any table, at a time that does not change; e-mails are wanted, and nobody
/// delivers them.
pub fn over(table: Arc<dyn Table>, now: OffsetDateTime) -> (Shared, OffsetDateTime) {
    let config = config(&[
        ("SMTP_URL", "smtp://127.0.0.1:9"),
        ("MAIL_FROM", "no-reply@example.com"),
    ]);
    (
        App::new(config, Clock::from_fn(move || now), table)
            .unwrap()
            .0,
        now,
    )
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

fn instance(
    config: &Config,
    now: &Arc<Mutex<OffsetDateTime>>,
    table: Arc<Watched>,
) -> (Shared, mpsc::Receiver<Intent>) {
    let now = now.clone();
    App::new(
        config.clone(),
        Clock::from_fn(move || *now.lock().unwrap()),
        table,
    )
    .unwrap()
}

pub async fn call(app: &Shared, method: Method, path: &str, body: &Value) -> (u16, Value) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", "application/json")
        .header("accept", "application/json");
    let body = if body.is_null() {
        Body::empty()
    } else {
        Body::from(body.to_string())
    };
    let answer = router(Arc::clone(app))
        .call(canonical_path(request.body(body).unwrap()))
        .await
        .unwrap();
    let status = answer.status().as_u16();
    let body = to_bytes(answer.into_body(), 1 << 22).await.unwrap();
    (
        status,
        serde_json::from_slice(&body).unwrap_or(json!(String::from_utf8_lossy(&body))),
    )
}

/// Settings that suffice where nobody is asked over the network, with others beside or instead.
pub fn config(settings: &[(&str, &str)]) -> Config {
    Config::read(|name| {
        if let Some((_, value)) = settings.iter().find(|(own, _)| *own == name) {
            return Some((*value).to_owned());
        }
        let value = match name {
            "PUBLIC_BASE_URL" => "https://invite.example.com",
            "ENTRA_AUTHORITY" => "https://login.microsoftonline.com/common/v2.0",
            "ENTRA_CLIENT_ID" => "app",
            "ENTRA_CLIENT_SECRET" => "secret",
            "SESSION_KEYS" => return Some(STANDARD.encode([7; 64])),
            "INVITATION_STORAGE" => "embedded:unused",
            "PLATFORM_NAME" => "My rConnect",
            _ => return None,
        };
        Some(value.to_owned())
    })
    .unwrap()
}
