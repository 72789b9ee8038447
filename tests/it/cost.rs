//! What one invitation costs: executions of functions, calls of the storage service, counted on the
//! wire, and bytes of log.

use std::{
    fs,
    time::{Duration, Instant},
};

use onboarding::store::SHARDS;
use support::{
    log,
    meter::{Counted, posted},
    people::Acts,
    root,
};

use crate::storage_calls::CALLS_OF_IDLE_TICK;

/// Of the design, with the claim of the customer number; and without a customer number.
const MAX_CALLS: usize = 42;
const MAX_CALLS_WITHOUT_CLAIM: usize = 30;
/// Half of what it was when each request wrote a line.
const MAX_LOG_BYTES: usize = 2296;

/// Brings the lines of healthy requests back, which say what each cost.
const EVERY_REQUEST: [(&str, &str); 1] = [("RUST_LOG", log::EVERY_REQUEST)];

/// Runs of both timers in a month of 30 days: each minute, and each hour.
const TICKS: usize = 30 * 24 * 60 + 30 * 24;
/// Everything happens in 8 hours of 22 working days.
const PEAK_SECONDS: f64 = 22.0 * 8.0 * 3600.0;
/// Microsoft's targets: transactions of an account, and entities of a partition, a second.
const TARGETS: (usize, f64) = (20_000, 2_000.0);

/// The row of the loads: what so many invitations cost in a month of 30 days, with the timers.
fn load(invitations: usize, executions: usize, calls: usize, webhook_rows: f64) -> String {
    let a_second = f64::from(u32::try_from(invitations).unwrap()) / PEAK_SECONDS;
    let timers = f64::from(u32::try_from(CALLS_OF_IDLE_TICK * TICKS).unwrap()) / (30.0 * 86_400.0);
    let calls_a_second = f64::from(u32::try_from(calls).unwrap()) * a_second + timers;
    format!(
        "| {} | {} | {} | {} | {} |",
        thousands(invitations),
        thousands(executions * invitations + TICKS),
        thousands(calls * invitations + CALLS_OF_IDLE_TICK * TICKS),
        rounded(calls_a_second),
        rounded(a_second * webhook_rows / f64::from(SHARDS))
    )
}

fn rounded(number: f64) -> String {
    match number {
        below if below < 0.05 => "below 0.1".to_owned(),
        small if small < 10.0 => format!("{small:.1}"),
        large => thousands(format!("{large:.0}").parse().unwrap()),
    }
}

/// The number after these words in a file of the repository.
fn constant(file: &str, before: &str) -> usize {
    let source = fs::read_to_string(root().join(file)).unwrap();
    let (_, rest) = source.split_once(before).unwrap();
    let digits = rest.split(|c: char| !c.is_ascii_digit()).next();
    digits.unwrap().parse().unwrap()
}

/// The page says which schedule of the purge which load needs.
#[test]
fn operations_page_states_what_a_purge_deletes() {
    let a_second = constant("examples/bench/retention.rs", "const LEAST: f64 = ");
    let budget = "const TICK_BUDGET: std::time::Duration = std::time::Duration::from_secs(";
    let seconds = constant("src/functions/purge_invitations.rs", budget);
    let page = fs::read_to_string(root().join("docs/OPERATIONS.md")).unwrap();
    let a_run = a_second * seconds;
    for said in [
        format!("works for {seconds} seconds"),
        format!(
            "{} invitations (`make bench` fails below {a_second}",
            thousands(a_run)
        ),
        format!("every hour, that is {} a month", thousands(a_run * 30 * 24)),
        format!(
            "every ten minutes, is enough for {} a month",
            thousands(a_run * 30 * 24 * 6)
        ),
    ] {
        assert!(
            page.contains(&said),
            "docs/OPERATIONS.md does not say: {said}"
        );
    }
}

fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().collect();
    let groups = groups.into_iter().map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join(",")
}

/// The number that the page has after these words.
fn said(page: &str, before: &str) -> usize {
    let rest = page.split(before).nth(1).unwrap();
    rest.split([' ', '|']).next().unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn operations_page_states_the_storage_calls() {
    let counted = Counted::start(&EVERY_REQUEST).await;
    let host = &counted.stack.host;
    let requests = log::answered(host, 2).await.len();
    let cost = counted.journey(&posted(true)).await;

    let answered = log::answered(host, requests + 7).await.split_off(requests);
    let table_lines: Vec<_> = answered
        .iter()
        .map(|line| {
            let function = line["span"]["function"].as_str().unwrap();
            format!("| {function} | {} |", line["storage_calls"])
        })
        .collect();
    let of_requests = answered
        .iter()
        .map(|line| usize::try_from(line["storage_calls"].as_u64().unwrap()).unwrap());
    let delivery = cost.calls.saturating_sub(of_requests.sum());
    let found = format!(
        "{}\n| delivery of e-mail and webhook | {delivery} |\n| all | {} calls, {} rows |",
        table_lines.join("\n"),
        cost.calls,
        cost.rows
    );
    let page = fs::read_to_string(root().join("docs/OPERATIONS.md")).unwrap();
    assert_eq!(table_lines.len(), 7, "executions of functions: {found}");
    for line in &table_lines {
        assert!(
            page.contains(line),
            "docs/OPERATIONS.md differs from\n{found}"
        );
    }
    let all = said(&page, "| all | ");
    assert!(
        delivery <= said(&page, "| delivery of e-mail and webhook | ") && cost.calls <= all,
        "docs/OPERATIONS.md says less than\n{found}"
    );
    assert!(cost.calls <= MAX_CALLS, "{found}");
    assert!(
        cost.rows <= said(&page, &format!("| all | {all} calls, ")),
        "{found}"
    );
    let (account, partition) = TARGETS;
    let webhook_rows = said(&page, "Of the rows, ");
    assert!(cost.webhook_rows <= webhook_rows, "{cost:?}");
    let webhook_rows = f64::from(u32::try_from(webhook_rows).unwrap());
    for said in [
        format!("{} calls.", thousands(CALLS_OF_IDLE_TICK * TICKS)),
        format!(
            "{} a month without any invitation",
            thousands(CALLS_OF_IDLE_TICK * TICKS)
        ),
        format!("at {} invitations a second", account / all / 10 * 10),
        format!(
            "would be at {}",
            rounded(partition * f64::from(SHARDS) / webhook_rows)
        ),
    ] {
        assert!(
            page.contains(&said),
            "docs/OPERATIONS.md does not say: {said}"
        );
    }
    for invitations in (3..=8).map(|power| 10_usize.pow(power)) {
        let row = load(invitations, table_lines.len(), all, webhook_rows);
        assert!(page.contains(&row), "docs/OPERATIONS.md differs from {row}");
    }
    let without_claim = counted.journey(&posted(false)).await;
    assert!(
        without_claim.calls <= MAX_CALLS_WITHOUT_CLAIM,
        "{without_claim:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_changes_of_state_are_logged() {
    let counted = Counted::start(&[("RUST_LOG", "info")]).await;
    let host = &counted.stack.host;
    let before = log::json_lines(host).len();
    let cost = counted.journey(&posted(true)).await;
    assert!(cost.bytes <= MAX_LOG_BYTES, "{cost:?}");
    let lines = log::json_lines(host).split_off(before);
    let count = |message: &str| {
        lines
            .iter()
            .filter(|line| line["message"] == message)
            .count()
    };
    let expected = [
        ("invitation created", 1),
        ("sign-in started", 1),
        // Accepted, and completed.
        ("event recorded", 2),
        ("delivered", 6),
    ];
    for (message, times) in expected {
        assert_eq!(count(message), times, "{message}: {lines:#?}");
    }
    assert_eq!(lines.len(), 10, "{lines:#?}");

    let mut anyone = counted.stack.person().unwrap();
    anyone.opens("/api/InviteUser?invitationId=broken").await;
    anyone.opens("/api/Health").await;
    // The next request that is logged comes after whatever these two wrote.
    anyone.opens("/api/InviteUser?invitationId=broken").await;
    let deadline = Instant::now() + Duration::from_secs(10);
    let mut since = Vec::new();
    while since.len() < 2 && Instant::now() < deadline {
        tokio::time::sleep(Duration::from_millis(20)).await;
        since = log::json_lines(host).split_off(before + lines.len());
    }
    let messages: Vec<_> = since.iter().map(|line| &line["message"]).collect();
    assert_eq!(
        messages,
        ["request rejected", "request rejected"],
        "{since:#?}"
    );
}
