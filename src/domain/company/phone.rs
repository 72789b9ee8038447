//! Phone numbers, by the data of libphonenumber.

use std::{borrow::Cow, collections::HashMap, sync::LazyLock};

use rlibphonenumber::{
    NumberLengthType, PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberFormat, Region,
};

use crate::text;

/// Where a country has no example.
const ANY_EXAMPLE: &str = "+41 44 668 18 00";

/// E.164, with `;ext=` where there is an extension. A number without a country calling code is
/// dialled in the country.
///
/// A number needs an assigned country calling code and a possible length. Whether its range is
/// assigned is not checked: ranges are added every month, and an older release must not refuse a
/// new one.
pub(super) fn normal_form(value: &str, country: &str) -> Option<String> {
    let region = country.parse::<Region>().ok();
    // Elsewhere than in the country, `00` is dialled for `+` nearly everywhere.
    let international = value
        .trim_start_matches(['(', ' '])
        .strip_prefix("00")
        .map(|rest| format!("+{rest}"));
    [Some(Cow::Borrowed(value)), international.map(Cow::Owned)]
        .into_iter()
        .flatten()
        // The `(0)` of "+41 (0)44" is not dialled from abroad.
        .map(|typed| typed.replace("(0)", ""))
        .find_map(|typed| e164(&typed, region))
}

fn e164(typed: &str, region: Option<Region>) -> Option<String> {
    let number = PhoneNumber::parse(typed, region).ok()?;
    if !matches!(
        number.is_possible_with_reason(),
        Ok(NumberLengthType::IsPossible)
    ) {
        return None;
    }
    let main = number.format_as(PhoneNumberFormat::E164).into_owned();
    Some(match number.extension.as_deref() {
        None | Some("") => main,
        Some(extension) => format!("{main};ext={extension}"),
    })
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
