//! What a phone shows at first sight, and how it breaks lines, in every language.

use onboarding::text::Lang;
use serde_json::json;

use super::accessibility::written;
use support::{
    chrome::{Browser, Screen},
    gallery, gallery_stopped,
};

/// What a phone of 390 × 844 pixels leaves between the bars of its browser.
const FIRST_SCREEN: Screen = Screen {
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

/// The words of our own that are broken in two lines; values, which may be of any length, are
/// broken where they have to be.
const BROKEN_WORDS: &str = "(() => {
    const broken = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const { data, parentElement } = texts.currentNode;
        if (parentElement.closest('bdi, dd, .label, pre, script, style, [hidden]')) continue;
        for (const { 0: word, index } of data.matchAll(/[\\p{Script=Latin}]{2,}/gu)) {
            const range = document.createRange();
            range.setStart(texts.currentNode, index);
            range.setEnd(texts.currentNode, index + word.length);
            const tops = new Set([...range.getClientRects()].map(({ top }) => top));
            if (tops.size > 1) broken.push(word);
        }
    }
    return broken; })()";

#[tokio::test]
async fn no_word_is_broken_on_a_narrow_screen_or_in_large_text() {
    let browser = Browser::start().await;
    for lang in Lang::ALL {
        let pages = gallery::pages(lang).into_iter();
        let all = pages
            .chain(gallery::notices(lang))
            .chain(gallery_stopped::pages(lang));
        for (name, html) in all {
            let page = format!("{name}.{}", lang.tag());
            browser.open(&written(&page, &html)).await;
            for (screen, size) in [(Screen::NARROWEST, "100%"), (FIRST_SCREEN, "200%")] {
                browser.screen(screen).await;
                let enlarge = format!("document.documentElement.style.fontSize = '{size}'");
                browser.value(&enlarge).await;
                let broken = browser.value(BROKEN_WORDS).await;
                assert_eq!(broken, json!([]), "{page} at {}, {size}", screen.width);
            }
        }
    }
    browser.end(&[]).await;
}
