//! The Functions host ends its handler with SIGKILL, but a host that is killed itself leaves the
//! handler behind. No request reaches it any more, so it ends by itself.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::time::{Instant, interval};

/// Longer than any request or timer takes.
const IDLE_LIMIT: Duration = Duration::from_secs(5 * 60);
const CHECK_INTERVAL: Duration = Duration::from_secs(10);

/// When the last request arrived.
#[derive(Clone, Debug)]
pub(super) struct LastRequest {
    started: Instant,
    /// After `started`.
    seconds: Arc<AtomicU64>,
}

impl LastRequest {
    pub(super) fn new() -> Self {
        Self {
            started: Instant::now(),
            seconds: Arc::default(),
        }
    }

    /// A request arrives.
    pub(super) fn record(&self) {
        let seconds = self.started.elapsed().as_secs();
        self.seconds.store(seconds, Ordering::Relaxed);
    }

    fn age(&self) -> Duration {
        let last = Duration::from_secs(self.seconds.load(Ordering::Relaxed));
        self.started.elapsed().saturating_sub(last)
    }
}

/// Resolves when the parent process is another one than at the start, and no request has arrived
/// for some minutes. On systems without parents it never does.
pub(super) async fn orphaned(last: LastRequest) {
    #[cfg(unix)]
    wait(std::os::unix::process::parent_id, last).await;
    #[cfg(not(unix))]
    {
        drop(last);
        std::future::pending::<()>().await;
    }
}

#[cfg_attr(not(unix), expect(dead_code, reason = "there are no parents"))]
async fn wait(parent: impl Fn() -> u32, last: LastRequest) {
    let host = parent();
    let mut ticks = interval(CHECK_INTERVAL);
    loop {
        ticks.tick().await;
        if parent() != host && last.age() >= IDLE_LIMIT {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU32;

    use tokio::time::timeout;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn idle_orphan_ends() {
        let (parent, last) = (Arc::new(AtomicU32::new(7)), LastRequest::new());
        let seen = Arc::clone(&parent);
        let ended = wait(move || seen.load(Ordering::SeqCst), last.clone());
        tokio::pin!(ended);
        let hour = Duration::from_secs(60 * 60);
        assert!(
            timeout(hour, &mut ended).await.is_err(),
            "it has a parent, however idle it is"
        );
        last.record();
        parent.store(1, Ordering::SeqCst);
        let minute = Duration::from_secs(60);
        for _ in 0..20 {
            assert!(timeout(minute, &mut ended).await.is_err(), "it is asked");
            last.record();
        }
        let started = Instant::now();
        ended.await;
        assert!(started.elapsed() >= IDLE_LIMIT && started.elapsed() < 2 * IDLE_LIMIT);
    }
}
