//! `make run`, as far as it is not the build: the dependencies start, greet, stop at ctrl-C and go
//! on where they were.

mod webhook;

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Lines, Read},
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use support::{handler, in_seconds, root};

/// What is said at once, and the end of the greeting.
const UP: &str = "All is up.";
const GREETED: &str = "ctrl-C stops it";

/// Stopped when the test ends, however it ends.
struct Running {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    said: Vec<String>,
}

impl Drop for Running {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.signal("-TERM");
            let _ = self.child.wait();
        }
    }
}

impl Running {
    /// On free ports over `dir`, in a process group of its own, as a terminal starts it.
    fn start(dir: &Path) -> Self {
        Self::start_with(dir, &[])
    }

    fn start_with(dir: &Path, settings: &[(&str, &str)]) -> Self {
        let local = handler().with_file_name("local");
        assert!(
            local.exists(),
            "build the workspace, as `make test` does: {}",
            local.display()
        );
        let mut command = Command::new(local);
        command
            .arg(handler())
            .current_dir(root())
            .env("LOCAL_DIR", dir)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0);
        for port in ["APP", "SIGN_IN", "MAILBOX", "SMTP", "WEBHOOK"] {
            command.env(format!("PORT_{port}"), "0");
        }
        command.envs(settings.iter().copied());
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self {
            child,
            lines,
            said: Vec::new(),
        }
    }

    fn greeted(dir: &Path) -> Self {
        let mut running = Self::start(dir);
        running.says(GREETED);
        running
    }

    /// Waits for a line with this in it.
    fn says(&mut self, part: &str) {
        while !self.said.last().is_some_and(|line| line.contains(part)) {
            let Some(line) = self.lines.next() else {
                let mut complaint = String::new();
                self.child
                    .stderr
                    .take()
                    .unwrap()
                    .read_to_string(&mut complaint)
                    .unwrap();
                panic!("it ended without «{part}»: {complaint}");
            };
            self.said.push(line.unwrap());
        }
    }

    /// The first address of this machine in a line with this in it, without the slash at its end.
    fn address(&self, part: &str) -> String {
        let line = self.said.iter().find(|line| line.contains(part)).unwrap();
        let (_, rest) = line.split_once("http://").unwrap();
        format!("http://{}", rest.split([' ', ',', '/']).next().unwrap())
    }

    /// The command that is printed, as one pastes it.
    fn command(&self) -> String {
        curl(&self.said.join("\n"))
    }

    async fn mails(&self, part: &str) -> Vec<Value> {
        let answer = reqwest::get(format!("{}/api/mails", self.address(part)))
            .await
            .unwrap()
            .text()
            .await
            .unwrap();
        serde_json::from_str(&answer).unwrap()
    }

    /// To whom how many mails came, those of the sign-in service and to the inviters left out.
    async fn invited(&self) -> BTreeMap<String, usize> {
        let mut invited = BTreeMap::new();
        for mail in self
            .mails("mailbox")
            .await
            .iter()
            .filter(|mail| link(mail).is_some())
        {
            *invited
                .entry(mail["to"].as_str().unwrap().to_owned())
                .or_default() += 1;
        }
        invited
    }

    /// The state of each invitation in the mailbox and the language of its page.
    async fn states(&self) -> BTreeMap<String, (String, String)> {
        let mut states = BTreeMap::new();
        for mail in self.mails("mailbox").await {
            let Some(link) = link(&mail) else { continue };
            // Each start has other ports here; `make run` has its own.
            let query = link.split_once("/api/").unwrap().1;
            let get = reqwest::Client::new()
                .get(format!("{}/api/{query}", self.address("The app is at")));
            let status = get
                .try_clone()
                .unwrap()
                .header("accept", "application/json")
                .send()
                .await
                .unwrap()
                .text()
                .await
                .unwrap();
            let page = get.send().await.unwrap().text().await.unwrap();
            let lang = page
                .split_once("<html lang=\"")
                .unwrap()
                .1
                .split('"')
                .next()
                .unwrap()
                .to_owned();
            let status: Value = serde_json::from_str(&status).unwrap();
            states.insert(
                mail["to"].as_str().unwrap().to_owned(),
                (status["status"].as_str().unwrap().to_owned(), lang),
            );
        }
        states
    }

    fn signal(&self, signal: &str) {
        let killed = Command::new("kill")
            .args([signal, &self.child.id().to_string()])
            .status()
            .unwrap();
        assert!(killed.success());
    }

    /// Whether it ends well after the signal, and leaves nothing running.
    fn stops(mut self, signal: &str) -> bool {
        let started = children(self.child.id());
        self.signal(signal);
        let ended = self.child.wait().unwrap().success();
        are_gone(&started);
        self.said.extend(self.lines.by_ref().map_while(Result::ok));
        ended
    }
}

fn link(mail: &Value) -> Option<&str> {
    mail["text"]
        .as_str()
        .unwrap()
        .split_whitespace()
        .find(|word| word.contains("/api/InviteUser?invitationId="))
}

/// The first command of a text that posts an invitation, without the indentation.
fn curl(text: &str) -> String {
    let from = text.find("curl -s").unwrap();
    let text = &text[from..];
    text[..=text.find("}'").unwrap() + 1].to_owned()
}

/// Waits until something is so; the machine may be busy.
fn becomes(what: &str, so: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !so() {
        assert!(Instant::now() < deadline, "{what}");
        std::thread::sleep(Duration::from_millis(25));
    }
}

/// What /proc says of a process after its name: state, parent, process group and so on; `None`
/// where it is gone, also if no one has asked how it ended.
fn stat(pid: u32) -> Option<Vec<String>> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields: Vec<_> = stat
        .rsplit_once(')')?
        .1
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    (fields[0] != "Z").then_some(fields)
}

fn children(parent: u32) -> Vec<u32> {
    let pids = std::fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().to_str()?.parse().ok());
    pids.filter(|pid| stat(*pid).is_some_and(|fields| fields[1] == parent.to_string()))
        .collect()
}

fn are_gone(pids: &[u32]) {
    assert!(!pids.is_empty(), "the handler was there");
    becomes(&format!("{pids:?} are gone"), || {
        pids.iter().all(|pid| stat(*pid).is_none())
    });
}

const SAMPLES: [(&str, &str, &str); 8] = [
    ("anna.meier@meier-praezision.example", "pending", "en"),
    ("ben.carter@carter-tooling.example", "pending", "en"),
    ("carla.rossi@rossi-stampi.example", "expired", "en"),
    ("dieter.huber@huber-werkzeug.example", "completed", "en"),
    ("emma.weber@weber-formenbau.example", "pending", "en"),
    ("felix.brandt@weber-formenbau.example", "pending", "en"),
    ("greta.keller@keller-technik.example", "pending", "en"),
    ("yijun.chen@yongfeng.example", "pending", "zh-Hant"),
];

fn samples() -> BTreeMap<String, (String, String)> {
    SAMPLES
        .map(|(to, status, lang)| (to.to_owned(), (status.to_owned(), lang.to_owned())))
        .into()
}

#[tokio::test]
async fn samples_are_printed_and_survive_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let began = Instant::now();
    let mut running = Running::start(dir.path());
    running.says(UP);
    assert!(
        began.elapsed() < Duration::from_secs(10),
        "the first words take {:?}",
        began.elapsed()
    );
    running.says(GREETED);
    assert_eq!(running.states().await, samples());
    assert!(running.stops("-INT"));

    let running = Running::greeted(dir.path());
    assert!(
        !running.said.iter().any(|line| line.contains(UP)),
        "nothing has to be sent"
    );
    let says = |part: &str| running.said.iter().any(|line| line.contains(part));
    assert!(says("All is as you left it") && !says("wait there"));
    assert_eq!(running.states().await, samples());
    assert!(running.invited().await.values().all(|mails| *mails == 1));
    // A terminal that is closed stops it too, and the handler with it: the folder is free again.
    assert!(running.stops("-HUP"));
    assert!(Running::greeted(dir.path()).stops("-TERM"));
}

#[tokio::test]
async fn printed_command_matches_readme_and_works() {
    let dir = tempfile::tempdir().unwrap();
    let running = Running::greeted(dir.path());
    let app = running.address("The app is at");
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let readme = curl(&readme).replace("http://127.0.0.1:7071", &app);
    let words = |command: &str| {
        command
            .replace('\\', " ")
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(words(&readme), words(&running.command()));
    for (mails, command) in [(1, readme), (2, running.command())] {
        let answer = tokio::task::spawn_blocking(move || {
            Command::new("bash").args(["-c", &command]).output()
        })
        .await
        .unwrap()
        .unwrap();
        let created: Value = serde_json::from_slice(&answer.stdout).unwrap();
        assert_eq!(
            (&created["status"], &created["recipient"]["email"]),
            (&json!("pending"), &json!("you@example.com"))
        );
        let deadline = Instant::now() + Duration::from_secs(20);
        while running.invited().await.get("you@example.com") != Some(&mails) {
            assert!(Instant::now() < deadline, "the mail comes");
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }
    assert!(running.stops("-INT"));
}

/// Carla's invitation expires in an hour: the greeting would come then.
#[tokio::test]
async fn early_stop_duplicates_no_invitation() {
    let dir = tempfile::tempdir().unwrap();
    let late = dir.path().join("late");
    std::fs::write(&late, in_seconds(3600)).unwrap();
    let mut running = Running::start(dir.path());
    running.says(UP);
    let deadline = Instant::now() + Duration::from_secs(60);
    while running.invited().await.len() < SAMPLES.len() {
        assert!(Instant::now() < deadline, "{:?}", running.invited().await);
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    assert!(running.stops("-INT"));

    std::fs::remove_file(late).unwrap();
    let running = Running::greeted(dir.path());
    let mut invited = running.invited().await;
    assert_eq!(
        invited.remove("carla.rossi@rossi-stampi.example"),
        Some(2),
        "once for an hour, and once more"
    );
    assert!(
        invited.len() == SAMPLES.len() - 1 && invited.values().all(|mails| *mails == 1),
        "{invited:?}"
    );
    assert!(running.stops("-INT"));
}

#[test]
fn ctrl_c_and_kill_leave_no_process() {
    let dir = tempfile::tempdir().unwrap();
    let mut running = Running::start(dir.path());
    running.says(UP);
    let (host, started) = (running.child.id(), children(running.child.id()));
    for pid in &started {
        assert_ne!(
            stat(*pid).unwrap()[2],
            host.to_string(),
            "a process group of its own"
        );
    }
    running.signal("-KILL");
    running.child.wait().unwrap();
    are_gone(&started);
}

#[test]
fn a_port_that_is_taken_is_said() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let dir = tempfile::tempdir().unwrap();
    let mut command = Command::new(handler().with_file_name("local"));
    command
        .arg(handler())
        .current_dir(root())
        .env("LOCAL_DIR", dir.path())
        .env("PORT_SIGN_IN", &port);
    for free in ["PORT_APP", "PORT_MAILBOX", "PORT_SMTP", "PORT_WEBHOOK"] {
        command.env(free, "0");
    }
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        !output.status.success() && said.contains(&port) && said.lines().count() == 1,
        "{said}"
    );
}

/// `make` with nothing on the PATH but these programs, each of which fails.
fn complains(target: &str, programs: &[&str]) -> String {
    let path = tempfile::tempdir().unwrap();
    for program in programs {
        let file = path.path().join(program);
        std::fs::write(&file, "#!/bin/sh\nexit 1\n").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    let make = std::env::split_paths(&std::env::var_os("PATH").unwrap())
        .map(|folder| folder.join("make"))
        .find(|file| file.is_file());
    let mut command = Command::new(make.unwrap());
    let output = command
        .arg(target)
        .current_dir(root())
        .env("PATH", path.path())
        .env_remove("CC")
        .output()
        .unwrap();
    assert!(!output.status.success());
    String::from_utf8(output.stderr)
        .unwrap()
        .lines()
        .next()
        .unwrap()
        .to_owned()
}

#[test]
fn make_names_the_missing_tool() {
    assert_eq!(
        complains("need-cargo", &[]),
        "make: Rust is needed: https://rustup.rs"
    );
    let no_linker =
        "make: Rust needs a C compiler and linker, cc; on Debian: apt-get install build-essential";
    assert_eq!(complains("need-cargo", &["cargo"]), no_linker);
    let no_clippy = "make: clippy and rustfmt are needed: rustup component add clippy rustfmt";
    assert_eq!(complains("need-lint", &["cargo", "cc"]), no_clippy);
    let no_browser = complains("need-browser", &["chromium-headless-shell"]);
    assert!(
        no_browser.contains("apt-get install chromium-headless-shell chromium-driver"),
        "{no_browser}"
    );
}

/// The version that the code was written with is named where the tools cannot take it from one
/// place.
#[test]
fn rust_version_is_named_consistently() {
    let read = |path: &str| std::fs::read_to_string(root().join(path)).unwrap();
    let makefile = read("Makefile");
    let version = makefile
        .lines()
        .find_map(|line| line.strip_prefix("RUST := "))
        .unwrap();
    for workflow in ["ci", "deploy", "release"] {
        let workflow = format!(".github/workflows/{workflow}.yml");
        assert!(
            read(&workflow).contains(&format!("RUSTUP_TOOLCHAIN: {version}\n")),
            "{workflow}"
        );
    }
    assert!(read("README.md").contains(&format!("Rust {version}")));
}
