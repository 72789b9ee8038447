//! The person behind every page: what a recipient can ask of the inviter, and what comes of it.

use local::{
    browser::{Form, Page},
    signin::{Account, Fault},
    stack::Stack,
};
use onboarding::{domain::invitation::Link, text::Lang};
use reqwest::Method;
use scraper::{Html, Selector};
use serde_json::Value;
use support::{
    KNOWN, Running, Store, WEBHOOK_SECRET, api, email_to,
    inside::{self, Inside},
    invitation, invite, invite_known, link, over_both_stores,
    people::Acts,
    receiver::Receiver,
    start, start_with, table,
};
use time::{Duration, OffsetDateTime, macros::datetime};

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
        let on = anna.presses(&asked, "form .primary", &[]).await;
        let on = on.location().unwrap();
        assert!(on.contains("/authorize"), "{on}");
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

const START: OffsetDateTime = datetime!(2026-11-22 12:00 UTC);

/// The attribute of the first element of a page.
fn first(page: &str, css: &str, name: &str) -> Option<String> {
    let page = Html::parse_document(page);
    let element = page.select(&Selector::parse(css).unwrap()).next()?;
    element.attr(name).map(str::to_owned)
}

/// What a form sends that was opened at the link.
fn ticket(page: &str) -> String {
    first(page, "#contact [name=ticket]", "value").unwrap()
}

async fn at_the_link() -> (Inside, Link, String) {
    let inside = Inside::start(Store::Embedded, START, &[]).await;
    let mut posted = invitation(KNOWN, "Anna", "Meier");
    posted["sendEmail"] = false.into();
    let (link, _) = inside.invite(&posted).await;
    let path = format!("/api/InviteUser?invitationId={}", link.reveal());
    let (status, page) = inside::page(&inside.app, &path, "").await;
    assert_eq!(status, 200);
    (inside, link, page)
}

/// A page that was open for two days: nothing is sent, what was typed is still there, and one press
/// sends it.
#[tokio::test]
async fn page_that_was_open_too_long_leads_on_in_one_press() {
    for lang in Lang::ALL {
        let (inside, link, page) = at_the_link().await;
        inside.wait(Duration::days(2));
        let title = lang.text().contact.page_outdated.title;
        let help = [
            ("ticket", &*ticket(&page)),
            ("kind", "help"),
            ("lang", lang.tag()),
        ];
        let (status, _, outdated) = inside::submit(&inside.app, "/api/ContactInviter", &help).await;
        assert_eq!(status, 410, "{outdated}");
        assert!(
            outdated.contains(&format!("<h1>{title}</h1>")),
            "{outdated}"
        );
        assert_eq!(
            first(&outdated, "html", "lang").as_deref(),
            Some(lang.tag())
        );
        assert!(
            first(&outdated, "#contact-inviter", "name").is_none(),
            "one button, not two"
        );
        let again = [
            (
                "ticket",
                &*first(&outdated, "main > .actions [name=ticket]", "value").unwrap(),
            ),
            (
                "kind",
                &*first(&outdated, "main > .actions [name=kind]", "value").unwrap(),
            ),
        ];
        let (status, location, _) =
            inside::submit(&inside.app, "/api/ContactInviter", &again).await;
        assert_eq!(status, 303);
        let path = location.trim_start_matches("https://invite.example.com");
        let (_, done) = inside::page(&inside.app, path, "").await;
        assert!(done.contains("You have asked for help"), "{done}");

        let not_me = [
            ("ticket", &*ticket(&page)),
            ("kind", "not-me"),
            ("colleague", "ben@meier.example"),
            ("lang", lang.tag()),
        ];
        let (status, _, outdated) =
            inside::submit(&inside.app, "/api/ContactInviter", &not_me).await;
        assert_eq!(status, 410);
        let typed = first(&outdated, "#contact details[open] #colleague", "value");
        assert_eq!(typed.as_deref(), Some("ben@meier.example"));
        // In another language, too.
        let other = if lang == Lang::De { "en" } else { "de" };
        let other = first(&outdated, &format!("footer nav a[lang={other}]"), "href").unwrap();
        let (status, shown) = inside::page(&inside.app, &other, "").await;
        assert_eq!(status, 200);
        let typed = first(&shown, "#contact details[open] #colleague", "value");
        assert_eq!(typed.as_deref(), Some("ben@meier.example"));
        let sent = [
            ("ticket", &*ticket(&shown)),
            ("kind", "not-me"),
            ("colleague", "ben@meier.example"),
        ];
        let (status, ..) = inside::submit(&inside.app, "/api/ContactInviter", &sent).await;
        assert_eq!(status, 303);
        let (_, shown) = inside.get(&format!("/api/Invitations/{}", link.id())).await;
        let kinds = api::timeline(&shown);
        assert_eq!(
            kinds
                .iter()
                .filter(|kind| kind.ends_with("declined"))
                .count(),
            1
        );
    }
}

#[tokio::test]
async fn outdated_page_of_a_closed_invitation_leads_to_its_link() {
    let (inside, link, page) = at_the_link().await;
    let help = [("ticket", &*ticket(&page)), ("kind", "help")];
    let path = "/api/ContactInviter";
    assert_eq!(inside::submit(&inside.app, path, &help).await.0, 303);
    inside.wait(Duration::days(40));
    let (status, location, _) = inside::submit(&inside.app, path, &help).await;
    assert_eq!(status, 303, "there is nothing to ask any more");
    assert!(location.ends_with(&link.reveal()), "{location}");
    let renewal = [("ticket", &*ticket(&page)), ("kind", "new-invitation")];
    let (status, _, outdated) = inside::submit(&inside.app, path, &renewal).await;
    assert_eq!(status, 410);
    let again = first(&outdated, "main > .actions [name=kind]", "value");
    assert_eq!(again.as_deref(), Some("new-invitation"), "{outdated}");
}

/// The person is offered where people are stuck most, and the answer leads back.
#[tokio::test]
async fn inviter_can_be_asked_on_the_pages_of_the_company() {
    let stack = start(Store::Embedded).await;
    let mut people = Vec::new();
    for (mailbox, name) in [(KNOWN, "Anna Meier"), ("beat@meier.example", "Beat Huber")] {
        stack.sign_in.add_account(Account::personal(mailbox, name));
        let link = link(&invite(&stack, &invitation(mailbox, name, "")).await);
        let mut person = stack.person().unwrap();
        let back = person.signs_in(&link, &stack.sign_in, mailbox).await;
        let form = person.opens(&back.location().unwrap()).await;
        people.push((person, link, form));
    }
    let [(mut anna, annas, form), (mut beat, beats, _)] = people.try_into().ok().unwrap();
    let asked = anna.presses(&form, "#contact-inviter", &[]).await;
    let asked = anna.opens(&asked.location().unwrap()).await;
    assert_eq!(asked.title(), "You have asked for help");
    let step = asked.text(".steps [aria-current=step]").unwrap();
    assert_eq!(Some(step), form.text(".steps [aria-current=step]"));
    let mail = email_to(&stack, INVITER).await;
    let words = "They have not finished entering the company data.";
    assert!(mail.text.contains(words), "{}", mail.text);
    let back = anna
        .opens(&asked.attribute("main a.primary", "href").unwrap())
        .await;
    assert!(back.has("#create-company"), "«{}»", back.title());
    let said = back.text("#contact").unwrap();
    assert!(
        said.contains("You asked Thomas Keller for help on"),
        "{said}"
    );
    let created = anna.presses(&back, "#create-company", &[]).await;
    assert_eq!(created.status, 303);
    assert_eq!(count(&kinds(&stack, &annas).await, "company.created"), 1);

    let join = beat.opens("/api/CreateCompany").await;
    assert!(join.has("#join-company"), "«{}»", join.title());
    let colleague = [("colleague", "carl@meier.example")];
    let done = beat.presses(&join, "#not-me", &colleague).await;
    let done = beat.opens(&done.location().unwrap()).await;
    assert_eq!(done.title(), "Thank you for letting us know");
    assert_eq!(
        count(&kinds(&stack, &beats).await, "invitation.declined"),
        1
    );
    let back = done.attribute("main a.primary", "href").unwrap();
    assert!(
        beat.opens(&back).await.has("#join-company"),
        "the link goes on working"
    );
}
