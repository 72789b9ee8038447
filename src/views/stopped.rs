use askama::Template;
use time::OffsetDateTime;

use super::markup::{Markup, bdi, sentence, until};
use super::{Action, Contact, Frame, Html, Pass, Sheet, SheetKind, filters};
use crate::{
    domain::sign_in_refusal::{AdminTask, RefusalReason},
    text::{Lang, Message, StoppedText},
};

/// A sign-in that Microsoft or an organisation refuses, and what can be done about it.
#[derive(Debug, Template)]
#[template(path = "stopped.html")]
pub struct StoppedPage<'a> {
    /// The parts that all pages share.
    pub frame: Frame<'a>,
    /// Why.
    pub reason: RefusalReason,
    /// As Microsoft writes it.
    pub number: Option<&'a str>,
    /// Until when the invitation works, while it is pending.
    pub expires: Option<OffsetDateTime>,
    /// When the page is written.
    pub now: OffsetDateTime,
    /// For reasons that an administrator can change.
    pub pass: Option<Pass<'a>>,
    /// Where a number that Microsoft shows can be entered: path and hidden fields.
    pub ask_number: Option<(&'a str, &'a [(&'static str, String)])>,
    /// Where all ways on are named.
    pub other_reasons: Option<&'a str>,
    /// The next actions.
    pub actions: &'a [Action<'a>],
    /// The inviter, and what can be asked of them.
    pub contact: Option<&'a Contact<'a>>,
}

impl RefusalReason {
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
        Html::of(self, self.sheet())
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
        self.message().title
    }

    fn message(&self) -> Message {
        self.reason.message(self.frame.lang)
    }

    fn lead(&self) -> Markup {
        let (text, platform) = (self.t(), bdi(self.frame.platform));
        sentence(match self.reason {
            RefusalReason::Approval(AdminTask::Consent) => (text.consent)(&platform),
            RefusalReason::Approval(AdminTask::Assignment) => (text.assignment)(&platform),
            RefusalReason::Approval(AdminTask::ConditionalAccess) => {
                text.conditional_access.to_owned()
            }
            RefusalReason::Approval(AdminTask::CrossTenant) => (text.cross_tenant)(&platform),
            _ => self.message().body.to_owned(),
        })
    }

    fn is_approval(&self) -> bool {
        matches!(self.reason, RefusalReason::Approval(_))
    }

    fn is_unknown(&self) -> bool {
        self.reason == RefusalReason::Unknown
    }

    fn works_until(&self) -> Option<Markup> {
        let until = until(self.expires?, self.now, self.frame.lang);
        Some(sentence((self.t().works_until)(&until)))
    }
}
