//! The log: one JSON object a line on stdout, which the Functions host collects.

use std::fmt;

use serde::Serialize;
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
    level_filters::LevelFilter,
    span,
};
use tracing_subscriber::{
    field::RecordFields,
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
/// be appended, and nothing is collected before it is written.
struct Members;

impl<'writer> FormatFields<'writer> for Members {
    fn format_fields<R: RecordFields>(&self, writer: Writer<'writer>, fields: R) -> fmt::Result {
        let mut members = MemberWriter {
            writer,
            result: Ok(()),
        };
        fields.record(&mut members);
        members.result
    }

    fn add_fields(
        &self,
        current: &'writer mut FormattedFields<Self>,
        fields: &span::Record<'_>,
    ) -> fmt::Result {
        self.format_fields(current.as_writer(), fields)
    }
}

/// Writes each field as a member.
struct MemberWriter<'writer> {
    writer: Writer<'writer>,
    result: fmt::Result,
}

impl MemberWriter<'_> {
    fn write(&mut self, field: &Field, value: impl Serialize) {
        // JSON of a string or a number cannot fail.
        let value = serde_json::to_string(&value).unwrap_or_default();
        for part in [",\"", field.name(), "\":", &value] {
            self.result = self.result.and(self.writer.write_str(part));
        }
    }
}

impl Visit for MemberWriter<'_> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.write(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.write(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.write(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.write(field, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.write(field, value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.write(field, format!("{value:?}"));
    }
}
