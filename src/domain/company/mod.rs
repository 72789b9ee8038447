//! The company that is created at the end of the journey: what people type, what is wrong with it,
//! and what is kept.

pub mod rules;

use std::borrow::Cow;

use rlibphonenumber::{NumberLengthType, PhoneNumber, PhoneNumberFormat};
use serde::{Deserialize, Serialize};
use url::{Host, Url};
use utoipa::{
    ToSchema,
    openapi::{ObjectBuilder, Schema, Type},
};

use crate::text::{self, Lang};

/// The company form as it is posted: anything at all.
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
    /// What was typed into the field.
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

    /// Prefills the person, whom a registered company does not know.
    #[must_use]
    pub fn with_person(mut self, first_name: &str, last_name: &str) -> CompanyForm {
        first_name.clone_into(&mut self.first_name);
        last_name.clone_into(&mut self.last_name);
        self
    }
}

/// A field of the form. The order is that of the page.
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

    /// The longest value, in characters.
    pub const fn max_chars(self) -> usize {
        match self {
            Field::CompanyName | Field::Street | Field::Website => 200,
            Field::City | Field::Region | Field::FirstName | Field::LastName => 100,
            Field::Phone => 30,
            Field::PostalCode | Field::VatNumber => 20,
            Field::Country => 2,
        }
    }

    /// Whether it may stay empty in the country.
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

/// What is wrong with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// It is needed.
    Missing,
    /// It has more than `max` characters.
    TooLong {
        /// The longest value, in characters.
        max: usize,
    },
    /// It has control, bidi or zero-width characters: it is shown on pages and in mails, where they
    /// would deceive.
    ControlCharacters,
    /// It is neither an assigned ISO 3166-1 alpha-2 code nor `XK`.
    UnknownCountry,
    /// The country writes postal codes in another way.
    PostalCode {
        /// How the country writes them.
        example: &'static str,
        /// Its ISO 3166-1 alpha-2 code; empty where its way of writing is not known.
        country: &'static str,
    },
    /// It is not a phone number in international form.
    Phone,
    /// The country writes VAT numbers in another way.
    VatNumber {
        /// How the country writes them.
        example: &'static str,
    },
    /// It is not an address of a public website.
    Website,
}

impl Problem {
    /// What the person should do.
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

    /// A stable name for programs.
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

/// What is wrong with a form, at most one problem a field, in the order of the page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors(Vec<(Field, Problem)>);

impl FieldErrors {
    /// Nothing is wrong.
    pub const NONE: FieldErrors = FieldErrors(Vec::new());

    /// Nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many fields are wrong.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// What is wrong with this field.
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

/// The person to talk to at the company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names say it")]
pub struct Person {
    pub first_name: String,
    pub last_name: String,
}

/// A company as it was created. [`Company::parse`] is the only way to a new one; reading one from
/// the store does not apply the rules again, since they may have changed after it was created.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(description = "A company as it was created.")]
#[serde(rename_all = "camelCase")]
pub struct Company {
    company_name: String,
    street: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    postal_code: Option<String>,
    city: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    region: Option<String>,
    country: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    phone: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    vat_number: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    website: Option<String>,
    #[serde(flatten)]
    contact: Person,
}

impl Company {
    /// Checks and normalises what was typed: outer and repeated white space goes, codes become
    /// upper case, the phone number E.164, the website a URL.
    pub fn parse(form: &CompanyForm) -> Result<Company, FieldErrors> {
        let mut found = Found {
            country: country_of(&form.country),
            region_may_lack: false,
            errors: Vec::new(),
        };
        let mut take = |field| found.take(field, form.value(field));
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
        if !found.errors.is_empty() {
            return Err(FieldErrors(found.errors));
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

    /// E.164: `+` and 7 to 15 digits.
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

    /// The person to talk to.
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
    /// In international form; shown in E.164.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 30)]
    pub phone: Option<String>,
    /// By the country's rule; shown in upper case, without separators.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 20)]
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
    /// Longest customer number, in characters.
    pub const MAX_CUSTOMER_NUMBER: usize = 50;

    /// Checks and normalises by the rules of the form; the problems are listed by JSON field name.
    /// Fields that are missing in the JSON are empty here, so that one answer names all of them.
    pub fn parse(&self) -> Result<RegisteredCompany, Vec<(&'static str, Problem)>> {
        let form = CompanyForm::from(self);
        let mut found = Found {
            country: country_of(&form.country),
            region_may_lack: true,
            errors: Vec::new(),
        };
        let mut take = |field| found.take(field, form.value(field));
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
        let mut errors: Vec<_> = found
            .errors
            .into_iter()
            .map(|(field, problem)| (json_name(field), problem))
            .collect();
        let customer_number = plain(
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

/// Collects every problem of a form while its values are normalised.
struct Found {
    country: String,
    /// A seller may leave it to the customer to name the state.
    region_may_lack: bool,
    errors: Vec<(Field, Problem)>,
}

impl Found {
    fn take(&mut self, field: Field, typed: &str) -> Option<String> {
        self.check(field, typed)
            .map_err(|problem| self.errors.push((field, problem)))
            .ok()
            .flatten()
    }

    fn check(&self, field: Field, typed: &str) -> Result<Option<String>, Problem> {
        let may_lack =
            field.optional(&self.country) || field == Field::Region && self.region_may_lack;
        // A country is a choice, not a text: whatever is not in the list is the wrong choice.
        let max = if field == Field::Country {
            usize::MAX
        } else {
            field.max_chars()
        };
        let Some(value) = plain(typed, max)? else {
            return if may_lack {
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
                let code = narrow(&value).to_ascii_uppercase();
                if !rule.accepts_postal(&code) {
                    return Err(Problem::PostalCode {
                        example: rule.postal.example,
                        country: rule.code,
                    });
                }
                code
            }
            Field::VatNumber => {
                let number = without(&narrow(&value), " .-/").to_ascii_uppercase();
                if !rule.accepts_vat(&number) {
                    return Err(Problem::VatNumber {
                        example: rule.vat.example,
                    });
                }
                number
            }
            Field::Phone => phone(&narrow(&value)).ok_or(Problem::Phone)?,
            Field::Website => website(&narrow(&value))
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

/// Those that the form offers.
fn countries() -> Schema {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(text::country_codes()))
        .description(Some("ISO 3166-1 alpha-2, or XK for Kosovo."))
        .into()
}

fn country_of(typed: &str) -> String {
    typed.trim().to_ascii_uppercase()
}

/// One line of visible characters, white space collapsed; `None` when nothing is left.
pub(crate) fn plain(typed: &str, max: usize) -> Result<Option<String>, Problem> {
    let mut value = String::with_capacity(typed.len().min(4 * 256));
    for word in typed.split_whitespace() {
        if !value.is_empty() {
            value.push(' ');
        }
        value.push_str(word);
    }
    if value.chars().any(text::is_invisible) {
        return Err(Problem::ControlCharacters);
    }
    if value.chars().count() > max {
        return Err(Problem::TooLong { max });
    }
    Ok(Some(value).filter(|value| !value.is_empty()))
}

/// Full-width letters, digits and signs, as East Asian keyboards type them, become ASCII; so do the
/// dashes.
fn narrow(value: &str) -> String {
    value
        .chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{30fc}' => '-',
            _ => c,
        })
        .collect()
}

fn without(value: &str, separators: &str) -> String {
    value.chars().filter(|c| !separators.contains(*c)).collect()
}

/// E.164. The `(0)` of "+41 (0)44" is not dialled from abroad, and `00` is how `+` is dialled.
///
/// A number must have a country calling code that is in use and a length that numbers there have.
/// Whether its range is assigned is not asked: ranges are added every month, and who has a new one
/// must not be sent away by an older release.
fn phone(value: &str) -> Option<String> {
    let digits = without(&value.replace("(0)", ""), " -()./");
    let digits = digits
        .strip_prefix('+')
        .or_else(|| digits.strip_prefix("00"))?;
    let well_formed = (7..=15).contains(&digits.len())
        && digits.bytes().all(|b| b.is_ascii_digit())
        && !digits.starts_with('0');
    let number = well_formed.then(|| PhoneNumber::parse(format!("+{digits}"), None).ok())??;
    let possible = matches!(
        number.is_possible_with_reason(),
        Ok(NumberLengthType::IsPossible)
    );
    possible.then(|| number.format_as(PhoneNumberFormat::E164).into_owned())
}

/// A public website: http or https, a host name with a dot, no user and password.
fn website(value: &str) -> Option<String> {
    let scheme_given = value
        .get(..8)
        .is_some_and(|start| start.eq_ignore_ascii_case("https://"))
        || value
            .get(..7)
            .is_some_and(|start| start.eq_ignore_ascii_case("http://"));
    let address = if scheme_given {
        Cow::Borrowed(value)
    } else {
        Cow::Owned(format!("https://{value}"))
    };
    let url = Url::parse(&address).ok()?;
    let Some(Host::Domain(host)) = url.host() else {
        return None;
    };
    let dotted = host.split('.').count() > 1 && host.split('.').all(|label| !label.is_empty());
    let plain =
        url.username().is_empty() && url.password().is_none() && !value.contains([' ', '\\']);
    (dotted && plain).then(|| url.to_string())
}

#[cfg(test)]
mod tests;
