//! What is published, packed. Both by the same tools, which deflate as zip does.

use std::{path::Path, process::Command};

use anyhow::Context;

use super::{
    measure::{Bound, Row, Spread},
    programs::{Programs, baseline},
};

pub(crate) fn rows(programs: &Programs) -> anyhow::Result<Vec<Row>> {
    let handler = programs.handler_path();
    let ours = packed(handler.parent().context("a folder")?, &["handler"])?;
    let theirs = packed(&baseline(), &["server.mjs", "package.json", "node_modules"])?;
    let row = Row::new(
        "package, packed: the team's way, handler",
        Spread::one(theirs, "MB"),
        Spread::one(ours, "MB"),
        Bound::Total(6.0),
    );
    Ok(vec![row])
}

/// In millions of bytes.
fn packed(folder: &Path, names: &[&str]) -> anyhow::Result<f64> {
    let script = r#"set -o pipefail; tar -cC "$@" | gzip -9 | wc -c"#;
    let answer = Command::new("bash")
        .args(["-c", script, "bash"])
        .arg(folder)
        .args(names)
        .output()?;
    anyhow::ensure!(
        answer.status.success(),
        "{}",
        String::from_utf8_lossy(&answer.stderr)
    );
    Ok(String::from_utf8(answer.stdout)?.trim().parse::<f64>()? / 1e6)
}
