//! Why a file is refused, in words.

use crate::{
    domain::sheet::SheetError,
    text::{FileText, Lang},
    views::clean,
};

/// Why a file is refused, and what to do.
pub(super) fn reason(error: &SheetError, has_no_file: bool, lang: Lang) -> String {
    let text: &FileText = &lang.text().upload.file;
    let list = |names: Vec<&str>| names.join(lang.text().company.comma);
    match error {
        SheetError::Empty if has_no_file => text.no_file.to_owned(),
        SheetError::Empty => text.is_empty.to_owned(),
        SheetError::TooLarge => text.too_large.to_owned(),
        SheetError::Workbook => text.workbook.to_owned(),
        SheetError::Utf16 => text.not_utf8.to_owned(),
        SheetError::NotUtf8(line) => (text.not_utf8_in)(&line.to_string()),
        SheetError::Nul(line) => (text.nul)(&line.to_string()),
        SheetError::OpenQuote => text.open_quote.to_owned(),
        SheetError::NoHeader => text.no_header.to_owned(),
        SheetError::UnknownColumns(names) => {
            let names: Vec<_> = names.iter().map(|name| clean(name)).collect();
            (text.unknown_columns)(&list(names.iter().map(|name| name.as_ref()).collect()))
        }
        SheetError::DuplicateColumn(column) => (text.duplicate_column)(column.name()),
        SheetError::MissingColumns(columns) => {
            (text.missing_columns)(&list(columns.iter().map(|column| column.name()).collect()))
        }
        SheetError::NoRows => text.no_rows.to_owned(),
        SheetError::TooManyRows(rows) => (text.too_many_rows)(&rows.to_string()),
        SheetError::TooManyCells(row) => (text.too_many_cells)(&row.to_string()),
        SheetError::RowTooLong(row) => (text.row_too_long)(&row.to_string()),
    }
}
