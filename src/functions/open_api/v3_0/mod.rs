//! The document in OpenAPI 3.0.3, within what API Management imports:
//! <https://learn.microsoft.com/azure/api-management/api-management-api-import-restrictions>

mod schema;

use serde_json::Value;

use super::{unused, walk};

/// The version, as the document states it.
const VERSION: &str = "3.0.3";
/// Appended to the description of a document without webhooks.
const NO_WEBHOOKS: &str = "\n\nThis version leaves out the requests to the webhook, which the \
     OpenAPI 3.1 document describes: `GET /api/openapi.json`.";

pub(super) fn from_3_1(mut document: Value) -> Value {
    document["openapi"] = VERSION.into();
    leave_out_webhooks(&mut document);
    link_license(&mut document["info"]["license"]);
    let types = schema::types(&document);
    for schema in walk::schemas(&mut document) {
        schema::convert(schema, &types);
    }
    for operation in walk::operations(&mut document) {
        walk::each(operation, "parameters").for_each(leave_out_empty_values);
        if let Some(body) = operation.get_mut("requestBody") {
            keep_one_example(body);
        }
    }
    unused::leave_out_schemas(&mut document, "/components/schemas");
    unused::leave_out_tags(&mut document);
    document
}

fn leave_out_webhooks(document: &mut Value) {
    let Some(members) = document.as_object_mut() else {
        return;
    };
    if members.remove("webhooks").is_some()
        && let Some(Value::String(about)) = document.pointer_mut("/info/description")
    {
        about.push_str(NO_WEBHOOKS);
    }
}

/// Identifiers of licences are new in 3.1.
fn link_license(license: &mut Value) {
    if let Some(license) = license.as_object_mut()
        && let Some(Value::String(identifier)) = license.remove("identifier")
    {
        let url = format!("https://spdx.org/licenses/{identifier}.html");
        license.insert("url".to_owned(), url.into());
    }
}

/// API Management does not support `allowEmptyValue`.
fn leave_out_empty_values(parameter: &mut Value) {
    if let Some(parameter) = parameter.as_object_mut() {
        parameter.remove("allowEmptyValue");
    }
}

/// API Management supports `example`, and not `examples`. The first one has every member.
fn keep_one_example(body: &mut Value) {
    for media in walk::each(body, "content").filter_map(Value::as_object_mut) {
        let examples = media.remove("examples");
        let first = examples
            .as_ref()
            .and_then(|examples| examples.as_object()?.values().next()?.get("value"));
        if let Some(first) = first {
            media.insert("example".to_owned(), first.clone());
        }
    }
}
