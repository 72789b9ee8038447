//! All of it works in a browser that runs no scripts.

use onboarding::domain::company::{Company, CompanyForm, rules};
use serde_json::{Value, json};

use super::{
    company_form::{GREY, ORANGE, TYPED, form_with, look},
    steps::{
        case_1, change_something, consent, create_account, create_company, follow_the_mail,
        is_welcomed,
    },
};
use support::{
    Running, Store, UNKNOWN,
    chrome::{Browser, Kind},
    invitation, invite, invite_known, start,
};

async fn without_scripts() -> Browser {
    Browser::of_kind(Kind {
        scripts: false,
        ..Kind::default()
    })
    .await
}

async fn at_the_form() -> (Running, Browser) {
    let stack = start(Store::Embedded).await;
    invite_known(&stack).await;
    let browser = without_scripts().await;
    case_1(&browser, &stack).await;
    browser.sees("Check your company details").await;
    change_something(&browser).await;
    (stack, browser)
}

/// And can be pressed, for only the server says what is wrong.
async fn is_grey(browser: &Browser) {
    browser
        .becomes(&look(&GREY, "null"), &Value::from(true))
        .await;
    browser
        .reads("#status", "Something still needs your attention.")
        .await;
}

async fn is_orange(browser: &Browser) {
    browser
        .becomes(&look(&ORANGE, "null"), &Value::from(true))
        .await;
    browser.reads("#status", "Everything looks right.").await;
}

#[tokio::test]
async fn server_reports_errors_and_keeps_the_input() {
    let (_stack, browser) = at_the_form().await;
    is_orange(&browser).await;
    assert_eq!(
        browser.count("#country option").await,
        251,
        "the plain page has every country"
    );

    browser.fill("#postalCode", "80O2").await;
    browser.fill("#companyName", "Meier & Töchter <AG>").await;
    is_grey(&browser).await;
    browser.press("#create-company").await;

    browser
        .reads(
            "#postalCode-error",
            "A postal code in Switzerland looks like 8001.",
        )
        .await;
    assert_eq!(browser.property("#postalCode", "value").await, "80O2");
    assert_eq!(
        browser.property("#companyName", "value").await,
        "Meier & Töchter <AG>"
    );
    is_grey(&browser).await;

    // What only the server knows is wrong, is so until it is changed.
    browser.fill("#postalCode", "8002").await;
    browser.fill("#phone", "+41 44 668 18 0").await;
    is_orange(&browser).await;
    browser.press("#create-company").await;
    browser
        .reads(
            "#phone-error",
            "Please enter a number like 021 234 56 78, or with + and the country code. You may also leave this empty.",
        )
        .await;
    is_grey(&browser).await;
    browser.fill("#phone", "+41 44 668 18 00").await;
    is_orange(&browser).await;
    create_company(&browser).await;
    is_welcomed(&browser, "Anna").await;
    assert!(
        browser
            .text(".lead")
            .await
            .starts_with("Meier & Töchter <AG> is now on My rConnect.")
    );
    browser.end(&["status of 422"]).await;
}

#[tokio::test]
async fn what_was_typed_is_back_after_asking_for_help() {
    let (_stack, browser) = at_the_form().await;
    browser.fill("#companyName", "Meier & Töchter").await;
    browser.fill("#postalCode", "80O2").await;
    browser.press("#contact-inviter").await;
    browser.sees("You have asked for help").await;
    browser.press("main .primary").await;
    browser.sees("Check your company details").await;
    for (field, typed) in [("#companyName", "Meier & Töchter"), ("#postalCode", "80O2")] {
        assert_eq!(browser.property(field, "value").await, typed);
    }
    is_grey(&browser).await;
    browser.end(&[]).await;
}

/// What the server said before does not stand beside "Everything looks right."
#[tokio::test]
async fn summary_of_errors_goes_once_all_is_right() {
    let (_stack, browser) = at_the_form().await;
    browser.fill("#city", "").await;
    browser.press("#create-company").await;
    browser.find("#city[aria-invalid=true]").await;
    let summaries = "['attention', 'problems', 'lead'].map((id) => document.getElementById(id).checkVisibility())";
    assert_eq!(browser.value(summaries).await, json!([true, true, false]));
    browser.fill("#city", "Zürich").await;
    is_orange(&browser).await;
    assert_eq!(browser.value(summaries).await, json!([false, false, true]));
    browser.fill("#companyName", "").await;
    is_grey(&browser).await;
    assert_eq!(browser.value(summaries).await, json!([true, true, false]));
    browser.end(&["status of 422"]).await;
}

/// Whether the error is in sight, and the frame red.
async fn is_marked(browser: &Browser, field: &str) -> bool {
    let marks = browser
        .value(&format!(
            "[document.getElementById('{field}-error').checkVisibility(), getComputedStyle(document.getElementById('{field}')).borderWidth === '2px']"
        ))
        .await;
    assert_eq!(marks[0], marks[1], "{field}: error and frame");
    marks[0] == true
}

#[tokio::test]
async fn error_of_a_field_goes_once_it_may_be_right() {
    let (_stack, browser) = at_the_form().await;
    let wrong = [
        ("companyName", ""),
        ("vatNumber", "CHE-1"),
        ("website", "no website"),
        ("postalCode", "80"),
        ("phone", "12"),
    ];
    for (field, value) in wrong {
        browser.fill(&format!("#{field}"), value).await;
    }
    browser.press("#create-company").await;
    browser.find("#city:not([aria-invalid])").await;
    for (field, right) in [
        ("companyName", "Meier AG"),
        ("vatNumber", ""),
        ("website", "example.com"),
        ("phone", "044 668 18 00"),
    ] {
        assert!(is_marked(&browser, field).await, "{field}");
        browser.fill(&format!("#{field}"), right).await;
        assert!(!is_marked(&browser, field).await, "{field}");
    }
    // What is right in another country, only the server knows.
    assert!(is_marked(&browser, "postalCode").await);
    browser.choose("#country", "DE").await;
    assert!(!is_marked(&browser, "postalCode").await);
    is_orange(&browser).await;
    browser.choose("#country", "CH").await;
    assert!(is_marked(&browser, "postalCode").await);
    browser.fill("#postalCode", "3000").await;
    assert!(!is_marked(&browser, "postalCode").await);
    is_orange(&browser).await;
    // Without a country, too.
    browser.choose("#country", "").await;
    browser.fill("#vatNumber", "none").await;
    browser.fill("#phone", "+41 44 668 18 00").await;
    browser.press("#create-company").await;
    browser.find("#country[aria-invalid]").await;
    assert!(is_marked(&browser, "vatNumber").await);
    is_grey(&browser).await;
    browser.choose("#country", "CH").await;
    assert!(!is_marked(&browser, "vatNumber").await);
    is_orange(&browser).await;
    browser.end(&["status of 422"]).await;
}

#[tokio::test]
async fn button_is_grey_without_scripts_too() {
    let (_stack, browser) = at_the_form().await;
    for (field, wrong, right) in [
        ("#companyName", "", "Meier AG"),
        ("#city", "  ", "Zürich"),
        ("#postalCode", "80331", "8002"),
        ("#phone", "ask me", "+41 44 668 18 00"),
        ("#website", "not a website", "example.com"),
    ] {
        browser.fill(field, wrong).await;
        is_grey(&browser).await;
        browser.fill(field, right).await;
        is_orange(&browser).await;
    }
    // What is right in another country, the server says.
    browser.fill("#postalCode", "SW1A1AA").await;
    is_grey(&browser).await;
    browser.choose("#country", "GB").await;
    is_orange(&browser).await;
    browser.choose("#country", "").await;
    is_grey(&browser).await;
    browser.choose("#country", "GB").await;
    create_company(&browser).await;
    is_welcomed(&browser, "Anna").await;
    browser.end(&[]).await;
}

#[tokio::test]
async fn html_checks_are_no_stricter_than_the_server() {
    let (_stack, browser) = at_the_form().await;
    let filled = browser
        .value("Object.fromEntries(new FormData(document.getElementById('company')))")
        .await;
    let filled: CompanyForm = serde_json::from_value(filled).unwrap();
    for (field, value) in TYPED
        .iter()
        .flat_map(|(field, values)| values.iter().map(move |value| (*field, *value)))
    {
        let typed = Value::from(vec![field.name(), value]);
        let valid = browser.value(&format!("(([name, value]) => {{ const input = document.getElementById(name); input.value = value; return input.validity.valid; }})({typed})")).await;
        let right = Company::parse(&form_with(&filled, field, value)).is_ok();
        assert!(!right || valid == true, "{}: {value:?}", field.name());
    }
    // The browser reads every country's rule.
    let patterns = Value::from(
        rules::RULES
            .iter()
            .map(|rule| format!("(?i:{})", rule.postal.regex))
            .collect::<Vec<_>>(),
    );
    let read = browser
        .value(&format!(
            "{patterns}.filter((pattern) => new RegExp(pattern, 'v')).length"
        ))
        .await;
    assert_eq!(read, rules::RULES.len());
    browser.end(&[]).await;
}

#[tokio::test]
async fn sign_up_works_without_scripts() {
    let stack = start(Store::Embedded).await;
    invite(&stack, &invitation(UNKNOWN, "Ben", "Carter")).await;
    let browser = without_scripts().await;
    follow_the_mail(&browser, &stack, UNKNOWN).await;
    browser.press("#sign-up").await;
    create_account(&browser, &stack, UNKNOWN, "Ben Carter").await;
    consent(&browser).await;
    create_company(&browser).await;
    is_welcomed(&browser, "Ben").await;
    browser.end(&[]).await;
}
