//! A token endpoint that fails, throttles or answers nonsense.

use std::time::Duration;

use local::signin::TokenFault;

use super::scene::{Scene, assert_has_a_restart_button};
use support::people::Acts;

/// Signs in while the fault lasts: what comes of it, and how many token requests that took.
async fn under(scene: &Scene, case: &str, fault: TokenFault, status: u16) -> usize {
    scene.sign_in().set_fault(fault);
    let before = scene.token_requests();
    let attempt = scene.attempt().await;
    attempt.assert_refused(&scene.site, case, status).await;
    assert_has_a_restart_button(case, &attempt.page);
    let retry_after = attempt
        .page
        .headers
        .get("retry-after")
        .and_then(|value| value.to_str().ok()?.parse::<u32>().ok());
    assert_eq!(
        retry_after.is_some(),
        status == 503,
        "{case}: Retry-After {retry_after:?}"
    );
    scene.token_requests() - before
}

#[tokio::test]
async fn a_refused_code_offers_a_restart() {
    let scene = Scene::start().await;
    assert_eq!(
        under(&scene, "invalid_grant", TokenFault::InvalidGrant, 400).await,
        1
    );
    assert!(!scene.has_logged_an_error());
}

#[tokio::test]
async fn a_refused_credential_is_an_error_for_the_operator() {
    let scene = Scene::start().await;
    assert_eq!(
        under(&scene, "invalid_client", TokenFault::InvalidClient, 503).await,
        1
    );
    assert!(scene.has_logged_an_error(), "{}", scene.log());
    assert!(!scene.log().contains("local-client-secret"));
}

#[tokio::test]
async fn a_throttled_sign_in_says_when_to_come_back() {
    let scene = Scene::start().await;
    scene.sign_in().set_fault(TokenFault::TooManyRequests {
        retry_after: Duration::from_secs(37),
    });
    let before = scene.token_requests();
    let attempt = scene.attempt().await;
    attempt.assert_refused(&scene.site, "429", 503).await;
    assert_eq!(attempt.page.headers["retry-after"], "37");
    assert_eq!(scene.token_requests() - before, 1);
}

#[tokio::test]
async fn a_failing_token_endpoint_is_asked_once_more() {
    let scene = Scene::start().await;
    assert_eq!(under(&scene, "500", TokenFault::ServerError, 503).await, 2);
    assert_eq!(
        under(
            &scene,
            "503 twice",
            TokenFault::Unavailable { times: 2 },
            503
        )
        .await,
        2
    );
    scene
        .sign_in()
        .set_fault(TokenFault::Unavailable { times: 1 });
    scene
        .attempt()
        .await
        .assert_let_in(&scene.site, "503 once")
        .await;
}

#[tokio::test]
async fn silent_token_endpoint_times_out() {
    let scene = Scene::start().await;
    let started = tokio::time::Instant::now();
    assert_eq!(under(&scene, "no answer", TokenFault::Hang, 503).await, 2);
    assert!(
        started.elapsed() < Duration::from_secs(25),
        "{:?}",
        started.elapsed()
    );
}

#[tokio::test]
async fn malformed_token_response_signs_no_one_in() {
    let scene = Scene::start().await;
    for (case, fault, status) in [
        ("a page", TokenFault::Html, 400),
        ("10 MB", TokenFault::HugeBody, 503),
        ("no id_token", TokenFault::NoIdToken, 400),
        ("a redirect", TokenFault::Redirect, 503),
    ] {
        assert_eq!(under(&scene, case, fault, status).await, 1, "{case}");
    }
    scene.sign_in().clear_faults();
    scene
        .attempt()
        .await
        .assert_let_in(&scene.site, "an honest answer afterwards")
        .await;
}

#[tokio::test]
async fn a_terse_token_answer_is_enough() {
    let scene = Scene::start().await;
    scene.sign_in().set_fault(TokenFault::Terse);
    scene
        .attempt()
        .await
        .assert_let_in(&scene.site, "token_type in lower case, no expires_in")
        .await;
}

#[tokio::test]
async fn a_failed_attempt_can_be_made_again_from_its_page() {
    let scene = Scene::start().await;
    scene.sign_in().set_fault(TokenFault::ServerError);
    let mut attempt = scene.attempt().await;
    scene.sign_in().clear_faults();
    let authorize = attempt
        .person
        .presses(&attempt.page, "main .actions button", &[])
        .await
        .location()
        .unwrap();
    let back = attempt
        .person
        .signs_in_at(scene.sign_in(), &authorize, support::KNOWN)
        .await;
    attempt.page = attempt.person.opens(&back).await;
    attempt
        .assert_let_in(&scene.site, "the second attempt")
        .await;
}
