//! Inputs with a list of values, and what people see of each.

use serde_json::{Value, json};

use super::titles::sentence_case;
use crate::text::{Lang, country_name};

/// `enum` and the names of its values, if the input has a list of values.
pub(super) fn of(name: &str, schema: &Value) -> Option<(Value, Value)> {
    let named: Vec<(&str, String)> = if name == "locale" {
        let languages = Lang::ALL.into_iter();
        languages
            .map(|lang| (lang.tag(), lang.native_name().to_owned()))
            .collect()
    } else {
        let values = schema["enum"].as_array()?.iter();
        values
            .filter_map(Value::as_str)
            .map(|value| (value, display(name, value)))
            .collect()
    };
    let values: Value = named.iter().map(|(value, _)| *value).collect();
    let names = named
        .into_iter()
        .map(|(value, name)| json!({"value": value, "displayName": name}));
    Some((values, names.collect()))
}

fn display(name: &str, value: &str) -> String {
    match country_name(value, Lang::En) {
        Some(country) if name == "country" => country.to_owned(),
        _ => sentence_case(&value.replace(['.', '_'], " ")),
    }
}
