use askama::Template;

use super::DeskFrame;
use crate::{
    text::ProgressText,
    views::{Html, filters},
};

/// While the invitations of a file are created.
#[derive(Debug, Template)]
#[template(path = "desk/progress.html")]
pub struct ProgressPage<'a> {
    /// What surrounds the page.
    pub desk: DeskFrame<'a>,
    /// The rows with a result.
    pub done: usize,
    /// All rows.
    pub rows: usize,
    /// The page itself.
    pub here: &'a str,
}

impl ProgressPage<'_> {
    /// The page as HTML.
    #[must_use]
    pub fn render(&self) -> Html {
        Html::of(self, self.desk.sheet())
    }

    fn t(&self) -> &'static ProgressText {
        &self.desk.frame.lang.text().upload.progress
    }

    fn title(&self) -> &'static str {
        self.t().progress_title
    }

    fn rows_done(&self) -> String {
        (self.t().rows_done)(&self.done.to_string(), &self.rows.to_string())
    }
}
