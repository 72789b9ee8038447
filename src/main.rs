//! The custom handler: environment, settings, service. With a word after it, a tool for operators.

use std::{env, fmt, process::ExitCode};

use onboarding::{
    app, check,
    config::{self, Config},
    serve,
};
use tracing::{Event, Subscriber, level_filters::LevelFilter};
use tracing_subscriber::{
    filter::Targets,
    fmt::{
        FmtContext, FormatEvent, FormatFields, FormattedFields,
        format::Writer,
        time::{FormatTime, SystemTime},
    },
    layer::SubscriberExt,
    registry::LookupSpan,
    util::SubscriberInitExt,
};

const USAGE: &str = "usage: handler            serves; the Functions host starts it so
       handler check      tries everything that the settings name; exit code 1: something fails, 2: a setting is wrong
       handler settings   lists the settings, where each comes from, and its value if it is no secret";

/// Wrong settings, or a wrong argument.
const WRONG: u8 = 2;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned()).collect();
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
    log_to_stdout();
    app::log_panics();
    let config = match Config::read(lookup) {
        Ok(config) => config,
        Err(problems) => return fail(&problems),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error),
    };
    match runtime.block_on(serve::serve(config)) {
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
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error),
    };
    let report = runtime.block_on(check::run(config, &lookup("SESSION_KEYS").unwrap_or_default()));
    print!("{report}");
    if report.is_fine() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
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

/// One JSON object a line; the Functions host reads stderr as errors.
fn log_to_stdout() {
    let wanted: Targets =
        lookup("RUST_LOG").and_then(|text| text.parse().ok()).unwrap_or_else(|| Targets::new().with_default(LevelFilter::INFO));
    // The libraries of Azure write whole requests and rows, credentials included, below `info`: nobody may ask for that.
    let usual = Targets::new().with_default(wanted.default_level().unwrap_or(LevelFilter::INFO));
    let asked = wanted.iter().filter(|(target, _)| !target.starts_with("azure_") && !target.starts_with("hyper"));
    let capped = ["azure_core", "azure_data_tables", "azure_storage", "azure_identity", "hyper"].map(|target| (target, LevelFilter::INFO));
    let filter = usual.with_targets(asked.map(|(target, level)| (target.to_owned(), level))).with_targets(capped);
    let lines = tracing_subscriber::fmt::layer().json().event_format(Lines);
    tracing_subscriber::registry().with(lines).with(filter).init();
}

/// A line as tracing-subscriber's own JSON writes it, which for each line reads the fields of the span again to write them
/// again: a tenth of what an answer cost.
struct Lines;

impl<S, F> FormatEvent<S, F> for Lines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    F: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, context: &FmtContext<'_, S, F>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let (metadata, mut fields) = (event.metadata(), String::with_capacity(256));
        // `{"message":…}`: the formatter writes an object.
        context.format_fields(Writer::new(&mut fields), event)?;
        writer.write_str(r#"{"timestamp":""#)?;
        SystemTime.format_time(&mut writer)?;
        write!(writer, r#"","level":"{}","target":"{}""#, metadata.level(), metadata.target())?;
        write_members(&mut writer, &fields)?;
        if let Some(span) = context.lookup_current() {
            write!(writer, r#","span":{{"name":"{}""#, span.name())?;
            if let Some(fields) = span.extensions().get::<FormattedFields<F>>() {
                write_members(&mut writer, fields)?;
            }
            writer.write_char('}')?;
        }
        writeln!(writer, "}}")
    }
}

/// Goes on with the members of a JSON object, if it has any.
fn write_members(writer: &mut Writer<'_>, object: &str) -> fmt::Result {
    match object.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        None | Some("") => Ok(()),
        Some(members) => write!(writer, ",{members}"),
    }
}

#[expect(clippy::print_stderr, reason = "the host shows stderr to the operator")]
fn fail(why: &dyn std::fmt::Display) -> ExitCode {
    eprintln!("{}", why.to_string().trim_end());
    ExitCode::FAILURE
}
