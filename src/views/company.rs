use std::collections::BTreeMap;
use std::sync::LazyLock;

use askama::Template;
use serde_json::json;

use super::markup::{Markup, bdi, sentence};
use super::{Frame, filters, rendered};
use crate::company::{CompanyForm, Field, FieldErrors, Problem, RegisteredCompany, rules};
use crate::text::{self, CompanyText, Lang};

/// The company data that the seller registered, to be checked and corrected.
#[derive(Debug, Template)]
#[template(path = "company.html")]
pub struct CompanyPage<'a> {
    /// What surrounds the page.
    pub frame: Frame<'a>,
    /// The values shown.
    pub form: &'a CompanyForm,
    /// What is wrong with them; `FieldErrors::NONE` if nothing.
    pub errors: &'a FieldErrors,
    /// What the seller registered.
    pub registered: Option<&'a RegisteredCompany>,
    /// The invited address, shown in full: its owner has signed in.
    pub email: &'a str,
    /// Where the form posts to.
    pub action: &'a str,
    /// Goes with the post as `token`.
    pub form_token: &'a str,
    /// Who registered the company.
    pub inviter_organization: &'a str,
}

/// One labelled field of the form.
struct Entry<'a> {
    field: Field,
    label: &'static str,
    value: &'a str,
    error: Option<String>,
    optional: bool,
    hint: Option<&'static str>,
    /// The attributes that tell browsers and keyboards what is typed here.
    kind: Markup,
    class: &'static str,
}

impl CompanyPage<'_> {
    /// The page as HTML.
    pub fn render(&self) -> String {
        rendered(self)
    }

    fn t(&self) -> &'static CompanyText {
        &self.frame.text().company
    }

    fn step(&self) -> usize {
        3
    }

    fn title(&self) -> &'static str {
        self.t().title
    }

    fn lead(&self) -> Markup {
        match self.registered {
            Some(_) => sentence((self.t().lead)(&bdi(self.inviter_organization))),
            None => sentence(self.t().lead_empty.to_owned()),
        }
    }

    fn customer_number(&self) -> Option<&str> {
        self.registered.and_then(|registered| registered.customer_number.as_deref())
    }

    fn company(&self) -> Vec<Entry<'_>> {
        self.entries(&[Field::CompanyName, Field::VatNumber, Field::Website])
    }

    fn address(&self) -> Vec<Entry<'_>> {
        self.entries(&[Field::Country, Field::Street, Field::PostalCode, Field::City, Field::Region])
    }

    fn contact(&self) -> Vec<Entry<'_>> {
        self.entries(&[Field::FirstName, Field::LastName, Field::Phone])
    }

    fn entries(&self, fields: &[Field]) -> Vec<Entry<'_>> {
        fields.iter().map(|field| self.entry(*field)).collect()
    }

    fn entry(&self, field: Field) -> Entry<'_> {
        let (class, kind) = match field {
            Field::CompanyName => ("", r#"autocomplete="organization""#),
            Field::VatNumber => ("half", r#"autocomplete="off" autocapitalize="characters" spellcheck="false""#),
            Field::Website => ("half", r#"autocomplete="url" inputmode="url" autocapitalize="off" spellcheck="false""#),
            Field::Country => ("", r#"autocomplete="country""#),
            Field::Street => ("", r#"autocomplete="address-line1""#),
            Field::PostalCode => ("half", r#"autocomplete="postal-code" autocapitalize="characters" spellcheck="false""#),
            Field::City => ("half", r#"autocomplete="address-level2""#),
            Field::Region => ("", r#"autocomplete="address-level1""#),
            Field::FirstName => ("half", r#"autocomplete="given-name""#),
            Field::LastName => ("half", r#"autocomplete="family-name""#),
            Field::Phone => ("", r#"type="tel" autocomplete="tel" inputmode="tel""#),
        };
        Entry {
            field,
            label: field.label(self.frame.lang),
            value: self.form.value(field),
            error: self.errors.get(field).map(|problem| problem.message(self.frame.lang)),
            optional: field.optional() || field == Field::PostalCode && !rules::has_postal_codes(&self.form.country),
            hint: (field == Field::Phone).then(|| self.t().phone_example),
            kind: sentence(kind.to_owned()),
            class,
        }
    }

    fn countries(&self) -> &'static [(&'static str, &'static str)] {
        text::countries(self.frame.lang)
    }

    fn country(&self) -> String {
        self.form.country.trim().to_ascii_uppercase()
    }

    fn problems(&self) -> Vec<(Field, String)> {
        let line = |(field, problem): (Field, Problem)| {
            (field, format!("{}{}{}", field.label(self.frame.lang), self.frame.text().problem.colon, problem.message(self.frame.lang)))
        };
        self.errors.iter().map(line).collect()
    }

    fn rules(&self) -> Markup {
        sentence(rules_json(self.frame.lang).to_owned())
    }
}

/// The rule table and the messages for the script, written once per language. `<` is escaped, so nothing in it can end
/// the element that it stands in.
fn rules_json(lang: Lang) -> &'static str {
    static JSON: LazyLock<Vec<String>> = LazyLock::new(|| Lang::ALL.iter().map(|lang| write_rules(*lang)).collect());
    let index = Lang::ALL.iter().position(|known| *known == lang).unwrap_or_default();
    &JSON[index]
}

fn write_rules(lang: Lang) -> String {
    let t = lang.text();
    let table: BTreeMap<_, _> = rules::RULES
        .iter()
        .map(|rule| {
            let vat = if rule.vat == rules::GENERIC_VAT { vec![] } else { vec![rule.vat.regex, rule.vat.example] };
            (rule.code, [vec![rule.postal.regex, rule.postal.example], vat].concat())
        })
        .collect();
    let generic = rules::of("");
    let fields: BTreeMap<_, _> =
        Field::ALL.iter().map(|field| (field.name(), (field.max_chars(), usize::from(!field.optional())))).collect();
    json!({
        "rules": table,
        "generic": [generic.postal.regex, generic.postal.example, generic.vat.regex, generic.vat.example],
        "noPostal": rules::WITHOUT_POSTAL_CODES.join(" "),
        "fields": fields,
        "say": {
            "missing": t.problem.missing,
            "tooLong": (t.problem.too_long)("{}"),
            "unseen": t.problem.unseen_characters,
            "country": t.problem.unknown_country,
            "postalCode": (t.problem.postal_code)("{}"),
            "phone": t.problem.phone,
            "vatNumber": (t.problem.vat_number)("{}"),
            "website": t.problem.website,
            "colon": t.problem.colon,
            "create": t.company.create,
            "creating": t.company.creating,
            "ready": t.company.ready,
            "notReady": t.company.not_ready,
        },
    })
    .to_string()
    .replace('<', "\\u003c")
}
