//! `handler export`.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

use time::OffsetDateTime;

use super::{
    Report, TransferError,
    file::{self, Header, Line, Lines},
};
use crate::{
    config::Config,
    store::{ExportedRow, Store, StoreError, table::Continuation},
};

/// Rows of one call.
const PAGE_SIZE: usize = 1000;

/// Where an export goes on.
struct Position {
    rows: u64,
    next: Option<Continuation>,
}

/// Writes every row of the table into a file, or continues with one that was interrupted.
///
/// # Errors
/// See [`TransferError`].
pub async fn export(
    config: &Config,
    store: &Store,
    path: &Path,
    now: OffsetDateTime,
    report: Report<'_>,
) -> Result<(), TransferError> {
    let keys = config.sealer.names();
    let (file, mut position) = if path.exists() {
        let (file, position) = interrupted(config, path)?;
        report(format!("continuing after {} rows", position.rows));
        (file, position)
    } else {
        let mut file = file::create(path)?;
        let header = Header::new(&config.table, keys.clone(), now);
        file::append(&mut file, &Line::Header(header))?;
        (
            file,
            Position {
                rows: 0,
                next: None,
            },
        )
    };
    write_rows(store, file, &mut position, report).await?;
    report(format!(
        "exported {} rows; to be read, they need these SESSION_KEYS: {}",
        position.rows,
        keys.join(", ")
    ));
    report(
        "This is no snapshot of one moment: what changed in the meantime may be there in part. \
         Stop the app before a move."
            .to_owned(),
    );
    Ok(())
}

async fn write_rows(
    store: &Store,
    file: File,
    position: &mut Position,
    report: Report<'_>,
) -> Result<(), TransferError> {
    let (table, mut file) = (store.table(), BufWriter::new(file));
    loop {
        let page = table.scan(PAGE_SIZE, position.next.as_ref()).await;
        let page = page.map_err(StoreError::from)?;
        for (partition, row) in page.rows {
            let (key, fields) = (row.key, row.fields);
            let row = ExportedRow {
                partition,
                key,
                fields,
            };
            file::append(&mut file, &Line::Row(row))?;
            position.rows += 1;
        }
        position.next = page.next;
        let line = match &position.next {
            Some(Continuation(next)) => Line::Next(next.clone()),
            None => Line::End(position.rows),
        };
        file::append(&mut file, &line)?;
        file.flush()?;
        if position.next.is_none() {
            file.get_ref().sync_all()?;
            return Ok(());
        }
        report(format!("{} rows", position.rows));
    }
}

/// The file of an export that was interrupted, without what came after its last complete page.
fn interrupted(config: &Config, path: &Path) -> Result<(File, Position), TransferError> {
    let (header, mut lines) = Lines::open(path)?;
    if header.table != config.table || header.session_keys != config.sealer.names() {
        return Err(TransferError::Malformed(1));
    }
    let (mut rows, mut offset) = (0, lines.offset);
    let mut position = Position { rows, next: None };
    while let Some(line) = lines.next()? {
        match line {
            Line::Row(_) => rows += 1,
            Line::Next(next) => {
                offset = lines.offset;
                let next = Some(Continuation(next));
                position = Position { rows, next };
            }
            Line::End(_) => return Err(TransferError::Complete),
            Line::Header(_) => return Err(TransferError::Malformed(lines.number)),
        }
    }
    Ok((file::reopen(path, offset)?, position))
}
