//! The trigger over days and hundreds of events: once each, nothing missed, nothing old, whatever
//! the platform keeps of a poll that returned nothing.

use onboarding::{app::Shared, store::SETTLED};
use serde_json::{Value, json};
use support::{
    KNOWN, Store,
    inside::{Inside, account, call},
    invitation,
    power_platform::{Connection, Trigger, WhenEmpty},
};
use time::{Duration, macros::datetime};

use super::{DEFINITION, PROPERTIES, file};

fn connect(app: Shared) -> Connection {
    let parameters = [("host", "invite.example.com"), ("api_key", "key")];
    Connection::open(
        &file(DEFINITION),
        &file(PROPERTIES),
        &parameters,
        move |request| {
            let app = app.clone();
            Box::pin(async move {
                let path = &request.url[url::Position::BeforePath..];
                call(&app, request.method, path, &request.body).await
            })
        },
    )
}

async fn start() -> Inside {
    Inside::start(Store::Embedded, datetime!(2026-11-22 12:00 UTC), &[]).await
}

/// Invites and accepts; returns the id.
async fn accepted(inside: &Inside) -> String {
    let mut posted = invitation(KNOWN, "Anna", "Meier");
    posted["sendEmail"] = false.into();
    let (_, id) = inside.invite(&posted).await;
    let invitations = &inside.store().invitations;
    invitations
        .accept(id, account(), inside.now())
        .await
        .unwrap();
    inside.wait(Duration::SECOND);
    id.to_string()
}

/// Polls until two in a row return nothing.
async fn drain(flow: &mut Trigger<'_>) -> Vec<String> {
    let mut seen = Vec::new();
    let mut empty = 0;
    while empty < 2 {
        let events = flow.poll().await;
        empty = if events.is_empty() { empty + 1 } else { 0 };
        seen.extend(events.iter().map(invitation_id));
    }
    seen
}

fn invitation_id(event: &Value) -> String {
    event["data"]["invitationId"].as_str().unwrap().to_owned()
}

async fn events_come_once(when_empty: WhenEmpty) {
    let inside = start().await;
    accepted(&inside).await;
    inside.wait(Duration::DAY);
    let connection = connect(inside.app.clone());
    let kind = json!({"type": "invitation.accepted"});
    let mut flow = connection.wait("OnInvitationEvent", kind, when_empty);
    assert_eq!(drain(&mut flow).await, [""; 0], "nothing old");
    let mut expected = Vec::new();
    // More than a page, then silence, then one more.
    for burst in [70, 1] {
        for _ in 0..burst {
            expected.push(accepted(&inside).await);
        }
        inside.wait(SETTLED + Duration::SECOND);
        assert_eq!(drain(&mut flow).await, expected);
        expected.clear();
        inside.wait(Duration::days(5));
        assert_eq!(drain(&mut flow).await, [""; 0], "once");
    }
}

#[tokio::test]
async fn events_come_once_if_the_state_is_kept() {
    events_come_once(WhenEmpty::Kept).await;
}

#[tokio::test]
async fn events_come_once_if_the_state_is_renewed() {
    events_come_once(WhenEmpty::Renewed).await;
}

#[tokio::test]
async fn events_between_two_polls_are_not_missed() {
    let inside = start().await;
    let connection = connect(inside.app.clone());
    let mut flow = connection.wait("OnInvitationEvent", json!({}), WhenEmpty::Kept);
    flow.poll().await;
    // Recorded between two polls; at the second one its place in the order is not certain yet.
    let id = accepted(&inside).await;
    assert_eq!(flow.poll().await.len(), 0);
    inside.wait(SETTLED + Duration::SECOND);
    assert_eq!(
        drain(&mut flow).await,
        [id.as_str(), id.as_str()],
        "created and accepted"
    );
}
