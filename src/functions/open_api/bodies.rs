//! The schemas of bodies that are not of one type.

use utoipa::openapi::{
    ObjectBuilder, Ref, RefOr, Schema, Type,
    schema::{AdditionalProperties, Array, ArrayBuilder},
};

use super::{parts::text, problems::PAGE};
use crate::functions::invitations::body::MAX_BATCH;

/// They have names, since API Management does not take schemas that are written in an operation.
pub(super) fn schemas() -> Vec<(String, RefOr<Schema>)> {
    let document = ObjectBuilder::new()
        .schema_type(Type::Object)
        .additional_properties(Some(AdditionalProperties::FreeForm(true)))
        .description(Some("An OpenAPI document."));
    let page = text().description(Some("An HTML page."));
    [
        ("BatchResult", batch_of("BatchItem").into()),
        ("NewInvitations", batch_of("NewInvitation").into()),
        ("OpenApiDocument", document.into()),
        (PAGE, page.into()),
    ]
    .map(|(name, schema)| (name.to_owned(), RefOr::T(schema)))
    .into()
}

fn batch_of(schema: &str) -> Array {
    ArrayBuilder::new()
        .items(Ref::from_schema_name(schema))
        .min_items(Some(1))
        .max_items(Some(MAX_BATCH))
        .build()
}
