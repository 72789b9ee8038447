use askama::Template;
use time::OffsetDateTime;

use super::markup::{Markup, bdi, clean, clean_lines, sentence};
use super::{Frame, Holds, Html, Sheet, filters, rendered};
use crate::text::{InviteText, format_expiry};

/// How far the invitation has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InviteState {
    /// Nobody has accepted it.
    Pending,
    /// Accepted: they sign in again to go on.
    Accepted,
    /// The company is created: they sign in to get to the platform.
    Completed,
}

/// The page behind the link of the e-mail: who invites whom to what, and the button that starts the
/// sign-in.
#[derive(Debug, Template)]
#[template(path = "invite.html")]
pub struct InvitePage<'a> {
    /// What surrounds the page.
    pub frame: Frame<'a>,
    /// Who invites.
    pub inviter_name: &'a str,
    /// For which organisation.
    pub inviter_organization: &'a str,
    /// Whom.
    pub recipient_first_name: &'a str,
    /// Whom.
    pub recipient_last_name: &'a str,
    /// See [`mask_email`](super::mask_email).
    pub masked_mailbox: &'a str,
    /// A personal message, may have several lines.
    pub message: Option<&'a str>,
    /// Until when the invitation can be accepted; shown while it is pending.
    pub expires: OffsetDateTime,
    /// The invited company.
    pub company_name: &'a str,
    /// Where the buttons post to.
    pub action: &'a str,
    /// Goes with the post as `token`.
    pub form_token: &'a str,
    /// Whether Microsoft can be asked to begin with a new account (`prompt=create`).
    pub sign_up_button: bool,
    /// How far the invitation has come.
    pub state: InviteState,
}

impl InvitePage<'_> {
    /// The page as HTML.
    pub fn render(&self) -> Html {
        Html {
            document: rendered(self),
            style: self.sheet().hash.clone(),
        }
    }

    fn sheet(&self) -> &Sheet {
        self.frame.sheet(Holds::Words)
    }

    fn t(&self) -> &'static InviteText {
        &self.frame.text().invite
    }

    fn pending(&self) -> bool {
        self.state == InviteState::Pending
    }

    fn completed(&self) -> bool {
        self.state == InviteState::Completed
    }

    fn step(&self) -> usize {
        match self.state {
            InviteState::Pending => 1,
            InviteState::Accepted => 2,
            InviteState::Completed => 4,
        }
    }

    fn title(&self) -> String {
        match self.state {
            InviteState::Pending => (self.t().title)(&clean(self.frame.platform)),
            InviteState::Accepted => self.t().accepted_title.to_owned(),
            InviteState::Completed => self.t().completed_title.to_owned(),
        }
    }

    fn greeting(&self) -> Markup {
        sentence((self.t().greeting)(&bdi(&self.frame.form_of_address(
            self.recipient_first_name,
            self.recipient_last_name,
        ))))
    }

    fn lead(&self) -> Markup {
        sentence((self.t().lead)(
            &bdi(self.inviter_name),
            &bdi(self.inviter_organization),
            &bdi(self.frame.platform),
        ))
    }

    fn message_from(&self) -> Markup {
        sentence((self.t().message_from)(&bdi(self.inviter_name)))
    }

    fn message(&self) -> Option<String> {
        self.message
            .map(clean_lines)
            .filter(|message| !message.is_empty())
    }

    fn completed_body(&self) -> Markup {
        sentence((self.t().completed_body)(
            &bdi(self.company_name),
            &bdi(self.frame.platform),
        ))
    }

    fn button(&self) -> String {
        match self.state {
            InviteState::Pending => self.t().get_started.to_owned(),
            InviteState::Accepted => self.t().accepted_button.to_owned(),
            InviteState::Completed => (self.t().completed_button)(&clean(self.frame.platform)),
        }
    }

    fn expires(&self) -> String {
        format_expiry(self.expires, self.frame.lang)
    }
}
