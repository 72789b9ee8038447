//! `handler settings`: lists every setting with the source of its value, and the value if it is no
//! secret.

use url::Url;

use super::{Reader, SETTINGS};

/// The defaults.
const DEFAULTS: &[(&str, &str)] = &[
    ("INVITATION_TABLE", "Invitations"),
    ("INVITATION_DAYS", "30"),
    ("RETENTION_DAYS", "365"),
    ("EVENT_FEED_DAYS", "30"),
    ("OTEL_SERVICE_NAME", "onboarding"),
    ("OTEL_TRACES_SAMPLER", "parentbased_always_on"),
    ("RUST_LOG", "info"),
];

/// Longer values are truncated.
const MAX_VALUE_CHARS: usize = 80;

/// A line for each setting, in the order of [`SETTINGS`]: name, source, value. Secrets are masked.
pub fn list(lookup: impl Fn(&str) -> Option<String>) -> String {
    let read = Reader::new(&lookup);
    let width = SETTINGS
        .iter()
        .map(|name| name.len())
        .max()
        .unwrap_or_default();
    let line = |name: &&str| {
        let (source, value) = describe(&read, name);
        format!("{name:width$}  {source:16}  {value}")
            .trim_end()
            .to_owned()
            + "\n"
    };
    SETTINGS.iter().map(line).collect()
}

fn describe(read: &Reader, name: &str) -> (&'static str, String) {
    if read.is_unresolved(name) {
        return ("not resolved", "@Microsoft.KeyVault(…)".to_owned());
    }
    if let Some(value) = read.optional(name) {
        let is_host_only = name.starts_with("AzureWebJobsStorage") && has_own_storage(read);
        let source = if is_host_only {
            "host only"
        } else {
            "environment"
        };
        return (source, redact(name, &value));
    }
    if name == "PUBLIC_BASE_URL"
        && let Some(host) = read.optional("WEBSITE_HOSTNAME")
    {
        return ("WEBSITE_HOSTNAME", format!("https://{host}"));
    }
    if let Some(suffix) = name.strip_prefix("INVITATION_STORAGE") {
        let fallback = format!("AzureWebJobsStorage{suffix}");
        if !has_own_storage(read) && read.optional(&fallback).is_some() {
            return ("fallback", format!("see {fallback}"));
        }
    }
    match DEFAULTS.iter().find(|(own, _)| *own == name) {
        Some((_, value)) => ("default", (*value).to_owned()),
        None => ("not set", String::new()),
    }
}

/// Whether the app has a storage setting of its own, so that the host's is not used.
fn has_own_storage(read: &Reader) -> bool {
    ["", "__accountName", "__tableServiceUri"]
        .iter()
        .any(|suffix| {
            read.optional(&format!("INVITATION_STORAGE{suffix}"))
                .is_some()
        })
}

/// The value without its secret parts.
fn redact(name: &str, value: &str) -> String {
    match name {
        "ENTRA_CLIENT_SECRET"
        | "SESSION_KEYS"
        | "WEBHOOK_SECRET"
        | "OTEL_EXPORTER_OTLP_HEADERS" => "(secret)".to_owned(),
        "INVITATION_STORAGE" | "AzureWebJobsStorage" => redact_storage(value),
        // A URL may contain a password, and a webhook's path or query is often the secret itself.
        "SMTP_URL" | "WEBHOOK_URL" | "OTEL_EXPORTER_OTLP_ENDPOINT" => redact_url(value),
        _ if Url::parse(value).is_ok_and(|url| url.password().is_some()) => redact_url(value),
        _ => truncate(value),
    }
}

fn redact_storage(value: &str) -> String {
    if value == "UseDevelopmentStorage=true" || value.starts_with("embedded:") {
        return truncate(value);
    }
    let account = value
        .split(';')
        .find_map(|part| part.trim().strip_prefix("AccountName="));
    account.map_or("(secret)".to_owned(), |account| {
        format!("(secret) account {}", truncate(account))
    })
}

fn redact_url(value: &str) -> String {
    let Ok(url) = Url::parse(value) else {
        return "(not a URL)".to_owned();
    };
    let secret = if url.username().is_empty() && url.password().is_none() {
        ""
    } else {
        "(secret)@"
    };
    let port = url.port().map_or(String::new(), |port| format!(":{port}"));
    let rest = if url.path().len() > 1 || url.query().is_some() {
        "/…"
    } else {
        ""
    };
    format!(
        "{}://{secret}{}{port}{rest}",
        url.scheme(),
        url.host_str().unwrap_or_default()
    )
}

fn truncate(value: &str) -> String {
    let printable: String = value
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if printable.chars().count() <= MAX_VALUE_CHARS {
        printable
    } else {
        printable
            .chars()
            .take(MAX_VALUE_CHARS)
            .chain(['…'])
            .collect()
    }
}
