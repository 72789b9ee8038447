use askama::Template;
use time::OffsetDateTime;

use super::markup::{Markup, bdi, sentence};
use super::{Action, Frame, Html, Pass, Sheet, SheetKind, filters, rendered};
use crate::{
    domain::situation::{AdminTask, Situation},
    text::{Lang, Message, StoppedText, format_expiry},
};

/// What the page of a refused sign-in says about the invitation.
#[derive(Debug, Clone, Copy)]
pub struct StoppedInvitation<'a> {
    /// The inviter.
    pub inviter_name: &'a str,
    /// The organisation that invites.
    pub inviter_organization: &'a str,
    /// While it is pending.
    pub expires: Option<OffsetDateTime>,
}

/// A sign-in that Microsoft or an organisation refuses, and what can be done about it.
#[derive(Debug, Template)]
#[template(path = "stopped.html")]
pub struct StoppedPage<'a> {
    /// The parts that all pages share.
    pub frame: Frame<'a>,
    /// Why.
    pub situation: Situation,
    /// As Microsoft writes it.
    pub number: Option<&'a str>,
    /// `None` where the invitation is not known.
    pub invitation: Option<StoppedInvitation<'a>>,
    /// For situations that an administrator can change.
    pub pass: Option<Pass<'a>>,
    /// Where a number that Microsoft shows can be entered: path and hidden fields.
    pub ask_number: Option<(&'a str, &'a [(&'static str, String)])>,
    /// The next actions.
    pub actions: &'a [Action<'a>],
}

impl Situation {
    /// The title of its page, and what it says where the platform need not be named.
    pub(super) fn message(self, lang: Lang) -> Message {
        let text = &lang.organisation().stopped;
        match self {
            Self::Declined => lang.text().notice.consent_declined,
            Self::Approval(_) => Message {
                title: text.approval_title,
                body: text.blameless,
            },
            Self::Account => text.refused_account,
            Self::Configuration => text.configuration,
            Self::Unknown => text.unknown,
        }
    }
}

impl StoppedPage<'_> {
    /// The page as HTML.
    pub fn render(&self) -> Html {
        Html {
            document: rendered(self),
            style: self.sheet().hash.clone(),
        }
    }

    fn sheet(&self) -> &Sheet {
        self.frame.sheet(SheetKind::Code)
    }

    fn t(&self) -> &'static StoppedText {
        &self.frame.lang.organisation().stopped
    }

    fn step(&self) -> usize {
        2
    }

    fn title(&self) -> &'static str {
        self.situation.message(self.frame.lang).title
    }

    fn lead(&self) -> Markup {
        let (text, platform) = (self.t(), bdi(self.frame.platform));
        sentence(match self.situation {
            Situation::Approval(AdminTask::Consent) => (text.consent)(&platform),
            Situation::Approval(AdminTask::Assignment) => (text.assignment)(&platform),
            Situation::Approval(AdminTask::ConditionalAccess) => {
                (text.conditional_access)(&platform)
            }
            Situation::Approval(AdminTask::CrossTenant) => (text.cross_tenant)(&platform),
            other => other.message(self.frame.lang).body.to_owned(),
        })
    }

    fn is_approval(&self) -> bool {
        matches!(self.situation, Situation::Approval(_))
    }

    fn is_unknown(&self) -> bool {
        self.situation == Situation::Unknown
    }

    fn works_until(&self) -> Option<String> {
        let expires = self.invitation?.expires?;
        Some((self.t().works_until)(&format_expiry(
            expires,
            self.frame.lang,
        )))
    }

    fn ask(&self) -> Option<Markup> {
        let invitation = self.invitation?;
        Some(sentence((self.t().ask)(
            &bdi(invitation.inviter_name),
            &bdi(invitation.inviter_organization),
        )))
    }
}
