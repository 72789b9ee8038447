//! How long someone is signed in to the desk, and how the browser keeps it.

use std::sync::Arc;

use axum_extra::extract::cookie::CookieJar;
use local::{
    browser::ScriptedBrowser,
    signin::{Account, SignIn, SignInOptions},
    staff::{self, MANAGER, SELLER},
};
use onboarding::{
    domain::{invitation::Link, staff::Role},
    http::cookies::StartedStaffSignIn,
    identity::Attempt,
    router::router,
};
use support::{Store, inside::Inside, now, people::Acts};
use time::Duration;
use tokio::{net::TcpListener, task::JoinHandle};

use super::{
    office::{Employee, SETTINGS},
    scene::{DESK, session, sign_in_on},
};

/// The service in this process, so that its clock can be set, with a sign-in service.
struct Site {
    inside: Inside,
    sign_in: SignIn,
    base: String,
    _served: JoinHandle<()>,
}

impl Site {
    async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let options = SignInOptions {
            client_id: "app".to_owned(),
            client_secret: "secret".to_owned(),
            redirect_uris: vec![format!("{base}/api/desk/signed-in")],
            accounts: staff::accounts().into(),
            ..SignInOptions::default()
        };
        let sign_in = SignIn::start(options).await.unwrap();
        let settings = [
            ("PUBLIC_BASE_URL", base.as_str()),
            ("ENTRA_AUTHORITY", &sign_in.authority("common")),
            ("DESK_TENANT", &SELLER.to_string()),
        ];
        let inside = Inside::start(Store::Embedded, now(), &settings).await;
        let service = tower::make::Shared::new(router(Arc::clone(&inside.app)));
        Self {
            inside,
            sign_in,
            base,
            _served: tokio::spawn(async { axum::serve(listener, service).await.unwrap() }),
        }
    }

    async fn signed_in(&self, account: &str) -> ScriptedBrowser {
        let mut person = ScriptedBrowser::new(&self.base, &self.base).unwrap();
        let page = person.opens(DESK).await;
        let back = sign_in_on(&mut person, &self.sign_in, &page, account).await;
        assert_eq!(back.status, 303, "«{}»", back.title());
        person
    }

    fn wait(&self, time: Duration) {
        self.inside.wait(time);
        self.sign_in.advance_clock(time.unsigned_abs());
    }

    fn take_roles(&self, email: &str) {
        let mut accounts = self.sign_in.accounts().into_iter();
        let account = accounts.find(|account| account.email == email).unwrap();
        self.sign_in.add_account(Account {
            roles: Vec::new(),
            ..account
        });
    }
}

#[tokio::test]
async fn session_ends_an_hour_after_the_sign_in() {
    let site = Site::start().await;
    let mut thomas = site.signed_in(MANAGER).await;
    site.wait(Duration::minutes(59));
    // The choice of a language writes the cookie again.
    let page = thomas.opens(&format!("{DESK}?lang=de")).await;
    assert_eq!(page.status, 200);
    site.wait(Duration::minutes(1));
    let over = thomas.opens(DESK).await;
    assert_eq!(over.status, 401);
    assert!(over.has("#sign-in"));
    assert_eq!(thomas.opens(&format!("{DESK}/new")).await.status, 401);
    let out = thomas.presses(&page, "#sign-out", &[]).await;
    assert!(out.location().unwrap().ends_with("/signed-out"));
    let back = sign_in_on(&mut thomas, &site.sign_in, &over, MANAGER).await;
    assert_eq!(back.status, 303);
    assert_eq!(thomas.opens(DESK).await.status, 200, "a new hour");
}

#[tokio::test]
async fn role_that_is_taken_away_ends_with_the_session() {
    let site = Site::start().await;
    let mut thomas = site.signed_in(MANAGER).await;
    site.take_roles(MANAGER);
    assert_eq!(thomas.opens(&format!("{DESK}/new")).await.status, 200);
    site.wait(Duration::HOUR);
    let over = thomas.opens(&format!("{DESK}/new")).await;
    assert_eq!(over.status, 401);
    let refused = sign_in_on(&mut thomas, &site.sign_in, &over, MANAGER).await;
    assert_eq!(refused.status, 403);
    assert_eq!(session(&thomas), None);
}

#[tokio::test]
async fn sign_in_without_a_role_ends_the_session_before_it() {
    let site = Site::start().await;
    let other = site.signed_in(MANAGER).await;
    let sign_in = ScriptedBrowser::new(&site.base, &site.base)
        .unwrap()
        .opens(DESK)
        .await;
    site.take_roles(MANAGER);
    let mut thomas = other;
    let refused = sign_in_on(&mut thomas, &site.sign_in, &sign_in, MANAGER).await;
    assert_eq!(refused.status, 403);
    assert_eq!(session(&thomas), None);
    assert_eq!(thomas.opens(DESK).await.status, 401);
}

#[tokio::test]
async fn cookies_are_sent_to_this_host_alone() {
    let inside = Inside::start(Store::Embedded, now(), &SETTINGS).await;
    let cookies = inside.app.cookies();
    let started = StartedStaffSignIn {
        restarted: false,
        attempt: Attempt::new(Link::random().id().to_string()),
        next: DESK.to_owned(),
        lang: None,
    };
    let attempt = cookies.start_staff_sign_in(CookieJar::new(), &started, inside.now());
    let session = Employee::session(&inside, 1, Role::Manage);
    let session = cookies.open_staff_session(CookieJar::new(), &session);
    for (jar, name) in [
        (attempt, "__Host-desk-attempt-"),
        (session, "__Host-desk-session="),
    ] {
        let cookie = jar.iter().next().unwrap().to_string();
        assert!(cookie.starts_with(name), "{cookie}");
        let mut attributes: Vec<_> = cookie.split("; ").skip(1).collect();
        attributes.sort_unstable();
        let expected = [
            "HttpOnly",
            "Max-Age=3600",
            "Path=/",
            "SameSite=Lax",
            "Secure",
        ];
        assert_eq!(attributes, expected);
    }
}
