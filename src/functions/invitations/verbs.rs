//! The verbs of an invitation, shared by the API and the desk.

use time::OffsetDateTime;

use super::patch::{Patch, posted};
use crate::{
    app::App,
    domain::invitation::{InvitationId, Record, Refusal},
    http::{failure::Failure, preconditions, problem::Problem},
    store::{Conditions, Outcome},
};

/// A change of an invitation.
pub(crate) enum Verb {
    /// Extends the validity to that of a new invitation; sends the e-mail again and retries
    /// deliveries that failed, unless only the validity is to be extended.
    Resend {
        /// Whether an e-mail is sent.
        sends_email: bool,
    },
    /// With the reason.
    Revoke(Option<String>),
    /// Erases personal data; works in every state and may be repeated.
    Erase,
    /// Records that the link is given away, before it is.
    RevealLink,
    /// Has all webhooks delivered again; writes no event.
    Redeliver,
    /// What the seller said.
    Update(Patch),
}

/// Why nothing was changed.
pub(crate) enum Denied {
    /// There is no such invitation.
    Missing,
    /// The state, by its name, does not allow it.
    State(&'static str),
    /// The next e-mail may be sent at this time.
    TooManyEmails(OffsetDateTime),
    /// It has another version than the one that is meant.
    Changed,
    /// The session key that sealed the link was retired.
    LinkUnreadable,
    /// There is no webhook.
    NoReceiver,
    /// The result would break the rules of a creation.
    Invalid(Box<Problem>),
}

/// Names what an invitation says and its state, and not how far it was delivered.
pub(crate) fn terms_tag(record: &Record) -> String {
    let Some(invitation) = record.as_live() else {
        return "erased".to_owned();
    };
    // That it has expired since makes no difference.
    let state = invitation.status(invitation.created_at).name();
    let expires = invitation.expires_at.unix_timestamp();
    let tag = preconditions::tag(&(posted(&invitation.terms), expires, state));
    tag.trim_matches('"').to_owned()
}

/// Does it, under these conditions.
///
/// # Errors
/// A store that is down.
pub(crate) async fn perform(
    app: &App,
    id: InvitationId,
    verb: &Verb,
    conditions: Conditions<'_>,
) -> Result<Result<(), Denied>, Failure> {
    let now = app.clock.now();
    let invitations = &app.store.invitations;
    let outcome = match verb {
        Verb::Resend { sends_email } => return resend(app, id, *sends_email, conditions).await,
        Verb::Revoke(reason) => {
            let revoked = invitations.revoke(id, reason.clone(), conditions, now);
            revoked.await?
        }
        Verb::Erase => return erase(app, id, conditions).await,
        Verb::RevealLink => return reveal_link(app, id, conditions).await,
        Verb::Redeliver => return redeliver(app, id, conditions).await,
        Verb::Update(patch) => return update(app, id, patch, conditions).await,
    };
    Ok(result(outcome, now))
}

async fn resend(
    app: &App,
    id: InvitationId,
    sends_email: bool,
    conditions: Conditions<'_>,
) -> Result<Result<(), Denied>, Failure> {
    let now = app.clock.now();
    let redelivers = sends_email && app.deliverer.redeliver(id, conditions.invocation).await?;
    let terms = (app.config.expiry(now), sends_email);
    let renewed = app.store.invitations.renew(id, terms, conditions, now);
    Ok(match renewed.await? {
        Some(Outcome::Refused(Refusal::Status(_), _) | Outcome::Erased) if redelivers => Ok(()),
        outcome => result(outcome, now),
    })
}

async fn erase(
    app: &App,
    id: InvitationId,
    conditions: Conditions<'_>,
) -> Result<Result<(), Denied>, Failure> {
    let now = app.clock.now();
    let erased = app.store.retention.erase(id, conditions, now);
    Ok(match erased.await? {
        Some(true) => Ok(()),
        Some(false) => Err(Denied::Missing),
        None => Err(Denied::Changed),
    })
}

async fn redeliver(
    app: &App,
    id: InvitationId,
    conditions: Conditions<'_>,
) -> Result<Result<(), Denied>, Failure> {
    if !app.store.channels().webhook {
        return Ok(Err(Denied::NoReceiver));
    }
    let invocation = conditions.invocation;
    let found = app.deliverer.redeliver_webhooks(id, invocation).await?;
    Ok(if found { Ok(()) } else { Err(Denied::Missing) })
}

async fn reveal_link(
    app: &App,
    id: InvitationId,
    conditions: Conditions<'_>,
) -> Result<Result<(), Denied>, Failure> {
    let invitations = &app.store.invitations;
    let Some(history) = invitations.history(id).await? else {
        return Ok(Err(Denied::Missing));
    };
    if history.record.as_live().is_some() && invitations.link(&history).is_none() {
        return Ok(Err(Denied::LinkUnreadable));
    }
    let now = app.clock.now();
    let revealed = invitations.reveal_link(id, conditions, now).await?;
    Ok(result(revealed, now))
}

async fn update(
    app: &App,
    id: InvitationId,
    patch: &Patch,
    conditions: Conditions<'_>,
) -> Result<Result<(), Denied>, Failure> {
    let now = app.clock.now();
    let default_expiry = app.config.expiry(now);
    let apply = |invitation: &_| patch.apply(invitation, default_expiry, now);
    let updated = app.store.invitations.update(id, conditions, now, apply);
    Ok(match updated.await? {
        Ok(Some(Outcome::Erased)) => Err(Denied::Missing),
        Ok(outcome) => result(outcome, now),
        Err(problem) => Err(Denied::Invalid(Box::new(problem))),
    })
}

/// `None`: it has another version.
fn result(outcome: Option<Outcome>, now: OffsetDateTime) -> Result<(), Denied> {
    Err(match outcome {
        Some(Outcome::Done(_)) => return Ok(()),
        Some(Outcome::Refused(Refusal::TooManyEmails(next_at), _)) => {
            Denied::TooManyEmails(next_at)
        }
        Some(Outcome::Refused(_, invitation)) => Denied::State(invitation.status(now).name()),
        Some(Outcome::Erased) => Denied::State("erased"),
        Some(Outcome::Missing) => Denied::Missing,
        None => Denied::Changed,
    })
}
