//! A company as the API and the webhook show it, with the member names of a registered one.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Company, RegisteredCompany};

/// A company as the customer confirmed it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ConfirmedCompany)]
pub struct ConfirmedCompany<'a> {
    /// The legal or trade name.
    pub name: &'a str,
    /// Street and number.
    pub street: &'a str,
    /// Absent only in countries that have no postal codes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub postal_code: Option<&'a str>,
    /// City or town.
    pub city: &'a str,
    /// State, province or county.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub region: Option<&'a str>,
    /// ISO 3166-1 alpha-2, or XK for Kosovo.
    pub country: &'a str,
    /// E.164, with `;ext=` where there is an extension; the phone of the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub phone: Option<&'a str>,
    /// Upper case, without separators.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub vat_number: Option<&'a str>,
    /// The seller's own number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub customer_number: Option<&'a str>,
    /// An http or https URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub website: Option<&'a str>,
    /// The person who confirmed it; absent where the company is shown without people.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub first_name: Option<&'a str>,
    /// As `firstName`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub last_name: Option<&'a str>,
}

impl<'a> ConfirmedCompany<'a> {
    /// The company with the seller's number of it.
    #[must_use]
    pub fn new(company: &'a Company, customer_number: Option<&'a str>) -> Self {
        let contact = company.contact();
        let is_of_person = !(contact.first_name.is_empty() && contact.last_name.is_empty());
        let name = |name: &'a str| is_of_person.then_some(name);
        Self {
            name: company.name(),
            street: company.street(),
            postal_code: company.postal_code(),
            city: company.city(),
            region: company.region(),
            country: company.country(),
            phone: company.phone(),
            vat_number: company.vat_number(),
            customer_number,
            website: company.website(),
            first_name: name(&contact.first_name),
            last_name: name(&contact.last_name),
        }
    }
}

impl From<(&Company, Option<&str>)> for RegisteredCompany {
    /// What an invitation into the company registers, without people.
    fn from((company, customer_number): (&Company, Option<&str>)) -> Self {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Self {
            name: company.name().to_owned(),
            street: company.street().to_owned(),
            postal_code: company.postal_code().unwrap_or_default().to_owned(),
            city: company.city().to_owned(),
            region: owned(company.region()),
            country: company.country().to_owned(),
            phone: owned(company.phone()),
            vat_number: owned(company.vat_number()),
            customer_number: owned(customer_number),
            website: owned(company.website()),
        }
    }
}
