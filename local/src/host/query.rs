//! The query string as an older, forwarding host passes it on.

use url::form_urlencoded;

/// Values of the same name, compared without case, joined by commas in the place of the first.
pub(super) fn comma_joined(query: &str) -> String {
    let mut merged: Vec<(String, String)> = Vec::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match merged
            .iter_mut()
            .find(|(known, _)| known.eq_ignore_ascii_case(&name))
        {
            Some((_, values)) => {
                values.push(',');
                values.push_str(&value);
            }
            None => merged.push((name.into_owned(), value.into_owned())),
        }
    }
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(merged)
        .finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_one_name_are_joined() {
        assert_eq!(comma_joined("a=1&b=2&A=3"), "a=1%2C3&b=2");
        assert_eq!(comma_joined("code=x%26y"), "code=x%26y");
        assert_eq!(comma_joined(""), "");
    }
}
