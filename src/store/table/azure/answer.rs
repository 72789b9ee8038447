//! What the table service answered, before azure_data_tables loses it.
//!
//! The library keeps neither the `Retry-After` of a failure nor the error code of a failed
//! transaction, which it even returns as a success (the service answers 202 and puts the failure
//! into a part of the body). So every answer passes [`Answers`], where a failure becomes a
//! [`Failure`].

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use azure_core_legacy::{
    BytesStream, Error, HttpClient, Request, Response, Result,
    error::ErrorKind,
    headers::{HeaderName, Headers},
};
use serde::Deserialize;

use super::request::corrected;

/// An answer that is not a success. Holds nothing that could not be logged.
#[derive(Clone, Debug, thiserror::Error)]
#[error("status {status}, {code}")]
pub(super) struct Failure {
    pub(super) status: u16,
    /// The service's error code, or `no code`.
    pub(super) code: String,
    pub(super) retry_after: Option<Duration>,
}

/// The first error of this type among an error and its sources.
pub(super) fn cause<T: std::error::Error + 'static>(error: &Error) -> Option<&T> {
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = source {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        source = error.source();
    }
    None
}

/// Turns failures into errors on the way from the transport to the library.
#[derive(Debug)]
pub(super) struct Answers(pub(super) Arc<dyn HttpClient>);

#[async_trait]
impl HttpClient for Answers {
    async fn execute_request(&self, request: &Request) -> Result<Response> {
        let answer = self.0.execute_request(&corrected(request)).await?;
        let (status, headers, body) = answer.deconstruct();
        let body = body.collect().await?;
        let text = String::from_utf8_lossy(&body);
        let failure = if status.is_success() {
            if request.url().path().ends_with("/$batch") {
                failed_part(&text)
            } else {
                None
            }
        } else {
            Some(Failure {
                status: status.into(),
                code: code(&headers, &text),
                retry_after: retry_after(&headers),
            })
        };
        match failure {
            Some(failure) => Err(Error::new(ErrorKind::Other, failure)),
            None => Ok(Response::new(
                status,
                headers,
                Box::pin(BytesStream::new(body)),
            )),
        }
    }
}

/// The failing part of a transaction's answer. Stored text is in JSON, whose line breaks are
/// escaped, so none of it can begin a line.
fn failed_part(body: &str) -> Option<Failure> {
    let (index, status) = body.lines().enumerate().find_map(|(index, line)| {
        let status = line
            .strip_prefix("HTTP/1.1 ")?
            .split_whitespace()
            .next()?
            .parse::<u16>()
            .ok()?;
        (status >= 400).then_some((index, status))
    })?;
    let part = body
        .lines()
        .skip(index)
        .find(|line| line.starts_with('{'))
        .unwrap_or_default();
    Some(Failure {
        status,
        code: code(&Headers::new(), part),
        retry_after: None,
    })
}

fn code(headers: &Headers, body: &str) -> String {
    let header = headers.get_optional_string(&HeaderName::from_static("x-ms-error-code"));
    let code = header
        .or_else(|| json_code(body))
        .or_else(|| xml_code(body))
        .unwrap_or_default();
    // Some answers of a transaction say which operation it was: `0:EntityAlreadyExists`.
    let code = code.rsplit(':').next().unwrap_or_default();
    if code.is_empty() || code.len() > 64 || !code.bytes().all(|byte| byte.is_ascii_alphanumeric())
    {
        return "no code".to_owned();
    }
    code.to_owned()
}

fn json_code(body: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Body {
        #[serde(rename = "odata.error")]
        error: Code,
    }
    #[derive(Deserialize)]
    struct Code {
        code: String,
    }
    serde_json::from_str::<Body>(body.trim())
        .ok()
        .map(|body| body.error.code)
}

/// `<Code>…` or `<m:code>…`, as refusals of the credentials have it.
fn xml_code(body: &str) -> Option<String> {
    let (_, rest) = body.split_once("ode>")?;
    rest.split_once('<').map(|(code, _)| code.to_owned())
}

fn retry_after(headers: &Headers) -> Option<Duration> {
    let number = |name: &'static str| {
        headers
            .get_optional_string(&HeaderName::from_static(name))?
            .parse::<u64>()
            .ok()
    };
    number("x-ms-retry-after-ms")
        .map(Duration::from_millis)
        .or_else(|| number("retry-after").map(Duration::from_secs))
        .map(|pause| pause.min(Duration::from_secs(3600)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_failing_part_of_a_transaction_is_found() {
        let body = "--batchresponse_1\r\nContent-Type: multipart/mixed; boundary=changesetresponse_1\r\n\r\n--changesetresponse_1\r\n\
                    Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\nHTTP/1.1 409 Conflict\r\n\
                    Content-Type: application/json\r\n\r\n{\"odata.error\":{\"code\":\"EntityAlreadyExists\",\"message\":\
                    {\"lang\":\"en-US\",\"value\":\"1:The specified entity already exists.\"}}}\r\n--changesetresponse_1--\r\n";
        let failure = failed_part(body).unwrap();
        assert_eq!(
            (failure.status, failure.code.as_str()),
            (409, "EntityAlreadyExists")
        );
    }

    #[test]
    fn stored_text_cannot_pass_for_a_failing_part() {
        let body = "--changesetresponse_1\r\n\r\nHTTP/1.1 201 Created\r\n\r\n{\"text\":\"\\nHTTP/1.1 409 Conflict\\n\"}\r\n";
        assert!(failed_part(body).is_none());
    }

    #[test]
    fn an_error_code_is_read_from_a_header_json_or_xml() {
        let mut headers = Headers::new();
        assert_eq!(
            code(
                &headers,
                r#"{"odata.error":{"code":"0:TableNotFound","message":{}}}"#
            ),
            "TableNotFound"
        );
        assert_eq!(
            code(
                &headers,
                "<?xml?><m:error><m:code>AuthenticationFailed</m:code></m:error>"
            ),
            "AuthenticationFailed"
        );
        assert_eq!(
            code(
                &headers,
                "<html>Error 503 at https://account.example/?sig=secret"
            ),
            "no code"
        );
        headers.insert("x-ms-error-code", "ServerBusy");
        assert_eq!(code(&headers, ""), "ServerBusy");
    }
}
