//! `Check`: the report of `handler check`, from where the managed identity is. The host asks for the
//! master key.

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

use crate::{app::Shared, check};

/// GET: 200 with the report, whatever it says; a line that begins with `FAILS` needs attention.
pub async fn show(State(app): State<Shared>) -> Response {
    let report = check::run(&app.config, Ok(app.store.table())).await;
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/plain; charset=utf-8"),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
    ];
    (headers, report.to_string()).into_response()
}
