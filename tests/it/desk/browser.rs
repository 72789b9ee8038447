//! The desk in a browser: accessible, by keyboard, on a phone and a desktop.

use fantoccini::key::Key;
use local::samples::KNOWN;
use serde_json::Value;
use support::{Store, chrome::Browser, invite_quietly, start};

use super::scene::DESK;
use crate::browser::{
    desk::{check_page, sign_in},
    keyboard::{press, tab_to},
};

#[tokio::test]
async fn desk_is_accessible_on_phone_and_desktop() {
    let stack = start(Store::Embedded).await;
    let browser = Browser::start().await;
    browser.open(&format!("{}{DESK}", stack.url())).await;
    check_page(&browser, "sign-in.en").await;
    sign_in(&browser, &stack, "").await;
    check_page(&browser, "list-empty.en").await;
    let (_, id) = invite_quietly(&stack).await;
    let one = format!("/invitations/{id}");
    for lang in ["en", "zh-Hant"] {
        for (name, path) in [
            ("list", ""),
            ("list-nothing", "?search=nothing"),
            ("one", one.as_str()),
            ("revoke", &format!("{one}/revoke")),
            ("correct", &format!("{one}/correct")),
            ("missing", "/nowhere"),
        ] {
            let mark = if path.contains('?') { '&' } else { '?' };
            let url = format!("{}{DESK}{path}{mark}lang={lang}", stack.url());
            browser.open(&url).await;
            check_page(&browser, &format!("{name}.{lang}")).await;
        }
    }
    browser.end(&["401", "/nowhere"]).await;
}

#[tokio::test]
async fn engineer_finds_and_revokes_by_keyboard() {
    let stack = start(Store::Embedded).await;
    let (_, id) = invite_quietly(&stack).await;
    let browser = Browser::start().await;
    sign_in(&browser, &stack, "").await;
    browser.fill("#search", KNOWN).await;
    browser.key(Key::Enter).await;
    press(&browser, &format!("a[href$='{id}']")).await;
    let passed = tab_to(&browser, "#erase").await;
    let actions = ["resend", "correct", "show-link", "revoke", "erase"];
    assert!(passed.ends_with(&actions.map(str::to_owned)), "{passed:?}");
    browser.open(browser.url().await.as_str()).await;
    press(&browser, "#revoke").await;
    press(&browser, "#confirm").await;
    browser.find("[role=status]").await;
    browser.find(".badge.revoked").await;
    browser.end(&["401"]).await;
}

/// The elements that Tab passes; a field for a day has a part for each of its numbers.
async fn passed(browser: &Browser, css: &str) -> Vec<String> {
    let mut passed = tab_to(browser, css).await;
    passed.dedup();
    passed
}

#[tokio::test]
async fn engineer_invites_by_keyboard() {
    let stack = start(Store::Embedded).await;
    let browser = Browser::start().await;
    sign_in(&browser, &stack, "/new").await;
    let frame = ["sign-out", "Invitations", "New invitation", "Invite many"];
    let fields = [
        "email",
        "firstName",
        "lastName",
        "locale",
        "expiresAt",
        "message",
        "companyName",
        "customerNumber",
        "vatNumber",
        "country",
        "street",
        "postalCode",
        "city",
        "region",
        "phone",
        "website",
        "inviterName",
        "inviterOrganization",
        "inviterEmail",
        "inviterPhone",
        "preview",
    ];
    assert_eq!(
        passed(&browser, "#preview").await,
        [&frame[..], &fields].concat()
    );
    browser.key(Key::Enter).await;
    browser.find("#email-error").await;
    assert_eq!(
        tab_to(&browser, "main a").await.last().unwrap(),
        "E-mail address"
    );
    browser.key(Key::Enter).await;
    browser
        .becomes("document.activeElement.id", &Value::from("email"))
        .await;
    for (name, value) in [
        ("email", KNOWN),
        ("firstName", "Anna"),
        ("companyName", "Meier AG"),
        ("street", "Seestrasse 12"),
        ("postalCode", "8002"),
        ("city", "Zürich"),
        ("inviterOrganization", "GFMS"),
    ] {
        browser.fill(&format!("#{name}"), value).await;
    }
    browser.choose("#country", "CH").await;
    browser.focus("#inviterPhone").await;
    browser.key(Key::Enter).await;
    press(&browser, "#send").await;
    browser.find(".timeline").await;
    browser.open(&format!("{}{DESK}/many", stack.url())).await;
    let many = [
        "Download the template",
        "file",
        "inviterName",
        "inviterOrganization",
        "inviterEmail",
        "inviterPhone",
        "check-file",
    ];
    let walked = passed(&browser, "#check-file").await;
    assert_eq!(walked, [&frame[..], &many].concat());
    browser.end(&["401", "422"]).await;
}
