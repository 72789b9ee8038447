use askama::Template;

use super::markup::{Markup, escape, sentence};
use super::rendered;
use crate::{
    domain::company::{CompanyForm, Field, phone},
    text::{
        self, Lang,
        address::{Address, Layout, Part, Piece},
        names,
    },
};

/// A company as a postal label: its address as its country writes it, the other data below.
#[derive(Debug, Template)]
#[template(path = "label.html")]
pub(super) struct Label<'a> {
    /// The language of the page.
    pub(super) lang: Lang,
    /// The company and its contact person; what is empty is left out.
    pub(super) company: &'a CompanyForm,
    /// The seller's number of the company.
    pub(super) customer_number: Option<&'a str>,
    /// The mailbox of the contact person.
    pub(super) email: &'a str,
}

impl Label<'_> {
    pub(super) fn markup(&self) -> Markup {
        sentence(rendered(self))
    }

    /// Each value is isolated, so that its writing direction does not affect the others.
    fn lines(&self) -> Vec<Vec<Markup>> {
        let company = self.company;
        let layout = Layout::of(&Address {
            organization: &company.company_name,
            street: &company.street,
            city: &company.city,
            region: &company.region,
            postal_code: &company.postal_code,
            country: &company.country,
        });
        let markup = |piece: &Piece<'_>| match *piece {
            Piece::Value(Part::Organization, name) => {
                sentence(format!("<strong>{}</strong>", unbroken(name)))
            }
            Piece::Value(_, value) => sentence(unbroken(value)),
            Piece::Literal(text) => sentence(escape(text)),
        };
        let of_line = |line: &Vec<Piece<'_>>| line.iter().map(markup).collect();
        let mut lines: Vec<Vec<Markup>> = layout.lines.iter().map(of_line).collect();
        if let Some(country) = text::country_name(&company.country, self.lang) {
            let at = if layout.from_large { 0 } else { lines.len() };
            lines.insert(at, vec![sentence(escape(country))]);
        }
        lines
    }

    fn facts(&self) -> Vec<(&'static str, Markup)> {
        let (text, company) = (&self.lang.text().company, self.company);
        let label = |field: Field| field.label(self.lang, &company.country);
        let facts = [
            (
                text.contact,
                names::full(&company.first_name, &company.last_name),
            ),
            (text.email, self.email.to_owned()),
            (label(Field::Phone), phone::international(&company.phone)),
            (label(Field::VatNumber), company.vat_number.clone()),
            (label(Field::Website), company.website.clone()),
            (
                text.customer_number,
                self.customer_number.unwrap_or_default().to_owned(),
            ),
        ];
        facts
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (name, sentence(unbroken(&value))))
            .collect()
    }
}

/// A value isolated in its writing direction, and not shortened as names elsewhere.
fn unbroken(value: &str) -> String {
    format!("<bdi>{}</bdi>", escape(&text::remove_invisible(value)))
}
