//! The settings, parsed once from the environment.
//!
//! A start with wrong settings reports every error, one line each. Secret values have types without
//! a readable `Debug`.

mod channels;
mod days;
mod entra;
mod list;
mod platform;
mod reader;
mod schedule;
mod session_keys;
mod storage;

use std::fmt;

use time::{Duration, OffsetDateTime, UtcOffset, macros::time};
use tracing_subscriber::filter::Targets;
use url::Url;

pub use channels::{MailConfig, WebhookConfig};
pub use entra::{ClientCredential, Desk, Entra};
pub use list::list;
pub use platform::{Platform, WelcomeLink};
use reader::Reader;
pub use session_keys::SessionKeys;
pub use storage::{HostStorage, Storage};

use crate::{
    clock::Clock,
    domain::invitation::Reminders,
    net::BaseUrl,
    seal::Sealer,
    store::{Channels, Options},
};

/// Every setting that is read, for `handler settings` and the examples. A test compares the list
/// with the names that are looked up.
pub const SETTINGS: &[&str] = &[
    "PUBLIC_BASE_URL",
    "ENTRA_AUTHORITY",
    "ENTRA_CLIENT_ID",
    "ENTRA_CLIENT_SECRET",
    "ENTRA_CLIENT_ASSERTION",
    "AZURE_CLIENT_ID",
    "ENTRA_ALLOWED_TENANTS",
    "ENTRA_TRUSTED_EMAIL_TENANTS",
    "ENTRA_SIGN_UP_PROMPT",
    "DESK_TENANT",
    "SESSION_KEYS",
    "INVITATION_STORAGE",
    "INVITATION_STORAGE__accountName",
    "INVITATION_STORAGE__tableServiceUri",
    "INVITATION_STORAGE__clientId",
    "AzureWebJobsStorage",
    "AzureWebJobsStorage__accountName",
    "AzureWebJobsStorage__blobServiceUri",
    "AzureWebJobsStorage__tableServiceUri",
    "AzureWebJobsStorage__clientId",
    "INVITATION_TABLE",
    "INVITATION_DAYS",
    "REMIND_DAYS_BEFORE",
    "RETENTION_DAYS",
    "EVENT_FEED_DAYS",
    "DELIVER_SCHEDULE",
    "PURGE_SCHEDULE",
    "SMTP_URL",
    "MAIL_FROM",
    "WEBHOOK_URL",
    "WEBHOOK_SECRET",
    "WEBHOOK_ALLOW_PRIVATE",
    "PLATFORM_NAME",
    "PLATFORM_COLOR",
    "PLATFORM_LOGO",
    "PLATFORM_PURPOSE",
    "PLATFORM_URL",
    "SUPPORT_URL",
    "DOCS_URL",
    "LEGAL_LINKS",
    "WELCOME_LINKS",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_HEADERS",
    "OTEL_SERVICE_NAME",
    "OTEL_RESOURCE_ATTRIBUTES",
    "OTEL_TRACES_SAMPLER",
    "OTEL_TRACES_SAMPLER_ARG",
    "RUST_LOG",
];

/// Source: <https://opentelemetry.io/docs/languages/sdk-configuration/general/#otel_traces_sampler>
const SAMPLERS: [&str; 6] = [
    "always_on",
    "always_off",
    "traceidratio",
    "parentbased_always_on",
    "parentbased_always_off",
    "parentbased_traceidratio",
];

/// All settings.
#[derive(Clone, Debug)]
pub struct Config {
    /// The port that the Functions host forwards to; 0: any free port.
    pub port: u16,
    /// Whether the Functions host has started this process.
    pub is_hosted: bool,
    /// The public origin, with which every link begins.
    pub public: BaseUrl,
    /// The sign-in service.
    pub entra: Entra,
    /// The desk; `None`: there is none.
    pub desk: Option<Desk>,
    /// Seals cookies, links and form tokens.
    pub sealer: Sealer,
    /// What is known of the keys that it seals with.
    pub session_keys: SessionKeys,
    /// The storage account or folder.
    pub storage: Storage,
    /// The storage account of the Functions host.
    pub host_storage: HostStorage,
    /// The table's name.
    pub table: String,
    /// The default lifetime of an invitation.
    pub valid_for: Duration,
    /// When recipients are reminded.
    pub reminders: Reminders,
    /// How long an invitation is kept after its last change.
    pub kept_for: Duration,
    /// How long the feed keeps events; `None`: there is no feed.
    pub feed_kept_for: Option<Duration>,
    /// The mail server; `None`: no e-mail is sent.
    pub mail: Option<MailConfig>,
    /// The receiver of events; `None`: no events are sent.
    pub webhook: Option<WebhookConfig>,
    /// How the platform presents itself.
    pub platform: Platform,
    /// Whether traces and metrics are exported. The exporter reads its settings itself, by their
    /// standard names: <https://opentelemetry.io/docs/specs/otel/protocol/exporter/>
    pub telemetry: bool,
}

/// The errors of the settings, one line each.
#[derive(Debug, PartialEq, Eq)]
pub struct Problems(Vec<String>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

impl std::error::Error for Problems {}

impl Config {
    /// When an invitation of now expires: at the first noon in UTC after its days, so that people
    /// can be given a day without an hour.
    #[must_use]
    pub fn expiry(&self, now: OffsetDateTime) -> OffsetDateTime {
        let expires = (now + self.valid_for).to_offset(UtcOffset::UTC);
        let noon = expires.replace_time(time!(12:00));
        if noon < expires {
            noon + Duration::DAY
        } else {
            noon
        }
    }

    /// Reads the settings; `lookup` returns the value of one.
    ///
    /// # Errors
    /// All errors, each with the name of the setting and without its value.
    pub fn read(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Problems> {
        let mut read = Reader::new(&lookup);
        let port = read
            .parse("FUNCTIONS_CUSTOMHANDLER_PORT", "a port number")
            .unwrap_or(7071);
        let is_hosted = read.optional("FUNCTIONS_CUSTOMHANDLER_WORKER_ID").is_some();
        let public = public_url(&mut read);
        let entra = entra::read(&mut read);
        let desk = entra::read_desk(&mut read, entra.as_ref());
        let keys = session_keys::read(&mut read);
        let storage = storage::read(&mut read);
        let host_storage = storage::read_host(&read);
        let table = storage::table(&mut read);
        let valid_for = days::read(&mut read, "INVITATION_DAYS", 30);
        let reminders = days::reminders(&mut read);
        let kept_for = days::read(&mut read, "RETENTION_DAYS", 365);
        let feed_kept_for = days::feed(&mut read);
        schedule::check(&mut read, is_hosted);
        let mail = channels::mail(&mut read);
        let webhook = channels::webhook(&mut read);
        let platform = platform::read(&mut read);
        let telemetry = telemetry(&mut read);
        read.parse::<Targets>(
            "RUST_LOG",
            "a level such as info, or levels of targets such as info,onboarding=debug",
        );
        let problems = read.finish(&own_settings());
        match (problems, public, entra, keys, storage, platform) {
            (problems, Some(public), Some(entra), Some(keys), Some(storage), Some(platform))
                if problems.is_empty() =>
            {
                Ok(Self {
                    port,
                    is_hosted,
                    public,
                    entra,
                    desk,
                    sealer: keys.0,
                    session_keys: keys.1,
                    storage,
                    host_storage,
                    table,
                    valid_for,
                    reminders,
                    kept_for,
                    feed_kept_for,
                    mail,
                    webhook,
                    platform,
                    telemetry,
                })
            }
            (problems, ..) => Err(Problems(problems)),
        }
    }
}

/// The settings without those of the host's storage, which are the host's to report.
fn own_settings() -> Vec<&'static str> {
    let own = |name: &&str| !name.starts_with("AzureWebJobsStorage");
    SETTINGS.iter().copied().filter(own).collect()
}

impl Config {
    /// The options of the store.
    #[must_use]
    pub fn store_options(&self, clock: Clock) -> Options {
        Options {
            channels: Channels {
                mail: self.mail.is_some(),
                webhook: self.webhook.is_some(),
            },
            clock,
            feed_kept_for: self.feed_kept_for,
            reminders: self.reminders.clone(),
        }
    }
}

fn public_url(read: &mut Reader) -> Option<BaseUrl> {
    if let Some(text) = read.optional("PUBLIC_BASE_URL") {
        return read.check("PUBLIC_BASE_URL", text.parse());
    }
    match read.optional("WEBSITE_HOSTNAME") {
        Some(host) => read.check("PUBLIC_BASE_URL", format!("https://{host}").parse()),
        None => read.missing(
            "PUBLIC_BASE_URL",
            "the address that recipients open, such as https://invite.example.com",
        ),
    }
}

/// The exporter reads these settings itself, but ignores some errors, and reports others only after
/// the start.
fn telemetry(read: &mut Reader) -> bool {
    let Some(text) = read.optional("OTEL_EXPORTER_OTLP_ENDPOINT") else {
        return false;
    };
    // The exporter is stricter than the URL standard.
    let is_strict = text.parse::<http::Uri>().is_ok();
    let url = Url::parse(&text)
        .ok()
        .filter(|url| is_strict && matches!(url.scheme(), "https" | "http") && url.has_host());
    let url = read.check(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        url.ok_or("must be an http(s) URL such as http://collector:4318"),
    );
    for name in ["OTEL_EXPORTER_OTLP_HEADERS", "OTEL_RESOURCE_ATTRIBUTES"] {
        let are_pairs = |text: &str| {
            text.split(',').all(|pair| {
                pair.split_once('=')
                    .is_some_and(|(name, _)| !name.trim().is_empty())
            })
        };
        if read.optional(name).is_some_and(|text| !are_pairs(&text)) {
            read.problem(name, "must be pairs such as NAME=VALUE,NAME=VALUE");
        }
    }
    if read
        .optional("OTEL_TRACES_SAMPLER")
        .is_some_and(|sampler| !SAMPLERS.contains(&sampler.as_str()))
    {
        read.problem(
            "OTEL_TRACES_SAMPLER",
            format!("must be one of {}", SAMPLERS.join(", ")),
        );
    }
    let share = read.parse::<f64>("OTEL_TRACES_SAMPLER_ARG", "a number from 0 to 1");
    if share.is_some_and(|share| !(0.0..=1.0).contains(&share)) {
        read.problem("OTEL_TRACES_SAMPLER_ARG", "must be a number from 0 to 1");
    }
    url.is_some()
}

#[cfg(test)]
mod tests;
