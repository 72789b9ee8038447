//! The company that the customer confirmed.

use serde::{Deserialize, Serialize};

use super::{CompanyForm, FieldErrors, validator::Validator};

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
    /// What colleagues share: the company without the person who confirmed it and their phone.
    #[must_use]
    pub fn without_person(self) -> Company {
        let no_one = Person {
            first_name: String::new(),
            last_name: String::new(),
        };
        self.of_person(no_one, None)
    }

    /// The same company as another person confirms it.
    pub(super) fn of_person(self, contact: Person, phone: Option<String>) -> Company {
        Company {
            contact,
            phone,
            ..self
        }
    }

    /// Validates and normalises the form: white space is trimmed and collapsed, codes become upper
    /// case, the phone number E.164, the website a URL.
    pub fn parse(form: &CompanyForm) -> Result<Company, FieldErrors> {
        Validator::of_customer(form)
            .normalize(form)
            .map(Company::of_valid)
    }

    fn of_valid(form: CompanyForm) -> Company {
        let optional = |value: String| Some(value).filter(|value| !value.is_empty());
        Company {
            company_name: form.company_name,
            street: form.street,
            postal_code: optional(form.postal_code),
            city: form.city,
            region: optional(form.region),
            country: form.country,
            phone: optional(form.phone),
            vat_number: optional(form.vat_number),
            website: optional(form.website),
            contact: Person {
                first_name: form.first_name,
                last_name: form.last_name,
            },
        }
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
