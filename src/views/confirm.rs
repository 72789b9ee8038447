use askama::Template;

use super::markup::{Markup, bdi, sentence};
use super::{Action, Frame, Holds, Html, Sheet, filters, rendered};
use crate::text::ConfirmText;

/// Why the code that was entered does not confirm the mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeProblem {
    /// Another code was sent.
    Wrong,
    /// It is too old, or was tried too often.
    Expired,
}

/// Asks for the code that was sent to the invited mailbox.
#[derive(Debug, Template)]
#[template(path = "confirm.html")]
pub struct ConfirmPage<'a> {
    /// What surrounds the page.
    pub frame: Frame<'a>,
    /// See [`mask_email`](super::mask_email).
    pub masked_mailbox: &'a str,
    /// What was wrong with the last try.
    pub problem: Option<CodeProblem>,
    /// Where the form posts `code` to.
    pub action: &'a str,
    /// Goes with the post as `token`.
    pub form_token: &'a str,
    /// Ways out: a new code, another account.
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
        self.frame.sheet(Holds::Code)
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
