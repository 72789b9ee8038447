//! Texts from outside, in several languages.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Lang;

/// A text by language tag.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Localized(BTreeMap<String, String>);

impl Localized {
    /// The same text in every language.
    #[must_use]
    pub fn same(text: String) -> Self {
        Self(BTreeMap::from([(Lang::En.tag().to_owned(), text)]))
    }

    /// Whether there is no text at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text in the language, else in English, else in any.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        [lang.tag(), Lang::En.tag()]
            .iter()
            .find_map(|tag| self.0.get(*tag))
            .or_else(|| self.0.values().next())
            .map_or("", String::as_str)
    }
}
