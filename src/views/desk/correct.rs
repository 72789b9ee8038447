use askama::Template;

use super::{
    DeskForm, DeskFrame,
    fields::{self, Control, FieldGroup, FieldMessages},
};
use crate::{
    domain::{invitation::InvitationId, sheet::Cells},
    text::DeskCorrectText,
    views::{Html, filters, markup::Markup},
};

/// The form that corrects an invitation.
#[derive(Debug, Template)]
#[template(path = "desk/correct.html")]
pub struct DeskCorrectPage<'a> {
    /// What surrounds the page.
    pub desk: DeskFrame<'a>,
    /// The invitation.
    pub id: InvitationId,
    /// The values of the fields.
    pub cells: &'a Cells,
    /// What is wrong.
    pub messages: &'a FieldMessages,
    /// Whether the company can be corrected: it is no company that exists already.
    pub takes_company: bool,
    /// For how many days an invitation is valid that does not say it.
    pub days: i64,
    /// Whether others have changed the invitation since the form was opened.
    pub is_overtaken: bool,
    /// What the form carries.
    pub form: DeskForm,
}

impl DeskCorrectPage<'_> {
    /// The page as HTML.
    #[must_use]
    pub fn render(&self) -> Html {
        Html::of(self, self.desk.sheet())
    }

    fn t(&self) -> &'static DeskCorrectText {
        &self.desk.t().correct
    }

    fn title(&self) -> &'static str {
        self.t().correct_title
    }

    fn address(&self) -> String {
        format!("/api/desk/invitations/{}", self.id)
    }

    fn groups(&self) -> Vec<FieldGroup<'_>> {
        let (lang, days) = (self.desk.frame.lang, self.days.to_string());
        let groups = fields::groups(lang, self.cells, self.messages, &days);
        let count = if self.takes_company { 2 } else { 1 };
        groups.into_iter().take(count).collect()
    }

    fn attention(&self, groups: &[FieldGroup<'_>]) -> Option<Markup> {
        fields::attention(self.desk.frame.lang, groups)
    }
}
