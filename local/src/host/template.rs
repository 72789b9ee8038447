//! Route templates of ASP.NET, as far as functions use them: literals, `{id}`, `{id:guid}` and
//! `{id?}` at the end.

use percent_encoding::percent_decode_str;
use uuid::Uuid;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RouteTemplate(Vec<Segment>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Literal(String),
    Parameter {
        name: String,
        constraint: Option<Constraint>,
        optional: bool,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Constraint {
    Int,
    Bool,
    Guid,
    Alpha,
}

impl RouteTemplate {
    pub(super) fn parse(template: &str) -> Result<Self, String> {
        let segments: Vec<_> = segments_of(template)
            .map(Segment::parse)
            .collect::<Result<_, _>>()?;
        let first_optional = segments
            .iter()
            .position(Segment::is_optional)
            .unwrap_or(segments.len());
        if segments[first_optional..]
            .iter()
            .any(|segment| !segment.is_optional())
        {
            return Err("an optional parameter must be the last segment".into());
        }
        let mut names: Vec<_> = segments
            .iter()
            .filter_map(Segment::parameter)
            .map(str::to_ascii_lowercase)
            .collect();
        names.sort();
        match names.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(format!("the parameter {{{}}} appears twice", pair[0])),
            None => Ok(Self(segments)),
        }
    }

    /// Whether a request path (starting with `/`, still percent-encoded) fits; case-insensitive,
    /// one trailing slash tolerated.
    pub(super) fn matches(&self, path: &str) -> bool {
        let parts: Vec<_> = segments_of(path).collect();
        parts.len() <= self.0.len()
            && self
                .0
                .iter()
                .enumerate()
                .all(|(at, segment)| match parts.get(at) {
                    Some(part) => segment.matches(part),
                    None => segment.is_optional(),
                })
    }
}

fn segments_of(path: &str) -> impl Iterator<Item = &str> {
    let path = path.strip_prefix('/').unwrap_or(path);
    let path = path.strip_suffix('/').unwrap_or(path);
    path.split('/').filter(move |_| !path.is_empty())
}

impl Segment {
    fn parse(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Err("it has an empty segment".into());
        }
        if !text.contains(['{', '}', '?', '*']) {
            return Ok(Self::Literal(text.into()));
        }
        let inside = text
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'));
        let inside = inside.ok_or_else(|| {
            format!("the segment \"{text}\" is neither a literal nor one {{parameter}}")
        })?;
        if inside.starts_with('*') {
            return Err(format!(
                "the catch-all \"{text}\" would open paths that only the host may call"
            ));
        }
        Self::parameter_of(inside)
    }

    fn parameter_of(inside: &str) -> Result<Self, String> {
        let (inside, optional) = match inside.strip_suffix('?') {
            Some(rest) => (rest, true),
            None => (inside, false),
        };
        let (name, constraint) = match inside.split_once(':') {
            Some((name, constraint)) => (name, Some(Constraint::parse(constraint)?)),
            None => (inside, None),
        };
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            return Err(format!("\"{name}\" is not a parameter name"));
        }
        Ok(Self::Parameter {
            name: name.into(),
            constraint,
            optional,
        })
    }

    fn matches(&self, part: &str) -> bool {
        let part = percent_decode_str(part).decode_utf8_lossy();
        match self {
            Self::Literal(text) => text.to_lowercase() == part.to_lowercase(),
            Self::Parameter { constraint, .. } => {
                !part.is_empty() && constraint.is_none_or(|constraint| constraint.admits(&part))
            }
        }
    }

    fn is_optional(&self) -> bool {
        matches!(self, Self::Parameter { optional: true, .. })
    }

    fn parameter(&self) -> Option<&str> {
        match self {
            Self::Literal(_) => None,
            Self::Parameter { name, .. } => Some(name),
        }
    }
}

impl Constraint {
    fn parse(text: &str) -> Result<Self, String> {
        match text.to_ascii_lowercase().as_str() {
            "int" => Ok(Self::Int),
            "bool" => Ok(Self::Bool),
            "guid" => Ok(Self::Guid),
            "alpha" => Ok(Self::Alpha),
            _ => Err(format!(
                "the constraint \"{text}\" is not known to this stand-in"
            )),
        }
    }

    fn admits(self, value: &str) -> bool {
        match self {
            Self::Int => value.parse::<i32>().is_ok(),
            Self::Bool => value.eq_ignore_ascii_case("true") || value.eq_ignore_ascii_case("false"),
            Self::Guid => Uuid::try_parse(value).is_ok(),
            Self::Alpha => value.chars().all(|c| c.is_ascii_alphabetic()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(template: &str, path: &str) -> bool {
        RouteTemplate::parse(template).unwrap().matches(path)
    }

    #[test]
    fn literals_match_in_any_case_and_with_one_trailing_slash() {
        assert!(matches("api/InviteUser", "/api/inviteuser"));
        assert!(matches("api/InviteUser", "/API/InviteUser/"));
        assert!(matches("api/InviteUser", "/api/%49nviteUser"));
        assert!(!matches("api/InviteUser", "/api/InviteUser//"));
        assert!(!matches("api/InviteUser", "/api//InviteUser"));
        assert!(!matches("api/InviteUser", "/api/InviteUser/more"));
        assert!(!matches("api/InviteUser", "/InviteUser"));
        assert!(!matches("api/InviteUser", "/"));
    }

    #[test]
    fn optional_parameters_may_be_missing_from_the_end() {
        for path in [
            "/api/Invitations",
            "/api/Invitations/",
            "/api/Invitations/1",
            "/api/Invitations/1/resend",
        ] {
            assert!(matches("api/Invitations/{id?}/{action?}", path), "{path}");
        }
        assert!(!matches(
            "api/Invitations/{id?}/{action?}",
            "/api/Invitations/1/resend/now"
        ));
        assert!(!matches("api/Invitations/{id}", "/api/Invitations"));
        assert!(!matches(
            "api/Invitations/{id?}/{action?}",
            "/api/Invitations//resend"
        ));
    }

    #[test]
    fn constraints_decide_whether_a_value_fits() {
        assert!(matches("a/{id:int}", "/a/-7"));
        assert!(!matches("a/{id:int}", "/a/seven"));
        assert!(matches("a/{id:guid?}", "/a"));
        assert!(!matches("a/{id:guid?}", "/a/1"));
        assert!(matches("a/{id:bool}", "/a/True"));
        assert!(!matches("a/{id:alpha}", "/a/b2"));
    }

    #[test]
    fn templates_that_the_host_would_refuse_are_refused() {
        for bad in [
            "a/{id?}/b",
            "a/{id",
            "a/id}",
            "a/x{id}",
            "a/{*rest}",
            "a//b",
            "a/{id:decimal}",
            "a/{}",
            "a/{id}/{ID}",
            "a/b?",
        ] {
            assert!(RouteTemplate::parse(bad).is_err(), "{bad}");
        }
    }
}
