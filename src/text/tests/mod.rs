use std::collections::BTreeSet;

use isocountry::CountryCode;
use time::macros::datetime;

use super::*;

#[test]
fn tags_are_served_by_the_nearest_language() {
    for tag in [
        "zh-Hant",
        "zh-TW",
        "zh-HK",
        "zh-Hant-HK",
        "zh_tw",
        "ZH-hant-MO",
    ] {
        assert_eq!(Lang::parse(tag), Some(Lang::ZhHant), "{tag}");
    }
    for tag in [
        "zh",
        "zh-Hans",
        "zh-CN",
        "zh-SG",
        "zh-MY",
        "ZH_cn",
        "zh-Hans-TW",
    ] {
        assert_eq!(Lang::parse(tag), Some(Lang::ZhHans), "{tag}");
    }
    let regions = [
        ("en-GB", Lang::En),
        ("EN-us", Lang::En),
        ("de-CH", Lang::De),
        ("de_AT", Lang::De),
        ("fr-CA", Lang::Fr),
        ("it-CH", Lang::It),
        ("es-419", Lang::Es),
        ("ja-JP-u-ca-japanese", Lang::Ja),
    ];
    for (tag, lang) in regions {
        assert_eq!(Lang::parse(tag), Some(lang), "{tag}");
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
fn the_page_decides_then_invitation_then_browser() {
    assert_eq!(
        Lang::negotiate(Some("en"), Some("zh-TW"), Some("zh-TW")),
        Lang::En
    );
    assert_eq!(
        Lang::negotiate(None, Some("zh-TW"), Some("en")),
        Lang::ZhHant
    );
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
    assert_eq!(read("de-CH,de;q=0.9,en;q=0.8,*;q=0.5"), Lang::De);
    assert_eq!(read("pt-BR, fr-CA;Q=0.7, en;q=0.6"), Lang::Fr);
    assert_eq!(read("*"), Lang::En);
    assert_eq!(read("*;q=1, es;q=0.1"), Lang::Es);
    assert_eq!(read("zh-SG"), Lang::ZhHans);
    assert_eq!(
        read(&format!("{}ja", "xx,".repeat(40))),
        Lang::En,
        "a header without end is not read to its end"
    );
}

#[test]
fn dates_say_day_time_and_zone() {
    let at = datetime!(2026-12-22 15:00 +1);
    let format_expiry = |at, lang| super::format_expiry(at, lang).replace(NO_BREAK_SPACE, " ");
    assert_eq!(format_expiry(at, Lang::En), "22 December 2026, 14:00 UTC");
    assert_eq!(
        format_expiry(at, Lang::ZhHant),
        "2026年12月22日 14:00（UTC）"
    );
    assert_eq!(
        format_expiry(at, Lang::ZhHans),
        "2026年12月22日 14:00（UTC）"
    );
    assert_eq!(format_expiry(at, Lang::Ja), "2026年12月22日 14:00（UTC）");
    assert_eq!(
        format_expiry(at, Lang::De),
        "22. Dezember 2026, 14:00 Uhr (UTC)"
    );
    assert_eq!(
        format_expiry(at, Lang::Fr),
        "22 décembre 2026 à 14:00 (UTC)"
    );
    assert_eq!(
        format_expiry(at, Lang::It),
        "22 dicembre 2026, ore 14:00 (UTC)"
    );
    assert_eq!(
        format_expiry(at, Lang::Es),
        "22 de diciembre de 2026, 14:00 h (UTC)"
    );
    let first = datetime!(2027-01-01 00:05 UTC);
    assert_eq!(
        format_expiry(first, Lang::Fr),
        "1er janvier 2027 à 00:05 (UTC)"
    );
    assert_eq!(
        format_expiry(first, Lang::It),
        "1º gennaio 2027, ore 00:05 (UTC)"
    );
    assert_eq!(
        format_expiry(first, Lang::De),
        "1. Januar 2027, 00:05 Uhr (UTC)"
    );
}

#[test]
fn a_date_is_not_broken_but_before_its_hour() {
    let at = datetime!(2026-12-22 14:00 UTC);
    for lang in Lang::ALL {
        let (day, date) = (format_day(at, lang), super::format_expiry(at, lang));
        assert!(!day.contains(' '), "{day}");
        assert_eq!(date.matches(' ').count(), 1, "{date}");
        assert!(date.starts_with(&day), "{date}");
    }
}

#[test]
fn a_day_is_complete_in_every_time_zone() {
    let noon = datetime!(2026-12-26 12:00 UTC);
    let valid_until =
        |expires, now, lang| super::valid_until(expires, now, lang).replace(NO_BREAK_SPACE, " ");
    let until = |expires, now| valid_until(expires, now, Lang::En);
    assert_eq!(
        until(noon, datetime!(2026-12-01 0:00 UTC)),
        "25 December 2026"
    );
    let later = noon - time::Duration::SECOND;
    assert_eq!(
        until(later, datetime!(2026-12-01 0:00 UTC)),
        "24 December 2026"
    );
    assert_eq!(
        until(noon, datetime!(2026-12-23 12:00 UTC)),
        "25 December 2026"
    );
    let last_days = datetime!(2026-12-23 12:01 UTC);
    assert_eq!(until(noon, last_days), "26 December 2026, 12:00 UTC");
    for (lang, expected) in [
        (Lang::De, "25. Dezember 2026"),
        (Lang::Fr, "25 décembre 2026"),
        (Lang::It, "25 dicembre 2026"),
        (Lang::Es, "25 de diciembre de 2026"),
        (Lang::Ja, "2026年12月25日"),
        (Lang::ZhHans, "2026年12月25日"),
        (Lang::ZhHant, "2026年12月25日"),
    ] {
        let day = valid_until(noon, datetime!(2026-12-01 0:00 UTC), lang);
        assert_eq!(day, expected);
    }
}

#[test]
fn names_from_right_to_left_are_isolated() {
    assert_eq!(isolated("Anna".to_owned()), "Anna");
    assert_eq!(isolated("陳怡君".to_owned()), "陳怡君");
    assert_eq!(isolated("נועה".to_owned()), "\u{2068}נועה\u{2069}");
    assert_eq!(
        isolated("ليلى (GF)".to_owned()),
        "\u{2068}ليلى (GF)\u{2069}"
    );
}

#[test]
fn every_language_names_every_country() {
    let mut codes: Vec<_> = CountryCode::iter()
        .map(|country| country.alpha2())
        .chain(["XK"])
        .collect();
    codes.sort_unstable();
    assert_eq!(country_codes(), codes);
    for lang in Lang::ALL {
        let mut named: Vec<_> = countries(lang).iter().map(|(code, _)| *code).collect();
        named.sort_unstable();
        assert_eq!(named, codes, "{}", lang.tag());
        let names = countries(lang).iter().map(|(_, name)| *name);
        assert!(names.clone().all(|name| !name.trim().is_empty()));
        assert_eq!(names.collect::<BTreeSet<_>>().len(), codes.len());
    }
}

#[test]
fn countries_have_the_names_of_cldr() {
    for (lang, switzerland, taiwan, states, kosovo) in [
        (Lang::En, "Switzerland", "Taiwan", "United States", "Kosovo"),
        (
            Lang::De,
            "Schweiz",
            "Taiwan",
            "Vereinigte Staaten",
            "Kosovo",
        ),
        (Lang::Fr, "Suisse", "Taïwan", "États-Unis", "Kosovo"),
        (Lang::It, "Svizzera", "Taiwan", "Stati Uniti", "Kosovo"),
        (Lang::Es, "Suiza", "Taiwán", "Estados Unidos", "Kosovo"),
        (Lang::Ja, "スイス", "台湾", "アメリカ合衆国", "コソボ"),
        (Lang::ZhHans, "瑞士", "台湾", "美国", "科索沃"),
        (Lang::ZhHant, "瑞士", "台灣", "美國", "科索沃"),
    ] {
        let names = ["CH", "TW", "US", "XK"].map(|code| country_name(code, lang).unwrap());
        assert_eq!(names, [switzerland, taiwan, states, kosovo]);
    }
    assert_eq!(country_name("HK", Lang::En), Some("Hong Kong"));
    assert_eq!(country_name("XX", Lang::En), None);
    assert_eq!(country_name("", Lang::En), None);
}

#[test]
fn countries_are_in_the_order_of_the_language() {
    let first = |lang| {
        countries(lang)[..3]
            .iter()
            .map(|(_, name)| *name)
            .collect::<Vec<_>>()
    };
    assert_eq!(first(Lang::De), ["Afghanistan", "Ägypten", "Ålandinseln"]);
    assert_eq!(
        first(Lang::Fr),
        ["Afghanistan", "Afrique du Sud", "Albanie"]
    );
    let last = |lang| countries(lang).last().unwrap().1;
    assert_eq!(last(Lang::De), "Zypern");
    assert_eq!(last(Lang::Es), "Zimbabue");
}

#[test]
fn names_are_written_in_the_order_of_their_script() {
    for (first, last, whole) in [
        ("怡君", "陳", "陳怡君"),
        ("太郎", "山田", "山田太郎"),
        ("さくら", "佐々木", "佐々木さくら"),
        ("민준", "김", "김민준"),
        ("アンナ", "マイヤー", "アンナ・マイヤー"),
        ("Anna", "Meier", "Anna Meier"),
        ("David", "陳", "David 陳"),
        ("", "陳", "陳"),
        ("Anna", "", "Anna"),
    ] {
        assert_eq!(names::full(first, last), whole);
    }
    assert_eq!(
        (names::first("Anna", "Meier"), names::first("怡君", "陳")),
        ("Anna".to_owned(), "陳怡君".to_owned())
    );
}

#[test]
fn pattern_refuses_only_control_characters() {
    let pattern = regex_lite::Regex::new(NO_CONTROLS).unwrap();
    for c in (char::MIN..='\u{dffff}').filter(|c| !c.is_whitespace()) {
        assert_eq!(
            pattern.is_match(c.encode_utf8(&mut [0; 4])),
            !c.is_control(),
            "{c:?}"
        );
    }
}

#[test]
fn people_are_greeted_as_their_language_does() {
    let greeted = |lang: Lang, first, last| {
        (lang.text().invite.greeting)(&(lang.text().form_of_address)(first, last))
    };
    assert_eq!(greeted(Lang::En, "Anna", "Meier"), "Hello Anna,");
    assert_eq!(greeted(Lang::En, "怡君", "陳"), "Hello 陳怡君,");
    assert_eq!(greeted(Lang::En, "", "Meier"), "Hello Meier,");
    assert_eq!(greeted(Lang::De, "Anna", "Meier"), "Guten Tag Anna Meier,");
    assert_eq!(greeted(Lang::Ja, "太郎", "山田"), "山田太郎\u{a0}様");
    assert_eq!(greeted(Lang::ZhHant, "怡君", "陳"), "陳怡君 您好：");
    assert_eq!(greeted(Lang::ZhHans, "怡君", "陈"), "陈怡君，您好：");
}

#[test]
fn one_minute_is_not_many() {
    for (lang, one, many) in [
        (Lang::En, "1 minute.", "10 minutes."),
        (Lang::De, "1 Minute ", "10 Minuten "),
        (Lang::Fr, "1 minute.", "10 minutes."),
        (Lang::It, "1 minuto.", "10 minuti."),
        (Lang::Es, "1 minuto.", "10 minutos."),
        (Lang::Ja, "1 分", "10 分"),
    ] {
        let validity = lang.text().mail.code_validity;
        assert!(
            validity(1).contains(one) && validity(10).contains(many),
            "{} {}",
            validity(1),
            validity(10)
        );
    }
}

#[test]
fn subjects_fit_on_a_line() {
    for lang in Lang::ALL {
        let mail = &lang.text().mail;
        let (seller, platform, company) = (
            "GF Machining Solutions",
            "My rConnect",
            "Meier Präzisionstechnik GmbH",
        );
        let subjects = [
            (mail.subject)(seller, platform),
            (mail.renewal_subject)(company),
            (mail.company_subject)(company, platform),
            (mail.code_subject)(platform),
            (lang.organisation().approved_mail.approved_subject)(platform),
            (lang.organisation().pass.request)(platform),
        ];
        for subject in subjects {
            assert!(subject.chars().count() <= 78, "{subject}");
        }
    }
}

mod address;
mod sources;

#[test]
fn only_eu_companies_have_eu_vat_numbers() {
    for (lang, name) in [
        (Lang::De, "USt-IdNr."),
        (Lang::Es, "NIF-IVA"),
        (Lang::It, "Partita IVA"),
    ] {
        let label = lang.text().company.vat_number;
        for country in ["AT", "DE", "ES", "GR", "IT", "SE"] {
            assert_eq!(label(country), name, "{country}");
        }
        for country in ["", "AU", "BR", "CH", "GB", "JP", "TW", "US"] {
            assert_ne!(label(country), name, "{country}");
        }
    }
}

/// Switzerland has no `ß`. The one word with it is the street of an address in another country.
#[test]
fn german_is_written_without_a_letter_that_the_swiss_do_not_have() {
    let sources = [
        include_str!("../de.rs"),
        include_str!("../contact/de.rs"),
        include_str!("../organisation/de.rs"),
        include_str!("../desk/de.rs"),
        include_str!("../upload/de.rs"),
    ];
    let lines = sources.iter().flat_map(|source| source.lines());
    let with: Vec<_> = lines.filter(|line| line.contains('ß')).collect();
    assert_eq!(with.len(), 1, "{with:?}");
    let street = Lang::De.text().company.street;
    for country in ["CH", "LI"] {
        assert_eq!(street(country), "Strasse und Hausnummer");
    }
    assert_eq!(street("DE"), "Straße und Hausnummer");
}

/// One kind of English on every page: the British one.
#[test]
fn english_is_british_throughout() {
    let sources = [
        include_str!("../en.rs"),
        include_str!("../contact/en.rs"),
        include_str!("../organisation/en.rs"),
        include_str!("../desk/en.rs"),
        include_str!("../upload/en.rs"),
    ];
    let placeholder = regex_lite::Regex::new(r"\{[^}]*\}").unwrap();
    let continued = regex_lite::Regex::new(r"\\\n\s*").unwrap();
    for source in sources {
        let code = source.lines().filter(|line| !line.trim().starts_with("//"));
        let code = code.collect::<Vec<_>>().join("\n").replace("\\\"", "'");
        let code = continued.replace_all(&code, "");
        for literal in code.split('"').skip(1).step_by(2) {
            let words = placeholder.replace_all(literal, "");
            let words = words
                .replace("openid profile email", "")
                .replace("Entra admin center", "")
                .to_lowercase();
            for american in [
                "organization",
                "canceled",
                "recogniz",
                "authoriz",
                "color",
                "center",
                "email",
            ] {
                assert!(!words.contains(american), "{literal}");
            }
        }
    }
}

/// Recipients have an e-mail address; what a mailbox contains is another matter.
#[test]
fn english_pages_speak_of_e_mail_addresses() {
    for text in [
        include_str!("../en.rs"),
        include_str!("../contact/en.rs"),
        include_str!("../organisation/en.rs"),
    ] {
        let words = text
            .replace("{mailbox}", "")
            .replace("|mailbox|", "")
            .replace("mailbox:", "")
            .replace(", mailbox", "");
        let left: Vec<_> = words
            .lines()
            .filter(|line| line.to_lowercase().contains("mailbox"))
            .collect();
        for line in left {
            assert!(
                line.contains("no access to mailboxes")
                    || line.contains("has not shown that the mailbox"),
                "{line}"
            );
        }
    }
}
