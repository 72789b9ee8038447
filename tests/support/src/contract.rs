//! The OpenAPI document as a test reads it: whether an answer, a request or an event is what it
//! promises.

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::api::Answer;

/// The document.
pub struct Contract(pub Value);

impl Contract {
    /// Whether the answer is one that the document has for this operation: status, content type,
    /// headers, body.
    pub fn check(&self, method: &str, path: &str, answer: &Answer) {
        let what = format!("{method} {path}: {} {}", answer.status, answer.body);
        let operation = &self.0["paths"][path][method];
        let response = &operation["responses"][answer.status.to_string()];
        assert!(
            response.is_object(),
            "no such answer in the document: {what}"
        );
        for (name, _) in response["headers"].as_object().into_iter().flatten() {
            assert!(
                answer.headers.contains_key(name.as_str()),
                "without {name}: {what}"
            );
        }
        if response["content"].is_null() {
            assert_eq!(answer.body, "", "{what}");
            return;
        }
        let kind = answer.header("content-type").split(';').next().unwrap();
        let content = &response["content"][kind];
        assert!(content.is_object(), "{kind} is not in the document: {what}");
        if kind.ends_with("json") {
            self.holds(&content["schema"], &answer.json(), &what);
        }
    }

    /// The example requests by name.
    pub fn examples(&self, method: &str, path: &str) -> &serde_json::Map<String, Value> {
        self.0["paths"][path][method]["requestBody"]["content"]["application/json"]["examples"]
            .as_object()
            .unwrap()
    }

    /// Whether the event is what the document says of the webhook.
    pub fn check_event(&self, event: &Value) {
        self.holds(
            &json!({"$ref": "#/components/schemas/WebhookEvent"}),
            event,
            "an event",
        );
    }

    /// Whether the request may be sent.
    pub fn check_request(&self, method: &str, path: &str, body: &Value) {
        let schema =
            &self.0["paths"][path][method]["requestBody"]["content"]["application/json"]["schema"];
        self.holds(schema, body, &format!("{method} {path} {body}"));
    }

    fn holds(&self, schema: &Value, value: &Value, what: &str) {
        let wrong = self.wrong(schema, value);
        assert!(wrong.is_empty(), "{what}\n{}", wrong.join("\n"));
    }

    /// What is not as the schema says.
    pub fn wrong(&self, schema: &Value, value: &Value) -> Vec<String> {
        self.validator(schema)
            .iter_errors(value)
            .map(|error| format!("{} {error}", error.instance_path()))
            .collect()
    }

    /// Members that the document does not have are wrong, too.
    fn validator(&self, schema: &Value) -> Validator {
        let mut components = self.0["components"]["schemas"].clone();
        components
            .as_object_mut()
            .unwrap()
            .values_mut()
            .for_each(close_members);
        let root = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "allOf": [schema],
            "unevaluatedProperties": false,
            "components": {"schemas": components}
        });
        jsonschema::draft202012::options()
            .should_validate_formats(true)
            .build(&root)
            .unwrap()
    }
}

/// Closes the schema of a member or of the items of an array. A part of a composition (`allOf`)
/// stays open: the composition is closed as one.
fn close_members(schema: &mut Value) {
    for part in ["allOf", "oneOf", "anyOf"] {
        schema
            .get_mut(part)
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
            .for_each(close_members);
    }
    for member in schema
        .get_mut("properties")
        .and_then(Value::as_object_mut)
        .into_iter()
        .flat_map(|members| members.values_mut())
    {
        close(member);
    }
    if let Some(items) = schema.get_mut("items") {
        close(items);
    }
}

fn close(schema: &mut Value) {
    close_members(schema);
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("unevaluatedProperties".to_owned(), false.into());
    }
}
