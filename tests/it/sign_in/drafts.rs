//! What was typed into the company form is never lost, and comes back to the one who typed it
//! alone.

use local::browser::{Form, Page};

use super::scene::{Attempt, Scene};
use support::{KNOWN, dead_port, people::Acts};

const TYPED: [(&str, &str); 3] = [
    ("companyName", "Meier & Töchter <AG>"),
    ("city", "Zürich Süd"),
    ("postalCode", "80O2"),
];

/// The form as the person has filled it in, and the person.
async fn filled_in(scene: &Scene) -> (Attempt, Form) {
    let mut attempt = scene.attempt().await;
    let page = attempt.person.opens("/api/CreateCompany").await;
    let mut form = page.form("#create-company").unwrap();
    for (name, value) in TYPED {
        form.set(name, value);
    }
    (attempt, form)
}

fn assert_typed(page: &Page) {
    for (name, value) in TYPED {
        assert_eq!(
            page.attribute(&format!("#{name}"), "value").as_deref(),
            Some(value),
            "{} «{}»",
            page.status,
            page.title()
        );
    }
}

fn assert_registered(page: &Page) {
    assert_eq!(
        page.attribute("#companyName", "value").as_deref(),
        Some("Meier Präzision AG"),
        "{} «{}»",
        page.status,
        page.title()
    );
}

#[tokio::test]
async fn draft_survives_the_end_of_the_session() {
    let scene = Scene::start().await;
    let (mut attempt, form) = filled_in(&scene).await;
    // As after a night: the browser has dropped the session.
    attempt.person.cookies.remove("session");
    let over = attempt.person.submits(&form).await;
    assert_eq!(
        (over.status.as_u16(), over.title().as_str()),
        (401, "Please sign in again")
    );
    assert!(!over.body.contains("Töchter"));

    let back = attempt
        .person
        .signs_in(&attempt.link, scene.sign_in(), KNOWN)
        .await;
    let page = attempt.person.opens(&back.location().unwrap()).await;
    assert_typed(&page);
    assert_eq!(
        page.text("#companyName-was").as_deref(),
        Some("GFMS had: Meier Präzision AG")
    );
    assert!(
        page.has("#create-company.off"),
        "what is wrong is still wrong"
    );

    let welcome = attempt
        .person
        .presses(&page, "#create-company", &[("postalCode", "8002")])
        .await;
    let welcome = attempt.person.opens(&welcome.location().unwrap()).await;
    assert!(
        welcome
            .text(".lead")
            .unwrap()
            .starts_with("Meier & Töchter <AG> is now on"),
        "{}",
        welcome.body
    );
    assert!(
        !attempt.person.cookies.contains_key("draft"),
        "nothing of it is kept longer than needed"
    );
}

#[tokio::test]
async fn draft_survives_a_storage_outage() {
    let scene = Scene::start().await;
    let (mut attempt, mut form) = filled_in(&scene).await;
    form.set("postalCode", "8002");
    let dead = format!(
        "DefaultEndpointsProtocol=http;AccountName=x;AccountKey=eA==;TableEndpoint=http://127.0.0.1:{}/x;",
        dead_port()
    );
    let down = scene
        .stack
        .another_instance(&[("INVITATION_STORAGE", &dead)])
        .await
        .unwrap();
    let mut elsewhere = attempt.person.at(down.url()).unwrap();
    let page = elsewhere.submits(&form).await;
    assert_eq!(
        (page.status.as_u16(), page.title().as_str()),
        (503, "Please try again in a moment")
    );
    let again = page.attribute("main a.primary", "href").unwrap();

    attempt.person.cookies = elsewhere.cookies;
    let page = attempt.person.opens(&again).await;
    assert_eq!(
        page.attribute("#city", "value").as_deref(),
        Some("Zürich Süd")
    );
    assert!(
        page.has("#create-company:not(.off)"),
        "one press is left to do"
    );
    down.stop().await;
}

#[tokio::test]
async fn draft_survives_error_reload_and_language() {
    let scene = Scene::start().await;
    let (mut attempt, form) = filled_in(&scene).await;
    let wrong = attempt.person.submits(&form).await;
    assert_eq!(wrong.status, 422);
    assert_typed(&wrong);
    for address in [
        "/api/CreateCompany",
        "/api/CreateCompany?lang=zh-Hant",
        "/api/CreateCompany?scripts=no&lang=en",
    ] {
        assert_typed(&attempt.person.opens(address).await);
    }
}

#[tokio::test]
async fn draft_is_bound_to_account_and_invitation() {
    let scene = Scene::start().await;
    let (mut attempt, form) = filled_in(&scene).await;
    attempt.person.submits(&form).await;
    let draft = attempt.person.cookies["draft"].clone();
    assert!(
        !draft.contains("Meier") && draft.len() < 1000,
        "it is sealed"
    );

    // The same browser, the same account, another invitation.
    let other = scene.site.invite(KNOWN).await;
    let back = attempt
        .person
        .signs_in(&other, scene.sign_in(), KNOWN)
        .await;
    assert_registered(&attempt.person.opens(&back.location().unwrap()).await);

    // A draft that was altered, or is of another form.
    let (mut victim, _) = filled_in(&scene).await;
    for planted in [draft.as_str(), &draft[1..], "x", ""] {
        victim
            .person
            .cookies
            .insert("draft".to_owned(), planted.to_owned());
        assert_registered(&victim.person.opens("/api/CreateCompany").await);
    }
}

#[tokio::test]
async fn stale_tab_keeps_draft() {
    let scene = Scene::start().await;
    let (mut attempt, mut older) = filled_in(&scene).await;
    older.set("companyName", "Older AG");
    let newer = scene.site.invite(KNOWN).await;
    let back = attempt
        .person
        .signs_in(&newer, scene.sign_in(), KNOWN)
        .await;
    let page = attempt.person.opens(&back.location().unwrap()).await;
    assert_eq!(attempt.person.submits(&older).await.status, 403);
    assert_registered(&attempt.person.opens("/api/CreateCompany").await);
    assert_eq!(
        attempt
            .person
            .presses(&page, "#create-company", &TYPED)
            .await
            .status,
        422
    );
    assert_eq!(attempt.person.submits(&older).await.status, 403);
    assert_typed(&attempt.person.opens("/api/CreateCompany").await);

    // Where nothing else was kept, what the older tab sent is not lost.
    let mut alone = attempt.person.clone();
    alone.cookies.remove("draft");
    assert_eq!(alone.submits(&older).await.status, 403);
    let back = alone.signs_in(&attempt.link, scene.sign_in(), KNOWN).await;
    let page = alone.opens(&back.location().unwrap()).await;
    assert_eq!(
        page.attribute("#companyName", "value").as_deref(),
        Some("Older AG")
    );
}
