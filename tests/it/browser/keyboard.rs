//! All of it works with Tab and Enter, and one always sees where one is.

use fantoccini::key::Key;
use serde_json::Value;

use super::steps::is_welcomed;
use support::{Store, chrome::Browser, invite_known, start};

/// Where the focus is, and whether its outline can be seen; inside a frame, its document shows it.
const FOCUS: &str = "(() => { const at = document.activeElement, style = getComputedStyle(at);
    return [at.id || at.textContent.trim(), at.tagName === 'IFRAME' || style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2]; })()";

/// Presses Tab until an element has the focus; answers with what it came by.
pub(crate) async fn tab_to(browser: &Browser, css: &str) -> Vec<String> {
    browser.find(css).await;
    let there = format!("document.activeElement.matches({})", Value::from(css));
    let mut passed = Vec::new();
    while browser.value(&there).await != true {
        assert!(
            passed.len() < 40,
            "Tab does not lead to {css} but to {passed:?}"
        );
        browser.key(Key::Tab).await;
        let focus = browser.value(FOCUS).await;
        assert_eq!(focus[1], true, "the focus on {} cannot be seen", focus[0]);
        passed.push(focus[0].as_str().unwrap().to_owned());
    }
    passed
}

pub(crate) async fn press(browser: &Browser, css: &str) {
    tab_to(browser, css).await;
    browser.key(Key::Enter).await;
}

#[tokio::test]
async fn journey_works_by_keyboard_alone() {
    let stack = start(Store::Embedded).await;
    let link = invite_known(&stack).await;
    let browser = Browser::start().await;

    browser.open(&link).await;
    press(&browser, "#get-started").await;
    browser.sees("Sign in").await;
    press(&browser, "#next").await;
    browser.sees("Welcome, Anna Meier").await;
    press(&browser, "#next").await;
    browser.sees("Let this app use your account?").await;
    press(&browser, "#accept").await;

    browser.sees("Check your company details").await;
    let passed = tab_to(&browser, "summary").await;
    assert_eq!(passed, ["create-company", "Change something"]);
    browser.key(Key::Enter).await;
    browser
        .becomes("document.activeElement.id", &Value::from("companyName"))
        .await;
    let passed = tab_to(&browser, "#create-company").await;
    let fields = [
        "vatNumber",
        "website",
        "country",
        "street",
        "postalCode",
        "city",
        "region",
        "firstName",
        "lastName",
        "phone",
        "create-company",
    ];
    assert_eq!(passed, fields);
    browser.key(Key::Enter).await;

    is_welcomed(&browser, "Anna").await;
    press(&browser, "#open-platform").await;
    browser
        .becomes("document.title", &Value::from("Mailbox"))
        .await;
    browser.end(&[]).await;
}
