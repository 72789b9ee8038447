//! The handler's process: spawned, watched, restarted after a crash, given up after the third.

use std::{path::PathBuf, process::ExitStatus, process::Stdio, time::Duration};

use anyhow::bail;
use axum::body::Body;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    process::{Child, Command},
    sync::{mpsc, oneshot, watch},
    task::JoinSet,
    time::{Instant, sleep, timeout},
};

use super::log::Log;

const POLL_EVERY: Duration = Duration::from_millis(25);
const LAST_WORDS: Duration = Duration::from_millis(200);
const CRASHES_THAT_END_THE_HOST: usize = 3;
/// Crashes further apart are not counted together.
const CRASH_MEMORY: Duration = Duration::from_secs(30 * 60);

/// What is started, and with what.
#[derive(Debug)]
pub(super) struct Launch {
    pub(super) program: PathBuf,
    pub(super) arguments: Vec<String>,
    pub(super) root: PathBuf,
    pub(super) env: Vec<(String, String)>,
    pub(super) port: u16,
    pub(super) worker_id: String,
}

/// Where the handler's life stands.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Phase {
    Starting,
    Ready,
    /// Exit code 0: the host goes on without a handler.
    Left,
    /// The host stopped it or gave it up; the reason, for who waits.
    Over(String),
}

#[derive(Debug, Clone)]
struct State {
    phase: Phase,
    pid: Option<u32>,
}

#[derive(Debug)]
enum Order {
    Kill(oneshot::Sender<()>),
    Stop(oneshot::Sender<()>),
}

/// How one life of the process ended.
enum End {
    Stopped,
    Left,
    Crashed(String),
    NeverReady,
}

/// The handler under supervision. Dropping it kills the process.
#[derive(Debug)]
pub(super) struct Handler {
    orders: mpsc::Sender<Order>,
    state: watch::Receiver<State>,
}

impl Handler {
    /// Returns when the handler answers for the first time.
    pub(super) async fn start(
        launch: Launch,
        ready_within: Duration,
        log: Log,
    ) -> anyhow::Result<Self> {
        let (orders, inbox) = mpsc::channel(4);
        let (report, mut state) = watch::channel(State {
            phase: Phase::Starting,
            pid: None,
        });
        tokio::spawn(
            Supervisor {
                launch,
                ready_within,
                log: log.clone(),
                report,
                inbox,
            }
            .run(),
        );
        let phase = state
            .wait_for(|state| state.phase != Phase::Starting)
            .await
            .map(|state| state.phase.clone());
        match phase? {
            Phase::Over(why) => bail!("{why}{}", log.tail()),
            Phase::Left => bail!(
                "the handler exited with 0 before it answered; the host does not restart it{}",
                log.tail()
            ),
            Phase::Starting | Phase::Ready => Ok(Self { orders, state }),
        }
    }

    pub(super) fn pid(&self) -> Option<u32> {
        self.state.borrow().pid
    }

    /// SIGKILL; returns when the process is gone.
    pub(super) async fn kill(&self) {
        self.order(Order::Kill).await;
    }

    /// SIGKILL, and no restart.
    pub(super) async fn stop(&self) {
        self.order(Order::Stop).await;
    }

    /// Resolves when there will be no handler any more.
    pub(super) fn over(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut state = self.state.clone();
        async move {
            let _ = state
                .wait_for(|state| matches!(state.phase, Phase::Over(_)))
                .await;
        }
    }

    /// An order to a supervisor that has ended is fulfilled already.
    async fn order(&self, order: impl FnOnce(oneshot::Sender<()>) -> Order) {
        let (done, obeyed) = oneshot::channel();
        if self.orders.send(order(done)).await.is_ok() {
            let _ = obeyed.await;
        }
    }
}

struct Supervisor {
    launch: Launch,
    ready_within: Duration,
    log: Log,
    report: watch::Sender<State>,
    inbox: mpsc::Receiver<Order>,
}

impl Supervisor {
    async fn run(mut self) {
        let why = self.restart_until_over().await;
        self.set(Phase::Over(why), None);
    }

    /// Returns why it is over.
    async fn restart_until_over(&mut self) -> String {
        let mut crashes: Vec<Instant> = Vec::new();
        loop {
            match self.one_life().await {
                Ok(End::Stopped) => return "the host was stopped".into(),
                Ok(End::Left) => return self.without_handler().await,
                Ok(End::NeverReady) => {
                    return self.give_up(format!(
                        "the handler did not answer GET / within {} s",
                        self.ready_within.as_secs_f32()
                    ));
                }
                Ok(End::Crashed(how)) => {
                    self.log.error(format!("the handler {how}"));
                    crashes.retain(|at| at.elapsed() <= CRASH_MEMORY);
                    crashes.push(Instant::now());
                    if crashes.len() >= CRASHES_THAT_END_THE_HOST {
                        return self.give_up(
                            "the handler failed for the third time; the host stops".into(),
                        );
                    }
                }
                Err(error) => {
                    return self.give_up(format!(
                        "the handler {} cannot be started: {error}",
                        self.launch.program.display()
                    ));
                }
            }
        }
    }

    async fn one_life(&mut self) -> std::io::Result<End> {
        let mut child = self.spawn()?;
        let _lifeline = child.id().map(lifeline);
        let readers = self.read_output(&mut child);
        let end = self.watch(&mut child).await;
        // Its last words, but not those of a grandchild that keeps the pipe open.
        let _ = timeout(LAST_WORDS, readers.join_all()).await;
        end
    }

    async fn watch(&mut self, child: &mut Child) -> std::io::Result<End> {
        self.set(Phase::Starting, child.id());
        let ready = wait_until_ready(self.launch.port, self.ready_within);
        tokio::pin!(ready);
        let mut polling = true;
        loop {
            tokio::select! {
                status = child.wait() => return Ok(self.ended(status?)),
                answered = &mut ready, if polling => {
                    polling = false;
                    if !answered {
                        child.kill().await?;
                        return Ok(End::NeverReady);
                    }
                    self.set(Phase::Ready, child.id());
                }
                order = self.inbox.recv() => {
                    child.kill().await?;
                    return Ok(self.obeyed(order));
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
        } = &self.launch;
        let inherited = ["PATH", "HOME", "TMPDIR"]
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
            .env("FUNCTIONS_APP_ROOT_PATH", root)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // A ctrl-C in the terminal is for the host alone, which ends its handler; it would look
            // like a crash.
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

    fn ended(&self, status: ExitStatus) -> End {
        self.set(Phase::Starting, None);
        if status.success() {
            End::Left
        } else {
            End::Crashed(format!("ended with {status}"))
        }
    }

    /// After the process was killed on somebody's order; a host that was dropped ordered a stop.
    fn obeyed(&self, order: Option<Order>) -> End {
        self.set(Phase::Starting, None);
        match order {
            Some(Order::Kill(done)) => {
                let _ = done.send(());
                End::Crashed("was killed".into())
            }
            Some(Order::Stop(done)) => {
                let _ = done.send(());
                End::Stopped
            }
            None => End::Stopped,
        }
    }

    /// Exit code 0 is not restarted: requests fail until the host is stopped.
    async fn without_handler(&mut self) -> String {
        self.log
            .error("the handler exited with 0; the host does not restart it");
        self.set(Phase::Left, None);
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

    fn give_up(&self, why: String) -> String {
        self.log.error(why.clone());
        why
    }

    fn set(&self, phase: Phase, pid: Option<u32>) {
        self.report.send_replace(State { phase, pid });
    }
}

/// Kills the process when this one is gone, also where it was itself killed: its standard input
/// ends then. While this one lives, dropping it lets the process be.
fn lifeline(pid: u32) -> std::io::Result<Child> {
    Command::new("sh")
        .args(["-c", "read -r _; kill -KILL \"$0\"", &pid.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
}

/// Whether `GET /` got any HTTP answer in time.
async fn wait_until_ready(port: u16, within: Duration) -> bool {
    let client: Client<HttpConnector, Body> = Client::builder(TokioExecutor::new())
        .pool_max_idle_per_host(0)
        .build_http();
    let Ok(uri) = format!("http://127.0.0.1:{port}/").parse::<axum::http::Uri>() else {
        return false;
    };
    let polling = async {
        while client.get(uri.clone()).await.is_err() {
            sleep(POLL_EVERY).await;
        }
    };
    timeout(within, polling).await.is_ok()
}

/// Line by line; what is not UTF-8 is shown as well as it can be.
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
