//! The command line: the custom handler without arguments, tools for operators with one.

use std::{env, process::ExitCode};

use onboarding::{
    check,
    config::{self, Config},
    http::observe,
    startup, telemetry,
};

const USAGE: &str = "usage: handler            runs the service; started by the Functions host
       handler check      tests everything that the settings name; exit code 1: a test fails, 2: a setting is wrong
       handler settings   lists the settings, with the source and value of each; secrets are masked";

/// The exit code for wrong settings or arguments.
const EXIT_USAGE: u8 = 2;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args_os()
        .skip(1)
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => serve(),
        ["check"] => check(),
        ["settings"] => settings(),
        _ => usage_error(&USAGE),
    }
}

fn lookup(name: &str) -> Option<String> {
    env::var(name).ok()
}

fn serve() -> ExitCode {
    telemetry::log::to_stdout(lookup);
    observe::log_panics();
    let config = match Config::read(lookup) {
        Ok(config) => config,
        Err(problems) => return fail(&problems),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error),
    };
    match runtime.block_on(startup::serve(config)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error),
    }
}

/// Prints the results of all probes. Nothing is logged.
#[expect(clippy::print_stdout, reason = "the output is for an operator")]
fn check() -> ExitCode {
    let config = match Config::read(lookup) {
        Ok(config) => config,
        Err(problems) => return usage_error(&problems),
    };
    let runtime = match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error),
    };
    let report = runtime.block_on(check::run(
        config,
        &lookup("SESSION_KEYS").unwrap_or_default(),
    ));
    print!("{report}");
    if report.is_fine() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

#[expect(clippy::print_stdout, reason = "the output is for an operator")]
fn settings() -> ExitCode {
    print!("{}", config::list(lookup));
    match Config::read(lookup) {
        Ok(_) => ExitCode::SUCCESS,
        Err(problems) => usage_error(&problems),
    }
}

fn usage_error(reason: &dyn std::fmt::Display) -> ExitCode {
    fail(reason);
    ExitCode::from(EXIT_USAGE)
}

#[expect(clippy::print_stderr, reason = "the host shows stderr to the operator")]
fn fail(reason: &dyn std::fmt::Display) -> ExitCode {
    eprintln!("{}", reason.to_string().trim_end());
    ExitCode::FAILURE
}
