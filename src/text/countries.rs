//! Names of countries, from the Unicode CLDR.

use std::sync::OnceLock;

use super::Lang;

/// Tab-separated language, code and name, each language's names in its own order. `countries.mjs`
/// writes it: sorting at run time would need a collator with data larger than this program.
const DATA: &str = include_str!("countries.tsv");

type Country = (&'static str, &'static str);

/// The ISO 3166-1 alpha-2 codes and Kosovo's `XK` with their names, in the order of the language.
/// A language is read on first use.
pub fn countries(lang: Lang) -> &'static [Country] {
    static LISTS: [OnceLock<Vec<Country>>; Lang::ALL.len()] =
        [const { OnceLock::new() }; Lang::ALL.len()];
    LISTS[lang as usize].get_or_init(|| read(lang.tag()))
}

fn read(tag: &str) -> Vec<Country> {
    let row = |line: &'static str| line.strip_prefix(tag)?.strip_prefix('\t')?.split_once('\t');
    DATA.lines().filter_map(row).collect()
}

/// The codes of the countries that have a name here, sorted.
pub fn country_codes() -> Vec<&'static str> {
    let mut codes: Vec<_> = countries(Lang::En).iter().map(|(code, _)| *code).collect();
    codes.sort_unstable();
    codes
}

/// The name of the country with this code.
pub fn country_name(code: &str, lang: Lang) -> Option<&'static str> {
    countries(lang)
        .iter()
        .find(|(known, _)| *known == code)
        .map(|(_, name)| *name)
}
