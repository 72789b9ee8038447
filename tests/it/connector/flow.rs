//! A flow over the running service: every action, and the trigger.

use std::time::{Duration, Instant};

use local::{host::Keys, stack::Stack};
use reqwest::Client;
use serde_json::{Value, json};
use support::{
    KNOWN, Store,
    api::{self, send},
    email_to, invitation,
    power_platform::{Call, Connection, Response, WhenEmpty},
    start, whole_journey,
};

use super::{DEFINITION, PROPERTIES, file};

/// What the feed needs until an event has its place, and a little more.
const SETTLED: Duration = Duration::from_secs(17);

/// TLS ends before the service here.
fn over_http(call: Call) -> Response {
    Box::pin(async move {
        let address = call.url.as_str().replacen("https:", "http:", 1);
        let mut request = Client::new().request(call.method, address);
        for (name, value) in call.headers {
            request = request.header(name, value);
        }
        if !call.body.is_null() {
            request = request
                .header("content-type", "application/json")
                .body(call.body.to_string());
        }
        let answer = send(request).await;
        let body = serde_json::from_str(&answer.body).unwrap_or_default();
        (answer.status, body)
    })
}

fn connect(stack: &Stack, key: &str) -> Connection {
    let host = stack.host.url().trim_start_matches("http://").to_owned();
    let parameters = [("host", host.as_str()), ("api_key", key)];
    Connection::open(&file(DEFINITION), &file(PROPERTIES), &parameters, over_http)
}

async fn run(connection: &Connection, action: &str, inputs: Value) -> Value {
    let (status, outputs) = connection.run(action, &inputs).await;
    assert!((200..300).contains(&status), "{action} {status} {outputs}");
    outputs
}

/// What a person enters to invite a customer.
fn customer(email: &str, number: &str) -> Value {
    let mut body = invitation(email, "Anna", "Meier");
    body["company"]["customerNumber"] = number.into();
    body
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn flow_invites_and_hears_of_the_acceptance() {
    let stack = start(Store::Embedded).await;
    let connection = connect(&stack, &Keys::default().host);
    let before = api::post(&stack, customer(KNOWN, "C-0").to_string()).await;
    assert_eq!(before.status, 201);
    tokio::time::sleep(SETTLED).await;
    let accepted = json!({"type": "invitation.accepted"});
    let mut flow = connection.wait("OnInvitationEvent", accepted, WhenEmpty::Kept);
    assert_eq!(flow.poll().await.len(), 0);

    let body = customer("anna@elsewhere.example", "C-7");
    let inputs = json!({"Idempotency-Key": "row-7", "body": body});
    let invited = run(&connection, "CreateInvitation", inputs.clone()).await;
    let again = run(&connection, "CreateInvitation", inputs).await;
    assert_eq!(again["id"], invited["id"]);
    let id = &invited["id"];
    correct_and_resend(&connection, id).await;
    assert!(email_to(&stack, KNOWN).await.text.contains("My rConnect"));
    let link = invited["link"].as_str().unwrap();
    whole_journey(&mut stack.person().unwrap(), &stack, link).await;

    let events = next_events(&mut flow).await;
    let ids: Vec<_> = events
        .iter()
        .map(|event| &event["data"]["invitationId"])
        .collect();
    assert_eq!(ids, [id], "one acceptance, and nothing old");
    assert_eq!(flow.poll().await.len(), 0, "once");

    let companies = run(&connection, "FindCompany", json!({"customerNumber": "C-7"})).await;
    let members = &companies["items"][0]["members"];
    assert_eq!(members[0]["invitationId"], *id);
    let revoked = json!({"id": before.json()["id"], "body": {"reason": "by mistake"}});
    let revoked = run(&connection, "RevokeInvitation", revoked).await;
    assert_eq!(revoked["status"], "revoked");
}

async fn correct_and_resend(connection: &Connection, id: &Value) {
    let corrected = json!({"id": id, "body": {"recipient": {"email": KNOWN}}});
    run(connection, "UpdateInvitation", corrected).await;
    let found = json!({"customerNumber": "C-7", "status": "pending"});
    let found = run(connection, "FindInvitations", found).await;
    assert_eq!(
        (&found["items"][0]["id"], found["items"].get(1)),
        (id, None)
    );
    run(connection, "ResendInvitation", json!({"id": id})).await;
    let shown = run(connection, "GetInvitation", json!({"id": id})).await;
    assert_eq!(shown["recipient"]["email"], KNOWN);
}

/// Polls until there are events.
async fn next_events(flow: &mut support::power_platform::Trigger<'_>) -> Vec<Value> {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let events = flow.poll().await;
        if !events.is_empty() {
            return events;
        }
        assert!(Instant::now() < deadline, "no event within a minute");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

#[tokio::test]
async fn rejections_explain_themselves() {
    let stack = start(Store::Embedded).await;
    let connection = connect(&stack, &Keys::default().host);
    let mut body = customer(KNOWN, "C-1");
    body["company"]["postalCode"] = "1".into();
    let (status, problem) = connection
        .run("CreateInvitation", &json!({"body": body}))
        .await;
    let pointer = &problem["errors"][0]["pointer"];
    assert_eq!((status, pointer), (422, &"/company/postalCode".into()));
    let unknown = json!({"id": "0".repeat(32)});
    assert_eq!(connection.run("GetInvitation", &unknown).await.0, 404);
}
