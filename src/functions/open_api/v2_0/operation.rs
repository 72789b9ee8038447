//! Operations: in 2.0 bodies are parameters, and media types belong to the operation.

use serde_json::{Map, Value, json};

use super::schema;

/// What an operation has in both versions.
const SHARED: [&str; 5] = ["tags", "operationId", "summary", "description", "security"];
const JSON: &str = "application/json";

pub(super) fn convert(operation: &Value, document: &Value) -> Value {
    let mut converted: Map<_, _> = SHARED
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), operation.get(*name)?.clone())))
        .collect();
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let mut parameters: Vec<_> = parameters.map(|own| parameter(own, document)).collect();
    if let Some(request) = operation.get("requestBody") {
        parameters.push(body(request, document));
        converted.insert("consumes".to_owned(), media_types([request]).into());
    }
    if let Some(responses) = operation["responses"].as_object() {
        let produces = media_types(responses.values());
        if !produces.is_empty() {
            converted.insert("produces".to_owned(), produces.into());
        }
        let responses = responses
            .iter()
            .map(|(status, own)| (status.clone(), response(own, document)));
        converted.insert(
            "responses".to_owned(),
            responses.collect::<Map<_, _>>().into(),
        );
    }
    converted.insert("parameters".to_owned(), parameters.into());
    converted.into()
}

/// The types of these bodies, JSON first.
fn media_types<'a>(bodies: impl IntoIterator<Item = &'a Value>) -> Vec<Value> {
    let mut types: Vec<&String> = bodies
        .into_iter()
        .filter_map(|body| body["content"].as_object())
        .flat_map(Map::keys)
        .collect();
    types.sort_by_key(|name| (*name != JSON, *name));
    types.dedup();
    types
        .into_iter()
        .map(|name| Value::from(name.as_str()))
        .collect()
}

fn parameter(parameter: &Value, document: &Value) -> Value {
    let mut converted = json!({"name": parameter["name"], "in": parameter["in"]});
    for name in ["required", "description"] {
        if let Some(value) = parameter.get(name) {
            converted[name] = value.clone();
        }
    }
    extend(&mut converted, simple(&parameter["schema"], document));
    if converted["type"] == "array" {
        converted["collectionFormat"] = "multi".into();
    }
    converted
}

/// The schema of a parameter or a header: its keywords stand beside the name, without references.
fn simple(own: &Value, document: &Value) -> Value {
    let mut simple = schema::convert(schema::resolve(own, document), document);
    if let Some(items) = own.get("items") {
        simple["items"] = self::simple(items, document);
    }
    if let Some(keywords) = simple.as_object_mut() {
        keywords.retain(|name, _| !["description", "example"].contains(&name.as_str()));
    }
    simple
}

/// The body as a parameter. 2.0 has no place for its example.
fn body(request: &Value, document: &Value) -> Value {
    let content = &request["content"][JSON];
    json!({
        "name": "body",
        "in": "body",
        "required": request["required"] == true,
        "schema": schema::convert(&content["schema"], document),
        "x-example": content["example"],
    })
}

fn response(response: &Value, document: &Value) -> Value {
    let mut converted = json!({"description": response["description"]});
    if let Some(content) = response["content"].as_object()
        && let Some(media) = content.get(JSON).or_else(|| content.values().next())
    {
        converted["schema"] = schema::convert(&media["schema"], document);
        if let Some(types) = media.get("x-problem-types") {
            converted["x-problem-types"] = types.clone();
        }
    }
    for (name, header) in response["headers"].as_object().into_iter().flatten() {
        let mut own = json!({"description": header["description"]});
        extend(&mut own, simple(&header["schema"], document));
        converted["headers"][name] = own;
    }
    converted
}

fn extend(object: &mut Value, more: Value) {
    if let (Value::Object(object), Value::Object(more)) = (object, more) {
        object.extend(more);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_repeated() {
        let document = json!({"components": {"schemas": {
            "Status": {"type": "string", "enum": ["pending"], "description": "Where it is."}
        }}});
        let status = json!({
            "name": "status",
            "in": "query",
            "description": "One of several.",
            "schema": {"type": "array", "items": {"$ref": "#/components/schemas/Status"}}
        });
        let expected = json!({
            "name": "status",
            "in": "query",
            "description": "One of several.",
            "type": "array",
            "items": {"type": "string", "enum": ["pending"]},
            "collectionFormat": "multi"
        });
        assert_eq!(parameter(&status, &document), expected);
    }

    #[test]
    fn json_is_preferred_to_pages_and_problems() {
        let operation = json!({"responses": {
            "200": {"description": "It.", "content": {
                "text/html": {"schema": {"type": "string"}},
                "application/json": {"schema": {"type": "object"}}
            }},
            "404": {"description": "No.", "content": {
                "application/problem+json": {"schema": {"type": "object"}}
            }}
        }});
        let converted = convert(&operation, &Value::Null);
        let produces = ["application/json", "application/problem+json", "text/html"];
        assert_eq!(converted["produces"], json!(produces));
        assert_eq!(
            converted["responses"]["200"]["schema"],
            json!({"type": "object"})
        );
    }
}
