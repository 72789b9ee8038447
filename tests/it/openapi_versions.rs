//! The OpenAPI document in its three versions: they say the same, and API Management can import
//! 3.0.

use std::collections::{BTreeMap, BTreeSet};

use onboarding::functions::open_api::{self, Version};
use reqwest::Client;
use serde_json::{Map, Value};
use support::{Store, api::send, start};

/// The document of `crate::openapi::document`, in this version.
pub(crate) fn document(version: Version) -> Value {
    let support = "https://support.example.com/".parse().unwrap();
    let document = open_api::document("https://invite.example.com", "Example", Some(&support));
    open_api::in_version(&document, version).unwrap()
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// The operations as "get /path", in order.
fn operations(document: &Value) -> BTreeMap<String, &Value> {
    members(&document["paths"])
        .flat_map(|(path, methods)| {
            members(methods).map(move |(method, own)| (format!("{method} {path}"), own))
        })
        .collect()
}

fn schemas(document: &Value) -> &Map<String, Value> {
    let schemas = document.pointer("/components/schemas");
    let schemas = schemas.unwrap_or(&document["definitions"]);
    schemas.as_object().unwrap()
}

/// What an operation takes and returns, whatever the version.
fn summary(operation: &Value) -> BTreeSet<String> {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let parameters = parameters.map(|own| {
        let required = own["required"] == true;
        match own["in"].as_str() {
            Some("body") => format!("body {required} {}", kind(&own["schema"])),
            place => format!("{place:?} {} {required}", own["name"]),
        }
    });
    let body = operation.get("requestBody").map(|own| {
        let schema = &own["content"]["application/json"]["schema"];
        format!("body {} {}", own["required"] == true, kind(schema))
    });
    let responses = members(&operation["responses"]).map(|(status, own)| {
        let json = ["application/json", "application/problem+json", "text/html"];
        let mut content = json.iter().filter_map(|name| own["content"].get(*name));
        let schema = content.next().unwrap_or(own).get("schema");
        format!("{status} {:?}", schema.map(kind))
    });
    let ids = ["operationId", "summary", "description"].map(|name| operation[name].to_string());
    parameters.chain(body).chain(responses).chain(ids).collect()
}

/// The type of a member with its values, and whether it may be `null`.
fn kind(schema: &Value) -> String {
    let alternatives = schema["oneOf"].as_array().into_iter().flatten();
    let other = alternatives.clone().find(|other| other["type"] != "null");
    let types = schema["type"].as_array().into_iter().flatten();
    let is_nullable = schema["nullable"] == true
        || schema["x-nullable"] == true
        || types
            .clone()
            .chain(alternatives.map(|one| &one["type"]))
            .any(|name| name == "null");
    let target = schema["allOf"].get(0).or(other).unwrap_or(schema);
    let own = match target["$ref"].as_str() {
        Some(reference) => reference.rsplit('/').next().unwrap().to_owned(),
        None => {
            let mut names = types.chain([&schema["type"]]);
            let name = names
                .find(|name| name.is_string() && **name != "null")
                .unwrap();
            let values = schema["enum"].as_array().into_iter().flatten();
            let values: Vec<_> = values.filter(|value| !value.is_null()).collect();
            let items = schema.get("items").map(kind);
            format!("{name} {values:?} {items:?}")
        }
    };
    format!("{own}{}", if is_nullable { "?" } else { "" })
}

/// The members of a schema, with whether they are required.
fn shape(schema: &Value) -> BTreeSet<String> {
    let required = schema["required"].as_array();
    let is_required =
        |name: &str| required.is_some_and(|names| names.iter().any(|own| own == name));
    members(&schema["properties"])
        .map(|(name, own)| format!("{name} {} {}", kind(own), is_required(name)))
        .collect()
}

#[test]
fn every_version_has_the_same_operations() {
    let newest = document(Version::V3_1);
    let newest = operations(&newest);
    assert!(newest.len() >= 17);
    for version in [Version::V3_0, Version::V2_0] {
        let document = document(version);
        let own = operations(&document);
        assert!(own.keys().eq(newest.keys()), "{version:?}");
        for (name, operation) in own {
            assert_eq!(
                summary(operation),
                summary(newest[&name]),
                "{version:?} {name}"
            );
        }
    }
}

#[test]
fn every_version_has_the_same_members() {
    let newest = document(Version::V3_1);
    for version in [Version::V3_0, Version::V2_0] {
        let document = document(version);
        let mut missing: Vec<_> = schemas(&newest).keys().collect();
        missing.retain(|name| !schemas(&document).contains_key(*name));
        let expected: &[&str] = match version {
            // 2.0 has no alternatives: `BatchItem` has the members of both.
            Version::V2_0 => &["BatchCreated", "BatchFailed", "WebhookEvent"],
            _ => &["WebhookEvent"],
        };
        assert_eq!(missing, expected, "{version:?}");
        for (name, own) in schemas(&document) {
            let other = &schemas(&newest)[name];
            if other.get("oneOf").is_none() {
                assert_eq!(shape(own), shape(other), "{version:?} {name}");
                assert_eq!(own["enum"], other["enum"], "{version:?} {name}");
            }
        }
    }
    let names = |document: &Value, name: &str| {
        let own = members(&schemas(document)[name]["properties"]);
        own.map(|(name, _)| name.clone()).collect::<BTreeSet<_>>()
    };
    let either = &names(&newest, "BatchCreated") | &names(&newest, "BatchFailed");
    assert_eq!(names(&document(Version::V2_0), "BatchItem"), either);
}

#[test]
fn older_versions_name_what_they_leave_out() {
    for version in [Version::V3_0, Version::V2_0] {
        let document = document(version);
        assert_eq!(document.get("webhooks"), None);
        let about = document["info"]["description"].as_str().unwrap();
        assert!(about.contains("webhook"), "{about}");
        let tags = document["tags"].as_array().unwrap();
        assert!(tags.iter().all(|tag| tag["name"] != "Webhooks"));
    }
}

#[tokio::test]
async fn version_is_chosen_by_a_parameter() {
    let stack = start(Store::Embedded).await;
    let ask = async |query: &str| {
        let address = format!("{}/api/openapi.json{query}", stack.host.url());
        send(Client::new().get(address)).await
    };
    let default = ask("").await;
    for (query, member, number) in [
        ("?version=3.1", "openapi", "3.1.0"),
        ("?version=3.0", "openapi", "3.0.3"),
        ("?version=2.0", "swagger", "2.0"),
    ] {
        let answer = ask(query).await;
        assert_eq!(
            (answer.status, &answer.json()[member]),
            (200, &number.into())
        );
        let beginning = format!("{{\"{member}\":\"{number}\",\"info\":");
        assert!(answer.body.starts_with(&beginning));
        let is_default = answer.header("etag") == default.header("etag");
        assert_eq!(is_default, query.ends_with("3.1"), "{query}");
    }
    let wrong = ask("?version=1.2").await;
    assert_eq!(
        (wrong.status, wrong.problem().as_str()),
        (400, "invalid-parameters")
    );
    assert_eq!(wrong.json()["errors"][0]["parameter"], "version");
}

/// Names that API Management does not support, by the object in which they would be:
/// <https://learn.microsoft.com/azure/api-management/api-management-api-import-restrictions>. It
/// ignores security.
const UNSUPPORTED: [(&str, &[&str]); 5] = [
    ("document", &["externalDocs", "webhooks"]),
    (
        "components",
        &[
            "responses",
            "parameters",
            "examples",
            "requestBodies",
            "headers",
            "links",
            "callbacks",
        ],
    ),
    ("path", &["trace", "servers", "parameters"]),
    ("operation", &["externalDocs", "callbacks", "servers"]),
    (
        "parameter",
        &["allowEmptyValue", "style", "explode", "allowReserved"],
    ),
];

/// Every object of the kinds in [`UNSUPPORTED`].
fn objects(document: &Value) -> Vec<(&str, &Value)> {
    let mut all = vec![
        ("document", document),
        ("components", &document["components"]),
    ];
    all.extend(members(&document["paths"]).map(|(_, path)| ("path", path)));
    for operation in operations(document).into_values() {
        all.push(("operation", operation));
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        all.extend(parameters.map(|parameter| ("parameter", parameter)));
    }
    all
}

#[test]
fn api_management_supports_every_keyword() {
    let document = document(Version::V3_0);
    assert_eq!(document["openapi"], "3.0.3");
    for (kind, object) in objects(&document) {
        let (_, unsupported) = UNSUPPORTED.iter().find(|(own, _)| *own == kind).unwrap();
        for name in *unsupported {
            assert_eq!(object.get(name), None, "{kind}: {name} in {object}");
        }
    }
    let server = document["servers"][0]["url"].as_str().unwrap();
    assert!(server.starts_with("https://"));
    assert!(document.to_string().len() < 4 << 20);
}

#[test]
fn parameters_are_unique_over_path_and_query() {
    let document = document(Version::V3_0);
    for (name, operation) in operations(&document) {
        let mut seen = BTreeSet::new();
        for own in operation["parameters"].as_array().into_iter().flatten() {
            let (place, own) = (own["in"].as_str().unwrap(), own["name"].as_str().unwrap());
            assert!(
                ["path", "query", "header"].contains(&place),
                "{name}: {place}"
            );
            if place == "header" {
                continue;
            }
            assert!(seen.insert(own.to_lowercase()), "{name}: {own} twice");
            let in_template = name.contains(&format!("{{{own}}}"));
            assert_eq!(in_template, place == "path", "{name}: {own}");
        }
    }
}

#[test]
fn bodies_refer_to_schemas() {
    let document = document(Version::V3_0);
    for (name, operation) in operations(&document) {
        let responses = members(&operation["responses"]).map(|(_, response)| response);
        for body in responses.chain(operation.get("requestBody")) {
            for (media, content) in members(&body["content"]) {
                assert!(!media.starts_with("multipart/"), "{name}");
                assert_eq!(content.get("examples"), None, "{name}");
                let reference = content["schema"]["$ref"].as_str().unwrap_or_default();
                assert!(
                    reference.starts_with("#/components/schemas/"),
                    "{name} {media}"
                );
            }
        }
    }
}

#[test]
fn no_schema_contains_itself() {
    let document = document(Version::V3_0);
    for name in schemas(&document).keys() {
        assert_ends(&document, name, &mut Vec::new());
    }
}

fn assert_ends(document: &Value, name: &str, above: &mut Vec<String>) {
    assert!(!above.iter().any(|other| other == name), "{above:?} {name}");
    above.push(name.to_owned());
    for inner in references(&schemas(document)[name]) {
        assert_ends(document, &inner, above);
    }
    above.pop();
}

/// Generators mangle objects that are composed, and unions without a name.
#[test]
fn schemas_are_flat() {
    let document = document(Version::V3_1);
    for (name, schema) in schemas(&document) {
        if name != "BatchItem" {
            assert_is_flat(name, schema);
        }
    }
}

fn assert_is_flat(name: &str, value: &Value) {
    for (keyword, inner) in members(value) {
        assert!(!["allOf", "anyOf", "not"].contains(&&**keyword), "{name}");
        if keyword == "oneOf" {
            let alternatives = inner.as_array().unwrap();
            let optional = alternatives.iter().any(|own| own["type"] == "null");
            assert!(optional && alternatives.len() == 2, "{name}: {inner}");
        }
        assert_is_flat(name, inner);
    }
}

/// A key in a URL would end in logs.
#[test]
fn key_is_a_header_alone() {
    let document = document(Version::V3_1);
    let schemes = members(&document["components"]["securitySchemes"]);
    for (name, scheme) in schemes {
        assert_eq!(
            (name.as_str(), &scheme["in"]),
            ("functionKey", &"header".into())
        );
    }
    let secured = serde_json::json!([{"functionKey": []}]);
    for (name, operation) in operations(&document) {
        let is_public = name.contains("/InviteUser") || name.contains("/openapi.json");
        let expected = if is_public {
            &Value::Array(Vec::new())
        } else {
            &secured
        };
        assert_eq!(&operation["security"], expected, "{name}");
    }
}

fn references(value: &Value) -> Vec<String> {
    match value {
        Value::Object(members) => members.values().flat_map(references).collect(),
        Value::Array(items) => items.iter().flat_map(references).collect(),
        Value::String(text) => text
            .strip_prefix("#/components/schemas/")
            .map(str::to_owned)
            .into_iter()
            .collect(),
        _ => Vec::new(),
    }
}

#[test]
fn operations_keep_their_names_in_api_management() {
    let document = document(Version::V3_0);
    let mut names = BTreeSet::new();
    for operation in operations(&document).into_values() {
        let id = operation["operationId"].as_str().unwrap().to_lowercase();
        let name: Vec<_> = id.split(|c: char| !c.is_alphanumeric()).collect();
        let name = name.join("-");
        assert!(name.len() <= 76 && names.insert(name), "{id}");
        assert!(operation["summary"].as_str().unwrap().len() <= 300);
    }
}
