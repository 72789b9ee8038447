use askama::Template;
use serde::{Deserialize, Serialize};

use super::markup::{Markup, bdi, plain, sentence};
use super::{Frame, Html, Sheet, SheetKind, filters};
use crate::text::{ApprovalText, Lang, Message, PassText};

/// What became of an approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ApprovalNotice {
    /// It was reported.
    Approved,
    /// It was not given.
    NotApproved,
    /// The invitation is no longer pending, or the pass cannot be read.
    Closed,
    /// The answer belongs to no approval that began in this browser.
    Unmatched,
}

impl ApprovalNotice {
    const ALL: [Self; 4] = [
        Self::Approved,
        Self::NotApproved,
        Self::Closed,
        Self::Unmatched,
    ];

    /// Its name in addresses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::NotApproved => "not-approved",
            Self::Closed => "closed",
            Self::Unmatched => "unmatched",
        }
    }

    /// By its name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|notice| notice.name() == name)
    }

    pub(super) fn message(self, lang: Lang) -> Message {
        let text = &lang.organisation().approval;
        match self {
            Self::Approved => text.approved,
            Self::NotApproved => text.not_approved,
            Self::Closed => text.closed,
            Self::Unmatched => text.unmatched,
        }
    }
}

/// What an administrator is asked to approve. It names neither the recipient nor the inviter.
#[derive(Debug, Template)]
#[template(path = "approval.html")]
pub struct ApprovalPage<'a> {
    /// The parts that all pages share.
    pub frame: Frame<'a>,
    /// The organisation that invites.
    pub organization: &'a str,
    /// The app registration.
    pub client_id: &'a str,
    /// The public origin.
    pub operator: &'a str,
    /// Goes with the form.
    pub pass: &'a str,
    /// Goes with the form.
    pub form_token: &'a str,
}

impl ApprovalPage<'_> {
    /// The page as HTML.
    pub fn render(&self) -> Html {
        Html::of(self, self.sheet())
    }

    fn sheet(&self) -> &Sheet {
        self.frame.sheet(SheetKind::Text)
    }

    fn t(&self) -> &'static ApprovalText {
        &self.frame.lang.organisation().approval
    }

    fn labels(&self) -> &'static PassText {
        &self.frame.lang.organisation().pass
    }

    fn step(&self) -> usize {
        0
    }

    fn title(&self) -> String {
        plain(self.t().heading, self.frame.platform)
    }

    fn introduction(&self) -> Markup {
        sentence((self.t().introduction)(
            &bdi(self.organization),
            &bdi(self.frame.platform),
        ))
    }
}
