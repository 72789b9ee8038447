//! The company that is created at the end of the journey: the form, its validation, and the result.

mod created;
mod form;
mod normal_form;
pub mod phone;
mod problem;
mod registered;
pub mod rules;
mod validator;

pub use created::{Company, Person};
pub use form::{CompanyForm, Field};
pub use problem::{FieldErrors, Problem};
pub use registered::RegisteredCompany;
pub(crate) use validator::single_line;

#[cfg(test)]
mod tests;
