//! The journey in a real browser, as a recipient sees it. Pictures of the pages go to `target/screenshots`.

#![expect(clippy::unwrap_used, reason = "these are tests")]

#[path = "../support/chrome.rs"]
mod chrome;
#[path = "../support/mod.rs"]
mod support;

mod journey;
mod steps;
