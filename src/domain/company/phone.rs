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

/// A number in E.164 with the blanks of its country.
pub fn international(number: &str) -> String {
    PhoneNumber::parse(number, None).map_or_else(
        |_| number.to_owned(),
        |parsed| {
            parsed
                .format_as(PhoneNumberFormat::International)
                .into_owned()
        },
    )
}
