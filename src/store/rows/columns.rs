//! The columns of a row: texts, times (RFC 3339) and objects (JSON).

use std::str::FromStr;

use serde::{Serialize, de::DeserializeOwned};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::store::{error::StoreError, table::Fields};

/// Writes columns.
#[derive(Default)]
pub(super) struct Writer(pub(super) Fields);

impl Writer {
    pub(super) fn text(&mut self, name: &str, value: &str) {
        self.0.insert(name, value);
    }

    pub(super) fn maybe(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(name, value);
        }
    }

    pub(super) fn json(
        &mut self,
        name: &'static str,
        value: &impl Serialize,
    ) -> Result<(), StoreError> {
        let text = serde_json::to_string(value).map_err(|_| StoreError::Corrupt(name))?;
        self.text(name, &text);
        Ok(())
    }

    pub(super) fn time(
        &mut self,
        name: &'static str,
        at: Option<OffsetDateTime>,
    ) -> Result<(), StoreError> {
        if let Some(at) = at {
            self.text(
                name,
                &at.format(&Rfc3339).map_err(|_| StoreError::Corrupt(name))?,
            );
        }
        Ok(())
    }
}

/// Reads columns; a column that is missing or cannot be read is [`StoreError::Corrupt`].
pub(super) struct Reader<'a>(pub(super) &'a Fields);

impl<'a> Reader<'a> {
    pub(super) fn text(&self, name: &'static str) -> Result<&'a str, StoreError> {
        self.0.get(name).ok_or(StoreError::Corrupt(name))
    }

    pub(super) fn parse<T: FromStr>(&self, name: &'static str) -> Result<T, StoreError> {
        self.text(name)?
            .parse()
            .map_err(|_| StoreError::Corrupt(name))
    }

    pub(super) fn maybe(&self, name: &str) -> Option<String> {
        self.0.get(name).map(str::to_owned)
    }

    pub(super) fn json<T: DeserializeOwned>(&self, name: &'static str) -> Result<T, StoreError> {
        serde_json::from_str(self.text(name)?).map_err(|_| StoreError::Corrupt(name))
    }

    pub(super) fn json_or_default<T: DeserializeOwned + Default>(
        &self,
        name: &'static str,
    ) -> Result<T, StoreError> {
        let value = self.0.get(name).map(serde_json::from_str);
        let value = value.transpose().map_err(|_| StoreError::Corrupt(name))?;
        Ok(value.unwrap_or_default())
    }

    pub(super) fn maybe_time(
        &self,
        name: &'static str,
    ) -> Result<Option<OffsetDateTime>, StoreError> {
        let parse = |text| OffsetDateTime::parse(text, &Rfc3339);
        let at = self.0.get(name).map(parse).transpose();
        at.map_err(|_| StoreError::Corrupt(name))
    }

    pub(super) fn time(&self, name: &'static str) -> Result<OffsetDateTime, StoreError> {
        self.maybe_time(name)?.ok_or(StoreError::Corrupt(name))
    }
}
