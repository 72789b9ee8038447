//! The OpenAPI document: it is the service's own, linted, and the service does what it says.

use local::stack::Stack;
use reqwest::{Client, Method};
use serde_json::{Value, json};
use support::{
    KNOWN, Running, Store, WEBHOOK_SECRET,
    api::{self, Answer, request, send},
    contract::Contract,
    email_to, invitation, link,
    receiver::Receiver,
    start, start_with, whole_journey,
};

const ALL: &str = "/api/Invitations";
const BATCH: &str = "/api/Invitations/batch";
const ONE: &str = "/api/Invitations/{id}";

/// The document of a deployment.
pub(crate) fn document() -> String {
    let support = "https://support.example.com/".parse().unwrap();
    onboarding::functions::open_api::document(
        "https://invite.example.com",
        "Example",
        Some(&support),
    )
    .to_pretty_json()
    .unwrap()
}

/// Anybody's request for the document.
async fn ask(stack: &Stack, known: Option<&str>) -> Answer {
    let request = Client::new().get(format!("{}/api/openapi.json", stack.host.url()));
    send(
        known
            .into_iter()
            .fold(request, |request, tag| request.header("if-none-match", tag)),
    )
    .await
}

async fn contract(stack: &Stack) -> Contract {
    Contract(ask(stack, None).await.json())
}

#[test]
fn the_document_is_the_one_that_was_reviewed() {
    insta::assert_snapshot!("openapi", document());
}

#[tokio::test]
async fn document_is_public_and_has_an_etag() {
    let stack = start(Store::Embedded).await;
    let answer = ask(&stack, None).await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, "application/json")
    );
    let served = answer.json();
    assert_eq!(
        (&served["openapi"], &served["servers"][0]["url"]),
        (&"3.1.0".into(), &stack.url().into())
    );
    let mut reviewed: Value = serde_json::from_str(&document()).unwrap();
    reviewed["servers"] = served["servers"].clone();
    assert_eq!(served["info"]["contact"]["name"], "My rConnect");
    reviewed["info"]["contact"] = served["info"]["contact"].clone();
    assert_eq!(served, reviewed);
    Contract(served).check("get", "/api/openapi.json", &answer);
    let again = ask(&stack, Some(answer.header("etag"))).await;
    assert_eq!((again.status, again.body.as_str()), (304, ""));
    assert_eq!(ask(&stack, Some("\"other\"")).await.status, 200);
}

#[tokio::test]
async fn request_examples_are_accepted() {
    let stack = start(Store::Embedded).await;
    let contract = contract(&stack).await;
    let examples = contract.examples("post", ALL);
    assert_eq!(examples.len(), 3);
    let company = company_id(&stack).await;
    for (name, example) in examples {
        let mut body = example["value"].clone();
        if let Some(id) = body.get_mut("companyId") {
            *id = company.clone();
        }
        contract.check_request("post", ALL, &body);
        let answer = api::post(&stack, body.to_string()).await;
        assert_eq!(answer.status, 201, "{name} {}", answer.body);
        contract.check("post", ALL, &answer);
    }
    for example in contract.examples("post", BATCH).values() {
        let answer = batch(&stack, &contract, &example["value"]).await;
        let results = answer.json();
        let results = results.as_array().unwrap();
        assert_eq!(results.len(), 2);
        assert!(results.iter().all(|result| result["status"] == 201));
    }
    let minimal = &contract.examples("post", ALL)["minimal"]["value"];
    let id = api::post(&stack, minimal.to_string()).await.json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let revocation = &contract.0["paths"]["/api/Invitations/{id}/revoke"]["post"]["requestBody"]["content"]
        ["application/json"]["example"];
    let answer = act(
        &stack,
        &contract,
        &id,
        "revoke",
        revocation.to_string(),
        &[],
    )
    .await;
    assert_eq!(
        (answer.status, &answer.json()["revokeReason"]),
        (200, &revocation["reason"])
    );
    let event = &contract.0["webhooks"]["event"]["post"]["requestBody"]["content"]["application/json"]
        ["example"];
    contract.check_event(event);
}

/// A creation of several, checked against the document.
async fn batch(stack: &Stack, contract: &Contract, body: &Value) -> Answer {
    contract.check_request("post", BATCH, body);
    let answer = api::post_to(stack, BATCH, body.to_string()).await;
    contract.check("post", BATCH, &answer);
    answer
}

#[tokio::test]
async fn batch_takes_an_array_alone() {
    let stack = start(Store::Embedded).await;
    let contract = contract(&stack).await;
    let one = invitation(KNOWN, "Anna", "Meier");
    for (body, status) in [(one.clone(), 422), (json!([]), 422), (json!([one]), 200)] {
        let answer = api::post_to(&stack, BATCH, body.to_string()).await;
        contract.check("post", BATCH, &answer);
        assert_eq!(answer.status, status, "{}", answer.body);
    }
    let elsewhere = api::post_to(&stack, "/api/Invitations/other", "[]").await;
    assert_eq!(elsewhere.problem(), "method-not-allowed");
    let as_id = api::get(&stack, "batch").await;
    assert_eq!(as_id.problem(), "unknown-invitation");
}

/// The id of a company that exists.
async fn company_id(stack: &Stack) -> Value {
    let created = api::post(stack, invitation(KNOWN, "Anna", "Meier").to_string()).await;
    let created = created.json();
    whole_journey(&mut stack.person().unwrap(), stack, &link(&created)).await;
    let id = created["id"].as_str().unwrap();
    api::get(stack, id).await.json()["companyId"].clone()
}

/// An action, checked against the document.
async fn act(
    stack: &Stack,
    contract: &Contract,
    id: &str,
    action: &str,
    body: String,
    headers: &[(&str, &str)],
) -> Answer {
    let request = request(stack, Method::POST, &format!("{ALL}/{id}/{action}")).body(body);
    let answer = send(headers.iter().fold(request, |request, (name, value)| {
        request.header(*name, *value)
    }))
    .await;
    contract.check("post", &format!("{ONE}/{action}"), &answer);
    answer
}

/// A read, checked against the document.
async fn read(stack: &Stack, contract: &Contract, id: &str) -> Answer {
    let answer = api::get(stack, id).await;
    contract.check("get", ONE, &answer);
    answer
}

async fn listed(stack: &Stack, contract: &Contract, query: &str) -> Answer {
    let answer = send(request(stack, Method::GET, &format!("{ALL}?{query}"))).await;
    contract.check("get", ALL, &answer);
    answer
}

#[tokio::test]
async fn every_response_of_a_lifecycle_is_documented() {
    let receiver = Receiver::start().await;
    let settings = [
        ("WEBHOOK_URL", receiver.url()),
        ("WEBHOOK_SECRET", WEBHOOK_SECRET),
        ("WEBHOOK_ALLOW_PRIVATE", "true"),
    ];
    let stack = start_with(Store::Embedded, &settings).await;
    let contract = contract(&stack).await;
    let created = api::post(&stack, invitation(KNOWN, "Anna", "Meier").to_string()).await;
    contract.check("post", ALL, &created);
    let (id, link) = (
        created.json()["id"].as_str().unwrap().to_owned(),
        link(&created.json()),
    );
    let known =
        send(request(&stack, Method::GET, &format!("{ALL}/{id}")).header("if-none-match", "*"))
            .await;
    contract.check("get", ONE, &known);
    assert_eq!(known.status, 304);
    assert_eq!(
        act(&stack, &contract, &id, "resend", String::new(), &[])
            .await
            .status,
        200
    );
    assert_eq!(
        act(
            &stack,
            &contract,
            &id,
            "resend",
            String::new(),
            &[("if-match", "\"0\"")]
        )
        .await
        .status,
        412
    );
    assert_eq!(link_state(&stack, &contract, &link).await, "pending");
    whole_journey(&mut stack.person().unwrap(), &stack, &link).await;
    assert_eq!(
        read(&stack, &contract, &id).await.json()["status"],
        "completed"
    );
    assert_eq!(link_state(&stack, &contract, &link).await, "completed");
    companies_are_documented(&stack, &contract).await;
    assert_eq!(
        act(&stack, &contract, &id, "revoke", String::new(), &[])
            .await
            .status,
        409
    );
    email_to(&stack, "thomas.keller@gfms.example").await;
    assert_eq!(
        listed(&stack, &contract, "status=completed&limit=1")
            .await
            .json()["items"][0]["id"],
        id.as_str()
    );
    receiver.wait_for(5).await;
    assert_eq!(
        act(&stack, &contract, &id, "erase", String::new(), &[])
            .await
            .status,
        200
    );
    assert!(read(&stack, &contract, &id).await.json()["erasedAt"].is_string());
    assert!(listed(&stack, &contract, "").await.json()["items"][0]["erasedAt"].is_string());
    let events = receiver.received();
    assert!(
        events
            .iter()
            .any(|event| event.json()["type"] == "company.created")
    );
    events
        .iter()
        .for_each(|event| contract.check_event(&event.json()));
}

async fn companies_are_documented(stack: &Stack, contract: &Contract) {
    let get = async |path: &str| send(request(stack, Method::GET, path)).await;
    let found = get("/api/Companies?customerNumber=C-10042").await;
    contract.check("get", "/api/Companies", &found);
    let company = found.json()["items"][0].clone();
    let id = company["id"].as_str().unwrap();
    let read = get(&format!("/api/Companies/{id}")).await;
    contract.check("get", "/api/Companies/{id}", &read);
    assert_eq!(read.json(), company);
    let unknown = get("/api/Companies/of-no-one").await;
    contract.check("get", "/api/Companies/{id}", &unknown);
    assert_eq!(unknown.status, 404);
    let wrong = get("/api/Companies").await;
    contract.check("get", "/api/Companies", &wrong);
    assert_eq!(wrong.status, 400);
}

/// The state that the link answers a program.
async fn link_state(stack: &Running, contract: &Contract, link: &str) -> String {
    let answer = send(Client::new().get(link).header("accept", "application/json")).await;
    contract.check("get", "/api/InviteUser", &answer);
    assert!(!stack.url().is_empty());
    answer.json()["status"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn undocumented_response_is_noticed() {
    let stack = start(Store::Embedded).await;
    let contract = contract(&stack).await;
    let schema = json!({"$ref": "#/components/schemas/Invitation"});
    let created = api::post(&stack, invitation(KNOWN, "Anna", "Meier").to_string())
        .await
        .json();
    assert_eq!(contract.wrong(&schema, &created), [""; 0]);
    for at in [
        "/more",
        "/recipient/more",
        "/company/more",
        "/delivery/mail/more",
        "/timeline/0/more",
    ] {
        let (parent, member) = at.rsplit_once('/').unwrap();
        let mut other = created.clone();
        other.pointer_mut(parent).unwrap()[member] = 1.into();
        assert!(!contract.wrong(&schema, &other).is_empty(), "{at}");
    }
    for (at, value) in [
        ("/status", "gone"),
        ("/createdAt", "today"),
        ("/id", "1"),
        ("/timeline/0/type", "x"),
        ("/recipient/email", "x"),
    ] {
        let mut other = created.clone();
        *other.pointer_mut(at).unwrap() = value.into();
        assert!(!contract.wrong(&schema, &other).is_empty(), "{at}");
    }
}

/// The text members of a schema with their longest value, by JSON pointer.
fn longest(contract: &Contract, schema: &str, at: &str) -> Vec<(String, usize, bool)> {
    let mut all = Vec::new();
    let schema = &contract.0["components"]["schemas"][schema];
    for (name, member) in schema["properties"].as_object().unwrap() {
        let pointer = format!("{at}/{name}");
        // Where it can be left out: the first alternative is not `null`.
        let member = member["oneOf"].get(0).unwrap_or(member);
        match (member["$ref"].as_str(), member["maxLength"].as_u64()) {
            (Some("#/components/schemas/Email"), _) | (None, None) => {}
            (Some(other), _) => all.extend(longest(
                contract,
                other.rsplit('/').next().unwrap(),
                &pointer,
            )),
            (None, Some(longest)) => {
                let is_free = member["pattern"]
                    .as_str()
                    .is_some_and(|pattern| pattern.contains("u0000"));
                all.push((pointer, usize::try_from(longest).unwrap(), is_free));
            }
        }
    }
    all
}

#[tokio::test]
async fn documented_lengths_are_the_limits() {
    let stack = start(Store::Embedded).await;
    let contract = contract(&stack).await;
    let full = contract.examples("post", ALL)["full"]["value"].clone();
    let members = longest(&contract, "NewInvitation", "");
    assert_eq!(
        (
            members.len(),
            members.iter().filter(|(.., is_free)| *is_free).count()
        ),
        (16, 10),
        "{members:?}"
    );
    for (pointer, longest, is_free) in members {
        let posted = |length| {
            let mut posted = full.clone();
            *posted.pointer_mut(&pointer).unwrap() = "1".repeat(length).into();
            posted.to_string()
        };
        assert_eq!(
            api::post(&stack, posted(longest + 1)).await.pointers(),
            [pointer.as_str()]
        );
        assert!(
            !is_free || api::post(&stack, posted(longest)).await.status == 201,
            "{pointer}"
        );
    }
}

#[tokio::test]
async fn every_refusal_is_in_the_document() {
    let stack = start(Store::Embedded).await;
    let contract = contract(&stack).await;
    let mut wrong = invitation(KNOWN, "", "Meier");
    wrong["company"]["country"] = "XX".into();
    for (body, status) in [("{".to_owned(), 400), (wrong.to_string(), 422)] {
        let answer = api::post(&stack, body).await;
        contract.check("post", ALL, &answer);
        assert_eq!(answer.status, status);
    }
    let too_large = api::post(&stack, "x".repeat(1024 * 1024 + 1)).await;
    contract.check("post", ALL, &too_large);
    let post = |body: &'static str| request(&stack, Method::POST, ALL).body(body);
    for refused in [
        post("{}").header("content-type", "text/plain"),
        post("{}").header("idempotency-key", "a b"),
    ] {
        contract.check(
            "post",
            ALL,
            &send(refused.header("content-type", "application/json")).await,
        );
    }
    let no_key = send(Client::new().get(format!("{}{ALL}", stack.host.url()))).await;
    contract.check("get", ALL, &no_key);
    assert_eq!((too_large.status, no_key.status), (413, 401));
    assert_eq!(listed(&stack, &contract, "limit=0&x=1").await.status, 400);
    assert_eq!(read(&stack, &contract, &"0".repeat(32)).await.status, 404);
    assert_eq!(
        act(&stack, &contract, "x", "erase", String::new(), &[])
            .await
            .status,
        404
    );
    let id = api::post(&stack, invitation(KNOWN, "Anna", "Meier").to_string())
        .await
        .json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        act(
            &stack,
            &contract,
            &id,
            "revoke",
            json!({"reason": "x".repeat(1001)}).to_string(),
            &[]
        )
        .await
        .status,
        422
    );
    for (link, status) in [
        ("", 400),
        ("?invitationId=3f2504e0-4f89-41d3-9a0c-0305e82c3301", 404),
    ] {
        for accept in ["application/json", "text/html"] {
            let answer = send(
                Client::new()
                    .get(format!("{}/api/InviteUser{link}", stack.host.url()))
                    .header("accept", accept),
            )
            .await;
            contract.check("get", "/api/InviteUser", &answer);
            assert_eq!(answer.status, status);
        }
    }
}
