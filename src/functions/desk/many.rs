//! Inviting many: a file, what is in it, and what becomes of it.

use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use futures::{StreamExt, TryStreamExt, stream};
use uuid::Uuid;

use super::{
    download::{download, separator},
    fields::{Fields, KEY, messages},
    file_form::FileForm,
    inviter,
    places::{address, gone},
    preview, refusal,
    results::{self, SheetResult},
    run::continue_briefly,
    upload::{self, About, InviterForm, KeptRow},
    uploaded::{Found, HERE, find, page_number, pages, part},
};
use crate::{
    app::{App, Shared},
    domain::sheet::{self, Cells},
    functions::invitations::Rejected,
    http::{
        desk::{
            form::ManagerForm,
            page::{self, redirect_to},
            staff::{Manager, Staff},
        },
        error::AppError,
        failure::Failure,
    },
    store::{StoreError, UploadKind, UploadRow},
    text::format_expiry,
    views::{DeskSection, EarlierUpload, FieldMessages, ManyPage, ProgressPage, ResultsPage},
};

/// Uploads that are listed.
const MAX_EARLIER: usize = 10;
/// Seconds until the page of a running upload is asked for again.
const REFRESH: HeaderValue = HeaderValue::from_static("1");

/// GET `many`: the form.
///
/// # Errors
/// A store that is down.
pub(super) async fn show(
    State(app): State<Shared>,
    Manager(staff): Manager,
) -> Result<Response, Failure> {
    let inviter = inviter::usual(&app, &staff).await?;
    form_page(&app, &staff, (&inviter, &FieldMessages::new()), None).await
}

/// POST `many`: on to what is in the file, or back to the form.
///
/// # Errors
/// Forms that are not ours, a store that is down.
pub(super) async fn submit(
    State(app): State<Shared>,
    form: Result<FileForm, Failure>,
) -> Result<Response, Failure> {
    let FileForm {
        staff,
        fields,
        file,
    } = form?;
    let inviter = InviterForm::of(&fields, staff.lang);
    let (rows, separator) = match sheet::read(&file) {
        Ok(read) => read,
        Err(error) => {
            let reason = refusal::reason(&error, file.is_empty(), staff.lang);
            let form = (&inviter, &FieldMessages::new());
            return form_page(&app, &staff, form, Some(&reason)).await;
        }
    };
    let about = About {
        is_form: false,
        by: staff.member(),
        inviter,
        send_email: app.mailer.is_some(),
        separator,
    };
    let rejected = about.check(&Cells::default(), app.clock.now()).err();
    let is_of_inviter = |own: &Rejected| InviterForm::field_at(own.pointer()).is_some();
    let of_inviter: Vec<_> = rejected
        .into_iter()
        .flatten()
        .filter(is_of_inviter)
        .collect();
    if !of_inviter.is_empty() {
        let messages = messages(of_inviter, &staff);
        return form_page(&app, &staff, (&about.inviter, &messages), None).await;
    }
    let key = fields.get(KEY).map_or("", String::as_str);
    let id = upload::keep(&app, &about, rows, key).await?;
    Ok(redirect_to(&app, &format!("{HERE}/{id}")))
}

/// GET `many/template.csv`: a file to write over.
pub(super) async fn template(Manager(staff): Manager) -> Response {
    download("template", sheet::template(separator(staff.lang)))
}

/// GET `many/{id}`: what is in the file, how far its invitations are, or what became of them.
///
/// # Errors
/// A store that is down.
pub(super) async fn review(
    State(app): State<Shared>,
    Manager(staff): Manager,
    path: Result<Path<Uuid>, PathRejection>,
) -> Result<Response, Failure> {
    let Path(id) = path.map_err(|_| AppError::NotFound)?;
    match find(&app, &staff, id).await? {
        None => Ok(gone(&app, &staff)),
        Some(found) if found.upload.is_started() => progress(&app, &staff, found).await,
        Some(found) => preview::show(&app, &staff, &found).await,
    }
}

/// POST `many/{id}`: invites those who can be. Pressed twice, each of them is invited once.
///
/// # Errors
/// Forms that are not ours, a store that is down.
pub(super) async fn invite(
    State(app): State<Shared>,
    path: Result<Path<Uuid>, PathRejection>,
    form: Result<ManagerForm<Fields>, Failure>,
) -> Result<Response, Failure> {
    let staff = form?.staff;
    let Path(id) = path.map_err(|_| AppError::NotFound)?;
    let started = match find(&app, &staff, id).await? {
        Some(_) => app.store.uploads.start(id, app.clock.now()).await?,
        None => None,
    };
    let Some(upload) = started else {
        return Ok(gone(&app, &staff));
    };
    continue_briefly(&app, upload).await?;
    Ok(redirect_to(&app, &format!("{HERE}/{id}")))
}

/// GET `many/{id}/{file}`: `results.csv` or `corrections.csv`.
///
/// # Errors
/// A store that is down.
pub(super) async fn file(
    State(app): State<Shared>,
    Manager(staff): Manager,
    path: Result<Path<(Uuid, String)>, PathRejection>,
) -> Result<Response, Failure> {
    let Path((id, name)) = path.map_err(|_| AppError::NotFound)?;
    let Some(found) = find(&app, &staff, id).await? else {
        return Ok(gone(&app, &staff));
    };
    let rows = found.rows(&app).await?;
    let separator = found.about.separator;
    Ok(match name.as_str() {
        "results.csv" if found.upload.is_ended() => {
            let results = results_of(&app, &staff, &found, &rows).await?;
            download("results", results::results_file(&results, separator))
        }
        "corrections.csv" => {
            let now = app.clock.now();
            let wrong = rows.iter().filter_map(KeptRow::of).filter_map(|kept| {
                let cells = found.about.wrong_cells(&kept, staff.lang, now);
                (!cells.is_empty() || found.upload.is_ended()).then_some((kept, cells))
            });
            download(
                "to-correct",
                results::corrections_file(wrong, (separator, staff.lang)),
            )
        }
        _ => gone(&app, &staff),
    })
}

/// Continues, and says how far it has come.
async fn progress(app: &Shared, staff: &Staff, found: Found) -> Result<Response, Failure> {
    let upload = continue_briefly(app, found.upload).await?;
    let found = Found { upload, ..found };
    if found.upload.is_ended() {
        return results_page(app, staff, &found).await;
    }
    let here = staff.request.desk_address();
    let page = ProgressPage {
        desk: page::frame(app, staff, (Some(DeskSection::Many), &here)),
        done: found.upload.done(),
        rows: found.upload.rows(),
        here: &here,
    };
    let mut response = page::html(app, staff, StatusCode::OK, page.render());
    response.headers_mut().insert(header::REFRESH, REFRESH);
    Ok(response)
}

async fn results_page(app: &App, staff: &Staff, found: &Found) -> Result<Response, Failure> {
    let rows = found.rows(app).await?;
    let number = page_number(staff);
    let results = results_of(app, staff, found, part(&rows, number)).await?;
    let invited = rows.iter().filter(|row| row.is_created()).count();
    let count = |count: usize| u32::try_from(count).unwrap_or_default();
    let kept_until = found.upload.kept_until().unwrap_or_else(|| app.clock.now());
    let shown: Vec<_> = results.iter().map(|own| own.shown(staff.lang)).collect();
    let here = staff.request.desk_address();
    let page = ResultsPage {
        desk: page::frame(app, staff, (Some(DeskSection::Many), &here)),
        invited: count(invited),
        left_out: count(rows.len() - invited),
        results: &shown,
        pages: pages(found, number, rows.len()),
        results_url: &address(&found.path("/results.csv")),
        corrections_url: &address(&found.path("/corrections.csv")),
        kept_until: &(staff.lang.text().day)(kept_until),
    };
    Ok(page::html(app, staff, StatusCode::OK, page.render()))
}

/// What became of these rows. Personal data is read from the invitations, so an erasure removes it
/// from this page as well.
async fn results_of(
    app: &App,
    staff: &Staff,
    found: &Found,
    rows: &[UploadRow],
) -> Result<Vec<SheetResult>, StoreError> {
    let read = rows
        .iter()
        .map(|row| SheetResult::read(app, &found.about, row, staff.lang));
    stream::iter(read.collect::<Vec<_>>())
        .buffered(results::CONCURRENT_READS)
        .try_collect()
        .await
}

async fn form_page(
    app: &App,
    staff: &Staff,
    (inviter, messages): (&InviterForm, &FieldMessages),
    refused: Option<&str>,
) -> Result<Response, Failure> {
    let earlier = earlier(app, staff).await?;
    let here = staff.request.desk_address();
    let is_wrong = refused.is_some() || !messages.is_empty();
    let page = ManyPage {
        desk: page::frame(app, staff, (Some(DeskSection::Many), &here)),
        inviter: inviter.values(),
        messages,
        refused,
        action: &address(HERE),
        template_url: &address(&format!("{HERE}/template.csv")),
        key: &Uuid::new_v4().to_string(),
        earlier: &earlier,
    };
    let status = if is_wrong {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    Ok(page::html(app, staff, status, page.render()))
}

async fn earlier(app: &App, staff: &Staff) -> Result<Vec<EarlierUpload>, StoreError> {
    let (store, owner) = (&app.store.uploads, staff.account().oid);
    let files = Some(UploadKind::File);
    let uploads = store.of_owner(owner, files, MAX_EARLIER).await?;
    let shown = uploads.iter().map(|upload| EarlierUpload {
        url: address(&format!("{HERE}/{}", upload.id)),
        created: format_expiry(upload.created_at(), staff.lang),
        rows: upload.rows(),
        done: upload.is_started().then(|| upload.done()),
    });
    Ok(shown.collect())
}
