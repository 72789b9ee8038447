//! The custom handler: environment, settings, service. With a word after it, a tool for operators.

use std::{env, process::ExitCode};

use onboarding::{
    check,
    config::{self, Config},
    http::observe,
    startup, telemetry,
};
const USAGE: &str = "usage: handler            serves; the Functions host starts it so
       handler check      tries everything that the settings name; exit code 1: something fails, 2: a setting is wrong
       handler settings   lists the settings, where each comes from, and its value if it is no secret";

/// Wrong settings, or a wrong argument.
const WRONG: u8 = 2;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args_os()
        .skip(1)
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => serve(),
        ["check"] => check(),
        ["settings"] => settings(),
        _ => wrong(&USAGE),
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

/// Prints what works. Nothing is logged: what matters is in the report.
#[expect(clippy::print_stdout, reason = "an operator reads it")]
fn check() -> ExitCode {
    let config = match Config::read(lookup) {
        Ok(config) => config,
        Err(problems) => return wrong(&problems),
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

#[expect(clippy::print_stdout, reason = "an operator reads it")]
fn settings() -> ExitCode {
    print!("{}", config::list(lookup));
    match Config::read(lookup) {
        Ok(_) => ExitCode::SUCCESS,
        Err(problems) => wrong(&problems),
    }
}

fn wrong(why: &dyn std::fmt::Display) -> ExitCode {
    fail(why);
    ExitCode::from(WRONG)
}

#[expect(clippy::print_stderr, reason = "the host shows stderr to the operator")]
fn fail(why: &dyn std::fmt::Display) -> ExitCode {
    eprintln!("{}", why.to_string().trim_end());
    ExitCode::FAILURE
}
