//! The desk in a browser: a service engineer invites one person, and many by a file.

use std::{fs, path::PathBuf};

use local::staff::MANAGER;
use serde_json::Value;
use support::{
    Running, Store, api,
    chrome::{Browser, Kind, Screen},
    start,
};

use super::{first_screen::FIRST_SCREEN, steps::mail_to};

const ANNA: &str = "anna.meier@meier-praezision.example";

/// What the console says about pages that are no success, as they should be.
const SIGN_IN: &str = "the server responded with a status of 401";
const WRONG: &str = "the server responded with a status of 422";

/// At the desk, after the sign-in.
async fn sign_in(browser: &Browser, stack: &Running, page: &str) {
    browser
        .open(&format!("{}/api/desk/{page}", stack.url()))
        .await;
    browser.press("#sign-in").await;
    browser.fill("#account", MANAGER).await;
    browser.press("#next").await;
    browser.find("main .who").await;
    browser.press("#next").await;
    browser.press("#accept").await;
    browser.find("#sign-out").await;
}

/// Accessible on a desktop and on a phone, where nothing runs over the edge; with a picture.
async fn look(browser: &Browser, name: &str) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/screenshots");
    fs::create_dir_all(&folder).unwrap();
    for (screen, kind) in [(FIRST_SCREEN, "phone"), (Screen::DESKTOP, "desktop")] {
        browser.screen(screen).await;
        let name = format!("desk-{name}.{kind}");
        browser.is_accessible(&name).await;
        let width = browser.value("document.documentElement.scrollWidth").await;
        assert!(
            width.as_u64() <= Some(screen.width.into()),
            "{name} is {width} pixels wide"
        );
        fs::write(folder.join(format!("{name}.png")), browser.picture().await).unwrap();
        let size = browser
            .value("document.documentElement.outerHTML.length")
            .await;
        assert!(size.as_u64() < Some(30 * 1024), "{name}: {size}");
    }
}

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

async fn invite_one(lang: &'static str, send: &str) {
    let stack = start(Store::Embedded).await;
    let browser = Browser::of_kind(Kind {
        languages: lang,
        ..Kind::default()
    })
    .await;
    sign_in(&browser, &stack, "new").await;
    browser.press("#preview").await;
    browser.find("#email-error").await;
    look(&browser, &format!("new-wrong.{lang}")).await;
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
    fill_in(&browser, &fields).await;
    browser.choose("#country", "DE").await;
    browser.choose("#locale", lang).await;
    look(&browser, &format!("new.{lang}")).await;
    browser.press("#preview").await;
    browser.find("#send").await;
    look(&browser, &format!("review.{lang}")).await;
    browser.enter_frame("iframe.email").await;
    let email = browser.text("body").await;
    assert!(email.contains("Meier"), "{email}");
    browser.leave_frame().await;
    assert_eq!(browser.text("#send").await, send);
    double_click(&browser, "#send").await;
    mail_to(&stack, ANNA).await;
    let listed = api::send(api::request(
        &stack,
        reqwest::Method::GET,
        "/api/Invitations",
    ))
    .await;
    assert_eq!(listed.json()["items"].as_array().map(Vec::len), Some(1));
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
    let browser = Browser::of_kind(Kind {
        languages: lang,
        ..Kind::default()
    })
    .await;
    sign_in(&browser, &stack, "many").await;
    look(&browser, &format!("many.{lang}")).await;
    fill_in(&browser, &[("inviterOrganization", "GFMS")]).await;
    browser.press("#check-file").await;
    browser.find("#file-error").await;
    look(&browser, &format!("many-refused.{lang}")).await;
    browser.attach("#file", &forty(";")).await;
    browser.press("#check-file").await;
    browser.find("#invite").await;
    assert_eq!(browser.text("#invite").await, invite);
    assert_eq!(browser.count("#to-correct + p + .table tbody tr").await, 3);
    look(&browser, &format!("rows.{lang}")).await;
    double_click(&browser, "#invite").await;
    browser.find("a[href$='/results.csv']").await;
    look(&browser, &format!("results.{lang}")).await;
    assert_eq!(browser.count("td a[href*='/desk/invitations/']").await, 37);
    let listed = api::send(api::request(
        &stack,
        reqwest::Method::GET,
        "/api/Invitations?limit=100",
    ));
    let listed: Value = listed.await.json();
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(37));
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
