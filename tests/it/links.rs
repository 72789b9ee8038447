//! The link of the e-mail: what it shows in each state of the invitation, and that opening it
//! changes nothing.

use std::time::Duration;

use local::{browser::ScriptedBrowser, stack::Stack};
use reqwest::{Client, Method};
use serde_json::Value;
use support::{
    KNOWN, Store, WEBHOOK_SECRET, api, company_form, email_to, in_seconds, invitation, invite,
    invite_known, invite_quietly, link, log, over_both_stores, people::Acts, start, start_with,
    table, whole_journey,
};
use uuid::Uuid;

const ASKED: &str = "You have asked for a new invitation";
const INVITER: &str = "thomas.keller@gfms.example";

over_both_stores! {
    unknown_link_offers_help
    link_without_one_guid_is_refused_without_storage
    damaged_link_opens_as_the_clean_one
    expired_link_offers_renewal_once_a_day
    revoked_link_offers_renewal_once_a_day
    a_link_shows_its_state_to_programs_too
    renewal_needs_an_expired_or_revoked_link
}

fn status_and_title(page: &local::browser::Page) -> (u16, String) {
    (page.status.as_u16(), page.title())
}

/// What the link answers a program.
async fn as_json(stack: &Stack, address: &str) -> (u16, Value) {
    let url = address.replace(&stack.url(), stack.host.url());
    let answer = Client::new()
        .get(url)
        .header("accept", "application/json")
        .send()
        .await
        .unwrap();
    assert!(answer.headers().get("set-cookie").is_none());
    (
        answer.status().as_u16(),
        serde_json::from_str(&answer.text().await.unwrap()).unwrap(),
    )
}

fn code(problem: &Value) -> &str {
    problem["type"]
        .as_str()
        .unwrap()
        .rsplit(':')
        .next()
        .unwrap()
}

/// An invitation that no one accepted in time.
async fn expired(stack: &Stack) -> String {
    let mut posted = invitation(KNOWN, "Anna", "Meier");
    posted["expiresAt"] = in_seconds(1).into();
    posted["sendEmail"] = false.into();
    let link = link(&invite(stack, &posted).await);
    tokio::time::sleep(Duration::from_millis(1100)).await;
    link
}

async fn unknown_link_offers_help(store: Store) {
    let stack = start(store).await;
    let mut anna = stack.person().unwrap();
    let address = format!("/api/InviteUser?invitationId={}", Uuid::new_v4());
    let page = anna.opens(&address).await;
    assert_eq!(
        status_and_title(&page),
        (404, "We cannot find this invitation".to_owned())
    );
    assert!(page.text("main").unwrap().contains("Get help"));
    let pressed = anna.asks(Method::POST, &address, Some(&[])).await;
    assert_eq!(
        pressed.status, 403,
        "a form without a token says nothing about what exists"
    );
    let lines = log::answered(&stack.host, 2).await;
    assert_eq!(lines[0]["storage_calls"], 1);
}

async fn damaged_link_opens_as_the_clean_one(store: Store) {
    let stack = start(store).await;
    let link = invite_known(&stack).await;
    let guid = link.rsplit('=').next().unwrap();
    let mut anna = stack.person().unwrap();
    let clean = anna.open(&link).await.unwrap().body;
    for query in [
        format!("invitationId={guid}."),
        format!("invitationId={guid}%3E"),
        format!("invitationid={guid}"),
        format!("invitationId={}", guid.to_uppercase()),
        format!("invitationId=3D{guid}"),
        format!("a=1&amp;invitationId={guid}"),
        format!("invitationId=%7B{guid}%7D"),
        format!("invitationId={}", guid.replace('-', "")),
        format!("invitationId={}=%0D%0A{}", &guid[..11], &guid[11..]),
        format!("invitationId={guid}&invitationId={guid}"),
        format!("invitationId={guid},{guid}"),
    ] {
        let page = anna
            .open(&format!("/api/InviteUser?{query}"))
            .await
            .unwrap();
        assert_eq!((page.status.as_u16(), &page.body), (200, &clean), "{query}");
    }
    assert!(clean.contains(&format!("action=\"/api/InviteUser?invitationId={guid}\"")));
}

async fn link_without_one_guid_is_refused_without_storage(store: Store) {
    let stack = start(store).await;
    let id = Uuid::new_v4();
    let mut anna = stack.person().unwrap();
    let broken = [
        String::new(),
        "?".to_owned(),
        "?invitationId".to_owned(),
        "?invitationId=".to_owned(),
        format!("?invitationId={id}&invitationId={}", Uuid::new_v4()),
        format!("?invitationId={}", &id.to_string()[..35]),
        format!("?invitationId={}.", &id.to_string()[1..]),
        format!("?id={id}"),
        format!("?invitationId={id}%20{}", Uuid::new_v4()),
        "?invitationId=%E2%80%AEhidden-text".to_owned(),
        "?invitationId=..%2F..%2Fpasswd".to_owned(),
        "?invitationId='%20or%20'1'='1".to_owned(),
        "?invitationId=%ff%fe".to_owned(),
        "?invitationId=%00%ff%27%3Cscript%3Ealert(1)%3C/script%3E".to_owned(),
        format!("?invitationId={}", "9".repeat(4000)),
    ];
    for query in &broken {
        let page = anna.opens(&format!("/api/InviteUser{query}")).await;
        assert_eq!(
            status_and_title(&page),
            (400, "This link is incomplete".to_owned()),
            "{query}"
        );
        for echoed in [
            "alert(1)",
            "\u{202e}",
            "hidden-text",
            "passwd",
            "or '1'",
            "99999",
            &id.to_string()[..35],
        ] {
            assert!(!page.body.contains(echoed), "{query}: {echoed} is echoed");
        }
        let (status, problem) =
            as_json(&stack, &format!("{}/api/InviteUser{query}", stack.url())).await;
        assert_eq!((status, code(&problem)), (400, "malformed-link"), "{query}");
    }
    assert!(anna.cookies.is_empty());
    for line in log::answered(&stack.host, 2 * broken.len()).await {
        assert_eq!(
            (&line["storage_calls"], &line["status"]),
            (&0.into(), &400.into()),
            "{line}"
        );
    }
}

async fn expired_link_offers_renewal_once_a_day(store: Store) {
    let stack = start(store).await;
    let link = expired(&stack).await;
    ask_twice(&stack, &link, "This invitation has expired").await;
}

async fn revoked_link_offers_renewal_once_a_day(store: Store) {
    let stack = start(store).await;
    let link = invite_known(&stack).await;
    let revoke = format!("/api/Invitations/{}/revoke", table::link_of(&link).id());
    assert_eq!(
        api::send(api::request(&stack, Method::POST, &revoke))
            .await
            .status,
        200
    );
    let (status, shown) = as_json(&stack, &link).await;
    assert_eq!((status, shown["status"].as_str()), (200, Some("revoked")));
    ask_twice(&stack, &link, "This invitation has been withdrawn").await;
}

#[tokio::test]
async fn revocation_half_way_is_shown() {
    let stack = start(Store::Embedded).await;
    let (link, id) = invite_quietly(&stack).await;
    let mut anna = stack.person().unwrap();
    let form = company_form(&mut anna, &stack, &link).await;
    let revoke = format!("/api/Invitations/{id}/revoke");
    assert_eq!(
        api::send(api::request(&stack, Method::POST, &revoke))
            .await
            .status,
        200
    );
    let pressed = anna.presses(&form, "#create-company", &[]).await;
    assert_eq!(
        status_and_title(&pressed),
        (410, "This invitation has been withdrawn".to_owned())
    );
    assert_eq!(anna.opens("/api/CreateCompany").await.status, 410);
}

/// Asks for a new invitation, from two pages that were open; the inviter gets one e-mail.
async fn ask_twice(stack: &Stack, link: &str, title: &str) {
    let (mut anna, mut again) = (stack.person().unwrap(), stack.person().unwrap());
    let (page, other) = (anna.opens(link).await, again.opens(link).await);
    assert_eq!(status_and_title(&page), (410, title.to_owned()));
    assert!(page.headers.get("set-cookie").is_none());
    for (person, page) in [(&mut anna, &page), (&mut again, &other)] {
        let asked = person.presses(page, "form .primary", &[]).await;
        let asked = person.opens(&asked.location().unwrap()).await;
        assert_eq!(status_and_title(&asked), (200, ASKED.to_owned()));
        assert!(asked.text("main").unwrap().contains("If they agree"));
    }
    let id = table::link_of(link).id().to_string();
    let mail = email_to(stack, INVITER).await;
    let shown = api::settled(stack, &id).await;
    assert_eq!(
        api::timeline(&shown)
            .iter()
            .filter(|kind| **kind == "invitation.renewal_requested")
            .count(),
        1,
        "{shown}"
    );
    assert_eq!(stack.mailbox.mails_to(INVITER).len(), 1);
    for part in [mail.text.clone(), mail.decoded_html()] {
        assert!(
            part.contains("Anna Meier")
                && part.contains("Meier Präzision AG")
                && part.contains("C-10042"),
            "{part}"
        );
        assert!(part.contains(&id), "it names the invitation: {part}");
        assert!(
            !part.contains("invitationId="),
            "it does not hand on the link"
        );
    }
    let later = anna.opens(link).await;
    assert_eq!(status_and_title(&later), (410, title.to_owned()));
    assert!(
        !later.has("form"),
        "there is nothing to ask for again today"
    );
    let said = later.text("#contact").unwrap();
    assert!(
        said.contains("You asked Thomas Keller for a new invitation on"),
        "{said}"
    );
}

/// Where the inviter cannot be written to, the request is recorded, and nothing is promised.
#[tokio::test]
async fn page_promises_an_email_only_if_one_is_sent() {
    let hook = [
        ("WEBHOOK_URL", "http://127.0.0.1:9/"),
        ("WEBHOOK_SECRET", WEBHOOK_SECRET),
    ];
    let private = ("WEBHOOK_ALLOW_PRIVATE", "true");
    let no_mail = [("SMTP_URL", ""), ("MAIL_FROM", "")];
    for (case, inviter, settings, is_mailed) in [
        ("an inviter without an address", None, vec![], false),
        ("no mail server", Some(INVITER), no_mail.to_vec(), false),
        ("an inviter with an address", Some(INVITER), vec![], true),
        (
            "a webhook alone",
            None,
            [&no_mail[..], &hook, &[private]].concat(),
            false,
        ),
    ] {
        let stack = start_with(Store::Embedded, &settings).await;
        let mut posted = invitation(KNOWN, "Anna", "Meier");
        posted["inviter"]["email"] = inviter.into();
        posted["sendEmail"] = false.into();
        let created = invite(&stack, &posted).await;
        let (link, id) = (link(&created), created["id"].as_str().unwrap());
        let revoke = format!("/api/Invitations/{id}/revoke");
        let revoked = api::send(api::request(&stack, Method::POST, &revoke)).await;
        assert_eq!(revoked.status, 200);
        let mut anna = stack.person().unwrap();
        let page = anna.opens(&link).await;
        let withdrawn = "This invitation has been withdrawn".to_owned();
        assert_eq!(status_and_title(&page), (410, withdrawn), "{case}");
        let asked = anna.presses(&page, "form .primary", &[]).await;
        let asked = anna.opens(&asked.location().unwrap()).await;
        assert_eq!(status_and_title(&asked), (200, ASKED.to_owned()), "{case}");
        let words = asked.text("main").unwrap();
        assert!(!words.contains("was informed"), "{case}: {words}");
        assert_eq!(
            words.contains("We are sending"),
            is_mailed,
            "{case}: {words}"
        );
        let only_recorded = "cannot send Thomas Keller an e-mail";
        assert_eq!(words.contains(only_recorded), !is_mailed, "{case}: {words}");
        assert!(words.contains("Get help"), "{case}");
        let shown = api::get(&stack, id).await.json();
        let asked = api::timeline(&shown).contains(&"invitation.renewal_requested");
        assert!(asked, "{case}: {shown}");
    }
}

async fn renewal_needs_an_expired_or_revoked_link(store: Store) {
    let stack = start(store).await;
    let (link, id) = invite_quietly(&stack).await;
    let mut anna = stack.person().unwrap();
    let page = anna.opens(&link).await;
    let pressed = anna
        .presses(&page, "#contact-inviter", &[("kind", "new-invitation")])
        .await;
    assert_eq!(
        pressed.location().unwrap(),
        format!("{link}&lang=en"),
        "it works, so its page is shown"
    );
    assert_eq!(
        api::timeline(&api::get(&stack, &id).await.json()),
        ["invitation.created"],
        "the inviter gets nothing"
    );
}

async fn a_link_shows_its_state_to_programs_too(store: Store) {
    let stack = start(store).await;
    let ((link, _), late) = (invite_quietly(&stack).await, expired(&stack).await);
    let (status, pending) = as_json(&stack, &link).await;
    assert_eq!((status, pending["status"].as_str()), (200, Some("pending")));
    assert_eq!(
        pending["inviter"],
        serde_json::json!({"name": "Thomas Keller", "organization": "GFMS"})
    );
    assert!(
        !pending.to_string().contains(KNOWN),
        "the mailbox is masked: {pending}"
    );
    company_form(&mut stack.person().unwrap(), &stack, &link).await;
    assert_eq!(as_json(&stack, &link).await.1["status"], "accepted");
    whole_journey(&mut stack.person().unwrap(), &stack, &link).await;
    assert_eq!(as_json(&stack, &link).await.1["status"], "completed");
    let (status, over) = as_json(&stack, &late).await;
    assert_eq!((status, over["status"].as_str()), (200, Some("expired")));
    let (status, unknown) = as_json(
        &stack,
        &format!(
            "{}/api/InviteUser?invitationId={}",
            stack.url(),
            Uuid::new_v4()
        ),
    )
    .await;
    assert_eq!((status, code(&unknown)), (404, "unknown-invitation"));
}

/// What a mail scanner does.
async fn opens_a_hundred_times(person: &mut ScriptedBrowser, link: &str) {
    let first = person.opens(link).await;
    for _ in 0..100 {
        let page = person.opens(link).await;
        assert_eq!(
            (page.status, &page.body),
            (first.status, &first.body),
            "the page is the same each time"
        );
        assert!(page.headers.get("set-cookie").is_none() && page.headers.get("location").is_none());
    }
    let head = person.asks(Method::HEAD, link, None).await;
    assert_eq!((head.status, head.body.as_str()), (first.status, ""));
    for name in [
        "content-type",
        "content-length",
        "cache-control",
        "content-security-policy",
    ] {
        assert_eq!(head.headers.get(name), first.headers.get(name), "{name}");
    }
    assert!(head.headers.get("set-cookie").is_none());
}

#[tokio::test]
async fn opening_a_link_100_times_writes_nothing() {
    let stack = start(Store::Azurite).await;
    let ((pending, _), (done, _), late) = (
        invite_quietly(&stack).await,
        invite_quietly(&stack).await,
        expired(&stack).await,
    );
    whole_journey(&mut stack.person().unwrap(), &stack, &done).await;
    for link in [&pending, &done, &late] {
        let before = table::rows(&stack, link).await;
        opens_a_hundred_times(&mut stack.person().unwrap(), link).await;
        assert!(table::rows(&stack, link).await == before);
    }
    // 102 for each link, beside three creations and the six requests of the journey.
    let answered = log::answered(&stack.host, 3 * 102 + 3 + 6).await;
    let opened = |line: &&Value| line["span"]["function"] == "InviteUser";
    let opened: Vec<_> = answered.iter().filter(opened).collect();
    // The button of the journey, too: it looks at the invitation again.
    assert_eq!(opened.len(), 3 * 102 + 2);
    let each = |line: &&Value| line["storage_calls"] == 1;
    assert!(opened.iter().all(each), "one point read each");
}

/// The button must work from wherever the person learns that it is too late, not only on the page
/// of the link.
/// No page says that it still works.
#[tokio::test]
async fn lost_sign_in_of_an_expired_invitation_says_so() {
    let stack = start(Store::Embedded).await;
    let mut posted = invitation(KNOWN, "Anna", "Meier");
    posted["expiresAt"] = in_seconds(2).into();
    let link = link(&invite(&stack, &posted).await);
    let mut anna = stack.person().unwrap();
    let authorize = anna.get_started(&link).await.unwrap();
    let back = anna.signs_in_at(&stack.sign_in, &authorize, KNOWN).await;
    let mut other_browser = stack.person().unwrap();
    let lost = other_browser.opens(&back).await;
    assert_eq!(lost.status, 400);
    tokio::time::sleep(Duration::from_millis(2100)).await;
    let lost = other_browser.opens(&back).await;
    assert_eq!(
        status_and_title(&lost),
        (410, "This invitation has expired".to_owned())
    );
    assert!(!lost.text("main").unwrap().contains("still"), "{lost:?}");
}

#[tokio::test]
async fn expiry_half_way_offers_renewal() {
    let stack = start(Store::Embedded).await;
    let mut posted = invitation(KNOWN, "Anna", "Meier");
    posted["expiresAt"] = in_seconds(2).into();
    let link = link(&invite(&stack, &posted).await);
    let mut anna = stack.person().unwrap();
    let authorize = anna.get_started(&link).await.unwrap();
    let back = anna.signs_in_at(&stack.sign_in, &authorize, KNOWN).await;
    tokio::time::sleep(Duration::from_millis(2100)).await;
    let late = anna.opens(&back).await;
    assert_eq!(late.status, 410);
    let asked = anna.presses(&late, "form .primary", &[]).await;
    let asked = anna.opens(&asked.location().unwrap()).await;
    assert_eq!(status_and_title(&asked), (200, ASKED.to_owned()));
    email_to(&stack, INVITER).await;

    // From a page that was open while the seller sent it again, the button leads on instead of
    // nowhere.
    let id = table::link_of(&link).id();
    let resend = format!("{}/api/Invitations/{id}/resend", stack.host.url());
    let answer = Client::new()
        .post(resend)
        .header("x-functions-key", local::host::Keys::default().host)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    let again = anna.presses(&late, "form .primary", &[]).await;
    assert_eq!(
        again.location().unwrap(),
        format!("{link}&lang=en"),
        "in the language of the page with the button"
    );
}
