//! The values as people read and write them. Each is read back as the same normal form.

use super::{CompanyForm, Field, normal_form, phone, rules, validator::Validator, website};

/// A company with its values as people write them, for forms and labels.
#[must_use]
pub fn readable(company: CompanyForm) -> CompanyForm {
    CompanyForm {
        phone: phone::international(&company.phone),
        vat_number: vat_number(&company.vat_number, &company.country),
        website: website::readable(&company.website),
        ..company
    }
}

impl CompanyForm {
    /// Whether the field has the same value in both, however it is written.
    #[must_use]
    pub fn agrees(&self, other: &CompanyForm, field: Field) -> bool {
        let (own, others) = (self.value(field), other.value(field));
        let normal =
            |form: &CompanyForm| Validator::of_customer(form).check(field, form.value(field));
        own.trim() == others.trim()
            || matches!((normal(self), normal(other)), (Ok(own), Ok(others)) if own == others)
    }
}

/// With the separators that its country uses: `CHE-123.456.789 MWST`.
fn vat_number(number: &str, country: &str) -> String {
    let rule = rules::of(country);
    let is_same = |written: &String| {
        let read = normal_form::vat_number(&normal_form::to_ascii(written), rule);
        read.as_deref() == Some(number)
    };
    rules::written_vat_number(country)
        .and_then(|mask| fill(mask, number))
        .filter(is_same)
        .unwrap_or_else(|| number.to_owned())
}

/// The number in the places of a mask, in which `#` is a letter or digit; letters that follow stand
/// behind a blank. `None` if it does not fit.
fn fill(mask: &str, number: &str) -> Option<String> {
    let mut rest = number.chars().peekable();
    let mut written = String::new();
    for place in mask.chars() {
        match place {
            '#' => written.push(rest.next().filter(char::is_ascii_alphanumeric)?),
            _ => {
                let is_there = rest.next_if_eq(&place).is_some();
                if !is_there && place.is_alphanumeric() {
                    return None;
                }
                written.push(place);
            }
        }
    }
    let suffix: String = rest.collect();
    if suffix.chars().any(|c| !c.is_ascii_alphabetic()) {
        return None;
    }
    if !suffix.is_empty() {
        written.push(' ');
    }
    Some(written + &suffix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_are_written_as_people_write_them() {
        for rule in rules::RULES.iter().filter(|rule| !rule.has_generic_vat()) {
            let kept = normal_form::vat_number(rule.vat.example, rule).unwrap();
            assert_eq!(vat_number(&kept, rule.code), rule.vat.example);
        }
    }

    #[test]
    fn numbers_are_written_as_their_country_does() {
        for (country, kept, written) in [
            ("CH", "CHE123456789", "CHE-123.456.789"),
            ("CH", "CHE123456789MWST", "CHE-123.456.789 MWST"),
            ("CH", "CHE123456789TVA", "CHE-123.456.789 TVA"),
            ("BE", "BE0123456789", "BE 0123.456.789"),
            ("FR", "FR12345678901", "FR 12 345 678 901"),
            ("GB", "GB123456789", "GB 123 4567 89"),
            ("GB", "GBGD123", "GBGD123"),
            ("US", "123456789", "12-3456789"),
            ("US", "12345", "12345"),
            ("DE", "DE123456789", "DE123456789"),
            ("TW", "12345678", "12345678"),
        ] {
            assert_eq!(vat_number(kept, country), written, "{country}");
        }
    }
}
