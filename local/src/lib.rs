//! Stand-ins for the services around the app, for a machine without Azure: what the Functions host,
//! Microsoft Entra ID and the recipient's mail server do, as far as the app and its tests can see
//! the difference. Everything listens on the loopback interface only, and none of it is part of
//! what gets deployed.

pub mod browser;
mod clock;
pub mod host;
mod loopback;
pub mod mailbox;
pub mod package;
mod page;

pub mod samples;
pub mod signin;
pub mod stack;
pub mod staff;
pub mod webhook;

/// Ends a command line program, with the error on stderr if there is one.
#[must_use]
#[expect(
    clippy::print_stderr,
    reason = "the programs are run at a command line"
)]
pub fn exit(program: &str, outcome: anyhow::Result<()>) -> std::process::ExitCode {
    match outcome {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{program}: {error:#}");
            std::process::ExitCode::FAILURE
        }
    }
}
