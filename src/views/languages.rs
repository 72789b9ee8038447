//! The links to a page in the other languages, in the foot of every page.

use std::sync::LazyLock;

use super::{
    Frame,
    markup::{Markup, escape},
};
use crate::text::Lang;

/// What is the same on every page, made once.
struct Language {
    lang: Lang,
    /// In place of the link, on a page in this language.
    current: String,
    /// What follows the address in the link, which ends with `lang=`.
    link: String,
}

static LANGUAGES: LazyLock<Vec<Language>> = LazyLock::new(|| {
    let language = |lang: Lang| {
        let (tag, name) = (lang.tag(), escape(lang.native_name()));
        Language {
            lang,
            current: format!("\n<span aria-current=true lang={tag}>{name}</span>"),
            link: format!("{tag}\" lang={tag}>{name}</a>"),
        }
    };
    Lang::ALL.into_iter().map(language).collect()
});

impl Frame<'_> {
    /// `None` on a page that cannot be requested again.
    pub(super) fn languages(&self) -> Option<Markup> {
        let here = escape(self.here?);
        let separator = if here.contains('?') { "&amp;" } else { "?" };
        let mut html = String::with_capacity(1024);
        for Language {
            lang,
            current,
            link,
        } in LANGUAGES.iter()
        {
            if *lang == self.lang {
                html.push_str(current);
            } else {
                for part in ["\n<a href=\"", &here, separator, "lang=", link] {
                    html.push_str(part);
                }
            }
        }
        Some(Markup::of_languages(html))
    }
}
