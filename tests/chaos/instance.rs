//! One handler process, started again at once whenever it is killed, with the clock of the host
//! beside it.

use std::{
    fs::OpenOptions,
    net::{Ipv4Addr, TcpListener},
    path::PathBuf,
    process::Stdio,
    sync::{Arc, Mutex},
    time::Duration,
};

use rand::{Rng, rngs::StdRng};
use serde_json::json;
use tokio::{
    process::{Child, Command},
    sync::{mpsc, oneshot},
    time::{MissedTickBehavior, interval, sleep},
};

/// The host's clock ticks each minute; here time is short.
const TICK: Duration = Duration::from_secs(1);

type Settings = Vec<(String, String)>;

pub(crate) struct Instance {
    pub(crate) url: String,
    log: PathBuf,
    kills: mpsc::Sender<oneshot::Sender<()>>,
    own_deaths: Arc<Mutex<Vec<String>>>,
}

impl Instance {
    /// The process is started, not yet ready. It ends with the runtime.
    pub(crate) fn start(name: &str, port: u16, settings: Settings) -> Self {
        let log = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("chaos-{name}.log"));
        std::fs::write(&log, "").unwrap();
        let (kills, orders) = mpsc::channel(1);
        let own_deaths = Arc::default();
        tokio::spawn(live(
            port,
            settings,
            log.clone(),
            orders,
            Arc::clone(&own_deaths),
        ));
        let url = format!("http://127.0.0.1:{port}");
        tokio::spawn(tick(url.clone()));
        Self {
            url,
            log,
            kills,
            own_deaths,
        }
    }

    /// SIGKILL; returns when the process is gone. The next one is on its way then.
    pub(crate) async fn kill(&self) {
        let (done, gone) = oneshot::channel();
        self.kills.send(done).await.unwrap();
        gone.await.unwrap();
    }

    /// Deaths that no one ordered, with the log to look into.
    pub(crate) fn own_deaths(&self) -> Vec<String> {
        let deaths = self.own_deaths.lock().unwrap().clone();
        deaths
            .into_iter()
            .map(|how| {
                format!(
                    "{} ended by itself: {how}; see {}",
                    self.url,
                    self.log.display()
                )
            })
            .collect()
    }
}

async fn live(
    port: u16,
    settings: Settings,
    log: PathBuf,
    mut orders: mpsc::Receiver<oneshot::Sender<()>>,
    own: Arc<Mutex<Vec<String>>>,
) {
    loop {
        let mut child = spawn(port, &settings, &log);
        tokio::select! {
            status = child.wait() => {
                own.lock().unwrap().push(format!("{status:?}"));
                sleep(Duration::from_millis(200)).await;
            }
            order = orders.recv() => {
                child.kill().await.unwrap();
                let Some(done) = order else { return };
                let _ = done.send(());
            }
        }
    }
}

fn spawn(port: u16, settings: &Settings, log: &PathBuf) -> Child {
    let log = OpenOptions::new().append(true).open(log).unwrap();
    Command::new(support::handler())
        .current_dir(support::root())
        .env_clear()
        .envs(settings.iter().map(|(name, value)| (name, value)))
        .env("FUNCTIONS_CUSTOMHANDLER_PORT", port.to_string())
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

/// As the host does it: never two at once, and what was missed is not made up for.
async fn tick(url: String) {
    let http = reqwest::Client::new();
    let mut clock = interval(TICK);
    clock.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        clock.tick().await;
        let timer = json!({"Data": {"timer": {"IsPastDue": false}}, "Metadata": {"sys": {"MethodName": "DeliverEvents"}}});
        let request = http
            .post(format!("{url}/DeliverEvents"))
            .header("content-type", "application/json")
            .body(timer.to_string());
        // A process that dies meanwhile is what this is about.
        let _ = request.send().await;
    }
}

/// Below the ports that the system hands out by itself: no one takes it while the process is
/// between two lives.
pub(crate) fn free_port(rng: &mut StdRng) -> u16 {
    loop {
        let port = rng.gen_range(10_000..32_000);
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
}
