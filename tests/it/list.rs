//! The list of invitations: complete, stable while others write, and as quick in a large table as
//! in a small one.

use std::{collections::HashSet, sync::Arc};

use futures::{StreamExt, stream};
use local::stack::Stack;
use onboarding::{
    app::Shared,
    clock::Clock,
    domain::invitation::{Account, Invitation, Inviter, Link, Recipient, Status, Terms},
    seal::Sealer,
    store::{Channels, Filter, Options, Outcome, Store as Repositories, table::Table},
};
use proptest::{prelude::*, test_runner::TestRunner};
use reqwest::Method;
use serde_json::{Value, json};
use support::{
    KNOWN, Store,
    api::{self, Answer, post, request, send},
    faulty::{self, Fault, FaultyTable},
    inside::{self, Inside},
    invitation, items, over_both_stores, start, whole_journey,
};
use time::{Duration, OffsetDateTime, macros::datetime};
use tokio::runtime::Runtime;
use uuid::Uuid;

over_both_stores! {
    paging_is_stable_during_creations
    each_filter_finds_its_own_in_every_spelling
}

const START: OffsetDateTime = datetime!(2026-11-22 12:00 UTC);

async fn list(stack: &Stack, query: &str) -> Answer {
    send(request(
        stack,
        Method::GET,
        &format!("/api/Invitations?{query}"),
    ))
    .await
}

fn ids(page: &Value) -> Vec<String> {
    items(&page["items"])
        .map(|item| item["id"].as_str().unwrap().to_owned())
        .collect()
}

/// Every id of the walk, in order.
async fn walk(stack: &Stack, query: &str) -> Vec<String> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = list(stack, &format!("{query}&cursor={cursor}")).await;
        assert_eq!(page.status, 200, "{}", page.body);
        let page = page.json();
        all.extend(ids(&page));
        match page["nextCursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => return all,
        }
    }
}

fn quiet(email: &str, customer: &str) -> Value {
    let mut posted = invitation(email, "Anna", "Meier");
    posted["sendEmail"] = json!(false);
    posted["inviter"]["email"] = Value::Null;
    posted["company"]["customerNumber"] = customer.into();
    posted
}

async fn create(stack: &Stack, posted: Value) -> String {
    let answer = post(stack, posted.to_string()).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    answer.json()["id"].as_str().unwrap().to_owned()
}

/// Of an instance in this process.
async fn create_at(app: &Shared, number: usize) -> String {
    let (status, created) = inside::call(
        app,
        Method::POST,
        "/api/Invitations",
        &quiet(&format!("r{number}@example.com"), "C-1"),
    )
    .await;
    assert_eq!(status, 201, "{created}");
    created["id"].as_str().unwrap().to_owned()
}

async fn walk_at(app: &Shared) -> Vec<String> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let (status, page) = inside::call(
            app,
            Method::GET,
            &format!("/api/Invitations?limit=25&cursor={cursor}"),
            &Value::Null,
        )
        .await;
        assert_eq!(status, 200, "{page}");
        all.extend(ids(&page));
        match page["nextCursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => return all,
        }
    }
}

async fn paging_is_stable_during_creations(store: Store) {
    let one = Inside::start(store, START, &[]).await;
    let other = one.another();
    let there: HashSet<_> = stream::iter(0..410)
        .map(|number| {
            // Several in each millisecond.
            one.wait(Duration::microseconds(400));
            create_at(&one.app, number)
        })
        .buffer_unordered(16)
        .collect()
        .await;
    let between_pages = async {
        for number in 0..30 {
            one.wait(Duration::MILLISECOND);
            create_at(&other, 10_000 + number).await;
        }
    };
    let (seen, ()) = tokio::join!(walk_at(&one.app), between_pages);
    let once: HashSet<_> = seen.iter().cloned().collect();
    assert_eq!(once.len(), seen.len(), "none is shown twice");
    assert!(there.is_subset(&once), "none is skipped");
    let all = walk_at(&other).await;
    assert_eq!(all.len(), there.len() + 30);
    let of_the_first = |ids: &[String]| {
        ids.iter()
            .filter(|id| there.contains(*id))
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(of_the_first(&all), of_the_first(&seen), "the order stays");
}

async fn each_filter_finds_its_own_in_every_spelling(store: Store) {
    let stack = start(store).await;
    let mut anna = Vec::new();
    for (email, customer) in [
        (KNOWN, "C 1/ä"),
        ("other@example.com", "C 1/ä"),
        ("other@example.com", "C 2"),
    ] {
        anna.push(create(&stack, quiet(email, customer)).await);
    }
    let revoked = send(request(
        &stack,
        Method::POST,
        &format!("/api/Invitations/{}/revoke", anna[1]),
    ))
    .await;
    assert_eq!(revoked.status, 200);
    let newest = |which: &[usize]| which.iter().map(|n| anna[*n].clone()).collect::<Vec<_>>();
    for (query, found) in [
        ("", newest(&[2, 1, 0])),
        ("email=Other%40EXAMPLE.com", newest(&[2, 1])),
        ("customerNumber=%20C%20%201/%C3%A4", newest(&[1, 0])),
        (
            "customerNumber=C%201/%C3%A4&email=other@example.com",
            newest(&[1]),
        ),
        ("status=revoked", newest(&[1])),
        ("status=pending&email=other@example.com", newest(&[2])),
        (
            "status=&email=&customerNumber=&limit=&cursor=",
            newest(&[2, 1, 0]),
        ),
        ("status=completed", vec![]),
        ("customerNumber=C", vec![]),
        ("code=local-host-key", newest(&[2, 1, 0])),
    ] {
        let page = list(&stack, query).await;
        assert_eq!(
            (page.status, page.header("cache-control")),
            (200, "no-store"),
            "{query}: {}",
            page.body
        );
        assert_eq!(ids(&page.json()), found, "{query}");
        assert_eq!(page.json()["nextCursor"], Value::Null, "{query}");
    }
    let limited = list(&stack, "limit=1&email=other@example.com").await.json();
    assert_eq!(
        walk(&stack, "limit=1&email=other@example.com").await,
        newest(&[2, 1])
    );
    assert!(limited["nextCursor"].is_string());
}

#[tokio::test]
async fn items_omit_timeline_and_link() {
    let stack = start(Store::Embedded).await;
    let created = post(&stack, quiet(KNOWN, "C-1").to_string()).await.json();
    let mut anna = stack.person().unwrap();
    whole_journey(&mut anna, &stack, created["link"].as_str().unwrap()).await;
    let mut read = api::get(&stack, created["id"].as_str().unwrap())
        .await
        .json();
    for name in ["confirmedCompany", "timeline", "delivery"] {
        read.as_object_mut().unwrap().remove(name).unwrap();
    }
    let page = list(&stack, "status=completed").await;
    assert_eq!(page.json()["items"], json!([read]));
    let secret = support::table::link_of(created["link"].as_str().unwrap()).reveal();
    assert!(!page.body.contains(&secret));
}

#[tokio::test]
async fn invalid_query_parameters_are_named() {
    let stack = start(Store::Embedded).await;
    for n in 0..3 {
        create(&stack, quiet(&format!("r{n}@example.com"), "C-1")).await;
    }
    let cursor = list(&stack, "limit=1&customerNumber=C-1").await.json()["nextCursor"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut cut = cursor.clone();
    cut.pop();
    let mut altered = cursor.clone().into_bytes();
    altered[40] = if altered[40] == b'A' { b'B' } else { b'A' };
    let altered = String::from_utf8(altered).unwrap();
    for (query, named) in [
        ("limit=0", vec!["limit"]),
        ("limit=101", vec!["limit"]),
        ("limit=-1", vec!["limit"]),
        ("limit=%2B5", vec!["limit"]),
        (
            "limit=ten&status=open&email=anna",
            vec!["status", "email", "limit"],
        ),
        ("status=Pending", vec!["status"]),
        ("status=pending&status=open", vec!["status"]),
        ("limit=1&limit=", vec!["limit"]),
        ("customerNumber=%00", vec!["customerNumber"]),
        ("page=2&order=asc", vec!["page", "order"]),
        ("cursor=x", vec!["cursor"]),
        (&format!("cursor={cursor}"), vec!["cursor"]),
        (
            &format!("cursor={cursor}&customerNumber=C-2"),
            vec!["cursor"],
        ),
        (
            &format!("cursor={cursor}&customerNumber=C-1&status=pending"),
            vec!["cursor"],
        ),
        (&format!("cursor={cut}&customerNumber=C-1"), vec!["cursor"]),
        (
            &format!("cursor={altered}&customerNumber=C-1"),
            vec!["cursor"],
        ),
    ] {
        let answer = list(&stack, query).await;
        assert_eq!(
            (answer.status, answer.problem().as_str()),
            (400, "invalid-parameters"),
            "{query}"
        );
        let problem = answer.json();
        let parameters: Vec<_> = items(&problem["errors"])
            .map(|error| error["parameter"].as_str().unwrap())
            .collect();
        assert_eq!(parameters, named, "{query}");
    }
    assert_eq!(
        list(
            &stack,
            &format!("cursor={cursor}&customerNumber=C-1&limit=2")
        )
        .await
        .json()["items"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

/// The table is in one place; the instance that opens the cursor is another, deployed later with a
/// new first key.
#[tokio::test]
async fn cursor_survives_key_rotation() {
    let stack = start(Store::Azurite).await;
    for n in 0..2 {
        create(&stack, quiet(&format!("r{n}@example.com"), "C-1")).await;
    }
    let first = list(&stack, "limit=1").await.json();
    let (cursor, old) = (
        first["nextCursor"].as_str().unwrap(),
        stack.setting("SESSION_KEYS").unwrap(),
    );
    let new = base64_of([7; 64]);
    let later = stack
        .another_instance(&[("SESSION_KEYS", &format!("{new},{old}"))])
        .await
        .unwrap();
    let retired = stack
        .another_instance(&[("SESSION_KEYS", &new)])
        .await
        .unwrap();
    let open = async |host: &local::host::Host| {
        let url = format!("{}/api/Invitations?limit=1&cursor={cursor}", host.url());
        send(
            reqwest::Client::new()
                .get(url)
                .header("x-functions-key", "local-host-key"),
        )
        .await
    };
    let page = open(&later).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert_eq!(page.json()["nextCursor"], Value::Null);
    assert_ne!(ids(&page.json()), ids(&first));
    assert_eq!(open(&retired).await.status, 400);
}

fn base64_of(bytes: [u8; 64]) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    STANDARD.encode(bytes)
}

fn store() -> (Repositories, Arc<FaultyTable>) {
    let table = FaultyTable::in_memory();
    let sealer = Sealer::new(&[[1; 64]]);
    let (store, _) = Repositories::new(
        table.clone(),
        sealer,
        Options::new(Channels::default(), Clock::system()),
    );
    (store, table)
}

fn invited(
    number: u64,
    email: &str,
    customer: &str,
    at: OffsetDateTime,
) -> (Link, onboarding::domain::invitation::Transition) {
    let link: Link = Uuid::from_u128(u128::from(number))
        .to_string()
        .parse()
        .unwrap();
    let terms = Terms {
        recipient: Recipient {
            email: email.parse().unwrap(),
            first_name: "A".into(),
            last_name: "M".into(),
            locale: None,
        },
        inviter: Inviter {
            name: "B".into(),
            organization: "C".into(),
            email: None,
            phone: None,
            locale: None,
        },
        company: serde_json::from_value(json!({"name": "M", "customerNumber": customer})).unwrap(),
        company_id: None,
        message: None,
        send_email: false,
        metadata: Default::default(),
    };
    (
        link,
        Invitation::create(link.id(), terms, at, at + Duration::DAY),
    )
}

#[tokio::test]
async fn page_cost_is_independent_of_table_size() {
    let (store, table) = store();
    let mut there = 0;
    for (fill, of_email) in [(10, 2), (2_000, 2)] {
        for n in there..fill {
            let email = if n < 2 {
                "anna@example.com"
            } else {
                "other@example.com"
            };
            let (link, transition) = invited(
                n,
                email,
                "C-1",
                START + Duration::seconds(i64::try_from(n).unwrap()),
            );
            store
                .invitations
                .create(&link, &transition, None, transition.0.created_at)
                .await
                .unwrap();
        }
        there = fill;
        let cost = async |filter: Filter, limit| {
            let (listed, calls) = table
                .count(store.index.list(&filter, limit, None, START))
                .await;
            let items = listed.unwrap().items.len();
            (items, calls)
        };
        assert_eq!(
            cost(Filter::default(), 10).await,
            (10, 16 + 10),
            "at {fill}"
        );
        assert_eq!(cost(Filter::default(), 1).await, (1, 16 + 1), "at {fill}");
        let email = Filter {
            email: Some("Anna@Example.com".parse().unwrap()),
            ..Filter::default()
        };
        assert_eq!(cost(email, 10).await, (of_email, 1 + 2), "at {fill}");
        let pending = Filter {
            customer_number: Some("C-1".into()),
            statuses: vec![Status::Pending],
            ..Filter::default()
        };
        assert_eq!(cost(pending, 10).await.0, 10, "at {fill}");
    }
}

/// A status that no one has: each page ends after a bounded look, and the walk comes to its end.
#[tokio::test]
async fn search_for_a_rare_status_is_bounded() {
    let (store, table) = store();
    for n in 0..500 {
        let (link, transition) = invited(n, "anna@example.com", "C-1", START);
        store
            .invitations
            .create(&link, &transition, None, transition.0.created_at)
            .await
            .unwrap();
    }
    let oldest = {
        let link: Link = Uuid::from_u128(1_000).to_string().parse().unwrap();
        let (_, transition) = invited(1_000, "anna@example.com", "C-1", START - Duration::HOUR);
        store
            .invitations
            .create(&link, &transition, None, transition.0.created_at)
            .await
            .unwrap();
        let by = Account {
            tid: Uuid::nil(),
            oid: Uuid::nil(),
        };
        assert!(matches!(
            store
                .invitations
                .accept(link.id(), by, START)
                .await
                .unwrap(),
            Outcome::Done(_)
        ));
        link.id()
    };
    let filter = Filter {
        statuses: vec![Status::Accepted],
        ..Filter::default()
    };
    let (mut pages, mut found, mut after) = (0, Vec::new(), None);
    loop {
        let (listed, calls) = table
            .count(store.index.list(&filter, 10, after.as_ref(), START))
            .await;
        let listed = listed.unwrap();
        assert!(calls <= 200 + 16 + 40, "{calls}");
        (pages, found) = (
            pages + 1,
            found
                .into_iter()
                .chain(listed.items.iter().map(|own| own.id()))
                .collect(),
        );
        match listed.next_cursor {
            Some(cursor) => after = Some(store.index.position(&filter, &cursor).unwrap()),
            None => break,
        }
    }
    assert_eq!((pages, found), (3, vec![oldest]));
}

/// What a crash between the index row and the invitation leaves, and what a repeated creation
/// leaves.
#[tokio::test]
async fn what_never_happened_is_not_listed() {
    let (store, table) = store();
    let (link, transition) = invited(1, "anna@example.com", "C-1", START);
    store
        .invitations
        .create(&link, &transition, None, transition.0.created_at)
        .await
        .unwrap();
    let (_, again) = invited(1, "anna@example.com", "C-1", START + Duration::HOUR);
    store
        .invitations
        .create(&link, &again, None, again.0.created_at)
        .await
        .unwrap();
    let (lost, transition) = invited(2, "anna@example.com", "C-1", START);
    store
        .invitations
        .create(&lost, &transition, None, transition.0.created_at)
        .await
        .unwrap();
    let row = table
        .get(&lost.id().to_string(), "invitation")
        .await
        .unwrap()
        .unwrap();
    let delete = onboarding::store::table::Write::Delete {
        key: row.key,
        if_match: row.etag,
    };
    table
        .commit(&lost.id().to_string(), &[delete])
        .await
        .unwrap();
    for filter in [
        Filter::default(),
        Filter {
            email: Some("anna@example.com".parse().unwrap()),
            ..Filter::default()
        },
    ] {
        let listed = store.index.list(&filter, 10, None, START).await.unwrap();
        assert_eq!(
            listed.items.iter().map(|own| own.id()).collect::<Vec<_>>(),
            [link.id()]
        );
        assert!(listed.next_cursor.is_none());
    }
}

#[test]
fn the_pages_are_the_sorted_list_cut_in_pieces() {
    let runtime = Runtime::new().unwrap();
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 12,
        ..ProptestConfig::default()
    });
    let strategy = (
        proptest::collection::vec((0..40i64, any::<bool>()), 0..50),
        1..12usize,
    );
    let result = runner.run(&strategy, |(times, limit)| {
        runtime.block_on(async {
            let (store, table) = store();
            // A page of the table may be empty, and still not be the last.
            table.plan(
                faulty::queries().when(|call| !call.continues),
                Fault::EmptyPage,
            );
            let mut model = Vec::new();
            for (n, (time, anna)) in (0..).zip(&times) {
                let at = START + Duration::milliseconds(*time);
                let (link, transition) = invited(
                    n,
                    if *anna {
                        "anna@example.com"
                    } else {
                        "b@example.com"
                    },
                    "C",
                    at,
                );
                store
                    .invitations
                    .create(&link, &transition, None, transition.0.created_at)
                    .await
                    .unwrap();
                model.push((std::cmp::Reverse(at), link.id().to_string(), *anna));
            }
            model.sort();
            for email in [None, Some("anna@example.com")] {
                let filter = Filter {
                    email: email.map(|email| email.parse().unwrap()),
                    ..Filter::default()
                };
                let expected: Vec<_> = model
                    .iter()
                    .filter(|row| email.is_none() || row.2)
                    .map(|row| row.1.clone())
                    .collect();
                let (mut walked, mut after) = (Vec::new(), None);
                loop {
                    let page = store
                        .index
                        .list(&filter, limit, after.as_ref(), START)
                        .await
                        .unwrap();
                    prop_assert!(page.items.len() == limit || page.next_cursor.is_none());
                    walked.extend(page.items.iter().map(|own| own.id().to_string()));
                    let Some(cursor) = page.next_cursor else {
                        break;
                    };
                    after = store.index.position(&filter, &cursor);
                    prop_assert!(after.is_some());
                }
                prop_assert_eq!(walked, expected);
            }
            Ok(())
        })
    });
    result.unwrap();
}
