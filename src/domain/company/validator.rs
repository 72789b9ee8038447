//! Validates and normalises values by the rules of their country.

use super::{CompanyForm, Field, FieldErrors, Problem, normal_form, phone, rules};
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
        // A country is chosen from a list, so a long value is unknown rather than too long.
        let max = if field == Field::Country {
            usize::MAX
        } else {
            field.max_chars()
        };
        match single_line(typed, max)? {
            Some(value) => self.normal_form(field, value, max).map(Some),
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

    fn normal_form(&self, field: Field, value: String, max: usize) -> Result<String, Problem> {
        let rule = rules::of(&self.country);
        let ascii = to_ascii(&value);
        match field {
            Field::Country => text::country_name(&self.country, Lang::En)
                .map(|_| self.country.clone())
                .ok_or(Problem::UnknownCountry),
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
            Field::Website => normal_form::website(&ascii)
                .filter(|url| url.chars().count() <= max)
                .ok_or(Problem::Website),
            Field::CompanyName
            | Field::Street
            | Field::City
            | Field::Region
            | Field::FirstName
            | Field::LastName => Ok(value),
        }
    }
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
