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
use uuid::Uuid;

use super::{
    body::{MERGE_PATCH, parse_value, require_json},
    current_tag, draft, not_found,
    patch::Patch,
    read_body, respond, show_with_link,
};
use crate::{
    app::{App, Shared},
    domain::invitation::{InvitationId, MAX_RESENDS, Refusal},
    functions::events::no_receiver,
    http::{
        failure::Failure,
        invocation, observe, preconditions,
        problem::{Kind, Problem},
    },
    store::{Conditions, Outcome, table::ETag},
};

/// A change of an invitation.
enum Action {
    /// Whether an e-mail is sent.
    Resend(bool),
    /// With the reason.
    Revoke(Option<String>),
    Erase,
    RevealLink,
    Redeliver,
}

impl Action {
    fn parse(name: &str, headers: &HeaderMap, body: &[u8]) -> Result<Self, Problem> {
        Ok(match name.to_ascii_lowercase().as_str() {
            "resend" => Self::Resend(draft::parse_resending(headers, body)?),
            "revoke" => Self::Revoke(draft::parse_reason(headers, body)?),
            "erase" => Self::Erase,
            "link" => Self::RevealLink,
            "redeliver" => Self::Redeliver,
            _ => {
                return Err(Problem::new(
                    Kind::NotFound,
                    "The actions are resend, redeliver, revoke, erase and link.",
                ));
            }
        })
    }
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
    let action = match Action::parse(&action, &headers, &body) {
        Ok(action) => action,
        Err(problem) => return Ok(problem.into_response()),
    };
    let invocation = invocation::id(&headers);
    if app.store.invitations.was_changed_by(id, invocation).await? {
        return match action {
            Action::RevealLink => show_with_link(&app, id).await,
            Action::Resend(_) | Action::Revoke(_) | Action::Erase | Action::Redeliver => {
                respond(&app, id).await
            }
        };
    }
    // The host may have repeated the request: the first one has changed the version.
    if matches!(action, Action::Erase)
        && preconditions::is_conditional(&headers)
        && is_erased(&app, id).await?
    {
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
        Action::Resend(sends_email) => resend(&app, id, sends_email, conditions).await,
        Action::Revoke(reason) => revoke(&app, id, reason, conditions).await,
        Action::Erase => erase(&app, id, version.as_ref()).await,
        Action::RevealLink => reveal_link(&app, id, conditions).await,
        Action::Redeliver => redeliver(&app, id, invocation).await,
    }
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
    let patch = match parsed {
        Ok(patch) => patch,
        Err(problem) => return Ok(problem.into_response()),
    };
    let version = match check_preconditions(&app, id, &headers).await? {
        Ok(version) => version,
        Err(response) => return Ok(response),
    };
    let conditions = Conditions {
        version: version.as_ref(),
        invocation: invocation::id(&headers),
    };
    let now = app.clock.now();
    let default_expiry = app.config.expiry(now);
    let updated = app
        .store
        .invitations
        .update(id, conditions, now, |invitation| {
            patch.apply(invitation, default_expiry, now)
        })
        .await?;
    match updated {
        Ok(Some(Outcome::Done(_))) => respond(&app, id).await,
        Ok(Some(Outcome::Erased)) => Ok(not_found()),
        Ok(outcome) => unchanged(&app, id, outcome).await,
        Err(problem) => Ok(problem.into_response()),
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

/// Extends the validity to that of a new invitation; sends the e-mail again and retries deliveries
/// that failed, unless only the validity is to be extended.
async fn resend(
    app: &App,
    id: InvitationId,
    sends_email: bool,
    conditions: Conditions<'_>,
) -> Result<Response, Failure> {
    let now = app.clock.now();
    let redelivers = sends_email && app.deliverer.redeliver(id, conditions.invocation).await?;
    let terms = (app.config.expiry(now), sends_email);
    let renewed = app.store.invitations.renew(id, terms, conditions, now);
    match renewed.await? {
        Some(Outcome::Done(_)) => respond(app, id).await,
        Some(Outcome::Refused(Refusal::Status(_), _) | Outcome::Erased) if redelivers => {
            respond(app, id).await
        }
        outcome => unchanged(app, id, outcome).await,
    }
}

async fn revoke(
    app: &App,
    id: InvitationId,
    reason: Option<String>,
    conditions: Conditions<'_>,
) -> Result<Response, Failure> {
    let now = app.clock.now();
    let revoked = app.store.invitations.revoke(id, reason, conditions, now);
    match revoked.await? {
        Some(Outcome::Done(_)) => respond(app, id).await,
        outcome => unchanged(app, id, outcome).await,
    }
}

async fn is_erased(app: &App, id: InvitationId) -> Result<bool, Failure> {
    let history = app.store.invitations.history(id).await?;
    Ok(history.is_some_and(|history| history.record.as_live().is_none()))
}

/// Erases personal data; works in every state and may be repeated.
async fn erase(app: &App, id: InvitationId, version: Option<&ETag>) -> Result<Response, Failure> {
    let now = app.clock.now();
    match app.store.retention.erase(id, version, now).await? {
        Some(true) => respond(app, id).await,
        Some(false) => Ok(not_found()),
        None => unchanged(app, id, None).await,
    }
}

/// Has all webhooks delivered again; writes no event.
async fn redeliver(
    app: &App,
    id: InvitationId,
    invocation: Option<Uuid>,
) -> Result<Response, Failure> {
    if !app.store.channels().webhook {
        return Ok(no_receiver().into_response());
    }
    if app.deliverer.redeliver_webhooks(id, invocation).await? {
        respond(app, id).await
    } else {
        Ok(not_found())
    }
}

/// Records that the link is given away before it is.
async fn reveal_link(
    app: &App,
    id: InvitationId,
    conditions: Conditions<'_>,
) -> Result<Response, Failure> {
    let Some(history) = app.store.invitations.history(id).await? else {
        return Ok(not_found());
    };
    if history.record.as_live().is_some() && app.store.invitations.link(&history).is_none() {
        return Ok(link_unreadable());
    }
    let now = app.clock.now();
    let revealed = app.store.invitations.reveal_link(id, conditions, now);
    match revealed.await? {
        Some(Outcome::Done(_)) => show_with_link(app, id).await,
        outcome => unchanged(app, id, outcome).await,
    }
}

/// The response if nothing was changed. `None`: another change came after the precondition check.
async fn unchanged(
    app: &App,
    id: InvitationId,
    outcome: Option<Outcome>,
) -> Result<Response, Failure> {
    let now = app.clock.now();
    match outcome {
        Some(Outcome::Done(_)) => respond(app, id).await,
        Some(Outcome::Refused(Refusal::TooManyEmails(next_at), _)) => {
            Ok(too_many_emails(next_at, now))
        }
        Some(Outcome::Refused(_, invitation)) => {
            Ok(forbidden_by_state(invitation.status(now).name()))
        }
        Some(Outcome::Erased) => Ok(forbidden_by_state("erased")),
        Some(Outcome::Missing) => Ok(not_found()),
        None => Ok(match app.store.invitations.history(id).await? {
            Some(history) => preconditions::failed(&current_tag(app, &history)),
            None => not_found(),
        }),
    }
}

fn too_many_emails(next_at: OffsetDateTime, now: OffsetDateTime) -> Response {
    let seconds = (next_at - now).whole_seconds().max(1);
    Problem::new(
        Kind::TooManyEmails,
        format!("The invitation was resent {MAX_RESENDS} times in 24 hours."),
    )
    .detail("To extend its validity without an e-mail, send {\"sendEmail\": false}.")
    .header(header::RETRY_AFTER, HeaderValue::from(seconds))
    .into_response()
}

pub(super) fn link_unreadable() -> Response {
    Problem::new(Kind::LinkUnreadable, "The link can no longer be read.")
        .detail("The session key that sealed it was retired. Create a new invitation.")
        .into_response()
}

fn forbidden_by_state(state: &str) -> Response {
    Problem::new(
        Kind::InvalidState,
        "The state of the invitation does not allow this.",
    )
    .detail(format!("The invitation is {state}."))
    .into_response()
}
