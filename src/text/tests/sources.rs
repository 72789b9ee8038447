//! What the compiler cannot see: the words themselves, read from the files of the languages.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use super::*;

/// The files of a language.
macro_rules! files {
    ($name:literal) => {
        [
            include_str!(concat!("../", $name)),
            include_str!(concat!("../organisation/", $name)),
            include_str!(concat!("../upload/", $name)),
            include_str!(concat!("../desk/", $name)),
        ]
    };
}

fn sources(lang: Lang) -> [&'static str; 4] {
    match lang {
        Lang::En => files!("en.rs"),
        Lang::ZhHant => files!("zh_hant.rs"),
        Lang::ZhHans => files!("zh_hans.rs"),
        Lang::De => files!("de.rs"),
        Lang::Fr => files!("fr.rs"),
        Lang::It => files!("it.rs"),
        Lang::Es => files!("es.rs"),
        Lang::Ja => files!("ja.rs"),
    }
}

/// Every string of the text with the path of its field, such as `invite.title`.
fn strings(lang: Lang) -> Vec<(String, String)> {
    sources(lang).into_iter().flat_map(strings_of).collect()
}

fn strings_of(source: &str) -> Vec<(String, String)> {
    let mut rest = &source[source.find("Text {").unwrap() + "Text ".len()..];
    let (mut path, mut found) = (Vec::new(), Vec::new());
    let mut word = String::new();
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '{' => path.push(String::new()),
            '}' => drop(path.pop()),
            ':' if rest.starts_with(' ') && !word.is_empty() => {
                *path.last_mut().unwrap() = word.clone()
            }
            '"' => {
                let end = rest.find('"').unwrap();
                found.push((
                    path.iter()
                        .filter(|name| !name.is_empty())
                        .cloned()
                        .collect::<Vec<_>>()
                        .join("."),
                    unescaped(&rest[..end]),
                ));
                rest = &rest[end + 1..];
            }
            _ => {}
        }
        if c.is_ascii_alphanumeric() || c == '_' {
            word.push(c)
        } else {
            word.clear()
        }
    }
    found
}

/// A literal as the compiler reads it: a backslash at the end of a line joins it with the next.
fn unescaped(literal: &str) -> String {
    let mut lines = literal.split("\\\n");
    let first = lines.next().unwrap_or_default().to_owned();
    lines
        .fold(first, |joined, line| joined + line.trim_start())
        .replace("\\u{202f}", "\u{202f}")
        .replace("\\u{a0}", "\u{a0}")
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name)
        .filter(|name| name.starts_with(char::is_alphabetic))
        .collect()
}

/// What is said in each field, and what is put into it.
fn fields(lang: Lang) -> BTreeMap<String, BTreeSet<String>> {
    let mut fields: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, text) in strings(lang) {
        fields
            .entry(path.clone())
            .or_default()
            .extend(placeholders(&text).into_iter().map(str::to_owned));
    }
    for date in ["expiry", "day"] {
        fields.remove(date);
    }
    fields
}

#[test]
fn texts_take_the_same_values_in_every_language() {
    let english = fields(Lang::En);
    assert!(
        english.len() > 190 && english["invite.lead"].len() == 3,
        "the files are read: {}",
        english.len()
    );
    for lang in Lang::ALL {
        assert_eq!(fields(lang), english, "{}", lang.tag());
    }
}

/// Words that really are the same.
const SAME_IN_ALL_LANGUAGES: &[(&str, &str)] = &[
    ("fr", "E-mail"),
    ("de", "Website"),
    ("de", "Name"),
    ("de", "Organisation"),
    ("fr", "Organisation"),
    ("de", "(optional)"),
    ("fr", "Invitation"),
    ("fr", "Invitations"),
    ("fr", "Message"),
    ("fr", "Actions"),
    ("de", "Status"),
    ("fr", "Canton"),
    ("it", "E-mail"),
    ("de", ": "),
    ("de", ", "),
    ("fr", ", "),
    ("it", ", "),
    ("es", ", "),
    ("it", ": "),
    ("es", ": "),
];

#[test]
fn nothing_is_left_in_english() {
    let english: BTreeSet<_> = strings(Lang::En)
        .into_iter()
        .map(|(_, text)| text)
        .filter(|text| text.len() > 1 && !is_country_code(text))
        .collect();
    for lang in Lang::ALL.into_iter().filter(|lang| *lang != Lang::En) {
        for (path, text) in strings(lang) {
            let alike =
                english.contains(&text) && !SAME_IN_ALL_LANGUAGES.contains(&(lang.tag(), &text));
            assert!(!alike || is_counted(&path), "{} {path}: {text}", lang.tag());
        }
    }
}

/// A country whose label is another one.
fn is_country_code(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// French counts in the same minutes.
fn is_counted(path: &str) -> bool {
    path == "mail.code_validity"
}

/// The templates write them as they are.
#[test]
fn no_text_has_a_character_that_html_gives_a_meaning() {
    for lang in Lang::ALL {
        for (path, text) in strings(lang) {
            assert!(
                !text.contains(['&', '<', '>', '"', '\'']),
                "{lang:?} {path}: {text}"
            );
        }
    }
}

#[test]
fn quotes_dots_and_spaces_are_those_of_print() {
    for lang in Lang::ALL {
        for (path, text) in strings(lang) {
            for wrong in ["'", "\\", "...", "  ", " .", " ,", "--"] {
                assert!(!text.contains(wrong), "{} {path}: {text}", lang.tag());
            }
            let trimmed =
                matches!(path.as_str(), "problem.colon" | "company.comma") || text.trim() == text;
            assert!(trimmed, "{} {path}: {text:?}", lang.tag());
        }
    }
}

#[test]
fn french_puts_a_narrow_space_before_high_punctuation() {
    for (path, text) in strings(Lang::Fr)
        .into_iter()
        .filter(|(path, _)| !matches!(path.as_str(), "expiry" | "day"))
    {
        let characters: Vec<char> = text.chars().collect();
        for pair in characters.windows(2) {
            assert!(
                !matches!(pair[1], ':' | ';' | '!' | '?' | '»') || pair[0] == '\u{202f}',
                "{path}: {text}"
            );
            assert!(pair[0] != '«' || pair[1] == '\u{202f}', "{path}: {text}");
        }
    }
}

#[test]
fn spanish_opens_its_questions_and_exclamations() {
    for (path, text) in strings(Lang::Es) {
        let count = |c| text.matches(c).count();
        assert_eq!(
            (count('?'), count('!')),
            (count('¿'), count('¡')),
            "{path}: {text}"
        );
    }
}

#[test]
fn german_quotes_are_low_then_high() {
    for (path, text) in strings(Lang::De) {
        assert_eq!(
            text.matches('„').count(),
            text.matches('“').count(),
            "{path}: {text}"
        );
        assert!(!text.contains('”'), "{path}: {text}");
    }
}

#[test]
fn chinese_and_japanese_punctuation_is_full_width() {
    let wide = |c: char| ('\u{3000}'..='\u{9fff}').contains(&c);
    for lang in [Lang::Ja, Lang::ZhHans, Lang::ZhHant] {
        for (path, text) in strings(lang)
            .into_iter()
            .filter(|(path, _)| !matches!(path.as_str(), "expiry" | "day"))
        {
            let characters: Vec<char> = text.chars().collect();
            for pair in characters.windows(2) {
                assert!(
                    !(wide(pair[0])
                        && matches!(pair[1], ',' | '.' | ';' | ':' | '!' | '?' | '(' | ')')),
                    "{path}: {text}"
                );
            }
        }
    }
}

/// Characters of the other script that a conversion or a slip would leave.
#[test]
fn the_two_chinese_scripts_do_not_mix() {
    let text = |lang| {
        strings(lang)
            .into_iter()
            .map(|(_, text)| text)
            .collect::<String>()
    };
    for (simplified, traditional) in "请邀录账户码邮验证关闭开类页链"
        .chars()
        .zip("請邀錄賬戶碼郵驗證關閉開類頁鏈".chars())
        .filter(|(s, t)| s != t)
    {
        assert!(!text(Lang::ZhHant).contains(simplified), "{simplified}");
        assert!(!text(Lang::ZhHans).contains(traditional), "{traditional}");
    }
}

#[test]
fn every_text_is_shown_somewhere() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let shown: String = files(&src)
        .into_iter()
        .filter(|file| !file.starts_with(src.join("text")))
        .map(|file| fs::read_to_string(file).unwrap())
        .collect();
    let used = |name: &str| {
        shown
            .split(&format!(".{name}"))
            .skip(1)
            .any(|after| !after.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
    };
    let own = include_str!("../mod.rs");
    for path in fields(Lang::En).keys() {
        let name = path
            .split('.')
            .rfind(|part| !matches!(*part, "title" | "body") || path.matches('.').count() < 2)
            .unwrap();
        let here = own.contains(&format!(".{name}"));
        assert!(used(name) || here, "{path} is shown nowhere");
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| {
            if path.is_dir() {
                files(&path)
            } else {
                vec![path]
            }
        })
        .filter(|path| !path.ends_with("tests.rs"))
        .collect()
}
