use proptest::prelude::*;

use super::*;

fn form() -> CompanyForm {
    CompanyForm {
        company_name: " Meier  Präzisionstechnik\tGmbH ".into(),
        street: "Lindwurmstraße 80".into(),
        postal_code: "80337".into(),
        city: "München".into(),
        country: "de".into(),
        phone: "0049 (89) 123-45 67".into(),
        vat_number: "de 123.456.789".into(),
        website: "www.example.com".into(),
        ..CompanyForm::default()
    }
    .with_person("Anna", "Meier")
}

fn problem(change: impl FnOnce(&mut CompanyForm)) -> Option<(Field, Problem)> {
    let mut form = form();
    change(&mut form);
    Company::parse(&form)
        .err()
        .and_then(|errors| errors.iter().next())
}

#[test]
fn what_was_typed_is_normalised() {
    let company = Company::parse(&form()).unwrap();
    assert_eq!(company.name(), "Meier Präzisionstechnik GmbH");
    assert_eq!(company.country(), "DE");
    assert_eq!(company.phone(), Some("+49891234567"));
    assert_eq!(company.vat_number(), Some("DE123456789"));
    assert_eq!(company.website(), Some("https://www.example.com/"));
    assert_eq!(company.region(), None);
    assert_eq!(company.contact().last_name, "Meier");
}

#[test]
fn an_empty_form_lists_what_is_needed_in_the_order_of_the_page() {
    let errors = Company::parse(&CompanyForm::default()).unwrap_err();
    let missing: Vec<_> = errors.iter().collect();
    let needed = [
        Field::CompanyName,
        Field::Country,
        Field::Street,
        Field::PostalCode,
        Field::City,
        Field::FirstName,
        Field::LastName,
    ];
    assert_eq!(missing, needed.map(|field| (field, Problem::Missing)));
}

#[test]
fn the_country_decides_about_postal_codes() {
    let wrong = problem(|form| form.postal_code = "8033".into());
    assert_eq!(
        wrong,
        Some((
            Field::PostalCode,
            Problem::PostalCode {
                example: "12345",
                country: "DE"
            }
        ))
    );
    assert_eq!(
        problem(|form| (form.country, form.postal_code, form.vat_number) =
            ("HK".into(), String::new(), String::new())),
        None
    );
    assert_eq!(
        problem(|form| (form.country, form.postal_code, form.vat_number) =
            ("GB".into(), "sw1a 1aa".into(), String::new())),
        None
    );
    assert_eq!(
        problem(|form| (form.country, form.postal_code, form.vat_number) =
            ("JP".into(), "１００ー０００１".into(), String::new())),
        None
    );
    assert_eq!(
        problem(|form| form.country = "XX".into()),
        Some((Field::Country, Problem::UnknownCountry))
    );
    assert_eq!(
        problem(|form| form.country = "Germany".into()),
        Some((Field::Country, Problem::UnknownCountry))
    );
}

#[test]
fn characters_that_show_nothing_are_refused_everywhere() {
    for c in [
        '\0',
        '\u{7f}',
        '\u{202e}',
        '\u{2066}',
        '\u{200b}',
        '\u{feff}',
        '\u{e0041}',
    ] {
        assert_eq!(
            problem(|form| form.company_name = format!("Meier{c}GmbH")),
            Some((Field::CompanyName, Problem::ControlCharacters)),
            "{c:?}"
        );
    }
    assert_eq!(
        problem(|form| form.phone.push('\u{202c}')),
        Some((Field::Phone, Problem::ControlCharacters))
    );
    assert_eq!(
        problem(|form| form.company_name = "شرکت می\u{200c}خواهم".into()),
        None
    );
}

#[test]
fn lengths_count_characters() {
    assert_eq!(problem(|form| form.city = "北".repeat(100)), None);
    assert_eq!(
        problem(|form| form.city = "北".repeat(101)),
        Some((Field::City, Problem::TooLong { max: 100 }))
    );
}

#[test]
fn phones_are_international() {
    for good in [
        "+41 44 123 45 67",
        "+41 (0)44 123 45 67",
        "0041.44/123-4567",
        "＋８８６２２３４５６７８９",
        "+1 (415) 555-2671",
        "+800 1234 5678",
    ] {
        assert_eq!(problem(|form| form.phone = good.into()), None, "{good}");
    }
    for bad in [
        "089 1234567",
        "+0441234567",
        "+123456",
        "+1234567890123456",
        "+41 44 CALL ME",
        "tel:+41441234567",
        "+",
        "00",
        "+41 44 123 45",
        "+41 44 123 45 67 89",
        "+1234567",
        "+999 12345678",
        "+210 1234567",
    ] {
        assert_eq!(
            problem(|form| form.phone = bad.into()),
            Some((Field::Phone, Problem::Phone)),
            "{bad}"
        );
    }
}

#[test]
fn websites_are_public_web_addresses() {
    for good in [
        "example.com",
        "http://example.com/a?b#c",
        "HTTPS://Example.COM",
        "bücher.example",
    ] {
        assert_eq!(problem(|form| form.website = good.into()), None, "{good}");
    }
    for bad in [
        "example",
        "javascript:alert(1)",
        "ftp://example.com",
        "https://u:p@example.com",
        "http://127.0.0.1",
        "example..com",
        "a b.com",
        ".",
    ] {
        assert_eq!(
            problem(|form| form.website = bad.into()),
            Some((Field::Website, Problem::Website)),
            "{bad}"
        );
    }
}

#[test]
fn vat_numbers_follow_the_country() {
    let swiss = problem(|form| {
        (form.country, form.postal_code, form.vat_number) =
            ("CH".into(), "8001".into(), "CHE-123.456.789 MWST".into())
    });
    assert_eq!(swiss, None);
    let german = problem(|form| form.vat_number = "123".into());
    assert_eq!(
        german,
        Some((
            Field::VatNumber,
            Problem::VatNumber {
                example: "DE123456789"
            }
        ))
    );
}

#[test]
fn a_registered_company_names_its_problems_by_json_field() {
    let posted: RegisteredCompany =
        serde_json::from_str(r#"{"name":"Meier","country":"DE","customerNumber":"C\u0000"}"#)
            .unwrap();
    let names: Vec<_> = posted
        .parse()
        .unwrap_err()
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names, ["street", "postalCode", "city", "customerNumber"]);
    assert!(serde_json::from_str::<RegisteredCompany>(r#"{"name":"Meier","vat":"x"}"#).is_err());
}

#[test]
fn a_company_survives_the_store() {
    let company = Company::parse(&form()).unwrap();
    let json = serde_json::to_string(&company).unwrap();
    assert!(
        json.contains(r#""companyName":"Meier"#) && json.contains(r#""firstName":"Anna""#),
        "{json}"
    );
    assert_eq!(serde_json::from_str::<Company>(&json).unwrap(), company);
}

fn near(values: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop_oneof![2 => any::<String>(), 3 => proptest::sample::select(values).prop_map(String::from), 1 => "[ -~]{0,40}"]
}

prop_compose! {
    fn forms()(
        name in near(&["Meier", " Ａ　Ｂ ", "北京"]), street in near(&["Main St 1"]), postal_code in near(&["80331", "8001", "K1A 0B1", "１１０"]),
        city in near(&["Bern"]), region in near(&["", "ON"]), country in near(&["DE", "ch", " TW ", "CA", "HK"]),
        phone in near(&["", "+41 (0)44 123 45 67", "0049/891234567", "+41(0)(0)441234567"]), vat_number in near(&["", "DE123456789", "CHE-123.456.789 MWST", "12345678"]),
        website in near(&["", "example.com", "HTTP://EXAMPLE.com:80/ä", "例え.テスト", "a.b?\u{85}q"]), person in near(&["Anna"]),
    ) -> CompanyForm {
        CompanyForm { company_name: name, street, postal_code, city, region, country, phone, vat_number, website, ..CompanyForm::default() }
            .with_person(&person, &person)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parsing_never_panics_and_what_it_makes_parses_to_itself(form in forms()) {
        if let Ok(company) = Company::parse(&form) {
            prop_assert_eq!(Company::parse(&CompanyForm::from(&company)), Ok(company));
        }
    }

    #[test]
    fn a_website_parses_to_itself(typed in "[a-z.:/?#\\[\\]@%ä例 -]{1,40}") {
        if let Some(url) = website(&typed) {
            prop_assert_eq!(website(&url), Some(url.clone()));
        }
    }
}
