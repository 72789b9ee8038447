//! Scale on paper, checked: a partition of Table Storage answers some 2,000 requests a second and
//! an account ten times as many, so what grows must spread over partitions, and none may take part
//! in everything.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::Method;
use onboarding::{
    domain::invitation::{Account, Link},
    store::{SHARDS, StateUse},
};
use serde_json::Value;
use support::{
    faulty::FaultyTable,
    inside::{self, company},
    invitation,
};
use time::macros::datetime;
use uuid::Uuid;

/// Sixteen cells, so fifteen degrees of freedom: 1 run of 10 million lies above this.
const CHI_SQUARE_15: f64 = 61.0;

/// How far the counts are from even.
fn chi_square(counts: &[u32]) -> f64 {
    let expected =
        f64::from(counts.iter().sum::<u32>()) / f64::from(u8::try_from(counts.len()).unwrap());
    counts
        .iter()
        .map(|count| (f64::from(*count) - expected).powi(2) / expected)
        .sum()
}

/// Where the first digits of an id say which shard its rows are in.
fn spread(ids: impl Iterator<Item = String>) -> Vec<u32> {
    let mut counts = vec![0; usize::from(SHARDS)];
    for id in ids {
        counts[usize::from_str_radix(&id[..1], 16).unwrap()] += 1;
    }
    counts
}

#[test]
fn invitations_spread_evenly_over_the_shards() {
    let random = spread((0..100_000).map(|_| Link::random().id().to_string()));
    assert!(chi_square(&random) < CHI_SQUARE_15, "{random:?}");
    // Even where another caller's GUIDs count up.
    let counted = (0..100_000).map(|n| {
        Uuid::from_u128(n)
            .to_string()
            .parse::<Link>()
            .unwrap()
            .id()
            .to_string()
    });
    let counted = spread(counted);
    assert!(chi_square(&counted) < CHI_SQUARE_15, "{counted:?}");
    assert!(
        chi_square(&[6_450; 16]) < CHI_SQUARE_15
            && chi_square(&[vec![6_200; 15], vec![7_000]].concat()) > CHI_SQUARE_15
    );
}

/// All that happens to one invitation; each request with the partitions that it asked.
async fn journey(number: u128) -> Vec<(&'static str, BTreeSet<String>)> {
    let table = FaultyTable::in_memory();
    let asked_partitions = || {
        table
            .take_calls()
            .into_iter()
            .map(|call| call.partition)
            .collect()
    };
    let (app, now) = inside::over(table.clone(), datetime!(2026-11-22 12:00 UTC));
    // The timer has found nothing of an earlier version, and the instance has noticed: it asks for
    // that once in its life, so it is no part of a journey.
    let purged = inside::call(&app, Method::POST, "/PurgeInvitations", &Value::Null).await;
    assert_eq!(purged.0, 200, "{}", purged.1);
    let companies = &app.store.companies;
    assert!(companies.find_by_number("C").await.unwrap().is_none());
    table.take_calls();
    let mut posted = invitation(&format!("anna-{number}@example.com"), "Anna", "Meier");
    posted["company"]["customerNumber"] = format!("C-{number}").into();
    let mut asked = Vec::new();
    let (status, created) = inside::call(&app, Method::POST, "/api/Invitations", &posted).await;
    assert_eq!(status, 201, "{created}");
    asked.push(("create", asked_partitions()));
    let link: Link = created["link"]
        .as_str()
        .unwrap()
        .rsplit('=')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    let (id, by) = (
        link.id(),
        Account {
            tid: Uuid::from_u128(1),
            oid: Uuid::from_u128(number),
        },
    );
    let page = format!("/api/InviteUser?invitationId={}", link.reveal());
    assert_eq!(
        inside::call(&app, Method::GET, &page, &Value::Null).await.0,
        200
    );
    asked.push(("look", asked_partitions()));
    assert!(
        app.store
            .states
            .use_once(id, ("state", now), None, now)
            .await
            .is_ok_and(|used| matches!(used, StateUse::First(_)))
    );
    app.store.invitations.accept(id, by, now).await.unwrap();
    asked.push(("accept", asked_partitions()));
    app.store
        .companies
        .create(id, by, &company(), now)
        .await
        .unwrap();
    asked.push(("complete", asked_partitions()));
    assert_eq!(
        inside::call(
            &app,
            Method::GET,
            &format!("/api/Invitations/{id}"),
            &Value::Null
        )
        .await
        .0,
        200
    );
    asked.push(("get", asked_partitions()));
    asked
}

#[tokio::test]
async fn no_partition_takes_part_in_every_request() {
    const JOURNEYS: usize = 400;
    let mut of_step: BTreeMap<&str, BTreeMap<String, usize>> = BTreeMap::new();
    for number in 0..JOURNEYS {
        for (step, partitions) in journey(u128::try_from(number).unwrap()).await {
            // A creation: its own, the customer's, the mailbox's, the list, and the two of its shard
            // in the outbox, one of which has the feed as well.
            assert!(
                (1..=6).contains(&partitions.len()),
                "{step}: {partitions:?}"
            );
            for partition in partitions {
                *of_step
                    .entry(step)
                    .or_default()
                    .entry(partition)
                    .or_default() += 1;
            }
        }
    }
    assert_eq!(
        of_step.keys().copied().collect::<Vec<_>>(),
        ["accept", "complete", "create", "get", "look"]
    );
    for (step, partitions) in &of_step {
        let (busiest, times) = partitions.iter().max_by_key(|(_, times)| **times).unwrap();
        // A sixteenth of them on average; with 400 journeys this is six standard deviations more.
        assert!(
            *times < JOURNEYS / 16 + 30,
            "{step}: {busiest} takes part in {times} of {JOURNEYS}"
        );
    }
    // What people do on the way asks for no partition but that of their own invitation.
    assert!(
        of_step["look"]
            .values()
            .chain(of_step["get"].values())
            .all(|times| *times == 1)
    );
}
