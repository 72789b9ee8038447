//! Where events are delivered to.

use crate::domain::invitation::{Channel, Event, EventKind, Invitation, Record};

/// The channels that this deployment has.
#[derive(Clone, Copy, Debug, Default)]
pub struct Channels {
    /// There is a mail server.
    pub mail: bool,
    /// There is a webhook.
    pub webhook: bool,
}

impl Channels {
    /// Whether this deployment has the channel.
    #[must_use]
    pub fn have(self, channel: Channel) -> bool {
        match channel {
            Channel::Mail => self.mail,
            Channel::Webhook => self.webhook,
        }
    }

    /// Where this event must be delivered. No e-mail is sent about an invitation that was erased.
    #[must_use]
    pub fn of(self, record: &Record, event: &Event) -> Vec<Channel> {
        match record {
            Record::Live(invitation) => self.of_live(invitation, event),
            Record::Erased(_) => self.of_erased(),
        }
    }

    pub(super) fn of_erased(self) -> Vec<Channel> {
        self.webhook
            .then_some(Channel::Webhook)
            .into_iter()
            .collect()
    }

    pub(super) fn of_live(self, invitation: &Invitation, event: &Event) -> Vec<Channel> {
        let terms = &invitation.terms;
        let email = match event.kind {
            EventKind::Created => terms.send_email,
            EventKind::Resent => !event.details.sends_no_email,
            EventKind::Approved | EventKind::Reminded => true,
            EventKind::RenewalRequested
            | EventKind::HelpRequested
            | EventKind::Declined
            | EventKind::CompanyCreated
            | EventKind::CompanyJoined => terms.inviter.email.is_some(),
            EventKind::Sent
            | EventKind::DeliveryFailed
            | EventKind::Updated
            | EventKind::LinkRevealed
            | EventKind::Expired
            | EventKind::Accepted
            | EventKind::Revoked
            | EventKind::Erased => false,
        };
        let mail = (self.mail && email).then_some(Channel::Mail);
        mail.into_iter()
            .chain(self.webhook.then_some(Channel::Webhook))
            .collect()
    }
}
