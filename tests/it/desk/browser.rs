//! The desk in a browser: accessible, by keyboard, on a phone and a desktop.

use std::fs;

use fantoccini::key::Key;
use local::{samples::KNOWN, stack::Stack, staff::MANAGER};
use support::{
    Store,
    chrome::{Browser, Screen},
    invite_quietly, root, start,
};

use super::scene::DESK;
use crate::browser::{first_screen::FIRST_SCREEN, keyboard::press};

/// At the pages, as an engineer does.
async fn sign_in(browser: &Browser, stack: &Stack) {
    browser.open(&format!("{}{DESK}", stack.url())).await;
    browser.sees("Sign in to the invitation desk").await;
    browser.is_accessible("desk-sign-in").await;
    browser.press("#sign-in").await;
    browser.fill("#account", MANAGER).await;
    browser.press("#next").await;
    browser.sees("Welcome, Thomas Keller").await;
    browser.press("#next").await;
    browser.sees("Let this app use your account?").await;
    browser.press("#accept").await;
    browser.sees("Invitations").await;
}

#[tokio::test]
async fn desk_is_accessible_on_phone_and_desktop() {
    let stack = start(Store::Embedded).await;
    let (_, id) = invite_quietly(&stack).await;
    let browser = Browser::start().await;
    sign_in(&browser, &stack).await;
    let pictures = root().join("target/screenshots");
    fs::create_dir_all(&pictures).unwrap();
    let one = format!("/invitations/{id}");
    for lang in ["en", "zh-Hant"] {
        for (name, path) in [
            ("list", ""),
            ("one", one.as_str()),
            ("revoke", &format!("{one}/revoke")),
            ("correct", &format!("{one}/correct")),
            ("missing", "/nowhere"),
        ] {
            for screen in [FIRST_SCREEN, Screen::DESKTOP, Screen::NARROWEST] {
                browser.screen(screen).await;
                let url = format!("{}{DESK}{path}?lang={lang}", stack.url());
                browser.open(&url).await;
                let page = format!("desk-{name}.{lang}.{}", screen.width);
                browser.is_accessible(&page).await;
                let width = browser.value("document.documentElement.scrollWidth").await;
                assert!(
                    width.as_u64() <= Some(screen.width.into()),
                    "{page}: {width}"
                );
                let picture = browser.picture().await;
                fs::write(pictures.join(format!("{page}.png")), picture).unwrap();
            }
        }
    }
    browser.screen(Screen::DESKTOP).await;
    browser.dark(true).await;
    for (name, path) in [("list", ""), ("one", one.as_str())] {
        browser.open(&format!("{}{DESK}{path}", stack.url())).await;
        let page = format!("desk-{name}.dark");
        browser.is_accessible(&page).await;
        browser.dark(true).await;
        let picture = browser.picture().await;
        fs::write(pictures.join(format!("{page}.png")), picture).unwrap();
    }
    browser.end(&["401", "/nowhere"]).await;
}

#[tokio::test]
async fn engineer_finds_and_revokes_by_keyboard() {
    let stack = start(Store::Embedded).await;
    let (_, id) = invite_quietly(&stack).await;
    let browser = Browser::start().await;
    sign_in(&browser, &stack).await;
    browser.fill("#search", KNOWN).await;
    browser.key(Key::Enter).await;
    press(&browser, &format!("a[href$='{id}']")).await;
    press(&browser, "#revoke").await;
    press(&browser, "#confirm").await;
    browser.find("[role=status]").await;
    browser.find(".badge.revoked").await;
    browser.end(&["401"]).await;
}
