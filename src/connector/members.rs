//! Inputs and outputs, each with a title, a description and a place on the screen.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{choices, titles};

/// The keywords that the platform knows and flows need. Without patterns: the service explains
/// better what is wrong.
const KEYWORDS: [&str; 10] = [
    "name",
    "in",
    "type",
    "required",
    "default",
    "enum",
    "maxLength",
    "minimum",
    "maximum",
    "maxItems",
];
/// Referred to; every other schema is written where it is used, since its titles depend on the
/// place.
const SHARED: &str = "#/definitions/Invitation";

/// The inputs that are shown at first.
#[derive(Clone, Copy)]
pub(super) struct Inputs<'a>(pub(super) &'a [&'static str]);

/// Builds the definitions.
pub(super) struct Members<'a> {
    api: &'a Value,
    definitions: BTreeMap<String, Value>,
}

/// Where a schema stands.
#[derive(Clone)]
struct Place<'a> {
    definition: &'a str,
    path: Vec<String>,
    inputs: Option<Inputs<'a>>,
}

impl<'a> Members<'a> {
    pub(super) fn new(api: &'a Value) -> Self {
        Self {
            api,
            definitions: BTreeMap::new(),
        }
    }

    pub(super) fn into_definitions(self) -> Map<String, Value> {
        self.definitions.into_iter().collect()
    }

    /// The schema of a body, as a reference to its definition.
    pub(super) fn body(&mut self, schema: &Value, inputs: Inputs<'_>) -> Value {
        self.define(schema, Some(inputs))
    }

    /// The schema of a response.
    pub(super) fn output(&mut self, schema: &Value) -> Value {
        self.define(schema, None)
    }

    fn define(&mut self, reference: &Value, inputs: Option<Inputs<'_>>) -> Value {
        let text = reference["$ref"].as_str().unwrap_or_default();
        let name = text.trim_start_matches("#/definitions/");
        if !self.definitions.contains_key(name) {
            let place = Place {
                definition: name,
                path: Vec::new(),
                inputs,
            };
            let mut schema = self.expand(&self.api["definitions"][name], &place);
            if let Some(keywords) = schema.as_object_mut() {
                keywords.remove("description");
            }
            self.definitions.insert(name.to_owned(), schema);
        }
        reference.clone()
    }

    /// A parameter of the path, the query or a header. Of a list one value is offered.
    pub(super) fn parameter(&self, own: &Value, inputs: Inputs<'_>) -> Value {
        let name = own["name"].as_str().unwrap_or_default();
        let mut parameter = kept(own);
        if own["type"] == "array" {
            parameter.extend(kept(&own["items"]));
        }
        let place = Place {
            definition: "",
            path: vec![name.to_owned()],
            inputs: Some(inputs),
        };
        describe(&mut parameter, &own["description"], &place);
        if name == "after" {
            begin_now(&mut parameter);
        }
        parameter.into()
    }

    fn expand(&self, schema: &Value, place: &Place<'_>) -> Value {
        let target = match schema["allOf"].get(0).unwrap_or(schema)["$ref"].as_str() {
            Some(SHARED) if !place.path.is_empty() && schema.get("$ref").is_some() => {
                return schema.clone();
            }
            Some(reference) => self.api.pointer(reference.trim_start_matches('#')),
            None => None,
        };
        let target = target.unwrap_or(schema);
        let mut expanded = kept(target);
        if let Some(members) = target["properties"].as_object() {
            let members = members.iter();
            let members: Map<_, _> = members
                .map(|(name, own)| (name.clone(), self.member(own, &place.join(name))))
                .collect();
            expanded.insert("properties".to_owned(), members.into());
        }
        if let Some(items) = target.get("items") {
            let mut item = self.expand(items, place);
            if let Some(about) = titles::item(place.definition, &place.path.join(".")) {
                item["description"] = about.into();
            }
            expanded.insert("items".to_owned(), item);
        }
        if let Some(of) = target
            .get("additionalProperties")
            .filter(|of| of.is_object())
        {
            expanded.insert("additionalProperties".to_owned(), kept(of).into());
        }
        // An extension; inputs that are left empty are not sent.
        if place.inputs.is_none() && target["x-nullable"] == true {
            expanded.insert("x-nullable".to_owned(), true.into());
        }
        let about = schema.get("description").or(target.get("description"));
        if let Some(about) = about {
            expanded.insert("description".to_owned(), about.clone());
        }
        expanded.into()
    }

    fn member(&self, own: &Value, place: &Place<'_>) -> Value {
        let expanded = self.expand(own, place);
        let Value::Object(mut keywords) = expanded else {
            return expanded;
        };
        let about = keywords.get("description").cloned().unwrap_or_default();
        describe(&mut keywords, &about, place);
        keywords.into()
    }
}

impl Place<'_> {
    fn join(&self, name: &str) -> Self {
        let mut place = self.clone();
        place
            .path
            .pop_if(|last| titles::WRAPPERS.contains(&last.as_str()));
        place.path.push(name.to_owned());
        place
    }
}

/// Title, description, visibility and choices.
fn describe(keywords: &mut Map<String, Value>, about: &Value, place: &Place<'_>) {
    let path = place.path.join(".");
    let (is_input, about) = (place.inputs.is_some(), about.as_str().unwrap_or_default());
    let (title, about) = titles::of(place.definition, &path, is_input, about);
    keywords.insert("x-ms-summary".to_owned(), title.into());
    keywords.insert("description".to_owned(), about.into());
    let Some(Inputs(first)) = place.inputs else {
        return;
    };
    let is_first = first.contains(&path.as_str());
    let visibility = if is_first { "important" } else { "advanced" };
    keywords.insert("x-ms-visibility".to_owned(), visibility.into());
    let name = place.path.last().map_or("", String::as_str);
    if let Some((values, names)) = choices::of(name, &Value::Object(keywords.clone())) {
        keywords.insert("enum".to_owned(), values);
        keywords.insert("x-ms-enum-values".to_owned(), names);
    }
}

/// The platform sends this parameter itself: at first without history, then by the policy.
fn begin_now(parameter: &mut Map<String, Value>) {
    let settings = json!({"required": true, "default": "latest", "x-ms-visibility": "internal"});
    if let Value::Object(settings) = settings {
        parameter.extend(settings);
    }
}

fn kept(schema: &Value) -> Map<String, Value> {
    let mut kept: Map<_, _> = KEYWORDS
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), schema.get(*name)?.clone())))
        .collect();
    // The other formats are not the platform's, or lead to wrong fields.
    if schema["format"] == "date-time" {
        kept.insert("format".to_owned(), schema["format"].clone());
    }
    kept
}
