//! The form as it is posted, and its fields.

use serde::{Deserialize, Serialize};

use super::rules;
use crate::text::Lang;

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

/// The maximum length of a website with its characters beyond ASCII percent-encoded, in bytes: each
/// of them takes up to twelve, and a host up to 253.
pub(super) const MAX_URL: usize = 2700;

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

    /// The label of the field, for an address in the country.
    pub fn label(self, lang: Lang, country: &str) -> &'static str {
        let text = &lang.text().company;
        match self {
            Field::CompanyName => text.company_name,
            Field::VatNumber => (text.vat_number)(country),
            Field::Website => text.website,
            Field::Country => text.country,
            Field::Street => (text.street)(country),
            Field::PostalCode => (text.postal_code)(country),
            Field::City => (text.city)(country),
            Field::Region => (text.region)(country),
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

    /// The maximum length of what is typed: a website is copied percent-encoded, and measured as it is
    /// read.
    pub const fn max_typed(self) -> usize {
        match self {
            Field::Website => MAX_URL,
            _ => self.max_chars(),
        }
    }

    /// Whether it is optional in the country.
    pub fn optional(self, country: &str) -> bool {
        match self {
            Field::VatNumber | Field::Website | Field::Phone => true,
            Field::PostalCode => !rules::needs_postal_code(country),
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
