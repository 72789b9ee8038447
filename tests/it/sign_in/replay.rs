//! Answers of the sign-in service that come twice, late, in several tabs, or in the wrong browser.

use local::signin::TokenFault;

use super::scene::{Attempt, Scene, assert_has_a_restart_button, parameter, with_parameters};
use support::people::Acts;

#[tokio::test]
async fn back_and_reload_redeem_nothing_again() {
    let scene = Scene::start().await;
    let (mut person, link, back) = scene.on_the_way_back().await;
    let before = person.clone();
    let page = person.opens(&back).await;
    assert_eq!(page.status, 303);

    for case in ["reload", "once more"] {
        let page = person.opens(&back).await;
        Attempt {
            person: person.clone(),
            link: link.clone(),
            page,
        }
        .assert_let_in(&scene.site, case)
        .await;
    }
    let forged = with_parameters(&back, &[("code", Some("1.another"))]);
    assert_eq!(
        person.opens(&forged).await.status,
        303,
        "another code under the same state is not looked at"
    );

    // Without the session: the browser was closed, or the first answer was lost on the way.
    for (case, mut browser) in [
        ("no cookie at all", scene.site.person()),
        ("the cookie of the attempt", before.clone()),
    ] {
        let page = browser.opens(&back).await;
        assert_eq!(page.status, 400, "{case}");
        assert_has_a_restart_button(case, &page);
        super::scene::assert_has_no_session(case, &browser);
    }
    // Both cookies, as with a browser that never saw the attempt's being taken out.
    person.cookies.extend(before.cookies);
    assert_eq!(
        person.opens(&back).await.location().unwrap(),
        super::scene::session_url(&scene.site, &link, "CreateCompany")
    );
    assert!(
        !person
            .cookies
            .keys()
            .any(|name| name.starts_with("sign-in")),
        "it is taken out again: {:?}",
        person.cookies.keys()
    );
    assert_eq!(scene.token_requests(), 1);
}

#[tokio::test]
async fn failed_state_is_not_reusable() {
    let scene = Scene::start().await;
    let (mut person, link, back) = scene.on_the_way_back().await;
    let mut before = person.clone();
    scene.sign_in().set_fault(TokenFault::InvalidGrant);
    assert_eq!(person.opens(&back).await.status, 400);
    scene.sign_in().clear_faults();
    let page = before.opens(&back).await;
    Attempt {
        person: before,
        link,
        page,
    }
    .assert_refused(&scene.site, "the same state again", 400)
    .await;
    assert_eq!(scene.token_requests(), 1);
}

#[tokio::test]
async fn ten_equal_callbacks_redeem_once() {
    let scene = Scene::start().await;
    let (person, link, back) = scene.on_the_way_back().await;
    let answers = (0..10).map(|_| {
        let (mut person, back) = (person.clone(), back.clone());
        async move { person.opens(&back).await }
    });
    let pages = futures::future::join_all(answers).await;
    assert_eq!(pages.iter().filter(|page| page.status == 303).count(), 1);
    for page in pages.iter().filter(|page| page.status != 303) {
        assert_eq!(page.status, 400, "«{}»", page.title());
        assert_has_a_restart_button("the ones too many", page);
    }
    assert_eq!(
        (
            scene.token_requests(),
            scene.site.status(&link).await.as_str()
        ),
        (1, "accepted")
    );
}

#[tokio::test]
async fn attackers_code_fails_in_the_victims_browser() {
    let scene = Scene::start().await;
    let (attacker, attackers_link, attackers_answer) = scene.on_the_way_back().await;
    let (mut victim, link, own_answer) = scene.on_the_way_back().await;

    // The attacker's answer: this browser began no such attempt.
    let page = victim.opens(&attackers_answer).await;
    assert_eq!(page.status, 400);
    super::scene::assert_has_no_session("the attacker's answer", &victim);
    assert_has_a_restart_button("the attacker's answer", &page);
    assert_eq!(scene.token_requests(), 0);

    // The attacker's code under the victim's state: the verifier of the victim's attempt does not
    // fit the code.
    let mut mixed_victim = victim.clone();
    let mixed = with_parameters(
        &own_answer,
        &[("code", parameter(&attackers_answer, "code").as_deref())],
    );
    let page = mixed_victim.opens(&mixed).await;
    Attempt {
        person: mixed_victim,
        link,
        page,
    }
    .assert_refused(&scene.site, "the attacker's code under the own state", 400)
    .await;
    assert_eq!(scene.site.status(&attackers_link).await, "pending");
    drop(attacker);
}

#[tokio::test]
async fn used_or_expired_code_offers_a_restart() {
    let scene = Scene::start().await;
    let (mut person, link, back) = scene.on_the_way_back().await;
    scene
        .sign_in()
        .advance_clock(std::time::Duration::from_secs(70));
    let page = person.opens(&back).await;
    Attempt { person, link, page }
        .assert_refused(&scene.site, "a code of 70 seconds ago", 400)
        .await;
}
