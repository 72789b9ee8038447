//! The header `Idempotency-Key`: draft-ietf-httpapi-idempotency-key-header.

use axum::http::HeaderMap;

use crate::http::problem::{Kind, Problem};

const NAME: &str = "idempotency-key";
/// In characters.
const MAX_LENGTH: usize = 255;

/// The key, if there is one: 1 to 255 visible ASCII characters, as they are or as a string of a
/// structured field (RFC 9651, 3.3.3), which is what the draft has; `"a"` and `a` are the same key.
pub(crate) fn read(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut values = headers.get_all(NAME).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    let key = value.to_str().ok().and_then(|text| unquoted(text.trim()));
    match key.filter(|key| values.next().is_none() && is_key(key)) {
        Some(key) => Ok(Some(key)),
        None => Err(Problem::new(Kind::IdempotencyKeyMalformed).detail(
            "Send it once: 1 to 255 visible ASCII characters, bare or as a quoted string.",
        )),
    }
}

fn is_key(key: &str) -> bool {
    (1..=MAX_LENGTH).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic())
}

fn unquoted(text: &str) -> Option<String> {
    let Some(quoted) = text.strip_prefix('"') else {
        return Some(text.to_owned());
    };
    let mut rest = quoted.strip_suffix('"')?.chars();
    let mut key = String::new();
    while let Some(char) = rest.next() {
        match char {
            '\\' => key.push(
                rest.next()
                    .filter(|escaped| matches!(escaped, '"' | '\\'))?,
            ),
            '"' => return None,
            _ => key.push(char),
        }
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(values: &[&[u8]]) -> Result<Option<String>, u16> {
        let value = |bytes: &&[u8]| {
            (
                NAME.parse().unwrap(),
                axum::http::HeaderValue::from_bytes(bytes).unwrap(),
            )
        };
        read(&values.iter().map(value).collect()).map_err(|problem| problem.status())
    }

    #[test]
    fn a_key_is_bare_or_a_quoted_string() {
        assert_eq!(key(&[]), Ok(None));
        for (sent, meant) in [
            ("8e03978e-40d5", "8e03978e-40d5"),
            ("\"8e03978e-40d5\"", "8e03978e-40d5"),
            (r#""a\"b\\c""#, "a\"b\\c"),
            (" a ", "a"),
            ("a\"b", "a\"b"),
        ] {
            assert_eq!(
                key(&[sent.as_bytes()]),
                Ok(Some(meant.to_owned())),
                "{sent}"
            );
        }
        assert!(key(&["x".repeat(255).as_bytes()]).is_ok());
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for sent in [
            "", "\"\"", "\"a", "\"a\"b\"", r#""a\b""#, "a b", "\"a b\"", "\"a\\\"",
        ] {
            assert_eq!(key(&[sent.as_bytes()]), Err(400), "{sent}");
        }
        for sent in [
            &b"caf\xe9"[..],
            "ключ".as_bytes(),
            "x".repeat(256).as_bytes(),
        ] {
            assert_eq!(key(&[sent]), Err(400), "{sent:?}");
        }
        assert_eq!(key(&[b"a", b"a"]), Err(400), "it is repeated");
    }
}
