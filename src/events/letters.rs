//! Which letter an event causes, and to whom.

use time::OffsetDateTime;

use crate::{
    config::Config,
    email::Email,
    invitation::{Event, EventKind, Status},
    invite_user,
    mail::{self, Mail},
    store::{History, Invitations},
    text::Lang,
};

/// Whether the event's letter is the invitation itself, whose fate the timeline tells.
pub(super) fn is_invitation(event: &Event) -> bool {
    matches!(event.kind, EventKind::Created | EventKind::Resent)
}

/// The letter; `None` where the event causes none, or none any more.
pub(super) fn of(
    invitations: &Invitations,
    config: &Config,
    history: &History,
    event: &Event,
    now: OffsetDateTime,
) -> Option<(Email, Mail)> {
    let invitation = &history.invitation;
    let terms = &invitation.terms;
    let lang = Lang::negotiate(None, terms.recipient.locale.as_deref(), None);
    match event.kind {
        EventKind::Created | EventKind::Resent => {
            let wanted = event.kind == EventKind::Resent || terms.send_email;
            let current = invitation.status(now) == Status::Pending;
            let link = invitations.link(history).filter(|_| wanted && current)?;
            let url = invite_user::link_url(&config.public, &link);
            Some((terms.recipient.email.clone(), mail::for_recipient(config, invitation, &url)))
        }
        EventKind::RenewalRequested => Some((terms.inviter.email.clone()?, mail::for_inviter(config, invitation, lang))),
        EventKind::CompanyCreated => Some((terms.inviter.email.clone()?, mail::of_company(config, invitation, lang))),
        EventKind::Sent | EventKind::DeliveryFailed | EventKind::Accepted | EventKind::Revoked => None,
    }
}
