//! The log: one JSON object a line on stdout, which the Functions host collects.

use std::fmt;

use tracing::{Event, Subscriber, level_filters::LevelFilter, span};
use tracing_subscriber::{
    field::RecordFields,
    filter::Targets,
    fmt::{
        FmtContext, FormatEvent, FormatFields, FormattedFields,
        format::{JsonFields, Writer},
        time::{FormatTime, SystemTime},
    },
    layer::SubscriberExt,
    registry::LookupSpan,
    util::SubscriberInitExt,
};

/// Starts logging. Nothing is written to stderr: the Functions host records that as errors.
pub fn to_stdout(lookup: impl Fn(&str) -> Option<String>) {
    let wanted: Targets = lookup("RUST_LOG")
        .and_then(|text| text.parse().ok())
        .unwrap_or_else(|| Targets::new().with_default(LevelFilter::INFO));
    // Below `info`, the Azure libraries log complete requests and rows, credentials included, so
    // no setting can lower their level.
    let usual = Targets::new().with_default(wanted.default_level().unwrap_or(LevelFilter::INFO));
    let asked = wanted
        .iter()
        .filter(|(target, _)| !target.starts_with("azure_") && !target.starts_with("hyper"));
    let capped = [
        "azure_core",
        "azure_data_tables",
        "azure_storage",
        "azure_identity",
        "hyper",
    ]
    .map(|target| (target, LevelFilter::INFO));
    let filter = usual
        .with_targets(asked.map(|(target, level)| (target.to_owned(), level)))
        .with_targets(capped);
    // Where the host is gone, stdout is closed, and so may stderr be: without the last call a line
    // that cannot be written would panic.
    let lines = tracing_subscriber::fmt::layer()
        .log_internal_errors(false)
        .event_format(Lines)
        .fmt_fields(Members);
    tracing_subscriber::registry()
        .with(lines)
        .with(filter)
        .init();
}

/// The same lines as tracing-subscriber's own JSON format, which parses the fields of the span
/// again for each line: a tenth of the processor time of an InviteUser response.
struct Lines;

impl<S, F> FormatEvent<S, F> for Lines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    F: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, F>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let metadata = event.metadata();
        writer.write_str(r#"{"timestamp":""#)?;
        SystemTime.format_time(&mut writer)?;
        write!(writer, r#"","level":"{}""#, metadata.level())?;
        // The messages of this program are its own; those of libraries need a name beside them.
        let target = metadata.target();
        if !target.starts_with(env!("CARGO_CRATE_NAME")) {
            write!(writer, r#","target":"{target}""#)?;
        }
        context.format_fields(writer.by_ref(), event)?;
        if let Some(span) = context.lookup_current() {
            write!(writer, r#","span":{{"name":"{}""#, span.name())?;
            if let Some(FormattedFields { fields, .. }) =
                span.extensions().get::<FormattedFields<F>>()
            {
                writer.write_str(fields)?;
            }
            writer.write_char('}')?;
        }
        writeln!(writer, "}}")
    }
}

/// Fields as further members of a JSON object: `,"status":200,"outcome":"ok"`. So another one can
/// be appended.
struct Members;

impl<'writer> FormatFields<'writer> for Members {
    fn format_fields<R: RecordFields>(
        &self,
        mut writer: Writer<'writer>,
        fields: R,
    ) -> fmt::Result {
        let mut object = String::with_capacity(256);
        JsonFields::new().format_fields(Writer::new(&mut object), fields)?;
        match object
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'))
        {
            None | Some("") => Ok(()),
            Some(members) => write!(writer, ",{members}"),
        }
    }

    fn add_fields(
        &self,
        current: &'writer mut FormattedFields<Self>,
        fields: &span::Record<'_>,
    ) -> fmt::Result {
        self.format_fields(current.as_writer(), fields)
    }
}
