//! The sign-in service, seen from an app over HTTP and from a person at its pages.

mod faults;
mod journeys;
mod requests;
mod support;
