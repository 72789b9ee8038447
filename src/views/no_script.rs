//! The company form for browsers without scripts: `required` and `pattern` mark a wrong field, and
//! the style sheet colours the button by them. They are never stricter than the server, and never
//! block the form.

use crate::domain::company::{Field, rules};

/// `required` and `pattern`, for the value and the country that the page shows.
pub(super) fn constraints(
    field: Field,
    value: &str,
    wrong: bool,
    country: &str,
    required: bool,
) -> String {
    let mut attributes = if required {
        " required".to_owned()
    } else {
        String::new()
    };
    let refused = wrong && !value.is_empty();
    let shape = shape(field, country, required);
    if field != Field::Country && (refused || shape.is_some()) {
        let shape = shape.unwrap_or_else(|| ".*".to_owned());
        // The server refused this value; any other one may be right.
        let unless = if refused {
            format!("(?!{}$)", literal(value))
        } else {
            String::new()
        };
        attributes.push_str(&format!(" pattern=\"{unless}(?:{shape})\""));
    }
    attributes
}

/// A pattern, an alternation, that matches every valid value as it is typed; `None`: anything may
/// be valid. Values with characters beyond ASCII are left to the server.
fn shape(field: Field, country: &str, required: bool) -> Option<String> {
    match field {
        Field::PostalCode if !country.is_empty() && rules::of(country).code == country => {
            Some(format!(
                "(?i:[a-z]{{0,3}}(?:{})|.*[^a-z0-9].*)",
                rules::of(country)
                    .postal
                    .regex
                    .replace(country, &format!("(?:{country})?"))
            ))
        }
        // At least as many digits as the shortest number has; the rest depends on the country.
        Field::Phone => Some(r".*\d.*\d.*\d.*|.*[^ -~].*".to_owned()),
        Field::Website => Some(r" *(?=.*(?:[.%]|[^ -~]))[^ \\]+ *".to_owned()),
        _ if required => Some(r".*\S.*".to_owned()),
        _ => None,
    }
}

/// A pattern that matches exactly the text, safe in an HTML attribute.
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
