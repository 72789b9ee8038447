//! `make run`, as far as it is not the build: the neighbours start, greet, stop at ctrl-C and go on where they were.

#![expect(clippy::unwrap_used, reason = "these are tests")]

mod support;

use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, Stdio},
};

use support::{handler, root};

/// Told to stop when the test ends, however it ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        if matches!(self.0.try_wait(), Ok(None)) {
            let _ = Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status();
            let _ = self.0.wait();
        }
    }
}

/// Starts it on free ports over `dir`; answers when it has greeted, with the address of the mailbox.
fn start(dir: &Path) -> (Running, String) {
    let local = handler().with_file_name("local");
    assert!(local.exists(), "build the workspace, as `make test` does: {}", local.display());
    let mut command = Command::new(local);
    command.arg(handler()).current_dir(root()).env("LOCAL_DIR", dir).stdout(Stdio::piped()).stderr(Stdio::piped());
    for port in ["PORT_APP", "PORT_SIGN_IN", "PORT_MAILBOX", "PORT_SMTP"] {
        command.env(port, "0");
    }
    let mut running = Running(command.spawn().unwrap());
    let mut lines = BufReader::new(running.0.stdout.as_mut().unwrap()).lines().map(Result::unwrap);
    let greeting = lines.by_ref().find(|line| line.contains("Open the mailbox"));
    let Some(greeting) = greeting else {
        let mut said = String::new();
        running.0.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        panic!("it did not start: {said}");
    };
    lines.find(|line| line.contains("ctrl-C stops it")).unwrap();
    (running, greeting.split_whitespace().next_back().unwrap().to_owned())
}

fn stop(mut running: Running, signal: &str) -> bool {
    let told = Command::new("kill").args([signal, &running.0.id().to_string()]).status().unwrap();
    assert!(told.success());
    running.0.wait().unwrap().success()
}

async fn mails(mailbox: &str) -> usize {
    let answer = reqwest::get(format!("{mailbox}api/mails")).await.unwrap().text().await.unwrap();
    serde_json::from_str::<Vec<serde_json::Value>>(&answer).unwrap().len()
}

#[tokio::test]
async fn it_greets_stops_when_told_and_keeps_its_data() {
    let dir = tempfile::tempdir().unwrap();
    let (running, mailbox) = start(dir.path());
    // Five invitations, and the inviter's notice of the one that is completed.
    let before = mails(&mailbox).await;
    assert!((5..=6).contains(&before), "{before}");
    assert!(stop(running, "-INT"));

    let (running, mailbox) = start(dir.path());
    let after = mails(&mailbox).await;
    assert!((before..=6).contains(&after), "the samples are sent once: {before}, then {after}");
    // A terminal that is closed stops it too, and the handler with it: the folder is free again.
    assert!(stop(running, "-HUP"));
    let (running, _) = start(dir.path());
    assert!(stop(running, "-TERM"));
}

#[test]
fn a_port_that_is_taken_is_said() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let dir = tempfile::tempdir().unwrap();
    let mut command = Command::new(handler().with_file_name("local"));
    command.arg(handler()).current_dir(root()).env("LOCAL_DIR", dir.path()).env("PORT_SIGN_IN", &port);
    for free in ["PORT_APP", "PORT_MAILBOX", "PORT_SMTP"] {
        command.env(free, "0");
    }
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains(&port) && said.lines().count() == 1, "{said}");
}
