//! What each step of the journey costs the handler, over the embedded store, in instructions that
//! callgrind counts: they repeat from run to run, whatever else the machine does. Left out where there
//! is no valgrind. Only the handler counts: not the network, not the stand-in of the sign-in service.
//!
//! The bounds of the steps that compute are what they took when the bounds were set, and 3 %, by which
//! the commits of redb differ: a callback verifies one RS256 signature, makes one token request over
//! HTTP, seals two cookies and writes two transactions; the button of the company page applies all
//! rules of the form and writes one.

use std::{
    fs,
    io::{self, Write},
    os::unix::fs::PermissionsExt,
    path::Path,
    process::Command,
    time::Duration,
};

use anyhow::{Context, ensure};
use local::{
    samples::{self, KNOWN},
    stack::{Ports, Stack, StackOptions},
};
use tempfile::TempDir;

use super::{
    instructions::{has_valgrind, total},
    measure::{Bound, Row, Spread},
    plot,
    programs::{Programs, quick_dir, quiet_invitation},
};

/// What a run with more journeys executes beyond one with fewer belongs to the journeys.
const FEW: u32 = 2;
const MANY: u32 = 22;
const CALLBACK: f64 = 6_060_000.0;
const COMPANY: f64 = 5_000_000.0;

/// The requests of a journey, in order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Invite,
    Open,
    Start,
    Callback,
    Form,
    Create,
    Welcome,
}

const STEPS: [(Step, &str, Bound); 7] = [
    (Step::Invite, "POST Invitations", Bound::None),
    (Step::Open, "InviteUser", Bound::None),
    (Step::Start, "POST InviteUser", Bound::None),
    (Step::Callback, "AcceptCallback", Bound::Total(CALLBACK)),
    (Step::Form, "CreateCompany", Bound::None),
    (Step::Create, "POST CreateCompany", Bound::Total(COMPANY)),
    (Step::Welcome, "Welcome", Bound::None),
];

pub(crate) async fn rows(programs: &Programs) -> anyhow::Result<Vec<Row>> {
    if !has_valgrind() {
        writeln!(io::stderr(), "journey: valgrind is not installed")?;
        return Ok(Vec::new());
    }
    let (mut rows, mut bars, mut before) = (Vec::new(), Vec::new(), 0.0);
    for (last, name, bound) in STEPS {
        let few = count(programs, last, FEW).await?;
        let each = (count(programs, last, MANY).await? - few) / f64::from(MANY - FEW);
        let own = each - before;
        before = each;
        bars.push((name, own));
        rows.push(Row::new(
            format!("instructions: the journey so far, {name}"),
            Spread::one(each, "Ir"),
            Spread::one(own, "Ir"),
            bound,
        ));
    }
    plot::bars(&bars)?;
    Ok(rows)
}

/// The instructions of a process with so many journeys to this step.
async fn count(programs: &Programs, last: Step, journeys: u32) -> anyhow::Result<f64> {
    let dir = quick_dir()?;
    let stack = Stack::start(StackOptions {
        app_root: env!("CARGO_MANIFEST_DIR").into(),
        handler: under_valgrind(programs.handler_path(), &dir)?,
        storage: format!("embedded:{}", dir.path().join("table").display()),
        dir: None,
        ports: Ports::default(),
        accounts: samples::accounts(),
        settings: ["SMTP_URL", "MAIL_FROM"]
            .map(|name| (name.to_owned(), String::new()))
            .to_vec(),
        // A tick would be counted as part of a journey.
        timers: false,
        echo_logs: false,
    })
    .await?;
    for _ in 0..journeys {
        walk(&stack, last).await?;
    }
    let pid = stack.host.handler_pid().context("a handler")?.to_string();
    Command::new("kill").args(["-TERM", &pid]).status()?;
    let profile = dir.path().join(format!("profile.{pid}"));
    let mut counted = None;
    for _ in 0..200 {
        counted = fs::read_to_string(&profile)
            .ok()
            .and_then(|text| total(&text));
        if counted.is_some() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    stack.stop().await;
    counted.context("a profile without totals")
}

/// A script that runs the handler under callgrind.
fn under_valgrind(handler: &Path, dir: &TempDir) -> anyhow::Result<std::path::PathBuf> {
    let script = dir.path().join("handler");
    let profile = dir.path().join("profile.%p");
    fs::write(
        &script,
        format!(
            "#!/bin/sh\nexec valgrind --quiet --tool=callgrind --callgrind-out-file={} {} \"$@\"\n",
            profile.display(),
            handler.display()
        ),
    )?;
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755))?;
    Ok(script)
}

async fn walk(stack: &Stack, last: Step) -> anyhow::Result<()> {
    let created = stack.invite(&quiet_invitation()).await?;
    let link = created["link"].as_str().context("a link")?;
    if last < Step::Open {
        return Ok(());
    }
    let mut anna = stack.person()?;
    let page = anna.open(link).await?;
    if last < Step::Start {
        return Ok(());
    }
    let authorize = anna.press(&page, "#get-started", &[]).await?.location()?;
    if last < Step::Callback {
        return Ok(());
    }
    let browser = anna.http().clone();
    let back = stack.sign_in.sign_in_as(&browser, &authorize, KNOWN);
    let accepted = anna.open(&back.await?).await?.location()?;
    if last < Step::Form {
        return Ok(());
    }
    let form = anna.open(&accepted).await?;
    if last < Step::Create {
        return Ok(());
    }
    let welcome = anna
        .press(&form, "#create-company", &[])
        .await?
        .location()?;
    ensure!(
        welcome.contains("/api/Welcome?"),
        "no company was created: {welcome}"
    );
    if last >= Step::Welcome {
        anna.open(&welcome).await?;
    }
    Ok(())
}
