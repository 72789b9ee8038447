use askama::Template;

use super::{DeskFrame, review::DeskExisting};
use crate::{
    text::{Lang, RowsText, UploadText},
    views::{Html, filters},
};

/// A file before anyone is invited: what has to be corrected, and who will be invited.
#[derive(Debug, Template)]
#[template(path = "desk/rows.html")]
pub struct RowsPage<'a> {
    /// What surrounds the page.
    pub desk: DeskFrame<'a>,
    /// The number of rows.
    pub all: usize,
    /// The number of those that can be invited.
    pub valid: u32,
    /// What is wrong on this page.
    pub wrong: &'a [WrongRow],
    /// Who will be invited, on this page.
    pub people: &'a [PersonRow],
    /// Other pages.
    pub pages: Pages,
    /// Where the rows to correct are, as a file.
    pub corrections_url: &'a str,
    /// The `action` of the form.
    pub action: &'a str,
}

/// A cell that is wrong.
#[derive(Debug)]
pub struct WrongRow {
    /// As a spreadsheet counts.
    pub number: usize,
    /// The name of the column in the file; empty where it is not about one.
    pub column: &'static str,
    /// What the file says.
    pub cell: String,
    /// What to do.
    pub message: String,
}

/// Who is invited by a row.
#[derive(Debug)]
pub struct PersonRow {
    /// As a spreadsheet counts.
    pub number: usize,
    /// The mailbox.
    pub email: String,
    /// The person.
    pub name: String,
    /// The company.
    pub company: String,
    /// What is there already.
    pub existing: DeskExisting,
}

/// Where other pages of the rows are.
#[derive(Debug, Default)]
pub struct Pages {
    /// The first, if this is another.
    pub first: Option<String>,
    /// The next, if there is one.
    pub next: Option<String>,
}

impl RowsPage<'_> {
    /// The page as HTML.
    #[must_use]
    pub fn render(&self) -> Html {
        Html::of(self, self.desk.sheet())
    }

    fn text(&self) -> &'static UploadText {
        &self.desk.frame.lang.text().upload
    }

    fn t(&self) -> &'static RowsText {
        &self.text().rows
    }

    fn lang(&self) -> Lang {
        self.desk.frame.lang
    }

    fn title(&self) -> &'static str {
        self.t().rows_title
    }

    fn has_valid(&self) -> bool {
        self.valid > 0
    }

    fn invite(&self) -> String {
        (self.t().invite)(self.valid)
    }

    fn has_wrong(&self) -> bool {
        (self.valid as usize) < self.all
    }

    fn lead(&self) -> String {
        match self.valid {
            0 => self.t().none_valid.to_owned(),
            all if !self.has_wrong() => (self.t().all_valid)(all),
            some => (self.t().some_valid)(&some.to_string(), &self.all.to_string()),
        }
    }
}
