//! Corrects what an invitation says: the PATCH of the API, as a form.

use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::StatusCode,
    response::Response,
};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime, UtcOffset};

use super::{
    change::{self, Change},
    fields::{Fields, messages},
    one,
};
use crate::{
    app::{App, Shared},
    domain::{
        invitation::{Invitation, InvitationId, State as InvitationState},
        sheet::{Cells, Column},
    },
    functions::invitations::{Denied, Patch, Rejected, Verb, check},
    http::{
        desk::{
            form::ManagerForm,
            page::{self, redirect_to},
            staff::{Manager, Staff},
        },
        error::AppError,
        failure::Failure,
    },
    store::History,
    text::Lang,
    views::{DeskCorrectPage, DeskSection, FieldMessages},
};

/// What the form shows.
struct Shown<'a> {
    cells: &'a Cells,
    messages: FieldMessages,
    /// Whether others have changed the invitation since the form was opened.
    is_overtaken: bool,
}

/// GET `invitations/{id}/correct`.
///
/// # Errors
/// There is no such invitation; a store that is down.
pub(super) async fn show(
    State(app): State<Shared>,
    Manager(staff): Manager,
    path: Result<Path<String>, PathRejection>,
) -> Result<Response, Failure> {
    let Path(id) = path.map_err(|_| AppError::UnknownInvitation)?;
    let history = one::find(&app, one::parse(&id)?).await?;
    let Some(invitation) = open(&history) else {
        return Ok(redirect_to(&app, &format!("/invitations/{id}")));
    };
    let shown = Shown {
        cells: &cells(invitation),
        messages: FieldMessages::new(),
        is_overtaken: false,
    };
    Ok(render(
        (&app, &staff),
        &history,
        invitation,
        (StatusCode::OK, shown),
    ))
}

/// POST `invitations/{id}/correct`.
///
/// # Errors
/// Forms that are not ours; a store that is down.
pub(super) async fn submit(
    State(app): State<Shared>,
    path: Result<Path<String>, PathRejection>,
    form: Result<ManagerForm<Fields>, Failure>,
) -> Result<Response, Failure> {
    let ManagerForm { staff, fields } = form?;
    let Path(id) = path.map_err(|_| AppError::UnknownInvitation)?;
    let id = one::parse(&id)?;
    let history = one::find(&app, id).await?;
    let Some(invitation) = open(&history) else {
        return Ok(redirect_to(&app, &format!("/invitations/{id}")));
    };
    let typed = typed(&fields);
    let rejected = problems(&app, invitation, &typed);
    if !rejected.is_empty() {
        let shown = Shown {
            cells: &typed,
            messages: messages(rejected, &staff),
            is_overtaken: false,
        };
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(render(
            (&app, &staff),
            &history,
            invitation,
            (status, shown),
        ));
    }
    let patch = Patch::parse(patch(invitation, &typed));
    let verb = Verb::Update(patch.map_err(|_| AppError::FormMalformed)?);
    match change::apply(&app, &staff, id, (&verb, &Change::of(&fields, &typed))).await? {
        Ok(()) => Ok(change::done(&app, id, &verb)),
        Err(Denied::Changed) => overtaken(&app, &staff, &typed, id).await,
        Err(denied) => change::refuse(&app, &staff, id, denied).await,
    }
}

/// The form with what was typed, for the invitation as it is now.
async fn overtaken(
    app: &App,
    staff: &Staff,
    typed: &Cells,
    id: InvitationId,
) -> Result<Response, Failure> {
    let history = one::find(app, id).await?;
    let Some(invitation) = open(&history) else {
        return change::refuse(app, staff, id, Denied::Changed).await;
    };
    let shown = Shown {
        cells: typed,
        messages: FieldMessages::new(),
        is_overtaken: true,
    };
    let status = StatusCode::PRECONDITION_FAILED;
    Ok(render((app, staff), &history, invitation, (status, shown)))
}

/// The invitation, if it can be corrected.
fn open(history: &History) -> Option<&Invitation> {
    let live = history.record.as_live();
    live.filter(|invitation| invitation.state == InvitationState::Pending)
}

fn typed(fields: &Fields) -> Cells {
    let value = |column: Column| fields.get(column.name()).cloned().unwrap_or_default();
    Cells::new(Column::ALL.map(|column| (column, value(column).replace("\r\n", "\n"))))
}

/// What the invitation says, as the form shows it.
fn cells(invitation: &Invitation) -> Cells {
    let (recipient, company) = (&invitation.terms.recipient, &invitation.terms.company);
    let optional = |value: &Option<String>| value.clone().unwrap_or_default();
    let locale = recipient.locale.as_deref().and_then(Lang::parse);
    let last_day = valid_day(invitation.expires_at);
    Cells::new([
        (Column::Email, recipient.email.as_str().to_owned()),
        (Column::FirstName, recipient.first_name.clone()),
        (Column::LastName, recipient.last_name.clone()),
        (Column::Locale, locale.map_or("", Lang::tag).to_owned()),
        (Column::CompanyName, company.name.clone()),
        (Column::CustomerNumber, optional(&company.customer_number)),
        (Column::VatNumber, optional(&company.vat_number)),
        (Column::Website, optional(&company.website)),
        (Column::Country, company.country.clone()),
        (Column::Street, company.street.clone()),
        (Column::PostalCode, company.postal_code.clone()),
        (Column::City, company.city.clone()),
        (Column::Region, optional(&company.region)),
        (Column::Phone, optional(&company.phone)),
        (
            Column::Message,
            optional(&invitation.terms.message).replace("\r\n", "\n"),
        ),
        (Column::ExpiresAt, last_day),
    ])
}

/// The columns that were changed.
fn changed<'a>(shown: &'a Cells, typed: &'a Cells) -> impl Iterator<Item = Column> + 'a {
    let differs = |column: &Column| shown.get(*column).trim() != typed.get(*column).trim();
    Column::ALL.into_iter().filter(differs)
}

/// What is wrong with the result, by the rules of a creation. What stays as it is may be older than
/// the rules, or over.
fn problems(app: &App, invitation: &Invitation, typed: &Cells) -> Vec<Rejected> {
    let (terms, now) = (&invitation.terms, app.clock.now());
    let mut body = typed.body(&json!(terms.inviter), true);
    if terms.company_id.is_some() {
        body["company"] = json!(terms.company);
    }
    let rejected = check(body, now, true).err().unwrap_or_default();
    let shown = cells(invitation);
    let is_changed = |rejected: &Rejected| {
        let column = Column::at(rejected.pointer());
        column.is_none_or(|column| changed(&shown, typed).any(|own| own == column))
    };
    rejected.into_iter().filter(is_changed).collect()
}

/// A JSON Merge Patch with what was changed; `null` takes a member away.
fn patch(invitation: &Invitation, typed: &Cells) -> Value {
    let body = typed.body(&Value::Null, true);
    let mut patch = json!({});
    for column in changed(&cells(invitation), typed) {
        match column.member() {
            (Some("company"), _) if invitation.terms.company_id.is_some() => {}
            (Some(object), name) => patch[object][name] = body[object][name].clone(),
            (None, name) => patch[name] = body[name].clone(),
        }
    }
    patch
}

fn render(
    (app, staff): (&App, &Staff),
    history: &History,
    invitation: &Invitation,
    (status, shown): (StatusCode, Shown<'_>),
) -> Response {
    let here = format!("/api/desk/invitations/{}/correct", invitation.id);
    let page = DeskCorrectPage {
        desk: page::frame(app, staff, (Some(DeskSection::Invitations), &here)),
        id: invitation.id,
        cells: shown.cells,
        messages: &shown.messages,
        takes_company: invitation.terms.company_id.is_none(),
        days: app.config.valid_for.whole_days(),
        is_overtaken: shown.is_overtaken,
        form: one::form(app, staff, history),
    };
    page::html(app, staff, status, page.render())
}

/// The last day on which it is valid in every time zone, as a field of a form has it.
fn valid_day(expires_at: OffsetDateTime) -> String {
    let day = (expires_at - Duration::hours(36)).to_offset(UtcOffset::UTC);
    day.date().to_string()
}
