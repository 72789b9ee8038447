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

/// How often a client called each operation; `Err` if it is left out, with the reason.
type Calls = Result<BTreeMap<String, usize>, String>;

/// An existing invitation and company, and what the webhook has received of it.
struct World {
    base: String,
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
    let mut calls = BTreeMap::new();
    for operation in text.lines() {
        *calls.entry(operation.to_owned()).or_default() += 1;
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

/// Operations as rows, clients as columns; a cell is the number of checked calls.
fn matrix(operations: &[String], results: &[(&str, Calls)]) -> String {
    let mut text = format!("{:<24}", "operation");
    for (client, _) in results {
        write!(text, " | {client}").unwrap();
    }
    for operation in operations {
        write!(text, "\n{operation:<24}").unwrap();
        for (client, calls) in results {
            let cell = calls.as_ref().map_or("left out".to_owned(), |calls| {
                calls
                    .get(operation)
                    .map_or("-".to_owned(), usize::to_string)
            });
            write!(text, " | {cell:>width$}", width = client.len()).unwrap();
        }
    }
    text
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
        link,
        company: shown.json()["companyId"].as_str().unwrap().to_owned(),
        events: folder.join("events"),
        document: folder.join("openapi.json"),
    };
    fs::write(&world.events, events.join("\n")).unwrap();
    fs::write(&world.document, crate::openapi::document()).unwrap();
    let drive_all = move || CLIENTS.map(|client| (client, drive(client, &world)));
    let results = tokio::task::spawn_blocking(drive_all).await.unwrap();
    let operations = operations(&serde_json::from_str(&crate::openapi::document()).unwrap());
    println!("{}", matrix(&operations, &results));
    for (client, calls) in &results {
        let Ok(calls) = calls else { continue };
        let missing: Vec<_> = operations
            .iter()
            .filter(|operation| !calls.contains_key(*operation))
            .collect();
        assert!(missing.is_empty(), "{client} does not call {missing:?}");
    }
    quiet.stop().await;
    let (_, models) = results.last().unwrap();
    assert_eq!(models.as_ref().unwrap()[WEBHOOK], events.len());
}
