//! What a phone shows at first sight, in every language.

use onboarding::text::Lang;

use super::accessibility::written;
use support::{
    chrome::{Browser, Screen},
    gallery, gallery_stopped,
};

/// What a phone of 390 × 844 pixels leaves between the bars of its browser.
pub(crate) const FIRST_SCREEN: Screen = Screen {
    height: 664,
    ..Screen::PHONE
};

/// The pages with their main button.
const BUTTONS: [(&str, &str); 12] = [
    ("invite", "#get-started"),
    ("invite-accepted", "#get-started"),
    ("invite-completed", "#get-started"),
    ("company", "#create-company"),
    ("company-local", "#create-company"),
    // With every value that a company can have.
    ("company-swiss", "#create-company"),
    ("confirm-offer", ".primary"),
    ("confirm-again", "#confirm-mailbox"),
    ("confirm-over", ".primary"),
    ("welcome", ".primary"),
    ("join", "#join-company"),
    ("approval", "#to-microsoft"),
];

#[tokio::test]
async fn button_is_on_the_first_screen_in_every_language() {
    let browser = Browser::start().await;
    browser.screen(FIRST_SCREEN).await;
    let mut below = Vec::new();
    for lang in Lang::ALL {
        let pages = [gallery::pages(lang), gallery_stopped::pages(lang)].concat();
        let stopped = pages.iter().map(|(name, html)| (name.as_str(), html));
        let stopped = stopped
            .filter(|(name, html)| name.starts_with("stopped-") && html.contains("\"primary\""))
            .map(|(name, _)| (name, ".primary"));
        for (name, button) in BUTTONS.into_iter().chain(stopped) {
            let (_, html) = pages.iter().find(|(page, _)| page == name).unwrap();
            let page = format!("{name}.{}", lang.tag());
            browser.open(&written(&page, html)).await;
            let bottom =
                format!("document.querySelector('{button}').getBoundingClientRect().bottom");
            let bottom = browser.value(&bottom).await.as_f64().unwrap();
            if bottom > 664.0 {
                below.push(format!("{page}: {button} ends at {bottom}"));
            }
        }
    }
    assert!(below.is_empty(), "{below:#?}");
    browser.end(&[]).await;
}
