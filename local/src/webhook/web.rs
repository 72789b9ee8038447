//! The address that takes events, and the page to read them on.

use std::sync::Arc;

use askama::Template;
use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use time::macros::format_description;

use super::inbox::{Inbox, Received};

const PAGE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; \
    base-uri 'none'; frame-ancestors 'none'";

pub(super) fn router(inbox: Arc<Inbox>) -> Router {
    Router::new()
        .route("/", get(list))
        .route("/hook", post(take))
        .route("/api/events", get(api))
        // Browsers ask for it; without a response their console shows an error.
        .route("/favicon.ico", get(async || StatusCode::NO_CONTENT))
        .with_state(inbox)
}

#[derive(Template)]
#[template(path = "webhook/pages/list.html")]
struct List {
    events: Vec<Received>,
}

impl Received {
    fn time(&self) -> String {
        let format = format_description!("[year]-[month]-[day] [hour]:[minute]:[second] UTC");
        self.at.format(format).unwrap_or_default()
    }
}

fn newest_first(inbox: &Inbox) -> Vec<Received> {
    let mut events = inbox.received();
    events.reverse();
    events
}

/// As a receiver should: an event with a wrong signature is not taken.
async fn take(State(inbox): State<Arc<Inbox>>, headers: HeaderMap, body: String) -> StatusCode {
    match inbox.take(&headers, body) {
        Ok(true) => StatusCode::NO_CONTENT,
        Ok(false) => StatusCode::UNAUTHORIZED,
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

async fn list(State(inbox): State<Arc<Inbox>>) -> Response {
    let headers = [
        (header::CONTENT_SECURITY_POLICY, PAGE_POLICY),
        (header::CACHE_CONTROL, "no-store"),
    ];
    let events = newest_first(&inbox);
    match (List { events }).render() {
        Ok(html) => (headers, Html(html)).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn api(State(inbox): State<Arc<Inbox>>) -> Json<Vec<Received>> {
    Json(newest_first(&inbox))
}
