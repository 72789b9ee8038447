//! `Invitations`: the API with which the selling company creates invitations.

mod conditions;
mod create;
mod draft;
mod idempotency_key;
mod shown;

pub use create::create;

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

use crate::{
    app::{App, Shared, about},
    error::{AppError, Failed},
    invitation::{InvitationId, Status},
    problem::{Kind, Problem},
    store::{History, Outcome, table::ETag},
};

/// GET with an id: the invitation, how far its e-mails and webhooks have come, and its timeline.
///
/// # Errors
/// A store that is down.
pub async fn get(State(app): State<Shared>, path: Result<Path<String>, PathRejection>, headers: HeaderMap) -> Result<Response, Failed> {
    let Ok(Path(id)) = path else { return Ok(missing()) };
    let Ok(id) = id.parse::<InvitationId>() else { return Ok(missing()) };
    about(id);
    let Some(history) = app.invitations.history(id).await? else { return Ok(missing()) };
    let tag = present_tag(&app, &history);
    if conditions::is_known(&headers, &tag) {
        let headers = [(header::ETAG, conditions::value(&tag)), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    Ok(shown(&app, &history))
}

/// POST with an id and `resend` or `revoke`.
///
/// # Errors
/// A store that is down.
pub async fn act(
    State(app): State<Shared>,
    path: Result<Path<(String, String)>, PathRejection>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Failed> {
    let (Ok(Path((id, action))), body) = (path, whole(body).map_err(Failed::from)?) else { return Ok(missing()) };
    let Ok(id) = id.parse::<InvitationId>() else { return Ok(missing()) };
    about(id);
    let reason = match action.to_ascii_lowercase().as_str() {
        "resend" => None,
        "revoke" => match draft::read_reason(&body) {
            Ok(reason) => Some(reason),
            Err(problem) => return Ok(problem.into_response()),
        },
        _ => return Ok(Problem::new(StatusCode::NOT_FOUND, Kind::NotFound, "An invitation can be resent or revoked.").into_response()),
    };
    let version = match compared(&app, id, &headers).await? {
        Ok(version) => version,
        Err(refused) => return Ok(refused),
    };
    match reason {
        None => resend(&app, id, version.as_ref()).await,
        Some(reason) => revoke(&app, id, reason, version.as_ref()).await,
    }
}

/// `If-Match`: the version of what the caller means, on which the change then depends; `None` where it is all the same.
async fn compared(app: &App, id: InvitationId, headers: &HeaderMap) -> Result<Result<Option<ETag>, Response>, Failed> {
    if !conditions::is_conditional(headers) {
        return Ok(Ok(None));
    }
    let Some(history) = app.invitations.history(id).await? else { return Ok(Err(missing())) };
    let tag = present_tag(app, &history);
    Ok(if conditions::holds(headers, &tag) { Ok(history.version().cloned()) } else { Err(conditions::failed(&tag)) })
}

/// Sends the e-mail again, valid as long as a new one, and tells the webhook again what it could not be told.
async fn resend(app: &App, id: InvitationId, version: Option<&ETag>) -> Result<Response, Failed> {
    let now = app.clock.now();
    let again = app.deliverer.redeliver(id).await?;
    match app.invitations.renew(id, now + app.config.valid_for, version, now).await? {
        Some(Outcome::Done(_)) => answer(app, id).await,
        Some(Outcome::Refused(..)) if again => answer(app, id).await,
        outcome => not_done(app, id, outcome).await,
    }
}

async fn revoke(app: &App, id: InvitationId, reason: Option<String>, version: Option<&ETag>) -> Result<Response, Failed> {
    match app.invitations.revoke(id, reason, version, app.clock.now()).await? {
        Some(Outcome::Done(_)) => answer(app, id).await,
        outcome => not_done(app, id, outcome).await,
    }
}

/// `None`: it was changed after it was compared.
async fn not_done(app: &App, id: InvitationId, outcome: Option<Outcome>) -> Result<Response, Failed> {
    match outcome {
        Some(Outcome::Done(_)) => answer(app, id).await,
        Some(Outcome::Refused(_, invitation)) => Ok(forbidden_by(invitation.status(app.clock.now()))),
        Some(Outcome::Missing) => Ok(missing()),
        None => Ok(match app.invitations.history(id).await? {
            Some(history) => conditions::failed(&present_tag(app, &history)),
            None => missing(),
        }),
    }
}

async fn answer(app: &App, id: InvitationId) -> Result<Response, Failed> {
    Ok(app.invitations.history(id).await?.map_or_else(missing, |history| shown(app, &history)))
}

fn shown(app: &App, history: &History) -> Response {
    let body = shown::invitation(history, app.invitations.channels(), app.clock.now());
    let headers =
        [(header::ETAG, conditions::value(&conditions::tag(&body))), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    (headers, Json(body)).into_response()
}

fn present_tag(app: &App, history: &History) -> String {
    conditions::tag(&shown::invitation(history, app.invitations.channels(), app.clock.now()))
}

/// The body, if it came whole and is not too large.
fn whole(body: Result<Bytes, BytesRejection>) -> Result<Bytes, AppError> {
    body.map_err(|rejection| if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE { AppError::TooLarge } else { AppError::FormMalformed })
}

fn missing() -> Response {
    Problem::new(StatusCode::NOT_FOUND, Kind::UnknownInvitation, "There is no invitation with this id.").into_response()
}

fn forbidden_by(status: Status) -> Response {
    let state = serde_json::to_string(&status).unwrap_or_default();
    Problem::new(StatusCode::CONFLICT, Kind::ForbiddenByState, "The state of the invitation forbids this.")
        .detail(format!("The invitation is {}.", state.trim_matches('"')))
        .into_response()
}
