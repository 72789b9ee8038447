//! What a colleague who joins a company says about themselves.

use super::{Company, CompanyForm, FieldErrors, Person, validator::Validator};

impl Company {
    /// The same company with the person of the form, whose other fields are not read.
    ///
    /// # Errors
    /// Where the person's own fields are wrong.
    pub fn for_colleague(&self, form: &CompanyForm) -> Result<Company, FieldErrors> {
        let [first_name, last_name, phone] = Validator::of_colleague(self.country(), form)
            .person(form)?
            .map(Option::unwrap_or_default);
        let phone = Some(phone).filter(|phone| !phone.is_empty());
        let person = Person {
            first_name,
            last_name,
        };
        Ok(self.clone().of_person(person, phone))
    }
}
