//! The fields of the forms that invite.

use std::collections::BTreeMap;

use super::super::markup::{Markup, escape, sentence};
use crate::{
    domain::{
        company::{Field, RegisteredCompany, rules},
        sheet::{Cells, Column},
    },
    text::{self, Lang},
};

/// What is wrong, by the names of the fields.
pub type FieldMessages = BTreeMap<&'static str, String>;

/// A group of fields.
pub(super) struct FieldGroup<'a> {
    pub(super) legend: &'static str,
    pub(super) fields: Vec<FormField<'a>>,
}

/// A field with its label.
pub(super) struct FormField<'a> {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) value: &'a str,
    pub(super) error: Option<&'a str>,
    pub(super) hint: Option<String>,
    pub(super) optional: bool,
    pub(super) control: Control,
    pub(super) class: &'static str,
}

/// How a value is entered.
pub(super) enum Control {
    /// In one line, with these attributes.
    Line(&'static str),
    /// In several lines.
    Lines,
    /// From a list of values and names; the first is for none.
    List(&'static str, Vec<(&'static str, &'static str)>),
}

impl FormField<'_> {
    pub(super) fn has(&self, value: &str) -> bool {
        self.value.trim().eq_ignore_ascii_case(value)
    }

    /// What the control refers to, and whether it is wrong.
    pub(super) fn state(&self) -> Markup {
        let mut ids = Vec::new();
        let mut state = String::new();
        if self.error.is_some() {
            ids.push(format!("{}-error", self.name));
            state.push_str(" aria-invalid=true");
        }
        if self.hint.is_some() {
            ids.push(format!("{}-hint", self.name));
        }
        if !ids.is_empty() {
            state.push_str(&format!(" aria-describedby=\"{}\"", ids.join(" ")));
        }
        sentence(state)
    }
}

/// The label of a column, for an address in the country.
fn column_label(column: Column, lang: Lang, country: &str) -> &'static str {
    let (form, company) = (&lang.text().upload.form, &lang.text().company);
    match column {
        Column::Email => form.mailbox,
        Column::Locale => form.language,
        Column::CustomerNumber => company.customer_number,
        Column::Message => form.message,
        Column::ExpiresAt => form.last_day,
        other => company_field(other).map_or("", |field| field.label(lang, country)),
    }
}

/// The same field of the company form.
fn company_field(column: Column) -> Option<Field> {
    let name = column.name();
    Field::ALL.into_iter().find(|field| field.name() == name)
}

/// The fields of one invitation, in the order of the language.
pub(super) fn groups<'a>(
    lang: Lang,
    cells: &'a Cells,
    messages: &'a FieldMessages,
    days: &str,
) -> Vec<FieldGroup<'a>> {
    use Column::{
        City, CompanyName, Country, CustomerNumber, Email, ExpiresAt, FirstName, LastName, Locale,
        Message, Phone, PostalCode, Region, Street, VatNumber, Website,
    };
    let (form, company) = (&lang.text().upload.form, &lang.text().company);
    let names = if lang.is_largest_first() {
        [LastName, FirstName]
    } else {
        [FirstName, LastName]
    };
    let address = if lang.is_largest_first() {
        [Country, PostalCode, Region, City, Street]
    } else {
        [Country, Street, PostalCode, City, Region]
    };
    let field = |column: &Column| column_field(*column, (lang, days), cells, messages);
    let group = |legend, columns: &[&[Column]]| FieldGroup {
        legend,
        fields: columns.concat().iter().map(field).collect(),
    };
    vec![
        group(
            form.recipient,
            &[&[Email], &names, &[Locale, ExpiresAt, Message]],
        ),
        group(
            company.company,
            &[
                &[CompanyName, CustomerNumber, VatNumber],
                &address,
                &[Phone, Website],
            ],
        ),
    ]
}

fn column_field<'a>(
    column: Column,
    (lang, days): (Lang, &str),
    cells: &'a Cells,
    messages: &'a FieldMessages,
) -> FormField<'a> {
    let country = cells.get(Column::Country).trim().to_ascii_uppercase();
    let form = &lang.text().upload.form;
    FormField {
        name: column.name(),
        label: column_label(column, lang, &country),
        value: cells.get(column),
        error: messages.get(column.name()).map(String::as_str),
        hint: match column {
            Column::Message => Some(form.message_hint.to_owned()),
            Column::ExpiresAt => Some((form.last_day_hint)(days)),
            _ => None,
        },
        optional: is_optional(column, &country),
        control: control(column, lang),
        class: match column {
            Column::Email
            | Column::Message
            | Column::CompanyName
            | Column::Country
            | Column::Street
            | Column::Region => "",
            _ => "half",
        },
    }
}

/// The seller may leave the state to the customer, and one of the names.
fn is_optional(column: Column, country: &str) -> bool {
    match column {
        Column::Email
        | Column::CompanyName
        | Column::Country
        | Column::Street
        | Column::City
        | Column::FirstName
        | Column::LastName => false,
        Column::PostalCode => !rules::needs_postal_code(country),
        _ => true,
    }
}

fn control(column: Column, lang: Lang) -> Control {
    let text = lang.text();
    Control::Line(match column {
        Column::Message => return Control::Lines,
        Column::Country => {
            let countries = text::countries(lang).to_vec();
            return Control::List(text.company.choose_country, countries);
        }
        Column::Locale => {
            let languages = Lang::ALL.map(|lang| (lang.tag(), lang.native_name()));
            return Control::List(text.upload.form.any_language, languages.to_vec());
        }
        Column::ExpiresAt => "type=date",
        Column::Email => "type=email maxlength=254 autocapitalize=off spellcheck=false required",
        Column::CompanyName => "maxlength=200 required",
        Column::Street => "maxlength=200 required",
        Column::City => "maxlength=100 required",
        Column::FirstName | Column::LastName | Column::Region => "maxlength=100",
        Column::CustomerNumber => {
            const _: () = assert!(RegisteredCompany::MAX_CUSTOMER_NUMBER == 50);
            "maxlength=50 spellcheck=false"
        }
        Column::VatNumber => "maxlength=40 autocapitalize=characters spellcheck=false",
        Column::Phone => "type=tel maxlength=40",
        Column::PostalCode => "maxlength=20 autocapitalize=characters spellcheck=false",
        Column::Website => "inputmode=url maxlength=2700 autocapitalize=off spellcheck=false",
    })
}

/// The inviter, as typed.
#[derive(Clone, Copy, Debug)]
pub struct InviterValues<'a> {
    /// The person.
    pub name: &'a str,
    /// The selling company.
    pub organization: &'a str,
    /// Gets the replies.
    pub email: &'a str,
    /// With the code of its country.
    pub phone: &'a str,
}

/// The fields about who invites.
pub(super) fn inviter_group<'a>(
    lang: Lang,
    inviter: InviterValues<'a>,
    messages: &'a FieldMessages,
) -> FieldGroup<'a> {
    let text = &lang.text().upload.form;
    let field = |(name, label, value, attributes, optional)| FormField {
        name,
        label,
        value,
        error: messages.get(name).map(String::as_str),
        hint: None,
        optional,
        control: Control::Line(attributes),
        class: "half",
    };
    let fields = [
        (
            "inviterName",
            text.inviter_name,
            inviter.name,
            "maxlength=100 required",
            false,
        ),
        (
            "inviterOrganization",
            text.organization,
            inviter.organization,
            "maxlength=200 autocomplete=organization required",
            false,
        ),
        (
            "inviterEmail",
            text.inviter_mailbox,
            inviter.email,
            "type=email maxlength=254 autocomplete=email",
            true,
        ),
        (
            "inviterPhone",
            text.inviter_phone,
            inviter.phone,
            "type=tel maxlength=40 autocomplete=tel",
            true,
        ),
    ];
    FieldGroup {
        legend: text.inviter,
        fields: fields.map(field).into(),
    }
}

/// Which entries to check, with links to them; `None` where nothing is wrong.
pub(super) fn attention(lang: Lang, groups: &[FieldGroup<'_>]) -> Option<Markup> {
    let wrong = groups
        .iter()
        .flat_map(|group| &group.fields)
        .filter(|field| field.error.is_some());
    let names: Vec<_> = wrong
        .map(|field| format!("<a href=#{}>{}</a>", field.name, escape(field.label)))
        .collect();
    let text = &lang.text().company;
    let count = names.len();
    (count > 0).then(|| {
        let names = names.join(text.comma);
        sentence((text.wrong_entries)(count == 1, &count.to_string(), &names))
    })
}
