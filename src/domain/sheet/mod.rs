//! Invitations as a spreadsheet holds them: a CSV file with a header and one row each. Whatever the
//! cells say, [`Cells::body`] makes the body of a creation from them, so that the rules of the API
//! are the rules of a file.

mod column;
mod read;
mod write;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use time::{
    Date, Duration, Time, format_description::well_known::Rfc3339, macros::format_description,
};

pub use column::Column;
pub use read::{MAX_BYTES, MAX_ROW_BYTES, MAX_ROWS, SheetError, read};
pub use write::{PROBLEM, Separator, template, write};

/// The cells of a row that are not empty, or the fields of a form with the same names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cells(BTreeMap<Column, String>);

/// A row of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetRow {
    /// As a spreadsheet counts: the header is row 1.
    pub number: usize,
    /// What it says.
    pub cells: Cells,
}

impl Cells {
    /// Without the values that are empty.
    pub fn new(values: impl IntoIterator<Item = (Column, String)>) -> Self {
        let is_given = |(_, value): &(Column, String)| !value.trim().is_empty();
        Self(values.into_iter().filter(is_given).collect())
    }

    /// The cell; empty where there is none.
    #[must_use]
    pub fn get(&self, column: Column) -> &str {
        self.0.get(&column).map_or("", String::as_str)
    }

    /// Whether all cells are empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The body of a creation, in the terms of the API. `inviter` is its member of that name.
    #[must_use]
    pub fn body(&self, inviter: &Value, send_email: bool) -> Value {
        let mut body = json!({
            "recipient": {},
            "inviter": inviter,
            "company": {},
            "sendEmail": send_email,
        });
        for (column, value) in &self.0 {
            let value = match column {
                Column::ExpiresAt => end_of_day(value).unwrap_or_else(|| value.trim().to_owned()),
                _ => value.clone(),
            };
            match column.member() {
                (Some(object), name) => body[object][name] = value.into(),
                (None, name) => body[name] = value.into(),
            }
        }
        body
    }
}

/// The expiry that pages show as this day: 36 hours after the day begins in UTC, when it has ended
/// in every time zone. `None` if the text is not a date.
fn end_of_day(value: &str) -> Option<String> {
    let day = Date::parse(value.trim(), format_description!("[year]-[month]-[day]")).ok()?;
    let begin = day.with_time(Time::MIDNIGHT).assume_utc();
    begin
        .checked_add(Duration::hours(36))?
        .format(&Rfc3339)
        .ok()
}

#[cfg(test)]
mod tests;
