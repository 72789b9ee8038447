//! Validates and normalises values by the rules of their country.

use super::{
    CompanyForm, Field, FieldErrors, Problem, form::MAX_URL, normal_form, phone, rules, website,
};
use crate::text::{self, Lang};
use normal_form::to_ascii;

/// Validates and normalises the values of a form, and collects their errors.
pub(super) struct Validator {
    country: String,
    /// The seller may leave the state to the customer.
    region_optional: bool,
    /// A person needs a first or a last name, not both.
    name_optional: bool,
}

impl Validator {
    /// For the customer, who completes the data.
    pub(super) fn of_customer(form: &CompanyForm) -> Self {
        Self::of_colleague(&country_of(&form.country), form)
    }

    /// For a person at a company in this country, an ISO 3166-1 alpha-2 code.
    pub(super) fn of_colleague(country: &str, form: &CompanyForm) -> Self {
        let is_given = |name: &str| matches!(single_line(name, usize::MAX), Ok(Some(_)));
        Self {
            country: country.to_owned(),
            region_optional: false,
            name_optional: is_given(&form.first_name) || is_given(&form.last_name),
        }
    }

    /// For the seller, who may leave the state and the person to the customer.
    pub(super) fn of_seller(form: &CompanyForm) -> Self {
        Self {
            country: country_of(&form.country),
            region_optional: true,
            name_optional: true,
        }
    }

    /// The form with each value in its normal form, or the errors in the order of the page.
    pub(super) fn normalize(&self, form: &CompanyForm) -> Result<CompanyForm, FieldErrors> {
        let values = self.all(Field::ALL, form)?;
        Ok(CompanyForm::of(values.map(Option::unwrap_or_default)))
    }

    /// The person's own fields in their normal form: first name, last name, phone.
    pub(super) fn person(&self, form: &CompanyForm) -> Result<[Option<String>; 3], FieldErrors> {
        self.all([Field::FirstName, Field::LastName, Field::Phone], form)
    }

    fn all<const N: usize>(
        &self,
        fields: [Field; N],
        form: &CompanyForm,
    ) -> Result<[Option<String>; N], FieldErrors> {
        let mut errors = Vec::new();
        let values = fields.map(|field| {
            self.check(field, form.value(field))
                .unwrap_or_else(|problem| {
                    errors.push((field, problem));
                    None
                })
        });
        if errors.is_empty() {
            Ok(values)
        } else {
            Err(FieldErrors(errors))
        }
    }

    /// The value in its normal form; `None` if it is empty and may be.
    pub(super) fn check(&self, field: Field, typed: &str) -> Result<Option<String>, Problem> {
        let max = match field {
            // A country is chosen from a list, so a long value is unknown rather than too long. A
            // website is measured as it is read.
            Field::Country | Field::Website => usize::MAX,
            _ => field.max_chars(),
        };
        match single_line(typed, max)? {
            Some(value) => self.normal_form(field, value).map(Some),
            None if self.is_optional(field) => Ok(None),
            None => Err(Problem::Missing),
        }
    }

    fn is_optional(&self, field: Field) -> bool {
        match field {
            Field::Region if self.region_optional => true,
            Field::FirstName | Field::LastName => self.name_optional,
            _ => field.optional(&self.country),
        }
    }

    fn normal_form(&self, field: Field, value: String) -> Result<String, Problem> {
        let rule = rules::of(&self.country);
        let ascii = to_ascii(&value);
        match field {
            Field::Country => text::country_name(&self.country, Lang::En)
                .map(|_| self.country.clone())
                .ok_or(Problem::UnknownCountry),
            _ if self.is_undecided(field, &ascii) => Ok(value),
            Field::PostalCode => {
                normal_form::postal_code(&ascii, rule).ok_or(Problem::PostalCode {
                    example: rule.postal.example,
                    country: rule.code,
                })
            }
            Field::VatNumber => normal_form::vat_number(&ascii, rule).ok_or(Problem::VatNumber {
                example: rule.vat.example,
            }),
            // An example is looked for in the data of all countries: only where it is shown.
            Field::Phone => {
                phone::normal_form(&ascii, &self.country).ok_or_else(|| Problem::Phone {
                    example: phone::example(&self.country),
                })
            }
            Field::Website => short_website(&value),
            Field::CompanyName
            | Field::Street
            | Field::City
            | Field::Region
            | Field::FirstName
            | Field::LastName => Ok(value),
        }
    }

    /// Whether the value is right in some countries and wrong in others, and the country is unknown:
    /// then the country alone is the error.
    fn is_undecided(&self, field: Field, typed: &str) -> bool {
        let depends_on_country = match field {
            Field::PostalCode => true,
            Field::VatNumber => typed.contains(|c: char| c.is_ascii_digit()),
            Field::Phone => !phone::is_international(typed),
            Field::CompanyName
            | Field::Street
            | Field::City
            | Field::Region
            | Field::Country
            | Field::FirstName
            | Field::LastName
            | Field::Website => false,
        };
        let is_unknown = || text::country_name(&self.country, Lang::En).is_none();
        depends_on_country && !self.country.is_empty() && is_unknown()
    }
}

fn short_website(typed: &str) -> Result<String, Problem> {
    let max = Field::Website.max_chars();
    let url = Some(typed)
        .filter(|typed| typed.len() <= MAX_URL)
        .and_then(website::normal_form);
    let stored = url.as_deref().unwrap_or(typed);
    let shown = url.as_deref().map(website::readable);
    let characters = shown.as_deref().unwrap_or(typed).chars().count();
    if stored.len() > MAX_URL || characters > max {
        return Err(Problem::TooLong { max });
    }
    url.ok_or(Problem::Website)
}

fn country_of(typed: &str) -> String {
    typed.trim().to_ascii_uppercase()
}

/// One line, white space collapsed; `None` if it is empty. Invisible characters, which come along
/// when people paste, are removed; control characters are refused.
pub(crate) fn single_line(typed: &str, max: usize) -> Result<Option<String>, Problem> {
    let visible = text::remove_invisible(typed);
    let value = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    if value.chars().any(char::is_control) {
        return Err(Problem::ControlCharacters);
    }
    if value.chars().count() > max {
        return Err(Problem::TooLong { max });
    }
    Ok(Some(value).filter(|value| !value.is_empty()))
}
