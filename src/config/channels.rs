//! The delivery channels: mail server and webhook.

use base64::{Engine, engine::general_purpose::STANDARD};
use lettre::{AsyncSmtpTransport, Tokio1Executor};
use secrecy::SecretString;
use url::Url;

use super::Reader;
use crate::{domain::email::Email, net::loopback::is_loopback, net::ssrf_guard::is_public};

/// E-mail.
#[derive(Clone, Debug)]
pub struct MailConfig {
    /// Contains user and password, therefore secret.
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

pub(super) fn mail(read: &mut Reader) -> Option<MailConfig> {
    match (read.optional("SMTP_URL"), read.optional("MAIL_FROM")) {
        (None, None) => None,
        (None, Some(_)) => read.missing(
            "SMTP_URL",
            "such as smtps://user:password@mail.example.com (MAIL_FROM is set)",
        ),
        (Some(_), None) => read.missing(
            "MAIL_FROM",
            "the sender, such as Example <no-reply@example.com> (SMTP_URL is set)",
        ),
        (Some(smtp), Some(from)) => {
            let url = read.check("SMTP_URL", smtp_url(&smtp));
            let from = read.check("MAIL_FROM", sender(from));
            Some(MailConfig {
                smtp: url.map(|_| smtp)?.into(),
                from: from?,
            })
        }
    }
}

/// E-mails contain the link, one of the two factors that accept an invitation: it must not cross a
/// network unencrypted.
fn smtp_url(text: &str) -> Result<Url, &'static str> {
    let known = AsyncSmtpTransport::<Tokio1Executor>::from_url(text).is_ok();
    let url = Url::parse(text)
        .ok()
        .filter(|url| known && matches!(url.scheme(), "smtp" | "smtps") && url.has_host());
    let url = url.ok_or(
        "must be smtps://USER:PASSWORD@HOST or smtp://USER:PASSWORD@HOST:587?tls=required",
    )?;
    // lettre uses the first `tls`. With `opportunistic`, a man in the middle can strip STARTTLS.
    let tls = url
        .query_pairs()
        .find(|(name, _)| name == "tls")
        .is_some_and(|(_, value)| value == "required");
    if url.scheme() == "smtps" || tls || is_loopback(&url) {
        return Ok(url);
    }
    Err(
        "would send the secret link (and the password) unencrypted: write smtps://USER:PASSWORD@HOST, or \
         smtp://USER:PASSWORD@HOST:587?tls=required for STARTTLS; without TLS only to a loopback host",
    )
}

fn sender(text: String) -> Result<String, &'static str> {
    let address = text
        .rsplit_once('<')
        .map_or(text.as_str(), |(_, rest)| rest.trim_end_matches('>'))
        .trim();
    let valid =
        address.parse::<Email>().is_ok() && text.parse::<lettre::message::Mailbox>().is_ok();
    if valid {
        Ok(text)
    } else {
        Err("must be an address or `Name <address>`")
    }
}

pub(super) fn webhook(read: &mut Reader) -> Option<WebhookConfig> {
    let allow_private = match read.optional("WEBHOOK_ALLOW_PRIVATE").as_deref() {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => {
            read.problem("WEBHOOK_ALLOW_PRIVATE", "is `true`, `false` or not set");
            false
        }
    };
    match (
        read.optional("WEBHOOK_URL"),
        read.optional("WEBHOOK_SECRET"),
    ) {
        (None, None) => None,
        (None, Some(_)) => read.missing(
            "WEBHOOK_URL",
            "the URL that receives events (WEBHOOK_SECRET is set)",
        ),
        (Some(_), None) => read.missing(
            "WEBHOOK_SECRET",
            "whsec_ and 24 to 64 random bytes in base64 (WEBHOOK_URL is set)",
        ),
        (Some(url), Some(secrets)) => {
            let url = read.check("WEBHOOK_URL", webhook_url(&url, allow_private));
            let secrets = read.check("WEBHOOK_SECRET", webhook_secrets(&secrets));
            Some(WebhookConfig {
                url: url?,
                secrets: secrets?,
                allow_private,
            })
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
    let bytes = |secret: &str| {
        STANDARD
            .decode(secret.strip_prefix("whsec_")?)
            .ok()
            .map(|key| key.len())
    };
    if (1..=2).contains(&secrets.len())
        && secrets
            .iter()
            .all(|secret| bytes(secret).is_some_and(|length| (24..=64).contains(&length)))
    {
        return Ok(secrets.into_iter().map(SecretString::from).collect());
    }
    Err(
        "must be whsec_ and 24 to 64 random bytes in base64; two, separated by a space, while rotating",
    )
}
