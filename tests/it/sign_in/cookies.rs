//! What the browser keeps: cookies that are altered, old, planted, too many, or sealed with other
//! keys.

use axum_extra::extract::cookie::{Cookie, CookieJar};
use base64::{Engine, engine::general_purpose::STANDARD};
use local::browser::{Page, ScriptedBrowser};
use onboarding::{
    domain::invitation::{Account, Link},
    http::cookies::{Cookies, Session, SessionState, StartedSignIn},
    identity::Attempt as Secrets,
    seal::Sealer,
};
use tempfile::tempdir;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::scene::{
    Attempt, Instance, Scene, Site, assert_has_a_restart_button, assert_has_a_way_on,
    assert_has_no_session, parameter, session, with_parameters,
};
use support::{KNOWN, people::Acts};

#[expect(
    clippy::disallowed_methods,
    reason = "the handler's clock is that of the machine"
)]
fn now() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}

/// As the handler under test seals, to make what it would have made at another time.
fn cookies_of(scene: &Scene) -> Cookies {
    let key: [u8; 64] = STANDARD
        .decode(scene.stack.setting("SESSION_KEYS").unwrap())
        .unwrap()
        .try_into()
        .unwrap();
    Cookies::new(Sealer::new(&[key]), false)
}

fn link(address: &str) -> Link {
    parameter(address, "invitationId").unwrap().parse().unwrap()
}

/// Name, value and attributes of the cookies that an answer sets.
fn set_cookies(page: &Page) -> Vec<(String, String, Vec<String>)> {
    let texts = page
        .headers
        .get_all("set-cookie")
        .iter()
        .map(|value| value.to_str().unwrap().to_owned());
    texts
        .map(|text| {
            let mut parts = text.split(';').map(|part| part.trim().to_owned());
            let (name, value) = parts
                .next()
                .unwrap()
                .split_once('=')
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .unwrap();
            (name, value, parts.collect())
        })
        .collect()
}

fn assert_attributes(case: &str, page: &Page, secure: bool, prefixes: &[&str]) {
    let cookies = set_cookies(page);
    assert_eq!(cookies.len(), prefixes.len(), "{case}: {cookies:?}");
    for ((name, _, attributes), prefix) in cookies.iter().zip(prefixes) {
        assert!(name.starts_with(prefix), "{case}: {name}");
        let has = |wanted: &str| {
            attributes
                .iter()
                .any(|attribute| attribute.eq_ignore_ascii_case(wanted))
        };
        assert!(
            has("HttpOnly") && has("SameSite=Lax") && has("Path=/"),
            "{case}: {name} {attributes:?}"
        );
        assert_eq!(has("Secure"), secure, "{case}: {name} {attributes:?}");
        assert!(
            !attributes
                .iter()
                .any(|attribute| attribute.to_ascii_lowercase().starts_with("domain")),
            "{case}: {name} {attributes:?}"
        );
    }
}

/// Follows one sign-in and checks every cookie on the way.
async fn assert_cookies_on_the_way(scene: &Scene, site: &Site, (secure, prefix): (bool, &str)) {
    let (mut person, link) = (site.person(), site.invite(KNOWN).await);
    let page = person.opens(&link).await;
    assert!(set_cookies(&page).is_empty(), "opening the link sets none");
    let page = person.presses(&page, "#get-started", &[]).await;
    let authorize = page.location().unwrap();
    let attempt = format!(
        "{prefix}sign-in-{}",
        parameter(&authorize, "state").unwrap()
    );
    assert_attributes("start", &page, secure, &[&attempt]);
    let back = person.signs_in_at(scene.sign_in(), &authorize, KNOWN).await;
    let page = person.opens(&back).await;
    let mut names: Vec<_> = set_cookies(&page)
        .into_iter()
        .map(|(name, ..)| name)
        .collect();
    names.sort();
    let session = format!("{prefix}session-{}", self::link(&link).id());
    let mut expected = vec![session.clone(), attempt];
    expected.sort();
    assert_eq!(names, expected);
    let in_order: Vec<_> = set_cookies(&page)
        .into_iter()
        .map(|(name, ..)| name)
        .collect();
    assert_attributes(
        "callback",
        &page,
        secure,
        &in_order.iter().map(String::as_str).collect::<Vec<_>>(),
    );
    assert_eq!(
        person.cookies.keys().collect::<Vec<_>>(),
        [&session],
        "the attempt's is taken out"
    );
    for (_, value, _) in set_cookies(&page) {
        assert!(!value.contains(&parameter(&link, "invitationId").unwrap()));
    }
    let form = person.opens(&page.location().unwrap()).await;
    assert!(form.has("#create-company"), "{}", form.title());
}

#[tokio::test]
async fn cookies_are_http_only_and_same_site() {
    let scene = Scene::start().await;
    assert_cookies_on_the_way(&scene, &scene.site, (false, "")).await;
}

#[tokio::test]
async fn on_https_cookies_belong_to_this_host_alone() {
    let scene = Scene::start().await;
    let dir = tempdir().unwrap();
    let public = "https://invite.rconnect.example";
    scene
        .sign_in()
        .register_redirect(format!("{public}/api/AcceptCallback"));
    let instance = Instance::start(&scene.stack, dir.path(), &[("PUBLIC_BASE_URL", public)]).await;
    assert_cookies_on_the_way(&scene, &instance.site, (true, "__Host-")).await;

    // Names without the prefix, which a sibling domain or plain http could set, are not looked at.
    let (mut person, link) = (instance.site.person(), instance.site.invite(KNOWN).await);
    let authorize = person.get_started(&link).await.unwrap();
    let back = person.signs_in_at(scene.sign_in(), &authorize, KNOWN).await;
    person.cookies = person
        .cookies
        .into_iter()
        .map(|(name, value)| (name.replace("__Host-", ""), value))
        .collect();
    let page = person.opens(&back).await;
    Attempt { person, link, page }
        .assert_refused(&instance.site, "without the prefix", 400)
        .await;
}

#[tokio::test]
async fn invalid_attempt_cookie_restarts_the_sign_in() {
    let scene = Scene::start().await;
    let names = [
        "missing",
        "first letter",
        "last letter",
        "cut",
        "longer",
        "empty",
        "not base64",
        "of another attempt",
        "the session's name",
    ];
    for case in names {
        let (mut person, link, back) = scene.on_the_way_back().await;
        let (other, _, _) = scene.on_the_way_back().await;
        let name = person.cookies.keys().next().unwrap().clone();
        let value = person.cookies.remove(&name).unwrap();
        let flip = |at: usize| {
            let mut bytes = value.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            String::from_utf8(bytes).unwrap()
        };
        match case {
            "missing" => None,
            "first letter" => person.cookies.insert(name, flip(0)),
            // The last e-mail may hold bits that do not count.
            "last letter" => person.cookies.insert(name, flip(value.len() - 2)),
            "cut" => person
                .cookies
                .insert(name, value[..value.len() - 4].to_owned()),
            "longer" => person.cookies.insert(name, format!("{value}AAAA")),
            "empty" => person.cookies.insert(name, String::new()),
            "not base64" => person.cookies.insert(name, "%%%".to_owned()),
            "of another attempt" => person
                .cookies
                .insert(name, other.cookies.into_values().next().unwrap()),
            _ => {
                let session = format!("session-{}", self::link(&link).id());
                person.cookies.insert(session, value)
            }
        };
        let page = person.opens(&back).await;
        assert_eq!(page.status, 400, "{case}: «{}»", page.title());
        assert_has_a_restart_button(case, &page);
        assert_eq!(scene.site.status(&link).await, "pending", "{case}");

        // The button works.
        let authorize = person
            .presses(&page, "main .actions button", &[])
            .await
            .location()
            .unwrap();
        assert!(
            authorize.starts_with(scene.sign_in().url()),
            "{case}: {authorize}"
        );
    }
    assert_eq!(scene.token_requests(), 0);
}

#[tokio::test]
async fn expired_attempt_restarts_the_sign_in() {
    let scene = Scene::start().await;
    let cookies = cookies_of(&scene);
    for (case, age, begins_again) in [
        ("over an hour", Duration::minutes(61), true),
        ("a day and more", Duration::hours(25), false),
        ("just within", Duration::minutes(59), true),
    ] {
        let (mut person, address, back) = scene.on_the_way_back().await;
        let then = now() - age;
        let secrets = Secrets::new(cookies.ticket(&link(&address), then));
        let state = secrets.state.clone();
        let begun = StartedSignIn {
            attempt: secrets,
            link: link(&address),
            lang: None,
            restarted: false,
        };
        let jar = cookies.start_sign_in(CookieJar::new(), &begun, then);
        person.cookies = jar
            .iter()
            .map(|cookie| (cookie.name().to_owned(), cookie.value().to_owned()))
            .collect();
        let before = scene.token_requests();
        let page = person
            .opens(&with_parameters(&back, &[("state", Some(&state))]))
            .await;
        assert_eq!(page.status, 400, "{case}: «{}»", page.title());
        assert_has_a_way_on(case, &page);
        if begins_again {
            assert_has_a_restart_button(case, &page);
        }
        // Within the hour the code is redeemed, and refused for its verifier.
        assert_eq!(
            scene.token_requests() - before,
            usize::from(case == "just within"),
            "{case}"
        );
        assert_eq!(scene.site.status(&address).await, "pending", "{case}");
    }
}

#[tokio::test]
async fn previous_key_is_accepted_and_retired_refused() {
    let scene = Scene::start().await;
    let dir = tempdir().unwrap();
    let [old, new] = [[1_u8; 64], [2; 64]].map(|key| STANDARD.encode(key));
    let both = format!("{new},{old}");

    let instance = Instance::start(&scene.stack, dir.path(), &[("SESSION_KEYS", &old)]).await;
    let mut begun = Vec::new();
    for _ in 0..3 {
        let (mut person, link) = (instance.site.person(), instance.site.invite(KNOWN).await);
        let page = person.opens(&link).await;
        let authorize = person
            .presses(&page, "#get-started", &[])
            .await
            .location()
            .unwrap();
        let back = person.signs_in_at(scene.sign_in(), &authorize, KNOWN).await;
        begun.push((person, link, page, back));
    }
    let [
        (first, ..),
        (second, second_link, second_page, second_back),
        (third, third_link, third_page, third_back),
    ] = &mut begun[..]
    else {
        panic!()
    };
    let first_back = begun_back(&instance.site, &scene, first).await;
    instance.host.stop().await;

    let instance = Instance::start(&scene.stack, dir.path(), &[("SESSION_KEYS", &both)]).await;
    let mut first = first.at(&instance.site.base).unwrap();
    let form = first.opens("/api/CreateCompany").await;
    assert!(
        form.has("#create-company"),
        "a session under the previous key: {}",
        form.title()
    );
    let mut second = second.at(&instance.site.base).unwrap();
    assert_eq!(
        second
            .presses(second_page, "#get-started", &[])
            .await
            .status,
        303,
        "a form token under the previous key"
    );
    let page = second.opens(second_back).await;
    Attempt {
        person: second,
        link: second_link.clone(),
        page,
    }
    .assert_let_in(&instance.site, "an attempt under the previous key")
    .await;
    instance.host.stop().await;

    let before = scene.token_requests();
    let instance = Instance::start(&scene.stack, dir.path(), &[("SESSION_KEYS", &new)]).await;
    let mut third = third.at(&instance.site.base).unwrap();
    let refused = third.presses(third_page, "#get-started", &[]).await;
    assert_eq!(refused.status, 403, "a form token under a retired key");
    assert_has_a_way_on("form token", &refused);
    let page = third.opens(third_back).await;
    Attempt {
        person: third,
        link: third_link.clone(),
        page,
    }
    .assert_refused(&instance.site, "an attempt under a retired key", 400)
    .await;
    assert_eq!(scene.token_requests(), before);
    let page = first
        .at(&instance.site.base)
        .unwrap()
        .opens(&first_back)
        .await;
    assert_eq!(page.status, 401, "a session under a retired key");
    assert_has_a_way_on("session", &page);
}

/// Finishes the person's attempt and answers with the address of the form.
async fn begun_back(
    site: &Site,
    scene: &Scene,
    person: &mut local::browser::ScriptedBrowser,
) -> String {
    let page = person
        .signs_in(&site.invite(KNOWN).await, scene.sign_in(), KNOWN)
        .await;
    page.location().unwrap()
}

#[tokio::test]
async fn five_latest_attempts_are_kept() {
    let scene = Scene::start().await;
    let (mut person, link) = (scene.site.person(), scene.site.invite(KNOWN).await);
    let mut authorize = String::new();
    for begun in 1..=8 {
        authorize = person.get_started(&link).await.unwrap();
        assert_eq!(person.cookies.len(), usize::min(begun, 5));
    }
    // Those that do not open are the first to go.
    for name in person.cookies.keys().cloned().collect::<Vec<_>>() {
        person.cookies.insert(name, "junk".to_owned());
    }
    person
        .cookies
        .insert("sign-in-planted".to_owned(), "junk".to_owned());
    for begun in 1..=5 {
        authorize = person.get_started(&link).await.unwrap();
        assert_eq!(person.cookies.len(), 5);
        assert_eq!(
            person
                .cookies
                .values()
                .filter(|value| *value == "junk")
                .count(),
            5 - begun
        );
    }
    let back = person.signs_in_at(scene.sign_in(), &authorize, KNOWN).await;
    let page = person.opens(&back).await;
    Attempt { person, link, page }
        .assert_let_in(&scene.site, "the latest of many")
        .await;
}

/// The names of the sessions that a browser holds.
fn sessions(person: &ScriptedBrowser) -> Vec<&String> {
    let names = person.cookies.keys();
    names.filter(|name| name.contains("session-")).collect()
}

#[tokio::test]
async fn five_latest_sessions_are_kept() {
    let scene = Scene::start().await;
    let mut person = scene.site.person();
    // One that does not open is the first to go.
    let planted = format!("session-{}", "0".repeat(32));
    person.cookies.insert(planted.clone(), "junk".to_owned());
    let mut pages = Vec::new();
    for opened in 1..=7 {
        let link = scene.site.invite(KNOWN).await;
        let page = person.signs_in(&link, scene.sign_in(), KNOWN).await;
        pages.push(page.location().unwrap());
        assert_eq!(sessions(&person).len(), usize::min(opened + 1, 5));
    }
    assert!(!person.cookies.contains_key(&planted));
    let newest = person.opens(pages.last().unwrap()).await;
    assert_eq!(newest.status, 200);
    let mut lost = 0;
    for page in &pages {
        let page = person.opens(page).await;
        lost += usize::from(page.status == 401 && page.title() == "We have lost your sign-in");
    }
    assert_eq!(lost, 2, "two of seven are too many");
}

#[tokio::test]
async fn cookies_are_suspected_the_second_time_only() {
    let scene = Scene::start().await;
    let (_, link, back) = scene.on_the_way_back().await;
    let mut without = scene.site.person();
    let first = without.opens(&back).await;
    let restart = "Please start the sign-in again";
    assert_eq!(
        (first.status.as_u16(), first.title().as_str()),
        (400, restart)
    );
    assert!(!first.text("main").unwrap().contains("cookie"));
    let authorize = without.presses(&first, "main button.primary", &[]).await;
    without.cookies.clear();
    let authorize = authorize.location().unwrap();
    let back = without
        .signs_in_at(scene.sign_in(), &authorize, KNOWN)
        .await;
    without.cookies.clear();
    let second = without.opens(&back).await;
    let blocked = "Your browser does not keep our cookies";
    assert_eq!(
        (second.status.as_u16(), second.title().as_str()),
        (400, blocked)
    );
    // With cookies it goes on from there.
    let authorize = without.presses(&second, "main button.primary", &[]).await;
    let authorize = authorize.location().unwrap();
    let back = without
        .signs_in_at(scene.sign_in(), &authorize, KNOWN)
        .await;
    let page = without.opens(&back).await;
    Attempt {
        person: without,
        link,
        page,
    }
    .assert_let_in(&scene.site, "with cookies")
    .await;
}

#[tokio::test]
async fn a_planted_session_is_replaced_at_the_sign_in() {
    let scene = Scene::start().await;
    let attacker = scene.attempt().await;
    attacker.assert_let_in(&scene.site, "the attacker").await;
    for (case, planted) in [
        ("the attacker's", session(&attacker.person).1),
        ("junk", "junk".to_owned()),
    ] {
        let (mut victim, link) = (scene.site.person(), scene.site.invite(KNOWN).await);
        let name = format!("session-{}", self::link(&link).id());
        victim.cookies.insert(name.clone(), planted.clone());
        let page = victim.signs_in(&link, scene.sign_in(), KNOWN).await;
        assert_ne!(victim.cookies[&name], planted, "{case}");
        let form = victim.opens(&page.location().unwrap()).await;
        victim.presses(&form, "#create-company", &[]).await;
        Attempt {
            person: victim,
            link: link.clone(),
            page,
        }
        .assert_completed(&scene.site, case)
        .await;
        assert_eq!(
            scene.site.status(&attacker.link).await,
            "accepted",
            "{case}: the attacker's invitation stays as it was"
        );
    }
}

#[tokio::test]
async fn bookmarked_welcome_leads_on_in_one_press() {
    let scene = Scene::start().await;
    let Attempt {
        mut person,
        link: address,
        page,
    } = scene.attempt().await;
    let form = person.opens(&page.location().unwrap()).await;
    let welcome = person.presses(&form, "#create-company", &[]).await;
    let welcome = welcome.location().unwrap();
    let (name, sealed) = session(&person);
    let SessionState::Live(old) = cookies_of(&scene).session(
        &CookieJar::new().add(Cookie::new(name, sealed)),
        None,
        now(),
    ) else {
        panic!("the session has just been opened")
    };
    // Another invitation is newer in this browser, and the first session is over.
    let other = scene.site.invite(KNOWN).await;
    person.signs_in(&other, scene.sign_in(), KNOWN).await;
    let over =
        cookies_of(&scene).open_session(CookieJar::new(), &old, now() - Duration::minutes(31));
    let over = over.iter().next().unwrap();
    person
        .cookies
        .insert(over.name().to_owned(), over.value().to_owned());

    let page = person.opens(&welcome).await;
    assert_eq!(
        (page.status.as_u16(), page.title().as_str()),
        (401, "Please sign in again")
    );
    let authorize = person.presses(&page, "main button.primary", &[]).await;
    let authorize = authorize.location().unwrap();
    let back = person.signs_in_at(scene.sign_in(), &authorize, KNOWN).await;
    let there = person.opens(&back).await.location().unwrap();
    assert_eq!(
        there,
        super::scene::session_url(&scene.site, &address, "CreateCompany")
    );
    let there = person.opens(&there).await.location().unwrap();
    assert_eq!(there, welcome);
}

#[tokio::test]
async fn session_ends_after_half_an_hour() {
    let scene = Scene::start().await;
    let mut attempt = scene.attempt().await;
    attempt.assert_let_in(&scene.site, "before").await;
    let account = scene
        .sign_in()
        .accounts()
        .into_iter()
        .find(|account| account.email == KNOWN)
        .unwrap();
    let session = Session {
        link: link(&attempt.link),
        account: Account {
            tid: account.tid,
            oid: account.oid,
        },
        account_name: String::new(),
        shows_invited: false,
        is_guest: false,
        lang: None,
    };
    for (case, age, status) in [("29 minutes", 29, 200), ("31 minutes", 31, 401)] {
        let jar = cookies_of(&scene).open_session(
            CookieJar::new(),
            &session,
            now() - Duration::minutes(age),
        );
        attempt.person.cookies = jar
            .iter()
            .map(|cookie| (cookie.name().to_owned(), cookie.value().to_owned()))
            .collect();
        let page = attempt.person.opens("/api/CreateCompany").await;
        assert_eq!(page.status, status, "{case}");
        if status == 401 {
            assert_has_a_restart_button(case, &page);
        }
    }
}

#[tokio::test]
async fn altered_session_opens_nothing() {
    let scene = Scene::start().await;
    let attempt = scene.attempt().await;
    attempt.assert_let_in(&scene.site, "before").await;
    let (name, sealed) = session(&attempt.person);
    let cookies = cookies_of(&scene);
    let stranger = Session {
        link: link(&attempt.link),
        account: Account {
            tid: Uuid::new_v4(),
            oid: Uuid::new_v4(),
        },
        account_name: String::new(),
        shows_invited: false,
        is_guest: false,
        lang: None,
    };
    let strangers = cookies
        .open_session(CookieJar::new(), &stranger, now())
        .get(&name)
        .unwrap()
        .value()
        .to_owned();
    let cases = [
        ("another account", strangers, 403),
        ("a ticket", cookies.ticket(&link(&attempt.link), now()), 401),
        ("cut", sealed[..sealed.len() - 8].to_owned(), 401),
        ("empty", String::new(), 401),
        ("none", "x".to_owned(), 401),
    ];
    for (case, value, status) in cases {
        for address in ["/api/CreateCompany", "/api/Welcome"] {
            let mut person = scene.site.person();
            person.cookies.insert(name.clone(), value.clone());
            let page = person.opens(address).await;
            assert_eq!(
                page.status,
                status,
                "{case} at {address}: «{}»",
                page.title()
            );
            assert_has_a_way_on(case, &page);
        }
    }
    let mut person = scene.site.person();
    assert_eq!(person.opens("/api/CreateCompany").await.status, 401);
    assert_has_no_session("no cookie", &person);
}
