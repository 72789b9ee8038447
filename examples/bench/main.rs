//! `make bench`: how quick it is, in figures that hold on any machine: two things are measured in turns in one run, and
//! what counts is their ratio. Ends with an error where a bound is missed.

mod list_page;
mod measure;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use measure::Row;

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let mut rows = Vec::new();
    rows.extend(list_page::rows().await?);
    print(&rows)?;
    Ok(if rows.iter().all(Row::holds) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn print(rows: &[Row]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{:<44} {:>26} {:>26} {:>7} {:>7}", "median (10 % … 90 %)", "base", "measured", "ratio", "bound")?;
    rows.iter().try_for_each(|row| writeln!(out, "{row}"))
}
