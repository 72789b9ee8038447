//! "After SIGKILL of the host the handler lives on as an orphan": what it does then.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use reqwest::Client;
use support::{dead_port, handler};
use tempfile::TempDir;

use super::start;

/// A handler whose host was killed. It is killed with the test.
pub(crate) struct Orphan {
    pid: String,
    port: u16,
    folder: TempDir,
}

impl Orphan {
    /// Waits until it answers, then kills its parent, which also closes the pipe that it logs to.
    pub(crate) async fn start() -> Self {
        let (folder, port) = (tempfile::tempdir().unwrap(), dead_port());
        let storage = format!("embedded:{}", folder.path().join("table").display());
        let hosted = [
            ("FUNCTIONS_CUSTOMHANDLER_WORKER_ID", "1"),
            ("DELIVER_SCHEDULE", "0 * * * * *"),
            ("PURGE_SCHEDULE", "0 17 * * * *"),
        ];
        let mut host = Command::new("sh")
            .args(["-c", "\"$0\" & echo $!; wait"])
            .arg(handler())
            .env_clear()
            .envs(start::settings(port, &storage))
            .envs(hosted)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(folder.path().join("stderr")).unwrap())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(host.stdout.take().unwrap());
        let mut pid = String::new();
        output.read_line(&mut pid).unwrap();
        let orphan = Self {
            pid: pid.trim().to_owned(),
            port,
            folder,
        };
        let deadline = Instant::now() + Duration::from_secs(20);
        while orphan.ask().await.is_none() {
            assert!(Instant::now() < deadline, "it does not answer");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        host.kill().unwrap();
        host.wait().unwrap();
        assert!(orphan.runs(), "it outlives its host");
        orphan
    }

    /// The status of a page that is logged.
    pub(crate) async fn ask(&self) -> Option<u16> {
        let url = format!("http://127.0.0.1:{}/api/Nothing", self.port);
        let answer = Client::new().get(url).send().await.ok()?;
        Some(answer.status().as_u16())
    }

    pub(crate) fn runs(&self) -> bool {
        Path::new("/proc").join(&self.pid).exists()
    }

    pub(crate) fn errors(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("stderr")).unwrap()
    }
}

impl Drop for Orphan {
    fn drop(&mut self) {
        if self.runs() {
            let _ = Command::new("kill").args(["-KILL", &self.pid]).status();
        }
    }
}

#[tokio::test]
async fn orphan_goes_on_while_it_is_asked() {
    let orphan = Orphan::start().await;
    for _ in 0..3 {
        assert_eq!(orphan.ask().await, Some(404));
    }
    assert!(orphan.runs());
    assert_eq!(orphan.errors(), "", "nobody reads its log any more");
}
