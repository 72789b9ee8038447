//! One company per customer number: colleagues join it, and the seller reads it.

use std::time::Duration;

use local::{
    browser::{Page, ScriptedBrowser},
    samples::{COLLEAGUES, colleague},
    stack::Stack,
};
use reqwest::Method;
use serde_json::{Value, json};
use support::{
    Store, WEBHOOK_SECRET,
    api::{self, request, send},
    invite, items, link, over_both_stores,
    people::Acts,
    receiver::Receiver,
    start, start_with,
};
use uuid::Uuid;

over_both_stores! {
    second_colleague_joins
    both_forms_are_open_and_one_creates
}

const NAMES: [(&str, &str); 2] = [("Emma", "Weber"), ("Felix", "Brandt")];

async fn created(stack: &Stack, number: usize) -> (String, String) {
    let (first, last) = NAMES[number];
    let mut posted = colleague(COLLEAGUES[number], first, last);
    if number == 1 {
        // What was registered for him is not what Emma confirms.
        posted["company"]["name"] = "Weber AG".into();
    }
    let created = invite(stack, &posted).await;
    (link(&created), created["id"].as_str().unwrap().to_owned())
}

/// Signs in; what `CreateCompany` shows then.
async fn company_page(stack: &Stack, number: usize, link: &str) -> (ScriptedBrowser, Page) {
    let mut person = stack.person().unwrap();
    let callback = person
        .signs_in(link, &stack.sign_in, COLLEAGUES[number])
        .await;
    let page = person.opens(&callback.location().unwrap()).await;
    (person, page)
}

async fn shown(stack: &Stack, id: &str) -> Value {
    api::get(stack, id).await.json()
}

fn types(shown: &Value) -> Vec<&str> {
    let timeline = items(&shown["timeline"]);
    timeline
        .map(|entry| entry["type"].as_str().unwrap())
        .collect()
}

async fn second_colleague_joins(store: Store) {
    let receiver = Receiver::start().await;
    let settings = [
        ("WEBHOOK_URL", receiver.url()),
        ("WEBHOOK_SECRET", WEBHOOK_SECRET),
        ("WEBHOOK_ALLOW_PRIVATE", "true"),
    ];
    let stack = start_with(store, &settings).await;
    let (emmas, first) = created(&stack, 0).await;
    let (felixs, second) = created(&stack, 1).await;
    let (mut emma, form) = company_page(&stack, 0, &emmas).await;
    let welcome = emma
        .presses(&form, "#create-company", &[("phone", "")])
        .await;
    let welcome = emma.opens(&welcome.location().unwrap()).await;
    assert!(welcome.text(".lead").unwrap().contains("is now on"));

    let (mut felix, page) = company_page(&stack, 1, &felixs).await;
    assert!(page.has("#join-company") && !page.has("#create-company"));
    assert!(!page.has("[name=companyName]"), "the company is read-only");
    let main = page.text("main").unwrap();
    for part in [
        "Emma Weber created this company on",
        "Industriestraße 7",
        "C-40711",
    ] {
        assert!(main.contains(part), "{part} in {main}");
    }
    assert_eq!(
        page.attribute("[name=firstName]", "value").unwrap(),
        "Felix"
    );
    let wrong = felix
        .presses(&page, "#join-company", &[("phone", "?")])
        .await;
    assert_eq!(
        (wrong.status.as_u16(), wrong.has("#phone-error")),
        (422, true)
    );
    let own = [("firstName", "Felicitas"), ("phone", "0711 66 81")];
    let joined = felix.presses(&page, "#join-company", &own).await;
    let welcome = felix.opens(&joined.location().unwrap()).await;
    assert!(
        welcome
            .text(".lead")
            .unwrap()
            .contains("You have joined Weber Formenbau GmbH")
    );
    let registered = welcome.text("main").unwrap();
    for part in [
        "What was registered",
        "Felicitas",
        "To have anything corrected",
    ] {
        assert!(registered.contains(part), "{part} in {registered}");
    }
    // The page is still open in another tab.
    let again = felix.presses(&page, "#join-company", &own).await;
    let welcome = felix.opens(&again.location().unwrap()).await;
    assert!(!welcome.has("[role=status]"), "the same form pressed twice");
    let late = [("firstName", "Felicitas"), ("phone", "0711 66 99")];
    let late = felix.presses(&page, "#join-company", &late).await;
    let late = felix.opens(&late.location().unwrap()).await;
    let said = late.text("[role=status]").unwrap();
    assert!(said.contains("was not saved"), "{said}");

    let (emma, felix) = (shown(&stack, &first).await, shown(&stack, &second).await);
    assert_eq!(felix["status"], "completed");
    assert_eq!(emma["companyId"], felix["companyId"]);
    assert!(types(&emma).contains(&"company.created"));
    assert!(types(&felix).contains(&"company.joined"));
    let confirmed = &felix["confirmedCompany"];
    assert_eq!(confirmed["name"], "Weber Formenbau GmbH");
    assert_eq!(confirmed["firstName"], "Felicitas");
    assert_eq!(confirmed["phone"], "+497116681");
    assert_eq!(felix["company"]["phone"], "+497116680", "as registered");
    let joins = joined_events(&receiver).await;
    assert_eq!(joins.len(), 1);
    assert_eq!(joins[0]["data"]["companyId"], emma["companyId"]);
    assert_eq!(joins[0]["data"]["company"], *confirmed);
    the_inviter_reads_who_joined(&stack).await;
    the_company_is_read(&stack, &emma, &felix).await;
}

async fn joined_events(receiver: &Receiver) -> Vec<Value> {
    // Created, sent, accepted and completed, twice.
    receiver.wait_for(8).await;
    let events = receiver.received();
    let of = |kind: &str| -> Vec<Value> {
        let events = events.iter().map(|event| event.json());
        events.filter(|event| event["type"] == kind).collect()
    };
    assert_eq!(of("company.created").len(), 1);
    of("company.joined")
}

async fn the_inviter_reads_who_joined(stack: &Stack) {
    let (inviter, timeout) = ("thomas.keller@gfms.example", Duration::from_secs(20));
    let both = stack.mailbox.wait_for_count(inviter, 2, timeout).await;
    both.unwrap();
    let mails = stack.mailbox.mails_to(inviter);
    let subjects: Vec<_> = mails.iter().map(|mail| mail.subject.as_str()).collect();
    assert!(
        subjects.contains(&"Felix Brandt has joined Weber Formenbau GmbH"),
        "{subjects:?}"
    );
}

/// As `Companies` shows it, by id and by customer number.
async fn the_company_is_read(stack: &Stack, emma: &Value, felix: &Value) {
    let id = emma["companyId"].as_str().unwrap();
    let get = |path: String| request(stack, Method::GET, &path);
    let answer = send(get(format!("/api/Companies/{id}"))).await;
    let company = answer.json();
    assert_eq!(company["customerNumber"], "C-40711");
    assert_eq!(company["company"]["city"], "Stuttgart");
    assert_eq!(
        company["company"]["firstName"],
        Value::Null,
        "without people"
    );
    let members: Vec<_> = items(&company["members"])
        .map(|member| (&member["invitationId"], &member["name"], &member["role"]))
        .collect();
    let expected = [
        (&emma["id"], &json!("Emma Weber"), &json!("created")),
        (&felix["id"], &json!("Felicitas Brandt"), &json!("joined")),
    ];
    assert_eq!(members, expected);
    assert_eq!(company["members"][1]["email"], COLLEAGUES[1]);
    assert_eq!(company["members"][1]["account"], felix["account"]);

    let tag = answer.header("etag");
    let known = get(format!("/api/Companies/{id}")).header("if-none-match", tag);
    assert_eq!(send(known).await.status, 304);
    let found = send(get("/api/Companies?customerNumber=C-40711".to_owned())).await;
    assert_eq!(found.json()["items"], json!([company]));
    let found = send(get("/api/Companies?customerNumber=C-0".to_owned())).await;
    assert_eq!(found.json()["items"], json!([]));
    let unknown = send(get(format!("/api/Companies/{}", Uuid::nil()))).await;
    assert_eq!(unknown.problem(), "unknown-company");
    for query in ["", "?customerNumber=", "?customerNumber=C-1&more=1"] {
        let wrong = send(get(format!("/api/Companies{query}"))).await;
        assert_eq!(wrong.problem(), "invalid-parameters", "{query}");
    }
}

async fn both_forms_are_open_and_one_creates(store: Store) {
    let stack = start(store).await;
    let (emmas, _) = created(&stack, 0).await;
    let (felixs, second) = created(&stack, 1).await;
    let (mut emma, emmas_form) = company_page(&stack, 0, &emmas).await;
    let (mut felix, felixs_form) = company_page(&stack, 1, &felixs).await;
    assert!(emmas_form.has("#create-company") && felixs_form.has("#create-company"));
    let typed = [
        ("firstName", "Felicitas"),
        ("companyName", "Other GmbH"),
        ("phone", "0711 66 81"),
    ];
    assert_eq!(
        emma.presses(&emmas_form, "#create-company", &[])
            .await
            .status,
        303
    );
    let late = felix.presses(&felixs_form, "#create-company", &typed).await;
    assert_eq!(
        (late.status.as_u16(), late.has("#join-company")),
        (200, true)
    );
    assert!(
        late.text("[role=status]")
            .unwrap()
            .contains("A colleague was faster")
    );
    assert!(late.text("main").unwrap().contains("Weber Formenbau GmbH"));
    for page in [late, felix.opens("/api/CreateCompany").await] {
        assert_eq!(
            page.attribute("[name=firstName]", "value").unwrap(),
            "Felicitas"
        );
        assert_eq!(
            page.attribute("[name=phone]", "value").unwrap(),
            "0711 66 81"
        );
    }
    let page = felix.opens("/api/CreateCompany").await;
    let joined = felix.presses(&page, "#join-company", &[]).await;
    assert!(joined.location().unwrap().contains("/api/Welcome?"));
    let felix = shown(&stack, &second).await;
    assert_eq!(felix["confirmedCompany"]["name"], "Weber Formenbau GmbH");
    assert_eq!(felix["confirmedCompany"]["firstName"], "Felicitas");
}

/// The company that the page shows is gone when the button is pressed, and there is another one.
#[tokio::test]
async fn only_the_company_that_was_shown_is_joined() {
    let stack = start(Store::Embedded).await;
    let (link, first) = created(&stack, 0).await;
    let (mut emma, form) = company_page(&stack, 0, &link).await;
    emma.presses(&form, "#create-company", &[]).await;
    let (felixs, second) = created(&stack, 1).await;
    let (mut felix, stale) = company_page(&stack, 1, &felixs).await;
    assert!(stale.has("#join-company"));
    let erased = request(
        &stack,
        Method::POST,
        &format!("/api/Invitations/{first}/erase"),
    );
    assert_eq!(send(erased).await.status, 200);
    let (link, again) = created(&stack, 0).await;
    let (mut emma, form) = company_page(&stack, 0, &link).await;
    let named = [("companyName", "Weber Werkzeugbau GmbH")];
    emma.presses(&form, "#create-company", &named).await;

    let page = felix.presses(&stale, "#join-company", &[]).await;
    assert_eq!(
        (page.status.as_u16(), page.has("#join-company")),
        (200, true)
    );
    assert!(
        page.text("main")
            .unwrap()
            .contains("Weber Werkzeugbau GmbH")
    );
    assert_eq!(shown(&stack, &second).await["status"], "accepted");
    let joined = felix.presses(&page, "#join-company", &[]).await;
    assert!(joined.location().unwrap().contains("/api/Welcome?"));
    let (emma, felix) = (shown(&stack, &again).await, shown(&stack, &second).await);
    assert_eq!(felix["companyId"], emma["companyId"]);
}

#[tokio::test]
async fn invitation_into_a_company_needs_one() {
    let stack = start(Store::Embedded).await;
    let mut into = colleague(COLLEAGUES[1], "Felix", "Brandt");
    into.as_object_mut().unwrap().remove("company");
    for (id, pointer) in [
        (json!(Uuid::nil()), "/companyId"),
        (json!("C-40711"), "/companyId"),
    ] {
        into["companyId"] = id;
        let refused = api::post(&stack, into.to_string()).await;
        assert_eq!(refused.pointers(), [pointer]);
    }
    let mut numberless = colleague(COLLEAGUES[0], "Emma", "Weber");
    numberless["company"]
        .as_object_mut()
        .unwrap()
        .remove("customerNumber");
    let first = invite(&stack, &numberless).await;
    let (mut emma, form) = company_page(&stack, 0, &link(&first)).await;
    emma.presses(&form, "#create-company", &[]).await;
    into["companyId"] = shown(&stack, first["id"].as_str().unwrap()).await["companyId"].clone();
    let mut both = into.clone();
    both["company"] = numberless["company"].clone();
    assert_eq!(
        api::post(&stack, both.to_string()).await.pointers(),
        ["/companyId"]
    );

    let second = invite(&stack, &into).await;
    assert_eq!(second["companyId"], into["companyId"]);
    assert_eq!(second["company"]["street"], "Industriestraße 7");
    let (mut felix, page) = company_page(&stack, 1, &link(&second)).await;
    assert_eq!(felix.presses(&page, "#join-company", &[]).await.status, 303);
    let second = shown(&stack, second["id"].as_str().unwrap()).await;
    assert_eq!(
        (&second["status"], &second["companyId"]),
        (&json!("completed"), &into["companyId"])
    );
}
