//! `DeliverEvents`: the timer, each minute, on any number of instances. It delivers what no process
//! delivered at once.
//!
//! A timer comes as `POST /DeliverEvents`, outside of the routes that people can reach, and wants a
//! certain JSON back.

use axum::{Json, extract::State};
use serde_json::{Value, json};

use crate::{app::Shared, http::error::Failure};

/// POST of the host.
///
/// # Errors
/// Where the table fails; the host then counts the tick as failed, and the next one tries again.
pub async fn tick(State(app): State<Shared>) -> Result<Json<Value>, Failure> {
    let found = app.deliverer.tick().await?;
    tracing::info!(found, "delivered what was due");
    Ok(Json(
        json!({"Outputs": {}, "Logs": [], "ReturnValue": null}),
    ))
}
