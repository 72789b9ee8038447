//! The one double of the table: a real table behind it, which fails the calls that a test plans to
//! fail, and remembers all of them.

use std::{
    collections::BTreeSet,
    fmt,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use futures::future::BoxFuture;
use onboarding::store::table::{
    AnyPage, Continuation, ETag, Page, Range, Row, Table, TableError, Write, azure::AzureTable,
    embedded::EmbeddedTable,
};
use tempfile::TempDir;

use crate::{Store, azurite, memory::MemoryTable, quick_dir, sparse};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    Get,
    Query,
    /// Of all partitions.
    Scan,
    Commit,
}

/// A call of the table.
#[derive(Clone, Debug)]
pub struct Call {
    pub operation: Operation,
    pub partition: String,
    /// Of the rows that are read or written; none for a query.
    pub keys: Vec<String>,
    /// Whether it is a query, or a scan, that goes on where another ended.
    pub continues: bool,
}

type Predicate = Arc<dyn Fn(&Call) -> bool + Send + Sync>;
type Hook = Arc<dyn Fn(Arc<dyn Table>, Call) -> BoxFuture<'static, ()> + Send + Sync>;

/// Which calls a fault is for: [`any`], [`gets`], [`queries`], [`scans`] or [`commits`], narrowed
/// down.
#[derive(Clone)]
pub struct Calls {
    matches: Predicate,
    skipped: usize,
    taken: usize,
}

/// Every call.
pub fn any() -> Calls {
    Calls {
        matches: Arc::new(|_| true),
        skipped: 0,
        taken: usize::MAX,
    }
}

pub fn gets() -> Calls {
    any().when(|call| call.operation == Operation::Get)
}

pub fn queries() -> Calls {
    any().when(|call| call.operation == Operation::Query)
}

pub fn scans() -> Calls {
    any().when(|call| call.operation == Operation::Scan)
}

pub fn commits() -> Calls {
    any().when(|call| call.operation == Operation::Commit)
}

impl Calls {
    /// Only those for which this holds, too.
    #[must_use]
    pub fn when(self, holds: impl Fn(&Call) -> bool + Send + Sync + 'static) -> Self {
        let before = self.matches;
        Self {
            matches: Arc::new(move |call| before(call) && holds(call)),
            ..self
        }
    }

    /// Only those that read or write this row.
    #[must_use]
    pub fn of_row(self, key: &'static str) -> Self {
        self.when(move |call| call.keys.iter().any(|own| own == key))
    }

    /// Not the first `calls`.
    #[must_use]
    pub fn after(self, calls: usize) -> Self {
        Self {
            skipped: calls,
            ..self
        }
    }

    /// One call, and none of the later ones.
    #[must_use]
    pub fn once(self) -> Self {
        Self { taken: 1, ..self }
    }
}

/// How a call fails.
#[derive(Clone)]
pub enum Fault {
    /// It does not arrive.
    Lost,
    /// It is done, but its answer does not arrive.
    AnswerLost,
    /// It is lost, or done where `landed`; every further call of any kind is lost.
    Crash { landed: bool },
    /// The adapter loses the first answer and calls again.
    Repeated,
    /// The service refuses for now.
    Busy {
        throttled: bool,
        retry_after: Option<Duration>,
    },
    /// It is done, and the answer takes that long.
    Slow(Duration),
    /// A query or scan is answered by a page without rows that is not the last.
    EmptyPage,
    /// There is a bug in the adapter.
    Panic,
    /// Something else happens to the table first.
    Hook(Hook),
}

impl Fault {
    /// Another worker writes the row again, just before.
    pub fn conflict_at(key: &'static str) -> Self {
        Self::Hook(Arc::new(move |table, call| {
            Box::pin(async move {
                let row = table.get(&call.partition, key).await.unwrap().unwrap();
                let again = Write::Replace {
                    key: row.key,
                    if_match: row.etag,
                    fields: row.fields,
                };
                table.commit(&call.partition, &[again]).await.unwrap();
            })
        }))
    }
}

struct Rule {
    calls: Calls,
    fault: Fault,
    seen: usize,
}

impl Rule {
    /// Counts the call, and says whether it fails.
    fn applies(&mut self, call: &Call) -> bool {
        if !(self.calls.matches)(call) {
            return false;
        }
        let position = self.seen;
        self.seen += 1;
        position
            .checked_sub(self.calls.skipped)
            .is_some_and(|position| position < self.calls.taken)
    }
}

/// A table that fails as planned.
pub struct FaultyTable {
    inner: Arc<dyn Table>,
    rules: Mutex<Vec<Rule>>,
    calls: Mutex<Vec<Call>>,
    written: Mutex<BTreeSet<String>>,
    has_failed: AtomicBool,
    has_crashed: AtomicBool,
    _dir: Option<TempDir>,
}

impl fmt::Debug for FaultyTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FaultyTable").finish_non_exhaustive()
    }
}

impl FaultyTable {
    /// Over a new, empty table of this kind.
    pub async fn start(store: Store) -> Arc<Self> {
        let dir = quick_dir();
        let inner: Arc<dyn Table> = match store {
            Store::Embedded => Arc::new(EmbeddedTable::open(dir.path()).unwrap()),
            Store::Azurite => Arc::new(
                AzureTable::from_connection_string(
                    &sparse::before(&azurite::azurite().await).await,
                    &azurite::table_name(),
                    Arc::new(reqwest::Client::new()),
                )
                .unwrap(),
            ),
        };
        Self::over(inner, Some(dir))
    }

    /// In memory, for thousands of rows.
    pub fn in_memory() -> Arc<Self> {
        Self::over(Arc::new(MemoryTable::default()), None)
    }

    /// In memory; each call takes this long.
    pub fn at_a_distance(latency: Duration) -> Arc<Self> {
        let table = MemoryTable::default();
        table.set_latency(latency);
        Self::over(Arc::new(table), None)
    }

    fn over(inner: Arc<dyn Table>, dir: Option<TempDir>) -> Arc<Self> {
        Arc::new(Self {
            inner,
            rules: Mutex::default(),
            calls: Mutex::default(),
            written: Mutex::default(),
            has_failed: AtomicBool::new(false),
            has_crashed: AtomicBool::new(false),
            _dir: dir,
        })
    }

    /// Where several plans are for a call, the first decides; each of them counts it.
    pub fn plan(&self, calls: Calls, fault: Fault) {
        self.rules.lock().unwrap().push(Rule {
            calls,
            fault,
            seen: 0,
        });
    }

    /// Forgets the plans, and says whether one of them came about.
    pub fn recover(&self) -> bool {
        self.rules.lock().unwrap().clear();
        self.has_crashed.store(false, Ordering::SeqCst);
        self.has_failed.swap(false, Ordering::SeqCst)
    }

    /// The calls since the last time that this was asked.
    pub fn take_calls(&self) -> Vec<Call> {
        std::mem::take(&mut self.calls.lock().unwrap())
    }

    /// What a future comes to, and how many calls it made.
    pub async fn count<F: Future>(&self, future: F) -> (F::Output, usize) {
        self.take_calls();
        let output = future.await;
        (output, self.take_calls().len())
    }

    /// How many of [`Self::take_calls`] are commits.
    pub fn take_commits(&self) -> usize {
        let calls = self.take_calls();
        let commits = calls
            .iter()
            .filter(|call| call.operation == Operation::Commit);
        commits.count()
    }

    /// Every row, with its partition.
    pub async fn rows(&self) -> Vec<(String, Row)> {
        let partitions = self.written.lock().unwrap().clone();
        let mut rows = Vec::new();
        for partition in partitions {
            let mut after = None;
            loop {
                let page = self
                    .inner
                    .query(&partition, &Range::default(), 1000, after.as_ref())
                    .await
                    .unwrap();
                rows.extend(page.rows.into_iter().map(|row| (partition.clone(), row)));
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
        }
        rows
    }

    /// The keys of [`Self::rows`], `partition/row`.
    pub async fn keys(&self) -> Vec<String> {
        let rows = self.rows().await;
        rows.iter()
            .map(|(partition, row)| format!("{partition}/{}", row.key))
            .collect()
    }

    /// The keys of the outbox, without the references of the feed beside the intents.
    pub async fn intents(&self) -> Vec<String> {
        let keys = self.keys().await.into_iter();
        keys.filter(|key| key.starts_with("outbox-") && !key.contains("/feed-"))
            .collect()
    }

    /// Every row as text: what an intruder would read.
    pub async fn dump(&self) -> String {
        let rows = self.rows().await;
        rows.iter()
            .map(|(partition, row)| format!("{partition}/{} {:#?}\n", row.key, row.fields))
            .collect()
    }

    /// The fault of this call, if one is planned.
    fn next_fault(&self, call: &Call) -> Option<Fault> {
        self.calls.lock().unwrap().push(call.clone());
        if self.has_crashed.load(Ordering::SeqCst) {
            return Some(Fault::Lost);
        }
        let mut fault = None;
        for rule in self.rules.lock().unwrap().iter_mut() {
            if rule.applies(call) && fault.is_none() {
                fault = Some(rule.fault.clone());
            }
        }
        self.has_failed.fetch_or(fault.is_some(), Ordering::SeqCst);
        let crashes = matches!(fault, Some(Fault::Crash { .. }));
        self.has_crashed.fetch_or(crashes, Ordering::SeqCst);
        fault
    }

    async fn ask<'a, T>(
        &self,
        call: Call,
        run: impl Fn() -> BoxFuture<'a, Result<T, TableError>>,
        empty: Option<T>,
    ) -> Result<T, TableError> {
        let Some(fault) = self.next_fault(&call) else {
            return run().await;
        };
        match fault {
            Fault::Lost | Fault::Crash { landed: false } => Err(lost()),
            Fault::AnswerLost | Fault::Crash { landed: true } => run().await.and(Err(lost())),
            Fault::Repeated => {
                let _ = run().await;
                run().await
            }
            Fault::Busy {
                throttled,
                retry_after,
            } => Err(TableError::Unavailable {
                reason: "busy".to_owned(),
                retry_after,
                throttled,
            }),
            Fault::Slow(pause) => {
                let answer = run().await;
                tokio::time::sleep(pause).await;
                answer
            }
            Fault::EmptyPage => Ok(empty.unwrap()),
            Fault::Panic => panic!("the bug"),
            Fault::Hook(hook) => {
                hook(Arc::clone(&self.inner), call).await;
                run().await
            }
        }
    }
}

fn lost() -> TableError {
    TableError::Unavailable {
        reason: "lost".to_owned(),
        retry_after: None,
        throttled: false,
    }
}

/// Where a query or scan goes on that was answered by [`Fault::EmptyPage`]: at its beginning.
const BEGINNING: &str = "the beginning";

#[async_trait]
impl Table for FaultyTable {
    async fn get(&self, partition: &str, key: &str) -> Result<Option<Row>, TableError> {
        let call = Call {
            operation: Operation::Get,
            partition: partition.to_owned(),
            keys: vec![key.to_owned()],
            continues: false,
        };
        self.ask(call, || self.inner.get(partition, key), None)
            .await
    }

    async fn query(
        &self,
        partition: &str,
        range: &Range,
        limit: usize,
        after: Option<&Continuation>,
    ) -> Result<Page, TableError> {
        let call = Call {
            operation: Operation::Query,
            partition: partition.to_owned(),
            keys: Vec::new(),
            continues: after.is_some(),
        };
        let after = after.filter(|after| after.0 != BEGINNING);
        let beginning = || Continuation(BEGINNING.to_owned());
        let empty = Page {
            rows: Vec::new(),
            next: Some(after.cloned().unwrap_or_else(beginning)),
        };
        let run = || self.inner.query(partition, range, limit, after);
        self.ask(call, run, Some(empty)).await
    }

    async fn scan(
        &self,
        limit: usize,
        after: Option<&Continuation>,
    ) -> Result<AnyPage, TableError> {
        let call = Call {
            operation: Operation::Scan,
            partition: String::new(),
            keys: Vec::new(),
            continues: after.is_some(),
        };
        let after = after.filter(|after| after.0 != BEGINNING);
        let beginning = || Continuation(BEGINNING.to_owned());
        let empty = AnyPage {
            rows: Vec::new(),
            next: Some(after.cloned().unwrap_or_else(beginning)),
        };
        let run = || self.inner.scan(limit, after);
        self.ask(call, run, Some(empty)).await
    }

    async fn commit(
        &self,
        partition: &str,
        writes: &[Write],
    ) -> Result<Vec<Option<ETag>>, TableError> {
        let call = Call {
            operation: Operation::Commit,
            partition: partition.to_owned(),
            keys: writes.iter().map(|write| write.key().to_owned()).collect(),
            continues: false,
        };
        self.written.lock().unwrap().insert(partition.to_owned());
        // A request on the wire arrives, also where the caller stops waiting for it.
        let run = || -> BoxFuture<'static, _> {
            let (inner, partition) = (Arc::clone(&self.inner), partition.to_owned());
            let writes = writes.to_vec();
            let written = tokio::spawn(async move { inner.commit(&partition, &writes).await });
            Box::pin(async move { written.await.unwrap() })
        };
        self.ask(call, run, None).await
    }
}
