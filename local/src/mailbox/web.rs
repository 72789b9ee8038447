//! The page to read mail on.

use std::sync::Arc;

use askama::Template;
use axum::{
    Json, Router,
    extract::{Path, Query, State},
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use serde::Deserialize;
use time::macros::format_description;

use super::{Store, mail::Mail};

const PAGE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src http: https: data:; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'";
const MAIL_POLICY: &str = "sandbox allow-top-navigation-by-user-activation allow-popups; default-src 'none'; style-src 'unsafe-inline'; img-src http: https: data:";

pub(super) fn router(store: Arc<Store>) -> Router {
    Router::new()
        .route("/", get(list))
        .route("/mail/{n}", get(show))
        .route("/mail/{n}/html", get(html))
        .route("/mail/{n}/text", get(text))
        .route("/mail/{n}/raw", get(raw))
        .route("/api/mails", get(api))
        // Browsers ask for it, also for a mail that is opened by itself; an error in their console
        // helps nobody.
        .route("/favicon.ico", get(async || StatusCode::NO_CONTENT))
        .with_state(store)
}

#[derive(Template)]
#[template(path = "mailbox/pages/list.html")]
struct List {
    mails: Vec<Arc<Mail>>,
}

#[derive(Template)]
#[template(path = "mailbox/pages/mail.html")]
struct Show {
    mail: Arc<Mail>,
    view: View,
    source: String,
}

#[derive(Template)]
#[template(path = "mailbox/pages/missing.html")]
struct Missing;

#[derive(Clone, Copy, Default, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum View {
    #[default]
    Html,
    Text,
    Source,
}

#[derive(Deserialize)]
struct Wanted {
    view: Option<View>,
}

#[derive(Deserialize)]
struct Filter {
    to: Option<String>,
}

impl Mail {
    fn time(&self) -> String {
        self.at
            .format(format_description!(
                "[year]-[month]-[day] [hour]:[minute] UTC"
            ))
            .unwrap_or_default()
    }
}

async fn list(State(store): State<Arc<Store>>) -> Response {
    let mut mails = store.mails();
    mails.reverse();
    page(&List { mails })
}

async fn show(
    State(store): State<Arc<Store>>,
    Path(n): Path<usize>,
    Query(wanted): Query<Wanted>,
) -> Response {
    let Some(mail) = store.mail(n) else {
        return missing();
    };
    let first = if mail.html.is_empty() {
        View::Text
    } else {
        View::Html
    };
    let source = String::from_utf8_lossy(&mail.raw).into_owned();
    page(&Show {
        view: wanted.view.unwrap_or(first),
        source,
        mail,
    })
}

async fn html(State(store): State<Arc<Store>>, Path(n): Path<usize>) -> Response {
    let Some(mail) = store.mail(n) else {
        return missing();
    };
    (
        [(header::CONTENT_SECURITY_POLICY, MAIL_POLICY)],
        Html(mail.html.clone()),
    )
        .into_response()
}

async fn text(State(store): State<Arc<Store>>, Path(n): Path<usize>) -> Response {
    store
        .mail(n)
        .map_or_else(missing, |mail| plain(mail.text.clone().into_bytes()))
}

async fn raw(State(store): State<Arc<Store>>, Path(n): Path<usize>) -> Response {
    store
        .mail(n)
        .map_or_else(missing, |mail| plain(mail.raw.clone()))
}

async fn api(State(store): State<Arc<Store>>, Query(filter): Query<Filter>) -> Response {
    let mut mails = store.mails();
    mails.reverse();
    if let Some(to) = filter.to {
        mails.retain(|mail| mail.to.eq_ignore_ascii_case(&to));
    }
    Json(mails.iter().map(AsRef::as_ref).collect::<Vec<&Mail>>()).into_response()
}

fn plain(body: Vec<u8>) -> Response {
    (
        [
            (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ],
        body,
    )
        .into_response()
}

fn missing() -> Response {
    (StatusCode::NOT_FOUND, page(&Missing)).into_response()
}

fn page(template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => (
            [
                (header::CONTENT_SECURITY_POLICY, PAGE_POLICY),
                (header::CACHE_CONTROL, "no-store"),
            ],
            Html(html),
        )
            .into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
