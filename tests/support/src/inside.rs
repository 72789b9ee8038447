//! The service in this process, over either store: the test says what time it is, sees every row
//! that was written, and makes calls of the table fail.

use std::sync::{Arc, Mutex};

use axum::{
    body::{Body, to_bytes},
    http::{Method, Request},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use onboarding::{
    app::{App, Shared},
    clock::Clock,
    config::Config,
    domain::{
        company::Company,
        invitation::{Account, InvitationId, Link},
    },
    router::{canonical_path, router},
    store::{Announced, StateUse, Store as Repositories, table::Table},
};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};
use tokio::sync::mpsc;
use tower::Service;
use uuid::Uuid;

use crate::{
    Store,
    faulty::{self, Fault, FaultyTable},
};

/// The service.
pub struct Inside {
    pub app: Shared,
    pub table: Arc<FaultyTable>,
    now: Arc<Mutex<OffsetDateTime>>,
    config: Config,
    intents: Mutex<Option<mpsc::Receiver<Announced>>>,
}

impl Inside {
    /// At `now`, with further settings.
    pub async fn start(store: Store, now: OffsetDateTime, settings: &[(&str, &str)]) -> Self {
        Self::over(FaultyTable::start(store).await, now, settings)
    }

    /// The same, over this table.
    pub fn over(table: Arc<FaultyTable>, now: OffsetDateTime, settings: &[(&str, &str)]) -> Self {
        let (now, config) = (Arc::new(Mutex::new(now)), config(settings));
        let (app, intents) = instance(&config, &now, table.clone());
        Self {
            app,
            table,
            now,
            config,
            intents: Mutex::new(Some(intents)),
        }
    }

    pub fn now(&self) -> OffsetDateTime {
        *self.now.lock().unwrap()
    }

    pub fn wait(&self, time: Duration) {
        *self.now.lock().unwrap() += time;
    }

    /// All but the first writes fail from now on, the first of them only after it `landed`.
    pub fn fail_after(&self, commits: usize, landed: bool) {
        if landed {
            let first = faulty::commits().after(commits).once();
            self.table.plan(first, Fault::AnswerLost);
        }
        self.table
            .plan(faulty::commits().after(commits), Fault::Lost);
    }

    /// Another instance over the same table.
    pub fn another(&self) -> Shared {
        instance(&self.config, &self.now, self.table.clone()).0
    }

    /// Another instance over the same table, after an operator has changed settings.
    pub fn another_with(&self, change: impl FnOnce(&mut Config)) -> Shared {
        let mut config = self.config.clone();
        change(&mut config);
        instance(&config, &self.now, self.table.clone()).0
    }

    /// Another instance over the same table, whose clock is behind by this much.
    pub fn another_behind(&self, by: Duration) -> Shared {
        let now = self.now.clone();
        let clock = Clock::from_fn(move || *now.lock().unwrap() - by);
        App::new(self.config.clone(), clock, self.table.clone())
            .unwrap()
            .0
    }

    /// From now on what happens is delivered at once, as the process does it, and not by the timer
    /// alone.
    pub fn follow(&self) {
        let intents = self.intents.lock().unwrap().take().unwrap();
        tokio::spawn(self.app.deliverer.clone().follow(intents));
    }

    pub async fn call(&self, method: Method, path: &str, body: &Value) -> (u16, Value) {
        call(&self.app, method, path, body).await
    }

    pub fn store(&self) -> &Repositories {
        &self.app.store
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        self.call(Method::GET, path, &Value::Null).await
    }

    /// A tick of the timer, and how many storage calls it took.
    pub async fn tick(&self, timer: &str) -> (u16, usize) {
        self.table.take_calls();
        let (status, _) = self
            .call(Method::POST, &format!("/{timer}"), &Value::Null)
            .await;
        (status, self.table.take_calls().len())
    }

    /// A sign-in that ended in an hour at most has used the state, and kept whom it verified.
    pub async fn use_state(&self, id: InvitationId, state: &str) {
        let (states, now) = (&self.store().states, self.now());
        let used = states.use_once(id, (state, now + Duration::HOUR), None, now);
        let StateUse::First(used) = used.await.unwrap() else {
            panic!("{state} was used before");
        };
        let verified = states.verified(used, b"claims").unwrap();
        states.record(verified).await.unwrap();
    }

    /// A new invitation, as posted; nothing of it is delivered.
    pub async fn invite(&self, posted: &Value) -> (Link, InvitationId) {
        let (status, created) = self.call(Method::POST, "/api/Invitations", posted).await;
        assert_eq!(status, 201, "{created}");
        let link: Link = created["link"]
            .as_str()
            .unwrap()
            .rsplit('=')
            .next()
            .unwrap()
            .parse()
            .unwrap();
        (link, link.id())
    }
}

/// The service over any table, at a time that does not change; e-mails are wanted, and no one
/// delivers them.
pub fn over(table: Arc<dyn Table>, now: OffsetDateTime) -> (Shared, OffsetDateTime) {
    let config = config(&[
        ("SMTP_URL", "smtp://127.0.0.1:9"),
        ("MAIL_FROM", "no-reply@example.com"),
    ]);
    (
        App::new(config, Clock::from_fn(move || now), table)
            .unwrap()
            .0,
        now,
    )
}

fn instance(
    config: &Config,
    now: &Arc<Mutex<OffsetDateTime>>,
    table: Arc<FaultyTable>,
) -> (Shared, mpsc::Receiver<Announced>) {
    let now = now.clone();
    App::new(
        config.clone(),
        Clock::from_fn(move || *now.lock().unwrap()),
        table,
    )
    .unwrap()
}

/// A page as a browser with this `Cookie` gets it: status and HTML.
pub async fn page(app: &Shared, path: &str, cookie: &str) -> (u16, String) {
    let request = Request::get(path)
        .header("accept", "text/html")
        .header("cookie", cookie)
        .body(Body::empty())
        .unwrap();
    let answer = router(Arc::clone(app))
        .call(canonical_path(request))
        .await
        .unwrap();
    let status = answer.status().as_u16();
    let body = to_bytes(answer.into_body(), 1 << 22).await.unwrap();
    (status, String::from_utf8(body.into()).unwrap())
}

/// A form, as a browser sends it from a page of ours: status, `Location` and HTML.
pub async fn submit(app: &Shared, path: &str, fields: &[(&str, &str)]) -> (u16, String, String) {
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    let request = Request::post(path)
        .header("accept", "text/html")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(body))
        .unwrap();
    let answer = router(Arc::clone(app))
        .call(canonical_path(request))
        .await
        .unwrap();
    let status = answer.status().as_u16();
    let location = answer.headers().get("location");
    let location = location.map_or("", |location| location.to_str().unwrap());
    let location = location.to_owned();
    let body = to_bytes(answer.into_body(), 1 << 22).await.unwrap();
    (status, location, String::from_utf8(body.into()).unwrap())
}

pub async fn call(app: &Shared, method: Method, path: &str, body: &Value) -> (u16, Value) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", "application/json")
        .header("accept", "application/json");
    let body = if body.is_null() {
        Body::empty()
    } else {
        Body::from(body.to_string())
    };
    let answer = router(Arc::clone(app))
        .call(canonical_path(request.body(body).unwrap()))
        .await
        .unwrap();
    let status = answer.status().as_u16();
    let body = to_bytes(answer.into_body(), 1 << 22).await.unwrap();
    (
        status,
        serde_json::from_slice(&body).unwrap_or(json!(String::from_utf8_lossy(&body))),
    )
}

/// Settings that suffice where no one is asked over the network, with others beside or instead.
pub fn config(settings: &[(&str, &str)]) -> Config {
    Config::read(|name| {
        if let Some((_, value)) = settings.iter().find(|(own, _)| *own == name) {
            return Some((*value).to_owned());
        }
        let value = match name {
            "PUBLIC_BASE_URL" => "https://invite.example.com",
            "ENTRA_AUTHORITY" => "https://login.microsoftonline.com/common/v2.0",
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

/// An account that accepts.
#[must_use]
pub fn account() -> Account {
    Account {
        tid: Uuid::from_u128(1),
        oid: Uuid::from_u128(2),
    }
}

/// What that account enters at the end.
#[must_use]
pub fn company() -> Company {
    let form = json!({
        "companyName": "Meier AG", "street": "Seestrasse 12", "postalCode": "8002",
        "city": "Zürich", "country": "CH", "firstName": "Anna", "lastName": "Meier"
    });
    Company::parse(&serde_json::from_value(form).unwrap()).unwrap()
}
