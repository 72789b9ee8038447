//! What an integrator changes about an invitation: PATCH, resend, link, metadata.

use local::stack::Stack;
use reqwest::Method;
use serde_json::{Value, json};
use support::{
    KNOWN, Store,
    api::{self, Answer, request, send},
    email_to, invitation, link, start,
};

async fn created(stack: &Stack, posted: Value) -> (String, Value) {
    let created = api::post(stack, posted.to_string()).await;
    assert_eq!(created.status, 201, "{}", created.body);
    let created = created.json();
    (created["id"].as_str().unwrap().to_owned(), created)
}

fn quiet() -> Value {
    let mut posted = invitation(KNOWN, "Anna", "Meier");
    posted["sendEmail"] = false.into();
    posted
}

async fn listed(stack: &Stack, email: &str) -> usize {
    let query = format!("/api/Invitations?email={email}");
    let answer = send(request(stack, Method::GET, &query)).await;
    answer.json()["items"].as_array().unwrap().len()
}

#[tokio::test]
async fn a_patch_changes_what_it_names() {
    let stack = start(Store::Embedded).await;
    let mut posted = quiet();
    posted["metadata"] = json!({"order": "4711", "machine": "M-1"});
    posted["message"] = "See you".into();
    let (id, before) = created(&stack, posted).await;
    assert_eq!(before["metadata"]["order"], "4711");
    assert_eq!(before["sendEmail"], false);
    let patch = json!({
        "recipient": {"firstName": "Ann", "locale": "de"},
        "message": null,
        "metadata": {"order": "4712", "machine": null},
        "expiresAt": "2036-01-31T12:00:00Z"
    });
    let after = api::patch(&stack, &id, &patch).await;
    assert_eq!(after.status, 200, "{}", after.body);
    let after = after.json();
    assert_eq!(after["recipient"]["firstName"], "Ann");
    assert_eq!(after["recipient"]["lastName"], "Meier");
    assert_eq!(after["company"], before["company"]);
    assert_eq!(after["metadata"], json!({"order": "4712"}));
    assert_eq!(after["expiresAt"], "2036-01-31T12:00:00Z");
    assert!(after.get("message").is_none());
    assert_eq!(
        api::timeline(&after),
        ["invitation.created", "invitation.updated"]
    );
    let same = api::patch(&stack, &id, &patch).await.json();
    assert_eq!(
        api::timeline(&same),
        api::timeline(&after),
        "nothing changed"
    );
}

#[tokio::test]
async fn a_patch_obeys_the_rules_of_a_creation() {
    let stack = start(Store::Embedded).await;
    let (id, _) = created(&stack, quiet()).await;
    let wrong = json!({
        "recipient": {"email": "nobody", "lastName": 7},
        "company": {"country": "UK"},
        "sendEmail": true,
        "companyId": null,
        "expiresAt": "2020-01-31T12:00:00Z",
        "color": "red"
    });
    let pointers = api::patch(&stack, &id, &wrong).await.pointers();
    for pointer in [
        "/color",
        "/company/country",
        "/companyId",
        "/expiresAt",
        "/recipient/email",
        "/recipient/lastName",
        "/sendEmail",
    ] {
        assert!(pointers.iter().any(|own| own == pointer), "{pointers:?}");
    }
    assert_eq!(api::patch(&stack, &id, &json!([])).await.pointers(), [""]);
    let shown = api::get(&stack, &id).await.json();
    assert_eq!(api::timeline(&shown), ["invitation.created"]);
}

#[tokio::test]
async fn a_patch_depends_on_state_and_version() {
    let stack = start(Store::Embedded).await;
    let (id, _) = created(&stack, quiet()).await;
    let conditional = async |tag: &str, name: &str| {
        let request = request(&stack, Method::PATCH, &format!("/api/Invitations/{id}"))
            .header("content-type", "application/json")
            .header("if-match", tag)
            .body(json!({"recipient": {"email": format!("{name}@example.com")}}).to_string());
        send(request).await
    };
    let tag = api::get(&stack, &id).await.header("etag").to_owned();
    assert_eq!(conditional(&tag, "first").await.status, 200);
    let stale = conditional(&tag, "second").await;
    assert_eq!(stale.problem(), "precondition-failed");
    let patch = json!({"message": "late"});
    api::act(&stack, &id, "revoke", &json!({})).await;
    let revoked = api::patch(&stack, &id, &patch).await;
    assert_eq!(revoked.problem(), "invalid-state");
    assert_eq!(revoked.json()["detail"], "The invitation is revoked.");
    api::act(&stack, &id, "erase", &json!({})).await;
    let erased = api::patch(&stack, &id, &patch).await;
    assert_eq!(erased.problem(), "unknown-invitation");
}

#[tokio::test]
async fn another_mailbox_is_found_and_the_old_one_forgotten() {
    let stack = start(Store::Embedded).await;
    let (id, created) = created(&stack, quiet()).await;
    let new = "anna.new@example.com";
    let patched = api::patch(&stack, &id, &json!({"recipient": {"email": new}})).await;
    assert_eq!(patched.status, 200, "{}", patched.body);
    assert_eq!(
        (listed(&stack, KNOWN).await, listed(&stack, new).await),
        (0, 1)
    );
    assert!(stack.mailbox.mails().is_empty(), "PATCH sends no e-mail");
    api::act(&stack, &id, "resend", &json!({})).await;
    let mail = email_to(&stack, new).await;
    assert!(mail.text.contains(&link(&created)), "the link is the same");
    assert!(stack.mailbox.mails_to(KNOWN).is_empty());
}

#[tokio::test]
async fn resend_can_extend_without_an_email() {
    let stack = start(Store::Embedded).await;
    let mut posted = quiet();
    posted["expiresAt"] = support::in_seconds(3600).into();
    let (id, before) = created(&stack, posted).await;
    let after = api::act(&stack, &id, "resend", &json!({"sendEmail": false})).await;
    assert_eq!(after.status, 200, "{}", after.body);
    assert!(after.json()["expiresAt"].as_str() > before["expiresAt"].as_str());
    let shown = api::settled(&stack, &id).await;
    assert_eq!(shown["delivery"]["mail"]["state"], "none");
    let wrong = api::act(&stack, &id, "resend", &json!({"sendEmail": 1, "x": 2})).await;
    assert_eq!(wrong.pointers(), ["/sendEmail", "/x"]);
}

#[tokio::test]
async fn a_sixth_email_in_a_day_is_refused() {
    let stack = start(Store::Embedded).await;
    let (id, _) = created(&stack, quiet()).await;
    let resend = async |body: Value| -> Answer { api::act(&stack, &id, "resend", &body).await };
    for _ in 0..5 {
        assert_eq!(resend(json!({})).await.status, 200);
    }
    let refused = resend(json!({})).await;
    assert_eq!(
        (refused.status, refused.problem().as_str()),
        (429, "too-many-emails")
    );
    let seconds: u64 = refused.header("retry-after").parse().unwrap();
    assert!((86_000..=86_400).contains(&seconds), "{seconds}");
    assert_eq!(resend(json!({"sendEmail": false})).await.status, 200);
}

#[tokio::test]
async fn link_reveal_is_recorded() {
    let stack = start(Store::Embedded).await;
    let (id, created) = created(&stack, quiet()).await;
    let again = api::act(&stack, &id, "link", &json!({})).await;
    assert_eq!(again.status, 200, "{}", again.body);
    let again = again.json();
    assert_eq!(link(&again), link(&created));
    assert_eq!(
        api::timeline(&again),
        ["invitation.created", "invitation.link_revealed"]
    );
    assert!(api::get(&stack, &id).await.json().get("link").is_none());
    api::act(&stack, &id, "erase", &json!({})).await;
    let erased = api::act(&stack, &id, "link", &json!({})).await;
    assert_eq!(erased.problem(), "invalid-state");
    let unknown = api::act(&stack, &"0".repeat(32), "link", &json!({})).await;
    assert_eq!(unknown.problem(), "unknown-invitation");
}
