//! What was typed into the company form is never lost, and comes back to the one who typed it
//! alone.

use local::browser::{Form, Page, ScriptedBrowser};

use super::scene::{Attempt, Scene, assert_has_a_restart_button, session, session_url};
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

fn has_draft(person: &ScriptedBrowser) -> bool {
    person.cookies.keys().any(|name| name.starts_with("draft-"))
}

fn draft_name(person: &ScriptedBrowser) -> String {
    let mut names = person.cookies.keys();
    names
        .find(|name| name.starts_with("draft-"))
        .unwrap()
        .clone()
}

fn draft(person: &ScriptedBrowser) -> String {
    person.cookies[&draft_name(person)].clone()
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
    let (name, _) = session(&attempt.person);
    attempt.person.cookies.remove(&name);
    let over = attempt.person.submits(&form).await;
    assert_eq!(
        (over.status.as_u16(), over.title().as_str()),
        (401, "We have lost your sign-in")
    );
    assert!(!over.body.contains("Töchter"));
    assert!(over.body.contains("Your form is saved"));
    assert_has_a_restart_button("in one press", &over);

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
        !has_draft(&attempt.person),
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
    let draft = draft(&attempt.person);
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
    let (mut victim, form) = filled_in(&scene).await;
    victim.person.submits(&form).await;
    let name = draft_name(&victim.person);
    for planted in [draft.as_str(), &draft[1..], "x", ""] {
        victim
            .person
            .cookies
            .insert(name.clone(), planted.to_owned());
        assert_registered(&victim.person.opens("/api/CreateCompany").await);
    }
}

/// Two invitations in two tabs of one browser, with a form open in each.
async fn two_tabs(scene: &Scene) -> (Attempt, [(String, Form); 2]) {
    let (mut attempt, mut first) = filled_in(scene).await;
    first.set("companyName", "First AG");
    let second_link = scene.site.invite(KNOWN).await;
    let back = attempt
        .person
        .signs_in(&second_link, scene.sign_in(), KNOWN)
        .await;
    let page = attempt.person.opens(&back.location().unwrap()).await;
    let mut second = page.form("#create-company").unwrap();
    second.set("companyName", "Second AG");
    second.set("postalCode", "80O2");
    let first_link = attempt.link.clone();
    (attempt, [(first_link, first), (second_link, second)])
}

#[tokio::test]
async fn two_tabs_never_swap_companies() {
    let scene = Scene::start().await;
    let (mut attempt, tabs) = two_tabs(&scene).await;
    // Each still has a mistake, so each is kept for itself.
    for ((link, form), name) in tabs.iter().zip(["First AG", "Second AG"]) {
        let own = session_url(&scene.site, link, "CreateCompany");
        assert!(own.ends_with(&form.action), "{}", form.action);
        assert_eq!(attempt.person.submits(form).await.status, 422);
        let page = attempt.person.opens(&form.action).await;
        let typed = page.attribute("#companyName", "value");
        assert_eq!(typed.as_deref(), Some(name));
    }
    for ((link, form), name) in tabs.into_iter().zip(["First AG", "Second AG"]) {
        let mut form = form;
        form.set("postalCode", "8002");
        let done = attempt.person.submits(&form).await;
        let welcome = done.location().unwrap();
        assert_eq!(welcome, session_url(&scene.site, &link, "Welcome"));
        let lead = attempt.person.opens(&welcome).await.text(".lead").unwrap();
        assert!(lead.starts_with(name), "{lead}");
    }
}

#[tokio::test]
async fn form_of_another_invitation_is_refused_and_kept() {
    let scene = Scene::start().await;
    let (mut attempt, [(_, first), (second_link, second)]) = two_tabs(&scene).await;
    let mixed = Form {
        action: second.action.clone(),
        ..first.clone()
    };
    let refused = attempt.person.submits(&mixed).await;
    assert_eq!(refused.status, 403);
    assert!(refused.body.contains("Your form is saved"));
    assert_eq!(scene.site.status(&second_link).await, "accepted");
    let page = attempt.person.opens(&first.action).await;
    let typed = page.attribute("#companyName", "value");
    assert_eq!(typed.as_deref(), Some("First AG"));
    assert_registered(&attempt.person.opens(&second.action).await);
}

#[tokio::test]
async fn second_tab_learns_that_its_entries_are_not_saved() {
    let scene = Scene::start().await;
    let (mut attempt, mut form) = filled_in(&scene).await;
    form.set("postalCode", "8002");
    let mut other = form.clone();
    other.set("city", "Basel");
    let first = attempt.person.submits(&form).await.location().unwrap();
    let again = attempt.person.submits(&form).await.location().unwrap();
    assert_eq!(first, again, "the same form is only pressed twice");
    let late = attempt.person.submits(&other).await.location().unwrap();
    let page = attempt.person.opens(&late).await;
    assert!(
        page.text("[role=status]")
            .unwrap()
            .contains("was not saved")
    );
}
