//! Phone numbers, by the data of libphonenumber.

use std::{borrow::Cow, collections::HashMap, sync::LazyLock};

use rlibphonenumber::{
    NumberLengthType, PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberFormat, PhoneNumberType, Region,
};

use crate::text;

/// Where a country has no example.
const ANY_EXAMPLE: &str = "+41 44 668 18 00";

/// E.164, with `;ext=` where there is an extension. A number without a country calling code is
/// dialled in the country.
///
/// A number needs an assigned country calling code and a possible length. Whether its range is
/// assigned is not checked: ranges are added every month, and an older release must not refuse a
/// new one. Assigned ranges only decide between several readings of the same text.
pub(super) fn normal_form(value: &str, country: &str) -> Option<String> {
    let region = country.parse::<Region>().ok();
    let readings = Typed::ways_to_read(value);
    let numbers = readings.iter().filter_map(|typed| {
        let number = possible(&typed.text, region)?;
        Some((typed, number))
    });
    if readings.len() == 1 {
        return numbers.map(|(_, number)| e164(&number)).next();
    }
    numbers
        .min_by_key(|(typed, number)| typed.doubt(number))
        .map(|(_, number)| e164(&number))
}

/// One way to read what was typed.
struct Typed<'a> {
    text: Cow<'a, str>,
    /// `00` was read as `+`.
    is_international: bool,
    /// There is a `(0)`, and it was read as a digit of the number.
    keeps_zero: bool,
}

impl<'a> Typed<'a> {
    /// Without a `(0)` and with it, and with `00` read as `+`: from abroad, `00` is dialled for `+`
    /// nearly everywhere. In some countries it begins the codes of carriers as well.
    fn ways_to_read(value: &'a str) -> Vec<Self> {
        let international = number_in(value)
            .strip_prefix("00")
            .map(|rest| Cow::Owned(format!("+{rest}")));
        let texts = international
            .map(|text| (text, true))
            .into_iter()
            .chain([(Cow::Borrowed(value), false)]);
        texts
            .flat_map(|(text, is_international)| {
                let dropped = text.contains("(0)").then(|| Typed {
                    text: text.replace("(0)", "").into(),
                    is_international,
                    keeps_zero: false,
                });
                let keeps_zero = dropped.is_some();
                dropped.into_iter().chain([Typed {
                    text,
                    is_international,
                    keeps_zero,
                }])
            })
            .collect()
    }

    /// Less is better: an assigned number first, then one dialled with `00`. The zero of "+41 (0)44"
    /// is dropped; that of "+39 (0)2" belongs to the number.
    fn doubt(&self, number: &PhoneNumber) -> (bool, u8, u8) {
        let is_valid = number.is_valid();
        let of_dialling = match (self.is_international, self.is_plain(number)) {
            (true, true) => 0,
            (false, _) => 1,
            (true, false) if is_valid => 2,
            (true, false) => 0,
        };
        let of_zero = match (self.keeps_zero, number.italian_leading_zero()) {
            (true, true) if is_valid => 0,
            (false, _) => 1,
            (true, _) => 2,
        };
        (!is_valid, of_dialling, of_zero)
    }

    /// Whether the digits after `00` are those of E.164, and no blank divides the country calling
    /// code or, in North America, the area code: `001 65 6789 1234` is dialled with the `001` of
    /// Hong Kong.
    fn is_plain(&self, number: &PhoneNumber) -> bool {
        let digits: String = self.text.chars().filter(char::is_ascii_digit).collect();
        let is_exact = digits.starts_with(e164_main(number).trim_start_matches('+'));
        is_exact && !divides_code(&self.text, number.country_code)
    }
}

/// Whether something stands between the digits of the country calling code, or of the area code
/// where the country calling code is 1.
fn divides_code(text: &str, code: i32) -> bool {
    let is_north_american = code == 1;
    let length = if is_north_american {
        4
    } else {
        code.to_string().len()
    };
    let mut digits = 0;
    text.chars().any(|c| {
        if c.is_ascii_digit() {
            digits += 1;
            return false;
        }
        (1..length).contains(&digits) && !(is_north_american && digits == 1)
    })
}

/// The text without a label in front, such as `Tel.:`.
fn number_in(value: &str) -> &str {
    let start = value.find(|c: char| c.is_ascii_digit() || c == '+');
    start.map_or("", |start| &value[start..])
}

/// Whether a number was typed with `+`, so that its country is no question.
pub(super) fn is_international(value: &str) -> bool {
    number_in(value).starts_with('+')
}

/// The number with an assigned country calling code and a possible length.
fn possible(typed: &str, region: Option<Region>) -> Option<PhoneNumber> {
    let number = without_mobile_one(PhoneNumber::parse(typed, region).ok()?);
    let has_possible_length = matches!(
        number.is_possible_with_reason(),
        Ok(NumberLengthType::IsPossible)
    );
    let is_number = !has_words(typed) || is_vanity(typed, &number);
    (has_possible_length && is_number).then_some(number)
}

/// Until 2019, a 1 stood before the ten digits of a mobile number that was called in Mexico from
/// abroad.
fn without_mobile_one(mut number: PhoneNumber) -> PhoneNumber {
    const TEN_DIGITS: u64 = 10_000_000_000;
    let national = number.national_number;
    if number.country_code == 52 && national / TEN_DIGITS == 1 && !number.italian_leading_zero() {
        number.national_number = national % TEN_DIGITS;
    }
    number
}

/// Whether the number has words, other than the mark of an extension, which the library would read
/// as the digits of its keys: `089 123456 (Mo-Fr)`.
fn has_words(typed: &str) -> bool {
    let number = number_in(typed);
    let number = number.split_once(';').map_or(number, |(number, _)| number);
    // As the library does before it reads a number.
    let number = number.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '#');
    number.contains(|c: char| c.is_ascii_alphabetic()) && PHONE_NUMBER_UTIL.is_alpha_number(number)
}

/// Whether the words are part of the number, as in `1-800-FLOWERS` or, in Australia, `1300 FLOWER`:
/// in North America in any number, elsewhere in those of services. After seven digits, which are a
/// local number, they are a remark.
fn is_vanity(typed: &str, number: &PhoneNumber) -> bool {
    let digits: String = number_in(typed)
        .chars()
        .take_while(|c| !c.is_ascii_alphabetic())
        .filter(char::is_ascii_digit)
        .collect();
    match number.country_code {
        1 => digits.strip_prefix('1').unwrap_or(&digits).len() < 7,
        _ => digits.len() < 7 && is_of_service(number),
    }
}

fn is_of_service(number: &PhoneNumber) -> bool {
    use PhoneNumberType::{PersonalNumber, SharedCost, TollFree, UAN};
    matches!(
        number.get_type(),
        PersonalNumber | SharedCost | TollFree | UAN
    )
}

fn e164(number: &PhoneNumber) -> String {
    let main = e164_main(number);
    match number.extension.as_deref() {
        None | Some("") => main.into_owned(),
        Some(extension) => format!("{main};ext={extension}"),
    }
}

fn e164_main(number: &PhoneNumber) -> Cow<'_, str> {
    number.format_as(PhoneNumberFormat::E164)
}

/// A number as it is dialled in the country.
pub fn example(country: &str) -> &'static str {
    static EXAMPLES: LazyLock<HashMap<&str, String>> = LazyLock::new(|| {
        let example = |country: &'static str| {
            let region = country.parse().ok()?;
            let number = PHONE_NUMBER_UTIL.get_example_number(region).ok()?;
            let national = number.format_as(PhoneNumberFormat::National);
            Some((country, national.into_owned()))
        };
        text::country_codes()
            .into_iter()
            .filter_map(example)
            .collect()
    });
    EXAMPLES.get(country).map_or(ANY_EXAMPLE, String::as_str)
}

/// A number in E.164, with `;ext=` or not, with the blanks of its country.
pub fn international(number: &str) -> String {
    let parsed = stored(number).or_else(|| PhoneNumber::parse(number, None).ok());
    parsed.map_or_else(
        || number.to_owned(),
        |parsed| {
            let written = parsed.format_as(PhoneNumberFormat::International);
            written.into_owned()
        },
    )
}

/// The parts of a number that [`e164`] wrote: there is nothing to guess, and the library's parser,
/// which guesses, takes as long as the rest of a page.
fn stored(number: &str) -> Option<PhoneNumber> {
    let (number, extension) = match number.split_once(";ext=") {
        Some((number, extension)) => (number, Some(extension.to_owned())),
        None => (number, None),
    };
    let digits = number.strip_prefix('+')?;
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(digits) || !extension.as_deref().is_none_or(is_number) {
        return None;
    }
    // No code begins with another (ITU-T E.164).
    let (code, national) = (1..=3).find_map(|length| {
        let (code, national) = digits.split_at_checked(length)?;
        let code = code.parse().ok()?;
        PHONE_NUMBER_UTIL.get_region_for_country_code(code)?;
        Some((code, national))
    })?;
    let zeros = national.bytes().take_while(|byte| *byte == b'0').count();
    let zeros = i32::try_from(zeros.min(national.len().checked_sub(1)?)).ok()?;
    Some(PhoneNumber {
        country_code: code,
        national_number: national.parse().ok()?,
        italian_leading_zero: (zeros > 0).then_some(true),
        number_of_leading_zeros: (zeros > 1).then_some(zeros),
        extension,
        ..PhoneNumber::default()
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn by_the_library(number: &str) -> String {
        let parsed = PhoneNumber::parse(number, None).unwrap();
        let written = parsed.format_as(PhoneNumberFormat::International);
        written.into_owned()
    }

    #[test]
    fn an_example_of_each_country_is_written_as_by_the_library() {
        for country in text::country_codes() {
            let Some(stored) = normal_form(example(country), country) else {
                continue;
            };
            for number in [stored.clone(), format!("{stored};ext=12")] {
                assert!(super::stored(&number).is_some(), "{number}");
                assert_eq!(international(&number), by_the_library(&number), "{country}");
            }
        }
    }

    #[test]
    fn what_is_no_stored_number_is_shown_as_it_is() {
        for number in [
            "",
            "+",
            "+0",
            "+41",
            "+999123456",
            "call me",
            "+41;ext=",
            ";ext=1",
        ] {
            assert_eq!(international(number), number);
        }
        assert_eq!(international("+41 44 668 18 00"), "+41 44 668 18 00");
        for number in ["++41446681800", "+41+446681800", "+41446681800;ext=+1"] {
            assert!(stored(number).is_none(), "{number}");
        }
    }

    proptest! {
        #[test]
        fn any_number_is_written_as_by_the_library(
            code in proptest::sample::select(PHONE_NUMBER_UTIL.get_supported_calling_codes().collect::<Vec<_>>()),
            national in "0{0,2}[0-9]{4,12}",
            extension in "(;ext=[0-9]{1,5})?",
        ) {
            let Some(number) = normal_form(&format!("+{code}{national}{extension}"), "CH") else {
                return Ok(());
            };
            let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
            prop_assert_eq!(digits(&international(&number)), digits(&number));
            // The library takes a zero of some numbers for what is dialled in the country, and drops
            // it, each time.
            if normal_form(&number, "CH").as_ref() == Some(&number) {
                prop_assert_eq!(international(&number), by_the_library(&number));
            }
        }
    }
}
