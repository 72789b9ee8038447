//! `Invitations`: the API with which the selling company creates invitations.

mod draft;
mod shown;

use axum::{
    Json,
    body::Bytes,
    extract::{
        Path, State,
        rejection::{BytesRejection, PathRejection},
    },
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::{
    app::{App, Shared, about},
    error::{AppError, Failed},
    invitation::{Invitation, InvitationId, Link, Status},
    problem::Problem,
    store::{History, Outcome},
    telemetry,
};
use draft::Draft;
use shown::Shown;

/// The creation answer: the one place beside the e-mail where the link stands.
#[derive(Serialize)]
struct Created<'a> {
    #[serde(flatten)]
    invitation: Shown<'a>,
    link: String,
}

/// POST: creates an invitation; its e-mail follows.
///
/// # Errors
/// A store that is down.
pub async fn create(State(app): State<Shared>, headers: HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<Response, Failed> {
    let body = whole(body).map_err(Failed::from)?;
    let now = app.clock.now();
    let draft = match Draft::read(&headers, &body, now, app.mailer.is_some()) {
        Ok(draft) => draft,
        Err(problem) => return Ok(problem.into_response()),
    };
    let link = Link::random();
    telemetry::born(link.id());
    about(link.id());
    let expires_at = draft.expires_at.unwrap_or(now + app.config.valid_for);
    let transition = Invitation::create(link.id(), draft.terms, now, expires_at);
    app.invitations.create(&link, &transition).await?;
    tracing::info!(event = transition.1.kind.name(), "created");
    Ok(created(&app, &History::of_new(transition), &link))
}

/// GET with an id: the invitation, how far its e-mails and webhooks have come, and its timeline.
///
/// # Errors
/// A store that is down.
pub async fn get(State(app): State<Shared>, path: Result<Path<String>, PathRejection>) -> Result<Response, Failed> {
    let Ok(Path(id)) = path else { return Ok(missing()) };
    let Ok(id) = id.parse::<InvitationId>() else { return Ok(missing()) };
    about(id);
    answer(&app, id).await
}

/// POST with an id and `resend` or `revoke`.
///
/// # Errors
/// A store that is down.
pub async fn act(
    State(app): State<Shared>,
    path: Result<Path<(String, String)>, PathRejection>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Failed> {
    let (Ok(Path((id, action))), body) = (path, whole(body).map_err(Failed::from)?) else { return Ok(missing()) };
    let Ok(id) = id.parse::<InvitationId>() else { return Ok(missing()) };
    about(id);
    match action.to_ascii_lowercase().as_str() {
        "resend" => resend(&app, id).await,
        "revoke" => match draft::read_reason(&body) {
            Ok(reason) => revoke(&app, id, reason).await,
            Err(problem) => Ok(problem.into_response()),
        },
        _ => Ok(Problem::new(StatusCode::NOT_FOUND, "not-found", "An invitation can be resent or revoked.").into_response()),
    }
}

/// Sends the e-mail again, valid as long as a new one, and tells the webhook again what it could not be told.
async fn resend(app: &App, id: InvitationId) -> Result<Response, Failed> {
    let now = app.clock.now();
    let again = app.deliverer.redeliver(id).await?;
    match app.invitations.renew(id, now + app.config.valid_for, now).await? {
        Outcome::Done(_) => answer(app, id).await,
        Outcome::Refused(..) if again => answer(app, id).await,
        Outcome::Refused(_, invitation) => Ok(forbidden_by(invitation.status(now))),
        Outcome::Missing => Ok(missing()),
    }
}

async fn revoke(app: &App, id: InvitationId, reason: Option<String>) -> Result<Response, Failed> {
    let now = app.clock.now();
    match app.invitations.revoke(id, reason, now).await? {
        Outcome::Done(_) => answer(app, id).await,
        Outcome::Refused(_, invitation) => Ok(forbidden_by(invitation.status(now))),
        Outcome::Missing => Ok(missing()),
    }
}

fn created(app: &App, history: &History, link: &Link) -> Response {
    let link = app.config.public.invitation(link).to_string();
    let body = Created { invitation: shown::invitation(history, app.invitations.channels(), app.clock.now()), link };
    let location = app.config.public.api(&format!("Invitations/{}", history.invitation.id));
    let headers = [(header::LOCATION, location.to_string()), (header::CACHE_CONTROL, "no-store".to_owned())];
    (StatusCode::CREATED, headers, Json(body)).into_response()
}

async fn answer(app: &App, id: InvitationId) -> Result<Response, Failed> {
    let Some(history) = app.invitations.history(id).await? else { return Ok(missing()) };
    let body = Json(shown::invitation(&history, app.invitations.channels(), app.clock.now()));
    Ok(([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], body).into_response())
}

/// The body, if it came whole and is not too large.
fn whole(body: Result<Bytes, BytesRejection>) -> Result<Bytes, AppError> {
    body.map_err(|rejection| if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE { AppError::TooLarge } else { AppError::FormMalformed })
}

fn missing() -> Response {
    Problem::new(StatusCode::NOT_FOUND, "unknown-invitation", "There is no invitation with this id.").into_response()
}

fn forbidden_by(status: Status) -> Response {
    let state = serde_json::to_string(&status).unwrap_or_default();
    Problem::new(StatusCode::CONFLICT, "forbidden-by-state", "The state of the invitation forbids this.")
        .detail(format!("The invitation is {}.", state.trim_matches('"')))
        .into_response()
}
