//! Routes: ASP.NET's templates (literals, `{id}`, `{id:guid}`, `{id?}`, `{*rest}`) and the path that
//! they are compared with.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use regex::Regex;
use url::Url;

/// What ASP.NET leaves as it is when it encodes a path (RFC 3986: `pchar` and the slash).
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@')
    .remove(b'/');

#[derive(Debug, Clone)]
pub(super) struct RouteTemplate(Regex);

impl RouteTemplate {
    pub(super) fn parse(template: &str) -> Result<Self, String> {
        let (mut pattern, mut optional) = ("(?i)^".to_owned(), false);
        for segment in template.split('/') {
            let (part, may_be_missing) = segment_pattern(segment)?;
            if optional && !may_be_missing {
                return Err("an optional parameter must be the last segment".into());
            }
            optional |= may_be_missing;
            pattern += &part;
        }
        let regex = Regex::new(&format!("{pattern}/?$"));
        regex.map(Self).map_err(|error| error.to_string())
    }

    /// Whether a decoded path matches, ignoring case; one trailing slash is tolerated.
    pub(super) fn matches(&self, path: &str) -> bool {
        self.0.is_match(path)
    }
}

/// A segment as a regular expression, and whether it may be missing.
fn segment_pattern(segment: &str) -> Result<(String, bool), String> {
    let inside = segment
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'));
    let Some(inside) = inside else {
        if segment.is_empty() || segment.contains(['{', '}', '?', '*']) {
            return Err(format!(
                "\"{segment}\" is neither a literal nor one {{parameter}}"
            ));
        }
        return Ok((format!("/{}", regex::escape(segment)), false));
    };
    if inside.starts_with('*') {
        return Ok(("(?:/.*)?".into(), true));
    }
    let (inside, optional) = inside
        .strip_suffix('?')
        .map_or((inside, false), |rest| (rest, true));
    let (name, constraint) = inside.split_once(':').unwrap_or((inside, ""));
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Err(format!("\"{name}\" is not a parameter name"));
    }
    let value = match constraint {
        "" => "[^/]+",
        "int" => "-?[0-9]+",
        "bool" => "(?:true|false)",
        "alpha" => "[a-z]+",
        "guid" => "[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}",
        other => return Err(format!("the constraint \"{other}\" is not supported here")),
    };
    let pattern = if optional {
        format!("(?:/{value})?")
    } else {
        format!("/{value}")
    };
    Ok((pattern, optional))
}

/// The path as the host routes it: without `.` and `..`, decoded but for `%2F`.
pub(super) fn decoded(path: &str) -> String {
    let Ok(mut url) = Url::parse("http://host/") else {
        return path.to_owned();
    };
    url.set_path(path);
    let path = url.path().replace("%2F", "%252F").replace("%2f", "%252F");
    percent_decode_str(&path).decode_utf8_lossy().into_owned()
}

/// A decoded path as the handler gets it.
pub(super) fn encoded(path: &str) -> String {
    utf8_percent_encode(path, ENCODED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_match_as_in_asp_net() {
        for (template, path, expected) in [
            ("api/InviteUser", "/api/inviteuser", true),
            ("api/InviteUser", "/API/InviteUser/", true),
            ("api/InviteUser", "/api/InviteUser//", false),
            ("api/InviteUser", "/api//InviteUser", false),
            ("api/InviteUser", "/api/InviteUser/more", false),
            ("api/InviteUser", "/InviteUser", false),
            ("api/a.b", "/api/axb", false),
            ("a/{id?}/{action?}", "/a", true),
            ("a/{id?}/{action?}", "/a/", true),
            ("a/{id?}/{action?}", "/a/1/resend", true),
            ("a/{id?}/{action?}", "/a/1/resend/now", false),
            ("a/{id?}/{action?}", "/a//resend", false),
            ("a/{id}", "/a", false),
            ("a/{*rest}", "/a/b/c", true),
            ("a/{id:int}", "/a/-7", true),
            ("a/{id:int}", "/a/seven", false),
            ("a/{id:guid?}", "/a", true),
            ("a/{id:guid?}", "/a/1", false),
            ("a/{id:bool}", "/a/True", true),
            ("a/{id:alpha}", "/a/b2", false),
        ] {
            let matches = RouteTemplate::parse(template).unwrap().matches(path);
            assert_eq!(matches, expected, "{template} {path}");
        }
    }

    #[test]
    fn malformed_templates_are_refused() {
        for bad in [
            "a/{id?}/b",
            "a/{id",
            "a/id}",
            "a/x{id}",
            "a//b",
            "a/{id:decimal}",
            "a/{}",
        ] {
            assert!(RouteTemplate::parse(bad).is_err(), "{bad}");
        }
    }

    /// "The path is decoded and encoded again: `%2F` arrives as `%252F`, `%2B` as `+`."
    #[test]
    fn paths_are_decoded_and_encoded_again() {
        for (sent, arrives) in [
            ("/api/a/../b", "/api/b"),
            ("/api/%2E%2e/Purge", "/Purge"),
            ("/../../x", "/x"),
            ("/api/%49nvite/c..d", "/api/Invite/c..d"),
            ("/api/a%2Fb%2Bc", "/api/a%252Fb+c"),
            ("/api/z%C3%BC%20", "/api/z%C3%BC%20"),
        ] {
            assert_eq!(encoded(&decoded(sent)), arrives);
        }
    }
}
