//! What a recipient lets the inviter know, and what it is about. No I/O, no clock.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

/// Between two messages of one kind about one invitation.
pub const CONTACT_PAUSE: Duration = Duration::DAY;

/// What a recipient asks of the inviter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ContactKind {
    /// To get in touch.
    Help,
    /// To invite another person: this one says not to be the right one.
    NotMe,
    /// To send a new invitation.
    NewInvitation,
}

impl ContactKind {
    const ALL: [Self; 3] = [Self::Help, Self::NotMe, Self::NewInvitation];

    /// Its name in forms.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Help => "help",
            Self::NotMe => "not-me",
            Self::NewInvitation => "new-invitation",
        }
    }

    /// By its name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

// The names are part of the table and of the webhook.
/// Where the recipient is in the journey, or what stopped them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Situation {
    /// The page of the link.
    Invitation,
    /// The sign-in did not work.
    SignIn,
    /// The account cannot be used.
    Account,
    /// The organisation of the account has to allow it first.
    Organization,
    /// The mailbox is not confirmed.
    Mailbox,
    /// The company data.
    Company,
    /// This service did not work.
    Service,
}

impl Situation {
    /// The step of the journey, from 1; 0: any.
    #[must_use]
    pub fn step(self) -> usize {
        match self {
            Self::Invitation => 1,
            Self::SignIn | Self::Account | Self::Organization | Self::Mailbox => 2,
            Self::Company => 3,
            Self::Service => 0,
        }
    }
}

/// When the inviter was last asked for something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Contacts {
    /// For help.
    pub help: Option<OffsetDateTime>,
    /// To invite another person.
    pub not_me: Option<OffsetDateTime>,
    /// For a new invitation.
    pub new_invitation: Option<OffsetDateTime>,
}

impl Contacts {
    /// When it was last asked for.
    #[must_use]
    pub fn last(&self, kind: ContactKind) -> Option<OffsetDateTime> {
        match kind {
            ContactKind::Help => self.help,
            ContactKind::NotMe => self.not_me,
            ContactKind::NewInvitation => self.new_invitation,
        }
    }

    /// Whether it may be asked for at `now`: once in [`CONTACT_PAUSE`].
    #[must_use]
    pub fn allow(&self, kind: ContactKind, now: OffsetDateTime) -> bool {
        self.last(kind)
            .is_none_or(|before| before + CONTACT_PAUSE <= now)
    }

    /// Asked for at `now`.
    #[must_use]
    pub(super) fn with(mut self, kind: ContactKind, now: OffsetDateTime) -> Self {
        match kind {
            ContactKind::Help => self.help = Some(now),
            ContactKind::NotMe => self.not_me = Some(now),
            ContactKind::NewInvitation => self.new_invitation = Some(now),
        }
        self
    }
}
