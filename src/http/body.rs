//! Reads the body of a request before any function runs, within a bound of time and size.
//!
//! A body that is too large is read on and discarded for a while: responding while the client still
//! sends resets the connection, and the client loses the response.

use std::time::Duration;

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::Request,
};
use futures::StreamExt;
use tokio::time::timeout;

use super::{error::AppError, function_info::FunctionInfo};
use crate::domain::sheet::MAX_BYTES;

/// Several times the largest form.
const MAX_FORM: usize = 64 * 1024;
/// A hundred invitations with every field at its longest stay below this, unless they are all of
/// four-byte characters.
pub const MAX_ARRAY: usize = 1024 * 1024;
/// A file of the desk, with the other fields of its form.
const MAX_FILE: usize = MAX_BYTES + MAX_FORM;
/// Above it the extractors of axum refuse a body that was read already.
const LIMIT_OF_AXUM: usize = 2 * 1024 * 1024;
const _: () = assert!(MAX_FILE < LIMIT_OF_AXUM && MAX_ARRAY < LIMIT_OF_AXUM);
/// How much of a body that is too large is read; the host lets no more through.
const MAX_DRAINED: usize = 128 * 1024 * 1024;
/// From the end of the head to the end of the body.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// The request with its body in memory.
///
/// # Errors
/// The body is too large for the function, arrives too slowly, or breaks off.
pub(super) async fn buffered(
    function: Option<&FunctionInfo>,
    request: Request,
) -> Result<Request, AppError> {
    if request.body().is_end_stream() {
        return Ok(request);
    }
    let (head, body) = request.into_parts();
    let max = match function {
        Some(function) if function.is_api => MAX_ARRAY,
        Some(function) if function.takes_files => MAX_FILE,
        Some(_) | None => MAX_FORM,
    };
    let bytes = timeout(BODY_TIMEOUT, read(body, max)).await;
    let bytes = bytes.unwrap_or(Err(AppError::TooSlow))?;
    Ok(Request::from_parts(head, Body::from(bytes)))
}

/// Keeps at most `max` bytes in memory.
async fn read(body: Body, max: usize) -> Result<Bytes, AppError> {
    let (mut chunks, mut bytes, mut length) = (body.into_data_stream(), Vec::new(), 0);
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| AppError::FormMalformed)?;
        length += chunk.len();
        if length > MAX_DRAINED {
            break;
        }
        if length <= max {
            bytes.extend_from_slice(&chunk)
        } else {
            bytes = Vec::new()
        }
    }
    if length > max {
        Err(AppError::TooLarge)
    } else {
        Ok(bytes.into())
    }
}
