//! Keys as both adapters store them.
//!
//! Table Storage refuses `/ \ # ?` and control characters in keys, and a `'` or `%` in one is read
//! differently by different parts of it. So everything but ASCII letters, digits, `-`, `.` and `_`
//! is written as `!` and two hexadecimal digits per UTF-8 byte. What comes out needs no further
//! quoting in a URL or in a `$filter`. Source:
//! <https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model#characters-disallowed-in-key-fields>

/// Sorts behind every escaped key and before nothing that is one.
pub(super) const UPPER_BOUND: &str = "\u{7f}";

/// The stored form of a key.
pub(super) fn escape(key: &str) -> String {
    use std::fmt::Write;

    if key.bytes().all(is_plain) {
        return key.to_owned();
    }
    let mut escaped = String::with_capacity(key.len());
    for byte in key.bytes() {
        if is_plain(byte) {
            escaped.push(char::from(byte));
        } else {
            // Writing to a `String` cannot fail.
            let _ = write!(escaped, "!{byte:02x}");
        }
    }
    escaped
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_')
}

/// The key of a stored form; `None` where [`escape`] cannot have written it.
pub(super) fn unescape(escaped: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(escaped.len());
    let mut rest = escaped;
    while let Some(first) = rest.chars().next() {
        let taken = if first == '!' {
            bytes.push(u8::from_str_radix(rest.get(1..3)?, 16).ok()?);
            3
        } else {
            bytes.extend(rest.get(..first.len_utf8())?.bytes());
            first.len_utf8()
        };
        rest = rest.get(taken..)?;
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn plain_keys_stay_as_they_are() {
        assert_eq!(escape("event-2025.01_AZaz09"), "event-2025.01_AZaz09");
    }

    #[test]
    fn everything_else_is_written_as_bytes() {
        assert_eq!(escape("a/b c"), "a!2fb!20c");
        assert_eq!(escape("'%!"), "!27!25!21");
        assert_eq!(escape("\t王"), "!09!e7!8e!8b");
    }

    #[test]
    fn what_is_no_stored_key_is_not_read_as_one() {
        for broken in ["!", "!4", "!zz", "!ff", "a!王"] {
            assert_eq!(unescape(broken), None, "{broken}");
        }
    }

    proptest! {
        #[test]
        fn any_text_survives(key in any::<String>()) {
            let escaped = escape(&key);
            prop_assert!(escaped.is_ascii());
            prop_assert!(escaped.as_str() < UPPER_BOUND);
            prop_assert_eq!(unescape(&escaped), Some(key));
        }

        #[test]
        fn different_keys_stay_different(one in any::<String>(), other in any::<String>()) {
            prop_assert_eq!(one == other, escape(&one) == escape(&other));
        }
    }
}
