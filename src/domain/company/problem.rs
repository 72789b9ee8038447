//! What is wrong with a value, and with a form.

use super::Field;
use crate::text::{self, Lang};

/// The error of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// It is required.
    Missing,
    /// It has more than `max` characters.
    TooLong {
        /// The maximum length in characters.
        max: usize,
    },
    /// It has control characters.
    ControlCharacters,
    /// It is neither an assigned ISO 3166-1 alpha-2 code nor `XK`.
    UnknownCountry,
    /// It is not a postal code of the country.
    PostalCode {
        /// A valid one.
        example: &'static str,
        /// Its ISO 3166-1 alpha-2 code; empty where its way of writing is not known.
        country: &'static str,
    },
    /// It is not a phone number as dialled in the country, or in international form.
    Phone {
        /// A valid one, as dialled in the country.
        example: &'static str,
    },
    /// It is not a VAT number of the country.
    VatNumber {
        /// A valid one.
        example: &'static str,
    },
    /// It is not an address of a public website.
    Website,
}

impl Problem {
    /// The message on the page.
    pub fn message(self, lang: Lang) -> String {
        let text = &lang.text().problem;
        let unbroken = |example: &str| text::unbroken(example.to_owned());
        match self {
            Problem::Missing => text.missing.to_owned(),
            Problem::TooLong { max } => (text.too_long)(&max.to_string()),
            Problem::ControlCharacters => text.invisible_characters.to_owned(),
            Problem::UnknownCountry => text.unknown_country.to_owned(),
            Problem::PostalCode { example, country } => match text::country_name(country, lang) {
                Some(name) => (text.postal_code)(&unbroken(example), name),
                None => (text.postal_code_any)(&unbroken(example)),
            },
            Problem::Phone { example } => (text.phone)(&unbroken(example)),
            Problem::VatNumber { example } => (text.vat_number)(&unbroken(example)),
            Problem::Website => text.website.to_owned(),
        }
    }

    /// What is wrong with a JSON member, for programs and their authors; `country` is that of the
    /// company, as it was sent.
    pub fn detail(self, country: &str) -> String {
        let of_country = || {
            text::country_name(country.trim(), Lang::En)
                .map_or(String::new(), |name| format!(" of {name}"))
        };
        match self {
            Problem::Missing => "must not be empty".to_owned(),
            Problem::TooLong { max } => format!("must have at most {max} characters"),
            Problem::ControlCharacters => "must not contain control characters".to_owned(),
            Problem::UnknownCountry => unknown_country(country),
            Problem::PostalCode { example, .. } => {
                format!("must be a postal code{} such as {example}", of_country())
            }
            Problem::Phone { example } => format!(
                "must be a phone number such as {example}: with + and the country code, or as \
                 dialled in the country"
            ),
            Problem::VatNumber { example } => {
                format!("must be a VAT number{} such as {example}", of_country())
            }
            Problem::Website => {
                "must be an http or https URL of a public host such as https://example.com"
                    .to_owned()
            }
        }
    }

    /// A stable code for programs.
    pub const fn code(self) -> &'static str {
        match self {
            Problem::Missing => "missing",
            Problem::TooLong { .. } => "too_long",
            Problem::ControlCharacters => "control_characters",
            Problem::UnknownCountry => "unknown_country",
            Problem::PostalCode { .. } => "postal_code",
            Problem::Phone { .. } => "phone",
            Problem::VatNumber { .. } => "vat_number",
            Problem::Website => "website",
        }
    }
}

/// With the code of the country that is probably meant: reserved codes, and English names.
fn unknown_country(given: &str) -> String {
    let given = given.trim();
    let meant = match given {
        "UK" => Some("GB"),
        "EL" => Some("GR"),
        _ => text::country_codes().into_iter().find(|code| {
            text::country_name(code, Lang::En).is_some_and(|name| name.eq_ignore_ascii_case(given))
        }),
    };
    let hint = meant.and_then(|code| {
        let name = text::country_name(code, Lang::En)?;
        Some(format!("; for {}{name} use {code}", article(name)))
    });
    format!(
        "is not an ISO 3166-1 alpha-2 code{}",
        hint.unwrap_or_default()
    )
}

fn article(name: &str) -> &'static str {
    if name.starts_with("United ") {
        "the "
    } else {
        ""
    }
}

/// The errors of a form, at most one a field, in the order of the page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors(pub(super) Vec<(Field, Problem)>);

impl FieldErrors {
    /// No errors.
    pub const NONE: FieldErrors = FieldErrors(Vec::new());

    /// Whether the form is valid.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The number of invalid fields.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The error of the field.
    pub fn get(&self, field: Field) -> Option<Problem> {
        self.0
            .iter()
            .find(|(wrong, _)| *wrong == field)
            .map(|(_, problem)| *problem)
    }

    /// In the order of the page.
    pub fn iter(&self) -> impl Iterator<Item = (Field, Problem)> + '_ {
        self.0.iter().copied()
    }
}
