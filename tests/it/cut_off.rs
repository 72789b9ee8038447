//! The steps of the journey when any of their writes fails, or its response is lost: a repetition
//! of the step leaves the same state as one undisturbed step.

use std::collections::BTreeSet;

use axum::http::Method;
use onboarding::{
    app::App,
    clock::Clock,
    domain::{
        company::{Company, CompanyForm},
        invitation::{
            Account, CODE_TRIES, CODES_PER_ACCOUNT, ContactKind, EventDetails, EventKind,
            InvitationId, Link, State, Status,
        },
    },
    store::{
        Completion, Conditions, Entered, Outcome, StateUse, Store as Repositories, StoreError,
    },
};
use serde_json::Value;
use support::{
    KNOWN, Store, WEBHOOK_SECRET,
    faulty::{self, Fault, FaultyTable},
    inside::{self, Inside},
    invitation, items, now, over_both_stores,
};
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339};
use uuid::Uuid;

over_both_stores! {
    step_cut_off_at_any_write_is_repairable
    resend_with_a_lost_response_happens_once
}

/// So that events are delivered: the intents are writes, too.
const HOOK: [(&str, &str); 2] = [
    ("WEBHOOK_URL", "https://hook.example.com/"),
    ("WEBHOOK_SECRET", WEBHOOK_SECRET),
];

const ANNA: Account = Account {
    tid: Uuid::from_u128(1),
    oid: Uuid::from_u128(2),
};

#[derive(Clone, Copy, Debug)]
enum Step {
    UseState,
    Accept,
    Complete,
    IssueCode,
    EnterCode,
    Renew,
    RequestRenewal,
    Revoke,
}

const STEPS: [Step; 8] = [
    Step::UseState,
    Step::Accept,
    Step::Complete,
    Step::IssueCode,
    Step::EnterCode,
    Step::Renew,
    Step::RequestRenewal,
    Step::Revoke,
];

/// One invitation on its way through a step.
struct Journey<'a> {
    inside: &'a Inside,
    id: InvitationId,
    /// The code that was mailed, where the step is to enter it.
    code: String,
}

impl<'a> Journey<'a> {
    /// Up to where the step can be taken.
    async fn up_to(step: Step, inside: &'a Inside) -> Self {
        let (_, id) = inside.invite(&quiet()).await;
        let mut journey = Self {
            inside,
            id,
            code: String::new(),
        };
        match step {
            Step::UseState | Step::Accept | Step::IssueCode | Step::Renew | Step::Revoke => {}
            Step::Complete => assert!(done(
                journey
                    .store()
                    .invitations
                    .accept(id, ANNA, inside.now())
                    .await
            )),
            Step::EnterCode => {
                journey.code = journey
                    .store()
                    .codes
                    .issue(id, ANNA, inside.now())
                    .await
                    .unwrap()
                    .unwrap()
            }
            Step::RequestRenewal => inside.wait(Duration::days(40)),
        }
        journey
    }

    fn store(&self) -> &Repositories {
        self.inside.store()
    }

    /// Whether it was taken, as the answer to the person or the program says.
    async fn take(&mut self, step: Step) -> bool {
        let (store, id, now) = (self.store(), self.id, self.inside.now());
        match step {
            // A person without an answer begins the sign-in again, with a new state.
            Step::UseState => store
                .states
                .use_once(id, (&Uuid::new_v4().to_string(), now), None, now)
                .await
                .is_ok_and(|used| matches!(used, StateUse::First(_))),
            Step::Accept => done(store.invitations.accept(id, ANNA, now).await),
            Step::Complete => {
                let created = store.companies.create(id, ANNA, &company(), now).await;
                done(created.map(outcome_of))
            }
            Step::IssueCode => match store.codes.issue(id, ANNA, now).await {
                Ok(code) => {
                    self.code = code.unwrap();
                    true
                }
                Err(_) => false,
            },
            Step::EnterCode => match store.codes.enter(id, ANNA, &self.code, now).await {
                Ok(Entered::Right(outcome)) => done(Ok(*outcome)),
                Ok(Entered::Wrong { .. } | Entered::Older | Entered::NoActiveCode) => {
                    panic!("the right code is not taken")
                }
                Err(_) => false,
            },
            Step::Renew => done_if(
                store
                    .invitations
                    .renew(
                        id,
                        (now + Duration::days(30), true),
                        Conditions::default(),
                        now,
                    )
                    .await,
            ),
            // Asked for already: the answer is the same.
            Step::RequestRenewal => matches!(
                store
                    .invitations
                    .contact(
                        id,
                        ContactKind::NewInvitation,
                        &EventDetails::default(),
                        now,
                    )
                    .await,
                Ok(Outcome::Done(_) | Outcome::Refused(..))
            ),
            Step::Revoke => done_if(
                store
                    .invitations
                    .revoke(id, None, Conditions::default(), now)
                    .await,
            ),
        }
    }

    /// What has happened, each thing once; and that it leads on.
    async fn check(&mut self, step: Step, case: &str) {
        let history = self
            .store()
            .invitations
            .history(self.id)
            .await
            .unwrap()
            .unwrap();
        let kinds: Vec<_> = history.events.iter().map(|event| event.kind).collect();
        let numbers: Vec<_> = history.events.iter().map(|event| event.number).collect();
        assert_eq!(
            numbers,
            (1..).take(kinds.len()).collect::<Vec<u32>>(),
            "{case}: a gap"
        );
        assert_eq!(
            kinds
                .iter()
                .map(|kind| kind.name())
                .collect::<BTreeSet<_>>()
                .len(),
            kinds.len(),
            "{case}: {kinds:?}"
        );
        let (caused, status) = match step {
            Step::UseState | Step::IssueCode => (EventKind::Created, Status::Pending),
            Step::Accept | Step::EnterCode => (EventKind::Accepted, Status::Accepted),
            Step::Complete => (EventKind::CompanyCreated, Status::Completed),
            Step::Renew => (EventKind::Resent, Status::Pending),
            Step::RequestRenewal => (EventKind::RenewalRequested, Status::Expired),
            Step::Revoke => (EventKind::Revoked, Status::Revoked),
        };
        assert_eq!(*kinds.last().unwrap(), caused, "{case}");
        let found = self
            .store()
            .invitations
            .find(self.id)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(found.status(self.inside.now()), status, "{case}");
        assert_eq!(
            history.company.is_some(),
            matches!(found.state, State::Completed { .. }),
            "{case}: both or neither"
        );
        let companies = self
            .inside
            .table
            .keys()
            .await
            .into_iter()
            .filter(|key| *key == format!("{}/company", self.id))
            .count();
        assert_eq!(
            companies,
            usize::from(status == Status::Completed),
            "{case}"
        );
        if let Step::IssueCode = step {
            assert!(
                self.take(Step::EnterCode).await,
                "{case}: the code that was sent last works"
            );
        }
    }
}

fn quiet() -> Value {
    let mut posted = invitation(KNOWN, "Anna", "Meier");
    posted["sendEmail"] = false.into();
    posted
}

fn company() -> Company {
    let values = [
        "Meier AG", "", "", "CH", "Weg 1", "8001", "Zürich", "", "Anna", "Meier", "",
    ];
    Company::parse(&CompanyForm::of(values.map(str::to_owned))).unwrap()
}

fn outcome_of(completion: Completion) -> Outcome {
    match completion {
        Completion::Done(outcome) => outcome,
        Completion::Exists(existing) => panic!("{existing:?}"),
    }
}

fn done(outcome: Result<Outcome, StoreError>) -> bool {
    match outcome {
        Ok(Outcome::Done(_)) => true,
        Ok(other) => panic!("{other:?}"),
        Err(StoreError::Unavailable { .. }) => false,
        Err(error) => panic!("{error}"),
    }
}

fn done_if(outcome: Result<Option<Outcome>, StoreError>) -> bool {
    done(outcome.map(|outcome| outcome.unwrap()))
}

async fn step_cut_off_at_any_write_is_repairable(store: Store) {
    for step in STEPS {
        for heard in [true, false] {
            let mut cuts = 0;
            loop {
                let case = format!(
                    "{step:?}, cut off after {cuts} writes, {}",
                    if heard {
                        "before the next"
                    } else {
                        "unheard after one more"
                    }
                );
                // Of its own, as time passes in some.
                let inside = Inside::start(store, now(), &HOOK).await;
                let mut journey = Journey::up_to(step, &inside).await;
                inside.fail_after(cuts, !heard);
                let taken = journey.take(step).await;
                let was_cut = inside.table.recover();
                assert!(was_cut || taken, "{case}: nothing failed");
                // After a success the step may be taken again all the same, where that is the
                // same step.
                if !taken
                    || !matches!(
                        step,
                        Step::UseState | Step::IssueCode | Step::Renew | Step::Revoke
                    )
                {
                    assert!(taken_again(&mut journey, step, &inside).await, "{case}");
                }
                journey.check(step, &case).await;
                if !was_cut {
                    break;
                }
                cuts += 1;
            }
            assert!(cuts >= 1, "{step:?} writes nothing");
        }
    }
}

/// Once more, by another instance, a moment later. A program that lost the answer
/// reads the state first.
async fn taken_again(journey: &mut Journey<'_>, step: Step, inside: &Inside) -> bool {
    inside.wait(Duration::seconds(1));
    let kinds = || async {
        journey
            .store()
            .invitations
            .history(journey.id)
            .await
            .unwrap()
            .unwrap()
            .events
            .into_iter()
            .map(|event| event.kind)
    };
    match step {
        Step::Renew if kinds().await.any(|kind| kind == EventKind::Resent) => true,
        Step::Revoke if kinds().await.any(|kind| kind == EventKind::Revoked) => true,
        step => journey.take(step).await,
    }
}

/// As posted, valid for so many days.
async fn invite_for(inside: &Inside, days: i64) -> (Link, InvitationId, String) {
    let until = (inside.now() + Duration::days(days))
        .format(&Rfc3339)
        .unwrap();
    let mut posted = quiet();
    posted["expiresAt"] = until.clone().into();
    let (link, id) = inside.invite(&posted).await;
    (link, id, until)
}

fn resent(shown: &Value) -> usize {
    items(&shown["timeline"])
        .filter(|entry| entry["type"] == "invitation.resent")
        .count()
}

async fn resend_with_a_lost_response_happens_once(store: Store) {
    let inside = Inside::start(store, now(), &HOOK).await;
    // Where it is extended, the new expiry is written first, too.
    for (days, before) in [(10, 2), (90, 1)] {
        let (_, id, until) = invite_for(&inside, days).await;
        inside.wait(Duration::days(2));
        // The intent is heard, the transaction is not.
        inside.fail_after(before, true);
        let (status, shown) = inside
            .call(
                Method::POST,
                &format!("/api/Invitations/{id}/resend"),
                &Value::Null,
            )
            .await;
        assert!(inside.table.recover());
        assert_eq!(status, 200, "valid for {days} days: {shown}");
        assert_eq!(resent(&shown), 1, "{shown}");
        assert_eq!(shown["expiresAt"] == until.as_str(), days == 90, "{shown}");
    }
}

#[tokio::test]
async fn a_resend_never_makes_an_invitation_end_earlier() {
    let inside = Inside::start(Store::Embedded, now(), &[]).await;
    let (_, id, until) = invite_for(&inside, 90).await;
    inside.wait(Duration::days(2));
    let (status, shown) = inside
        .call(
            Method::POST,
            &format!("/api/Invitations/{id}/resend"),
            &Value::Null,
        )
        .await;
    assert_eq!(
        (status, shown["expiresAt"].as_str().unwrap(), resent(&shown)),
        (200, until.as_str(), 1)
    );
    inside.wait(Duration::days(70));
    let (_, shown) = inside
        .call(
            Method::POST,
            &format!("/api/Invitations/{id}/resend"),
            &Value::Null,
        )
        .await;
    let later = OffsetDateTime::parse(shown["expiresAt"].as_str().unwrap(), &Rfc3339).unwrap();
    let new_one = inside.now() + Duration::days(30);
    assert!(
        (new_one..new_one + Duration::DAY).contains(&later),
        "as long as a new one, where that is later: {later}"
    );
}

#[tokio::test]
async fn a_lost_answer_costs_neither_a_code_nor_a_try() {
    let table = FaultyTable::start(Store::Embedded).await;
    let start = now();
    let (app, _intents) = App::new(
        inside::config(&[]),
        Clock::from_fn(move || start),
        table.clone(),
    )
    .unwrap();
    let (_, created) = inside::call(&app, Method::POST, "/api/Invitations", &quiet()).await;
    let id: InvitationId = created["id"].as_str().unwrap().parse().unwrap();
    table.plan(faulty::commits(), Fault::Repeated);

    let mut last = String::new();
    for n in 1..=CODES_PER_ACCOUNT {
        last = app
            .store
            .codes
            .issue(id, ANNA, start)
            .await
            .unwrap()
            .unwrap_or_else(|_| panic!("code {n} of the day is refused"));
    }
    assert!(
        app.store
            .codes
            .issue(id, ANNA, start)
            .await
            .unwrap()
            .is_err(),
        "that were all of the day"
    );

    let wrong = if last == "000000" { "000001" } else { "000000" };
    for n in 1..CODE_TRIES {
        assert!(
            matches!(
                app.store.codes.enter(id, ANNA, wrong, start).await.unwrap(),
                Entered::Wrong { tries_left } if tries_left == CODE_TRIES - n
            ),
            "try {n}"
        );
    }
    let Entered::Right(outcome) = app.store.codes.enter(id, ANNA, &last, start).await.unwrap()
    else {
        panic!("a try was left")
    };
    assert!(matches!(*outcome, Outcome::Done(_)), "{outcome:?}");
    let confirmed = company();
    let created = app.store.companies.create(id, ANNA, &confirmed, start);
    let outcome = outcome_of(created.await.unwrap());
    assert!(matches!(outcome, Outcome::Done(_)), "{outcome:?}");
    let history = app.store.invitations.history(id).await.unwrap().unwrap();
    let kinds: Vec<_> = history.events.iter().map(|event| event.kind).collect();
    assert_eq!(
        kinds,
        [
            EventKind::Created,
            EventKind::Accepted,
            EventKind::CompanyCreated
        ]
    );
}

/// Tries that come at once are counted one by one, also where they leave the same count behind.
#[tokio::test]
async fn equal_tries_at_once_cost_a_try_each() {
    let inside = Inside::start(Store::Embedded, now(), &[]).await;
    let (_, id) = inside.invite(&quiet()).await;
    let store = inside.store();
    let code = store
        .codes
        .issue(id, ANNA, inside.now())
        .await
        .unwrap()
        .unwrap();
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let tries = (0..2 * CODE_TRIES).map(|_| store.codes.enter(id, ANNA, wrong, inside.now()));
    let tried = futures::future::join_all(tries).await;
    let counted = tried
        .iter()
        .filter(|tried| matches!(tried, Ok(Entered::Wrong { .. })))
        .count();
    assert_eq!(counted, usize::from(CODE_TRIES), "{tried:?}");
}
