//! The stand-in for the Azure Functions host (v4) and its `func start`.
//!
//! [`read_app`] reads `host.json` and the function folders and refuses what the host refuses.
//! [`Host::start`] spawns the handler, waits until it answers, and then serves: `server` takes a
//! request, `routes` finds its function, `keys` lets it in, `proxy` passes it on. `timer` delivers
//! what the schedules ask for; `process` restarts a handler that crashed and gives up at the third
//! time, which ends the whole host.

mod app;
mod body;
mod connector;
mod headers;
mod keys;
mod log;
mod manifest;
mod options;
mod process;
mod proxy;
mod query;
mod routes;
mod schedule;
mod server;
mod template;
mod timer;

use std::sync::Arc;

use tokio::{net::TcpListener, task::JoinHandle};

pub use app::{App, AuthLevel, Function, HttpTrigger, TimerTrigger, Trigger, read_app};
pub use keys::Keys;
pub use log::{Level, LogLine};
pub use options::{HostOptions, Limits, Mode};

use log::Log;
use process::Handler;
use proxy::Proxy;
use server::Front;

/// A running host with its handler. Dropping it kills the handler.
#[derive(Debug)]
pub struct Host {
    url: String,
    handler: Handler,
    front: Arc<Front>,
    log: Log,
    server: JoinHandle<()>,
}

impl Host {
    /// Starts the app and returns once its handler answers.
    ///
    /// # Errors
    /// Everything that is wrong with the folder and the settings at once, a port that is taken, or
    /// a handler that crashes three times, leaves, or does not answer in time.
    pub async fn start(options: HostOptions) -> anyhow::Result<Host> {
        options.checked_app()?;
        let listener = server::listen(options.port).await?;
        Self::start_on(listener, options).await
    }

    /// As [`Host::start`], on a port that is bound already; `options.port` is not looked at.
    ///
    /// # Errors
    /// As [`Host::start`].
    pub async fn start_on(listener: TcpListener, options: HostOptions) -> anyhow::Result<Host> {
        let app = options.checked_app()?;
        let url = format!("http://{}", listener.local_addr()?);
        let log = Log::new(options.echo_logs);
        let handler_port = server::free_port().await?;
        let launch = options.launch(&app, handler_port);
        let proxy = Proxy::new(handler_port, options.mode, options.limits, log.clone());
        let schedules = timer::schedules(&app, &options.env);
        let handler = Handler::start(launch, options.limits.ready, log.clone()).await?;
        let keys = options.auth.then_some(options.keys);
        let front = Arc::new(Front::new(app, keys, proxy, log.clone()));
        let server = tokio::spawn(server::serve(listener, front.clone(), handler.over()));
        if options.timers {
            timer::run_all(&front, schedules, &handler);
        }
        Ok(Host {
            url,
            handler,
            front,
            log,
            server,
        })
    }

    /// Where the host is reached from outside: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where the handler itself listens; it keeps this port when it is restarted.
    pub fn handler_url(&self) -> String {
        self.front.proxy.handler_url()
    }

    /// The handler's process id, `None` while there is no process.
    pub fn handler_pid(&self) -> Option<u32> {
        self.handler.pid()
    }

    /// Sends SIGKILL and returns when the process is gone. The host counts it as a crash and
    /// restarts the handler; like any crash, the third within half an hour ends the host.
    pub async fn kill_handler(&self) {
        self.handler.kill().await;
    }

    /// Delivers a timer now, as the host does when its schedule is due.
    ///
    /// # Errors
    /// When the function is not a timer or when the host would call the invocation failed.
    pub async fn trigger(&self, function: &str) -> anyhow::Result<()> {
        timer::trigger(&self.front, function).await
    }

    /// The last lines of the handler and of the host, oldest first.
    pub fn log(&self) -> Vec<LogLine> {
        self.log.lines()
    }

    /// The functions in the order in which their routes are tried.
    pub fn functions(&self) -> &[Function] {
        self.front.app.functions()
    }

    /// Resolves when the host has ended by itself: the handler crashed for the third time.
    pub async fn gave_up(&self) {
        self.handler.over().await;
    }

    /// Kills the handler with SIGKILL, as the platform does, and closes the port.
    pub async fn stop(self) {
        self.handler.stop().await;
        // Connections in flight end with the handler; one that does not must not hold the caller.
        let _ = tokio::time::timeout(std::time::Duration::from_secs(2), self.server).await;
    }
}
