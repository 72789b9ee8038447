//! Which e-mail an event causes, and to whom.

use time::OffsetDateTime;
use url::Url;

use crate::{
    config::Config,
    domain::{
        email::Email,
        invitation::{Event, EventKind, Situation, Status, TryFailed},
    },
    mail::{self, Mail},
    store::{History, Invitations},
    text::Lang,
};

/// Whether the event's e-mail is the invitation itself, whose delivery the timeline records.
pub(super) fn is_invitation(event: &Event) -> bool {
    matches!(event.kind, EventKind::Created | EventKind::Resent)
}

/// Whether the event's e-mail goes to the recipient, and brings the link.
pub(super) fn brings_the_link(event: &Event) -> bool {
    matches!(
        event.kind,
        EventKind::Created | EventKind::Resent | EventKind::Approved | EventKind::Reminded
    )
}

/// Whether the event's e-mail brings the link, or asks for a new invitation.
pub(super) fn is_about_the_link(event: &Event) -> bool {
    brings_the_link(event) || event.kind == EventKind::RenewalRequested
}

/// Whether the event's e-mail is no longer needed: the invitation that it brings cannot be
/// accepted, or was sent once more since; or the new one that it asks for was sent.
pub(super) fn is_superseded(history: &History, event: &Event, now: OffsetDateTime) -> bool {
    let Some(invitation) = history.record.as_live() else {
        return true;
    };
    let sent_again = || {
        history.events.iter().any(|later| {
            later.kind == EventKind::Resent
                && !later.details.sends_no_email
                && later.number > event.number
        })
    };
    let mailbox_changed = || {
        history
            .events
            .iter()
            .any(|later| later.details.mailbox_changed && later.number > event.number)
    };
    match event.kind {
        EventKind::Created | EventKind::Resent | EventKind::Approved | EventKind::Reminded => {
            invitation.status(now) != Status::Pending || sent_again() || mailbox_changed()
        }
        EventKind::RenewalRequested => sent_again(),
        EventKind::CompanyCreated
        | EventKind::CompanyJoined
        | EventKind::HelpRequested
        | EventKind::Declined => false,
        EventKind::Sent
        | EventKind::DeliveryFailed
        | EventKind::Updated
        | EventKind::LinkRevealed
        | EventKind::Expired
        | EventKind::Accepted
        | EventKind::Revoked
        | EventKind::Erased => true,
    }
}

/// The e-mail; `None` where the event causes none, or none any more.
pub(super) fn of(
    invitations: &Invitations,
    config: &Config,
    history: &History,
    event: &Event,
    now: OffsetDateTime,
) -> Result<Option<(Email, Mail)>, TryFailed> {
    let Some(invitation) = history.record.as_live() else {
        return Ok(None);
    };
    let terms = &invitation.terms;
    let lang = Lang::negotiate(None, terms.inviter.locale.as_deref(), None);
    let to_inviter = |email: Mail| terms.inviter.email.clone().map(|inviter| (inviter, email));
    if is_superseded(history, event, now) {
        return Ok(None);
    }
    Ok(match event.kind {
        EventKind::Created | EventKind::Resent => {
            let url = link(invitations, config, history)?;
            Some((
                terms.recipient.email.clone(),
                mail::invitation_email(config, invitation, &url, now),
            ))
        }
        EventKind::Reminded => {
            let url = link(invitations, config, history)?;
            Some((
                terms.recipient.email.clone(),
                mail::reminder_email(config, invitation, &url, now),
            ))
        }
        EventKind::Approved => {
            let url = link(invitations, config, history)?;
            Some((
                terms.recipient.email.clone(),
                mail::approved_email(config, invitation, &url, now),
            ))
        }
        EventKind::RenewalRequested => {
            to_inviter(mail::renewal_request_email(config, invitation, lang))
        }
        EventKind::HelpRequested => {
            let situation = event.details.situation.unwrap_or(Situation::Invitation);
            to_inviter(mail::help_request_email(
                config, invitation, lang, situation,
            ))
        }
        EventKind::Declined => {
            let colleague = event.details.colleague.as_ref();
            to_inviter(mail::declined_email(config, invitation, lang, colleague))
        }
        EventKind::CompanyCreated => {
            to_inviter(mail::company_created_email(config, invitation, lang))
        }
        EventKind::CompanyJoined => {
            to_inviter(mail::company_joined_email(config, invitation, lang))
        }
        EventKind::Sent
        | EventKind::DeliveryFailed
        | EventKind::Updated
        | EventKind::LinkRevealed
        | EventKind::Expired
        | EventKind::Accepted
        | EventKind::Revoked
        | EventKind::Erased => None,
    })
}

/// The link of the invitation, as it was created.
fn link(invitations: &Invitations, config: &Config, history: &History) -> Result<Url, TryFailed> {
    let gone = || {
        TryFailed::Never(
            "the link was sealed with a key that SESSION_KEYS does not hold any more".to_owned(),
        )
    };
    let link = invitations.link(history).ok_or_else(gone)?;
    Ok(config.public.invitation(&link))
}
