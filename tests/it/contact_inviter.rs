//! The person behind every page: what a recipient can ask of the inviter, and what comes of it.

use axum_extra::extract::cookie::CookieJar;
use local::{
    browser::{Form, Page},
    signin::{Account, Fault as SignInFault},
    stack::Stack,
};
use onboarding::{domain::invitation::Link, http::cookies::Session, text::Lang};
use reqwest::Method;
use scraper::{Html, Selector};
use serde_json::Value;
use support::{
    KNOWN, Running, Store, WEBHOOK_SECRET, api, email_to,
    faulty::{self, Fault},
    inside::{self, Inside},
    invitation, invite, invite_known, link, over_both_stores,
    people::Acts,
    receiver::Receiver,
    second_account_for, start, start_with, table,
};
use time::{Duration, OffsetDateTime, macros::datetime};
use uuid::Uuid;

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
        .set_fault(SignInFault::authorize("access_denied", "AADSTS65004"));
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
    assert!(!done.has("main .primary"), "nothing else is to be done");
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

/// One address a day is passed on: the page of a second one says so, whoever pressed twice included.
#[tokio::test]
async fn second_address_of_a_day_is_not_said_to_be_passed_on() {
    let firsts = ["ben@meier.example", ""];
    for (lang, first) in Lang::ALL
        .map(|lang| firsts.map(|first| (lang, first)))
        .concat()
    {
        let (inside, link, page) = at_the_link().await;
        let says = async |colleague: &str| {
            let sent = [
                ("ticket", &*ticket(&page)),
                ("kind", "not-me"),
                ("colleague", colleague),
                ("lang", lang.tag()),
            ];
            let path = "/api/ContactInviter";
            let (status, location, _) = inside::submit(&inside.app, path, &sent).await;
            assert_eq!(status, 303, "{colleague}");
            let path = location.trim_start_matches("https://invite.example.com");
            let (status, page) = inside::page(&inside.app, path, "").await;
            assert_eq!(status, 200);
            (text_of(&page, "h1"), text_of(&page, "main .lead"), page)
        };
        let words = &lang.text().contact;
        // Without a mail server it is only recorded.
        let passed_on = (words.only_recorded)("\u{1}");
        let end = passed_on.rsplit('\u{1}').next().unwrap().trim();
        let (title, said, _) = says(first).await;
        assert_eq!(title, words.declined.title);
        assert!(said.ends_with(end), "{said}");
        for colleague in ["carl@meier.example", "ben@meier.example"] {
            let (title, second, page) = says(colleague).await;
            assert_eq!(title, words.declined.title);
            assert!(second.contains("UTC") && !second.ends_with(end), "{second}");
            assert!(second.contains("Thomas Keller"), "{second}");
            assert!(
                page.contains("<time datetime=2026-11-22T12:00:00Z>"),
                "{page}"
            );
        }
        // Nothing is said of an address where none was typed.
        assert!(says("").await.1.ends_with(end));
        let (_, shown) = inside.get(&format!("/api/Invitations/{}", link.id())).await;
        let kinds = api::timeline(&shown);
        let declined = kinds.iter().filter(|kind| kind.ends_with("declined"));
        assert_eq!(declined.count(), 1);
    }
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
    let support = stack.setting("SUPPORT_URL");
    assert!(support.is_some());
    for typed in ["ben(at)meier.example", "x@y@z", "<script>@", long.as_str()] {
        let wrong = anna
            .presses(&page, "#not-me", &[("colleague", typed)])
            .await;
        assert_eq!(wrong.status, 422, "{typed}");
        assert_eq!(wrong.title(), "Please check the address");
        let kept = wrong.attribute("#colleague", "value").unwrap();
        assert!(typed.starts_with(&kept) && kept.len() <= 254, "{kept}");
        assert!(wrong.has("details[open]"));
        assert!(!wrong.has("main .primary"), "the form leads on");
        assert_eq!(wrong.attribute("footer > a", "href").as_deref(), support);
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

/// On the page of the link, and on what its buttons lead to.
#[tokio::test]
async fn pages_of_the_link_name_the_inviter() {
    let stack = start(Store::Embedded).await;
    let link = invite_known(&stack).await;
    let mut anna = stack.person().unwrap();
    let page = anna.opens(&link).await;
    assert_names_the_inviter("the invitation", &page);
    for stopped in ["unknown", "50105", "50020", "700016", "65004"] {
        let page = anna.opens(&format!("{link}&stopped={stopped}")).await;
        assert_eq!(page.status, 200);
        assert_names_the_inviter(stopped, &page);
    }
    let refused = anna.presses(&page, "#get-started", &[("token", "x")]).await;
    assert_eq!(refused.status, 403);
    assert_names_the_inviter("a refused button", &refused);
    let wrong = anna.presses(&page, "#not-me", &[("colleague", "x")]).await;
    assert_eq!(wrong.status, 422);
    assert_names_the_inviter("no address", &wrong);
    for button in ["#contact-inviter", "#not-me"] {
        let asked = anna.presses(&page, button, &[]).await;
        let asked = anna.opens(&asked.location().unwrap()).await;
        assert_names_the_inviter(button, &asked);
    }
    let revoke = format!("/api/Invitations/{}/revoke", id_of(&link));
    api::send(api::request(&stack, Method::POST, &revoke)).await;
    let revoked = anna.opens(&link).await;
    assert_eq!(revoked.status, 410);
    assert_names_the_inviter("a withdrawn invitation", &revoked);
    let asked = anna.presses(&revoked, "form .primary", &[]).await;
    let asked = anna.opens(&asked.location().unwrap()).await;
    assert_names_the_inviter("a new invitation", &asked);

    let (inside, link, _) = at_the_link().await;
    inside.wait(Duration::days(40));
    let path = format!("/api/InviteUser?invitationId={}", link.reveal());
    let (status, expired) = inside::page(&inside.app, &path, "").await;
    assert_eq!(status, 410);
    assert!(expired.contains("Thomas Keller"), "{expired}");
}

/// On what the sign-in may come to.
#[tokio::test]
async fn pages_of_the_sign_in_name_the_inviter() {
    let stack = start(Store::Embedded).await;
    let link = invite_known(&stack).await;
    for (error, description, status) in [
        ("server_error", "", 503),
        ("access_denied", "", 403),
        ("access_denied", "AADSTS65004", 403),
        ("access_denied", "AADSTS90094", 403),
        ("something_new", "AADSTS999999", 400),
        ("invalid_client", "AADSTS7000222", 503),
    ] {
        let fault = SignInFault::authorize(error, description);
        stack.sign_in.set_fault(fault);
        let mut anna = stack.person().unwrap();
        let away = anna.get_started(&link).await.unwrap();
        let back = anna.signs_in_at(&stack.sign_in, &away, KNOWN).await;
        let page = anna.opens(&back).await;
        let case = format!("{error} {description}");
        assert_eq!(page.status, status, "{case}");
        assert_names_the_inviter(&case, &page);
        let again = anna.opens(&back).await;
        assert_names_the_inviter(&format!("{case}, loaded again"), &again);
    }
    stack.sign_in.clear_faults();
    let mut anna = stack.person().unwrap();
    let away = anna.get_started(&link).await.unwrap();
    let back = anna.signs_in_at(&stack.sign_in, &away, KNOWN).await;
    assert_names_the_inviter(
        "a lost sign-in",
        &stack.person().unwrap().opens(&back).await,
    );
    assert_eq!(anna.opens(&back).await.status, 303);
    let other = second_account_for(&stack, KNOWN);
    let mut stranger = stack.person().unwrap();
    let used = stranger.signs_in(&link, &stack.sign_in, &other).await;
    assert_eq!(used.status, 403);
    assert_names_the_inviter("another account", &used);
}

/// On the pages of a session, and on what their buttons lead to.
#[tokio::test]
async fn pages_of_a_session_name_the_inviter() {
    let stack = start(Store::Embedded).await;
    let link = invite_known(&stack).await;
    let mailbox = "anna.private@elsewhere.example";
    stack.sign_in.add_account(Account::organisation(
        mailbox,
        "Anna M.",
        Uuid::from_u128(5),
    ));
    let mut other = stack.person().unwrap();
    let page = other.signs_in(&link, &stack.sign_in, mailbox).await;
    let mut page = other.opens(&page.location().unwrap()).await;
    assert_names_the_inviter("an unproven mailbox", &page);
    let send = "form:has(input[value='send']) button";
    for _ in 0..3 {
        let sent = other.presses(&page, send, &[]).await;
        page = other.opens(&sent.location().unwrap()).await;
        assert_names_the_inviter("a code", &page);
    }
    let too_many = other.presses(&page, send, &[]).await;
    assert_eq!(too_many.status, 429);
    assert_names_the_inviter("too many codes", &too_many);
    let wrong = other
        .presses(&page, "#confirm-mailbox", &[("code", "x")])
        .await;
    assert_eq!(wrong.status, 422);
    assert_names_the_inviter("no code", &wrong);

    let mut anna = stack.person().unwrap();
    let back = anna.signs_in(&link, &stack.sign_in, KNOWN).await;
    let page = anna.opens(&back.location().unwrap()).await;
    assert_names_the_inviter("the company", &page);
    for (field, status) in [("token", 403), ("country", 422)] {
        let refused = anna
            .presses(&page, "#create-company", &[(field, "x")])
            .await;
        assert_eq!(refused.status, status);
        assert_names_the_inviter(field, &refused);
    }
    let lost = stack
        .person()
        .unwrap()
        .presses(&page, "#create-company", &[])
        .await;
    assert_eq!(lost.status, 401);
    assert_names_the_inviter("a lost session", &lost);
    let welcome = anna.presses(&page, "#create-company", &[]).await;
    let welcome = anna.opens(&welcome.location().unwrap()).await;
    assert_names_the_inviter("welcome", &welcome);
    let completed = anna.opens(&link).await;
    assert_names_the_inviter("a completed invitation", &completed);
    assert!(!completed.has("#contact-inviter"), "nothing is left to ask");
}

/// A form that no function could read is of the invitation that its address or session names.
#[tokio::test]
async fn unreadable_forms_name_inviter_and_step() {
    let stack = start(Store::Embedded).await;
    let link = invite_known(&stack).await;
    let mut anna = stack.person().unwrap();
    let german = anna.opens(&format!("{link}&lang=de")).await;
    let away = anna.presses(&german, "#get-started", &[]).await;
    let back = anna
        .signs_in_at(&stack.sign_in, &away.location().unwrap(), KNOWN)
        .await;
    anna.opens(&back).await;
    let cookies: Vec<_> = anna
        .cookies
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let form = "application/x-www-form-urlencoded";
    let of_link = link.replacen(&stack.url(), "", 1);
    let of_session = |function| format!("/api/{function}?invitation={}", id_of(&link));
    for (path, step) in [
        (of_link, "1"),
        (of_session("ConfirmMailbox"), "2"),
        (of_session("CreateCompany"), "3"),
    ] {
        for (content_type, body, status) in [
            (form, vec![b'a'; 65 * 1024 + 1], 413),
            ("text/plain", b"token=x".to_vec(), 400),
            (form, b"token=x".to_vec(), 403),
        ] {
            let request = anna
                .http()
                .post(format!("{}{path}", stack.host.url()))
                .header("cookie", cookies.join("; "))
                .header("content-type", content_type)
                .header("accept-language", "ja")
                .body(body);
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), status, "{path}");
            let page = answer.text().await.unwrap();
            let case = format!("{status} at {path}");
            assert!(text_of(&page, "body").contains("Thomas Keller"), "{case}");
            let steps = first(&page, ".steps li:has(~ [aria-current=step])", "class");
            assert_eq!(steps.is_some(), step != "1", "{case}");
            assert!(!text_of(&page, "[aria-current=step]").is_empty(), "{case}");
            if step != "1" {
                let lang = first(&page, "html", "lang");
                assert_eq!(lang.as_deref(), Some("de"), "{case}: as was chosen");
            }
        }
    }
}

/// A session that is over, and a bug while a page of it is made.
#[tokio::test]
async fn errors_of_a_session_name_inviter_and_step() {
    let (inside, link, _) = at_the_link().await;
    let session = Session {
        link,
        account: inside::account(),
        account_name: KNOWN.to_owned(),
        shows_invited: true,
        is_guest: false,
        lang: None,
    };
    let jar = inside
        .app
        .cookies()
        .open_session(CookieJar::new(), &session, START);
    let cookie = jar.iter().next().unwrap().stripped().to_string();
    for (function, step) in [("ConfirmMailbox", "Sign-in"), ("CreateCompany", "Company")] {
        let path = format!("/api/{function}?invitation={}", link.id());
        let open = async || inside::page(&inside.app, &path, &cookie).await;
        inside.table.plan(faulty::any().once(), Fault::Panic);
        let (status, page) = open().await;
        assert_eq!(status, 500, "{page}");
        assert!(text_of(&page, "#contact").contains("Thomas Keller"));
        assert_eq!(text_of(&page, "[aria-current=step]"), step);
        let again = first(&page, "main a.primary", "href");
        assert_eq!(again.as_deref(), Some(&*path));
        // Where the bug comes up once more, the page comes all the same.
        inside.table.plan(faulty::any(), Fault::Panic);
        let (status, page) = open().await;
        assert_eq!(status, 500, "{page}");
        assert_eq!(text_of(&page, "[aria-current=step]"), step);
        inside.table.recover();
    }
    let path = format!("/api/CreateCompany?invitation={}", link.id());
    let invitations = &inside.store().invitations;
    let accepted = invitations.accept(link.id(), inside::account(), inside.now());
    accepted.await.unwrap();
    let claims = faulty::any().when(|call| call.partition.starts_with("claim-"));
    inside.table.plan(claims, Fault::Lost);
    let (status, page) = inside::page(&inside.app, &path, &cookie).await;
    assert_eq!(status, 503, "{page}");
    assert!(text_of(&page, "#contact").contains("Thomas Keller"));
    inside.table.recover();
    inside.wait(Duration::minutes(31));
    let (status, page) = inside::page(&inside.app, &path, &cookie).await;
    assert_eq!(status, 401);
    assert!(text_of(&page, "#contact").contains("Thomas Keller"));
    assert_eq!(text_of(&page, "[aria-current=step]"), "Company");
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

fn text_of(page: &str, css: &str) -> String {
    let page = Html::parse_document(page);
    let element = page.select(&Selector::parse(css).unwrap()).next().unwrap();
    element.text().collect::<String>().trim().to_owned()
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
        let above = first(&outdated, "main .primary", "class");
        assert_eq!(above, None, "the form leads on");
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
    assert!(!done.has("main .primary"), "nothing else is to be done");
    assert_eq!(
        count(&kinds(&stack, &beats).await, "invitation.declined"),
        1
    );
    let back = beat.opens("/api/CreateCompany").await;
    assert!(back.has("#join-company"), "the link goes on working");
}
