//! Rows on the wire, and where a query goes on.

use std::collections::BTreeMap;

use azure_core_legacy::Continuable;
use azure_data_tables::operations::QueryEntityResponse;
use serde::{Deserialize, Serialize};
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

/// A row as it is answered, with `odata.…` and `…@odata.…` among its properties.
#[derive(Deserialize)]
pub(super) struct Entity {
    #[serde(rename = "PartitionKey")]
    partition: String,
    #[serde(rename = "RowKey")]
    row: String,
    #[serde(rename = "odata.etag", default)]
    etag: String,
    #[serde(flatten)]
    properties: BTreeMap<String, Value>,
}

impl Entity {
    pub(super) fn fields(self) -> Fields {
        let ours = |name: &str| !name.contains("odata.") && name != "Timestamp";
        let text = |value| {
            if let Value::String(text) = value {
                text
            } else {
                value.to_string()
            }
        };
        self.properties
            .into_iter()
            .filter(|(name, _)| ours(name))
            .map(|(name, value)| (name, text(value)))
            .collect()
    }
}

fn unescaped(key: &str) -> Result<String, TableError> {
    key::unescape(key).ok_or_else(|| refused("the table has a row that is not ours"))
}

fn read_row(entity: Entity) -> Result<Row, TableError> {
    Ok(Row {
        key: unescaped(&entity.row)?,
        etag: ETag(entity.etag.clone()),
        fields: entity.fields(),
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
