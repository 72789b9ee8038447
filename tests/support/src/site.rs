//! The service in this process, for arbitrary input: `tests/it/arbitrary_input.rs` and the targets
//! of cargo-fuzz.

use std::{
    sync::{Arc, Mutex, OnceLock},
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode, header},
};
use axum_extra::extract::cookie::CookieJar;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use onboarding::{
    app::{App, Shared},
    clock::Clock,
    domain::invitation::{Account, Link, Situation},
    http::{
        contact::ContactTicket,
        cookies::{Session, StartedApproval, StartedSignIn},
        pass,
    },
    identity::Attempt,
    router::{canonical_path, router},
};
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use tower::Service;
use url::form_urlencoded;

use crate::{Store, faulty::FaultyTable, inside};

/// What no page may contain unescaped.
pub const PROBE: &str = "<probe-of-markup";

/// Nothing that is refused takes longer.
const SOON: Duration = Duration::from_secs(1);

/// What the token endpoint answers.
type Answer = Arc<Mutex<(u16, String)>>;

/// The service in this process, with an invitation, and a sign-in service that says what it is told
/// to.
#[derive(Debug)]
pub struct Site {
    /// The service, to be asked directly.
    pub app: Shared,
    /// On which it runs.
    pub runtime: Runtime,
    /// The link of the invitation that is there.
    pub link: Link,
    table: Arc<FaultyTable>,
    token_answer: Answer,
}

/// A request, not yet checked to be one.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The method.
    pub method: &'static str,
    /// Path and query.
    pub target: String,
    /// Names in lower case; a value that no header may have is left out.
    pub headers: Vec<(&'static str, Vec<u8>)>,
    /// The body.
    pub body: Vec<u8>,
}

/// What came back.
#[derive(Debug)]
pub struct Answered {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: String,
}

impl Sent {
    /// Without a body.
    #[must_use]
    pub fn get(target: impl Into<String>, headers: Vec<(&'static str, Vec<u8>)>) -> Self {
        Self {
            method: "GET",
            target: target.into(),
            headers,
            body: Vec::new(),
        }
    }

    /// With a body of this content type.
    #[must_use]
    pub fn post(target: &str, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            method: "POST",
            target: target.to_owned(),
            headers: vec![("content-type", kind.into())],
            body: body.into(),
        }
    }
}

impl Site {
    /// Starts the service over an empty store and invites a person.
    #[must_use]
    pub fn start() -> Self {
        Self::start_at(None)
    }

    /// The same with Microsoft as the sign-in service, which is not asked over the network: only there
    /// administrators approve an app.
    #[must_use]
    pub fn at_microsoft() -> Self {
        Self::start_at(Some("https://login.microsoftonline.com/common/v2.0"))
    }

    fn start_at(authority: Option<&str>) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let token_answer = Answer::default();
        let own = runtime.block_on(sign_in_service(token_answer.clone()));
        let authority = authority.map_or(own, str::to_owned);
        let table = runtime.block_on(FaultyTable::start(Store::Embedded));
        let config = inside::config(&[("ENTRA_AUTHORITY", &authority)]);
        let (app, _) = App::new(config, Clock::system(), table.clone()).unwrap();
        let mut site = Self {
            app,
            runtime,
            table,
            token_answer,
            link: Link::random(),
        };
        let created = site
            .send(&Sent::post(
                "/api/Invitations",
                "application/json",
                invitation().to_string(),
            ))
            .unwrap();
        assert_eq!(created.status, StatusCode::CREATED, "{}", created.body);
        let created: Value = serde_json::from_str(&created.body).unwrap();
        site.link = created["link"]
            .as_str()
            .unwrap()
            .rsplit('=')
            .next()
            .unwrap()
            .parse()
            .unwrap();
        site
    }

    /// `None` where it is no request that a server would take.
    #[must_use]
    pub fn send(&self, sent: &Sent) -> Option<Answered> {
        let mut request = Request::builder()
            .method(sent.method)
            .uri(&sent.target)
            .body(Body::from(sent.body.clone()))
            .ok()?;
        for (name, value) in &sent.headers {
            if let Ok(value) = HeaderValue::from_bytes(value) {
                request
                    .headers_mut()
                    .append(HeaderName::from_static(name), value);
            }
        }
        Some(self.runtime.block_on(async {
            let answer = router(Arc::clone(&self.app))
                .call(canonical_path(request))
                .await
                .unwrap();
            let (head, body) = answer.into_parts();
            let body = to_bytes(body, 1 << 22).await.unwrap();
            Answered {
                status: head.status,
                headers: head.headers,
                body: String::from_utf8(body.to_vec()).unwrap(),
            }
        }))
    }

    /// The answer to a request; `None` where it is none that a server would take.
    ///
    /// # Panics
    /// Where the answer is late, an error of the server, or repeats markup that was sent.
    #[must_use]
    pub fn answer(&self, sent: &Sent) -> Option<Answered> {
        let begun = Instant::now();
        let answer = self.send(sent);
        // A busy machine is slow once; a bad request is slow each time.
        if begun.elapsed() > SOON {
            let again = Instant::now();
            let _ = self.send(sent);
            assert!(again.elapsed() < SOON, "{:?}", again.elapsed());
        }
        let answer = answer?;
        assert!(
            !answer.status.is_server_error() || answer.status == 503,
            "{}: {}",
            answer.status,
            answer.body
        );
        let kind = answer
            .headers
            .get(header::CONTENT_TYPE)
            .map(|kind| kind.to_str().unwrap().to_owned())
            .unwrap_or_default();
        assert!(
            !kind.contains("html") || !answer.body.contains(PROBE),
            "{}",
            answer.body
        );
        for (name, value) in &answer.headers {
            assert!(
                !value
                    .as_bytes()
                    .windows(PROBE.len())
                    .any(|part| part == PROBE.as_bytes()),
                "{name}"
            );
        }
        Some(answer)
    }

    /// The way back from the sign-in service, whose token endpoint answers with this status and
    /// body.
    #[must_use]
    pub fn callback_response(&self, status: u16, body: String) -> Sent {
        *self.token_answer.lock().unwrap() = (status, body);
        let attempt = Attempt::new(self.app.cookies().ticket(&self.link, self.now()));
        let query = encoded(&[
            ("state".to_owned(), attempt.state.clone()),
            ("code".to_owned(), "c".to_owned()),
        ]);
        let begun = StartedSignIn {
            attempt,
            link: self.link,
            lang: None,
            restarted: false,
        };
        let cookie = cookies(&self.app.cookies().start_sign_in(
            CookieJar::new(),
            &begun,
            self.now(),
        ));
        Sent::get(format!("/api/AcceptCallback?{query}"), vec![cookie])
    }

    /// Where an attempt that failed may have led.
    ///
    /// # Panics
    /// Where it let a person in.
    pub fn assert_let_nobody_in(answer: &Answered) {
        assert!(
            [400, 403, 503].contains(&answer.status.as_u16()),
            "{}",
            answer.status
        );
        for cookie in answer.headers.get_all(header::SET_COOKIE) {
            assert!(!cookie.to_str().unwrap().starts_with("__Host-session"));
        }
    }

    /// The session cookie of an account.
    #[must_use]
    pub fn signed_in(&self, account: Account) -> (&'static str, Vec<u8>) {
        let session = Session {
            link: self.link,
            account,
            account_name: String::new(),
            shows_invited: false,
            is_guest: false,
            lang: None,
        };
        cookies(
            &self
                .app
                .cookies()
                .open_session(CookieJar::new(), &session, self.now()),
        )
    }

    /// How many transactions there were since this was asked before.
    #[must_use]
    pub fn written(&self) -> usize {
        self.table.take_commits()
    }

    /// The time, as the service sees it.
    #[must_use]
    pub fn now(&self) -> time::OffsetDateTime {
        self.app.clock.now()
    }
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
        (
            StatusCode::from_u16(status).unwrap(),
            [(header::CONTENT_TYPE, "application/json")],
            body,
        )
    };
    let router = Router::new()
        .route(
            "/.well-known/openid-configuration",
            axum::routing::get(move || async move { metadata }),
        )
        .route("/keys", axum::routing::get(move || async move { keys }))
        .route("/token", axum::routing::post(token))
        .with_state(answer);
    tokio::spawn(async move { axum::serve(listener, router).await });
    base
}

/// Of which no mail is sent.
#[must_use]
pub fn invitation() -> Value {
    let mut posted = local::samples::invitation("anna@meier.example", "Anna", "Meier");
    posted["sendEmail"] = false.into();
    // A company of its own.
    posted["company"]["customerNumber"] = format!("C-{}", uuid::Uuid::new_v4().simple()).into();
    posted["message"] = "Welcome".into();
    posted["recipient"]["locale"] = "en".into();
    posted
}

/// As a form or a query.
#[must_use]
pub fn encoded(pairs: &[(String, String)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

/// The header that a browser sends with the cookies that were set in `jar`.
fn cookies(jar: &CookieJar) -> (&'static str, Vec<u8>) {
    let cookies: Vec<_> = jar
        .iter()
        .map(|cookie| format!("{}={}", cookie.name(), cookie.value()))
        .collect();
    ("cookie", cookies.join("; ").into_bytes())
}

/// The parameters of an administrator's browser, at the page, as the answer and in the form, beside
/// the cookie of an approval that was begun: its state is not known, so nothing is approved.
///
/// # Panics
/// As [`unchanged`].
pub fn consent(site: &Site, parameters: &str) {
    let state = uuid::Uuid::new_v4().to_string();
    let started = StartedApproval {
        id: site.link.id(),
        lang: None,
    };
    let jar = CookieJar::new();
    let cookie = cookies(
        &site
            .app
            .cookies()
            .start_approval(jar, &state, started, site.now()),
    );
    let pass = pass::seal(&site.app, site.link.id()).unwrap();
    let form = "application/x-www-form-urlencoded";
    for target in [
        format!("/api/AppConsent?{parameters}"),
        format!("/api/AppConsent?pass={pass}&{parameters}"),
    ] {
        unchanged(site, &Sent::get(target, vec![cookie.clone()]));
    }
    let mut sent = Sent::post("/api/AppConsent", form, parameters);
    sent.headers.push(cookie);
    unchanged(site, &sent);
    unchanged(
        site,
        &Sent::post("/api/AppConsent", form, format!("{parameters}&pass={pass}")),
    );
}

/// The form that asks the inviter, without a ticket of ours, and with one: each kind is recorded once
/// at most.
///
/// # Panics
/// Where the first changed something, or an answer is one that [`Site::answer`] does not accept.
pub fn contact(site: &Site, form: &[u8]) {
    let kind = "application/x-www-form-urlencoded";
    unchanged(site, &Sent::post("/api/ContactInviter", kind, form));
    let ticket = ContactTicket {
        link: site.link,
        situation: Situation::Invitation,
    };
    let own = form_urlencoded::parse(form).filter(|(name, _)| name != "ticket");
    let form = form_urlencoded::Serializer::new(String::new())
        .append_pair("ticket", &ticket.seal(&site.app))
        .extend_pairs(own)
        .finish();
    let answer = site.answer(&Sent::post("/api/ContactInviter", kind, form));
    let status = answer.map_or(0, |answer| answer.status.as_u16());
    assert!([0, 303, 400, 413, 422].contains(&status), "{status}");
}

/// The query of the pages of a session, with the session of a stranger and without one.
///
/// # Panics
/// As [`unchanged`]; where the company of the invitation is shown.
pub fn welcome(site: &Site, query: &str) {
    let invitation = invitation();
    let street = invitation["company"]["street"].as_str().unwrap();
    for page in ["Welcome", "CreateCompany", "ConfirmMailbox"] {
        let target = format!("/api/{page}?{query}");
        for headers in [vec![], vec![site.signed_in(stranger())]] {
            let sent = Sent::get(target.clone(), headers);
            unchanged(site, &sent);
            if let Some(answer) = site.send(&sent) {
                assert!(!answer.body.contains(street), "{target}: {}", answer.body);
            }
        }
    }
}

/// An account that no invitation knows.
#[must_use]
pub fn stranger() -> Account {
    Account {
        tid: uuid::Uuid::from_u128(1),
        oid: uuid::Uuid::from_u128(2),
    }
}

/// Does it with the one service of this process.
pub fn with_site(act: impl FnOnce(&Site)) {
    static SITE: OnceLock<Site> = OnceLock::new();
    act(SITE.get_or_init(Site::start));
}

/// The same at Microsoft.
pub fn with_site_at_microsoft(act: impl FnOnce(&Site)) {
    static SITE: OnceLock<Site> = OnceLock::new();
    act(SITE.get_or_init(Site::at_microsoft));
}

/// Sends what must change nothing.
///
/// # Panics
/// Where it did, or where the answer is one that [`Site::answer`] does not accept.
pub fn unchanged(site: &Site, sent: &Sent) {
    let _ = site.written();
    let _ = site.answer(sent);
    assert_eq!(site.written(), 0, "{} {}", sent.method, sent.target);
}
