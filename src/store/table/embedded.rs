//! The table in one file, for a machine without Azure: redb, ACID, every commit on the disk before
//! it answers.

use std::{fmt, fs, io, ops::Bound, path::Path, sync::Arc};

use async_trait::async_trait;
use redb::{Database, DatabaseError, Durability, ReadableDatabase, ReadableTable, TableDefinition};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    AnyPage, Continuation, ETag, Fields, Page, Range, Row, Table, TableError, Write, key, limits,
};

const FILE: &str = "table.redb";

/// Bytes of the file that are kept in memory; redb's own bound is 1 GiB. The system keeps the others.
const CACHE: usize = 4 * 1024 * 1024;

/// (partition, row key), both escaped, to a [`Compact`] behind [`POSTCARD`].
const ROWS: TableDefinition<(&str, &str), &[u8]> = TableDefinition::new("rows");

/// Begins a row in the format of postcard. Those of earlier versions are JSON, and begin with `{`.
const POSTCARD: u8 = 1;

/// An escaped partition and key, with what is stored there.
type Place = ((String, String), Vec<u8>);

/// A table in a file that one process at a time may open.
#[derive(Clone)]
pub struct EmbeddedTable {
    database: Arc<Database>,
}

impl fmt::Debug for EmbeddedTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmbeddedTable").finish_non_exhaustive()
    }
}

/// A row with its version. Earlier versions wrote it like this, as JSON.
#[derive(Deserialize)]
struct Stored {
    etag: String,
    fields: Fields,
}

/// As it is written: the version, and the properties as [`Fields::to_parts`].
#[derive(Serialize, Deserialize)]
struct Compact<'a>(&'a str, &'a str, Vec<(usize, usize)>);

impl EmbeddedTable {
    /// Opens the table in `dir`, which is made where it is missing. Blocks; meant for the start of
    /// the process.
    ///
    /// # Errors
    /// [`TableError::Refused`] where another process has it open, or the directory or file cannot
    /// be used.
    pub fn open(dir: &Path) -> Result<Self, TableError> {
        let shown = dir.display();
        fs::create_dir_all(dir)
            .map_err(|error| TableError::Refused(format!("{shown} cannot be made: {error}")))?;
        let mut builder = Database::builder();
        builder.set_cache_size(CACHE);
        let database = builder
            .create(dir.join(FILE))
            .map_err(|error| match error {
                DatabaseError::DatabaseAlreadyOpen => {
                    TableError::Refused(format!("{shown} is in use by another process"))
                }
                other => TableError::Refused(format!("{shown} cannot be opened: {other}")),
            })?;
        let table = Self {
            database: Arc::new(database),
        };
        table.create().map_err(broken)?;
        Ok(table)
    }

    /// Makes the table, so that a read need not ask whether there is one.
    fn create(&self) -> Result<(), redb::Error> {
        let mut transaction = self.database.begin_write()?;
        transaction.set_quick_repair(true);
        transaction.open_table(ROWS)?;
        transaction.commit()?;
        Ok(())
    }

    fn read(&self, partition: &str, key: &str) -> Result<Option<Vec<u8>>, redb::Error> {
        let table = self.database.begin_read()?.open_table(ROWS)?;
        Ok(table
            .get((partition, key))?
            .map(|stored| stored.value().to_vec()))
    }

    /// At most `limit` rows between two escaped keys.
    fn scan(
        &self,
        partition: &str,
        (from, below): (Bound<&str>, &str),
        limit: usize,
    ) -> Result<Vec<(String, Vec<u8>)>, redb::Error> {
        let table = self.database.begin_read()?.open_table(ROWS)?;
        let range = (
            from.map(|key| (partition, key)),
            Bound::Excluded((partition, below)),
        );
        let rows = table.range::<(&str, &str)>(range)?.take(limit);
        rows.map(|row| {
            row.map(|(key, stored)| (key.value().1.to_owned(), stored.value().to_vec()))
                .map_err(redb::Error::from)
        })
        .collect()
    }

    /// At most `limit` rows of any partition behind an escaped key.
    fn scan_all(
        &self,
        after: Option<(&str, &str)>,
        limit: usize,
    ) -> Result<Vec<Place>, redb::Error> {
        let table = self.database.begin_read()?.open_table(ROWS)?;
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        let rows = table
            .range::<(&str, &str)>((from, Bound::Unbounded))?
            .take(limit);
        rows.map(|row| {
            row.map(|(key, stored)| {
                let (partition, key) = key.value();
                let key = (partition.to_owned(), key.to_owned());
                (key, stored.value().to_vec())
            })
            .map_err(redb::Error::from)
        })
        .collect()
    }

    /// Writes all or, dropping the transaction, nothing.
    fn write(&self, partition: &str, writes: &[Write]) -> Result<Vec<Option<ETag>>, TableError> {
        let mut transaction = self.database.begin_write().map_err(broken)?;
        transaction
            .set_durability(Durability::Immediate)
            .map_err(broken)?;
        // After a kill the file is opened at once, however large it is, instead of being walked
        // through. Each commit takes longer for that.
        transaction.set_quick_repair(true);
        let mut etags = Vec::with_capacity(writes.len());
        {
            let mut table = transaction.open_table(ROWS).map_err(broken)?;
            for write in writes {
                let (partition, key) = limits::keys(partition, write.key())?;
                let at = (partition.as_str(), key.as_str());
                let found = table
                    .get(at)
                    .map_err(broken)?
                    .map(|stored| decode(stored.value()))
                    .transpose()?;
                match write {
                    Write::Insert { .. } if found.is_some() => return Err(TableError::Exists),
                    Write::Replace { if_match, .. } | Write::Delete { if_match, .. }
                        if found
                            .as_ref()
                            .is_none_or(|found| !if_match.admits(&found.etag)) =>
                    {
                        return Err(TableError::Changed);
                    }
                    Write::Insert { fields, .. } | Write::Replace { fields, .. } => {
                        let stored = Stored {
                            etag: Uuid::new_v4().to_string(),
                            fields: fields.clone(),
                        };
                        table
                            .insert(at, encode(&stored)?.as_slice())
                            .map_err(broken)?;
                        etags.push(Some(ETag(stored.etag)));
                    }
                    Write::Delete { .. } => {
                        table.remove(at).map_err(broken)?;
                        etags.push(None);
                    }
                }
            }
        }
        transaction.commit().map_err(broken)?;
        Ok(etags)
    }
}

#[async_trait]
impl Table for EmbeddedTable {
    async fn get(&self, partition: &str, key: &str) -> Result<Option<Row>, TableError> {
        let (partition, escaped) = limits::keys(partition, key)?;
        let stored = self.read(&partition, &escaped).map_err(broken)?;
        stored
            .map(|stored| row(key.to_owned(), &stored))
            .transpose()
    }

    async fn query(
        &self,
        partition: &str,
        range: &Range,
        limit: usize,
        after: Option<&Continuation>,
    ) -> Result<Page, TableError> {
        let partition = limits::key(partition)?;
        let limit = limits::rows(limit);
        let from = range.from.as_deref().map(key::escape).unwrap_or_default();
        let below = range
            .below
            .as_deref()
            .map_or(key::UPPER_BOUND.to_owned(), key::escape);
        let start = match after {
            Some(Continuation(last)) if *last >= from => Bound::Excluded(last.as_str()),
            _ => Bound::Included(from.as_str()),
        };
        if from >= below || after.is_some_and(|Continuation(last)| *last >= below) {
            return Ok(Page {
                rows: Vec::new(),
                next: None,
            });
        }
        // One more row than requested shows whether there is more.
        let mut found = self
            .scan(&partition, (start, &below), limit + 1)
            .map_err(broken)?;
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found
            .last()
            .filter(|_| more)
            .map(|(key, _)| Continuation(key.clone()));
        let rows = found
            .iter()
            .map(|(escaped, stored)| row(key::unescape(escaped).ok_or_else(unreadable)?, stored));
        Ok(Page {
            rows: rows.collect::<Result<_, _>>()?,
            next,
        })
    }

    async fn scan(
        &self,
        limit: usize,
        after: Option<&Continuation>,
    ) -> Result<AnyPage, TableError> {
        let limit = limits::rows(limit);
        // An escaped key has no blank.
        let after = after.map(|Continuation(last)| last.split_once(' ').ok_or_else(unreadable));
        let mut found = self
            .scan_all(after.transpose()?, limit + 1)
            .map_err(broken)?;
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found
            .last()
            .filter(|_| more)
            .map(|((partition, key), _)| Continuation(format!("{partition} {key}")));
        let rows = found.iter().map(|((partition, escaped), stored)| {
            let partition = key::unescape(partition).ok_or_else(unreadable)?;
            let key = key::unescape(escaped).ok_or_else(unreadable)?;
            Ok((partition, row(key, stored)?))
        });
        Ok(AnyPage {
            rows: rows.collect::<Result<_, TableError>>()?,
            next,
        })
    }

    async fn commit(
        &self,
        partition: &str,
        writes: &[Write],
    ) -> Result<Vec<Option<ETag>>, TableError> {
        limits::check(writes)?;
        let (table, partition, writes) = (self.clone(), partition.to_owned(), writes.to_vec());
        let written = tokio::task::spawn_blocking(move || table.write(&partition, &writes));
        written
            .await
            .unwrap_or_else(|_| Err(unavailable("the write was not finished".to_owned())))
    }
}

fn row(key: String, stored: &[u8]) -> Result<Row, TableError> {
    let Stored { etag, fields } = decode(stored)?;
    Ok(Row {
        key,
        etag: ETag(etag),
        fields,
    })
}

fn encode(Stored { etag, fields }: &Stored) -> Result<Vec<u8>, TableError> {
    let (texts, lengths) = fields.to_parts();
    postcard::to_extend(&Compact(etag, &texts, lengths), vec![POSTCARD])
        .map_err(|_| TableError::Refused("the row cannot be written".to_owned()))
}

fn decode(stored: &[u8]) -> Result<Stored, TableError> {
    match stored.split_first() {
        Some((&POSTCARD, stored)) => {
            let compact = postcard::from_bytes(stored);
            let Compact(etag, texts, lengths) = compact.map_err(|_| unreadable())?;
            Ok(Stored {
                etag: etag.to_owned(),
                fields: Fields::from_parts(texts.to_owned(), &lengths).ok_or_else(unreadable)?,
            })
        }
        _ => serde_json::from_slice(stored).map_err(|_| unreadable()),
    }
}

fn unreadable() -> TableError {
    TableError::Refused("the file has a row that cannot be read".to_owned())
}

/// A full disk may have room again; a broken file stays broken.
fn broken(error: impl Into<redb::Error>) -> TableError {
    match error.into() {
        redb::Error::Io(error) => unavailable(io_reason(&error)),
        redb::Error::PreviousIo => {
            unavailable("an earlier failure of the disk needs a restart".to_owned())
        }
        other => TableError::Refused(format!("the file cannot be used: {other}")),
    }
}

fn io_reason(error: &io::Error) -> String {
    format!("the disk fails: {}", error.kind())
}

fn unavailable(reason: String) -> TableError {
    TableError::Unavailable {
        reason,
        retry_after: None,
        throttled: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_earlier_versions_are_read() {
        let earlier = br#"{"etag":"1","fields":{"a":"\"b\""}}"#;
        let row = row("k".to_owned(), earlier).unwrap();
        assert_eq!(
            (row.etag, &row.fields["a"]),
            (ETag("1".to_owned()), "\"b\"")
        );
    }

    #[test]
    fn a_row_is_read_as_it_was_written_and_a_part_of_it_is_not() {
        let stored = Stored {
            etag: "1".to_owned(),
            fields: [
                ("a".to_owned(), String::new()),
                ("b".to_owned(), "王".repeat(200)),
            ]
            .into(),
        };
        let encoded = encode(&stored).unwrap();
        let decoded = decode(&encoded).unwrap();
        assert_eq!((decoded.etag, decoded.fields), (stored.etag, stored.fields));
        for end in 0..encoded.len() {
            assert!(decode(&encoded[..end]).is_err(), "{end}");
        }
    }
}
