//! The body of a request: whole, soon and not too large, before any function sees it.
//!
//! What is too large is read on and thrown away for a while: whoever answers while the other side
//! still writes resets the connection, and the answer is lost.

use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures::StreamExt;
use tokio::time::timeout;

use super::function_info::{self, FunctionInfos};
use crate::http::error::{AppError, Failure};

/// No form comes near this.
const LARGEST_FORM: usize = 64 * 1024;
/// A hundred invitations with every field at its longest stay below this, unless they are all of
/// four-byte characters.
pub const LARGEST_ARRAY: usize = 1024 * 1024;
/// What is read of a body that is too large; the host lets no more through.
const LARGEST_DRAINED: usize = 128 * 1024 * 1024;
/// From the end of the head to the end of the body.
const LONGEST: Duration = Duration::from_secs(10);

/// Reads the body before the function runs, or refuses it.
pub async fn buffer(
    State(functions): State<FunctionInfos>,
    request: Request,
    next: Next,
) -> Response {
    let (head, body) = request.into_parts();
    let function = function_info::of_path(functions, head.uri.path());
    let largest = if function.is_some_and(|function| function.is_api) {
        LARGEST_ARRAY
    } else {
        LARGEST_FORM
    };
    match timeout(LONGEST, read(body, largest))
        .await
        .unwrap_or(Err(AppError::TooSlow))
    {
        Ok(whole) => next.run(Request::from_parts(head, Body::from(whole))).await,
        Err(refused) => Failure::from(refused).into_response(),
    }
}

/// Keeps at most `largest` bytes in memory.
async fn read(body: Body, largest: usize) -> Result<Bytes, AppError> {
    let (mut chunks, mut whole, mut length) = (body.into_data_stream(), Vec::new(), 0);
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| AppError::FormMalformed)?;
        length += chunk.len();
        if length > LARGEST_DRAINED {
            break;
        }
        if length <= largest {
            whole.extend_from_slice(&chunk)
        } else {
            whole = Vec::new()
        }
    }
    if length > largest {
        Err(AppError::TooLarge)
    } else {
        Ok(whole.into())
    }
}
