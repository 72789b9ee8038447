//! The Functions host finds a function whatever the case of the path and with a slash at its end,
//! and hands the path on as it came; the router matches by letter. So the path is spelled as in the
//! route table first.

use axum::{
    extract::Request,
    http::{Uri, uri::PathAndQuery},
};

use super::function_info::FunctionInfos;

/// Spells the path of a request as its route does.
pub fn canonical_path(functions: FunctionInfos, mut request: Request) -> Request {
    if let Some(uri) = spelled(functions, request.uri()) {
        *request.uri_mut() = uri;
    }
    request
}

/// `None` where nothing is to change.
fn spelled(functions: FunctionInfos, uri: &Uri) -> Option<Uri> {
    let mut segments = uri.path().strip_prefix('/')?.splitn(3, '/');
    if !segments.next()?.eq_ignore_ascii_case("api") {
        return None;
    }
    let name = segments.next()?;
    let segment = functions
        .iter()
        .find(|function| function.segment.eq_ignore_ascii_case(name))?
        .segment;
    let is_spelled = name == segment && uri.path().starts_with("/api/");
    if is_spelled && !uri.path().ends_with('/') {
        return None;
    }
    let rest = segments.next().unwrap_or_default().trim_end_matches('/');
    let slash = if rest.is_empty() { "" } else { "/" };
    let path = format!("/api/{}{slash}{rest}", segment);
    let query = uri
        .query()
        .map_or(String::new(), |query| format!("?{query}"));
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(path + &query).ok()?);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::function_info::FunctionInfo;

    const FUNCTIONS: FunctionInfos = &[
        FunctionInfo {
            name: "InviteUser",
            segment: "InviteUser",
            is_api: false,
            takes_files: false,
        },
        FunctionInfo {
            name: "Invitations",
            segment: "Invitations",
            is_api: true,
            takes_files: false,
        },
    ];

    #[test]
    fn letter_case_and_trailing_slash_are_ignored() {
        let to = |path: &str| spelled(FUNCTIONS, &path.parse().unwrap()).map(|uri| uri.to_string());
        assert_eq!(
            to("/API/inviteuser/?a=B").as_deref(),
            Some("/api/InviteUser?a=B")
        );
        assert_eq!(
            to("/api/invitations/0aF/").as_deref(),
            Some("/api/Invitations/0aF")
        );
        assert_eq!(to("/api/InviteUser?a=B"), None);
        assert_eq!(to("/api/Nothing"), None);
        assert_eq!(to("/"), None);
    }
}
