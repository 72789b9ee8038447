//! Runs the package: its handler is started from the unpacked folder under the stand-in host, and a
//! scripted browser goes through the journey.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::ensure;
use ignore::WalkBuilder;
use uuid::Uuid;

use crate::{
    browser::ScriptedBrowser,
    samples::{self, KNOWN},
    stack::{Ports, Stack, StackOptions},
};

/// Starts what was unpacked in `dir`, opens an unknown link, sends an invitation, and goes from its
/// link to the welcome page.
///
/// # Errors
/// Where it does not start, a step does not lead to the next, or anything in the folder has changed
/// afterwards.
pub async fn try_out(dir: &Path) -> anyhow::Result<()> {
    let before = snapshot(dir)?;
    let data = tempfile::tempdir()?;
    let stack = Stack::start(StackOptions {
        app_root: dir.to_owned(),
        handler: dir.join("handler"),
        storage: format!("embedded:{}", data.path().join("table").display()),
        dir: None,
        ports: Ports::default(),
        accounts: samples::accounts(),
        settings: Vec::new(),
        timers: true,
        echo_logs: false,
    })
    .await?;
    let outcome = journey(&stack).await;
    stack.stop().await;
    outcome?;
    ensure!(
        snapshot(dir)? == before,
        "the handler wrote into its own folder"
    );
    Ok(())
}

async fn journey(stack: &Stack) -> anyhow::Result<()> {
    let mut anna = stack.person()?;
    unknown_link(&mut anna).await?;
    let invited = stack
        .invite(&samples::invitation(KNOWN, "Anna", "Meier"))
        .await?;
    let link = invited["link"].as_str().unwrap_or_default();
    let callback = anna.sign_in(link, &stack.sign_in, KNOWN).await?;
    let form = anna.open(&callback.location()?).await?;
    let welcome = anna
        .press(&form, "#create-company", &[])
        .await?
        .location()?;
    let welcome = anna.open(&welcome).await?;
    ensure!(
        welcome.status == 200 && welcome.path.starts_with("/api/Welcome?"),
        "the journey ended at {}: {}",
        welcome.path,
        welcome.status
    );
    Ok(())
}

async fn unknown_link(person: &mut ScriptedBrowser) -> anyhow::Result<()> {
    person
        .headers
        .push(("accept", "application/json".to_owned()));
    let answer = person
        .open(&format!("/api/InviteUser?invitationId={}", Uuid::new_v4()))
        .await?;
    person.headers.clear();
    let kind = answer
        .headers
        .get("content-type")
        .and_then(|kind| kind.to_str().ok());
    let kind = kind.unwrap_or_default();
    ensure!(
        answer.status == 404 && kind.contains("json"),
        "an unknown link: {} {kind}",
        answer.status
    );
    Ok(())
}

fn snapshot(dir: &Path) -> anyhow::Result<BTreeMap<PathBuf, Option<Vec<u8>>>> {
    let all = WalkBuilder::new(dir).standard_filters(false).build();
    all.map(|entry| {
        let path = entry?.into_path();
        let bytes = if path.is_file() {
            Some(fs::read(&path)?)
        } else {
            None
        };
        Ok((path, bytes))
    })
    .collect()
}
