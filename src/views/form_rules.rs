//! The rules of the company form, for its script.

use std::{collections::BTreeMap, sync::LazyLock};

use serde_json::{Value, json};

use crate::{
    domain::company::{Field, phone, rules},
    text::{self, Lang},
};

/// The rules and messages for the script, as an array in the order that company.js expects, built
/// once per language. `<` is escaped, so no value can end the `script` element.
pub(super) fn rules_json(lang: Lang) -> &'static str {
    static JSON: LazyLock<Vec<String>> =
        LazyLock::new(|| Lang::ALL.iter().map(|lang| write_rules(*lang)).collect());
    let index = Lang::ALL
        .iter()
        .position(|known| *known == lang)
        .unwrap_or_default();
    &JSON[index]
}

fn write_rules(lang: Lang) -> String {
    let t = lang.text();
    json!([
        rules::compact(),
        codes(),
        rules::WITH_REGIONS.join(" "),
        t.problem.missing,
        t.problem.invisible_characters,
        (t.problem.postal_code)("{}", "{country}"),
        (t.problem.postal_code_any)("{}"),
        (t.problem.vat_number)("{}"),
        (t.problem.phone)("{}"),
        t.problem.website,
        phones(),
        (t.company.phone_example)("{}"),
        one_and_many(t.company.missing_entries),
        one_and_many(t.company.wrong_entries),
        t.company.comma,
        t.company.creating,
        t.company.ready,
        t.company.not_ready,
        labels(lang),
    ])
    .to_string()
    .replace('<', "\\u003c")
}

/// The codes of the countries without a rule, grouped by first letter: `AEIX` is AE, AI and AX.
fn codes() -> String {
    let mut grouped: BTreeMap<char, String> = BTreeMap::new();
    let mut codes: Vec<_> = text::countries(Lang::En)
        .iter()
        .map(|(code, _)| *code)
        .filter(|code| rules::of(code).is_generic())
        .collect();
    codes.sort_unstable();
    for code in codes {
        let mut letters = code.chars();
        let seconds = grouped
            .entry(letters.next().unwrap_or_default())
            .or_default();
        seconds.extend(letters);
    }
    grouped
        .into_iter()
        .map(|(first, seconds)| format!("{first}{seconds}"))
        .collect::<Vec<_>>()
        .join(" ")
}

/// An example of a phone number for each country after its code; the first one is for the others.
fn phones() -> String {
    let example = |code: &&'static str| phone::example(code) != phone::example("");
    let own = text::country_codes().into_iter().filter(example);
    std::iter::once("--")
        .chain(own)
        .map(|code| format!("{code}{}", phone::example(code)))
        .collect::<Vec<_>>()
        .join("|")
}

/// The labels that depend on the country, each as the name of its field, the label that most
/// countries have, and pairs of another label and the countries that have it.
fn labels(lang: Lang) -> Vec<Vec<Value>> {
    let fields = [
        Field::VatNumber,
        Field::Street,
        Field::PostalCode,
        Field::City,
        Field::Region,
    ];
    let labels_of = |field: Field| {
        let usual = field.label(lang, "");
        let mut others: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for code in text::country_codes() {
            others
                .entry(field.label(lang, code))
                .or_default()
                .push(code);
        }
        others.remove(usual);
        let others = others
            .into_iter()
            .map(|(label, codes)| json!([label, codes.join(" ")]));
        let mut labels = vec![json!(field.name()), json!(usual)];
        labels.extend(others);
        labels
    };
    let fields = fields.map(labels_of).into_iter();
    fields.filter(|labels| labels.len() > 2).collect()
}

/// The sentence for one entry, and for many.
fn one_and_many(entries: fn(bool, &str, &str) -> String) -> [String; 2] {
    [true, false].map(|is_one| entries(is_one, "{}", "{names}"))
}
