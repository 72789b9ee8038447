//! Creating invitations: several at once, the same ones again, and changing only what the caller
//! knows.

use std::{
    collections::BTreeSet,
    sync::{Arc, OnceLock},
};

use axum::{
    body::{Body, to_bytes},
    http,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use futures::future::join_all;
use local::stack::Stack;
use onboarding::{
    app::App,
    clock::Clock,
    domain::invitation::InvitationId,
    router::router,
    seal::Sealer,
    store::{Channels, Conditions, Filter, Options, Purged, SHARDS, Store as Repositories},
};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use support::{
    KNOWN, Store,
    api::{self, Answer, post, request, send},
    email_to,
    faulty::{self, Fault, FaultyTable},
    inside, invitation, items, link, over_both_stores, start, start_with, table,
};
use tower::Service;

over_both_stores! {
    an_array_is_answered_item_by_item
    the_largest_invitation_can_be_stored
    the_same_key_and_body_give_the_same_answer
    crash_at_any_write_makes_no_second_invitation
    a_repeated_array_creates_what_is_missing
    idempotency_survives_erasure_but_not_purge
    storage_failure_is_reported_per_item
    etag_guards_changes
    of_two_changes_to_one_version_one_wins
}

fn anna() -> Value {
    invitation(KNOWN, "Anna", "Meier")
}

fn quiet() -> Value {
    let mut posted = anna();
    posted["sendEmail"] = json!(false);
    posted["inviter"]["email"] = Value::Null;
    posted
}

async fn keyed(stack: &Stack, key: &str, body: &Value) -> Answer {
    let request =
        request(stack, Method::POST, "/api/Invitations").header("content-type", "application/json");
    send(
        request
            .header("idempotency-key", key)
            .body(body.to_string()),
    )
    .await
}

async fn an_array_is_answered_item_by_item(store: Store) {
    let stack = start(store).await;
    let wrong = json!({"recipient": {"email": "anna"}});
    let strange = json!({"color": 1});
    let batch = [
        quiet(),
        wrong.clone(),
        quiet(),
        json!(7),
        strange,
        json!([]),
        quiet(),
    ];
    let answer = post(&stack, Value::from(batch.to_vec()).to_string()).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let mut results = answer.json();
    let statuses: Vec<_> = items(&results)
        .map(|item| item["status"].as_u64().unwrap())
        .collect();
    assert_eq!(statuses, [201, 422, 201, 422, 422, 422, 201]);
    let mut ids = BTreeSet::new();
    for index in [0, 2, 6] {
        let item = &results[index];
        let id = item["invitation"]["id"].as_str().unwrap();
        assert_eq!(
            item["location"],
            format!("{}/api/Invitations/{id}", stack.url())
        );
        assert!(
            item["invitation"]["link"]
                .as_str()
                .unwrap()
                .contains("invitationId=")
        );
        let read = api::get(&stack, id).await;
        assert_eq!(
            (read.status, read.header("etag")),
            (200, item["etag"].as_str().unwrap())
        );
        ids.insert(id.to_owned());
    }
    assert_eq!(ids.len(), 3);
    let mut alone = post(&stack, wrong.to_string()).await.json();
    for problem in [&mut alone, &mut results[1]["problem"]] {
        let id = problem.as_object_mut().unwrap().remove("requestId");
        assert!(id.is_some(), "each has the id of its request");
    }
    assert_eq!(
        results[1]["problem"], alone,
        "the problem is what it would be alone, its pointers too"
    );
    assert_eq!(results[4]["problem"]["errors"][0]["pointer"], "/color");
}

#[tokio::test]
async fn an_array_has_one_to_a_hundred_invitations() {
    let stack = start(Store::Embedded).await;
    for size in [0, 101, 300_000] {
        let answer = post(&stack, json!(vec![1; size]).to_string()).await;
        assert_eq!(
            (answer.status, answer.problem().as_str()),
            (422, "batch-size"),
            "{size}"
        );
        assert!(answer.body.contains(&format!("{size}.")), "{}", answer.body);
    }
    let broken = post(&stack, format!("[{},", quiet())).await;
    assert_eq!(
        (broken.status, broken.problem().as_str()),
        (400, "malformed-json")
    );
    let hundred = post(&stack, Value::from(vec![quiet(); 100]).to_string())
        .await
        .json();
    let ids: BTreeSet<_> = items(&hundred)
        .map(|item| item["invitation"]["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids.len(), 100);
}

/// Every text at its longest, of characters that take two UTF-16 units and four bytes each.
async fn the_largest_invitation_can_be_stored(store: Store) {
    let stack = start(store).await;
    let long = |count: usize| "🛠".repeat(count);
    let mut posted = quiet();
    posted["recipient"]["firstName"] = long(100).into();
    posted["recipient"]["lastName"] = long(100).into();
    posted["recipient"]["email"] = format!("{}@{}.example", "a".repeat(64), "b".repeat(63)).into();
    posted["inviter"] = json!({"name": long(100), "organization": long(200), "email": posted["recipient"]["email"]});
    posted["company"] = json!({
        "name": long(200), "street": long(200), "city": long(100), "region": long(100), "postalCode": "8001", "country": "CH",
        "customerNumber": long(50), "website": format!("https://example.com/{}", long(165)),
    });
    posted["message"] = long(1000).into();
    let answer = keyed(
        &stack,
        &"k".repeat(255),
        &Value::from(vec![posted.clone(); 50]),
    )
    .await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    for item in answer.json().as_array().unwrap() {
        assert_eq!(item["status"], 201, "{item}");
        assert_eq!(item["invitation"]["message"], posted["message"]);
    }
    for (pointer, text) in [
        ("/message", long(1001)),
        ("/company/name", long(201)),
        ("/company/customerNumber", long(51)),
    ] {
        let mut longer = posted.clone();
        *longer.pointer_mut(pointer).unwrap() = text.into();
        assert_eq!(post(&stack, longer.to_string()).await.pointers(), [pointer]);
    }
}

async fn the_same_key_and_body_give_the_same_answer(store: Store) {
    let stack = start(store).await;
    let first = keyed(&stack, "order-4711", &anna()).await;
    assert_eq!(first.status, 201, "{}", first.body);
    email_to(&stack, KNOWN).await;
    let id = first.json()["id"].as_str().unwrap().to_owned();
    api::settled(&stack, &id).await;
    let again = keyed(&stack, "\"order-4711\"", &anna()).await;
    assert_eq!(
        (again.status, &again.body),
        (201, &first.body),
        "also after it was sent, and with the key in quotes"
    );
    for name in ["etag", "location"] {
        assert_eq!(again.header(name), first.header(name), "{name}");
    }
    let another_order = anna()
        .to_string()
        .replacen('{', "{ \"expiresAt\" : null ,\n", 1);
    let mut spaced = anna();
    spaced["expiresAt"] = Value::Null;
    assert_eq!(keyed(&stack, "order-4712", &spaced).await.status, 201);
    let request = request(&stack, Method::POST, "/api/Invitations")
        .header("content-type", "application/json");
    assert_eq!(
        send(
            request
                .header("idempotency-key", "order-4712")
                .body(another_order)
        )
        .await
        .status,
        201,
        "white space and order"
    );
    let other = keyed(&stack, "order-4711", &quiet()).await;
    assert_eq!(
        (other.status, other.problem().as_str()),
        (422, "idempotency-key-reused")
    );
    let wrong = json!({"recipient": {}});
    assert_eq!(
        keyed(&stack, "order-4713", &wrong).await.problem(),
        "invalid-fields"
    );
    assert_eq!(
        keyed(&stack, "order-4713", &quiet()).await.status,
        201,
        "what was refused leaves the key unused"
    );
    for key in ["", "\"", "two words", &"x".repeat(256)] {
        let refused = keyed(&stack, key, &quiet()).await;
        assert_eq!(
            (refused.status, refused.problem().as_str()),
            (400, "idempotency-key-malformed"),
            "{key}"
        );
    }
    let shown = api::get(&stack, &id).await.json();
    assert_eq!(
        api::timeline(&shown),
        ["invitation.created", "invitation.sent"],
        "it was created and sent once"
    );
}

/// With new processes, as after a deployment.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn retired_key_makes_no_second_invitation() {
    let stack = start(Store::Azurite).await;
    let first = keyed(&stack, "order-1", &quiet()).await;
    assert_eq!(first.status, 201);
    let key = |byte| STANDARD.encode([byte; 64]);
    let rotated = format!("{},{}", key(9), stack.setting("SESSION_KEYS").unwrap());
    for (keys, status) in [(rotated, 201), (key(9), 409)] {
        let host = stack
            .another_instance(&[("SESSION_KEYS", &keys)])
            .await
            .unwrap();
        let answer = at(host.url(), "order-1", &quiet()).await;
        assert_eq!(answer.status, status, "{}", answer.body);
        if status == 409 {
            assert_eq!(answer.problem(), "idempotency-key-unreadable");
        } else {
            assert_eq!(answer.json()["link"], first.json()["link"]);
        }
    }
}

async fn at(base: &str, key: &str, body: &Value) -> Answer {
    let request = Client::new()
        .post(format!("{base}/api/Invitations"))
        .header("x-functions-key", local::host::Keys::default().host);
    send(
        request
            .header("content-type", "application/json")
            .header("idempotency-key", key)
            .body(body.to_string()),
    )
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_equal_requests_create_one_invitation() {
    let stack = start(Store::Azurite).await;
    let second = stack.another_instance(&[]).await.unwrap();
    let array = Value::from(vec![
        invitation("beat@example.com", "Beat", "Keller"),
        invitation("carla@example.com", "Carla", "Rossi"),
    ]);
    for (key, body, recipients) in [
        ("one", anna(), vec![KNOWN]),
        ("many", array, vec!["beat@example.com", "carla@example.com"]),
    ] {
        let bases = (0..20).map(|n| {
            if n % 2 == 0 {
                stack.host.url().to_owned()
            } else {
                second.url().to_owned()
            }
        });
        let answers = join_all(bases.map(|base| {
            let body = body.clone();
            async move { at(&base, key, &body).await }
        }))
        .await;
        for answer in &answers {
            assert_eq!(
                (answer.status, &answer.body),
                (answers[0].status, &answers[0].body)
            );
        }
        let created = answers[0].json();
        let all = if created.is_array() {
            items(&created)
                .map(|item| item["invitation"].clone())
                .collect()
        } else {
            vec![created]
        };
        for (created, recipient) in all.iter().zip(recipients) {
            email_to(&stack, recipient).await;
            api::settled(&stack, created["id"].as_str().unwrap()).await;
            assert_eq!(
                table::events(&stack, &link(created)).await,
                ["invitation.created", "invitation.sent"]
            );
            assert_eq!(stack.mailbox.mails_to(recipient).len(), 1, "{recipient}");
        }
    }
}

async fn etag_guards_changes(store: Store) {
    let stack = start(store).await;
    let created = post(&stack, quiet().to_string()).await;
    let id = created.json()["id"].as_str().unwrap().to_owned();
    let path = format!("/api/Invitations/{id}");
    let tag = created.header("etag").to_owned();
    assert!(tag.starts_with('"') && tag.len() == 34, "{tag}");
    let read = async |name: &str, value: &str| {
        send(request(&stack, Method::GET, &path).header(name.to_owned(), value)).await
    };
    for known in [
        tag.clone(),
        format!("W/{tag}"),
        "*".to_owned(),
        format!("\"x\", {tag}"),
    ] {
        let answer = read("if-none-match", &known).await;
        assert_eq!(
            (answer.status, answer.header("etag"), answer.body.as_str()),
            (304, tag.as_str(), ""),
            "{known}"
        );
    }
    assert_eq!(read("if-none-match", "\"x\"").await.status, 200);

    let act = async |action: &str, tag: &str| {
        send(request(&stack, Method::POST, &format!("{path}/{action}")).header("if-match", tag))
            .await
    };
    for unmeant in ["\"x\"", "garbage", &format!("W/{tag}")] {
        let refused = act("revoke", unmeant).await;
        assert_eq!(
            (
                refused.status,
                refused.problem().as_str(),
                refused.header("etag")
            ),
            (412, "precondition-failed", tag.as_str())
        );
    }
    let resent = act("resend", &format!("\"x\", {tag}")).await;
    assert_eq!(resent.status, 200, "{}", resent.body);
    email_to(&stack, KNOWN).await;
    let stale = act("revoke", &tag).await;
    assert_eq!(stale.status, 412, "{}", stale.body);
    api::settled(&stack, &id).await;
    let present = api::get(&stack, &id).await.header("etag").to_owned();
    let revoked = act("revoke", &present).await;
    assert_eq!(
        (revoked.status, revoked.json()["status"].as_str()),
        (200, Some("revoked"))
    );
    assert_ne!(revoked.header("etag"), present);
    assert_eq!(
        api::get(&stack, &id).await.header("etag"),
        revoked.header("etag"),
        "the answer carries the new one"
    );
    let refused = act("revoke", "*").await;
    assert_eq!(
        (refused.status, refused.problem().as_str()),
        (409, "invalid-state")
    );
    assert!(refused.body.contains("revoked"), "{}", refused.body);
}

async fn of_two_changes_to_one_version_one_wins(store: Store) {
    let stack = start_with(store, &[("SMTP_URL", ""), ("MAIL_FROM", "")]).await;
    for _ in 0..5 {
        let created = post(&stack, quiet().to_string()).await;
        let id = created.json()["id"].as_str().unwrap().to_owned();
        let tag = created.header("etag").to_owned();
        let resends = (0..6).map(|_| {
            let request = request(
                &stack,
                Method::POST,
                &format!("/api/Invitations/{id}/resend"),
            )
            .header("if-match", tag.clone());
            send(request)
        });
        let mut statuses: Vec<_> = join_all(resends)
            .await
            .iter()
            .map(|answer| answer.status)
            .collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412, 412, 412, 412, 412]);
    }
}

/// What a new process answers.
async fn process(table: &Arc<FaultyTable>, key: &str, body: &Value) -> (u16, Value, usize) {
    let secret = format!("whsec_{}", STANDARD.encode([7; 32]));
    let config = inside::config(&[
        ("WEBHOOK_URL", "https://hook.example.com/"),
        ("WEBHOOK_SECRET", &secret),
    ]);
    table.take_calls();
    let (app, _intents) = App::new(config, Clock::system(), table.clone()).unwrap();
    let request = http::Request::post("/api/Invitations")
        .header("content-type", "application/json")
        .header("idempotency-key", key);
    let answer = router(app)
        .call(request.body(Body::from(body.to_string())).unwrap())
        .await
        .unwrap();
    let (status, body) = (
        answer.status().as_u16(),
        to_bytes(answer.into_body(), 1 << 24).await.unwrap(),
    );
    (
        status,
        serde_json::from_slice(&body).unwrap(),
        table.take_commits(),
    )
}

async fn crash_at_any_write_makes_no_second_invitation(store: Store) {
    let table = FaultyTable::start(store).await;
    let (status, _, writes) = process(&table, "complete", &quiet()).await;
    assert_eq!(
        (status, writes),
        (201, 7),
        "the choice after its entry, three entries that lead to the invitation, the intent, the \
         invitation"
    );
    for dies in 0..writes {
        for landed in [false, true] {
            let key = format!("{dies}-{landed}");
            table.plan(faulty::commits().after(dies), Fault::Crash { landed });
            let (status, ..) = process(&table, &key, &quiet()).await;
            assert!(table.recover(), "{key}: nothing failed");
            assert!([201, 503].contains(&status), "{key}: {status}");
            let (status, first, _) = process(&table, &key, &quiet()).await;
            assert_eq!(status, 201, "{key}: {first}");
            let (_, again, writes) = process(&table, &key, &quiet()).await;
            assert_eq!(
                (&again, writes),
                (&first, 0),
                "{key}: nothing is left to write"
            );
            let id = first["id"].as_str().unwrap();
            let rows = table.rows().await.into_iter();
            let rows = rows.filter(|(partition, _)| partition == id);
            assert_eq!(rows.count(), 2, "{key}: the invitation and its event");
        }
    }
}

async fn a_repeated_array_creates_what_is_missing(store: Store) {
    let table = FaultyTable::start(store).await;
    let array = Value::from(vec![quiet(), json!({}), quiet()]);
    let links = |answer: &Value| -> Vec<Value> {
        items(answer)
            .map(|item| item["invitation"]["link"].clone())
            .filter(|link| !link.is_null())
            .collect()
    };
    for dies in 0..5 {
        let key = format!("array-{dies}");
        let crash = Fault::Crash { landed: true };
        table.plan(faulty::commits().after(dies), crash);
        let (_, cut, _) = process(&table, &key, &array).await;
        assert!(table.recover(), "{key}: nothing failed");
        let (status, complete, _) = process(&table, &key, &array).await;
        assert_eq!((status, links(&complete).len()), (200, 2), "{complete}");
        assert_eq!(complete[1]["status"], 422);
        assert!(
            !cut.is_array()
                || links(&cut)
                    .iter()
                    .all(|link| links(&complete).contains(link)),
            "what was answered stays"
        );
    }
}

async fn idempotency_survives_erasure_but_not_purge(store: Store) {
    let table = FaultyTable::start(store).await;
    let (_, first, _) = process(&table, "order", &quiet()).await;
    let sealer = Sealer::new(&[[7; 64]]);
    let (store, _intents) = Repositories::new(
        table.clone(),
        sealer,
        Options::new(
            Channels {
                mail: false,
                webhook: false,
            },
            Clock::system(),
        ),
    );
    let id: InvitationId = first["id"].as_str().unwrap().parse().unwrap();
    store
        .invitations
        .revoke(id, None, Conditions::default(), support::now())
        .await
        .unwrap();
    assert_eq!(
        store
            .retention
            .erase(id, Conditions::default(), support::now())
            .await
            .unwrap(),
        Some(true)
    );

    let (status, again, _) = process(&table, "order", &quiet()).await;
    assert_eq!(
        (status, &again["id"]),
        (201, &first["id"]),
        "the repetition is known"
    );
    assert!(
        store.invitations.find(id).await.unwrap().is_none(),
        "and does not undo the erasure"
    );
    let filter = Filter {
        email: Some(
            quiet()["recipient"]["email"]
                .as_str()
                .unwrap()
                .parse()
                .unwrap(),
        ),
        ..Filter::default()
    };
    assert!(
        store
            .index
            .list(&filter, 10, None, support::now())
            .await
            .unwrap()
            .items
            .is_empty(),
        "nor lead to it again"
    );

    let later = support::now() + time::Duration::days(4000);
    for shard in 0..SHARDS {
        let mut after = None;
        loop {
            let page = store.retention.aged(shard, later, 10, after.as_ref());
            let page = page.await.unwrap();
            for aged in page.invitations {
                assert_eq!(
                    store.retention.purge(&aged, later).await.unwrap(),
                    Purged::Gone
                );
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
    }
    let (status, second, _) = process(&table, "order", &quiet()).await;
    assert_eq!(status, 201);
    assert_ne!(first["id"], second["id"]);
}

async fn storage_failure_is_reported_per_item(store: Store) {
    let table = FaultyTable::start(store).await;
    let array = Value::from(vec![quiet(); 5]);
    // The first invitation that is written, and no other.
    let refused = OnceLock::new();
    let of_one_invitation = faulty::commits().when(move |call| {
        call.partition.len() == 32
            && *refused.get_or_init(|| call.partition.clone()) == call.partition
    });
    table.plan(of_one_invitation, Fault::Lost);
    let (status, answer, _) = process(&table, "partly", &array).await;
    assert!(table.recover());
    let mut statuses: Vec<_> = items(&answer)
        .map(|item| item["status"].as_u64().unwrap())
        .collect();
    statuses.sort_unstable();
    assert_eq!(
        (status, statuses),
        (200, vec![201, 201, 201, 201, 503]),
        "{answer}"
    );
    let failed = items(&answer).find(|item| item["status"] == 503).unwrap();
    assert!(
        failed["problem"]["type"]
            .as_str()
            .unwrap()
            .ends_with(":unavailable")
            && failed["retryAfter"] == 10,
        "{failed}"
    );
    let (_, complete, _) = process(&table, "partly", &array).await;
    assert!(
        items(&complete).all(|item| item["status"] == 201),
        "{complete}"
    );
}
