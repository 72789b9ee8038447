use proptest::prelude::*;
use serde_json::json;

use super::*;

const HEADER: &str = "email,companyName,country,street,city";
const ROW: &str = "anna@meier.example,Meier GmbH,DE,Lindwurmstraße 80,München";

fn rows(file: impl AsRef<[u8]>) -> Vec<SheetRow> {
    read(file.as_ref()).unwrap().0
}

fn refused(file: impl AsRef<[u8]>) -> SheetError {
    read(file.as_ref()).unwrap_err()
}

/// The cells of one row by the names of their columns.
fn one(file: impl AsRef<[u8]>) -> Vec<(&'static str, String)> {
    let rows = rows(file);
    let [row] = &rows[..] else { panic!("{rows:?}") };
    let cells = row.cells.0.iter();
    cells
        .map(|(column, cell)| (column.name(), cell.clone()))
        .collect()
}

#[test]
fn rows_are_counted_as_a_spreadsheet_does() {
    let in_two_lines = ROW.replace("Meier GmbH", "\"Meier\nGmbH\"");
    for end in ["\n", "\r\n", "\r"] {
        for (lines, expected) in [
            (vec![HEADER, ROW, ROW], vec![2, 3]),
            (vec![HEADER, "", "", ROW, "", ",,,,", ROW], vec![4, 7]),
            (vec!["", HEADER, ROW], vec![3]),
            (vec![HEADER, &in_two_lines, "", ROW, "", ""], vec![2, 4]),
        ] {
            let numbers: Vec<_> = rows(lines.join(end)).iter().map(|row| row.number).collect();
            assert_eq!(numbers, expected, "{lines:?} {end:?}");
        }
    }
}

#[test]
fn separators_line_ends_and_bom_make_no_difference() {
    let expected = rows(format!("{HEADER}\n{ROW}\n{ROW}"));
    assert_eq!(expected.len(), 2);
    for end in ["\n", "\r\n", "\r"] {
        for bom in ["", "\u{feff}"] {
            for separator in [",", ";"] {
                let text = format!("{bom}{HEADER}{end}{ROW}{end}{ROW}{end}");
                let text = text.replace(',', separator);
                assert_eq!(rows(&text), expected, "{text:?}");
            }
        }
    }
}

#[test]
fn quoted_cells_hold_separators_quotes_and_lines() {
    let row = r#""anna@meier.example";"Meier, ""Söhne""; KG";DE;"Lindwurmstraße 80
Hinterhaus";München"#;
    let file = format!("{}\r\n{row}\r\n", HEADER.replace(',', ";"));
    let cells = one(file);
    assert!(cells.contains(&("companyName", "Meier, \"Söhne\"; KG".to_owned())));
    assert!(cells.contains(&("street", "Lindwurmstraße 80\nHinterhaus".to_owned())));
}

#[test]
fn header_is_found_in_any_order_and_spelling() {
    let file = "Company Name,E-Mail,recipient.firstName,COUNTRY,company/street,City,postal_code,,\n\
        Meier GmbH,anna@meier.example,Anna,DE,Weg 1,München,80337,,\n";
    let cells = one(file);
    let names: Vec<_> = cells.iter().map(|(name, _)| *name).collect();
    let expected = [
        "email",
        "firstName",
        "companyName",
        "country",
        "street",
        "postalCode",
        "city",
    ];
    assert_eq!(names, expected);
    for column in Column::ALL {
        assert_eq!(Column::find(column.name()), Some(column));
    }
    assert_eq!(Column::find("name"), Some(Column::CompanyName));
}

#[test]
fn wrong_encodings_are_named() {
    let text = format!("{HEADER}\n{ROW}\n");
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(refused(&utf16), SheetError::Utf16);
    assert_eq!(
        refused([b"\xff\xfe", &utf16[..]].concat()),
        SheetError::Utf16
    );
    let latin: Vec<u8> = text
        .chars()
        .map(|c| u32::from(c).try_into().unwrap())
        .collect();
    assert_eq!(refused(latin), SheetError::NotUtf8(2));
    assert_eq!(
        refused(format!("{HEADER}\n{ROW}\na\0b")),
        SheetError::Nul(3)
    );
    assert_eq!(refused(b"PK\x03\x04rest"), SheetError::Workbook);
}

#[test]
fn files_beyond_the_limits_are_refused() {
    let many = |count: usize| format!("{HEADER}\n{}", format!("{ROW}\n").repeat(count));
    assert_eq!(rows(many(MAX_ROWS)).len(), MAX_ROWS);
    assert_eq!(
        refused(many(MAX_ROWS + 1)),
        SheetError::TooManyRows(MAX_ROWS + 1)
    );
    assert_eq!(refused(vec![b'a'; MAX_BYTES + 1]), SheetError::TooLarge);
    let long = format!("{HEADER}\n{ROW}\n{},,,,\n", "a".repeat(MAX_ROW_BYTES + 1));
    assert_eq!(refused(long), SheetError::RowTooLong(3));
}

#[test]
fn a_header_that_does_not_fit_is_refused() {
    assert_eq!(refused(""), SheetError::Empty);
    assert_eq!(refused("\u{feff} \r\n"), SheetError::Empty);
    assert_eq!(refused(format!("{ROW}\n{ROW}")), SheetError::NoHeader);
    assert_eq!(refused(HEADER), SheetError::NoRows);
    assert_eq!(
        refused(format!("{HEADER},colour\n{ROW},red")),
        SheetError::UnknownColumns(vec!["colour".to_owned()])
    );
    assert_eq!(
        refused(format!("{HEADER},E-Mail\n{ROW},x")),
        SheetError::DuplicateColumn(Column::Email)
    );
    assert_eq!(
        refused("email,companyName,country\na,b,c"),
        SheetError::MissingColumns(vec![Column::Street, Column::City])
    );
}

#[test]
fn rows_that_do_not_fit_the_header_are_refused() {
    assert_eq!(
        refused(format!("{HEADER}\n{ROW}\n{ROW},more")),
        SheetError::TooManyCells(3)
    );
    assert_eq!(
        refused(format!("{HEADER}\n\"{ROW}\n{ROW}")),
        SheetError::OpenQuote
    );
    assert_eq!(
        rows(format!("{HEADER}\nanna@meier.example")).len(),
        1,
        "missing cells are empty"
    );
}

#[test]
fn no_cell_of_a_written_file_is_a_formula() {
    let cells = [
        "=1+1", "+49 89", "-1", "@SUM", "\tx", "\rx", "＝1", "a=1", "'quoted",
    ];
    let file = String::from_utf8(write([cells], Separator::Comma)).unwrap();
    let expected = "\u{feff}'=1+1,'+49 89,'-1,'@SUM,'\tx,\"'\rx\",'＝1,a=1,'quoted\r\n";
    assert_eq!(file, expected);
}

#[test]
fn no_other_separator_begins_a_formula() {
    let cells = ["a;=1", "a, +49 89;-1", "a\r\n=1", "a;\"=1", "1-2; a-b"];
    let file = String::from_utf8(write([cells], Separator::Comma)).unwrap();
    let expected = "\u{feff}a;'=1,\"a, '+49 89;'-1\",\"a\r\n'=1\",\"a;\"\"'=1\",1-2; a-b\r\n";
    assert_eq!(file, expected);
    for cell in cells {
        let header: Vec<_> = HEADER.split(',').collect();
        let row = vec![cell, "b", "c", "d", "e"];
        let found = rows(write([header, row], Separator::Comma));
        assert_eq!(found[0].cells.get(Column::Email), cell);
    }
}

#[test]
fn the_template_can_be_read() {
    for separator in Separator::ALL {
        let (rows, found) = read(&template(separator)).unwrap();
        assert_eq!((rows.len(), found), (1, separator));
        assert_eq!(rows[0].cells.get(Column::City), "München");
    }
}

#[test]
fn a_file_to_correct_can_be_sent_again() {
    let header = [
        HEADER.split(',').collect::<Vec<_>>(),
        vec!["phone", PROBLEM],
    ]
    .concat();
    let row = [
        ROW.split(',').collect::<Vec<_>>(),
        vec!["+49 89 1234", "phone: wrong"],
    ]
    .concat();
    let cells = one(write([header, row], Separator::Semicolon));
    assert!(cells.contains(&("phone", "+49 89 1234".to_owned())));
    assert!(!cells.iter().any(|(_, cell)| cell.contains("wrong")));
}

#[test]
fn cells_make_the_body_of_a_creation() {
    let cells = Cells::new([
        (Column::Email, "anna@meier.example".to_owned()),
        (Column::CompanyName, "Meier GmbH".to_owned()),
        (Column::Region, " ".to_owned()),
        (Column::ExpiresAt, "2026-12-25".to_owned()),
        (Column::Message, "Welcome".to_owned()),
    ]);
    assert_eq!(
        cells.body(&json!({"name": "Tamer"}), true),
        json!({
            "recipient": {"email": "anna@meier.example"},
            "inviter": {"name": "Tamer"},
            "company": {"name": "Meier GmbH"},
            "message": "Welcome",
            "expiresAt": "2026-12-26T12:00:00Z",
            "sendEmail": true,
        })
    );
}

#[test]
fn each_column_is_found_at_its_member() {
    for column in Column::ALL {
        let pointer = match column.member() {
            (Some(object), name) => format!("/{object}/{name}"),
            (None, name) => format!("/{name}"),
        };
        assert_eq!(Column::at(&pointer), Some(column), "{pointer}");
    }
    assert_eq!(Column::at("/inviter/email"), None);
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(file in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&file);
        let _ = read(&[format!("{HEADER}\n").as_bytes(), &file].concat());
    }

    #[test]
    fn any_cell_survives_the_file(cell in "[^\u{0}']{1,40}") {
        let header: Vec<_> = HEADER.split(',').collect();
        let row = vec![cell.as_str(), "b", "c", "d", "e"];
        let found = &rows(write([header, row], Separator::Comma))[0];
        prop_assert_eq!(found.cells.get(Column::Email).trim(), cell.trim());
    }
}
