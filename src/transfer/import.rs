//! `handler import`.

use std::{fs, path::Path};

use futures::{StreamExt, TryStreamExt};
use time::OffsetDateTime;

use super::{
    Report, TransferError,
    file::{Line, Lines},
};
use crate::{
    config::Config,
    domain::invitation::InvitationId,
    store::{Conditions, ExportedRow, Store},
};

/// Rows between two records of how far the import has come.
const CHUNK_SIZE: usize = 2000;
/// Rows of one transaction; far below its 4 MiB, as rows here have some KiB.
const BATCH_SIZE: usize = 50;
/// Transactions at the same time.
const CONCURRENCY: usize = 16;

/// Reads an export into an empty table, or continues to; then erases the invitations that the file
/// `erasures` names, one id a line. Nothing is delivered until the delivery is resumed.
///
/// # Errors
/// See [`TransferError`].
pub async fn import(
    config: &Config,
    store: &Store,
    path: &Path,
    erasures: Option<&Path>,
    now: OffsetDateTime,
    report: Report<'_>,
) -> Result<(), TransferError> {
    let erased = erasures.map(ids).transpose()?.unwrap_or_default();
    let rows = check(config, path)?;
    let (header, mut lines) = Lines::open(path)?;
    let begun = store.transfer.begin(&header.id.to_string()).await?;
    let mut import = begun.ok_or(TransferError::NotEmpty)?;
    skip(&mut lines, import.rows())?;
    while !import.is_finished() {
        let chunk = read_chunk(&mut lines)?;
        let count = chunk.len() as u64;
        insert(store, chunk).await?;
        let done = import.rows() + count;
        let is_last = done == rows;
        store.transfer.advance(&mut import, done, is_last).await?;
        report(format!("{done} of {rows} rows"));
    }
    for id in &erased {
        store
            .retention
            .erase(*id, Conditions::default(), now)
            .await?;
    }
    report(format!(
        "imported {rows} rows and erased {} invitations; nothing is delivered until `handler resume-delivery`",
        erased.len()
    ));
    Ok(())
}

/// Reads the file once before anything is written. Returns the number of rows.
fn check(config: &Config, path: &Path) -> Result<u64, TransferError> {
    let (header, mut lines) = Lines::open(path)?;
    let own = config.sealer.names();
    let missing: Vec<String> = header
        .session_keys
        .into_iter()
        .filter(|name| !own.contains(name))
        .collect();
    if !missing.is_empty() {
        return Err(TransferError::MissingKeys(missing.join(", ")));
    }
    let mut rows = 0;
    while let Some(line) = lines.next()? {
        match line {
            Line::Row(_) => rows += 1,
            Line::Next(_) => {}
            Line::End(count) if count == rows => return Ok(rows),
            Line::Header(_) | Line::End(_) => {
                return Err(TransferError::Malformed(lines.number));
            }
        }
    }
    Err(TransferError::Incomplete)
}

/// The ids of a file, one a line; other lines are refused.
fn ids(path: &Path) -> Result<Vec<InvitationId>, TransferError> {
    let text = fs::read_to_string(path)?;
    let lines = text.lines().enumerate();
    lines
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(at, line)| {
            let id = line.trim().parse();
            id.map_err(|_| TransferError::NoId(at + 1))
        })
        .collect()
}

fn skip(lines: &mut Lines, rows: u64) -> Result<(), TransferError> {
    let mut left = rows;
    while left > 0 {
        match lines.next()? {
            Some(Line::Row(_)) => left -= 1,
            Some(_) => {}
            None => return Err(TransferError::Incomplete),
        }
    }
    Ok(())
}

fn read_chunk(lines: &mut Lines) -> Result<Vec<ExportedRow>, TransferError> {
    let mut rows = Vec::new();
    while rows.len() < CHUNK_SIZE {
        match lines.next()? {
            Some(Line::Row(row)) => rows.push(row),
            Some(Line::Next(_)) => {}
            Some(Line::End(_) | Line::Header(_)) | None => break,
        }
    }
    Ok(rows)
}

/// Rows of one partition come one after the other.
async fn insert(store: &Store, rows: Vec<ExportedRow>) -> Result<(), TransferError> {
    let mut batches: Vec<Vec<ExportedRow>> = Vec::new();
    for row in rows {
        match batches.last_mut() {
            Some(batch)
                if batch.len() < BATCH_SIZE
                    && batch
                        .first()
                        .is_some_and(|first| first.partition == row.partition) =>
            {
                batch.push(row);
            }
            _ => batches.push(vec![row]),
        }
    }
    let inserts = batches.into_iter().map(|batch| async {
        let partition = batch.first().map(|row| row.partition.clone());
        let partition = partition.unwrap_or_default();
        store.transfer.insert(&partition, batch).await
    });
    futures::stream::iter(inserts)
        .buffer_unordered(CONCURRENCY)
        .try_collect::<()>()
        .await?;
    Ok(())
}
