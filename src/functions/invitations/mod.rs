//! `Invitations`: the API with which the selling company creates invitations.

mod create;
pub(crate) mod draft;
pub(crate) mod query;
mod shown;

pub use create::create;
pub(crate) use {
    create::{Created, Item as BatchItem},
    draft::{Posted, PostedReason},
    shown::Shown,
};

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

use crate::{
    app::{App, Shared},
    domain::invitation::InvitationId,
    http::{
        error::{AppError, Failure},
        observe, preconditions,
        problem::{Kind, Problem},
    },
    store::{History, Outcome, table::ETag},
};
use query::Wanted;
use serde::Serialize;
use shown::Item;
use utoipa::ToSchema;

/// A page of the list.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = InvitationPage)]
pub(crate) struct Listing<'a> {
    items: Vec<Item<'a>>,
    /// For the next page; `null` at the end.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

/// GET: a page of the list, newest first.
///
/// # Errors
/// A store that is down.
pub async fn list(
    State(app): State<Shared>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let Wanted {
        filter,
        limit,
        after,
    } = match Wanted::read(query.as_deref().unwrap_or_default(), &app.invitations) {
        Ok(wanted) => wanted,
        Err(problem) => return Ok(problem.into_response()),
    };
    let now = app.clock.now();
    let listed = app
        .invitations
        .list(&filter, limit, after.as_ref(), now)
        .await?;
    let items = listed
        .items
        .iter()
        .map(|record| shown::item(record, now))
        .collect();
    let body = Json(Listing {
        items,
        next_cursor: listed.next_cursor,
    });
    Ok((
        [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))],
        body,
    )
        .into_response())
}

/// GET with an id: the invitation, how far its e-mails and webhooks have come, and its timeline.
///
/// # Errors
/// A store that is down.
pub async fn get(
    State(app): State<Shared>,
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let Ok(Path(id)) = path else {
        return Ok(missing());
    };
    let Ok(id) = id.parse::<InvitationId>() else {
        return Ok(missing());
    };
    observe::record_invitation(id);
    let Some(history) = app.invitations.history(id).await? else {
        return Ok(missing());
    };
    let tag = present_tag(&app, &history);
    if preconditions::is_known(&headers, &tag) {
        let headers = [
            (header::ETAG, preconditions::value(&tag)),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ];
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    Ok(shown(&app, &history))
}

/// What can be done to an invitation.
enum Action {
    Resend,
    /// For this reason.
    Revoke(Option<String>),
    Erase,
}

/// POST with an id and `resend`, `revoke` or `erase`.
///
/// # Errors
/// A store that is down.
pub async fn act(
    State(app): State<Shared>,
    path: Result<Path<(String, String)>, PathRejection>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Failure> {
    let (Ok(Path((id, action))), body) = (path, whole(body).map_err(Failure::from)?) else {
        return Ok(missing());
    };
    let Ok(id) = id.parse::<InvitationId>() else {
        return Ok(missing());
    };
    observe::record_invitation(id);
    let action = match action.to_ascii_lowercase().as_str() {
        "resend" => Action::Resend,
        "revoke" => match draft::read_reason(&body) {
            Ok(reason) => Action::Revoke(reason),
            Err(problem) => return Ok(problem.into_response()),
        },
        "erase" => Action::Erase,
        _ => {
            return Ok(Problem::new(
                Kind::NotFound,
                "An invitation can be resent, revoked or erased.",
            )
            .into_response());
        }
    };
    let version = match compared(&app, id, &headers).await? {
        Ok(version) => version,
        Err(refused) => return Ok(refused),
    };
    match action {
        Action::Resend => resend(&app, id, version.as_ref()).await,
        Action::Revoke(reason) => revoke(&app, id, reason, version.as_ref()).await,
        Action::Erase => erase(&app, id, version.as_ref()).await,
    }
}

/// `If-Match`: the version of what the caller means, on which the change then depends; `None` where
/// it is all the same.
async fn compared(
    app: &App,
    id: InvitationId,
    headers: &HeaderMap,
) -> Result<Result<Option<ETag>, Response>, Failure> {
    if !preconditions::is_conditional(headers) {
        return Ok(Ok(None));
    }
    let Some(history) = app.invitations.history(id).await? else {
        return Ok(Err(missing()));
    };
    let tag = present_tag(app, &history);
    Ok(if preconditions::holds(headers, &tag) {
        Ok(history.version().cloned())
    } else {
        Err(preconditions::failed(&tag))
    })
}

/// Sends the e-mail again, valid as long as a new one, and tells the webhook again what it could
/// not be told.
async fn resend(app: &App, id: InvitationId, version: Option<&ETag>) -> Result<Response, Failure> {
    let now = app.clock.now();
    let again = app.deliverer.redeliver(id).await?;
    match app
        .invitations
        .renew(id, now + app.config.valid_for, version, now)
        .await?
    {
        Some(Outcome::Done(_)) => answer(app, id).await,
        Some(Outcome::Refused(..) | Outcome::Erased) if again => answer(app, id).await,
        outcome => not_done(app, id, outcome).await,
    }
}

async fn revoke(
    app: &App,
    id: InvitationId,
    reason: Option<String>,
    version: Option<&ETag>,
) -> Result<Response, Failure> {
    match app
        .invitations
        .revoke(id, reason, version, app.clock.now())
        .await?
    {
        Some(Outcome::Done(_)) => answer(app, id).await,
        outcome => not_done(app, id, outcome).await,
    }
}

/// `None`: it was changed after it was compared.
async fn not_done(
    app: &App,
    id: InvitationId,
    outcome: Option<Outcome>,
) -> Result<Response, Failure> {
    match outcome {
        Some(Outcome::Done(_)) => answer(app, id).await,
        Some(Outcome::Refused(_, invitation)) => {
            Ok(forbidden_by(invitation.status(app.clock.now()).name()))
        }
        Some(Outcome::Erased) => Ok(forbidden_by("erased")),
        Some(Outcome::Missing) => Ok(missing()),
        None => Ok(match app.invitations.history(id).await? {
            Some(history) => preconditions::failed(&present_tag(app, &history)),
            None => missing(),
        }),
    }
}

/// Erases what is known of people, in every state, and as often as it is asked for.
async fn erase(app: &App, id: InvitationId, version: Option<&ETag>) -> Result<Response, Failure> {
    match app.invitations.erase(id, version, app.clock.now()).await? {
        Some(true) => answer(app, id).await,
        Some(false) => Ok(missing()),
        None => not_done(app, id, None).await,
    }
}

async fn answer(app: &App, id: InvitationId) -> Result<Response, Failure> {
    Ok(app
        .invitations
        .history(id)
        .await?
        .map_or_else(missing, |history| shown(app, &history)))
}

fn shown(app: &App, history: &History) -> Response {
    let body = shown::invitation(history, app.invitations.channels(), app.clock.now());
    let headers = [
        (
            header::ETAG,
            preconditions::value(&preconditions::tag(&body)),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (headers, Json(body)).into_response()
}

fn present_tag(app: &App, history: &History) -> String {
    preconditions::tag(&shown::invitation(
        history,
        app.invitations.channels(),
        app.clock.now(),
    ))
}

/// The body, if it came whole and is not too large.
fn whole(body: Result<Bytes, BytesRejection>) -> Result<Bytes, AppError> {
    body.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            AppError::TooLarge
        } else {
            AppError::FormMalformed
        }
    })
}

fn missing() -> Response {
    Problem::new(
        Kind::UnknownInvitation,
        "There is no invitation with this id.",
    )
    .into_response()
}

fn forbidden_by(state: &str) -> Response {
    Problem::new(
        Kind::ForbiddenByState,
        "The state of the invitation forbids this.",
    )
    .detail(format!("The invitation is {state}."))
    .into_response()
}
