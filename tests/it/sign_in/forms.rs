//! Forms that are not ours, altered, sent twice, too large or not forms at all.

use local::browser::{Form, Page, ScriptedBrowser};
use reqwest::header::CONTENT_TYPE;

use super::scene::{Attempt, Scene, assert_has_a_way_on, parameter, session, session_url};
use support::{KNOWN, UNKNOWN, people::Acts};

/// The headers of a form that no page of ours has sent; an empty value leaves the header out.
const FOREIGN: [(&str, &str, &str); 8] = [
    ("another site", "cross-site", ""),
    (
        "another site that is named",
        "cross-site",
        "https://evil.example",
    ),
    ("another site with our origin", "cross-site", "OURS"),
    (
        "a sibling domain",
        "same-site",
        "https://evil.rconnect.example",
    ),
    ("an old browser at another site", "", "https://evil.example"),
    ("an old browser in a sandbox", "", "null"),
    ("our host on another port", "", "http://127.0.0.1:1"),
    ("our host by https", "", "https://127.0.0.1"),
];

fn from_elsewhere(
    person: &ScriptedBrowser,
    public: &str,
    (site, origin): (&str, &str),
) -> ScriptedBrowser {
    let mut person = person.clone();
    person.headers = vec![
        ("sec-fetch-site", site.to_owned()),
        ("origin", origin.replace("OURS", public)),
    ];
    person
}

fn assert_form_refused(case: &str, page: &Page) {
    assert_eq!(page.status, 403, "{case}: «{}»", page.title());
    assert_eq!(page.title(), "Please start again from here", "{case}");
    assert_has_a_way_on(case, page);
    assert!(
        !page.headers.contains_key("set-cookie"),
        "{case}: {:?}",
        page.headers
    );
}

#[tokio::test]
async fn a_button_pressed_on_another_site_begins_nothing() {
    let scene = Scene::start().await;
    let (mut person, link) = (scene.site.person(), scene.site.invite(KNOWN).await);
    let form = person.opens(&link).await.form("#get-started").unwrap();
    for (case, site, origin) in FOREIGN {
        let page = from_elsewhere(&person, &scene.site.public, (site, origin))
            .submits(&form)
            .await;
        assert_form_refused(case, &page);
        let again = person
            .opens(&page.attribute("main .actions a", "href").unwrap())
            .await;
        assert!(
            again.has("#get-started"),
            "{case}: its way on leads back to the invitation"
        );
    }
    assert_eq!(scene.sign_in().counts().authorize, 0);
    assert_eq!(scene.site.status(&link).await, "pending");
    for (case, site, origin) in [
        ("no headers at all", "", ""),
        ("an old browser", "", "OURS"),
        ("a strict one", "same-origin", "null"),
    ] {
        let page = from_elsewhere(&person, &scene.site.public, (site, origin))
            .submits(&form)
            .await;
        assert_eq!(page.status, 303, "{case}: «{}»", page.title());
    }
}

#[tokio::test]
async fn another_host_name_leads_to_the_public_link() {
    let scene = Scene::start().await;
    let (mut person, link) = (scene.site.person(), scene.site.invite(KNOWN).await);
    let mut form = person
        .open(&link)
        .await
        .unwrap()
        .form("#get-started")
        .unwrap();
    form.set("lang", "ja");
    let old_name = ("same-origin", "https://app.azurewebsites.net");
    let page = from_elsewhere(&person, &scene.site.public, old_name)
        .send(&form)
        .await
        .unwrap();
    assert_eq!(
        (page.status.as_u16(), page.location().unwrap()),
        (303, format!("{link}&lang=ja")),
        "in the language of the page"
    );
    assert!(!page.headers.contains_key("set-cookie"));

    form.set("lang", "en");
    let no_metadata = ("", "https://app.azurewebsites.net");
    let page = from_elsewhere(&person, &scene.site.public, no_metadata)
        .send(&form)
        .await
        .unwrap();
    assert_form_refused("without fetch metadata", &page);
    let href = page.attribute("main .actions a.primary", "href").unwrap();
    assert_eq!(href, format!("{link}&lang=en"));
    assert_eq!(scene.sign_in().counts().authorize, 0);
    assert_eq!(scene.site.status(&link).await, "pending");
}

/// Forms that hold the invitation in a ticket: those of a refused sign-in, and those that ask the
/// inviter.
#[tokio::test]
async fn every_form_at_another_host_name_leads_on() {
    let scene = Scene::start().await;
    let (mut person, link) = (scene.site.person(), scene.site.invite(KNOWN).await);
    let stopped = person.opens(&format!("{link}&stopped=unknown")).await;
    let old_name = ("same-origin", "https://app.azurewebsites.net");
    for button in ["main form .primary", "#contact-inviter", "#not-me"] {
        let form = stopped.form(button).unwrap();
        let page = from_elsewhere(&person, &scene.site.public, old_name)
            .submits(&form)
            .await;
        assert_form_refused(button, &page);
        let href = page.attribute("main .actions a.primary", "href").unwrap();
        assert!(href.starts_with(&link), "{button}: {href}");
        assert!(person.opens(&href).await.has("#get-started"), "{button}");
    }
    assert_eq!(scene.sign_in().counts().authorize, 0);
    assert_eq!(scene.site.status(&link).await, "pending");
}

/// The address of a colleague is the only text that can be typed there.
#[tokio::test]
async fn what_is_typed_at_another_host_name_is_kept() {
    let scene = Scene::start().await;
    let (mut person, link) = (scene.site.person(), scene.site.invite(KNOWN).await);
    let mut form = person.opens(&link).await.form("#not-me").unwrap();
    form.set("colleague", "ben@meier.example");
    form.set("lang", "de");
    let public = &scene.site.public;
    let old_name = ("same-origin", "https://app.azurewebsites.net");
    let refused = from_elsewhere(&person, public, old_name)
        .submits(&form)
        .await;
    assert_eq!(refused.status, 403);
    assert_eq!(refused.title(), "Bitte beginnen Sie hier noch einmal");
    let href = refused.attribute("main a.primary", "href").unwrap();
    assert!(href.starts_with(public), "{href}");
    let again = person.opens(&href).await;
    assert_eq!(again.status, 200);
    let typed = again.attribute("details[open] #colleague", "value");
    assert_eq!(typed.unwrap(), "ben@meier.example");
    // Here is where it can be sent, and no longer what was refused.
    assert_eq!(again.title(), "Bitte senden Sie die Adresse von hier aus");
    assert!(!again.has("main .primary"), "the form leads on");
    let sent = person.presses(&again, "#not-me", &[]).await;
    let done = person.opens(&sent.location().unwrap()).await;
    assert_eq!(done.title(), "Danke für den Hinweis");
    // The form is closed then: the link of the invitation leads on.
    let closed = person.opens(&href).await;
    assert_eq!(closed.title(), "Bitte beginnen Sie hier noch einmal");
    assert!(!closed.has("#colleague"));
    let on = closed.attribute("main a.primary", "href").unwrap();
    assert!(on.starts_with(&link), "{on}");
    // Another site cannot make us show what it likes.
    let evil = ("cross-site", "https://evil.example");
    let refused = from_elsewhere(&person, public, evil).submits(&form).await;
    assert_eq!(refused.status, 403);
    assert!(!refused.body.contains("ben@meier.example"));
}

/// Without a support page, too, nobody is left with nothing to do.
#[tokio::test]
async fn without_a_support_page_every_page_leads_on() {
    let scene = Scene::with(&[("SUPPORT_URL", "")]).await;
    let (mut person, link) = (scene.site.person(), scene.site.invite(KNOWN).await);
    let page = person.opens(&link).await;
    let unknown = "/api/InviteUser?invitationId=7d9c1f7e-52f7-4bd0-9a6e-3d8e5f1a2b3c";
    let mut pages = vec![
        person
            .presses(&page, "#get-started", &[("token", "x")])
            .await,
    ];
    for path in [
        "/api/InviteUser",
        unknown,
        &format!("{link}&stopped=unknown"),
        &format!("{link}&stopped=700016"),
        &format!("{link}&stopped=50105"),
        "/api/AcceptCallback?state=x&code=x",
        "/api/AcceptCallback?state=x&error=access_denied",
        "/api/ConfirmMailbox",
        "/api/CreateCompany",
        "/api/Welcome",
        "/api/ContactInviter",
        "/api/AppConsent?pass=x",
    ] {
        pages.push(scene.site.person().opens(path).await);
    }
    for page in pages {
        let words = page.text("main").unwrap();
        let is_led = page.has("main .actions button, main .actions a[href], #contact button")
            || [
                "invitation e-mail",
                "who invited",
                "ask them for a new text",
            ]
            .iter()
            .any(|way| words.contains(way));
        assert!(is_led, "a dead end, {}: {words}", page.path);
        let sentences: Vec<_> = words.split_inclusive(". ").map(str::trim).collect();
        for sentence in &sentences {
            let count = sentences.iter().filter(|other| other == &sentence).count();
            assert!(count == 1 || sentence.is_empty(), "twice: {sentence}");
        }
    }
}

#[tokio::test]
async fn cross_site_company_form_is_refused() {
    let scene = Scene::start().await;
    let mut attempt = scene.attempt().await;
    let page = attempt.person.opens("/api/CreateCompany").await;
    let form = page.form("#create-company").unwrap();
    let longer_name = ("a longer name", "same-origin", "OURS.evil.example");
    for (case, site, origin) in FOREIGN.into_iter().chain([longer_name]) {
        let mut elsewhere = from_elsewhere(&attempt.person, &scene.site.public, (site, origin));
        assert_form_refused(case, &elsewhere.submits(&form).await);
    }
    let mut other = scene.attempt().await;
    let others = other
        .person
        .opens("/api/CreateCompany")
        .await
        .form("#create-company")
        .unwrap();
    let start = scene
        .site
        .person()
        .opens(&scene.site.invite(KNOWN).await)
        .await
        .form("#get-started")
        .unwrap();
    let cases = [
        ("no token", None),
        ("empty", Some("")),
        ("junk", Some("x")),
        ("short", Some("AAAA")),
        ("not base64", Some("no base64!")),
        ("of another invitation", token(&others)),
        ("of another form", token(&start)),
    ];
    for (case, value) in cases {
        let mut form = form.clone();
        form.remove("token");
        if let Some(value) = value {
            form.set("token", value);
        }
        let page = attempt.person.submits(&form).await;
        assert_eq!(page.status, 403, "{case}: «{}»", page.title());
        assert_has_a_way_on(case, &page);
    }
    assert_eq!(scene.site.status(&attempt.link).await, "accepted");
    let signed_out = scene.site.person().submits(&form).await;
    assert_eq!(
        signed_out.status,
        401,
        "without the session: «{}»",
        signed_out.title()
    );
    assert_eq!(signed_out.title(), "We have lost your sign-in");
    assert_has_a_way_on("without the session", &signed_out);
    assert_eq!(attempt.person.submits(&form).await.status, 303);
}

fn token(form: &Form) -> Option<&str> {
    form.fields
        .iter()
        .find(|(name, _)| name == "token")
        .map(|(_, value)| value.as_str())
}

#[tokio::test]
async fn button_needs_the_token_of_its_invitation() {
    let scene = Scene::start().await;
    let (mut person, link, other) = (
        scene.site.person(),
        scene.site.invite(KNOWN).await,
        scene.site.invite(UNKNOWN).await,
    );
    let form = person.opens(&link).await.form("#get-started").unwrap();
    let others = person.opens(&other).await.form("#get-started").unwrap();
    let cut = token(&form).map(|token| token[..token.len() - 2].to_owned());
    let cases = [
        ("no token", None),
        ("empty", Some("")),
        ("junk", Some("x")),
        ("short", Some("AAAA")),
        ("not base64", Some("no base64!")),
        ("cut", cut.as_deref()),
        ("of another invitation", token(&others)),
    ];
    for (case, value) in cases {
        let mut form = form.clone();
        form.remove("token");
        if let Some(value) = value {
            form.set("token", value);
        }
        assert_form_refused(case, &person.submits(&form).await);
    }
    // The id in the address decides, whatever a field says.
    let mut edited = form.clone();
    edited.set("invitationId", &parameter(&other, "invitationId").unwrap());
    edited.set("link", "x");
    edited.set("email", "mallory@evil.example");
    let authorize = person.submits(&edited).await.location().unwrap();
    assert_eq!(parameter(&authorize, "login_hint").as_deref(), Some(KNOWN));
    let swapped = Form {
        action: others.action.clone(),
        ..form
    };
    assert_form_refused(
        "another invitation in the address",
        &person.submits(&swapped).await,
    );
}

#[tokio::test]
async fn restart_button_is_bound_to_its_invitation() {
    let scene = Scene::start().await;
    let (mut person, _, back) = scene.on_the_way_back().await;
    let (mut other, _, others_back) = scene.on_the_way_back().await;
    person.cookies.clear();
    other.cookies.clear();
    let form = person
        .opens(&back)
        .await
        .form("main .actions button")
        .unwrap();
    let others = other
        .opens(&others_back)
        .await
        .form("main .actions button")
        .unwrap();
    let field = |form: &Form, name: &str| {
        form.fields
            .iter()
            .find(|(own, _)| own == name)
            .unwrap()
            .1
            .clone()
    };
    let cases = [
        ("another's token", "token", field(&others, "token"), 403),
        ("another's ticket", "ticket", field(&others, "ticket"), 403),
        ("no token", "token", String::new(), 403),
        (
            "a broken ticket",
            "ticket",
            field(&form, "ticket")[1..].to_owned(),
            400,
        ),
        ("no ticket and no link", "ticket", String::new(), 400),
    ];
    for (case, name, value, status) in cases {
        let mut form = form.clone();
        form.set(name, &value);
        let page = person.submits(&form).await;
        assert_eq!(page.status, status, "{case}: «{}»", page.title());
        assert_has_a_way_on(case, &page);
        assert!(person.cookies.is_empty(), "{case}");
    }
    assert_eq!(person.submits(&form).await.status, 303);
}

#[tokio::test]
async fn a_button_pressed_twice_gives_the_same_answer() {
    let scene = Scene::start().await;
    let mut attempt = scene.attempt().await;
    let form = attempt
        .person
        .opens("/api/CreateCompany")
        .await
        .form("#create-company")
        .unwrap();
    let (mut one, mut two) = (attempt.person.clone(), attempt.person.clone());
    let (one, two) = tokio::join!(one.send(&form), two.send(&form));
    let again = attempt.person.submits(&form).await;
    for (case, page) in [
        ("first", one.unwrap()),
        ("second", two.unwrap()),
        ("later", again),
    ] {
        assert_eq!(
            page.location().unwrap(),
            session_url(&scene.site, &attempt.link, "Welcome"),
            "{case}"
        );
    }
    attempt
        .assert_completed(&scene.site, "pressed three times")
        .await;
}

#[tokio::test]
async fn malformed_or_oversized_form_is_refused() {
    let scene = Scene::start().await;
    let attempt = scene.attempt().await;
    let session = {
        let (name, value) = session(&attempt.person);
        format!("{name}={value}")
    };
    let form = "application/x-www-form-urlencoded";
    let invitation = attempt.link.replacen(&scene.site.public, "", 1);
    let deep = format!("{}{}", "[".repeat(60_000), "]".repeat(4_000));
    let cases: [(&str, &str, Vec<u8>, u16); 8] = [
        ("65 KiB", form, vec![b'a'; 65 * 1024 + 1], 413),
        ("JSON", "application/json", b"{}".to_vec(), 400),
        ("deep JSON", "application/json", deep.into_bytes(), 400),
        ("plain text", "text/plain", b"token=x".to_vec(), 400),
        (
            "several parts",
            "multipart/form-data; boundary=x",
            b"--x--".to_vec(),
            400,
        ),
        ("no content type", "", b"token=x".to_vec(), 400),
        ("a field twice", form, b"token=x&token=y".to_vec(), 400),
        ("not UTF-8", form, b"\xff\xfe=\xff&token=%ff".to_vec(), 403),
    ];
    for (case, content_type, body, status) in cases {
        for path in [invitation.as_str(), "/api/CreateCompany"] {
            let mut request = attempt
                .person
                .http()
                .post(format!("{}{path}", scene.site.base))
                .header("cookie", &session)
                .body(body.clone());
            if !content_type.is_empty() {
                request = request.header(CONTENT_TYPE, content_type);
            }
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), status, "{case} to {path}");
            let (status, headers) = (answer.status(), answer.headers().clone());
            let page = Page {
                status,
                headers,
                body: answer.text().await.unwrap(),
                path: path.to_owned(),
            };
            assert_has_a_way_on(case, &page);
        }
    }
    attempt.assert_let_in(&scene.site, "afterwards").await;
}

#[tokio::test]
async fn the_answers_of_the_sign_in_are_not_taken_by_post() {
    let scene = Scene::start().await;
    let (mut person, link, back) = scene.on_the_way_back().await;
    let fields = [
        ("code".to_owned(), parameter(&back, "code").unwrap()),
        ("state".to_owned(), parameter(&back, "state").unwrap()),
    ];
    let page = person
        .asks(reqwest::Method::POST, "/api/AcceptCallback", Some(&fields))
        .await;
    assert_eq!(page.status, 404, "the host knows no such route");
    assert_eq!(scene.token_requests(), 0);
    let page = person.opens(&back).await;
    Attempt { person, link, page }
        .assert_let_in(&scene.site, "by GET")
        .await;
}
