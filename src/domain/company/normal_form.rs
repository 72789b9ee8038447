//! The normal forms of what people type: postal codes and VAT numbers.

use rlibphonenumber::PHONE_NUMBER_UTIL;

use super::rules::Rule;
use crate::text;

/// Full-width characters of East Asian keyboards, dashes, and the digits of other scripts, in
/// ASCII; without joiners. For numbers and codes: in an address of a website, these may be part of
/// a name.
pub(super) fn to_ascii(value: &str) -> String {
    value
        .chars()
        .filter(|c| !text::is_joiner(*c))
        .map(|c| match narrow(c) {
            '\u{30fc}' => '-',
            c if c.is_ascii() => c,
            c => digit(c).unwrap_or(c),
        })
        .collect()
}

/// The ASCII character of a full-width one, and the hyphen for dashes.
pub(super) fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        _ => c,
    }
}

/// The ASCII digit of the same value.
fn digit(c: char) -> Option<char> {
    PHONE_NUMBER_UTIL
        .normalize_digits_only(c.encode_utf8(&mut [0; 4]))
        .chars()
        .next()
}

/// As the country writes it: upper case, with its separator, without the prefix or sign of the
/// country in front, except where that is part of the code.
pub(super) fn postal_code(value: &str, rule: &Rule) -> Option<String> {
    let typed = value.to_uppercase();
    let compact: String = typed
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '〒'))
        .collect();
    if rule.is_generic() {
        return rule.postal_code(&compact).map(|_| typed);
    }
    let with_code = format!("{}{compact}", rule.code);
    let without_prefix = prefixes(rule.code).filter_map(|prefix| compact.strip_prefix(prefix));
    std::iter::once(compact.as_str())
        .chain(without_prefix)
        .chain([with_code.as_str()])
        .find_map(|code| rule.postal_code(code))
}

/// What people write before a postal code: the ISO code, or the distinguishing sign of vehicles
/// (Convention on Road Traffic, <https://unece.org/transport/road-transport>) where it differs.
fn prefixes(code: &'static str) -> impl Iterator<Item = &'static str> {
    let sign = match code {
        "AT" => "A",
        "BA" => "BIH",
        "BE" => "B",
        "DE" => "D",
        "EE" => "EST",
        "ES" => "E",
        "FI" => "FIN",
        "FR" => "F",
        "GB" => "UK",
        "HU" => "H",
        "IE" => "IRL",
        "IT" => "I",
        "JP" => "J",
        "LI" => "FL",
        "LU" => "L",
        "ME" => "MNE",
        "NO" => "N",
        "PT" => "P",
        "RS" => "SRB",
        "RU" => "RUS",
        "SE" => "S",
        "SI" => "SLO",
        "SM" => "RSM",
        "TH" => "T",
        "VA" => "V",
        _ => code,
    };
    [code, sign].into_iter()
}

/// Upper case, without separators, with the prefix of the country; typed without it, with the ISO
/// code instead, or after a label such as `USt-IdNr.:`.
pub(super) fn vat_number(value: &str, rule: &Rule) -> Option<String> {
    let typed = value.to_uppercase();
    if rule.has_generic_vat() {
        let number = compact(after_label(&typed));
        // The pattern takes words like "none", since the script has no way to ask for a digit.
        let has_digit = number.contains(|c: char| c.is_ascii_digit());
        return (has_digit && rule.accepts_vat(&number)).then_some(number);
    }
    // Each word may begin the number: those before it are a label. Mexico has `&` in numbers.
    let begins = |c: char| c.is_alphanumeric() || c == '&';
    let starts = typed
        .char_indices()
        .filter(|(at, c)| {
            let before = typed[..*at].chars().next_back();
            begins(*c) && !before.is_some_and(begins)
        })
        .map(|(at, _)| at);
    starts
        .take_while(|at| !typed[..*at].contains(|c: char| c.is_ascii_digit()))
        .map(|at| compact(&typed[at..]))
        .find_map(|number| with_prefix(&number, rule))
}

fn with_prefix(number: &str, rule: &Rule) -> Option<String> {
    let prefix = rule.vat_prefix();
    let without_iso = number.strip_prefix(rule.code).unwrap_or(number);
    let initials = prefix.get(..2).unwrap_or(prefix);
    [
        number.to_owned(),
        format!("{prefix}{number}"),
        format!("{prefix}{without_iso}"),
        format!("{initials}{number}"),
    ]
    .into_iter()
    .find(|candidate| rule.accepts_vat(candidate))
}

/// The text after a label without digits. Letters may also begin the number, as in `J.12345678-9`:
/// a label ends with a colon, `#` or a character that no number has, or is made of abbreviations
/// for "number" and of words of three letters or more.
fn after_label(typed: &str) -> &str {
    let Some(digits) = typed.find(|c: char| c.is_ascii_digit()) else {
        return typed;
    };
    if let Some(end) = typed[..digits].rfind([':', '#']) {
        return &typed[end + 1..];
    }
    let latin = after_foreign_characters(typed, digits);
    after_words(after_number_sign(latin))
}

/// The text after the last character beyond ASCII before the digits at `digits`: after `№`, or after
/// the word if it is an accented letter.
fn after_foreign_characters(typed: &str, digits: usize) -> &str {
    let last = typed[..digits].char_indices().rfind(|(_, c)| !c.is_ascii());
    let Some((at, c)) = last else {
        return typed;
    };
    let rest = &typed[at + c.len_utf8()..];
    if c.is_uppercase() {
        rest.trim_start_matches(|c: char| c.is_ascii_uppercase())
    } else {
        rest
    }
}

/// The text after the last word before the digits that is an abbreviation for "number".
fn after_number_sign(typed: &str) -> &str {
    let mut rest = typed;
    let mut number = typed;
    while let Some((word, after)) = rest.trim_start().split_once(' ')
        && !has_digit(word)
    {
        if is_number_sign(word.trim_end_matches('.')) {
            number = after;
        }
        rest = after;
    }
    number
}

/// The text after the words of a label, the last of which may end with a full stop and no blank.
fn after_words(typed: &str) -> &str {
    let mut rest = typed.trim_start();
    while let Some((word, after)) = rest.split_once(' ')
        && !has_digit(word)
        && is_label(word)
    {
        rest = after.trim_start();
    }
    let letters = rest.find([' ', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    let stop = letters.and_then(|end| rest[..end].rfind('.'));
    match stop {
        Some(stop) if is_label(&rest[..=stop]) => &rest[stop + 1..],
        _ => rest,
    }
}

fn has_digit(word: &str) -> bool {
    word.contains(|c: char| c.is_ascii_digit())
}

/// Whether a word without digits is part of a label: `VAT`, `VAT-NO.`, `R.I.F.`, or a dash; neither
/// `IG` nor `AB.CDE`.
fn is_label(word: &str) -> bool {
    let pieces = || {
        word.split(|c: char| !c.is_ascii_alphabetic())
            .filter(|piece| !piece.is_empty())
    };
    let is_word = |piece: &str| piece.len() >= 3 || is_number_sign(piece);
    let is_abbreviation = pieces().count() >= 3 && pieces().all(|piece| piece.len() == 1);
    let is_compound = if word.trim_end_matches('.').contains('.') {
        pieces().next().is_some_and(is_word)
    } else {
        pieces().any(is_word)
    };
    pieces().next().is_none() || is_abbreviation || is_compound
}

/// Abbreviations for "number" and "identification" before tax numbers.
fn is_number_sign(word: &str) -> bool {
    matches!(word, "NO" | "NR" | "NUM" | "ID")
}

fn compact(number: &str) -> String {
    number
        .chars()
        .filter(|c| !matches!(c, ' ' | '.' | '-' | '/' | ':' | '#'))
        .collect()
}
