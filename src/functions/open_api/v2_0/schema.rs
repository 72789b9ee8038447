//! Schemas: 2.0 has neither `null` nor alternatives.

use serde_json::{Map, Value, json};

use crate::functions::open_api::walk;

/// The schema in 2.0, with those within it.
pub(super) fn convert(schema: &Value, document: &Value) -> Value {
    let mut schema = match schema["oneOf"].as_array() {
        Some(alternatives) => merge(schema, alternatives, document),
        None => schema.clone(),
    };
    walk::subschemas(&mut schema, |inner| *inner = convert(inner, document));
    if let Some(Value::String(reference)) = schema.get_mut("$ref") {
        *reference = reference.replace("#/components/schemas/", "#/definitions/");
    }
    if let Some(keywords) = schema.as_object_mut() {
        nullable(keywords);
    }
    schema.get_mut("description").map(rename_problems);
    schema
}

/// A schema of the components, if it is a reference to one.
pub(super) fn resolve<'a>(schema: &'a Value, document: &'a Value) -> &'a Value {
    let reference = schema["$ref"].as_str();
    reference
        .and_then(|reference| document.pointer(reference.trim_start_matches('#')))
        .unwrap_or(schema)
}

/// There are no components in 2.0, and so no `x-problems` among them.
pub(super) fn rename_problems(text: &mut Value) {
    if let Value::String(text) = text {
        *text = text.replace("components/x-problems", "x-problems");
    }
}

/// An extension that generators know.
fn nullable(keywords: &mut Map<String, Value>) {
    if let Some(nullable) = keywords.remove("nullable") {
        keywords.insert("x-nullable".to_owned(), nullable);
        if let Some(Value::Array(values)) = keywords.get_mut("enum") {
            values.retain(|value| !value.is_null());
        }
    }
}

/// One object with the members of all alternatives. Required is what all of them require.
fn merge(schema: &Value, alternatives: &[Value], document: &Value) -> Value {
    let objects = alternatives.iter().map(|one| resolve(one, document));
    let mut merged = json!({
        "type": "object",
        "description": schema["description"],
        "properties": {},
    });
    let mut required: Option<Vec<Value>> = None;
    for object in objects {
        let own = object["required"].as_array().cloned().unwrap_or_default();
        required = Some(match required {
            Some(mut all) => {
                all.retain(|name| own.contains(name));
                all
            }
            None => own,
        });
        for (name, member) in object["properties"].as_object().into_iter().flatten() {
            let known = &mut merged["properties"][name];
            *known = common(known, member);
        }
    }
    merged["required"] = required.unwrap_or_default().into();
    merged
}

/// The keywords on which two schemas of a member agree.
fn common(known: &Value, other: &Value) -> Value {
    match (known, other) {
        (Value::Object(known), Value::Object(other)) => {
            let agree = known
                .iter()
                .filter(|(name, value)| other.get(*name) == Some(value));
            agree
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect::<Map<_, _>>()
                .into()
        }
        _ => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alternatives_become_one_object() {
        let document = json!({"components": {"schemas": {
            "A": {
                "type": "object",
                "required": ["status", "a"],
                "properties": {"status": {"type": "integer", "minimum": 1}, "a": {"type": "string"}}
            },
            "B": {
                "type": "object",
                "required": ["status"],
                "properties": {"status": {"type": "integer", "minimum": 2}}
            }
        }}});
        let either = json!({
            "description": "Either.",
            "oneOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}]
        });
        let expected = json!({
            "type": "object",
            "description": "Either.",
            "required": ["status"],
            "properties": {"status": {"type": "integer"}, "a": {"type": "string"}}
        });
        assert_eq!(convert(&either, &document), expected);
    }

    #[test]
    fn null_is_an_extension() {
        let schema = json!({"type": "string", "nullable": true, "enum": ["a", null]});
        let expected = json!({"type": "string", "x-nullable": true, "enum": ["a"]});
        assert_eq!(convert(&schema, &Value::Null), expected);
    }
}
