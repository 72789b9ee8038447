//! The schemas of a patch: those of a creation, with nothing required and everything nullable.

use utoipa::openapi::{
    OneOfBuilder, Ref, RefOr, Schema, Type,
    schema::{Object, SchemaType},
};

/// Each schema of a creation, and its name in a patch.
const NAMES: [(&str, &str); 4] = [
    ("NewInvitation", "InvitationPatch"),
    ("NewRecipient", "RecipientPatch"),
    ("NewInviter", "InviterPatch"),
    ("RegisteredCompany", "CompanyPatch"),
];
/// Set at the creation for good.
const FIXED: [&str; 2] = ["sendEmail", "companyId"];

pub(super) fn schemas(all: &[(String, RefOr<Schema>)]) -> Vec<(String, RefOr<Schema>)> {
    let patch_of = |(from, to): (&str, &str)| {
        let (_, schema) = all.iter().find(|(name, _)| name == from)?;
        let RefOr::T(Schema::Object(object)) = schema else {
            return None;
        };
        Some((to.to_owned(), Schema::Object(patch(object.clone())).into()))
    };
    NAMES.into_iter().filter_map(patch_of).collect()
}

fn patch(mut object: Object) -> Object {
    object.required.clear();
    object.description = Some("What to change; `null` removes an optional member.".to_owned());
    for name in FIXED {
        object.properties.remove(name);
    }
    for member in object.properties.values_mut() {
        *member = nullable(member.clone());
    }
    object
}

fn nullable(member: RefOr<Schema>) -> RefOr<Schema> {
    match member {
        RefOr::Ref(to) => {
            let null = utoipa::openapi::ObjectBuilder::new().schema_type(Type::Null);
            let to = Ref::new(renamed(&to.ref_location));
            let either = OneOfBuilder::new().item(null).item(to).build();
            Schema::OneOf(either).into()
        }
        RefOr::T(Schema::OneOf(mut either)) => {
            for item in &mut either.items {
                if let RefOr::Ref(to) = item {
                    to.ref_location = renamed(&to.ref_location);
                }
            }
            Schema::OneOf(either).into()
        }
        RefOr::T(Schema::Object(mut text)) => {
            if let SchemaType::Type(own) = text.schema_type {
                text.schema_type = SchemaType::Array(vec![own, Type::Null]);
            }
            if let Some(values) = &mut text.enum_values {
                values.push(serde_json::Value::Null);
            }
            Schema::Object(text).into()
        }
        other @ RefOr::T(_) => other,
    }
}

/// The reference within a patch.
fn renamed(location: &str) -> String {
    let name = location.rsplit('/').next().unwrap_or_default();
    let patch = NAMES.iter().find(|(from, _)| *from == name);
    match patch {
        Some((from, to)) => location.replace(from, to),
        None => location.to_owned(),
    }
}
