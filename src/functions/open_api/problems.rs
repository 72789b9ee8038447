//! Problems as responses, and the table of their types.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use utoipa::openapi::{
    Content, ContentBuilder, Header, HeaderBuilder, ObjectBuilder, Ref, Response, ResponseBuilder,
    Type, extensions::Extensions,
};

use crate::http::problem::Kind;

/// The schema of an HTML page.
pub(super) const PAGE: &str = "Page";

/// Possible in every operation.
const ALWAYS: [Kind; 5] = [
    Kind::FormMalformed,
    Kind::TooSlow,
    Kind::TooLarge,
    Kind::Internal,
    Kind::Unavailable,
];

/// `x-problems`: every type with status and meaning.
pub(super) fn table() -> Value {
    let row = |kind: Kind| {
        json!({
            "type": kind.uri(),
            "status": kind.status(),
            "meaning": kind.meaning()
        })
    };
    Kind::ALL
        .iter()
        .map(|&kind| (kind.code().to_owned(), row(kind)))
        .collect::<Map<_, _>>()
        .into()
}

/// A response for each status of these kinds and of those that are always possible.
pub(super) fn responses(kinds: &[Kind]) -> Vec<(String, Response)> {
    by_status(kinds)
        .into_iter()
        .map(|(status, kinds)| (status.to_string(), response(status, &kinds).build()))
        .collect()
}

/// The same for an operation that returns pages unless the client asks for JSON.
pub(super) fn responses_or_pages(kinds: &[Kind]) -> Vec<(String, Response)> {
    let with_page =
        |status, kinds: &[Kind]| response(status, kinds).content("text/html", page()).build();
    by_status(kinds)
        .into_iter()
        .map(|(status, kinds)| (status.to_string(), with_page(status, &kinds)))
        .collect()
}

/// An HTML page.
pub(super) fn page() -> Content {
    Content::new(Some(Ref::from_schema_name(PAGE)))
}

fn by_status(kinds: &[Kind]) -> BTreeMap<u16, Vec<Kind>> {
    let mut by_status = BTreeMap::<u16, Vec<Kind>>::new();
    for kind in kinds.iter().copied().chain(ALWAYS) {
        by_status.entry(kind.status()).or_default().push(kind);
    }
    by_status
}

fn response(status: u16, kinds: &[Kind]) -> ResponseBuilder {
    let meanings: Vec<_> = kinds
        .iter()
        .map(|kind| format!("`{}`: {}", kind.code(), kind.meaning()))
        .collect();
    let response = ResponseBuilder::new()
        .description(meanings.join("\n\n"))
        .content("application/problem+json", content(kinds));
    match status {
        412 => response.header("ETag", text_header("The current `ETag`.")),
        429 | 503 => response.header("Retry-After", retry_after()),
        _ => response,
    }
}

/// The one schema of problems. Which types this response has is an extension, since a schema of
/// each response's own becomes a class of its own in generated clients.
fn content(kinds: &[Kind]) -> Content {
    let uris: Vec<_> = kinds.iter().map(|kind| kind.uri()).collect();
    ContentBuilder::new()
        .schema(Some(Ref::from_schema_name("Problem")))
        .extensions(Some(Extensions::from_iter([("x-problem-types", uris)])))
        .build()
}

pub(super) fn text_header(about: &str) -> Header {
    HeaderBuilder::new()
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .description(Some(about))
        .build()
}

fn retry_after() -> Header {
    let seconds = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(1))
        .maximum(Some(600));
    HeaderBuilder::new()
        .schema(Some(seconds))
        .description(Some("Delay before a retry, in seconds."))
        .build()
}
