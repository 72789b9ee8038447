//! The stand-in host with a real handler process behind it.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers too"
)]

mod forwarding;
mod keys;
mod living;
mod proxying;
mod reading_the_app;
mod routing;
mod starting;
mod support;
mod timers;
