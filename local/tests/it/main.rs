//! The stand-ins, as the app and its users see them.
#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod host;
mod mailbox;
mod signin;
mod webhook;
