//! The processes that are measured: how they start, what they hold and what they use up, as Linux
//! says it.

use std::{
    fs,
    net::{Ipv4Addr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};

use super::client::{Connection, get};

/// A running server. Dropping it ends it.
pub(crate) struct Server {
    child: Child,
    pub(crate) port: u16,
    /// From the spawn to its first answer.
    pub(crate) start: Duration,
}

impl Server {
    /// Starts it as the Functions host does, and asks for `/` until it answers.
    pub(crate) fn start(command: &mut Command) -> anyhow::Result<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
            .local_addr()?
            .port();
        command
            .env("FUNCTIONS_CUSTOMHANDLER_PORT", port.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        let started = Instant::now();
        let mut server = Self {
            child: command.spawn()?,
            port,
            start: Duration::ZERO,
        };
        loop {
            if Connection::open(port)
                .and_then(|mut connection| connection.send(&get("/")))
                .is_ok_and(|answer| answer.status == 200)
            {
                server.start = started.elapsed();
                return Ok(server);
            }
            if let Some(status) = server.child.try_wait()? {
                bail!("it ended: {status}");
            }
            if started.elapsed() > Duration::from_secs(30) {
                bail!("it does not answer");
            }
            thread::sleep(Duration::from_micros(100));
        }
    }

    /// Ends it, so that it can still write what it has to.
    pub(crate) fn stop(mut self) -> anyhow::Result<()> {
        let pid = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &pid]).status()?;
        self.child.wait()?;
        Ok(())
    }

    /// Resident memory in MiB.
    pub(crate) fn memory(&self) -> anyhow::Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .context("VmRSS")?;
        let kib: f64 = line.split_whitespace().next().context("VmRSS")?.parse()?;
        Ok(kib / 1024.0)
    }

    /// See [`processor_time`].
    pub(crate) fn processor_time(&self) -> anyhow::Result<Duration> {
        processor_time(self.child.id())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What all threads of the process have used up.
pub(crate) fn processor_time(pid: u32) -> anyhow::Result<Duration> {
    let mut nanoseconds = 0;
    for thread in fs::read_dir(Path::new("/proc").join(pid.to_string()).join("task"))? {
        // A thread that has just ended is no matter.
        let Ok(text) = fs::read_to_string(thread?.path().join("schedstat")) else {
            continue;
        };
        nanoseconds += text
            .split_whitespace()
            .next()
            .context("schedstat")?
            .parse::<u64>()?;
    }
    Ok(Duration::from_nanos(nanoseconds))
}
