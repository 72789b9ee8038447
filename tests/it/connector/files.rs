//! The files are current, valid by the schemas of the connector programme, and explain themselves.

use std::{collections::BTreeSet, fs};

use serde_json::Value;
use support::{power_platform::violations, root};

use super::{DEFINITION, PROPERTIES, file};

fn definition() -> Value {
    serde_json::from_str(&file(DEFINITION)).unwrap()
}

#[test]
fn checked_in_files_are_current() {
    for (name, text) in onboarding::connector::files().unwrap() {
        let is_current = file(name) == text;
        assert!(
            is_current,
            "{name}: run handler connector connectors/power-platform"
        );
    }
}

#[test]
fn files_are_valid_by_the_published_schemas() {
    let folder = root().join("../shared/schemas/power-platform");
    for (name, schema) in [
        (DEFINITION, "apiDefinition.swagger.schema.json"),
        (PROPERTIES, "paconn-apiProperties.schema.json"),
    ] {
        let Ok(schema) = fs::read_to_string(folder.join(schema)) else {
            println!("left out: {} has no {schema}", folder.display());
            continue;
        };
        assert_eq!(violations(&schema, &file(name)), [""; 0], "{name}");
        let wrong = file(name).replacen("\"type\": \"string\"", "\"type\": \"text\"", 1);
        assert_ne!(violations(&schema, &wrong), [""; 0], "{name}");
    }
}

/// The operations with their names.
fn operations(definition: &Value) -> Vec<(&str, &Value)> {
    let paths = definition["paths"].as_object().unwrap().values();
    paths
        .flat_map(|methods| methods.as_object().unwrap().values())
        .map(|operation| (operation["operationId"].as_str().unwrap(), operation))
        .collect()
}

/// Every member of a schema with its path, references followed.
fn members<'a>(definition: &'a Value, schema: &'a Value, path: &str) -> Vec<(String, &'a Value)> {
    let reference = schema["$ref"].as_str();
    let schema = reference.map_or(schema, |to| definition.pointer(&to[1..]).unwrap());
    let mut all = Vec::new();
    for (name, own) in schema["properties"].as_object().into_iter().flatten() {
        let path = format!("{path}/{name}");
        all.extend(members(definition, own, &path));
        all.extend(members(definition, &own["items"], &path));
        all.push((path, own));
    }
    all
}

/// The parameters of an operation, and the members of its body.
fn inputs<'a>(definition: &'a Value, operation: &'a Value) -> Vec<(String, &'a Value)> {
    let parameters = operation["parameters"].as_array().unwrap();
    let each = parameters.iter().flat_map(|parameter| {
        if parameter["in"] == "body" {
            return members(definition, &parameter["schema"], "");
        }
        vec![(parameter["name"].as_str().unwrap().to_owned(), parameter)]
    });
    each.collect()
}

fn is_sentence(text: &str) -> bool {
    text.len() > "A page.".len() && text.ends_with('.') && !text.contains('`')
}

#[test]
fn every_member_is_explained() {
    let definition = definition();
    for (id, operation) in operations(&definition) {
        let responses = operation["responses"].as_object().unwrap().values();
        let outputs = responses.flat_map(|own| members(&definition, &own["schema"], ""));
        for response in operation["responses"].as_object().unwrap().values() {
            let about = response["description"].as_str().unwrap();
            assert!(is_sentence(about), "{id}: {about}");
        }
        for (path, own) in inputs(&definition, operation).into_iter().chain(outputs) {
            let (title, about) = (own["x-ms-summary"].as_str(), own["description"].as_str());
            let (title, about) = (title.unwrap_or_default(), about.unwrap_or_default());
            assert!(is_sentence(about) && about != title, "{id} {path}: {about}");
            assert!(
                title.starts_with(char::is_uppercase),
                "{id} {path}: {title}"
            );
        }
    }
}

#[test]
fn every_item_of_a_list_is_explained() {
    let definition = definition();
    for (path, own) in outputs(&definition) {
        let item = &own["items"];
        if item["properties"].is_object() {
            let about = item["description"].as_str().unwrap_or_default();
            assert!(is_sentence(about), "{path}: {about}");
        }
    }
}

/// The members of all responses.
fn outputs(definition: &Value) -> Vec<(String, &Value)> {
    let operations = operations(definition).into_iter();
    let responses =
        operations.flat_map(|(_, operation)| operation["responses"].as_object().unwrap().values());
    let outputs = responses.flat_map(|own| members(definition, &own["schema"], ""));
    outputs.collect()
}

#[test]
fn outputs_ask_for_nothing() {
    let definition = definition();
    for (path, own) in outputs(&definition) {
        let about = own["description"].as_str().unwrap_or_default();
        for instruction in [
            "Choose", "enter ", "Enter", "If empty", "Required", "seller", "Treat", "Quote",
            "Check ",
        ] {
            assert!(!about.contains(instruction), "{path}: {about}");
        }
    }
}

#[test]
fn texts_use_no_jargon() {
    let definition = definition();
    let operations = operations(&definition).into_iter();
    let inputs = operations.flat_map(|(_, operation)| inputs(&definition, operation));
    for (path, own) in inputs.chain(outputs(&definition)) {
        let text = |name: &str| own[name].as_str().unwrap_or_default();
        let texts = format!("{} {}", text("x-ms-summary"), text("description"));
        for jargon in [
            "E.164",
            "ISO ",
            "RFC ",
            "JSON",
            "x-request",
            " id ",
            "Email",
            " email",
            "Absent",
        ] {
            assert!(!texts.contains(jargon), "{path}: {texts}");
        }
    }
}

#[test]
fn inputs_have_different_titles() {
    let definition = definition();
    for (id, operation) in operations(&definition) {
        let inputs = inputs(&definition, operation);
        let titles: BTreeSet<_> = inputs
            .iter()
            .map(|(_, own)| own["x-ms-summary"].as_str().unwrap())
            .collect();
        assert_eq!(titles.len(), inputs.len(), "{id} {titles:?}");
    }
}

#[test]
fn outputs_have_different_titles() {
    let definition = definition();
    for (id, operation) in operations(&definition) {
        for response in operation["responses"].as_object().unwrap().values() {
            let outputs = members(&definition, &response["schema"], "");
            let titles: BTreeSet<_> = outputs
                .iter()
                .map(|(_, own)| own["x-ms-summary"].as_str().unwrap())
                .collect();
            assert_eq!(titles.len(), outputs.len(), "{id} {titles:?}");
        }
    }
}

#[test]
fn first_screen_has_what_is_needed() {
    let definition = definition();
    for (id, operation) in operations(&definition) {
        let inputs = inputs(&definition, operation);
        let first = inputs
            .iter()
            .filter(|(_, own)| own["x-ms-visibility"] == "important");
        assert!((1..=16).contains(&first.count()), "{id}");
        for (path, own) in inputs {
            let is_needed = own["required"] == true && own["x-ms-visibility"] != "internal";
            assert!(
                !is_needed || own["x-ms-visibility"] == "important",
                "{id} {path}"
            );
            for name in own["required"].as_array().into_iter().flatten() {
                let member = &own["properties"][name.as_str().unwrap()];
                assert_eq!(member["x-ms-visibility"], "important", "{id} {path} {name}");
            }
        }
    }
}

#[test]
fn choices_have_names() {
    let definition = definition();
    let invitation = &definition["definitions"]["NewInvitation"]["properties"];
    let named = |own: &Value, value: &str| {
        let names = own["x-ms-enum-values"].as_array().unwrap().iter();
        let mut names = names.filter(|name| name["value"] == value);
        names.next().unwrap()["displayName"].clone()
    };
    let country = &invitation["company"]["properties"]["country"];
    assert_eq!(named(country, "CH"), "Switzerland");
    let first = &country["x-ms-enum-values"].as_array().unwrap()[..3];
    let first: Vec<_> = first.iter().map(|own| &own["displayName"]).collect();
    assert_eq!(first, ["Afghanistan", "Åland Islands", "Albania"]);
    let every_name = country["x-ms-enum-values"].as_array().unwrap().len();
    assert_eq!(country["enum"].as_array().unwrap().len(), every_name);
    let language = &invitation["recipient"]["properties"]["locale"];
    assert_eq!(named(language, "zh-Hant"), "繁體中文");
    assert_eq!(language["enum"].as_array().unwrap().len(), 8);
    let trigger = &definition["paths"]["/api/Events"]["get"]["parameters"];
    let kind = trigger.as_array().unwrap().iter();
    let kind = kind.clone().find(|own| own["name"] == "type").unwrap();
    assert_eq!(
        named(kind, "invitation.delivery_failed"),
        "E-mail could not be delivered"
    );
    for name in kind["x-ms-enum-values"].as_array().unwrap() {
        let shown = name["displayName"].as_str().unwrap();
        assert!(!shown.contains(['.', '_']), "{shown} is written by hand");
    }
}

#[test]
fn icon_is_a_small_png() {
    let icon = root().join("connectors/power-platform/icon.png");
    let icon = fs::read(icon).unwrap();
    assert!(icon.starts_with(b"\x89PNG\r\n\x1a\n") && icon.len() < 1024 * 1024);
    let side = |at: usize| u32::from_be_bytes(icon[at..at + 4].try_into().unwrap());
    assert_eq!((side(16), side(20)), (230, 230));
}
