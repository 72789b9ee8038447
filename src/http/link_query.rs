//! The invitation in the query of a link that mail programs, people or scanners may have damaged.
//!
//! Only values of `invitationId` are searched. The name is found in any letter case, after `&amp;`,
//! and percent-encoded. The value is read as the one GUID in it, whatever surrounds or interrupts
//! that: punctuation, braces, quotes, blanks, line breaks, leftovers of quoted-printable (RFC 2045,
//! 6.7), typographic hyphens, full-width letters, or none of the hyphens. Two different GUIDs are
//! none. No library reads such text.

use percent_encoding::percent_decode_str;
use uuid::{
    Uuid,
    fmt::{Hyphenated, Simple},
};

use crate::domain::invitation::Link;

/// Nothing beyond this many bytes of the query is read.
const MAX_QUERY: usize = 4096;
/// Scanners encode a link that is encoded already.
const MAX_DECODING: usize = 3;
/// `invitationId` in lower case.
const NAME: &str = "invitationid";
/// What is left of `&amp;` after the query is split at `&`.
const ENTITY: &str = "amp";

/// The one invitation that the query names.
#[must_use]
pub fn find_link(query: &str) -> Option<Link> {
    let end = (0..=MAX_QUERY.min(query.len())).rev();
    let mut end = end.filter(|at| query.is_char_boundary(*at));
    let query = &query[..end.next().unwrap_or_default()];
    let mut found = query.split(['&', ';']).flat_map(guids_of_parameter);
    let first = found.next()?;
    found.all(|other| other == first).then(|| first.into())
}

fn guids_of_parameter(parameter: &str) -> Vec<Uuid> {
    if let Some(guid) = undamaged(parameter) {
        return vec![guid];
    }
    let Some(value) = decoded(parameter).and_then(|text| value(&text).map(str::to_owned)) else {
        return Vec::new();
    };
    most_guids(&value)
}

/// As the link was sent: nothing is to be searched.
fn undamaged(parameter: &str) -> Option<Uuid> {
    let guid = parameter.strip_prefix("invitationId=")?;
    guid.parse().ok().map(Hyphenated::into_uuid)
}

/// `=0A` is either an encoded line break or the end of something else before the digits 0A, and so
/// is `3D` in front either what is left of `=3D` or the first digits. The reading that has the most
/// GUIDs is taken, the likelier one first, so that no digits of one of two GUIDs hide it.
fn most_guids(value: &str) -> Vec<Uuid> {
    let text = value.to_ascii_uppercase();
    let text = text.strip_prefix('=').unwrap_or(&text);
    let unquoted = text.strip_prefix("3D").unwrap_or(text);
    let mut most = Vec::new();
    for reading in [
        without_escapes(unquoted),
        unquoted.to_owned(),
        without_escapes(text),
        text.to_owned(),
    ] {
        let mut found = guids(&reading);
        found.sort_unstable();
        found.dedup();
        if found.len() > most.len() {
            most = found;
        }
    }
    most
}

/// `None` if there is nothing to read.
fn decoded(parameter: &str) -> Option<String> {
    let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let mut text = (!parameter.is_empty()).then(|| parameter.to_owned())?;
    for _ in 0..MAX_DECODING {
        if !text.contains('%') {
            break;
        }
        text = decode(&text);
    }
    Some(text)
}

/// What follows the name. Soft line breaks and blanks may be inside the name, too.
fn value(text: &str) -> Option<&str> {
    let mut name = String::new();
    for (at, c) in text.char_indices().filter(|(_, c)| is_kept(*c)) {
        name.push(c.to_ascii_lowercase());
        if name == NAME {
            let rest = &text[at + c.len_utf8()..];
            return rest.starts_with(|c| !is_kept(c)).then_some(rest);
        }
        if name == ENTITY {
            name.clear();
        } else if !NAME.starts_with(&name) && !ENTITY.starts_with(&name) {
            return None;
        }
    }
    None
}

fn is_kept(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-'
}

/// Removes what quoted-printable writes for `=`, blanks and line ends.
fn without_escapes(value: &str) -> String {
    let mut text = value.to_owned();
    for escape in ["=3D", "=20", "=09", "=0D", "=0A"] {
        text = text.replace(escape, "");
    }
    text
}

/// The GUIDs with hyphens; if there are none, those without; if there are none either, those whose
/// digits are complete, since a line break can remove a hyphen or add one.
fn guids(value: &str) -> Vec<Uuid> {
    let text: String = value.chars().map(in_ascii).collect();
    let joined: String = text.chars().filter(|c| is_kept(*c)).collect();
    let hyphenated: Vec<Uuid> = (0..joined.len())
        .filter_map(|at| joined.get(at..at + Hyphenated::LENGTH))
        .filter_map(|text| text.parse::<Hyphenated>().ok())
        .map(Hyphenated::into_uuid)
        .collect();
    if !hyphenated.is_empty() {
        return hyphenated;
    }
    let simple: Vec<Uuid> = text
        .split(|c| !is_kept(c))
        .chain([joined.as_str()])
        .filter_map(|text| text.parse::<Simple>().ok())
        .map(Simple::into_uuid)
        .collect();
    if !simple.is_empty() {
        return simple;
    }
    guids_of_digits(&joined.replace('-', ""))
}

/// One GUID, or two: more digits, or fewer, are none.
fn guids_of_digits(digits: &str) -> Vec<Uuid> {
    let (first, second) = digits.split_at(Simple::LENGTH.min(digits.len()));
    let parts = [first, second].into_iter().filter(|part| !part.is_empty());
    let parsed: Result<Vec<_>, _> = parts.map(str::parse::<Simple>).collect();
    let guids = parsed.unwrap_or_default();
    guids.into_iter().map(Simple::into_uuid).collect()
}

/// The ASCII character that word processors and input methods put another one in place of.
fn in_ascii(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => '-',
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(c) - 0xff01 + u32::from('!')).unwrap_or(c)
        }
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const GUID: &str = "2ae1f0ab-4f89-41d3-9a0c-0305e82cab62";

    fn reads(query: &str) -> bool {
        find_link(query) == Some(GUID.parse().unwrap())
    }

    #[test]
    fn text_around_the_guid_is_ignored() {
        for end in [
            "",
            ".",
            ",",
            ";",
            ":",
            "!",
            "?",
            ")",
            "]",
            "}",
            "'",
            "\"",
            "*",
            "_",
            "\\",
            "%3E",
            "%20",
            "%22",
            "%0A",
            "%0D%0A",
            "+",
            "%253E",
            "&gt;",
            "&quot;",
            "=",
            "=20",
            "=3E",
            "/",
            "%00",
            "%E2%80%9D",
            "%E3%80%82",
            "%E2%80%8B",
            "x",
            "Regards",
            "%ff",
            "&",
            "#",
        ] {
            assert!(reads(&format!("invitationId={GUID}{end}")), "{end:?}");
        }
        for start in [
            "3D",
            "=3D",
            "%3D",
            "=",
            "%20",
            "+",
            "%0D%0A",
            "%3C",
            "<",
            "(",
            "{",
            "%7B",
            "%22",
            "=20",
            "=0D=0A",
            "urn:uuid:",
            "%EF%BB%BF",
            "%253D",
            "%E2%80%9C",
        ] {
            assert!(reads(&format!("invitationId={start}{GUID}")), "{start:?}");
        }
        assert!(reads(&format!("invitationId=%7B{GUID}%7D")));
    }

    #[test]
    fn the_name_is_found_in_any_spelling() {
        for name in [
            "invitationid",
            "INVITATIONID",
            "InvitationID",
            "amp;invitationId",
            "%69nvitationId",
            "amp%3BinvitationId",
            "amp;amp;invitationId",
            "invitation=Id",
            "invitation%20Id",
            "invita=%0D%0AtionId",
            "?invitationId",
            "%3FinvitationId",
        ] {
            assert!(reads(&format!("a=1&{name}={GUID}")), "{name}");
        }
        assert!(reads(&format!("invitationId%3D{GUID}")));
        assert!(reads(&format!("a=1;invitationId={GUID}&b=2")));
    }

    #[test]
    fn only_invitation_id_is_searched() {
        for query in [
            format!("id={GUID}"),
            format!("myInvitationId={GUID}"),
            format!("invitationIds={GUID}"),
            format!("url=invitationId={GUID}"),
            GUID.to_owned(),
            format!("amp={GUID}"),
        ] {
            assert_eq!(find_link(&query), None, "{query}");
        }
        let other = GUID.replace('2', "3");
        assert!(reads(&format!("other={other}&invitationId={GUID}")));
    }

    #[test]
    fn a_guid_in_another_form_is_read() {
        let (simple, upper) = (GUID.replace('-', ""), GUID.to_uppercase());
        for text in [
            upper,
            format!("{{{simple}}}"),
            format!("3D{simple}"),
            format!("{simple}."),
            format!("{}%20{}", &simple[..9], &simple[9..]),
            GUID.replace('-', "%E2%80%91"),
            GUID.replace('-', "%E2%80%93"),
            GUID.replace('2', "%EF%BC%92"),
            simple,
        ] {
            assert!(reads(&format!("invitationId={text}")), "{text}");
        }
    }

    #[test]
    fn one_guid_twice_is_one_and_two_are_none() {
        let other = GUID.replace('2', "3");
        for between in [
            ",",
            "%2C",
            "&invitationId=",
            "&invitationid=",
            "&amp;invitationId=",
            "%20",
            "",
        ] {
            assert!(
                reads(&format!("invitationId={GUID}{between}{GUID}")),
                "{between}"
            );
            let two = format!("invitationId={GUID}{between}{other}");
            assert_eq!(find_link(&two), None, "{two}");
        }
        assert!(reads(&format!("invitationId=&invitationId={GUID}")));
    }

    #[test]
    fn what_lacks_a_digit_is_none() {
        for query in ["", "invitationId", "invitationId=", "invitationId=%00%ff'"] {
            assert_eq!(find_link(query), None, "{query}");
        }
        assert_eq!(find_link(&format!("invitationId={}", &GUID[..35])), None);
        assert_eq!(find_link(&format!("invitationId={}.", &GUID[1..])), None);
    }

    #[test]
    fn nothing_beyond_the_bound_is_read() {
        let far = format!("x={}&invitationId={GUID}", "9".repeat(MAX_QUERY));
        assert_eq!(find_link(&far), None);
        for shift in ["", "x"] {
            let far = format!("x={shift}{}&invitationId={GUID}", "é".repeat(MAX_QUERY));
            assert!(!reads(&far), "the bound is within a character");
        }
        let long = format!("invitationId={GUID}&x={}", "%25".repeat(MAX_QUERY));
        assert!(reads(&long));
    }

    proptest! {
        #[test]
        fn any_single_break_is_read(
            at in 0..=GUID.len(),
            gap in prop::sample::select(vec![
                "%0D%0A", "%0A", "%20", "+", "=%0D%0A", "=0D=0A", "=", "%3D", "%0D%0A%3E%20", "%E2%80%8B",
                "%C2%AD", "%09", "=20", "%250A", "-", "-%0D%0A",
            ]),
        ) {
            let query = format!("invitationId={}{gap}{}", &GUID[..at], &GUID[at..]);
            prop_assert!(reads(&query), "{query}");
        }

        /// As programs copy text that was broken at a hyphen.
        #[test]
        fn a_hyphen_too_few_is_read(bytes: [u8; 16], hyphen in 0..4_usize, gap in prop::sample::select(vec!["", "%0A", "%C2%AD"])) {
            let guid = Uuid::from_bytes(bytes).to_string();
            let (at, _) = guid.match_indices('-').nth(hyphen).unwrap();
            let query = format!("invitationId={}{gap}{}", &guid[..at], &guid[at + 1..]);
            prop_assert_eq!(find_link(&query), guid.parse().ok(), "{}", query);
        }

        #[test]
        fn any_guid_survives_a_soft_break(bytes: [u8; 16], at in 0..=36_usize) {
            let guid = Uuid::from_bytes(bytes).to_string();
            let query = format!("invitationId=3D{}={}.", &guid[..at], &guid[at..]);
            prop_assert_eq!(find_link(&query), guid.parse().ok(), "{}", query);
        }

        /// Also where their first digits look like an escape.
        #[test]
        fn two_guids_are_none(
            one: [u8; 16],
            other: [u8; 16],
            first in prop::sample::select(vec![0x3d, 0x20, 0x09, 0x0d, 0x0a]),
            between in prop::sample::select(vec!["%20", ",", "=", "%0D%0A", "&invitationId="]),
        ) {
            let [mut one, mut other] = [one, other];
            one[0] = first;
            other[0] = first;
            prop_assume!(one != other);
            let [one, other] = [one, other].map(Uuid::from_bytes);
            prop_assert_eq!(find_link(&format!("invitationId={one}{between}{other}")), None);
            prop_assert_eq!(find_link(&format!("invitationId={one}")), one.to_string().parse().ok());
        }

        #[test]
        fn anything_else_is_read_without_a_panic(query in ".{0,200}", tail in "[%=&;a-zA-Z0-9-]{0,200}") {
            let _ = (find_link(&query), find_link(&format!("invitationId={tail}")));
        }
    }
}
