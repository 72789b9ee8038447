//! The person behind every page: what a recipient can ask of the inviter, and what comes of it.

use local::{
    browser::{Form, Page},
    signin::Fault,
    stack::Stack,
};
use reqwest::Method;
use serde_json::Value;
use support::{
    KNOWN, Running, Store, WEBHOOK_SECRET, api, email_to, invitation, invite, invite_known, link,
    over_both_stores, people::Acts, receiver::Receiver, start, start_with, table,
};

const INVITER: &str = "thomas.keller@gfms.example";

over_both_stores! {
    help_is_asked_for_once_a_day
}

fn id_of(link: &str) -> String {
    table::link_of(link).id().to_string()
}

async fn kinds(stack: &Stack, link: &str) -> Vec<String> {
    let shown = api::settled(stack, &id_of(link)).await;
    let kinds = api::timeline(&shown);
    kinds.into_iter().map(str::to_owned).collect()
}

fn count(kinds: &[String], kind: &str) -> usize {
    kinds.iter().filter(|own| *own == kind).count()
}

async fn help_is_asked_for_once_a_day(store: Store) {
    let stack = start(store).await;
    let link = invite_known(&stack).await;
    let mut anna = stack.person().unwrap();
    let page = anna.opens(&link).await;
    let contact = page.text("#contact").unwrap();
    for shown in ["Thomas Keller", "GFMS", INVITER] {
        assert!(contact.contains(shown), "{contact}");
    }
    for press in 0..3 {
        let asked = anna.presses(&page, "#contact-inviter", &[]).await;
        let asked = anna.opens(&asked.location().unwrap()).await;
        let answer = (asked.status.as_u16(), asked.title());
        assert_eq!(
            answer,
            (200, "You have asked for help".to_owned()),
            "{press}"
        );
    }
    let mail = email_to(&stack, INVITER).await;
    assert!(
        mail.text
            .contains("They are on the page of the invitation.")
    );
    assert!(!mail.text.contains("invitationId="), "no link");
    assert_eq!(
        count(&kinds(&stack, &link).await, "invitation.help_requested"),
        1
    );
    assert_eq!(stack.mailbox.mails_to(INVITER).len(), 1);

    let later = anna.opens(&link).await;
    assert!(!later.has("#contact-inviter"), "not twice a day");
    let said = later.text("#contact").unwrap();
    assert!(
        said.contains("You asked Thomas Keller for help on"),
        "{said}"
    );
    assert!(later.has("#get-started"), "the link goes on working");
}

#[tokio::test]
async fn help_says_where_the_recipient_is_stuck() {
    let stack = start(Store::Embedded).await;
    let mut posted = invitation(KNOWN, "Anna", "Meier");
    posted["inviter"]["locale"] = "de".into();
    posted["recipient"]["locale"] = "ja".into();
    let link = link(&invite(&stack, &posted).await);
    stack
        .sign_in
        .set_fault(Fault::authorize("access_denied", "AADSTS65004"));
    let mut anna = stack.person().unwrap();
    let authorize = anna.get_started(&link).await.unwrap();
    let back = anna.signs_in_at(&stack.sign_in, &authorize, KNOWN).await;
    let declined = anna.opens(&back).await;
    assert_eq!(declined.status, 403);
    anna.presses(&declined, "#contact-inviter", &[]).await;
    let mail = email_to(&stack, INVITER).await;
    let words = "Die Anmeldung bei Microsoft ist nicht gelungen.";
    assert!(
        mail.text.contains(words),
        "in the inviter's language: {}",
        mail.text
    );
}

async fn with_webhook() -> (Running, Receiver) {
    let receiver = Receiver::start().await;
    let settings = [
        ("WEBHOOK_URL", receiver.url()),
        ("WEBHOOK_SECRET", WEBHOOK_SECRET),
        ("WEBHOOK_ALLOW_PRIVATE", "true"),
    ];
    (start_with(Store::Embedded, &settings).await, receiver)
}

fn payload(receiver: &Receiver, kind: &str) -> Option<Value> {
    let events = receiver.received();
    let mut events = events.iter().map(|event| event.json());
    events.find(|event| event["type"] == kind)
}

#[tokio::test]
async fn colleague_is_named_in_email_and_webhook_alone() {
    let (stack, receiver) = with_webhook().await;
    let link = invite_known(&stack).await;
    let mut anna = stack.person().unwrap();
    let page = anna.opens(&link).await;
    let colleague = [("colleague", " Ben@Meier.example ")];
    let done = anna.presses(&page, "#not-me", &colleague).await;
    let done = anna.opens(&done.location().unwrap()).await;
    assert_eq!(done.title(), "Thank you for letting us know");
    let mail = email_to(&stack, INVITER).await;
    for words in [
        "ben@meier.example",
        "has not shown that the mailbox is theirs",
    ] {
        assert!(
            mail.text.to_lowercase().contains(&words.to_lowercase()),
            "{}",
            mail.text
        );
    }
    let shown = api::settled(&stack, &id_of(&link)).await;
    assert_eq!(shown["status"], "pending", "the link goes on working");
    assert!(
        !shown.to_string().to_lowercase().contains("ben@"),
        "{shown}"
    );
    let event = payload(&receiver, "invitation.declined").unwrap();
    let named = event["data"]["colleague"].as_str().unwrap();
    assert!(named.eq_ignore_ascii_case("ben@meier.example"), "{event}");
    let later = anna.opens(&link).await;
    assert!(!later.has("#not-me"));
    assert!(later.has("#get-started"));
}

#[tokio::test]
async fn colleague_is_forgotten_once_delivered() {
    let stack = start(Store::Azurite).await;
    let link = invite_known(&stack).await;
    let mut anna = stack.person().unwrap();
    let page = anna.opens(&link).await;
    anna.presses(&page, "#not-me", &[("colleague", "ben@meier.example")])
        .await;
    email_to(&stack, INVITER).await;
    kinds(&stack, &link).await;
    for _ in 0..100 {
        let rows = table::rows(&stack, &link).await;
        if !rows.iter().any(|row| row.key.starts_with("colleague-")) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("the address is kept");
}

#[tokio::test]
async fn what_is_no_address_is_shown_again() {
    let stack = start(Store::Embedded).await;
    let link = invite_known(&stack).await;
    let mut anna = stack.person().unwrap();
    let page = anna.opens(&link).await;
    let long = format!("{}@meier.example", "a".repeat(300));
    for typed in ["ben(at)meier.example", "x@y@z", "<script>@", long.as_str()] {
        let wrong = anna
            .presses(&page, "#not-me", &[("colleague", typed)])
            .await;
        assert_eq!(wrong.status, 422, "{typed}");
        assert_eq!(wrong.title(), "Please check the address");
        let kept = wrong.attribute("#colleague", "value").unwrap();
        assert!(typed.starts_with(&kept) && kept.len() <= 254, "{kept}");
        assert!(wrong.has("details[open]"));
        assert!(!wrong.body.contains("<script>@"), "it is text");
    }
    assert_eq!(count(&kinds(&stack, &link).await, "invitation.declined"), 0);
}

#[tokio::test]
async fn only_a_form_with_a_ticket_contacts_the_inviter() {
    let stack = start(Store::Embedded).await;
    let link = invite_known(&stack).await;
    let mut anna = stack.person().unwrap();
    let page = anna.opens(&link).await;
    let form = page.form("#contact-inviter").unwrap();
    let ticket = |form: &Form| {
        let mut fields = form.fields.iter();
        fields.find(|(name, _)| name == "ticket").unwrap().1.clone()
    };
    for method in [Method::GET, Method::HEAD] {
        let query = format!("/api/ContactInviter?kind=help&ticket={}", ticket(&form));
        let answer = anna.asks(method, &query, None).await;
        assert!(
            [400, 404].contains(&answer.status.as_u16()),
            "{}",
            answer.status
        );
    }
    let mut altered = form.clone();
    altered.set("ticket", &ticket(&form)[1..]);
    assert_eq!(anna.submits(&altered).await.status, 403);
    let mut unknown = form.clone();
    unknown.set("kind", "everything");
    assert_eq!(anna.submits(&unknown).await.status, 400);
    let mut elsewhere = anna.clone();
    elsewhere.headers = vec![("sec-fetch-site", "cross-site".to_owned())];
    assert_eq!(elsewhere.submits(&form).await.status, 403);
    assert_eq!(
        count(&kinds(&stack, &link).await, "invitation.help_requested"),
        0
    );
}

#[tokio::test]
async fn concurrent_presses_send_one_email() {
    let stack = start(Store::Embedded).await;
    let link = invite_known(&stack).await;
    let anna = stack.person().unwrap();
    let form = anna
        .clone()
        .opens(&link)
        .await
        .form("#contact-inviter")
        .unwrap();
    let presses = (0..6).map(|_| {
        let (mut anna, form) = (anna.clone(), form.clone());
        async move { anna.submits(&form).await }
    });
    for page in futures::future::join_all(presses).await {
        assert_eq!(page.status, 303, "«{}»", page.title());
    }
    assert_eq!(
        count(&kinds(&stack, &link).await, "invitation.help_requested"),
        1
    );
    email_to(&stack, INVITER).await;
    assert_eq!(stack.mailbox.mails_to(INVITER).len(), 1);
}

fn assert_names_the_inviter(case: &str, page: &Page) {
    let words = page.text("body").unwrap();
    assert!(words.contains("Thomas Keller"), "{case}: {words}");
}

#[tokio::test]
async fn every_page_names_the_inviter() {
    let stack = start(Store::Embedded).await;
    let link = invite_known(&stack).await;
    let mut anna = stack.person().unwrap();
    let authorize = anna.get_started(&link).await.unwrap();
    let back = anna.signs_in_at(&stack.sign_in, &authorize, KNOWN).await;
    let mut lost = stack.person().unwrap();
    assert_names_the_inviter("a lost sign-in", &lost.opens(&back).await);
    stack
        .sign_in
        .set_fault(Fault::authorize("server_error", ""));
    let mut stopped = stack.person().unwrap();
    let away = stopped.get_started(&link).await.unwrap();
    let down = stopped.signs_in_at(&stack.sign_in, &away, KNOWN).await;
    let down = stopped.opens(&down).await;
    assert_eq!(down.status, 503);
    assert_names_the_inviter("a sign-in service that is down", &down);
    stack.sign_in.clear_faults();
    let form = anna.opens(&back).await.location().unwrap();
    let page = anna.opens(&form).await;
    assert_names_the_inviter("the company", &page);
    let refused = anna
        .presses(&page, "#create-company", &[("token", "x")])
        .await;
    assert_eq!(refused.status, 403);
    assert_names_the_inviter("a refused form", &refused);
    let welcome = anna.presses(&page, "#create-company", &[]).await;
    let welcome = anna.opens(&welcome.location().unwrap()).await;
    assert_names_the_inviter("welcome", &welcome);
    let completed = anna.opens(&link).await;
    assert_names_the_inviter("a completed invitation", &completed);
    assert!(!completed.has("#contact-inviter"), "nothing is left to ask");
}

#[tokio::test]
async fn withdrawn_invitation_asks_for_a_new_one() {
    let stack = start(Store::Embedded).await;
    let link = invite_known(&stack).await;
    let revoke = format!("/api/Invitations/{}/revoke", id_of(&link));
    api::send(api::request(&stack, Method::POST, &revoke)).await;
    let mut anna = stack.person().unwrap();
    let page = anna.opens(&link).await;
    anna.presses(&page, "form .primary", &[]).await;
    let mail = email_to(&stack, INVITER).await;
    assert!(
        mail.text.contains("create a new invitation"),
        "{}",
        mail.text
    );
    assert!(!mail.text.contains("resend"), "{}", mail.text);
}

#[tokio::test]
async fn inviter_has_phone_and_language() {
    let stack = start(Store::Embedded).await;
    let mut posted = invitation(KNOWN, "Anna", "Meier");
    posted["inviter"]["phone"] = "+41 79 123 45 67".into();
    posted["inviter"]["locale"] = "de_CH".into();
    let created = invite(&stack, &posted).await;
    assert_eq!(created["inviter"]["phone"], "+41791234567");
    let page = stack.person().unwrap().opens(&link(&created)).await;
    assert!(page.text("#contact").unwrap().contains("+41 79 123 45 67"));
    assert!(page.has("#contact a[href='tel:+41791234567']"));
    posted["inviter"]["phone"] = "079 123 45 67".into();
    posted["inviter"]["locale"] = "not a language".into();
    let refused = api::post(&stack, posted.to_string()).await;
    assert_eq!(refused.pointers(), ["/inviter/locale", "/inviter/phone"]);
}
