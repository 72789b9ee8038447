use askama::Template;

use super::markup::{Markup, breakable, escape, sentence};
use crate::{
    domain::company::{self, CompanyForm, Field},
    text::{
        self, Lang,
        address::{Address, Layout, Part, Piece},
        names, unbroken,
    },
};

/// What an empty value is in the page.
const EMPTY: &str = "<bdi></bdi>";

/// A company as a postal label: its address as its country writes it, the other data below.
#[derive(Debug, Template)]
#[template(path = "label.html")]
pub(super) struct Label<'a> {
    /// The language of the page.
    pub(super) lang: Lang,
    /// The company and its contact person; what is empty is left out.
    pub(super) company: CompanyForm,
    /// The seller's number of the company.
    pub(super) customer_number: Option<&'a str>,
    /// The mailbox of the contact person.
    pub(super) email: &'a str,
}

impl Label<'_> {
    pub(super) fn markup(self) -> Markup {
        let company = company::readable(self.company);
        let label = Self { company, ..self };
        // Its template has no fallible expression.
        sentence(label.render().unwrap_or_default())
    }

    fn layout(&self) -> Layout<'_> {
        let company = &self.company;
        Layout::of(&Address {
            organization: &company.company_name,
            street: &company.street,
            city: &company.city,
            region: &company.region,
            postal_code: &company.postal_code,
            country: &company.country,
        })
    }

    /// Each value is isolated, so that its writing direction does not affect the others.
    fn lines(&self) -> Vec<Vec<Markup>> {
        let (company, layout) = (&self.company, self.layout());
        let markup = |piece: &Piece<'_>| match *piece {
            Piece::Value(Part::Organization, name) => {
                sentence(format!("<strong>{}</strong>", breakable(name)))
            }
            Piece::Value(_, value) => sentence(breakable(value)),
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

    fn facts(&self) -> Vec<Fact> {
        let (text, company) = (&self.lang.text().company, &self.company);
        let label = |field: Field| field.label(self.lang, &company.country);
        let own = |name, value: &str| (name, breakable(value), true);
        let fact = |name, value: &str| (name, breakable(value), false);
        let unprinted = self.layout().unprinted.into_iter();
        let unprinted =
            unprinted.filter_map(|(part, value)| Some(fact(label(field(part)?), value)));
        let phone = unbroken(company.phone.clone());
        let facts = [
            own(
                text.contact,
                &names::full(&company.first_name, &company.last_name),
            ),
            own(text.email, self.email),
            own(label(Field::Phone), &phone),
            fact(label(Field::VatNumber), &company.vat_number),
            fact(label(Field::Website), &company.website),
            fact(
                text.customer_number,
                self.customer_number.unwrap_or_default(),
            ),
        ];
        unprinted
            .chain(facts)
            .filter(|(_, value, _)| value != EMPTY)
            .map(|(name, value, is_own)| Fact {
                name,
                value: sentence(value),
                is_own,
            })
            .collect()
    }
}

/// A value of the company that is not a part of its address.
struct Fact {
    name: &'static str,
    value: Markup,
    /// Whether it is about the contact person.
    is_own: bool,
}

/// The field with this part of an address.
pub(super) fn field(part: Part) -> Option<Field> {
    match part {
        Part::Organization => None,
        Part::Street => Some(Field::Street),
        Part::City => Some(Field::City),
        Part::Region => Some(Field::Region),
        Part::PostalCode => Some(Field::PostalCode),
    }
}
