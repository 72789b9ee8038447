//! The company that is created at the end of the journey: the form, its validation, and the result.

mod colleague;
mod confirmed;
mod created;
mod form;
mod normal_form;
pub mod phone;
mod problem;
mod readable;
mod registered;
pub mod rules;
mod validator;
mod website;

pub use confirmed::ConfirmedCompany;
pub use created::{Company, Person};
pub use form::{CompanyForm, Field};
pub use problem::{FieldErrors, Problem};
pub use readable::readable;
pub use registered::RegisteredCompany;
pub(crate) use validator::single_line;

/// A phone number with its country code, in E.164, with `;ext=` where there is an extension.
#[must_use]
pub fn international_phone(typed: &str) -> Option<String> {
    let is_short = typed.chars().count() <= 40;
    let typed = normal_form::to_ascii(typed);
    is_short.then(|| phone::normal_form(&typed, "")).flatten()
}

#[cfg(test)]
mod tests;
