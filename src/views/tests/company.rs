//! The company page: its form, its label, and what is said of wrong values.

use super::*;

#[test]
fn company_button_is_grey_while_anything_is_wrong() {
    let good = company(Lang::En, &right(), "Name");
    assert_eq!(
        select(&good, "#create-company:not(.off):not([aria-disabled])"),
        ["Create company"]
    );
    assert!(select(&good, "[aria-invalid], [autofocus], [data-was]").is_empty());
    let bad = company(
        Lang::En,
        &CompanyForm {
            postal_code: "8".into(),
            ..right()
        },
        "Name",
    );
    // Without a script it works, so only the script says that it does not.
    assert_eq!(
        select(&bad, "#create-company.off:not([aria-disabled])"),
        ["Create company"]
    );
    assert_eq!(
        select(&bad, "#postalCode-error"),
        ["A postal code in Germany looks like 12345."]
    );
    assert_eq!(
        select(
            &bad,
            "#postalCode[aria-invalid][autofocus][aria-describedby~=postalCode-error]"
        )
        .len(),
        1
    );
    let no_script = company_page(
        Lang::En,
        &CompanyForm {
            postal_code: "8".into(),
            ..right()
        },
        "Name",
        true,
    );
    assert_eq!(
        select(&no_script, "#attention, #problems"),
        ["Please check one entry: Postal code"; 2]
    );
    assert_eq!(select(&no_script, "a[href='#postalCode']").len(), 2);
    assert_eq!(select(&bad, "option[selected]")[0].trim(), "Germany");
}

#[test]
fn valid_data_is_shown_as_a_label() {
    for no_script in [false, true] {
        let page = company_page(Lang::En, &right(), "Name", no_script);
        assert_eq!(
            select(&page, ".label address span"),
            ["Meier", "Weg 1", "80331 München", "Germany"]
        );
        assert!(select(&page, ".label dd").contains(&"Anna Meier".to_owned()));
        assert_eq!(select(&page, "details:not([open]) #companyName").len(), 1);
        assert_eq!(select(&page, "form summary"), ["Change something"]);
    }
}

#[test]
fn missing_data_opens_the_fields_and_is_named_first() {
    let american = CompanyForm {
        country: "US".into(),
        postal_code: "95014".into(),
        ..right()
    };
    for no_script in [false, true] {
        let page = company_page(Lang::En, &american, "Name", no_script);
        assert_eq!(
            select(&page, ".lead:not([hidden])"),
            ["One entry is missing: State"]
        );
        assert_eq!(select(&page, "details[open] #region").len(), 1);
        assert!(select(&page, ".label").is_empty());
    }
}

/// A browser gives Enter to the first button of a form.
#[test]
fn enter_is_taken_by_a_button_without_effect() {
    for no_script in [false, true] {
        let page = company_page(Lang::En, &right(), "Name", no_script);
        let dom = Dom::parse_document(&page);
        let buttons = Selector::parse("#company button").unwrap();
        let first = dom.select(&buttons).next().unwrap();
        assert!(first.attr("disabled").is_some() && first.attr("hidden").is_some());
    }
    let page = join_page(Lang::En, &right(), "Name");
    assert_eq!(
        select(&page, "#join > button:first-of-type[hidden][disabled]").len(),
        1
    );
}

#[test]
fn names_and_addresses_follow_the_culture() {
    for lang in [Lang::Ja, Lang::ZhHant, Lang::De] {
        let (company, join) = (
            fillable(&company(lang, &right(), "Name")),
            fillable(&join_page(lang, &right(), "Name")),
        );
        let place = |name: &str| company.iter().position(|own| own == name).unwrap();
        if lang == Lang::De {
            assert_eq!(join, ["firstName", "lastName", "phone"]);
            assert!(place("firstName") < place("lastName"));
            assert!(place("street") < place("city"));
        } else {
            assert_eq!(join, ["lastName", "firstName", "phone"]);
            assert!(place("lastName") < place("firstName"));
            assert!(place("city") < place("street"));
        }
        assert_eq!(company.last().map(String::as_str), Some("phone"));
    }
}

#[test]
fn the_first_wrong_field_has_the_focus() {
    let nameless = CompanyForm {
        first_name: String::new(),
        last_name: String::new(),
        ..right()
    };
    for (lang, field) in [(Lang::En, "firstName"), (Lang::ZhHant, "lastName")] {
        let page = join_page(lang, &nameless, "Name");
        assert_eq!(select(&page, &format!("#{field}[autofocus]")).len(), 1);
        assert_eq!(select(&page, "[autofocus]").len(), 1);
    }
}

#[test]
fn registered_values_stay_beside_changed_ones() {
    let changed = CompanyForm {
        city: "Munich <b>".into(),
        country: "CH".into(),
        website: "example.com".into(),
        ..right()
    };
    for no_script in [false, true] {
        let page = company_page(Lang::En, &changed, "Name", no_script);
        assert_eq!(
            select(&page, "#city-was:not([hidden])"),
            ["Name had: München"]
        );
        assert_eq!(
            select(&page, "#country-was:not([hidden])"),
            ["Name had: Germany"]
        );
        assert_eq!(select(&page, "#city[aria-describedby~=city-was]").len(), 1);
        // For the script, also where nothing was registered.
        assert_eq!(
            select(&page, "#city[data-was=München]").len(),
            usize::from(!no_script)
        );
        assert_eq!(
            select(&page, "#website-was[hidden]").len(),
            usize::from(!no_script)
        );
        assert_eq!(select(&page, "[id$=-was]:not([hidden])").len(), 2);
    }
}

#[test]
fn a_value_that_is_written_in_another_way_is_not_changed() {
    let registered = CompanyForm {
        country: "CH".into(),
        postal_code: "8002".into(),
        phone: "+41 44 668 18 00".into(),
        vat_number: "CHE-123.456.789".into(),
        website: "www.example.com".into(),
        ..right()
    };
    let same = CompanyForm {
        company_name: " Meier ".into(),
        country: "ch".into(),
        postal_code: "CH-8002".into(),
        phone: "+41446681800".into(),
        vat_number: "che123456789".into(),
        website: "https://www.example.com/".into(),
        ..registered.clone()
    };
    let local = CompanyForm {
        phone: "044 668 18 00".into(),
        // Wrong, so that no company can be made of the form.
        city: String::new(),
        ..same.clone()
    };
    let changed = CompanyForm {
        phone: "+41 44 668 18 01".into(),
        vat_number: "CHE-123.456.780".into(),
        website: "www.example.com/shop".into(),
        ..registered.clone()
    };
    for no_script in [false, true] {
        for (form, expected) in [(&same, 0), (&local, 1), (&changed, 3)] {
            let page = registered_page(Lang::En, (&registered, form), "Name", no_script);
            let shown = select(&page, "[id$=-was]:not([hidden])");
            assert_eq!(shown.len(), expected, "{shown:?}");
            let for_script = select(&page, "[data-was]").len();
            assert_eq!(for_script, if no_script { 0 } else { expected });
        }
    }
}

/// Without a script, the browser colours the button by them; with one, they would have it say its
/// own.
#[test]
fn without_scripts_the_browser_marks_what_is_wrong() {
    let wrong = CompanyForm {
        postal_code: "8".into(),
        phone: "+49 (89)\\1".into(),
        city: String::new(),
        ..right()
    };
    let no_script = company_page(Lang::En, &wrong, "Name", true);
    assert_eq!(select(&no_script, "form[novalidate]").len(), 1);
    assert_eq!(select(&no_script, "[required]").len(), 5);
    assert_eq!(
        select(
            &no_script,
            "#region[required], #phone[required], #vatNumber[pattern]"
        )
        .len(),
        0
    );
    assert_eq!(
        select(
            &no_script,
            r"#postalCode[pattern='(?!8$)(?:(?i:[a-z]{0,3}(?:\\d{5})|.*[^a-z0-9].*))']"
        )
        .len(),
        1
    );
    assert_eq!(
        select(
            &no_script,
            r"#phone[pattern^='(?!\\u{2b}49\\u{20}\\u{28}89\\u{29}\\u{5c}1$)']"
        )
        .len(),
        1
    );
    assert_eq!(select(&no_script, "#create-company.off").len(), 0);
    let lively = company(Lang::En, &wrong, "Name");
    assert!(select(&lively, "[novalidate], [required], [pattern]").is_empty());
}

/// What describes a field is there, and every text about a field describes it.
#[test]
fn fields_are_described_by_what_stands_below_them() {
    let wrong = CompanyForm {
        postal_code: "8".into(),
        phone: "1".into(),
        street: "Weg 2".into(),
        ..right()
    };
    for no_script in [false, true] {
        let page = company_page(Lang::En, &wrong, "Name", no_script);
        let dom = Dom::parse_document(&page);
        let described = Selector::parse(".field [aria-describedby]").unwrap();
        let mut ids: Vec<_> = dom
            .select(&described)
            .flat_map(|field| field.attr("aria-describedby").unwrap().split(' '))
            .map(str::to_owned)
            .collect();
        let texts = Selector::parse(".field p[id]").unwrap();
        let mut there: Vec<_> = dom
            .select(&texts)
            .map(|text| text.attr("id").unwrap().to_owned())
            .collect();
        ids.sort_unstable();
        there.sort_unstable();
        assert_eq!(ids, there);
        assert!(
            !no_script
                || there
                    == [
                        "phone-error",
                        "phone-hint",
                        "postalCode-error",
                        "postalCode-was",
                        "street-was"
                    ],
            "{there:?}"
        );
    }
}

#[test]
fn a_state_is_asked_for_where_addresses_need_it() {
    let optional = |country: &str| {
        let page = company(
            Lang::En,
            &CompanyForm {
                country: country.into(),
                ..right()
            },
            "Name",
        );
        ["postalCode", "region"]
            .map(|name| select(&page, &format!("#{name}-optional[hidden]")).is_empty())
    };
    assert_eq!(optional("DE"), [false, true]);
    assert_eq!(optional("US"), [false, false]);
    assert_eq!(optional("HK"), [true, true]);
}

/// Where no script runs, the page sends the browser to the one that has all countries and no
/// script.
#[test]
fn the_page_without_scripts_has_every_country() {
    for lang in Lang::ALL {
        let no_script = company_page(lang, &right(), "Name", true);
        assert_eq!(select(&no_script, "#country option").len(), 251);
        assert!(select(&no_script, "script, noscript meta").is_empty());
        assert_eq!(select(&no_script, "input[name=scripts][value=no]").len(), 1);
        let lively = company(lang, &right(), "Name");
        assert_eq!(select(&lively, "#country option").len(), 2);
        assert!(lively.contains(
            "<noscript><meta http-equiv=\"refresh\" content=\"0; url=Name\"></noscript>"
        ));
        let rules: serde_json::Value = serde_json::from_str(&select(&lively, "#rules")[0]).unwrap();
        assert!(
            rules[1]
                .as_str()
                .unwrap()
                .split(' ')
                .any(|group| group.starts_with("AEG")),
            "{rules}"
        );
        let codes: Vec<String> = rules[1]
            .as_str()
            .unwrap()
            .split(' ')
            .flat_map(|group| {
                let (first, rest) = group.split_at(1);
                rest.to_ascii_uppercase()
                    .chars()
                    .map(move |second| format!("{first}{second}"))
                    .collect::<Vec<_>>()
            })
            .collect();
        assert_eq!(
            codes.len() + crate::domain::company::rules::RULES.len(),
            250
        );
        assert!(
            codes
                .iter()
                .all(|code| crate::text::country_name(code, lang).is_some())
        );
    }
}

#[test]
fn every_field_of_the_form_has_a_label() {
    let page = company(Lang::ZhHant, &right(), "Name");
    for field in crate::domain::company::Field::ALL {
        let name = field.name();
        assert_eq!(
            select(&page, &format!("label[for={name}]")).len(),
            1,
            "{name}"
        );
        assert_eq!(
            select(&page, &format!("[id={name}][name={name}][autocomplete]")).len(),
            1,
            "{name}"
        );
    }
}

#[test]
fn script_rules_cannot_end_their_element() {
    let page = company(Lang::En, &right(), "Name");
    let rules: serde_json::Value = serde_json::from_str(&select(&page, "#rules")[0]).unwrap();
    assert!(
        rules[0].as_str().unwrap().contains(";DE~#{5}~~DE#{9};"),
        "{rules}"
    );
    assert!(!select(&page, "#rules")[0].contains('<'));
}

/// What is shown of a company, in English.
fn label_of(values: [(&str, &str); 4]) -> Vec<String> {
    let mut form = right();
    for (name, value) in values {
        match name {
            "country" => form.country = value.into(),
            "region" => form.region = value.into(),
            "vatNumber" => form.vat_number = value.into(),
            "website" => form.website = value.into(),
            "postalCode" => form.postal_code = value.into(),
            _ => unreachable!("{name}"),
        }
    }
    let page = company(Lang::En, &form, "Name");
    let mut shown = select(&page, ".label address span");
    shown.extend(select(&page, ".label dl div"));
    let one_line = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    shown.into_iter().map(one_line).collect()
}

#[test]
fn a_label_shows_every_value_as_people_write_it() {
    let swiss = label_of([
        ("country", "CH"),
        ("postalCode", "8002"),
        ("region", "ZH"),
        ("vatNumber", "che123456789mwst"),
    ]);
    assert!(
        swiss.iter().any(|line| line.starts_with("CH-8002 ")),
        "{swiss:?}"
    );
    assert!(!swiss.contains(&"ZH".to_owned()), "{swiss:?}");
    for line in ["Canton ZH", "VAT number CHE-123.456.789 MWST"] {
        assert!(swiss.contains(&line.to_owned()), "{line}: {swiss:?}");
    }
    let american = label_of([
        ("country", "US"),
        ("postalCode", "61101"),
        ("region", "IL"),
        ("website", "http://WWW.example.com/"),
    ]);
    assert!(
        american.iter().any(|line| line.ends_with(", IL 61101")),
        "{american:?}"
    );
    assert!(
        american.contains(&"Website http://www.example.com".to_owned()),
        "{american:?}"
    );
}

/// Those of the address in the order in which its country writes them, or from large to small.
#[test]
fn address_fields_are_in_the_order_of_the_country() {
    let order = |lang, country: &str| {
        let form = CompanyForm {
            country: country.into(),
            ..right()
        };
        let page = Dom::parse_document(&company(lang, &form, "Name"));
        let fields = Selector::parse("fieldset:nth-of-type(2) :is(input, select)").unwrap();
        let names = page
            .select(&fields)
            .map(|field| field.attr("name").unwrap().to_owned());
        names.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(
        order(Lang::En, "US"),
        "country street city region postalCode"
    );
    assert_eq!(
        order(Lang::En, "JP"),
        "country street city region postalCode"
    );
    assert_eq!(
        order(Lang::De, "CH"),
        "country street postalCode city region"
    );
    assert_eq!(
        order(Lang::Ja, "JP"),
        "country postalCode region city street"
    );
}

/// The names of the fields that a browser can fill in, in their order.
fn fillable(page: &str) -> Vec<String> {
    let dom = Dom::parse_document(page);
    let fields = Selector::parse("form:has(.create) [name][autocomplete]").unwrap();
    let names = dom.select(&fields).filter_map(|field| field.attr("name"));
    names.map(str::to_owned).collect()
}
