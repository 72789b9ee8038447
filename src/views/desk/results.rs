use askama::Template;

use super::{DeskFrame, rows::Pages};
use crate::{
    text::{ResultsText, UploadText},
    views::{Html, filters},
};

/// What became of a file.
#[derive(Debug, Template)]
#[template(path = "desk/results.html")]
pub struct ResultsPage<'a> {
    /// What surrounds the page.
    pub desk: DeskFrame<'a>,
    /// How many were invited.
    pub invited: u32,
    /// How many rows were not used.
    pub left_out: u32,
    /// The rows of this page.
    pub results: &'a [ResultRow],
    /// Other pages.
    pub pages: Pages,
    /// Where all results are, as a file.
    pub results_url: &'a str,
    /// Where the rows to correct are, as a file.
    pub corrections_url: &'a str,
    /// Until when the page is kept.
    pub kept_until: &'a str,
}

/// What became of a row.
#[derive(Debug)]
pub struct ResultRow {
    /// As a spreadsheet counts.
    pub number: usize,
    /// The mailbox; empty where it was erased.
    pub email: String,
    /// The company.
    pub company: String,
    /// Where the invitation is.
    pub invitation: Option<String>,
    /// In words.
    pub outcome: String,
}

impl ResultsPage<'_> {
    /// The page as HTML.
    #[must_use]
    pub fn render(&self) -> Html {
        Html::of(self, self.desk.sheet())
    }

    fn text(&self) -> &'static UploadText {
        &self.desk.frame.lang.text().upload
    }

    fn t(&self) -> &'static ResultsText {
        &self.text().results
    }

    fn title(&self) -> &'static str {
        self.t().results_title
    }

    fn has_left_out(&self) -> bool {
        self.left_out > 0
    }

    fn lead(&self) -> String {
        let invited = (self.t().were_invited)(self.invited);
        match self.left_out {
            0 => invited,
            left_out => invited + self.desk.frame.space() + &(self.t().were_not)(left_out),
        }
    }
}
