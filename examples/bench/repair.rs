//! What redb's quick repair costs the embedded store with each commit, and what it saves when the
//! process is started again after a kill.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use redb::{Database, TableDefinition};

use super::{
    measure::{Bound, Row, Spread},
    programs::quick_dir,
};

const ROWS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("rows");
/// About as large as that of an invitation.
const ROW: [u8; 1500] = [7; 1500];
/// Makes a file of some 34 MiB.
const COUNT: u64 = 16_000;
const COMMITS: u64 = 2_000;
const OPENINGS: usize = 20;
/// Of what a full repair takes.
const LONGEST_OPENING: f64 = 0.5;

pub(crate) fn rows() -> anyhow::Result<Vec<Row>> {
    let dir = quick_dir()?;
    let (without, with) = (dir.path().join("without"), dir.path().join("with"));
    let (slow_start, quick_start) = (measure(&without, false)?, measure(&with, true)?);
    Ok(vec![
        Row::new(
            "embedded store: a commit without, with quick repair",
            Spread::of_times(&slow_start.commits),
            Spread::of_times(&quick_start.commits),
            Bound::None,
        ),
        Row::new(
            "embedded store: opened after a kill without, with quick repair",
            Spread::of_times(&slow_start.openings),
            Spread::of_times(&quick_start.openings),
            Bound::AtMost(LONGEST_OPENING),
        ),
    ])
}

struct Measured {
    commits: Vec<Duration>,
    openings: Vec<Duration>,
}

fn measure(path: &Path, quick_repair: bool) -> anyhow::Result<Measured> {
    let database = Database::create(path)?;
    commit(&database, 0..COUNT, quick_repair)?;
    let mut commits = Vec::new();
    for number in COUNT..COUNT + COMMITS {
        let started = Instant::now();
        commit(&database, number..number + 1, quick_repair)?;
        commits.push(started.elapsed());
    }
    // A copy of the file while it is open is what a kill leaves.
    let copy = path.with_extension("killed");
    let mut openings = Vec::new();
    for _ in 0..OPENINGS {
        fs::copy(path, &copy)?;
        let started = Instant::now();
        drop(Database::open(&copy)?);
        openings.push(started.elapsed());
    }
    Ok(Measured { commits, openings })
}

fn commit(
    database: &Database,
    keys: impl Iterator<Item = u64>,
    quick_repair: bool,
) -> anyhow::Result<()> {
    let mut transaction = database.begin_write()?;
    transaction.set_quick_repair(quick_repair);
    {
        let mut table = transaction.open_table(ROWS)?;
        for key in keys {
            table.insert(key, ROW.as_slice())?;
        }
    }
    transaction.commit()?;
    Ok(())
}
