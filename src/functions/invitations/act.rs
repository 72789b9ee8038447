//! POST with an id and an action, and PATCH: changes of one invitation.

use axum::{
    body::Bytes,
    extract::{
        Path, State,
        rejection::{BytesRejection, PathRejection},
    },
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use time::OffsetDateTime;

use super::{
    body::{MERGE_PATCH, parse_value, require_json},
    current_tag, draft, not_found,
    patch::Patch,
    read_body, respond, show_with_link,
    verbs::{self, Denied, Verb},
};
use crate::{
    app::{App, Shared},
    domain::invitation::InvitationId,
    functions::events::no_receiver,
    http::{
        failure::Failure,
        invocation, observe, preconditions,
        problem::{Kind, Problem},
    },
    store::{Conditions, table::ETag},
};

/// The verb of an action, with what the body says.
fn parse(name: &str, headers: &HeaderMap, body: &[u8]) -> Result<Verb, Problem> {
    Ok(match name.to_ascii_lowercase().as_str() {
        "resend" => Verb::Resend {
            sends_email: draft::parse_resending(headers, body)?,
        },
        "revoke" => Verb::Revoke(draft::parse_reason(headers, body)?),
        "erase" => Verb::Erase,
        "link" => Verb::RevealLink,
        "redeliver" => Verb::Redeliver,
        _ => {
            return Err(Problem::new(Kind::NotFound)
                .detail("The actions are resend, redeliver, revoke, erase and link."));
        }
    })
}

/// POST with an id and `resend`, `redeliver`, `revoke`, `erase` or `link`.
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
    let verb = match parse(&action, &headers, &body) {
        Ok(verb) => verb,
        Err(problem) => return Ok(problem.into_response()),
    };
    let invocation = invocation::id(&headers);
    if app.store.invitations.was_changed_by(id, invocation).await? {
        return answer(&app, id, &verb).await;
    }
    // The host may have repeated the request: the first one has changed the version.
    if matches!(verb, Verb::Erase)
        && preconditions::is_conditional(&headers)
        && is_erased(&app, id).await?
    {
        return respond(&app, id).await;
    }
    perform_if(&app, id, &verb, &headers).await
}

/// PATCH: changes a pending or expired invitation by a JSON Merge Patch (RFC 7396).
///
/// # Errors
/// A store that is down.
pub async fn update(
    State(app): State<Shared>,
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Failure> {
    let (Ok(Path(id)), body) = (path, read_body(body).map_err(Failure::from)?) else {
        return Ok(not_found());
    };
    let Ok(id) = id.parse::<InvitationId>() else {
        return Ok(not_found());
    };
    observe::record_invitation(id);
    let parsed = require_json(&headers, &[MERGE_PATCH, "application/json"])
        .and_then(|()| parse_value(&body, "what to change"))
        .and_then(Patch::parse);
    match parsed {
        Ok(patch) => perform_if(&app, id, &Verb::Update(patch), &headers).await,
        Err(problem) => Ok(problem.into_response()),
    }
}

/// Does it if the preconditions hold.
async fn perform_if(
    app: &App,
    id: InvitationId,
    verb: &Verb,
    headers: &HeaderMap,
) -> Result<Response, Failure> {
    let version = match check_preconditions(app, id, headers).await? {
        Ok(version) => version,
        Err(response) => return Ok(response),
    };
    let conditions = Conditions {
        version: version.as_ref(),
        invocation: invocation::id(headers),
        staff: None,
    };
    match verbs::perform(app, id, verb, conditions).await? {
        Ok(()) => answer(app, id, verb).await,
        Err(denied) => refuse(app, id, denied).await,
    }
}

/// The response after a change.
async fn answer(app: &App, id: InvitationId, verb: &Verb) -> Result<Response, Failure> {
    match verb {
        Verb::RevealLink => show_with_link(app, id).await,
        Verb::Resend { .. } | Verb::Revoke(_) | Verb::Erase | Verb::Redeliver | Verb::Update(_) => {
            respond(app, id).await
        }
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

async fn is_erased(app: &App, id: InvitationId) -> Result<bool, Failure> {
    let history = app.store.invitations.history(id).await?;
    Ok(history.is_some_and(|history| history.record.as_live().is_none()))
}

/// The response if nothing was changed.
async fn refuse(app: &App, id: InvitationId, denied: Denied) -> Result<Response, Failure> {
    Ok(match denied {
        Denied::Missing => not_found(),
        Denied::State(state) => forbidden_by_state(state),
        Denied::TooManyEmails(next_at) => too_many_emails(next_at, app.clock.now()),
        Denied::LinkUnreadable => link_unreadable(),
        Denied::NoReceiver => no_receiver().into_response(),
        Denied::Invalid(problem) => problem.into_response(),
        // Another change came after the precondition check.
        Denied::Changed => match app.store.invitations.history(id).await? {
            Some(history) => preconditions::failed(&current_tag(app, &history)),
            None => not_found(),
        },
    })
}

fn too_many_emails(next_at: OffsetDateTime, now: OffsetDateTime) -> Response {
    let seconds = (next_at - now).whole_seconds().max(1);
    Problem::new(Kind::TooManyEmails)
        .detail("To extend its validity without an e-mail, send {\"sendEmail\": false}.")
        .header(header::RETRY_AFTER, HeaderValue::from(seconds))
        .into_response()
}

pub(super) fn link_unreadable() -> Response {
    Problem::new(Kind::LinkUnreadable)
        .detail("The session key that sealed it was retired. Create a new invitation.")
        .into_response()
}

fn forbidden_by_state(state: &str) -> Response {
    Problem::new(Kind::InvalidState)
        .detail(format!("The invitation is {state}."))
        .into_response()
}
