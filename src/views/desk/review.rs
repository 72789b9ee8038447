use askama::Template;

use super::DeskFrame;
use crate::{
    text::{Lang, ReviewText},
    views::{
        Html, clean, filters,
        markup::{Markup, bdi, sentence},
    },
};

/// An invitation that is about to be sent, with its e-mail.
#[derive(Debug, Template)]
#[template(path = "desk/review.html")]
pub struct ReviewPage<'a> {
    /// What surrounds the page.
    pub desk: DeskFrame<'a>,
    /// The invited mailbox.
    pub email: &'a str,
    /// Whether an e-mail is sent.
    pub sends_email: bool,
    /// From whom the e-mail comes.
    pub sender: &'a str,
    /// Of the e-mail.
    pub subject: &'a str,
    /// Where the e-mail is.
    pub email_url: &'a str,
    /// What is there already.
    pub existing: &'a DeskExisting,
    /// The `action` of the form.
    pub action: &'a str,
    /// Where the draft can be changed.
    pub edit_url: &'a str,
}

impl ReviewPage<'_> {
    /// The page as HTML.
    #[must_use]
    pub fn render(&self) -> Html {
        Html::of(self, self.desk.sheet())
    }

    fn t(&self) -> &'static ReviewText {
        &self.desk.frame.lang.text().upload.review
    }

    fn title(&self) -> &'static str {
        self.t().review_title
    }

    fn lang(&self) -> Lang {
        self.desk.frame.lang
    }
}

/// What is there already for someone who is about to be invited.
#[derive(Debug, Default)]
pub struct DeskExisting {
    /// An invitation of that mailbox.
    pub pending: Option<PendingInvitation>,
    /// The name of the company that exists for the customer number.
    pub company: Option<String>,
}

/// An invitation that can still be accepted.
#[derive(Debug)]
pub struct PendingInvitation {
    /// Until when.
    pub until: String,
    /// Where it is.
    pub url: String,
}

impl DeskExisting {
    /// That the mailbox is invited already, with the address of that invitation.
    pub(super) fn is_pending(&self, email: &str, lang: Lang) -> Option<(Markup, &str)> {
        let PendingInvitation { until, url } = self.pending.as_ref()?;
        let text = (lang.text().upload.review.is_pending)(&bdi(email), until);
        Some((sentence(text), url))
    }

    /// That the recipient will join a company.
    pub(super) fn will_join(&self, lang: Lang) -> Option<String> {
        let company = clean(self.company.as_deref()?);
        Some((lang.text().upload.review.will_join)(&company))
    }
}
