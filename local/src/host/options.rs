//! What a caller chooses, and what is derived from it before anything is started.

use std::{fmt, path::PathBuf, time::Duration};

use uuid::Uuid;

use super::{
    app::{self, App},
    keys::Keys,
    process::Launch,
    read_app, timer,
};

/// How HTTP requests reach the handler.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mode {
    /// `enableProxyingHttpRequest`: newer hosts; bodies stream, forwarding headers are rewritten.
    #[default]
    Proxying,
    /// `enableForwardingHttpRequest`: older hosts; original `Host`, bodies without a length are
    /// lost, answers are buffered.
    Forwarding,
}

/// The host's fixed limits, shorter in tests.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How long the handler may take until `GET /` is answered.
    pub ready: Duration,
    /// How long a proxied request may go without a byte in either direction.
    pub idle: Duration,
    /// The largest request body, in bytes.
    pub request_body: u64,
    /// How long a timer's unusable answer is left hanging; the host itself waits for
    /// `functionTimeout`.
    pub hanging: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            ready: Duration::from_secs(30),
            idle: Duration::from_secs(240),
            request_body: 100 * 1024 * 1024,
            hanging: Duration::from_secs(5),
        }
    }
}

/// Options of [`Host::start`](super::Host::start).
#[derive(Clone)]
pub struct HostOptions {
    /// The folder with `host.json` and the function folders.
    pub app_root: PathBuf,
    /// The executable to run instead of `defaultExecutablePath` in `app_root`.
    pub handler: Option<PathBuf>,
    /// The app's settings. The handler gets these, the host's own variables, `PATH`, `HOME` and
    /// `TMPDIR`; nothing else.
    pub env: Vec<(String, String)>,
    /// The port to listen on; 0 picks a free one.
    pub port: u16,
    /// Proxying or forwarding.
    pub mode: Mode,
    /// Whether function keys are checked; `false` makes every caller admin, as `func start` does.
    pub auth: bool,
    /// The keys to check against.
    pub keys: Keys,
    /// Whether log lines are repeated on this process's stderr.
    pub echo_logs: bool,
    /// Whether the schedules of timers run; `Host::trigger` works either way.
    pub timers: bool,
    /// The host's time and size limits.
    pub limits: Limits,
}

impl Default for HostOptions {
    fn default() -> Self {
        Self {
            app_root: PathBuf::from("."),
            handler: None,
            env: Vec::new(),
            port: 0,
            mode: Mode::default(),
            auth: true,
            keys: Keys::default(),
            echo_logs: false,
            timers: false,
            limits: Limits::default(),
        }
    }
}

/// Without keys and settings, which hold secrets.
impl fmt::Debug for HostOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HostOptions")
            .field("app_root", &self.app_root)
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}

impl HostOptions {
    /// The app, if the folder and the settings are fit to start; otherwise every problem, one a
    /// line.
    pub(super) fn checked_app(&self) -> anyhow::Result<App> {
        let (app, mut problems) = match read_app(&self.app_root) {
            Ok(app) => (Some(app), Vec::new()),
            Err(problems) => (None, problems),
        };
        if let Some(app) = &app {
            problems.extend(timer::settings_problems(app, &self.env));
        }
        let executable = self.executable();
        if !executable.is_file() {
            problems.push(format!(
                "the handler {} does not exist",
                executable.display()
            ));
        }
        match app {
            Some(app) if problems.is_empty() => Ok(app),
            _ => anyhow::bail!(
                "{} cannot start:\n- {}",
                self.app_root.display(),
                problems.join("\n- ")
            ),
        }
    }

    pub(super) fn launch(&self, app: &App, port: u16) -> Launch {
        Launch {
            program: self.executable(),
            arguments: app.arguments().to_vec(),
            root: std::path::absolute(&self.app_root).unwrap_or_else(|_| self.app_root.clone()),
            env: self.env.clone(),
            port,
            worker_id: Uuid::new_v4().to_string(),
        }
    }

    /// Absolute, since the handler is started from another directory.
    fn executable(&self) -> PathBuf {
        let path = self
            .handler
            .clone()
            .unwrap_or_else(|| self.app_root.join(app::EXECUTABLE));
        std::path::absolute(&path).unwrap_or(path)
    }
}
