//! What docs/OPERATIONS.md has an operator type.

use std::fs;

use axum::http::Method;
use serde_json::Value;
use support::{Store, inside::Inside, root};
use time::macros::datetime;

#[tokio::test]
async fn go_live_invitation_is_accepted() {
    let page = fs::read_to_string(root().join("docs/OPERATIONS.md")).unwrap();
    let (_, rest) = page.split_once("--data '").unwrap();
    let (body, _) = rest.split_once('\'').unwrap();
    let mut body: Value = serde_json::from_str(body).unwrap();
    // This app has no mail server.
    body["sendEmail"] = false.into();
    let inside = Inside::start(Store::Embedded, datetime!(2026-11-22 12:00 UTC), &[]).await;
    let (status, answer) = inside.call(Method::POST, "/api/Invitations", &body).await;
    assert_eq!(status, 201, "{answer}");
}
