//! Signing in without a client secret: the app proves itself by a token of its managed identity.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use axum::{
    Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use local::browser::Page;
use serde_json::{Value, json};
use support::{
    KNOWN, Running, Store, company_form, dead_port, invite_quietly, now, people::Acts, start_with,
};

const IDENTITY: &str = "c0ffee00-4c1d-4c5e-9d53-6f2b1a7e8d90";
const HEADER: &str = "the-header-of-the-identity-endpoint";

/// What the identity endpoint of App Service does today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Behaviour {
    /// Tokens that live so many seconds.
    Well(i64),
    Refuses,
    Fails,
    Hangs,
}

/// Parameters and headers of a request.
type Asked = (HashMap<String, String>, HeaderMap);

/// <https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference>
#[derive(Clone)]
struct Endpoint {
    url: String,
    mood: Behaviour,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Endpoint {
    async fn start(mood: Behaviour) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = Self {
            url: format!("http://{}/msi/token", listener.local_addr().unwrap()),
            mood,
            asked: Arc::default(),
        };
        let router = Router::new().fallback(answer).with_state(endpoint.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        endpoint
    }

    fn requests(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

async fn answer(
    State(endpoint): State<Endpoint>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    endpoint.asked.lock().unwrap().push((query, headers));
    match endpoint.mood {
        Behaviour::Well(seconds) => json!({
            "access_token": assertion(),
            "expires_on": (now().unix_timestamp() + seconds).to_string(),
            "resource": "api://AzureADTokenExchange",
            "token_type": "Bearer",
            "client_id": IDENTITY,
        })
        .to_string()
        .into_response(),
        Behaviour::Refuses => (
            StatusCode::BAD_REQUEST,
            json!({"statusCode": 400, "message": format!("Not {HEADER}")}).to_string(),
        )
            .into_response(),
        Behaviour::Fails => (
            StatusCode::INTERNAL_SERVER_ERROR,
            format!("{HEADER} {}", assertion()),
        )
            .into_response(),
        Behaviour::Hangs => std::future::pending().await,
    }
}

/// In the form of a JWT; the stand-in cannot check whose it is.
fn assertion() -> String {
    let part = |json: Value| URL_SAFE_NO_PAD.encode(json.to_string());
    let claims =
        json!({"aud": "api://AzureADTokenExchange", "sub": "the-principal-of-the-identity"});
    format!(
        "{}.{}.{}",
        part(json!({"alg": "RS256", "kid": "1"})),
        part(claims),
        URL_SAFE_NO_PAD.encode("signature")
    )
}

async fn start_at(endpoint: &str) -> Running {
    let settings = [
        ("ENTRA_CLIENT_SECRET", ""),
        ("ENTRA_CLIENT_ASSERTION", "managed-identity"),
        ("AZURE_CLIENT_ID", IDENTITY),
        ("IDENTITY_ENDPOINT", endpoint),
        ("IDENTITY_HEADER", HEADER),
    ];
    start_with(Store::Embedded, &settings).await
}

/// Signs in, which comes to nothing; the page, and how long it took.
async fn turned_away(stack: &Running) -> (Page, Duration) {
    let ((link, _), mut anna) = (invite_quietly(stack).await, stack.person().unwrap());
    let begun = Instant::now();
    let page = anna.signs_in(&link, &stack.sign_in, KNOWN).await;
    let took = begun.elapsed();
    anna.headers.push(("accept", "application/json".to_owned()));
    let shown: Value = serde_json::from_str(&anna.opens(&link).await.body).unwrap();
    assert_eq!(shown["status"], "pending");
    (page, took)
}

fn assert_nothing_secret_is_logged(stack: &Running) {
    for line in stack.host.log() {
        assert!(
            !line.text.contains(HEADER) && !line.text.contains(&assertion()),
            "{}",
            line.text
        );
    }
}

async fn assert_unavailable(endpoint: &str, case: &str) {
    let stack = start_at(endpoint).await;
    let (page, took) = turned_away(&stack).await;
    assert_eq!(page.status, 503, "{case}: «{}»", page.title());
    assert!(page.headers.contains_key("retry-after"), "{case}");
    assert!(
        page.form("main .actions button")
            .is_ok_and(|form| form.action.ends_with("/api/InviteUser")),
        "{case}: a dead end"
    );
    assert!(took < Duration::from_secs(15), "{case}: {took:?}");
    assert_eq!(
        stack.sign_in.counts().token,
        0,
        "{case}: a token request without a credential"
    );
    assert_nothing_secret_is_logged(&stack);
}

#[tokio::test]
async fn identity_token_is_used_and_cached() {
    let endpoint = Endpoint::start(Behaviour::Well(86_400)).await;
    let stack = start_at(&endpoint.url).await;
    for _ in 0..2 {
        let (link, _) = invite_quietly(&stack).await;
        company_form(&mut stack.person().unwrap(), &stack, &link).await;
        let request = stack.sign_in.last_token_request();
        assert_eq!(
            request["client_assertion_type"],
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        );
        assert_eq!(request["client_assertion"], assertion());
        assert_eq!(
            request["client_id"],
            local::stack::CLIENT_ID,
            "the app's id, not the identity's"
        );
        assert!(!request.contains_key("client_secret"));
    }
    let asked = endpoint.asked.lock().unwrap().clone();
    let [(query, headers)] = &asked[..] else {
        panic!("one token serves both: {asked:?}")
    };
    assert_eq!(query["resource"], "api://AzureADTokenExchange");
    assert_eq!(query["client_id"], IDENTITY);
    assert_eq!(query["api-version"], "2019-08-01");
    assert_eq!(headers["x-identity-header"], HEADER);
    assert_nothing_secret_is_logged(&stack);
}

#[tokio::test]
async fn a_token_that_is_about_to_expire_is_replaced() {
    let endpoint = Endpoint::start(Behaviour::Well(30)).await;
    let stack = start_at(&endpoint.url).await;
    for count in 1..=2 {
        let (link, _) = invite_quietly(&stack).await;
        company_form(&mut stack.person().unwrap(), &stack, &link).await;
        assert_eq!(endpoint.requests(), count);
    }
}

#[tokio::test]
async fn a_refusing_identity_endpoint_is_an_outage() {
    assert_unavailable(&Endpoint::start(Behaviour::Refuses).await.url, "refuses").await;
}

#[tokio::test]
async fn a_failing_identity_endpoint_is_an_outage() {
    assert_unavailable(&Endpoint::start(Behaviour::Fails).await.url, "fails").await;
}

#[tokio::test]
async fn an_identity_endpoint_that_hangs_is_an_outage() {
    assert_unavailable(&Endpoint::start(Behaviour::Hangs).await.url, "hangs").await;
}

#[tokio::test]
async fn an_identity_endpoint_that_is_down_is_an_outage() {
    assert_unavailable(
        &format!("http://127.0.0.1:{}/msi/token", dead_port()),
        "down",
    )
    .await;
}
