//! The zip: the same entries and the same time give the same bytes.

use std::{
    fs,
    io::{Cursor, Read, Write},
    os::unix::fs::PermissionsExt,
    path::Path,
};

use anyhow::Context;
use time::OffsetDateTime;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::model::Entry;

/// Writes the entries in the order they come in. Each has the time `changed` (of the
/// commit), in UTC and even seconds: the format has no finer time and no zone.
///
/// # Errors
/// A time before 1980 or after 2107, which the format cannot express.
pub fn archive(entries: &[Entry], changed: OffsetDateTime) -> anyhow::Result<Vec<u8>> {
    let at = changed.to_offset(time::UtcOffset::UTC);
    let at = DateTime::from_date_and_time(
        u16::try_from(at.year())?,
        at.month().into(),
        at.day(),
        at.hour(),
        at.minute(),
        at.second(),
    )
    .context("the time of the commit")?;
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(9))
        .last_modified_time(at);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for entry in entries {
        zip.start_file(entry.name.as_str(), options.unix_permissions(entry.mode))?;
        zip.write_all(&entry.bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

/// The entries of a zip, as they would be unpacked.
///
/// # Errors
/// Bytes that are not a zip.
pub fn list(zip: &[u8]) -> anyhow::Result<Vec<Entry>> {
    let mut zip = ZipArchive::new(Cursor::new(zip))?;
    let mut entries = Vec::new();
    for index in 0..zip.len() {
        let mut file = zip.by_index(index)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        entries.push(Entry {
            name: file.name()?.into_owned(),
            bytes,
            mode: file.unix_mode().unwrap_or_default() & 0o7777,
        });
    }
    Ok(entries)
}

/// Unpacks into an empty folder and removes every right to write, as the platform mounts it.
///
/// # Errors
/// Failures of the file system.
pub fn unpack(zip: &[u8], dir: &Path) -> anyhow::Result<()> {
    for entry in list(zip)? {
        let path = dir.join(&entry.name);
        fs::create_dir_all(path.parent().unwrap_or(dir))?;
        fs::write(&path, &entry.bytes)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(entry.mode & 0o555))?;
    }
    Ok(())
}
