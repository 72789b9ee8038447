//! Which function a request is for.

use std::borrow::Cow;

use axum::http::Method;
use url::Url;

use super::app::{Function, HttpTrigger, Trigger};

/// The first function, in the order of names, whose route and methods fit.
pub(super) fn find<'a>(
    functions: &'a [Function],
    method: &Method,
    path: &str,
) -> Option<(&'a Function, &'a HttpTrigger)> {
    functions
        .iter()
        .filter(|function| !function.disabled)
        .find_map(|function| match &function.trigger {
            Trigger::Http(http) => {
                (http.allows(method) && http.template.matches(path)).then_some((function, http))
            }
            Trigger::Timer(_) => None,
        })
}

/// The path without `.` and `..` segments, which the host's web server resolves before it routes.
pub(super) fn resolved(path: &str) -> Cow<'_, str> {
    let dotted = |segment: &str| {
        matches!(
            segment.to_ascii_lowercase().replace("%2e", ".").as_str(),
            "." | ".."
        )
    };
    if !path.split('/').any(dotted) {
        return Cow::Borrowed(path);
    }
    match Url::parse(&format!("http://host{path}")) {
        Ok(url) => Cow::Owned(url.path().to_owned()),
        Err(_) => Cow::Borrowed(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dot_segments_are_resolved_and_nothing_else_is_touched() {
        assert_eq!(resolved("/api/a/../b"), "/api/b");
        assert_eq!(resolved("/api/%2E%2e/Purge"), "/Purge");
        assert_eq!(resolved("/../../x"), "/x");
        assert_eq!(resolved("/api/a%2Fb/c..d"), "/api/a%2Fb/c..d");
    }
}
