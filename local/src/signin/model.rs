//! What the endpoints and the pages share.

use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    accounts::{Account, PERSONAL_TENANT},
    block::Block,
    words::Words,
};

/// Whose accounts an authority signs in: the first segment of its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tenant {
    Common,
    Organizations,
    Consumers,
    One(Uuid),
}

/// A valid authorization request.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) tenant: Tenant,
    pub(super) redirect_uri: String,
    pub(super) state: Option<String>,
    pub(super) nonce: Option<String>,
    pub(super) scope: String,
    pub(super) code_challenge: String,
    pub(super) login_hint: String,
    pub(super) prompt: Prompt,
    /// In the person's language.
    pub(super) words: &'static Words,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prompt {
    Unset,
    SelectAccount,
    Create,
}

/// What a code was issued for.
#[derive(Clone, Debug)]
pub(super) struct Grant {
    pub(super) request: Request,
    pub(super) account: Account,
    pub(super) at: OffsetDateTime,
}

/// An error that is sent to the app.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) error: String,
    pub(super) description: String,
}

/// An authorization request on its way through the pages.
#[derive(Clone, Debug)]
pub(super) struct Attempt {
    pub(super) request: Request,
    pub(super) step: Step,
}

/// The page that is shown next.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Account {
        email: String,
        error: Option<&'static str>,
    },
    Confirm {
        account: Account,
    },
    Unknown {
        email: String,
    },
    Create {
        new: NewAccount,
        error: Option<String>,
    },
    Code {
        new: NewAccount,
        code: String,
        tries_left: u8,
        error: Option<&'static str>,
    },
    Terms {
        new: NewAccount,
    },
    Consent {
        account: Account,
    },
    Blocked {
        account: Account,
        block: Block,
    },
}

/// An account that is being created.
#[derive(Clone, Debug)]
pub(super) struct NewAccount {
    pub(super) email: String,
    pub(super) name: String,
}

impl Tenant {
    pub(super) fn parse(segment: &str) -> Option<Self> {
        match segment {
            "common" => Some(Self::Common),
            "organizations" => Some(Self::Organizations),
            "consumers" => Some(Self::Consumers),
            guid => match guid.parse().ok()? {
                // No tenant has this id.
                tid if Uuid::is_nil(&tid) => None,
                PERSONAL_TENANT => Some(Self::Consumers),
                tid => Some(Self::One(tid)),
            },
        }
    }

    pub(super) fn admits(self, account: &Account) -> bool {
        match self {
            Self::Common => true,
            Self::Organizations => !account.is_personal(),
            Self::Consumers => account.is_personal(),
            Self::One(tid) => account.tid == tid,
        }
    }

    /// The tenant of accounts that people create for themselves here, if they can: a single tenant
    /// is taken for one of Entra External ID.
    pub(super) fn of_new_accounts(self) -> Option<Uuid> {
        match self {
            Self::Common | Self::Consumers => Some(PERSONAL_TENANT),
            Self::Organizations => None,
            Self::One(tid) => Some(tid),
        }
    }
}

impl Request {
    pub(super) fn has_scope(&self, scope: &str) -> bool {
        self.scope.split(' ').any(|one| one == scope)
    }
}

impl Failure {
    pub(super) fn new(error: &str, description: impl Into<String>) -> Self {
        Self {
            error: error.to_owned(),
            description: description.into(),
        }
    }
}
