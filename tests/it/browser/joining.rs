//! Two colleagues of one customer, each at a browser, with the same form open.

use std::fs;

use fantoccini::key::Key;
use local::samples::{COLLEAGUES, colleague};

use super::{
    steps::{change_something, consent, is_welcomed, sign_in_as_invited},
    tour::pictures,
};
use support::{
    Running, Store,
    chrome::{Browser, Kind, Screen},
    invite, link, start,
};

/// At the form of a new company.
async fn at_the_form(stack: &Running, email: &str, first_name: &str, last_name: &str) -> Browser {
    signed_in(Browser::start().await, stack, email, first_name, last_name).await
}

async fn signed_in(
    browser: Browser,
    stack: &Running,
    email: &str,
    first_name: &str,
    last_name: &str,
) -> Browser {
    let created = invite(stack, &colleague(email, first_name, last_name)).await;
    browser.open(&link(&created)).await;
    browser.press("#get-started").await;
    sign_in_as_invited(&browser, &format!("{first_name} {last_name}")).await;
    consent(&browser).await;
    browser.find("#create-company, #join-company").await;
    browser
}

#[tokio::test]
async fn colleague_joins_without_scripts() {
    let stack = start(Store::Embedded).await;
    let emma = at_the_form(&stack, COLLEAGUES[0], "Emma", "Weber").await;
    emma.press("#create-company").await;
    is_welcomed(&emma, "Emma").await;
    let lifeless = Browser::of_kind(Kind {
        scripts: false,
        ..Kind::default()
    });
    let felix = signed_in(lifeless.await, &stack, COLLEAGUES[1], "Felix", "Brandt").await;
    felix.sees("Join Weber Formenbau GmbH").await;
    change_something(&felix).await;
    felix.fill("#phone", "?").await;
    felix.press("#join-company").await;
    felix.find("#phone[aria-invalid=true]").await;
    felix.fill("#phone", "0711 66 81").await;
    felix.press("#join-company").await;
    is_welcomed(&felix, "Felix").await;
    emma.end(&[]).await;
    felix.end(&["422"]).await;
}

/// Felix at the page that joins the company of Emma.
async fn at_the_joining_page(stack: &Running) -> Browser {
    let emma = at_the_form(stack, COLLEAGUES[0], "Emma", "Weber").await;
    emma.press("#create-company").await;
    is_welcomed(&emma, "Emma").await;
    emma.end(&[]).await;
    let felix = at_the_form(stack, COLLEAGUES[1], "Felix", "Brandt").await;
    felix.sees("Join Weber Formenbau GmbH").await;
    felix
}

#[tokio::test]
async fn enter_in_a_field_does_not_join() {
    let stack = start(Store::Embedded).await;
    let felix = at_the_joining_page(&stack).await;
    change_something(&felix).await;
    for field in ["#firstName", "#lastName", "#phone"] {
        felix.focus(field).await;
        felix.key(Key::Enter).await;
    }
    felix.sees("Join Weber Formenbau GmbH").await;
    assert_eq!(felix.posts("/api/CreateCompany").await, 0);
    felix.press("#join-company").await;
    is_welcomed(&felix, "Felix").await;
    assert_eq!(felix.posts("/api/CreateCompany").await, 1);
    felix.end(&[]).await;
}

/// What is typed and not sent yet does not stand in the label; the company does.
#[tokio::test]
async fn label_shows_the_company_alone_beside_open_fields() {
    let stack = start(Store::Embedded).await;
    let felix = at_the_joining_page(&stack).await;
    let shown = felix.text(".label").await;
    assert!(shown.contains("Felix Brandt"), "{shown}");
    change_something(&felix).await;
    let shown = felix.text(".label").await;
    assert!(!shown.contains("Felix Brandt"), "{shown}");
    assert!(shown.contains("Weber Formenbau GmbH"), "{shown}");
    felix.end(&[]).await;
}

#[tokio::test]
async fn what_was_typed_is_back_after_asking_for_help() {
    let stack = start(Store::Embedded).await;
    let felix = at_the_joining_page(&stack).await;
    change_something(&felix).await;
    felix.fill("#firstName", "Felicitas").await;
    felix.press("#contact-inviter").await;
    felix.sees("You have asked for help").await;
    felix.press("main .primary").await;
    felix.sees("Join Weber Formenbau GmbH").await;
    assert_eq!(felix.property("#firstName", "value").await, "Felicitas");
    felix.end(&[]).await;
}

#[tokio::test]
async fn both_forms_are_open_and_one_joins() {
    let stack = start(Store::Embedded).await;
    let emma = at_the_form(&stack, COLLEAGUES[0], "Emma", "Weber").await;
    let felix = at_the_form(&stack, COLLEAGUES[1], "Felix", "Brandt").await;
    emma.press("#create-company").await;
    is_welcomed(&emma, "Emma").await;

    change_something(&felix).await;
    felix.fill("#firstName", "Felicitas").await;
    felix.press("#create-company").await;
    felix.sees("Join Weber Formenbau GmbH").await;
    let why = felix.text("[role=status]").await;
    assert!(why.starts_with("A colleague was faster"), "{why}");
    let lead = felix.text(".lead").await;
    assert!(
        lead.starts_with("Emma Weber created this company on"),
        "{lead}"
    );
    assert_eq!(felix.property("#firstName", "value").await, "Felicitas");
    assert_eq!(felix.count("[name=companyName]").await, 0);
    assert_eq!(felix.text("#join-company").await, "Join company");
    for screen in [Screen::PHONE, Screen::DESKTOP] {
        felix.screen(screen).await;
        let file = pictures().join(format!("join.en.{}.light.png", screen.name));
        fs::write(file, felix.picture().await).unwrap();
    }
    felix.is_accessible("join").await;
    felix.press("#join-company").await;
    is_welcomed(&felix, "Felix").await;
    let lead = felix.text(".lead").await;
    assert!(
        lead.starts_with("You have joined Weber Formenbau GmbH"),
        "{lead}"
    );
    for browser in [emma, felix] {
        browser.end(&[]).await;
    }
}
