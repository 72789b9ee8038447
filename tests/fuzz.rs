//! Whatever is sent, the service answers soon, says whose fault it is, repeats nothing raw and writes nothing that
//! was not asked for. Some hundred cases each time; `make fuzz` tries many more.

#![expect(clippy::unwrap_used, reason = "these are tests")]

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use async_trait::async_trait;
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode, header},
};
use axum_extra::extract::cookie::CookieJar;
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use onboarding::{
    app::{App, Shared, canonical_path, router},
    clock::Clock,
    config::Config,
    identity::Attempt,
    invitation::{Account, Link},
    session::{Begun, Session},
    store::{
        embedded::EmbeddedTable,
        table::{Continuation, ETag, Page, Range, Row, Table, TableError, Write},
    },
};
use proptest::{
    collection::vec,
    prelude::*,
    sample::select,
    test_runner::{TestCaseResult, TestRunner},
};
use scraper::{Html, Selector};
use serde_json::{Map, Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tower::Service;
use url::form_urlencoded;

/// What no page may contain as it stands.
const PROBE: &str = "<probe-of-markup";

/// Nothing that is refused takes longer.
const SOON: Duration = Duration::from_secs(1);

/// A table that counts what is written.
#[derive(Debug)]
struct Counted(EmbeddedTable, Arc<AtomicUsize>);

#[async_trait]
impl Table for Counted {
    async fn get(&self, partition: &str, row: &str) -> Result<Option<Row>, TableError> {
        self.0.get(partition, row).await
    }

    async fn query(&self, partition: &str, range: &Range, limit: usize, from: Option<&Continuation>) -> Result<Page, TableError> {
        self.0.query(partition, range, limit, from).await
    }

    async fn commit(&self, partition: &str, writes: &[Write]) -> Result<Vec<Option<ETag>>, TableError> {
        self.1.fetch_add(1, Ordering::SeqCst);
        self.0.commit(partition, writes).await
    }
}

/// What the token endpoint answers.
type Answer = Arc<Mutex<(u16, String)>>;

/// The service in this process, with an invitation, and a sign-in service that says what it is told to.
struct Site {
    app: Shared,
    runtime: Runtime,
    written: Arc<AtomicUsize>,
    token_answer: Answer,
    link: Link,
    _dir: TempDir,
}

/// A request, not yet checked to be one.
#[derive(Clone, Debug, Default)]
struct Sent {
    method: &'static str,
    target: String,
    headers: Vec<(&'static str, Vec<u8>)>,
    body: Vec<u8>,
}

struct Answered {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Site {
    fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let token_answer = Answer::default();
        let authority = runtime.block_on(sign_in_service(token_answer.clone()));
        let dir = tempfile::tempdir().unwrap();
        let written = Arc::new(AtomicUsize::new(0));
        let table = Counted(EmbeddedTable::open(dir.path()).unwrap(), written.clone());
        let (app, _) = App::new(config(&authority), Clock::system(), Arc::new(table)).unwrap();
        let mut site = Self { app, runtime, written, token_answer, link: Link::random(), _dir: dir };
        let created = site.send(&post("/api/Invitations", "application/json", &invitation().to_string())).unwrap();
        assert_eq!(created.status, StatusCode::CREATED, "{}", created.body);
        let created: Value = serde_json::from_str(&created.body).unwrap();
        site.link = created["link"].as_str().unwrap().rsplit('=').next().unwrap().parse().unwrap();
        site
    }

    /// `None` where it is no request that a server would take.
    fn send(&self, sent: &Sent) -> Option<Answered> {
        let mut request = Request::builder().method(sent.method).uri(&sent.target).body(Body::from(sent.body.clone())).ok()?;
        for (name, value) in &sent.headers {
            if let Ok(value) = HeaderValue::from_bytes(value) {
                request.headers_mut().append(HeaderName::from_static(name), value);
            }
        }
        Some(self.runtime.block_on(async {
            let answer = router(Arc::clone(&self.app)).call(canonical_path(request)).await.unwrap();
            let (head, body) = answer.into_parts();
            let body = to_bytes(body, 1 << 22).await.unwrap();
            Answered { status: head.status, headers: head.headers, body: String::from_utf8(body.to_vec()).unwrap() }
        }))
    }

    /// The answer to a request, which holds whatever was sent.
    fn answer(&self, sent: &Sent) -> Result<Answered, TestCaseError> {
        let begun = Instant::now();
        let answer = self.send(sent);
        // A busy machine is slow once; a bad request is slow each time.
        if begun.elapsed() > SOON {
            let again = Instant::now();
            self.send(sent);
            prop_assert!(again.elapsed() < SOON, "{:?}", again.elapsed());
        }
        let Some(answer) = answer else { return Err(TestCaseError::reject("not a request")) };
        prop_assert!(!answer.status.is_server_error() || answer.status == 503, "{}: {}", answer.status, answer.body);
        let kind = answer.headers.get(header::CONTENT_TYPE).map(|kind| kind.to_str().unwrap().to_owned()).unwrap_or_default();
        prop_assert!(!kind.contains("html") || !answer.body.contains(PROBE), "{}", answer.body);
        for (name, value) in &answer.headers {
            prop_assert!(!value.as_bytes().windows(PROBE.len()).any(|part| part == PROBE.as_bytes()), "{name}");
        }
        Ok(answer)
    }

    fn written(&self) -> usize {
        self.written.load(Ordering::SeqCst)
    }

    fn now(&self) -> time::OffsetDateTime {
        self.app.clock.now()
    }

    /// Values that mean something here, beside arbitrary ones.
    fn text(&self) -> impl Strategy<Value = String> + use<> {
        let known = vec![
            self.link.reveal(),
            self.app.cookies.ticket(&self.link, self.now()),
            "access_denied".to_owned(),
            "login_required".to_owned(),
            "en".to_owned(),
            "zh-Hant".to_owned(),
            "renew".to_owned(),
            "send".to_owned(),
            "//evil.example".to_owned(),
            "x".repeat(5000),
            String::new(),
        ];
        prop_oneof![
            3 => any::<String>(),
            2 => any::<String>().prop_map(|text| format!("\"'>{PROBE} {text}>")),
            2 => select(known),
            1 => "[0-9a-fA-F-]{36}",
        ]
    }

    fn pairs(&self, names: &[&str]) -> impl Strategy<Value = Vec<(String, String)>> + use<> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        vec((prop_oneof![6 => select(names), 1 => any::<String>()], self.text()), 0..6)
    }

    /// Headers that the service reads, with whatever may stand in them.
    fn headers(&self) -> impl Strategy<Value = Vec<(&'static str, Vec<u8>)>> + use<> {
        let names = [
            "accept",
            "accept-language",
            "host",
            "x-forwarded-host",
            "x-forwarded-proto",
            "cookie",
            "origin",
            "sec-fetch-site",
            "content-type",
            "x-azure-functions-invocationid",
            "x-original-url",
        ];
        let cookie = (select(vec!["__Host-session", "__Host-sign-in-", "session", "sign-in-x", ""]), "[!-~]{0,80}")
            .prop_map(|(name, value)| format!("{name}={value}; {name}{value}=x;;=").into_bytes());
        let value = prop_oneof![
            vec(any::<u8>(), 0..60),
            self.text().prop_map(String::into_bytes),
            cookie,
            "(en|zh|\\*|de)(-[A-Za-z]{1,9})?(;q=[0-9.]{0,5})?(,[ -~]{0,30})?".prop_map(String::into_bytes),
            select(vec!["same-origin", "cross-site", "null", "https://invite.example.com", "application/json"])
                .prop_map(|text| text.as_bytes().to_vec()),
        ];
        vec((select(names.to_vec()), value), 0..5)
    }
}

fn config(authority: &str) -> Config {
    Config::read(|name| {
        let value = match name {
            "PUBLIC_BASE_URL" => "https://invite.example.com",
            "ENTRA_AUTHORITY" => authority,
            "ENTRA_CLIENT_ID" => "app",
            "ENTRA_CLIENT_SECRET" => "secret",
            "SESSION_KEYS" => return Some(STANDARD.encode([7; 64])),
            "INVITATION_STORAGE" => "embedded:unused",
            "PLATFORM_NAME" => "My rConnect",
            _ => return None,
        };
        Some(value.to_owned())
    })
    .unwrap()
}

/// Answers with its metadata, a key, and at its token endpoint with what the case says.
async fn sign_in_service(answer: Answer) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let metadata = json!({
        "issuer": base,
        "authorization_endpoint": format!("{base}/authorize"),
        "token_endpoint": format!("{base}/token"),
        "jwks_uri": format!("{base}/keys"),
    })
    .to_string();
    let keys =
        json!({"keys": [{"kty": "RSA", "use": "sig", "kid": "1", "e": "AQAB", "n": URL_SAFE_NO_PAD.encode([0xab; 256])}]}).to_string();
    let token = move |State(answer): State<Answer>| async move {
        let (status, body) = answer.lock().unwrap().clone();
        (StatusCode::from_u16(status).unwrap(), [(header::CONTENT_TYPE, "application/json")], body)
    };
    let router = Router::new()
        .route("/.well-known/openid-configuration", axum::routing::get(move || async move { metadata }))
        .route("/keys", axum::routing::get(move || async move { keys }))
        .route("/token", axum::routing::post(token))
        .with_state(answer);
    tokio::spawn(async move { axum::serve(listener, router).await });
    base
}

/// Of which no mail is sent.
fn invitation() -> Value {
    let mut posted = local::samples::invitation("anna@meier.example", "Anna", "Meier");
    posted["sendEmail"] = false.into();
    posted["message"] = "Welcome".into();
    posted["recipient"]["locale"] = "en".into();
    posted
}

fn post(target: &str, kind: &str, body: &str) -> Sent {
    let headers = vec![("content-type", kind.as_bytes().to_vec())];
    Sent { method: "POST", target: target.to_owned(), headers, body: body.as_bytes().to_vec() }
}

fn encoded(pairs: &[(String, String)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// The header that a browser sends with the cookies that were set in `jar`.
fn cookies(jar: &CookieJar) -> (&'static str, Vec<u8>) {
    let cookies: Vec<_> = jar.iter().map(|cookie| format!("{}={}", cookie.name(), cookie.value())).collect();
    ("cookie", cookies.join("; ").into_bytes())
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        any::<String>().prop_map(|text| Value::from(format!("{PROBE} {text}"))),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        let name =
            prop_oneof![select(vec!["recipient", "email", "inviter", "company", "name", "$lang"]).prop_map(str::to_owned), any::<String>()];
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((name, inner), 0..4).prop_map(|members| members.into_iter().collect::<Map<_, _>>().into()),
        ]
    })
}

/// As many cases as PROPTEST_CASES says.
fn each<S: Strategy>(strategy: &S, check: impl Fn(S::Value) -> TestCaseResult) {
    let config = ProptestConfig { failure_persistence: None, max_global_rejects: 1 << 20, ..ProptestConfig::default() };
    TestRunner::new(config).run(strategy, check).unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn arbitrary_requests_change_nothing() {
    let site = Site::start();
    let path = prop_oneof![
        select(vec!["InviteUser", "AcceptCallback", "ConfirmMailbox", "CreateCompany", "Welcome", "Invitations", "inviteuser"])
            .prop_map(str::to_owned),
        "(Invitations|InviteUser)/[!-~]{0,40}(/(resend|revoke|[!-~]{0,10}))?",
        "[!-~]{0,60}",
        any::<String>(),
    ];
    let names = ["invitationId", "state", "code", "error", "error_description", "iss", "lang", "session_state"];
    let query = prop_oneof![3 => site.pairs(&names).prop_map(|pairs| encoded(&pairs)), 1 => "[!-~]{0,80}"];
    let method = select(vec!["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"]);
    let body = prop_oneof![vec(any::<u8>(), 0..200), Just(vec![b'['; 70_000]), Just(vec![b'['; 60_000])];
    each(&(method, path, query, site.headers(), body), |(method, path, query, headers, body)| {
        let before = site.written();
        site.answer(&Sent { method, target: format!("/api/{path}?{query}"), headers, body })?;
        prop_assert_eq!(site.written(), before);
        Ok(())
    });
}

#[test]
fn arbitrary_forms_change_nothing() {
    let site = Site::start();
    let account = Account { tid: uuid::Uuid::from_u128(1), oid: uuid::Uuid::from_u128(2) };
    let session = Session { link: site.link, account, account_name: String::new(), lang: None };
    let stranger = cookies(&site.app.cookies.open_session(CookieJar::new(), &session, site.now()));
    let names = ["token", "lang", "prompt", "action", "ticket", "code", "companyName", "invitationId"];
    let page = select(vec!["InviteUser", "ConfirmMailbox", "CreateCompany"]);
    let body = prop_oneof![4 => site.pairs(&names).prop_map(|pairs| encoded(&pairs)), 1 => "[ -~]{0,200}"];
    each(&(page, body, site.headers(), any::<bool>()), |(page, body, headers, signed_in)| {
        let mut sent = post(&format!("/api/{page}"), "application/x-www-form-urlencoded", &body);
        sent.headers.extend(headers);
        sent.headers.extend(signed_in.then(|| stranger.clone()));
        let before = site.written();
        site.answer(&sent)?;
        prop_assert_eq!(site.written(), before);
        Ok(())
    });
}

#[test]
fn an_arbitrary_invitation_is_created_as_a_whole_or_not_at_all_and_shown_without_its_markup() {
    let site = Site::start();
    let places = ["/recipient/email", "/recipient/firstName", "/recipient/lastName", "/recipient/locale", "/inviter/name"];
    let more = ["/inviter/organization", "/inviter/email", "/company/name", "/message", "/sendEmail", "/recipient", "/company", ""];
    let place = select([&places[..], &more[..]].concat());
    // What a name or a message may well be, so that many are created.
    let text = "[ a-zA-Zäöüß<>\"'&;/0-9\u{4e00}-\u{4eff}]{0,30}".prop_map(|text| Value::from(format!("{PROBE}{text}")));
    let changed = vec((place, prop_oneof![3 => text, 1 => json_value()]), 1..3).prop_map(|changes| {
        let mut posted = invitation();
        for (place, value) in changes {
            if let Some(at) = posted.pointer_mut(place) {
                *at = value;
            }
        }
        posted.to_string().into_bytes()
    });
    let count = AtomicUsize::new(0);
    let body = prop_oneof![6 => changed, 1 => json_value().prop_map(|value| value.to_string().into_bytes()), 1 => vec(any::<u8>(), 0..100)];
    each(&body, |body| {
        let before = site.written();
        let mut sent = post("/api/Invitations", "application/json", "");
        sent.body = body;
        let answer = site.answer(&sent)?;
        let created = answer.status == StatusCode::CREATED;
        prop_assert_eq!(site.written() > before, created);
        // An array is answered item by item, and nothing that may stand in one here is an invitation.
        let is_array = sent.body.trim_ascii_start().starts_with(b"[");
        prop_assert!(created || answer.status.is_client_error() || is_array && answer.status == StatusCode::OK, "{}", answer.status);
        if created {
            count.fetch_add(1, Ordering::SeqCst);
            let link: Value = serde_json::from_str(&answer.body).unwrap();
            let target = link["link"].as_str().unwrap().trim_start_matches("https://invite.example.com").to_owned();
            let page = site.answer(&Sent { method: "GET", target, ..Sent::default() })?;
            prop_assert_eq!(page.status, StatusCode::OK);
        }
        Ok(())
    });
    assert!(count.into_inner() > 0, "nothing was ever created");
}

#[test]
fn an_arbitrary_company_is_shown_again_without_its_markup() {
    let site = Site::start();
    let account = Account { tid: uuid::Uuid::from_u128(1), oid: uuid::Uuid::from_u128(2) };
    site.runtime.block_on(site.app.invitations.accept(site.link.id(), account, site.now())).unwrap();
    let session = Session { link: site.link, account, account_name: String::new(), lang: None };
    let cookie = cookies(&site.app.cookies.open_session(CookieJar::new(), &session, site.now()));
    let get = Sent { method: "GET", target: "/api/CreateCompany".to_owned(), headers: vec![cookie.clone()], ..Sent::default() };
    let page = Html::parse_document(&site.send(&get).unwrap().body);
    let fields = Selector::parse("form:has(#create-company) [name]").unwrap();
    let fields: Vec<(String, String)> = page
        .select(&fields)
        .map(|field| (field.attr("name").unwrap().to_owned(), field.attr("value").unwrap_or_default().to_owned()))
        .collect();
    assert!(fields.len() > 8, "{fields:?}");
    let changes = vec((select((0..fields.len()).collect::<Vec<_>>()), site.text()), 1..5);
    each(&changes, |changes| {
        let mut fields = fields.clone();
        for (at, value) in changes {
            if fields[at].0 != "token" {
                fields[at].1 = value;
            }
        }
        // Else the company would be created, and no form shown any more.
        fields.iter_mut().filter(|(name, _)| name == "country").for_each(|(_, value)| *value = PROBE.to_owned());
        let mut sent = post("/api/CreateCompany", "application/x-www-form-urlencoded", &encoded(&fields));
        sent.headers.push(cookie.clone());
        let before = site.written();
        let answer = site.answer(&sent)?;
        prop_assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.body);
        prop_assert_eq!(site.written(), before);
        Ok(())
    });
}

#[test]
fn an_arbitrary_answer_of_the_token_endpoint_lets_nobody_in() {
    let site = Site::start();
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let head = prop_oneof![
        3 => Just(json!({"alg": "RS256", "kid": "1"})),
        1 => select(vec!["none", "HS256", "ES256", "PS256", "rs256"]).prop_map(|alg| json!({"alg": alg, "kid": "1"})),
        1 => json_value(),
    ];
    let claim =
        prop_oneof![json_value(), Just(json!("app")), Just(json!("11111111-2222-3333-4444-555555555555")), Just(json!(4_102_444_800_u64))];
    let names = select(vec!["iss", "aud", "sub", "exp", "iat", "nbf", "nonce", "tid", "oid", "email", "xms_edov", "azp"]);
    let claims = vec((names, claim), 0..12).prop_map(|claims| {
        let mut all: Map<String, Value> = claims.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        all.entry("tid").or_insert_with(|| "11111111-2222-3333-4444-555555555555".into());
        Value::from(all)
    });
    let token = prop_oneof![
        4 => (head, claims, vec(any::<u8>(), 0..300))
            .prop_map(move |(head, claims, signature)| format!("{}.{}.{}", part(head), part(claims), URL_SAFE_NO_PAD.encode(signature))),
        1 => "[A-Za-z0-9_.-]{0,60}",
        1 => any::<String>(),
    ];
    let body = prop_oneof![
        5 => token.prop_map(|token| json!({"token_type": "Bearer", "access_token": "x", "expires_in": 3600, "id_token": token}).to_string()),
        1 => json_value().prop_map(|value| value.to_string()),
        1 => any::<String>(),
    ];
    let status = prop_oneof![6 => Just(200), 1 => select(vec![201, 204, 400, 401, 403, 404, 418])];
    each(&(status, body), |(status, body)| {
        *site.token_answer.lock().unwrap() = (status, body);
        let attempt = Attempt::new(site.app.cookies.ticket(&site.link, site.now()));
        let state = attempt.state.clone();
        let begun = Begun { attempt, link: site.link, lang: None, restarted: false };
        let cookie = cookies(&site.app.cookies.begin(CookieJar::new(), &begun, site.now()));
        let query = encoded(&[("state".to_owned(), state), ("code".to_owned(), "c".to_owned())]);
        let target = format!("/api/AcceptCallback?{query}");
        let answer = site.answer(&Sent { method: "GET", target, headers: vec![cookie], ..Sent::default() })?;
        prop_assert!([400, 403, 503].contains(&answer.status.as_u16()), "{}", answer.status);
        for cookie in answer.headers.get_all(header::SET_COOKIE) {
            prop_assert!(!cookie.to_str().unwrap().starts_with("__Host-session="));
        }
        Ok(())
    });
}
