use super::form_rules::rules_json;
use super::label::{self, Label};
use super::markup::{Markup, bdi, escape, plain, sentence};
use super::{Contact, Frame, Html, Sheet, SheetKind, clean, filters, no_script};
use crate::domain::company::{Company, CompanyForm, Field, FieldErrors, Problem, phone};
use crate::text::{self, CompanyText, address, unbroken};
use askama::Template;

/// The fields about the company itself.
const COMPANY_FIELDS: [Field; 3] = [Field::CompanyName, Field::VatNumber, Field::Website];

/// The company data that the seller registered, to be checked and corrected.
///
/// The names of all countries are as large as the rest of the page, and a script gets them from the
/// browser. So the page with a script leaves them out, and redirects browsers without scripts to
/// one that contains them.
#[derive(Debug, Template)]
#[template(path = "company.html")]
pub struct CompanyPage<'a> {
    /// The parts that all pages share.
    pub frame: Frame<'a>,
    /// The values of the fields.
    pub form: &'a CompanyForm,
    /// Their errors; `FieldErrors::NONE` if they are valid.
    pub errors: &'a FieldErrors,
    /// The company as the form would create it; `None` while a value is wrong.
    pub company: Option<&'a Company>,
    /// The data that the seller registered, for comparison.
    pub registered: &'a CompanyForm,
    /// The seller's number of the company.
    pub customer_number: Option<&'a str>,
    /// The invited address, unmasked: its owner has signed in.
    pub email: &'a str,
    /// The `action` of the form.
    pub action: &'a str,
    /// The hidden field `token`.
    pub form_token: &'a str,
    /// The hidden field `ticket`: leads on where the session is lost.
    pub ticket: &'a str,
    /// The organisation that registered the company.
    pub inviter_organization: &'a str,
    /// Whether this is the page without a script.
    pub no_script: bool,
    /// The URL of that page; `None` on it, and if the page cannot be requested again.
    pub no_script_url: Option<&'a str>,
    /// Whether the first invalid field gets the focus.
    pub focus_error: bool,
    /// The inviter, and what can be asked of them.
    pub contact: Option<&'a Contact<'a>>,
}

/// One labelled field of the form.
struct Entry<'a> {
    field: Field,
    label: &'static str,
    value: &'a str,
    error: Option<String>,
    /// Whether it is optional, and whether that depends on the country.
    optional: bool,
    depends: bool,
    hint: Option<String>,
    /// The registered value, if it was changed.
    was: Option<String>,
    /// `autocomplete`, `inputmode`, `aria-describedby` and the like.
    attributes: Markup,
    class: &'static str,
}

impl CompanyPage<'_> {
    /// The page as HTML.
    pub fn render(&self) -> Html {
        if self.no_script {
            Html::without_script(self, self.sheet())
        } else {
            Html::of(self, self.sheet())
        }
    }

    fn sheet(&self) -> &Sheet {
        self.frame.sheet(if self.no_script {
            SheetKind::CompanyWithoutScripts
        } else {
            SheetKind::Company
        })
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
        let empty = self.registered.company_name.is_empty();
        sentence(if empty {
            self.t().lead_empty.to_owned()
        } else {
            (self.t().lead)(&bdi(self.inviter_organization))
        })
    }

    fn company(&self) -> Vec<Entry<'_>> {
        self.entries(&COMPANY_FIELDS)
    }

    fn address(&self) -> Vec<Entry<'_>> {
        self.entries(&self.address_fields())
    }

    fn contact(&self) -> Vec<Entry<'_>> {
        self.entries(&self.contact_fields())
    }

    /// As the language writes addresses if it does so from large to small, else as the country does.
    fn address_fields(&self) -> Vec<Field> {
        use Field::{City, Country, PostalCode, Region, Street};
        if self.frame.lang.is_largest_first() {
            return vec![Country, PostalCode, Region, City, Street];
        }
        let parts = address::order(&self.country()).into_iter();
        [Country]
            .into_iter()
            .chain(parts.filter_map(label::field))
            .collect()
    }

    /// The field in the same line as the postal code.
    fn beside_postal_code(&self) -> Option<Field> {
        let fields = self.address_fields();
        let at = fields
            .iter()
            .position(|field| *field == Field::PostalCode)?;
        let fits = |field: &Field| matches!(field, Field::City | Field::Region);
        let (before, after) = (fields.get(at.wrapping_sub(1)), fields.get(at + 1));
        let mut beside = [after, before].into_iter().flatten();
        beside.find(|field| fits(field)).copied()
    }

    fn contact_fields(&self) -> [Field; 3] {
        use Field::{FirstName, LastName, Phone};
        if self.frame.lang.is_largest_first() {
            [LastName, FirstName, Phone]
        } else {
            [FirstName, LastName, Phone]
        }
    }

    /// What is wrong, in the order of the page.
    fn wrong(&self) -> Vec<(Field, Problem)> {
        let mut errors: Vec<_> = self.errors.iter().collect();
        let (address, contact) = (self.address_fields(), self.contact_fields());
        let order = [&COMPANY_FIELDS[..], &address, &contact].concat();
        errors.sort_by_key(|(field, _)| order.iter().position(|other| other == field));
        errors
    }

    fn entries(&self, fields: &[Field]) -> Vec<Entry<'_>> {
        fields.iter().map(|field| self.entry(*field)).collect()
    }

    fn entry(&self, field: Field) -> Entry<'_> {
        let country = self.country();
        Entry {
            field,
            label: field.label(self.frame.lang, &country),
            value: self.form.value(field),
            error: self
                .errors
                .get(field)
                .map(|problem| problem.message(self.frame.lang)),
            optional: field.optional(&country),
            depends: matches!(field, Field::PostalCode | Field::Region),
            hint: (field == Field::Phone).then(|| self.phone_hint(&country)),
            was: self
                .changed(field)
                .map(|was| self.registered_by() + &clean(self.name_of(field, was))),
            attributes: self.attributes(field),
            class: match field {
                Field::VatNumber
                | Field::Website
                | Field::PostalCode
                | Field::FirstName
                | Field::LastName => "half",
                _ if Some(field) == self.beside_postal_code() => "half",
                Field::CompanyName
                | Field::Country
                | Field::Street
                | Field::City
                | Field::Region
                | Field::Phone => "",
            },
        }
    }

    /// An example, unless an error gives one.
    fn phone_hint(&self, country: &str) -> String {
        if self.errors.get(Field::Phone).is_some() {
            return String::new();
        }
        (self.t().phone_example)(&unbroken(phone::example(country).to_owned()))
    }

    /// The registered value, if the form has another one.
    fn changed(&self, field: Field) -> Option<&str> {
        let was = self.registered.value(field);
        (!was.is_empty() && !self.registered.agrees(self.form, field)).then_some(was)
    }

    /// Introduces what the seller registered.
    fn registered_by(&self) -> String {
        let by = plain(self.t().registered_by, self.inviter_organization);
        by + self.frame.text().problem.colon
    }

    fn name_of<'a>(&self, field: Field, value: &'a str) -> &'a str {
        if field == Field::Country {
            text::country_name(value, self.frame.lang).unwrap_or(value)
        } else {
            value
        }
    }

    fn attributes(&self, field: Field) -> Markup {
        let kind = match field {
            Field::CompanyName => "autocomplete=organization",
            Field::VatNumber => "autocomplete=off autocapitalize=characters spellcheck=false",
            Field::Website => "autocomplete=url inputmode=url autocapitalize=off spellcheck=false",
            Field::Country => "autocomplete=country",
            Field::Street => "autocomplete=address-line1",
            Field::PostalCode => {
                "autocomplete=postal-code autocapitalize=characters spellcheck=false"
            }
            Field::City => "autocomplete=address-level2",
            Field::Region => "autocomplete=address-level1",
            Field::FirstName => "autocomplete=given-name",
            Field::LastName => "autocomplete=family-name",
            Field::Phone => "type=tel autocomplete=tel",
        };
        let max = if field == Field::Country {
            String::new()
        } else {
            format!("maxlength={} ", field.max_typed())
        };
        let mut attributes = format!(" {max}{kind}{}", self.described_by(field));
        let wrong = self.errors.get(field).is_some();
        if wrong {
            attributes.push_str(" aria-invalid=true");
        }
        if self.no_script {
            attributes.push_str(&no_script::constraints(
                field,
                self.form.value(field),
                wrong,
                &self.country(),
                self.requires(field),
            ));
        }
        if self.focus_error
            && self
                .wrong()
                .first()
                .is_some_and(|(first, _)| *first == field)
        {
            attributes.push_str(" autofocus");
        }
        // The script compares with the initial value of the field, which is not always the
        // registered one.
        if !self.no_script && !self.registered.agrees(self.form, field) {
            attributes.push_str(&format!(
                " data-was=\"{}\"",
                escape(self.registered.value(field))
            ));
        }
        sentence(attributes)
    }

    /// Whether the field must not be empty, with the values that the page was rendered with.
    fn requires(&self, field: Field) -> bool {
        match field {
            Field::FirstName => self.form.last_name.trim().is_empty(),
            Field::LastName => self.form.first_name.trim().is_empty(),
            _ => !field.optional(&self.country()),
        }
    }

    /// The elements that describe the field; the script fills those that are empty.
    fn described_by(&self, field: Field) -> String {
        let there = [
            ("error", !self.no_script || self.errors.get(field).is_some()),
            ("hint", field == Field::Phone),
            ("was", !self.no_script || self.changed(field).is_some()),
        ];
        let ids: Vec<_> = there
            .into_iter()
            .filter(|(_, there)| *there)
            .map(|(what, _)| format!("{}-{what}", field.name()))
            .collect();
        if ids.is_empty() {
            String::new()
        } else {
            format!(" aria-describedby=\"{}\"", ids.join(" "))
        }
    }

    /// The options: all without a script, otherwise the chosen one; the script adds the others.
    fn countries(&self) -> Vec<&'static (&'static str, &'static str)> {
        let chosen = self.country();
        text::countries(self.frame.lang)
            .iter()
            .filter(|(code, _)| self.no_script || *code == chosen)
            .collect()
    }

    /// Whether the list has the country of the form.
    fn lists_country(&self) -> bool {
        text::country_name(&self.country(), self.frame.lang).is_some()
    }

    fn country(&self) -> String {
        self.form.country.trim().to_ascii_uppercase()
    }

    /// The company as it will be created; nothing while a value is wrong.
    fn label(&self) -> Option<Markup> {
        let label = Label {
            lang: self.frame.lang,
            company: CompanyForm::from(self.company?),
            customer_number: self.customer_number,
            email: self.email,
        };
        Some(label.markup())
    }

    /// What is missing or wrong, with links to the fields.
    fn attention(&self) -> Markup {
        let country = self.country();
        let link = |(field, _): (Field, Problem)| {
            let name = escape(field.label(self.frame.lang, &country));
            format!("<a href=#{}>{name}</a>", field.name())
        };
        let names: Vec<_> = self.wrong().into_iter().map(link).collect();
        let only_missing = self
            .errors
            .iter()
            .all(|(_, problem)| problem == Problem::Missing);
        let sentence_of = if only_missing {
            self.t().missing_entries
        } else {
            self.t().wrong_entries
        };
        let count = names.len();
        let names = names.join(self.t().comma);
        sentence(sentence_of(count == 1, &count.to_string(), &names))
    }

    fn rules(&self) -> Markup {
        sentence(rules_json(self.frame.lang).to_owned())
    }
}
