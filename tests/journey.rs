//! The journey from the link of the e-mail to the welcome page, over both stores.

#![expect(clippy::unwrap_used, reason = "these are tests")]

mod support;

use support::{KNOWN, Store, invite_known, start};

async fn case_1(store: Store) {
    let stack = start(store).await;
    let link = invite_known(&stack).await;
    let mut anna = stack.person().unwrap();
    let form = anna.sign_in(&link, &stack.sign_in, KNOWN).await.unwrap().location().unwrap();
    let form = anna.open(&form).await.unwrap();
    let welcome = anna.press(&form, "#create-company", &[]).await.unwrap().location().unwrap();
    assert!(anna.open(&welcome).await.unwrap().title().contains("Anna"));
}

#[tokio::test]
async fn who_has_an_account_is_welcomed_embedded() {
    case_1(Store::Embedded).await;
}

#[tokio::test]
async fn who_has_an_account_is_welcomed_azurite() {
    case_1(Store::Azurite).await;
}
