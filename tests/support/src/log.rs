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
    let lines = host.log();
    let own = lines
        .iter()
        .filter_map(|line| Some((serde_json::from_str(&line.text).ok()?, &line.text)));
    own.map(|(value, text)| {
        // Parsed, the last of two members of one name hides the other.
        assert_eq!(members(text), count(&value), "a member twice: {text}");
        value
    })
    .collect()
}

/// The members of all objects in a value.
fn count(value: &Value) -> usize {
    match value {
        Value::Object(members) => members.len() + members.values().map(count).sum::<usize>(),
        Value::Array(values) => values.iter().map(count).sum(),
        _ => 0,
    }
}

/// The same of a text of JSON: a colon behind the end of a string ends the name of a member.
fn members(text: &str) -> usize {
    let (mut names, mut is_inside, mut is_escaped, mut before) = (0, false, false, ' ');
    for c in text.chars() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' if is_inside => is_escaped = true,
            '"' => is_inside = !is_inside,
            ':' if !is_inside && before == '"' => names += 1,
            _ => {}
        }
        before = c;
    }
    names
}

/// How many lines the handler has written, and their bytes.
pub fn size(host: &Host) -> (usize, usize) {
    let lines = host.log();
    let own = lines.iter().filter(|line| line.text.starts_with('{'));
    own.fold((0, 0), |(lines, bytes), line| {
        (lines + 1, bytes + line.text.len() + 1)
    })
}
