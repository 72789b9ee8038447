//! What azure_data_tables sends, corrected to what the service documents.

use azure_core_legacy::{
    Body, Method, Request,
    headers::{ACCEPT, CONTENT_LENGTH},
};

const MINIMAL: &str = "application/json;odata=minimalmetadata";
/// What the library asks for with each write of a transaction.
const ACCEPT_FULL: &str = "accept: application/json;odata=fullmetadata";
/// Instead: the version of the row, and not the row itself.
const NO_CONTENT: &str =
    "accept: application/json;odata=minimalmetadata\r\nprefer: return-no-content";

/// The request as it is sent. Its signature covers neither the body nor these headers.
pub(super) fn corrected(request: &Request) -> Request {
    let mut request = request.clone();
    match *request.method() {
        // The library asks for `fullmetadata`, which more than doubles an answer.
        Method::Get => request.insert_header(ACCEPT, MINIMAL),
        Method::Post if request.url().path().ends_with("/$batch") => correct_batch(&mut request),
        _ => {}
    }
    request
}

/// The library ends lines by LF, and leaves the last boundary open. Stored text is in JSON, whose
/// line breaks are escaped.
/// <https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions>
fn correct_batch(request: &mut Request) {
    let Body::Bytes(body) = request.body() else {
        return;
    };
    let Ok(text) = std::str::from_utf8(body) else {
        return;
    };
    let mut corrected = String::with_capacity(text.len() + text.len() / 8);
    let mut lines = text.trim_end_matches('\n').split('\n').peekable();
    while let Some(line) = lines.next() {
        corrected.push_str(if line == ACCEPT_FULL {
            NO_CONTENT
        } else {
            line
        });
        if lines.peek().is_none() && !line.ends_with("--") {
            corrected.push_str("--");
        }
        corrected.push_str("\r\n");
    }
    request.insert_header(CONTENT_LENGTH, corrected.len().to_string());
    request.set_body(corrected);
}
