//! Requests to the sign-in service: no redirects, bounded responses, short timeouts, one retry on
//! failure.

use std::{error::Error, time::Duration};

use futures::future::BoxFuture;
use http::header::RETRY_AFTER;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use serde::de::DeserializeOwned;
use url::Url;

use crate::telemetry;

const REQUEST_TIMEOUT: Duration = Duration::from_secs(8);
/// Entra's key document has about 10 KiB.
const MAX_RESPONSE_BYTES: usize = 512 * 1024;

/// Why the sign-in service gave no usable response. Contains nothing of the request.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// Down, slow or throttling: may succeed later.
    #[error("{reason}")]
    Unavailable {
        /// The cause.
        reason: String,
        /// `Retry-After` of the response.
        retry_after: Option<Duration>,
    },
    /// A response that must not be used.
    #[error("{0}")]
    Unusable(String),
}

#[derive(Debug, Clone)]
pub(super) struct Client(reqwest::Client);

impl Client {
    pub(super) fn new() -> Result<Self, FetchError> {
        reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(REQUEST_TIMEOUT)
            .connect_timeout(Duration::from_secs(4))
            .user_agent(concat!("onboarding/", env!("CARGO_PKG_VERSION")))
            .build()
            .map(Self)
            .map_err(|error| FetchError::Unusable(format!("TLS cannot be set up: {error}")))
    }

    /// The underlying client, with the same limits.
    pub(super) fn inner(&self) -> reqwest::Client {
        self.0.clone()
    }

    /// A JSON document.
    pub(super) async fn json<T: DeserializeOwned>(
        &self,
        what: &'static str,
        url: &Url,
    ) -> Result<T, FetchError> {
        let request = http::Request::get(url.as_str())
            .body(Vec::new())
            .map_err(unusable)?;
        let answer = self.send(what, request).await?;
        if !answer.status().is_success() {
            return Err(FetchError::Unusable(format!(
                "{} answered {}",
                url.path(),
                answer.status()
            )));
        }
        serde_json::from_slice(answer.body()).map_err(|error| {
            FetchError::Unusable(format!("{} is not the expected JSON: {error}", url.path()))
        })
    }

    /// Sends the request, and once more if the service fails. `what` names the request in traces.
    async fn send(
        &self,
        what: &'static str,
        request: HttpRequest,
    ) -> Result<HttpResponse, FetchError> {
        telemetry::call("sign-in", what, self.with_retry(request), outcome).await
    }

    async fn with_retry(&self, mut request: HttpRequest) -> Result<HttpResponse, FetchError> {
        telemetry::propagate(request.headers_mut());
        match self.once(request.clone()).await {
            Err(FetchError::Unavailable {
                retry_after: None, ..
            }) => self.once(request).await,
            answer => answer,
        }
    }

    async fn once(&self, request: HttpRequest) -> Result<HttpResponse, FetchError> {
        let request = reqwest::Request::try_from(request).map_err(unusable)?;
        let answer = self
            .0
            .execute(request)
            .await
            .map_err(|error| unavailable(reason(&error)))?;
        let status = answer.status();
        if status.is_redirection() {
            return Err(FetchError::Unusable(format!(
                "an unexpected redirect ({status})"
            )));
        }
        if status.is_server_error() || status == http::StatusCode::TOO_MANY_REQUESTS {
            let retry_after = answer
                .headers()
                .get(RETRY_AFTER)
                .and_then(|value| value.to_str().ok()?.parse().ok())
                .map(Duration::from_secs);
            let retry_after =
                retry_after.or((!status.is_server_error()).then_some(Duration::from_secs(30)));
            return Err(FetchError::Unavailable {
                reason: format!("it answered {status}"),
                retry_after,
            });
        }
        read(answer).await
    }
}

impl<'c> AsyncHttpClient<'c> for Client {
    type Error = FetchError;
    type Future = BoxFuture<'c, Result<HttpResponse, FetchError>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send("token", request))
    }
}

fn outcome(answer: &Result<HttpResponse, FetchError>) -> &'static str {
    match answer {
        Ok(answer) if answer.status().is_success() => "ok",
        Ok(_) => "refused",
        Err(FetchError::Unavailable { .. }) => "unavailable",
        Err(FetchError::Unusable(_)) => "unusable",
    }
}

async fn read(mut answer: reqwest::Response) -> Result<HttpResponse, FetchError> {
    let mut response = http::Response::builder().status(answer.status());
    if let Some(headers) = response.headers_mut() {
        headers.clone_from(answer.headers());
    }
    let mut body = Vec::new();
    while let Some(chunk) = answer
        .chunk()
        .await
        .map_err(|error| unavailable(reason(&error)))?
    {
        if body.len() + chunk.len() > MAX_RESPONSE_BYTES {
            return Err(FetchError::Unusable(
                "a response that is too large".to_owned(),
            ));
        }
        body.extend_from_slice(&chunk);
    }
    response.body(body).map_err(unusable)
}

fn unavailable(reason: String) -> FetchError {
    FetchError::Unavailable {
        reason,
        retry_after: None,
    }
}

fn unusable(error: impl Error) -> FetchError {
    FetchError::Unusable(error.to_string())
}

/// The innermost error ("connection refused"), without the address that reqwest puts before it.
fn reason(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "it did not respond in time".to_owned();
    }
    let mut cause: &dyn Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
