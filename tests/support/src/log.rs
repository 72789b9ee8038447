//! What the handler logs.

use std::time::{Duration, Instant};

use local::host::Host;
use serde_json::Value;

/// The setting of `RUST_LOG` that brings back the lines of healthy requests, which say what each
/// cost.
pub const EVERY_REQUEST: &str = "info,onboarding::http::observe=debug";

/// With [`EVERY_REQUEST`], the lines that say how a request was answered, as soon as there are `count` of them.
pub async fn answered(host: &Host, count: usize) -> Vec<Value> {
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        let lines: Vec<Value> = json_lines(host)
            .into_iter()
            .filter(|line| line["message"] == "request completed")
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

/// How many lines the handler has written, and their bytes.
pub fn size(host: &Host) -> (usize, usize) {
    let lines = host.log();
    let own = lines.iter().filter(|line| line.text.starts_with('{'));
    own.fold((0, 0), |(lines, bytes), line| {
        (lines + 1, bytes + line.text.len() + 1)
    })
}
