//! What no operation leads to: what only the webhooks needed, or what was merged into another
//! schema.

use std::collections::BTreeSet;

use serde_json::Value;

use super::walk;

/// Leaves out the tags that no operation has.
pub(super) fn leave_out_tags(document: &mut Value) {
    let used: BTreeSet<_> = walk::operations(document)
        .flat_map(|operation| walk::each(operation, "tags"))
        .map(|tag| tag.to_string())
        .collect();
    if let Some(tags) = document["tags"].as_array_mut() {
        tags.retain(|tag| used.contains(&tag["name"].to_string()));
    }
}

/// Leaves out the schemas below this pointer that no operation leads to.
pub(super) fn leave_out_schemas(document: &mut Value, below: &str) {
    let used = schemas_in_use(document, below);
    let schemas = document.pointer_mut(below).and_then(Value::as_object_mut);
    if let Some(schemas) = schemas {
        schemas.retain(|name, _| used.contains(name));
    }
}

fn schemas_in_use(document: &Value, below: &str) -> BTreeSet<String> {
    let prefix = format!("#{below}/");
    let mut used = BTreeSet::new();
    let mut open = vec![&document["paths"]];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(members) => open.extend(members.values()),
            Value::Array(items) => open.extend(items),
            Value::String(text) => {
                if let Some(name) = text.strip_prefix(&prefix)
                    && used.insert(name.to_owned())
                {
                    open.extend(document.pointer(&text[1..]));
                }
            }
            _ => {}
        }
    }
    used
}
