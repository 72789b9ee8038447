//! Inviting one person: the form, then the very e-mail, then the invitation. In between it is an
//! upload of one row, so that pages can be opened again and a second press invites no one twice.

use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::StatusCode,
    response::Response,
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    existing,
    fields::{Fields, KEY, messages},
    inviter,
    places::{address, gone, invitation},
    run::complete_briefly,
    upload::{self, About, InviterForm, KeptRow},
};
use crate::{
    app::{App, Shared},
    domain::{
        invitation::{Invitation, Link},
        sheet::{Cells, Column, Separator, SheetRow},
    },
    functions::invitations::{Draft, Rejected},
    http::{
        desk::{
            form::ManagerForm,
            page::{self, redirect_to},
            staff::{Manager, Staff},
        },
        error::AppError,
        failure::Failure,
        page::{email_preview, with_email_preview},
    },
    mail::{Mail, invitation_email},
    store::{RowState, StoreError, Upload},
    views::{DeskSection, FieldMessages, Logo, NewPage, ReviewPage},
};

/// Under the address of the desk.
const HERE: &str = "/new";
/// An invitation that is about to be sent.
struct Pending {
    upload: Upload,
    about: About,
    /// `None` once it is an invitation.
    kept: Option<KeptRow>,
}

/// GET `new`: the form; with `from`, filled in as in that draft.
///
/// # Errors
/// A store that is down.
pub(super) async fn show(
    State(app): State<Shared>,
    Manager(staff): Manager,
) -> Result<Response, Failure> {
    let from = staff.request.parameter("from").ok().flatten();
    let draft = match from.and_then(|id| id.parse().ok()) {
        Some(id) => find(&app, &staff, id).await?,
        None => None,
    };
    let Some((about, KeptRow { row, .. })) = draft.and_then(|own| Some((own.about, own.kept?)))
    else {
        let inviter = inviter::usual(&app, &staff).await?;
        let form = (&Cells::default(), &inviter, &FieldMessages::new());
        return Ok(form_page(&app, &staff, form, StatusCode::OK));
    };
    let rejected = about.check(&row.cells, app.clock.now()).err();
    let messages = messages(rejected.unwrap_or_default(), &staff);
    let form = (&row.cells, &about.inviter, &messages);
    Ok(form_page(&app, &staff, form, StatusCode::OK))
}

/// POST `new`: on to the e-mail, or back to the form.
///
/// # Errors
/// Forms that are not ours, a store that is down.
pub(super) async fn submit(
    State(app): State<Shared>,
    form: Result<ManagerForm<Fields>, Failure>,
) -> Result<Response, Failure> {
    let ManagerForm { staff, fields } = form?;
    let value = |column: Column| fields.get(column.name()).cloned().unwrap_or_default();
    let cells = Cells::new(Column::ALL.map(|column| (column, value(column))));
    let about = About {
        is_form: true,
        by: staff.member(),
        inviter: InviterForm::of(&fields, staff.lang),
        send_email: app.mailer.is_some(),
        separator: Separator::Comma,
    };
    if let Err(rejected) = about.check(&cells, app.clock.now()) {
        let form = (&cells, &about.inviter, &messages(rejected, &staff));
        return Ok(form_page(
            &app,
            &staff,
            form,
            StatusCode::UNPROCESSABLE_ENTITY,
        ));
    }
    let row = SheetRow { number: 1, cells };
    let key = fields.get(KEY).map_or("", String::as_str);
    let id = upload::keep(&app, &about, vec![row], key).await?;
    Ok(redirect_to(&app, &format!("{HERE}/{id}")))
}

/// GET `new/{id}`: the e-mail, and what is there already.
///
/// # Errors
/// A store that is down.
pub(super) async fn review(
    State(app): State<Shared>,
    Manager(staff): Manager,
    path: Result<Path<Uuid>, PathRejection>,
) -> Result<Response, Failure> {
    let Path(id) = path.map_err(|_| AppError::NotFound)?;
    let Some(pending) = find(&app, &staff, id).await? else {
        return Ok(gone(&app, &staff));
    };
    if pending.upload.is_started() {
        return proceed(&app, &staff, pending.upload).await;
    }
    let now = app.clock.now();
    let Some(Ok(draft)) = pending.check(now) else {
        return Ok(redirect_to(&app, &format!("{HERE}?from={id}")));
    };
    let email = draft.terms.recipient.email.clone();
    let existing = existing::find(&app, &staff, &draft.terms).await?;
    let mail = rendered(&app, draft, now)?;
    let here = staff.request.desk_address();
    let page = ReviewPage {
        desk: page::frame(&app, &staff, (Some(DeskSection::New), &here)),
        email: email.as_str(),
        sends_email: pending.about.send_email,
        sender: mail.from_name.as_deref().unwrap_or_default(),
        subject: &mail.subject,
        email_url: &address(&format!("{HERE}/{id}/email")),
        existing: &existing,
        action: &address(&format!("{HERE}/{id}")),
        edit_url: &address(&format!("{HERE}?from={id}")),
    };
    let response = page::html(&app, &staff, StatusCode::OK, page.render());
    Ok(with_email_preview(response))
}

/// GET `new/{id}/email`: the e-mail alone, for the frame of that page.
///
/// # Errors
/// A store that is down.
pub(super) async fn email(
    State(app): State<Shared>,
    Manager(staff): Manager,
    path: Result<Path<Uuid>, PathRejection>,
) -> Result<Response, Failure> {
    let Path(id) = path.map_err(|_| AppError::NotFound)?;
    let pending = find(&app, &staff, id).await?;
    let now = app.clock.now();
    let Some(Ok(draft)) = pending.and_then(|pending| pending.check(now)) else {
        return Err(AppError::NotFound.into());
    };
    let mail = rendered(&app, draft, now)?;
    let logo = app.config.platform.logo.as_ref().map(Logo::uri);
    let logo = logo.map(ToString::to_string).unwrap_or_default();
    Ok(email_preview(&mail.html.replace("cid:logo", &logo)))
}

/// POST `new/{id}`: the button. Pressed twice, there is one invitation.
///
/// # Errors
/// Forms that are not ours, a store that is down.
pub(super) async fn send(
    State(app): State<Shared>,
    path: Result<Path<Uuid>, PathRejection>,
    form: Result<ManagerForm<Fields>, Failure>,
) -> Result<Response, Failure> {
    let ManagerForm { staff, .. } = form?;
    let Path(id) = path.map_err(|_| AppError::NotFound)?;
    let started = match find(&app, &staff, id).await? {
        Some(_) => app.store.uploads.start(id, app.clock.now()).await?,
        None => None,
    };
    match started {
        Some(upload) => create(&app, &staff, upload).await,
        None => Ok(gone(&app, &staff)),
    }
}

/// Creates the invitation unless it exists, and leads to it; where that takes longer than people
/// wait, to the page that goes on.
async fn create(app: &Shared, staff: &Staff, upload: Upload) -> Result<Response, Failure> {
    let upload = complete_briefly(app, upload).await?;
    if upload.is_ended() {
        outcome(app, staff, &upload).await
    } else {
        Ok(redirect_to(app, &format!("{HERE}/{}", upload.id)))
    }
}

/// Goes on, and leads to the invitation.
async fn proceed(app: &Shared, staff: &Staff, upload: Upload) -> Result<Response, Failure> {
    let upload = complete_briefly(app, upload).await?;
    outcome(app, staff, &upload).await
}

/// Leads to the invitation, or back to the form.
async fn outcome(app: &Shared, staff: &Staff, upload: &Upload) -> Result<Response, Failure> {
    let rows = app.store.uploads.rows(upload, 1, 1).await?;
    match rows.first().map(|row| &row.state) {
        Some(RowState::Created(id)) => Ok(redirect_to(app, &invitation(*id))),
        Some(RowState::Failed(..)) => Ok(redirect_to(app, &format!("{HERE}?from={}", upload.id))),
        // Another request is creating it, and takes long.
        Some(RowState::Open(_)) => Err(AppError::from(StoreError::contended("one upload")).into()),
        Some(RowState::Unreadable) | None => Ok(gone(app, staff)),
    }
}

/// The draft of this person.
async fn find(app: &App, staff: &Staff, id: Uuid) -> Result<Option<Pending>, StoreError> {
    let Some(upload) = app.store.uploads.find(id).await? else {
        return Ok(None);
    };
    let about = About::of(&upload)?;
    if upload.owner() != staff.account().oid || !about.is_form {
        return Ok(None);
    }
    let rows = app.store.uploads.rows(&upload, 1, 1).await?;
    Ok(Some(Pending {
        kept: rows.first().and_then(KeptRow::of),
        upload,
        about,
    }))
}

impl Pending {
    /// `None` once it is an invitation.
    fn check(&self, now: OffsetDateTime) -> Option<Result<Draft, Vec<Rejected>>> {
        let kept = self.kept.as_ref()?;
        Some(self.about.check(&kept.row.cells, now))
    }
}

/// The e-mail as it will be, but for the link: that does not exist yet.
fn rendered(app: &App, draft: Draft, now: OffsetDateTime) -> Result<Mail, Failure> {
    let placeholder = Uuid::nil().to_string().parse::<Link>();
    let link = placeholder.map_err(|_| AppError::Internal("no placeholder".to_owned()))?;
    let expires_at = draft.expires_at.unwrap_or_else(|| app.config.expiry(now));
    let (invitation, _) = Invitation::create(link.id(), draft.terms, now, expires_at);
    let url = app.config.public.invitation(&link);
    Ok(invitation_email(&app.config, &invitation, &url, now))
}

fn form_page(
    app: &App,
    staff: &Staff,
    (cells, inviter, messages): (&Cells, &InviterForm, &FieldMessages),
    status: StatusCode,
) -> Response {
    let here = staff.request.desk_address();
    let page = NewPage {
        desk: page::frame(app, staff, (Some(DeskSection::New), &here)),
        cells,
        inviter: inviter.values(),
        messages,
        days: app.config.valid_for.whole_days(),
        action: &address(HERE),
        key: &Uuid::new_v4().to_string(),
    };
    page::html(app, staff, status, page.render())
}
