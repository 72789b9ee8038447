//! `DeliverEvents`: the timer that delivers, every minute, the events that were not delivered at
//! once. Any number of instances may run it concurrently.
//!
//! The host calls a timer with `POST /DeliverEvents`, a path that is not reachable from outside,
//! and expects this JSON in return.

use axum::{Json, extract::State};
use serde_json::{Value, json};

use crate::{app::Shared, http::failure::Failure};

/// POST by the host.
///
/// # Errors
/// If the table fails: the host records a failed run, and the next one tries again.
pub async fn tick(State(app): State<Shared>) -> Result<Json<Value>, Failure> {
    let found = app.deliverer.tick().await?;
    if found > 0 {
        tracing::info!(found, "delivered the due events");
    }
    Ok(Json(
        json!({"Outputs": {}, "Logs": [], "ReturnValue": null}),
    ))
}
