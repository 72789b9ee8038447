//! The handler's process: spawned, watched, restarted after a crash, given up after the third.

use std::{path::PathBuf, process::Stdio, time::Duration};

use anyhow::bail;
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    process::{Child, Command},
    sync::{mpsc, oneshot, watch},
    task::JoinSet,
    time::{Instant, sleep, timeout},
};

use super::log::Log;

const POLL_EVERY: Duration = Duration::from_millis(25);
/// How long the output of a process that has ended is read on.
const DRAIN_TIME: Duration = Duration::from_millis(200);
const MAX_CRASHES: u32 = 3;
/// "Errors are forgotten 30 minutes after the last one."
const CRASH_MEMORY: Duration = Duration::from_secs(30 * 60);
/// Asks for a restart that is not counted.
const RESTART: i32 = 200;

/// What is started, and with what.
#[derive(Debug)]
pub(super) struct Launch {
    pub(super) program: PathBuf,
    pub(super) arguments: Vec<String>,
    pub(super) root: PathBuf,
    pub(super) env: Vec<(String, String)>,
    pub(super) port: u16,
    pub(super) worker_id: String,
    pub(super) ready_within: Duration,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Phase {
    Starting,
    Ready,
    /// Exit code 0: the host goes on without a handler.
    Exited,
    /// The host stopped it or gave it up, for this reason.
    Over(String),
}

type State = (Phase, Option<u32>);

#[derive(Debug)]
enum Order {
    Kill(oneshot::Sender<()>),
    Stop(oneshot::Sender<()>),
}

/// How one run of the process ended.
enum End {
    Stopped,
    Exited,
    Restart,
    Crashed(String),
    NeverReady,
}

/// The handler under supervision. The process is killed when the last clone is dropped.
#[derive(Debug, Clone)]
pub(super) struct Handler {
    port: u16,
    orders: mpsc::Sender<Order>,
    state: watch::Receiver<State>,
}

impl Handler {
    /// Returns when the handler answers for the first time.
    pub(super) async fn start(launch: Launch, log: Log) -> anyhow::Result<Self> {
        let (orders, inbox) = mpsc::channel(4);
        let (report, mut state) = watch::channel((Phase::Starting, None));
        let port = launch.port;
        tokio::spawn(
            Supervisor {
                launch,
                log: log.clone(),
                report,
                inbox,
            }
            .run(),
        );
        let (phase, _) = state
            .wait_for(|(phase, _)| *phase != Phase::Starting)
            .await?
            .clone();
        match phase {
            Phase::Over(why) => bail!("{why}{}", log.tail()),
            Phase::Exited => {
                bail!(
                    "the handler exited with 0 and is not restarted{}",
                    log.tail()
                )
            }
            Phase::Starting | Phase::Ready => Ok(Self {
                port,
                orders,
                state,
            }),
        }
    }

    /// `127.0.0.1:port`, the same over restarts.
    pub(super) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub(super) fn pid(&self) -> Option<u32> {
        self.state.borrow().1
    }

    /// SIGKILL; returns when the process is gone.
    pub(super) async fn kill(&self) {
        self.order(Order::Kill).await;
    }

    /// SIGKILL, and no restart.
    pub(super) async fn stop(&self) {
        self.order(Order::Stop).await;
    }

    /// Resolves when the handler is not restarted any more because the host has ended.
    pub(super) fn over(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut state = self.state.clone();
        async move {
            let _ = state
                .wait_for(|(phase, _)| matches!(phase, Phase::Over(_)))
                .await;
        }
    }

    /// Whether the host has ended.
    pub(super) fn is_over(&self) -> bool {
        matches!(self.state.borrow().0, Phase::Over(_))
    }

    /// A supervisor that has ended needs no order.
    async fn order(&self, order: impl FnOnce(oneshot::Sender<()>) -> Order) {
        let (done, obeyed) = oneshot::channel();
        if self.orders.send(order(done)).await.is_ok() {
            let _ = obeyed.await;
        }
    }
}

struct Supervisor {
    launch: Launch,
    log: Log,
    report: watch::Sender<State>,
    inbox: mpsc::Receiver<Order>,
}

impl Supervisor {
    async fn run(mut self) {
        let why = self.supervise().await;
        self.log.error(why.clone());
        self.set(Phase::Over(why), None);
    }

    /// Returns why it is over.
    async fn supervise(&mut self) -> String {
        let (mut crashes, mut last_crash) = (0, None::<Instant>);
        loop {
            match self.run_once().await {
                Ok(End::Stopped) => return "the host was stopped".into(),
                Ok(End::Exited) => return self.without_handler().await,
                Ok(End::Restart) => self.log.error("the handler asked to be restarted"),
                Ok(End::NeverReady) => {
                    let seconds = self.launch.ready_within.as_secs_f32();
                    return format!("the handler did not answer GET / within {seconds} s");
                }
                Ok(End::Crashed(how)) => {
                    self.log.error(format!("the handler {how}"));
                    if last_crash.is_some_and(|at| at.elapsed() > CRASH_MEMORY) {
                        crashes = 0;
                    }
                    last_crash = Some(Instant::now());
                    crashes += 1;
                    if crashes >= MAX_CRASHES {
                        return "the handler failed for the third time; the host stops".into();
                    }
                }
                Err(error) => {
                    let program = self.launch.program.display();
                    return format!("the handler {program} cannot be started: {error}");
                }
            }
        }
    }

    async fn run_once(&mut self) -> std::io::Result<End> {
        let mut child = self.spawn()?;
        let _guard = child.id().map(kill_with_this_process);
        let readers = self.read_output(&mut child);
        let end = self.watch(&mut child).await;
        self.set(Phase::Starting, None);
        // Without waiting for the output of a grandchild that keeps the pipe open.
        let _ = timeout(DRAIN_TIME, readers.join_all()).await;
        end
    }

    async fn watch(&mut self, child: &mut Child) -> std::io::Result<End> {
        self.set(Phase::Starting, child.id());
        let ready = timeout(self.launch.ready_within, wait_until_ready(self.launch.port));
        tokio::pin!(ready);
        let mut is_ready = false;
        loop {
            tokio::select! {
                status = child.wait() => return Ok(match status?.code() {
                    Some(0) => End::Exited,
                    Some(RESTART) => End::Restart,
                    _ => End::Crashed(format!("ended with {}", child.wait().await?)),
                }),
                answered = &mut ready, if !is_ready => {
                    if answered.is_err() {
                        child.kill().await?;
                        return Ok(End::NeverReady);
                    }
                    is_ready = true;
                    self.set(Phase::Ready, child.id());
                }
                order = self.inbox.recv() => {
                    child.kill().await?;
                    self.set(Phase::Starting, None);
                    return Ok(match order {
                        Some(Order::Kill(done)) => {
                            let _ = done.send(());
                            End::Crashed("was killed".into())
                        }
                        Some(Order::Stop(done)) => {
                            let _ = done.send(());
                            End::Stopped
                        }
                        None => End::Stopped,
                    });
                }
            }
        }
    }

    fn spawn(&self) -> std::io::Result<Child> {
        let Launch {
            program,
            arguments,
            root,
            env,
            port,
            worker_id,
            ..
        } = &self.launch;
        let inherited = ["PATH", "HOME", "TMPDIR"];
        let inherited = inherited
            .into_iter()
            .filter_map(|name| Some((name, std::env::var_os(name)?)));
        Command::new(program)
            .args(arguments)
            .current_dir(root)
            .env_clear()
            .envs(inherited)
            .envs(env.iter().map(|(name, value)| (name, value)))
            .env("FUNCTIONS_CUSTOMHANDLER_PORT", port.to_string())
            .env("FUNCTIONS_CUSTOMHANDLER_WORKER_ID", worker_id)
            .env("FUNCTIONS_HTTPWORKER_PORT", port.to_string())
            .env("FUNCTIONS_HTTPWORKER_ID", worker_id)
            .env("FUNCTIONS_APP_ROOT_PATH", root)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // A ctrl-C in the terminal is for the host alone, which ends its handler.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
    }

    fn read_output(&self, child: &mut Child) -> JoinSet<()> {
        let mut readers = JoinSet::new();
        if let Some(stdout) = child.stdout.take() {
            let log = self.log.clone();
            readers.spawn(read_lines(stdout, move |line| log.information(line)));
        }
        if let Some(stderr) = child.stderr.take() {
            let log = self.log.clone();
            readers.spawn(read_lines(stderr, move |line| log.stderr(line)));
        }
        readers
    }

    /// Requests fail until the host is stopped.
    async fn without_handler(&mut self) -> String {
        self.log
            .error("the handler exited with 0; the host does not restart it");
        self.set(Phase::Exited, None);
        loop {
            match self.inbox.recv().await {
                Some(Order::Kill(done)) => drop(done.send(())),
                Some(Order::Stop(done)) => {
                    let _ = done.send(());
                    return "the host was stopped".into();
                }
                None => return "the host was dropped".into(),
            }
        }
    }

    fn set(&self, phase: Phase, pid: Option<u32>) {
        self.report.send_replace((phase, pid));
    }
}

/// Kills the process when this one ends, also by SIGKILL: the standard input of the guard ends
/// then.
fn kill_with_this_process(pid: u32) -> std::io::Result<Child> {
    Command::new("sh")
        .args(["-c", "read -r _; kill -KILL \"$0\"", &pid.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
}

/// Until `GET /` gets any HTTP answer.
async fn wait_until_ready(port: u16) {
    while !answers(port).await.unwrap_or_default() {
        sleep(POLL_EVERY).await;
    }
}

async fn answers(port: u16) -> std::io::Result<bool> {
    let mut connection = TcpStream::connect(("127.0.0.1", port)).await?;
    connection
        .write_all(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        .await?;
    let mut start = [0; 5];
    connection.read_exact(&mut start).await?;
    Ok(&start == b"HTTP/")
}

/// Line by line; bytes that are not UTF-8 are replaced.
async fn read_lines(pipe: impl AsyncRead + Unpin, mut take: impl FnMut(String)) {
    let mut reader = BufReader::new(pipe);
    let mut line = Vec::new();
    while matches!(reader.read_until(b'\n', &mut line).await, Ok(1..)) {
        take(
            String::from_utf8_lossy(&line)
                .trim_end_matches(['\r', '\n'])
                .to_owned(),
        );
        line.clear();
    }
}
