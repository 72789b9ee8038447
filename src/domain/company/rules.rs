//! The formats of postal codes and VAT numbers by country. The server and the page's script share
//! the table, so the patterns use only the syntax that `regex-lite` and JavaScript have in common.
//!
//! Sources: the Universal Postal Union's addressing sheets and Google's address metadata (an
//! example of each country there is held against the patterns by a test) for postal codes; the
//! European Commission's VIES page, HMRC, the Swiss BFS, Brønnøysund and Taiwan's Ministry of Finance
//! for VAT numbers. Patterns are lenient about optional separators.

use std::sync::{LazyLock, OnceLock};

use regex_lite::Regex;

/// A pattern for a complete value, and an example that matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pattern<'a> {
    /// Without anchors; used as `^(?:…)$`.
    pub regex: &'a str,
    /// Part of the error message, as people write it.
    pub example: &'static str,
}

/// The formats of a country.
#[derive(Debug)]
pub struct Rule {
    /// ISO 3166-1 alpha-2.
    pub code: &'static str,
    /// Applied to the upper-case value.
    pub postal: Pattern<'static>,
    /// Applied to the upper-case value without separators.
    pub vat: Pattern<'static>,
    postal_regex: OnceLock<Option<Regex>>,
    vat_regex: OnceLock<Option<Regex>>,
}

/// The format of countries without a rule.
pub const GENERIC_POSTAL: Pattern<'static> = Pattern {
    regex: "[A-Za-z0-9][A-Za-z0-9 -]{1,10}",
    example: "12345",
};
/// The format of countries without a rule.
pub const GENERIC_VAT: Pattern<'static> = Pattern {
    regex: "[A-Z0-9]{4,20}",
    example: "123456789",
};

/// How a VAT number is written where it has separators; `#` is a letter or digit. Sources: BFS
/// (Switzerland), the Belgian and the French register of companies, HMRC, Brønnøysund, IRS.
const WRITTEN_VAT_NUMBERS: [(&str, &str); 8] = [
    ("BE", "BE ####.###.###"),
    ("CH", "CHE-###.###.###"),
    ("FR", "FR ## ### ### ###"),
    ("GB", "GB ### #### ##"),
    ("LI", "CHE-###.###.###"),
    ("MC", "FR ## ### ### ###"),
    ("NO", "NO ### ### ###"),
    ("US", "##-#######"),
];

/// Countries whose addresses need the state or province (Universal Postal Union).
pub const WITH_REGIONS: [&str; 5] = ["AU", "BR", "CA", "MX", "US"];

static GENERIC: Rule = Rule::new("", GENERIC_POSTAL, GENERIC_VAT);

/// Countries with a rule of their own, by code.
pub static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let lines = include_str!("rules.tsv").lines();
    lines
        .filter(|line| !line.starts_with('#'))
        .map(read)
        .collect()
});

/// A line of `rules.tsv`; without a VAT number, that of countries without a rule.
fn read(line: &'static str) -> Rule {
    let mut columns = line.split('\t');
    let code = columns.next().unwrap_or_default();
    let mut pattern = || {
        let (regex, example) = (columns.next()?, columns.next()?);
        Some(Pattern { regex, example })
    };
    let postal = pattern().unwrap_or(GENERIC_POSTAL);
    Rule::new(code, postal, pattern().unwrap_or(GENERIC_VAT))
}

impl Rule {
    const fn new(code: &'static str, postal: Pattern<'static>, vat: Pattern<'static>) -> Rule {
        Rule {
            code,
            postal,
            vat,
            postal_regex: OnceLock::new(),
            vat_regex: OnceLock::new(),
        }
    }

    /// Whether the country has no rule of its own.
    pub fn is_generic(&self) -> bool {
        self.code.is_empty()
    }

    /// Whether the country has no rule of its own for VAT numbers.
    pub fn has_generic_vat(&self) -> bool {
        self.vat == GENERIC_VAT
    }

    /// The letters with which VAT numbers begin, such as `ATU`; empty where there are none.
    pub fn vat_prefix(&self) -> &'static str {
        let letters = |text: &'static str| {
            let end = text.find(|c: char| !c.is_ascii_uppercase());
            &text[..end.unwrap_or(text.len())]
        };
        match letters(self.vat.regex) {
            "" if self.vat.regex.starts_with("(?:") => letters(self.vat.example),
            prefix => prefix,
        }
    }

    /// The postal code with the separators of the country; `compact` is in upper case and has none.
    /// `None` if it is not one.
    pub fn postal_code(&self, compact: &str) -> Option<String> {
        let pattern = || {
            self.postal
                .regex
                .replace(" ?", "( ?)")
                .replace("-?", "(-?)")
        };
        let regex = self.postal_regex.get_or_init(|| compile(&pattern()));
        let captures = regex.as_ref()?.captures(compact)?;
        let mut code = compact.to_owned();
        for (index, separator) in self
            .separators()
            .enumerate()
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
        {
            if let Some(place) = captures.get(index + 1) {
                code.insert(place.start(), separator);
            }
        }
        Some(code)
    }

    /// The pattern of postal codes without their separators.
    fn compact_postal(&self) -> String {
        self.postal.regex.replace(" ?", "").replace("-?", "")
    }

    /// The optional separators of the pattern, in its order.
    fn separators(&self) -> impl Iterator<Item = char> {
        let pairs = self.postal.regex.as_bytes().windows(2);
        pairs.filter_map(|pair| match pair {
            [separator @ (b' ' | b'-'), b'?'] => Some(char::from(*separator)),
            _ => None,
        })
    }

    /// Whether `value`, upper-case and without separators, is a VAT number here.
    pub fn accepts_vat(&self, value: &str) -> bool {
        self.vat_regex
            .get_or_init(|| compile(self.vat.regex))
            .as_ref()
            .is_some_and(|regex| regex.is_match(value))
    }
}

/// The country's rule, or the generic one.
pub fn of(country: &str) -> &'static Rule {
    RULES
        .iter()
        .find(|rule| rule.code == country)
        .unwrap_or(&GENERIC)
}

/// Whether an address there needs a postal code. Where there is no rule for them, there may be none,
/// or they may be new.
pub fn needs_postal_code(country: &str) -> bool {
    country.is_empty() || !of(country).is_generic()
}

/// How a VAT number of the country is written, if with separators.
pub(super) fn written_vat_number(country: &str) -> Option<&'static str> {
    let mut written = WRITTEN_VAT_NUMBERS.iter();
    written
        .find(|(code, _)| *code == country)
        .map(|(_, mask)| *mask)
}

/// Whether an address there names a state or province.
pub fn needs_region(country: &str) -> bool {
    WITH_REGIONS.contains(&country)
}

/// The table in a compact form for the script: rows `codes~postal~example~vat~example`, separated
/// by `;`. Countries with equal formats share a row; the code `--` is that of countries without
/// one. `#` means `\d`. Left out is what the script can derive: a VAT number like that of row `--`,
/// an example that follows from its pattern, and the optional separators of postal codes.
pub fn compact() -> String {
    let mut rows: Vec<(String, String)> = Vec::new();
    for rule in std::iter::once(&GENERIC).chain(RULES.iter()) {
        let code = if rule.code.is_empty() {
            "--"
        } else {
            rule.code
        };
        let mut row = pattern(Pattern {
            regex: &rule.compact_postal(),
            ..rule.postal
        });
        if rule.vat != GENERIC_VAT || rule.code.is_empty() {
            row = format!("{row}~{}", pattern(rule.vat));
        }
        let row = row.trim_end_matches('~').to_owned();
        match rows.iter_mut().find(|(_, known)| *known == row) {
            Some((codes, _)) => codes.push_str(code),
            None => rows.push((code.to_owned(), row)),
        }
    }
    rows.iter()
        .map(|(codes, row)| format!("{codes}~{row}"))
        .collect::<Vec<_>>()
        .join(";")
}

fn pattern(pattern: Pattern<'_>) -> String {
    let short = pattern.regex.replace("\\d", "#");
    let derivable = derived_example(&short).as_deref() == Some(pattern.example);
    format!("{short}~{}", if derivable { "" } else { pattern.example })
}

/// The example that the script derives from a pattern with one count of digits: `DE123456789` from
/// `DE#{9}`.
fn derived_example(pattern: &str) -> Option<String> {
    let (start, rest) = pattern.split_once("#{")?;
    let (count, end) = rest.split_once('}')?;
    let digits = "123456789012".get(..count.split(',').next()?.parse().ok()?)?;
    Some(format!("{start}{digits}{end}"))
}

/// A pattern that does not compile accepts nothing; a test compiles them all.
fn compile(pattern: &str) -> Option<Regex> {
    Regex::new(&format!("^(?:{pattern})$")).ok()
}

#[cfg(test)]
mod tests {
    use super::{super::normal_form, *};
    use isocountry::CountryCode;

    #[test]
    fn every_example_satisfies_its_own_pattern() {
        for rule in RULES.iter().chain([&GENERIC]) {
            assert_eq!(
                normal_form::postal_code(rule.postal.example, rule).as_deref(),
                Some(rule.postal.example),
                "{}",
                rule.code
            );
            assert!(
                normal_form::vat_number(rule.vat.example, rule).is_some(),
                "{}: {}",
                rule.code,
                rule.vat.example
            );
        }
    }

    #[test]
    fn every_code_is_assigned_and_listed_once() {
        let mut codes: Vec<_> = RULES.iter().map(|rule| rule.code).collect();
        for code in &codes {
            assert!(CountryCode::for_alpha2(code).is_ok(), "{code}");
        }
        let all = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), all);
    }

    #[test]
    fn the_compact_table_is_equivalent() {
        let compact = compact();
        let mut count = 0;
        for row in compact.split(';') {
            let fields: Vec<&str> = row.split('~').collect();
            let read = |regex: usize, usual: Pattern<'_>| match fields.get(regex) {
                None => (usual.regex.to_owned(), usual.example.to_owned()),
                Some(short) => {
                    let example = fields.get(regex + 1).filter(|example| !example.is_empty());
                    (
                        short.replace('#', "\\d"),
                        example.map_or_else(
                            || derived_example(short).unwrap(),
                            |example| (*example).to_owned(),
                        ),
                    )
                }
            };
            for code in fields[0].as_bytes().chunks(2) {
                let rule = of(std::str::from_utf8(code).unwrap().trim_start_matches('-'));
                assert_eq!(
                    read(1, GENERIC_POSTAL),
                    (rule.compact_postal(), rule.postal.example.to_owned()),
                    "{}",
                    rule.code
                );
                assert_eq!(
                    read(3, GENERIC_VAT),
                    (rule.vat.regex.to_owned(), rule.vat.example.to_owned()),
                    "{}",
                    rule.code
                );
                count += 1;
            }
        }
        assert_eq!(count, RULES.len() + 1);
        assert!(compact.len() < 2300, "{}", compact.len());
    }

    /// Syntax that only one of the two dialects has is not allowed.
    #[test]
    fn patterns_keep_to_the_common_subset() {
        for pattern in RULES
            .iter()
            .flat_map(|rule| [rule.postal.regex, rule.vat.regex])
        {
            for foreign in [
                "(?i", "(?P", "(?<", "(?=", "(?!", "\\p", "[[", "&&", "\\z", "\\A", "\\b", "#",
                "~", ";",
            ] {
                assert!(!pattern.contains(foreign), "{pattern}");
            }
        }
    }

    /// The first example of each country in Google's address metadata
    /// (<https://chromium-i18n.appspot.com/ssl-address>).
    #[test]
    fn a_postal_code_in_use_is_accepted() {
        let lines = include_str!("postal_codes_in_use.tsv").lines();
        for (country, example) in lines.filter_map(|line| line.split_once('\t')) {
            let normal = normal_form::postal_code(example, of(country));
            assert!(normal.is_some(), "{country}: {example}");
        }
    }
}
