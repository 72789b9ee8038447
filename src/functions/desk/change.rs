//! Changes of an invitation: the verbs of the API, in the name of an employee.
//!
//! A form carries the version that its page showed, so that no one overwrites what others have
//! changed since; and a key of its own, so that a second press does nothing.

use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    fields::Fields,
    one::{self, Beside},
};
use crate::{
    app::{App, Shared},
    domain::{invitation::InvitationId, sheet::Cells},
    functions::invitations::{Denied, Verb, check_reason, perform, terms_tag},
    http::{
        desk::{form::ManagerForm, page::redirect_to, staff::Staff},
        error::AppError,
        failure::Failure,
    },
    store::Conditions,
    views::DeskFlash,
};

/// How often a change is tried that only a delivery has overtaken.
const ATTEMPTS: usize = 4;

/// What every form that changes an invitation carries.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Change {
    version: String,
    key: String,
    reason: String,
    /// What other fields say.
    #[serde(skip)]
    others: String,
}

impl Change {
    /// What a form with other fields carries of it.
    pub(super) fn of(fields: &Fields, others: &Cells) -> Self {
        let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
        Self {
            version: field("version"),
            key: field("key"),
            reason: String::new(),
            others: format!("{others:?}"),
        }
    }

    /// Names the form with what was entered, so that it is recognised when it is sent twice, and
    /// not when a page of the browser's history is sent with other entries. A page has several
    /// forms with one key.
    fn mark(&self, verb: &Verb) -> Uuid {
        let digest = Sha256::new()
            .chain_update(format!("{:?}", (&self.key, &self.reason, &self.others)))
            .chain_update(name(verb))
            .finalize();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        uuid::Builder::from_custom_bytes(bytes).into_uuid()
    }
}

fn name(verb: &Verb) -> &'static str {
    match verb {
        Verb::Resend { .. } => "resend",
        Verb::Revoke(_) => "revoke",
        Verb::Erase => "erase",
        Verb::RevealLink => "link",
        Verb::Redeliver => "redeliver",
        Verb::Update(_) => "correct",
    }
}

/// POST `invitations/{id}/{action}`.
///
/// # Errors
/// Forms that are not ours; a store that is down.
pub(super) async fn submit(
    State(app): State<Shared>,
    path: Result<Path<(String, String)>, PathRejection>,
    form: Result<ManagerForm<Change>, Failure>,
) -> Result<Response, Failure> {
    let ManagerForm { staff, fields } = form?;
    let Path((id, action)) = path.map_err(|_| AppError::NotFound)?;
    let id = one::parse(&id)?;
    let verb = verb(&app, &action, &fields)?;
    match apply(&app, &staff, id, (&verb, &fields)).await? {
        Ok(()) if matches!(verb, Verb::RevealLink) => show_link(&app, &staff, id).await,
        Ok(()) => Ok(done(&app, id, &verb)),
        Err(denied) => refuse(&app, &staff, id, denied).await,
    }
}

fn verb(app: &App, action: &str, fields: &Change) -> Result<Verb, AppError> {
    Ok(match action {
        "resend" => Verb::Resend {
            sends_email: app.mailer.is_some(),
        },
        "revoke" => {
            let reason = check_reason(Some(fields.reason.clone()));
            Verb::Revoke(reason.map_err(|_| AppError::FormMalformed)?)
        }
        "erase" => Verb::Erase,
        "link" => Verb::RevealLink,
        _ => return Err(AppError::NotFound),
    })
}

/// Does it, unless the invitation says something else than the page did. What only its delivery has
/// changed since makes no difference.
pub(super) async fn apply(
    app: &App,
    staff: &Staff,
    id: InvitationId,
    (verb, fields): (&Verb, &Change),
) -> Result<Result<(), Denied>, Failure> {
    let (invitations, member) = (&app.store.invitations, staff.member());
    let invocation = Some(fields.mark(verb));
    for _ in 0..ATTEMPTS {
        // The form was sent twice.
        if invitations.was_changed_by(id, invocation).await? {
            return Ok(Ok(()));
        }
        let history = one::find(app, id).await?;
        if matches!(verb, Verb::Erase) && history.record.as_live().is_none() {
            return Ok(Ok(()));
        }
        if terms_tag(&history.record) != fields.version {
            break;
        }
        let conditions = Conditions {
            version: history.version(),
            invocation,
            staff: Some(&member),
        };
        match perform(app, id, verb, conditions).await? {
            Err(Denied::Changed) => {}
            result => return Ok(result),
        }
    }
    Ok(Err(Denied::Changed))
}

/// On to the invitation, which says what was done.
pub(super) fn done(app: &App, id: InvitationId, verb: &Verb) -> Response {
    let done = match verb {
        Verb::Resend { sends_email: true } => DeskFlash::Resent,
        Verb::Resend { sends_email: false } => DeskFlash::Renewed,
        Verb::Revoke(_) => DeskFlash::Revoked,
        Verb::Erase => DeskFlash::Erased,
        Verb::Update(_) | Verb::RevealLink | Verb::Redeliver => DeskFlash::Corrected,
    };
    let done = done.name();
    redirect_to(app, &format!("/invitations/{id}?done={done}"))
}

async fn show_link(app: &App, staff: &Staff, id: InvitationId) -> Result<Response, Failure> {
    let history = one::find(app, id).await?;
    let link = app.store.invitations.link(&history);
    let url = link.map(|link| app.config.public.invitation(&link).to_string());
    let beside = Beside {
        flash: None,
        link: url.as_deref(),
    };
    Ok(one::render(app, staff, &history, (StatusCode::OK, beside)))
}

/// The invitation as it is, and why nothing was changed.
pub(super) async fn refuse(
    app: &App,
    staff: &Staff,
    id: InvitationId,
    denied: Denied,
) -> Result<Response, Failure> {
    let (status, flash) = match denied {
        Denied::Missing => return Err(AppError::UnknownInvitation.into()),
        Denied::Invalid(_) | Denied::NoReceiver => return Err(AppError::FormMalformed.into()),
        Denied::State(_) => (StatusCode::CONFLICT, DeskFlash::StateForbids),
        Denied::Changed => (StatusCode::PRECONDITION_FAILED, DeskFlash::Conflict),
        Denied::LinkUnreadable => (StatusCode::CONFLICT, DeskFlash::LinkUnreadable),
        Denied::TooManyEmails(next) => {
            let flash = DeskFlash::TooManyEmails(next);
            (StatusCode::TOO_MANY_REQUESTS, flash)
        }
    };
    let history = one::find(app, id).await?;
    let beside = Beside {
        flash: Some(flash),
        link: None,
    };
    Ok(one::render(app, staff, &history, (status, beside)))
}
