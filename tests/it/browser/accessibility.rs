//! Accessibility of the pages: screen readers, zoom, and the colours and motion that the system asks
//! for.

use std::{fs, path::PathBuf, process::Command};

use onboarding::text::Lang;
use serde_json::Value;

use super::{
    layout::is_well_laid_out,
    steps::{change_something, reach_the_company_form},
};
use support::{
    Store,
    chrome::{Browser, Screen},
    gallery, gallery_stopped, invite_known, root, start,
};

/// As files: their addresses need no server.
pub(crate) fn written(name: &str, html: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("pages");
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join(format!("{name}.html"));
    fs::write(&file, html).unwrap();
    format!("file://{}", file.display())
}

/// Every page and state in this language, on a small screen. The tour checks the pages that the app
/// serves, on large ones, too; these are the same without the steps that lead to them.
pub(crate) async fn every_page_is_accessible(lang: Lang) {
    let browser = Browser::start().await;
    for (name, html) in gallery::pages(lang)
        .into_iter()
        .chain(gallery::notices(lang))
        .chain(gallery_stopped::pages(lang))
    {
        let name = format!("{name}.{}", lang.tag());
        browser.screen(Screen::NARROWEST).await;
        browser.open(&written(&name, &html)).await;
        browser.is_accessible(&name).await;
        is_well_laid_out(&browser, &name).await;
    }
    browser.end(&[]).await;
}

/// The other languages: `tools::languages`.
#[tokio::test]
async fn every_page_is_accessible_in_english() {
    every_page_is_accessible(Lang::En).await;
}

#[tokio::test]
async fn a_page_that_violates_wcag_is_noticed() {
    let browser = Browser::start().await;
    let bad = "<!doctype html><title>x</title><main><h1>x</h1><input><p style=color:#999>hard to read</p></main>";
    browser.open(&written("bad", bad)).await;
    let found = browser.violations(false).await;
    for rule in ["html-has-lang", "label", "color-contrast"] {
        assert!(
            found.iter().any(|line| line.starts_with(rule)),
            "{rule} is not in {found:?}"
        );
    }
    browser.end(&[]).await;
}

#[tokio::test]
async fn reduced_motion_and_forced_colors_are_honoured() {
    let stack = start(Store::Embedded).await;
    let link = invite_known(&stack).await;
    let browser = Browser::start().await;
    reach_the_company_form(&browser, &link).await;
    let moving = "[...document.querySelectorAll('*')].filter(element => { const style = getComputedStyle(element);
        return style.transitionDuration !== '0s' || style.animationName !== 'none'; }).length";
    assert_eq!(browser.value(moving).await, 0);

    browser.prefers(&[("forced-colors", "active")]).await;
    let border =
        "(() => { const style = getComputedStyle(document.getElementById('create-company'));
        return [style.borderTopStyle, parseFloat(style.borderTopWidth) >= 1, style.color]; })()";
    let orange = browser.value(border).await;
    change_something(&browser).await;
    browser.fill("#postalCode", "x").await;
    browser.find("#create-company.off").await;
    let grey = browser.value(border).await;
    assert_eq!(
        (&orange[0], &orange[1]),
        (&Value::from("solid"), &Value::from(true))
    );
    assert_ne!(
        orange[2], grey[2],
        "the colours of the system distinguish the two, too"
    );
    let pictures = root().join("target/screenshots");
    fs::create_dir_all(&pictures).unwrap();
    fs::write(
        pictures.join("company-grey.en.desktop.forced-colors.png"),
        browser.picture().await,
    )
    .unwrap();
    browser.end(&[]).await;
}

/// The label of the button is measured as it is shown, on light and on dark screens.
#[tokio::test]
async fn the_label_of_the_orange_button_can_be_read() {
    let stack = start(Store::Embedded).await;
    let link = invite_known(&stack).await;
    let browser = Browser::start().await;
    reach_the_company_form(&browser, &link).await;
    let contrast = "(() => {
        const light = (channels) => channels.map((c) => c / 255).map((c) => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
            .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0) + .05;
        const { color, backgroundColor } = getComputedStyle(document.getElementById('create-company'));
        const [one, two] = [color, backgroundColor].map((text) => light(text.match(/[\\d.]+/g).slice(0, 3).map(Number)));
        return Math.max(one, two) / Math.min(one, two); })()";
    change_something(&browser).await;
    for (state, value) in [("orange", "8002"), ("grey", "x")] {
        browser.fill("#postalCode", value).await;
        for dark in [false, true] {
            browser.dark(dark).await;
            let ratio = browser.value(contrast).await.as_f64().unwrap();
            assert!(ratio >= 4.5, "{state}, dark: {dark}: {ratio:.2} : 1");
        }
    }
    browser.end(&[]).await;
}

#[test]
fn the_script_on_the_page_is_the_source_minified() {
    let minified = Command::new(root().join("tests/tools/minify"))
        .output()
        .unwrap();
    let kept = fs::read(root().join("src/views/company.min.js")).unwrap();
    assert!(
        minified.status.success() && minified.stdout == kept,
        "src/views/company.js has changed: make script"
    );
}
