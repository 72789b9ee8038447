//! `Invitations`: the API with which the selling company manages invitations.

mod act;
pub(crate) mod body;
mod checks;
mod create;
mod draft;
pub(crate) mod list_query;
mod new_invitation;
mod patch;
mod response;
mod verbs;
mod wrong;

pub use act::{act, update};
pub use create::{create, create_batch};
pub(crate) use {
    create::{BatchItem, create_keyed},
    draft::{Resending, Revocation, check, check_reason},
    new_invitation::{Draft, NewInvitation},
    patch::Patch,
    response::{DeliveryState, InvitationResponse, state as delivery_state},
    verbs::{Denied, Verb, perform, terms_tag},
    wrong::Rejected,
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
        observe, preconditions,
        problem::{Kind, Problem},
    },
    store::History,
};
use list_query::ListQuery;
use serde::Serialize;
use utoipa::ToSchema;

/// A page of the list.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = InvitationPage)]
pub(crate) struct InvitationPage<'a> {
    /// The invitations, newest first.
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

/// The response after a change: the invitation as it is now.
async fn respond(app: &App, id: InvitationId) -> Result<Response, Failure> {
    Ok(app
        .store
        .invitations
        .history(id)
        .await?
        .map_or_else(not_found, |history| show(app, &history)))
}

/// The invitation as it is now, with its link.
async fn show_with_link(app: &App, id: InvitationId) -> Result<Response, Failure> {
    let Some(history) = app.store.invitations.history(id).await? else {
        return Ok(not_found());
    };
    let Some(link) = app.store.invitations.link(&history) else {
        return Ok(act::link_unreadable());
    };
    let link = app.config.public.invitation(&link).to_string();
    Ok(show_as(app, &history, |invitation| {
        invitation.with_link(link)
    }))
}

fn show(app: &App, history: &History) -> Response {
    show_as(app, history, |invitation| invitation)
}

/// The tag is that of the invitation without its link, as in a GET.
fn show_as<'a>(
    app: &App,
    history: &'a History,
    with: impl FnOnce(InvitationResponse<'a>) -> InvitationResponse<'a>,
) -> Response {
    let body = response::invitation(history, app.store.channels(), app.clock.now());
    let tag = preconditions::tag(&body);
    let body = with(body);
    let headers = [
        (header::ETAG, preconditions::value(&tag)),
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
    Problem::new(Kind::UnknownInvitation).into_response()
}
