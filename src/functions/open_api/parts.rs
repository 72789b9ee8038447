//! What the operations are put together from.

use utoipa::openapi::{
    ContentBuilder, ObjectBuilder, Ref, RefOr, Required, Response, ResponseBuilder, Schema, Type,
    extensions::Extensions,
    link::Link,
    path::{Operation, OperationBuilder, Parameter, ParameterBuilder, ParameterIn},
    security::SecurityRequirement,
};

use super::problems::{responses, text_header};
use crate::{
    functions::invitations::list_query::{DEFAULT_LIMIT, MAX_LIMIT},
    http::problem::Kind,
};

pub(super) const INVITATIONS: &str = "Invitations";
pub(super) const PUBLIC: &str = "Public";
pub(super) const KEY_HEADER: &str = "functionKey";
pub(super) const JSON: &str = "application/json";

/// An operation that needs a function key.
pub(super) fn keyed(tag: &str, name: &str, summary: &str, about: &str) -> OperationBuilder {
    OperationBuilder::new()
        .tag(tag)
        .operation_id(Some(name))
        .summary(Some(summary))
        .description(Some(about))
        .securities(Some([SecurityRequirement::new(
            KEY_HEADER,
            std::iter::empty::<String>(),
        )]))
        .response(
            "401",
            Response::new(
                "The key is missing or wrong. The Functions host answers, with an empty body.",
            ),
        )
}

/// An operation without authentication.
pub(super) fn public(name: &str, summary: &str, about: &str) -> OperationBuilder {
    OperationBuilder::new()
        .tag(PUBLIC)
        .operation_id(Some(name))
        .summary(Some(summary))
        .description(Some(about))
        .securities(Some([]))
}

/// A change of one invitation.
pub(super) fn change(name: &str, summary: &str, about: &str) -> OperationBuilder {
    let about_match = "Only if the invitation still has this `ETag` (a list, or `*`).";
    keyed(INVITATIONS, name, summary, about)
        .parameter(id())
        .parameter(parameter(
            "If-Match",
            ParameterIn::Header,
            about_match,
            text(),
        ))
        .response(
            "200",
            response_with_etag("The invitation as it is now.", "Invitation").build(),
        )
}

pub(super) fn id() -> Parameter {
    required(parameter(
        "id",
        ParameterIn::Path,
        "The id of the invitation.",
        text().pattern(Some("^[0-9a-f]{32}$")),
    ))
}

pub(super) fn required(mut parameter: Parameter) -> Parameter {
    parameter.required = Required::True;
    parameter
}

pub(super) fn if_none_match() -> Parameter {
    parameter(
        "If-None-Match",
        ParameterIn::Header,
        "The known `ETag`s (a list, or `*`).",
        text(),
    )
}

pub(super) fn not_modified() -> Response {
    ResponseBuilder::new()
        .description("The representation has not changed.")
        .header("ETag", text_header("The current `ETag`."))
        .build()
}

pub(super) fn parameter(
    name: &str,
    place: ParameterIn,
    about: &str,
    schema: impl Into<RefOr<Schema>>,
) -> Parameter {
    let required = Required::False;
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(required)
        .description(Some(about))
        .schema(Some(schema))
        .build()
}

/// Empty values are ignored. utoipa has no member for `allowEmptyValue`.
pub(super) fn may_be_empty(mut parameter: Parameter) -> Parameter {
    parameter.extensions = Some(Extensions::from_iter([("allowEmptyValue", true)]));
    parameter
}

pub(super) fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

pub(super) fn json_response(about: &str, schema: &str) -> ResponseBuilder {
    let content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name(schema)))
        .build();
    ResponseBuilder::new()
        .description(about)
        .content(JSON, content)
}

pub(super) fn response_with_etag(about: &str, schema: &str) -> ResponseBuilder {
    json_response(about, schema).header("ETag", text_header("Strong: a digest of the response."))
}

pub(super) fn link_by_id(operation: &str) -> Link {
    Link::builder()
        .operation_id(operation)
        .parameter("id", "$response.body#/id")
        .build()
}

/// Adds responses.
pub(super) trait Responses: Sized {
    fn with(self, responses: Vec<(String, Response)>) -> Operation;

    fn problems(self, kinds: &[Kind]) -> Operation {
        self.with(responses(kinds))
    }
}

impl Responses for OperationBuilder {
    fn with(self, responses: Vec<(String, Response)>) -> Operation {
        responses
            .into_iter()
            .fold(self, |operation, (status, response)| {
                operation.response(status, response)
            })
            .build()
    }
}

/// The number of items of a page.
pub(super) fn limit() -> Parameter {
    let schema = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(1))
        .maximum(Some(MAX_LIMIT))
        .default(Some(DEFAULT_LIMIT.into()));
    let about = "The maximum number of items.";
    may_be_empty(parameter("limit", ParameterIn::Query, about, schema))
}
