//! What an employee does at the desk, and what holds for each of its pages.

use std::fs;

use local::{stack::Stack, staff::MANAGER};
use support::{
    chrome::{Browser, Screen},
    root,
};

use super::{first_screen::FIRST_SCREEN, layout::is_well_laid_out};

/// Bytes of HTML, with its style.
const MAX_PAGE: u64 = 30 * 1024;

/// Opens a page of the desk, and signs in.
pub(crate) async fn sign_in(browser: &Browser, stack: &Stack, page: &str) {
    browser
        .open(&format!("{}/api/desk{page}", stack.url()))
        .await;
    browser.press("#sign-in").await;
    browser.fill("#account", MANAGER).await;
    browser.press("#next").await;
    browser.find("main .who").await;
    browser.press("#next").await;
    browser.press("#accept").await;
    browser.find("#sign-out").await;
}

/// The page is accessible on a phone, a desktop and the narrowest screen, where nothing runs over
/// the edge, also with text of twice the size. Leaves pictures.
pub(crate) async fn check_page(browser: &Browser, name: &str) {
    let folder = root().join("target/screenshots");
    fs::create_dir_all(&folder).unwrap();
    for (screen, kind) in [
        (Screen::NARROWEST, "narrow"),
        (FIRST_SCREEN, "phone"),
        (Screen::DESKTOP, "desktop"),
    ] {
        browser.screen(screen).await;
        let name = format!("desk-{name}.{kind}");
        // For axe, the narrowest screen is another phone.
        if screen != Screen::NARROWEST {
            browser.is_accessible(&name).await;
        }
        picture(browser, &name).await;
    }
    browser.dark(true).await;
    picture(browser, &format!("desk-{name}.dark")).await;
    browser.dark(false).await;
    fits(browser, name, Screen::DESKTOP).await;
    is_well_laid_out(browser, name).await;
    browser.value("document.documentElement.style = ''").await;
    browser.screen(Screen::DESKTOP).await;
    let size = browser
        .value("document.documentElement.outerHTML.length")
        .await;
    assert!(size.as_u64() <= Some(MAX_PAGE), "{name}: {size}");
}

async fn fits(browser: &Browser, name: &str, screen: Screen) {
    let width = browser.value("document.documentElement.scrollWidth").await;
    assert!(
        width.as_u64() <= Some(screen.width.into()),
        "{name} is {width} pixels wide"
    );
}

async fn picture(browser: &Browser, name: &str) {
    let file = root().join(format!("target/screenshots/{name}.png"));
    fs::write(file, browser.picture().await).unwrap();
}
