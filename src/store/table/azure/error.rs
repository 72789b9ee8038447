//! What a failure of the service means to the store.

use std::time::Duration;

use azure_core_legacy::{Error, error::ErrorKind};

use super::{
    answer::{Failure, cause},
    credential::NoToken,
};
use crate::store::table::TableError;

/// Whether the row, or the whole table, is not there. Other answers of 404 are not the table
/// service's.
pub(super) fn is_missing(error: &Error) -> bool {
    cause::<Failure>(error)
        .is_some_and(|failure| failure.status == 404 && is_missing_code(&failure.code))
}

fn is_missing_code(code: &str) -> bool {
    matches!(
        code,
        "ResourceNotFound" | "EntityNotFound" | "TableNotFound"
    )
}

/// Source: <https://learn.microsoft.com/rest/api/storageservices/table-service-error-codes>
pub(super) fn table_error(error: &Error) -> TableError {
    if let Some(no_token) = cause::<NoToken>(error) {
        let why = no_token.to_string();
        return if no_token.may_pass() {
            unavailable(&why, None)
        } else {
            refused(&why)
        };
    }
    let Some(failure) = cause::<Failure>(error) else {
        return match error.kind() {
            ErrorKind::Io => unavailable(io_reason(error), None),
            ErrorKind::HttpResponse { status, .. } => refused(&format!("status {status}")),
            ErrorKind::Credential => refused("the request cannot be signed"),
            ErrorKind::DataConversion | ErrorKind::MockFramework | ErrorKind::Other => {
                refused("the answer is not one of the table service")
            }
        };
    };
    match (failure.status, failure.code.as_str()) {
        (409, "EntityAlreadyExists") => TableError::Exists,
        (412, _) => TableError::Changed,
        (404, code) if is_missing_code(code) => TableError::Changed,
        (408 | 429 | 500 | 502 | 503 | 504, _)
        | (409, "TableBeingDeleted" | "AccountBeingCreated" | "OperationTimedOut") => {
            let throttled = failure.status == 429
                || matches!(failure.code.as_str(), "ServerBusy" | "OperationTimedOut");
            TableError::Unavailable {
                reason: failure.to_string(),
                retry_after: failure.retry_after,
                throttled,
            }
        }
        // A role that was just assigned takes some minutes to apply.
        (403, "AuthorizationPermissionMismatch") => unavailable(
            "the app may not use the table, or not yet: a new role assignment takes up to ten minutes",
            None,
        ),
        _ => refused(&failure.to_string()),
    }
}

/// Why no answer came; the error's own text has the address, with the signature of a SAS.
fn io_reason(error: &Error) -> &'static str {
    match cause::<reqwest::Error>(error) {
        Some(error) if error.is_connect() => "no connection",
        Some(error) if error.is_timeout() => "no answer in time",
        Some(_) | None => "the connection broke",
    }
}

pub(super) fn unavailable(reason: &str, retry_after: Option<Duration>) -> TableError {
    TableError::Unavailable {
        reason: reason.to_owned(),
        retry_after,
        throttled: false,
    }
}

pub(super) fn refused(why: &str) -> TableError {
    TableError::Refused(why.to_owned())
}
