//! `apiDefinition.swagger.json`: the actions and the trigger with their inputs and outputs.

use serde_json::{Map, Value, json};

use super::{
    actions::{ACTIONS, Action, TRIGGER},
    members::{Inputs, Members},
    properties::KEY,
};
use crate::functions::open_api::{self, Version};

/// The connection has the real one.
const EXAMPLE_HOST: &str = "invite.example.com";
const JSON: &str = "application/json";
const ABOUT: &str = "Invite customers by e-mail to create their company on your platform. Correct, \
     resend and revoke invitations. Start flows when customers accept.";
/// What flows have no use for: they hold no copies.
const LEFT_OUT: [&str; 2] = ["If-Match", "If-None-Match"];

pub(super) fn definition() -> serde_json::Result<Value> {
    let document = open_api::document(&format!("https://{EXAMPLE_HOST}"), "", None);
    let api = open_api::in_version(&document, Version::V2_0)?;
    let mut members = Members::new(&api);
    let mut paths = json!({});
    for action in ACTIONS {
        if let Some((path, method, operation)) = find(&api, action.operation) {
            paths[path][method] = convert(action, operation, &mut members);
        }
    }
    let key = &api["securityDefinitions"]["functionKey"];
    Ok(json!({
        "swagger": "2.0",
        "info": {
            "title": "Customer invitations",
            "description": ABOUT,
            "version": api["info"]["version"],
            "contact": {"name": "The operator of the service"},
        },
        "tags": tags(&api),
        "host": EXAMPLE_HOST,
        "basePath": "/",
        "schemes": ["https"],
        "consumes": [JSON],
        "produces": [JSON],
        "paths": paths,
        "definitions": members.into_definitions(),
        "securityDefinitions": {KEY: {"type": "apiKey", "in": key["in"], "name": key["name"]}},
        "security": [{KEY: []}],
    }))
}

/// Those of the API that the actions have.
fn tags(api: &Value) -> Value {
    let used = |name: &Value| {
        let mut operations = ACTIONS.iter().filter_map(|own| find(api, own.operation));
        operations.any(|(.., operation)| operation["tags"][0] == *name)
    };
    let tags = api["tags"].as_array().into_iter().flatten();
    let names = tags.map(|tag| &tag["name"]).filter(|name| used(name));
    names.map(|name| json!({"name": name})).collect()
}

/// The operation of the API, with its path and method.
fn find<'a>(api: &'a Value, id: &str) -> Option<(&'a str, &'a str, &'a Value)> {
    let paths = api["paths"].as_object()?.iter();
    let mut operations = paths.flat_map(|(path, methods)| {
        let methods = methods.as_object().into_iter().flatten();
        methods.map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
    });
    operations.find(|(.., operation)| operation["operationId"] == id)
}

fn convert(action: &Action, operation: &Value, members: &mut Members<'_>) -> Value {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let is_trigger = action.id == TRIGGER;
    let parameters: Vec<_> = parameters
        .filter(|own| !LEFT_OUT.iter().any(|name| own["name"] == *name))
        .filter(|own| !(is_trigger && own["name"] == "limit"))
        .map(|own| match own["in"].as_str() {
            Some("body") => body(own, action, members),
            _ => members.parameter(own, Inputs(action.first)),
        })
        .collect();
    let mut converted = json!({
        "operationId": action.id,
        "tags": operation["tags"],
        "summary": action.summary,
        "description": action.about,
        "x-ms-visibility": "important",
        "parameters": parameters,
        "responses": responses(action, &operation["responses"], members),
    });
    if let (true, Value::Object(operation)) = (is_trigger, &mut converted) {
        operation.extend(trigger());
    }
    converted
}

fn body(own: &Value, action: &Action, members: &mut Members<'_>) -> Value {
    json!({
        "name": "body",
        "in": "body",
        "required": own["required"],
        "schema": members.body(&own["schema"], Inputs(action.first)),
    })
}

/// The success, and one response for all errors.
fn responses(action: &Action, own: &Value, members: &mut Members<'_>) -> Map<String, Value> {
    let own = own.as_object().into_iter().flatten();
    let success = own.filter(|(status, _)| status.starts_with('2'));
    let mut responses: Map<_, _> = success
        .map(|(status, response)| {
            let schema = members.output(&response["schema"]);
            (
                status.clone(),
                json!({"description": action.returns, "schema": schema}),
            )
        })
        .collect();
    let problem = json!({
        "description": "The request was rejected or failed. Problem detail says why.",
        "schema": members.output(&json!({"$ref": "#/definitions/Problem"})),
    });
    responses.insert("default".to_owned(), problem);
    responses
}

fn trigger() -> Map<String, Value> {
    [
        ("x-ms-trigger", json!("batch")),
        (
            "x-ms-trigger-metadata",
            json!({"kind": "query", "mode": "polling"}),
        ),
        (
            "x-ms-trigger-hint",
            json!("To test it, leave Event empty, invite a customer and allow about a minute."),
        ),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into_iter()
    .collect()
}
