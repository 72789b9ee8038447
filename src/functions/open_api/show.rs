//! GET: the document. Each version is built on the first request for it, and cached.

use std::sync::{Arc, OnceLock};

use axum::{
    Extension,
    body::Bytes,
    extract::{RawQuery, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{document::document_of, ordered::Ordered, version::Version};
use crate::{
    app::Shared,
    config::Config,
    http::{error::AppError, failure::Failure, preconditions, problem::Problem, query::Parameters},
};

const HEADERS: [(HeaderName, &str); 4] = [
    (header::CONTENT_TYPE, "application/json"),
    (header::CACHE_CONTROL, "public, max-age=300"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'",
    ),
];

/// The document in each version with its ETag, built on the first request.
#[derive(Clone, Debug, Default)]
pub struct Cached(Arc<[OnceLock<(Bytes, String)>; Version::ALL.len()]>);

/// GET: the document.
///
/// # Errors
/// A document that cannot be serialised.
pub async fn show(
    State(app): State<Shared>,
    Extension(cached): Extension<Cached>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let version = match parse(query.as_deref().unwrap_or_default()) {
        Ok(version) => version,
        Err(problem) => return Ok(problem.into_response()),
    };
    let place = &cached.0[version as usize];
    let (bytes, tag) = match place.get() {
        Some(cached) => cached,
        None => {
            let built = build(&app.config, version)?;
            place.get_or_init(|| built)
        }
    };
    let mut response = if preconditions::is_known(&headers, tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        bytes.clone().into_response()
    };
    for (name, value) in HEADERS {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
        .headers_mut()
        .insert(header::ETAG, preconditions::value(tag));
    Ok(response)
}

fn build(config: &Config, version: Version) -> Result<(Bytes, String), AppError> {
    let text = document_of(config, version)
        .and_then(|document| serde_json::to_vec(&Ordered(&document)))
        .map_err(|error| {
            AppError::Internal(format!(
                "the OpenAPI document cannot be serialised: {error}"
            ))
        })?;
    let bytes = Bytes::from(text);
    let tag = preconditions::tag_of(&bytes);
    Ok((bytes, tag))
}

fn parse(query: &str) -> Result<Version, Problem> {
    let mut parameters = Parameters::of(query);
    let version = parameters.parse("version", |text| {
        Version::parse(text).ok_or_else(|| {
            let known = Version::ALL.map(Version::number).join(", ");
            format!("must be one of {known}")
        })
    });
    parameters.finish("known is version")?;
    Ok(version.unwrap_or(Version::V3_1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_is_one_of_three() {
        for (query, version) in [
            ("", Version::V3_1),
            ("version=", Version::V3_1),
            ("version=3.1", Version::V3_1),
            ("version=3.0&code=key", Version::V3_0),
            ("version=2.0", Version::V2_0),
        ] {
            assert_eq!(parse(query).ok(), Some(version), "{query}");
        }
        for wrong in [
            "version=3",
            "version=1.2",
            "version=3.0&version=2.0",
            "v=2.0",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
