//! All of it works in a browser that runs no scripts.

use crate::{
    chrome::{Browser, Kind},
    steps::{case_1, create_company, is_welcomed},
    support::{Store, invite_known, start},
};

#[tokio::test]
async fn without_scripts_the_server_says_what_is_wrong_and_keeps_what_was_typed() {
    let stack = start(Store::Embedded).await;
    invite_known(&stack).await;
    let browser = Browser::of_kind(Kind { scripts: false, ..Kind::default() }).await;
    case_1(&browser, &stack).await;
    browser.sees("Check your company details").await;

    assert_eq!(browser.count("#country option").await, 250, "the plain page has every country");

    browser.fill("#postalCode", "80O2").await;
    browser.fill("#companyName", "Meier & Töchter <AG>").await;
    browser.press("#create-company").await;

    browser.reads("#postalCode-error", "Please enter it like this: 8001.").await;
    assert_eq!(browser.property("#postalCode", "value").await, "80O2");
    assert_eq!(browser.property("#companyName", "value").await, "Meier & Töchter <AG>");
    assert_eq!(browser.attribute("#create-company", "aria-disabled").await, None, "it can be pressed");
    assert_eq!(browser.style("#create-company", "background-color").await, "rgba(255, 154, 31, 1)");

    browser.fill("#postalCode", "8002").await;
    create_company(&browser).await;
    is_welcomed(&browser, "Anna").await;
    assert!(browser.text(".lead").await.starts_with("Meier & Töchter <AG> is now on My rConnect."));
    browser.end(&["status of 422"]).await;
}
