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

use super::{mail::Mail, store::Store};

const PAGE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; \
    img-src http: https: data:; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'";
const MAIL_POLICY: &str = "sandbox allow-top-navigation-by-user-activation allow-popups; \
    default-src 'none'; style-src 'unsafe-inline'; img-src http: https: data:";

pub(super) fn router(store: Arc<Store>) -> Router {
    Router::new()
        .route("/", get(list))
        .route("/mail/{n}", get(show))
        .route("/mail/{n}/html", get(html))
        .route("/api/mails", get(api))
        // Browsers ask for it; without an answer their console shows an error.
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

#[derive(Clone, Copy, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum View {
    Html,
    Text,
    Source,
}

#[derive(Deserialize)]
struct Selection {
    view: Option<View>,
}

impl Mail {
    fn time(&self) -> String {
        let format = format_description!("[year]-[month]-[day] [hour]:[minute] UTC");
        self.at.format(format).unwrap_or_default()
    }
}

fn newest_first(store: &Store) -> Vec<Arc<Mail>> {
    let mut mails = store.mails();
    mails.reverse();
    mails
}

async fn list(State(store): State<Arc<Store>>) -> Response {
    page(
        StatusCode::OK,
        &List {
            mails: newest_first(&store),
        },
    )
}

async fn show(
    State(store): State<Arc<Store>>,
    Path(n): Path<usize>,
    Query(selection): Query<Selection>,
) -> Response {
    let Some(mail) = store.mail(n) else {
        return page(StatusCode::NOT_FOUND, &Missing);
    };
    let first = if mail.html.is_empty() {
        View::Text
    } else {
        View::Html
    };
    let view = selection.view.unwrap_or(first);
    let source = String::from_utf8_lossy(&mail.raw).into_owned();
    page(StatusCode::OK, &Show { mail, view, source })
}

async fn html(State(store): State<Arc<Store>>, Path(n): Path<usize>) -> Response {
    let Some(mail) = store.mail(n) else {
        return page(StatusCode::NOT_FOUND, &Missing);
    };
    (
        [(header::CONTENT_SECURITY_POLICY, MAIL_POLICY)],
        Html(mail.html.clone()),
    )
        .into_response()
}

async fn api(State(store): State<Arc<Store>>) -> Response {
    Json(
        newest_first(&store)
            .iter()
            .map(AsRef::as_ref)
            .collect::<Vec<&Mail>>(),
    )
    .into_response()
}

fn page(status: StatusCode, template: &impl Template) -> Response {
    let headers = [
        (header::CONTENT_SECURITY_POLICY, PAGE_POLICY),
        (header::CACHE_CONTROL, "no-store"),
    ];
    match template.render() {
        Ok(html) => (status, headers, Html(html)).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
