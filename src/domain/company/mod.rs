//! The company that is created at the end of the journey: the form, its validation, and the result.

mod colleague;
mod confirmed;
mod normal_form;
pub mod rules;

use serde::{Deserialize, Serialize};
use utoipa::{
    ToSchema,
    openapi::{ObjectBuilder, Schema, Type},
};

use crate::text::{self, Lang};
pub use confirmed::ConfirmedCompany;
use normal_form::to_ascii;

/// A phone number with its country code, in E.164, with `;ext=` where there is an extension.
#[must_use]
pub fn international_phone(typed: &str) -> Option<String> {
    let is_short = typed.chars().count() <= 40;
    is_short.then(|| normal_form::phone(typed, "")).flatten()
}

/// The company form as it is posted, not validated.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "the fields are those of the form")]
pub struct CompanyForm {
    pub company_name: String,
    pub street: String,
    pub postal_code: String,
    pub city: String,
    pub region: String,
    pub country: String,
    pub phone: String,
    pub vat_number: String,
    pub website: String,
    pub first_name: String,
    pub last_name: String,
}

impl CompanyForm {
    /// The value of the field.
    pub fn value(&self, field: Field) -> &str {
        match field {
            Field::CompanyName => &self.company_name,
            Field::VatNumber => &self.vat_number,
            Field::Website => &self.website,
            Field::Country => &self.country,
            Field::Street => &self.street,
            Field::PostalCode => &self.postal_code,
            Field::City => &self.city,
            Field::Region => &self.region,
            Field::FirstName => &self.first_name,
            Field::LastName => &self.last_name,
            Field::Phone => &self.phone,
        }
    }

    /// From the values in the order of [`Field::ALL`].
    #[must_use]
    pub fn of(values: [String; Field::ALL.len()]) -> CompanyForm {
        let [
            company_name,
            vat_number,
            website,
            country,
            street,
            postal_code,
            city,
            region,
            first_name,
            last_name,
            phone,
        ] = values;
        CompanyForm {
            company_name,
            street,
            postal_code,
            city,
            region,
            country,
            phone,
            vat_number,
            website,
            first_name,
            last_name,
        }
    }

    /// Fills in the person, which a registered company does not have.
    #[must_use]
    pub fn with_person(mut self, first_name: &str, last_name: &str) -> CompanyForm {
        first_name.clone_into(&mut self.first_name);
        last_name.clone_into(&mut self.last_name);
        self
    }
}

/// A field of the form, in the order of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the fields are those of the form")]
pub enum Field {
    CompanyName,
    VatNumber,
    Website,
    Country,
    Street,
    PostalCode,
    City,
    Region,
    FirstName,
    LastName,
    Phone,
}

impl Field {
    /// In the order of the page.
    pub const ALL: [Field; 11] = [
        Field::CompanyName,
        Field::VatNumber,
        Field::Website,
        Field::Country,
        Field::Street,
        Field::PostalCode,
        Field::City,
        Field::Region,
        Field::FirstName,
        Field::LastName,
        Field::Phone,
    ];

    /// The `name` attribute of the field.
    pub const fn name(self) -> &'static str {
        match self {
            Field::CompanyName => "companyName",
            Field::VatNumber => "vatNumber",
            Field::Website => "website",
            Field::Country => "country",
            Field::Street => "street",
            Field::PostalCode => "postalCode",
            Field::City => "city",
            Field::Region => "region",
            Field::FirstName => "firstName",
            Field::LastName => "lastName",
            Field::Phone => "phone",
        }
    }

    /// The label of the field.
    pub const fn label(self, lang: Lang) -> &'static str {
        let text = &lang.text().company;
        match self {
            Field::CompanyName => text.company_name,
            Field::VatNumber => text.vat_number,
            Field::Website => text.website,
            Field::Country => text.country,
            Field::Street => text.street,
            Field::PostalCode => text.postal_code,
            Field::City => text.city,
            Field::Region => text.region,
            Field::FirstName => text.first_name,
            Field::LastName => text.last_name,
            Field::Phone => text.phone,
        }
    }

    /// The maximum length in characters.
    pub const fn max_chars(self) -> usize {
        match self {
            Field::CompanyName | Field::Street | Field::Website => 200,
            Field::City | Field::Region | Field::FirstName | Field::LastName => 100,
            Field::Phone | Field::VatNumber => 40,
            Field::PostalCode => 20,
            Field::Country => 2,
        }
    }

    /// Whether it is optional in the country.
    pub fn optional(self, country: &str) -> bool {
        match self {
            Field::VatNumber | Field::Website | Field::Phone => true,
            Field::PostalCode => !rules::has_postal_codes(country),
            Field::Region => !rules::needs_region(country),
            Field::CompanyName
            | Field::Country
            | Field::Street
            | Field::City
            | Field::FirstName
            | Field::LastName => false,
        }
    }
}

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
    Phone,
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
        match self {
            Problem::Missing => text.missing.to_owned(),
            Problem::TooLong { max } => (text.too_long)(&max.to_string()),
            Problem::ControlCharacters => text.invisible_characters.to_owned(),
            Problem::UnknownCountry => text.unknown_country.to_owned(),
            Problem::PostalCode { example, country } => match text::country_name(country, lang) {
                Some(name) => (text.postal_code)(&format!("{example} ({name})")),
                None => (text.postal_code)(example),
            },
            Problem::Phone => text.phone.to_owned(),
            Problem::VatNumber { example } => (text.vat_number)(example),
            Problem::Website => text.website.to_owned(),
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
            Problem::Phone => "phone",
            Problem::VatNumber { .. } => "vat_number",
            Problem::Website => "website",
        }
    }
}

/// The errors of a form, at most one a field, in the order of the page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors(Vec<(Field, Problem)>);

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

/// The contact person at the company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are those of the form")]
pub struct Person {
    pub first_name: String,
    pub last_name: String,
}

/// A company as it was created. Only [`Company::parse`] makes a new one. Reading one from the store
/// does not validate it again, because the rules may have changed since.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Company {
    company_name: String,
    street: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    postal_code: Option<String>,
    city: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    region: Option<String>,
    country: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    vat_number: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    website: Option<String>,
    #[serde(flatten)]
    contact: Person,
}

impl Company {
    /// Validates and normalises the form: white space is trimmed and collapsed, codes become upper
    /// case, the phone number E.164, the website a URL.
    pub fn parse(form: &CompanyForm) -> Result<Company, FieldErrors> {
        let mut validator = Validator {
            country: country_of(&form.country),
            region_optional: false,
            name_optional: false,
            errors: Vec::new(),
        };
        validator.name_optional = is_given(&form.first_name) || is_given(&form.last_name);
        let mut take = |field| validator.take(field, form.value(field));
        let [
            company_name,
            vat_number,
            website,
            country,
            street,
            postal_code,
            city,
            region,
            first_name,
            last_name,
            phone,
        ] = Field::ALL.map(&mut take);
        if !validator.errors.is_empty() {
            return Err(FieldErrors(validator.errors));
        }
        Ok(Company {
            company_name: company_name.unwrap_or_default(),
            street: street.unwrap_or_default(),
            postal_code,
            city: city.unwrap_or_default(),
            region,
            country: country.unwrap_or_default(),
            phone,
            vat_number,
            website,
            contact: Person {
                first_name: first_name.unwrap_or_default(),
                last_name: last_name.unwrap_or_default(),
            },
        })
    }

    /// The legal or trade name.
    pub fn name(&self) -> &str {
        &self.company_name
    }

    /// Street and number.
    pub fn street(&self) -> &str {
        &self.street
    }

    /// None only in countries that have no postal codes.
    pub fn postal_code(&self) -> Option<&str> {
        self.postal_code.as_deref()
    }

    /// City or town.
    pub fn city(&self) -> &str {
        &self.city
    }

    /// State, province or county.
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// ISO 3166-1 alpha-2, or `XK`.
    pub fn country(&self) -> &str {
        &self.country
    }

    /// E.164: `+` and 7 to 15 digits, then `;ext=` and digits if there is an extension.
    pub fn phone(&self) -> Option<&str> {
        self.phone.as_deref()
    }

    /// Upper case, without separators.
    pub fn vat_number(&self) -> Option<&str> {
        self.vat_number.as_deref()
    }

    /// An http or https URL.
    pub fn website(&self) -> Option<&str> {
        self.website.as_deref()
    }

    /// The contact person.
    pub fn contact(&self) -> &Person {
        &self.contact
    }
}

impl From<&Company> for CompanyForm {
    fn from(company: &Company) -> CompanyForm {
        let optional = |value: &Option<String>| value.clone().unwrap_or_default();
        CompanyForm {
            company_name: company.company_name.clone(),
            street: company.street.clone(),
            postal_code: optional(&company.postal_code),
            city: company.city.clone(),
            region: optional(&company.region),
            country: company.country.clone(),
            phone: optional(&company.phone),
            vat_number: optional(&company.vat_number),
            website: optional(&company.website),
            first_name: company.contact.first_name.clone(),
            last_name: company.contact.last_name.clone(),
        }
    }
}

/// A company as an integrator registers it with an invitation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RegisteredCompany {
    /// The legal or trade name.
    #[serde(default)]
    #[schema(max_length = 200, min_length = 1, required = true)]
    pub name: String,
    /// Street and number.
    #[serde(default)]
    #[schema(max_length = 200, min_length = 1, required = true)]
    pub street: String,
    /// By the country's rule; empty or absent where the country has none.
    #[serde(default)]
    #[schema(max_length = 20)]
    pub postal_code: String,
    /// City or town.
    #[serde(default)]
    #[schema(max_length = 100, min_length = 1, required = true)]
    pub city: String,
    /// State, province or county.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100)]
    pub region: Option<String>,
    /// ISO 3166-1 alpha-2.
    #[serde(default)]
    #[schema(schema_with = countries, required = true)]
    pub country: String,
    /// As dialled in the country, or in international form; returned in E.164, with `;ext=`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 40)]
    pub phone: Option<String>,
    /// By the country's rule; returned in upper case, without separators.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 40)]
    pub vat_number: Option<String>,
    /// The seller's own number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 50)]
    pub customer_number: Option<String>,
    /// An http or https URL of a public host; the scheme may be left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    pub website: Option<String>,
}

impl RegisteredCompany {
    /// The maximum length of a customer number in characters.
    pub const MAX_CUSTOMER_NUMBER: usize = 50;

    /// Validates and normalises by the rules of the form; problems are listed by JSON member.
    /// Members that are absent are empty here, so that one response names all of them.
    pub fn parse(&self) -> Result<RegisteredCompany, Vec<(&'static str, Problem)>> {
        let form = CompanyForm::from(self);
        let mut validator = Validator {
            country: country_of(&form.country),
            region_optional: true,
            name_optional: true,
            errors: Vec::new(),
        };
        let mut take = |field| validator.take(field, form.value(field));
        let [
            name,
            vat_number,
            website,
            country,
            street,
            postal_code,
            city,
            region,
            phone,
        ] = [
            Field::CompanyName,
            Field::VatNumber,
            Field::Website,
            Field::Country,
            Field::Street,
            Field::PostalCode,
            Field::City,
            Field::Region,
            Field::Phone,
        ]
        .map(&mut take);
        let json_name = |field: Field| {
            if field == Field::CompanyName {
                "name"
            } else {
                field.name()
            }
        };
        let mut errors: Vec<_> = validator
            .errors
            .into_iter()
            .map(|(field, problem)| (json_name(field), problem))
            .collect();
        let customer_number = single_line(
            self.customer_number.as_deref().unwrap_or_default(),
            Self::MAX_CUSTOMER_NUMBER,
        )
        .map_err(|problem| errors.push(("customerNumber", problem)))
        .unwrap_or_default();
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(RegisteredCompany {
            name: name.unwrap_or_default(),
            street: street.unwrap_or_default(),
            postal_code: postal_code.unwrap_or_default(),
            city: city.unwrap_or_default(),
            region,
            country: country.unwrap_or_default(),
            phone,
            vat_number,
            customer_number,
            website,
        })
    }
}

impl From<&RegisteredCompany> for CompanyForm {
    fn from(registered: &RegisteredCompany) -> CompanyForm {
        let optional = |value: &Option<String>| value.clone().unwrap_or_default();
        CompanyForm {
            company_name: registered.name.clone(),
            street: registered.street.clone(),
            postal_code: registered.postal_code.clone(),
            city: registered.city.clone(),
            region: optional(&registered.region),
            country: registered.country.clone(),
            phone: optional(&registered.phone),
            vat_number: optional(&registered.vat_number),
            website: optional(&registered.website),
            first_name: String::new(),
            last_name: String::new(),
        }
    }
}

/// Validates and normalises the values of a form, and collects their errors.
struct Validator {
    country: String,
    /// The seller may leave the state to the customer.
    region_optional: bool,
    /// A person needs a first or a last name, not both.
    name_optional: bool,
    errors: Vec<(Field, Problem)>,
}

impl Validator {
    fn take(&mut self, field: Field, typed: &str) -> Option<String> {
        self.check(field, typed)
            .map_err(|problem| self.errors.push((field, problem)))
            .ok()
            .flatten()
    }

    fn check(&self, field: Field, typed: &str) -> Result<Option<String>, Problem> {
        let optional = match field {
            Field::Region if self.region_optional => true,
            Field::FirstName | Field::LastName => self.name_optional,
            _ => field.optional(&self.country),
        };
        // A country is chosen from a list, so a long value is unknown rather than too long.
        let max = if field == Field::Country {
            usize::MAX
        } else {
            field.max_chars()
        };
        let Some(value) = single_line(typed, max)? else {
            return if optional {
                Ok(None)
            } else {
                Err(Problem::Missing)
            };
        };
        let rule = rules::of(&self.country);
        let value = match field {
            Field::Country if text::country_name(&self.country, Lang::En).is_some() => {
                self.country.clone()
            }
            Field::Country => return Err(Problem::UnknownCountry),
            Field::PostalCode => {
                normal_form::postal_code(&to_ascii(&value), rule).ok_or(Problem::PostalCode {
                    example: rule.postal.example,
                    country: rule.code,
                })?
            }
            Field::VatNumber => {
                normal_form::vat_number(&to_ascii(&value), rule).ok_or(Problem::VatNumber {
                    example: rule.vat.example,
                })?
            }
            Field::Phone => {
                normal_form::phone(&to_ascii(&value), &self.country).ok_or(Problem::Phone)?
            }
            Field::Website => normal_form::website(&to_ascii(&value))
                .filter(|url| url.chars().count() <= max)
                .ok_or(Problem::Website)?,
            Field::CompanyName
            | Field::Street
            | Field::City
            | Field::Region
            | Field::FirstName
            | Field::LastName => value,
        };
        Ok(Some(value))
    }
}

/// The countries of the form.
fn countries() -> Schema {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(text::country_codes()))
        .description(Some("ISO 3166-1 alpha-2, or XK for Kosovo."))
        .into()
}

fn is_given(name: &str) -> bool {
    matches!(single_line(name, usize::MAX), Ok(Some(_)))
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

#[cfg(test)]
mod tests;
