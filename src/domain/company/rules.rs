//! The formats of postal codes and VAT numbers by country. The server and the page's script share the
//! table, so the patterns use only the syntax that `regex-lite` and JavaScript have in common.
//!
//! Sources: the Universal Postal Union's addressing sheets and Google's address metadata (an
//! example of each country there is held against the patterns by a test) for postal codes; the
//! European Commission's VIES page, HMRC, the Swiss BFS and Brønnøysund for VAT numbers. Patterns
//! are lenient about optional separators.

use std::sync::OnceLock;

use regex_lite::Regex;

/// A pattern for a complete value, and an example that matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pattern<'a> {
    /// Without anchors; used as `^(?:…)$`.
    pub regex: &'a str,
    /// Part of the error message.
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

/// Countries without postal codes, where the field is optional.
pub const WITHOUT_POSTAL_CODES: [&str; 71] = [
    "AE", "AG", "AO", "AQ", "AW", "BF", "BI", "BJ", "BO", "BQ", "BS", "BV", "BW", "BZ", "CD", "CF",
    "CG", "CI", "CK", "CM", "CW", "DJ", "DM", "ER", "FJ", "GA", "GD", "GH", "GM", "GQ", "GY", "HK",
    "JM", "KI", "KM", "KN", "KP", "LC", "LY", "ML", "MO", "MR", "MS", "MW", "NR", "NU", "PA", "PS",
    "QA", "RW", "SB", "SC", "SL", "SR", "SS", "ST", "SX", "SY", "TD", "TF", "TG", "TK", "TL", "TO",
    "TT", "TV", "UG", "VU", "WS", "YE", "ZW",
];

/// Countries whose addresses need the state or province (Universal Postal Union).
pub const WITH_REGIONS: [&str; 5] = ["AU", "BR", "CA", "MX", "US"];

static GENERIC: Rule = Rule::new("", GENERIC_POSTAL, GENERIC_VAT);

/// Countries with a rule of their own, by code.
pub static RULES: [Rule; 99] = [
    country("AT", r"\d{4}", "1234", r"ATU\d{8}", "ATU12345678"),
    postal("AU", r"\d{4}", "1234"),
    country("BE", r"[1-9]\d{3}", "1000", r"BE[01]\d{9}", "BE0123456789"),
    country("BG", r"\d{4}", "1234", r"BG\d{9,10}", "BG123456789"),
    postal("BR", r"\d{5}-?\d{3}", "01310-100"),
    postal(
        "CA",
        r"[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] ?\d[ABCEGHJ-NPRSTV-Z]\d",
        "K1A 0B1",
    ),
    country(
        "CH",
        r"[1-9]\d{3}",
        "8001",
        r"CHE\d{9}(?:MWST|TVA|IVA)?",
        "CHE123456789",
    ),
    postal("CN", r"\d{6}", "123456"),
    country("CY", r"\d{4}", "1234", r"CY\d{8}[A-Z]", "CY12345678X"),
    country("CZ", r"\d{3} ?\d{2}", "110 00", r"CZ\d{8,10}", "CZ12345678"),
    country("DE", r"\d{5}", "12345", r"DE\d{9}", "DE123456789"),
    country("DK", r"\d{4}", "1234", r"DK\d{8}", "DK12345678"),
    country("EE", r"\d{5}", "12345", r"EE\d{9}", "EE123456789"),
    country(
        "ES",
        r"\d{5}",
        "12345",
        r"ES[A-Z0-9]\d{7}[A-Z0-9]",
        "ESB12345678",
    ),
    country("FI", r"\d{5}", "12345", r"FI\d{8}", "FI12345678"),
    country(
        "FR",
        r"\d{5}",
        "12345",
        r"FR[A-HJ-NP-Z0-9]{2}\d{9}",
        "FR12345678901",
    ),
    country(
        "GB",
        r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|BFPO ?\d{1,4}",
        "SW1A 1AA",
        r"(?:GB|XI)(?:\d{9}|\d{12}|GD\d{3}|HA\d{3})",
        "GB123456789",
    ),
    country("GR", r"\d{3} ?\d{2}", "105 57", r"EL\d{9}", "EL123456789"),
    country("HR", r"\d{5}", "12345", r"HR\d{11}", "HR12345678901"),
    country("HU", r"\d{4}", "1234", r"HU\d{8}", "HU12345678"),
    postal("ID", r"\d{5}", "12345"),
    country(
        "IE",
        r"[AC-FHKNPRTV-Y]\d[0-9W] ?[AC-FHKNPRTV-Y0-9]{4}",
        "D02 AF30",
        r"IE(?:\d{7}[A-W][A-I]?|\d[A-Z+*]\d{5}[A-W])",
        "IE1234567T",
    ),
    postal("IL", r"\d{5}(?:\d{2})?", "9414201"),
    postal("IN", r"[1-9]\d{2} ?\d{3}", "110 001"),
    country("IS", r"\d{3}", "123", r"(?:IS)?\d{5,6}", "IS12345"),
    country("IT", r"\d{5}", "12345", r"IT\d{11}", "IT12345678901"),
    postal("JP", r"\d{3}-?\d{4}", "100-0001"),
    postal("KR", r"\d{5}", "12345"),
    country(
        "LI",
        r"94(?:8[5-9]|9[0-8])",
        "9490",
        r"(?:LI\d{5}|CHE\d{9}(?:MWST|TVA|IVA)?)",
        "CHE123456789",
    ),
    country(
        "LT",
        r"\d{5}",
        "01100",
        r"LT(?:\d{9}|\d{12})",
        "LT123456789",
    ),
    country("LU", r"\d{4}", "1111", r"LU\d{8}", "LU12345678"),
    country("LV", r"LV-?\d{4}", "LV-1050", r"LV\d{11}", "LV12345678901"),
    country(
        "MT",
        r"[A-Z]{3} ?\d{2,4}",
        "VLT 1117",
        r"MT\d{8}",
        "MT12345678",
    ),
    country(
        "MX",
        r"\d{5}",
        "12345",
        r"[A-ZÑ&]{3,4}\d{6}[A-Z0-9]{3}",
        "ABC010101AB1",
    ),
    postal("MY", r"\d{5}", "12345"),
    country(
        "NL",
        r"[1-9]\d{3} ?[A-Z]{2}",
        "1012 AB",
        r"NL\d{9}B\d{2}",
        "NL123456789B01",
    ),
    country(
        "NO",
        r"\d{4}",
        "1234",
        r"(?:NO)?\d{9}(?:MVA)?",
        "NO123456789MVA",
    ),
    postal("NZ", r"\d{4}", "1234"),
    postal("PH", r"\d{4}", "1234"),
    country("PL", r"\d{2}-?\d{3}", "00-001", r"PL\d{10}", "PL1234567890"),
    country("PT", r"\d{4}-?\d{3}", "1100-148", r"PT\d{9}", "PT123456789"),
    country("RO", r"\d{6}", "123456", r"RO\d{2,10}", "RO12345678"),
    postal("RS", r"\d{5,6}", "12345"),
    country(
        "SE",
        r"\d{3} ?\d{2}",
        "111 20",
        r"SE\d{12}",
        "SE123456789012",
    ),
    postal("SG", r"\d{6}", "123456"),
    country("SI", r"\d{4}", "1000", r"SI\d{8}", "SI12345678"),
    country("SK", r"\d{3} ?\d{2}", "811 01", r"SK\d{10}", "SK1234567890"),
    postal("SM", r"4789\d", "47890"),
    postal("TH", r"\d{5}", "12345"),
    postal("TR", r"\d{5}", "12345"),
    postal("TW", r"\d{3}(?:\d{2,3})?", "110"),
    postal("UA", r"\d{5}", "12345"),
    postal("US", r"\d{5}(?:-?\d{4})?", "94105"),
    postal("VA", r"00120", "00120"),
    postal("VN", r"\d{5,6}", "12345"),
    postal("ZA", r"\d{4}", "1234"),
    country(
        "MC",
        r"980\d{2}",
        "98000",
        r"FR[A-HJ-NP-Z0-9]{2}\d{9}",
        "FR12345678901",
    ),
    postal("AD", r"AD[1-7]0\d", "AD500"),
    postal("BA", r"\d{5}", "12345"),
    postal("MK", r"\d{4}", "1234"),
    postal("AF", r"\d{4}", "1234"),
    postal("AL", r"\d{4}", "1234"),
    postal("AM", r"(?:37)?\d{4}", "0010"),
    postal("BD", r"\d{4}", "1234"),
    postal("BY", r"\d{6}", "123456"),
    postal("CL", r"\d{7}", "8320000"),
    postal("CR", r"\d{4,5}", "10101"),
    postal("DO", r"\d{5}", "12345"),
    postal("DZ", r"\d{5}", "12345"),
    postal("EC", r"\d{6}", "123456"),
    postal("FO", r"\d{3}", "123"),
    postal("GE", r"\d{4}", "1234"),
    postal("GG", r"[A-Z]{2}\d{1,2} ?\d[A-Z]{2}", "JE2 3AB"),
    postal("GL", r"39\d{2}", "3900"),
    postal("GT", r"\d{5}", "12345"),
    postal("IM", r"[A-Z]{2}\d{1,2} ?\d[A-Z]{2}", "JE2 3AB"),
    postal("IQ", r"\d{5}", "12345"),
    postal("JE", r"[A-Z]{2}\d{1,2} ?\d[A-Z]{2}", "JE2 3AB"),
    postal("JO", r"\d{5}", "12345"),
    postal("KE", r"\d{5}", "12345"),
    postal("KG", r"\d{6}", "123456"),
    postal("KH", r"\d{5,6}", "12345"),
    postal("KW", r"\d{5}", "12345"),
    postal("LA", r"\d{5}", "12345"),
    postal("LK", r"\d{5}", "12345"),
    postal("MA", r"\d{5}", "12345"),
    postal("ME", r"8\d{4}", "81000"),
    postal("NG", r"\d{6}", "123456"),
    postal("NP", r"\d{5}", "12345"),
    postal("PK", r"\d{5}", "12345"),
    postal("PR", r"00[679]\d{2}(?:-?\d{4})?", "00901"),
    postal("RU", r"\d{6}", "123456"),
    postal("SA", r"\d{5}(?:-?\d{4})?", "11564"),
    postal("TJ", r"\d{6}", "123456"),
    postal("TM", r"\d{6}", "123456"),
    postal("TN", r"\d{4}", "1234"),
    postal("UY", r"\d{5}", "12345"),
    postal("UZ", r"\d{6}", "123456"),
    postal("VE", r"\d{4}", "1234"),
];

const fn country(
    code: &'static str,
    postal: &'static str,
    postal_example: &'static str,
    vat: &'static str,
    vat_example: &'static str,
) -> Rule {
    Rule::new(
        code,
        Pattern {
            regex: postal,
            example: postal_example,
        },
        Pattern {
            regex: vat,
            example: vat_example,
        },
    )
}

const fn postal(code: &'static str, regex: &'static str, example: &'static str) -> Rule {
    Rule::new(code, Pattern { regex, example }, GENERIC_VAT)
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

/// Whether an address there has a postal code.
pub fn has_postal_codes(country: &str) -> bool {
    !WITHOUT_POSTAL_CODES.contains(&country)
}

/// Whether an address there names a state or province.
pub fn needs_region(country: &str) -> bool {
    WITH_REGIONS.contains(&country)
}

/// The table in a compact form for the script: rows `codes~postal~example~vat~example`, separated by
/// `;`. Countries with equal formats share a row; the code `--` is that of countries without one. `#`
/// means `\d`. Left out is what the script can derive: a VAT number like that of row `--`, an example
/// that follows from its pattern, and the optional separators of postal codes.
pub fn compact() -> String {
    let mut rows: Vec<(String, String)> = Vec::new();
    for rule in std::iter::once(&GENERIC).chain(&RULES) {
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
                rule.accepts_vat(rule.vat.example),
                "{}: {}",
                rule.code,
                rule.vat.example
            );
        }
    }

    #[test]
    fn every_code_is_assigned_and_listed_once() {
        let mut codes: Vec<_> = RULES
            .iter()
            .map(|rule| rule.code)
            .chain(WITHOUT_POSTAL_CODES)
            .collect();
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
    #[rustfmt::skip]
    const IN_USE: &[(&str, &str)] = &[("AD", "AD100"), ("AF", "1001"), ("AI", "2640"), ("AL", "1001"), ("AM", "375010"), ("AR", "C1070AAM"), ("AS", "96799"), ("AT", "1010"), ("AU", "2060"), ("AX", "22150"), ("AZ", "1000"), ("BA", "71000"), ("BB", "BB23026"), ("BD", "1340"), ("BE", "4000"), ("BG", "1000"), ("BH", "317"), ("BL", "97100"), ("BM", "FL 07"), ("BN", "BT2328"), ("BR", "40301-110"), ("BT", "11001"), ("BY", "223016"), ("CA", "H3Z 2Y7"), ("CC", "6799"), ("CH", "2544"), ("CL", "8340457"), ("CN", "266033"), ("CO", "111221"), ("CR", "1000"), ("CU", "10700"), ("CV", "7600"), ("CX", "6798"), ("CY", "2008"), ("CZ", "100 00"), ("DE", "26133"), ("DK", "8660"), ("DO", "11903"), ("DZ", "40304"), ("EC", "090105"), ("EE", "69501"), ("EG", "12411"), ("EH", "70000"), ("ES", "28039"), ("ET", "1000"), ("FI", "00550"), ("FK", "FIQQ 1ZZ"), ("FM", "96941"), ("FO", "100"), ("FR", "33380"), ("GB", "EC1Y 8SY"), ("GE", "0101"), ("GF", "97300"), ("GG", "GY1 1AA"), ("GI", "GX11 1AA"), ("GL", "3900"), ("GN", "001"), ("GP", "97100"), ("GR", "151 24"), ("GS", "SIQQ 1ZZ"), ("GT", "09001"), ("GU", "96910"), ("GW", "1000"), ("HM", "7050"), ("HN", "31301"), ("HR", "10000"), ("HT", "6120"), ("HU", "1037"), ("ID", "40115"), ("IE", "A65 F4E2"), ("IL", "9614303"), ("IM", "IM2 1AA"), ("IN", "110034"), ("IO", "BBND 1ZZ"), ("IQ", "31001"), ("IR", "11936-12345"), ("IS", "320"), ("IT", "00144"), ("JE", "JE1 1AA"), ("JO", "11937"), ("JP", "154-0023"), ("KE", "20100"), ("KG", "720001"), ("KH", "120101"), ("KR", "03051"), ("KW", "54541"), ("KY", "KY1-1100"), ("KZ", "040900"), ("LA", "01160"), ("LB", "2038 3054"), ("LI", "9496"), ("LK", "20000"), ("LR", "1000"), ("LS", "100"), ("LT", "04340"), ("LU", "4750"), ("LV", "LV-1073"), ("MA", "53000"), ("MC", "98000"), ("MD", "2012"), ("ME", "81257"), ("MF", "97100"), ("MG", "501"), ("MH", "96960"), ("MK", "1314"), ("MM", "11181"), ("MN", "65030"), ("MP", "96950"), ("MQ", "97220"), ("MT", "NXR 01"), ("MU", "42602"), ("MV", "20026"), ("MX", "02860"), ("MY", "43000"), ("MZ", "1102"), ("NA", "10001"), ("NC", "98814"), ("NE", "8001"), ("NF", "2899"), ("NG", "930283"), ("NI", "52000"), ("NL", "1234 AB"), ("NO", "0025"), ("NP", "44601"), ("NZ", "6001"), ("OM", "133"), ("PE", "LIMA 23"), ("PF", "98709"), ("PG", "111"), ("PH", "1008"), ("PK", "44000"), ("PL", "00-950"), ("PM", "97500"), ("PN", "PCRN 1ZZ"), ("PR", "00930"), ("PT", "2725-079"), ("PW", "96940"), ("PY", "1536"), ("RE", "97400"), ("RO", "060274"), ("RS", "106314"), ("RU", "247112"), ("SA", "11564"), ("SD", "11042"), ("SE", "11455"), ("SG", "546080"), ("SH", "STHL 1ZZ"), ("SI", "4000"), ("SJ", "9170"), ("SK", "010 01"), ("SM", "47890"), ("SN", "12500"), ("SO", "JH 09010"), ("SV", "CP 1101"), ("SZ", "H100"), ("TC", "TKCA 1ZZ"), ("TH", "10150"), ("TJ", "735450"), ("TM", "744000"), ("TN", "1002"), ("TR", "01960"), ("TW", "104"), ("TZ", "6090"), ("UA", "15432"), ("UM", "96898"), ("US", "95014"), ("UY", "11600"), ("UZ", "702100"), ("VA", "00120"), ("VC", "VC0100"), ("VE", "1010"), ("VG", "VG1110"), ("VI", "00802-1222"), ("VN", "70010"), ("WF", "98600"), ("YT", "97600"), ("ZA", "0083"), ("ZM", "50100")];

    #[test]
    fn a_postal_code_in_use_is_accepted() {
        for (country, example) in IN_USE {
            let normal = normal_form::postal_code(example, of(country));
            assert!(normal.is_some(), "{country}: {example}");
        }
    }
}
