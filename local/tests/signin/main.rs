//! The sign-in service, seen from an app over HTTP and from the person at its pages.
#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod faults;
mod help;
mod journeys;
mod requests;
