//! Who may accept an invitation, and what must never happen: each row of the table in `docs/SECURITY.md` that concerns
//! the sign-in, driven through the running service.

#![expect(clippy::unwrap_used, reason = "these are tests")]
#![expect(dead_code, reason = "the tests of the callback use the rest of the scene")]

#[path = "../support/mod.rs"]
mod support;

mod matching;
mod scene;
mod token_endpoint;
mod tokens;
