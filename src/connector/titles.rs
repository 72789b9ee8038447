//! Titles and descriptions: those of [`texts`], or the title from the name of the member, and the
//! description from the OpenAPI document.

use super::texts;

/// Members that only hold others, and are no part of a title.
pub(super) const WRAPPERS: [&str; 2] = ["items", "data"];

/// Words that are not written as they are named.
const WORDS: [(&str, &str); 13] = [
    ("id", "ID"),
    ("vat", "VAT"),
    ("url", "URL"),
    ("oid", "object ID"),
    ("tid", "tenant ID"),
    ("at", "time"),
    ("locale", "language"),
    ("mail", "e-mail"),
    ("email", "e-mail"),
    ("members", "member"),
    ("errors", "error"),
    ("timeline", "history"),
    ("failed", "failure"),
];

/// Title and description of a member of a definition, of an input or an output.
pub(super) fn of(definition: &str, path: &str, is_input: bool, about: &str) -> (String, String) {
    let listed = texts::at(&format!("{definition}:{path}"))
        .or_else(|| texts::at(&format!("input:{path}")).filter(|_| is_input))
        .or_else(|| texts::at(path));
    match listed {
        Some((title, about)) => (title.to_owned(), about.to_owned()),
        None => (title(path), plain(about)),
    }
}

/// Description of an item of the list at the path, unless that of the OpenAPI document fits.
pub(super) fn item(definition: &str, path: &str) -> Option<&'static str> {
    texts::item(&format!("{definition}:{path}"))
}

/// `confirmedCompany.vatNumber`: Confirmed company VAT number.
fn title(path: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for part in path.split('.') {
        let starts = part.char_indices().filter(|(_, c)| c.is_uppercase());
        let mut from = 0;
        for (at, _) in starts.chain([(part.len(), ' ')]) {
            words.push(part[from..at].to_lowercase());
            from = at;
        }
    }
    // `createdAt` is a time already.
    let is_alone = |at: usize| at == 0 || path.ends_with(".at");
    let known = |at: usize, word: &String| match WORDS.iter().find(|(name, _)| name == word) {
        Some(("at", _)) if !is_alone(at) => word.clone(),
        Some((_, written)) => (*written).to_owned(),
        None => word.clone(),
    };
    let words: Vec<_> = words
        .iter()
        .enumerate()
        .map(|(at, word)| known(at, word))
        .collect();
    sentence_case(&words.join(" "))
}

/// With a capital at its beginning.
pub(super) fn sentence_case(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().collect::<String>() + chars.as_str(),
        None => String::new(),
    }
}

/// Without the marks of code, on one line, with a full stop.
fn plain(about: &str) -> String {
    let mut text = about.replace('`', "").replace('\n', " ");
    if !text.ends_with('.') {
        text.push('.');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_follow_from_names() {
        for (path, expected) in [
            ("confirmedCompany.vatNumber", "Confirmed company VAT number"),
            ("account.tid", "Account tenant ID"),
            ("createdAt", "Created at"),
            ("members.at", "Member time"),
            ("delivery.mail.nextAttempt", "Delivery e-mail next attempt"),
        ] {
            assert_eq!(title(path), expected);
        }
    }

    #[test]
    fn descriptions_are_plain_sentences() {
        assert_eq!(plain("As `id`,\nin short"), "As id, in short.");
    }
}
