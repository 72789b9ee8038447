//! The custom handler: environment, settings, service.

use std::{env, process::ExitCode};

use onboarding::{config::Config, serve};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::{filter::Targets, layer::SubscriberExt, util::SubscriberInitExt};

fn main() -> ExitCode {
    log_to_stdout();
    let config = match Config::read(|name| env::var(name).ok()) {
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

/// One JSON object a line; the Functions host reads stderr as errors.
fn log_to_stdout() {
    let wanted: Targets =
        env::var("RUST_LOG").ok().and_then(|text| text.parse().ok()).unwrap_or_else(|| Targets::new().with_default(LevelFilter::INFO));
    // The libraries of Azure write whole requests and rows, credentials included, below `info`: nobody may ask for that.
    let usual = Targets::new().with_default(wanted.default_level().unwrap_or(LevelFilter::INFO));
    let asked = wanted.iter().filter(|(target, _)| !target.starts_with("azure_") && !target.starts_with("hyper"));
    let capped = ["azure_core", "azure_data_tables", "azure_storage", "azure_identity", "hyper"].map(|target| (target, LevelFilter::INFO));
    let filter = usual.with_targets(asked.map(|(target, level)| (target.to_owned(), level))).with_targets(capped);
    let lines = tracing_subscriber::fmt::layer().json().flatten_event(true).with_current_span(true).with_span_list(false);
    tracing_subscriber::registry().with(lines).with(filter).init();
}

#[expect(clippy::print_stderr, reason = "the host shows stderr to the operator")]
fn fail(why: &dyn std::fmt::Display) -> ExitCode {
    eprintln!("{}", why.to_string().trim_end());
    ExitCode::FAILURE
}
