//! Every interleaving of colleagues who press, or are erased, at the same moment, with crashes
//! between any two calls to the table: the repository itself runs over a table in memory that stops
//! before each call, and a scheduler that tries every order.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Waker},
};

use async_trait::async_trait;
use time::macros::datetime;

use super::*;
use crate::{
    clock::Clock,
    domain::{
        company::{CompanyForm, RegisteredCompany},
        invitation::{Inviter, Link, Recipient, Terms},
    },
    seal::Sealer,
    store::{
        Channels, Conditions, Options, Retention, Store,
        table::{AnyPage, Continuation, ETag, Page, Range},
    },
};

const NOW: OffsetDateTime = datetime!(2026-11-22 12:00 UTC);

type Key = (String, String);

/// A table in memory. A version is the number of writes to its key so far: unique in a run, and
/// the same in runs that led to the same state.
#[derive(Clone, Debug, Default)]
struct Rows {
    /// Whether no company of an earlier version has to be searched for.
    is_upgraded: bool,
    present: BTreeMap<Key, (u64, Fields)>,
    versions: BTreeMap<Key, u64>,
}

impl Hash for Rows {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.versions.hash(state);
        for (key, (version, fields)) in &self.present {
            // What is sealed differs in each run.
            let fields: Vec<_> = fields
                .iter()
                .filter(|(name, _)| *name != "elsewhere")
                .collect();
            (key, version, fields).hash(state);
        }
    }
}

/// Stops before each call until the scheduler lets it through.
#[derive(Debug, Default)]
struct SteppedTable {
    rows: Mutex<Rows>,
    /// Lets one call through; without a scheduler every call passes.
    permit: AtomicBool,
    is_stepped: AtomicBool,
    /// A digest of all answers that the running task got.
    answers: Mutex<DefaultHasher>,
}

impl SteppedTable {
    async fn turn(&self) {
        std::future::poll_fn(|context| {
            let may = !self.is_stepped.load(Ordering::SeqCst)
                || self.permit.swap(false, Ordering::SeqCst);
            if may {
                return Poll::Ready(());
            }
            // Streams of futures ask only those again that have woken them.
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }

    fn answered(&self, answer: &impl std::fmt::Debug) {
        format!("{answer:?}").hash(&mut *self.answers.lock().unwrap());
    }
}

fn row(key: &Key, (version, fields): &(u64, Fields)) -> Row {
    Row {
        key: key.1.clone(),
        etag: ETag(version.to_string()),
        fields: fields.clone(),
    }
}

#[async_trait]
impl Table for SteppedTable {
    async fn get(&self, partition: &str, key: &str) -> Result<Option<Row>, TableError> {
        self.turn().await;
        let at = (partition.to_owned(), key.to_owned());
        let found = (self.rows.lock().unwrap().present.get(&at)).map(|stored| row(&at, stored));
        self.answered(&found);
        Ok(found)
    }

    async fn query(
        &self,
        partition: &str,
        _: &Range,
        _: usize,
        _: Option<&Continuation>,
    ) -> Result<Page, TableError> {
        self.turn().await;
        let rows = self.rows.lock().unwrap();
        let own = rows.present.iter().filter(|(key, _)| key.0 == partition);
        let rows: Vec<Row> = own.map(|(key, stored)| row(key, stored)).collect();
        self.answered(&rows);
        Ok(Page { rows, next: None })
    }

    async fn scan(&self, _: usize, _: Option<&Continuation>) -> Result<AnyPage, TableError> {
        Err(TableError::Refused("no step scans".to_owned()))
    }

    async fn commit(
        &self,
        partition: &str,
        writes: &[Write],
    ) -> Result<Vec<Option<ETag>>, TableError> {
        self.turn().await;
        let result = self.rows.lock().unwrap().commit(partition, writes);
        self.answered(&result);
        result
    }
}

impl Rows {
    fn commit(
        &mut self,
        partition: &str,
        writes: &[Write],
    ) -> Result<Vec<Option<ETag>>, TableError> {
        let at = |write: &Write| (partition.to_owned(), write.key().to_owned());
        for write in writes {
            let found = self.present.get(&at(write)).map(|(version, _)| version);
            match write {
                Write::Insert { .. } if found.is_some() => return Err(TableError::Exists),
                Write::Replace { if_match, .. } | Write::Delete { if_match, .. }
                    if found.is_none_or(|version| !if_match.admits(&version.to_string())) =>
                {
                    return Err(TableError::Changed);
                }
                Write::Insert { .. } | Write::Replace { .. } | Write::Delete { .. } => {}
            }
        }
        let written = writes.iter().map(|write| {
            let version = self.versions.entry(at(write)).or_default();
            *version += 1;
            match write {
                Write::Insert { fields, .. } | Write::Replace { fields, .. } => {
                    self.present.insert(at(write), (*version, fields.clone()));
                    Some(ETag(version.to_string()))
                }
                Write::Delete { .. } => {
                    self.present.remove(&at(write));
                    None
                }
            }
        });
        Ok(written.collect())
    }
}

fn account(number: u128) -> Account {
    Account {
        tid: Uuid::nil(),
        oid: Uuid::from_u128(number),
    }
}

fn company() -> Company {
    let form = CompanyForm {
        company_name: "Meier Präzisionstechnik GmbH".into(),
        street: "Lindwurmstraße 80".into(),
        postal_code: "80337".into(),
        city: "München".into(),
        country: "DE".into(),
        first_name: "Anna".into(),
        last_name: "Meier".into(),
        ..CompanyForm::default()
    };
    Company::parse(&form).unwrap()
}

fn link(number: usize) -> Link {
    format!("3f2504e0-4f89-41d3-9a0c-0305e82c330{number}")
        .parse()
        .unwrap()
}

/// What happens to a colleague.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Presses,
    /// Has completed, and is erased.
    IsErased,
    /// Is erased after a press that crashed between the completion and the row of the company.
    CrashesAndIsErased,
}

impl Act {
    fn is_erased(self) -> bool {
        self != Act::Presses
    }
}

/// Colleagues of one customer, each with an accepted invitation.
struct Scene {
    table: Arc<SteppedTable>,
    store: Store,
    ids: Vec<InvitationId>,
}

impl Scene {
    fn over(rows: Rows, colleagues: usize) -> Self {
        let is_upgraded = rows.is_upgraded;
        let table = Arc::new(SteppedTable {
            rows: Mutex::new(rows),
            ..SteppedTable::default()
        });
        let options = Options::new(Channels::default(), Clock::from_fn(|| NOW));
        let (store, _) = Store::new(table.clone(), Sealer::new(&[[1; 64]]), options);
        let known = &store.companies.is_upgraded;
        known.store(is_upgraded, Ordering::SeqCst);
        Self {
            table,
            store,
            ids: (0..colleagues).map(|number| link(number).id()).collect(),
        }
    }

    /// All are invited and have accepted; those who are to be erased have completed.
    fn start(acts: &[Act], is_upgraded: bool) -> Rows {
        let rows = Rows {
            is_upgraded,
            ..Rows::default()
        };
        let scene = Self::over(rows, acts.len());
        for number in 0..acts.len() {
            run(scene.invite(number));
        }
        for (number, act) in acts.iter().enumerate() {
            if act.is_erased() {
                assert!(run(scene.press_now(number)));
            }
            if *act == Act::CrashesAndIsErased {
                scene.forget_company(number);
            }
        }
        scene.table.rows.lock().unwrap().clone()
    }

    fn forget_company(&self, creator: usize) {
        let partition = format!("company-{}", self.ids[creator].company_id());
        let mut rows = self.table.rows.lock().unwrap();
        let forgotten = rows.present.remove(&(partition, rows::COMPANY.to_owned()));
        assert!(forgotten.is_some());
    }

    async fn press_now(&self, number: usize) -> bool {
        let companies = self.store.companies.counted(8);
        Self::press(companies, self.ids[number], account(number as u128)).await
    }

    async fn invite(&self, number: usize) {
        let terms = Terms {
            recipient: Recipient {
                email: format!("colleague{number}@example.com").parse().unwrap(),
                first_name: "Anna".into(),
                last_name: "Meier".into(),
                locale: None,
            },
            inviter: Inviter {
                name: "Tamer".into(),
                organization: "GFMS".into(),
                email: None,
                phone: None,
                locale: None,
            },
            company: RegisteredCompany {
                customer_number: Some("C-500".into()),
                ..RegisteredCompany::default()
            },
            company_id: None,
            message: None,
            send_email: false,
            metadata: Default::default(),
        };
        let link = link(number);
        let later = NOW + time::Duration::days(30);
        let created = Invitation::create(link.id(), terms, NOW, later);
        let invitations = &self.store.invitations;
        invitations
            .create(&link, &created, None, NOW)
            .await
            .unwrap();
        let by = account(number as u128);
        invitations.accept(link.id(), by, NOW).await.unwrap();
    }

    /// Presses the button, and joins where a colleague was faster. `false` where colleagues
    /// contend for too long, and the recipient is asked to press again.
    async fn press(companies: Companies, id: InvitationId, by: Account) -> bool {
        for _ in 0..2 {
            let shown = match companies.create(id, by, &company(), NOW).await {
                Ok(Completion::Done(Outcome::Done(_))) => return true,
                Ok(Completion::Exists(existing)) => existing.id,
                Err(StoreError::Unavailable { .. } | StoreError::Contended(_)) => return false,
                other => panic!("{other:?}"),
            };
            match companies.join(id, by, shown, Company::clone, NOW).await {
                Ok(Some(Outcome::Done(_))) => return true,
                Ok(None) => {}
                Err(StoreError::Unavailable { .. } | StoreError::Contended(_)) => return false,
                other => panic!("{other:?}"),
            }
        }
        false
    }

    async fn erase(retention: Retention, id: InvitationId) -> bool {
        match retention.erase(id, Conditions::default(), NOW).await {
            Ok(erased) => erased == Some(true),
            Err(StoreError::Unavailable { .. } | StoreError::Contended(_)) => false,
            Err(error) => panic!("{error}"),
        }
    }

    async fn completed(&self) -> Vec<Invitation> {
        let mut completed = Vec::new();
        for id in &self.ids {
            let found = self.store.invitations.find(*id).await.unwrap();
            completed.extend(found.filter(Invitation::is_completed));
        }
        completed
    }

    /// Whatever happened so far: at most one company, created at most once, and it is there.
    async fn check(&self, acts: &[Act]) {
        let completed = self.completed().await;
        let companies: HashSet<_> = completed
            .iter()
            .filter_map(Invitation::company_id)
            .collect();
        assert!(companies.len() <= 1, "two companies of one customer");
        let creators = completed.iter().filter(|own| !own.has_joined()).count();
        // A creator who was erased is not seen any more.
        if acts.iter().any(|act| act.is_erased()) {
            assert!(creators <= 1, "created once, by one of them");
        } else {
            assert_eq!(creators, companies.len(), "created once, by one of them");
        }
        for company in companies {
            let found = self.store.companies.find(company).await.unwrap();
            assert!(found.is_some(), "a member of a company that is not there");
        }
    }

    /// Everybody tries again, and all are members of the one company.
    async fn check_recovery(&self, acts: &[Act]) {
        let erased: Vec<_> = Self::of(acts, true).collect();
        for number in &erased {
            assert!(Self::erase(self.store.retention.clone(), self.ids[*number]).await);
        }
        for number in Self::of(acts, false) {
            assert!(self.press_now(number).await);
        }
        self.check(acts).await;
        let completed = self.completed().await;
        let expected = self.ids.len() - erased.len();
        assert_eq!(completed.len(), expected, "no one waits for ever");
        let found = self.store.companies.find_for(&completed[0]).await.unwrap();
        let found = found.expect("the claim leads to the company");
        assert_eq!(Some(found.id), completed[0].company_id());
        let members = self.store.companies.members(found.id).await.unwrap();
        assert_eq!(members.len(), expected, "all are members");
    }

    /// Once all are erased, nothing is left of the company.
    async fn check_end(&self) {
        for id in &self.ids {
            assert!(Self::erase(self.store.retention.clone(), *id).await);
        }
        let rows = self.table.rows.lock().unwrap();
        let left = |prefix| rows.present.keys().any(|(own, _)| own.starts_with(prefix));
        assert!(
            !left("company-") && !left("claim-"),
            "{:?}",
            rows.present.keys()
        );
    }

    /// The colleagues who are erased, or are not.
    fn of(acts: &[Act], is_erased: bool) -> impl Iterator<Item = usize> {
        let numbers = acts.iter().enumerate();
        numbers
            .filter(move |(_, act)| act.is_erased() == is_erased)
            .map(|(number, _)| number)
    }
}

fn run<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    match future
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
    {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("only a stepped table waits"),
    }
}

enum Task {
    Running {
        future: Pin<Box<dyn Future<Output = bool>>>,
        answers: DefaultHasher,
    },
    Over,
}

fn begin(scene: &Scene, number: usize, act: Act, rounds: usize) -> Task {
    let id = scene.ids[number];
    let future: Pin<Box<dyn Future<Output = bool>>> = match act {
        Act::Presses => {
            let companies = scene.store.companies.counted(rounds);
            Box::pin(Scene::press(companies, id, account(number as u128)))
        }
        Act::IsErased | Act::CrashesAndIsErased => {
            Box::pin(Scene::erase(scene.store.retention.counted(8), id))
        }
    };
    Task::Running {
        future,
        answers: DefaultHasher::new(),
    }
}

/// A run so far.
struct Run {
    scene: Scene,
    tasks: Vec<Task>,
    /// Who took each step.
    schedule: Vec<usize>,
}

impl Run {
    fn replay(plan: &Plan, schedule: &[usize]) -> Self {
        let acts = plan.acts;
        let scene = Scene::over(plan.start.clone(), acts.len());
        scene.table.is_stepped.store(true, Ordering::SeqCst);
        let each = acts.iter().enumerate();
        let tasks = each
            .map(|(number, act)| begin(&scene, number, *act, plan.rounds))
            .collect();
        let mut run = Self {
            scene,
            tasks,
            schedule: Vec::new(),
        };
        for at in schedule {
            run.step(*at);
        }
        run
    }

    /// Lets one call of this task through.
    fn step(&mut self, at: usize) {
        self.schedule.push(at);
        let Task::Running { future, answers } = &mut self.tasks[at] else {
            unreachable!("only a running task is chosen");
        };
        let table = &self.scene.table;
        table.permit.store(true, Ordering::SeqCst);
        *table.answers.lock().unwrap() = answers.clone();
        let done = future
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()));
        *answers = table.answers.lock().unwrap().clone();
        if done.is_ready() {
            self.tasks[at] = Task::Over;
        }
    }

    fn rows(&self) -> Rows {
        self.scene.table.rows.lock().unwrap().clone()
    }

    fn is_running(&self, at: usize) -> bool {
        matches!(self.tasks[at], Task::Running { .. })
    }

    /// A digest of everything that decides how it goes on.
    fn digest(&self) -> u64 {
        let mut digest = DefaultHasher::new();
        self.scene.table.rows.lock().unwrap().hash(&mut digest);
        for (at, task) in self.tasks.iter().enumerate() {
            if let Task::Running { answers, .. } = task {
                (at, answers.finish()).hash(&mut digest);
            }
        }
        digest.finish()
    }

    /// Who may take the next step, and how many preemptions are left then.
    fn choices(&self, acts: &[Act], preemptions: Option<usize>) -> Vec<(usize, Option<usize>)> {
        let last = self.schedule.last().copied();
        let last = last.filter(|last| self.is_running(*last));
        let running = (0..self.tasks.len()).filter(|at| self.is_running(*at));
        let in_order = running.filter(|at| {
            let is_like_previous = *at > 0 && acts[*at] == acts[*at - 1];
            !is_like_previous || self.schedule.contains(&(*at - 1))
        });
        let affordable = in_order.filter_map(|at| {
            let is_preemption = last.is_some_and(|last| last != at);
            match preemptions {
                Some(0) if is_preemption => None,
                Some(left) => Some((at, Some(left - usize::from(is_preemption)))),
                None => Some((at, None)),
            }
        });
        affordable.collect()
    }

    fn node(&self, preemptions: Option<usize>) -> Node {
        let last = self.schedule.last().copied();
        let last = last.filter(|last| self.is_running(*last));
        (self.digest(), preemptions.map(|left| (last, left)))
    }
}

/// What is true in every state, and how people get on after it.
fn check(acts: &[Act], rows: &Rows, with_end: bool) {
    let scene = Scene::over(rows.clone(), acts.len());
    run(scene.check(acts));
    run(scene.check_recovery(acts));
    if with_end {
        run(scene.check_end());
    }
}

/// A state, and how it may go on where preemptions are bounded.
type Node = (u64, Option<(Option<usize>, usize)>);

/// What is tried.
struct Plan<'a> {
    what: &'a str,
    acts: &'a [Act],
    start: Rows,
    /// Rounds of a press before it is given up. More of them repeat the same states.
    rounds: usize,
    /// How often a task may be interrupted; any number of times, if `None`.
    preemptions: Option<usize>,
}

impl<'a> Plan<'a> {
    fn new(what: &'a str, acts: &'a [Act]) -> Self {
        Self {
            what,
            acts,
            start: Scene::start(acts, true),
            rounds: 2,
            preemptions: None,
        }
    }

    fn at_most(self, preemptions: usize) -> Self {
        let preemptions = Some(preemptions);
        Self {
            preemptions,
            ..self
        }
    }
}

/// Tries every schedule of the plan and prints how many there are. Schedules that lead to a known
/// state are not followed twice.
///
/// Every state is also checked as if all colleagues had crashed in it. A single crash needs no
/// choice of its own: it is a task that the schedule never resumes.
///
/// Colleagues who do the same differ in nothing but their names, so they begin in one order, and
/// each of these interleavings counts for as many as there are orders.
fn explore(plan: &Plan) {
    let Plan {
        acts, preemptions, ..
    } = *plan;
    let mut open = vec![(Vec::new(), preemptions, None)];
    let mut next = HashMap::<Node, Vec<Node>>::new();
    let (mut states, mut tables) = (HashSet::new(), HashSet::new());
    let mut first = None;
    while let Some((schedule, mut preemptions, mut from)) = open.pop() {
        let mut run = Run::replay(plan, &schedule);
        loop {
            let node = run.node(preemptions);
            match from {
                Some(from) => next.entry(from).or_default().push(node),
                None => first = Some(node),
            }
            if next.contains_key(&node) {
                break;
            }
            next.insert(node, Vec::new());
            states.insert(node.0);
            let rows = run.rows();
            // After a crash, only the table is left of a state.
            if tables.insert(digest(&rows)) {
                // The end takes longest, and depends least on the order.
                check(acts, &rows, tables.len().is_multiple_of(16));
            }
            let mut choices = run.choices(acts, preemptions);
            let Some((at, left)) = choices.pop() else {
                break;
            };
            for (at, left) in choices {
                let longer = run.schedule.iter().copied().chain([at]).collect();
                open.push((longer, left, Some(node)));
            }
            (preemptions, from) = (left, Some(node));
            run.step(at);
        }
    }
    let interleavings = orders(acts) * count(&next, first.unwrap(), &mut HashMap::new());
    let (what, states, tables) = (plan.what, states.len(), tables.len());
    println!(
        "{what}: {interleavings} interleavings, a crash in each of {states} states ({tables} tables)"
    );
    assert!(states > 500, "{states}");
}

fn digest(rows: &Rows) -> u64 {
    let mut digest = DefaultHasher::new();
    rows.hash(&mut digest);
    digest.finish()
}

/// In how many orders those who do the same could have begun.
fn orders(acts: &[Act]) -> u128 {
    let of_kind = acts.chunk_by(|one, other| one == other).map(<[Act]>::len);
    of_kind
        .map(|count| (1..=count as u128).product::<u128>())
        .product()
}

/// How many ways lead from a state to the end.
fn count(next: &HashMap<Node, Vec<Node>>, node: Node, known: &mut HashMap<Node, u128>) -> u128 {
    if let Some(ways) = known.get(&node) {
        return *ways;
    }
    let ways = match next[&node].as_slice() {
        [] => 1,
        some => some.iter().map(|node| count(next, *node, known)).sum(),
    };
    known.insert(node, ways);
    ways
}

#[test]
fn two_colleagues_share_one_company_in_every_order() {
    explore(&Plan::new("two colleagues", &[Act::Presses; 2]));
}

#[test]
fn three_colleagues_share_one_company_within_bounds() {
    let what = "three colleagues, at most two preemptions";
    explore(&Plan::new(what, &[Act::Presses; 3]).at_most(2));
}

/// Takes a minute: `make test-tools` runs it.
#[test]
fn three_colleagues_share_one_company_in_every_order() {
    let plan = Plan::new("three colleagues, one round each", &[Act::Presses; 3]);
    explore(&Plan { rounds: 1, ..plan });
}

/// As before the timer has written the rows of the companies of earlier versions.
#[test]
fn two_share_one_company_before_the_upgrade() {
    let acts = [Act::Presses; 2];
    let start = Scene::start(&acts, false);
    let plan = Plan::new("two colleagues before the upgrade", &acts);
    explore(&Plan { start, ..plan });
}

#[test]
fn last_member_leaves_while_a_colleague_joins() {
    let what = "the last member is erased, a colleague presses, at most two preemptions";
    explore(&Plan::new(what, &[Act::IsErased, Act::Presses]).at_most(2));
}

#[test]
fn members_leave_while_a_colleague_joins() {
    let what = "two members are erased, a colleague presses, at most one preemption";
    explore(&Plan::new(what, &[Act::IsErased, Act::IsErased, Act::Presses]).at_most(1));
}

/// The first finds what the creator has not written; the second looks too early.
#[test]
fn creator_leaves_unrecorded_while_colleagues_press() {
    let what = "a creator who crashed is erased, two colleagues press, at most one preemption";
    let acts = [Act::CrashesAndIsErased, Act::Presses, Act::Presses];
    explore(&Plan::new(what, &acts).at_most(1));
}
