//! Pages as responses, with the headers that keep a browser from doing anything else with them.

use std::sync::LazyLock;

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use url::Url;

use crate::{
    app::App,
    text::Lang,
    views::{FormTarget, Frame, Html},
};

/// The headers of every page.
static HEADERS: LazyLock<HeaderMap> = LazyLock::new(|| {
    let headers = VALUES.into_iter();
    headers
        .map(|(name, value)| (name, HeaderValue::from_static(value)))
        .collect()
});

const VALUES: [(HeaderName, &str); 9] = [
    (header::CONTENT_TYPE, "text/html; charset=utf-8"),
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
    (HeaderName::from_static("x-robots-tag"), "noindex"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), publickey-credentials-get=(), usb=()",
    ),
];

/// A page in this language.
pub fn html(status: StatusCode, lang: Lang, page: Html, forms: FormTarget) -> Response {
    let mut headers = HEADERS.clone();
    headers.insert(
        header::CONTENT_LANGUAGE,
        HeaderValue::from_static(lang.tag()),
    );
    headers.insert(header::CONTENT_SECURITY_POLICY, page.policies.of(forms));
    with_headers(status, page.document, headers)
}

fn with_headers(status: StatusCode, text: impl Into<Body>, headers: HeaderMap) -> Response {
    let mut response = Response::new(text.into());
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

/// An e-mail alone, for a frame of a page: with its inline styles, without anything else that it
/// could do. Its links lead nowhere, since the frame may open no window.
pub fn email_preview(document: &str) -> Response {
    let document = document.replacen("<head>", "<head><base target=\"_blank\">", 1);
    let mut headers = HEADERS.clone();
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; \
             form-action 'none'; frame-ancestors 'self'; sandbox",
        ),
    );
    with_headers(StatusCode::OK, document, headers)
}

/// The page, which may have an [`email_preview`] in a frame.
#[must_use]
pub fn with_email_preview(mut page: Response) -> Response {
    let policy = page.headers().get(header::CONTENT_SECURITY_POLICY);
    let policy = policy.and_then(|policy| policy.to_str().ok());
    let policy = policy.map(|policy| format!("{policy}; frame-src 'self'"));
    if let Some(Ok(policy)) = policy.map(HeaderValue::try_from) {
        page.headers_mut()
            .insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    page
}

/// The response when rendering the error page fails: it depends on nothing else.
pub fn last_resort() -> Response {
    let text = "Something went wrong on our side. Please try again in a moment.\n";
    let mut headers = HEADERS.clone();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    let policy = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'";
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(policy),
    );
    with_headers(StatusCode::INTERNAL_SERVER_ERROR, text, headers)
}

/// What surrounds every page. `here`: the address to open in another language.
#[must_use]
pub fn frame<'a>(app: &'a App, lang: Lang, here: Option<&'a str>) -> Frame<'a> {
    let platform = &app.config.platform;
    Frame {
        lang,
        platform: &platform.name,
        theme: &platform.theme,
        icon: &platform.icon,
        support_url: platform.support_url.as_ref().map(Url::as_str),
        logo: platform.logo.as_ref(),
        legal: &platform.legal,
        here,
        inviter: None,
    }
}

/// The address of a page in the language that was chosen on another.
#[must_use]
pub fn in_lang(mut url: Url, chosen: Option<Lang>) -> Url {
    if let Some(lang) = chosen {
        url.query_pairs_mut().append_pair("lang", lang.tag());
    }
    url
}

/// The same of a path.
#[must_use]
pub fn path_in_lang(path: &str, chosen: Option<Lang>) -> String {
    let separator = if path.contains('?') { '&' } else { '?' };
    chosen.map_or_else(
        || path.to_owned(),
        |lang| format!("{path}{separator}lang={}", lang.tag()),
    )
}

/// On to another page, by GET, whatever the request was.
pub fn see_other(url: &Url) -> Response {
    let location =
        HeaderValue::from_str(url.as_str()).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR);
    let headers = location.map(|location| {
        [
            (header::LOCATION, location),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ]
    });
    (StatusCode::SEE_OTHER, headers).into_response()
}
