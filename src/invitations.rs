//! `Invitations`: the API with which the selling company creates invitations.

mod draft;

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State, rejection::BytesRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    app::{App, Shared, about},
    company::RegisteredCompany,
    error::{AppError, Failed},
    invitation::{Account, Invitation, InvitationId, Inviter, Link, Recipient, State as Standing, Status},
    invite_user, mail,
    problem::Problem,
};
use draft::Draft;

/// What became of the invitation's e-mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Delivery {
    Sent,
    Failed,
    NotRequested,
}

/// An invitation as the API shows it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown<'a> {
    id: String,
    status: Status,
    recipient: &'a Recipient,
    inviter: &'a Inviter,
    company: &'a RegisteredCompany,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    expires_at: OffsetDateTime,
    #[serde(flatten)]
    progress: Progress<'a>,
}

/// How far it has come.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Progress<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<Account>,
    #[serde(skip_serializing_if = "Option::is_none", with = "time::serde::rfc3339::option")]
    accepted_at: Option<OffsetDateTime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    company_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none", with = "time::serde::rfc3339::option")]
    completed_at: Option<OffsetDateTime>,
    #[serde(skip_serializing_if = "Option::is_none", with = "time::serde::rfc3339::option")]
    revoked_at: Option<OffsetDateTime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoke_reason: Option<&'a str>,
}

/// The creation answer: the one place beside the e-mail where the link stands.
#[derive(Serialize)]
struct Created<'a> {
    #[serde(flatten)]
    invitation: Shown<'a>,
    link: String,
    delivery: Delivery,
}

/// POST: creates an invitation and sends its e-mail.
///
/// # Errors
/// A store that is down.
pub async fn create(State(app): State<Shared>, headers: HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<Response, Failed> {
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => AppError::TooLarge,
        _ => AppError::FormMalformed,
    });
    let body = match body {
        Ok(body) => body,
        Err(AppError::TooLarge) => {
            return Ok(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "The body is larger than 64 KiB.").into_response());
        }
        Err(error) => return Err(error.into()),
    };
    let now = app.clock.now();
    let draft = match Draft::read(&headers, &body, now, app.mailer.is_some()) {
        Ok(draft) => draft,
        Err(problem) => return Ok(problem.into_response()),
    };
    let link = Link::random();
    about(link.id());
    let expires_at = draft.expires_at.unwrap_or(now + app.config.valid_for);
    let transition = Invitation::create(link.id(), draft.terms, now, expires_at);
    app.invitations.create(&link, &transition).await?;
    tracing::info!(event = transition.1.kind.name(), "created");
    let delivery = if draft.send_email { send(&app, &transition.0, &link).await } else { Delivery::NotRequested };
    Ok(created(&app, &transition.0, &link, delivery))
}

/// GET with an id.
///
/// # Errors
/// A store that is down.
pub async fn get(State(app): State<Shared>, Path(id): Path<String>) -> Result<Response, Failed> {
    let missing = || Problem::new(StatusCode::NOT_FOUND, "unknown-invitation", "There is no invitation with this id.").into_response();
    let Ok(id) = id.parse::<InvitationId>() else { return Ok(missing()) };
    about(id);
    Ok(match app.invitations.find(id).await? {
        Some(invitation) => {
            ([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], Json(shown(&invitation, app.clock.now()))).into_response()
        }
        None => missing(),
    })
}

/// Sends the e-mail and notes in the timeline what became of it. The invitation stands either way.
async fn send(app: &App, invitation: &Invitation, link: &Link) -> Delivery {
    let Some(mailer) = &app.mailer else { return Delivery::Failed };
    let letter = mail::for_recipient(&app.config, invitation, &invite_user::link_url(app, link));
    let result = mailer.send(&invitation.terms.recipient.email, &letter, &format!("{}-{}", invitation.id, invitation.events)).await;
    if let Err(error) = &result {
        tracing::warn!(%error, "the invitation's e-mail could not be sent");
    }
    if let Err(error) = app.invitations.record_delivery(invitation.id, result.is_ok(), app.clock.now()).await {
        tracing::warn!(%error, "the delivery could not be noted");
    }
    if result.is_ok() { Delivery::Sent } else { Delivery::Failed }
}

fn created(app: &App, invitation: &Invitation, link: &Link, delivery: Delivery) -> Response {
    let body = Created { invitation: shown(invitation, app.clock.now()), link: invite_user::link_url(app, link).to_string(), delivery };
    let location = app.config.public.api(&format!("Invitations/{}", invitation.id));
    let headers = [(header::LOCATION, location.to_string()), (header::CACHE_CONTROL, "no-store".to_owned())];
    (StatusCode::CREATED, headers, Json(body)).into_response()
}

fn shown(invitation: &Invitation, now: OffsetDateTime) -> Shown<'_> {
    let terms = &invitation.terms;
    Shown {
        id: invitation.id.to_string(),
        status: invitation.status(now),
        recipient: &terms.recipient,
        inviter: &terms.inviter,
        company: &terms.company,
        message: terms.message.as_deref(),
        created_at: invitation.created_at,
        expires_at: invitation.expires_at,
        progress: progress(&invitation.state),
    }
}

fn progress(state: &Standing) -> Progress<'_> {
    match state {
        Standing::Pending => Progress::default(),
        Standing::Accepted { by, at } => Progress { account: Some(*by), accepted_at: Some(*at), ..Progress::default() },
        Standing::Completed { by, accepted_at, company, at } => Progress {
            account: Some(*by),
            accepted_at: Some(*accepted_at),
            company_id: Some(company.id),
            completed_at: Some(*at),
            ..Progress::default()
        },
        Standing::Revoked { at, reason } => Progress { revoked_at: Some(*at), revoke_reason: reason.as_deref(), ..Progress::default() },
    }
}
