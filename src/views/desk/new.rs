use askama::Template;

use super::{
    DeskFrame,
    fields::{self, Control, FieldGroup, FieldMessages, InviterValues},
};
use crate::{
    domain::sheet::Cells,
    text::DraftFormText,
    views::{Html, filters, markup::Markup},
};

/// The form for one invitation.
#[derive(Debug, Template)]
#[template(path = "desk/new.html")]
pub struct NewPage<'a> {
    /// What surrounds the page.
    pub desk: DeskFrame<'a>,
    /// The values of the fields.
    pub cells: &'a Cells,
    /// Who invites.
    pub inviter: InviterValues<'a>,
    /// What is wrong.
    pub messages: &'a FieldMessages,
    /// For how many days an invitation is valid that does not say it.
    pub days: i64,
    /// The `action` of the form.
    pub action: &'a str,
    /// What makes a second press the same as the first.
    pub key: &'a str,
}

impl NewPage<'_> {
    /// The page as HTML.
    #[must_use]
    pub fn render(&self) -> Html {
        Html::of(self, self.desk.sheet())
    }

    fn t(&self) -> &'static DraftFormText {
        &self.desk.frame.lang.text().upload.form
    }

    fn title(&self) -> &'static str {
        self.t().new_title
    }

    fn token(&self) -> &str {
        self.desk.token()
    }

    fn groups(&self) -> Vec<FieldGroup<'_>> {
        let (lang, days) = (self.desk.frame.lang, self.days.to_string());
        let mut groups = fields::groups(lang, self.cells, self.messages, &days);
        groups.push(fields::inviter_group(lang, self.inviter, self.messages));
        groups
    }

    fn attention(&self, groups: &[FieldGroup<'_>]) -> Option<Markup> {
        fields::attention(self.desk.frame.lang, groups)
    }
}
