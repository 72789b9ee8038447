//! The instructions of one InviteUser response over the embedded store, counted by callgrind: they
//! repeat from run to run, whatever else the machine does. Left out where there is no valgrind.

use std::{
    fs,
    io::{self, Write},
    process::Command,
};

use anyhow::Context;

use super::{
    client::Connection,
    measure::{Bound, Row, Spread},
    programs::{Programs, invite, open, quick_dir},
    server::Server,
};

/// What a run with more requests executes beyond one with fewer belongs to the requests.
const FEW: u32 = 100;
const MANY: u32 = 400;
/// Of the design.
const MOST: f64 = 150_000.0;

pub(crate) fn rows(programs: &Programs) -> anyhow::Result<Vec<Row>> {
    if !has_valgrind() {
        writeln!(io::stderr(), "instructions: valgrind is not installed")?;
        return Ok(Vec::new());
    }
    let (few, many) = (count(programs, FEW)?, count(programs, MANY)?);
    let each = (many - few) / f64::from(MANY - FEW);
    Ok(vec![Row::new(
        "an InviteUser response, embedded: instructions (of the start)",
        Spread::one(few - each * f64::from(FEW), "Ir"),
        Spread::one(each, "Ir"),
        Bound::Total(MOST),
    )])
}

/// The instructions of a process that answers so many requests.
fn count(programs: &Programs, requests: u32) -> anyhow::Result<f64> {
    let dir = quick_dir()?;
    let profile = dir.path().join("profile");
    let mut valgrind = Command::new("valgrind");
    valgrind
        .args(["--quiet", "--tool=callgrind"])
        .arg(format!("--callgrind-out-file={}", profile.display()))
        .arg(programs.handler_path());
    let server = Server::start(&mut programs.embedded_by(valgrind, &dir))?;
    let request = open(&invite(&server)?);
    let mut connection = Connection::open(server.port)?;
    for _ in 0..requests {
        let status = connection.send(&request)?.status;
        anyhow::ensure!(status == 200, "{status}");
    }
    server.stop()?;
    total(&fs::read_to_string(profile)?).context("a profile without totals")
}

pub(crate) fn has_valgrind() -> bool {
    Command::new("valgrind").arg("--version").output().is_ok()
}

/// The instructions that a profile of callgrind counts.
pub(crate) fn total(profile: &str) -> Option<f64> {
    let mut lines = profile.lines();
    let total = lines.find_map(|line| line.strip_prefix("totals: "))?;
    total.trim().parse().ok()
}
