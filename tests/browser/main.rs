//! The journey in a real browser, as a recipient sees it. Pictures of the pages go to
//! `target/screenshots`.

#![expect(clippy::unwrap_used, reason = "these are tests")]

#[path = "../support/chrome.rs"]
mod chrome;
#[path = "../../examples/gallery.rs"]
#[expect(dead_code, reason = "its main writes the pages to files")]
mod gallery;
#[path = "../support/mod.rs"]
mod support;

mod accessibility;
mod company_form;
mod journey;
mod keyboard;
mod languages;
mod letters;
mod scanners;
mod steps;
mod tour;
mod without_scripts;
