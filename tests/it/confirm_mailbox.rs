//! An account whose token does not prove the invited mailbox proves it by a code that is mailed
//! there.

use std::time::Duration;

use axum_extra::extract::cookie::CookieJar;
use local::{
    browser::{Page, ScriptedBrowser},
    signin::{Account, Tamper},
};
use onboarding::http::cookies::Session;
use reqwest::StatusCode;
use serde_json::json;
use support::{
    KNOWN, Running, Store,
    inside::{self, Inside},
    invitation, invite_known, invite_quietly,
    people::Acts,
    start, start_with,
};
use time::macros::datetime;
use tokio::net::TcpListener;
use uuid::Uuid;

const OTHER: &str = "anna.private@elsewhere.example";
const SEND: &str = "form:has(input[value='send']) button";

/// Anna signs in with an account of another organisation that says nothing about her mailbox.
async fn with_another_account(stack: &Running, link: &str) -> (ScriptedBrowser, Page) {
    stack
        .sign_in
        .add_account(Account::organisation(OTHER, "Anna M.", Uuid::from_u128(5)));
    let mut anna = stack.person().unwrap();
    let page = anna.sign_in(link, &stack.sign_in, OTHER).await.unwrap();
    let page = anna.open(&page.location().unwrap()).await.unwrap();
    assert_eq!(page.status, StatusCode::OK, "{}", page.title());
    assert_eq!(page.title(), "One more step: confirm your e-mail address");
    (anna, page)
}

/// Presses "Send a code" and follows the redirect.
async fn send(person: &mut ScriptedBrowser, page: &Page) -> Page {
    let sent = person.press(page, SEND, &[]).await.unwrap();
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.title());
    person.open(&sent.location().unwrap()).await.unwrap()
}

/// The codes that were mailed to the invited mailbox, oldest first. The invitation comes there too,
/// sooner or later.
fn mailed_codes(stack: &Running) -> Vec<String> {
    let digits = |text: &str| {
        text.split(|c: char| !c.is_ascii_digit())
            .find(|digits| digits.len() == 6)
            .map(str::to_owned)
    };
    let codes = |mail: local::mailbox::Mail| {
        let code = digits(&mail.text).filter(|_| !mail.text.contains("invitationId="))?;
        assert!(mail.html.contains(&code));
        Some(code)
    };
    stack
        .mailbox
        .mails_to(KNOWN)
        .into_iter()
        .filter_map(codes)
        .collect()
}

/// The latest code, once `count` of them have come.
async fn mailed_code(stack: &Running, count: usize) -> String {
    for _ in 0..400 {
        if let Some(code) = mailed_codes(stack).into_iter().nth(count - 1) {
            return code;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!(
        "code {count} did not come: {:?}",
        stack.mailbox.mails_to(KNOWN).len()
    );
}

async fn enter(person: &mut ScriptedBrowser, page: &Page, code: &str) -> Page {
    person
        .presses(page, "#confirm-mailbox", &[("code", code)])
        .await
}

fn wrong(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

async fn status(stack: &Running, link: &str) -> String {
    let mut program = stack.person().unwrap();
    program
        .headers
        .push(("accept", "application/json".to_owned()));
    let answer: serde_json::Value = serde_json::from_str(&program.opens(link).await.body).unwrap();
    answer["status"].as_str().unwrap().to_owned()
}

async fn whoever_enters_the_mailed_code_is_let_in(store: Store) {
    let stack = start(store).await;
    let link = invite_known(&stack).await;
    let (mut anna, page) = with_another_account(&stack, &link).await;
    assert!(
        page.text("main").unwrap().contains(OTHER)
            && !page.body.replace("<wbr>", "").contains(KNOWN),
        "the account in full, the mailbox masked"
    );
    assert_eq!(status(&stack, &link).await, "pending");

    let page = send(&mut anna, &page).await;
    assert_eq!(status(&stack, &link).await, "pending");
    let code = mailed_code(&stack, 1).await;
    let page = enter(&mut anna, &page, &wrong(&code)).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.has("#code-error:not([hidden])"));

    let company = enter(
        &mut anna,
        &page,
        &format!(" {} {} ", &code[..3], &code[3..]),
    )
    .await
    .location()
    .unwrap();
    assert_eq!(status(&stack, &link).await, "accepted");
    let form = anna.opens(&company).await;
    assert!(form.has("#create-company"));

    // The account is bound now: next time it comes straight through, and the account of the mailbox
    // is told.
    let mut again = stack.person().unwrap();
    assert!(
        again
            .signs_in(&link, &stack.sign_in, OTHER)
            .await
            .location()
            .unwrap()
            .contains("/api/CreateCompany?")
    );
    assert_eq!(
        again.signs_in(&link, &stack.sign_in, KNOWN).await.status,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn emailed_code_lets_in_embedded() {
    whoever_enters_the_mailed_code_is_let_in(Store::Embedded).await;
}

#[tokio::test]
async fn emailed_code_lets_in_azurite() {
    whoever_enters_the_mailed_code_is_let_in(Store::Azurite).await;
}

#[tokio::test]
async fn five_wrong_codes_void_it_across_instances() {
    let stack = start(Store::Azurite).await;
    let second = stack.another_instance(&[]).await.unwrap();
    let link = invite_known(&stack).await;
    let (mut anna, page) = with_another_account(&stack, &link).await;
    let page = send(&mut anna, &page).await;
    let code = mailed_code(&stack, 1).await;

    let guesses = (0..12).map(|at| {
        let (mut anna, page) = (
            if at % 2 == 0 {
                anna.clone()
            } else {
                anna.at(second.url()).unwrap()
            },
            page.clone(),
        );
        let guess = wrong(&code);
        async move { enter(&mut anna, &page, &guess).await }
    });
    let pages = futures::future::join_all(guesses).await;
    for page in &pages {
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let over = pages
        .iter()
        .filter(|page| page.title() == "This code no longer works")
        .count();
    assert!(
        over >= 8,
        "five tries, the last of which voids the code: {over}"
    );

    let late = enter(&mut anna, &page, &code).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        late.text("main button.primary").unwrap(),
        "Send a new code",
        "the first button"
    );
    assert!(!late.has("#confirm-mailbox"));
    assert_eq!(status(&stack, &link).await, "pending");
}

#[tokio::test]
async fn new_code_voids_the_old_and_the_fourth_is_refused() {
    let stack = start(Store::Embedded).await;
    let link = invite_known(&stack).await;
    let (mut anna, offer) = with_another_account(&stack, &link).await;
    let mut page = send(&mut anna, &offer).await;
    let first = mailed_code(&stack, 1).await;
    assert!(!page.has("[role=status]"));
    for count in 2..=3 {
        page = send(&mut anna, &page).await;
        let sent = page.text("[role=status]").unwrap();
        assert!(
            sent.starts_with("We sent a new code at ") && sent.contains(" UTC."),
            "{sent}"
        );
        mailed_code(&stack, count).await;
    }
    let mails = stack.mailbox.mails_to(KNOWN);
    let ids: std::collections::BTreeSet<_> = mails
        .iter()
        .map(|mail| mail.header("Message-ID").unwrap())
        .collect();
    assert_eq!(
        ids.len(),
        mails.len(),
        "no mailbox takes one of them for a repetition"
    );
    let old = enter(&mut anna, &page, &first).await;
    assert_eq!(old.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        old.text("#code-error").unwrap().contains("an earlier code"),
        "unless two codes were equal by chance"
    );

    let fourth = anna.press(&page, SEND, &[]).await.unwrap();
    assert_eq!(fourth.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(
        fourth
            .text("main")
            .unwrap()
            .contains("The next code can be sent from ")
    );
    assert_eq!(
        fourth.text("main a.primary").unwrap(),
        "Enter the newest code"
    );
    let newest = fourth.attribute("main a.primary", "href").unwrap();
    assert!(anna.open(&newest).await.unwrap().has("#confirm-mailbox"));
    assert_eq!(mailed_codes(&stack).len(), 3);
}

/// A personal account of this address on the page that offers a code.
async fn stranger(stack: &Running, link: &str, email: &str) -> (ScriptedBrowser, Page) {
    let account = Account::personal(email, "A stranger");
    stack.sign_in.add_account(account);
    let mut person = stack.person().unwrap();
    let page = person.sign_in(link, &stack.sign_in, email).await.unwrap();
    let page = person.open(&page.location().unwrap()).await.unwrap();
    (person, page)
}

#[tokio::test]
async fn strangers_leave_codes_for_the_recipient() {
    let stack = start(Store::Embedded).await;
    let link = invite_known(&stack).await;
    // The link was passed on: seven e-mails are all that others can cause.
    for (email, sent) in [
        ("a@private.example", 3),
        ("b@private.example", 3),
        ("c@private.example", 1),
    ] {
        let (mut person, mut page) = stranger(&stack, &link, email).await;
        for _ in 0..sent {
            page = send(&mut person, &page).await;
        }
        for _ in 0..5 {
            page = enter(&mut person, &page, "000000").await;
        }
        let page = person.open("/api/ConfirmMailbox").await.unwrap();
        let refused = person.press(&page, SEND, &[]).await.unwrap();
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "{email}");
        let main = refused.text("main").unwrap();
        assert!(main.contains("The next code can be sent from "), "{main}");
        assert_eq!(
            refused.text("main button.primary").unwrap(),
            "Use another account",
            "no code of theirs is alive"
        );
    }
    let own = "anna.work@elsewhere.example";
    stack.sign_in.add_account(Account {
        email_claim: Some(KNOWN.to_owned()),
        ..Account::organisation(own, "Anna M.", Uuid::from_u128(7))
    });
    let mut anna = stack.person().unwrap();
    let page = anna.sign_in(&link, &stack.sign_in, own).await.unwrap();
    let page = anna.open(&page.location().unwrap()).await.unwrap();
    let page = send(&mut anna, &page).await;
    let code = mailed_code(&stack, 8).await;
    let wrong = enter(&mut anna, &page, &wrong(&code)).await;
    let left = wrong.text("#code-error").unwrap();
    assert!(left.ends_with("Tries left: 4."), "{left}");
    assert!(enter(&mut anna, &page, &code).await.location().is_ok());
    assert_eq!(status(&stack, &link).await, "accepted");
}

/// No other account helps who shows the invited address already.
#[tokio::test]
async fn account_with_the_invited_address_is_not_sent_in_circles() {
    let stack = start(Store::Embedded).await;
    let link = invite_known(&stack).await;
    let own = "anna.work@elsewhere.example";
    stack.sign_in.add_account(Account {
        email_claim: Some(KNOWN.to_owned()),
        ..Account::organisation(own, "Anna M.", Uuid::from_u128(7))
    });
    let mut anna = stack.person().unwrap();
    let page = anna.sign_in(&link, &stack.sign_in, own).await.unwrap();
    let mut page = anna.open(&page.location().unwrap()).await.unwrap();
    for _ in 0..3 {
        page = send(&mut anna, &page).await;
    }
    for _ in 0..5 {
        page = enter(&mut anna, &page, "000000").await;
    }
    let page = anna.open("/api/ConfirmMailbox").await.unwrap();
    let refused = anna.press(&page, SEND, &[]).await.unwrap();
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    let main = refused.text("main").unwrap();
    assert!(main.contains("The next code can be sent from "), "{main}");
    for leads_back in ["account of the invited address", "Use another account"] {
        assert!(!main.contains(leads_back), "{main}");
    }
    assert!(refused.has("#contact-inviter"), "a person can help");
}

#[tokio::test]
async fn old_code_changes_the_page() {
    let now = datetime!(2026-11-22 12:00 UTC);
    let mail = [
        ("SMTP_URL", "smtp://127.0.0.1:9"),
        ("MAIL_FROM", "no-reply@example.com"),
    ];
    let inside = Inside::start(Store::Embedded, now, &mail).await;
    let (link, id) = inside.invite(&invitation(KNOWN, "Anna", "Meier")).await;
    let session = Session {
        link,
        account: inside::account(),
        account_name: OTHER.to_owned(),
        shows_invited: false,
        is_guest: false,
        lang: None,
    };
    let jar = CookieJar::new();
    let jar = inside.app.cookies().open_session(jar, &session, now);
    let cookie = jar.iter().next().unwrap().stripped().to_string();
    let codes = &inside.store().codes;
    let issued = codes.issue(id, inside::account(), now).await.unwrap();
    let code = issued.unwrap();
    codes.mailed(id, inside::account(), &code).await.unwrap();
    let path = format!("/api/ConfirmMailbox?invitation={id}");
    let shown = async || inside::page(&inside.app, &path, &cookie).await.1;
    assert!(shown().await.contains(r#"id="confirm-mailbox""#));
    inside.wait(time::Duration::minutes(11));
    let page = shown().await;
    assert!(
        page.contains("<h1>This code no longer works</h1>"),
        "{page}"
    );
    assert!(
        page.contains(r#"<button class="primary"><span>Send a new code"#),
        "{page}"
    );
    let lead = page.split("class=\"lead\"").nth(1).unwrap();
    let lead = lead.split("</p>").next().unwrap();
    assert!(
        lead.contains("Send a new code"),
        "the button's name: {lead}"
    );
    assert!(!page.contains(r#"id="confirm-mailbox""#), "{page}");
}

#[tokio::test]
async fn what_cannot_be_a_code_costs_no_try() {
    let stack = start(Store::Embedded).await;
    let link = invite_known(&stack).await;
    let (mut anna, offer) = with_another_account(&stack, &link).await;
    let page = send(&mut anna, &offer).await;
    let code = mailed_code(&stack, 1).await;
    for text in ["", "935", "no", "1234567", "", "1"] {
        let page = enter(&mut anna, &page, text).await;
        assert_eq!(
            page.text("#code-error").unwrap(),
            "Please enter the 6 digits from the e-mail."
        );
    }
    let wrong = enter(&mut anna, &page, &wrong(&code)).await;
    assert!(
        wrong
            .text("#code-error")
            .unwrap()
            .ends_with("Tries left: 4.")
    );
    let pasted = format!("Your code is {code}.");
    assert!(enter(&mut anna, &wrong, &pasted).await.location().is_ok());
}

#[tokio::test]
async fn double_click_and_back_send_one_code() {
    let stack = start(Store::Azurite).await;
    let second = stack.another_instance(&[]).await.unwrap();
    let link = invite_known(&stack).await;
    let (anna, offer) = with_another_account(&stack, &link).await;
    let (mut one, mut other) = (anna.clone(), anna.at(second.url()).unwrap());
    let (first, again) = tokio::join!(one.press(&offer, SEND, &[]), other.press(&offer, SEND, &[]));
    let back = one.press(&offer, SEND, &[]).await;
    for answer in [first, again, back] {
        let location = answer.unwrap().location().unwrap();
        assert!(location.contains("/api/ConfirmMailbox?"), "{location}");
    }
    mailed_code(&stack, 1).await;
    assert_eq!(mailed_codes(&stack).len(), 1);
}

/// The mail server has taken the connection and says nothing.
#[tokio::test]
async fn code_on_its_way_is_not_said_to_be_sent() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let smtp = format!("smtp://{}", silent.local_addr().unwrap());
    let stack = start_with(Store::Embedded, &[("SMTP_URL", &smtp)]).await;
    let link = invite_known(&stack).await;
    let (anna, offer) = with_another_account(&stack, &link).await;
    let (mut first, mut again) = (anna.clone(), anna.clone());
    let pressed = offer.clone();
    let sending = tokio::spawn(async move { first.press(&pressed, SEND, &[]).await });
    // Not that of an e-mail with the invitation: the press itself.
    let page = loop {
        let page = again.open("/api/ConfirmMailbox").await.unwrap();
        if page.has("#confirm-mailbox") {
            break page;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    let words = page.text("main").unwrap();
    assert!(words.contains("We are sending a 6-digit code"), "{words}");
    assert!(!words.contains("have sent"), "{words}");
    let second = send(&mut again, &offer).await;
    assert!(!second.text("main").unwrap().contains("have sent"));
    // The browser gives the first press up; the code goes on its way, or is withdrawn.
    sending.abort();
    let page = again.open("/api/ConfirmMailbox").await.unwrap();
    assert!(page.has("#confirm-mailbox"), "{}", page.title());
}

#[tokio::test]
async fn account_is_named_by_what_it_shows() {
    let stack = start(Store::Embedded).await;
    let link = invite_known(&stack).await;
    let (mut other_anna, other) = with_another_account(&stack, &link).await;
    let sent = send(&mut other_anna, &other).await;
    assert!(sent.text("main").unwrap().contains(OTHER), "{}", sent.body);
    let lead = other.text("main .lead").unwrap();
    assert!(
        lead.starts_with(&format!("You are signed in as {OTHER}.")),
        "{lead}"
    );

    let same = "anna.work@elsewhere.example";
    stack.sign_in.add_account(Account {
        email_claim: Some(KNOWN.to_owned()),
        ..Account::organisation(same, "Anna M.", Uuid::from_u128(7))
    });
    let mut anna = stack.person().unwrap();
    let page = anna.sign_in(&link, &stack.sign_in, same).await.unwrap();
    let page = anna.open(&page.location().unwrap()).await.unwrap();
    let lead = page.text("main .lead").unwrap();
    assert!(lead.starts_with("Your account does not prove"), "{lead}");
    assert!(page.text("main").unwrap().contains(same), "{}", page.body);

    // Without an `email`, its user name is the invited mailbox.
    let by_name = "anna.by.name@elsewhere.example";
    stack.sign_in.add_account(Account {
        email_claim: Some(String::new()),
        preferred_username: Some(KNOWN.to_owned()),
        ..Account::organisation(by_name, "Anna M.", Uuid::from_u128(8))
    });
    let mut named = stack.person().unwrap();
    let step = named.sign_in(&link, &stack.sign_in, by_name).await.unwrap();
    let step = named.open(&step.location().unwrap()).await.unwrap();
    let lead = step.text("main .lead").unwrap();
    assert!(lead.starts_with("Your account does not prove"), "{lead}");
    let buttons = [
        page.text("main button.primary").unwrap(),
        page.text("main button.quiet").unwrap(),
    ];
    assert!(
        buttons[0].starts_with("Send a code to a•••@"),
        "{buttons:?}"
    );
    assert_eq!(buttons[1], "Use another account");
}

#[tokio::test]
async fn without_mail_server_no_code_is_mentioned() {
    let stack = start_with(Store::Embedded, &[("SMTP_URL", ""), ("MAIL_FROM", "")]).await;
    let (link, _) = invite_quietly(&stack).await;
    let (_, page) = with_another_account(&stack, &link).await;
    assert!(!page.text("main").unwrap().contains("code"));
    assert!(!page.has(SEND));
    assert_eq!(
        page.text("main button.primary").unwrap(),
        "Use another account"
    );
}

/// The account shows the invited mailbox: to sign in with the account of that mailbox would lead to
/// the same page again.
#[tokio::test]
async fn unproven_account_without_mail_server_is_led_to_the_inviter() {
    let stack = start_with(Store::Embedded, &[("SMTP_URL", ""), ("MAIL_FROM", "")]).await;
    let (link, _) = invite_quietly(&stack).await;
    let same = "anna.work@elsewhere.example";
    stack.sign_in.add_account(Account {
        email_claim: Some(KNOWN.to_owned()),
        ..Account::organisation(same, "Anna M.", Uuid::from_u128(7))
    });
    let mut anna = stack.person().unwrap();
    let page = anna.sign_in(&link, &stack.sign_in, same).await.unwrap();
    let page = anna.open(&page.location().unwrap()).await.unwrap();
    let lead = page.text("main .lead").unwrap();
    assert!(
        lead.contains("does not prove to us that the e-mail address a•••@"),
        "{lead}"
    );
    assert!(
        lead.contains("Please contact the person who invited you."),
        "{lead}"
    );
    assert!(!page.text("main").unwrap().contains("code"));
    assert!(!page.has("main button.primary"), "nothing to repeat");
}

#[tokio::test]
async fn code_is_bound_to_account_session_and_token() {
    let stack = start(Store::Embedded).await;
    let link = invite_known(&stack).await;
    let (mut anna, page) = with_another_account(&stack, &link).await;
    let page = send(&mut anna, &page).await;
    let code = mailed_code(&stack, 1).await;

    stack.sign_in.add_account(Account::organisation(
        "mallory@evil.example",
        "Mallory",
        Uuid::from_u128(6),
    ));
    let mut mallory = stack.person().unwrap();
    mallory
        .sign_in(&link, &stack.sign_in, "mallory@evil.example")
        .await
        .unwrap();
    let own = mallory.open("/api/ConfirmMailbox").await.unwrap();
    let own = send(&mut mallory, &own).await;
    mailed_code(&stack, 2).await;
    assert_eq!(
        enter(&mut mallory, &own, &code).await.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "a code that was sent for Anna's account"
    );
    assert_eq!(
        enter(&mut mallory, &page, &code).await.status,
        StatusCode::FORBIDDEN,
        "Anna's form in Mallory's session"
    );

    let mut stranger = stack.person().unwrap();
    assert_eq!(
        enter(&mut stranger, &page, &code).await.status,
        StatusCode::UNAUTHORIZED
    );
    let mut form = page.form("#confirm-mailbox").unwrap();
    form.set("code", &code);
    form.remove("token");
    assert_eq!(anna.submits(&form).await.status, StatusCode::FORBIDDEN);
    assert_eq!(status(&stack, &link).await, "pending");
}

#[tokio::test]
async fn unproven_account_stops_at_the_code_page() {
    let stack = start(Store::Embedded).await;
    let link = invite_known(&stack).await;
    let (mut anna, _) = with_another_account(&stack, &link).await;
    for (page, step) in [
        ("/api/Welcome", "/api/CreateCompany?"),
        ("/api/CreateCompany", "/api/ConfirmMailbox?"),
    ] {
        let there = anna.opens(page).await.location().unwrap();
        assert!(there.contains(step), "{page} leads to {there}");
    }
}

#[tokio::test]
async fn disallowed_tenant_is_offered_no_code() {
    let stack = start_with(
        Store::Embedded,
        &[(
            "ENTRA_ALLOWED_TENANTS",
            "00000000-0000-0000-0000-000000000009",
        )],
    )
    .await;
    let link = invite_known(&stack).await;
    stack
        .sign_in
        .add_account(Account::organisation(OTHER, "Anna M.", Uuid::from_u128(5)));
    let mut anna = stack.person().unwrap();
    let page = anna.sign_in(&link, &stack.sign_in, OTHER).await.unwrap();
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert_eq!(page.title(), "This account cannot be used here");
    let lead = page.text("main .lead").unwrap();
    assert!(lead.starts_with("Accounts of this organisation"), "{lead}");
    assert!(!page.has(SEND));
    assert_eq!(
        anna.opens("/api/ConfirmMailbox").await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn smtp_outage_is_shown_and_recoverable() {
    let stack = start(Store::Embedded).await;
    let link = invite_known(&stack).await;
    let (mut anna, page) = with_another_account(&stack, &link).await;
    stack
        .mailbox
        .refuse(local::mailbox::RecipientRule::temporary(KNOWN));
    let down = anna.presses(&page, SEND, &[]).await;
    assert_eq!(down.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(down.title(), "We could not send the code");
    assert!(down.headers.contains_key("retry-after"));
    let reloaded = anna.open("/api/ConfirmMailbox").await.unwrap();
    assert!(!reloaded.has("#confirm-mailbox"), "no code was sent");
    for _ in 0..4 {
        let again = anna.press(&down, SEND, &[]).await.unwrap();
        assert_eq!(again.status, StatusCode::SERVICE_UNAVAILABLE, "not counted");
    }
    stack.mailbox.accept_all();
    let sent = send(&mut anna, &down).await;
    assert!(sent.has("#confirm-mailbox"), "«{}»", sent.title());
}

#[tokio::test]
async fn double_submit_of_the_right_code_succeeds() {
    let stack = start(Store::Azurite).await;
    let second = stack.another_instance(&[]).await.unwrap();
    let link = invite_known(&stack).await;
    let (mut anna, page) = with_another_account(&stack, &link).await;
    let page = send(&mut anna, &page).await;
    let code = mailed_code(&stack, 1).await;
    let (mut one, mut other) = (anna.clone(), anna.at(second.url()).unwrap());
    let (first, again) = tokio::join!(
        enter(&mut one, &page, &code),
        enter(&mut other, &page, &code)
    );
    for answer in [first, again] {
        assert!(answer.location().unwrap().contains("/api/CreateCompany?"));
    }
}

#[tokio::test]
async fn a_reload_of_the_page_offers_the_code_again() {
    let stack = start(Store::Embedded).await;
    let link = invite_known(&stack).await;
    let (mut anna, page) = with_another_account(&stack, &link).await;
    let page = anna.open(&page.path).await.unwrap();
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text("main").unwrap().contains(OTHER) && page.has(SEND));
}

#[tokio::test]
async fn delisted_tenant_is_refused_even_when_bound() {
    let stack = start(Store::Azurite).await;
    let strict = stack
        .another_instance(&[(
            "ENTRA_ALLOWED_TENANTS",
            "00000000-0000-0000-0000-000000000009",
        )])
        .await
        .unwrap();
    let link = invite_known(&stack).await;
    let mut anna = stack.person().unwrap();
    anna.signs_in(&link, &stack.sign_in, KNOWN)
        .await
        .location()
        .unwrap();
    let mut again = anna.at(strict.url()).unwrap();
    let refused = again.signs_in(&link, &stack.sign_in, KNOWN).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.title());
    assert!(!refused.has(SEND));
}

/// The tenant was taken off the list while the code was on its way.
#[tokio::test]
async fn delisted_tenant_with_a_session_is_told_so() {
    let stack = start(Store::Azurite).await;
    let listed = "00000000-0000-0000-0000-000000000009";
    let strict = stack
        .another_instance(&[("ENTRA_ALLOWED_TENANTS", listed)])
        .await
        .unwrap();
    let link = invite_known(&stack).await;
    let (anna, page) = with_another_account(&stack, &link).await;
    let mut anna = anna.at(strict.url()).unwrap();
    for refused in [
        anna.opens("/api/ConfirmMailbox").await,
        anna.clone().press(&page, SEND, &[]).await.unwrap(),
    ] {
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert_eq!(refused.title(), "This account cannot be used here");
        let main = refused.text("main").unwrap();
        assert!(main.contains(OTHER) && main.contains("a•••@"), "{main}");
        assert_eq!(
            refused.text("main button.primary").unwrap(),
            "Use another account"
        );
    }
}

#[tokio::test]
async fn guest_without_mail_server_is_led_to_the_inviter() {
    let stack = start_with(Store::Embedded, &[("SMTP_URL", ""), ("MAIL_FROM", "")]).await;
    let (link, _) = invite_quietly(&stack).await;
    let claims = json!({"acct": 1, "xms_edov": true, "email": KNOWN});
    stack.sign_in.set_fault(Tamper::claims(claims));
    let mut anna = stack.person().unwrap();
    let page = anna.signs_in(&link, &stack.sign_in, KNOWN).await;
    let page = anna.opens(&page.location().unwrap()).await;
    assert_eq!(page.status, StatusCode::OK);
    let main = page.text("main").unwrap();
    assert!(!main.contains("code") && !page.has(SEND), "{main}");
    assert!(
        main.contains("does not prove to us that the e-mail address"),
        "{main}"
    );
    assert!(page.has("#contact-inviter"), "{main}");
    assert!(!page.has("main button.primary"), "nothing to repeat");
}

#[tokio::test]
async fn asking_for_help_leads_back_to_the_code() {
    let stack = start(Store::Embedded).await;
    let link = invite_known(&stack).await;
    let (mut anna, page) = with_another_account(&stack, &link).await;
    let asked = anna.presses(&page, "#contact-inviter", &[]).await;
    let asked = anna.opens(&asked.location().unwrap()).await;
    assert_eq!(asked.title(), "You have asked for help");
    let proceed = asked.attribute("main a.primary", "href").unwrap();
    let page = anna.opens(&format!("{}{proceed}", stack.url())).await;
    assert!(page.has(SEND), "{}", page.title());
}

#[tokio::test]
async fn each_wrong_code_says_how_many_tries_are_left() {
    let stack = start(Store::Embedded).await;
    let link = invite_known(&stack).await;
    let (mut anna, page) = with_another_account(&stack, &link).await;
    let mut page = send(&mut anna, &page).await;
    let code = mailed_code(&stack, 1).await;
    for left in (1..5).rev() {
        page = enter(&mut anna, &page, &wrong(&code)).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        let error = page.text("#code-error").unwrap();
        assert!(error.ends_with(&format!("Tries left: {left}.")), "{error}");
    }
    let over = enter(&mut anna, &page, &wrong(&code)).await;
    assert_eq!(over.title(), "This code no longer works");
    assert!(!over.has("#confirm-mailbox"));
    let late = enter(&mut anna, &page, &code).await;
    assert_eq!(late.title(), "This code no longer works");
    assert_eq!(status(&stack, &link).await, "pending");
    let page = send(&mut anna, &over).await;
    let time = page.attribute("[role=status] time[data-hour]", "datetime");
    assert!(
        time.is_some_and(|time| time.ends_with('Z')),
        "{}",
        page.body
    );
    let code = mailed_code(&stack, 2).await;
    assert_eq!(enter(&mut anna, &page, &code).await.status, 303);
}

#[tokio::test]
async fn unknown_attempt_offers_a_restart() {
    let stack = start(Store::Embedded).await;
    let link = invite_known(&stack).await;
    let mut anna = stack.person().unwrap();
    anna.get_started(&link).await.unwrap();
    for query in ["state=unknown&code=x", "code=x", "state=a&state=b&code=x"] {
        let page = anna.opens(&format!("/api/AcceptCallback?{query}")).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{query}");
        let on = anna
            .presses(&page, "main .actions button", &[])
            .await
            .location()
            .unwrap();
        assert!(on.starts_with(stack.sign_in.url()), "{query}: {on}");
    }
}
