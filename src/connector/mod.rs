//! `handler connector`: the custom connector for Power Automate, Power Apps, Logic Apps and Copilot
//! Studio, derived from the OpenAPI document.
//!
//! Source of the rules: <https://learn.microsoft.com/connectors/custom-connectors/coding-standards>
//! and the schemas of <https://github.com/microsoft/PowerPlatformConnectors>.

mod actions;
mod choices;
mod definition;
mod members;
mod properties;
mod texts;
mod titles;

use serde::Serialize;
use serde_json::{Value, ser::PrettyFormatter};

use crate::functions::open_api::Ordered;

/// The files with their names.
///
/// # Errors
/// A document that cannot be serialised.
pub fn files() -> serde_json::Result<[(&'static str, String); 2]> {
    Ok([
        (
            "apiDefinition.swagger.json",
            write(&definition::definition()?)?,
        ),
        ("apiProperties.json", write(&properties::properties())?),
    ])
}

/// Indented by four spaces, as the connector programme wants it.
fn write(value: &Value) -> serde_json::Result<String> {
    let mut bytes = Vec::new();
    let formatter = PrettyFormatter::with_indent(b"    ");
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, formatter);
    Ordered(value).serialize(&mut serializer)?;
    bytes.push(b'\n');
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_used() {
        let [(_, definition), _] = files().unwrap();
        for (place, title, about) in texts::TEXTS.into_iter().flatten() {
            for text in [title, about] {
                let json = serde_json::to_string(text).unwrap();
                assert!(definition.contains(&json), "{place}: {text}");
            }
        }
    }
}
