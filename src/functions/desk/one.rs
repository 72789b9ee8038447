//! One invitation: what it says, what has happened to it, and how far its events were delivered.

use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::StatusCode,
    response::Response,
};
use uuid::Uuid;

use crate::{
    app::{App, Shared},
    domain::{
        company::CompanyForm,
        invitation::{Channel, InvitationId, Record},
    },
    events::{Actor, ActorType},
    functions::invitations::{DeliveryState, delivery_state, terms_tag},
    http::{
        desk::{
            page,
            staff::{Manager, Staff},
        },
        error::AppError,
        failure::Failure,
        observe,
    },
    store::History,
    text::names,
    views::{
        DeskActor, DeskChannel, DeskConfirmPage, DeskDelivery, DeskEvent, DeskFlash, DeskForm,
        DeskOnePage, DeskQuestion, DeskSection,
    },
};

/// Failures that are shown of a channel.
const MAX_REASONS: usize = 3;

/// What a page shows beside the invitation.
#[derive(Default)]
pub(super) struct Beside<'a> {
    pub(super) flash: Option<DeskFlash>,
    pub(super) link: Option<&'a str>,
}

/// GET `invitations/{id}`.
///
/// # Errors
/// There is no such invitation; a store that is down.
pub(super) async fn show(
    State(app): State<Shared>,
    staff: Staff,
    path: Result<Path<String>, PathRejection>,
) -> Result<Response, Failure> {
    let Path(id) = path.map_err(|_| AppError::UnknownInvitation)?;
    let history = find(&app, parse(&id)?).await?;
    let done = staff.request.parameter("done").ok().flatten();
    let beside = Beside {
        flash: done.and_then(DeskFlash::of_done),
        link: None,
    };
    Ok(render(&app, &staff, &history, (StatusCode::OK, beside)))
}

/// GET `invitations/{id}/revoke` and `…/erase`: asks once more.
///
/// # Errors
/// As [`show`]; who may not do it.
pub(super) async fn ask(
    State(app): State<Shared>,
    Manager(staff): Manager,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Result<Response, Failure> {
    let Path((id, action)) = path.map_err(|_| AppError::NotFound)?;
    let question = DeskQuestion::parse(&action).ok_or(AppError::NotFound)?;
    let history = find(&app, parse(&id)?).await?;
    let Record::Live(invitation) = &history.record else {
        return Ok(page::redirect_to(&app, &format!("/invitations/{id}")));
    };
    let recipient = &invitation.terms.recipient;
    let here = staff.request.desk_address();
    let page = DeskConfirmPage {
        desk: page::frame(&app, &staff, (Some(DeskSection::Invitations), &here)),
        question,
        id: invitation.id,
        name: &names::full(&recipient.first_name, &recipient.last_name),
        form: form(&app, &staff, &history),
    };
    Ok(page::html(&app, &staff, StatusCode::OK, page.render()))
}

pub(super) fn parse(id: &str) -> Result<InvitationId, AppError> {
    let id = id.parse().map_err(|_| AppError::UnknownInvitation)?;
    observe::record_invitation(id);
    Ok(id)
}

pub(super) async fn find(app: &App, id: InvitationId) -> Result<History, Failure> {
    let found = app.store.invitations.history(id).await?;
    Ok(found.ok_or(AppError::UnknownInvitation)?)
}

/// The hidden fields of a form that changes the invitation as it was read.
pub(super) fn form(app: &App, staff: &Staff, history: &History) -> DeskForm {
    DeskForm {
        token: staff.form_token(app),
        version: terms_tag(&history.record),
        key: Uuid::new_v4().to_string(),
    }
}

/// The page of the invitation.
pub(super) fn render(
    app: &App,
    staff: &Staff,
    history: &History,
    (status, beside): (StatusCode, Beside<'_>),
) -> Response {
    let now = app.clock.now();
    let here = format!("/api/desk/invitations/{}", history.record.id());
    let confirmed = history.company.as_ref().map(CompanyForm::from);
    let channels = app.store.channels();
    let channel = |own| channels.have(own).then(|| channel(app, history, own));
    let page = DeskOnePage {
        desk: page::frame(app, staff, (Some(DeskSection::Invitations), &here)),
        record: &history.record,
        now,
        confirmed: confirmed.as_ref(),
        email: channel(Channel::Mail),
        webhook: channel(Channel::Webhook),
        events: events(history),
        form: staff.manages().then(|| form(app, staff, history)),
        renewed_until: app.config.expiry(now),
        flash: beside.flash,
        link: beside.link,
    };
    page::html(app, staff, status, page.render())
}

/// The newest first.
fn events(history: &History) -> Vec<DeskEvent<'_>> {
    let events = history.events.iter().rev();
    let shown = events.map(|event| {
        let Actor { r#type, name } = Actor::of(&history.record, event);
        DeskEvent {
            kind: event.kind,
            at: event.at,
            actor: match r#type {
                ActorType::Staff => DeskActor::Staff(name),
                ActorType::Integrator => DeskActor::Integrator,
                ActorType::Recipient | ActorType::System => DeskActor::Usual,
            },
        }
    });
    shown.collect()
}

fn channel<'a>(app: &App, history: &'a History, channel: Channel) -> DeskChannel<'a> {
    let progress = history.progress(channel);
    let delivery = match delivery_state(history, app.store.channels(), channel) {
        DeliveryState::None => DeskDelivery::None,
        DeliveryState::Queued => DeskDelivery::Queued,
        DeliveryState::Retrying => DeskDelivery::Retrying(progress.next_try),
        DeliveryState::Delivered => DeskDelivery::Delivered(progress.last_delivered),
        DeliveryState::Failed => DeskDelivery::Failed,
    };
    let failed = progress.failed.iter().rev().take(MAX_REASONS);
    let reasons = match delivery {
        DeskDelivery::Retrying(_) => progress.last_error.as_deref().into_iter().collect(),
        DeskDelivery::Failed => failed.map(|failed| failed.reason.as_str()).collect(),
        DeskDelivery::None | DeskDelivery::Queued | DeskDelivery::Delivered(_) => Vec::new(),
    };
    DeskChannel { delivery, reasons }
}
