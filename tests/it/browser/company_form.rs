//! The button of the company form: grey while anything is wrong, orange once all is right.

use fantoccini::key::Key;
use onboarding::domain::company::{Company, CompanyForm, Field};
use serde_json::Value;

use super::steps::{change_something, is_welcomed, reach_the_company_form};
use support::{
    KNOWN, Running, Store,
    chrome::{Browser, Kind},
    invitation, invite, invite_known, link, start,
};

const BUTTON: &str = "#create-company";
const FORM: &str = "/api/CreateCompany";

/// As it is, and with the mouse over it.
pub(crate) const ORANGE: [&str; 2] = ["rgb(255, 154, 31)", "rgb(242, 133, 0)"];
pub(crate) const GREY: [&str; 1] = ["rgb(221, 225, 232)"];

async fn at_the_label() -> (Running, Browser) {
    at_the_label_of(Kind::default()).await
}

async fn at_the_label_of(kind: Kind) -> (Running, Browser) {
    let stack = start(Store::Embedded).await;
    let link = invite_known(&stack).await;
    let browser = Browser::of_kind(kind).await;
    reach_the_company_form(&browser, &link).await;
    (stack, browser)
}

async fn at_the_form() -> (Running, Browser) {
    let (stack, browser) = at_the_label().await;
    change_something(&browser).await;
    (stack, browser)
}

async fn is_orange(browser: &Browser) {
    let look = look(&ORANGE, "null");
    browser.becomes(&look, &Value::from(true)).await;
}

async fn is_grey(browser: &Browser) {
    let look = look(&GREY, "'true'");
    browser.becomes(&look, &Value::from(true)).await;
}

/// An expression for whether the button has one of these colours and says so to those who do not
/// see it.
pub(crate) fn look(colours: &[&str], disabled: &str) -> String {
    let button = format!("document.querySelector('{BUTTON}')");
    let colours = Value::from(colours);
    format!(
        "{colours}.includes(getComputedStyle({button}).backgroundColor) && {button}.getAttribute('aria-disabled') === {disabled}"
    )
}

/// The field has the focus, and what is wrong with it is right below it.
async fn is_shown_what_is_wrong(browser: &Browser, field: &str) {
    browser
        .becomes("document.activeElement.id", &Value::from(field))
        .await;
    let beside = format!(
        "(() => {{ const [field, error] = ['{field}', '{field}-error'].map(id => document.getElementById(id).getBoundingClientRect());
         return error.height > 0 && Math.abs(error.left - field.left) < 2 && error.top >= field.bottom && error.top < field.bottom + 48; }})()"
    );
    browser.becomes(&beside, &Value::from(true)).await;
    assert!(
        browser
            .attribute(&format!("#{field}"), "aria-describedby")
            .await
            .unwrap()
            .contains(&format!("{field}-error"))
    );
    assert_eq!(
        browser
            .attribute(&format!("#{field}"), "aria-invalid")
            .await
            .as_deref(),
        Some("true")
    );
    assert!(!browser.text(&format!("#{field}-error")).await.is_empty());
}

async fn enter(browser: &Browser, field: &str, value: &str) {
    match field {
        "country" => browser.choose("#country", value).await,
        _ => browser.fill(&format!("#{field}"), value).await,
    }
}

#[tokio::test]
async fn button_is_grey_while_a_field_is_invalid() {
    let (_stack, browser) = at_the_form().await;
    is_orange(&browser).await;
    assert_eq!(browser.text("#status").await, "Everything looks right.");
    // What is changed, to what; the field that is wrong then; what mends it.
    let mistakes = [
        ("postalCode", "80O2", "postalCode", "8002"),
        ("country", "DE", "postalCode", "80331"),
        ("country", "CH", "postalCode", "8002"),
        ("phone", "ask me", "phone", "044 668 18 00"),
        ("companyName", "", "companyName", "Meier Präzision AG"),
        ("website", "not a website", "website", ""),
    ];
    for (changed, to, wrong, right) in mistakes {
        enter(&browser, changed, to).await;
        is_grey(&browser).await;

        browser.press(BUTTON).await;
        is_shown_what_is_wrong(&browser, wrong).await;

        browser.focus(BUTTON).await;
        browser.key(Key::Enter).await;
        is_shown_what_is_wrong(&browser, wrong).await;
        is_grey(&browser).await;

        enter(&browser, wrong, right).await;
        is_orange(&browser).await;
        browser
            .becomes(
                &format!("document.getElementById('{wrong}-error').hidden"),
                &Value::from(true),
            )
            .await;
    }
    assert_eq!(browser.posts(FORM).await, 0);

    browser.press(BUTTON).await;
    is_welcomed(&browser, "Anna").await;
    assert_eq!(browser.posts(FORM).await, 1);
    browser.end(&[]).await;
}

#[tokio::test]
async fn the_label_is_created_at_one_press() {
    let (_stack, browser) = at_the_label().await;
    is_orange(&browser).await;
    let address = ".label address span:nth-last-child(2)";
    browser.reads(address, "CH-8002 Zürich").await;
    assert_eq!(browser.count("form details:not([open])").await, 1);
    // As the seller registered it, but as people write it.
    assert_eq!(
        browser.property("#phone", "value").await,
        "+41 44 668 18 00"
    );
    assert_eq!(browser.count("#phone-was:not([hidden])").await, 0);
    browser.press(BUTTON).await;
    is_welcomed(&browser, "Anna").await;
    browser.reads(address, "CH-8002 Zürich").await;
    browser.end(&[]).await;
}

#[tokio::test]
async fn what_is_written_in_another_way_is_not_called_changed() {
    let stack = start(Store::Embedded).await;
    let mut posted = invitation(KNOWN, "Anna", "Meier");
    posted["company"]["vatNumber"] = "CHE-123.456.788".into();
    posted["company"]["website"] = "www.my-shop.example".into();
    let link = link(&invite(&stack, &posted).await);
    let browser = Browser::start().await;
    reach_the_company_form(&browser, &link).await;
    change_something(&browser).await;
    for (field, same, other) in [
        ("phone", "+41-446681800", "+41446681801"),
        ("vatNumber", "che123456788", "CHE123456780"),
        (
            "website",
            "https://www.my-shop.example/",
            "www.myshop.example",
        ),
        ("postalCode", "80 02", "8003"),
    ] {
        let was = format!("#{field}-was:not([hidden])");
        enter(&browser, field, other).await;
        assert_eq!(browser.count(&was).await, 1, "{field}");
        enter(&browser, field, same).await;
        assert_eq!(browser.count(&was).await, 0, "{field}");
    }
    browser.end(&[]).await;
}

#[tokio::test]
async fn enter_never_creates() {
    let (_stack, browser) = at_the_form().await;
    for field in ["companyName", "city", "phone"] {
        browser.focus(&format!("#{field}")).await;
        browser.key(Key::Enter).await;
    }
    is_orange(&browser).await;
    assert_eq!(browser.posts(FORM).await, 0);
    browser.end(&[]).await;
}

#[tokio::test]
async fn nothing_turns_red_while_a_person_types() {
    let (_stack, browser) = at_the_form().await;
    browser.focus("#city").await;
    browser.key(Key::End).await;
    for _ in "Zürich".chars() {
        browser.key(Key::Backspace).await;
    }
    is_grey(&browser).await;
    let red = "#attention, #problems, .error, [aria-invalid]";
    let red = format!("[...document.querySelectorAll('{red}')].filter((own) => own.offsetParent)");
    assert_eq!(browser.value(&format!("{red}.length")).await, 0);
    browser.key(Key::Tab).await;
    browser
        .becomes(&format!("{red}.length"), &Value::from(4))
        .await;
    browser.end(&[]).await;
}

#[tokio::test]
async fn the_first_line_names_what_is_wrong() {
    let (_stack, browser) = at_the_form().await;
    enter(&browser, "postalCode", "12").await;
    enter(&browser, "city", "").await;
    browser.press(BUTTON).await;
    is_shown_what_is_wrong(&browser, "postalCode").await;
    for line in ["#attention", "#problems"] {
        assert_eq!(
            browser.text(line).await,
            "Please check 2 entries: Postal code, City"
        );
    }

    browser.press("#problems a[href='#city']").await;
    is_shown_what_is_wrong(&browser, "city").await;
    assert_eq!(browser.posts(FORM).await, 0);
    browser.end(&[]).await;
}

#[tokio::test]
async fn draft_survives_reload_and_language_change() {
    let (_stack, browser) = at_the_form().await;
    assert_eq!(
        browser
            .value("[...document.querySelectorAll('[id$=-was]')].every(was => was.hidden)")
            .await,
        true
    );
    enter(&browser, "city", "Zurich").await;
    enter(&browser, "country", "DE").await;
    browser.reads("#city-was", "GFMS had: Zürich").await;
    browser.reads("#country-was", "GFMS had: Switzerland").await;

    browser.open(browser.url().await.as_str()).await;
    browser.find("#create-company").await;
    assert_eq!(browser.property("#city", "value").await, "Zurich");
    browser.press_words("繁體中文").await;
    browser.sees("請確認貴公司資料").await;
    assert_eq!(browser.property("#country", "value").await, "DE");
    browser.reads("#country-was", "GFMS 原登記資料：瑞士").await;
    browser
        .reads("#postalCode-error", "德國的郵遞區號格式如 12345。")
        .await;

    enter(&browser, "city", "Zürich").await;
    assert_eq!(
        browser.attribute("#city-was", "hidden").await.as_deref(),
        Some("true"),
        "nothing differs"
    );
    browser.end(&[]).await;
}

#[tokio::test]
async fn rules_and_country_names_follow_the_selection() {
    let (_stack, browser) = at_the_form().await;
    let list = "(() => { const names = [...country].slice(1).map(option => option.text);
        return [names.length, new Set(names).size, names.every((name, i) => !i || names[i - 1].localeCompare(name, document.documentElement.lang) <= 0)]; })()";
    for lang in onboarding::text::Lang::ALL {
        browser
            .open(&format!(
                "{}?lang={}",
                browser.url().await.as_str().split('?').next().unwrap(),
                lang.tag()
            ))
            .await;
        browser
            .becomes("document.documentElement.lang", &Value::from(lang.tag()))
            .await;
        assert_eq!(
            browser.value(list).await,
            serde_json::json!([250, 250, true]),
            "{}",
            lang.tag()
        );
        let named = "Object.fromEntries(['CH', 'HK', 'DE'].map(code => [code, country.querySelector(`[value=${code}]`).text]))";
        let names: Vec<_> = ["CH", "HK", "DE"]
            .map(|code| (code, onboarding::text::country_name(code, lang).unwrap()))
            .into();
        for (code, name) in names {
            assert_eq!(browser.value(named).await[code], name, "{}", lang.tag());
        }
    }
    browser
        .open(&format!(
            "{}?lang=en",
            browser.url().await.as_str().split('?').next().unwrap()
        ))
        .await;
    change_something(&browser).await;
    let optional =
        "['postalCode', 'region'].map(name => !document.getElementById(`${name}-optional`).hidden)";
    for (country, expected) in [
        ("CH", [false, true]),
        ("US", [false, false]),
        ("HK", [true, true]),
    ] {
        enter(&browser, "country", country).await;
        assert_eq!(
            browser.value(optional).await,
            serde_json::json!(expected),
            "{country}"
        );
    }
    enter(&browser, "country", "US").await;
    enter(&browser, "postalCode", "94105").await;
    is_grey(&browser).await;
    enter(&browser, "region", "CA").await;
    is_orange(&browser).await;
    for (country, vat, right) in [
        ("US", "12-3456789", true),
        ("DE", "DE12345678", false),
        ("DE", "DE 123 456 789", true),
        ("IT", "DE123456789", false),
    ] {
        enter(&browser, "country", country).await;
        enter(&browser, "vatNumber", vat).await;
        browser.focus("#city").await;
        assert_eq!(
            browser
                .attribute("#vatNumber", "aria-invalid")
                .await
                .is_none(),
            right,
            "{country} {vat}"
        );
    }
    browser.end(&[]).await;
}

#[tokio::test]
async fn a_state_is_that_of_its_country() {
    let stack = start(Store::Embedded).await;
    let mut posted = invitation(KNOWN, "Ben", "Carter");
    posted["company"] = serde_json::json!({
        "name": "Carter Tooling Inc.", "street": "400 Mill Road", "postalCode": "61101",
        "city": "Rockford", "region": "IL", "country": "US"
    });
    let browser = Browser::start().await;
    reach_the_company_form(&browser, &link(&invite(&stack, &posted).await)).await;
    change_something(&browser).await;
    let region = "document.getElementById('region').value";
    for (country, typed, kept) in [
        ("CA", "ON", ""),
        ("CH", "", ""),
        ("US", "TX", "IL"),
        ("CA", "ON", "ON"),
        ("", "QC", ""),
        // Typed before a country is chosen.
        ("AU", "QC", "QC"),
        ("US", "TX", "TX"),
    ] {
        enter(&browser, "country", country).await;
        assert_eq!(browser.value(region).await, kept, "{country}");
        enter(&browser, "region", typed).await;
    }
    browser.end(&[]).await;
}

#[tokio::test]
async fn an_example_of_a_phone_number_is_given_once() {
    let (_stack, browser) = at_the_form().await;
    let shown =
        "['phone-hint', 'phone-error'].map((id) => document.getElementById(id).checkVisibility())";
    assert_eq!(browser.value(shown).await, serde_json::json!([true, false]));
    enter(&browser, "phone", "12").await;
    browser.focus("#city").await;
    assert_eq!(browser.value(shown).await, serde_json::json!([false, true]));
    enter(&browser, "phone", "044 668 18 00").await;
    assert_eq!(browser.value(shown).await, serde_json::json!([true, false]));
    browser.end(&[]).await;
}

#[tokio::test]
async fn a_double_click_creates_the_company_once() {
    let (_stack, browser) = at_the_form().await;
    browser.double_click(BUTTON).await;
    is_welcomed(&browser, "Anna").await;
    assert_eq!(browser.posts(FORM).await, 1);
    browser.end(&[]).await;
}

#[tokio::test]
async fn pressing_again_after_back_leads_to_welcome() {
    let keeps_pages = Kind {
        keeps_pages: true,
        ..Kind::default()
    };
    let (_stack, browser) = at_the_label_of(keeps_pages).await;
    change_something(&browser).await;
    browser.press(BUTTON).await;
    is_welcomed(&browser, "Anna").await;

    browser.back().await;
    is_orange(&browser).await;
    assert_eq!(browser.text(BUTTON).await, "Create company");
    browser.press(BUTTON).await;
    is_welcomed(&browser, "Anna").await;
    browser.end(&[]).await;
}

/// The script knows less of phone numbers than the server: it lets some through.
#[tokio::test]
async fn server_error_stays_until_the_field_changes() {
    let (_stack, browser) = at_the_form().await;
    for (posts, phone) in ["+41 44 668 18 0", "+999 1234567"].into_iter().enumerate() {
        enter(&browser, "phone", phone).await;
        is_orange(&browser).await;
        browser.press(BUTTON).await;
        is_refused_by_the_server(&browser, posts + 1).await;
    }
    // Pressing again, coming again or changing another field does not help. (Another country would:
    // a number without a country code is dialled in the country of the form.)
    browser.press(BUTTON).await;
    enter(&browser, "city", "Zurich").await;
    is_refused_by_the_server(&browser, 2).await;
    browser.open(browser.url().await.as_str()).await;
    is_refused_by_the_server(&browser, 2).await;

    enter(&browser, "phone", "+41 44 668 18 00").await;
    is_orange(&browser).await;
    browser.press(BUTTON).await;
    is_welcomed(&browser, "Anna").await;
    assert_eq!(browser.posts(FORM).await, 3);
    browser.end(&["status of 422"]).await;
}

async fn is_refused_by_the_server(browser: &Browser, posts: usize) {
    browser
        .reads(
            "#phone-error",
            "Please enter a number like 021 234 56 78, or with + and the country code. You may also leave this empty.",
        )
        .await;
    is_grey(browser).await;
    browser
        .reads("#status", "Something still needs your attention.")
        .await;
    assert_eq!(
        browser.attribute("#phone", "aria-invalid").await.as_deref(),
        Some("true")
    );
    assert_eq!(browser.posts(FORM).await, posts);
}

/// What was right or wrong in one country is not so in another.
#[tokio::test]
async fn postal_code_error_holds_for_its_country() {
    let (_stack, browser) = at_the_form().await;
    // Past the script, as if it had failed.
    browser.value("(document.getElementById('postalCode').value = '80331', document.getElementById('company').submit())").await;
    browser
        .reads(
            "#postalCode-error",
            "A postal code in Switzerland looks like 8001.",
        )
        .await;
    is_grey(&browser).await;
    enter(&browser, "country", "DE").await;
    is_orange(&browser).await;
    enter(&browser, "country", "CH").await;
    is_grey(&browser).await;
    browser.end(&["status of 422"]).await;
}

/// Right or wrong, as people in workshops all over the world type it, and as no one does.
#[rustfmt::skip]
pub(crate) const TYPED: [(Field, &[&str]); 5] = [
    (Field::Phone, &[
        "", "+41 44 668 18 00", "+41 (0)44 668 18 00", "0041.44/668-1800", "(+41) 44 668 18 00", "+4144(0)6681800", "＋８８６２２３４５６７８９",
        "+1 (415) 555‐2671", "+800 1234 5678", "(00) 41 446681800", "0(0)0 41446681800", "+41\u{3000}44\u{2009}668 18 00", "044 668 18 00",
        "+0441234567", "+12345", "+1234567890123456", "+41 44 CALL ME", "tel:+41446681800", "+", "+41 44 668 18 0",
    ]),
    (Field::Website, &[
        "", "example.com", "http://example.com/a?b#c", "HTTPS://Example.COM", "bücher.example", "例え.テスト", "例え。テスト", "例え｡テスト",
        "ｅｘａｍｐｌｅ．ｃｏｍ", "my_shop.example.com:8443/ä", "ex%61mple.com", "example%2ecom", "@example.com", "example.1a", "faß.de",
        "xn--bcher-kva.example", "example.com?a=1", "example.com/a\u{200d}b", "example.com:99999", "example", "example.com.", "example..com", ".",
        "a b.com", "example.com/a b", "javascript:alert(1)", "anna@example.com", "https://u:p@example.com", "http://127.0.0.1", "127.1",
        "0x7f.1", "[::1]", "a\\b.com", "例え",
    ]),
    (Field::PostalCode, &["", "8002", " ８００２ ", "8002\u{85}", "80O2", "800", "８００２ー", "0800"]),
    (Field::VatNumber, &["", "CHE-123.456.789 MWST", "che123456789", "ＣＨＥ１２３４５６７８９", "CHE 123/456/789", "123", "DE123456789"]),
    (Field::CompanyName, &[
        "", " ", "北京", "A\u{85}B", "\u{85}", "\u{feff}", "می\u{200c}خواهم", "\u{600}", "\u{110bd}", "\u{1d173}", "A\u{202e}B", "A\u{2065}B",
        "A\u{e0041}B",
    ]),
];

/// What the script lets through, since each byte of it is waited for.
#[rustfmt::skip]
const LEFT_TO_THE_SERVER: [&str; 13] = [
    "DE123456789", "example.com:99999", "example.com.", "example..com", ".", "ftp://example.com", "https://u:p@example.com",
    "http://127.0.0.1", "127.1", "0x7f.1", "a\\b.com", "例え", "A\u{e0041}B",
];

/// Also what is not ASCII, and which numbers of at least three digits are phone numbers.
fn is_left_to_the_server(field: Field, value: &str) -> bool {
    let digits = value.chars().filter(char::is_ascii_digit).count();
    LEFT_TO_THE_SERVER.contains(&value) || !value.is_ascii() || field == Field::Phone && digits >= 3
}

/// Types each value, and returns whether the button was orange after each.
const ORANGE_FOR: &str = "arguments_.map(([name, value]) => {
    const input = document.getElementById(name), before = input.value;
    const type = (text) => { input.value = text; input.dispatchEvent(new Event('input', { bubbles: true })); };
    type(value);
    const orange = !document.getElementById('create-company').classList.contains('off');
    type(before);
    return orange; })";

#[tokio::test]
async fn script_is_no_stricter_than_the_server() {
    let (_stack, browser) = at_the_form().await;
    let filled = browser
        .value("Object.fromEntries(new FormData(document.getElementById('company')))")
        .await;
    let filled: CompanyForm = serde_json::from_value(filled).unwrap();
    let typed: Vec<(Field, &str)> = TYPED
        .iter()
        .flat_map(|(field, values)| values.iter().map(|value| (*field, *value)))
        .collect();
    let asked = Value::from(
        typed
            .iter()
            .map(|(field, value)| serde_json::json!([field.name(), value]))
            .collect::<Vec<_>>(),
    );
    let orange: Vec<bool> = serde_json::from_value(
        browser
            .value(&ORANGE_FOR.replace("arguments_", &asked.to_string()))
            .await,
    )
    .unwrap();
    for ((field, value), orange) in typed.into_iter().zip(orange) {
        let right = Company::parse(&form_with(&filled, field, value)).is_ok();
        let case = format!("{}: {value:?}", field.name());
        assert!(orange || !right, "stricter than the server: {case}");
        assert!(
            right || !orange || is_left_to_the_server(field, value),
            "laxer than the server: {case}"
        );
    }
    browser.end(&[]).await;
}

/// The form with another value in one field.
pub(crate) fn form_with(form: &CompanyForm, changed: Field, value: &str) -> CompanyForm {
    CompanyForm::of(Field::ALL.map(|field| {
        if field == changed {
            value
        } else {
            form.value(field)
        }
        .to_owned()
    }))
}
