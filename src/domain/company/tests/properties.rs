//! What holds for any input, in every country.

use proptest::{
    prelude::*, sample::select, strategy::ValueTree, string::string_regex, test_runner::TestRunner,
};

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberFormat};

use super::{
    super::{normal_form, phone, rules, website},
    *,
};

/// Values that match the pattern; each has a digit, where a label in front of it ends.
fn some_of(pattern: rules::Pattern<'_>) -> Vec<String> {
    let mut runner = TestRunner::deterministic();
    let strategy = string_regex(&pattern.regex.replace("\\d", "[0-9]")).unwrap();
    let values = std::iter::repeat_with(|| strategy.new_tree(&mut runner).unwrap().current());
    let has_digit = |value: &String| value.contains(|c: char| c.is_ascii_digit());
    values.filter(has_digit).take(4).collect()
}

/// The company of a country with this value, which must be right there.
fn parsed(country: &str, change: impl FnOnce(&mut CompanyForm), typed: &str) -> Company {
    in_country(country, change).unwrap_or_else(|errors| panic!("{country} {typed}: {errors:?}"))
}

fn full_width(value: &str) -> String {
    let wide = |c: char| char::from_u32(u32::from(c) + 0xfee0).filter(|_| c.is_ascii_digit());
    value.chars().map(|c| wide(c).unwrap_or(c)).collect()
}

/// As people write a VAT number: with separators and labels, without the prefix or with the ISO
/// code instead.
fn ways_to_write(kept: &str, rule: &rules::Rule) -> Vec<String> {
    let digits = kept.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
    let mut ways = vec![kept.to_lowercase(), full_width(kept)];
    for (separator, place) in [(" ", 0), (".", 1), ("-", 2), ("/", 3)] {
        let (start, end) = kept.split_at((digits + place).min(kept.len()));
        ways.push(format!("{start}{separator}{end}"));
        ways.push(format!("VAT No.: {start}{separator}{end}"));
    }
    let number = kept.strip_prefix(rule.vat_prefix()).unwrap_or(kept);
    if number != kept && number.starts_with(|c: char| c.is_ascii_digit()) {
        ways.push(number.to_owned());
        ways.push(format!("{}{number}", rule.code));
        ways.push(format!("Tax ID: {} {number}", rule.code));
    }
    ways
}

#[test]
fn vat_numbers_of_every_country_are_read() {
    for rule in rules::RULES.iter() {
        for kept in some_of(rule.vat) {
            for typed in ways_to_write(&kept, rule) {
                let company = parsed(rule.code, |form| form.vat_number.clone_from(&typed), &typed);
                let read = company.vat_number();
                assert_eq!(read, Some(kept.as_str()), "{} {typed}", rule.code);
            }
        }
    }
}

#[test]
fn postal_codes_of_every_country_are_read() {
    for rule in rules::RULES.iter() {
        for written in some_of(rule.postal) {
            let kept = normal_form::postal_code(&written, rule);
            assert!(kept.is_some(), "{} {written}", rule.code);
            let compact = written.replace([' ', '-'], "");
            for typed in [
                compact.to_lowercase(),
                full_width(&written),
                format!("{}-{written}", rule.code),
                compact,
            ] {
                let company = parsed(
                    rule.code,
                    |form| form.postal_code.clone_from(&typed),
                    &typed,
                );
                let read = company.postal_code();
                assert_eq!(read, kept.as_deref(), "{} {typed}", rule.code);
            }
        }
    }
}

/// The example numbers of libphonenumber, by country.
fn example_numbers() -> Vec<(&'static str, PhoneNumber)> {
    let example = |country: &'static str| {
        let region = country.parse().ok()?;
        let number = PHONE_NUMBER_UTIL.get_example_number(region).ok()?;
        Some((country, number))
    };
    text::country_codes()
        .into_iter()
        .filter_map(example)
        .collect()
}

/// From each country to each: `00` is read as `+`, whatever else begins with `00` there.
#[test]
fn numbers_dialled_with_00_are_read_in_every_country() {
    let examples = example_numbers();
    for (place, (country, _)) in examples.iter().enumerate() {
        for (_, number) in examples.iter().skip(place % 7).step_by(7) {
            let kept = number.format_as(PhoneNumberFormat::E164);
            let written = number.format_as(PhoneNumberFormat::International);
            for number in [&kept, &written] {
                let typed = number.replace('+', "00");
                let read = phone::normal_form(&typed, country);
                assert_eq!(read.as_deref(), Some(&*kept), "{country} {typed}");
            }
        }
    }
}

#[test]
fn zero_in_brackets_is_read_in_every_country() {
    for (country, number) in example_numbers() {
        let kept = number.format_as(PhoneNumberFormat::E164);
        let national = number.get_national_significant_number();
        let digits = national.strip_prefix('0').unwrap_or(&national);
        let typed = format!("+{} (0){digits}", number.country_code);
        let read = phone::normal_form(&typed, country);
        assert_eq!(read.as_deref(), Some(&*kept), "{country} {typed}");
    }
}

#[test]
fn remarks_make_no_phone_number_of_any_country_another_one() {
    for (country, number) in example_numbers() {
        let national = number.format_as(PhoneNumberFormat::National);
        for remark in ["(Mo-Fr)", "office", "Zentrale"] {
            let typed = format!("{national} {remark}");
            assert_eq!(
                phone::normal_form(&typed, country),
                None,
                "{country} {typed}"
            );
        }
    }
}

fn near(values: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop_oneof![
        2 => any::<String>(),
        3 => select(values).prop_map(String::from),
        1 => "[ -~]{0,40}",
    ]
}

prop_compose! {
    fn forms()(
        name in near(&["Meier", " Ａ　Ｂ ", "北京"]),
        street in near(&["Main St 1"]),
        postal_code in near(&["80331", "D-80331", "8001", "K1A 0B1", "k1a0b1", "１１０"]),
        city in near(&["Bern"]),
        region in near(&["", "ON"]),
        country in near(&["DE", "ch", " TW ", "CA", "HK"]),
        phone in near(&[
            "", "+41 (0)44 123 45 67", "0049/891234567", "+41(0)(0)441234567",
            "044 668 18 00 ext. 12", "0891234567",
        ]),
        vat_number in near(&[
            "", "DE123456789", "CHE-123.456.789 MWST", "12345678", "VAT: 123456789",
            "DE DE123456789",
        ]),
        website in near(&[
            "", "example.com", "HTTP://EXAMPLE.com:80/ä", "例え.テスト", "a.b?\u{85}q",
            "スーパー.jp/ー–Ａ?%E3%83%BC%ff", "بازی\u{200c}ها.ir/\u{200c}",
        ]),
        person in near(&["Anna"]),
    ) -> CompanyForm {
        CompanyForm {
            company_name: name, street, postal_code, city, region, country, phone, vat_number,
            website, ..CompanyForm::default()
        }
        .with_person(&person, &person)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parsing_never_panics_and_is_idempotent(form in forms()) {
        if let Ok(company) = Company::parse(&form) {
            prop_assert_eq!(Company::parse(&CompanyForm::from(&company)), Ok(company.clone()));
            prop_assert_eq!(Company::parse(&readable(CompanyForm::from(&company))), Ok(company));
        }
    }

    #[test]
    fn a_website_parses_to_itself(typed in "([a-z]{1,3}[.])?[a-z.:/?#\\[\\]@%ä例ーー–ａ．／\u{200c} -]{1,40}") {
        if let Some(url) = website::normal_form(&typed) {
            prop_assert_eq!(website::normal_form(&website::readable(&url)), Some(url.clone()));
            prop_assert_eq!(website::normal_form(&url), Some(url.clone()));
        }
    }
}
