//! A validated e-mail address, and the comparison of two mailboxes.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, SchemaFormat, Type},
};

use crate::text;

/// The maximum length of a local part in octets (RFC 5321, 4.5.3.1.1).
const MAX_LOCAL: usize = 64;

/// A syntactically valid address (RFC 5321; RFC 6531 for international ones), as it was given.
///
/// A quoted local part is refused: RFC 5321, 4.1.2, asks hosts to avoid such mailboxes, and
/// its content could inject e-mail headers.
///
/// `Debug` hides it: addresses are never logged.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email {
    given: String,
    normalised: String,
}

/// The text is not an e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not an e-mail address such as name@example.com")]
pub struct NotAnEmail;

impl Email {
    /// Reads what a person typed or pasted: without the invisible characters and the white space that
    /// come along.
    ///
    /// # Errors
    /// The rest is not an address.
    pub fn typed(text: &str) -> Result<Self, NotAnEmail> {
        text::remove_invisible(text).trim().parse()
    }

    /// The address as it was given, to send to and to display.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.given
    }

    /// Whether both name the same mailbox.
    ///
    /// The local part is compared without ASCII case (no provider in practice distinguishes
    /// `Anna@` from `anna@`), the domain in its ASCII form (IDNA, UTS 46), so a homoglyph domain
    /// differs. A plus tag is part of the local part (RFC 5233 leaves its meaning to the receiving
    /// host), so `anna+a@` and `anna@` differ.
    #[must_use]
    pub fn same_mailbox(&self, other: &Self) -> bool {
        self.normalised == other.normalised
    }

    /// The normal form, equal for equal mailboxes; a key of an index.
    #[must_use]
    pub fn normalised(&self) -> &str {
        &self.normalised
    }
}

impl FromStr for Email {
    type Err = NotAnEmail;

    fn from_str(text: &str) -> Result<Self, NotAnEmail> {
        text.to_owned().try_into()
    }
}

fn parse_fully(text: &str) -> Result<Email, NotAnEmail> {
    // RFC 5321, 4.5.3.1.3: a path has at most 254 octets. Display names and domain literals are
    // refused; so are quotation marks and commas of other scripts, which come along when people
    // paste, and symbols, which may look like a part of another domain.
    if text.len() > 254
        || text.chars().any(|c| {
            text::shows_nothing(c)
                || text::is_foreign_punctuation(c)
                || text::is_symbol(c)
                || matches!(c, '<' | '>' | '"' | '[' | ']')
        })
    {
        return Err(NotAnEmail);
    }
    let (local, domain) = text.rsplit_once('@').ok_or(NotAnEmail)?;
    let domain = match url::Host::parse(domain) {
        // A trailing dot is valid in a host name, not in a mailbox (RFC 5321, 4.1.2).
        Ok(url::Host::Domain(ascii)) if is_host_name(&ascii) => ascii,
        _ => return Err(NotAnEmail),
    };
    if local.len() > MAX_LOCAL {
        return Err(NotAnEmail);
    }
    email_address::EmailAddress::from_str(&format!("{}@{domain}", ascii_stand_in(local)))
        .map_err(|_| NotAnEmail)?;
    let normalised = format!("{}@{domain}", local.to_ascii_lowercase());
    // The ASCII form of the domain, which is sent, may be longer.
    if normalised.len() > 254 {
        return Err(NotAnEmail);
    }
    Ok(Email {
        given: text.to_owned(),
        normalised,
    })
}

/// The local part with a letter for each character beyond ASCII, all of which RFC 6531, 3.3, allows
/// in an atom; the crate refuses combining marks. A full-width character counts as the one that it
/// stands for: such a comma or `@` is a slip of the keyboard.
fn ascii_stand_in(local: &str) -> String {
    let of = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ if c.is_ascii() => c,
        _ => 'a',
    };
    local.chars().map(of).collect()
}

/// Whether this is a common ASCII address, for which these checks suffice: a fast path, because
/// reading an invitation parses two addresses.
fn is_common(text: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'+'))
    };
    text.split_once('@').is_some_and(|(local, domain)| {
        local.len() <= MAX_LOCAL
            && local.split('.').all(is_word)
            && is_host_name(domain)
            // No A-labels, which must be validated, and no number, which would be an IPv4 address.
            && !domain.as_bytes().windows(2).any(|two| two == b"--")
            && domain.rsplit('.').next().is_some_and(|last| last.starts_with(|c: char| c.is_ascii_alphabetic()))
            && text.len() <= 254
    })
}

/// Labels separated by dots, each of at most 63 letters, digits and hyphens (RFC 5321, 4.1.2;
/// RFC 1035, 2.3.4).
fn is_host_name(domain: &str) -> bool {
    let is_label = |label: &str| {
        let allowed = label
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        (1..=63).contains(&label.len())
            && allowed
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    domain.contains('.') && domain.len() <= 253 && domain.split('.').all(is_label)
}

/// The limit is in octets; a schema counts characters.
impl PartialSchema for Email {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::Custom("idn-email".to_owned())));
        text.description(Some("A mailbox, also an international one (RFC 6531)."))
            .max_length(Some(254))
            .examples(["anna@example.com"])
            .into()
    }
}

impl ToSchema for Email {}

impl TryFrom<String> for Email {
    type Error = NotAnEmail;

    fn try_from(text: String) -> Result<Self, NotAnEmail> {
        if is_common(&text) {
            return Ok(Self {
                normalised: text.to_ascii_lowercase(),
                given: text,
            });
        }
        parse_fully(&text)
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.given
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(…)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_fast_path_agrees_with_the_full_parser(
            local in "[a-zA-Z0-9._+'-]{0,8}|[a-z]{60,70}",
            domain in "[a-zA-Z0-9.-]{0,8}(\\.[a-z0-9x-]{0,5})?|xn--[a-z0-9-]{1,5}\\.com|0x[0-9]{1,3}|[a-z]{60,66}\\.com|([a-z]{50}\\.){4}[a-z]{1,12}",
        ) {
            let text = format!("{local}@{domain}");
            if is_common(&text) {
                let email = parse_fully(&text);
                prop_assert!(email.is_ok(), "{}", text);
                prop_assert_eq!(email.unwrap().normalised, text.to_ascii_lowercase());
            }
        }
    }

    proptest! {
        #[test]
        fn any_visible_word_may_name_a_mailbox(local in "[\\p{L}\\p{M}\\p{N}]{1,12}") {
            prop_assume!(local.len() <= MAX_LOCAL && !local.contains(text::shows_nothing) && !local.contains(text::is_symbol));
            let text = format!("{local}@example.com");
            let email = text.parse::<Email>();
            prop_assert!(email.is_ok(), "{}", text.escape_unicode());
            prop_assert!(email.unwrap().same_mailbox(&text.parse().unwrap()));
        }

        #[test]
        fn no_white_space_or_invisible_character_is_taken(
            before in "[\\p{L}\\p{M}]{0,4}",
            c in "[\\p{Cc}\\p{Z}\u{ad}\u{61c}\u{200b}-\u{200f}\u{202a}-\u{202e}\u{2060}-\u{206f}\u{feff}\u{fe00}-\u{fe0f}]",
            domain in proptest::bool::ANY,
        ) {
            let text = match domain {
                true => format!("a@b{before}{c}b.example"),
                false => format!("a{before}{c}b@example.com"),
            };
            prop_assert!(text.parse::<Email>().is_err(), "{}", text.escape_unicode());
        }
    }

    fn same(a: &str, b: &str) -> bool {
        a.parse::<Email>()
            .unwrap()
            .same_mailbox(&b.parse().unwrap())
    }

    #[test]
    fn the_same_mailbox_in_another_case_is_equal() {
        assert!(same("Anna.Meier@Example.COM", "anna.meier@example.com"));
        assert!(same("anna@bücher.example", "anna@xn--bcher-kva.example"));
        assert!(same("anna@BÜCHER.example", "anna@XN--BCHER-KVA.example"));
        assert!(same("王小明@例え.jp", "王小明@xn--r8jz45g.jp"));
    }

    #[test]
    fn another_mailbox_is_different() {
        assert!(!same("anna@example.com", "anna@examрle.com"), "Cyrillic р");
        assert!(!same("anna+news@example.com", "anna@example.com"));
        assert!(!same("anna.meier@example.com", "annameier@example.com"));
    }

    #[test]
    fn an_invalid_mailbox_is_refused() {
        for text in [
            "",
            "anna",
            "anna@",
            "@example.com",
            "anna@example.com.",
            "a b@example.com",
            "anna@example.com\r\nBcc: x@y.zz",
            "anna@localhost",
            "Anna <anna@example.com>",
            "anna@[10.0.0.1]",
            "anna@10.0.0.1",
            "\"anna meier\"@example.com",
            "\"anna\"@example.com",
            ".anna@example.com",
            "anna.@example.com",
            "an..na@example.com",
            "anna@@example.com",
            "anna@example..com",
            "anna@.example.com",
            "anna@-example.com",
            "anna@example-.com",
            "anna@exa_mple.com",
            "anna@xn--a.com",
            "anna,beat@example.com",
            "anna@example.com,beat@example.com",
            "anna(comment)@example.com",
            "anna\u{200b}@[::1]",
            "anna@example.com∕x.evil.example",
            "anna@example.com⧸x.evil.example",
            "anna@☂.example",
            "anna\u{3164}@example.com",
            "anna\u{fdd0}@example.com",
            "an\u{200b}na@example.com",
            "an\u{202e}na@example.com",
            "an\u{2066}na@example.com",
            "an\u{200d}na@example.com",
            "an\u{fe0f}na@example.com",
            "स\u{200c}प@example.in",
            "an\u{85}na@example.com",
            "an\u{3000}na@example.com",
            "संपर्क\u{a0}@example.in",
            "संपर्क@@example.in",
            "संपर्क.@example.in",
            "संप..र्क@example.in",
            "संप,र्क@example.in",
            "संपर्क@example",
            "anna＠例え@example.com",
            "anna，beat@example.com",
            "anna．@example.com",
            "“anna@example.com”",
            "anna@example.com、",
            "anna@ตัวอย่าง",
            "anna@\u{308}.example",
        ] {
            assert!(text.parse::<Email>().is_err(), "{text:?}");
        }
    }

    /// RFC 5321, 4.5.3.1: 64 octets of the local part, 254 in all; RFC 1035: 63 of a label.
    #[test]
    fn lengths_count_octets_of_the_ascii_form() {
        let is = |local: &str, domain: &str| format!("{local}@{domain}").parse::<Email>().is_ok();
        assert!(is(&"a".repeat(64), "example.com") && !is(&"a".repeat(65), "example.com"));
        assert!(is(&"é".repeat(32), "example.com") && !is(&"é".repeat(33), "example.com"));
        assert!(
            is("a", &format!("{}.com", "b".repeat(63)))
                && !is("a", &format!("{}.com", "b".repeat(64)))
        );
        let long = |labels: usize, rest: usize| {
            format!("{}{}.com", "c123456789.".repeat(labels), "d".repeat(rest))
        };
        assert_eq!(
            (
                long(21, 17).len() + 2,
                is("a", &long(21, 17)),
                is("a", &long(21, 18))
            ),
            (254, true, false)
        );
        assert!(
            !is("a", &format!("{}.com", "ü".repeat(60))),
            "longer than 63 as an A-label"
        );
    }

    #[test]
    fn international_addresses_are_accepted() {
        for text in [
            "王小明@例え.jp",
            "jörg@müller.example",
            "o'brien@example.ie",
            "संपर्क@example.in",
            "ผู้จัดการ@example.th",
            "info@ตัวอย่าง.ไทย",
            "mu\u{308}ller@example.de",
            "info@mu\u{308}ller.example",
            "தொடர்பு.மேலாளர்+1@உதாரணம்.example",
            "שָׁלוֹם@example.il",
            "𠮷田@例え。jp",
            "संपर्क@डाटामेल.भारत",
        ] {
            assert!(text.parse::<Email>().is_ok(), "{text:?}");
        }
    }

    #[test]
    fn the_decomposed_domain_is_the_same_one() {
        assert!(same("a@mu\u{308}ller.example", "a@müller.example"));
        assert!(same(
            "info@ตัวอย่าง.ไทย",
            "info@xn--72c1a1bt4awk9o.xn--o3cw4h"
        ));
    }
}
