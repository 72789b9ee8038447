use super::*;
use crate::text;

mod properties;

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
fn empty_form_lists_required_fields_in_page_order() {
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
fn control_characters_are_refused() {
    for c in ['\0', '\u{7f}', '\u{1b}', '\u{9f}'] {
        assert_eq!(
            problem(|form| form.company_name = format!("Meier{c}GmbH")),
            Some((Field::CompanyName, Problem::ControlCharacters)),
            "{c:?}"
        );
    }
}

#[test]
fn invisible_characters_are_removed() {
    for c in [
        '\u{202e}',
        '\u{2066}',
        '\u{200b}',
        '\u{feff}',
        '\u{ad}',
        '\u{e0041}',
        '\u{200c}',
        '\u{200d}',
    ] {
        let mut form = form();
        form.company_name = format!("{c}Meier{c} {c} GmbH{c}");
        form.phone = format!("{c}+41 44 668 18 00{c}");
        form.postal_code = format!("{c}{}{c}", form.postal_code);
        form.website = format!("meier.example{c}");
        let company = Company::parse(&form).unwrap_or_else(|errors| panic!("{c:?} {errors:?}"));
        assert_eq!(company.name(), "Meier GmbH", "{c:?}");
        assert_eq!(company.phone(), Some("+41446681800"), "{c:?}");
    }
    let joiner = "شرکت می\u{200c}خواهم";
    let company = Company::parse(&CompanyForm {
        company_name: joiner.into(),
        ..form()
    });
    assert_eq!(company.unwrap().name(), joiner);
}

#[test]
fn one_name_is_enough() {
    assert_eq!(problem(|form| form.first_name.clear()), None);
    assert_eq!(problem(|form| form.last_name = " ".into()), None);
    assert_eq!(
        problem(|form| (form.first_name, form.last_name) = ("\u{200b}".into(), String::new())),
        Some((Field::FirstName, Problem::Missing))
    );
}

/// The company with this value in the country; no other value depends on it.
fn in_country(
    country: &str,
    change: impl FnOnce(&mut CompanyForm),
) -> Result<Company, FieldErrors> {
    let mut form = CompanyForm {
        country: country.into(),
        region: "Region".into(),
        postal_code: rules::of(country).postal.example.into(),
        vat_number: String::new(),
        phone: String::new(),
        ..form()
    };
    change(&mut form);
    Company::parse(&form)
}

#[test]
fn phone_numbers_are_read_as_dialled_in_the_country() {
    for (country, typed, kept) in [
        ("CH", "044 668 18 00", "+41446681800"),
        ("JP", "03-1234-5678", "+81312345678"),
        ("JP", "０３ー１２３４ー５６７８", "+81312345678"),
        ("TW", "(02) 2345-6789", "+886223456789"),
        ("TW", "02-2345-6789 #123", "+886223456789;ext=123"),
        ("US", "(415) 555-2671 ext. 12", "+14155552671;ext=12"),
        ("US", "011 41 44 668 18 00", "+41446681800"),
        ("EG", "٠٢ ٢٣٦٥ ٤٣٢١", "+20223654321"),
        ("XK", "038 200 200", "+38338200200"),
        ("DE", "tel:+41-44-668-18-00", "+41446681800"),
    ] {
        let company = in_country(country, |form| form.phone = typed.into());
        assert_eq!(company.unwrap().phone(), Some(kept), "{country} {typed}");
    }
}

#[test]
fn phone_numbers_dialled_with_00_are_international() {
    for (country, typed, kept) in [
        ("JP", "0081-3-1234-5678", "+81312345678"),
        ("JP", "0041 44 668 18 00", "+41446681800"),
        ("JP", "(0041) 44/668 18 00", "+41446681800"),
        (
            "JP",
            "Tel.: 0041 (0)44 668 18 00 ext. 7",
            "+41446681800;ext=7",
        ),
        ("JP", "００４１ー４４ー６６８１８００", "+41446681800"),
        ("AU", "0061 2 9876 5432", "+61298765432"),
        ("CX", "0061 2 9876 5432", "+61298765432"),
        ("CC", "0061298765432", "+61298765432"),
        ("AU", "0044 020 7946 0018", "+442079460018"),
        ("BR", "0055 11 96123-4567", "+5511961234567"),
        ("BR", "0041 44 668 18 00", "+41446681800"),
        ("CO", "0057 321 1234567", "+573211234567"),
        ("TH", "0066 2 123 4567", "+6621234567"),
        ("TH", "0049 30 12345678", "+493012345678"),
        ("ID", "0062 21 8350123", "+62218350123"),
        ("ID", "0086 21 5888 8888", "+862158888888"),
        ("KH", "00855 23 756 789", "+85523756789"),
        ("WS", "00685 22123", "+68522123"),
        ("KR", "0082-31-123-4567", "+82311234567"),
        ("KR", "0086 21 5888 8888", "+862158888888"),
        ("SG", "0086 21 5888 8888", "+862158888888"),
        ("HK", "0086 21 5888 8888", "+862158888888"),
        ("NG", "00234 802 123 4567", "+2348021234567"),
        ("JP", "0052 1 55 1234 5678", "+525512345678"),
    ] {
        let company = in_country(country, |form| form.phone = typed.into());
        assert_eq!(company.unwrap().phone(), Some(kept), "{country} {typed}");
    }
}

/// Codes of carriers and of dialling abroad that begin with `00`.
#[test]
fn national_codes_that_begin_with_00_are_kept() {
    for (country, typed, kept) in [
        ("AU", "0011 41 44 668 18 00", "+41446681800"),
        ("AU", "0011 47 22 12 34 56", "+4722123456"),
        ("CO", "009 1 415 555 2671", "+14155552671"),
        ("KR", "00700-82-31-123-4567", "+82311234567"),
        ("KR", "002 41 44 668 18 00", "+41446681800"),
        ("HK", "001 852 2345 6789", "+85223456789"),
        ("HK", "001 65 6789 1234", "+6567891234"),
        ("SG", "001 65 6123 4567", "+6561234567"),
        ("SG", "001 47 22 12 34 56", "+4722123456"),
        ("NG", "009 41 44 668 18 00", "+41446681800"),
    ] {
        let company = in_country(country, |form| form.phone = typed.into());
        assert_eq!(company.unwrap().phone(), Some(kept), "{country} {typed}");
    }
}

#[test]
fn zero_in_brackets_is_kept_where_it_belongs_to_the_number() {
    for (country, typed, kept) in [
        ("IT", "+39 (0)2 1234 5678", "+390212345678"),
        ("IT", "+39 (0)332 123456", "+390332123456"),
        ("IT", "(0)2 1234 5678", "+390212345678"),
        ("IT", "+39(0)212345678 ext. 5", "+390212345678;ext=5"),
        ("DE", "0039 (0)2 1234 5678", "+390212345678"),
        ("JP", "0039 (0)2 1234 5678", "+390212345678"),
        ("VA", "+39 (0)6 69812345", "+390669812345"),
        ("SM", "+378 (0)549 882914", "+3780549882914"),
        ("CH", "+41 (0)44 668 18 00", "+41446681800"),
        ("CH", "(0)44 668 18 00", "+41446681800"),
        ("GB", "+44 (0)20 7946 0018", "+442079460018"),
        ("FR", "0033 (0)1 42 68 53 00", "+33142685300"),
        ("ES", "+34 (0)91 123 45 67", "+34911234567"),
        ("US", "+1 (0)415 555 2671", "+14155552671"),
        ("RU", "+7 (0)495 123-45-67", "+74951234567"),
    ] {
        let company = in_country(country, |form| form.phone = typed.into());
        assert_eq!(company.unwrap().phone(), Some(kept), "{country} {typed}");
    }
}

#[test]
fn words_beside_a_phone_number_are_no_digits() {
    for (country, typed) in [
        ("DE", "089 123456 (Mo-Fr)"),
        ("DE", "089 123456 (Mo-Fr)!"),
        ("DE", "089 Telefon"),
        ("DE", "089 123456 poste 12"),
        ("DE", "089 123456 (abc) 12"),
        ("DE", "0800 1234567 FRAU"),
        ("FR", "01 42 68 53 00 bureau"),
        ("AU", "1300 HOLIDAY"),
        ("US", "415-555-2671 cell"),
        ("US", "555-2671 cel"),
    ] {
        let refused = in_country(country, |form| form.phone = typed.into());
        let problem = refused.expect_err(typed).get(Field::Phone);
        assert!(matches!(problem, Some(Problem::Phone { .. })), "{typed}");
    }
    for (country, typed, kept) in [
        ("US", "1-800-FLOWERS", "+18003569377"),
        ("US", "1-800-FLOWERS ext. 12", "+18003569377;ext=12"),
        ("CA", "1-800-GO-FEDEX", "+18004633339"),
        ("US", "(415) 555-HOME", "+14155554663"),
        ("DE", "+1 800 FLOWERS", "+18003569377"),
        ("DE", "0800 FLOWERS", "+498003569377"),
        ("AU", "1300 FLOWER", "+611300356937"),
        ("CH", "+41 800 FLOWER", "+41800356937"),
        ("DE", "Tel.: 089 123456", "+4989123456"),
        ("DE", "Telefon Zentrale 089 123456", "+4989123456"),
        ("DE", "089 123456 x12", "+4989123456;ext=12"),
        ("DE", "089 123456 extension 12", "+4989123456;ext=12"),
        ("DE", "089 123456 доб. 12", "+4989123456;ext=12"),
        ("PE", "01 2345678 anexo 12", "+5112345678;ext=12"),
        ("BR", "0xx11 2123 4567", "+551121234567"),
    ] {
        let company = in_country(country, |form| form.phone = typed.into());
        assert_eq!(company.unwrap().phone(), Some(kept), "{country} {typed}");
    }
}

#[test]
fn mexican_mobile_numbers_lose_their_former_1() {
    for typed in [
        "+52 1 55 1234 5678",
        "+5215512345678",
        "1 55 1234 5678",
        "0052 1 55 1234 5678",
        "+52 55 1234 5678",
    ] {
        let company = in_country("MX", |form| form.phone = typed.into());
        assert_eq!(company.unwrap().phone(), Some("+525512345678"), "{typed}");
    }
    assert!(in_country("MX", |form| form.phone = "+52 2 55 1234 5678".into()).is_err());
}

#[test]
fn phone_of_a_person_is_read_in_international_form() {
    for typed in [
        "+41 44 668 18 00",
        "0041 (0)44 668 18 00",
        "００４１４４６６８１８００",
    ] {
        assert_eq!(international_phone(typed).as_deref(), Some("+41446681800"));
    }
    assert_eq!(international_phone("+41 44 FLOWER"), None);
}

/// The example numbers of libphonenumber, in the national and the international format.
#[test]
fn phone_numbers_of_every_country_are_read() {
    use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat};
    for country in text::country_codes() {
        let Ok(number) = PHONE_NUMBER_UTIL.get_example_number(country.parse().unwrap()) else {
            continue;
        };
        let kept = number.format_as(PhoneNumberFormat::E164).into_owned();
        for format in [
            PhoneNumberFormat::National,
            PhoneNumberFormat::International,
            PhoneNumberFormat::RFC3966,
            PhoneNumberFormat::E164,
        ] {
            let typed = number.format_as(format).into_owned();
            let company = in_country(country, |form| form.phone.clone_from(&typed));
            let read = company.unwrap_or_else(|errors| panic!("{country} {typed}: {errors:?}"));
            assert_eq!(read.phone(), Some(kept.as_str()), "{country} {typed}");
            let extended = in_country(country, |form| form.phone = format!("{typed} ext. 42"));
            let kept = format!("{kept};ext=42");
            assert_eq!(extended.unwrap().phone(), Some(kept.as_str()), "{country}");
        }
    }
}

#[test]
fn postal_codes_are_read_as_people_write_them() {
    for (country, typed, kept) in [
        ("CH", "CH-8000", "8000"),
        ("DE", "D-80331", "80331"),
        ("DE", "D 80 331", "80331"),
        ("JP", "〒100-0001", "100-0001"),
        ("JP", "〒１０００００１", "100-0001"),
        ("GB", "sw1a1aa", "SW1A 1AA"),
        ("GB", "m11ae", "M1 1AE"),
        ("CA", "K1A-0B1", "K1A 0B1"),
        ("NL", "NL-1012ab", "1012 AB"),
        ("PL", "00001", "00-001"),
        ("US", "941051234", "94105-1234"),
        ("US", "94105", "94105"),
        ("LV", "1050", "LV-1050"),
        ("LT", "LT-01100", "01100"),
        ("LU", "L-1111", "1111"),
        ("FI", "FIN-00100", "00100"),
        ("FI", "FI-00100", "00100"),
        ("RU", "RUS-101000", "101000"),
        ("RU", "RU 101000", "101000"),
        ("SM", "RSM-47890", "47890"),
        ("SI", "SLO-1000", "1000"),
        ("RS", "SRB-11000", "11000"),
        ("EE", "est 10115", "10115"),
        ("MT", "MT VLT 1117", "VLT 1117"),
        ("SE", "S-11120", "111 20"),
        ("IR", "11936-12345", "11936-12345"),
        ("SA", "١١٥٦٤", "11564"),
    ] {
        let company = in_country(country, |form| form.postal_code = typed.into());
        let company = company.unwrap_or_else(|errors| panic!("{country} {typed}: {errors:?}"));
        assert_eq!(company.postal_code(), Some(kept), "{country} {typed}");
    }
    let foreign = in_country("CH", |form| form.postal_code = "D-8000".into());
    assert!(foreign.is_err(), "the prefix of another country");
}

/// Countries without a rule for postal codes: they have none, new ones, or ones that we do not know.
fn without_rule() -> Vec<&'static str> {
    let codes = text::country_codes().into_iter();
    let without: Vec<_> = codes.filter(|code| rules::of(code).is_generic()).collect();
    assert!(without.len() > 100, "{without:?}");
    without
}

#[test]
fn country_without_a_rule_takes_no_postal_code_too() {
    for country in without_rule() {
        for typed in ["", " ", "\u{200b}"] {
            let empty = in_country(country, |form| form.postal_code = typed.into());
            let company = empty.unwrap_or_else(|errors| panic!("{country}: {errors:?}"));
            assert_eq!(company.postal_code(), None, "{country}");
        }
        assert!(Field::PostalCode.optional(country), "{country}");
    }
}

#[test]
fn country_without_a_rule_says_to_leave_it_empty() {
    for country in without_rule() {
        for typed in ["N/A", "-"] {
            let refused = in_country(country, |form| form.postal_code = typed.into());
            let errors = refused.expect_err(country);
            let (_, problem) = errors.iter().next().unwrap();
            let said = problem.message(text::Lang::En);
            assert!(
                said.ends_with("leave this empty."),
                "{country} {typed}: {said}"
            );
        }
    }
}

#[test]
fn postal_codes_without_a_rule_are_kept_as_typed() {
    for country in without_rule() {
        for typed in [
            "12345",
            "AB12 3CD",
            "1234-567",
            "AI-2640",
            "100",
            "1234567890",
        ] {
            let company = in_country(country, |form| form.postal_code = typed.into());
            let company = company.unwrap_or_else(|errors| panic!("{country} {typed}: {errors:?}"));
            assert_eq!(company.postal_code(), Some(typed), "{country}");
        }
    }
}

/// The examples of Google's address metadata, with and without what may be left out.
#[test]
fn no_country_refuses_its_own_postal_codes() {
    let lines = include_str!("postal_codes_in_use.tsv").lines();
    let examples: Vec<_> = lines.filter_map(|line| line.split_once('\t')).collect();
    assert!(examples.len() > 150);
    for (country, example) in examples {
        for typed in [
            example.to_owned(),
            example.to_lowercase(),
            format!(" {example} "),
        ] {
            let company = in_country(country, |form| form.postal_code.clone_from(&typed));
            assert!(company.is_ok(), "{country} «{typed}»: {company:?}");
        }
    }
}

/// What a form or a label shows is what is kept.
#[test]
fn readable_values_are_read_back() {
    for country in text::country_codes() {
        let rule = rules::of(country);
        for extension in ["", " ext. 12"] {
            let company = in_country(country, |form| {
                form.phone = format!("{}{extension}", phone::example(country));
                form.vat_number = rule.vat.example.to_owned();
                form.website = "https://xn--mller-kva.example/a?b#c".to_owned();
            });
            let company = company.unwrap_or_else(|errors| panic!("{country}: {errors:?}"));
            let shown = readable(CompanyForm::from(&company));
            assert!(shown.phone.starts_with('+'), "{country}: {}", shown.phone);
            assert_eq!(Company::parse(&shown), Ok(company), "{country}: {shown:?}");
        }
    }
}

#[test]
fn vat_numbers_are_read_as_people_write_them() {
    for (country, typed, kept) in [
        ("DE", "123 456 789", "DE123456789"),
        ("DE", "USt-IdNr.: DE 123 456 789", "DE123456789"),
        ("GR", "GR123456789", "EL123456789"),
        ("GR", "123456789", "EL123456789"),
        ("CH", "CHE-123.456.789 MWST", "CHE123456789MWST"),
        ("CH", "123.456.789", "CHE123456789"),
        ("AT", "U12345678", "ATU12345678"),
        ("GB", "123 4567 89", "GB123456789"),
        ("FR", "N° TVA : FR 12 345678901", "FR12345678901"),
        ("ES", "B12345678", "ESB12345678"),
        ("MX", "RFC: ÑA&-010101-AB1", "ÑA&010101AB1"),
        ("MX", "abc 010101 ab1", "ABC010101AB1"),
        ("MX", "&ñ&& 010101 ab1", "&Ñ&&010101AB1"),
        ("TW", "統一編號：１２３４５６７８", "12345678"),
        ("IN", "GST No. 27AAPFU0939F1ZV", "27AAPFU0939F1ZV"),
        ("AU", "ABN 51 824 753 556", "51824753556"),
        ("BR", "CNPJ 12.345.678/0001-95", "12345678000195"),
        ("BR", "AB.CDE.345/0001-45", "ABCDE345000145"),
        ("BR", "CNPJ: AB.CDE.345/0001-45", "ABCDE345000145"),
        ("BR", "CNPJ AB.CDE.345/0001-45", "ABCDE345000145"),
        ("BR", "C.N.P.J. AB.CDE.FGH/0001-45", "ABCDEFGH000145"),
        ("BR", "AB CDE 345 0001 45", "ABCDE345000145"),
        ("BR", "CNPJ.12.345.678/0001-95", "12345678000195"),
        ("VE", "J.12345678-9", "J123456789"),
        ("VE", "RIF J-12345678-9", "J123456789"),
        ("VE", "R.I.F. J-12345678-9", "J123456789"),
        ("VE", "R.I.F.J-12345678-9", "J123456789"),
        ("VE", "RIF - J-12345678-9", "J123456789"),
        ("VE", "Inscripción J-12345678-9", "J123456789"),
        ("MY", "IG.2584563202", "IG2584563202"),
        ("MY", "IG. 2584563202", "IG2584563202"),
        ("MY", "TIN: IG 2584563202", "IG2584563202"),
        ("JP", "T.1234567890123", "T1234567890123"),
        ("JP", "登録番号：T1234567890123", "T1234567890123"),
        ("JP", "登録番号T1234567890123", "T1234567890123"),
        ("JP", "法人番号 1234567890123", "1234567890123"),
        ("PK", "ABC-123456", "ABC123456"),
        ("IN", "GST No.27AAPFU0939F1ZV", "27AAPFU0939F1ZV"),
        ("AR", "C.U.I.T.30-12345678-9", "30123456789"),
        ("CA", "GST/HST 123456789 RT0001", "123456789RT0001"),
        ("LK", "St. Nr. 4123456789", "4123456789"),
        ("ZA", "VAT No 4123456789", "4123456789"),
        ("ZA", "VAT No. 4123456789", "4123456789"),
        ("ZA", "VAT-Nr. 4123456789", "4123456789"),
        ("ZA", "VAT Nr 4123456789", "4123456789"),
        ("ZA", "VAT N° 4123456789", "4123456789"),
        ("ZA", "VAT № 4123456789", "4123456789"),
        ("ZA", "VAT# 4123456789", "4123456789"),
        ("ZA", "Tax ID 4123456789", "4123456789"),
        ("KR", "사업자등록번호 123-45-67890", "1234567890"),
        ("ZA", "VAT number 4123456789", "4123456789"),
    ] {
        let company = in_country(country, |form| form.vat_number = typed.into());
        let company = company.unwrap_or_else(|errors| panic!("{country} {typed}: {errors:?}"));
        assert_eq!(company.vat_number(), Some(kept), "{country} {typed}");
    }
}

#[test]
fn vat_number_without_a_digit_is_refused() {
    for country in ["ZA", "BR", "AU", "XK", "DE"] {
        for typed in ["none", "unknown", "n/a", "keine", "not applicable"] {
            let refused = in_country(country, |form| form.vat_number = typed.into());
            let problem = refused.expect_err(typed).get(Field::VatNumber);
            let expected = rules::of(country).vat.example;
            assert_eq!(problem, Some(Problem::VatNumber { example: expected }));
        }
    }
}

/// What depends on the country is judged when the country is known.
#[test]
fn unknown_country_is_the_only_error() {
    for country in ["Switzerland", "CHE", "XX"] {
        let errors = |vat_number: &str, phone: &str| {
            let form = CompanyForm {
                country: country.into(),
                postal_code: "CH-8000 (Zürich)".into(),
                vat_number: vat_number.into(),
                phone: phone.into(),
                ..form()
            };
            let errors = Company::parse(&form).unwrap_err();
            errors.iter().map(|(field, _)| field).collect::<Vec<_>>()
        };
        for phone in ["", "044 668 18 00", "+41 44 668 18 00", "12"] {
            assert_eq!(
                errors("CHE-12", phone),
                [Field::Country],
                "{country} {phone}"
            );
        }
        assert_eq!(errors("", "+41 44"), [Field::Country, Field::Phone]);
        assert_eq!(errors("none", ""), [Field::VatNumber, Field::Country]);
    }
    let of_empty = problem(|form| (form.country, form.postal_code) = ("".into(), "(1)".into()));
    assert_eq!(of_empty, Some((Field::Country, Problem::Missing)));
}

#[test]
fn website_keeps_the_characters_of_its_name_and_path() {
    for (typed, kept) in [
        ("https://スーパー.jp", "https://xn--zck5b0gb.jp/"),
        ("スーパー.jp", "https://xn--zck5b0gb.jp/"),
        ("بازی\u{200c}ها.ir", "https://xn--mgbab5b9f19a260k.ir/"),
        ("例\u{200d}え.jp", "https://xn--r8jz45g.jp/"),
        (
            "a.jp/サーバー",
            "https://a.jp/%E3%82%B5%E3%83%BC%E3%83%90%E3%83%BC",
        ),
        ("a.jp/–", "https://a.jp/%E2%80%93"),
        ("a.jp/ＡＢＣ", "https://a.jp/%EF%BC%A1%EF%BC%A2%EF%BC%A3"),
        ("a.jp?q=１", "https://a.jp/?q=%EF%BC%91"),
        ("a.jp#ー", "https://a.jp/#%E3%83%BC"),
        ("ｗｗｗ．ｅｘａｍｐｌｅ．ｃｏｍ", "https://www.example.com/"),
        (
            "ＨＴＴＰＳ：／／ｗｗｗ．ｅｘａｍｐｌｅ．ｃｏｍ／",
            "https://www.example.com/",
        ),
        (
            "ｈｔｔｐ：／／ａ．ｊｐ：８０８０？ｑ",
            "http://a.jp:8080/?%EF%BD%91",
        ),
        ("my–shop.de", "https://my-shop.de/"),
        ("ｍｙーｓｈｏｐ．ｊｐ", "https://my-shop.jp/"),
        ("my_shop.example.de", "https://my_shop.example.de/"),
        ("l·l.cat", "https://xn--ll-0ea.cat/"),
    ] {
        let company = in_country("JP", |form| form.website = typed.into());
        let company = company.unwrap_or_else(|errors| panic!("{typed}: {errors:?}"));
        assert_eq!(company.website(), Some(kept), "{typed}");
        assert_eq!(
            Company::parse(&readable(CompanyForm::from(&company))),
            Ok(company)
        );
    }
}

#[test]
fn website_is_measured_as_it_is_read() {
    let read = |typed: &str| {
        let company = in_country("JP", |form| form.website = typed.into())?;
        let stored = CompanyForm::from(&company);
        let shown = readable(stored.clone());
        assert!(shown.website.chars().count() <= 200, "{}", shown.website);
        assert_eq!(Company::parse(&shown), Ok(company.clone()));
        assert_eq!(Company::parse(&stored), Ok(company.clone()));
        Ok::<_, FieldErrors>(company)
    };
    let path = |count: usize| format!("a.jp/{}", "出".repeat(count));
    for typed in [
        path(45),
        path(195),
        format!("https://{}", path(195)),
        format!("a.jp/{}", "a".repeat(195)),
        format!("a.jp/{}", "🛠".repeat(195)),
    ] {
        assert!(read(&typed).is_ok(), "{typed}");
    }
    for typed in [
        path(196),
        format!("a.jp/{}", "a".repeat(196)),
        "a".repeat(201),
        "🛠".repeat(5000),
        format!("a.jp/{}", "🛠".repeat(196)),
    ] {
        let problem = read(&typed).unwrap_err().get(Field::Website);
        assert_eq!(problem, Some(Problem::TooLong { max: 200 }), "{typed}");
    }
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
fn phone_numbers_have_a_possible_length() {
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
        "+123456",
        "+1234567890123456",
        "+41 44 CALL ME",
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
            Some((
                Field::Phone,
                Problem::Phone {
                    example: "030 123456"
                }
            )),
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
        "https://\"www.a.jp\"/",
        "\"www.a.de\"",
        "“www.a.de”",
        "「www.a.jp」",
        "(www.a.jp)",
        "www.a.jp)",
        "（www.a.jp）",
        "www.a.jp;www.b.jp",
        "www.a.jp,www.b.jp",
        "www.a.jp、www.b.jp",
        "a*b.jp",
        "a'b.jp",
        "-example-.jp",
        "-example.jp",
        "www.example-.jp",
        "u＠a.jp",
        "http://１２７．０．０．１",
        "example.1",
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
fn registered_company_problems_name_json_fields() {
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
