use askama::Template;
use time::OffsetDateTime;
use uuid::Uuid;

use super::label::Label;
use super::markup::{Markup, bdi, clean, plain, sentence};
use super::{Contact, Frame, Html, Sheet, SheetKind, filters};
use crate::domain::company::{Company, CompanyForm, Field, FieldErrors, Person};
use crate::text::{self, CompanyText, JoinText, names};

/// A company that a colleague has created: it is shown as it is, and can be joined.
#[derive(Debug, Template)]
#[template(path = "join.html")]
pub struct JoinPage<'a> {
    /// The parts that all pages share.
    pub frame: Frame<'a>,
    /// The company's id: no other one is joined.
    pub id: Uuid,
    /// The company.
    pub company: &'a Company,
    /// The seller's number of the company.
    pub customer_number: Option<&'a str>,
    /// Who created it; `None` where that is not known any more.
    pub creator: Option<&'a Person>,
    /// When it was created.
    pub created_at: OffsetDateTime,
    /// Whether it was created while the recipient had the form of a new company open.
    pub is_late: bool,
    /// The recipient's name and phone.
    pub form: &'a CompanyForm,
    /// What is wrong with them.
    pub errors: &'a FieldErrors,
    /// The invited address, unmasked: its owner has signed in.
    pub email: &'a str,
    /// The `action` of the form.
    pub action: &'a str,
    /// The hidden field `token`.
    pub form_token: &'a str,
    /// The hidden field `ticket`: leads on where the session is lost.
    pub ticket: &'a str,
    /// The inviter, and what can be asked of them.
    pub contact: Option<&'a Contact<'a>>,
}

/// A field about the recipient.
struct Entry<'a> {
    field: Field,
    label: &'static str,
    value: &'a str,
    error: Option<String>,
    optional: bool,
    has_focus: bool,
    attributes: &'static str,
    class: &'static str,
}

impl JoinPage<'_> {
    /// The page as HTML.
    pub fn render(&self) -> Html {
        Html::of(self, self.sheet())
    }

    fn sheet(&self) -> &Sheet {
        self.frame.sheet(SheetKind::Company)
    }

    fn t(&self) -> &'static JoinText {
        &self.frame.text().join
    }

    fn company_text(&self) -> &'static CompanyText {
        &self.frame.text().company
    }

    fn step(&self) -> usize {
        3
    }

    fn title(&self) -> String {
        plain(self.t().title, self.company.name())
    }

    fn heading(&self) -> Markup {
        sentence((self.t().title)(&bdi(self.company.name())))
    }

    fn lead(&self) -> Markup {
        let when = text::format_day(self.created_at, self.frame.lang);
        let created = match self.creator {
            Some(person) => {
                let name = names::full(&clean(&person.first_name), &clean(&person.last_name));
                (self.t().created)(&bdi(&name), &when)
            }
            None => (self.t().created_before)(&when),
        };
        sentence(created + self.frame.space() + self.t().lead)
    }

    /// The company, with the recipient in place of its creator.
    fn label(&self) -> Markup {
        let own = self.form;
        let company = CompanyForm::from(&self.company.clone().without_person());
        // What is wrong stands in the fields alone.
        let company = if !self.errors.is_empty() {
            company
        } else {
            CompanyForm {
                phone: own.phone.clone(),
                ..company.with_person(&own.first_name, &own.last_name)
            }
        };
        let label = Label {
            lang: self.frame.lang,
            company,
            customer_number: self.customer_number,
            // In the form: the first screen of a phone has no room for it.
            email: "",
        };
        label.markup()
    }

    /// In the order in which names are written.
    fn entries(&self) -> Vec<Entry<'_>> {
        let mut fields = [
            (Field::FirstName, "autocomplete=given-name", "half"),
            (Field::LastName, "autocomplete=family-name", "half"),
            (Field::Phone, "type=tel autocomplete=tel", ""),
        ];
        if self.frame.lang.is_largest_first() {
            fields.swap(0, 1);
        }
        let is_wrong = |field| self.errors.get(field).is_some();
        let first_wrong = fields.iter().find(|(field, ..)| is_wrong(*field));
        let first_wrong = first_wrong.map(|(field, ..)| *field);
        fields
            .into_iter()
            .map(|(field, attributes, class)| Entry {
                field,
                label: field.label(self.frame.lang, self.company.country()),
                value: self.form.value(field),
                error: self
                    .errors
                    .get(field)
                    .map(|problem| problem.message(self.frame.lang)),
                optional: field.optional(self.company.country()),
                has_focus: first_wrong == Some(field),
                attributes,
                class,
            })
            .collect()
    }
}
