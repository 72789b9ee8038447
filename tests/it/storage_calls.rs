//! What each step of the journey, each verb of the API and each tick costs, in calls to the table.
//! Each call is billed, and is most of what a person waits for; so a change of one of these numbers
//! is a decision.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use azure_core_legacy::{HttpClient, Request, Response};
use local::{browser::ScriptedBrowser, signin::Account};
use onboarding::store::{
    SHARDS,
    table::{Table, azure::AzureTable},
};
use reqwest::Method;
use serde_json::{Value, json};
use support::{
    KNOWN, Running, Store, api,
    azurite::{azurite, table_name},
    inside::Inside,
    invitation, invite_quietly, log, over_both_stores,
    people::Acts,
    start, start_with,
};
use time::{Duration, macros::datetime};
use uuid::Uuid;

over_both_stores! {
    the_journey
    a_mailbox_that_is_proven_by_a_code
    the_api
}

/// A function, the status of its answer, and the calls to the table.
type Cost = (String, u64, u64);

/// What the requests cost that were answered after the first `before`, in order.
async fn costs(stack: &Running, before: usize, count: usize) -> Vec<Cost> {
    let requests = log::answered(&stack.host, before + count).await;
    let counted = requests[before..before + count].iter();
    counted.map(cost).collect()
}

fn cost(line: &Value) -> Cost {
    let function = line["span"]["function"].as_str().unwrap().to_owned();
    (
        function,
        line["status"].as_u64().unwrap(),
        line["storage_calls"].as_u64().unwrap(),
    )
}

/// Without the empty pages that the other tests are answered by: each is a call, too.
async fn counted(store: Store) -> Running {
    match store {
        Store::Embedded => start(store).await,
        Store::Azurite => {
            start_with(store, &[("INVITATION_STORAGE", azurite().await.as_str())]).await
        }
    }
}

fn table(rows: &[(&str, u64, u64)]) -> Vec<Cost> {
    rows.iter()
        .map(|(function, status, calls)| ((*function).to_owned(), *status, *calls))
        .collect()
}

async fn the_journey(store: Store) {
    let stack = counted(store).await;
    let (link, _) = invite_quietly(&stack).await;
    let mut anna = stack.person().unwrap();
    let page = anna.opens(&link).await;
    anna.asks(Method::HEAD, &link, None).await;
    let authorize = anna
        .presses(&page, "#get-started", &[])
        .await
        .location()
        .unwrap();
    let back = anna.signs_in_at(&stack.sign_in, &authorize, KNOWN).await;
    anna.opens(&back).await;
    anna.opens(&back).await;
    let form = anna.opens("/api/CreateCompany").await;
    anna.presses(&form, "#create-company", &[("companyName", "")])
        .await;
    anna.presses(&form, "#create-company", &[]).await;
    anna.presses(&form, "#create-company", &[]).await;
    anna.opens("/api/Welcome").await;
    anna.opens("/api/CreateCompany").await;
    anna.opens("/api/InviteUser?invitationId=broken").await;
    anna.opens(&format!("/api/InviteUser?invitationId={}", Uuid::new_v4()))
        .await;
    ScriptedBrowser::new(stack.host.url(), &stack.url())
        .unwrap()
        .opens("/api/Welcome")
        .await;
    let expected = [
        ("InviteUser", 200, 1),
        ("InviteUser", 200, 1),
        // The button: the invitation is looked at again; the attempt travels in a cookie.
        ("InviteUser", 303, 1),
        // The state is used up, the invitation is read to decide, and written to be bound; what was
        // verified is kept in the same transaction, for a request that the host repeats. The place of
        // the event in the feed costs a call of its own where there is no webhook.
        ("AcceptCallback", 303, 3 + 1),
        ("AcceptCallback", 303, 1),
        // Read for the session; and whether the customer number has a company already.
        ("CreateCompany", 200, 2),
        ("CreateCompany", 422, 1),
        // Read for the session, and to decide. The customer number has no claim; as the timer has
        // not run yet, the invitations of the number are searched for a company of an earlier
        // version (is that over, asked twice, the list, the invitation on it). The claim and the
        // member are written, then the place in the feed, then the invitation with its company and the event in one
        // transaction, then what colleagues share; the e-mail to the inviter is not wanted.
        ("CreateCompany", 303, 1 + 1 + 4 + 2 + 2 + 1),
        // Read for the session, and compared with what was created.
        ("CreateCompany", 303, 1),
        // And the company as it was confirmed.
        ("Welcome", 200, 1),
        ("CreateCompany", 303, 1),
        ("InviteUser", 400, 0),
        ("InviteUser", 404, 1),
        ("Welcome", 401, 0),
    ];
    assert_eq!(costs(&stack, 1, expected.len()).await, table(&expected));
}

async fn a_mailbox_that_is_proven_by_a_code(store: Store) {
    let stack = counted(store).await;
    let (link, _) = invite_quietly(&stack).await;
    stack.sign_in.add_account(Account::organisation(
        "anna@elsewhere.example",
        "Anna",
        Uuid::from_u128(5),
    ));
    let mut anna = stack.person().unwrap();
    let page = anna
        .signs_in(&link, &stack.sign_in, "anna@elsewhere.example")
        .await;
    let page = anna.opens(&page.location().unwrap()).await;
    anna.presses(&page, "form:has(input[value='send']) button", &[])
        .await;
    let page = anna.opens("/api/ConfirmMailbox").await;
    let mail = stack
        .mailbox
        .wait_for(KNOWN, std::time::Duration::from_secs(10))
        .await
        .unwrap();
    let code = mail
        .text
        .split(|c: char| !c.is_ascii_digit())
        .find(|digits| digits.len() == 6)
        .unwrap();
    let wrong = format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000);
    anna.presses(&page, "#confirm-mailbox", &[("code", &wrong)])
        .await;
    anna.presses(&page, "#confirm-mailbox", &[("code", code)])
        .await;
    let expected = [
        ("InviteUser", 200, 1),
        ("InviteUser", 303, 1),
        // The state, and what was verified; the invitation is read.
        ("AcceptCallback", 303, 2 + 1),
        ("ConfirmMailbox", 200, 2),
        // Without what the task that sends the code reads and writes.
        ("ConfirmMailbox", 303, 3),
        ("ConfirmMailbox", 200, 2),
        ("ConfirmMailbox", 422, 4),
        ("ConfirmMailbox", 303, 4 + 1),
    ];
    assert_eq!(costs(&stack, 1, expected.len()).await, table(&expected));
}

async fn the_api(store: Store) {
    let stack = counted(store).await;
    // No one is mailed about these, so nothing goes on beside the requests.
    let (quiet, revoked, erased) = (
        invite_quietly(&stack).await.1,
        invite_quietly(&stack).await.1,
        invite_quietly(&stack).await.1,
    );
    let posted = invitation("list@example.com", "Anna", "Meier");
    api::post(&stack, json!([posted, posted]).to_string()).await;
    let with_key = || {
        api::request(&stack, Method::POST, "/api/Invitations")
            .header("idempotency-key", "the-same-key")
            .body(posted.to_string())
    };
    let created = api::send(with_key().header("content-type", "application/json"))
        .await
        .json();
    api::send(with_key().header("content-type", "application/json")).await;
    let id = created["id"].as_str().unwrap();
    api::settled(&stack, id).await;
    let before = log::answered(&stack.host, 6).await.len();
    api::get(&stack, id).await;
    for query in [
        "",
        "?limit=2",
        "?email=list@example.com",
        "?customerNumber=C-10042&limit=1",
    ] {
        api::send(api::request(
            &stack,
            Method::GET,
            &format!("/api/Invitations{query}"),
        ))
        .await;
    }
    for (id, action) in [
        (&quiet, "resend"),
        (&revoked, "revoke"),
        (&erased, "erase"),
        (&erased, "resend"),
    ] {
        api::send(api::request(
            &stack,
            Method::POST,
            &format!("/api/Invitations/{id}/{action}"),
        ))
        .await;
    }
    let creations = [
        // The rows of the shard, of the mailbox and of the customer, the place in the feed, then the
        // invitation with its event.
        ("Invitations", 201, 5),
        ("Invitations", 201, 5),
        ("Invitations", 201, 5),
        // Two, each with the intent of its e-mail.
        ("Invitations", 200, 2 * 6),
        // The key is looked up, and kept, with an entry for the purge.
        ("Invitations", 201, 6 + 3),
        ("Invitations", 201, 2),
    ];
    assert_eq!(costs(&stack, 0, creations.len()).await, table(&creations));
    let others = [
        ("Invitations", 200, 1),
        ("Invitations", 200, 16 + 6),
        ("Invitations", 200, 16 + 2),
        ("Invitations", 200, 1 + 3),
        ("Invitations", 200, 1 + 1),
        // One call more than the change costs: whether the host repeats the request.
        ("Invitations", 200, 7),
        ("Invitations", 200, 5),
        // Also whether it belongs to a company, and whether it holds the claim of its number.
        ("Invitations", 200, 14 + 2),
        ("Invitations", 409, 3),
    ];
    assert_eq!(costs(&stack, before, others.len()).await, table(&others));
}

/// Of either timer.
pub(crate) const CALLS_OF_IDLE_TICK: usize = 4 * SHARDS as usize + 2;

#[tokio::test]
async fn a_tick_with_nothing_to_do_asks_each_shard_once() {
    let inside = Inside::start(Store::Embedded, datetime!(2026-11-22 12:00 UTC), &[]).await;
    let mut posted = invitation(KNOWN, "Anna", "Meier");
    posted["sendEmail"] = false.into();
    for _ in 0..20 {
        inside.invite(&posted).await;
    }
    inside.wait(Duration::HOUR);
    // The e-mails, the webhooks, the used states, and the expiries and reminders of each shard. The
    // first asks also whether the delivery is paused since an import, and for what an earlier version has left in each shard;
    // each, whether a redelivery was requested, and whether an upload runs.
    assert_eq!(
        inside.tick("DeliverEvents").await,
        (200, 1 + 16 + CALLS_OF_IDLE_TICK)
    );
    assert_eq!(
        inside.tick("DeliverEvents").await,
        (200, CALLS_OF_IDLE_TICK)
    );
    // What was erased, and what is due in each shard. The first run also searches all invitations
    // for companies of an earlier version: the note of how far that came is read and written, and
    // in between each shard is listed with its 20 invitations.
    let search = 2 + 16 + 20;
    let purge = inside.tick("PurgeInvitations").await;
    // What is due to be deleted, what was given up so long ago, and what the feed no longer keeps,
    // in each shard; the uploads; and the lag.
    assert_eq!(purge, (200, search + CALLS_OF_IDLE_TICK));
    inside.wait(Duration::HOUR);
    let purge = inside.tick("PurgeInvitations").await;
    assert_eq!(
        purge,
        (200, CALLS_OF_IDLE_TICK),
        "that the search is over is kept"
    );
}

/// Sends on, and counts.
#[derive(Debug)]
struct CountingTransport(reqwest::Client, Arc<AtomicUsize>);

#[async_trait]
impl HttpClient for CountingTransport {
    async fn execute_request(&self, request: &Request) -> azure_core_legacy::Result<Response> {
        self.1.fetch_add(1, Ordering::SeqCst);
        self.0.execute_request(request).await
    }
}

/// What is counted above are calls of the port.
#[tokio::test]
async fn a_call_to_the_table_is_one_request_on_the_wire() {
    let sent = Arc::new(AtomicUsize::new(0));
    let transport = Arc::new(CountingTransport(reqwest::Client::new(), Arc::clone(&sent)));
    let table =
        AzureTable::from_connection_string(&azurite().await, &table_name(), transport).unwrap();
    let insert = |key: &str| {
        [onboarding::store::table::Write::Insert {
            key: key.to_owned(),
            fields: Default::default(),
        }]
    };
    table
        .commit("partition", &insert("the table is made by the first write"))
        .await
        .unwrap();
    let requests_of = |before: usize| sent.load(Ordering::SeqCst) - before;
    let before = requests_of(0);
    table.get("partition", "nothing").await.unwrap();
    assert_eq!(requests_of(before), 1);
    table
        .query("partition", &Default::default(), 10, None)
        .await
        .unwrap();
    assert_eq!(requests_of(before), 2);
    table.commit("partition", &insert("another")).await.unwrap();
    assert_eq!(requests_of(before), 3);
}
