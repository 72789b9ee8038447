//! JSON for readers: members in the order in which people expect them, where a map sorts by name.

use serde::{
    Serialize, Serializer,
    ser::{SerializeMap, SerializeSeq},
};
use serde_json::Value;

/// The members of a document, then those of the API, which forms show in this order. Others follow
/// by name.
const ORDER: &[&str] = &[
    "openapi",
    "swagger",
    "info",
    "title",
    "version",
    "servers",
    "host",
    "basePath",
    "schemes",
    "consumes",
    "produces",
    "$ref",
    "name",
    "in",
    "tags",
    "operationId",
    "summary",
    "x-ms-summary",
    "description",
    "required",
    "type",
    "format",
    "security",
    "parameters",
    "requestBody",
    "get",
    "post",
    "patch",
    "paths",
    "webhooks",
    "components",
    "definitions",
    "securityDefinitions",
    "id",
    "status",
    "recipient",
    "inviter",
    "company",
    "email",
    "firstName",
    "lastName",
    "organization",
    "street",
    "postalCode",
    "city",
    "region",
    "country",
    "customerNumber",
    "companyId",
    "vatNumber",
    "phone",
    "website",
    "locale",
    "message",
];

/// A value whose members are written in the order for readers.
#[derive(Clone, Copy, Debug)]
pub struct Ordered<'a>(pub &'a Value);

impl Serialize for Ordered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(members) => {
                let mut members: Vec<_> = members.iter().collect();
                members.sort_by_key(|(name, _)| rank(name));
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (name, value) in members {
                    map.serialize_entry(name, &Ordered(value))?;
                }
                map.end()
            }
            Value::Array(items) => {
                let mut sequence = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    sequence.serialize_element(&Ordered(item))?;
                }
                sequence.end()
            }
            other => other.serialize(serializer),
        }
    }
}

fn rank(name: &str) -> usize {
    let known = ORDER.iter().position(|known| *known == name);
    known.unwrap_or(ORDER.len())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn known_members_come_first() {
        let value = json!({"b": 1, "a": [{"x": 1, "type": 2, "name": 3}], "openapi": "3.1.0"});
        let text = serde_json::to_string(&Ordered(&value)).unwrap();
        let expected = r#"{"openapi":"3.1.0","a":[{"name":3,"type":2,"x":1}],"b":1}"#;
        assert_eq!(text, expected);
    }
}
