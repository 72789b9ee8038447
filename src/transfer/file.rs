//! The file of an export.

use std::{
    fs::{File, OpenOptions},
    io::{self, BufRead, BufReader, Seek, SeekFrom, Write},
    path::Path,
};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use super::TransferError;
use crate::store::ExportedRow;

/// The first version of the format.
const FORMAT: u32 = 1;

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Header {
    format: u32,
    /// Recognises the export in an import that continues.
    pub(super) id: Uuid,
    pub(super) table: String,
    #[serde(with = "time::serde::rfc3339")]
    started_at: OffsetDateTime,
    /// The names of the keys that sealed values need.
    pub(super) session_keys: Vec<String>,
}

impl Header {
    pub(super) fn new(table: &str, session_keys: Vec<String>, now: OffsetDateTime) -> Self {
        Self {
            format: FORMAT,
            id: Uuid::new_v4(),
            table: table.to_owned(),
            started_at: now,
            session_keys,
        }
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Line {
    Header(Header),
    Row(ExportedRow),
    /// Where the export goes on.
    Next(String),
    /// How many rows there are.
    End(u64),
}

/// The lines of a file, up to one that was cut off.
pub(super) struct Lines {
    reader: BufReader<File>,
    /// Of the line that was read last, from 1.
    pub(super) number: usize,
    /// Behind that line.
    pub(super) offset: u64,
}

impl Lines {
    /// Opens an export and reads its header.
    pub(super) fn open(path: &Path) -> Result<(Header, Self), TransferError> {
        let mut lines = Self {
            reader: BufReader::new(File::open(path)?),
            number: 0,
            offset: 0,
        };
        match lines.next()? {
            Some(Line::Header(header)) if header.format == FORMAT => Ok((header, lines)),
            _ => Err(TransferError::Malformed(1)),
        }
    }

    /// `None` at the end of the file, or where the rest is part of a line.
    pub(super) fn next(&mut self) -> Result<Option<Line>, TransferError> {
        let mut text = String::new();
        let length = self.reader.read_line(&mut text)?;
        if !text.ends_with('\n') {
            return Ok(None);
        }
        self.number += 1;
        let line = serde_json::from_str(&text);
        let line = line.map_err(|_| TransferError::Malformed(self.number))?;
        self.offset += length as u64;
        Ok(Some(line))
    }
}

/// Creates the file, for this user alone.
pub(super) fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Opens the file to continue at this offset.
pub(super) fn reopen(path: &Path, offset: u64) -> io::Result<File> {
    let mut file = OpenOptions::new().write(true).open(path)?;
    file.set_len(offset)?;
    file.seek(SeekFrom::End(0))?;
    Ok(file)
}

pub(super) fn append(file: &mut impl Write, line: &Line) -> io::Result<()> {
    serde_json::to_writer(&mut *file, line)?;
    file.write_all(b"\n")
}
