//! A table that is slow or silent: a page answers within ten seconds, however many calls
//! the page makes.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use azure_core_legacy::{HttpClient, Request, Response};
use local::{
    browser::ScriptedBrowser,
    samples,
    signin::{SignIn, SignInOptions},
};
use onboarding::{
    app::{App, Shared},
    clock::Clock,
    router::router,
    store::table::{azure::AzureTable, metered::Metered},
};
use serde_json::Value;
use support::{KNOWN, WEBHOOK_SECRET, azurite, inside, invitation, people::Acts};
use tokio::{
    net::TcpListener,
    task::JoinHandle,
    time::{self, Instant},
};
use uuid::Uuid;

use crate::desk::office::{self, Employee};

/// The way to the table service.
#[derive(Debug)]
struct DelayedTransport {
    http: reqwest::Client,
    /// How long each answer takes by the clock of the runtime.
    takes: Mutex<Duration>,
    /// Held by the answer that moves the clock.
    clock: tokio::sync::Mutex<()>,
    /// Shared by the requests that Azurite is answering: the clock waits for them, so that what they
    /// take by the clock of the machine is not counted.
    answering: tokio::sync::RwLock<()>,
    requests: AtomicUsize,
}

impl DelayedTransport {
    fn takes(&self, time: Duration) {
        *self.takes.lock().unwrap() = time;
        self.requests.store(0, Ordering::SeqCst);
    }

    /// Time passes at once. Of several answers that take their time together, one moves the clock,
    /// and another goes on where that one is no longer waited for.
    async fn passes(&self, time: Duration) {
        let until = Instant::now() + time;
        let moves = async {
            let _one_at_a_time = self.clock.lock().await;
            self.move_clock(until).await;
        };
        tokio::select! {
            () = moves => {}
            () = time::sleep_until(until) => {}
        }
    }

    /// Moves the clock of the runtime on, for all its timers; what is due on the way has its turn,
    /// also a caller that gives up waiting.
    async fn move_clock(&self, until: Instant) {
        const STEP: Duration = Duration::from_millis(100);
        while Instant::now() < until {
            let _no_request = self.answering.write().await;
            time::pause();
            let _goes_on = ResumeOnDrop;
            time::advance(STEP).await;
            tokio::task::yield_now().await;
        }
    }
}

#[async_trait]
impl HttpClient for DelayedTransport {
    async fn execute_request(&self, request: &Request) -> azure_core_legacy::Result<Response> {
        self.requests.fetch_add(1, Ordering::SeqCst);
        let takes = *self.takes.lock().unwrap();
        if !takes.is_zero() {
            self.passes(takes).await;
        }
        let _answering = self.answering.read().await;
        self.http.execute_request(request).await
    }
}

struct ResumeOnDrop;

impl Drop for ResumeOnDrop {
    fn drop(&mut self) {
        time::resume();
    }
}

/// The app in this process over Azurite, with a sign-in service.
struct Site {
    way: Arc<DelayedTransport>,
    sign_in: SignIn,
    base: String,
    app: Shared,
    _served: JoinHandle<()>,
}

impl Site {
    async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let options = SignInOptions {
            client_id: "app".to_owned(),
            client_secret: "secret".to_owned(),
            redirect_uris: vec![format!("{base}/api/AcceptCallback")],
            accounts: samples::accounts(),
            ..SignInOptions::default()
        };
        let sign_in = SignIn::start(options).await.unwrap();
        // So that events are delivered, which is one call more.
        let hook = ("WEBHOOK_URL", "https://hook.example.com/");
        let secret = ("WEBHOOK_SECRET", WEBHOOK_SECRET);
        let config = inside::config(&[
            ("PUBLIC_BASE_URL", &base),
            ("ENTRA_AUTHORITY", &sign_in.authority("common")),
            ("DESK_TENANT", office::TENANT),
            hook,
            secret,
        ]);
        let way = Arc::new(DelayedTransport {
            http: reqwest::Client::new(),
            takes: Mutex::default(),
            clock: tokio::sync::Mutex::default(),
            answering: tokio::sync::RwLock::default(),
            requests: AtomicUsize::new(0),
        });
        let connection = azurite::azurite().await;
        let table = AzureTable::from_connection_string(
            &connection,
            &azurite::table_name(),
            Arc::clone(&way) as Arc<dyn HttpClient>,
        );
        let (app, _intents) =
            App::new(config, Clock::system(), Arc::new(Metered(table.unwrap()))).unwrap();
        let service = router(Arc::clone(&app));
        let served = tokio::spawn(async move {
            axum::serve(listener, tower::make::Shared::new(service))
                .await
                .unwrap()
        });
        Self {
            way,
            sign_in,
            base,
            app,
            _served: served,
        }
    }

    fn person(&self) -> ScriptedBrowser {
        ScriptedBrowser::new(&self.base, &self.base).unwrap()
    }

    async fn invite(&self) -> String {
        let mut posted = invitation(KNOWN, "Anna", "Meier");
        posted["sendEmail"] = false.into();
        // A colleague would join the company instead.
        posted["company"]["customerNumber"] = format!("C-{}", Uuid::new_v4().simple()).into();
        let (_, created) =
            inside::call(&self.app, http::Method::POST, "/api/Invitations", &posted).await;
        created["link"].as_str().unwrap().to_owned()
    }

    /// Up to the answer that the browser is about to bring to the callback.
    async fn on_the_way_back(&self) -> (ScriptedBrowser, String) {
        let mut anna = self.person();
        let authorize = anna.get_started(&self.invite().await).await.unwrap();
        let back = anna.signs_in_at(&self.sign_in, &authorize, KNOWN).await;
        (anna, back)
    }
}

/// What each answer of the table takes; a silent one is given up before.
const PACES: [(&str, Duration); 2] = [
    ("slow", Duration::from_millis(3500)),
    ("silent", Duration::from_secs(100)),
];

fn is_told_in_time(case: &str, page: &local::browser::Page, asked: Instant) {
    assert_eq!(
        (page.status.as_u16(), page.title().as_str()),
        (503, "Please try again in a moment"),
        "{case}"
    );
    assert!(page.headers.contains_key("retry-after"), "{case}");
    assert!(
        asked.elapsed() < Duration::from_secs(10),
        "{case}: {:?}",
        asked.elapsed()
    );
}

#[tokio::test]
async fn callback_answers_within_ten_seconds() {
    let site = Site::start().await;
    for (case, pace) in PACES {
        let (mut anna, back) = site.on_the_way_back().await;
        let asked = Instant::now();
        site.way.takes(pace);
        let page = anna.opens(&back).await;
        is_told_in_time(case, &page, asked);
        site.way.takes(Duration::ZERO);
        let again = anna.presses(&page, "main form .primary", &[]).await;
        assert_eq!(again.status, 303, "{case}: the sign-in begins again");
    }
}

#[tokio::test]
async fn creation_answers_within_ten_seconds() {
    let site = Site::start().await;
    for (case, pace) in PACES {
        let (mut anna, back) = site.on_the_way_back().await;
        let form = anna.opens(&back).await.location().unwrap();
        let form = anna.opens(&form).await;
        let asked = Instant::now();
        site.way.takes(pace);
        let page = anna.presses(&form, "#create-company", &[]).await;
        is_told_in_time(case, &page, asked);
        site.way.takes(Duration::ZERO);
        let done = anna.presses(&form, "#create-company", &[]).await;
        assert_eq!(done.status, 303, "{case}");
        assert!(done.location().unwrap().contains("/api/Welcome?"), "{case}");
    }
}

/// The work itself may take longer: it goes on, and the page says how far it has come.
#[tokio::test]
async fn presses_at_the_desk_are_answered_within_ten_seconds() {
    const ROWS: usize = 20;
    let site = Site::start().await;
    let tamer = Employee::who_manages(Arc::clone(&site.app));
    // There is time to start the work, and none to wait for it.
    let busy = ("busy", Duration::from_secs(1));
    for (case, pace) in [busy].into_iter().chain(PACES) {
        let file = office::file(ROWS).replace('@', &format!("@{case}."));
        let many = tamer.uploads(file.as_bytes(), case).await;
        let mailbox = format!("anna@{case}.example");
        let mut fields = office::DRAFT.to_vec();
        fields.push(("email", &mailbox));
        let one = tamer.presses("/desk/new", &fields).await;
        for path in [many.leads_to(), one.leads_to()] {
            let asked = Instant::now();
            site.way.takes(pace);
            let pressed = tamer.presses(path, &[]).await;
            let passed = asked.elapsed();
            assert!(passed < Duration::from_secs(10), "{case}: {passed:?}");
            let expected = if case == "busy" { 303 } else { 503 };
            assert_eq!(pressed.status, expected, "{case} {path}");
            site.way.takes(Duration::ZERO);
            tamer.presses(path, &[]).await;
        }
        let done = opened_until(&tamer, many.leads_to(), |page| !page.refresh).await;
        let said = format!("{ROWS} customers were invited.");
        assert!(done.body.contains(&said), "{case}: {}", done.body);
        let created = opened_until(&tamer, one.leads_to(), |page| page.status == 303).await;
        assert!(created.leads_to().starts_with("/desk/invitations/"));
    }
}

/// The page, as soon as it is as it should be.
async fn opened_until(
    employee: &Employee,
    path: &str,
    is_wanted: impl Fn(&office::Answer) -> bool,
) -> office::Answer {
    let deadline = std::time::Instant::now() + Duration::from_secs(60);
    loop {
        let page = employee.opens(path).await;
        if is_wanted(&page) {
            return page;
        }
        assert!(
            std::time::Instant::now() < deadline,
            "{path}: {}",
            page.body
        );
        time::sleep(Duration::from_millis(50)).await;
    }
}

/// No one waits for a timer, and what it has begun it should finish.
#[tokio::test]
async fn a_timer_has_its_time_for_each_call() {
    let site = Site::start().await;
    site.invite().await;
    site.way.takes(Duration::from_secs(2));
    let asked = Instant::now();
    let (status, _) = inside::call(
        &site.app,
        http::Method::POST,
        "/PurgeInvitations",
        &Value::Null,
    )
    .await;
    assert_eq!(status, 200);
    assert!(
        asked.elapsed() > Duration::from_secs(10),
        "{:?}",
        asked.elapsed()
    );
    assert!(site.way.requests.load(Ordering::SeqCst) > 10);
}
