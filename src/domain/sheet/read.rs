//! Reads a file. What cannot be read, or not safely, is refused as it is: the reason says how to
//! save it again.

use std::collections::BTreeSet;

use csv::{ByteRecord, Reader, ReaderBuilder, StringRecord};

use super::{Cells, Column, PROBLEM, Separator, SheetRow, write};

/// The largest file.
pub const MAX_BYTES: usize = 1024 * 1024;
/// The most rows below the header.
pub const MAX_ROWS: usize = 1000;
/// The longest row: sealed, it must fit into one property of the table.
pub const MAX_ROW_BYTES: usize = 16 * 1024;

const BOM: &[u8] = b"\xef\xbb\xbf";

/// Why a file is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SheetError {
    /// There is nothing in it.
    Empty,
    /// It is larger than [`MAX_BYTES`].
    TooLarge,
    /// It is a workbook, as Excel and LibreOffice save it by default.
    Workbook,
    /// It is encoded in UTF-16.
    Utf16,
    /// It is not encoded in UTF-8; the first line that shows it.
    NotUtf8(usize),
    /// There is a NUL in this line.
    Nul(usize),
    /// A quotation mark is never closed.
    OpenQuote,
    /// The first row has no known column.
    NoHeader,
    /// These columns are not known.
    UnknownColumns(Vec<String>),
    /// This column is there more than once.
    DuplicateColumn(Column),
    /// These columns are missing.
    MissingColumns(Vec<Column>),
    /// There is no row below the header.
    NoRows,
    /// There are more rows than [`MAX_ROWS`].
    TooManyRows(usize),
    /// The row with this number has more cells than the header.
    TooManyCells(usize),
    /// The row with this number is longer than [`MAX_ROW_BYTES`].
    RowTooLong(usize),
}

/// The rows that are not empty, with the separator of their cells.
///
/// # Errors
/// A file that cannot be read.
pub fn read(file: &[u8]) -> Result<(Vec<SheetRow>, Separator), SheetError> {
    let text = decode(file)?;
    let (separator, header) = Separator::ALL
        .into_iter()
        .map(|separator| (separator, header(text, separator)))
        .max_by_key(|(separator, header)| (known(header), *separator == Separator::Comma))
        .filter(|(_, header)| known(header) > 0)
        .ok_or(SheetError::NoHeader)?;
    let columns = columns(&header)?;
    let mut rows = Vec::new();
    let mut number = 0;
    for record in reader(text, separator).into_byte_records() {
        // It is read from memory, with any number of cells.
        let Ok(record) = record else { continue };
        let is_header = number == 0;
        number += empty_lines_before(&record, text) + 1;
        if is_header {
            continue;
        }
        let cells = cells(&record, &columns, number)?;
        if !cells.is_empty() {
            rows.push(SheetRow { number, cells });
        }
    }
    match rows.len() {
        0 => Err(SheetError::NoRows),
        1..=MAX_ROWS => Ok((rows, separator)),
        more => Err(SheetError::TooManyRows(more)),
    }
}

fn decode(file: &[u8]) -> Result<&str, SheetError> {
    if file.len() > MAX_BYTES {
        return Err(SheetError::TooLarge);
    }
    if file.starts_with(b"PK\x03\x04") || file.starts_with(b"\xd0\xcf\x11\xe0") {
        return Err(SheetError::Workbook);
    }
    if file.starts_with(b"\xff\xfe") || file.starts_with(b"\xfe\xff") {
        return Err(SheetError::Utf16);
    }
    let file = file.strip_prefix(BOM).unwrap_or(file);
    let line_of = |at: usize| {
        let before = file.get(..at).unwrap_or_default();
        let feeds = before.iter().filter(|byte| **byte == b'\n').count();
        let returns = before.iter().filter(|byte| **byte == b'\r').count();
        1 + feeds.max(returns)
    };
    if let Some(at) = file.iter().position(|byte| *byte == 0) {
        // Without a byte order mark, every second byte of Latin text is NUL.
        let is_utf16 = file.iter().filter(|byte| **byte == 0).count() > file.len() / 4;
        return Err(if is_utf16 {
            SheetError::Utf16
        } else {
            SheetError::Nul(line_of(at))
        });
    }
    let text = std::str::from_utf8(file)
        .map_err(|error| SheetError::NotUtf8(line_of(error.valid_up_to())))?;
    if text.trim().is_empty() {
        return Err(SheetError::Empty);
    }
    if text.matches('"').count() % 2 == 1 {
        return Err(SheetError::OpenQuote);
    }
    Ok(text)
}

fn reader(text: &str, separator: Separator) -> Reader<&[u8]> {
    ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator.byte())
        .from_reader(text.as_bytes())
}

/// How many empty lines stand before a record: the reader passes over them, a spreadsheet counts them
/// as rows.
fn empty_lines_before(record: &ByteRecord, text: &str) -> usize {
    let at = record.position().map_or(0, |position| position.byte());
    let (before, rest) = text.split_at(usize::try_from(at).unwrap_or_default());
    // The second half of the line end of the record before.
    let rest = match (before.ends_with('\r'), rest.strip_prefix('\n')) {
        (true, Some(rest)) => rest,
        _ => rest,
    };
    let content = rest.trim_start_matches(['\r', '\n']);
    let ends = &rest[..rest.len() - content.len()];
    ends.len() - ends.matches("\r\n").count()
}

/// The first row; empty columns at its end do not count.
fn header(text: &str, separator: Separator) -> Vec<String> {
    let mut record = StringRecord::new();
    // It is read from memory, and is UTF-8.
    let _ = reader(text, separator).read_record(&mut record);
    let mut header: Vec<_> = record.iter().map(|cell| cell.trim().to_owned()).collect();
    while header.last().is_some_and(String::is_empty) {
        header.pop();
    }
    header
}

fn known(header: &[String]) -> usize {
    header
        .iter()
        .filter(|name| Column::find(name).is_some())
        .count()
}

/// The column of each cell; `None` for what we write ourselves into a file to correct.
fn columns(header: &[String]) -> Result<Vec<Option<Column>>, SheetError> {
    let is_ours = |name: &String| name.eq_ignore_ascii_case(PROBLEM);
    let (mut columns, mut seen) = (Vec::new(), BTreeSet::new());
    let mut unknown = Vec::new();
    for name in header {
        let column = Column::find(name);
        match column {
            Some(column) if !seen.insert(column) => {
                return Err(SheetError::DuplicateColumn(column));
            }
            None if !is_ours(name) => unknown.push(name.clone()),
            Some(_) | None => {}
        }
        columns.push(column);
    }
    let missing: Vec<_> = Column::REQUIRED
        .into_iter()
        .filter(|column| !seen.contains(column))
        .collect();
    if !unknown.is_empty() {
        Err(SheetError::UnknownColumns(unknown))
    } else if !missing.is_empty() {
        Err(SheetError::MissingColumns(missing))
    } else {
        Ok(columns)
    }
}

fn cells(
    record: &ByteRecord,
    columns: &[Option<Column>],
    number: usize,
) -> Result<Cells, SheetError> {
    if record.as_slice().len() > MAX_ROW_BYTES {
        return Err(SheetError::RowTooLong(number));
    }
    let is_empty = |cell: &[u8]| cell.trim_ascii().is_empty();
    if record
        .iter()
        .skip(columns.len())
        .any(|cell| !is_empty(cell))
    {
        return Err(SheetError::TooManyCells(number));
    }
    let named = columns.iter().zip(record).filter_map(|(column, cell)| {
        let cell = String::from_utf8_lossy(cell);
        Some(((*column)?, write::as_typed(cell.trim())))
    });
    Ok(Cells::new(named))
}
