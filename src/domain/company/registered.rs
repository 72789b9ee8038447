//! The company that the seller registers with an invitation.

use serde::{Deserialize, Serialize};
use utoipa::{
    ToSchema,
    openapi::{ObjectBuilder, Schema, Type},
};

use super::{
    CompanyForm, Field, FieldErrors, Problem,
    validator::{Validator, single_line},
};
use crate::text;

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
    /// By the country's rule; optional where the country has none.
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
    /// An http or https URL of a public host, of at most 200 characters as people read it; the scheme
    /// may be left out. Returned percent-encoded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2700)]
    pub website: Option<String>,
}

impl RegisteredCompany {
    /// The maximum length of a customer number in characters.
    pub const MAX_CUSTOMER_NUMBER: usize = 50;

    /// Validates and normalises by the rules of the form; problems are listed by JSON member.
    /// Members that are absent are empty here, so that one response names all of them.
    pub fn parse(&self) -> Result<RegisteredCompany, Vec<(&'static str, Problem)>> {
        let form = CompanyForm::from(self);
        let normalized = Validator::of_seller(&form).normalize(&form);
        let customer_number = single_line(
            self.customer_number.as_deref().unwrap_or_default(),
            Self::MAX_CUSTOMER_NUMBER,
        );
        match (normalized, customer_number) {
            (Ok(form), Ok(customer_number)) => Ok(Self::of_valid(form, customer_number)),
            (form, customer_number) => {
                let of_form = form.err().unwrap_or(FieldErrors::NONE);
                let of_number = customer_number
                    .err()
                    .map(|problem| ("customerNumber", problem));
                let named = of_form
                    .iter()
                    .map(|(field, problem)| (json_name(field), problem));
                Err(named.chain(of_number).collect())
            }
        }
    }

    fn of_valid(form: CompanyForm, customer_number: Option<String>) -> Self {
        let optional = |value: String| Some(value).filter(|value| !value.is_empty());
        Self {
            name: form.company_name,
            street: form.street,
            postal_code: form.postal_code,
            city: form.city,
            region: optional(form.region),
            country: form.country,
            phone: optional(form.phone),
            vat_number: optional(form.vat_number),
            customer_number,
            website: optional(form.website),
        }
    }
}

/// The member of the API with the value of the field.
fn json_name(field: Field) -> &'static str {
    if field == Field::CompanyName {
        "name"
    } else {
        field.name()
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

/// The countries of the form.
fn countries() -> Schema {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(text::country_codes()))
        .description(Some("ISO 3166-1 alpha-2, or XK for Kosovo."))
        .into()
}
