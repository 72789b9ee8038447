//! Events are delivered, at least once and in order: e-mail to people, a webhook to machines, the
//! timeline to all.

use std::{
    io::{ErrorKind, Write},
    net::TcpListener,
    process::{Command, Stdio},
    time::Duration,
};

use local::{host::Keys, mailbox::RecipientRule};
use serde_json::{Value, json};
use support::{
    KNOWN, Running, Store, WEBHOOK_SECRET, email_to, invitation, invite, items, link,
    people::Acts,
    receiver::{Received, Receiver},
    start, start_with, whole_journey,
};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

const NEXT_SECRET: &str = "whsec_ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=";

async fn with_webhook(store: Store, receiver: &Receiver) -> Running {
    let secrets = format!("{NEXT_SECRET} {WEBHOOK_SECRET}");
    start_with(
        store,
        &[
            ("WEBHOOK_URL", receiver.url()),
            ("WEBHOOK_SECRET", &secrets),
            ("WEBHOOK_ALLOW_PRIVATE", "true"),
        ],
    )
    .await
}

async fn call(stack: &Running, method: reqwest::Method, path: &str) -> (u16, Value) {
    let url = format!("{}/api/Invitations/{path}", stack.host.url());
    let answer = reqwest::Client::new()
        .request(method, url)
        .header("x-functions-key", Keys::default().host)
        .send()
        .await
        .unwrap();
    (
        answer.status().as_u16(),
        serde_json::from_str(&answer.text().await.unwrap()).unwrap_or_default(),
    )
}

async fn shown(stack: &Running, id: &str) -> Value {
    call(stack, reqwest::Method::GET, id).await.1
}

/// Waits until the channel's state is `state`, ticking the timer.
async fn wait_for_state(stack: &Running, id: &str, channel: &str, state: &str) -> Value {
    for _ in 0..120 {
        let invitation = shown(stack, id).await;
        if invitation["delivery"][channel]["state"] == state {
            return invitation;
        }
        stack.host.trigger("DeliverEvents").await.unwrap();
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    panic!(
        "{channel} never became {state}: {:#}",
        shown(stack, id).await["delivery"]
    );
}

fn timeline(invitation: &Value) -> Vec<&str> {
    items(&invitation["timeline"])
        .map(|entry| entry["type"].as_str().unwrap())
        .collect()
}

/// What the library that Standard Webhooks publishes for JavaScript says.
fn verified_by_the_reference_library(received: &Received, secret: &str) -> bool {
    let headers = ["webhook-id", "webhook-timestamp", "webhook-signature"]
        .map(|name| (name.to_owned(), received.header(name).to_owned()));
    let input = json!({"secret": secret, "headers": headers.into_iter().collect::<std::collections::BTreeMap<_, _>>(), "body": received.body});
    let mut node = Command::new("node")
        .arg(support::root().join("tests/tools/verify-webhook.mjs"))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    node.stdin
        .take()
        .unwrap()
        .write_all(input.to_string().as_bytes())
        .unwrap();
    node.wait().unwrap().success()
}

async fn a_whole_journey_is_told_in_order(store: Store) {
    let receiver = Receiver::start().await;
    let stack = with_webhook(store, &receiver).await;
    let mut posted = invitation(KNOWN, "Anna", "Meier");
    posted["metadata"] = json!({"order": "4711"});
    let created = invite(&stack, &posted).await;
    let (id, link) = (created["id"].as_str().unwrap(), link(&created));
    email_to(&stack, KNOWN).await;
    receiver.wait_for(2).await;
    let mut anna = stack.person().unwrap();
    let form = anna
        .signs_in(&link, &stack.sign_in, KNOWN)
        .await
        .location()
        .unwrap();
    let form = anna.opens(&form).await;
    anna.presses(&form, "#create-company", &[])
        .await
        .location()
        .unwrap();

    let all = [
        "invitation.created",
        "invitation.sent",
        "invitation.accepted",
        "company.created",
    ];
    assert_eq!(receiver.wait_for(4).await, all);
    let notice = email_to(&stack, "thomas.keller@gfms.example").await;
    assert!(
        notice.text.contains("Meier Präzision AG"),
        "{}",
        notice.text
    );
    wait_for_state(&stack, id, "webhook", "delivered").await;
    assert_eq!(
        timeline(&wait_for_state(&stack, id, "mail", "delivered").await),
        all
    );

    let received = receiver.received();
    let guid = link.split('=').next_back().unwrap();
    for (number, one) in received.iter().enumerate() {
        assert!(!one.body.contains(guid), "no one else gets the link");
        assert_eq!(one.header("webhook-id"), format!("{id}-{}", number + 1));
        assert_eq!(one.json()["data"]["sequence"], number + 1);
        assert!(one.json()["timestamp"].is_string());
    }
    assert_eq!(received[3].json()["data"]["company"]["city"], "Zürich");
    assert_eq!(received[3].json()["data"]["customerNumber"], "C-10042");
    for event in &received {
        assert_eq!(event.json()["data"]["metadata"], json!({"order": "4711"}));
    }
}

#[tokio::test]
async fn journey_events_arrive_in_order_embedded() {
    a_whole_journey_is_told_in_order(Store::Embedded).await;
}

#[tokio::test]
async fn journey_events_arrive_in_order_azurite() {
    a_whole_journey_is_told_in_order(Store::Azurite).await;
}

#[tokio::test]
async fn signature_verifies_in_another_language() {
    let receiver = Receiver::start().await;
    let stack = with_webhook(Store::Embedded, &receiver).await;
    invite(&stack, &invitation(KNOWN, "Anna", "Meier")).await;
    receiver.wait_for(1).await;
    let first = &receiver.received()[0];
    assert!(verified_by_the_reference_library(first, WEBHOOK_SECRET));
    assert!(verified_by_the_reference_library(first, NEXT_SECRET));
    assert!(!verified_by_the_reference_library(
        first,
        "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
    ));
    let altered = Received {
        body: first.body.replace("invitation", "Invitation"),
        ..first.clone()
    };
    assert!(!verified_by_the_reference_library(&altered, WEBHOOK_SECRET));
}

/// The e-mail goes out, which is an event, while the receiver still ponders the first one.
#[tokio::test]
async fn event_during_a_delivery_follows_at_once() {
    let slow = MockServer::start().await;
    let ponders = ResponseTemplate::new(200).set_delay(Duration::from_millis(1500));
    Mock::given(any()).respond_with(ponders).mount(&slow).await;
    let settings = [
        ("WEBHOOK_URL", slow.uri()),
        ("WEBHOOK_SECRET", WEBHOOK_SECRET.to_owned()),
        ("WEBHOOK_ALLOW_PRIVATE", "true".to_owned()),
    ];
    let stack = start_with(
        Store::Embedded,
        &settings
            .each_ref()
            .map(|(name, value)| (*name, value.as_str())),
    )
    .await;
    invite(&stack, &invitation(KNOWN, "Anna", "Meier")).await;

    let mut notice = Vec::new();
    for _ in 0..100 {
        notice = slow.received_requests().await.unwrap();
        if notice.len() >= 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let types: Vec<Value> = notice
        .iter()
        .map(|request| request.body_json::<Value>().unwrap()["type"].take())
        .collect();
    assert_eq!(types, ["invitation.created", "invitation.sent"]);
}

async fn is_tried_again_after(answer: u16) {
    let receiver = Receiver::start().await;
    receiver.answer_next(&[answer]);
    let stack = with_webhook(Store::Embedded, &receiver).await;
    let created = invite(&stack, &invitation(KNOWN, "Anna", "Meier")).await;
    let id = created["id"].as_str().unwrap();
    let retrying = wait_for_state(&stack, id, "webhook", "retrying").await;
    let delivery = &retrying["delivery"]["webhook"];
    assert!(
        delivery["nextAttempt"].is_string()
            && delivery["lastError"]
                .as_str()
                .unwrap()
                .contains(&answer.to_string()),
        "{delivery}"
    );
    wait_for_state(&stack, id, "webhook", "delivered").await;
    assert_eq!(
        receiver.types(),
        ["invitation.created", "invitation.sent"],
        "the order stays"
    );
    let received = receiver.received();
    assert_eq!(received.len(), 3);
    assert_eq!(
        received[0].header("webhook-id"),
        received[1].header("webhook-id"),
        "a repetition is recognisable"
    );
}

#[tokio::test]
async fn a_receiver_that_fails_is_tried_again() {
    is_tried_again_after(503).await;
}

#[tokio::test]
async fn a_redirect_is_a_failure_and_is_not_followed() {
    is_tried_again_after(302).await;
}

#[tokio::test]
async fn gone_receiver_gets_nothing_until_redelivery() {
    let receiver = Receiver::start().await;
    receiver.answer_next(&[410]);
    let stack = with_webhook(Store::Embedded, &receiver).await;
    let created = invite(&stack, &invitation(KNOWN, "Anna", "Meier")).await;
    let id = created["id"].as_str().unwrap();
    let failed = wait_for_state(&stack, id, "webhook", "failed").await;
    let reasons: Vec<_> = items(&failed["delivery"]["webhook"]["failed"])
        .map(|one| one["reason"].as_str().unwrap())
        .collect();
    assert!(
        reasons.iter().all(|reason| reason.contains("410")),
        "{reasons:?}"
    );
    email_to(&stack, KNOWN).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(receiver.received().len(), 1, "after 410 it is left alone");

    let (status, _) = call(&stack, reqwest::Method::POST, &format!("{id}/resend")).await;
    assert_eq!(status, 200);
    wait_for_state(&stack, id, "webhook", "delivered").await;
    assert_eq!(
        receiver.types()[..2],
        ["invitation.created", "invitation.sent"]
    );
}

fn nobody_may_connect() -> TcpListener {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    listener
}

/// A connection waits to be accepted as soon as it was made.
fn nobody_connected(listener: &TcpListener) -> bool {
    listener
        .accept()
        .is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
}

#[tokio::test]
async fn private_address_gets_no_connection() {
    let (receiver, proxy) = (nobody_may_connect(), nobody_may_connect());
    let url = format!(
        "https://localhost:{}/hook",
        receiver.local_addr().unwrap().port()
    );
    let proxy_url = format!("http://{}", proxy.local_addr().unwrap());
    let settings = [
        ("WEBHOOK_URL", &*url),
        ("WEBHOOK_SECRET", WEBHOOK_SECRET),
        ("HTTPS_PROXY", &proxy_url),
        ("NO_PROXY", ""),
        ("no_proxy", ""),
    ];
    let stack = start_with(Store::Embedded, &settings).await;
    let created = invite(&stack, &invitation(KNOWN, "Anna", "Meier")).await;
    let retrying = wait_for_state(
        &stack,
        created["id"].as_str().unwrap(),
        "webhook",
        "retrying",
    )
    .await;
    let why = retrying["delivery"]["webhook"]["lastError"]
        .as_str()
        .unwrap();
    assert!(why.starts_with("the address is not public"), "{why}");
    assert!(nobody_connected(&receiver) && nobody_connected(&proxy));
}

/// Each status is that after its event, as docs/API.md promises, however late it is delivered.
#[tokio::test]
async fn late_or_repeated_events_are_unchanged() {
    let receiver = Receiver::start().await;
    receiver.answer_next(&[200, 410]);
    let stack = with_webhook(Store::Embedded, &receiver).await;
    let created = invite(&stack, &invitation(KNOWN, "Anna", "Meier")).await;
    let id = created["id"].as_str().unwrap();
    wait_for_state(&stack, id, "webhook", "failed").await;
    whole_journey(&mut stack.person().unwrap(), &stack, &link(&created)).await;
    for _ in 0..200 {
        if shown(&stack, id).await["delivery"]["webhook"]["failed"]
            .as_array()
            .unwrap()
            .len()
            == 3
        {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(
        call(&stack, reqwest::Method::POST, &format!("{id}/resend"))
            .await
            .0,
        200
    );
    receiver.wait_for(4).await;

    let received = receiver.received();
    let notice: Vec<_> = received
        .iter()
        .map(|one| {
            (
                one.json()["type"].clone(),
                one.json()["data"]["status"].clone(),
            )
        })
        .collect();
    let expected = [
        ("invitation.created", "pending"),
        ("invitation.sent", "pending"),
        ("invitation.sent", "pending"),
        ("invitation.accepted", "accepted"),
        ("company.created", "completed"),
    ];
    assert_eq!(
        notice,
        expected.map(|(kind, status)| (kind.into(), status.into()))
    );
    assert_eq!(
        received[1].body, received[2].body,
        "a repetition says the same"
    );
}

#[tokio::test]
async fn email_batch_uses_few_connections() {
    let stack = start(Store::Embedded).await;
    let batch: Vec<Value> = (0..60)
        .map(|at| invitation(&format!("anna-{at}@meier.example"), "Anna", "Meier"))
        .collect();
    let url = format!("{}/api/Invitations", stack.host.url());
    let post = reqwest::Client::new()
        .post(url)
        .header("x-functions-key", Keys::default().host);
    let answer = post
        .header("content-type", "application/json")
        .body(Value::from(batch).to_string())
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    for at in 0..60 {
        stack
            .mailbox
            .wait_for(&format!("anna-{at}@meier.example"), Duration::from_secs(30))
            .await
            .unwrap();
    }
    // One for each delivery at the same time: eight at once, and eight of the timer if it ticks
    // meanwhile.
    assert!(
        stack.mailbox.sessions() <= 16,
        "{}",
        stack.mailbox.sessions()
    );
}

#[tokio::test]
async fn retried_email_keeps_its_message_id() {
    let stack = start(Store::Embedded).await;
    stack
        .mailbox
        .refuse(RecipientRule::temporary(KNOWN).times(1));
    let created = invite(&stack, &invitation(KNOWN, "Anna", "Meier")).await;
    let id = created["id"].as_str().unwrap();
    wait_for_state(&stack, id, "mail", "retrying").await;
    let sent = wait_for_state(&stack, id, "mail", "delivered").await;
    assert_eq!(timeline(&sent), ["invitation.created", "invitation.sent"]);
    let mail = stack
        .mailbox
        .wait_for(KNOWN, Duration::from_secs(5))
        .await
        .unwrap();
    assert!(
        mail.header("Message-ID")
            .unwrap()
            .contains(&format!("{id}-1@"))
    );
    assert_eq!(mail.header("Auto-Submitted"), Some("auto-generated"));
}

#[tokio::test]
async fn permanent_refusal_fails_at_once_and_allows_resend() {
    let stack = start(Store::Embedded).await;
    stack
        .mailbox
        .refuse(RecipientRule::permanent(KNOWN).times(1));
    let created = invite(&stack, &invitation(KNOWN, "Anna", "Meier")).await;
    let id = created["id"].as_str().unwrap();
    let failed = wait_for_state(&stack, id, "mail", "failed").await;
    assert_eq!(
        timeline(&failed),
        ["invitation.created", "invitation.delivery_failed"]
    );
    let reason = &failed["delivery"]["mail"]["failed"][0]["reason"];
    assert_eq!(
        reason,
        "the mail server refused the e-mail: there is no such mailbox (550 5.1.1)"
    );

    let (status, _) = call(&stack, reqwest::Method::POST, &format!("{id}/resend")).await;
    assert_eq!(status, 200);
    let sent = wait_for_state(&stack, id, "mail", "delivered").await;
    assert_eq!(
        timeline(&sent),
        [
            "invitation.created",
            "invitation.delivery_failed",
            "invitation.resent",
            "invitation.sent"
        ]
    );
    assert!(
        sent["delivery"]["mail"]["failed"].is_null()
            && sent["delivery"]["mail"]["lastDeliveredAt"].is_string()
    );
    assert_eq!(stack.mailbox.mails_to(KNOWN).len(), 1);
    let (status, revoked) = call(&stack, reqwest::Method::POST, &format!("{id}/revoke")).await;
    assert_eq!(
        (status, revoked["status"].as_str().unwrap()),
        (200, "revoked")
    );
    let (status, problem) = call(&stack, reqwest::Method::POST, &format!("{id}/resend")).await;
    assert_eq!(status, 409);
    assert!(
        problem["detail"].as_str().unwrap().contains("revoked"),
        "{problem}"
    );
}

#[tokio::test]
async fn a_receiver_that_takes_too_long_has_failed() {
    let receiver = Receiver::start().await;
    receiver.take_time(Duration::from_secs(17));
    let stack = with_webhook(Store::Embedded, &receiver).await;
    let created = invite(&stack, &invitation(KNOWN, "Anna", "Meier")).await;
    let retrying = wait_for_state(
        &stack,
        created["id"].as_str().unwrap(),
        "webhook",
        "retrying",
    )
    .await;
    assert_eq!(
        retrying["delivery"]["webhook"]["lastError"],
        "no answer within 15 seconds"
    );
}

#[tokio::test]
async fn two_instances_that_find_the_same_work_do_it_once() {
    let receiver = Receiver::start().await;
    receiver.take_time(Duration::from_secs(8));
    let stack = with_webhook(Store::Azurite, &receiver).await;
    let second = stack.another_instance(&[]).await.unwrap();
    let mut quiet = invitation(KNOWN, "Anna", "Meier");
    quiet["sendEmail"] = false.into();
    let created = invite(&stack, &quiet).await;
    // Longer than the head start of the instance that caused the event, while that instance still
    // waits for the answer.
    tokio::time::sleep(Duration::from_millis(5500)).await;
    for _ in 0..3 {
        let (first, other) = tokio::join!(
            stack.host.trigger("DeliverEvents"),
            second.trigger("DeliverEvents")
        );
        first.and(other).unwrap();
    }
    wait_for_state(
        &stack,
        created["id"].as_str().unwrap(),
        "webhook",
        "delivered",
    )
    .await;
    assert_eq!(
        receiver.received().len(),
        1,
        "who does not hold the lease leaves it alone"
    );
}

#[tokio::test]
async fn unreadable_link_is_reported() {
    let stack = start(Store::Azurite).await;
    let created = invite(&stack, &invitation(KNOWN, "Anna", "Meier")).await;
    let id = created["id"].as_str().unwrap();
    wait_for_state(&stack, id, "mail", "delivered").await;
    // As after a rotation that dropped the key before the invitations that were sealed with it had
    // run out.
    let key =
        "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZg==";
    let rotated = stack
        .another_instance(&[("SESSION_KEYS", key)])
        .await
        .unwrap();
    let url = format!("{}/api/Invitations/{id}/resend", rotated.url());
    let answer = reqwest::Client::new()
        .post(url)
        .header("x-functions-key", Keys::default().host)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    let failed = wait_for_state(&stack, id, "mail", "failed").await;
    assert!(
        failed["delivery"]["mail"]["failed"][0]["reason"]
            .as_str()
            .unwrap()
            .contains("SESSION_KEYS")
    );
    assert_eq!(
        timeline(&failed).last(),
        Some(&"invitation.delivery_failed")
    );
}

#[tokio::test]
async fn mailbox_of_any_script_gets_its_invitation() {
    let stack = start(Store::Embedded).await;
    for address in [
        "संपर्क@example.in",
        "ผู้จัดการ@example.th",
        "mu\u{308}ller@example.de",
        "o'brien@example.ie",
    ] {
        invite(&stack, &invitation(address, "Anna", "Meier")).await;
        let mail = stack.mailbox.wait_for(address, Duration::from_secs(30));
        mail.await.unwrap();
    }
}

#[tokio::test]
async fn smtp_auth_failure_does_not_fail_the_email() {
    let stack = start(Store::Embedded).await;
    stack
        .mailbox
        .refuse(RecipientRule::credentials(KNOWN).times(1));
    let created = invite(&stack, &invitation(KNOWN, "Anna", "Meier")).await;
    wait_for_state(&stack, created["id"].as_str().unwrap(), "mail", "retrying").await;
}

#[tokio::test]
async fn tick_cost_depends_on_due_work_only() {
    let stack = start(Store::Azurite).await;
    let mut quiet = invitation(KNOWN, "Anna", "Meier");
    quiet["sendEmail"] = false.into();
    // The first asks also whether the delivery is paused since an import.
    invite(&stack, &quiet).await;
    stack.host.trigger("DeliverEvents").await.unwrap();
    let mut costs = Vec::new();
    // The first tick of a process also reads where earlier versions kept intents.
    stack.host.trigger("DeliverEvents").await.unwrap();
    for invitations in [1, 40] {
        for _ in 0..invitations {
            invite(&stack, &quiet).await;
        }
        stack.host.trigger("DeliverEvents").await.unwrap();
        costs.push(tick_costs(&stack).pop().unwrap());
    }
    assert_eq!(costs[0], costs[1]);
}

/// The calls to the store of each tick so far.
fn tick_costs(stack: &Running) -> Vec<u64> {
    let lines = stack
        .host
        .log()
        .into_iter()
        .filter_map(|line| serde_json::from_str::<Value>(&line.text).ok());
    let ticks = lines.filter(|line| {
        line["span"]["function"] == "DeliverEvents" && line["message"] == "request completed"
    });
    ticks
        .map(|line| line["storage_calls"].as_u64().unwrap())
        .collect()
}
