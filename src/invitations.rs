//! `Invitations`: the API with which the selling company creates invitations.

mod draft;
mod query;
mod shown;

use axum::{
    Json,
    body::Bytes,
    extract::{
        Path, RawQuery, State,
        rejection::{BytesRejection, PathRejection},
    },
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::{
    app::{App, Shared, about},
    error::{AppError, Failed},
    invitation::{Invitation, InvitationId, Link},
    problem::Problem,
    store::{History, Outcome},
};
use draft::Draft;
use query::Wanted;
use shown::{Item, Shown};

/// The creation answer: the one place beside the e-mail where the link stands.
#[derive(Serialize)]
struct Created<'a> {
    #[serde(flatten)]
    invitation: Shown<'a>,
    link: String,
}

/// A page of the list.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listing<'a> {
    items: Vec<Item<'a>>,
    /// `null` at the end.
    next_cursor: Option<String>,
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
    about(link.id());
    let expires_at = draft.expires_at.unwrap_or(now + app.config.valid_for);
    let transition = Invitation::create(link.id(), draft.terms, now, expires_at);
    app.invitations.create(&link, &transition).await?;
    tracing::info!(event = transition.1.kind.name(), "created");
    Ok(created(&app, &History::of_new(transition), &link))
}

/// GET: a page of the list, newest first.
///
/// # Errors
/// A store that is down.
pub async fn list(State(app): State<Shared>, RawQuery(query): RawQuery) -> Result<Response, Failed> {
    let Wanted { filter, limit, after } = match Wanted::read(query.as_deref().unwrap_or_default(), &app.invitations) {
        Ok(wanted) => wanted,
        Err(problem) => return Ok(problem.into_response()),
    };
    let now = app.clock.now();
    let listed = app.invitations.list(&filter, limit, after.as_ref(), now).await?;
    let items = listed.items.iter().map(|record| shown::item(record, now)).collect();
    let body = Json(Listing { items, next_cursor: listed.next_cursor });
    Ok(([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], body).into_response())
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

/// POST with an id and `resend`, `revoke` or `erase`.
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
        "erase" => erase(&app, id).await,
        _ => Ok(Problem::new(StatusCode::NOT_FOUND, "not-found", "An invitation can be resent, revoked or erased.").into_response()),
    }
}

/// Sends the e-mail again, valid as long as a new one, and tells the webhook again what it could not be told.
async fn resend(app: &App, id: InvitationId) -> Result<Response, Failed> {
    let now = app.clock.now();
    let again = app.deliverer.redeliver(id).await?;
    match app.invitations.renew(id, now + app.config.valid_for, now).await? {
        Outcome::Done(_) => answer(app, id).await,
        Outcome::Refused(..) | Outcome::Erased if again => answer(app, id).await,
        Outcome::Refused(_, invitation) => Ok(forbidden_by(invitation.status(now).name())),
        Outcome::Erased => Ok(forbidden_by("erased")),
        Outcome::Missing => Ok(missing()),
    }
}

async fn revoke(app: &App, id: InvitationId, reason: Option<String>) -> Result<Response, Failed> {
    let now = app.clock.now();
    match app.invitations.revoke(id, reason, now).await? {
        Outcome::Done(_) => answer(app, id).await,
        Outcome::Refused(_, invitation) => Ok(forbidden_by(invitation.status(now).name())),
        Outcome::Erased => Ok(forbidden_by("erased")),
        Outcome::Missing => Ok(missing()),
    }
}

/// Erases what is known of people, in every state, and as often as it is asked for.
async fn erase(app: &App, id: InvitationId) -> Result<Response, Failed> {
    if app.invitations.erase(id, app.clock.now()).await? { answer(app, id).await } else { Ok(missing()) }
}

fn created(app: &App, history: &History, link: &Link) -> Response {
    let link = app.config.public.invitation(link).to_string();
    let body = Created { invitation: shown::invitation(history, app.invitations.channels(), app.clock.now()), link };
    let location = app.config.public.api(&format!("Invitations/{}", history.record.id()));
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

fn forbidden_by(state: &str) -> Response {
    Problem::new(StatusCode::CONFLICT, "forbidden-by-state", "The state of the invitation forbids this.")
        .detail(format!("The invitation is {state}."))
        .into_response()
}
