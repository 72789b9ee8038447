//! The webhook, by Standard Webhooks 1.0: <https://github.com/standard-webhooks/standard-webhooks>.

use std::{fmt, io::ErrorKind, time::Duration};

use http::StatusCode;
use secrecy::ExposeSecret;
use serde::Serialize;
use sha2::{Digest, Sha256};
use standardwebhooks::Webhook as Signer;
use time::OffsetDateTime;
use url::Url;
use uuid::Uuid;

use super::payload::Payload;
use crate::{
    config::WebhookConfig,
    domain::invitation::TryFailed,
    net::{error_chain, ssrf_guard},
    telemetry,
};

/// Why no more events are sent to a receiver.
pub(super) const GONE: &str = "the receiver has answered 410: it wants no more events";
/// What the receiver may take to answer.
const TIMEOUT: Duration = Duration::from_secs(15);
/// What connects and finds no TLS fails so: rustls does not accept what it reads, or the peer hangs
/// up.
const NO_TLS: [ErrorKind; 2] = [ErrorKind::InvalidData, ErrorKind::UnexpectedEof];

/// The receiver of all events.
pub struct Webhook {
    client: reqwest::Client,
    url: Url,
    /// Names the receiver in the table: another address is another receiver.
    name: String,
    /// Each signs: while a secret is rotated, the receiver knows one of them.
    signers: Vec<Signer>,
}

/// Why an event was not delivered.
#[derive(Debug)]
pub(super) enum NotDelivered {
    /// The receiver answered 410: it wants no more events.
    Gone,
    /// The receiver failed, or cannot be reached.
    Failed(TryFailed),
    /// The receiver works, and does not accept this event.
    Rejected(TryFailed),
}

impl fmt::Display for NotDelivered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gone => f.write_str(GONE),
            Self::Failed(TryFailed::Later(why) | TryFailed::Never(why))
            | Self::Rejected(TryFailed::Later(why) | TryFailed::Never(why)) => f.write_str(why),
        }
    }
}

/// The webhook cannot be set up.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct WebhookError(String);

/// The event by which an operator tests the receiver.
#[derive(Serialize)]
struct Test {
    r#type: &'static str,
    #[serde(with = "time::serde::rfc3339")]
    timestamp: OffsetDateTime,
    data: Empty,
}

#[derive(Serialize)]
struct Empty {}

impl Webhook {
    /// From checked settings; asks nothing of the network.
    ///
    /// # Errors
    /// Where TLS cannot be set up.
    pub fn new(config: &WebhookConfig) -> Result<Self, WebhookError> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(TIMEOUT)
            .connect_timeout(Duration::from_secs(5))
            .user_agent(concat!("onboarding/", env!("CARGO_PKG_VERSION")));
        let client = if config.allow_private {
            client
        } else {
            ssrf_guard::guard(client)
        };
        let client = client
            .build()
            .map_err(|error| WebhookError(format!("TLS cannot be set up: {error}")))?;
        let signers = config
            .secrets
            .iter()
            .map(|secret| Signer::new(secret.expose_secret()))
            .collect::<Result<_, _>>();
        let signers = signers
            .map_err(|_| WebhookError("the secret is not base64 after whsec_".to_owned()))?;
        let name = Sha256::digest(config.url.as_str())
            .iter()
            .take(16)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Ok(Self {
            client,
            url: config.url.clone(),
            name,
            signers,
        })
    }

    /// A name that follows from the address and does not show it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Sends an event, which has the same `webhook-id` however often it is sent.
    pub(super) async fn send(
        &self,
        id: &str,
        payload: &Payload<'_>,
        now: OffsetDateTime,
    ) -> Result<(), NotDelivered> {
        self.send_as(id, payload, now).await
    }

    /// Sends the event `webhook.test`, which is about no invitation. A repetition of the host's
    /// invocation has the same `webhook-id`.
    pub(super) async fn send_test(
        &self,
        invocation: Option<Uuid>,
        now: OffsetDateTime,
    ) -> Result<(), NotDelivered> {
        let id = format!("test_{}", invocation.unwrap_or_else(Uuid::new_v4).simple());
        let test = Test {
            r#type: "webhook.test",
            timestamp: now,
            data: Empty {},
        };
        self.send_as(&id, &test, now).await
    }

    async fn send_as(
        &self,
        id: &str,
        payload: &impl Serialize,
        now: OffsetDateTime,
    ) -> Result<(), NotDelivered> {
        let never = |what: &str| NotDelivered::Rejected(TryFailed::Never(what.to_owned()));
        let body = serde_json::to_vec(payload).map_err(|_| never("the event cannot be written"))?;
        let signature = self
            .sign(id, now, &body)
            .ok_or_else(|| never("the event cannot be signed"))?;
        let request = self
            .client
            .post(self.url.clone())
            .header("content-type", "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", now.unix_timestamp())
            .header("webhook-signature", signature)
            .body(body);
        telemetry::call("webhook", "post", post(request), outcome).await
    }

    /// Asks for nothing, to see whether the receiver is there and has an address that is allowed;
    /// answers with its status, whatever it is: receivers know POST alone.
    ///
    /// # Errors
    /// Why there is no answer, in plain words.
    pub async fn probe(&self) -> Result<u16, String> {
        self.client
            .head(self.url.clone())
            .send()
            .await
            .map(|answer| answer.status().as_u16())
            .map_err(|error| why(&error))
    }

    fn sign(&self, id: &str, now: OffsetDateTime, body: &[u8]) -> Option<String> {
        let each = self
            .signers
            .iter()
            .map(|signer| signer.sign(id, now.unix_timestamp(), body));
        let all: Result<Vec<String>, _> = each.collect();
        Some(all.ok()?.join(" "))
    }
}

async fn post(request: reqwest::RequestBuilder) -> Result<(), NotDelivered> {
    let mut headers = http::HeaderMap::new();
    telemetry::propagate(&mut headers);
    let answer = request
        .headers(headers)
        .send()
        .await
        .map_err(|error| NotDelivered::Failed(TryFailed::Later(why(&error))))?;
    check_status(answer.status())
}

fn outcome(result: &Result<(), NotDelivered>) -> &'static str {
    match result {
        Ok(()) => "ok",
        Err(NotDelivered::Gone) => "gone",
        Err(NotDelivered::Failed(_) | NotDelivered::Rejected(_)) => "failed",
    }
}

fn check_status(status: StatusCode) -> Result<(), NotDelivered> {
    let reason = || TryFailed::Later(format!("{} ({})", meaning(status), status.as_u16()));
    match status {
        status if status.is_success() => Ok(()),
        StatusCode::GONE => Err(NotDelivered::Gone),
        StatusCode::BAD_REQUEST
        | StatusCode::CONFLICT
        | StatusCode::PAYLOAD_TOO_LARGE
        | StatusCode::UNSUPPORTED_MEDIA_TYPE
        | StatusCode::UNPROCESSABLE_ENTITY => Err(NotDelivered::Rejected(reason())),
        _ => Err(NotDelivered::Failed(reason())),
    }
}

/// For people who do not know the numbers.
fn meaning(status: StatusCode) -> &'static str {
    match status.as_u16() {
        300..=399 => "the receiver redirects, and redirects are not followed",
        400 | 422 => "the receiver does not accept the event",
        401 | 403 | 407 => "the receiver does not let us in, or does not accept the signature",
        404 => "there is no receiver at this address",
        405 | 415 => "what is at this address takes no events",
        408 | 504 => "the receiver took too long",
        413 => "the event is too large for the receiver",
        429 => "the receiver asks for a pause",
        502 | 503 => "the receiver is down or busy",
        500..=599 => "the receiver has failed",
        _ => "the receiver has not taken the event",
    }
}

/// In plain words, without the address.
fn why(error: &reqwest::Error) -> String {
    let words = if ssrf_guard::blocked(error) {
        "the address is not public: it leads into a private network or to this machine (WEBHOOK_ALLOW_PRIVATE=true allows that)"
    } else if error.is_timeout() {
        "no answer within 15 seconds"
    } else if error.is_connect() && error_chain::has_io_kind(error, &NO_TLS) {
        "no secure connection: no TLS, or a certificate that is not trusted"
    } else if error.is_connect() {
        "no connection: the name is not known, or nothing listens there"
    } else {
        "the connection broke"
    };
    words.to_owned()
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Webhook({} secrets)", self.signers.len())
    }
}
