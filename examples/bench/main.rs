//! `make bench`: how quick it is, in figures that hold on any machine: two things are measured in
//! turns in one run, and what counts is their ratio. Ends with an error where a bound is missed.
//!
//! The bounds of the first rows are those of the design; `journey` says where its own come from, and
//! draws what it finds.
//! "The team's way" is the lookup page in Node, Express and Microsoft's and OpenID's usual
//! packages: see `baseline/`.

mod backlog;
mod bare_read;
mod client;
mod instructions;
mod invitation;
mod journey;
mod list_page;
mod load;
mod lookup;
mod measure;
mod plot;
mod programs;
mod repair;
mod retention;
mod server;
mod size;
mod start;

use std::{
    env,
    io::{self, Write},
    process::ExitCode,
};

use measure::{Row, Verdict};
use programs::Programs;

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let Some(("bare-read", arguments)) = arguments
        .split_first()
        .map(|(first, rest)| (first.as_str(), rest))
    {
        return bare_read::serve(arguments)
            .await
            .map(|()| ExitCode::SUCCESS);
    }
    // Any names of parts: only those.
    let wanted =
        |part: &str| arguments.is_empty() || arguments.iter().any(|argument| argument == part);
    let (programs, mut table) = (Programs::find()?, Table::begin()?);
    if wanted("start") {
        table.add(start::rows(&programs)?)?;
    }
    if wanted("lookup") {
        table.add(lookup::rows(&programs).await?)?;
    }
    if wanted("load") {
        table.add(load::rows(&programs)?)?;
    }
    if wanted("journey") {
        table.add(journey::rows(&programs).await?)?;
    }
    if wanted("size") {
        table.add(size::rows(&programs)?)?;
    }
    if wanted("list") {
        table.add(list_page::rows().await?)?;
    }
    if wanted("instructions") {
        table.add(instructions::rows(&programs)?)?;
    }
    if wanted("repair") {
        table.add(repair::rows()?)?;
    }
    if wanted("invitation") {
        table.add(invitation::rows().await?)?;
    }
    if wanted("retention") {
        table.add(retention::rows().await?)?;
    }
    if wanted("backlog") {
        table.add(backlog::rows().await?)?;
    }
    table.end()
}

/// What was measured, shown as it comes.
struct Table {
    missed: usize,
    untold: usize,
}

impl Table {
    fn begin() -> io::Result<Self> {
        let head = "median (10 % … 90 %)";
        writeln!(
            io::stdout(),
            "{head:<62} {:>28} {:>28} {:>8} {:>14}  verdict",
            "first",
            "second",
            "ratio",
            "bound"
        )?;
        Ok(Self {
            missed: 0,
            untold: 0,
        })
    }

    fn add(&mut self, rows: Vec<Row>) -> io::Result<()> {
        for row in rows {
            match row.verdict() {
                Verdict::Kept | Verdict::Unbounded => {}
                Verdict::Missed => self.missed += 1,
                Verdict::TooNoisy => self.untold += 1,
            }
            writeln!(io::stdout(), "{row}")?;
        }
        Ok(())
    }

    /// Fails if a bound is missed.
    fn end(self) -> anyhow::Result<ExitCode> {
        if self.untold > 0 {
            let rows = self.untold;
            writeln!(
                io::stdout(),
                "{rows} bounds cannot be judged: the machine was too noisy. Run it again when nothing else runs."
            )?;
        }
        if self.missed == 0 {
            return Ok(ExitCode::SUCCESS);
        }
        writeln!(io::stdout(), "{} bounds are missed.", self.missed)?;
        Ok(ExitCode::FAILURE)
    }
}
