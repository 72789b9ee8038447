//! Retries, around everything that a call may take.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};

use super::error::unavailable;
use crate::store::table::{TableError, request_deadline};

/// Tries until it succeeds, is refused, or the time is up. A write that succeeded although its answer
/// was lost is tried again too, and then fails with [`TableError::Exists`] or
/// [`TableError::Changed`]. The calls of one request share its time.
pub(super) async fn retried<T, F>(
    one_try: Duration,
    in_total: Duration,
    attempt: impl Fn() -> F + Send + Sync,
) -> Result<T, TableError>
where
    T: Send,
    F: Future<Output = Result<T, TableError>> + Send,
{
    let (_call, left) = request_deadline::begin();
    let in_total = left.map_or(in_total, |left| left.min(in_total));
    if in_total.is_zero() {
        return Err(unavailable("the request has waited long enough", None));
    }
    let deadline = Instant::now() + in_total;
    let mut pause = Duration::from_millis(100);
    let mut answered = None;
    loop {
        let until = deadline.min(Instant::now() + one_try);
        let failed = match timeout_at(until, attempt()).await {
            Ok(Err(failed @ TableError::Unavailable { .. })) => failed,
            Ok(done) => return done,
            // What the service answered before says more than that the last try was cut short.
            Err(_) => answered
                .take_if(|_| until == deadline)
                .unwrap_or_else(|| unavailable("no answer in time", None)),
        };
        let asked = if let TableError::Unavailable { retry_after, .. } = &failed {
            *retry_after
        } else {
            None
        };
        let wait = asked.unwrap_or_default().max(jittered(pause));
        if Instant::now() + wait >= deadline {
            return Err(failed);
        }
        answered = Some(failed);
        sleep(wait).await;
        pause = (pause * 2).min(Duration::from_secs(2));
    }
}

/// Between half of a pause and all of it, so that instances do not come back at the same moment.
fn jittered(pause: Duration) -> Duration {
    let [random, ..] = uuid::Uuid::new_v4().into_bytes();
    pause.mul_f64(0.5 + f64::from(random) / 512.0)
}
