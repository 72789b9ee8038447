//! Clients that foreign generators make of the OpenAPI document, each driven through all of the API
//! against the running service.

use std::{collections::BTreeMap, fmt::Write, fs, path::PathBuf, process::Command};

use local::host::Keys;
use serde_json::Value;
use support::{
    KNOWN, Store, WEBHOOK_SECRET, api, invitation, link, receiver::Receiver, root, start_with,
    whole_journey,
};

const CLIENTS: [&str; 5] = [
    "openapi-fetch",
    "hey-api",
    "openapi-python-client",
    "openapi-generator",
    "datamodel-code-generator",
];
/// The operation of the webhook; generators make models of it, and no calls.
const WEBHOOK: &str = "receive_event";

/// A method that a path does not have.
const WRONG_METHOD: &str = "wrong_method";
/// The statuses that each client has to meet. Those that are missing here are no client's to cause:
/// a slow body (408), an overloaded or broken service (429, 500, 503), a feed that is too old (410),
/// a retired key (409 of a link); or a typed client cannot send what causes them (400).
const REQUIRED: [(&str, &[u16]); 18] = [
    ("create_invitation", &[201, 415, 422]),
    ("create_invitations", &[200, 413]),
    ("erase_invitation", &[200, 404, 412]),
    ("find_company", &[200, 304]),
    ("get_company", &[200, 304, 404]),
    ("get_invitation", &[200, 304, 404]),
    ("get_openapi_document", &[200, 304]),
    ("list_events", &[200, 400]),
    ("list_invitations", &[200, 400, 401]),
    ("open_link", &[200, 404]),
    ("redeliver_events", &[202]),
    ("redeliver_invitation", &[200, 404, 412]),
    ("resend_invitation", &[200, 404, 409, 412, 429]),
    ("reveal_link", &[200, 404, 412]),
    ("revoke_invitation", &[200, 404, 409, 412]),
    ("test_webhook", &[200, 404]),
    ("update_invitation", &[200, 404, 409, 412, 415, 422]),
    (WRONG_METHOD, &[405]),
];

/// How often an operation answered a client with each status, as it should.
type Statuses = BTreeMap<u16, usize>;
/// The operations of a client; `Err` if it is left out, with the reason.
type Calls = Result<BTreeMap<String, Statuses>, String>;

/// An existing invitation and company, and what the webhook has received of it.
struct World {
    base: String,
    hooked: String,
    link: String,
    company: String,
    events: PathBuf,
    document: PathBuf,
}

fn drive(client: &str, world: &World) -> Calls {
    let output = Command::new(root().join("tests/clients/run"))
        .arg(client)
        .arg(&world.document)
        .env("BASE", &world.base)
        .env("HOOKED", &world.hooked)
        .env("KEY", Keys::default().host)
        .env("LINK", &world.link)
        .env("COMPANY", &world.company)
        .env("EVENTS", &world.events)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{client}\n{text}{errors}");
    if text.starts_with("left out") {
        return Err(text.trim().to_owned());
    }
    let mut calls = BTreeMap::<String, Statuses>::new();
    for line in text.lines() {
        let (operation, status) = line.split_once(' ').unwrap();
        let statuses = calls.entry(operation.to_owned()).or_default();
        *statuses.entry(status.parse().unwrap()).or_default() += 1;
    }
    Ok(calls)
}

/// The operations of the document, in alphabetical order.
fn operations(document: &Value) -> Vec<String> {
    let paths = document["paths"].as_object().unwrap().values();
    let mut operations: Vec<_> = paths
        .flat_map(|path| path.as_object().unwrap().values())
        .map(|operation| operation["operationId"].as_str().unwrap().to_owned())
        .collect();
    operations.sort();
    operations
}

/// Operations as rows, clients as columns; a cell has the statuses that the client met.
fn matrix(results: &[(&str, Calls)]) -> String {
    let mut text = format!("{:<20}", "operation");
    for (client, _) in results {
        write!(text, " | {client:<24}").unwrap();
    }
    for (operation, _) in REQUIRED {
        write!(text, "\n{operation:<20}").unwrap();
        for (_, calls) in results {
            let cell = calls
                .as_ref()
                .map_or("left out".to_owned(), |calls| cell(calls, operation));
            write!(text, " | {cell:<24}").unwrap();
        }
    }
    text
}

fn cell(calls: &BTreeMap<String, Statuses>, operation: &str) -> String {
    let statuses = calls.get(operation).into_iter().flat_map(BTreeMap::keys);
    statuses.map(u16::to_string).collect::<Vec<_>>().join(" ")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn generated_clients_drive_every_operation() {
    let receiver = Receiver::start().await;
    let settings = [
        ("WEBHOOK_URL", receiver.url()),
        ("WEBHOOK_SECRET", WEBHOOK_SECRET),
        ("WEBHOOK_ALLOW_PRIVATE", "true"),
    ];
    let stack = start_with(Store::Azurite, &settings).await;
    let created = api::post(&stack, invitation(KNOWN, "Anna", "Meier").to_string()).await;
    let (created, link) = (created.json(), link(&created.json()));
    whole_journey(&mut stack.person().unwrap(), &stack, &link).await;
    let shown = api::get(&stack, created["id"].as_str().unwrap()).await;
    receiver.wait_for(4).await;
    let events: Vec<_> = receiver
        .received()
        .into_iter()
        .map(|event| event.body)
        .collect();
    // Without a webhook, whose deliveries would change the `ETag`s between two calls.
    let no_webhook = settings.map(|(name, _)| (name, ""));
    let quiet = stack.another_instance(&no_webhook).await.unwrap();
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("clients");
    fs::create_dir_all(&folder).unwrap();
    let world = World {
        base: quiet.url().to_owned(),
        hooked: stack.host.url().to_owned(),
        link,
        company: shown.json()["companyId"].as_str().unwrap().to_owned(),
        events: folder.join("events"),
        document: folder.join("openapi.json"),
    };
    fs::write(&world.events, events.join("\n")).unwrap();
    fs::write(&world.document, crate::openapi::document()).unwrap();
    let drive_all = move || CLIENTS.map(|client| (client, drive(client, &world)));
    let results = tokio::task::spawn_blocking(drive_all).await.unwrap();
    println!("{}", matrix(&results));
    for (client, calls) in &results {
        let Ok(calls) = calls else { continue };
        for (operation, statuses) in REQUIRED {
            let met = calls.get(operation);
            let is_missing = |status: &&u16| !met.is_some_and(|met| met.contains_key(status));
            let missing: Vec<_> = statuses.iter().filter(is_missing).collect();
            assert!(missing.is_empty(), "{client}: {operation} {missing:?}");
        }
    }
    quiet.stop().await;
    let (_, models) = results.last().unwrap();
    assert_eq!(models.as_ref().unwrap()[WEBHOOK][&200], events.len());
}

#[test]
fn every_operation_is_required() {
    let document = serde_json::from_str(&crate::openapi::document()).unwrap();
    let required = REQUIRED.map(|(operation, _)| operation);
    let mut expected = operations(&document);
    expected.push(WRONG_METHOD.to_owned());
    assert_eq!(required.to_vec(), expected);
}
