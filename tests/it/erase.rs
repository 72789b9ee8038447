//! The erasure of people's data: nothing of them is left, what happened and when stays, and a crash
//! is made up for.

use onboarding::{
    domain::{
        company::Company,
        invitation::{Account, Channel, InvitationId, Link, TryFailed},
    },
    store::Conditions,
};
use reqwest::Method;
use serde_json::{Value, json};
use support::{
    KNOWN, Store, WEBHOOK_SECRET,
    api::{self, request, send},
    company_form,
    faulty::{self, Fault},
    inside::Inside,
    invitation, invite, items, over_both_stores,
    people::Acts,
    receiver::Receiver,
    start,
};
use time::{Duration, OffsetDateTime, macros::datetime};
use uuid::Uuid;

over_both_stores! {
    erasure_keeps_only_the_timeline
    open_session_of_an_erased_invitation_ends
}

const START: OffsetDateTime = datetime!(2026-11-22 12:00 UTC);
const NO_BODY: Value = Value::Null;

/// Words that are about people; none may be left anywhere.
const WORDS: [&str; 11] = [
    "secret-mailbox",
    "Zerlina",
    "Quellwasser",
    "Beatus",
    "Maschinenfabrik",
    "C-99",
    "Bachweg",
    "Geheim",
    "link",
    "Firmenname",
    "0000dead",
];

fn posted() -> Value {
    json!({
        "recipient": {"email": "secret-mailbox@example.com", "firstName": "Zerlina", "lastName": "Quellwasser"},
        "inviter": {"name": "Beatus", "organization": "Maschinenfabrik", "email": "secret-mailbox-of-the-inviter@example.com"},
        "company": {"name": "Firmenname", "street": "Bachweg 1", "postalCode": "8000", "city": "Zürich", "country": "CH", "customerNumber": "C-99"},
        "message": "Geheim",
        "sendEmail": false
    })
}

fn account() -> Account {
    Account {
        tid: Uuid::from_u128(0xdead),
        oid: Uuid::from_u128(0x0000_dead),
    }
}

fn company() -> Company {
    let form = json!({
        "companyName": "Firmenname", "street": "Bachweg 2", "postalCode": "8000", "city": "Zürich", "country": "CH",
        "firstName": "Zerlina", "lastName": "Quellwasser"
    });
    Company::parse(&serde_json::from_value(form).unwrap()).unwrap()
}

async fn erase(inside: &Inside, id: InvitationId) -> (u16, Value) {
    inside
        .call(
            Method::POST,
            &format!("/api/Invitations/{id}/erase"),
            &NO_BODY,
        )
        .await
}

fn types(shown: &Value) -> Vec<&str> {
    items(&shown["timeline"])
        .map(|entry| entry["type"].as_str().unwrap())
        .collect()
}

async fn assert_nothing_is_left(inside: &Inside, id: InvitationId) {
    let dump = inside.table.dump().await;
    for word in WORDS {
        assert!(!dump.contains(word), "{word} in {dump}");
    }
    let keys = inside.table.keys().await;
    assert!(
        !keys.iter().any(|key| key.starts_with("email-")
            || key.starts_with("customer-")
            || key.contains("/state-")),
        "{keys:?}"
    );
    assert!(
        !keys.contains(&format!("{id}/company")) && !keys.contains(&format!("{id}/code")),
        "{keys:?}"
    );
}

/// An invitation that has come as far as `state`, with all that gathers on the way.
async fn in_state(inside: &Inside, state: &str) -> (Link, InvitationId) {
    let (link, id) = inside.invite(&posted()).await;
    let (store, now) = (inside.store(), inside.now());
    inside.use_state(id, "a state").await;
    store
        .codes
        .issue(id, account(), now)
        .await
        .unwrap()
        .unwrap();
    let history = store.invitations.history(id).await.unwrap().unwrap();
    let mut lease = store
        .deliveries
        .lease(&history, Channel::Mail, now)
        .await
        .unwrap()
        .unwrap();
    let failed = TryFailed::Never("550 no such user secret-mailbox@example.com".to_owned());
    let progress = history
        .progress(Channel::Mail)
        .clone()
        .fail(1, now, failed, now);
    let progress = progress.fail(
        2,
        now,
        TryFailed::Later("451 Zerlina is away".to_owned()),
        now,
    );
    assert!(
        store
            .deliveries
            .record(&mut lease, &progress, None)
            .await
            .unwrap()
    );
    match state {
        "pending" => {}
        "expired" => inside.wait(Duration::days(31)),
        "revoked" => drop(
            store
                .invitations
                .revoke(id, Some("Geheim".to_owned()), Conditions::default(), now)
                .await
                .unwrap(),
        ),
        "accepted" => drop(store.invitations.accept(id, account(), now).await.unwrap()),
        "completed" => {
            store.invitations.accept(id, account(), now).await.unwrap();
            store
                .companies
                .create(id, account(), &company(), now)
                .await
                .unwrap();
        }
        other => panic!("{other}"),
    }
    inside.wait(Duration::HOUR);
    assert_eq!(
        inside
            .call(Method::GET, &format!("/api/Invitations/{id}"), &NO_BODY)
            .await
            .1["status"],
        state
    );
    (link, id)
}

async fn erasure_keeps_only_the_timeline(store: Store) {
    for (state, left, events) in [
        (
            "pending",
            "revoked",
            vec!["invitation.created", "invitation.erased"],
        ),
        (
            "expired",
            "revoked",
            vec!["invitation.created", "invitation.erased"],
        ),
        (
            "revoked",
            "revoked",
            vec![
                "invitation.created",
                "invitation.revoked",
                "invitation.erased",
            ],
        ),
        (
            "accepted",
            "revoked",
            vec![
                "invitation.created",
                "invitation.accepted",
                "invitation.erased",
            ],
        ),
        (
            "completed",
            "completed",
            vec![
                "invitation.created",
                "invitation.accepted",
                "company.created",
                "invitation.erased",
            ],
        ),
    ] {
        let inside = Inside::start(store, START, &[]).await;
        let (link, id) = in_state(&inside, state).await;
        let before = inside
            .call(Method::GET, &format!("/api/Invitations/{id}"), &NO_BODY)
            .await
            .1;
        let (status, erased) = erase(&inside, id).await;
        assert_eq!(status, 200, "{erased}");
        let expected: Vec<&str> = [
            "id",
            "status",
            "createdAt",
            "expiresAt",
            "erasedAt",
            "timeline",
            "delivery",
        ]
        .into_iter()
        .chain(if left == "completed" {
            vec!["acceptedAt", "completedAt"]
        } else {
            vec!["revokedAt"]
        })
        .collect();
        let mut members: Vec<_> = erased
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        let mut sorted = expected.clone();
        sorted.sort_unstable();
        members.sort_unstable();
        assert_eq!(members, sorted, "{state}");
        assert_eq!(
            (erased["status"].as_str(), types(&erased)),
            (Some(left), events),
            "{state}"
        );
        assert_eq!(erased["createdAt"], before["createdAt"]);
        assert_eq!(
            erased["timeline"].as_array().unwrap()[..1],
            before["timeline"].as_array().unwrap()[..1]
        );
        assert_nothing_is_left(&inside, id).await;

        inside.wait(Duration::HOUR);
        assert_eq!(
            erase(&inside, id).await,
            (200, erased.clone()),
            "again, {state}"
        );
        for action in ["resend", "revoke"] {
            let (status, problem) = inside
                .call(
                    Method::POST,
                    &format!("/api/Invitations/{id}/{action}"),
                    &NO_BODY,
                )
                .await;
            assert_eq!(
                (status, problem["detail"].as_str()),
                (409, Some("The invitation is erased.")),
                "{action}"
            );
        }
        let page = inside
            .call(
                Method::GET,
                &format!("/api/Invitations?status={left}"),
                &NO_BODY,
            )
            .await
            .1;
        assert_eq!(
            (
                page["items"][0]["id"].clone(),
                page["items"][0]["erasedAt"].clone()
            ),
            (erased["id"].clone(), erased["erasedAt"].clone())
        );
        for filter in ["email=secret-mailbox@example.com", "customerNumber=C-99"] {
            assert_eq!(
                inside
                    .call(Method::GET, &format!("/api/Invitations?{filter}"), &NO_BODY)
                    .await
                    .1["items"],
                json!([]),
                "{filter}"
            );
        }
        let opened = inside
            .call(
                Method::GET,
                &format!("/api/InviteUser?invitationId={}", link.reveal()),
                &NO_BODY,
            )
            .await;
        assert_eq!(
            (opened.0, opened.1["type"].as_str()),
            (404, Some("urn:onboarding:problem:unknown-invitation"))
        );
    }
}

async fn open_session_of_an_erased_invitation_ends(store: Store) {
    let stack = start(store).await;
    let created = invite(&stack, &invitation(KNOWN, "Anna", "Meier")).await;
    let (id, link) = (
        created["id"].as_str().unwrap(),
        created["link"].as_str().unwrap(),
    );
    let mut anna = stack.person().unwrap();
    let form = company_form(&mut anna, &stack, link).await;
    let erased = send(request(
        &stack,
        Method::POST,
        &format!("/api/Invitations/{id}/erase"),
    ))
    .await;
    assert_eq!(erased.status, 200, "{}", erased.body);
    let pressed = anna.presses(&form, "#create-company", &[]).await;
    assert_eq!(pressed.status, 404, "{}", pressed.title());
    assert!(pressed.has("main a[href]"), "there is help");
    for path in ["/api/CreateCompany", "/api/Welcome", link] {
        let page = anna.opens(path).await;
        assert_eq!(page.status, 404, "{path}");
        assert!(page.has("main a[href]"), "{path}: there is help");
        assert!(!page.text("body").unwrap().contains("Meier"), "{path}");
    }
    assert_eq!(api::get(&stack, id).await.json()["status"], "revoked");
}

#[tokio::test]
async fn erasing_an_unknown_invitation_is_404() {
    let inside = Inside::start(Store::Embedded, START, &[]).await;
    let (status, problem) = erase(&inside, Link::random().id()).await;
    assert_eq!(
        (status, problem["type"].as_str()),
        (404, Some("urn:onboarding:problem:unknown-invitation"))
    );
}

/// Each write is the last one once, before it is done and after it.
#[tokio::test]
async fn interrupted_erasure_is_completed() {
    for (by_night, unheard) in [(false, false), (false, true), (true, false), (true, true)] {
        for commits in 0.. {
            let inside = Inside::start(Store::Embedded, START, &[]).await;
            let (_, id) = in_state(&inside, "completed").await;
            inside.fail_after(commits, unheard);
            let (status, _) = erase(&inside, id).await;
            let was_cut = inside.table.recover();
            let begun = inside.store().invitations.find(id).await.unwrap().is_none();
            if by_night && begun {
                inside.wait(Duration::DAY);
                assert_eq!(inside.tick("PurgeInvitations").await.0, 200);
            } else {
                assert_eq!(erase(&inside, id).await.0, 200, "after {commits}, {status}");
            }
            assert_nothing_is_left(&inside, id).await;
            if !was_cut {
                assert!(commits > 3, "{commits} writes");
                break;
            }
        }
    }
}

/// A request that was on its way when the erasure came writes a row behind it.
#[tokio::test]
async fn rows_written_after_erasure_are_purged() {
    let inside = Inside::start(Store::Embedded, START, &[]).await;
    let (_, id) = in_state(&inside, "pending").await;
    assert_eq!(erase(&inside, id).await.0, 200);
    inside
        .store()
        .codes
        .issue(id, account(), inside.now())
        .await
        .unwrap()
        .unwrap();
    inside.wait(Duration::DAY);
    assert_eq!(inside.tick("PurgeInvitations").await.0, 200);
    assert_nothing_is_left(&inside, id).await;
    assert!(
        !inside
            .table
            .keys()
            .await
            .iter()
            .any(|key| key.starts_with("erasures/"))
    );
    let (_, calls) = inside.tick("PurgeInvitations").await;
    assert_eq!(calls, 2 + 4 * 16, "nothing is left to look after");
}

#[tokio::test]
async fn erasure_retries_after_a_concurrent_write() {
    let inside = Inside::start(Store::Embedded, START, &[]).await;
    let (_, id) = in_state(&inside, "accepted").await;
    inside.table.plan(
        faulty::commits().of_row("invitation").once(),
        Fault::conflict_at("invitation"),
    );
    assert_eq!(erase(&inside, id).await.0, 200);
    assert_nothing_is_left(&inside, id).await;
}

#[tokio::test]
async fn pending_events_lose_personal_data_on_erasure() {
    let receiver = Receiver::start().await;
    let settings = [
        ("WEBHOOK_URL", receiver.url()),
        ("WEBHOOK_SECRET", WEBHOOK_SECRET),
        ("WEBHOOK_ALLOW_PRIVATE", "true"),
        // An e-mail that is tried leaves an error, for no one listens.
        ("SMTP_URL", "smtp://127.0.0.1:1"),
        ("MAIL_FROM", "no-reply@example.com"),
    ];
    let inside = Inside::start(Store::Embedded, START, &settings).await;
    let mut mailed = posted();
    mailed["sendEmail"] = json!(true);
    let (_, id) = inside.invite(&mailed).await;
    inside
        .store()
        .invitations
        .accept(id, account(), START)
        .await
        .unwrap();
    inside
        .store()
        .companies
        .create(id, account(), &company(), START)
        .await
        .unwrap();
    let (_, pending) = inside.invite(&mailed).await;
    for id in [id, pending] {
        assert_eq!(erase(&inside, id).await.0, 200);
    }
    // Where two intents meet, the second waits for the next tick.
    for _ in 0..3 {
        inside.wait(Duration::MINUTE);
        assert_eq!(inside.tick("DeliverEvents").await.0, 200);
    }
    let mut delivered: Vec<_> = receiver.types();
    delivered.sort();
    let expected = [
        "company.created",
        "invitation.accepted",
        "invitation.created",
        "invitation.created",
        "invitation.erased",
        "invitation.erased",
    ];
    assert_eq!(delivered, expected);
    for received in receiver.received() {
        let data = received.json()["data"].clone();
        let mut members: Vec<_> = data.as_object().unwrap().keys().cloned().collect();
        members.retain(|name| name != "companyId" && name != "previousStatus");
        let without_people = ["actor", "invitationId", "sequence", "status", "url"];
        assert_eq!(members, without_people, "{data}");
        assert!(
            !WORDS.iter().any(|word| received.body.contains(word)),
            "{}",
            received.body
        );
    }
    let shown = inside
        .call(Method::GET, &format!("/api/Invitations/{id}"), &NO_BODY)
        .await
        .1;
    assert_eq!(
        (
            shown["delivery"]["mail"]["state"].as_str(),
            shown["delivery"]["mail"]["attempts"].clone()
        ),
        (Some("none"), Value::Null)
    );
    assert_eq!(inside.table.intents().await, Vec::<String>::new());
}

#[tokio::test]
async fn joined_company_is_named_after_the_erasure() {
    let receiver = Receiver::start().await;
    let settings = [
        ("WEBHOOK_URL", receiver.url()),
        ("WEBHOOK_SECRET", WEBHOOK_SECRET),
        ("WEBHOOK_ALLOW_PRIVATE", "true"),
    ];
    let inside = Inside::start(Store::Embedded, START, &settings).await;
    let (invitations, companies) = (&inside.store().invitations, &inside.store().companies);
    let (_, first) = inside.invite(&posted()).await;
    let (_, second) = inside.invite(&posted()).await;
    for id in [first, second] {
        invitations.accept(id, account(), START).await.unwrap();
    }
    let company = company();
    let created = companies.create(first, account(), &company, START);
    created.await.unwrap();
    let shown = first.company_id();
    let joined = companies.join(second, account(), shown, Company::clone, START);
    joined.await.unwrap();
    assert_eq!(erase(&inside, second).await.0, 200);
    for _ in 0..3 {
        inside.wait(Duration::MINUTE);
        assert_eq!(inside.tick("DeliverEvents").await.0, 200);
    }
    let received = receiver.received();
    let joined = received.iter().map(|received| received.json());
    let joined: Vec<_> = joined
        .filter(|event| event["type"] == "company.joined")
        .collect();
    assert_eq!(joined.len(), 1);
    assert_eq!(joined[0]["data"]["companyId"], json!(shown));
    assert!(joined[0]["data"].get("company").is_none());
}
