//! What the handler logs.

use std::time::{Duration, Instant};

use local::host::Host;
use serde_json::Value;

/// The lines that say how a request was answered, as soon as there are `count` of them.
pub async fn answered(host: &Host, count: usize) -> Vec<Value> {
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        let lines: Vec<Value> = json_lines(host)
            .into_iter()
            .filter(|line| line["message"] == "answered")
            .collect();
        if lines.len() >= count {
            return lines;
        }
        assert!(
            Instant::now() < deadline,
            "{} of {count} requests were logged",
            lines.len()
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Every line of the handler's own.
pub fn json_lines(host: &Host) -> Vec<Value> {
    host.log()
        .iter()
        .filter_map(|line| serde_json::from_str(&line.text).ok())
        .collect()
}
