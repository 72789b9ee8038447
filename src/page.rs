//! Pages as responses, with the headers that keep a browser from doing anything else with them.

use std::sync::LazyLock;

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use url::Url;

use crate::{
    app::App,
    text::Lang,
    views::{self, Frame},
};

/// Where the forms of a page lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormTarget {
    /// To us alone.
    Us,
    /// To us, and on to the sign-in service and wherever that sends people. Browsers apply `form-action` to these
    /// redirects too, and nobody can list the sign-in hosts of all companies.
    SignIn,
}

const HEADERS: [(HeaderName, &str); 8] = [
    (header::CONTENT_TYPE, "text/html; charset=utf-8"),
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), publickey-credentials-get=(), usb=()",
    ),
];

/// A page.
pub fn html(status: StatusCode, body: String, forms: FormTarget) -> Response {
    let mut response = (status, body).into_response();
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    let policy = match forms {
        FormTarget::Us => &OF_US,
        FormTarget::SignIn => &OF_SIGN_IN,
    };
    if let Some(policy) = &**policy {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy.clone());
    }
    response
}

static OF_US: LazyLock<Option<HeaderValue>> = LazyLock::new(|| content_security_policy("; form-action 'self'"));
static OF_SIGN_IN: LazyLock<Option<HeaderValue>> = LazyLock::new(|| content_security_policy(""));

fn content_security_policy(form_action: &str) -> Option<HeaderValue> {
    let (style, script) = (views::style_hash(), views::script_hash());
    let policy =
        format!("default-src 'none'; style-src {style}; script-src {script}; base-uri 'none'; frame-ancestors 'none'{form_action}");
    HeaderValue::from_str(&policy).ok()
}

/// What surrounds every page. `here`: the address to open in another language.
#[must_use]
pub fn frame<'a>(app: &'a App, lang: Lang, here: Option<&'a str>) -> Frame<'a> {
    let platform = &app.config.platform;
    Frame { lang, platform: &platform.name, support_url: platform.support_url.as_ref().map(Url::as_str), here }
}

/// On to another page, by GET, whatever the request was.
pub fn see_other(url: &Url) -> Response {
    let location = HeaderValue::from_str(url.as_str()).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR);
    let headers = location.map(|location| [(header::LOCATION, location), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))]);
    (StatusCode::SEE_OTHER, headers).into_response()
}
