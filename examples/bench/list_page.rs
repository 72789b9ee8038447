//! A page of the list, in a small table and in a large one. Over the embedded store: Azurite looks
//! through all its rows for any query, so it says nothing about Table Storage.

use std::{path::Path, sync::Arc};

use anyhow::Context;
use onboarding::{
    clock::Clock,
    domain::invitation::{Invitation, Inviter, Link, Recipient, Terms},
    seal::Sealer,
    store::{Channels, Filter, Options, Position, Store, table::embedded::EmbeddedTable},
};
use serde_json::json;
use tempfile::TempDir;
use time::{Duration, OffsetDateTime, macros::datetime};

use super::measure::Row;

const START: OffsetDateTime = datetime!(2026-01-01 00:00 UTC);
const SMALL: u32 = 1_000;
const LARGE: u32 = 100_000;
const PAGE: usize = 50;
/// Of the design.
const BOUND: f64 = 1.1;
const ROUNDS: usize = 400;

struct Filled {
    store: Store,
    /// In the middle of the list.
    middle: Position,
    _dir: TempDir,
}

pub(crate) async fn rows() -> anyhow::Result<Vec<Row>> {
    let (small, large) = (filled(SMALL).await?, filled(LARGE).await?);
    let page = |table, middle| async move { list(table, middle).await };
    let what = |where_: &str| format!("list, {where_} page of {PAGE}: {SMALL}, {LARGE}");
    Ok(vec![
        Row::of(
            what("first"),
            BOUND,
            ROUNDS,
            || page(&small, false),
            || page(&large, false),
        )
        .await?,
        Row::of(
            what("middle"),
            BOUND,
            ROUNDS,
            || page(&small, true),
            || page(&large, true),
        )
        .await?,
    ])
}

async fn list(table: &Filled, middle: bool) -> anyhow::Result<()> {
    let after = middle.then_some(&table.middle);
    let listed = table
        .store
        .index
        .list(&Filter::default(), PAGE, after, START)
        .await?;
    anyhow::ensure!(
        listed.items.len() == PAGE && listed.next_cursor.is_some(),
        "a page is full"
    );
    Ok(())
}

/// In memory where the machine has such a folder: to fill it takes a hundred thousand transactions,
/// each on the disk.
async fn filled(count: u32) -> anyhow::Result<Filled> {
    let memory = Path::new("/dev/shm");
    let dir = if memory.is_dir() {
        tempfile::tempdir_in(memory)
    } else {
        tempfile::tempdir()
    }?;
    let table = Arc::new(EmbeddedTable::open(dir.path())?);
    let (store, _) = Store::new(
        table,
        Sealer::new(&[[1; 64]]),
        Options::new(Channels::default(), Clock::system()),
    );
    for number in 0..count {
        let link = Link::random();
        let at = START + Duration::seconds(i64::from(number));
        store
            .invitations
            .create(
                &link,
                &Invitation::create(link.id(), terms()?, at, at + Duration::days(30)),
                None,
                at,
            )
            .await?;
    }
    let mut middle: Option<Position> = None;
    for _ in 0..count / 2 / 100 {
        let cursor = store
            .index
            .list(&Filter::default(), 100, middle.as_ref(), START)
            .await?
            .next_cursor;
        middle = cursor.and_then(|cursor| store.index.position(&Filter::default(), &cursor));
    }
    Ok(Filled {
        store,
        middle: middle.context("the list ends early")?,
        _dir: dir,
    })
}

/// Of an invitation without an e-mail.
pub(crate) fn terms() -> anyhow::Result<Terms> {
    Ok(Terms {
        recipient: Recipient {
            email: "anna@example.com".parse()?,
            first_name: "Anna".into(),
            last_name: "Meier".into(),
            locale: None,
        },
        inviter: Inviter {
            name: "Beat".into(),
            organization: "Example Machines".into(),
            email: None,
            phone: None,
            locale: None,
        },
        company: serde_json::from_value(
            json!({"name": "Meier AG", "street": "Seestrasse 1", "city": "Zürich", "country": "CH"}),
        )?,
        company_id: None,
        message: None,
        send_email: false,
        metadata: Default::default(),
    })
}
