//! The pages of a sign-in that an organisation does not allow, and of its administrator.

use local::signin::{Account, Block};
use onboarding::text::Lang;
use uuid::Uuid;

use super::tour::Tour;

const BLOCKED: &str = "lena.vogt@vogt-werke.example";

/// From the block to the approval, and the pages of the other situations.
async fn is_stopped_and_approved(lang: Lang) {
    let tour = Tour::begin(lang).await;
    let tid = Uuid::new_v4();
    tour.stack.sign_in.add_account(Account {
        block: Some(Block::Approval),
        ..Account::organisation(BLOCKED, "Lena Vogt", tid)
    });
    tour.stack.sign_in.add_account(Account {
        is_admin: true,
        ..Account::organisation("it@vogt-werke.example", "IT", tid)
    });
    let (browser, link) = (&tour.browser, tour.invite(BLOCKED).await);
    for situation in [
        "unknown",
        "AADSTS50105",
        "53003",
        "cross-tenant",
        "account",
        "700016",
    ] {
        browser.open(&format!("{link}&stopped={situation}")).await;
        tour.see("main h1", &format!("stopped-{}", situation.to_lowercase()))
            .await;
    }
    browser.open(&link).await;
    browser.press("#get-started").await;
    browser.press("#next").await;
    browser.press("#next").await;
    tour.see("#return", "sign-in-blocked").await;
    browser.press("#return").await;
    tour.see("#send-pass", "stopped-consent").await;

    let text = browser
        .value("document.querySelector('#pass').textContent")
        .await;
    let is_pass = |word: &&str| word.starts_with("http") && word.contains("pass=");
    let pass = text.as_str().unwrap().split_whitespace().find(is_pass);
    browser.open(pass.unwrap()).await;
    tour.see("#to-microsoft", "approval").await;
    browser.press("#to-microsoft").await;
    tour.see(".accept", "sign-in-admin-consent").await;
    browser.press("#cancel").await;
    tour.see("main .primary", "approval-refused").await;
    browser.press("main .primary").await;
    browser.press("#to-microsoft").await;
    browser.press(".accept").await;
    browser
        .sees(lang.organisation().approval.approved.title)
        .await;
    tour.look("approval-approved").await;
    tour.see_mail(BLOCKED, "mail-approved").await;
    browser
        .open(&format!("{}/api/AppConsent?pass=x", tour.stack.url()))
        .await;
    browser
        .sees(lang.organisation().approval.closed.title)
        .await;
    tour.look("approval-closed").await;
    tour.browser.end(&["status of 403", "status of 410"]).await;
}

#[tokio::test]
async fn an_organisation_allows_it_in_english() {
    is_stopped_and_approved(Lang::En).await;
}

#[tokio::test]
async fn an_organisation_allows_it_in_chinese() {
    is_stopped_and_approved(Lang::ZhHant).await;
}

#[tokio::test]
async fn an_organisation_allows_it_in_japanese() {
    is_stopped_and_approved(Lang::Ja).await;
}

#[tokio::test]
async fn an_organisation_allows_it_in_german() {
    is_stopped_and_approved(Lang::De).await;
}
