//! Creates the invitations of an upload, row by row as `POST Invitations` does. A request works on
//! it for some seconds, its page asks for the next; the timer continues what no page asks for.

use std::{sync::Arc, time::Duration};

use futures::{StreamExt, TryStreamExt, stream};
use tokio::{
    sync::oneshot,
    time::{Instant, sleep},
};
use tracing::Instrument;

use super::upload::{About, KeptRow};
use crate::{
    app::{App, Shared},
    functions::invitations,
    http::{error::AppError, failure::Failure, problem::Kind},
    store::{RowResult, RowState, StoreError, Upload, UploadRow, table::request_deadline},
};

/// How long one request works: the page comes within the time that people wait for one.
const REQUEST_BUDGET: Duration = Duration::from_secs(4);
/// How long to wait before checking again whether another request has finished the upload.
const PAUSE: Duration = Duration::from_millis(200);
/// How long a tick creates invitations. The next one creates the rest.
const TICK_BUDGET: Duration = Duration::from_secs(45);
/// Invitations that are created at the same time.
const CONCURRENCY: usize = 8;
/// Why no invitation was created for a row, where the API has no code for it.
const UNREADABLE: &str = "unreadable";
const SAME_MAILBOX: &str = "same-mailbox";

/// Continues an upload that was started, for as long as a request may take; answers with how far it
/// has come. As a task of its own: a browser that ends its request, as it does with the first of two
/// presses, would end the work too, and no one else could go on for as long as the lease lasts.
///
/// If the table is slow, the work continues after the answer, and the upload is returned unchanged.
pub(crate) async fn continue_briefly(app: &Shared, upload: Upload) -> Result<Upload, Failure> {
    let before = upload.clone();
    let (app, until) = (Arc::clone(app), Instant::now() + REQUEST_BUDGET);
    let (sender, receiver) = oneshot::channel();
    let work = async move {
        let done = run(&app, upload, until).await;
        if let Err(Err(failure)) = sender.send(done) {
            // No one waits for it any more.
            failure.log();
        }
    };
    tokio::spawn(work.in_current_span());
    match request_deadline::wait_for(receiver).await {
        Some(Ok(done)) => done,
        Some(Err(_)) => Err(AppError::Internal("the work on an upload panicked".to_owned()).into()),
        None => Ok(before),
    }
}

/// As [`continue_briefly`], and waits for another request that works on it: the first of two presses.
pub(crate) async fn complete_briefly(app: &Shared, upload: Upload) -> Result<Upload, Failure> {
    let (id, until) = (upload.id, Instant::now() + REQUEST_BUDGET);
    let mut upload = continue_briefly(app, upload).await?;
    while !upload.is_ended() && Instant::now() < until && !request_deadline::is_over() {
        sleep(PAUSE).await;
        let found = app.store.uploads.find(id).await?;
        upload = found.ok_or(StoreError::Corrupt("upload"))?;
    }
    Ok(upload)
}

/// Continues what was started and has not come to its end.
///
/// # Errors
/// Where the table fails. An upload that cannot go on does not hold up the others.
pub(crate) async fn continue_all(app: &App) -> Result<(), StoreError> {
    let until = Instant::now() + TICK_BUDGET;
    for upload in app.store.uploads.running(app.clock.now()).await? {
        let (id, rows) = (upload.id, upload.rows());
        match run(app, upload, until).await {
            Ok(upload) => {
                tracing::info!(upload = %id, rows, done = upload.done(), "continued an upload")
            }
            Err(failure) => failure.log(),
        }
    }
    Ok(())
}

/// Continues until the time is up, or another worker is at it.
async fn run(app: &App, mut upload: Upload, until: Instant) -> Result<Upload, Failure> {
    let uploads = &app.store.uploads;
    let Some(leased) = uploads.lease(&upload, app.clock.now()).await? else {
        return Ok(upload);
    };
    upload = leased;
    let about = About::of(&upload)?;
    loop {
        let rows = uploads.next(&upload).await?;
        if rows.is_empty() {
            return Err(StoreError::Corrupt("row").into());
        }
        let results = match create_rows(app, &upload, &about, rows).await {
            Ok(results) => results,
            Err(failure) => {
                uploads.release(upload).await?;
                return Err(failure);
            }
        };
        let continues = Instant::now() < until;
        let id = upload.id;
        let recorded = uploads.record(upload, &results, continues, app.clock.now());
        upload = match recorded.await? {
            Some(upload) if continues && !upload.is_ended() => upload,
            Some(upload) => return Ok(upload),
            // Another worker was faster.
            None => {
                return Ok(uploads
                    .find(id)
                    .await?
                    .ok_or(StoreError::Corrupt("upload"))?);
            }
        };
    }
}

/// In order. A row that is not valid does not prevent the others.
async fn create_rows(
    app: &App,
    upload: &Upload,
    about: &About,
    rows: Vec<UploadRow>,
) -> Result<Vec<(UploadRow, RowResult)>, Failure> {
    let created = rows.into_iter().map(async |row| {
        let result = create_row(app, upload, about, &row).await?;
        Ok((row, result))
    });
    stream::iter(created.collect::<Vec<_>>())
        .buffered(CONCURRENCY)
        .try_collect()
        .await
}

async fn create_row(
    app: &App,
    upload: &Upload,
    about: &About,
    row: &UploadRow,
) -> Result<RowResult, Failure> {
    let failed = |why: &str| Ok(RowResult::Failed(why.to_owned()));
    match &row.state {
        RowState::Created(id) => return Ok(RowResult::Created(*id)),
        RowState::Failed(_, why) => return failed(why),
        RowState::Open(_) | RowState::Unreadable => {}
    }
    let Some(kept) = KeptRow::of(row) else {
        return failed(UNREADABLE);
    };
    if kept.same_mailbox_as.is_some() {
        return failed(SAME_MAILBOX);
    }
    let body = about.body(&kept.row.cells);
    let key = format!("upload {} {}", upload.id, row.position);
    // Each has the table deadline of a request of its own.
    let created = invitations::create_keyed(app, (&key, &body), &about.by);
    match request_deadline::of_request(created).await {
        Ok(Ok(id)) => Ok(RowResult::Created(id)),
        Ok(Err(problem)) => failed(problem.code()),
        // It would fail again, and hold up the others.
        Err(failure) if failure.kind() == Kind::Internal => {
            failure.log();
            failed(Kind::Internal.code())
        }
        Err(failure) => Err(failure),
    }
}
