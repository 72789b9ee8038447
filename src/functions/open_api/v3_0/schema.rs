//! Schemas: 3.1 has those of JSON Schema 2020-12, 3.0 a dialect of its own.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::functions::open_api::walk;

/// The type of each component, by the reference to it.
pub(super) fn types(document: &Value) -> BTreeMap<String, Value> {
    let schemas = document["components"]["schemas"].as_object();
    let each = schemas.into_iter().flatten();
    each.map(|(name, schema)| {
        let reference = format!("#/components/schemas/{name}");
        (reference, schema["type"].clone())
    })
    .collect()
}

/// Rewrites the schema, and those within it.
pub(super) fn convert(schema: &mut Value, types: &BTreeMap<String, Value>) {
    walk::subschemas(schema, |inner| convert(inner, types));
    let Some(keywords) = schema.as_object_mut() else {
        return;
    };
    keywords.remove("propertyNames");
    example(keywords);
    nullable_type(keywords);
    nullable_alternative(keywords, types);
    reference(keywords);
}

/// One example instead of several.
fn example(keywords: &mut Map<String, Value>) {
    if let Some(Value::Array(examples)) = keywords.remove("examples")
        && let Some(first) = examples.into_iter().next()
    {
        keywords.insert("example".to_owned(), first);
    }
}

/// `type: [T, null]`.
fn nullable_type(keywords: &mut Map<String, Value>) {
    let Some(Value::Array(types)) = keywords.get("type") else {
        return;
    };
    let own = types.iter().find(|name| *name != "null").cloned();
    keywords.insert("type".to_owned(), own.unwrap_or_default());
    keywords.insert("nullable".to_owned(), true.into());
}

/// `oneOf: [T, null]`. In 3.0 `nullable` needs a type beside it.
fn nullable_alternative(keywords: &mut Map<String, Value>, types: &BTreeMap<String, Value>) {
    let Some(Value::Array(alternatives)) = keywords.get("oneOf") else {
        return;
    };
    let others: Vec<_> = alternatives
        .iter()
        .filter(|other| other["type"] != "null")
        .cloned()
        .collect();
    let [Value::Object(only)] = others.as_slice() else {
        return;
    };
    let only = only.clone();
    keywords.remove("oneOf");
    keywords.insert("nullable".to_owned(), true.into());
    keywords.extend(only);
    reference(keywords);
    let target = keywords
        .get("allOf")
        .and_then(|all| all[0]["$ref"].as_str())
        .and_then(|reference| types.get(reference));
    if let Some(name) = target {
        keywords.insert("type".to_owned(), name.clone());
    }
}

/// In 3.0 nothing may be beside a reference.
fn reference(keywords: &mut Map<String, Value>) {
    if keywords.len() > 1
        && let Some(to) = keywords.remove("$ref")
    {
        keywords.insert("allOf".to_owned(), json!([{"$ref": to}]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn converted(mut schema: Value) -> Value {
        let types = BTreeMap::from([("#/components/schemas/Email".to_owned(), "string".into())]);
        convert(&mut schema, &types);
        schema
    }

    #[test]
    fn null_is_a_keyword() {
        assert_eq!(
            converted(json!({"type": ["string", "null"], "enum": ["a", null]})),
            json!({"type": "string", "nullable": true, "enum": ["a", null]})
        );
    }

    #[test]
    fn null_beside_a_reference_names_the_type() {
        let email = json!({"$ref": "#/components/schemas/Email"});
        let all = json!({"type": "string", "nullable": true, "allOf": [email]});
        assert_eq!(converted(json!({"oneOf": [{"type": "null"}, email]})), all);
        let mut described = email.clone();
        described["description"] = "Why.".into();
        let mut all = all;
        all["description"] = "Why.".into();
        assert_eq!(
            converted(json!({"oneOf": [described, {"type": "null"}]})),
            all
        );
    }

    #[test]
    fn a_described_reference_is_a_composition() {
        assert_eq!(
            converted(json!({"properties": {"a": {"$ref": "#/x", "description": "Why."}}})),
            json!({"properties": {"a": {"allOf": [{"$ref": "#/x"}], "description": "Why."}}})
        );
        assert_eq!(converted(json!({"$ref": "#/x"})), json!({"$ref": "#/x"}));
    }

    #[test]
    fn alternatives_without_null_stay() {
        let either = json!({"oneOf": [{"$ref": "#/a"}, {"$ref": "#/b"}]});
        assert_eq!(converted(either.clone()), either);
    }

    #[test]
    fn one_example_is_kept() {
        assert_eq!(
            converted(json!({"items": {"type": "string", "examples": ["a", "b"]}})),
            json!({"items": {"type": "string", "example": "a"}})
        );
    }
}
