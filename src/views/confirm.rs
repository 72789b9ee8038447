use askama::Template;
use time::{OffsetDateTime, UtcOffset};

use super::markup::{Markup, bdi, hour, sentence};
use super::{Action, Contact, Frame, Html, Sheet, SheetKind, filters};
use crate::text::ConfirmText;

/// Why the code that was entered does not confirm the mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeProblem {
    /// It cannot be a code.
    NotACode,
    /// Another code was sent.
    Wrong {
        /// How many tries are left.
        tries_left: u8,
    },
    /// A newer code was sent.
    Earlier,
}

/// What the account that is signed in shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShownAccount {
    /// The invited address.
    Invited,
    /// Another address.
    Another,
    /// That it is a guest of an organisation.
    Guest,
}

/// How far the confirmation has come.
#[derive(Debug, Clone, Copy)]
pub enum ConfirmStep {
    /// A code can be sent.
    Offer {
        /// What the account shows that is signed in.
        account: ShownAccount,
    },
    /// No code can be sent, since there is no mail server.
    NoOffer {
        /// What the account shows that is signed in.
        account: ShownAccount,
    },
    /// The code that was sent can be entered.
    Enter {
        /// What was wrong with the last try.
        problem: Option<CodeProblem>,
        /// Whether the mail server has taken the e-mail.
        is_sent: bool,
        /// When the code was sent, if it replaced another.
        sent_again: Option<OffsetDateTime>,
    },
    /// The code that was sent no longer works.
    Over,
}

/// Proof of the invited mailbox by a code.
#[derive(Debug, Template)]
#[template(path = "confirm.html")]
pub struct ConfirmPage<'a> {
    /// The parts that all pages share.
    pub frame: Frame<'a>,
    /// See [`mask_email`](super::mask_email).
    pub masked_mailbox: &'a str,
    /// The account that is signed in.
    pub account_name: &'a str,
    /// How far the confirmation has come.
    pub at: ConfirmStep,
    /// Where the form posts `code` to.
    pub action: &'a str,
    /// Goes with the post as `token`.
    pub form_token: &'a str,
    /// Goes with the post as `ticket`: leads on where the session is lost.
    pub ticket: &'a str,
    /// What else can be done: a new code, another account.
    pub actions: &'a [Action<'a>],
    /// The inviter, and what can be asked of them.
    pub contact: Option<&'a Contact<'a>>,
}

impl ConfirmPage<'_> {
    /// The page as HTML.
    pub fn render(&self) -> Html {
        Html::of(self, self.sheet())
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
        match self.at {
            ConfirmStep::Offer { .. } | ConfirmStep::NoOffer { .. } => self.t().offer_title,
            ConfirmStep::Enter { .. } => self.t().title,
            ConfirmStep::Over => self.t().over_title,
        }
    }

    fn lead(&self) -> Markup {
        let (text, mailbox) = (self.t(), bdi(self.masked_mailbox));
        let account = bdi(self.account_name);
        sentence(match self.at {
            ConfirmStep::Offer {
                account: ShownAccount::Invited,
            } => (text.offer)(&mailbox),
            ConfirmStep::Offer {
                account: ShownAccount::Guest,
            } => (text.offer_to_guest)(&account, &mailbox),
            ConfirmStep::Offer {
                account: ShownAccount::Another,
            } => (text.offer_to_another)(&account, &mailbox),
            ConfirmStep::NoOffer {
                account: ShownAccount::Another,
            } => (text.no_offer)(&account, &mailbox),
            ConfirmStep::NoOffer {
                account: ShownAccount::Invited | ShownAccount::Guest,
            } => (text.no_offer_unproven)(&account, &mailbox),
            ConfirmStep::Enter { is_sent: true, .. } => (text.lead)(&mailbox),
            ConfirmStep::Enter { is_sent: false, .. } => (text.sending)(&mailbox),
            ConfirmStep::Over => (text.over)(text.send_again),
        })
    }

    /// Whether the first sentence leaves open which account is signed in.
    fn names_account(&self) -> bool {
        match self.at {
            ConfirmStep::Offer { account } => account == ShownAccount::Invited,
            ConfirmStep::NoOffer { .. } => false,
            ConfirmStep::Enter { .. } | ConfirmStep::Over => true,
        }
    }

    fn takes_code(&self) -> bool {
        matches!(self.at, ConfirmStep::Enter { .. })
    }

    fn sent_again(&self) -> Option<Markup> {
        match self.at {
            ConfirmStep::Enter {
                problem: None,
                sent_again: Some(at),
                ..
            } => {
                let at = at.to_offset(UtcOffset::UTC);
                let time = format!("{:02}:{:02} UTC", at.hour(), at.minute());
                Some(sentence((self.t().sent_again)(&hour(at, &time))))
            }
            _ => None,
        }
    }

    fn error(&self) -> Option<String> {
        let ConfirmStep::Enter {
            problem: Some(problem),
            ..
        } = self.at
        else {
            return None;
        };
        Some(match problem {
            CodeProblem::NotACode => self.t().not_a_code.to_owned(),
            CodeProblem::Wrong { tries_left } => (self.t().wrong_code)(tries_left),
            CodeProblem::Earlier => self.t().earlier_code.to_owned(),
        })
    }
}
