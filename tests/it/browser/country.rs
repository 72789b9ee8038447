//! The form speaks as in the country that is chosen.

use onboarding::{domain::company::Field, text::Lang};

use super::steps::{change_something, reach_the_company_form};
use support::{Store, chrome::Browser, invite_known, start};

const LABELLED: [Field; 4] = [
    Field::VatNumber,
    Field::Street,
    Field::PostalCode,
    Field::Region,
];

#[tokio::test]
async fn labels_follow_the_country() {
    let stack = start(Store::Embedded).await;
    let link = invite_known(&stack).await;
    let browser = Browser::start().await;
    reach_the_company_form(&browser, &link).await;
    for (lang, name) in [(Lang::En, None), (Lang::De, Some("Deutsch"))] {
        if let Some(name) = name {
            browser.press_words(name).await;
            browser.sees(lang.text().company.title).await;
        }
        change_something(&browser).await;
        for country in ["US", "GB", "DE", "CH", ""] {
            browser.choose("#country", country).await;
            for field in LABELLED {
                let label = format!("label[for={}]", field.name());
                let expected = field.label(lang, country);
                let shown = browser.text(&label).await;
                let shown = shown.split(" (").next().unwrap().to_owned();
                let expected = expected.split(" (").next().unwrap();
                assert_eq!(shown, expected, "{} in {country}", lang.tag());
            }
        }
        browser.choose("#country", "CH").await;
    }
    browser.end(&[]).await;
}
