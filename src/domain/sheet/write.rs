//! Writes a file that spreadsheets open without executing anything in it.

use csv::{Terminator, WriterBuilder};
use serde::{Deserialize, Serialize};

use super::Column;

/// The column that says what is wrong with a row, in a file to correct and send again.
pub const PROBLEM: &str = "problem";

/// What a spreadsheet may take for the beginning of a formula, full-width forms included. Source:
/// <https://owasp.org/www-community/attacks/CSV_Injection>
const SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
/// The same, at the very beginning of a cell.
const CONTROLS: [char; 3] = ['\t', '\r', '\n'];

/// Between two cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Separator {
    /// `,`
    Comma,
    /// `;`, in countries that write decimals with a comma.
    Semicolon,
}

impl Separator {
    /// Those that are understood.
    pub const ALL: [Self; 2] = [Self::Comma, Self::Semicolon];

    pub(super) const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
        }
    }
}

/// The file with these rows, the first of which is the header. It begins with a byte order mark,
/// without which Excel does not read UTF-8.
pub fn write<'a, R>(rows: impl IntoIterator<Item = R>, separator: Separator) -> Vec<u8>
where
    R: IntoIterator<Item = &'a str>,
{
    let mut file = "\u{feff}".as_bytes().to_vec();
    let mut writer = WriterBuilder::new()
        .delimiter(separator.byte())
        .terminator(Terminator::CRLF)
        .flexible(true)
        .from_writer(&mut file);
    for row in rows {
        // Writing into memory does not fail.
        let _ = writer.write_record(row.into_iter().map(neutral));
    }
    drop(writer);
    file
}

/// The header and a row to write over.
#[must_use]
pub fn template(separator: Separator) -> Vec<u8> {
    let example = Column::ALL.map(example);
    write([Column::ALL.map(Column::name), example], separator)
}

/// No number that a spreadsheet would shorten: the phone number has blanks.
const fn example(column: Column) -> &'static str {
    match column {
        Column::Email => "anna.meier@example.com",
        Column::FirstName => "Anna",
        Column::LastName => "Meier",
        Column::Locale => "de",
        Column::CompanyName => "Meier Präzisionstechnik GmbH",
        Column::CustomerNumber => "C-10042",
        Column::VatNumber => "DE136695976",
        Column::Website => "https://example.com",
        Column::Country => "DE",
        Column::Street => "Lindwurmstraße 80",
        Column::PostalCode => "80337",
        Column::City => "München",
        Column::Region => "",
        Column::Phone => "089 1234 5678",
        Column::Message => "",
        Column::ExpiresAt => "",
    }
}

/// A cell that no spreadsheet takes for a formula: with an apostrophe before it. So has every part
/// of it that becomes a cell where the spreadsheet expects another separator than the file has.
fn neutral(cell: &str) -> String {
    if cell.trim().is_empty() {
        return String::new();
    }
    let mut neutral = String::with_capacity(cell.len());
    let mut place = Place::Start;
    for c in cell.chars() {
        if place.begins_formula(c) {
            neutral.push('\'');
        }
        neutral.push(c);
        place = place.after(c);
    }
    neutral
}

/// The cell without the apostrophes that [`neutral`] wrote.
pub(super) fn as_typed(cell: &str) -> String {
    let mut typed = String::with_capacity(cell.len());
    let mut place = Place::Start;
    let mut chars = cell.chars().peekable();
    while let Some(c) = chars.next() {
        let is_ours = c == '\'' && chars.peek().is_some_and(|next| place.begins_formula(*next));
        if !is_ours {
            typed.push(c);
            place = place.after(c);
        }
    }
    typed
}

/// The position of a character in a cell.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// At the beginning of the cell.
    Start,
    /// Where a spreadsheet may begin another cell.
    Cell,
    /// Elsewhere.
    Inside,
}

impl Place {
    fn begins_formula(self, c: char) -> bool {
        match self {
            Self::Start => SIGNS.contains(&c) || CONTROLS.contains(&c),
            Self::Cell => SIGNS.contains(&c),
            Self::Inside => false,
        }
    }

    /// The place of the next character.
    fn after(self, c: char) -> Self {
        match c {
            ',' | ';' | '\t' | '\r' | '\n' => Self::Cell,
            ' ' | '"' if self != Self::Inside => Self::Cell,
            _ => Self::Inside,
        }
    }
}
