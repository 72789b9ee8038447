//! How long one request waits for the table in total, however many calls it makes: a person at a
//! page waits for the sum.
//!
//! What counts is the time during which at least one call is under way, so neither the sign-in
//! service's time nor calls side by side are counted twice. Timers and deliveries have no such
//! limit: no person waits for them.

use std::{cell::Cell, time::Duration};

use tokio::time::{Instant, timeout};

/// With what the rest of an answer takes, a page comes within ten seconds.
const STORAGE_TIMEOUT: Duration = Duration::from_secs(9);

tokio::task_local! {
    static TIME_SPENT: TimeSpent;
}

#[derive(Default)]
struct TimeSpent {
    /// Calls that are under way.
    calls: Cell<u32>,
    /// Since when there is one.
    since: Cell<Option<Instant>>,
    /// Until then.
    before: Cell<Duration>,
}

/// A call that is under way, until this is dropped.
pub(super) struct Call(());

/// Runs a request, or what is limited as one. Tasks that it spawns are not limited.
pub async fn of_request<F: Future>(request: F) -> F::Output {
    TIME_SPENT.scope(TimeSpent::default(), request).await
}

/// Waits for work that is done elsewhere, as for a call: for the time that is left. `None`: the work
/// takes longer, and goes on alone.
pub async fn wait_for<F: Future>(work: F) -> Option<F::Output> {
    match begin() {
        (_call, Some(left)) => timeout(left, work).await.ok(),
        (_, None) => Some(work.await),
    }
}

/// Whether the request has no time left for calls.
pub fn is_over() -> bool {
    begin().1 == Some(Duration::ZERO)
}

/// Begins a call; answers with the time that is left for it, `None` outside of a request.
pub(super) fn begin() -> (Call, Option<Duration>) {
    let left = TIME_SPENT.try_with(|waited| {
        let now = Instant::now();
        let since = waited.since.get().unwrap_or(now);
        waited.since.set(Some(since));
        waited.calls.set(waited.calls.get() + 1);
        STORAGE_TIMEOUT.saturating_sub(waited.before.get() + (now - since))
    });
    (Call(()), left.ok())
}

impl Drop for Call {
    fn drop(&mut self) {
        let _ = TIME_SPENT.try_with(|waited| {
            waited.calls.set(waited.calls.get().saturating_sub(1));
            if waited.calls.get() == 0
                && let Some(since) = waited.since.take()
            {
                waited.before.set(waited.before.get() + since.elapsed());
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::sleep;

    use super::*;

    async fn call(takes: u64) -> Option<Duration> {
        let (_call, left) = begin();
        sleep(Duration::from_secs(takes)).await;
        left
    }

    fn seconds(left: u64) -> Option<Duration> {
        Some(Duration::from_secs(left))
    }

    #[tokio::test(start_paused = true)]
    async fn calls_share_the_deadline_of_their_request() {
        of_request(async {
            assert_eq!(call(2).await, seconds(9));
            sleep(Duration::from_secs(100)).await;
            assert_eq!(
                call(0).await,
                seconds(7),
                "what is no call to the table does not count"
            );
            assert_eq!(
                tokio::join!(call(3), call(4), call(1)),
                (seconds(7), seconds(7), seconds(7))
            );
            assert_eq!(call(9).await, seconds(3));
            assert_eq!(call(0).await, seconds(0));
        })
        .await;
        assert_eq!(
            call(0).await,
            None,
            "outside of a request there is no such limit"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn work_elsewhere_is_waited_for_as_long_as_a_call() {
        of_request(async {
            let work = |takes| tokio::spawn(sleep(Duration::from_secs(takes)));
            assert!(wait_for(work(4)).await.is_some());
            assert_eq!(call(1).await, seconds(5));
            assert!(!is_over());
            assert!(wait_for(work(100)).await.is_none());
            assert!(is_over());
            assert_eq!(call(0).await, seconds(0));
        })
        .await;
        let work = sleep(Duration::from_secs(100));
        assert!(wait_for(work).await.is_some(), "outside of a request");
        assert!(!is_over());
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_is_given_up_counts_until_then() {
        of_request(async {
            assert!(
                tokio::time::timeout(Duration::from_secs(4), call(100))
                    .await
                    .is_err()
            );
            assert_eq!(call(0).await, seconds(5));
        })
        .await;
    }
}
