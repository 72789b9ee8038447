//! It takes the minutes for which a handler without a host waits.

use std::time::{Duration, Instant};

use crate::orphan::Orphan;

#[tokio::test]
async fn orphan_ends_after_minutes_without_a_request() {
    let orphan = Orphan::start().await;
    let asked = Instant::now();
    while orphan.runs() {
        let waited = asked.elapsed();
        assert!(waited < Duration::from_secs(8 * 60), "{waited:?}");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let waited = asked.elapsed();
    assert!(waited > Duration::from_secs(4 * 60), "{waited:?}");
    let errors = orphan.errors();
    let last = errors.lines().last().unwrap_or_default();
    assert!(last.contains("the Functions host is gone"), "{errors}");
}
