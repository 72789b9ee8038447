//! The stand-in for the Azure Functions host (v4) and its `func start`.
//!
//! [`read_app`] reads `host.json` and the function folders. [`Host::start`] spawns the handler,
//! waits until it answers, and then serves: `server` finds the function of a request and checks its
//! key, `proxy` passes it on. `timer` delivers what the schedules ask for; `process` restarts a
//! handler that crashed, until the third crash ends the host.

mod app;
mod keys;
mod log;
mod model;
mod process;
mod proxy;
mod route;
mod schedule;
mod server;
mod timer;

use std::{
    fmt,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use rand::Rng;
use tokio::{net::TcpListener, task::JoinSet};
use uuid::Uuid;

pub use app::read_app;
pub use keys::Keys;
pub use log::{Level, LogLine};
pub use model::{App, AuthLevel, Function, HttpTrigger, Limits, Mode, TimerTrigger, Trigger};

use crate::loopback::{self, Server};
use log::Log;
use process::{Handler, Launch};
use proxy::Proxy;
use server::HttpFrontend;

/// Options of [`Host::start`].
#[derive(Clone, Default)]
pub struct HostOptions {
    /// The folder with `host.json` and the function folders.
    pub app_root: PathBuf,
    /// The executable to run instead of `handler` in `app_root`.
    pub handler: Option<PathBuf>,
    /// The app's settings. The handler gets these, the host's own variables, `PATH`, `HOME` and
    /// `TMPDIR`; nothing else.
    pub env: Vec<(String, String)>,
    /// The port to listen on; 0 picks a free one.
    pub port: u16,
    /// Proxying or forwarding.
    pub mode: Mode,
    /// The keys to check against.
    pub keys: Keys,
    /// Whether log lines are repeated on this process's stderr.
    pub echo_logs: bool,
    /// Whether the schedules of timers run; `Host::trigger` works either way.
    pub timers: bool,
    /// The folder in which the host remembers when its timers ran. Without one they are never past
    /// due.
    pub timer_state: Option<PathBuf>,
    /// The host's time and size limits.
    pub limits: Limits,
}

/// Without keys and settings, which hold secrets.
impl fmt::Debug for HostOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HostOptions")
            .field("app_root", &self.app_root)
            .finish_non_exhaustive()
    }
}

impl HostOptions {
    /// The app, if the folder and the settings allow a start; otherwise every problem, one a line.
    fn checked_app(&self) -> anyhow::Result<App> {
        let app = read_app(&self.app_root);
        let mut problems = match &app {
            Ok(app) => timer::settings_problems(app, &self.env),
            Err(problems) => problems.clone(),
        };
        if app.as_ref().is_ok_and(|app| app.has_bundle) {
            problems.push(
                "host.json: without internet an extensionBundle cannot be loaded: the host answers \
                 every request with 503 \"Function host is not running.\" and never starts the \
                 handler"
                    .into(),
            );
        }
        let executable = self.executable();
        if !executable.is_file() {
            problems.push(format!(
                "the handler {} does not exist",
                executable.display()
            ));
        }
        match app {
            Ok(app) if problems.is_empty() => Ok(app),
            _ => anyhow::bail!(
                "{} cannot start:\n- {}",
                self.app_root.display(),
                problems.join("\n- ")
            ),
        }
    }

    /// Absolute, since the handler is started in another directory.
    fn executable(&self) -> PathBuf {
        let path = self
            .handler
            .clone()
            .unwrap_or_else(|| self.app_root.join("handler"));
        std::path::absolute(&path).unwrap_or(path)
    }
}

/// A running host with its handler. Dropping it kills the handler.
#[derive(Debug)]
pub struct Host {
    url: String,
    app: App,
    handler: Handler,
    proxy: Arc<Proxy>,
    log: Log,
    server: Arc<Server>,
    limits: Limits,
    storage_is_lost: Arc<AtomicBool>,
    /// The timers, and what closes the port when the handler is given up.
    _tasks: JoinSet<()>,
}

impl Host {
    /// Starts the app and returns once its handler answers.
    ///
    /// # Errors
    /// Everything that is wrong with the folder and the settings at once, a port that is taken, or
    /// a handler that crashes three times, exits with 0, or does not answer in time.
    pub async fn start(options: HostOptions) -> anyhow::Result<Host> {
        options.checked_app()?;
        let listener = loopback::listen(options.port, "the host").await?;
        Self::start_on(listener, options).await
    }

    /// As [`Host::start`], on a port that is bound already; `options.port` is ignored.
    ///
    /// # Errors
    /// As [`Host::start`].
    pub async fn start_on(listener: TcpListener, options: HostOptions) -> anyhow::Result<Host> {
        let app = options.checked_app()?;
        let url = format!("http://{}", listener.local_addr()?);
        let log = Log::new(options.echo_logs);
        let launch = Launch {
            program: options.executable(),
            arguments: app.arguments.clone(),
            root: std::path::absolute(&options.app_root)?,
            env: options.env.clone(),
            port: free_port().await?,
            worker_id: Uuid::new_v4().to_string(),
            ready_within: options.limits.ready,
        };
        let handler = Handler::start(launch, log.clone()).await?;
        let HostOptions {
            mode,
            limits,
            keys,
            timer_state,
            ..
        } = options;
        let storage_is_lost = Arc::<AtomicBool>::default();
        let timeout = app.function_timeout;
        let proxy = Arc::new(Proxy::new(
            handler.clone(),
            mode,
            limits,
            timeout,
            log.clone(),
        ));
        let front = HttpFrontend {
            app: app.clone(),
            keys,
            proxy: proxy.clone(),
            storage_is_lost: Arc::clone(&storage_is_lost),
            storage_timeout: limits.storage,
        };
        let server = Arc::new(Server::http(listener, server::router(front)));
        let mut tasks = JoinSet::new();
        let (over, closed) = (handler.over(), server.clone());
        tasks.spawn(async move {
            over.await;
            closed.shut_down(limits.shutdown).await;
        });
        let timers = app
            .timers()
            .filter(|(function, _)| options.timers && !function.disabled);
        for (function, timer) in timers {
            let schedule = timer::schedule(timer, &options.env).map_err(anyhow::Error::msg)?;
            let (name, binding) = (function.name.clone(), timer.binding.clone());
            let state = timer_state.clone();
            let (proxy, log, over) = (proxy.clone(), log.clone(), handler.over());
            tasks.spawn(async move {
                tokio::select! {
                    () = over => {}
                    () = timer::run(name, binding, schedule, state, &proxy, &log) => {}
                }
            });
        }
        Ok(Host {
            url,
            app,
            handler,
            proxy,
            log,
            server,
            limits,
            storage_is_lost,
            _tasks: tasks,
        })
    }

    /// Where the host is reached from outside: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where the handler itself listens; it keeps this port when it is restarted.
    pub fn handler_url(&self) -> String {
        format!("http://{}", self.handler.address())
    }

    /// The handler's process id, `None` while there is no process.
    pub fn handler_pid(&self) -> Option<u32> {
        self.handler.pid()
    }

    /// Sends SIGKILL and returns when the process is gone. The host counts it as a crash and
    /// restarts the handler; like any crash, the third ends the host, unless half an hour has passed since the last.
    pub async fn kill_handler(&self) {
        self.handler.kill().await;
    }

    /// Kills the handler as [`Host::kill_handler`] does, at the worst moment: the next request was
    /// answered, and the answer is lost. The host then repeats a request without a body.
    pub fn drop_next_response(&self) {
        self.proxy.drop_next_response();
    }

    /// Delivers a timer now, as the host does when its schedule is due.
    ///
    /// # Errors
    /// When the function is not a timer or when the host would call the invocation failed.
    pub async fn trigger(&self, function: &str) -> anyhow::Result<()> {
        timer::trigger(&self.app, function, &self.proxy, &self.log).await
    }

    /// The last lines of the handler and of the host, oldest first.
    pub fn log(&self) -> Vec<LogLine> {
        self.log.lines()
    }

    /// The functions in the order in which their routes are tried.
    pub fn functions(&self) -> &[Function] {
        self.app.functions()
    }

    /// Resolves when the host ends by itself: the handler crashed for the third time.
    pub async fn gave_up(&self) {
        self.handler.over().await;
    }

    /// From now on the host cannot read its keys, as if its storage were gone.
    pub fn lose_storage(&self) {
        self.storage_is_lost.store(true, Ordering::SeqCst);
    }

    /// Ends as at SIGTERM: the port closes at once, requests in flight get up to 30 seconds, then the
    /// handler gets SIGKILL.
    pub async fn shut_down(self) {
        self.server.shut_down(self.limits.shutdown).await;
        self.handler.stop().await;
    }

    /// Closes the port and kills the handler with SIGKILL, without waiting for anything.
    pub async fn stop(self) {
        self.server.stop().await;
        self.handler.stop().await;
    }
}

/// A port for the handler. It is free when it is picked; the handler binds it a moment later. So it
/// is outside of the range from which the system takes the ports of other sockets.
async fn free_port() -> anyhow::Result<u16> {
    for _ in 0..100 {
        let port = rand::thread_rng().gen_range(16_000..32_000);
        if loopback::listen(port, "the handler").await.is_ok() {
            return Ok(port);
        }
    }
    anyhow::bail!("no free port for the handler")
}
