//! `make package`: `package HANDLER ZIP` zips what is published with that handler, checks it and
//! tries it out. `SOURCE_DATE_EPOCH` is the time of the commit.

use std::{env, fs, path::Path, process::ExitCode};

use anyhow::{Context, ensure};
use local::package::{
    Entry, LARGEST, OLDEST_GLIBC, archive, check_binary, contents, list, try_out, unpack,
};
use time::OffsetDateTime;

#[tokio::main]
async fn main() -> ExitCode {
    local::exit("make package", run().await)
}

#[expect(clippy::print_stdout, reason = "this is a command line program")]
async fn run() -> anyhow::Result<()> {
    let [handler, target] = env::args()
        .skip(1)
        .collect::<Vec<_>>()
        .try_into()
        .ok()
        .context("usage: package HANDLER ZIP")?;
    // The zip of an earlier run must not be mistaken for that of this one.
    fs::remove_file(&target).or_else(|error| {
        if error.kind() == std::io::ErrorKind::NotFound {
            Ok(())
        } else {
            Err(error)
        }
    })?;
    let root = env::current_dir()?;
    let entries = contents(&root, Path::new(&handler))?;
    let handler = entries
        .iter()
        .find(|entry| entry.name == "handler")
        .context("no handler")?;
    let home = format!(
        "{}/",
        env::var("HOME")
            .context("HOME is not set")?
            .trim_end_matches('/')
    );
    let needs = check_binary(
        &handler.bytes,
        OLDEST_GLIBC,
        &[&root.display().to_string(), &home],
    )?;
    let zip = archive(&entries, commit_time()?)?;
    println!("{}", listing(&entries, zip.len()));
    println!("the handler needs glibc {needs} or newer");
    ensure!(
        zip.len() <= LARGEST,
        "the package has {} bytes, more than {LARGEST}",
        zip.len()
    );
    ensure!(
        list(&zip)? == entries,
        "the zip does not give back what was put in"
    );
    let dir = tempfile::tempdir()?;
    unpack(&zip, dir.path())?;
    try_out(dir.path())
        .await
        .context("the handler of the package, started from the unpacked zip")?;
    println!("started from the unpacked zip, it answered from the link to the welcome page");
    fs::write(&target, &zip).with_context(|| target.clone())
}

fn commit_time() -> anyhow::Result<OffsetDateTime> {
    let seconds = env::var("SOURCE_DATE_EPOCH")
        .ok()
        .and_then(|text| text.parse().ok());
    Ok(OffsetDateTime::from_unix_timestamp(seconds.context(
        "SOURCE_DATE_EPOCH is not set to seconds since 1970",
    )?)?)
}

fn listing(entries: &[Entry], zipped: usize) -> String {
    let lines: Vec<String> = entries
        .iter()
        .map(|entry| format!("{:o} {:>9}  {}", entry.mode, entry.bytes.len(), entry.name))
        .collect();
    format!("{}\n    {zipped:>9}  zipped", lines.join("\n"))
}
