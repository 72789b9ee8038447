use askama::Template;

use super::markup::{Markup, bdi, sentence};
use super::{Action, Frame, Html, Sheet, SheetKind, filters, rendered};
use crate::text::ConfirmText;

/// Why the entered code is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeProblem {
    /// It is not the code that was sent.
    Wrong,
    /// It is too old, or there were too many attempts.
    Expired,
}

/// Asks for the code that was sent to the invited mailbox.
#[derive(Debug, Template)]
#[template(path = "confirm.html")]
pub struct ConfirmPage<'a> {
    /// The parts that all pages share.
    pub frame: Frame<'a>,
    /// See [`mask_email`](super::mask_email).
    pub masked_mailbox: &'a str,
    /// Why the last attempt failed.
    pub problem: Option<CodeProblem>,
    /// The `action` of the form with the field `code`.
    pub action: &'a str,
    /// The hidden field `token`.
    pub form_token: &'a str,
    /// A new code, another account.
    pub actions: &'a [Action<'a>],
}

impl ConfirmPage<'_> {
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

    fn t(&self) -> &'static ConfirmText {
        &self.frame.text().confirm
    }

    fn step(&self) -> usize {
        2
    }

    fn title(&self) -> &'static str {
        self.t().title
    }

    fn lead(&self) -> Markup {
        sentence((self.t().lead)(&bdi(self.masked_mailbox)))
    }

    fn error(&self) -> Option<&'static str> {
        self.problem.map(|problem| match problem {
            CodeProblem::Wrong => self.t().wrong_code,
            CodeProblem::Expired => self.t().expired_code,
        })
    }
}
