//! The body of a request, before anything in it is checked.

use axum::http::{HeaderMap, HeaderValue, header};
use serde_json::{Value, value::RawValue};

use crate::http::problem::{InvalidInput, Kind, Problem};

/// The content type of a JSON Merge Patch.
pub(super) const MERGE_PATCH: &str = "application/merge-patch+json";
/// Invitations of one request.
pub(crate) const MAX_BATCH: usize = 100;

/// The body of a creation, split into its items, which are not parsed yet.
pub(super) enum Body<'a> {
    /// One invitation.
    One([&'a RawValue; 1]),
    /// An array of them.
    Many(Vec<&'a RawValue>),
}

impl<'a> Body<'a> {
    pub(super) fn parse(headers: &HeaderMap, body: &'a [u8]) -> Result<Self, Problem> {
        require_json(headers, &["application/json"])?;
        require_content(body, "an invitation")?;
        if body.trim_ascii_start().first() != Some(&b'[') {
            return Ok(Self::One([
                serde_json::from_slice(body).map_err(|error| malformed(&error))?
            ]));
        }
        let items: Vec<&RawValue> =
            serde_json::from_slice(body).map_err(|error| malformed(&error))?;
        if items.is_empty() || items.len() > MAX_BATCH {
            return Err(
                Problem::new(Kind::BatchSize).detail(format!("This one has {}.", items.len()))
            );
        }
        Ok(Self::Many(items))
    }

    /// An array, and nothing else.
    pub(super) fn into_batch(self) -> Result<Self, Problem> {
        match self {
            Self::One(_) => Err(invalid(vec![InvalidInput::member(
                "",
                format!("must be an array of 1 to {MAX_BATCH} invitations"),
            )])),
            Self::Many(_) => Ok(self),
        }
    }

    /// The invitations, in order.
    pub(super) fn items(&self) -> &[&'a RawValue] {
        match self {
            Self::One(item) => item,
            Self::Many(items) => items,
        }
    }
}

/// The body as a JSON value; `what` it should be is for the case that it is empty.
pub(super) fn parse_value(body: &[u8], what: &str) -> Result<Value, Problem> {
    require_content(body, what)?;
    serde_json::from_slice(body).map_err(|error| malformed(&error))
}

/// Rejects a body of another type than these, or one that is compressed.
pub(super) fn require_json(headers: &HeaderMap, types: &[&str]) -> Result<(), Problem> {
    require_uncompressed(headers)?;
    let given = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .and_then(|kind| kind.split(';').next())
        .unwrap_or_default()
        .trim();
    if types.iter().any(|own| own.eq_ignore_ascii_case(given)) {
        return Ok(());
    }
    let types = types.join(" or ");
    Err(Problem::new(Kind::UnsupportedMediaType)
        .detail(format!("The content type must be {types}.")))
}

/// Rejects a body that is compressed.
pub(super) fn require_uncompressed(headers: &HeaderMap) -> Result<(), Problem> {
    let is_identity = |value: &HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"identity");
    if headers
        .get_all(header::CONTENT_ENCODING)
        .iter()
        .all(is_identity)
    {
        return Ok(());
    }
    Err(Problem::new(Kind::UnsupportedMediaType)
    .detail("Compressed bodies are not supported. Send the body as it is, without Content-Encoding.")
    .header(
        header::ACCEPT_ENCODING,
        HeaderValue::from_static("identity"),
    ))
}

fn require_content(body: &[u8], what: &str) -> Result<(), Problem> {
    if body.trim_ascii().is_empty() {
        return Err(Problem::new(Kind::MalformedJson)
            .detail(format!("The body is empty: send {what} as a JSON object.")));
    }
    Ok(())
}

fn malformed(error: &serde_json::Error) -> Problem {
    Problem::new(Kind::MalformedJson).detail(format!(
        "It is not well-formed JSON at line {}, column {}.",
        error.line(),
        error.column()
    ))
}

pub(super) fn invalid(errors: Vec<InvalidInput>) -> Problem {
    Problem::new(Kind::InvalidFields).errors(errors)
}
