//! The places of a document in which operations and schemas occur.

use serde_json::Value;

/// The operations.
pub(super) fn operations(document: &mut Value) -> impl Iterator<Item = &mut Value> {
    each(document, "paths").flat_map(children)
}

/// The schemas: those of the components, of parameters, bodies, responses and headers; not the
/// schemas within them.
pub(super) fn schemas(document: &mut Value) -> Vec<&mut Value> {
    let Some(document) = document.as_object_mut() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (name, part) in document.iter_mut() {
        match name.as_str() {
            "components" => found.extend(each(part, "schemas")),
            "paths" => children(part)
                .flat_map(children)
                .for_each(|operation| found.extend(of_operation(operation))),
            _ => {}
        }
    }
    found
}

fn of_operation(operation: &mut Value) -> Vec<&mut Value> {
    let Some(operation) = operation.as_object_mut() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (name, part) in operation.iter_mut() {
        match name.as_str() {
            "parameters" => found.extend(children(part).filter_map(schema)),
            "requestBody" => found.extend(of_content(part)),
            "responses" => children(part).for_each(|response| found.extend(of_response(response))),
            _ => {}
        }
    }
    found
}

fn of_response(response: &mut Value) -> Vec<&mut Value> {
    let Some(response) = response.as_object_mut() else {
        return Vec::new();
    };
    let parts = response.iter_mut();
    parts
        .filter(|(name, _)| ["content", "headers"].contains(&name.as_str()))
        .flat_map(|(_, part)| children(part).filter_map(schema))
        .collect()
}

fn of_content(body: &mut Value) -> impl Iterator<Item = &mut Value> {
    each(body, "content").filter_map(schema)
}

fn schema(place: &mut Value) -> Option<&mut Value> {
    place.get_mut("schema")
}

/// The members or items of a member, if there is such a member.
pub(super) fn each<'a>(value: &'a mut Value, name: &str) -> impl Iterator<Item = &'a mut Value> {
    value.get_mut(name).into_iter().flat_map(children)
}

/// The members of an object or the items of an array.
fn children(value: &mut Value) -> Box<dyn Iterator<Item = &mut Value> + '_> {
    match value {
        Value::Object(members) => Box::new(members.values_mut()),
        Value::Array(items) => Box::new(items.iter_mut()),
        _ => Box::new(std::iter::empty()),
    }
}

/// Calls `change` with each schema directly within this one.
pub(super) fn subschemas(schema: &mut Value, mut change: impl FnMut(&mut Value)) {
    let Some(keywords) = schema.as_object_mut() else {
        return;
    };
    for (keyword, value) in keywords {
        match keyword.as_str() {
            "properties" | "allOf" | "oneOf" | "anyOf" => children(value).for_each(&mut change),
            "items" | "additionalProperties" if value.is_object() => change(value),
            _ => {}
        }
    }
}
