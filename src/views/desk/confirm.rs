use askama::Template;

use super::{DeskForm, DeskFrame};
use crate::{
    domain::invitation::InvitationId,
    text::DeskOneText,
    views::{Html, filters},
};

/// What cannot be undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeskQuestion {
    /// The revocation of an invitation.
    Revoke,
    /// The erasure of its personal data.
    Erase,
}

/// Asks once more.
#[derive(Debug, Template)]
#[template(path = "desk/confirm.html")]
pub struct DeskConfirmPage<'a> {
    /// What surrounds the page.
    pub desk: DeskFrame<'a>,
    /// What is asked.
    pub question: DeskQuestion,
    /// The invitation.
    pub id: InvitationId,
    /// Whom it invites.
    pub name: &'a str,
    /// What the form carries.
    pub form: DeskForm,
}

impl DeskQuestion {
    /// By its name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Revoke, Self::Erase]
            .into_iter()
            .find(|question| question.name() == name)
    }

    /// Its name in the address.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Revoke => "revoke",
            Self::Erase => "erase",
        }
    }

    fn asks_reason(self) -> bool {
        self == Self::Revoke
    }
}

impl DeskConfirmPage<'_> {
    /// The page as HTML.
    pub fn render(&self) -> Html {
        Html::of(self, self.desk.sheet())
    }

    fn t(&self) -> &'static DeskOneText {
        &self.desk.t().one
    }

    fn title(&self) -> &'static str {
        match self.question {
            DeskQuestion::Revoke => self.t().revoke_question,
            DeskQuestion::Erase => self.t().erase_question,
        }
    }

    fn body(&self) -> &'static str {
        match self.question {
            DeskQuestion::Revoke => self.t().revoke_body,
            DeskQuestion::Erase => self.t().erase_body,
        }
    }

    fn button(&self) -> &'static str {
        match self.question {
            DeskQuestion::Revoke => self.t().revoke,
            DeskQuestion::Erase => self.t().erase,
        }
    }

    fn address(&self) -> String {
        format!("/api/desk/invitations/{}", self.id)
    }

    fn action(&self) -> String {
        format!("{}/{}", self.address(), self.question.name())
    }
}
