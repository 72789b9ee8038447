//! The API of `Invitations`: what it takes, what it refuses and in which words, and what it never
//! lets out.

use std::time::Duration;

use local::{mailbox::RecipientRule, stack::Stack};
use reqwest::Method;
use serde_json::{Value, json};
use support::{
    KNOWN, Store, api,
    api::{Answer, post, request, send},
    company_form, email_to, in_seconds, invitation, link, log, over_both_stores,
    people::Acts,
    start, start_with, table, whole_journey,
};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use uuid::Uuid;

over_both_stores! {
    an_invitation_is_created_mailed_and_read_back
    any_text_is_stored_and_shown_unchanged
    markup_in_names_is_shown_as_text
    link_from_the_response_works_without_email
    an_expiry_is_honoured
    refused_email_is_reported_and_invitation_kept
    a_journey_leaves_no_personal_data_in_the_log
}

fn anna() -> Value {
    invitation(KNOWN, "Anna", "Meier")
}

fn time_of(value: &Value) -> OffsetDateTime {
    OffsetDateTime::parse(value.as_str().unwrap(), &Rfc3339).unwrap()
}

/// Created without a mail.
async fn quietly(stack: &Stack, mut posted: Value) -> Value {
    posted["sendEmail"] = json!(false);
    let answer = post(stack, posted.to_string()).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    answer.json()
}

async fn an_invitation_is_created_mailed_and_read_back(store: Store) {
    let stack = start(store).await;
    let answer = post(&stack, anna().to_string()).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let created = answer.json();
    let id = created["id"].as_str().unwrap();
    assert_eq!(
        answer.header("location"),
        format!("{}/api/Invitations/{id}", stack.url())
    );
    assert!(link(&created).starts_with(&format!("{}/api/InviteUser?invitationId=", stack.url())));
    assert_eq!(
        (&created["delivery"]["mail"]["state"], &created["status"]),
        (&json!("queued"), &json!("pending"))
    );
    let days = time_of(&created["expiresAt"]) - time_of(&created["createdAt"]);
    assert_eq!(days.whole_days(), 30);
    email_to(&stack, KNOWN).await;
    let sent = api::settled(&stack, id).await;
    assert_eq!(
        (
            sent["delivery"]["mail"]["state"].as_str(),
            stack.mailbox.mails_to(KNOWN).len()
        ),
        (Some("delivered"), 1)
    );
    assert_eq!(
        api::timeline(&sent),
        ["invitation.created", "invitation.sent"]
    );

    let read = api::get(&stack, id).await;
    assert_eq!(
        (read.status, read.header("cache-control")),
        (200, "no-store")
    );
    let read = read.json();
    for name in [
        "recipient",
        "inviter",
        "company",
        "createdAt",
        "expiresAt",
        "status",
        "id",
    ] {
        assert_eq!(read[name], created[name], "{name}");
    }
    assert!(
        !read
            .to_string()
            .contains(&table::link_of(&link(&created)).reveal()),
        "the link is in the creation's answer only"
    );
    for path in [
        format!("/api/invitations/{id}"),
        format!("/api/Invitations/{id}/"),
    ] {
        assert_eq!(
            send(request(&stack, Method::GET, &path)).await.status,
            200,
            "{path}"
        );
    }
}

#[tokio::test]
async fn an_id_opens_nothing_and_a_wrong_one_finds_nothing() {
    let stack = start(Store::Embedded).await;
    let created = quietly(&stack, anna()).await;
    let id = created["id"].as_str().unwrap();
    let hyphenated = Uuid::parse_str(id).unwrap().to_string();
    // Both have the form of a link's GUID, which is read without hyphens too.
    let mut anyone = stack.person().unwrap();
    for (text, status) in [(id, 404), (hyphenated.as_str(), 404)] {
        assert_eq!(
            anyone
                .opens(&format!("/api/InviteUser?invitationId={text}"))
                .await
                .status
                .as_u16(),
            status,
            "{text}"
        );
    }
    let guid = table::link_of(&link(&created)).reveal();
    for unknown in [
        Uuid::new_v4().simple().to_string(),
        guid.clone(),
        guid.replace('-', ""),
        "x".to_owned(),
        "%2e%2e%2f".to_owned(),
    ] {
        let answer = api::get(&stack, &unknown).await;
        assert_eq!(
            (answer.status, answer.problem().as_str()),
            (404, "unknown-invitation"),
            "{unknown}"
        );
    }
}

#[tokio::test]
async fn every_field_that_is_wrong_is_named_at_once() {
    let stack = start(Store::Embedded).await;
    let nothing = post(&stack, "{}").await;
    let required = [
        "/company/city",
        "/company/country",
        "/company/name",
        "/company/postalCode",
        "/company/street",
        "/inviter/name",
        "/inviter/organization",
        "/recipient/email",
        "/recipient/firstName",
    ];
    // Whether there is a postal code depends on the country.
    let named = nothing.pointers();
    assert!(
        required
            .iter()
            .filter(|pointer| !pointer.ends_with("postalCode"))
            .all(|pointer| named.iter().any(|own| own == pointer)),
        "{named:?}"
    );

    let mut wrong = anna();
    wrong["recipient"] = json!({"email": "anna", "firstName": "x\u{7}", "lastName": "x\u{1b}y", "locale": "not a tag"});
    wrong["inviter"]["email"] = "a@b@c".into();
    wrong["company"]["country"] = "Switzerland".into();
    wrong["company"]["vatNumber"] = "?".into();
    wrong["message"] = "x".repeat(1001).into();
    wrong["expiresAt"] = "tomorrow".into();
    let named = post(&stack, wrong.to_string()).await.pointers();
    for pointer in [
        "/company/country",
        "/company/vatNumber",
        "/expiresAt",
        "/inviter/email",
        "/message",
        "/recipient/email",
        "/recipient/firstName",
        "/recipient/lastName",
        "/recipient/locale",
    ] {
        assert!(
            named.iter().any(|own| own == pointer),
            "{pointer} in {named:?}"
        );
    }
    assert!(stack.mailbox.mails().is_empty());
}

#[tokio::test]
async fn unknown_and_mistyped_members_are_named() {
    let stack = start(Store::Embedded).await;
    let detail = |answer: &Answer| {
        answer.json()["errors"][0]["detail"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    for (pointer, value, says) in [
        ("/recipient/nickname", json!("Ann"), "is unknown"),
        ("/color", json!(1), "is unknown"),
        ("/company/a~1b", json!(1), "is unknown"),
        ("/recipient/email", json!(7), "must be a string"),
        ("/company/name", json!(null), "must not be empty"),
        ("/sendEmail", json!("yes"), "must be true or false"),
        ("/recipient", json!("Anna"), "must be an object"),
        (
            "/inviter",
            json!(["Thomas Keller", "GFMS", null]),
            "must be an object",
        ),
        ("/company", json!([]), "must be an object"),
    ] {
        let mut posted = anna();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        posted.pointer_mut(parent).unwrap()[name.replace("~1", "/")] = value;
        let answer = post(&stack, posted.to_string()).await;
        assert_eq!(answer.pointers(), [pointer], "{}", answer.body);
        assert!(
            detail(&answer).contains(says),
            "{pointer}: {}",
            detail(&answer)
        );
        assert!(!answer.body.contains("struct"), "{}", answer.body);
    }
}

#[tokio::test]
async fn malformed_json_is_refused_quickly() {
    let stack = start(Store::Embedded).await;
    let deep = |open: &str, close: &str| {
        format!(
            "{{\"recipient\":{}{}}}",
            open.repeat(5_000),
            close.repeat(5_000)
        )
    };
    let mut invalid_utf8 = anna().to_string().into_bytes();
    let at = invalid_utf8.iter().position(|byte| *byte == b'A').unwrap();
    invalid_utf8[at] = 0xff;
    for body in [
        b"".to_vec(),
        b"{".to_vec(),
        b"nonsense".to_vec(),
        format!("{} {{}}", anna()).into_bytes(),
        deep("[", "]").into_bytes(),
        deep("{\"email\":", "}").into_bytes(),
        invalid_utf8,
        b"{\"recipient\":{\"firstName\":\"\\ud800\"}}".to_vec(),
    ] {
        let answer = post(&stack, body.clone()).await;
        let shown = String::from_utf8_lossy(&body)
            .chars()
            .take(60)
            .collect::<String>();
        assert!(
            [400, 422].contains(&answer.status),
            "{shown}: {} {}",
            answer.status,
            answer.body
        );
        assert!(
            ["malformed-json", "invalid-fields"].contains(&answer.problem().as_str()),
            "{shown}"
        );
        assert!(!answer.body.contains("struct"), "{shown}: {}", answer.body);
    }
    for body in ["null", "7", "\"text\""] {
        let answer = post(&stack, body).await;
        assert_eq!(
            (answer.status, answer.problem().as_str()),
            (422, "invalid-fields"),
            "{body}"
        );
    }
    let large = post(
        &stack,
        format!("{{\"message\":\"{}\"}}", "x".repeat(1024 * 1024)),
    )
    .await;
    assert_eq!((large.status, large.problem().as_str()), (413, "too-large"));
    for kind in [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/jsonx",
    ] {
        let request = request(&stack, Method::POST, "/api/Invitations")
            .header("content-type", kind)
            .body(anna().to_string());
        let answer = send(request).await;
        assert_eq!(
            (answer.status, answer.problem().as_str()),
            (415, "unsupported-media-type"),
            "{kind}"
        );
    }
    let request = request(&stack, Method::POST, "/api/Invitations")
        .header("content-type", "Application/JSON; charset=utf-8");
    assert_eq!(send(request.body(anna().to_string())).await.status, 201);
    email_to(&stack, KNOWN).await;
    assert_eq!(stack.mailbox.mails().len(), 1);
}

/// Read by position, an array would be an invitation whose members no one named.
#[tokio::test]
async fn an_array_is_not_taken_for_one_invitation() {
    let stack = start(Store::Embedded).await;
    let one = anna();
    let positions = json!([
        one["recipient"],
        one["inviter"],
        one["company"],
        null,
        null,
        false
    ]);
    for (array, items) in [(positions.clone(), 6), (json!([positions]), 1)] {
        let answer = post(&stack, array.to_string()).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let statuses: Vec<_> = answer
            .json()
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["status"].clone())
            .collect();
        assert_eq!(
            statuses,
            vec![json!(422); items],
            "an array holds invitations, none of these is one"
        );
        assert!(!answer.body.contains("struct"), "{}", answer.body);
    }
    assert!(stack.mailbox.mails().is_empty());
}

async fn any_text_is_stored_and_shown_unchanged(store: Store) {
    let stack = start(store).await;
    let texts = [
        "O'Brien \"Quote\" \\ / # ? % & ; = +",
        "永豐精密工業股份有限公司",
        "🛠️👩🏽‍🔧 Ñandú ﬁ",
        "{{7*7}} ${x} <%= y %>",
        "محمد נועה",
    ];
    for text in texts {
        let mut posted = anna();
        posted["recipient"]["firstName"] = text.into();
        posted["inviter"]["organization"] = text.into();
        posted["company"]["name"] = text.into();
        posted["company"]["customerNumber"] = text.into();
        posted["message"] = format!("{text}\nsecond line").into();
        let created = quietly(&stack, posted.clone()).await;
        let read = api::get(&stack, created["id"].as_str().unwrap())
            .await
            .json();
        for pointer in [
            "/recipient/firstName",
            "/inviter/organization",
            "/company/name",
            "/company/customerNumber",
            "/message",
        ] {
            assert_eq!(read.pointer(pointer), posted.pointer(pointer), "{pointer}");
        }
        let mut person = stack.person().unwrap();
        let page = person.opens(&link(&created)).await;
        assert!(
            page.text("main").unwrap().contains(text),
            "{}",
            page.text("main").unwrap()
        );
        let form = company_form(&mut person, &stack, &link(&created)).await;
        assert_eq!(form.attribute("[name=companyName]", "value").unwrap(), text);
        let welcome = person
            .presses(&form, "#create-company", &[])
            .await
            .location()
            .unwrap();
        let welcome = person.opens(&welcome).await;
        assert!(
            welcome.text("main").unwrap().contains(text) && welcome.title().contains(text),
            "{}",
            welcome.title()
        );
    }
}

async fn markup_in_names_is_shown_as_text(store: Store) {
    let stack = start(store).await;
    let hostile = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'></title>";
    let mut posted = anna();
    for pointer in [
        "/recipient/firstName",
        "/recipient/lastName",
        "/inviter/name",
        "/inviter/organization",
        "/company/name",
        "/company/city",
    ] {
        *posted.pointer_mut(pointer).unwrap() = hostile.into();
    }
    posted["message"] = hostile.into();
    let created = post(&stack, posted.to_string()).await;
    assert_eq!(created.status, 201, "{}", created.body);
    let link = link(&created.json());
    let raw = |text: &str| {
        ["<script>alert", "<img", "onerror=alert(2)>"]
            .iter()
            .any(|markup| text.contains(markup))
    };
    let mail = email_to(&stack, KNOWN).await;
    assert!(
        !raw(&mail.html) && mail.html.contains("&#60;script&#62;"),
        "{}",
        mail.html
    );
    let mut anna = stack.person().unwrap();
    let page = anna.opens(&link).await;
    let form = company_form(&mut anna, &stack, &link).await;
    let welcome = anna
        .presses(&form, "#create-company", &[])
        .await
        .location()
        .unwrap();
    let welcome = anna.opens(&welcome).await;
    for page in [page, form, welcome] {
        assert!(
            page.status.is_success() && !raw(&page.body),
            "«{}»",
            page.title()
        );
        assert!(page.body.contains("script"), "it is shown as text");
    }
}

async fn link_from_the_response_works_without_email(store: Store) {
    let stack = start(store).await;
    let created = quietly(&stack, anna()).await;
    assert_eq!(created["delivery"]["mail"]["state"], "none");
    assert!(stack.mailbox.mails().is_empty());
    assert_eq!(
        whole_journey(&mut stack.person().unwrap(), &stack, &link(&created))
            .await
            .title(),
        "Welcome, Anna!"
    );
}

#[tokio::test]
async fn without_smtp_send_email_must_be_false() {
    let stack = start_with(Store::Embedded, &[("SMTP_URL", ""), ("MAIL_FROM", "")]).await;
    assert_eq!(
        post(&stack, anna().to_string()).await.pointers(),
        ["/sendEmail"]
    );
    assert_eq!(quietly(&stack, anna()).await["delivery"], json!({}));
}

async fn an_expiry_is_honoured(store: Store) {
    let stack = start(store).await;
    let mut posted = anna();
    for past in ["2001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"] {
        posted["expiresAt"] = past.into();
        assert_eq!(
            post(&stack, posted.to_string()).await.pointers(),
            ["/expiresAt"],
            "{past}"
        );
    }
    posted["expiresAt"] = in_seconds(2).replace('Z', "+00:00").into();
    let created = quietly(&stack, posted.clone()).await;
    assert_eq!(
        time_of(&created["expiresAt"]),
        time_of(&posted["expiresAt"])
    );
    let mut anna = stack.person().unwrap();
    assert_eq!(anna.opens(&link(&created)).await.status, 200);
    let authorize = anna.get_started(&link(&created)).await.unwrap();
    let callback = anna.signs_in_at(&stack.sign_in, &authorize, KNOWN).await;
    tokio::time::sleep(Duration::from_millis(2100)).await;
    assert_eq!(anna.opens(&link(&created)).await.status, 410);
    let late = anna.opens(&callback).await;
    assert_eq!(
        (late.status.as_u16(), late.title().as_str()),
        (410, "This invitation has expired"),
        "who is too late is not let in"
    );
    let read = api::get(&stack, created["id"].as_str().unwrap())
        .await
        .json();
    assert_eq!(read["status"], "expired");
}

#[tokio::test]
async fn an_accepted_invitation_does_not_expire() {
    let stack = start(Store::Embedded).await;
    let mut posted = anna();
    posted["expiresAt"] = in_seconds(3).into();
    let created = quietly(&stack, posted).await;
    let mut anna = stack.person().unwrap();
    let form = company_form(&mut anna, &stack, &link(&created)).await;
    tokio::time::sleep(Duration::from_millis(3100)).await;
    assert_eq!(
        anna.presses(&form, "#create-company", &[]).await.status,
        303
    );
    assert_eq!(anna.opens(&link(&created)).await.title(), "You are all set");
}

async fn refused_email_is_reported_and_invitation_kept(store: Store) {
    let stack = start(store).await;
    for (rule, state) in [
        (RecipientRule::permanent(KNOWN), "failed"),
        (RecipientRule::temporary(KNOWN), "retrying"),
        (RecipientRule::hang_up(KNOWN), "retrying"),
    ] {
        stack.mailbox.refuse(rule);
        let answer = post(&stack, anna().to_string()).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        let created = answer.json();
        let shown = api::settled(&stack, created["id"].as_str().unwrap()).await;
        assert_eq!(shown["delivery"]["mail"]["state"], state, "{shown}");
        assert_eq!(
            api::timeline(&shown).contains(&"invitation.delivery_failed"),
            state == "failed",
            "{shown}"
        );
        assert!(
            !shown["delivery"].to_string().contains('@'),
            "no address in what the mail server said: {shown}"
        );
        assert_eq!(
            stack.person().unwrap().opens(&link(&created)).await.status,
            200,
            "the invitation is unchanged"
        );
        stack.mailbox.accept_all();
    }
}

async fn a_journey_leaves_no_personal_data_in_the_log(store: Store) {
    let stack = start_with(store, &[("RUST_LOG", "trace")]).await;
    let mut posted = invitation(KNOWN, "Annaliese", "Meierhofer");
    posted["message"] = "Looking forward".into();
    let created = post(&stack, posted.to_string()).await.json();
    let link = link(&created);
    let mut person = stack.person().unwrap();
    let authorize = person.get_started(&link).await.unwrap();
    let callback = person.signs_in_at(&stack.sign_in, &authorize, KNOWN).await;
    let mut secrets: Vec<String> = person.cookies.values().cloned().collect();
    secrets.extend(
        reqwest::Url::parse(&callback)
            .unwrap()
            .query_pairs()
            .map(|(_, value)| value.into_owned()),
    );
    let company = person.opens(&callback).await.location().unwrap();
    let form = person.opens(&company).await;
    secrets.extend(person.cookies.values().cloned());
    secrets.extend(form.attribute("[name=token]", "value"));
    person
        .presses(&form, "#create-company", &[("phone", "?")])
        .await;
    person.presses(&form, "#create-company", &[]).await;
    person.opens("/api/Welcome").await;
    person.opens(&callback).await;
    for path in [
        "/api/InviteUser?invitationId=x&code=local-host-key",
        "/api/Nothing?code=local-host-key",
    ] {
        person.opens(path).await;
    }
    stack.mailbox.refuse(RecipientRule::permanent("*"));
    post(&stack, posted.to_string()).await;
    let guid = table::link_of(&link).reveal();
    secrets.extend([guid.replace('-', ""), guid].map(String::from));
    secrets.extend(
        [
            stack.setting("SESSION_KEYS").unwrap(),
            stack.setting("ENTRA_CLIENT_SECRET").unwrap(),
        ]
        .map(str::to_owned),
    );
    secrets.extend(
        [
            "local-host-key",
            KNOWN,
            "thomas.keller",
            "Annaliese",
            "Meierhofer",
            "Keller",
            "Meier Pr",
            "Seestrasse",
            "41 44 668",
            "4144668",
            "Looking forward",
        ]
        .map(str::to_owned),
    );
    secrets.extend(
        [
            "AccountKey",
            "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq",
            "eyJ",
        ]
        .map(str::to_owned),
    );
    log::answered(&stack.host, 9).await;
    let lines = stack.host.log();
    assert!(
        lines
            .iter()
            .any(|line| line.text.contains(created["id"].as_str().unwrap())),
        "the id is what operators look for"
    );
    assert!(
        lines.len() < 10_000,
        "the host keeps no more, so the first may be lost"
    );
    let issuer = stack.sign_in.url().to_owned();
    for secret in secrets
        .iter()
        .filter(|secret| secret.len() > 2 && !secret.starts_with(&issuer))
    {
        for line in &lines {
            assert!(
                !line.text.contains(secret.as_str()),
                "{secret} in {}",
                line.text
            );
        }
    }
}
