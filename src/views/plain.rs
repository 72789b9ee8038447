//! The company form for browsers that run no scripts: `required` and `pattern` say what is wrong
//! with a field, and the style sheet colours the button by them. They are never stricter than the
//! server, and keep nothing from being sent.

use super::{Sheet, csp_hash, dense};
use crate::domain::company::{Field, rules};

/// What a phone number may have between its digits, in a class of a pattern, where more is escaped
/// than in Rust.
const SEPARATORS: &str = r" \-\(\)\/.";

/// The style of the page with what this form has beside.
pub(super) fn sheet(page: &Sheet) -> Sheet {
    let style = page.style.clone() + &dense(include_str!("plain.css"));
    Sheet {
        hash: csp_hash(&style),
        style,
    }
}

/// `required` and `pattern`, for the value and the country that the page shows.
pub(super) fn constraints(field: Field, value: &str, wrong: bool, country: &str) -> String {
    let needed = !field.optional(country);
    let mut attributes = if needed {
        " required".to_owned()
    } else {
        String::new()
    };
    let refused = wrong && !value.is_empty();
    let shape = shape(field, country, needed);
    if field != Field::Country && (refused || shape.is_some()) {
        let shape = shape.unwrap_or_else(|| ".*".to_owned());
        // The server's word holds until the value is another one.
        let unless = if refused {
            format!("(?!{}$)", literal(value))
        } else {
            String::new()
        };
        attributes.push_str(&format!(" pattern=\"{unless}(?:{shape})\""));
    }
    attributes
}

/// What every right value looks like as it is typed, as an alternation; `None` for anything.
/// Whatever has other characters than ASCII is left to the server.
fn shape(field: Field, country: &str, needed: bool) -> Option<String> {
    match field {
        Field::PostalCode if rules::of(country).code == country => Some(format!(
            " *(?i:{}) *|.*(?:[^ -~]|  ).*",
            rules::of(country).postal.regex
        )),
        Field::Phone => Some(format!(
            r"(?:[{SEPARATORS}]|\(0\))*(?:\+|0[{SEPARATORS}]*0)[\d{SEPARATORS}]{{7,}}|.*[^ -~].*"
        )),
        Field::Website => Some(r" *(?=.*(?:[.%]|[^ -~]))[^ \\]+ *".to_owned()),
        _ if needed => Some(r".*\S.*".to_owned()),
        _ => None,
    }
}

/// The text itself as a pattern that also HTML can hold.
fn literal(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_string()
            } else {
                format!("\\u{{{:x}}}", u32::from(c))
            }
        })
        .collect()
}
