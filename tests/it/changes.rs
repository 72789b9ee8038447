//! What an integrator changes about an invitation: PATCH, resend, link, metadata.

use local::{
    mailbox::{Mailbox, MailboxOptions, RecipientRule},
    stack::Stack,
};
use onboarding::domain::invitation::InvitationId;
use reqwest::Method;
use serde_json::{Value, json};
use support::{
    KNOWN, Store,
    api::{self, Answer, request, send},
    email_to,
    inside::{Inside, account},
    invitation, link, start,
};
use time::{Duration, macros::datetime};

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
    let unchanged = api::patch(&stack, &id, &json!({"message": null})).await;
    assert_eq!(unchanged.problem(), "invalid-state");
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

/// One that the mail server has not taken yet.
#[tokio::test]
async fn email_to_the_former_mailbox_is_dropped() {
    let (scene, id) = inside_with(KNOWN).await;
    scene.mailbox.refuse(RecipientRule::temporary(KNOWN));
    scene.tick().await;
    scene.change_mailbox(id).await;
    scene.mailbox.accept_all();
    for _ in 0..3 {
        scene.inside.wait(Duration::HOUR);
        scene.tick().await;
    }
    assert!(scene.mailbox.mails().is_empty());
}

#[tokio::test]
async fn codes_of_the_former_mailbox_are_void() {
    let (scene, id) = inside_with(KNOWN).await;
    let (codes, now) = (&scene.inside.store().codes, scene.inside.now());
    codes.issue(id, account(), now).await.unwrap().unwrap();
    assert!(scene.keys_with("/code").await > 0);
    scene.change_mailbox(id).await;
    assert_eq!(scene.keys_with("/code").await, 0);
}

#[tokio::test]
async fn erasure_forgets_the_former_mailbox_too() {
    let (scene, id) = inside_with(KNOWN).await;
    scene.change_mailbox(id).await;
    assert_eq!(scene.keys_with("email-").await, 2);
    let path = format!("/api/Invitations/{id}/erase");
    let erased = scene.inside.call(Method::POST, &path, &Value::Null).await;
    assert_eq!(erased.0, 200, "{}", erased.1);
    assert_eq!(scene.keys_with("email-").await, 0);
}

#[tokio::test]
async fn wrong_method_is_answered_by_the_right_ones() {
    let (scene, id) = inside_with(KNOWN).await;
    for (method, path, allowed) in [
        (
            Method::PUT,
            format!("/api/Invitations/{id}"),
            ["GET", "PATCH"].as_slice(),
        ),
        (
            Method::GET,
            format!("/api/Invitations/{id}/resend"),
            &["POST"],
        ),
        (
            Method::DELETE,
            "/api/Invitations".to_owned(),
            &["GET", "POST"],
        ),
        (Method::POST, "/api/Companies".to_owned(), &["GET"]),
    ] {
        let (status, problem) = scene.inside.call(method, &path, &Value::Null).await;
        assert_eq!(status, 405, "{path}: {problem}");
        let detail = problem["detail"].as_str().unwrap();
        assert!(
            allowed.iter().all(|method| detail.contains(method)),
            "{detail}"
        );
    }
}

struct Scene {
    inside: Inside,
    mailbox: Mailbox,
}

/// An invitation of which nothing was delivered yet.
async fn inside_with(recipient: &str) -> (Scene, InvitationId) {
    let mailbox = Mailbox::start(MailboxOptions::default()).await.unwrap();
    let settings = [
        ("SMTP_URL", mailbox.smtp_url()),
        ("MAIL_FROM", "no-reply@example.com"),
    ];
    let now = datetime!(2026-11-22 12:00 UTC);
    let inside = Inside::start(Store::Embedded, now, &settings).await;
    let (_, id) = inside.invite(&invitation(recipient, "Anna", "Meier")).await;
    (Scene { inside, mailbox }, id)
}

impl Scene {
    async fn tick(&self) {
        self.inside.wait(Duration::MINUTE);
        assert_eq!(self.inside.tick("DeliverEvents").await.0, 200);
    }

    async fn change_mailbox(&self, id: InvitationId) {
        let patch = json!({"recipient": {"email": "anna.new@example.com"}});
        let path = format!("/api/Invitations/{id}");
        let (status, answer) = self.inside.call(Method::PATCH, &path, &patch).await;
        assert_eq!(status, 200, "{answer}");
    }

    async fn keys_with(&self, part: &str) -> usize {
        let keys = self.inside.table.keys().await;
        keys.iter().filter(|key| key.contains(part)).count()
    }
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
