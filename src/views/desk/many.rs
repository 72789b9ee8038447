use askama::Template;

use super::{
    DeskFrame,
    fields::{self, Control, FieldGroup, FieldMessages, InviterValues},
};
use crate::{
    domain::sheet::Column,
    text::{ManyText, UploadText},
    views::{Html, filters, markup::Markup},
};

/// The form for a file.
#[derive(Debug, Template)]
#[template(path = "desk/many.html")]
pub struct ManyPage<'a> {
    /// What surrounds the page.
    pub desk: DeskFrame<'a>,
    /// Who invites.
    pub inviter: InviterValues<'a>,
    /// What is wrong.
    pub messages: &'a FieldMessages,
    /// Why the file was refused.
    pub refused: Option<&'a str>,
    /// The `action` of the form.
    pub action: &'a str,
    /// Where the template is.
    pub template_url: &'a str,
    /// What makes a second press the same as the first.
    pub key: &'a str,
    /// Uploads that are kept.
    pub earlier: &'a [EarlierUpload],
}

/// An upload that is kept.
#[derive(Debug)]
pub struct EarlierUpload {
    /// Where it is.
    pub url: String,
    /// When it was made.
    pub created: String,
    /// Its rows.
    pub rows: usize,
    /// How many of them have a result; `None` before it is started.
    pub done: Option<usize>,
}

impl ManyPage<'_> {
    /// The page as HTML.
    #[must_use]
    pub fn render(&self) -> Html {
        Html::of(self, self.desk.sheet())
    }

    fn text(&self) -> &'static UploadText {
        &self.desk.frame.lang.text().upload
    }

    fn t(&self) -> &'static ManyText {
        &self.text().many
    }

    fn title(&self) -> &'static str {
        self.t().many_title
    }

    fn required_columns(&self) -> String {
        let names = Column::REQUIRED.map(Column::name);
        (self.t().required_columns)(&names.join(self.desk.frame.lang.text().company.comma))
    }

    fn groups(&self) -> [FieldGroup<'_>; 1] {
        [fields::inviter_group(
            self.desk.frame.lang,
            self.inviter,
            self.messages,
        )]
    }

    fn attention(&self, groups: &[FieldGroup<'_>]) -> Option<Markup> {
        fields::attention(self.desk.frame.lang, groups)
    }

    fn state_of(&self, upload: &EarlierUpload) -> String {
        let rows = upload.rows.to_string();
        match upload.done {
            None => (self.t().earlier_draft)(&rows),
            Some(done) => (self.t().earlier_done)(&done.to_string(), &rows),
        }
    }
}
