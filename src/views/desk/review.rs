use askama::Template;

use super::DeskFrame;
use crate::{
    text::ReviewText,
    views::{Html, clean, filters, rendered},
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
    /// An invitation of that mailbox: until when it is valid, and where it is.
    pub pending: Option<(&'a str, &'a str)>,
    /// The name of the company that exists for the customer number.
    pub company: Option<&'a str>,
    /// The `action` of the form.
    pub action: &'a str,
    /// Where the draft can be changed.
    pub edit_url: &'a str,
}

impl ReviewPage<'_> {
    /// The page as HTML.
    #[must_use]
    pub fn render(&self) -> Html {
        self.desk.html(rendered(self))
    }

    fn t(&self) -> &'static ReviewText {
        &self.desk.frame.lang.text().upload.review
    }

    fn title(&self) -> &'static str {
        self.t().review_title
    }

    fn is_pending(&self, until: &str) -> String {
        (self.t().is_pending)(&clean(self.email), until)
    }

    fn will_join(&self, company: &str) -> String {
        (self.t().will_join)(&clean(company))
    }
}
