//! Conditional requests (RFC 9110, 13): whether the caller knows what is there.
//!
//! The tag is a digest of what `GET` shows: state, timeline and delivery. It is strong, since the
//! same tag means the same bytes.

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::http::problem::{Kind, Problem};

/// The tag of what is shown.
pub(crate) fn tag(shown: &impl Serialize) -> String {
    tag_of(&serde_json::to_vec(shown).unwrap_or_default())
}

/// The tag of these bytes.
pub(crate) fn tag_of(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    let text: String = digest
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("\"{text}\"")
}

/// Whether the caller has what is shown already: `If-None-Match`, by the weak comparison.
pub(crate) fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    names(headers, &header::IF_NONE_MATCH, |listed| {
        listed.trim_start_matches("W/") == tag
    })
}

/// Whether the caller makes the change depend on what is there.
pub(crate) fn is_conditional(headers: &HeaderMap) -> bool {
    headers.contains_key(header::IF_MATCH)
}

/// Whether what is there is what the caller means: `If-Match`, by the strong comparison. What
/// cannot be read is not it.
pub(crate) fn holds(headers: &HeaderMap, tag: &str) -> bool {
    !is_conditional(headers) || names(headers, &header::IF_MATCH, |listed| listed == tag)
}

/// Whether the header is `*` or a list with a tag that is equal. The crate `headers` panics in
/// debug builds on a tag with a space in it.
fn names(headers: &HeaderMap, name: &HeaderName, is_equal: impl Fn(&str) -> bool) -> bool {
    let mut lines = headers
        .get_all(name)
        .iter()
        .filter_map(|line| line.to_str().ok());
    lines.any(|line| line.trim() == "*" || listed(line).any(&is_equal))
}

/// The tags of a line, each with its quotes and its `W/`, up to the first thing that is no tag.
fn listed(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = line;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches([',', ' ', '\t']);
        let opening = if rest.starts_with("W/") { 2 } else { 0 };
        let quoted = rest.get(opening..)?.strip_prefix('"')?;
        let (tag, after) = rest.split_at(opening + 1 + quoted.find('"')? + 1);
        let ends = after.is_empty() || after.starts_with([',', ' ', '\t']);
        rest = after;
        ends.then_some(tag)
    })
}

/// 412, with the tag of what is there.
pub(crate) fn failed(tag: &str) -> Response {
    let problem = Problem::new(Kind::PreconditionFailed)
        .detail("Read it again; the ETag header has its current version.");
    ([(header::ETAG, value(tag))], problem).into_response()
}

/// As a header.
pub(crate) fn value(tag: &str) -> HeaderValue {
    HeaderValue::from_str(tag).unwrap_or(HeaderValue::from_static("\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAG: &str = "\"a1\"";

    fn with(name: HeaderName, values: &[&str]) -> HeaderMap {
        values
            .iter()
            .map(|value| (name.clone(), HeaderValue::from_str(value).unwrap()))
            .collect()
    }

    #[test]
    fn if_none_match_is_a_list_compared_weakly() {
        for known in [
            &["\"a1\""][..],
            &["W/\"a1\""],
            &["*"],
            &["\"x\", \"a1\""],
            &["\"x,y\" ,W/\"a1\""],
            &["\"x\"", "\"a1\""],
        ] {
            assert!(
                is_known(&with(header::IF_NONE_MATCH, known), TAG),
                "{known:?}"
            );
        }
        for other in [
            &[][..],
            &["\"x\""],
            &["a1"],
            &["\"A1\""],
            &[""],
            &["\"x, a1\""],
        ] {
            assert!(
                !is_known(&with(header::IF_NONE_MATCH, other), TAG),
                "{other:?}"
            );
        }
    }

    #[test]
    fn if_match_is_a_list_compared_strongly() {
        for same in [
            &[][..],
            &["\"a1\""],
            &["*"],
            &["\"x\", \"a1\""],
            &["\"x\"", "\"a1\""],
        ] {
            assert!(holds(&with(header::IF_MATCH, same), TAG), "{same:?}");
        }
        for other in [&["W/\"a1\""][..], &["\"x\""], &["a1"], &[""], &["\"x,a1\""]] {
            assert!(!holds(&with(header::IF_MATCH, other), TAG), "{other:?}");
        }
    }
}
