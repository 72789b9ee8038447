//! The Functions host's id of an invocation. The host repeats a request without a body whose answer
//! it did not get, under the same id.

use axum::http::{HeaderMap, HeaderName};
use uuid::Uuid;

const NAME: HeaderName = HeaderName::from_static("x-azure-functions-invocationid");

/// Longer than the id of any host.
const MAX_LENGTH: usize = 64;

/// The id as it is logged and returned: the last element of the header. A host that forwards
/// appends its own id to what the caller sent. Empty where it cannot be an id.
#[must_use]
pub fn text(headers: &HeaderMap) -> &str {
    let line = headers.get_all(NAME).iter().next_back();
    let line = line.and_then(|line| line.to_str().ok()).unwrap_or_default();
    let last = line.rsplit(',').next().unwrap_or_default().trim();
    let is_of_an_id = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if last.len() <= MAX_LENGTH && last.bytes().all(is_of_an_id) {
        last
    } else {
        ""
    }
}

/// The id by which a repetition is recognised.
#[must_use]
pub fn id(headers: &HeaderMap) -> Option<Uuid> {
    text(headers).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_own_id_is_the_last() {
        let (forged, real) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let of = |values: &[String]| {
            let line = |value: &String| (NAME, value.parse().unwrap());
            id(&values.iter().map(line).collect())
        };
        assert_eq!(of(&[real.to_string()]), Some(real));
        assert_eq!(of(&[format!("{forged}, {real}")]), Some(real));
        assert_eq!(of(&[forged.to_string(), real.to_string()]), Some(real));
        assert_eq!(of(&[format!("{real}, no id")]), None);
        assert_eq!(of(&[]), None);
        let markup = HeaderMap::from_iter([(NAME, "<b>1".parse().unwrap())]);
        assert_eq!(text(&markup), "");
    }
}
