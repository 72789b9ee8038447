//! How the name of a person is written, by the script that it is written in.

/// First and last name as one: `Anna Meier`, `陳怡君`, `アンナ・マイヤー`.
///
/// Names in Han, Hangul or Hiragana put the surname first and have no space between. Names wholly
/// in Katakana are mostly foreign ones, which keep their order. So does every other script.
pub fn full(first_name: &str, last_name: &str) -> String {
    let (first, last) = (first_name.trim(), last_name.trim());
    if first.is_empty() || last.is_empty() {
        format!("{first}{last}")
    } else if is_katakana(first) && is_katakana(last) {
        format!("{first}・{last}")
    } else if is_east_asian(first) && is_east_asian(last) {
        format!("{last}{first}")
    } else {
        format!("{first} {last}")
    }
}

/// What people are called where first names alone are polite: by the first name, except where the
/// surname comes first.
pub fn first(first_name: &str, last_name: &str) -> String {
    let first = first_name.trim();
    if first.is_empty() || is_east_asian(first) {
        full(first_name, last_name)
    } else {
        first_name.trim().to_owned()
    }
}

fn is_katakana(name: &str) -> bool {
    !name.is_empty()
        && name
            .chars()
            .all(|c| matches!(c, '\u{30a0}'..='\u{30ff}' | '\u{ff66}'..='\u{ff9f}'))
}

/// Blocks of the Unicode standard: kana, unified ideographs with their extensions, Hangul
/// syllables.
fn is_east_asian(name: &str) -> bool {
    let east_asian = |c| {
        matches!(c,
            '々' | '〇' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}'
            | '\u{20000}'..='\u{323af}')
    };
    !name.is_empty() && name.chars().all(east_asian)
}
