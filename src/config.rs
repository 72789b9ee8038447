//! The settings, read once from the environment into types that cannot be wrong.
//!
//! A start with wrong settings tells all that is wrong at once, one line each. Values that are secrets are in types
//! without a readable `Debug`.

mod base_url;
mod listing;
mod reader;

use std::{fmt, path::PathBuf};

use base64::{Engine, engine::general_purpose::STANDARD};
use lettre::{AsyncSmtpTransport, Tokio1Executor};
use secrecy::SecretString;
use serde::Deserialize;
use time::Duration;
use tracing_subscriber::filter::Targets;
use url::Url;
use uuid::Uuid;

pub use base_url::BaseUrl;
pub(crate) use base_url::is_loopback;
pub use listing::list;
use reader::Reader;

use crate::{
    email::Email,
    public_only::is_public,
    seal::Sealer,
    store::azure,
    text::Lang,
    views::{Color, Theme},
};

/// Every setting that is read, for `handler settings` and the examples. A test compares it with what is asked for.
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
    "SESSION_KEYS",
    "INVITATION_STORAGE",
    "INVITATION_STORAGE__accountName",
    "INVITATION_STORAGE__tableServiceUri",
    "INVITATION_STORAGE__clientId",
    "AzureWebJobsStorage",
    "AzureWebJobsStorage__accountName",
    "AzureWebJobsStorage__tableServiceUri",
    "AzureWebJobsStorage__clientId",
    "INVITATION_TABLE",
    "INVITATION_DAYS",
    "RETENTION_DAYS",
    "SMTP_URL",
    "MAIL_FROM",
    "WEBHOOK_URL",
    "WEBHOOK_SECRET",
    "WEBHOOK_ALLOW_PRIVATE",
    "PLATFORM_NAME",
    "PLATFORM_COLOR",
    "PLATFORM_URL",
    "SUPPORT_URL",
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
const SAMPLERS: [&str; 6] =
    ["always_on", "always_off", "traceidratio", "parentbased_always_on", "parentbased_always_off", "parentbased_traceidratio"];

/// All settings.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the Functions host finds this process; 0 takes a free port.
    pub port: u16,
    /// What the links that we build begin with.
    pub public: BaseUrl,
    /// The sign-in.
    pub entra: Entra,
    /// Seals cookies, links and form tokens.
    pub sealer: Sealer,
    /// Where the state is kept.
    pub storage: Storage,
    /// The table's name.
    pub table: String,
    /// How long a new invitation can be accepted.
    pub valid_for: Duration,
    /// How long an invitation is kept after the last thing that happened to it.
    pub kept_for: Duration,
    /// How e-mail goes out; `None`: it does not.
    pub mail: Option<MailConfig>,
    /// Who is told what happens; `None`: nobody.
    pub webhook: Option<WebhookConfig>,
    /// How the platform presents itself.
    pub platform: Platform,
    /// Whether traces and metrics are exported. The exporter reads its settings itself, by their standard names:
    /// <https://opentelemetry.io/docs/specs/otel/protocol/exporter/>
    pub telemetry: bool,
}

/// Microsoft Entra ID.
#[derive(Clone, Debug)]
pub struct Entra {
    /// `{authority}/.well-known/openid-configuration` is the metadata.
    pub authority: Url,
    /// The app registration.
    pub client_id: String,
    /// How it proves itself to the token endpoint.
    pub credential: ClientCredential,
    /// Empty: any.
    pub allowed_tenants: Vec<Uuid>,
    /// Tenants whose `email` claim the tenant itself verifies.
    pub trusted_email_tenants: Vec<Uuid>,
    /// Whether `prompt=create` may be sent.
    pub sign_up_prompt: bool,
}

/// Client authentication.
#[derive(Clone, Debug)]
pub enum ClientCredential {
    /// `client_secret` in the body.
    Secret(SecretString),
    /// A token of a managed identity as `client_assertion`.
    ManagedIdentity {
        /// The user-assigned identity; `None`: the system-assigned one.
        client_id: Option<String>,
    },
}

/// Where the state is kept.
#[derive(Clone)]
pub enum Storage {
    /// An account key or a shared access signature.
    ConnectionString(SecretString),
    /// No secret at all.
    ManagedIdentity {
        /// `https://ACCOUNT.table.core.windows.net/`
        service: Url,
        /// The user-assigned identity; `None`: the system-assigned one.
        client_id: Option<String>,
    },
    /// A folder of this machine.
    Embedded(PathBuf),
}

impl fmt::Debug for Storage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ConnectionString(_) => f.write_str("ConnectionString(…)"),
            Self::ManagedIdentity { service, .. } => write!(f, "ManagedIdentity({service})"),
            Self::Embedded(dir) => write!(f, "Embedded({})", dir.display()),
        }
    }
}

/// E-mail.
#[derive(Clone, Debug)]
pub struct MailConfig {
    /// With user and password, therefore secret.
    pub smtp: SecretString,
    /// The sender, `Name <address>` or an address.
    pub from: String,
}

/// The webhook.
#[derive(Clone, Debug)]
pub struct WebhookConfig {
    /// The receiver.
    pub url: Url,
    /// `whsec_…`, one or, while rotating, two.
    pub secrets: Vec<SecretString>,
    /// Whether the receiver may have a loopback or private address.
    pub allow_private: bool,
}

/// How the platform presents itself.
#[derive(Clone, Debug)]
pub struct Platform {
    /// Its name.
    pub name: String,
    /// Its colours.
    pub theme: Theme,
    /// Its address.
    pub url: Option<Url>,
    /// Where people find help.
    pub support_url: Option<Url>,
    /// The tiles of the welcome page.
    pub links: Vec<WelcomeLink>,
}

/// A tile of the welcome page.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WelcomeLink {
    title: std::collections::BTreeMap<String, String>,
    /// Where it leads.
    pub url: Url,
    /// The name of an icon.
    #[serde(default)]
    pub icon: String,
}

impl WelcomeLink {
    /// The title in the language, or in English, or whichever there is.
    #[must_use]
    pub fn title(&self, lang: Lang) -> &str {
        [lang.tag(), Lang::En.tag()]
            .iter()
            .find_map(|tag| self.title.get(*tag))
            .or_else(|| self.title.values().next())
            .map_or("", String::as_str)
    }
}

/// What is wrong with the settings, one line each.
#[derive(Debug, PartialEq, Eq)]
pub struct Problems(Vec<String>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

impl std::error::Error for Problems {}

impl Config {
    /// Reads the settings through `lookup`, which answers with the value of a setting.
    ///
    /// # Errors
    /// Everything that is wrong, each line with the setting's name. No value is repeated.
    pub fn read(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Problems> {
        let mut read = Reader::new(&lookup);
        let port = read.parse("FUNCTIONS_CUSTOMHANDLER_PORT", "a port number").unwrap_or(7071);
        let public = public_url(&mut read);
        let entra = entra(&mut read);
        let sealer = sealer(&mut read);
        let storage = storage(&mut read);
        let table = table(&mut read);
        let valid_for = days(&mut read, "INVITATION_DAYS", 30);
        let kept_for = days(&mut read, "RETENTION_DAYS", 365);
        let mail = mail(&mut read);
        let webhook = webhook(&mut read);
        let platform = platform(&mut read);
        let telemetry = telemetry(&mut read);
        read.parse::<Targets>("RUST_LOG", "a level such as info, or levels of targets such as info,onboarding=debug");
        match (read.finish(), public, entra, sealer, storage, platform) {
            (problems, Some(public), Some(entra), Some(sealer), Some(storage), Some(platform)) if problems.is_empty() => {
                Ok(Self { port, public, entra, sealer, storage, table, valid_for, kept_for, mail, webhook, platform, telemetry })
            }
            (problems, ..) => Err(Problems(problems)),
        }
    }
}

fn public_url(read: &mut Reader) -> Option<BaseUrl> {
    if let Some(text) = read.optional("PUBLIC_BASE_URL") {
        return read.check("PUBLIC_BASE_URL", text.parse());
    }
    match read.optional("WEBSITE_HOSTNAME") {
        Some(host) => read.check("PUBLIC_BASE_URL", format!("https://{host}").parse()),
        None => read.missing("PUBLIC_BASE_URL", "the address that recipients open, such as https://invite.example.com"),
    }
}

fn entra(read: &mut Reader) -> Option<Entra> {
    let authority = match read.required("ENTRA_AUTHORITY", "such as https://login.microsoftonline.com/common/v2.0") {
        Some(text) => read.check("ENTRA_AUTHORITY", authority(&text)),
        None => None,
    };
    let client_id = read.required("ENTRA_CLIENT_ID", "the application (client) id of the app registration");
    let credential = credential(read);
    let allowed_tenants = read.uuids("ENTRA_ALLOWED_TENANTS");
    let trusted_email_tenants = read.uuids("ENTRA_TRUSTED_EMAIL_TENANTS");
    let sign_up_prompt = match read.optional("ENTRA_SIGN_UP_PROMPT").as_deref() {
        None => false,
        Some("create") => true,
        Some(_) => {
            read.problem("ENTRA_SIGN_UP_PROMPT", "is `create` or not set");
            false
        }
    };
    Some(Entra {
        authority: authority?,
        client_id: client_id?,
        credential: credential?,
        allowed_tenants,
        trusted_email_tenants,
        sign_up_prompt,
    })
}

fn authority(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text.trim_end_matches('/')).map_err(|_| "is not a URL")?;
    if !is_secure(&url) {
        return Err("must be an https URL (plain http only for a loopback host)");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("must end with its path: nothing after ? or #");
    }
    if is_of_microsoft(&url) && !is_tenant_of_v2(&url) {
        return Err("must have a tenant and /v2.0 as its path: https://login.microsoftonline.com/common/v2.0 for everybody");
    }
    Ok(url)
}

fn is_secure(url: &Url) -> bool {
    url.scheme() == "https" && url.has_host() || url.scheme() == "http" && is_loopback(url)
}

/// Whose metadata names an issuer of v2.0, whatever is asked for; any other provider may be at any path.
/// Source: <https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud#microsoft-entra-authentication-endpoints>
fn is_of_microsoft(url: &Url) -> bool {
    const HOSTS: [&str; 4] =
        ["login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn", "login.windows.net"];
    url.host_str().is_some_and(|host| HOSTS.contains(&host) || host.ends_with(".ciamlogin.com"))
}

fn is_tenant_of_v2(url: &Url) -> bool {
    let segments: Vec<_> = url.path_segments().into_iter().flatten().collect();
    matches!(segments[..], [tenant, "v2.0"] if !tenant.is_empty())
}

fn credential(read: &mut Reader) -> Option<ClientCredential> {
    let secret = read.optional("ENTRA_CLIENT_SECRET");
    let assertion = read.optional("ENTRA_CLIENT_ASSERTION");
    match (secret, assertion.as_deref()) {
        (Some(secret), None) => Some(ClientCredential::Secret(secret.into())),
        (None, Some("managed-identity")) => Some(ClientCredential::ManagedIdentity { client_id: read.optional("AZURE_CLIENT_ID") }),
        (None, None) => read.missing("ENTRA_CLIENT_SECRET", "or ENTRA_CLIENT_ASSERTION=managed-identity, which needs no secret"),
        (Some(_), Some(_)) => {
            read.problem("ENTRA_CLIENT_SECRET", "and ENTRA_CLIENT_ASSERTION exclude each other: set one");
            None
        }
        (None, Some(_)) => {
            read.problem("ENTRA_CLIENT_ASSERTION", "must be `managed-identity`");
            None
        }
    }
}

fn sealer(read: &mut Reader) -> Option<Sealer> {
    let text = read.required("SESSION_KEYS", "64 random bytes in base64: `openssl rand -base64 64 | tr -d '\\n'`")?;
    let keys: Option<Vec<[u8; 64]>> = text.split(',').map(|key| STANDARD.decode(key.trim()).ok()?.try_into().ok()).collect();
    read.check("SESSION_KEYS", keys.map(|keys| Sealer::new(&keys)).ok_or("must be base64 of exactly 64 bytes each, comma separated"))
}

fn storage(read: &mut Reader) -> Option<Storage> {
    for name in ["INVITATION_STORAGE", "AzureWebJobsStorage"] {
        if let Some(text) = read.optional(name) {
            return read.check(name, connection(name, &text));
        }
        // By the name of what was set: nobody looks for a mistake in what they did not set.
        let (uri, account) = (format!("{name}__tableServiceUri"), format!("{name}__accountName"));
        let service = match (read.optional(&uri), read.optional(&account)) {
            (Some(text), _) => read.check(&uri, service_uri(&text)),
            (None, Some(text)) => read.check(&account, service_of(&text)),
            (None, None) => continue,
        };
        let client_id = read.optional(&format!("{name}__clientId"));
        return service.map(|service| Storage::ManagedIdentity { service, client_id });
    }
    read.missing(
        "INVITATION_STORAGE",
        "a storage connection string, UseDevelopmentStorage=true or embedded:DIR (or INVITATION_STORAGE__accountName)",
    )
}

fn service_uri(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text).ok().filter(|url| is_secure(url) && url.query().is_none() && url.fragment().is_none());
    url.ok_or("must be an https URL such as https://NAME.table.core.windows.net")
}

/// <https://learn.microsoft.com/azure/storage/common/storage-account-overview#storage-account-name>
fn service_of(account: &str) -> Result<Url, &'static str> {
    let is_name = (3..=24).contains(&account.len()) && account.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    let url = is_name.then(|| Url::parse(&format!("https://{account}.table.core.windows.net/")).ok()).flatten();
    url.ok_or("must be the name of a storage account, 3 to 24 lower-case letters and digits")
}

fn connection(name: &str, text: &str) -> Result<Storage, String> {
    match text.strip_prefix("embedded:") {
        Some("") => Err("names no folder after `embedded:`".to_owned()),
        Some(dir) if name == "INVITATION_STORAGE" => Ok(Storage::Embedded(dir.into())),
        None if text.contains('=') => match azure::check_connection_string(text) {
            Ok(()) => Ok(Storage::ConnectionString(text.into())),
            Err(why) => Err(format!("cannot be used: {why}")),
        },
        _ => Err("is neither a storage connection string, UseDevelopmentStorage=true nor embedded:DIR".to_owned()),
    }
}

/// <https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model#table-names>
fn table(read: &mut Reader) -> String {
    let name = read.optional("INVITATION_TABLE").unwrap_or_else(|| "Invitations".to_owned());
    let letters = name.chars().all(|c| c.is_ascii_alphanumeric()) && name.starts_with(|c: char| c.is_ascii_alphabetic());
    if !letters || !(3..=63).contains(&name.len()) {
        read.problem("INVITATION_TABLE", "must be 3 to 63 letters and digits, a letter first");
    }
    name
}

fn days(read: &mut Reader, name: &'static str, default: u16) -> Duration {
    let days = read.parse(name, "a number of days").unwrap_or(default);
    if !(1..=3650).contains(&days) {
        read.problem(name, "must be from 1 to 3650 days");
    }
    Duration::days(i64::from(days))
}

fn mail(read: &mut Reader) -> Option<MailConfig> {
    match (read.optional("SMTP_URL"), read.optional("MAIL_FROM")) {
        (None, None) => None,
        (None, Some(_)) => read.missing("SMTP_URL", "such as smtps://user:password@mail.example.com (MAIL_FROM is set)"),
        (Some(_), None) => read.missing("MAIL_FROM", "the sender, such as Example <no-reply@example.com> (SMTP_URL is set)"),
        (Some(smtp), Some(from)) => {
            let url = read.check("SMTP_URL", smtp_url(&smtp));
            let from = read.check("MAIL_FROM", sender(from));
            Some(MailConfig { smtp: url.map(|_| smtp)?.into(), from: from? })
        }
    }
}

/// The letters bear the link, which is half of what it takes to accept: it goes over no network in clear.
fn smtp_url(text: &str) -> Result<Url, &'static str> {
    let known = AsyncSmtpTransport::<Tokio1Executor>::from_url(text).is_ok();
    let url = Url::parse(text).ok().filter(|url| known && matches!(url.scheme(), "smtp" | "smtps") && url.has_host());
    let url = url.ok_or("must be smtps://USER:PASSWORD@HOST or smtp://USER:PASSWORD@HOST:587?tls=required")?;
    // The first `tls` is the one that lettre goes by; with `opportunistic` whoever is in between strikes STARTTLS out.
    let tls = url.query_pairs().find(|(name, _)| name == "tls").is_some_and(|(_, value)| value == "required");
    if url.scheme() == "smtps" || tls || is_loopback(&url) {
        return Ok(url);
    }
    Err("would send the secret link (and the password) in clear: write smtps://USER:PASSWORD@HOST, or \
         smtp://USER:PASSWORD@HOST:587?tls=required for STARTTLS; without TLS only to a loopback host")
}

fn sender(text: String) -> Result<String, &'static str> {
    let address = text.rsplit_once('<').map_or(text.as_str(), |(_, rest)| rest.trim_end_matches('>')).trim();
    let valid = address.parse::<Email>().is_ok() && text.parse::<lettre::message::Mailbox>().is_ok();
    if valid { Ok(text) } else { Err("must be an address or `Name <address>`") }
}

fn webhook(read: &mut Reader) -> Option<WebhookConfig> {
    let allow_private = match read.optional("WEBHOOK_ALLOW_PRIVATE").as_deref() {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => {
            read.problem("WEBHOOK_ALLOW_PRIVATE", "is `true`, `false` or not set");
            false
        }
    };
    match (read.optional("WEBHOOK_URL"), read.optional("WEBHOOK_SECRET")) {
        (None, None) => None,
        (None, Some(_)) => read.missing("WEBHOOK_URL", "where events are sent to (WEBHOOK_SECRET is set)"),
        (Some(_), None) => read.missing("WEBHOOK_SECRET", "whsec_ and 24 to 64 random bytes in base64 (WEBHOOK_URL is set)"),
        (Some(url), Some(secrets)) => {
            let url = read.check("WEBHOOK_URL", webhook_url(&url, allow_private));
            let secrets = read.check("WEBHOOK_SECRET", webhook_secrets(&secrets));
            Some(WebhookConfig { url: url?, secrets: secrets?, allow_private })
        }
    }
}

fn webhook_url(text: &str, allow_private: bool) -> Result<Url, &'static str> {
    let url = Url::parse(text).map_err(|_| "is not a URL")?;
    let address = match url.host() {
        Some(url::Host::Ipv4(address)) => Some(address.into()),
        Some(url::Host::Ipv6(address)) => Some(address.into()),
        Some(url::Host::Domain(_)) | None => None,
    };
    match url.scheme() {
        _ if !allow_private && address.is_some_and(|address| !is_public(address)) => {
            Err("has a loopback or private address (WEBHOOK_ALLOW_PRIVATE=true allows that)")
        }
        "https" => Ok(url),
        "http" if allow_private => Ok(url),
        _ => Err("must be an https URL (plain http only with WEBHOOK_ALLOW_PRIVATE=true)"),
    }
}

fn webhook_secrets(text: &str) -> Result<Vec<SecretString>, &'static str> {
    let secrets: Vec<&str> = text.split_whitespace().collect();
    let bytes = |secret: &str| STANDARD.decode(secret.strip_prefix("whsec_")?).ok().map(|key| key.len());
    if (1..=2).contains(&secrets.len()) && secrets.iter().all(|secret| bytes(secret).is_some_and(|length| (24..=64).contains(&length))) {
        return Ok(secrets.into_iter().map(SecretString::from).collect());
    }
    Err("must be whsec_ and 24 to 64 random bytes in base64; two, separated by a space, while rotating")
}

/// The exporter reads these itself; but it says nothing of some mistakes, and of others only when all else is right.
fn telemetry(read: &mut Reader) -> bool {
    let Some(text) = read.optional("OTEL_EXPORTER_OTLP_ENDPOINT") else { return false };
    // The exporter is stricter than browsers are.
    let is_strict = text.parse::<http::Uri>().is_ok();
    let url = Url::parse(&text).ok().filter(|url| is_strict && matches!(url.scheme(), "https" | "http") && url.has_host());
    let url = read.check("OTEL_EXPORTER_OTLP_ENDPOINT", url.ok_or("must be an http(s) URL such as http://collector:4318"));
    for name in ["OTEL_EXPORTER_OTLP_HEADERS", "OTEL_RESOURCE_ATTRIBUTES"] {
        let are_pairs = |text: &str| text.split(',').all(|pair| pair.split_once('=').is_some_and(|(name, _)| !name.trim().is_empty()));
        if read.optional(name).is_some_and(|text| !are_pairs(&text)) {
            read.problem(name, "must be pairs such as NAME=VALUE,NAME=VALUE");
        }
    }
    if read.optional("OTEL_TRACES_SAMPLER").is_some_and(|sampler| !SAMPLERS.contains(&sampler.as_str())) {
        read.problem("OTEL_TRACES_SAMPLER", format!("must be one of {}", SAMPLERS.join(", ")));
    }
    let share = read.parse::<f64>("OTEL_TRACES_SAMPLER_ARG", "a number from 0 to 1");
    if share.is_some_and(|share| !(0.0..=1.0).contains(&share)) {
        read.problem("OTEL_TRACES_SAMPLER_ARG", "must be a number from 0 to 1");
    }
    url.is_some()
}

fn platform(read: &mut Reader) -> Option<Platform> {
    let name = read.required("PLATFORM_NAME", "the name that recipients know the platform by");
    let color = read.optional("PLATFORM_COLOR").and_then(|text| read.check("PLATFORM_COLOR", text.parse()));
    let theme = Theme::new(color.unwrap_or(Color::BLUE));
    let url = read.web_url("PLATFORM_URL");
    let support_url = read.web_url("SUPPORT_URL");
    let links = match read.optional("WELCOME_LINKS") {
        None => Vec::new(),
        Some(text) => read.check("WELCOME_LINKS", welcome_links(&text)).unwrap_or_default(),
    };
    Some(Platform { name: name?, theme, url, support_url, links })
}

fn welcome_links(text: &str) -> Result<Vec<WelcomeLink>, String> {
    let shape = r#"must be JSON such as [{"title":{"en":"Machines"},"url":"https://example.com/machines","icon":"machine"}]"#;
    let links: Vec<WelcomeLink> =
        serde_json::from_str(text).map_err(|error| format!("{shape} (see line {}, column {})", error.line(), error.column()))?;
    if links.iter().any(|link| link.title.is_empty() || !matches!(link.url.scheme(), "https" | "http")) {
        return Err("needs a title and an http(s) url in each entry".to_owned());
    }
    Ok(links)
}

#[cfg(test)]
mod tests;
