//! The languages, and which of them serves a reader.

use super::{Text, de, en, es, fr, it, ja, zh_hans, zh_hant};

/// A language that the product speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lang {
    /// English, the language of last resort.
    En,
    /// Chinese in traditional characters, in the business usage of Taiwan and Hong Kong.
    ZhHant,
    /// Chinese in simplified characters, in the usage of mainland China and Singapore.
    ZhHans,
    /// German, with Sie.
    De,
    /// French, with vous.
    Fr,
    /// Italian, with Lei.
    It,
    /// Spanish, with usted.
    Es,
    /// Japanese, in the polite style.
    Ja,
}

impl Lang {
    /// Every language, in the order in which a reader is offered them.
    pub const ALL: [Lang; 8] = [
        Lang::En,
        Lang::De,
        Lang::Fr,
        Lang::It,
        Lang::Es,
        Lang::Ja,
        Lang::ZhHans,
        Lang::ZhHant,
    ];

    /// Everything the product says in this language.
    pub const fn text(self) -> &'static Text {
        match self {
            Lang::En => &en::TEXT,
            Lang::ZhHant => &zh_hant::TEXT,
            Lang::ZhHans => &zh_hans::TEXT,
            Lang::De => &de::TEXT,
            Lang::Fr => &fr::TEXT,
            Lang::It => &it::TEXT,
            Lang::Es => &es::TEXT,
            Lang::Ja => &ja::TEXT,
        }
    }

    /// The BCP 47 tag, as in `<html lang>`.
    pub const fn tag(self) -> &'static str {
        self.text().tag
    }

    /// The name in the language itself.
    pub const fn native_name(self) -> &'static str {
        self.text().native_name
    }

    /// Whether addresses are written from large to small, and family names before given names.
    pub const fn is_largest_first(self) -> bool {
        matches!(self, Lang::Ja | Lang::ZhHans | Lang::ZhHant)
    }

    /// Between two parts of a list.
    pub const fn comma(self) -> &'static str {
        match self {
            Lang::Ja => "、",
            Lang::ZhHans | Lang::ZhHant => "，",
            Lang::En | Lang::De | Lang::Fr | Lang::It | Lang::Es => ", ",
        }
    }

    /// The language that serves a reader of the BCP 47 `tag`: `zh-TW` is served by `zh-Hant`,
    /// `en-GB` by `en`.
    pub fn parse(tag: &str) -> Option<Lang> {
        let mut subtags = tag.trim().split(['-', '_']);
        let primary = subtags.next()?;
        let wanted = if primary.eq_ignore_ascii_case("zh") {
            chinese_script(subtags)
        } else {
            primary
        };
        Lang::ALL
            .into_iter()
            .find(|lang| lang.tag().eq_ignore_ascii_case(wanted))
    }

    /// The person's choice on the page, else the invitation's language, else what the browser
    /// prefers, else English.
    pub fn negotiate(
        explicit: Option<&str>,
        invitation_locale: Option<&str>,
        accept_language: Option<&str>,
    ) -> Lang {
        explicit
            .and_then(Lang::parse)
            .or_else(|| invitation_locale.and_then(Lang::parse))
            .or_else(|| accept_language.and_then(preferred))
            .unwrap_or(Lang::En)
    }
}

/// The script decides; without one the region says which script its readers use.
fn chinese_script<'a>(mut subtags: impl Iterator<Item = &'a str>) -> &'static str {
    let traditional = |subtag: &str| match subtag.to_ascii_lowercase().as_str() {
        "hant" | "tw" | "hk" | "mo" => Some("zh-Hant"),
        "hans" | "cn" | "sg" | "my" => Some("zh-Hans"),
        _ => None,
    };
    subtags.find_map(traditional).unwrap_or("zh-Hans")
}

/// The best served range of an `Accept-Language` header (RFC 9110, 12.5.4). Parsed here because the
/// quality values are compared: a `q=NaN` must not reach a sort.
fn preferred(header: &str) -> Option<Lang> {
    let mut best: Option<(f32, Lang)> = None;
    for range in header.split(',').take(32) {
        let (tag, quality) = match range.split_once(';') {
            None => (range, 1.0),
            Some((tag, parameter)) => {
                let weight = parameter.trim();
                let quality = weight
                    .strip_prefix("q=")
                    .or_else(|| weight.strip_prefix("Q="))
                    .and_then(|value| value.trim().parse::<f32>().ok());
                (
                    tag,
                    quality.filter(|q| (0.0..=1.0).contains(q)).unwrap_or(0.0),
                )
            }
        };
        if quality > best.map_or(0.0, |(quality, _)| quality)
            && let Some(lang) = Lang::parse(tag)
        {
            best = Some((quality, lang));
        }
    }
    best.map(|(_, lang)| lang)
}
