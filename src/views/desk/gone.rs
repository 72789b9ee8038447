use askama::Template;

use super::DeskFrame;
use crate::{
    text::ReviewText,
    views::{Html, filters},
};

/// Where a draft or an upload was.
#[derive(Debug, Template)]
#[template(path = "desk/gone.html")]
pub struct GonePage<'a> {
    /// What surrounds the page.
    pub desk: DeskFrame<'a>,
}

impl GonePage<'_> {
    /// The page as HTML.
    #[must_use]
    pub fn render(&self) -> Html {
        Html::of(self, self.desk.sheet())
    }

    fn t(&self) -> &'static ReviewText {
        &self.desk.frame.lang.text().upload.review
    }

    fn title(&self) -> &'static str {
        self.t().gone_title
    }
}
