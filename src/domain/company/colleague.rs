//! A company that several people share: what each says about themselves, and what they have in
//! common.

use super::{Company, CompanyForm, Field, FieldErrors, Person, Validator, is_given};

impl Company {
    /// What colleagues share: the company without the person who confirmed it and their phone.
    #[must_use]
    pub fn without_person(mut self) -> Company {
        self.contact = Person {
            first_name: String::new(),
            last_name: String::new(),
        };
        self.phone = None;
        self
    }

    /// The same company with the person of the form, whose other fields are not read.
    ///
    /// # Errors
    /// Where the person's own fields are wrong.
    pub fn for_colleague(&self, form: &CompanyForm) -> Result<Company, FieldErrors> {
        let mut validator = Validator {
            country: self.country.clone(),
            region_optional: false,
            name_optional: is_given(&form.first_name) || is_given(&form.last_name),
            errors: Vec::new(),
        };
        let [first_name, last_name, phone] = [Field::FirstName, Field::LastName, Field::Phone]
            .map(|field| validator.take(field, form.value(field)));
        if !validator.errors.is_empty() {
            return Err(FieldErrors(validator.errors));
        }
        Ok(Company {
            contact: Person {
                first_name: first_name.unwrap_or_default(),
                last_name: last_name.unwrap_or_default(),
            },
            phone,
            ..self.clone()
        })
    }
}
