//! What is done with an invitation at the desk: the verbs of the API, in an employee's name.

use local::{
    browser::{Page, ScriptedBrowser},
    stack::Stack,
    staff::{MANAGER, READER},
};
use reqwest::Method;
use serde_json::{Value, json};
use support::{
    KNOWN, Store, WEBHOOK_SECRET, api, invitation, invite, invite_quietly, over_both_stores,
    people::Acts, receiver::Receiver, start, start_with,
};

use super::scene::{DESK, id_of, signed_in};

over_both_stores! {
    each_change_is_recorded_with_its_employee
}

fn path(id: &str) -> String {
    format!("{DESK}/invitations/{id}")
}

async fn page(person: &mut ScriptedBrowser, id: &str) -> Page {
    let page = person.opens(&path(id)).await;
    assert_eq!(page.status, 200, "«{}»", page.title());
    page
}

/// Answers the question of a page, and opens what comes then.
async fn confirm(person: &mut ScriptedBrowser, id: &str, action: &str, reason: &str) -> Page {
    let asked = person.opens(&format!("{}/{action}", path(id))).await;
    let reason = [("reason", reason)];
    let done = person.presses(&asked, "#confirm", &reason).await;
    person.opens(&done.location().unwrap()).await
}

async fn kinds_and_actors(stack: &Stack, id: &str) -> Vec<(String, Value)> {
    let shown = api::settled(stack, id).await;
    let events = shown["timeline"].as_array().unwrap().iter();
    events
        .map(|event| {
            let kind = event["type"].as_str().unwrap();
            (kind.to_owned(), event["actor"].clone())
        })
        .collect()
}

async fn each_change_is_recorded_with_its_employee(store: Store) {
    let stack = start(store).await;
    let (link, id) = invite_quietly(&stack).await;
    let mut thomas = signed_in(&stack, MANAGER).await;
    let shown = page(&mut thomas, &id).await;
    let text = shown.text("main").unwrap();
    for part in ["Anna Meier", KNOWN, "Meier Präzision AG", "Pending", "GFMS"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!shown.body.contains(&link), "not before it is asked for");

    let with_link = thomas.presses(&shown, "#show-link", &[]).await;
    assert_eq!(with_link.text("#link pre").unwrap(), link);
    let resent = thomas.presses(&shown, "#resend", &[]).await;
    let resent = thomas.opens(&resent.location().unwrap()).await;
    assert!(resent.text("[role=status]").unwrap().contains("sent again"));
    let revoked = confirm(&mut thomas, &id, "revoke", "Wrong person").await;
    assert!(revoked.text("main").unwrap().contains("Wrong person"));
    let staff = json!({"type": "staff", "name": "Thomas Keller"});
    let events = kinds_and_actors(&stack, &id).await;
    for kind in [
        "invitation.link_revealed",
        "invitation.resent",
        "invitation.revoked",
    ] {
        let (_, actor) = events.iter().find(|(own, _)| own == kind).unwrap();
        assert_eq!(*actor, staff, "{kind}");
    }
    assert_eq!(events[0].1, json!({"type": "integrator"}));
    let timeline = revoked.text(".timeline").unwrap();
    assert!(timeline.contains("Revoked by Thomas Keller"), "{timeline}");

    let erased = confirm(&mut thomas, &id, "erase", "").await;
    let text = erased.text("main").unwrap();
    assert!(text.contains("was erased on"), "{text}");
    assert!(!text.contains("Anna") && !text.contains("Thomas"), "{text}");
    assert!(!erased.has("#resend") && !erased.has("#erase"));
}

#[tokio::test]
async fn webhook_names_the_employee() {
    let receiver = Receiver::start().await;
    let settings = [
        ("WEBHOOK_URL", receiver.url()),
        ("WEBHOOK_SECRET", WEBHOOK_SECRET),
        ("WEBHOOK_ALLOW_PRIVATE", "true"),
    ];
    let stack = start_with(Store::Embedded, &settings).await;
    let (_, id) = invite_quietly(&stack).await;
    let mut thomas = signed_in(&stack, MANAGER).await;
    confirm(&mut thomas, &id, "revoke", "").await;
    receiver.wait_for(2).await;
    let received = receiver.received();
    let mut events = received.iter().map(|event| event.json());
    let revoked = events.find(|event| event["type"] == "invitation.revoked");
    let actor = json!({"type": "staff", "name": "Thomas Keller"});
    assert_eq!(revoked.unwrap()["data"]["actor"], actor);
}

#[tokio::test]
async fn second_press_changes_nothing() {
    let stack = start(Store::Embedded).await;
    let (_, id) = invite_quietly(&stack).await;
    let mut thomas = signed_in(&stack, MANAGER).await;
    let shown = page(&mut thomas, &id).await;
    let resend = shown.form("#resend").unwrap();
    let (mut one, mut two) = (thomas.clone(), thomas.clone());
    let presses = tokio::join!(one.submits(&resend), two.submits(&resend));
    let again = thomas.submits(&resend).await;
    for answer in [presses.0, presses.1, again] {
        assert_eq!(answer.status, 303, "«{}»", answer.title());
    }
    let events = kinds_and_actors(&stack, &id).await;
    let resent = events
        .iter()
        .filter(|(kind, _)| kind == "invitation.resent");
    assert_eq!(resent.count(), 1);
}

#[tokio::test]
async fn change_of_a_colleague_is_not_overwritten() {
    let stack = start(Store::Embedded).await;
    let (_, id) = invite_quietly(&stack).await;
    let mut thomas = signed_in(&stack, MANAGER).await;
    let asked = thomas.opens(&format!("{}/revoke", path(&id))).await;
    let patch = json!({"message": "Corrected by a colleague"});
    assert_eq!(api::patch(&stack, &id, &patch).await.status, 200);
    let refused = thomas.presses(&asked, "#confirm", &[]).await;
    assert_eq!(refused.status, 412);
    let text = refused.text("main").unwrap();
    assert!(text.contains("has changed since"), "{text}");
    assert!(text.contains("Corrected by a colleague"), "as it is now");
    assert_eq!(api::get(&stack, &id).await.json()["status"], "pending");
    let revoked = confirm(&mut thomas, &id, "revoke", "").await;
    assert!(revoked.text("main").unwrap().contains("Revoked"));
}

#[tokio::test]
async fn refusals_are_in_plain_words() {
    let stack = start(Store::Embedded).await;
    let posted = invitation("late@example.com", "Anna", "Meier");
    let id = id_of(&invite(&stack, &posted).await);
    let mut thomas = signed_in(&stack, MANAGER).await;
    for _ in 0..5 {
        let shown = page(&mut thomas, &id).await;
        assert_eq!(thomas.presses(&shown, "#resend", &[]).await.status, 303);
    }
    let shown = page(&mut thomas, &id).await;
    let refused = thomas.presses(&shown, "#resend", &[]).await;
    assert_eq!(refused.status, 429);
    let alert = refused.text("[role=alert]").unwrap();
    assert!(alert.contains("Five e-mails were sent"), "{alert}");
    let asked = thomas.opens(&format!("{}/revoke", path(&id))).await;
    let mut form = asked.form("#confirm").unwrap();
    confirm(&mut thomas, &id, "revoke", "").await;
    let shown = page(&mut thomas, &id).await;
    let now = shown.form("#show-link").unwrap();
    for name in ["version", "key"] {
        let own = now.fields.iter().find(|(own, _)| own == name).unwrap();
        form.set(name, &own.1);
    }
    let refused = thomas.submits(&form).await;
    assert_eq!(refused.status, 409);
    let alert = refused.text("[role=alert]").unwrap();
    assert!(alert.contains("does not allow"), "{alert}");
}

#[tokio::test]
async fn reader_sees_no_link_and_changes_nothing() {
    let stack = start(Store::Embedded).await;
    let (link, id) = invite_quietly(&stack).await;
    let mut thomas = signed_in(&stack, MANAGER).await;
    let form = page(&mut thomas, &id).await.form("#show-link").unwrap();
    let mut lena = signed_in(&stack, READER).await;
    let shown = page(&mut lena, &id).await;
    assert!(shown.text("main").unwrap().contains("Anna Meier"));
    assert!(!shown.has("main form"), "nothing to press");
    let token = shown.attribute("input[name=token]", "value").unwrap();
    for action in ["link", "resend", "revoke", "erase", "correct"] {
        let mut form = form.clone();
        form.set("token", &token);
        let path = format!("{}/{action}", path(&id));
        let answer = lena.asks(Method::POST, &path, Some(&form.fields)).await;
        assert_eq!(answer.status, 403, "{action}");
        assert!(!answer.body.contains(&link), "{action}");
        assert_eq!(answer.title(), "Your role does not allow this");
        let asked = lena.opens(&path).await;
        assert!(asked.status == 403 || asked.status == 404, "{action}");
    }
    let events = kinds_and_actors(&stack, &id).await;
    assert_eq!(events.len(), 1, "{events:?}");
}

#[tokio::test]
async fn unknown_invitations_have_a_page() {
    let stack = start(Store::Embedded).await;
    let mut lena = signed_in(&stack, READER).await;
    for id in ["0".repeat(32), "x".to_owned(), "%3Cb%3E".to_owned()] {
        let answer = lena.opens(&path(&id)).await;
        assert_eq!(answer.status, 404, "{id}");
        assert_eq!(answer.title(), "There is no such invitation");
        assert!(answer.has("main a[href='/api/desk']"), "a way back");
    }
}

#[tokio::test]
async fn wrong_address_is_corrected_and_mailed_again() {
    let stack = start(Store::Embedded).await;
    let posted = invitation("anna@wrong.example", "Anna", "Meier");
    let id = id_of(&invite(&stack, &posted).await);
    let mut thomas = signed_in(&stack, MANAGER).await;
    let form = thomas.opens(&format!("{}/correct", path(&id))).await;
    assert_eq!(
        form.attribute("#email", "value").unwrap(),
        "anna@wrong.example"
    );
    let typed = [("email", "no address"), ("postalCode", "x")];
    let wrong = thomas.presses(&form, "#save", &typed).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.has("#email[aria-invalid]") && wrong.has("#postalCode[aria-invalid]"));
    assert_eq!(wrong.attribute("#email", "value").unwrap(), "no address");
    let right = [("email", KNOWN), ("postalCode", "8003")];
    let done = thomas.presses(&wrong, "#save", &right).await;
    let shown = thomas.opens(&done.location().unwrap()).await;
    let text = shown.text("main").unwrap();
    assert!(text.contains("Corrected by Thomas Keller"), "{text}");
    assert!(text.contains(KNOWN) && text.contains("8003"), "{text}");
    let resent = thomas.presses(&shown, "#resend", &[]).await;
    assert_eq!(resent.status, 303);
    support::email_to(&stack, KNOWN).await;
    let events = kinds_and_actors(&stack, &id).await;
    let updated = events
        .iter()
        .filter(|(kind, _)| kind == "invitation.updated");
    assert_eq!(updated.count(), 1);
}

#[tokio::test]
async fn overtaken_correction_keeps_what_was_typed() {
    let stack = start(Store::Embedded).await;
    let (_, id) = invite_quietly(&stack).await;
    let mut thomas = signed_in(&stack, MANAGER).await;
    let form = thomas.opens(&format!("{}/correct", path(&id))).await;
    let patch = json!({"recipient": {"lastName": "Muster"}});
    assert_eq!(api::patch(&stack, &id, &patch).await.status, 200);
    let typed = [("city", "Winterthur")];
    let overtaken = thomas.presses(&form, "#save", &typed).await;
    assert_eq!(overtaken.status, 412);
    assert_eq!(overtaken.attribute("#city", "value").unwrap(), "Winterthur");
    assert_eq!(overtaken.attribute("#lastName", "value").unwrap(), "Meier");
    let done = thomas
        .presses(&overtaken, "#save", &[("lastName", "Muster")])
        .await;
    assert_eq!(done.status, 303);
    let now = api::get(&stack, &id).await.json();
    assert_eq!(now["company"]["city"], "Winterthur");
    assert_eq!(now["recipient"]["lastName"], "Muster");
}

#[tokio::test]
async fn form_of_the_history_does_not_claim_to_be_saved() {
    let stack = start(Store::Embedded).await;
    let (_, id) = invite_quietly(&stack).await;
    let mut thomas = signed_in(&stack, MANAGER).await;
    let form = thomas.opens(&format!("{}/correct", path(&id))).await;
    let typed = [("city", "Winterthur")];
    for _ in 0..2 {
        let saved = thomas.presses(&form, "#save", &typed).await;
        assert_eq!(saved.status, 303, "also when it is sent twice");
    }
    let other = [("city", "Bern")];
    let refused = thomas.presses(&form, "#save", &other).await;
    assert_eq!(refused.status, 412, "it is another change");
    assert_eq!(refused.attribute("#city", "value").unwrap(), "Bern");
    let now = api::get(&stack, &id).await.json();
    assert_eq!(now["company"]["city"], "Winterthur");
}
