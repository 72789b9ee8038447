//! Every e-mail in every language, on narrow and on wide screens, light and dark: nothing runs over
//! the edge, and there are screenshots.

use std::fs;

use onboarding::text::Lang;
use serde_json::Value;

use super::{accessibility::written, tour::pictures};
use support::{chrome::Browser, gallery};

/// The narrowest screen that WCAG 2.2 (1.4.10 Reflow) asks for, and a wide one.
const WIDTHS: [u32; 2] = [320, 640];
/// As high as its e-mail, once that is there.
const MEASURE: &str = "[...document.querySelectorAll('iframe')].map(frame => { \
    const page = frame.contentDocument.documentElement; \
    frame.style.height = page.scrollHeight + 'px'; \
    return page.scrollWidth - page.clientWidth })";
const COLORS: &str = "[...document.querySelectorAll('iframe')].map(frame => { \
    const style = css => { const found = frame.contentDocument.querySelector(css); return found && getComputedStyle(found) }; \
    return [style('.card').backgroundColor, style('.ink').color, style('.button')?.backgroundColor, style('.link')?.color].join() })";

/// All e-mails side by side.
fn sheet(emails: &[String], width: u32) -> String {
    let escaped = |html: &String| html.replace('&', "&amp;").replace('"', "&quot;");
    let frame = |html| {
        format!(
            "<iframe width={width} style=border:0;vertical-align:top srcdoc=\"{}\"></iframe>",
            escaped(html)
        )
    };
    let frames: String = emails.iter().map(frame).collect();
    format!(
        "<!doctype html><meta charset=utf-8><title>E-mails</title><body style=margin:0;font-size:0>{frames}"
    )
}

async fn check_and_photograph(browser: &Browser, lang: Lang) {
    let emails: Vec<_> = gallery::mails(lang)
        .into_iter()
        .filter(|(name, _)| !name.ends_with("-text"))
        .map(|(_, html)| html)
        .collect();
    for width in WIDTHS {
        browser.dark(false).await;
        let name = format!("emails.{}.{width}", lang.tag());
        browser.open(&written(&name, &sheet(&emails, width))).await;
        browser
            .becomes(
                &format!("{MEASURE}.join()"),
                &Value::from(vec!["0"; emails.len()].join(",")),
            )
            .await;
        let mut seen = Vec::new();
        for shade in ["light", "dark"] {
            browser.dark(shade == "dark").await;
            seen.push(browser.value(COLORS).await.as_array().unwrap().clone());
            fs::write(
                pictures().join(format!("{name}.{shade}.png")),
                browser.picture().await,
            )
            .unwrap();
        }
        assert!(
            seen[0]
                .iter()
                .zip(&seen[1])
                .all(|(light, dark)| light != dark),
            "{name}: {seen:?}"
        );
    }
}

#[tokio::test]
async fn every_email_fits_the_screen_in_every_language() {
    let browser = Browser::start().await;
    for lang in Lang::ALL {
        check_and_photograph(&browser, lang).await;
    }
    browser.end(&[]).await;
}
