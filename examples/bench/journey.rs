//! The two requests of the journey that compute: the callback, which verifies an ID token, and the
//! button that creates the company. In processor time of the handler, so neither the network nor
//! the stand-in of the sign-in service counts.
//!
//! The measure is InviteUser in the same process. The bounds are one and a half times what it was
//! when they were set: a callback verifies one RS256 signature, makes one token request over HTTP,
//! seals two cookies and writes two transactions of the embedded store; the button applies all
//! rules of the form and writes one.

use std::time::Duration;

use anyhow::Context;
use local::{
    samples::{self, KNOWN},
    stack::{Ports, Stack, StackOptions},
};

use super::{
    measure::{Bound, Row, Spread},
    server::processor_time,
    world::{World, quick_dir, quiet_invitation},
};

const ROUNDS: usize = 150;
const CALLBACK: f64 = 12.0;
const COMPANY: f64 = 8.0;

/// What the handler used up for the request.
async fn cost<T>(
    pid: u32,
    request: impl Future<Output = anyhow::Result<T>>,
) -> anyhow::Result<(T, Duration)> {
    let before = processor_time(pid)?;
    let answer = request.await?;
    Ok((answer, processor_time(pid)?.saturating_sub(before)))
}

pub(crate) async fn rows(world: &World) -> anyhow::Result<Vec<Row>> {
    let dir = quick_dir()?;
    let stack = Stack::start(StackOptions {
        app_root: env!("CARGO_MANIFEST_DIR").into(),
        handler: world.handler_path().to_owned(),
        storage: format!("embedded:{}", dir.path().display()),
        dir: None,
        ports: Ports::default(),
        accounts: samples::accounts(),
        settings: ["SMTP_URL", "MAIL_FROM"]
            .map(|name| (name.to_owned(), String::new()))
            .to_vec(),
        echo_logs: false,
    })
    .await?;
    let pid = stack.host.handler_pid().context("a handler")?;
    let (mut lookups, mut callbacks, mut companies) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS + ROUNDS / 10 {
        let created = stack.invite(&quiet_invitation()).await?;
        let link = created["link"].as_str().context("a link")?;
        let mut anna = stack.person()?;
        let (page, lookup) = cost(pid, anna.open(link)).await?;
        let authorize = anna.press(&page, "#get-started", &[]).await?.location()?;
        let back = stack
            .sign_in
            .sign_in_as(&anna.http().clone(), &authorize, KNOWN)
            .await?;
        let (form, callback) = cost(pid, anna.open(&back)).await?;
        let form = anna.open(&form.location()?).await?;
        let (welcome, company) = cost(pid, anna.press(&form, "#create-company", &[])).await?;
        anyhow::ensure!(
            welcome.location()?.contains("/api/Welcome?"),
            "no company was created: {}",
            welcome.status
        );
        if round >= ROUNDS / 10 {
            lookups.push(lookup);
            callbacks.push(callback);
            companies.push(company);
        }
    }
    stack.stop().await;
    let lookups = Spread::of_times(&lookups);
    let row = |what: &str, times: &[Duration], bound| {
        Row::new(
            format!("processor time: InviteUser, {what}"),
            lookups.clone(),
            Spread::of_times(times),
            Bound::AtMost(bound),
        )
    };
    Ok(vec![
        row("AcceptCallback", &callbacks, CALLBACK),
        row("CreateCompany POST", &companies, COMPANY),
    ])
}
