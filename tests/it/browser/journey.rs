//! Both cases, from the mail to the welcome page.

use serde_json::Value;

use super::steps::{case_1, consent, create_account, create_company, follow_the_mail, is_welcomed};
use support::{
    KNOWN, Running, Store, UNKNOWN, chrome::Browser, invitation, invite, invite_known, start,
};

#[tokio::test]
async fn known_account_gets_from_email_to_welcome() {
    let stack = start(Store::Embedded).await;
    invite_known(&stack).await;
    let browser = Browser::start().await;

    case_1(&browser, &stack).await;

    browser.sees("Check your company details").await;
    for (field, value) in [
        ("companyName", "Meier Präzision AG"),
        ("street", "Seestrasse 12"),
        ("postalCode", "8002"),
        ("city", "Zürich"),
    ] {
        assert_eq!(browser.property(&format!("#{field}"), "value").await, value);
    }
    assert_eq!(browser.property("#country", "value").await, "CH");
    assert!(browser.text(".label").await.contains(KNOWN));
    create_company(&browser).await;
    is_welcomed(&browser, "Anna").await;
    assert_eq!(
        browser
            .value("[...document.querySelectorAll('.tiles a')].map(tile => tile.innerText.trim())")
            .await,
        Value::from(vec![
            "Connect a machine",
            "Invite your colleagues",
            "Read the manuals",
            "Talk to a service engineer"
        ])
    );
    assert_only_ours_was_asked(&browser, &stack).await;
    browser.end(&[]).await;
}

/// At the page of an invitation for a person whom Microsoft does not know.
async fn invited_without_an_account() -> (Running, Browser) {
    let stack = start(Store::Embedded).await;
    invite(&stack, &invitation(UNKNOWN, "Ben", "Carter")).await;
    let browser = Browser::start().await;
    follow_the_mail(&browser, &stack, UNKNOWN).await;
    (stack, browser)
}

async fn consents_and_arrives(browser: Browser, complaints: &[&str]) {
    consent(&browser).await;
    create_company(&browser).await;
    is_welcomed(&browser, "Ben").await;
    browser.end(complaints).await;
}

#[tokio::test]
async fn sign_up_button_creates_an_account() {
    let (stack, browser) = invited_without_an_account().await;
    browser.press_words("I have no Microsoft account yet").await;
    create_account(&browser, &stack, UNKNOWN, "Ben Carter").await;
    consents_and_arrives(browser, &[]).await;
}

#[tokio::test]
async fn declined_sign_in_can_be_retried() {
    let (stack, browser) = invited_without_an_account().await;
    browser.press("#sign-up").await;
    create_account(&browser, &stack, UNKNOWN, "Ben Carter").await;
    browser.sees("Let this app use your account?").await;
    browser.press("#decline").await;
    browser.sees("You cancelled or declined").await;
    browser.press_words("Try again").await;
    consents_and_arrives(browser, &["status of 403"]).await;
}

/// The pages need nothing from anybody else.
async fn assert_only_ours_was_asked(browser: &Browser, stack: &Running) {
    let ours = [
        stack.url(),
        stack.sign_in.url().to_owned(),
        stack.mailbox.url().to_owned(),
    ];
    for request in browser.requests().await {
        assert!(
            ours.contains(&request.url.origin().ascii_serialization()),
            "{request:?}"
        );
    }
}
