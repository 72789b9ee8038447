//! What both adapters refuse before they touch their table, so that nothing works on a developer's
//! machine and fails on Azure. Source:
//! <https://learn.microsoft.com/azure/storage/tables/scalability-targets>

use std::collections::HashSet;

use super::{Fields, TableError, Write, key::escape};

/// The writes of one entity-group transaction, and the rows of one page.
const WRITES: usize = 100;
const ROWS: usize = 1000;
/// UTF-16 units of a text property (64 KiB), and of a key (1 KiB).
const VALUE: usize = 32 * 1024;
const KEY: usize = 512;
/// Properties of a row: 255, less the keys and the timestamp.
const FIELDS: usize = 252;
const NAME: usize = 255;
/// Names that Table Storage gives to a row itself.
const RESERVED: [&str; 3] = ["PartitionKey", "RowKey", "Timestamp"];

/// The rows to ask for: Table Storage refuses a `$top` above 1000.
pub(super) fn rows(limit: usize) -> usize {
    limit.clamp(1, ROWS)
}

/// A partition and a row key, escaped.
pub(super) fn keys(partition: &str, row: &str) -> Result<(String, String), TableError> {
    Ok((key(partition)?, key(row)?))
}

/// A key, escaped.
pub(super) fn key(key: &str) -> Result<String, TableError> {
    let escaped = escape(key);
    match escaped.len() {
        0 => Err(refused("a key is empty")),
        1..=KEY => Ok(escaped),
        _ => Err(refused("a key is too long")),
    }
}

/// Refuses a transaction that Table Storage would refuse for its shape.
pub(super) fn check(writes: &[Write]) -> Result<(), TableError> {
    if writes.is_empty() || writes.len() > WRITES {
        return Err(refused("a transaction has 1 to 100 writes"));
    }
    let mut seen = HashSet::new();
    for write in writes {
        if !seen.insert(write.key()) {
            return Err(refused("a row appears twice in a transaction"));
        }
        match write {
            Write::Insert { fields, .. } | Write::Replace { fields, .. } => check_fields(fields)?,
            Write::Delete { .. } => {}
        }
    }
    Ok(())
}

fn check_fields(fields: &Fields) -> Result<(), TableError> {
    if fields.len() > FIELDS {
        return Err(refused("a row has more than 252 properties"));
    }
    for (name, value) in fields.iter() {
        if !is_identifier(name) || RESERVED.contains(&name) {
            return Err(refused("a property has a name that is not allowed"));
        }
        if value.len() > VALUE && value.encode_utf16().count() > VALUE {
            return Err(refused("a property is longer than 32 Ki characters"));
        }
    }
    Ok(())
}

fn is_identifier(name: &str) -> bool {
    let rest_is_fine = name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    rest_is_fine
        && name.len() <= NAME
        && name
            .bytes()
            .next()
            .is_some_and(|first| !first.is_ascii_digit())
}

fn refused(why: &str) -> TableError {
    TableError::Refused(why.to_owned())
}
