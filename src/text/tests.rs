use isocountry::CountryCode;
use time::macros::datetime;

use super::*;

#[test]
fn tags_are_served_by_the_nearest_language() {
    for tag in ["zh-Hant", "zh-TW", "zh-HK", "zh-Hant-HK", "zh_tw", "ZH-hant-MO"] {
        assert_eq!(Lang::parse(tag), Some(Lang::ZhHant), "{tag}");
    }
    for tag in ["en", "en-GB", "EN-us"] {
        assert_eq!(Lang::parse(tag), Some(Lang::En), "{tag}");
    }
    for tag in ["", "*", "english", "xx", "tlh-Hant", "-", "e\0n"] {
        assert_eq!(Lang::parse(tag), None, "{tag}");
    }
}

#[test]
fn every_language_is_found_by_its_own_tag() {
    for lang in Lang::ALL {
        assert_eq!(Lang::parse(lang.tag()), Some(lang));
    }
}

#[test]
fn the_choice_on_the_page_wins_then_the_invitation_then_the_browser() {
    assert_eq!(Lang::negotiate(Some("en"), Some("zh-TW"), Some("zh-TW")), Lang::En);
    assert_eq!(Lang::negotiate(None, Some("zh-TW"), Some("en")), Lang::ZhHant);
    assert_eq!(Lang::negotiate(None, None, Some("zh-TW")), Lang::ZhHant);
    assert_eq!(Lang::negotiate(Some("xx"), Some(""), None), Lang::En);
}

#[test]
fn the_browser_is_understood_by_its_quality_values() {
    let read = |header| Lang::negotiate(None, None, Some(header));
    assert_eq!(read("xx, zh-TW;q=0.5, en;q=0.3"), Lang::ZhHant);
    assert_eq!(read("en;q=0.3,zh-TW;q=0.9"), Lang::ZhHant);
    assert_eq!(read("zh-TW;q=0, en"), Lang::En);
    assert_eq!(read("zh-TW;q=NaN, en;q=0.1"), Lang::En);
    assert_eq!(read("zh-TW;q=9, en;q=0.1"), Lang::En);
    assert_eq!(read(",;;=,q=,zh-TW"), Lang::ZhHant);
    assert_eq!(read("en, zh-TW"), Lang::En);
}

#[test]
fn dates_say_day_time_and_zone() {
    let at = datetime!(2026-12-22 15:00 +1);
    assert_eq!(format_expiry(at, Lang::En), "22 December 2026, 14:00 UTC");
    assert_eq!(format_expiry(at, Lang::ZhHant), "2026年12月22日 14:00（UTC）");
}

#[test]
fn every_list_of_countries_is_that_of_iso_3166() {
    let lists = [
        &countries::de::NAMES,
        &countries::en::NAMES,
        &countries::es::NAMES,
        &countries::fr::NAMES,
        &countries::it::NAMES,
        &countries::ja::NAMES,
        &countries::zh_hans::NAMES,
        &countries::zh_hant::NAMES,
    ];
    for list in lists {
        let mut codes = list.map(|(code, _)| code);
        codes.sort_unstable();
        let mut assigned: Vec<_> = CountryCode::iter().map(|country| country.alpha2()).collect();
        assigned.sort_unstable();
        assert_eq!(codes.as_slice(), assigned);
    }
    assert_eq!(country_name("TW", Lang::ZhHant), Some("台灣"));
    assert_eq!(country_name("DE", Lang::En), Some("Germany"));
    assert_eq!(country_name("XX", Lang::En), None);
}

#[test]
fn chinese_names_are_written_surname_first() {
    let greeting = Lang::ZhHant.text().mail.greeting;
    assert_eq!(greeting("美玲", "陳"), "陳美玲 您好：");
    assert_eq!(greeting("Anna", "Meier"), "Anna Meier 您好：");
}

#[test]
fn the_pattern_refuses_what_is_unseen_and_nothing_else() {
    let visible = regex_lite::Regex::new(VISIBLE).unwrap();
    for c in (char::MIN..='\u{dffff}').filter(|c| !c.is_whitespace()) {
        assert_eq!(visible.is_match(c.encode_utf8(&mut [0; 4])), !is_unseen(c), "{c:?}");
    }
}
