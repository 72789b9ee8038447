//! The desk in a browser: a service engineer invites one person, and many by a file.

use std::{fs, path::PathBuf};

use local::mailbox::RecipientRule;
use serde_json::Value;
use support::{
    Running, Store, api,
    chrome::{Browser, Kind},
    start,
};

use super::{
    desk::{check_page, sign_in},
    steps::{consent, follow_the_mail, mail_to, sign_in_as_invited},
};

const ANNA: &str = "anna.meier@meier-praezision.example";

/// What the console says about pages that are no success, as they should be.
const SIGN_IN: &str = "the server responded with a status of 401";
const WRONG: &str = "the server responded with a status of 422";

async fn double_click(browser: &Browser, css: &str) {
    let scroll = format!("document.querySelector('{css}').scrollIntoView({{block: 'center'}})");
    browser.value(&scroll).await;
    browser.double_click(css).await;
}

async fn fill_in(browser: &Browser, fields: &[(&str, &str)]) {
    for (name, value) in fields {
        browser.fill(&format!("#{name}"), value).await;
    }
}

/// Fills in the form of one invitation.
async fn fill_in_one(browser: &Browser, lang: &str) {
    let fields = [
        ("email", ANNA),
        ("firstName", "Anna"),
        ("lastName", "Meier"),
        ("message", "It was a pleasure to install your new machine."),
        ("companyName", "Meier Präzisionstechnik GmbH"),
        ("customerNumber", "C-20001"),
        ("street", "Lindwurmstraße 80"),
        ("postalCode", "80337"),
        ("city", "München"),
        ("inviterOrganization", "GFMS"),
    ];
    fill_in(browser, &fields).await;
    browser.choose("#country", "DE").await;
    browser.choose("#locale", lang).await;
}

async fn created(stack: &Running, query: &str) -> Vec<Value> {
    let path = format!("/api/Invitations?limit=100{query}");
    let listed = api::send(api::request(stack, reqwest::Method::GET, &path));
    let listed = listed.await.json();
    listed["items"].as_array().unwrap().clone()
}

async fn browser_in(lang: &'static str) -> Browser {
    Browser::of_kind(Kind {
        languages: lang,
        ..Kind::default()
    })
    .await
}

async fn invite_one(lang: &'static str, send: &str) {
    let stack = start(Store::Embedded).await;
    let browser = browser_in(lang).await;
    sign_in(&browser, &stack, "/new").await;
    browser.press("#preview").await;
    browser.find("#email-error").await;
    check_page(&browser, &format!("new-wrong.{lang}")).await;
    fill_in_one(&browser, lang).await;
    check_page(&browser, &format!("new.{lang}")).await;
    browser.press("#preview").await;
    browser.find("#send").await;
    check_page(&browser, &format!("review.{lang}")).await;
    browser.enter_frame("iframe.email").await;
    let email = browser.text("body").await;
    assert!(email.contains("Anna"), "{email}");
    browser.leave_frame().await;
    assert_eq!(browser.text("#send").await, send);
    double_click(&browser, "#send").await;
    mail_to(&stack, ANNA).await;
    assert_eq!(created(&stack, "").await.len(), 1);
    // axe-core asks the frame, which runs no script.
    let expected = [SIGN_IN, WRONG, "Failed to execute 'postMessage'"];
    browser.end(&expected).await;
}

#[tokio::test]
async fn engineer_invites_one_customer() {
    invite_one("en", "Send invitation").await;
}

#[tokio::test]
async fn engineer_invites_one_customer_in_chinese() {
    invite_one("zh-Hant", "寄出邀請").await;
}

/// Forty rows, three of which are wrong, as a file on this computer.
fn forty(separator: &str) -> PathBuf {
    let row = |number: usize| {
        let email = match number {
            5 => "anna5".to_owned(),
            7 => "anna1@meier.example".to_owned(),
            number => format!("anna{number}@meier.example"),
        };
        let postal_code = if number == 6 { "8033" } else { "80337" };
        [
            &email,
            "Anna",
            "Meier",
            &format!("Meier {number} GmbH"),
            "DE",
            "Lindwurmstraße 80",
            postal_code,
            "München",
        ]
        .join(separator)
    };
    let header = [
        "Email",
        "First name",
        "Last name",
        "Company name",
        "Country",
        "Street",
        "Postal code",
        "City",
    ];
    let rows: Vec<_> = [header.join(separator)]
        .into_iter()
        .chain((1..=40).map(row))
        .collect();
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let file = folder.join(format!("forty-{}.csv", uuid::Uuid::new_v4().simple()));
    fs::write(&file, format!("\u{feff}{}\r\n", rows.join("\r\n"))).unwrap();
    file
}

async fn invite_forty(lang: &'static str, invite: &str) {
    let stack = start(Store::Embedded).await;
    let browser = browser_in(lang).await;
    sign_in(&browser, &stack, "/many").await;
    check_page(&browser, &format!("many.{lang}")).await;
    fill_in(&browser, &[("inviterOrganization", "GFMS")]).await;
    browser.press("#check-file").await;
    browser.find("#file-error").await;
    check_page(&browser, &format!("many-refused.{lang}")).await;
    browser.attach("#file", &forty(";")).await;
    browser.press("#check-file").await;
    browser.find("#invite").await;
    assert_eq!(browser.text("#invite").await, invite);
    assert_eq!(browser.count("#to-correct + p + .table tbody tr").await, 3);
    check_page(&browser, &format!("rows.{lang}")).await;
    double_click(&browser, "#invite").await;
    browser.find("a[href$='/results.csv']").await;
    check_page(&browser, &format!("results.{lang}")).await;
    assert_eq!(browser.count("td a[href*='/desk/invitations/']").await, 37);
    assert_eq!(created(&stack, "").await.len(), 37);
    browser.end(&[SIGN_IN, WRONG]).await;
}

#[tokio::test]
async fn engineer_invites_forty_by_a_file() {
    invite_forty("en", "Invite 37 customers").await;
}

#[tokio::test]
async fn engineer_invites_forty_by_a_file_in_chinese() {
    invite_forty("zh-Hant", "邀請 37 位客戶").await;
}

/// The mailbox of row 10, which does not exist.
const BOUNCED: &str = "anna9@meier.example";

/// Shows the invitations that could not be delivered.
async fn failed_deliveries(browser: &Browser) {
    browser.press("header nav a[href='/api/desk']").await;
    browser.choose("#status", "delivery-failed").await;
    browser.press("#show").await;
    browser
        .becomes(
            "new URL(location).searchParams.get('status')",
            &Value::from("delivery-failed"),
        )
        .await;
}

#[tokio::test]
async fn engineer_corrects_the_address_that_bounced() {
    let stack = start(Store::Embedded).await;
    stack.mailbox.refuse(RecipientRule::permanent(BOUNCED));
    let browser = browser_in("en").await;
    sign_in(&browser, &stack, "/new").await;
    fill_in_one(&browser, "en").await;
    fill_in(&browser, &[("email", "first@meier.example")]).await;
    browser.press("#preview").await;
    browser.press("#send").await;
    browser.find(".timeline").await;

    browser.press("header nav a[href='/api/desk/many']").await;
    browser.attach("#file", &forty(";")).await;
    browser.press("#check-file").await;
    browser.press("#invite").await;
    browser.find("a[href$='/results.csv']").await;
    assert_eq!(created(&stack, "").await.len(), 38);
    // The file again: all of them have an invitation.
    browser.press("header nav a[href='/api/desk/many']").await;
    browser.attach("#file", &forty(";")).await;
    browser.press("#check-file").await;
    browser.find("#invite").await;
    assert_eq!(browser.count("td .already").await, 37);
    check_page(&browser, "rows-repeated.en").await;

    let bounced = created(&stack, &format!("&email={BOUNCED}")).await;
    let id = bounced[0]["id"].as_str().unwrap();
    api::settled(&stack, id).await;
    failed_deliveries(&browser).await;
    assert_eq!(browser.count(".list td a").await, 1);
    browser.press(".list td a").await;
    browser.press("#correct").await;
    check_page(&browser, "correct-bounced.en").await;
    fill_in(&browser, &[("email", ANNA)]).await;
    browser.press("#save").await;
    browser.find("[role=status]").await;
    check_page(&browser, "one-corrected.en").await;
    browser.press("#resend").await;
    mail_to(&stack, ANNA).await;

    let anna = Browser::start().await;
    follow_the_mail(&anna, &stack, ANNA).await;
    anna.press("#get-started").await;
    sign_in_as_invited(&anna, "Anna Meier").await;
    consent(&anna).await;
    anna.find("#create-company").await;
    anna.end(&[]).await;

    let one = format!("{}/api/desk/invitations/{id}", stack.url());
    browser.open(&one).await;
    browser.reads(".badge", "Accepted").await;
    let timeline = browser.text(".timeline").await;
    for part in [
        "Corrected by Thomas Keller",
        "E-mail could not be sent",
        "Accepted",
    ] {
        assert!(timeline.contains(part), "{part}: {timeline}");
    }
    check_page(&browser, "one-accepted.en").await;
    failed_deliveries(&browser).await;
    assert_eq!(browser.count(".list td a").await, 0, "it was delivered");
    browser.end(&[SIGN_IN]).await;
}
