//! `Invitations`: the API with which the selling company manages invitations.

mod create;
pub(crate) mod draft;
pub(crate) mod list_query;
mod response;

pub use create::{create, create_batch};
pub(crate) use {
    create::BatchItem,
    draft::{NewInvitation, Revocation},
    response::InvitationResponse,
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
        error::AppError,
        failure::Failure,
        invocation, observe, preconditions,
        problem::{Kind, Problem},
    },
    store::{Conditions, History, Outcome, table::ETag},
};
use list_query::ListQuery;
use serde::Serialize;
use utoipa::ToSchema;

/// A page of the list.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = InvitationPage)]
pub(crate) struct InvitationPage<'a> {
    items: Vec<InvitationResponse<'a>>,
    /// The cursor of the next page; `null` at the end.
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
    let ListQuery {
        filter,
        limit,
        after,
    } = match ListQuery::parse(query.as_deref().unwrap_or_default(), &app.store.index) {
        Ok(query) => query,
        Err(problem) => return Ok(problem.into_response()),
    };
    let now = app.clock.now();
    let listed = app
        .store
        .index
        .list(&filter, limit, after.as_ref(), now)
        .await?;
    let items = listed
        .items
        .iter()
        .map(|record| response::item(record, now))
        .collect();
    let body = Json(InvitationPage {
        items,
        next_cursor: listed.next_cursor,
    });
    Ok((
        [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))],
        body,
    )
        .into_response())
}

/// GET with an id: the invitation, its delivery progress and its timeline.
///
/// # Errors
/// A store that is down.
pub async fn get(
    State(app): State<Shared>,
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let Ok(Path(id)) = path else {
        return Ok(not_found());
    };
    let Ok(id) = id.parse::<InvitationId>() else {
        return Ok(not_found());
    };
    observe::record_invitation(id);
    let Some(history) = app.store.invitations.history(id).await? else {
        return Ok(not_found());
    };
    let tag = current_tag(&app, &history);
    if preconditions::is_known(&headers, &tag) {
        let headers = [
            (header::ETAG, preconditions::value(&tag)),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ];
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    Ok(show(&app, &history))
}

/// A change of an invitation.
enum Action {
    Resend,
    /// With the reason.
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
    let (Ok(Path((id, action))), body) = (path, read_body(body).map_err(Failure::from)?) else {
        return Ok(not_found());
    };
    let Ok(id) = id.parse::<InvitationId>() else {
        return Ok(not_found());
    };
    observe::record_invitation(id);
    let action = match action.to_ascii_lowercase().as_str() {
        "resend" => Action::Resend,
        "revoke" => match draft::parse_reason(&body) {
            Ok(reason) => Action::Revoke(reason),
            Err(problem) => return Ok(problem.into_response()),
        },
        "erase" => Action::Erase,
        _ => {
            return Ok(
                Problem::new(Kind::NotFound, "The actions are resend, revoke and erase.")
                    .into_response(),
            );
        }
    };
    let invocation = invocation::id(&headers);
    if app.store.invitations.was_changed_by(id, invocation).await? {
        return respond(&app, id).await;
    }
    let version = match check_preconditions(&app, id, &headers).await? {
        Ok(version) => version,
        Err(response) => return Ok(response),
    };
    let conditions = Conditions {
        version: version.as_ref(),
        invocation,
    };
    match action {
        Action::Resend => resend(&app, id, conditions).await,
        Action::Revoke(reason) => revoke(&app, id, reason, conditions).await,
        Action::Erase => erase(&app, id, version.as_ref()).await,
    }
}

/// `If-Match`: the version that the change is then conditional on; `None` without a condition.
async fn check_preconditions(
    app: &App,
    id: InvitationId,
    headers: &HeaderMap,
) -> Result<Result<Option<ETag>, Response>, Failure> {
    if !preconditions::is_conditional(headers) {
        return Ok(Ok(None));
    }
    let Some(history) = app.store.invitations.history(id).await? else {
        return Ok(Err(not_found()));
    };
    let tag = current_tag(app, &history);
    Ok(if preconditions::holds(headers, &tag) {
        Ok(history.version().cloned())
    } else {
        Err(preconditions::failed(&tag))
    })
}

/// Sends the e-mail again, valid as long as a new one, and retries deliveries that failed.
async fn resend(
    app: &App,
    id: InvitationId,
    conditions: Conditions<'_>,
) -> Result<Response, Failure> {
    let now = app.clock.now();
    let redelivers = app.deliverer.redeliver(id).await?;
    match app
        .store
        .invitations
        .renew(id, app.config.expiry(now), conditions, now)
        .await?
    {
        Some(Outcome::Done(_)) => respond(app, id).await,
        Some(Outcome::Refused(..) | Outcome::Erased) if redelivers => respond(app, id).await,
        outcome => unchanged(app, id, outcome).await,
    }
}

async fn revoke(
    app: &App,
    id: InvitationId,
    reason: Option<String>,
    conditions: Conditions<'_>,
) -> Result<Response, Failure> {
    match app
        .store
        .invitations
        .revoke(id, reason, conditions, app.clock.now())
        .await?
    {
        Some(Outcome::Done(_)) => respond(app, id).await,
        outcome => unchanged(app, id, outcome).await,
    }
}

/// The response if nothing was changed. `None`: another change came after the precondition check.
async fn unchanged(
    app: &App,
    id: InvitationId,
    outcome: Option<Outcome>,
) -> Result<Response, Failure> {
    match outcome {
        Some(Outcome::Done(_)) => respond(app, id).await,
        Some(Outcome::Refused(_, invitation)) => Ok(forbidden_by_state(
            invitation.status(app.clock.now()).name(),
        )),
        Some(Outcome::Erased) => Ok(forbidden_by_state("erased")),
        Some(Outcome::Missing) => Ok(not_found()),
        None => Ok(match app.store.invitations.history(id).await? {
            Some(history) => preconditions::failed(&current_tag(app, &history)),
            None => not_found(),
        }),
    }
}

/// Erases personal data; works in every state and may be repeated.
async fn erase(app: &App, id: InvitationId, version: Option<&ETag>) -> Result<Response, Failure> {
    match app
        .store
        .retention
        .erase(id, version, app.clock.now())
        .await?
    {
        Some(true) => respond(app, id).await,
        Some(false) => Ok(not_found()),
        None => unchanged(app, id, None).await,
    }
}

/// The response after a change: the invitation as it is now.
async fn respond(app: &App, id: InvitationId) -> Result<Response, Failure> {
    Ok(app
        .store
        .invitations
        .history(id)
        .await?
        .map_or_else(not_found, |history| show(app, &history)))
}

fn show(app: &App, history: &History) -> Response {
    let body = response::invitation(history, app.store.channels(), app.clock.now());
    let headers = [
        (
            header::ETAG,
            preconditions::value(&preconditions::tag(&body)),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (headers, Json(body)).into_response()
}

fn current_tag(app: &App, history: &History) -> String {
    preconditions::tag(&response::invitation(
        history,
        app.store.channels(),
        app.clock.now(),
    ))
}

/// The body, unless it is incomplete or too large.
fn read_body(body: Result<Bytes, BytesRejection>) -> Result<Bytes, AppError> {
    body.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            AppError::TooLarge
        } else {
            AppError::FormMalformed
        }
    })
}

fn not_found() -> Response {
    Problem::new(
        Kind::UnknownInvitation,
        "There is no invitation with this id.",
    )
    .into_response()
}

fn forbidden_by_state(state: &str) -> Response {
    Problem::new(
        Kind::ForbiddenByState,
        "The state of the invitation does not allow this.",
    )
    .detail(format!("The invitation is {state}."))
    .into_response()
}
