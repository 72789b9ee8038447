//! The command line: the custom handler without arguments, tools for operators with one.

use std::{
    env, fs,
    io::{self, Write},
    path::Path,
    process::ExitCode,
};

use onboarding::{
    build_info, check,
    clock::Clock,
    config::{self, Config},
    connector,
    functions::open_api::{self, Ordered, Version},
    http::observe,
    startup,
    store::Store,
    telemetry, transfer,
};

const USAGE: &str = "usage: handler            runs the service; started by the Functions host
       handler check      tests everything that the settings name; exit code 1: a test fails, 2: a setting is wrong
       handler settings   lists the settings, with the source and value of each; secrets are masked
       handler --version  prints the version, and the commit that it was built from
       handler export FILE
                          copies the table into a file; the same file again: continues
       handler import FILE [ERASURES]
                          reads such a file into an empty table; again: continues. Then erases the invitations whose
                          ids the second file lists, one a line
       handler resume-delivery
                          delivers what waits since an import
       handler openapi [--format 3.1|3.0|2.0]
                          prints the description of the API; 2.0 is Swagger
       handler connector FOLDER
                          writes the definition of the Power Platform connector into a folder";

/// DNS lookups, and the embedded store's one writer. Each thread keeps half a megabyte of the allocator's memory.
const MAX_BLOCKING_THREADS: usize = 8;

/// The exit code for wrong settings or arguments.
const EXIT_USAGE: u8 = 2;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args_os()
        .skip(1)
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => serve(),
        ["check"] => run_tool(check),
        ["settings"] => settings(),
        ["export", file] => transfer(Command::Export(file)),
        ["import", file] => transfer(Command::Import(file, None)),
        ["import", file, erasures] => transfer(Command::Import(file, Some(erasures))),
        ["resume-delivery"] => transfer(Command::ResumeDelivery),
        ["openapi"] => open_api(Version::V3_1),
        ["openapi", "--format", "3.1"] => open_api(Version::V3_1),
        ["openapi", "--format", "3.0"] => open_api(Version::V3_0),
        ["openapi", "--format", "2.0" | "swagger2"] => open_api(Version::V2_0),
        ["connector", folder] => connector(folder.as_ref()),
        ["--version"] => version(),
        ["--help" | "-h"] => help(),
        _ => usage_error(&format!(
            "handler: cannot run `{}`\n{USAGE}",
            arguments.join(" ")
        )),
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
        .max_blocking_threads(MAX_BLOCKING_THREADS)
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return fail(&no_threads(&error)),
    };
    let Err(error) = runtime.block_on(startup::serve(config));
    fail(&error)
}

/// Runs a tool over the settings. Nothing is logged.
fn run_tool(tool: impl AsyncFnOnce(Config) -> ExitCode) -> ExitCode {
    let config = match Config::read(lookup) {
        Ok(config) => config,
        Err(problems) => return usage_error(&problems),
    };
    match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime.block_on(tool(config)),
        Err(error) => fail(&no_threads(&error)),
    }
}

/// Prints the results of all probes.
#[expect(clippy::print_stdout, reason = "the output is for an operator")]
async fn check(config: Config) -> ExitCode {
    let table = config.storage.open(&config.table);
    let report = check::run(&config, table).await;
    print!("{report}");
    if report.passed() {
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

/// What an operator does with the table.
#[derive(Clone, Copy)]
enum Command<'a> {
    Export(&'a str),
    Import(&'a str, Option<&'a str>),
    ResumeDelivery,
}

fn transfer(command: Command<'_>) -> ExitCode {
    run_tool(async |config| match run_transfer(config, command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error),
    })
}

async fn run_transfer(
    config: Config,
    command: Command<'_>,
) -> Result<(), Box<dyn std::error::Error>> {
    let table = config.storage.open(&config.table)?;
    let (clock, now) = (Clock::system(), Clock::system().now());
    let options = config.store_options(clock);
    let (store, _intents) = Store::new(table, config.sealer.clone(), options);
    let (config, store) = (&config, &store);
    let mut report = |line: String| print_line(&line);
    match command {
        Command::Export(file) => {
            transfer::export(config, store, file.as_ref(), now, &mut report).await?;
        }
        Command::Import(file, erasures) => {
            let erasures = erasures.map(Path::new);
            transfer::import(config, store, file.as_ref(), erasures, now, &mut report).await?;
        }
        Command::ResumeDelivery => transfer::resume_delivery(store, now, &mut report).await?,
    }
    Ok(())
}

/// Prints the description of the API of the deployment that the settings describe.
#[expect(clippy::print_stdout, reason = "the output is for an operator")]
fn open_api(version: Version) -> ExitCode {
    let config = match Config::read(lookup) {
        Ok(config) => config,
        Err(problems) => return usage_error(&problems),
    };
    let text = open_api::document_of(&config, version)
        .and_then(|document| serde_json::to_string_pretty(&Ordered(&document)));
    match text {
        Ok(text) => {
            println!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) => fail(&error),
    }
}

/// Writes the files of the connector. They are the same for every deployment.
fn connector(folder: &Path) -> ExitCode {
    let written = connector::files()
        .map_err(io::Error::from)
        .and_then(|files| {
            let mut files = files.into_iter();
            files.try_for_each(|(name, text)| fs::write(folder.join(name), text))
        });
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&format!("{}: {error}", folder.display())),
    }
}

fn no_threads(error: &io::Error) -> String {
    format!("the threads cannot be started: {error}; give the instance more memory")
}

#[expect(clippy::print_stdout, reason = "the output is for an operator")]
fn version() -> ExitCode {
    println!(
        "onboarding {} ({})",
        build_info::VERSION,
        build_info::COMMIT
    );
    ExitCode::SUCCESS
}

#[expect(clippy::print_stdout, reason = "the output is for an operator")]
fn help() -> ExitCode {
    println!("{USAGE}");
    ExitCode::SUCCESS
}

fn usage_error(reason: &dyn std::fmt::Display) -> ExitCode {
    fail(reason);
    ExitCode::from(EXIT_USAGE)
}

fn fail(reason: &dyn std::fmt::Display) -> ExitCode {
    print_line(reason);
    ExitCode::FAILURE
}

/// One line on stderr, which the host shows to the operator. The pipe may be closed: the host may
/// be gone.
fn print_line(line: &dyn std::fmt::Display) {
    let _ = writeln!(io::stderr(), "{}", line.to_string().trim_end());
}
