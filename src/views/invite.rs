use askama::Template;
use time::OffsetDateTime;

use super::markup::{Markup, bdi, clean_lines, expiry, plain, sentence};
use super::{Contact, Frame, Html, Sheet, SheetKind, filters};
use crate::text::InviteText;

/// The state of the invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InviteState {
    /// Not accepted yet.
    Pending,
    /// Accepted: the recipient signs in again to continue.
    Accepted,
    /// The company is created: the recipient signs in to open the platform.
    Completed,
}

/// The page that the link of the e-mail opens: the invitation, and the button that starts the
/// sign-in.
#[derive(Debug, Template)]
#[template(path = "invite.html")]
pub struct InvitePage<'a> {
    /// The parts that all pages share.
    pub frame: Frame<'a>,
    /// The inviter.
    pub inviter_name: &'a str,
    /// The organisation that invites.
    pub inviter_organization: &'a str,
    /// The recipient.
    pub recipient_first_name: &'a str,
    /// The recipient.
    pub recipient_last_name: &'a str,
    /// See [`mask_email`](super::mask_email).
    pub masked_mailbox: &'a str,
    /// A personal message, may have several lines.
    pub message: Option<&'a str>,
    /// When the invitation expires; displayed while it is pending.
    pub expires: OffsetDateTime,
    /// When the page is rendered.
    pub now: OffsetDateTime,
    /// What the platform is for.
    pub purpose: Option<&'a str>,
    /// The invited company.
    pub company_name: &'a str,
    /// The `action` of the buttons.
    pub action: &'a str,
    /// The hidden field `token`.
    pub form_token: &'a str,
    /// The inviter, and what can be asked of them.
    pub contact: Option<&'a Contact<'a>>,
    /// Whether the page offers to create an account (`prompt=create`).
    pub sign_up_button: bool,
    /// The state of the invitation.
    pub state: InviteState,
}

impl InvitePage<'_> {
    /// The page as HTML.
    pub fn render(&self) -> Html {
        Html::of(self, self.sheet())
    }

    fn sheet(&self) -> &Sheet {
        self.frame.sheet(SheetKind::Text)
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
            InviteState::Pending => plain(self.t().title, self.frame.platform),
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
            InviteState::Completed => plain(self.t().completed_button, self.frame.platform),
        }
    }

    fn expires(&self) -> Markup {
        expiry(self.expires, self.now, self.frame.lang)
    }
}
