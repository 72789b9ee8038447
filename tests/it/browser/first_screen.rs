//! What a phone shows at first sight, in every language.

use onboarding::text::Lang;

use super::accessibility::written;
use support::{
    chrome::{Browser, Screen},
    gallery,
};

/// What a phone of 390 × 844 pixels leaves between the bars of its browser.
pub(crate) const FIRST_SCREEN: Screen = Screen {
    height: 664,
    ..Screen::PHONE
};

/// The pages with their main button.
const BUTTONS: [(&str, &str); 6] = [
    ("invite", "#get-started"),
    ("invite-accepted", "#get-started"),
    ("invite-completed", "#get-started"),
    ("company", "#create-company"),
    ("confirm-offer", ".primary"),
    ("welcome", ".primary"),
];

#[tokio::test]
async fn button_is_on_the_first_screen_in_every_language() {
    let browser = Browser::start().await;
    browser.screen(FIRST_SCREEN).await;
    for lang in Lang::ALL {
        let pages = gallery::pages(lang);
        for (name, button) in BUTTONS {
            let (_, html) = pages.iter().find(|(page, _)| page == name).unwrap();
            let page = format!("{name}.{}", lang.tag());
            browser.open(&written(&page, html)).await;
            let bottom =
                format!("document.querySelector('{button}').getBoundingClientRect().bottom");
            let bottom = browser.value(&bottom).await.as_f64().unwrap();
            assert!(bottom <= 664.0, "{page}: {button} ends at {bottom}");
        }
    }
    browser.end(&[]).await;
}
