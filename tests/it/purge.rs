//! Expired data is deleted completely, and nothing else is.

use onboarding::{
    domain::invitation::{InvitationId, Link},
    store::{
        Conditions, Plan, Purged, Recalled, Request,
        table::{Range, Table, Write},
    },
};
use reqwest::Method;
use serde_json::{Value, json};
use support::{
    KNOWN, Store, WEBHOOK_SECRET,
    faulty::{self, Fault, FaultyTable},
    inside::{Inside, account, call, company},
    invitation, over_both_stores,
};
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339, macros::datetime};
use uuid::Uuid;

use crate::captured_log::CapturedLog;

over_both_stores! {
    only_expired_data_is_purged
    two_instances_at_once_do_no_harm
}

const START: OffsetDateTime = datetime!(2026-11-22 12:00 UTC);
const RETENTION: Duration = Duration::days(100);
const SETTINGS: [(&str, &str); 1] = [("RETENTION_DAYS", "100")];
const TIMER: &str = "PurgeInvitations";

fn posted() -> Value {
    let mut posted = invitation(KNOWN, "Anna", "Meier");
    posted["sendEmail"] = json!(false);
    // Each a customer, and a company, of its own.
    posted["company"]["customerNumber"] = json!(format!("C-{}", Uuid::new_v4().simple()));
    posted
}

/// All rows but the note that there is nothing of an earlier version, which stays, and the expiries,
/// which the other timer deletes when they are due (`schedule.rs`).
async fn keys(inside: &Inside) -> Vec<String> {
    let mut keys = inside.table.keys().await;
    keys.retain(|key| key != "upgrade/companies" && !key.contains("/due-"));
    keys
}

async fn invite(inside: &Inside) -> InvitationId {
    inside.invite(&posted()).await.1
}

async fn accept(inside: &Inside, id: InvitationId) {
    inside
        .store()
        .invitations
        .accept(id, account(), inside.now())
        .await
        .unwrap();
}

async fn complete(inside: &Inside, id: InvitationId) {
    accept(inside, id).await;
    inside
        .store()
        .companies
        .create(id, account(), &company(), inside.now())
        .await
        .unwrap();
}

async fn is_there(inside: &Inside, id: InvitationId) -> bool {
    inside.get(&format!("/api/Invitations/{id}")).await.0 == 200
}

/// The rows that are about the invitation, or that its people lead to.
async fn rows_of(inside: &Inside, id: InvitationId) -> Vec<String> {
    inside
        .table
        .keys()
        .await
        .into_iter()
        .filter(|key| key.contains(&id.to_string()))
        .collect()
}

async fn only_expired_data_is_purged(store: Store) {
    let inside = Inside::start(store, START, &SETTINGS).await;
    let (expired, accepted, used, completed, revoked) = (
        invite(&inside).await,
        invite(&inside).await,
        invite(&inside).await,
        invite(&inside).await,
        invite(&inside).await,
    );
    let mut long = posted();
    long["expiresAt"] = (START + Duration::days(400))
        .format(&Rfc3339)
        .unwrap()
        .into();
    let long = inside.invite(&long).await.1;
    let (_, erased) = inside.invite(&posted()).await;
    accept(&inside, accepted).await;
    inside.use_state(accepted, "state").await;
    inside
        .store()
        .codes
        .issue(expired, account(), inside.now())
        .await
        .unwrap()
        .unwrap();
    complete(&inside, completed).await;
    inside
        .store()
        .invitations
        .revoke(revoked, None, Conditions::default(), inside.now())
        .await
        .unwrap();
    inside
        .store()
        .retention
        .erase(erased, Conditions::default(), inside.now())
        .await
        .unwrap();
    accept(&inside, used).await;

    // The company of an old invitation, created yesterday.
    inside.wait(RETENTION - Duration::DAY);
    complete(&inside, used).await;
    inside.wait(Duration::DAY);
    assert_eq!(inside.tick(TIMER).await.0, 200);
    for id in [expired, accepted, used, completed, revoked, long, erased] {
        assert!(
            is_there(&inside, id).await,
            "nothing goes before the retention is over"
        );
    }
    inside.wait(Duration::SECOND);
    assert_eq!(inside.tick(TIMER).await.0, 200);
    // It deletes used states, and the rows that say when they are due.
    assert_eq!(inside.tick("DeliverEvents").await.0, 200);
    for id in [accepted, completed, revoked, erased] {
        assert_eq!(
            (is_there(&inside, id).await, rows_of(&inside, id).await),
            (false, vec![])
        );
    }
    for id in [expired, used, long] {
        assert!(
            is_there(&inside, id).await,
            "30 days could still be waited for, and a company is of yesterday"
        );
    }
    inside.wait(Duration::days(31));
    assert_eq!(inside.tick(TIMER).await.0, 200);
    assert_eq!(
        (
            is_there(&inside, expired).await,
            rows_of(&inside, expired).await
        ),
        (false, vec![])
    );
    inside.wait(RETENTION);
    assert_eq!(inside.tick(TIMER).await.0, 200);
    assert_eq!(
        (is_there(&inside, used).await, is_there(&inside, long).await),
        (false, true)
    );
    let listed = inside.get("/api/Invitations").await.1;
    assert_eq!(
        (
            listed["items"].as_array().unwrap().len(),
            listed["items"][0]["id"].clone()
        ),
        (1, long.to_string().into())
    );
    inside.wait(Duration::days(400));
    assert_eq!(inside.tick(TIMER).await.0, 200);
    assert_eq!(keys(&inside).await, Vec::<String>::new());
}

#[tokio::test]
async fn interrupted_purge_is_finished_by_the_next() {
    for unheard in [false, true] {
        for commits in 0.. {
            let inside = Inside::start(Store::Embedded, START, &SETTINGS).await;
            let id = invite(&inside).await;
            complete(&inside, id).await;
            inside.wait(RETENTION + Duration::DAY);
            inside.fail_after(commits, unheard);
            let (status, _) = inside.tick(TIMER).await;
            if !inside.table.recover() {
                assert_eq!((status, commits > 3), (200, true), "{commits} writes");
                break;
            }
            // A write whose arrival was not heard may have been the last one of its kind, and is
            // seen to be done.
            assert!(status == 503 || unheard, "{status} after {commits}");
            assert_eq!(inside.tick(TIMER).await.0, 200, "after {commits}");
            let left = keys(&inside).await;
            assert_eq!(left, Vec::<String>::new(), "after {commits}");
        }
    }
}

#[tokio::test]
async fn more_rows_than_a_transaction_holds_go_in_several() {
    let inside = Inside::start(Store::Embedded, START, &SETTINGS).await;
    let id = invite(&inside).await;
    for n in 0..230 {
        inside.use_state(id, &n.to_string()).await;
    }
    inside.wait(RETENTION + Duration::days(31));
    assert_eq!(inside.tick(TIMER).await.0, 200);
    let left = keys(&inside).await;
    let of_outbox = |key: &String| key.starts_with("outbox-");
    assert!(left.iter().all(of_outbox), "{left:?}");
    assert_eq!(inside.tick("DeliverEvents").await.0, 200);
    assert_eq!(keys(&inside).await, Vec::<String>::new());
}

async fn two_instances_at_once_do_no_harm(store: Store) {
    let inside = Inside::start(store, START, &SETTINGS).await;
    for _ in 0..12 {
        let id = invite(&inside).await;
        complete(&inside, id).await;
    }
    inside.wait(RETENTION + Duration::DAY);
    let kept = invite(&inside).await;
    let other = inside.another();
    let path = format!("/{TIMER}");
    let ticks = tokio::join!(
        call(&inside.app, Method::POST, &path, &Value::Null),
        call(&other, Method::POST, &path, &Value::Null),
        call(&other, Method::POST, &path, &Value::Null),
    );
    assert_eq!((ticks.0.0, ticks.1.0, ticks.2.0), (200, 200, 200));
    assert_eq!(inside.tick(TIMER).await.0, 200);
    let keys = keys(&inside).await;
    let of_kept = |key: &String| key.contains(&kept.to_string());
    assert!(keys.iter().all(of_kept), "{keys:?}");
    assert!(is_there(&inside, kept).await);
}

#[tokio::test]
async fn concurrently_changed_invitation_is_kept() {
    let inside = Inside::start(Store::Embedded, START, &SETTINGS).await;
    let id = invite(&inside).await;
    complete(&inside, id).await;
    inside.wait(RETENTION + Duration::DAY);
    let before = inside.now() - RETENTION;
    let shard = u8::from_str_radix(&id.to_string()[..1], 16).unwrap();
    let retention = &inside.store().retention;
    let page = retention.aged(shard, before, 10, None).await.unwrap();
    let rows = inside.table.keys().await;
    inside.table.plan(
        faulty::commits().of_row("invitation").once(),
        Fault::conflict_at("invitation"),
    );
    assert_eq!(
        inside
            .store()
            .retention
            .purge(&page.invitations[0], before)
            .await
            .unwrap(),
        Purged::Contended
    );
    assert_eq!(inside.table.keys().await, rows);
    assert_eq!(inside.tick(TIMER).await.0, 200);
    assert!(!is_there(&inside, id).await, "the next look finds it");
}

#[tokio::test]
async fn unavailable_invitation_does_not_end_the_run() {
    let inside = Inside::start(Store::Embedded, START, &SETTINGS).await;
    let mut ids = Vec::new();
    for _ in 0..20 {
        ids.push(invite(&inside).await);
    }
    inside.wait(RETENTION + Duration::days(31));
    let broken = ids[0].to_string();
    let of_broken = faulty::queries().when(move |call| call.partition == broken);
    inside.table.plan(of_broken, Fault::Lost);
    assert_eq!(
        inside.tick(TIMER).await.0,
        503,
        "the host sees that it failed"
    );
    assert!(inside.table.recover());
    for id in &ids[1..] {
        assert!(!is_there(&inside, *id).await);
    }
    assert_eq!(inside.tick(TIMER).await.0, 200);
    assert!(!is_there(&inside, ids[0]).await);
}

#[tokio::test]
async fn lag_of_the_purge_shows_in_health() {
    let inside = Inside::start(Store::Embedded, START, &SETTINGS).await;
    invite(&inside).await;
    inside.wait(RETENTION + Duration::days(31 + 3));
    let (_, report) = inside.get("/api/Health").await;
    let retention = &report["checks"]["retention"];
    assert_eq!(retention["status"], "degraded");
    let days = retention["lagSeconds"].as_i64().unwrap() / 86_400;
    assert_eq!(days, 34, "as far as the list knows: {report}");
    let other = inside.another();
    assert_eq!(inside.tick(TIMER).await.0, 200);
    let (_, report) = call(&other, Method::GET, "/api/Health", &Value::Null).await;
    assert_eq!(report["checks"]["retention"]["lagSeconds"], 0);
}

/// The alert reads it from the log.
#[tokio::test]
async fn lag_of_the_purge_is_logged() {
    let inside = Inside::start(Store::Embedded, START, &SETTINGS).await;
    let broken = invite(&inside).await.to_string();
    inside.wait(RETENTION + Duration::days(31 + 3));
    let of_broken = faulty::queries().when(move |call| call.partition == broken);
    inside.table.plan(of_broken, Fault::Lost);
    let (log, _guard) = CapturedLog::start();
    inside.tick(TIMER).await;
    let lines = log.lines_with("purged invitations past their retention");
    assert_eq!(lines.len(), 1, "{}", log.text());
    let days = lines[0]["lag_seconds"].as_i64().unwrap() / 86_400;
    assert_eq!((lines[0]["deleted"].as_u64(), days), (Some(0), 34));
}

#[tokio::test]
async fn old_rows_of_given_up_webhooks_are_deleted() {
    let inside = Inside::start(Store::Embedded, START, &SETTINGS).await;
    let id = invite(&inside).await;
    inside
        .store()
        .given_up
        .note(id, inside.now())
        .await
        .unwrap();
    let is_kept = async || {
        keys(&inside)
            .await
            .iter()
            .any(|key| key.starts_with("given-up-"))
    };
    assert_eq!(inside.tick(TIMER).await.0, 200);
    assert!(is_kept().await);
    inside.wait(RETENTION + Duration::DAY);
    assert_eq!(inside.tick(TIMER).await.0, 200);
    assert!(!is_kept().await);
}

#[tokio::test]
async fn deletion_costs_six_calls() {
    let inside = Inside::start(Store::Embedded, START, &SETTINGS).await;
    let mut posted = posted();
    posted["company"]["customerNumber"] = json!("C-1");
    // The first run also searches for what earlier versions left.
    inside.tick(TIMER).await;
    let (_, idle) = inside.tick(TIMER).await;
    inside.invite(&posted).await;
    inside.wait(RETENTION + Duration::days(31));
    let (_, calls) = inside.tick(TIMER).await;
    // And one for the references of the feed: for a hundred of them in the shard.
    assert_eq!(calls - idle, 6 + 1);
    assert_eq!(keys(&inside).await, [""; 0]);
}

/// Finished one after the other, before the retention, they would take longer than a run may.
#[tokio::test(start_paused = true)]
async fn many_erasures_leave_time_for_the_retention() {
    let table = FaultyTable::at_a_distance(std::time::Duration::from_millis(60));
    let inside = Inside::over(table, START, &SETTINGS);
    let aged = invite(&inside).await;
    inside.wait(RETENTION + Duration::days(31));
    let erased = invite(&inside).await;
    let path = format!("/api/Invitations/{erased}/erase");
    let (status, _) = inside.call(Method::POST, &path, &Value::Null).await;
    assert_eq!(status, 200);
    let noted = async || {
        let all = Range::default();
        let noted = inside.table.query("erasures", &all, 1000, None).await;
        noted.unwrap().rows
    };
    let fields = noted().await[0].fields.clone();
    for _ in 0..30 {
        let insert = |_| Write::Insert {
            key: Link::random().id().to_string(),
            fields: fields.clone(),
        };
        let writes: Vec<_> = (0..100).map(insert).collect();
        inside.table.commit("erasures", &writes).await.unwrap();
    }
    inside.wait(Duration::HOUR);
    assert_eq!(inside.tick(TIMER).await.0, 200);
    assert!(!is_there(&inside, aged).await);
    for _ in 0..4 {
        inside.tick(TIMER).await;
    }
    assert!(noted().await.is_empty());
}

#[tokio::test]
async fn deletion_is_linear_in_the_number_of_rows() {
    let inside = Inside::start(Store::Embedded, START, &SETTINGS).await;
    inside.tick(TIMER).await;
    let (_, idle) = inside.tick(TIMER).await;
    let id = invite(&inside).await;
    let row = |number: usize| Write::Insert {
        key: format!("state-{number:06}"),
        fields: Default::default(),
    };
    for part in 0..20 {
        let writes: Vec<_> = (0..100).map(|n| row(100 * part + n)).collect();
        let partition = id.to_string();
        inside.table.commit(&partition, &writes).await.unwrap();
    }
    inside.wait(RETENTION + Duration::days(31));
    let (_, calls) = inside.tick(TIMER).await;
    assert!(calls - idle < 40, "{calls}");
    assert_eq!(keys(&inside).await, [""; 0]);
}

/// Keeps what a request of this key chose, and is killed before it creates anything.
async fn is_cut_off(inside: &Inside, key: &str, link: Link) -> Recalled {
    let plan = Plan {
        at: inside.now(),
        expires_at: inside.now() + Duration::days(30),
        links: vec![link],
    };
    let request = Request::new(key, &json!({}));
    let settled = inside.store().idempotency.settle(&request, plan);
    settled.await.unwrap()
}

#[tokio::test]
async fn request_that_created_nothing_is_purged() {
    let inside = Inside::start(Store::Embedded, START, &SETTINGS).await;
    is_cut_off(&inside, "order", Link::random()).await;
    inside.wait(Duration::SECOND);
    is_cut_off(&inside, "order", Link::random()).await;
    inside.wait(RETENTION - Duration::minutes(1));
    assert_eq!(inside.tick(TIMER).await.0, 200);
    assert_ne!(keys(&inside).await, [""; 0], "it may still be repeated");
    inside.wait(Duration::minutes(2));
    assert_eq!(inside.tick(TIMER).await.0, 200);
    assert_eq!(keys(&inside).await, [""; 0]);
}

#[tokio::test]
async fn request_is_kept_with_its_invitation() {
    let inside = Inside::start(Store::Embedded, START, &SETTINGS).await;
    let (link, id) = inside.invite(&posted()).await;
    is_cut_off(&inside, "order", link).await;
    inside.wait(Duration::days(20));
    accept(&inside, id).await;
    inside.wait(RETENTION - Duration::DAY);
    assert_eq!(inside.tick(TIMER).await.0, 200);
    let again = is_cut_off(&inside, "order", Link::random()).await;
    let Recalled::Same(plan) = again else {
        panic!("{again:?}");
    };
    assert_eq!(plan.links, [link]);
}

#[tokio::test]
async fn empty_pages_hide_nothing_from_the_timers() {
    let inside = Inside::start(Store::Embedded, START, &SETTINGS).await;
    let ids = [invite(&inside).await, invite(&inside).await];
    let first_pages = faulty::queries().when(|call| !call.continues);
    inside.table.plan(first_pages, Fault::EmptyPage);
    complete(&inside, ids[0]).await;
    let path = format!("/api/Invitations/{}/erase", ids[0]);
    assert_eq!(inside.call(Method::POST, &path, &Value::Null).await.0, 200);
    inside.wait(RETENTION + Duration::days(31));
    for timer in [TIMER, TIMER, "DeliverEvents"] {
        assert_eq!(inside.tick(timer).await.0, 200);
    }
    assert!(inside.table.recover());
    assert_eq!(keys(&inside).await, [""; 0]);
}

/// Old invitations that are still in use are looked at once, not each day.
#[tokio::test]
async fn a_tick_costs_what_is_due_and_not_what_is_there() {
    let inside = Inside::start(Store::Embedded, START, &SETTINGS).await;
    // There is nothing of an earlier version to be searched for.
    assert_eq!(inside.tick(TIMER).await.0, 200);
    for _ in 0..40 {
        let id = invite(&inside).await;
        inside.wait(Duration::SECOND);
        accept(&inside, id).await;
    }
    for _ in 0..40 {
        invite(&inside).await;
    }
    let nothing_is_due = 1 + 4 * 16 + 1;
    inside.wait(RETENTION - Duration::HOUR);
    // What the feed no longer keeps goes first.
    assert_eq!(inside.tick(TIMER).await.0, 200);
    assert_eq!(inside.tick(TIMER).await, (200, nothing_is_due));
    inside.wait(Duration::days(2) - RETENTION);
    inside.wait(RETENTION - Duration::DAY);
    let ids: Vec<_> = inside
        .call(
            Method::GET,
            "/api/Invitations?status=accepted&limit=100",
            &Value::Null,
        )
        .await
        .1["items"]
        .as_array()
        .unwrap()
        .clone();
    for item in ids {
        complete(&inside, item["id"].as_str().unwrap().parse().unwrap()).await;
    }
    let (status, first) = inside.tick(TIMER).await;
    assert_eq!(
        (status, first),
        (200, nothing_is_due + 80 * 2),
        "each is read and moved to where it belongs"
    );
    assert_eq!(inside.tick(TIMER).await, (200, nothing_is_due));
    inside.wait(Duration::days(10));
    assert_eq!(inside.tick(TIMER).await, (200, nothing_is_due));
}

/// A creation that was cut off between the index and the invitation, and one whose intents no one
/// has followed.
#[tokio::test]
async fn orphaned_rows_and_intents_are_purged() {
    let hook = [
        ("WEBHOOK_URL", "http://127.0.0.1:1/"),
        ("WEBHOOK_SECRET", WEBHOOK_SECRET),
        ("WEBHOOK_ALLOW_PRIVATE", "true"),
    ];
    let settings: Vec<_> = SETTINGS.into_iter().chain(hook).collect();
    let inside = Inside::start(Store::Embedded, START, &settings).await;
    let id = invite(&inside).await;
    assert_eq!(
        rows_of(&inside, id)
            .await
            .iter()
            .filter(|key| key.starts_with("outbox-") && !key.contains("/feed-"))
            .count(),
        1
    );
    // The index, the intent, the two rows of people: the invitation is the fifth write.
    for commits in 0..5 {
        inside.fail_after(commits, false);
        assert_eq!(
            inside
                .call(Method::POST, "/api/Invitations", &posted())
                .await
                .0,
            503,
            "after {commits}"
        );
        assert!(inside.table.recover());
    }
    inside.wait(RETENTION + Duration::days(31));
    assert_eq!(inside.tick(TIMER).await.0, 200);
    let left = keys(&inside).await;
    assert!(
        left.iter().all(|key| key.starts_with("outbox-")),
        "{left:?}"
    );
    assert!(!is_there(&inside, id).await);
    assert_eq!(inside.tick("DeliverEvents").await.0, 200);
    assert_eq!(inside.table.intents().await, Vec::<String>::new());
}
