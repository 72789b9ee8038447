//! The handler is killed before the host has its answer. The host sends a request without a body
//! again, under the same invocation id; a form is answered 500, and people press again.

use std::time::Duration;

use local::{
    browser::ScriptedBrowser,
    mailbox::RecipientRule,
    signin::{Account, TokenFault},
};
use reqwest::{Method, StatusCode};
use support::{
    KNOWN, Running, Store, WEBHOOK_SECRET, api, company_form, invitation, invite, invite_quietly,
    link, over_both_stores, people::Acts, receiver::Receiver, start, start_with, table, table_of,
    whole_journey,
};
use uuid::Uuid;

const INVITER: &str = "thomas.keller@gfms.example";

over_both_stores! {
    repeated_resend_is_one_event
    repeated_revoke_and_erase_succeed
    repeated_restart_of_a_delivery_succeeds
    repeated_resend_of_a_known_version_succeeds
    repeated_erase_of_a_known_version_succeeds
    repeated_callback_leads_to_the_company
    repeated_callback_leads_to_the_mailbox
    callback_cut_off_at_the_token_restarts_once
    second_press_after_a_lost_answer_leads_on
    repeated_test_event_is_recognised
    repeated_redelivery_of_all_is_one_request
    repeated_link_is_revealed_once
}

async fn post(stack: &Running, id: &str, action: &str) -> api::Answer {
    let path = format!("/api/Invitations/{id}/{action}");
    api::send(api::request(stack, Method::POST, &path)).await
}

/// How often it happened, as the API shows it.
async fn count(stack: &Running, id: &str, kind: &str) -> usize {
    let shown = api::get(stack, id).await.json();
    let events = api::timeline(&shown).into_iter();
    events.filter(|own| *own == kind).count()
}

async fn repeated_resend_is_one_event(store: Store) {
    let stack = start(store).await;
    let (_, id) = invite_quietly(&stack).await;
    stack.host.drop_next_response();
    assert_eq!(post(&stack, &id, "resend").await.status, 200);
    assert_eq!(count(&stack, &id, "invitation.resent").await, 1);
    assert_eq!(post(&stack, &id, "resend").await.status, 200);
    assert_eq!(
        count(&stack, &id, "invitation.resent").await,
        2,
        "no repetition"
    );
}

/// A resend that has nothing to renew, only deliveries that failed.
async fn repeated_restart_of_a_delivery_succeeds(store: Store) {
    let stack = start(store).await;
    stack.mailbox.refuse(RecipientRule::permanent(INVITER));
    let created = invite(&stack, &invitation(KNOWN, "Anna", "Meier")).await;
    let id = created["id"].as_str().unwrap();
    whole_journey(&mut stack.person().unwrap(), &stack, &link(&created)).await;
    let failed = api::settled(&stack, id).await;
    assert_eq!(failed["delivery"]["mail"]["state"], "failed");
    stack.mailbox.accept_all();

    stack.host.drop_next_response();
    assert_eq!(post(&stack, id, "resend").await.status, 200);
    // The handler was killed, so its timer may be the one that delivers.
    let restarted = api::get(&stack, id).await.json();
    assert_ne!(restarted["delivery"]["mail"]["state"], "failed");
    assert_eq!(
        post(&stack, id, "resend").await.status,
        409,
        "no repetition"
    );
}

async fn repeated_revoke_and_erase_succeed(store: Store) {
    let stack = start(store).await;
    let (_, id) = invite_quietly(&stack).await;
    for action in ["revoke", "erase"] {
        stack.host.drop_next_response();
        let answer = post(&stack, &id, action).await;
        assert_eq!(
            (answer.status, answer.json()["status"].as_str()),
            (200, Some("revoked")),
            "{action}"
        );
    }
    assert_eq!(
        post(&stack, &id, "revoke").await.status,
        409,
        "no repetition"
    );
}

async fn repeated_resend_of_a_known_version_succeeds(store: Store) {
    let stack = start(store).await;
    let (_, id) = invite_quietly(&stack).await;
    let tag = api::get(&stack, &id).await.header("etag").to_owned();
    let resend = || {
        let path = format!("/api/Invitations/{id}/resend");
        api::send(api::request(&stack, Method::POST, &path).header("if-match", &tag))
    };
    stack.host.drop_next_response();
    assert_eq!(resend().await.status, 200);
    assert_eq!(resend().await.status, 412, "no repetition");
}

async fn repeated_erase_of_a_known_version_succeeds(store: Store) {
    let stack = start(store).await;
    let (_, id) = invite_quietly(&stack).await;
    let tag = api::get(&stack, &id).await.header("etag").to_owned();
    stack.host.drop_next_response();
    let path = format!("/api/Invitations/{id}/erase");
    let erase = api::request(&stack, Method::POST, &path).header("if-match", &tag);
    assert_eq!(api::send(erase).await.status, 200);
}

/// With the answer of the sign-in service in hand.
async fn at_the_callback(stack: &Running, account: &str) -> (ScriptedBrowser, String, String) {
    let (link, id) = invite_quietly(stack).await;
    let mut anna = stack.person().unwrap();
    let authorize = anna.get_started(&link).await.unwrap();
    let back = anna.signs_in_at(&stack.sign_in, &authorize, account).await;
    (anna, back, id)
}

async fn repeated_callback_leads_to_the_company(store: Store) {
    let stack = start(store).await;
    let (mut anna, back, id) = at_the_callback(&stack, KNOWN).await;
    stack.host.drop_next_response();
    let next = anna.opens(&back).await.location().unwrap();
    assert!(next.contains("/api/CreateCompany?"), "{next}");
    assert_eq!(stack.sign_in.counts().token, 1);
    let form = anna.opens(&next).await;
    assert!(form.has("#create-company"), "{}", form.title());
    let shown = api::get(&stack, &id).await.json();
    let accepted = api::timeline(&shown)
        .into_iter()
        .filter(|kind| *kind == "invitation.accepted");
    assert_eq!(accepted.count(), 1);
}

async fn repeated_callback_leads_to_the_mailbox(store: Store) {
    let stack = start(store).await;
    let other = "anna@elsewhere.example";
    let organisation = Account::organisation(other, "Anna", Uuid::from_u128(5));
    stack.sign_in.add_account(organisation);
    let (mut anna, back, _) = at_the_callback(&stack, other).await;
    stack.host.drop_next_response();
    let next = anna.opens(&back).await.location().unwrap();
    assert!(next.contains("/api/ConfirmMailbox?"), "{next}");
    assert!(
        anna.opens(&next)
            .await
            .text("main")
            .unwrap()
            .contains(other)
    );
    assert_eq!(stack.sign_in.counts().token, 1);
}

/// Opens the callback, and has the handler killed while it waits for the token.
async fn opens_and_is_cut_off(stack: &Running, anna: &mut ScriptedBrowser, back: &str) -> String {
    let before = stack.sign_in.counts().token;
    stack.sign_in.set_fault(TokenFault::Hang);
    let kill = async {
        while stack.sign_in.counts().token == before {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        stack.sign_in.clear_faults();
        stack.host.kill_handler().await;
    };
    let (page, ()) = tokio::join!(anna.opens(back), kill);
    assert_eq!(
        stack.sign_in.counts().token,
        before + 1,
        "the code is used once"
    );
    page.location().unwrap_or_default()
}

async fn callback_cut_off_at_the_token_restarts_once(store: Store) {
    let stack = start(store).await;
    let (mut anna, back, _) = at_the_callback(&stack, KNOWN).await;
    let again = opens_and_is_cut_off(&stack, &mut anna, &back).await;
    assert!(again.starts_with(stack.sign_in.url()), "{again}");
    let back = anna.signs_in_at(&stack.sign_in, &again, KNOWN).await;

    let mut unlucky = anna.clone();
    let no_way_on = opens_and_is_cut_off(&stack, &mut unlucky, &back).await;
    assert_eq!(no_way_on, "", "no loop: a page with a button");
}

async fn second_press_after_a_lost_answer_leads_on(store: Store) {
    let stack = start(store).await;
    let (link, id) = invite_quietly(&stack).await;
    let mut anna = stack.person().unwrap();
    let form = company_form(&mut anna, &stack, &link).await;
    stack.host.drop_next_response();
    let lost = anna.presses(&form, "#create-company", &[]).await;
    assert_eq!(lost.status, StatusCode::INTERNAL_SERVER_ERROR);
    let page = anna.presses(&form, "#create-company", &[]).await;
    assert!(
        page.location().unwrap().contains("/api/Welcome?"),
        "{}",
        page.title()
    );
    assert_eq!(count(&stack, &id, "company.created").await, 1);
    if store == Store::Azurite {
        assert_eq!(table::creations(&stack, &link).await, (1, 1));
    }
}

async fn with_receiver(store: Store, receiver: &Receiver) -> Running {
    let settings = [
        ("WEBHOOK_URL", receiver.url()),
        ("WEBHOOK_SECRET", WEBHOOK_SECRET),
        ("WEBHOOK_ALLOW_PRIVATE", "true"),
    ];
    start_with(store, &settings).await
}

async fn repeated_test_event_is_recognised(store: Store) {
    let receiver = Receiver::start().await;
    let stack = with_receiver(store, &receiver).await;
    stack.host.drop_next_response();
    let test = || api::send(api::request(&stack, Method::POST, "/api/Events/test"));
    assert_eq!(test().await.json()["accepted"], true);
    assert_eq!(test().await.json()["accepted"], true);
    let received = receiver.received();
    let ids: Vec<_> = received
        .iter()
        .map(|own| own.header("webhook-id"))
        .collect();
    assert_eq!(ids.len(), 3);
    assert_eq!(ids[0], ids[1], "the repetition");
    assert_ne!(ids[1], ids[2], "no repetition");
}

async fn repeated_redelivery_of_all_is_one_request(store: Store) {
    let receiver = Receiver::start().await;
    let stack = with_receiver(store, &receiver).await;
    stack.host.drop_next_response();
    let path = "/api/Events/redeliver?since=2026-01-01T00:00:00Z";
    let answer = api::send(api::request(&stack, Method::POST, path)).await;
    assert_eq!(answer.status, 202, "{}", answer.body);
    assert!(answer.json()["until"].is_string(), "{}", answer.body);
    if store == Store::Azurite {
        let (connection, table) = (support::azurite::azurite().await, "INVITATION_TABLE");
        let table = stack.setting(table).unwrap();
        let requests = table_of(&connection, table, "redeliveries").await;
        assert_eq!(requests.len(), 1, "{requests:?}");
    }
}

async fn repeated_link_is_revealed_once(store: Store) {
    let stack = start(store).await;
    let (_, id) = invite_quietly(&stack).await;
    stack.host.drop_next_response();
    let answer = post(&stack, &id, "link").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(answer.json()["link"].is_string(), "{}", answer.body);
    assert_eq!(count(&stack, &id, "invitation.link_revealed").await, 1);
}
