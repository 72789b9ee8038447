//! The pages speak the language of the invitation, or the one that is chosen on the page.

use serde_json::{Value, json};

use super::steps::{change_something, consent, sign_in_as_invited};
use support::{
    KNOWN, Running, Store,
    chrome::{Browser, Kind},
    invitation, invite, invite_known, link, start,
};

async fn speaks(browser: &Browser, lang: &str) {
    browser
        .becomes("document.documentElement.lang", &Value::from(lang))
        .await;
}

async fn invite_in_chinese(stack: &Running) -> String {
    let mut invitation = invitation(KNOWN, "怡君", "陳");
    invitation["recipient"]["locale"] = json!("zh-Hant");
    link(&invite(stack, &invitation).await)
}

async fn sign_in(browser: &Browser) {
    browser.press("#get-started").await;
    sign_in_as_invited(browser, "Anna Meier").await;
    consent(browser).await;
}

/// As the server writes it, whose text the script replaces.
#[tokio::test]
async fn a_moment_is_broken_before_the_hour_alone() {
    let stack = start(Store::Embedded).await;
    let link = invite_known(&stack).await;
    let browser = Browser::start().await;
    browser.open(&link).await;
    browser.press("#contact-inviter").await;
    browser.sees("You have asked for help").await;
    for lang in ["en", "de", "fr", "ja"] {
        browser.open(&format!("{link}&lang={lang}")).await;
        speaks(&browser, lang).await;
        let moment = browser.property("#contact time", "textContent").await;
        let (day, hour) = moment.split_once(' ').expect("one blank");
        assert!(day.contains("20") && !day.contains(':'), "{moment}");
        assert!(hour.contains(':') && !hour.contains(' '), "{moment}");
    }
    browser.end(&[]).await;
}

#[tokio::test]
async fn traditional_chinese_is_kept_on_every_page() {
    let stack = start(Store::Embedded).await;
    let link = invite_in_chinese(&stack).await;
    let browser = Browser::start().await;

    browser.open(&link).await;
    browser.sees("邀請您加入 My rConnect").await;
    speaks(&browser, "zh-Hant").await;
    assert_eq!(browser.text("#get-started").await, "立即開始");
    browser.press("#get-started").await;
    // The sign-in service is asked for the same language.
    browser.sees("登入").await;
    speaks(&browser, "zh-Hant").await;
    sign_in_as_invited(&browser, "Anna Meier").await;
    consent(&browser).await;
    browser.sees("請確認貴公司資料").await;
    speaks(&browser, "zh-Hant").await;
    assert_eq!(browser.text("#create-company").await, "建立公司");
    change_something(&browser).await;
    browser.fill("#postalCode", "80O2").await;
    browser.press("#create-company").await;
    browser
        .reads("#postalCode-error", "瑞士的郵遞區號格式如 8001。")
        .await;
    browser.fill("#postalCode", "8002").await;
    browser.press("#create-company").await;
    browser.sees("陳怡君，歡迎您！").await;
    speaks(&browser, "zh-Hant").await;
    browser.reads(".tiles a", "連接機台").await;
    browser.end(&[]).await;
}

#[tokio::test]
async fn chosen_language_is_kept_on_every_page() {
    let stack = start(Store::Embedded).await;
    let link = invite_in_chinese(&stack).await;
    let browser = Browser::start().await;

    browser.open(&link).await;
    browser.press_words("English").await;
    browser.sees("You are invited to My rConnect").await;
    assert!(
        browser.url().await.as_str().starts_with(&link),
        "the place is lost"
    );
    sign_in(&browser).await;
    browser.sees("Check your company details").await;

    browser.press_words("繁體中文").await;
    browser.sees("請確認貴公司資料").await;
    assert_eq!(browser.url().await.path(), "/api/CreateCompany");
    browser.press("#create-company").await;
    browser.sees("陳怡君，歡迎您！").await;

    browser.press_words("English").await;
    browser.sees("Welcome, 陳怡君!").await;
    assert_eq!(browser.url().await.path(), "/api/Welcome");
    browser.end(&[]).await;
}

#[tokio::test]
async fn without_a_locale_the_browser_decides() {
    let stack = start(Store::Embedded).await;
    let link = invite_known(&stack).await;
    let browser = Browser::of_kind(Kind {
        languages: "zh-TW,zh,en",
        ..Kind::default()
    })
    .await;
    browser.open(&link).await;
    speaks(&browser, "zh-Hant").await;
    browser.end(&[]).await;
}
