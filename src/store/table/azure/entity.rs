//! Rows on the wire, and where a query goes on.

use std::fmt;

use azure_core_legacy::Continuable;
use azure_data_tables::operations::QueryEntityResponse;
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{self, IgnoredAny, MapAccess, Visitor},
};
use serde_json::Value;

use super::error::refused;
use crate::store::table::{AnyPage, Continuation, ETag, Fields, Page, Row, TableError, key};

/// A row as it is sent.
#[derive(Serialize)]
pub(super) struct NewEntity<'a> {
    #[serde(rename = "PartitionKey")]
    pub(super) partition: &'a str,
    #[serde(rename = "RowKey")]
    pub(super) row: &'a str,
    #[serde(flatten)]
    pub(super) fields: &'a Fields,
}

/// A row as it is answered.
pub(super) struct Entity {
    partition: String,
    row: String,
    etag: String,
    pub(super) fields: Fields,
}

impl<'de> Deserialize<'de> for Entity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Properties)
    }
}

struct Properties;

impl<'de> Visitor<'de> for Properties {
    type Value = Entity;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an entity")
    }

    /// `odata.…` and `…@odata.…` are among the properties.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entity, A::Error> {
        let (mut partition, mut row, mut etag) = (None, None, None);
        let mut fields = Fields::new();
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "PartitionKey" => partition = Some(map.next_value()?),
                "RowKey" => row = Some(map.next_value()?),
                "odata.etag" => etag = Some(map.next_value()?),
                "Timestamp" => drop(map.next_value::<IgnoredAny>()?),
                odata if odata.contains("odata.") => drop(map.next_value::<IgnoredAny>()?),
                name => match map.next_value()? {
                    Value::String(text) => fields.insert(name, &text),
                    other => fields.insert(name, &other.to_string()),
                },
            }
        }
        Ok(Entity {
            partition: partition.ok_or_else(|| de::Error::missing_field("PartitionKey"))?,
            row: row.ok_or_else(|| de::Error::missing_field("RowKey"))?,
            etag: etag.unwrap_or_default(),
            fields,
        })
    }
}

fn unescaped(key: &str) -> Result<String, TableError> {
    key::unescape(key).ok_or_else(|| refused("the table has a row that is not ours"))
}

fn read_row(entity: Entity) -> Result<Row, TableError> {
    Ok(Row {
        key: unescaped(&entity.row)?,
        etag: ETag(entity.etag),
        fields: entity.fields,
    })
}

pub(super) fn read_page(page: QueryEntityResponse<Entity>) -> Result<Page, TableError> {
    let next = page
        .continuation()
        .map(|(partition, row)| Next(partition, row).into());
    let rows = page.entities.into_iter().map(read_row);
    Ok(Page {
        rows: rows.collect::<Result<_, _>>()?,
        next,
    })
}

pub(super) fn read_any_page(page: QueryEntityResponse<Entity>) -> Result<AnyPage, TableError> {
    let next = page
        .continuation()
        .map(|(partition, row)| Next(partition, row).into());
    let row = |entity: Entity| Ok((unescaped(&entity.partition)?, read_row(entity)?));
    let rows = page.entities.into_iter().map(row);
    Ok(AnyPage {
        rows: rows.collect::<Result<_, TableError>>()?,
        next,
    })
}

/// The `x-ms-continuation-NextPartitionKey` and, where it was given, `-NextRowKey`.
#[derive(Serialize, Deserialize)]
pub(super) struct Next(pub(super) String, pub(super) Option<String>);

impl Next {
    pub(super) fn parse(Continuation(text): &Continuation) -> Result<Self, TableError> {
        serde_json::from_str(text).map_err(|_| refused("the continuation is not one of this table"))
    }
}

impl From<Next> for Continuation {
    fn from(Next(partition, row): Next) -> Self {
        Self(serde_json::json!([partition, row]).to_string())
    }
}
