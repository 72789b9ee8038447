//! The shape of a JSON body: its members and their types, as the OpenAPI document describes them.
//! One response names everything that does not fit, which serde, stopping at the first, cannot.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr, Schema, Type,
        schema::{AdditionalProperties, Object, SchemaType},
    },
};

use super::problem::InvalidInput;

/// A schema with those that it refers to.
pub(crate) struct Shape {
    root: RefOr<Schema>,
    schemas: BTreeMap<String, RefOr<Schema>>,
}

impl Shape {
    /// That of a type that a body is deserialised into. All its members have a default.
    pub(crate) fn of<T: ToSchema + PartialSchema>() -> Self {
        let mut schemas = Vec::new();
        T::schemas(&mut schemas);
        Self {
            root: T::schema(),
            schemas: schemas.into_iter().collect(),
        }
    }

    /// Takes out of the body what does not fit, and says what that was; takes out `null`, too,
    /// which means the same as an absent member.
    pub(crate) fn prune(&self, body: &mut Value) -> Vec<InvalidInput> {
        let mut problems = Vec::new();
        if !self.fits(&self.root, body, "", &mut problems) {
            *body = Value::Object(Map::new());
        }
        problems
    }

    fn fits(
        &self,
        schema: &RefOr<Schema>,
        value: &mut Value,
        pointer: &str,
        problems: &mut Vec<InvalidInput>,
    ) -> bool {
        let Some(object) = self.resolve(schema) else {
            return true;
        };
        let (fits, expected) = match (type_of(object), value) {
            (Some(Type::Object), Value::Object(members)) => {
                self.prune_members(object, members, pointer, problems);
                return true;
            }
            (Some(Type::Object), _) => (false, "an object"),
            (Some(Type::String), value) => (value.is_string(), "a string"),
            (Some(Type::Boolean), value) => (value.is_boolean(), "true or false"),
            (Some(Type::Integer | Type::Number), value) => (value.is_number(), "a number"),
            (Some(Type::Array), value) => (value.is_array(), "an array"),
            (Some(Type::Null) | None, _) => return true,
        };
        if !fits {
            problems.push(InvalidInput::member(pointer, format!("must be {expected}")));
        }
        fits
    }

    fn prune_members(
        &self,
        object: &Object,
        members: &mut Map<String, Value>,
        pointer: &str,
        problems: &mut Vec<InvalidInput>,
    ) {
        let others = match object.additional_properties.as_deref() {
            Some(AdditionalProperties::RefOr(schema)) => Some(schema),
            Some(AdditionalProperties::FreeForm(_)) | None => None,
        };
        members.retain(|name, value| {
            let pointer = format!("{pointer}/{}", escaped(name));
            match object.properties.get(name).or(others) {
                Some(_) if value.is_null() => false,
                Some(schema) => self.fits(schema, value, &pointer, problems),
                None => {
                    let known: Vec<_> = object.properties.keys().map(String::as_str).collect();
                    let detail = format!("is unknown; known are {}", known.join(", "));
                    problems.push(InvalidInput::member(pointer, detail));
                    false
                }
            }
        });
    }

    /// The object that a reference means, or the alternative to `null`.
    fn resolve<'a>(&'a self, schema: &'a RefOr<Schema>) -> Option<&'a Object> {
        match schema {
            RefOr::Ref(to) => {
                let name = to.ref_location.rsplit('/').next()?;
                self.resolve(self.schemas.get(name)?)
            }
            RefOr::T(Schema::Object(object)) => Some(object),
            RefOr::T(Schema::OneOf(one)) => one
                .items
                .iter()
                .filter_map(|item| self.resolve(item))
                .find(|object| type_of(object).is_some()),
            RefOr::T(_) => None,
        }
    }
}

/// The type beside `null`.
fn type_of(object: &Object) -> Option<Type> {
    match &object.schema_type {
        SchemaType::Type(Type::Null) | SchemaType::AnyValue => None,
        SchemaType::Type(own) => Some(own.clone()),
        SchemaType::Array(types) => types.iter().find(|own| **own != Type::Null).cloned(),
    }
}

/// A step of a JSON pointer.
pub(crate) fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
