//! `DeliverEvents`: the timer that delivers, every minute, the events that were not delivered at
//! once, and continues the uploads that no page continues. Any number of instances may run it
//! concurrently.
//!
//! The host calls a timer with `POST /DeliverEvents`, a path that is not reachable from outside,
//! and expects this JSON in return.

use axum::{Json, extract::State};
use serde_json::{Value, json};

use crate::{app::Shared, functions::desk::run, http::failure::Failure};

/// POST by the host.
///
/// # Errors
/// If the table fails: the host records a failed run, and the next one tries again.
pub async fn tick(State(app): State<Shared>) -> Result<Json<Value>, Failure> {
    let (found, uploads) = tokio::join!(app.deliverer.tick(), run::continue_all(&app));
    let found = found?;
    if found > 0 {
        tracing::info!(found, "delivered the due events");
    }
    uploads?;
    Ok(Json(
        json!({"Outputs": {}, "Logs": [], "ReturnValue": null}),
    ))
}
